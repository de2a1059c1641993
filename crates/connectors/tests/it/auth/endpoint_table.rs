//! Where a sign-in may go, and whose answer it may take.

use connectors::auth::endpoints::{Metadata, endpoints, needs_discovery};
use connectors::auth::transaction::Transaction;
use connectors::failure::Finding;
use connectors::secret::SecretText;
use connectors::settings::{AuthKind, ConnectorSettings, Grant};

const OWN: &str = "com.playerarc.connectors:/oauth/club";
const ISSUER: &str = "https://id.example";

fn oauth() -> ConnectorSettings {
    let mut settings = testkit::settings("club", "https://api.example");
    settings.allow_http_loopback = false;
    settings.auth.kind = AuthKind::OAuth2;
    settings.auth.issuer = Some(ISSUER.to_owned());
    settings
}

fn metadata() -> Metadata {
    Metadata {
        issuer: ISSUER.to_owned(),
        authorization_endpoint: Some("https://id.example/authorize".to_owned()),
        token_endpoint: Some("https://id.example/token".to_owned()),
        ..Metadata::default()
    }
}

#[test]
#[expect(
    clippy::too_many_lines,
    reason = "a table with a change of settings a line"
)]
fn endpoints_are_those_of_the_settings_or_of_the_issuers_own_origin() {
    type Change = fn(&mut ConnectorSettings, &mut Metadata);
    let cases: [(&str, Grant, Change, Result<&str, Finding>); 14] = [
        (
            "as described",
            Grant::AuthorizationCode,
            |_, _| {},
            Ok("https://id.example/token"),
        ),
        (
            "the default port is no other origin",
            Grant::AuthorizationCode,
            |_, m| {
                m.token_endpoint = Some("https://id.example:443/token".to_owned());
            },
            Ok("https://id.example/token"),
        ),
        (
            "written out wins",
            Grant::AuthorizationCode,
            |s, _| {
                s.auth.token_endpoint = Some("https://other.example/t".to_owned());
            },
            Ok("https://other.example/t"),
        ),
        (
            "another host",
            Grant::AuthorizationCode,
            |_, m| {
                m.token_endpoint = Some("https://evil.example/token".to_owned());
            },
            Err(Finding::IssuerMismatch),
        ),
        (
            "a host that only begins alike",
            Grant::AuthorizationCode,
            |_, m| {
                m.token_endpoint = Some("https://id.example.evil.example/token".to_owned());
            },
            Err(Finding::IssuerMismatch),
        ),
        (
            "a user before another host",
            Grant::AuthorizationCode,
            |_, m| {
                m.token_endpoint = Some("https://id.example@evil.example/token".to_owned());
            },
            Err(Finding::IssuerMismatch),
        ),
        (
            "another port",
            Grant::AuthorizationCode,
            |_, m| {
                m.token_endpoint = Some("https://id.example:8443/token".to_owned());
            },
            Err(Finding::IssuerMismatch),
        ),
        (
            "http",
            Grant::AuthorizationCode,
            |_, m| {
                m.token_endpoint = Some("http://id.example/token".to_owned());
            },
            Err(Finding::IssuerMismatch),
        ),
        (
            "no address",
            Grant::AuthorizationCode,
            |_, m| {
                m.token_endpoint = Some("javascript:alert(1)".to_owned());
            },
            Err(Finding::IssuerMismatch),
        ),
        (
            "none at all",
            Grant::AuthorizationCode,
            |_, m| {
                m.token_endpoint = None;
            },
            Err(Finding::SettingUnusable),
        ),
        (
            "plain only",
            Grant::AuthorizationCode,
            |_, m| {
                m.code_challenge_methods_supported = Some(vec!["plain".to_owned()]);
            },
            Err(Finding::PkceUnsupported),
        ),
        (
            "plain only, where PKCE is not used",
            Grant::ClientCredentials,
            |_, m| {
                m.code_challenge_methods_supported = Some(vec!["plain".to_owned()]);
            },
            Ok("https://id.example/token"),
        ),
        (
            "a bad endpoint that is not used",
            Grant::ClientCredentials,
            |_, m| {
                m.authorization_endpoint = Some("https://evil.example/a".to_owned());
            },
            Ok("https://id.example/token"),
        ),
        (
            "no device endpoint",
            Grant::DeviceCode,
            |_, _| {},
            Err(Finding::SettingUnusable),
        ),
    ];
    for (what, grant, change, expected) in cases {
        let (mut settings, mut metadata) = (oauth(), metadata());
        change(&mut settings, &mut metadata);
        let found = endpoints(&settings, Some(&metadata), grant).map(|one| one.token.to_string());
        assert_eq!(found.as_deref().map_err(|error| *error), expected, "{what}");
    }
    let mut settings = oauth();
    assert!(
        needs_discovery(&settings.auth, Grant::AuthorizationCode),
        "nothing is written out"
    );
    settings.auth.token_endpoint = Some("https://id.example/token".to_owned());
    assert!(
        needs_discovery(&settings.auth, Grant::AuthorizationCode),
        "one is missing"
    );
    assert!(
        !needs_discovery(&settings.auth, Grant::ClientCredentials),
        "that is all it needs"
    );
    settings.auth.authorization_endpoint = Some("https://id.example/a".to_owned());
    assert!(
        !needs_discovery(&settings.auth, Grant::AuthorizationCode),
        "both are there"
    );
    let mut other = metadata();
    other.revocation_endpoint = Some("https://evil.example/revoke".to_owned());
    let found = endpoints(&oauth(), Some(&other), Grant::AuthorizationCode).unwrap();
    assert_eq!(
        found.revocation, None,
        "a token is not given back to a stranger"
    );
}

#[test]
fn an_issuer_is_accepted_letter_by_letter() {
    let transaction = |issuer: Option<&str>, issuer_required| Transaction {
        verifier: SecretText::new("v".to_owned()),
        redirect_uri: OWN.to_owned(),
        issuer: issuer.map(str::to_owned),
        issuer_required,
        authorization_endpoint: String::new(),
        token_endpoint: String::new(),
        revocation_endpoint: None,
        scopes: Vec::new(),
    };
    for (known, required, said, is_success, expected) in [
        (Some(ISSUER), true, Some(ISSUER), true, true),
        (Some(ISSUER), true, None, true, false),
        (Some(ISSUER), true, None, false, true),
        (Some(ISSUER), false, None, true, true),
        (
            Some(ISSUER),
            false,
            Some("https://id.example/"),
            true,
            false,
        ),
        (Some(ISSUER), false, Some("https://ID.example"), true, false),
        (
            Some(ISSUER),
            false,
            Some("https://evil.example"),
            false,
            false,
        ),
        (
            Some(ISSUER),
            true,
            Some("https://evil.example"),
            false,
            false,
        ),
        (None, false, Some("https://any.example"), true, true),
        (None, false, None, true, true),
        (None, true, None, true, false),
    ] {
        assert_eq!(
            transaction(known, required).accepts_issuer(said, is_success),
            expected,
            "known {known:?}, required {required}, said {said:?}, success {is_success}"
        );
    }
}
