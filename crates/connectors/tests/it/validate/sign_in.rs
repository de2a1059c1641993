//! The rules of signing in: which key belongs to which kind, what each grant needs, and what may not
//! be set because the product sets it.

use connectors::error::FieldRule::{
    self, InvalidUrl, NotForKind, NotHttps, OutOfRange, Pattern, Required, Unknown,
};
use connectors::settings::{AuthKind, ConnectorSettings, Grant, Redirect, TwoStepSettings};

use super::{broken, good};
use connectors::validate::check;

fn oauth() -> ConnectorSettings {
    let mut settings = good();
    settings.auth.kind = AuthKind::OAuth2;
    settings.auth.issuer = Some("https://id.example.org".into());
    settings
}

fn two_step() -> ConnectorSettings {
    let mut settings = good();
    settings.auth.kind = AuthKind::TwoStep;
    settings.auth.two_step = Some(TwoStepSettings {
        url: "/Auth".into(),
        token_path: "data.accessToken".into(),
        ..TwoStepSettings::default()
    });
    settings
}

fn found(settings: &ConnectorSettings) -> Vec<(String, FieldRule)> {
    check(settings)
        .into_iter()
        .map(|found| (found.field, found.rule))
        .collect()
}

/// One change of good settings and the rule that it breaks.
type Case = (fn(&mut ConnectorSettings), &'static str, FieldRule);

#[test]
fn good_settings_of_each_grant_break_no_rule() {
    assert_eq!(found(&oauth()), [], "an issuer is enough");
    assert_eq!(found(&two_step()), [], "an address and a path are enough");
    for grant in [
        Grant::AuthorizationCode,
        Grant::ClientCredentials,
        Grant::DeviceCode,
        Grant::JwtBearer,
    ] {
        let mut settings = oauth();
        settings.auth.grant = Some(grant);
        assert_eq!(found(&settings), [], "{grant:?} with an issuer");
    }
    let mut full = oauth();
    full.auth.issuer = None;
    full.auth.authorization_endpoint = Some("https://id.example.org/authorize?tenant=1".into());
    full.auth.token_endpoint = Some("https://{tenant}.example.org/token".into());
    full.variables.insert("tenant".into(), "club".into());
    full.auth.revocation_endpoint = Some("https://id.example.org/revoke".into());
    full.auth.scopes = vec!["members.read".into(), "urn:x:y#z".into()];
    full.auth.audience = Some("https://api.example.org".into());
    full.auth.redirect = Some(Redirect::Loopback);
    full.auth.loopback_port = Some(49_152);
    full.auth.redirect_path = Some("/callback/my_club".into());
    full.auth
        .extra_parameters
        .insert("prompt".into(), "consent".into());
    assert_eq!(found(&full), [], "everything written out");
}

/// Changes of a good sign-in, each with the rule that it breaks.
const BAD_SIGN_INS: [Case; 17] = [
    (
        |s| s.auth.issuer = None,
        "auth.authorization_endpoint",
        Required,
    ),
    (
        |s| s.auth.issuer = Some("http://id.example.org".into()),
        "auth.issuer",
        NotHttps,
    ),
    (
        |s| s.auth.issuer = Some("https://id.example.org/?a=1".into()),
        "auth.issuer",
        InvalidUrl,
    ),
    (
        |s| s.auth.token_endpoint = Some("ftp://id.example.org".into()),
        "auth.token_endpoint",
        NotHttps,
    ),
    (
        |s| s.auth.token_endpoint = Some("https://{who}.example.org/".into()),
        "auth.token_endpoint",
        Unknown,
    ),
    (
        |s| s.auth.revocation_endpoint = Some("nowhere".into()),
        "auth.revocation_endpoint",
        InvalidUrl,
    ),
    (
        |s| s.auth.scopes = vec!["two words".into()],
        "auth.scopes.0",
        Pattern,
    ),
    (
        |s| s.auth.scopes = vec!["a".into(), "\"".into()],
        "auth.scopes.1",
        Pattern,
    ),
    (
        |s| s.auth.loopback_port = Some(80),
        "auth.loopback_port",
        OutOfRange,
    ),
    (
        |s| s.auth.redirect_path = Some("oauth".into()),
        "auth.redirect_path",
        Pattern,
    ),
    (
        |s| s.auth.redirect_path = Some("/a/../b".into()),
        "auth.redirect_path",
        Pattern,
    ),
    (
        |s| s.auth.redirect_path = Some("/a%2Fb".into()),
        "auth.redirect_path",
        Pattern,
    ),
    (
        |s| s.auth.redirect_path = Some("/".into()),
        "auth.redirect_path",
        Pattern,
    ),
    (
        |s| {
            s.auth.extra_parameters.insert("state".into(), "x".into());
        },
        "auth.extra_parameters.state",
        NotForKind,
    ),
    (
        |s| {
            s.auth
                .extra_parameters
                .insert("code_challenge_method".into(), "plain".into());
        },
        "auth.extra_parameters.code_challenge_method",
        NotForKind,
    ),
    (
        |s| s.auth.header = Some("X-Key".into()),
        "auth.header",
        NotForKind,
    ),
    (
        |s| s.auth.two_step = Some(TwoStepSettings::default()),
        "auth.two_step",
        NotForKind,
    ),
];

#[test]
fn what_a_sign_in_may_not_be_is_refused() {
    for (number, (change, field, rule)) in BAD_SIGN_INS.iter().enumerate() {
        let mut settings = oauth();
        change(&mut settings);
        let found = found(&settings);
        assert!(
            found.contains(&((*field).to_owned(), *rule)),
            "case {number}: {field} must break {rule:?}, found {found:?}"
        );
    }
}

#[test]
fn each_grant_needs_its_own_endpoints_where_there_is_no_issuer() {
    for (grant, needed) in [
        (
            Grant::AuthorizationCode,
            &["auth.authorization_endpoint", "auth.token_endpoint"][..],
        ),
        (
            Grant::DeviceCode,
            &["auth.device_authorization_endpoint", "auth.token_endpoint"],
        ),
        (Grant::ClientCredentials, &["auth.token_endpoint"]),
        (Grant::JwtBearer, &["auth.token_endpoint"]),
    ] {
        let mut settings = oauth();
        settings.auth.issuer = None;
        settings.auth.grant = Some(grant);
        let expected: Vec<_> = needed
            .iter()
            .map(|field| ((*field).to_owned(), Required))
            .collect();
        assert_eq!(found(&settings), expected, "{grant:?}");
    }
}

#[test]
fn a_two_step_sign_in_says_where_and_what() {
    let cases: [Case; 7] = [
        (|s| s.auth.two_step = None, "auth.two_step", Required),
        (
            |s| s.auth.two_step.as_mut().unwrap().url = String::new(),
            "auth.two_step.url",
            Required,
        ),
        (
            |s| s.auth.two_step.as_mut().unwrap().url = "/{federation_org_id}/auth".into(),
            "auth.two_step.url",
            NotForKind,
        ),
        (
            |s| s.auth.two_step.as_mut().unwrap().token_path = String::new(),
            "auth.two_step.token_path",
            Required,
        ),
        (
            |s| s.auth.two_step.as_mut().unwrap().lifetime_seconds = Some(0),
            "auth.two_step.lifetime_seconds",
            OutOfRange,
        ),
        (
            |s| s.auth.two_step.as_mut().unwrap().content_type = Some("json".into()),
            "auth.two_step.content_type",
            Pattern,
        ),
        (
            |s| s.auth.issuer = Some("https://id.example.org".into()),
            "auth.issuer",
            NotForKind,
        ),
    ];
    for (number, (change, field, rule)) in cases.into_iter().enumerate() {
        let mut settings = two_step();
        change(&mut settings);
        let found = found(&settings);
        assert!(
            found.contains(&(field.to_owned(), rule)),
            "case {number}: {field} must break {rule:?}, found {found:?}"
        );
    }
}

#[test]
fn sign_in_keys_do_not_belong_to_the_other_kinds() {
    for kind in [AuthKind::ApiKey, AuthKind::Basic, AuthKind::None] {
        let found = broken(|s| {
            s.auth.kind = kind;
            s.auth.scopes = vec!["a".into()];
            s.auth.loopback_port = Some(5_000);
            s.auth.grant = Some(Grant::DeviceCode);
        });
        let fields: Vec<&str> = found.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(
            fields,
            ["auth.grant", "auth.scopes", "auth.loopback_port"],
            "{} has no use for them",
            kind.as_str()
        );
    }
}
