//! Ways to authenticate, one base address each, and the check of a request's credentials. Access
//! tokens are looked up at the authorization server, which is in `oauth`.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::credentials::PracticeCredentials;
use crate::oauth::Scopes;
use crate::problem::Problem;
use crate::state::Shared;

/// A way to authenticate; its name is the first segment of the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AuthStyle {
    Key,
    Bearer,
    Prefixed,
    Query,
    Headers,
    Basic,
    Open,
    OAuth,
}

impl AuthStyle {
    pub(crate) const ALL: [Self; 8] = [
        Self::Key,
        Self::Bearer,
        Self::Prefixed,
        Self::Query,
        Self::Headers,
        Self::Basic,
        Self::Open,
        Self::OAuth,
    ];

    /// The first segment of the path.
    pub(crate) fn segment(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Bearer => "bearer",
            Self::Prefixed => "prefixed",
            Self::Query => "query",
            Self::Headers => "headers",
            Self::Basic => "basic",
            Self::Open => "open",
            Self::OAuth => "oauth2",
        }
    }

    /// What a request carries, with words in capitals for the credentials.
    pub(crate) fn carries(self) -> &'static str {
        match self {
            Self::Key => "X-API-Key: KEY",
            Self::Bearer => "Authorization: Bearer KEY",
            Self::Prefixed => "Authorization: API-Key KEY",
            Self::Query => "?api_token=KEY",
            Self::Headers => "X-API-Key: KEY and X-Subscription-Key: SUBSCRIPTION KEY",
            Self::Basic => "HTTP Basic: USER NAME and PASSWORD",
            Self::Open => "nothing",
            Self::OAuth => "Authorization: Bearer ACCESS TOKEN",
        }
    }

    fn challenge(self) -> &'static str {
        match self {
            Self::Bearer | Self::OAuth => r#"Bearer realm="practice""#,
            Self::Prefixed => r#"API-Key realm="practice""#,
            Self::Basic => r#"Basic realm="practice", charset="UTF-8""#,
            Self::Key | Self::Query | Self::Headers | Self::Open => r#"ApiKey realm="practice""#,
        }
    }
}

/// Who sent the request: extracting it is the check of the credentials.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Caller {
    pub(crate) style: AuthStyle,
    /// The name, never the value, of the credential that was accepted.
    pub(crate) credential: &'static str,
    /// What the credential opens.
    pub(crate) scopes: Scopes,
}

impl FromRequestParts<Arc<Shared>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut Parts,
        shared: &Arc<Shared>,
    ) -> Result<Self, Self::Rejection> {
        let first = parts.uri.path().split('/').nth(1).unwrap_or_default();
        let Some(style) = AuthStyle::ALL
            .into_iter()
            .find(|style| style.segment() == first)
        else {
            return Err(Problem::new(
                StatusCode::NOT_FOUND,
                "No such base address; the page at /practice lists them.",
            ));
        };
        if style == AuthStyle::OAuth {
            return bearer_of_token(parts, shared);
        }
        match credential(style, parts, &shared.credentials) {
            Some(credential) => Ok(Self {
                style,
                credential,
                scopes: Scopes::READING,
            }),
            None => Err(Problem::unauthorized(
                format!(
                    "The credentials are missing or wrong. Send {}.",
                    style.carries()
                ),
                style.challenge(),
            )),
        }
    }
}

/// The name of the credential the request carries, if it is right.
fn credential(
    style: AuthStyle,
    parts: &Parts,
    accepted: &PracticeCredentials,
) -> Option<&'static str> {
    let key = |offered: &str| {
        if offered == accepted.api_key {
            Some("API key")
        } else if offered == accepted.second_api_key {
            Some("second API key")
        } else {
            None
        }
    };
    match style {
        AuthStyle::Open => Some("none"),
        // An access token is no credential of those that are fixed.
        AuthStyle::OAuth => None,
        AuthStyle::Key => key(text(parts, "x-api-key")?),
        AuthStyle::Bearer => key(after_scheme(parts, "Bearer")?),
        AuthStyle::Prefixed => key(after_scheme(parts, "API-Key")?),
        AuthStyle::Query => key(&query_value(&parts.uri, "api_token")?),
        AuthStyle::Headers => {
            let right = text(parts, "x-subscription-key")? == accepted.subscription_key;
            key(text(parts, "x-api-key")?).filter(|_| right)
        }
        AuthStyle::Basic => {
            let decoded = STANDARD.decode(after_scheme(parts, "Basic")?).ok()?;
            let pair = String::from_utf8(decoded).ok()?;
            let (username, password) = pair.split_once(':')?;
            (username == accepted.username && password == accepted.password)
                .then_some("user name and password")
        }
    }
}

/// Checks an access token and what it opens. A request without one learns no error code, one with a
/// wrong one does (RFC 6750, 3.1).
fn bearer_of_token(parts: &Parts, shared: &Shared) -> Result<Caller, Problem> {
    let style = AuthStyle::OAuth;
    let Some(token) = after_scheme(parts, "Bearer") else {
        return Err(Problem::unauthorized(
            format!("The access token is missing. Send {}.", style.carries()),
            style.challenge(),
        ));
    };
    let scopes = shared.ledger().scopes_of(token).ok_or_else(|| {
        Problem::unauthorized(
            "The access token has expired, was revoked or never was.",
            r#"Bearer realm="practice", error="invalid_token""#,
        )
    })?;
    let path = parts.uri.path();
    let of_members = path.contains("/members");
    let of_clubs = !of_members && path.contains("/v1/clubs");
    let lacks = if of_members && !scopes.members {
        Some(r#"Bearer realm="practice", error="insufficient_scope", scope="members.read""#)
    } else if of_clubs && !scopes.clubs {
        Some(r#"Bearer realm="practice", error="insufficient_scope", scope="clubs.read""#)
    } else {
        None
    };
    match lacks {
        Some(challenge) => Err(Problem::forbidden(
            "The access token does not open this: its scopes are too narrow.",
            challenge,
        )),
        None => Ok(Caller {
            style,
            credential: "access token",
            scopes,
        }),
    }
}

fn text<'a>(parts: &'a Parts, header: &str) -> Option<&'a str> {
    // Bytes, not `to_str`: a canary key may hold letters beyond ASCII.
    std::str::from_utf8(parts.headers.get(header)?.as_bytes()).ok()
}

/// What follows the scheme, whose letter case does not matter (RFC 9110, 11.1).
fn after_scheme<'a>(parts: &'a Parts, scheme: &str) -> Option<&'a str> {
    let (found, rest) = text(parts, header::AUTHORIZATION.as_str())?.split_once(' ')?;
    found
        .eq_ignore_ascii_case(scheme)
        .then(|| rest.trim_start())
}

fn query_value(uri: &Uri, name: &str) -> Option<String> {
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
    pairs
        .into_iter()
        .find(|(found, _)| found == name)
        .map(|(_, value)| value)
}
