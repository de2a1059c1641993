//! The rules of how a connector signs in. Which key belongs to which kind stands in one table.

use super::{Findings, is_header_name, placeholders};
use crate::error::FieldRule;
use crate::settings::{AuthKind, AuthSettings, ConnectorSettings, Grant, TwoStepSettings};

/// Parameters of the authorization request that the product sets itself.
const OWN_PARAMETERS: [&str; 9] = [
    "client_id",
    "redirect_uri",
    "response_type",
    "response_mode",
    "state",
    "scope",
    "audience",
    "code_challenge",
    "code_challenge_method",
];

/// Longest path of a redirect URI, in bytes.
const REDIRECT_PATH_LIMIT: usize = 200;
/// Longest life of a token that a setting may claim, in seconds: one year.
const LIFETIME_LIMIT: u32 = 31_536_000;

impl Findings {
    pub(super) fn auth(&mut self, settings: &ConnectorSettings) {
        let auth = &settings.auth;
        for (field, owner, set) in owners(auth) {
            if set && auth.kind != owner {
                let message = format!("does not belong to the kind {}", auth.kind.as_str());
                self.add(field, FieldRule::NotForKind, message);
            }
        }
        match auth.kind {
            AuthKind::ApiKey => self.key(auth),
            AuthKind::OAuth2 => self.oauth(settings),
            AuthKind::TwoStep => self.two_step(settings),
            AuthKind::Basic | AuthKind::None => {}
        }
    }

    fn key(&mut self, auth: &AuthSettings) {
        let places = [
            auth.header.is_some(),
            auth.query.is_some(),
            !auth.headers.is_empty(),
        ];
        if places.iter().filter(|set| **set).count() > 1 {
            self.add(
                "auth",
                FieldRule::Exclusive,
                "choose one of header, query and headers",
            );
            return;
        }
        if let Some(header) = &auth.header {
            self.header("auth.header", header);
        }
        if let Some(prefix) = &auth.prefix {
            if auth.query.is_some() || !auth.headers.is_empty() {
                self.add(
                    "auth.prefix",
                    FieldRule::Exclusive,
                    "a prefix belongs to one header",
                );
            }
            if self.text("auth.prefix", prefix, false) && !prefix.is_ascii() {
                self.add(
                    "auth.prefix",
                    FieldRule::Pattern,
                    "a prefix has plain letters only",
                );
            }
        }
        if let Some(query) = &auth.query {
            self.text("auth.query", query, true);
        }
        for (index, header) in auth.headers.iter().enumerate() {
            let name = format!("auth.headers.{index}.name");
            self.header(&name, &header.name);
            let repeated = auth.headers[..index]
                .iter()
                .any(|other| other.name.eq_ignore_ascii_case(&header.name));
            if repeated {
                self.add(
                    &name,
                    FieldRule::Taken,
                    "this header is in the list already",
                );
            }
            let field = format!("auth.headers.{index}.value");
            match (header.secret, &header.value) {
                (true, Some(_)) => self.add(
                    &field,
                    FieldRule::Exclusive,
                    "a secret header has no value here; it is kept with the credentials",
                ),
                (false, None) => self.add(
                    &field,
                    FieldRule::Required,
                    "give the value, or mark the header as secret",
                ),
                (false, Some(value)) => {
                    self.text(&field, value, true);
                }
                (true, None) => {}
            }
        }
    }

    fn oauth(&mut self, settings: &ConnectorSettings) {
        let auth = &settings.auth;
        let endpoints = [
            ("auth.issuer", &auth.issuer),
            ("auth.authorization_endpoint", &auth.authorization_endpoint),
            ("auth.token_endpoint", &auth.token_endpoint),
            ("auth.revocation_endpoint", &auth.revocation_endpoint),
            (
                "auth.device_authorization_endpoint",
                &auth.device_authorization_endpoint,
            ),
        ];
        for (field, value) in endpoints {
            if let Some(value) = value
                && self.text(field, value, true)
            {
                self.address(field, value, settings);
                self.placeholders(field, value, settings, &[]);
            }
        }
        if auth.issuer.as_deref().is_some_and(|one| one.contains('?')) {
            self.add(
                "auth.issuer",
                FieldRule::InvalidUrl,
                "an issuer has no ? (RFC 8414, section 2)",
            );
        }
        self.needed_endpoints(auth);
        self.scopes(auth);
        if let Some(audience) = &auth.audience {
            self.text("auth.audience", audience, true);
        }
        if let Some(port) = auth.loopback_port {
            self.range("auth.loopback_port", u32::from(port), 1_024, 65_535);
        }
        if let Some(path) = &auth.redirect_path
            && !is_redirect_path(path)
        {
            self.add(
                "auth.redirect_path",
                FieldRule::Pattern,
                "start with / and use letters, digits, -, _, . and / only, e.g. /oauth/my_club",
            );
        }
        for (name, value) in &auth.extra_parameters {
            let field = format!("auth.extra_parameters.{name}");
            if OWN_PARAMETERS.contains(&name.as_str()) {
                self.add(
                    &field,
                    FieldRule::NotForKind,
                    "the app sets this parameter itself",
                );
            }
            self.text(&field, value, true);
            self.text("auth.extra_parameters", name, true);
        }
    }

    /// Without an issuer, each endpoint that the grant uses must be written out.
    fn needed_endpoints(&mut self, auth: &AuthSettings) {
        if auth.issuer.is_some() {
            return;
        }
        let mut needed = vec![("auth.token_endpoint", auth.token_endpoint.is_some())];
        match auth.grant() {
            Grant::AuthorizationCode => needed.insert(
                0,
                (
                    "auth.authorization_endpoint",
                    auth.authorization_endpoint.is_some(),
                ),
            ),
            Grant::DeviceCode => needed.insert(
                0,
                (
                    "auth.device_authorization_endpoint",
                    auth.device_authorization_endpoint.is_some(),
                ),
            ),
            Grant::ClientCredentials | Grant::JwtBearer => {}
        }
        for (field, set) in needed {
            if !set {
                self.add(
                    field,
                    FieldRule::Required,
                    "give the issuer, or this address",
                );
            }
        }
    }

