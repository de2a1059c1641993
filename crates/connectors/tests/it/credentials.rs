//! Credentials: which values can be used, what is sealed, what is printed.

use std::collections::BTreeMap;

use connectors::credentials::{
    ApiKeyCredentials, BasicCredentials, Credentials, OAuth2Credentials, TwoStepCredentials,
};
use connectors::error::FieldRule;
use connectors::secret::SecretText;
use connectors::settings::{AuthKind, AuthSettings, HeaderSetting};
use connectors::view::CredentialsRequest;

fn secret(text: &str) -> SecretText {
    SecretText::new(text.to_owned())
}

fn keys(key: Option<&str>, second: Option<&str>, secrets: &[(&str, &str)]) -> Credentials {
    Credentials::ApiKey(ApiKeyCredentials {
        api_key: key.map(secret),
        secondary_api_key: second.map(secret),
        secrets: secrets
            .iter()
            .map(|(name, value)| ((*name).to_owned(), secret(value)))
            .collect(),
    })
}

fn basic(username: &str, password: &str) -> Credentials {
    Credentials::Basic(BasicCredentials {
        username: username.to_owned(),
        password: secret(password),
    })
}

fn auth(kind: AuthKind, secret_headers: &[&str]) -> AuthSettings {
    AuthSettings {
        kind,
        headers: secret_headers
            .iter()
            .map(|name| HeaderSetting {
                name: (*name).to_owned(),
                secret: true,
                value: None,
            })
            .collect(),
        ..AuthSettings::default()
    }
}

#[test]
#[allow(clippy::too_many_lines, reason = "a table of cases")]
fn every_rule_names_its_field_and_never_the_value() {
    use FieldRule as R;
    let canary = "canary-3b1f";
    let broken = |end: &str| format!("{canary}{end}");
    let long = canary.repeat(2_000);
    let by_key = || auth(AuthKind::ApiKey, &[]);
    let login = || auth(AuthKind::Basic, &[]);
    for (case, credentials, auth, expected) in [
        ("good key", keys(Some(canary), None, &[]), by_key(), vec![]),
        (
            "no key",
            keys(None, None, &[]),
            by_key(),
            vec![("credentials.api_key", R::Required)],
        ),
        (
            "empty key",
            keys(Some(""), None, &[]),
            by_key(),
            vec![("credentials.api_key", R::Required)],
        ),
        (
            "line break",
            keys(Some(&broken("\n")), None, &[]),
            by_key(),
            vec![("credentials.api_key", R::ControlCharacter)],
        ),
        (
            "NUL",
            keys(Some(&broken("\0")), None, &[]),
            by_key(),
            vec![("credentials.api_key", R::ControlCharacter)],
        ),
        (
            "space",
            keys(Some(&broken(" ")), None, &[]),
            by_key(),
            vec![("credentials.api_key", R::Pattern)],
        ),
        (
            "long",
            keys(Some(&long), None, &[]),
            by_key(),
            vec![("credentials.api_key", R::TooLong)],
        ),
        (
            "second key",
            keys(Some("a"), Some(&broken("\r")), &[]),
            by_key(),
            vec![("credentials.secondary_api_key", R::ControlCharacter)],
        ),
        (
            "header takes key",
            keys(Some(canary), None, &[]),
            auth(AuthKind::ApiKey, &["X-A"]),
            vec![],
        ),
        (
            "header by name",
            keys(None, None, &[("x-a", canary)]),
            auth(AuthKind::ApiKey, &["X-A"]),
            vec![],
        ),
        (
            "one of two",
            keys(None, None, &[("X-A", canary)]),
            auth(AuthKind::ApiKey, &["X-A", "X-B"]),
            vec![("credentials.secrets.X-B", R::Required)],
        ),
        (
            "key nobody takes",
            keys(Some(canary), None, &[("X-A", "a"), ("X-B", "b")]),
            auth(AuthKind::ApiKey, &["X-A", "X-B"]),
            vec![("credentials.api_key", R::NotForKind)],
        ),
        (
            "unknown header",
            keys(Some("a"), None, &[(canary, "a")]),
            by_key(),
            vec![("credentials.secrets", R::Unknown)],
        ),
        (
            "bad header value",
            keys(None, None, &[("X-A", &broken("\n"))]),
            auth(AuthKind::ApiKey, &["X-A"]),
            vec![("credentials.secrets.X-A", R::ControlCharacter)],
        ),
        ("good login", basic("user", canary), login(), vec![]),
        ("empty password", basic("user", ""), login(), vec![]),
        (
            "spaces in a password",
            basic("user", &broken(" ")),
            login(),
            vec![],
        ),
        (
            "colon",
            basic(&broken(":"), "p"),
            login(),
            vec![("credentials.username", R::Pattern)],
        ),
        (
            "no user",
            basic("", canary),
            login(),
            vec![("credentials.username", R::Required)],
        ),
        (
            "password break",
            basic("u", &broken("\n")),
            login(),
            vec![("credentials.password", R::ControlCharacter)],
        ),
        (
            "another kind",
            basic("u", canary),
            by_key(),
            vec![("credentials.type", R::NotForKind)],
        ),
    ] {
        let found = credentials.check(&auth);
        let rules: Vec<(&str, FieldRule)> = found
            .iter()
            .map(|error| (error.field.as_str(), error.rule))
            .collect();
        assert_eq!(rules, expected, "{case}");
        assert!(
            !format!("{found:?}").contains(canary),
            "{case}: no value in a sentence"
        );
        assert!(
            !format!("{credentials:?}").contains(canary)
                || case == "colon"
                || case == "unknown header",
            "{case}: no secret in Debug"
        );
    }
}

