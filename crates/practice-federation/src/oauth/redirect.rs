//! The way back to the client: its redirect address with the outcome as a query, and with the
//! issuer's name (RFC 9207), unless a fault spoils it.

use url::form_urlencoded;

use crate::oauth_faults::RedirectFault;
use crate::state::Shared;

/// What the client learns.
#[derive(Debug, Clone)]
pub(crate) enum Outcome {
    Code(String),
    Error {
        code: &'static str,
        description: &'static str,
    },
}

impl Outcome {
    /// The person said no.
    pub(crate) const DENIED: Self = Self::Error {
        code: "access_denied",
        description: "The person said no.",
    };
}

/// The address to send the browser to.
pub(crate) fn back(
    shared: &Shared,
    redirect_uri: &str,
    state: Option<&str>,
    outcome: Outcome,
) -> String {
    let fault = shared.faults().decide_redirect();
    let outcome = match fault {
        Some(RedirectFault::ServerError) => Outcome::Error {
            code: "server_error",
            description: "A fault was set on the practice federation.",
        },
        _ => outcome,
    };
    let mut query = form_urlencoded::Serializer::new(String::new());
    match outcome {
        Outcome::Code(code) => {
            query.append_pair("code", &code);
            if fault == Some(RedirectFault::CodeTwice) {
                query.append_pair("code", &code);
            }
            if fault == Some(RedirectFault::CodeAndError) {
                query.append_pair("error", "access_denied");
            }
        }
        Outcome::Error { code, description } => {
            query.append_pair("error", code);
            query.append_pair("error_description", description);
        }
    }
    match (fault, state) {
        (Some(RedirectFault::NoState), _) | (_, None) => {}
        (Some(RedirectFault::WrongState), _) => {
            query.append_pair("state", "a-state-nobody-sent");
        }
        (_, Some(state)) => {
            query.append_pair("state", state);
        }
    }
    match fault {
        Some(RedirectFault::NoIssuer) => {}
        Some(RedirectFault::WrongIssuer) => {
            query.append_pair("iss", "https://another-issuer.example");
        }
        _ => {
            query.append_pair("iss", &shared.origin());
        }
    }
    let separator = if fault == Some(RedirectFault::Fragment) {
        '#'
    } else if redirect_uri.contains('?') {
        '&'
    } else {
        '?'
    };
    format!("{redirect_uri}{separator}{}", query.finish())
}

/// The source to name in `form-action`, which browsers also hold against the redirect that answers a
/// form. Its grammar has no IPv6 addresses, so for those the whole scheme is named.
pub(crate) fn form_target(redirect_uri: &str) -> String {
    let (scheme, rest) = redirect_uri.split_once(':').unwrap_or_default();
    let authority = rest.strip_prefix("//").map(|rest| {
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        &rest[..end]
    });
    match authority {
        Some(authority) if !authority.starts_with('[') => format!("{scheme}://{authority}"),
        _ => format!("{scheme}:"),
    }
}

#[cfg(test)]
mod tests {
    use super::form_target;

    #[test]
    fn a_form_may_lead_to_its_redirect_and_nowhere_else() {
        for (uri, target) in [
            ("org.example.app:/oauth/done", "org.example.app:"),
            ("http://127.0.0.1:4711/back?a=b", "http://127.0.0.1:4711"),
            ("http://127.0.0.1:4711", "http://127.0.0.1:4711"),
            ("http://[::1]:4711/back", "http:"),
        ] {
            assert_eq!(form_target(uri), target, "{uri}: what CSP can name");
        }
    }
}