    /// RFC 6749 §3.3: visible ASCII without the quote and the backslash; spaces stand between scopes.
    fn scopes(&mut self, auth: &AuthSettings) {
        for (index, scope) in auth.scopes.iter().enumerate() {
            let good = !scope.is_empty()
                && scope.len() <= 200
                && scope
                    .bytes()
                    .all(|c| matches!(c, 0x21 | 0x23..=0x5b | 0x5d..=0x7e));
            if !good {
                self.add(
                    &format!("auth.scopes.{index}"),
                    FieldRule::Pattern,
                    "a scope is one word without spaces, quotes and backslashes",
                );
            }
        }
        if auth.scopes.len() > 100 {
            self.add("auth.scopes", FieldRule::TooLong, "at most 100 scopes");
        }
    }

    fn two_step(&mut self, settings: &ConnectorSettings) {
        let Some(two_step) = &settings.auth.two_step else {
            self.add(
                "auth.two_step",
                FieldRule::Required,
                "say where the token comes from: url and token_path",
            );
            return;
        };
        let TwoStepSettings {
            url,
            content_type,
            token_path,
            expires_path,
            lifetime_seconds,
            ..
        } = two_step;
        self.path("auth.two_step.url", url, true, settings);
        if placeholders(url).any(|name| matches!(name, "federation_org_id" | "member_id")) {
            self.add(
                "auth.two_step.url",
                FieldRule::NotForKind,
                "the token is the connector's, so its address names no club and no member",
            );
        }
        self.text("auth.two_step.token_path", token_path, true);
        if let Some(path) = expires_path {
            self.text("auth.two_step.expires_path", path, true);
        }
        if let Some(seconds) = lifetime_seconds {
            self.range(
                "auth.two_step.lifetime_seconds",
                *seconds,
                1,
                LIFETIME_LIMIT,
            );
        }
        if let Some(media) = content_type
            && self.text("auth.two_step.content_type", media, true)
            && !is_media_type(media)
        {
            self.add(
                "auth.two_step.content_type",
                FieldRule::Pattern,
                "a media type looks like application/json",
            );
        }
    }

    fn header(&mut self, field: &str, name: &str) {
        if name.is_empty() {
            self.add(
                field,
                FieldRule::Required,
                "name the header, e.g. X-API-Key",
            );
        } else if !is_header_name(name) {
            self.add(
                field,
                FieldRule::Pattern,
                "a header name has letters, digits and - only, e.g. X-API-Key",
            );
        } else if [
            "host",
            "content-length",
            "transfer-encoding",
            "connection",
            "accept-encoding",
        ]
        .contains(&name.to_ascii_lowercase().as_str())
        {
            self.add(
                field,
                FieldRule::NotForKind,
                "this header belongs to the connection itself",
            );
        }
    }
}

/// Every key of `[auth]` that belongs to one kind, and whether it is set.
fn owners(auth: &AuthSettings) -> [(&'static str, AuthKind, bool); 18] {
    use AuthKind::{ApiKey, OAuth2, TwoStep};
    [
        ("auth.header", ApiKey, auth.header.is_some()),
        ("auth.prefix", ApiKey, auth.prefix.is_some()),
        ("auth.query", ApiKey, auth.query.is_some()),
        ("auth.headers", ApiKey, !auth.headers.is_empty()),
        ("auth.issuer", OAuth2, auth.issuer.is_some()),
        (
            "auth.authorization_endpoint",
            OAuth2,
            auth.authorization_endpoint.is_some(),
        ),
        ("auth.token_endpoint", OAuth2, auth.token_endpoint.is_some()),
        (
            "auth.revocation_endpoint",
            OAuth2,
            auth.revocation_endpoint.is_some(),
        ),
        (
            "auth.device_authorization_endpoint",
            OAuth2,
            auth.device_authorization_endpoint.is_some(),
        ),
        ("auth.grant", OAuth2, auth.grant.is_some()),
        ("auth.scopes", OAuth2, !auth.scopes.is_empty()),
        ("auth.audience", OAuth2, auth.audience.is_some()),
        ("auth.redirect", OAuth2, auth.redirect.is_some()),
        ("auth.loopback_port", OAuth2, auth.loopback_port.is_some()),
        ("auth.redirect_path", OAuth2, auth.redirect_path.is_some()),
        (
            "auth.client_authentication",
            OAuth2,
            auth.client_authentication.is_some(),
        ),
        (
            "auth.extra_parameters",
            OAuth2,
            !auth.extra_parameters.is_empty(),
        ),
        ("auth.two_step", TwoStep, auth.two_step.is_some()),
    ]
}

/// Unreserved characters and slashes only, so that a redirect URI has one spelling: what comes back
/// is compared letter by letter.
fn is_redirect_path(path: &str) -> bool {
    path.starts_with('/')
        && path.len() > 1
        && path.len() <= REDIRECT_PATH_LIMIT
        && !path.ends_with('/')
        && path[1..].split('/').all(|segment| {
            !segment.is_empty()
                && !matches!(segment, "." | "..")
                && segment
                    .bytes()
                    .all(|c| c.is_ascii_alphanumeric() || b"-_.~".contains(&c))
        })
}

fn is_media_type(text: &str) -> bool {
    let token = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|c| c.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&c))
    };
    text.split_once('/')
        .is_some_and(|(one, two)| token(one) && token(two))
}