#[test]
fn what_is_sealed_comes_back_the_same() {
    let tokens = Credentials::OAuth2(OAuth2Credentials {
        client_id: "c".to_owned(),
        client_secret: Some(secret("s\"\\")),
        private_key: Some(secret("-----BEGIN\nKEY-----\u{1}")),
        private_key_password: None,
    });
    let two_step = Credentials::TwoStep(TwoStepCredentials {
        secret: None,
        username: Some("Áine".to_owned()),
        password: Some(secret("p")),
    });
    for credentials in [
        keys(Some("k"), Some("k2"), &[("X-A", "ä\u{1}")]),
        keys(None, None, &[]),
        basic("Áine", "\"p:w\\"),
        tokens,
        two_step,
    ] {
        let bytes = credentials.to_sealed_json().unwrap();
        assert!(
            bytes.capacity() >= bytes.len() && bytes.capacity() >= 256,
            "reserved at once"
        );
        assert_eq!(
            Credentials::from_sealed_json(&bytes).unwrap(),
            credentials,
            "nothing is lost"
        );
    }
}

#[test]
fn broken_bytes_are_refused_without_being_quoted() {
    for bytes in [
        "".as_bytes(),
        b"{}",
        br#"{"type":"api_key","api_key":{"canary":1}}"#,
        br#"{"type":"canary"}"#,
        br#"{"type":"basic","username":"canary"}"#,
    ] {
        let error = Credentials::from_sealed_json(bytes).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(
            !shown.contains("canary"),
            "the parser's text quotes: {shown}"
        );
    }
}

#[test]
fn a_request_is_taken_apart_and_its_day_checked() {
    for (day, good) in [
        ("2027-03-31", true),
        ("2027-02-30", false),
        ("31/03/2027", false),
        ("2027-3-1", false),
        ("2027-03-31T00", false),
        ("", false),
    ] {
        let incoming = Credentials::from_request(CredentialsRequest::ApiKey {
            api_key: Some(secret("k")),
            secondary_api_key: None,
            secrets: BTreeMap::new(),
            expires_on: Some(day.to_owned()),
            webhook_secret: Some(secret("w")),
        });
        assert_eq!(incoming.credentials.kind(), AuthKind::ApiKey, "the kind");
        assert!(incoming.webhook_secret.is_some(), "travels beside");
        let found = incoming.check(&auth(AuthKind::ApiKey, &[]));
        assert_eq!(found.is_empty(), good, "{day:?}: {found:?}");
    }
}
