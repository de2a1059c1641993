//! The rules of a connector's settings (acceptance cases A01–A03), as one pure function: settings
//! in, broken rules out. Uniqueness of the code is the store's to know.

mod auth;
mod paging;

use url::Url;

use crate::api::address::is_loopback;
use crate::error::{FieldError, FieldRule};
use crate::settings::{ConnectorSettings, EndpointSettings};
use crate::sync::schedule::{DEFAULT_SCHEDULE, DEFAULT_TIME_ZONE, Schedule};

/// Longest name, in characters.
pub const NAME_LIMIT: usize = 200;
/// Longest address or other setting, in characters.
pub const SETTING_LIMIT: usize = 2_048;

/// Placeholders that the product itself fills in.
const KNOWN_PLACEHOLDERS: [&str; 2] = ["federation_org_id", "member_id"];

/// All broken rules of `settings`, in the order of the form; empty where all is well.
pub fn check(settings: &ConnectorSettings) -> Vec<FieldError> {
    let mut found = Findings(Vec::new());
    found.name(&settings.name);
    found.code("code", &settings.code);
    found.auth(settings);
    found.endpoints(settings);
    found.lists(settings);
    found.network(settings);
    found.range(
        "limits.requests_per_minute",
        settings.limits.requests_per_minute,
        1,
        6_000,
    );
    found.range(
        "limits.timeout_seconds",
        settings.limits.timeout_seconds,
        1,
        300,
    );
    found.sync(settings);
    for (name, value) in &settings.variables {
        let field = format!("variables.{name}");
        found.text(&field, value, true);
    }
    found.0
}

/// Whether `code` is a federation code: `^[a-z0-9][a-z0-9_-]{1,63}$`.
pub fn is_federation_code(code: &str) -> bool {
    let first = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
    let bytes = code.as_bytes();
    (2..=64).contains(&bytes.len())
        && first(bytes[0])
        && bytes.iter().all(|&c| first(c) || c == b'_' || c == b'-')
}

/// The rules of a federation code by itself, reported for `field`.
pub fn check_code(field: &str, code: &str) -> Vec<FieldError> {
    let mut found = Findings(Vec::new());
    found.code(field, code);
    found.0
}

/// Whether a header name is a token (RFC 9110 §5.6.2).
pub fn is_header_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 100
        && name
            .bytes()
            .all(|c| c.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&c))
}

/// The names in braces, in order: `/clubs/{org}/members` has `org`.
pub fn placeholders(template: &str) -> impl Iterator<Item = &str> {
    template
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}

struct Findings(Vec<FieldError>);

impl Findings {
    fn add(&mut self, field: &str, rule: FieldRule, message: impl Into<String>) {
        self.0.push(FieldError {
            field: field.to_owned(),
            rule,
            message: message.into(),
        });
    }

    fn code(&mut self, field: &str, code: &str) {
        if code.is_empty() {
            self.add(
                field,
                FieldRule::Required,
                "give the connector a federation code",
            );
        } else if code.chars().count() > 64 {
            self.add(
                field,
                FieldRule::TooLong,
                "a federation code has at most 64 characters",
            );
        } else if !is_federation_code(code) {
            self.add(
                field,
                FieldRule::Pattern,
                "use 2 to 64 small letters, digits, _ and -, starting with a letter or digit, \
                 e.g. gaa_foireann",
            );
        }
    }

    fn name(&mut self, name: &str) {
        if name.trim().is_empty() {
            self.add("name", FieldRule::Required, "give the connector a name");
        } else if name.chars().count() > NAME_LIMIT {
            self.add(
                "name",
                FieldRule::TooLong,
                "a name has at most 200 characters",
            );
        } else if name.chars().any(char::is_control) {
            self.add(
                "name",
                FieldRule::ControlCharacter,
                "a name has no line breaks or control characters",
            );
        }
    }

