//! Where a request goes: templates of addresses become URLs, and URLs become safe to show.
//! Pure; whether the settings themselves are well formed is checked elsewhere, but a request
//! never leaves for plain `http` outside this computer, whatever the settings say.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::{Host, Url};

use crate::failure::Finding;

/// Everything but the unreserved characters of RFC 3986 §2.3: a value can then neither start a
/// new path segment nor a new query parameter.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Placeholders that a caller fills in; the others come from the connector's variables.
const ASKED_FOR: [&str; 2] = ["federation_org_id", "member_id"];

/// Fills in the placeholders and joins the path below the base, or takes an absolute address as
/// it is. `https://h/api` and `/v1/me` give `https://h/api/v1/me`, with one slash between however
/// the two were written; an empty path gives the base itself.
///
/// # Errors
/// [`Finding::OrganisationNeeded`] where a club's or a member's id is missing,
/// [`Finding::SettingUnusable`] for an unknown placeholder or what is no web address.
pub fn resolve(base: &str, path_or_url: &str, values: &[(&str, &str)]) -> Result<Url, Finding> {
    let base = fill(base.trim(), values)?;
    let path = fill(path_or_url.trim(), values)?;
    let text = if is_absolute(&path) {
        path
    } else {
        join(&base, &path)
    };
    let url = Url::parse(&text).map_err(|_| Finding::SettingUnusable)?;
    let web = matches!(url.scheme(), "https" | "http") && url.host().is_some();
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    if web && plain {
        Ok(url)
    } else {
        Err(Finding::SettingUnusable)
    }
}

/// Whether a request may be sent there: `https`, or `http` to this computer with the switch on.
pub fn may_send(url: &Url, allow_http_loopback: bool) -> Result<(), Finding> {
    let allowed = match url.scheme() {
        "https" => true,
        "http" => allow_http_loopback && is_loopback(url),
        _ => false,
    };
    if allowed {
        Ok(())
    } else {
        Err(Finding::SettingUnusable)
    }
}

/// Whether the host is this computer: 127.0.0.0/8, `::1` or `localhost`.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
    }
}

/// A URL whose text drops the query and the user-info, where secrets and names stand.
#[derive(Clone, PartialEq, Eq)]
pub struct RedactedUrl(Url);

impl RedactedUrl {
    /// Takes the URL; what is secret in it can no longer be printed.
    #[must_use]
    pub fn new(url: Url) -> Self {
        Self(url)
    }

    /// The host, as shown to people.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }
}

impl fmt::Display for RedactedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.0.scheme(), self.host())?;
        if let Some(port) = self.0.port() {
            write!(f, ":{port}")?;
        }
        f.write_str(self.0.path())
    }
}

impl fmt::Debug for RedactedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RedactedUrl({self})")
    }
}

fn fill(template: &str, values: &[(&str, &str)]) -> Result<String, Finding> {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let Some(length) = rest[open..].find('}') else {
            return Err(Finding::SettingUnusable);
        };
        let name = &rest[open + 1..open + length];
        let value = values
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty());
        let value = match value {
            // A segment of dots is a step up the path (RFC 3986 §5.2.4) even when encoded.
            Some("." | "..") => return Err(Finding::SettingUnusable),
            Some(value) => value,
            None if ASKED_FOR.contains(&name) => return Err(Finding::OrganisationNeeded),
            None => return Err(Finding::SettingUnusable),
        };
        text.push_str(&rest[..open]);
        text.extend(utf8_percent_encode(value, VALUE));
        rest = &rest[open + length + 1..];
    }
    text.push_str(rest);
    Ok(text)
}

fn is_absolute(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, _)| {
        !scheme.is_empty()
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    })
}

fn join(base: &str, path: &str) -> String {
    if path.is_empty() {
        return base.to_owned();
    }
    // A base may carry a query of its own (`?format=json`); the path goes before it.
    let (place, base_query) = base
        .split_once('?')
        .map_or((base, None), |(p, q)| (p, Some(q)));
    let place = place.trim_end_matches('/');
    let joined = if path.starts_with('?') {
        format!("{place}{path}")
    } else {
        format!("{place}/{}", path.trim_start_matches('/'))
    };
    match base_query {
        None => joined,
        Some(query) if joined.contains('?') => format!("{joined}&{query}"),
        Some(query) => format!("{joined}?{query}"),
    }
}
