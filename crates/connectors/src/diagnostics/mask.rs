//! The net under what diagnostics hold: settings without values that people paste by mistake, texts without the home folder and
//! without e-mail addresses. Pure; says too little rather than too much.

use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::settings::ConnectorSettings;

/// What stands in place of a value.
pub const LEFT_OUT: &str = "[left out]";

/// A run of letters and digits this long, with both in it, is taken for a key.
const KEY_RUN: usize = 16;
/// A word this long with [`KEY_DIGITS`] digits is too, also with hyphens and underscores in it.
const KEY_WORD: usize = 24;
const KEY_DIGITS: usize = 6;

/// The home folder of anybody, with the name of the account.
static HOMES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?:/home|/Users|[A-Za-z]:[\\/]+Users)[\\/]+[^\\/"'\n,;:)]+"#).ok()
});
static EMAILS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+").ok());

/// A text without the home folder (`~` stands for it) and without e-mail addresses.
#[must_use]
pub fn text(text: &str, home: Option<&Path>) -> String {
    let mut masked = match home.and_then(Path::to_str) {
        Some(home) if home.len() > 1 => text.replace(home.trim_end_matches(['/', '\\']), "~"),
        _ => text.to_owned(),
    };
    if let Some(homes) = &*HOMES {
        masked = homes.replace_all(&masked, "~").into_owned();
    }
    match &*EMAILS {
        Some(emails) => emails
            .replace_all(&masked, "[e-mail left out]")
            .into_owned(),
        None => masked,
    }
}

/// Settings as they may be handed on. None where what is left is no settings any more.
#[must_use]
pub fn settings(settings: &ConnectorSettings) -> Option<ConnectorSettings> {
    let mut value = serde_json::to_value(settings).ok()?;
    for pointer in ["/variables", "/auth/extra_parameters"] {
        if let Some(Value::Object(values)) = value.pointer_mut(pointer) {
            for one in values.values_mut() {
                *one = Value::String(LEFT_OUT.to_owned());
            }
        }
    }
    if let Some(Value::Array(headers)) = value.pointer_mut("/auth/headers") {
        for header in headers {
            if let Some(one) = header.get_mut("value").filter(|one| one.is_string()) {
                *one = Value::String(LEFT_OUT.to_owned());
            }
        }
    }
    serde_json::from_value(walked(value)).ok()
}

fn walked(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(setting(&text)),
        Value::Array(list) => list.into_iter().map(walked).collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (without_keys(&name), walked(value)))
            .collect(),
        other => other,
    }
}

/// A text that a person wrote as a setting: an address without user, without values of its query and without a fragment; nothing
/// that looks like a key.
#[must_use]
pub fn setting(text: &str) -> String {
    let (before, query) = match text.split_once('?') {
        Some((before, query)) => (before, Some(query)),
        None => (text, None),
    };
    let mut masked = without_keys(&without_user(before.split('#').next().unwrap_or_default()));
    if let Some(query) = query {
        let query = query.split('#').next().unwrap_or_default();
        let pairs: Vec<String> = query.split('&').map(pair).collect();
        masked.push('?');
        masked.push_str(&pairs.join("&"));
    }
    masked
}

fn pair(pair: &str) -> String {
    match pair.split_once('=') {
        // A placeholder says where a value goes; it is none.
        Some((name, value)) if value.starts_with('{') && value.ends_with('}') => {
            format!("{}={}", without_keys(name), without_keys(value))
        }
        Some((name, "")) => format!("{}=", without_keys(name)),
        Some((name, _)) => format!("{}={LEFT_OUT}", without_keys(name)),
        // A value without a name may be a key as well.
        None if pair.is_empty() || (pair.starts_with('{') && pair.ends_with('}')) => {
            pair.to_owned()
        }
        None => LEFT_OUT.to_owned(),
    }
}

fn without_user(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else {
        return address.to_owned();
    };
    let (authority, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    match authority.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}://{LEFT_OUT}@{host}{path}"),
        None => address.to_owned(),
    }
}

