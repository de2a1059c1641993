//! What the browser brings back: a deep link, or the target of a request to the loopback. Both are
//! untrusted bytes and go through the one pure function here, which takes them apart or refuses them.
//! Whether they belong to a sign-in is decided where the sign-in is known.

use percent_encoding::percent_decode_str;

use crate::secret::SecretText;

/// The scheme of the app's own links: the reverse of a domain name (RFC 8252 §7.1).
pub const SCHEME: &str = "com.playerarc.connectors";

/// Longest link in bytes. Codes and states of real servers stay far below it.
pub const MAX_LINK_BYTES: usize = 8 * 1024;
/// Most parameters of a link.
pub const MAX_PARAMETERS: usize = 32;

/// What came back.
#[derive(Debug)]
pub struct Callback {
    /// The link without its query, to be compared with the redirect URI letter by letter.
    pub redirect_uri: String,
    /// The `state`; a callback without one belongs to nobody.
    pub state: SecretText,
    /// The code, or why there is none.
    pub outcome: Outcome,
    /// Who says that it has answered (RFC 9207).
    pub issuer: Option<String>,
}

/// The code, or why there is none.
#[derive(Debug)]
pub enum Outcome {
    /// The code to exchange.
    Code(SecretText),
    /// An error of RFC 6749 §4.1.2.1. Its description is dropped: it is a stranger's text.
    Refused(AuthorizationError),
}

/// The errors of an authorization response (RFC 6749 §4.1.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthorizationError {
    /// The person said no.
    AccessDenied,
    /// The client may not do this.
    UnauthorizedClient,
    /// A scope is unknown.
    InvalidScope,
    /// The server has a problem.
    ServerError,
    /// The server is busy.
    TemporarilyUnavailable,
    /// The request was wrong, or a word that no RFC lists.
    Other,
}

/// Why a link was refused. None of them holds any of its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CallbackError {
    /// Longer than [`MAX_LINK_BYTES`].
    #[error("the link is too long")]
    TooLong,
    /// Not of the app's scheme, not of the loopback, or with a host, user or fragment it may not have.
    #[error("the link is not one of this app's")]
    NotOurs,
    /// A parameter that cannot be read, or a control character.
    #[error("the link cannot be read")]
    Malformed,
    /// More than [`MAX_PARAMETERS`].
    #[error("the link has too many parameters")]
    TooManyParameters,
    /// A parameter that stands there twice (RFC 6749 §3.1).
    #[error("the link repeats a parameter")]
    Repeated,
    /// No `state`, or not exactly one of `code` and `error`.
    #[error("the link is not an answer to a sign-in")]
    NotAnAnswer,
}

/// Takes a link apart: `com.playerarc.connectors:/path?query` or
/// `http://127.0.0.1:port/path?query` (`[::1]` too).
pub fn parse(link: &str) -> Result<Callback, CallbackError> {
    if link.len() > MAX_LINK_BYTES {
        return Err(CallbackError::TooLong);
    }
    // RFC 3986 knows visible ASCII only: no browser sends anything else.
    if !link.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(CallbackError::Malformed);
    }
    if link.contains('#') {
        return Err(CallbackError::NotOurs);
    }
    let (target, query) = link.split_once('?').ok_or_else(|| {
        if is_ours(link) {
            CallbackError::NotAnAnswer
        } else {
            CallbackError::NotOurs
        }
    })?;
    if !is_ours(target) {
        return Err(CallbackError::NotOurs);
    }
    let parameters = Parameters::read(query)?;
    let state = parameters.state.ok_or(CallbackError::NotAnAnswer)?;
    let outcome = match (parameters.code, parameters.error) {
        (Some(code), None) => Outcome::Code(code),
        (None, Some(error)) => Outcome::Refused(error),
        _ => return Err(CallbackError::NotAnAnswer),
    };
    Ok(Callback {
        redirect_uri: target.to_owned(),
        state,
        outcome,
        issuer: parameters.issuer,
    })
}

