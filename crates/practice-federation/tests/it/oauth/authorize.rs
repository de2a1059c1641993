use practice_federation::{PracticeOptions, start};

use super::{
    Pairs, REDIRECT, authorization_url, code, exchange, query_of, refresh, text, value_of,
};
use crate::support::{client, get, json, practice};

#[tokio::test]
async fn the_metadata_say_what_is_there() {
    let practice = practice().await;
    let base = practice.base_url();
    let found = json(&practice, "/.well-known/oauth-authorization-server").await;
    assert_eq!(
        json(&practice, "/.well-known/openid-configuration").await,
        found,
        "clients look under either name"
    );
    assert_eq!(found["issuer"], base, "the issuer is the base address");
    for (name, path) in [
        ("authorization_endpoint", "/oauth/authorize"),
        ("token_endpoint", "/oauth/token"),
        ("revocation_endpoint", "/oauth/revoke"),
        ("device_authorization_endpoint", "/oauth/device"),
    ] {
        assert_eq!(found[name], format!("{base}{path}"), "{name} is there");
        assert_ne!(
            get(&practice, path).await.status(),
            404,
            "{name} leads somewhere"
        );
    }
    for (name, values) in [
        ("code_challenge_methods_supported", "S256"),
        ("scopes_supported", "members.read clubs.read offline_access"),
        (
            "token_endpoint_auth_methods_supported",
            "none client_secret_basic client_secret_post",
        ),
        (
            "grant_types_supported",
            "authorization_code refresh_token client_credentials \
             urn:ietf:params:oauth:grant-type:device_code \
             urn:ietf:params:oauth:grant-type:jwt-bearer",
        ),
    ] {
        let values: Vec<&str> = values.split(' ').collect();
        assert_eq!(found[name], serde_json::json!(values), "{name}");
    }
    assert_eq!(
        found["authorization_response_iss_parameter_supported"], true,
        "RFC 9207 is announced"
    );
}

