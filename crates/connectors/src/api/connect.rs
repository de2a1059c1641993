//! The acts below HTTP that a test of a connection does by itself, so that each can be timed and
//! can fail alone: look up a name, connect, pass a proxy, shake hands. Requests do the same again
//! inside the HTTP library with the same name service, proxy and trust.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use crate::api::classify::{of_connecting, of_handshake};
use crate::api::surroundings::{Lookup, LookupError, Proxy};
use crate::api::trust::valid_until;
use crate::clock::UtcMillis;
use crate::failure::Finding;

/// Longest answer of a proxy to `CONNECT` that is read, in bytes.
const MAX_TUNNEL_ANSWER: usize = 8 * 1024;

/// What a name look-up gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addresses {
    /// At least one.
    pub found: Vec<IpAddr>,
    /// The address was given as a number, nothing was asked.
    pub literal: bool,
}

/// What a handshake gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TlsFacts {
    /// `1.3` or `1.2`.
    pub version: &'static str,
    /// The end of the certificate, where it can be read.
    pub valid_until: Option<UtcMillis>,
}

/// Looks up the host of an address.
pub async fn look_up(
    lookup: &dyn Lookup,
    url: &Url,
    limit: Duration,
) -> Result<Addresses, Finding> {
    let literal = |ip: IpAddr| Addresses {
        found: vec![ip],
        literal: true,
    };
    let name = match url.host() {
        Some(Host::Ipv4(ip)) => return Ok(literal(ip.into())),
        Some(Host::Ipv6(ip)) => return Ok(literal(ip.into())),
        Some(Host::Domain(name)) => name,
        None => return Err(Finding::SettingUnusable),
    };
    match timeout(limit, lookup.lookup(name)).await {
        Ok(Ok(found)) => Ok(Addresses {
            found,
            literal: false,
        }),
        Ok(Err(LookupError::NotFound)) => Err(Finding::DnsNotFound),
        Ok(Err(LookupError::NoAnswer)) | Err(_) => Err(Finding::DnsTimeout),
    }
}

/// Connects to the first address that answers. All share the limit, so that a dead first address
/// does not use up what a good second one needs. The most telling failure is given back.
pub async fn connect(
    addresses: &[IpAddr],
    port: u16,
    limit: Duration,
) -> Result<TcpStream, Finding> {
    let share = limit / u32::try_from(addresses.len().max(1)).unwrap_or(u32::MAX);
    let mut worst = Finding::Unreachable;
    for address in addresses {
        let attempt = TcpStream::connect(SocketAddr::new(*address, port));
        let finding = match timeout(share, attempt).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => of_connecting(&error),
            Err(_) => Finding::ConnectTimeout,
        };
        if tells_more(finding, worst) {
            worst = finding;
        }
    }
    Err(worst)
}

/// Asks a proxy for a way through to the target (`CONNECT`, RFC 9110 §9.3.6).
///
/// # Errors
/// [`Finding::SettingUnusable`] where the proxy refuses us, [`Finding::Unreachable`] where it
/// cannot reach the target, [`Finding::ConnectTimeout`] where it does not answer.
pub async fn tunnel(
    mut stream: TcpStream,
    target: &Url,
    proxy: &Proxy,
    limit: Duration,
) -> Result<TcpStream, Finding> {
    let host = target.host_str().ok_or(Finding::SettingUnusable)?;
    let port = port_of(target)?;
    let mut head =
        format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n").into_bytes();
    if let Some(value) = &proxy.authorization {
        head.extend_from_slice(b"Proxy-Authorization: ");
        head.extend_from_slice(value.as_bytes());
        head.extend_from_slice(b"\r\n");
    }
    head.extend_from_slice(b"\r\n");
    let asked = async {
        stream.write_all(&head).await?;
        let mut answer = Vec::new();
        // Byte by byte: what comes after the empty line belongs to the handshake.
        while !answer.ends_with(b"\r\n\r\n") {
            if answer.len() == MAX_TUNNEL_ANSWER {
                return Err(io::ErrorKind::InvalidData.into());
            }
            answer.push(stream.read_u8().await?);
        }
        Ok::<_, io::Error>(answer)
    };
    match timeout(limit, asked).await {
        Err(_) => Err(Finding::ConnectTimeout),
        Ok(Err(_)) => Err(Finding::Unreachable),
        Ok(Ok(answer)) => match tunnel_status(&answer) {
            Some(200..=299) => Ok(stream),
            Some(400..=499) => Err(Finding::SettingUnusable),
            _ => Err(Finding::Unreachable),
        },
    }
}

/// Shakes hands over a connection and says which version and certificate came.
pub async fn handshake(
    stream: TcpStream,
    target: &Url,
    trust: &Arc<ClientConfig>,
    limit: Duration,
) -> Result<TlsFacts, Finding> {
    let name = match target.host() {
        Some(Host::Ipv4(ip)) => ServerName::from(IpAddr::from(ip)),
        Some(Host::Ipv6(ip)) => ServerName::from(IpAddr::from(ip)),
        Some(Host::Domain(name)) => {
            ServerName::try_from(name.to_owned()).map_err(|_| Finding::SettingUnusable)?
        }
        None => return Err(Finding::SettingUnusable),
    };
    let shaking = TlsConnector::from(Arc::clone(trust)).connect(name, stream);
    let mut stream = match timeout(limit, shaking).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return Err(of_handshake(&error)),
        Err(_) => return Err(Finding::ConnectTimeout),
    };
    let (_, session) = stream.get_ref();
    let facts = TlsFacts {
        version: match session.protocol_version() {
            Some(rustls::ProtocolVersion::TLSv1_2) => "1.2",
            _ => "1.3",
        },
        valid_until: session
            .peer_certificates()
            .and_then(|chain| chain.first())
            .and_then(valid_until),
    };
    // A polite end; the facts stand whether or not the other side waits for it.
    let _ = timeout(Duration::from_millis(100), stream.shutdown()).await;
    Ok(facts)
}

/// The port of an address, by its scheme where none is written.
pub fn port_of(url: &Url) -> Result<u16, Finding> {
    url.port_or_known_default().ok_or(Finding::SettingUnusable)
}

fn tells_more(new: Finding, old: Finding) -> bool {
    let rank = |finding| match finding {
        Finding::ConnectionRefused => 2,
        Finding::ConnectTimeout => 1,
        _ => 0,
    };
    rank(new) >= rank(old)
}

fn tunnel_status(answer: &[u8]) -> Option<u16> {
    let line = answer.split(|byte| *byte == b'\r').next()?;
    let line = std::str::from_utf8(line).ok()?;
    let mut words = line.split(' ');
    words.next()?.strip_prefix("HTTP/1.")?;
    words.next()?.parse().ok()
}