    /// Any other text setting: not too long, nothing invisible, not empty where it is needed.
    fn text(&mut self, field: &str, value: &str, required: bool) -> bool {
        let before = self.0.len();
        if value.trim().is_empty() {
            if required {
                self.add(field, FieldRule::Required, "must not be empty");
            }
        } else if value.chars().count() > SETTING_LIMIT {
            self.add(field, FieldRule::TooLong, "at most 2,048 characters");
        } else if value.chars().any(char::is_control) {
            self.add(
                field,
                FieldRule::ControlCharacter,
                "no line breaks or control characters",
            );
        }
        self.0.len() == before && !value.trim().is_empty()
    }

    fn range(&mut self, field: &str, value: u32, low: u32, high: u32) {
        if !(low..=high).contains(&value) {
            self.add(
                field,
                FieldRule::OutOfRange,
                format!("must be from {low} to {high}"),
            );
        }
    }

    fn endpoints(&mut self, settings: &ConnectorSettings) {
        let endpoints = &settings.endpoints;
        let required = !settings.is_by_file();
        if self.text("endpoints.base", &endpoints.base, required) {
            self.address("endpoints.base", &endpoints.base, settings);
            if endpoints.base.contains('?') {
                self.add(
                    "endpoints.base",
                    FieldRule::InvalidUrl,
                    "the address of the API has no ?; put it into the path below",
                );
            }
            self.placeholders("endpoints.base", &endpoints.base, settings, &[]);
        }
        let list = [
            &KNOWN_PLACEHOLDERS[..],
            &paging::placeholders(&settings.paging),
        ]
        .concat();
        let field = "endpoints.membership_list";
        self.path_with(field, &endpoints.membership_list, required, settings, &list);
        let optional = [
            ("endpoints.member_detail", &endpoints.member_detail),
            ("endpoints.verify", &endpoints.verify),
            ("endpoints.organisation", &endpoints.organisation),
        ];
        for (field, value) in optional {
            if let Some(value) = value {
                self.path(field, value, false, settings);
            }
        }
        self.organisation(endpoints);
    }

    /// The look-up of a club: its address names the club, and both of its settings are there or none.
    fn organisation(&mut self, endpoints: &EndpointSettings) {
        let filled =
            |value: &Option<String>| value.as_deref().is_some_and(|v| !v.trim().is_empty());
        let field = "endpoints.organisation";
        let name = "endpoints.organisation_name";
        if let Some(path) = &endpoints.organisation_name {
            self.text(name, path, false);
        }
        match (
            filled(&endpoints.organisation),
            filled(&endpoints.organisation_name),
        ) {
            (true, false) => self.add(
                name,
                FieldRule::Required,
                "say where the club's name stands in the answer, e.g. data.name",
            ),
            (false, true) => self.add(
                field,
                FieldRule::Required,
                "give the address of a club, e.g. /v1/clubs/{federation_org_id}",
            ),
            (true, true) | (false, false) => {}
        }
        if let Some(address) = endpoints.organisation.as_deref()
            && filled(&endpoints.organisation)
            && !placeholders(address).any(|one| one == "federation_org_id")
        {
            self.add(
                field,
                FieldRule::Pattern,
                "the address of a club has {federation_org_id} in it",
            );
        }
    }

    fn path(&mut self, field: &str, value: &str, required: bool, settings: &ConnectorSettings) {
        self.path_with(field, value, required, settings, &KNOWN_PLACEHOLDERS);
    }

    fn path_with(
        &mut self,
        field: &str,
        value: &str,
        required: bool,
        settings: &ConnectorSettings,
        known: &[&str],
    ) {
        if !self.text(field, value, required) {
            return;
        }
        if value.contains("://") {
            self.address(field, value, settings);
        } else if !value.starts_with('/') {
            self.add(
                field,
                FieldRule::InvalidUrl,
                "start with / (below the address of the API) or with https://",
            );
        } else if value.starts_with("//") || value.contains('\\') {
            self.add(field, FieldRule::InvalidUrl, "start with one / only");
        } else if value.contains('#') {
            self.add(field, FieldRule::Fragment, "an address has no # part");
        }
        self.placeholders(field, value, settings, known);
    }

