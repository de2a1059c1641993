//! The three OAuth clients: how each proves itself, which grants it may use, where answers may be
//! sent back to.

use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use url::{Url, form_urlencoded};

use super::error::OAuthError;
use super::parameters::Parameters;
use crate::credentials::PracticeCredentials;

/// A registered client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Client {
    /// Public: an app on somebody's computer, which can keep no secret.
    App,
    /// Confidential, with people who sign in.
    Office,
    /// Confidential, without people.
    Worker,
}

/// A way to get tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GrantType {
    AuthorizationCode,
    RefreshToken,
    ClientCredentials,
    DeviceCode,
    JwtBearer,
}

impl GrantType {
    pub(crate) const ALL: [Self; 5] = [
        Self::AuthorizationCode,
        Self::RefreshToken,
        Self::ClientCredentials,
        Self::DeviceCode,
        Self::JwtBearer,
    ];

    /// The value of `grant_type`.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::RefreshToken => "refresh_token",
            Self::ClientCredentials => "client_credentials",
            Self::DeviceCode => "urn:ietf:params:oauth:grant-type:device_code",
            Self::JwtBearer => "urn:ietf:params:oauth:grant-type:jwt-bearer",
        }
    }
}

impl Client {
    pub(crate) const ALL: [Self; 3] = [Self::App, Self::Office, Self::Worker];

    /// What people read.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::App => "Practice app",
            Self::Office => "Practice office",
            Self::Worker => "Practice worker",
        }
    }

    pub(crate) fn id(self, credentials: &PracticeCredentials) -> &str {
        match self {
            Self::App => &credentials.client_id,
            Self::Office => &credentials.office_client_id,
            Self::Worker => &credentials.worker_client_id,
        }
    }

    /// `None` for the public client.
    pub(crate) fn secret(self, credentials: &PracticeCredentials) -> Option<&str> {
        match self {
            Self::App => None,
            Self::Office => Some(&credentials.office_client_secret),
            Self::Worker => Some(&credentials.worker_client_secret),
        }
    }

    pub(crate) fn by_id(id: &str, credentials: &PracticeCredentials) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|client| client.id(credentials) == id)
    }

    pub(crate) fn may_use(self, grant: GrantType) -> bool {
        match grant {
            GrantType::AuthorizationCode | GrantType::RefreshToken | GrantType::DeviceCode => {
                self != Self::Worker
            }
            GrantType::ClientCredentials => self != Self::App,
            GrantType::JwtBearer => self == Self::Worker,
        }
    }

    /// The client a request comes from: by HTTP Basic, by the body, or by its mere id if public.
    pub(crate) fn authenticate(
        headers: &HeaderMap,
        parameters: &Parameters,
        credentials: &PracticeCredentials,
    ) -> Result<Self, OAuthError> {
        let in_body = parameters.get("client_secret");
        let (id, secret) = match (headers.get(header::AUTHORIZATION), in_body) {
            (Some(_), Some(_)) => {
                return Err(OAuthError::invalid_request(
                    "A client proves itself once: in the header or in the body.",
                ));
            }
            (Some(value), None) => {
                let (id, secret) =
                    basic(value.as_bytes()).ok_or_else(OAuthError::invalid_client)?;
                if parameters.get("client_id").is_some_and(|it| it != id) {
                    return Err(OAuthError::invalid_request(
                        "The header and the body name different clients.",
                    ));
                }
                (id, Some(secret))
            }
            (None, secret) => {
                let id = parameters
                    .get("client_id")
                    .ok_or_else(OAuthError::invalid_client)?;
                (id.to_owned(), secret.map(str::to_owned))
            }
        };
        Self::by_id(&id, credentials)
            .filter(|client| client.secret(credentials) == secret.as_deref())
            .ok_or_else(OAuthError::invalid_client)
    }
}

/// Id and secret of an `Authorization` header. Each is form-encoded before the pair is Base64
/// (RFC 6749, 2.3.1), which is where clients go wrong.
fn basic(header: &[u8]) -> Option<(String, String)> {
    let (scheme, rest) = std::str::from_utf8(header).ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(rest.trim_start()).ok()?).ok()?;
    let (id, secret) = pair.split_once(':')?;
    Some((form_decoded(id)?, form_decoded(secret)?))
}

fn form_decoded(text: &str) -> Option<String> {
    // A bare ampersand was not encoded, so the rest was not either.
    if text.contains('&') {
        return None;
    }
    let pair = format!("value={text}");
    let (_, value) = form_urlencoded::parse(pair.as_bytes()).next()?;
    Some(value.into_owned())
}

/// True where an answer may be sent: `SCHEME:/oauth/ONE-SEGMENT`, or a port of this computer, which
/// is any one because the system hands them out (RFC 8252, 7.3).
pub(crate) fn is_redirect_allowed(uri: &str, scheme: &str) -> bool {
    if !uri.bytes().all(|byte| byte.is_ascii_graphic()) || uri.contains('#') {
        return false;
    }
    let own = uri
        .strip_prefix(scheme)
        .and_then(|rest| rest.strip_prefix(":/oauth/"));
    if let Some(segment) = own {
        return !segment.is_empty() && !segment.contains(['/', '?', '\\']);
    }
    // The text first: a parser would also take 0x7f.1 for this computer.
    let is_loopback_text = ["http://127.0.0.1:", "http://[::1]:"]
        .iter()
        .any(|start| uri.starts_with(start));
    is_loopback_text
        && Url::parse(uri).is_ok_and(|url| {
            url.username().is_empty()
                && url.password().is_none()
                && matches!(url.host_str(), Some("127.0.0.1" | "[::1]"))
        })
}
