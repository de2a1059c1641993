//! Settings and credentials become headers and parameters.

use std::collections::BTreeMap;

use connectors::api::authenticate::{KeyChoice, authentication, authentication_with, bearer};
use connectors::credentials::{
    ApiKeyCredentials, BasicCredentials, Credentials, OAuth2Credentials,
};
use connectors::failure::Finding;
use connectors::settings::{AuthKind, AuthSettings, HeaderSetting};

use super::server::{key, secret};

fn api_key() -> AuthSettings {
    AuthSettings {
        kind: AuthKind::ApiKey,
        ..AuthSettings::default()
    }
}

#[test]
fn one_header_with_every_kind_of_prefix() {
    for (header, prefix, name, value) in [
        (None, None, "x-api-key", "k"),
        (None, Some(""), "x-api-key", "k"),
        (
            Some("Authorization"),
            Some("Bearer"),
            "authorization",
            "Bearer k",
        ),
        (
            Some("Authorization"),
            Some("Bearer "),
            "authorization",
            "Bearer k",
        ),
        (
            Some("Authorization"),
            Some("Token token="),
            "authorization",
            "Token token=k",
        ),
        (Some("X-Own"), Some("API-Key"), "x-own", "API-Key k"),
    ] {
        let auth = AuthSettings {
            header: header.map(str::to_owned),
            prefix: prefix.map(str::to_owned),
            ..api_key()
        };
        let made = authentication(&auth, Some(&key("k"))).unwrap();
        assert_eq!(made.headers.len(), 1, "{prefix:?}: one header");
        assert_eq!(made.headers[0].0, name, "{prefix:?}: its name");
        assert_eq!(made.headers[0].1, value, "{prefix:?}: its value");
        assert!(
            made.headers[0].1.is_sensitive(),
            "{prefix:?}: never printed"
        );
        assert!(made.query.is_empty(), "{prefix:?}: nothing in the address");
    }
}

#[test]
fn a_key_outside_ascii_is_sent_as_utf_8() {
    let made = authentication(&api_key(), Some(&key("fáda"))).unwrap();
    assert_eq!(
        made.headers[0].1.as_bytes(),
        "fáda".as_bytes(),
        "byte for byte"
    );
}

#[test]
fn what_is_missing_is_told_by_kind() {
    let basic = Credentials::Basic(BasicCredentials {
        username: "u".to_owned(),
        password: secret("p"),
    });
    let client_only = Credentials::OAuth2(OAuth2Credentials {
        client_id: "c".to_owned(),
        ..OAuth2Credentials::default()
    });
    let secret_header = HeaderSetting {
        name: "X-A".to_owned(),
        secret: true,
        value: None,
    };
    let two = AuthSettings {
        headers: vec![
            secret_header.clone(),
            HeaderSetting {
                name: "X-B".to_owned(),
                ..secret_header
            },
        ],
        ..api_key()
    };
    let of = |kind| AuthSettings {
        kind,
        ..AuthSettings::default()
    };
    let broken = AuthSettings {
        header: Some("No Header".to_owned()),
        ..api_key()
    };
    for (case, auth, credentials, expected) in [
        ("nothing", api_key(), None, Finding::CredentialsMissing),
        (
            "another kind",
            api_key(),
            Some(&basic),
            Finding::CredentialsMissing,
        ),
        (
            "empty key",
            api_key(),
            Some(&key("")),
            Finding::CredentialsMissing,
        ),
        (
            "one key for two headers",
            two,
            Some(&key("k")),
            Finding::CredentialsMissing,
        ),
        (
            "nobody signed in",
            of(AuthKind::OAuth2),
            Some(&client_only),
            Finding::SignInNeeded,
        ),
        (
            "no client",
            of(AuthKind::OAuth2),
            None,
            Finding::SignInNeeded,
        ),
        (
            "no login",
            of(AuthKind::Basic),
            None,
            Finding::CredentialsMissing,
        ),
        (
            "header name",
            broken,
            Some(&key("k")),
            Finding::SettingUnusable,
        ),
        (
            "line break",
            api_key(),
            Some(&key("k\r\nX-Evil: 1")),
            Finding::SettingUnusable,
        ),
    ] {
        assert_eq!(
            authentication(&auth, credentials).unwrap_err(),
            expected,
            "{case}"
        );
    }
}

#[test]
fn one_secret_header_may_take_the_key_and_the_second_key() {
    let header = |name: &str, value: Option<&str>| HeaderSetting {
        name: name.to_owned(),
        secret: value.is_none(),
        value: value.map(str::to_owned),
    };
    let auth = AuthSettings {
        headers: vec![header("X-Club", Some("7")), header("X-Key", None)],
        ..api_key()
    };
    let keys = Credentials::ApiKey(ApiKeyCredentials {
        api_key: Some(secret("one")),
        secondary_api_key: Some(secret("two")),
        secrets: BTreeMap::new(),
    });
    for (choice, expected) in [(KeyChoice::Primary, "one"), (KeyChoice::Secondary, "two")] {
        let made = authentication_with(&auth, Some(&keys), choice).unwrap();
        let values: Vec<_> = made.headers.iter().map(|(_, v)| v.as_bytes()).collect();
        assert_eq!(values, [b"7".as_slice(), expected.as_bytes()], "{choice:?}");
    }
    let plain = AuthSettings {
        headers: vec![header("X-Club", Some("7"))],
        ..api_key()
    };
    assert_eq!(
        authentication(&plain, None).unwrap().headers.len(),
        1,
        "headers without a secret need no credentials"
    );
}

#[test]
fn a_token_is_a_bearer() {
    let made = bearer(&secret("t")).unwrap();
    assert_eq!(made.headers[0].0, "authorization", "RFC 6750 §2.1");
    assert_eq!(made.headers[0].1, "Bearer t", "RFC 6750 §2.1");
}
