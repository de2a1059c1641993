//! Attacks 47 to 57: answers of the token endpoint that lack something, hold what cannot be, are errors,
//! or are cut; in the exchange of a good code, and in a renewal.

use connectors::failure::Finding;
use connectors::view::SignInState;
use serde_json::json;

use super::server::Act;
use super::support::{CLUB, SCOPES, Scene, exchange_gets, exchange_meets, found};
use crate::api::server::{Reply, answer, json as good};

/// A whole answer that could be used, with one member bent.
fn bent(name: &str, value: &serde_json::Value) -> Reply {
    let mut body = json!({ "access_token": "stolen", "token_type": "Bearer", "expires_in": 3600 });
    body[name] = value.clone();
    good(&body.to_string())
}

#[tokio::test]
async fn attack_47_missing_access_token() {
    for body in [
        json!({ "token_type": "Bearer", "expires_in": 3600 }),
        json!({ "access_token": "", "token_type": "Bearer" }),
        json!({ "access_token": null, "token_type": "Bearer" }),
        json!({ "access_token": 7, "token_type": "Bearer" }),
        json!({ "access_token": ["a"], "token_type": "Bearer" }),
        json!({ "access_token": "a\r\nX-Evil: 1", "token_type": "Bearer" }),
        json!({ "access_token": "with space", "token_type": "Bearer" }),
        json!({ "access_token": "x".repeat(16 * 1024 + 1), "token_type": "Bearer" }),
        json!({ "id_token": "only", "token_type": "Bearer" }),
    ] {
        let told = exchange_gets(good(&body.to_string())).await;
        assert_eq!(told, Finding::TokenUnusable, "{body:.80}");
    }
}

#[tokio::test]
async fn attack_48_missing_token_type() {
    for body in [
        json!({ "access_token": "stolen" }),
        json!({ "access_token": "stolen", "token_type": "" }),
        json!({ "access_token": "stolen", "token_type": null }),
    ] {
        let told = exchange_gets(good(&body.to_string())).await;
        assert_eq!(told, Finding::TokenUnusable, "{body}");
    }
}

#[tokio::test]
async fn attack_49_a_token_type_that_is_not_known() {
    for word in ["mac", "DPoP", "N_A", "bearer ", "Bearer,mac"] {
        let told = exchange_gets(bent("token_type", &word.into())).await;
        assert_eq!(
            told,
            Finding::TokenUnusable,
            "{word:?} is not used (RFC 6749 §7.1)"
        );
    }
    for word in ["bearer", "BEARER", "Bearer"] {
        let scene = Scene::new(|_| {}).await;
        scene.server.next_token(bent("token_type", &word.into()));
        scene.sign_in().await;
        assert_eq!(scene.token_rows(), 1, "the control: {word} is");
    }
}

#[tokio::test]
async fn attack_50_a_life_that_cannot_be() {
    for life in [
        json!(0),
        json!(-1),
        json!("-1"),
        json!("0"),
        json!("soon"),
        json!(""),
        json!("3600s"),
        json!(1e30),
        json!(315_360_001_u64),
        json!(true),
        json!([3600]),
        json!("99999999999999999999"),
    ] {
        let told = exchange_gets(bent("expires_in", &life)).await;
        assert_eq!(told, Finding::TokenUnusable, "{life}");
    }
    for life in [json!("3600"), json!(3600), json!(null)] {
        let scene = Scene::new(|_| {}).await;
        scene.server.next_token(bent("expires_in", &life));
        scene.sign_in().await;
        let shown = scene.view(CLUB).await.expires_at;
        let expected = (!life.is_null()).then_some(testkit::START + 3_600_000);
        assert_eq!(
            shown, expected,
            "{life} is what real servers send: accepted"
        );
    }
}

