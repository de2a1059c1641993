//! A connector's settings as they travel: in a TOML file, in a `--set`, in the window's form and
//! as one JSON column of the store. No secret is ever part of them. Checking them is `validate.rs`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

mod lists;

pub use lists::{
    ErrorMeaning, ErrorRule, NameValueSettings, PagingSettings, PagingStyle, RecordFormat,
    RecordSettings,
};

/// How a connector proves who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AuthKind {
    /// OAuth 2.0 tokens (RFC 6749).
    #[serde(rename = "oauth2")]
    #[ts(rename = "oauth2")]
    OAuth2,
    /// A key in a header, in several headers, or in the query.
    #[default]
    ApiKey,
    /// User name and password (RFC 7617).
    Basic,
    /// A secret, or a user name and password, sent once for a token of limited life.
    TwoStep,
    /// No proof at all.
    None,
}

impl AuthKind {
    /// The word used in files, on the wire and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OAuth2 => "oauth2",
            Self::ApiKey => "api_key",
            Self::Basic => "basic",
            Self::TwoStep => "two_step",
            Self::None => "none",
        }
    }

    /// Whether requests carry a token that is obtained first and ends by itself.
    pub fn uses_tokens(self) -> bool {
        matches!(self, Self::OAuth2 | Self::TwoStep)
    }
}

/// How an OAuth 2.0 connector comes by its token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Grant {
    /// A person signs in in the browser (RFC 6749 §4.1 with RFC 7636).
    #[default]
    AuthorizationCode,
    /// The client signs in by itself (RFC 6749 §4.4).
    ClientCredentials,
    /// A person signs in on another device (RFC 8628).
    DeviceCode,
    /// The client shows an assertion that it has signed (RFC 7523 §2.1, RS256).
    JwtBearer,
}

impl Grant {
    /// Whether a person takes part; otherwise a new token is had at any time.
    pub fn needs_person(self) -> bool {
        matches!(self, Self::AuthorizationCode | Self::DeviceCode)
    }
}

/// How the browser leads back to the app (RFC 8252 §7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Redirect {
    /// A link of the app's own scheme, `com.playerarc.connectors:/oauth/<code>` (§7.1).
    #[default]
    DeepLink,
    /// A port of this computer, `http://127.0.0.1:<port>/oauth/<code>` (§7.3).
    Loopback,
}

/// How the client proves itself at the token endpoint (RFC 6749 §2.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuthentication {
    /// Not at all: a public client, which names itself.
    #[default]
    None,
    /// Id and secret in an HTTP Basic header.
    Basic,
    /// Id and secret in the body of the request.
    Body,
}

/// How the first request of a two-step sign-in is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BodyFormat {
    /// A JSON object.
    #[default]
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
}

/// The first request of a two-step sign-in: `secret`, or `username` and `password`, are posted to
/// `url`, and the answer holds the token.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct TwoStepSettings {
    /// Where to: a path below the base, or an absolute address.
    pub url: String,
    /// How the body is written.
    pub body: BodyFormat,
    /// Another media type than the usual one of `body`, where the system insists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub content_type: Option<String>,
    /// Dotted path to the token in the answer, e.g. `data.accessToken`.
    pub token_path: String,
    /// Dotted path to the token's life in seconds, where the answer tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub expires_path: Option<String>,
    /// The token's life in seconds, 1 to 31,536,000, where only the documentation tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub lifetime_seconds: Option<u32>,
}

/// Whether real members are behind a connector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// Real data: destructive acts ask for the name.
    #[default]
    Live,
    /// A test account.
    Test,
}

/// One of several headers sent together. Exactly one of `secret` and `value` is set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct HeaderSetting {
    /// The header's name (RFC 9110 §5.1 token).
    pub name: String,
    /// True: the value is a secret, kept with the credentials under this header's name.
    #[serde(default)]
    pub secret: bool,
    /// A value that is no secret, e.g. a club number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub value: Option<String>,
}