    /// A03: HTTPS, no user name or password, no fragment; `http://` to this computer with the switch.
    fn address(&mut self, field: &str, value: &str, settings: &ConnectorSettings) {
        // Placeholders may stand in a host name; a letter keeps the address well formed meanwhile.
        let plain = value.replace(['{', '}'], "x");
        let Ok(url) = Url::parse(&plain) else {
            self.add(
                field,
                FieldRule::InvalidUrl,
                "this is not an address, e.g. https://api.example.org",
            );
            return;
        };
        if url.host_str().is_none_or(str::is_empty) {
            self.add(
                field,
                FieldRule::InvalidUrl,
                "this address has no host, e.g. https://api.example.org",
            );
            return;
        }
        if !url.username().is_empty() || url.password().is_some() || has_user_info(value) {
            self.add(
                field,
                FieldRule::UserInfo,
                "an address holds no user name or password; they go into the credentials",
            );
        }
        if url.fragment().is_some() {
            self.add(field, FieldRule::Fragment, "an address has no # part");
        }
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&url) && settings.allow_http_loopback => {}
            "http" if is_loopback(&url) => self.add(
                field,
                FieldRule::HttpLoopbackSwitch,
                "http:// to this computer needs the switch allow_http_loopback",
            ),
            _ => self.add(
                field,
                FieldRule::NotHttps,
                "use https://, so that nobody on the way can read it",
            ),
        }
    }

    fn placeholders(
        &mut self,
        field: &str,
        value: &str,
        settings: &ConnectorSettings,
        known: &[&str],
    ) {
        if value.matches('{').count() != value.matches('}').count() {
            self.add(field, FieldRule::Pattern, "a { without its }");
            return;
        }
        for name in placeholders(value) {
            if !known.contains(&name) && !settings.variables.contains_key(name) {
                let message = format!("nothing is known to put in for {{{name}}}");
                self.add(field, FieldRule::Unknown, message);
            }
        }
    }

    fn network(&mut self, settings: &ConnectorSettings) {
        if let Some(proxy) = &settings.network.proxy
            && self.text("network.proxy", proxy, true)
        {
            match Url::parse(proxy) {
                Ok(url)
                    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() =>
                {
                    self.add(
                        "network.proxy",
                        FieldRule::InvalidUrl,
                        "write the proxy as http://host:port",
                    );
                }
                Ok(url) if !url.username().is_empty() || url.password().is_some() => {
                    self.add(
                        "network.proxy",
                        FieldRule::UserInfo,
                        "a proxy address holds no user name or password",
                    );
                }
                Ok(_) => {}
                Err(_) => self.add(
                    "network.proxy",
                    FieldRule::InvalidUrl,
                    "write the proxy as http://host:port",
                ),
            }
        }
        if let Some(file) = &settings.network.ca_file {
            self.text("network.ca_file", file, true);
        }
    }

    fn sync(&mut self, settings: &ConnectorSettings) {
        let sync = &settings.sync;
        if let Some(schedule) = &sync.schedule
            && self.text("sync.schedule", schedule, true)
            && let Err(broken) = Schedule::read(schedule, DEFAULT_TIME_ZONE)
        {
            self.add("sync.schedule", FieldRule::Pattern, broken.to_string());
        }
        if let Some(zone) = &sync.time_zone
            && self.text("sync.time_zone", zone, true)
            && Schedule::read(DEFAULT_SCHEDULE, zone).is_err()
        {
            self.add(
                "sync.time_zone",
                FieldRule::Unknown,
                "this time zone is not known, e.g. Europe/Dublin",
            );
        }
        for field in sync.fields.keys().filter(|field| !field.is_kept()) {
            self.add(
                &format!("sync.fields.{}", field.as_str()),
                FieldRule::Unknown,
                "no member keeps this field, so that nothing can be settled about it",
            );
        }
        if let Some(template) = &sync.template {
            self.text("sync.template", template, true);
        }
    }
}

/// `https://user@host` and `https://@host` alike; the URL parser drops the empty form silently.
fn has_user_info(address: &str) -> bool {
    address
        .split_once("://")
        .map(|(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or_default())
        .is_some_and(|authority| authority.contains('@'))
}