/// To be accepted: it is stored, and what is missing is shown.
#[tokio::test]
async fn attack_51_scope_narrowed() {
    for (scope, missing) in [
        ("members.read", vec![]),
        ("members.other", vec!["members.read"]),
        ("members.read offline_access", vec![]),
        ("", vec![]),
    ] {
        let scene = Scene::new(|_| {}).await;
        let mut body = json!({ "access_token": "a", "token_type": "Bearer", "scope": scope });
        body["refresh_token"] = "r".into();
        scene.server.next_token(good(&body.to_string()));
        scene.sign_in().await;
        let view = scene.view(CLUB).await;
        assert_eq!(view.state, SignInState::SignedIn, "{scope:?} is stored");
        assert_eq!(
            view.missing_scopes, missing,
            "{scope:?}: what is missing is shown"
        );
    }
    // Without a refresh token, the right to one is missing too.
    let scene = Scene::new(|_| {}).await;
    scene
        .server
        .next_token(bent("scope", &"members.read".into()));
    scene.sign_in().await;
    assert_eq!(
        scene.view(CLUB).await.missing_scopes,
        [SCOPES[1]],
        "and it does not renew"
    );
}

/// To be accepted: the old one is kept (RFC 6749 §6), and works the next time.
#[tokio::test]
async fn attack_52_no_refresh_token_in_a_renewal() {
    for refresh in [None, Some(serde_json::Value::Null)] {
        let scene = Scene::new(|_| {}).await;
        scene.server.rules(|rules| rules.rotates = false);
        scene.sign_in().await;
        scene.server.forget_access();
        let mut body = json!({ "access_token": "renewed", "token_type": "Bearer" });
        if let Some(value) = refresh {
            body["refresh_token"] = value;
        }
        scene.server.next_token(good(&body.to_string()));
        // The members' list does not know this one: what counts is the next renewal.
        let _refused = scene.call().await;
        assert_eq!(
            scene.call().await.expect("renewed once more").status,
            200,
            "it works"
        );
        let asked = scene.server.asked("/token");
        let used: Vec<_> = asked
            .iter()
            .filter_map(|one| one.form.get("refresh_token"))
            .collect();
        assert_eq!(used.len(), 2, "two renewals");
        assert_eq!(used[0], used[1], "with the one that was kept");
        assert!(scene.view(CLUB).await.renews, "and it goes on renewing");
        assert_eq!(scene.token_rows(), 1, "one row, the newest");
        scene.assert_no_secret("");
    }
}

#[tokio::test]
async fn attack_53_empty_refresh_token() {
    for token in [
        json!(""),
        json!("with space"),
        json!(7),
        json!("x".repeat(16 * 1024 + 1)),
    ] {
        let told = exchange_gets(bent("refresh_token", &token)).await;
        assert_eq!(
            told,
            Finding::TokenUnusable,
            "refused as a whole: {token:.40}"
        );
    }
    // In a renewal, it does not take the place of a good one.
    let scene = Scene::new(|_| {}).await;
    scene.server.rules(|rules| rules.rotates = false);
    scene.sign_in().await;
    scene.server.forget_access();
    scene.server.next_token(bent("refresh_token", &json!("")));
    assert_eq!(
        found(scene.call().await),
        Finding::TokenUnusable,
        "it is told"
    );
    assert_eq!(
        scene.call().await.expect("with the old one").status,
        200,
        "which still works"
    );
}

#[tokio::test]
async fn attack_54_deeply_nested_json() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        for depth in [17, 1_000, 8_000] {
            let inner = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            let body = format!(r#"{{"access_token":"a","token_type":"Bearer","x":{inner}}}"#);
            assert_eq!(
                exchange_gets(good(&body)).await,
                Finding::TokenUnusable,
                "{depth} deep"
            );
        }
        let unclosed = open.repeat(10_000);
        assert_eq!(
            exchange_gets(good(&unclosed)).await,
            Finding::TokenUnusable,
            "never closed"
        );
        let error = format!(r#"{{"error":{}"#, open.repeat(10_000));
        let told = exchange_gets(answer("400 Bad Request", "", error.as_bytes())).await;
        assert_eq!(told, Finding::SignInRefused, "in an error as well");
    }
}