/// Authentication. Which keys belong to which kind is checked by `validate.rs`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct AuthSettings {
    /// The kind; decides which of the others apply.
    pub kind: AuthKind,
    /// `api_key`: the header that carries the key. Default `X-API-Key` where neither `query` nor `headers` is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub header: Option<String>,
    /// `api_key` in a header: what stands before the key, e.g. `Bearer` or `API-Key`; one space is put between.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub prefix: Option<String>,
    /// `api_key`: the query parameter that carries the key, instead of a header.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub query: Option<String>,
    /// `api_key`: several headers sent together, instead of one.
    pub headers: Vec<HeaderSetting>,
    /// `oauth2`: identifier of the authorization server (RFC 8414); fills the endpoints that are not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub issuer: Option<String>,
    /// `oauth2`: where a person signs in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub authorization_endpoint: Option<String>,
    /// `oauth2`: where tokens come from.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub token_endpoint: Option<String>,
    /// `oauth2`: where tokens are given back (RFC 7009).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub revocation_endpoint: Option<String>,
    /// `oauth2`: where a sign-in on another device starts (RFC 8628).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub device_authorization_endpoint: Option<String>,
    /// `oauth2`: how the token is had; a person in the browser where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub grant: Option<Grant>,
    /// `oauth2`: what is asked for (RFC 6749 §3.3).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// `oauth2`: whom the token, or with `jwt_bearer` the assertion, is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub audience: Option<String>,
    /// `oauth2`: the way back from the browser; the deep link where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub redirect: Option<Redirect>,
    /// `oauth2`: a fixed port for servers that do not accept any (1,024 to 65,535).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub loopback_port: Option<u16>,
    /// `oauth2`: the path of the redirect URI, `/oauth/<code>` where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub redirect_path: Option<String>,
    /// `oauth2`: how the client proves itself; not at all where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub client_authentication: Option<ClientAuthentication>,
    /// `oauth2`: sent with the authorization request, e.g. `prompt = "consent"`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub extra_parameters: BTreeMap<String, String>,
    /// `two_step`: the first request.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub two_step: Option<TwoStepSettings>,
}

impl AuthSettings {
    /// How the token is had.
    pub fn grant(&self) -> Grant {
        self.grant.unwrap_or_default()
    }

    /// Whether a person must sign in before a request can be made.
    pub fn needs_person(&self) -> bool {
        self.kind == AuthKind::OAuth2 && self.grant().needs_person()
    }

    /// The path of the redirect URI of the connector `code`: one of its own for each, so that an
    /// answer to another connector's sign-in is told apart (RFC 9700 §4.4.2).
    pub fn redirect_path_for(&self, code: &str) -> String {
        self.redirect_path
            .clone()
            .unwrap_or_else(|| format!("/oauth/{code}"))
    }
}

/// Addresses. `base` is absolute; the others are paths below it, or absolute addresses on any host
/// that the user typed. `{federation_org_id}` and `{member_id}` are placeholders; so are `{page}` and `{size}`
/// in the address of a list whose page stands in the path.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct EndpointSettings {
    /// The API's own address, `https://…`.
    pub base: String,
    /// The membership list.
    pub membership_list: String,
    /// One member.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub member_detail: Option<String>,
    /// The cheapest request that proves the credentials; the membership list where empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub verify: Option<String>,
    /// One club by `{federation_org_id}`, where the system tells its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub organisation: Option<String>,
    /// Dotted path to the club's name in that answer, e.g. `data.name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub organisation_name: Option<String>,
}

/// The way to the network.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct NetworkSettings {
    /// `http://host:port` of a proxy; the system's where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub proxy: Option<String>,
    /// A PEM file with certificates to trust besides the system's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub ca_file: Option<String>,
}

/// Politeness.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct LimitSettings {
    /// At most this many requests in a minute, 1 to 6,000.
    pub requests_per_minute: u32,
    /// Time limit of one request in seconds, 1 to 300.
    pub timeout_seconds: u32,
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self {
            requests_per_minute: 60,
            timeout_seconds: 30,
        }
    }
}

/// Whose value wins where both sides changed a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ConflictStrategy {
    /// The federation's.
    #[default]
    FederationWins,
    /// The club's.
    LocalWins,
    /// Ask, field by field.
    Merge,
}

/// Synchronisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct SyncSettings {
    /// Whether schedules may run it.
    pub enabled: bool,
    /// Five-field cron expression.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub schedule: Option<String>,
    /// IANA time zone of the schedule.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub time_zone: Option<String>,
    /// Who wins a conflict.
    pub conflict_strategy: ConflictStrategy,
    /// Fields in which somebody else wins.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[ts(
        optional,
        as = "Option<BTreeMap<crate::members::MemberField, ConflictStrategy>>"
    )]
    pub fields: BTreeMap<crate::members::MemberField, ConflictStrategy>,
    /// The template that turns records into members.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub template: Option<String>,
}

impl Default for SyncSettings {
    fn default() -> Self {
        Self {
            enabled: true,
            schedule: None,
            time_zone: None,
            conflict_strategy: ConflictStrategy::default(),
            fields: BTreeMap::new(),
            template: None,
        }
    }
}

/// Everything about a connector that a person sets and that is no secret.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct ConnectorSettings {
    /// Federation code, unique: `^[a-z0-9][a-z0-9_-]{1,63}$`.
    pub code: String,
    /// The name shown, 1 to 200 characters.
    pub name: String,
    /// Live data or a test account.
    pub environment: Environment,
    /// The preset it was made from.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub preset: Option<String>,
    /// Explicit switch: `http://` is allowed to this computer (127.0.0.0/8, `::1`, `localhost`).
    pub allow_http_loopback: bool,
    /// Authentication.
    pub auth: AuthSettings,
    /// Addresses.
    pub endpoints: EndpointSettings,
    /// Paging.
    pub paging: PagingSettings,
    /// How records are written.
    pub records: RecordSettings,
    /// What answers mean here where their status misleads.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ErrorRule>,
    /// Network.
    pub network: NetworkSettings,
    /// Limits.
    pub limits: LimitSettings,
    /// Synchronisation.
    pub sync: SyncSettings,
    /// Values of a preset's variables, e.g. `tenant`; substituted in addresses as `{tenant}`.
    pub variables: BTreeMap<String, String>,
}

impl ConnectorSettings {
    /// The hosts that a request of this connector can go to, in lower case. Placeholders that are
    /// filled in for each request stay as they are: a host that depends on one is a host of its own.
    pub fn hosts(&self) -> BTreeSet<String> {
        let endpoints = &self.endpoints;
        let auth = &self.auth;
        let others = [
            Some(&endpoints.membership_list),
            endpoints.member_detail.as_ref(),
            endpoints.verify.as_ref(),
            endpoints.organisation.as_ref(),
            auth.issuer.as_ref(),
            auth.authorization_endpoint.as_ref(),
            auth.token_endpoint.as_ref(),
            auth.revocation_endpoint.as_ref(),
            auth.device_authorization_endpoint.as_ref(),
            auth.two_step.as_ref().map(|two_step| &two_step.url),
        ];
        std::iter::once(&endpoints.base)
            .chain(others.into_iter().flatten())
            .filter(|address| address.contains("://"))
            .filter_map(|address| {
                let address = self.filled(address);
                // Braces may not stand in a host; a letter keeps the address well formed.
                let url = url::Url::parse(&address.replace(['{', '}'], "x")).ok()?;
                url.host_str().map(str::to_lowercase)
            })
            .collect()
    }

    /// Whether its members come out of files alone that a person gives: CSV, without an address and without credentials.
    #[must_use]
    pub fn is_by_file(&self) -> bool {
        self.records.format == RecordFormat::Csv
            && self.auth.kind == AuthKind::None
            && self.endpoints.base.trim().is_empty()
            && !self.endpoints.membership_list.contains("://")
    }

    /// The values of the preset's variables by their names, as addresses take them.
    #[must_use]
    pub fn variables(&self) -> Vec<(&str, &str)> {
        self.variables
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    }

    /// The authentication with the values of the preset's variables in headers that are no secret.
    #[must_use]
    pub fn filled_auth(&self) -> AuthSettings {
        let mut auth = self.auth.clone();
        for value in auth
            .headers
            .iter_mut()
            .filter_map(|header| header.value.as_mut())
        {
            *value = self.filled(value);
        }
        auth
    }

    /// `template` with the values of the preset's variables in the place of `{name}`.
    #[must_use]
    pub fn filled(&self, template: &str) -> String {
        self.variables()
            .into_iter()
            .fold(template.to_owned(), |text, (name, value)| {
                text.replace(&format!("{{{name}}}"), value)
            })
    }
}
