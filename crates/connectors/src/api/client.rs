//! The HTTP client of one connector, built from its settings: trust, proxy, time limits, no
//! cookies, no referrer. A redirect is followed only within the same origin, because headers of
//! our own naming (`X-API-Key`) would otherwise travel to whoever is named in the answer.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::{Action, Attempt, Policy};
use rustls::ClientConfig;
use url::Url;

use crate::api::surroundings::{Lookup, Surroundings};
use crate::api::trust;
use crate::failure::Finding;
use crate::settings::{ConnectorSettings, LimitSettings};

/// Time limit for name, connection and encryption together, unless the whole is shorter.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// Redirects followed within one origin.
const MAX_REDIRECTS: usize = 5;

/// Sent as `User-Agent`.
pub const USER_AGENT: &str = concat!("FederationConnectors/", env!("CARGO_PKG_VERSION"));

/// Time limits of one connector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeLimits {
    /// Until the connection stands.
    pub connect: Duration,
    /// Until the answer is complete.
    pub total: Duration,
}

impl TimeLimits {
    /// From the settings; 0 counts as 1 second, so that a request can be made at all.
    #[must_use]
    pub fn new(limits: &LimitSettings) -> Self {
        let total = Duration::from_secs(u64::from(limits.timeout_seconds.clamp(1, 300)));
        Self {
            connect: CONNECT_LIMIT.min(total),
            total,
        }
    }
}

/// A client for one connector. Cheap to clone; connections are shared.
#[derive(Debug, Clone)]
pub struct HttpClient {
    http: reqwest::Client,
    surroundings: Surroundings,
    allow_http_loopback: bool,
}

impl HttpClient {
    /// Builds the client for this computer. Reads the certificates on a thread of their own.
    ///
    /// # Errors
    /// [`Finding::SettingUnusable`] where the proxy or the certificate file cannot be used.
    pub async fn new(settings: &ConnectorSettings) -> Result<Self, Finding> {
        let trust = load_trust(settings).await?;
        Self::assemble(settings, &Surroundings::of_this_computer(), &trust)
    }

    /// Builds the client from parts that are there already.
    pub fn assemble(
        settings: &ConnectorSettings,
        surroundings: &Surroundings,
        trust: &Arc<ClientConfig>,
    ) -> Result<Self, Finding> {
        let redirects = Policy::custom(within_origin);
        Self::assemble_with(settings, surroundings, trust, redirects)
    }

    /// As [`HttpClient::assemble`], without following any redirect: a token request carries what may
    /// be sent once and to one place only.
    pub fn assemble_for_tokens(
        settings: &ConnectorSettings,
        surroundings: &Surroundings,
        trust: &Arc<ClientConfig>,
    ) -> Result<Self, Finding> {
        Self::assemble_with(settings, surroundings, trust, Policy::none())
    }

    fn assemble_with(
        settings: &ConnectorSettings,
        surroundings: &Surroundings,
        trust: &Arc<ClientConfig>,
        redirects: Policy,
    ) -> Result<Self, Finding> {
        let limits = TimeLimits::new(&settings.limits);
        #[allow(
            clippy::disallowed_methods,
            reason = "this is the client of the one send"
        )]
        let mut http = reqwest::Client::builder()
            .tls_backend_preconfigured(ClientConfig::clone(trust))
            .dns_resolver(Arc::new(Names(surroundings.lookup())))
            .redirect(redirects)
            .referer(false)
            .gzip(true)
            .user_agent(USER_AGENT)
            .connect_timeout(limits.connect)
            .timeout(limits.total)
            .no_proxy();
        if surroundings.may_use_proxy(&settings.network) {
            http = http.proxy(proxy_rule(settings, surroundings)?);
        }
        let http = http.build().map_err(|_| Finding::SettingUnusable)?;
        Ok(Self {
            http,
            surroundings: surroundings.clone(),
            allow_http_loopback: settings.allow_http_loopback,
        })
    }

    /// The library's client, for `send` only.
    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// Name service and way out of this client.
    pub(crate) fn surroundings(&self) -> &Surroundings {
        &self.surroundings
    }

    /// The explicit switch of the connector.
    pub(crate) fn allow_http_loopback(&self) -> bool {
        self.allow_http_loopback
    }
}

/// Reads what the connector trusts on a blocking thread.
pub async fn load_trust(settings: &ConnectorSettings) -> Result<Arc<ClientConfig>, Finding> {
    let file = settings.network.ca_file.clone();
    tokio::task::spawn_blocking(move || trust::load(file.as_deref()))
        .await
        .unwrap_or(Err(Finding::Internal))
}

/// The proxy rule for the library. It is the same decision as [`Surroundings::proxy_for`], asked
/// again for each target, since an address may be on another host than the base. What the proxy
/// wants to see of us is asked once: systems have one answer to that.
fn proxy_rule(
    settings: &ConnectorSettings,
    surroundings: &Surroundings,
) -> Result<reqwest::Proxy, Finding> {
    let anywhere = Url::parse("https://example.org").map_err(|_| Finding::Internal)?;
    let first = surroundings.proxy_for(&settings.network, &anywhere)?;
    let network = settings.network.clone();
    let asked = surroundings.clone();
    let rule = reqwest::Proxy::custom(move |target| {
        let found = asked.proxy_for(&network, target).ok().flatten()?;
        Some(found.url)
    });
    Ok(match first.and_then(|proxy| proxy.authorization) {
        Some(value) => rule.custom_http_auth(value),
        None => rule,
    })
}

fn within_origin(attempt: Attempt<'_>) -> Action {
    let same = attempt
        .previous()
        .first()
        .is_some_and(|start| start.origin() == attempt.url().origin());
    if same && attempt.previous().len() <= MAX_REDIRECTS {
        attempt.follow()
    } else {
        // The redirect itself comes back as the answer; `send` makes a finding of it.
        attempt.stop()
    }
}

/// The library asks the same name service as the first step of a test.
struct Names(Arc<dyn Lookup>);

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let looking_up = self.0.lookup(name.as_str());
        Box::pin(async move {
            let addresses = looking_up.await?;
            // Port 0: the library puts the port of the address in.
            let addresses = addresses.into_iter().map(|ip| SocketAddr::new(ip, 0));
            Ok(Box::new(addresses) as Addrs)
        })
    }
}