#[tokio::test]
async fn attack_55_duplicate_keys() {
    for body in [
        r#"{"access_token":"one","access_token":"two","token_type":"Bearer"}"#,
        r#"{"access_token":"one","token_type":"mac","token_type":"Bearer"}"#,
        r#"{"access_token":"one","token_type":"Bearer","expires_in":1,"expires_in":2}"#,
        r#"{"access_token":"one","token_type":"Bearer","refresh_token":"a","refresh_token":"b"}"#,
        r#"{"access_token":"one","\u0061ccess_token":"two","token_type":"Bearer"}"#,
    ] {
        assert_eq!(
            exchange_gets(good(body)).await,
            Finding::TokenUnusable,
            "{body}"
        );
    }
}

#[expect(
    clippy::too_many_lines,
    reason = "a table of answers, and two places that meet each"
)]
#[tokio::test]
async fn attack_56_errors_of_the_token_endpoint() {
    let json = "Content-Type: application/json\r\n";
    let word = |word: &str| json!({ "error": word, "error_description": "<b>why</b>" }).to_string();
    let cases = [
        (
            "400 Bad Request",
            "",
            word("invalid_grant"),
            Finding::SignInRefused,
            Finding::SignInEnded,
        ),
        (
            "401 Unauthorized",
            "",
            word("invalid_client"),
            Finding::ClientRefused,
            Finding::ClientRefused,
        ),
        (
            "400 Bad Request",
            "",
            word("unauthorized_client"),
            Finding::ClientRefused,
            Finding::ClientRefused,
        ),
        (
            "400 Bad Request",
            "",
            word("invalid_scope"),
            Finding::ScopeRefused,
            Finding::ScopeRefused,
        ),
        (
            "400 Bad Request",
            "",
            word("a_word_of_its_own"),
            Finding::SignInRefused,
            Finding::SignInEnded,
        ),
        (
            "400 Bad Request",
            "",
            "<html>".to_owned(),
            Finding::SignInRefused,
            Finding::SignInEnded,
        ),
        (
            "401 Unauthorized",
            "",
            String::new(),
            Finding::ClientRefused,
            Finding::ClientRefused,
        ),
        (
            "403 Forbidden",
            "",
            String::new(),
            Finding::Forbidden,
            Finding::Forbidden,
        ),
        (
            "404 Not Found",
            "",
            "<html>".to_owned(),
            Finding::NotFound,
            Finding::NotFound,
        ),
        (
            "429 Too Many Requests",
            "Retry-After: 7\r\n",
            String::new(),
            Finding::RateLimited,
            Finding::RateLimited,
        ),
        (
            "429 Too Many Requests",
            "Retry-After: 7\r\n",
            word("invalid_grant"),
            Finding::RateLimited,
            Finding::RateLimited,
        ),
        (
            "500 Internal Server Error",
            "",
            "<html>".to_owned(),
            Finding::ServerError,
            Finding::ServerError,
        ),
        (
            "503 Service Unavailable",
            "",
            word("invalid_grant"),
            Finding::ServerError,
            Finding::ServerError,
        ),
    ];
    for (status, headers, body, in_exchange, in_renewal) in cases {
        let reply = answer(status, &format!("{json}{headers}"), body.as_bytes());
        let refused = exchange_meets(Act::Say(reply.clone())).await;
        assert_eq!(refused.finding(), in_exchange, "{status} {body}");
        assert!(
            !refused.error.to_string().contains("why"),
            "no text of the server is told"
        );
        if headers.contains("Retry-After") {
            assert!(
                refused.error.to_string().contains('7'),
                "when to try again: {}",
                refused.error
            );
        }

        // The same where a token is renewed: a sign-in ends only where the grant is refused.
        let scene = Scene::new(|_| {}).await;
        scene.sign_in().await;
        scene.server.forget_access();
        scene.server.next_token(reply);
        assert_eq!(
            found(scene.call().await),
            in_renewal,
            "renewal: {status} {body}"
        );
        let view = scene.view(CLUB).await;
        assert_eq!(scene.token_rows(), 1, "the row stays, also for a sign-out");
        if in_renewal == Finding::SignInEnded {
            assert_eq!(
                view.state,
                SignInState::Ended,
                "a person must sign in again"
            );
            let before = scene.server.asked("/token").len();
            assert_eq!(
                found(scene.call().await),
                Finding::SignInEnded,
                "said again"
            );
            assert_eq!(
                scene.server.asked("/token").len(),
                before,
                "without asking again"
            );
        } else {
            assert_eq!(
                view.state,
                SignInState::SignedIn,
                "{status}: nothing has ended"
            );
            assert_eq!(
                scene.call().await.expect("the next time").status,
                200,
                "it renews"
            );
        }
        scene.assert_no_secret("");
    }
}