/// Whether a link without its query can be a redirect URI of ours. One spelling is accepted: a
/// path of unreserved characters, so that nothing has to be normalised to be compared.
fn is_ours(target: &str) -> bool {
    let path = if let Some(rest) = target.strip_prefix(SCHEME) {
        // One slash: `scheme://x` would make a host of what is a path.
        rest.strip_prefix(':')
            .filter(|path| !path.starts_with("//"))
    } else if let Some(rest) = target.strip_prefix("http://") {
        let authority_end = rest.find('/').unwrap_or(rest.len());
        let (authority, path) = rest.split_at(authority_end);
        is_loopback_authority(authority).then_some(path)
    } else {
        None
    };
    path.is_some_and(is_plain_path)
}

fn is_loopback_authority(authority: &str) -> bool {
    ["127.0.0.1:", "[::1]:"].iter().any(|host| {
        authority.strip_prefix(host).is_some_and(|port| {
            !port.starts_with('0')
                && port.len() <= 5
                && port.bytes().all(|byte| byte.is_ascii_digit())
                && port.parse::<u16>().is_ok()
        })
    })
}

fn is_plain_path(path: &str) -> bool {
    path.len() > 1
        && path.strip_prefix('/').is_some_and(|rest| {
            rest.split('/').all(|segment| {
                !segment.is_empty()
                    && !matches!(segment, "." | "..")
                    && segment
                        .bytes()
                        .all(|c| c.is_ascii_alphanumeric() || b"-_.~".contains(&c))
            })
        })
}

/// The parameters that mean something here. Unknown ones are read and dropped (RFC 6749 §4.1.2).
#[derive(Default)]
struct Parameters {
    state: Option<SecretText>,
    code: Option<SecretText>,
    error: Option<AuthorizationError>,
    issuer: Option<String>,
}

impl Parameters {
    fn read(query: &str) -> Result<Self, CallbackError> {
        let mut found = Self::default();
        let mut names: Vec<String> = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            if names.len() == MAX_PARAMETERS {
                return Err(CallbackError::TooManyParameters);
            }
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decode(name)?;
            let value = decode(value)?;
            if names.contains(&name) {
                return Err(CallbackError::Repeated);
            }
            names.push(name);
            // An empty value counts as absent (RFC 6749 §3.1).
            if value.is_empty() {
                continue;
            }
            match names.last().map(String::as_str) {
                Some("state") => found.state = Some(SecretText::new(value)),
                Some("code") => found.code = Some(SecretText::new(value)),
                Some("error") => found.error = Some(AuthorizationError::of_word(&value)),
                Some("iss") => found.issuer = Some(value),
                _ => {}
            }
        }
        Ok(found)
    }
}

impl AuthorizationError {
    fn of_word(word: &str) -> Self {
        match word {
            "access_denied" => Self::AccessDenied,
            "unauthorized_client" => Self::UnauthorizedClient,
            "invalid_scope" => Self::InvalidScope,
            "server_error" => Self::ServerError,
            "temporarily_unavailable" => Self::TemporarilyUnavailable,
            _ => Self::Other,
        }
    }
}

/// `application/x-www-form-urlencoded` (RFC 6749 appendix B), strictly: every `%` has its two digits,
/// and what comes out is text without control characters.
fn decode(text: &str) -> Result<String, CallbackError> {
    let bytes = text.as_bytes();
    let stray = bytes.iter().enumerate().any(|(at, byte)| {
        *byte == b'%'
            && !bytes
                .get(at + 1..at + 3)
                .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    });
    if stray {
        return Err(CallbackError::Malformed);
    }
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced)
        .decode_utf8()
        .map_err(|_| CallbackError::Malformed)?;
    if decoded.chars().any(char::is_control) {
        return Err(CallbackError::Malformed);
    }
    Ok(decoded.into_owned())
}