fn without_keys(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut word = String::new();
    for sign in text.chars() {
        if sign.is_alphanumeric() || matches!(sign, '_' | '-') {
            word.push(sign);
        } else {
            masked.push_str(shown(&word));
            word.clear();
            masked.push(sign);
        }
    }
    masked.push_str(shown(&word));
    masked
}

fn shown(word: &str) -> &str {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let long_run = word.split(['_', '-']).any(|run| {
        run.chars().count() >= KEY_RUN
            && run.contains(|sign: char| sign.is_ascii_digit())
            && run.contains(char::is_alphabetic)
    });
    let long_word = word.chars().count() >= KEY_WORD && digits >= KEY_DIGITS;
    if long_run || long_word {
        LEFT_OUT
    } else {
        word
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::HeaderSetting;

    #[test]
    fn a_setting_keeps_what_explains_it_and_no_value_of_its_query() {
        for (text, expected) in [
            ("https://api.example.org/v1", "https://api.example.org/v1"),
            (
                "/v1/clubs/{federation_org_id}/members?page={page}&size=",
                "/v1/clubs/{federation_org_id}/members?page={page}&size=",
            ),
            (
                "/v1/members?api_token=hunter2&x=1",
                "/v1/members?api_token=[left out]&x=[left out]",
            ),
            ("/v1/members?hunter2", "/v1/members?[left out]"),
            ("/v1/members?{page}", "/v1/members?{page}"),
            ("/v1/members?0123456789abcdef0123", "/v1/members?[left out]"),
            (
                "https://me:secret@api.example.org/v1",
                "https://[left out]@api.example.org/v1",
            ),
            (
                "https://api.example.org/9f86d081884c7d659a2feaa0/members",
                "https://api.example.org/[left out]/members",
            ),
            ("/v1#sk_live_51Habc", "/v1"),
            (
                "club-api-2024-production.example.org",
                "club-api-2024-production.example.org",
            ),
            ("sk-live-1234-5678-9012-3456", "[left out]"),
            ("data.members[0].last_name", "data.members[0].last_name"),
            ("Cumann Lúthchleas Gael", "Cumann Lúthchleas Gael"),
        ] {
            assert_eq!(setting(text), expected, "{text}");
        }
    }

    #[test]
    fn values_of_headers_variables_and_sign_in_parameters_are_left_out_and_their_names_stay() {
        let mut given = ConnectorSettings {
            code: "football".to_owned(),
            ..ConnectorSettings::default()
        };
        given.auth.headers = vec![HeaderSetting {
            name: "X-Tenant".to_owned(),
            secret: false,
            value: Some("hunter2".to_owned()),
        }];
        given
            .auth
            .extra_parameters
            .insert("prompt".to_owned(), "hunter2".to_owned());
        given
            .variables
            .insert("tenant".to_owned(), "hunter2".to_owned());
        let masked =
            settings(&given).map(|masked| serde_json::to_string(&masked).unwrap_or_default());
        let masked = masked.unwrap_or_default();
        assert!(!masked.contains("hunter2"), "no value is left: {masked}");
        for name in ["X-Tenant", "prompt", "tenant", "football"] {
            assert!(masked.contains(name), "{name} stays: {masked}");
        }
    }

    #[test]
    fn the_home_folder_and_addresses_of_people_are_left_out() {
        let home = Path::new("/srv/people/mary");
        for (given, expected) in [
            (
                "/srv/people/mary/data/connectors.db",
                "~/data/connectors.db",
            ),
            ("could not write /home/mary/x", "could not write ~/x"),
            ("C:\\Users\\Mary Ryan\\AppData", "~\\AppData"),
            ("/Users/mary", "~"),
            (
                "/var/lib/federation-connectors",
                "/var/lib/federation-connectors",
            ),
            (
                "ask mary.ryan@example.ie today",
                "ask [e-mail left out] today",
            ),
        ] {
            assert_eq!(text(given, Some(home)), expected, "{given}");
        }
        assert_eq!(
            text("/home/x/y", None),
            "~/y",
            "without a home of its own too"
        );
    }
}