#[tokio::test]
async fn attack_57_connection_reset() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n";
    let half = [&head[..], br#"{"access_token":"stolen","token_type"#].concat();
    for (what, act) in [
        ("before the answer, not acted on", Act::Reset(Vec::new())),
        ("before the answer, acted on", Act::HonestCut(0)),
        ("in the status line", Act::HonestCut(10)),
        ("behind the head", Act::Reset(head.to_vec())),
        ("in the body", Act::Reset(half)),
        ("before the last byte, acted on", Act::HonestCut(250)),
    ] {
        let refused = exchange_meets(act).await;
        assert_eq!(
            refused.finding(),
            Finding::SignInInterrupted,
            "{what}: nobody knows what the server has done; never sent a second time"
        );
        assert_eq!(
            refused.scene.view(CLUB).await.reason,
            Some(Finding::SignInInterrupted),
            "{what}: the page says that the sign-in must be repeated"
        );
    }
    // After the whole body there is nothing more to come: the answer counts.
    let scene = Scene::new(|_| {}).await;
    scene
        .server
        .script("/token", vec![Act::HonestCut(usize::MAX)]);
    scene.sign_in().await;
    scene.assert_signed_in().await;
}

/// A renewal whose answer was lost is asked once more with the old token, wherever it was cut.
#[tokio::test]
async fn a_lost_renewal_is_asked_once_more() {
    for kept in [0, 10, 120, 200] {
        let scene = Scene::new(|_| {}).await;
        scene.server.rules(|rules| rules.rotates = false);
        scene.sign_in().await;
        scene.server.forget_access();
        scene.server.script("/token", vec![Act::HonestCut(kept)]);
        assert_eq!(
            scene.call().await.expect("renewed the second time").status,
            200,
            "cut behind {kept} bytes"
        );
        assert_eq!(scene.server.asked("/token").len(), 3, "once, and once more");
        scene.assert_no_secret("");
    }
}

/// Where the server has rotated and the answer is lost, the second try tells that it is over: no loop.
#[tokio::test]
async fn a_lost_rotation_ends_the_sign_in_after_two_requests() {
    for kept in [0, 120, 250] {
        let scene = Scene::new(|_| {}).await;
        scene.sign_in().await;
        scene.server.forget_access();
        scene.server.script("/token", vec![Act::HonestCut(kept)]);
        assert_eq!(
            found(scene.call().await),
            Finding::SignInEnded,
            "cut behind {kept} bytes"
        );
        for _ in 0..5 {
            assert_eq!(
                found(scene.call().await),
                Finding::SignInEnded,
                "it stays said"
            );
        }
        let renewals = scene.server.asked("/token").len() - 1;
        assert_eq!(renewals, 2, "two requests in all");
        assert_eq!(
            scene.view(CLUB).await.state,
            SignInState::Ended,
            "sign in again"
        );
    }
}
