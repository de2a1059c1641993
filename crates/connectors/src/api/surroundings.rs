//! What this computer offers a connection: its name service, its proxies, its way out. One value
//! of this kind is handed down, so that a test can stand in for a network it does not have.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, UdpSocket};
use std::pin::Pin;
use std::sync::Arc;

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::header::HeaderValue;
use url::Url;

use crate::api::address::is_loopback;
use crate::failure::Finding;
use crate::settings::NetworkSettings;

/// Why a name has no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LookupError {
    /// The name service says there is none.
    #[error("the name is not known")]
    NotFound,
    /// The name service did not answer or failed.
    #[error("the name service did not answer")]
    NoAnswer,
}

/// A look-up under way.
pub type LookingUp =
    Pin<Box<dyn Future<Output = Result<Vec<IpAddr>, LookupError>> + Send + 'static>>;

/// A name service.
pub trait Lookup: Send + Sync {
    /// The addresses of a host; never an empty list.
    fn lookup(&self, host: &str) -> LookingUp;
}

/// The operating system's name service.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemLookup;

impl Lookup for SystemLookup {
    fn lookup(&self, host: &str) -> LookingUp {
        let host = host.to_owned();
        // `getaddrinfo` cannot be stopped; whoever stops waiting leaves its thread behind until
        // the system's own limit.
        let asking = tokio::task::spawn_blocking(move || {
            use dns_lookup::LookupErrorKind as K;
            match dns_lookup::lookup_host(&host) {
                Ok(found) => {
                    let mut addresses: Vec<IpAddr> = Vec::new();
                    for address in found {
                        if !addresses.contains(&address) {
                            addresses.push(address);
                        }
                    }
                    if addresses.is_empty() {
                        Err(LookupError::NotFound)
                    } else {
                        Ok(addresses)
                    }
                }
                // The code, not the text: the text is in the language of the desktop.
                Err(error) if matches!(error.kind(), K::NoName | K::NoData) => {
                    Err(LookupError::NotFound)
                }
                Err(_) => Err(LookupError::NoAnswer),
            }
        });
        Box::pin(async move { asking.await.unwrap_or(Err(LookupError::NoAnswer)) })
    }
}

/// Name service, proxies and way out of a computer.
#[derive(Clone)]
pub struct Surroundings {
    lookup: Arc<dyn Lookup>,
    proxies: Option<Arc<Matcher>>,
    has_way_out: fn() -> bool,
}

impl Surroundings {
    /// This computer's own; the proxies are read now (environment, then system settings).
    #[must_use]
    pub fn of_this_computer() -> Self {
        Self {
            lookup: Arc::new(SystemLookup),
            proxies: in_use(Matcher::from_system()).map(Arc::new),
            has_way_out,
        }
    }

    /// Whether requests of a connector may have to go through a proxy. Where not, none is asked about each.
    pub(crate) fn may_use_proxy(&self, network: &NetworkSettings) -> bool {
        self.proxies.is_some() || network.proxy.as_ref().is_some_and(|text| !text.is_empty())
    }

    /// Given ones, without a system proxy.
    #[must_use]
    pub fn given(lookup: Arc<dyn Lookup>, has_way_out: fn() -> bool) -> Self {
        Self {
            lookup,
            proxies: None,
            has_way_out,
        }
    }

    /// The name service.
    pub fn lookup(&self) -> Arc<dyn Lookup> {
        Arc::clone(&self.lookup)
    }

    /// Turns what was seen into [`Finding::Offline`] where it is this computer's own trouble.
    pub fn settle(&self, finding: Finding, to_loopback: bool) -> Finding {
        settle(finding, to_loopback, self.has_way_out)
    }

    /// The proxy on the way to a target: the connector's own, else the system's. This computer is
    /// never reached through the system's proxy.
    ///
    /// # Errors
    /// [`Finding::SettingUnusable`] for a proxy that is not `http://host:port`.
    pub fn proxy_for(
        &self,
        network: &NetworkSettings,
        target: &Url,
    ) -> Result<Option<Proxy>, Finding> {
        if let Some(text) = network.proxy.as_deref().filter(|text| !text.is_empty()) {
            return Proxy::new(text, None).map(Some);
        }
        if is_loopback(target) {
            return Ok(None);
        }
        let Some(intercept) = self.proxies.as_ref().and_then(|proxies| {
            // Only scheme and host decide; the rest of the address stays here.
            let origin = target.origin().ascii_serialization();
            proxies.intercept(&origin.parse().ok()?)
        }) else {
            return Ok(None);
        };
        let mut authorization = intercept.basic_auth().cloned();
        if let Some(value) = &mut authorization {
            value.set_sensitive(true);
        }
        Proxy::new(&intercept.uri().to_string(), authorization).map(Some)
    }
}

impl std::fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A system proxy may carry a password.
        f.debug_struct("Surroundings").finish_non_exhaustive()
    }
}

/// The rules, unless they send nobody anywhere. They cannot be listed, so they are asked about a host that nobody
/// has (RFC 6761 §6.4) and that no exception names.
fn in_use(rules: Matcher) -> Option<Matcher> {
    let sends = |address: &str| {
        let address = address.parse();
        address.is_ok_and(|address| rules.intercept(&address).is_some())
    };
    (sends("http://any.invalid") || sends("https://any.invalid")).then_some(rules)
}

/// A proxy that is spoken to in plain HTTP (RFC 9110 §9.3.6 for what is inside).
#[derive(Debug, Clone)]
pub struct Proxy {
    /// `http://host:port`, without user-info.
    pub url: Url,
    /// What the system's settings say the proxy wants.
    pub authorization: Option<HeaderValue>,
}

impl Proxy {
    fn new(text: &str, authorization: Option<HeaderValue>) -> Result<Self, Finding> {
        let url = Url::parse(text.trim()).map_err(|_| Finding::SettingUnusable)?;
        let usable = url.scheme() == "http"
            && url.host().is_some()
            && url.username().is_empty()
            && url.password().is_none();
        if usable {
            Ok(Self { url, authorization })
        } else {
            Err(Finding::SettingUnusable)
        }
    }
}

/// Whether a failure on the way is this computer's own. Only where it has no way out at all, and
/// never for a target on the computer itself.
pub fn settle(finding: Finding, to_loopback: bool, has_way_out: impl Fn() -> bool) -> Finding {
    match finding {
        Finding::DnsNotFound | Finding::DnsTimeout | Finding::Unreachable
            if !to_loopback && !has_way_out() =>
        {
            Finding::Offline
        }
        other => other,
    }
}

/// Asks the routing table by aiming a datagram socket at an address reserved for documentation
/// (RFC 5737, RFC 3849). Aiming sends nothing; without a route the system refuses it.
fn has_way_out() -> bool {
    let aims = |from: IpAddr, to: IpAddr| {
        UdpSocket::bind((from, 0)).is_ok_and(|socket| socket.connect((to, 9)).is_ok())
    };
    aims(
        Ipv4Addr::UNSPECIFIED.into(),
        Ipv4Addr::new(198, 51, 100, 1).into(),
    ) || aims(
        Ipv6Addr::UNSPECIFIED.into(),
        Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1).into(),
    )
}