#[tokio::test]
async fn what_must_not_be_sent_back_stays_on_a_page() {
    let practice = practice().await;
    let cases: &[(Pairs<'_>, &str)] = &[
        (&[("client_id", "")], "no client"),
        (&[("client_id", "stranger")], "an unknown client"),
        (&[("redirect_uri", "")], "no redirect address"),
        (
            &[("redirect_uri", "https://evil.example/")],
            "a stranger's address",
        ),
        (
            &[("redirect_uri", "com.playerarc.connectors:/other/back")],
            "another path",
        ),
        (
            &[("redirect_uri", "com.playerarc.connectors:/oauth/a/b")],
            "two segments",
        ),
        (
            &[("redirect_uri", "com.playerarc.connectors:/oauth/")],
            "no segment",
        ),
        (
            &[("redirect_uri", "com.playerarc.connectors2:/oauth/back")],
            "a scheme that begins like it",
        ),
        (
            &[("redirect_uri", "http://localhost:4711/")],
            "a name that may resolve to elsewhere",
        ),
        (
            &[("redirect_uri", "http://127.0.0.1:80@evil.example/")],
            "a host disguised as a user name",
        ),
        (
            &[("redirect_uri", "http://127.0.0.1:4711/#part")],
            "a fragment",
        ),
        (
            &[("redirect_uri", "http://127.0.0.1:99999/")],
            "a port that does not exist",
        ),
        (
            &[("redirect_uri", "https://127.0.0.1:4711/")],
            "another scheme",
        ),
    ];
    for (changes, why) in cases {
        let url = authorization_url(&practice, changes);
        let answer = client().get(&url).send().await.unwrap();
        assert_eq!(answer.status(), 400, "{why}: a page says so");
        assert!(
            !answer.headers().contains_key("location"),
            "{why}: the browser goes nowhere"
        );
        assert!(
            answer.text().await.unwrap().contains("cannot go on"),
            "{why}: in a sentence"
        );
        assert_eq!(practice.approve(&url), "", "{why}: nor does anybody else");
    }
    let twice = authorization_url(&practice, &[]) + "&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2F";
    let answer = client().get(&twice).send().await.unwrap();
    assert_eq!(answer.status(), 400, "two redirect addresses are none");
    for elsewhere in [
        "https://evil.example/oauth/authorize?a=b",
        "/oauth/authorize",
    ] {
        assert_eq!(
            practice.approve(elsewhere),
            "",
            "{elsewhere} is not this server's sign-in"
        );
    }
}

#[tokio::test]
async fn the_client_hears_what_is_wrong_with_its_request() {
    let practice = practice().await;
    let cases: &[(Pairs<'_>, &str, &str)] = &[
        (&[("code_challenge", "")], "invalid_request", "no challenge"),
        (
            &[("code_challenge_method", "")],
            "invalid_request",
            "no method means plain",
        ),
        (
            &[("code_challenge_method", "plain")],
            "invalid_request",
            "plain protects nothing",
        ),
        (
            &[("code_challenge", "short")],
            "invalid_request",
            "no SHA-256 looks so",
        ),
        (
            &[("response_type", "")],
            "invalid_request",
            "no response type",
        ),
        (
            &[("response_type", "token")],
            "unsupported_response_type",
            "the implicit flow",
        ),
        (
            &[("scope", "members.write")],
            "invalid_scope",
            "an unknown scope",
        ),
        (
            &[("client_id", "practice-worker")],
            "unauthorized_client",
            "a client without people",
        ),
    ];
    for (changes, error, why) in cases {
        let url = authorization_url(&practice, changes);
        let answer = client().get(&url).send().await.unwrap();
        assert_eq!(answer.status(), 302, "{why}: the browser goes back");
        let location = answer.headers()["location"].to_str().unwrap();
        assert!(location.starts_with(REDIRECT), "{why}: to the client");
        assert_eq!(
            value_of(location, "error").as_deref(),
            Some(*error),
            "{why}: the code"
        );
        assert_eq!(
            value_of(location, "state").as_deref(),
            Some("state & more"),
            "{why}: the state comes back as it was"
        );
        assert_eq!(
            value_of(location, "iss"),
            Some(practice.base_url()),
            "{why}: and who says so"
        );
        assert_eq!(value_of(location, "code"), None, "{why}: there is no code");
    }
    let twice = authorization_url(&practice, &[]) + "&scope=clubs.read";
    let back = practice.approve(&twice);
    assert_eq!(
        value_of(&back, "error").as_deref(),
        Some("invalid_request"),
        "a repeated parameter is refused"
    );
    let twice = authorization_url(&practice, &[]) + "&state=another";
    let back = practice.approve(&twice);
    assert_eq!(
        (
            value_of(&back, "error").as_deref(),
            value_of(&back, "state")
        ),
        (Some("invalid_request"), None),
        "a repeated state is none that could come back"
    );
}

#[tokio::test]
async fn allowed_redirect_addresses_get_the_outcome() {
    let practice = practice().await;
    for redirect in [
        REDIRECT,
        "http://127.0.0.1:4711/back",
        "http://127.0.0.1:1/",
        "http://[::1]:4711/back",
    ] {
        let url = authorization_url(&practice, &[("redirect_uri", redirect)]);
        let back = practice.approve(&url);
        assert!(
            back.starts_with(&format!("{redirect}?")),
            "{redirect}: {back}"
        );
        let names: Vec<String> = query_of(&back).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["code", "state", "iss"], "{redirect}: no more");
        let denied = practice.deny(&url);
        assert_eq!(
            value_of(&denied, "error").as_deref(),
            Some("access_denied"),
            "{redirect}: a no is a no"
        );
    }
    let with_query = "http://127.0.0.1:4711/back?tenant=1";
    let back = practice.approve(&authorization_url(
        &practice,
        &[("redirect_uri", with_query)],
    ));
    assert!(
        back.starts_with("http://127.0.0.1:4711/back?tenant=1&code="),
        "a query that is there stays: {back}"
    );
    let stateless = practice.approve(&authorization_url(&practice, &[("state", "")]));
    assert_eq!(
        value_of(&stateless, "state"),
        None,
        "no state comes back where none was sent"
    );
}

#[tokio::test]
async fn the_redirect_scheme_is_an_option() {
    let practice = start(PracticeOptions {
        redirect_scheme: "org.example.other".to_owned(),
        ..PracticeOptions::default()
    })
    .await
    .unwrap();
    let other = authorization_url(
        &practice,
        &[("redirect_uri", "org.example.other:/oauth/back")],
    );
    assert!(
        practice.approve(&other).starts_with("org.example.other:/"),
        "the scheme that was set is allowed"
    );
    assert_eq!(
        practice.approve(&authorization_url(&practice, &[])),
        "",
        "and the usual one is not"
    );
}

#[tokio::test]
async fn a_code_runs_out() {
    let practice = start(PracticeOptions {
        code_lifetime: 0,
        ..PracticeOptions::default()
    })
    .await
    .unwrap();
    let code = code(&practice, &[]);
    let answer = exchange(&practice, &code, &[]).await;
    super::assert_error(answer, 400, "invalid_grant", "a code without time").await;
}

#[tokio::test]
async fn scopes_decide_whether_one_stays_signed_in() {
    let practice = practice().await;
    for (scope, granted, stays) in [
        ("", "members.read clubs.read offline_access", true),
        ("clubs.read", "clubs.read", false),
        (
            "offline_access  members.read",
            "members.read offline_access",
            true,
        ),
    ] {
        let code = code(&practice, &[("scope", scope)]);
        let body: serde_json::Value = exchange(&practice, &code, &[]).await.json().await.unwrap();
        assert_eq!(body["scope"], granted, "`{scope}`: the scopes are said");
        let refresh_token = text(&body, "refresh_token");
        assert_eq!(
            !refresh_token.is_empty(),
            stays,
            "`{scope}`: a refresh token comes with offline_access only"
        );
        if stays {
            let again: serde_json::Value = refresh(&practice, refresh_token)
                .await
                .json()
                .await
                .unwrap();
            assert_eq!(again["scope"], granted, "`{scope}`: and keeps the scopes");
        }
    }
}
