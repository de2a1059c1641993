//! From an error of the network to a finding. Pure: it looks at kinds and at the chain of
//! sources, never at texts, because texts carry addresses and are in the desktop's language.

use std::error::Error;
use std::io;

use rustls::CertificateError;

use crate::api::surroundings::LookupError;
use crate::failure::Finding;

/// What the HTTP library says about an error beside its sources.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Signs {
    /// A time limit passed.
    pub timeout: bool,
    /// It happened before the request was sent.
    pub connect: bool,
    /// It happened while the body was unpacked.
    pub decode: bool,
}

/// The finding of a failed request.
pub fn of_request(error: &reqwest::Error) -> Finding {
    if error.is_builder() {
        // The request could not even be made.
        return Finding::SettingUnusable;
    }
    let signs = Signs {
        timeout: error.is_timeout(),
        connect: error.is_connect(),
        decode: error.is_decode(),
    };
    classify(error, signs)
}

/// The finding of an error and its sources; the most telling one decides.
pub fn classify(error: &(dyn Error + 'static), signs: Signs) -> Finding {
    let mut weaker = None;
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = telling(error) {
            return found;
        }
        if let Some(io) = error.downcast_ref::<io::Error>() {
            // `io::Error::source` skips the error it wraps, which is the one that tells; the HTTP
            // library wraps one in another.
            let mut wrapped = io.get_ref();
            while let Some(inner) = wrapped {
                if let Some(found) = telling(inner) {
                    return found;
                }
                wrapped = inner.downcast_ref().and_then(io::Error::get_ref);
            }
            weaker = weaker.or_else(|| of_io(io.kind(), signs));
        }
        if let Some(http) = error.downcast_ref::<hyper::Error>() {
            weaker = weaker.or_else(|| of_http(http));
        }
        next = error.source();
    }
    if signs.timeout {
        return timed_out(signs);
    }
    weaker.unwrap_or(if signs.connect {
        Finding::Unreachable
    } else if signs.decode {
        Finding::NotJson
    } else {
        Finding::ConnectionCut
    })
}

/// The finding of a connection that could not be made.
pub fn of_connecting(error: &io::Error) -> Finding {
    classify(
        error,
        Signs {
            connect: true,
            ..Signs::default()
        },
    )
}

/// The finding of a TLS handshake that failed. What is neither about a certificate nor a time
/// limit is a handshake that failed, also where the other side merely hung up.
pub fn of_handshake(error: &io::Error) -> Finding {
    match of_connecting(error) {
        found @ (Finding::TlsExpired
        | Finding::TlsWrongHost
        | Finding::TlsUntrusted
        | Finding::ConnectTimeout) => found,
        _ => Finding::TlsFailed,
    }
}

/// The finding of a TLS error.
pub fn of_tls(error: &rustls::Error) -> Finding {
    use CertificateError as C;
    let rustls::Error::InvalidCertificate(why) = error else {
        return Finding::TlsFailed;
    };
    match why {
        C::Expired | C::ExpiredContext { .. } | C::NotValidYet | C::NotValidYetContext { .. } => {
            Finding::TlsExpired
        }
        C::NotValidForName | C::NotValidForNameContext { .. } => Finding::TlsWrongHost,
        // A certificate that signs itself counts as an authority and fails as `Other`.
        _ => Finding::TlsUntrusted,
    }
}

fn telling(error: &(dyn Error + 'static)) -> Option<Finding> {
    if let Some(tls) = error.downcast_ref::<rustls::Error>() {
        return Some(of_tls(tls));
    }
    error
        .downcast_ref::<LookupError>()
        .map(|lookup| match lookup {
            LookupError::NotFound => Finding::DnsNotFound,
            LookupError::NoAnswer => Finding::DnsTimeout,
        })
}

fn of_io(kind: io::ErrorKind, signs: Signs) -> Option<Finding> {
    use io::ErrorKind as K;
    Some(match kind {
        K::ConnectionRefused => Finding::ConnectionRefused,
        K::HostUnreachable | K::NetworkUnreachable | K::NetworkDown | K::AddrNotAvailable => {
            Finding::Unreachable
        }
        K::TimedOut => timed_out(signs),
        K::ConnectionReset | K::ConnectionAborted | K::BrokenPipe | K::UnexpectedEof => {
            Finding::ConnectionCut
        }
        // Bytes that are not what the answer's own header says they are.
        K::InvalidData | K::InvalidInput if signs.decode => Finding::NotJson,
        _ => return None,
    })
}

fn of_http(error: &hyper::Error) -> Option<Finding> {
    if error.is_parse() {
        // Whatever answers there does not speak HTTP.
        Some(Finding::NotJson)
    } else if error.is_incomplete_message() || error.is_closed() || error.is_canceled() {
        Some(Finding::ConnectionCut)
    } else {
        None
    }
}

fn timed_out(signs: Signs) -> Finding {
    if signs.connect {
        Finding::ConnectTimeout
    } else {
        Finding::AnswerTimeout
    }
}
