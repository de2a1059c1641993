//! Attacks 1 to 13: the answer that comes back from the browser is forged, bent, late or doubled.

use connectors::error::Code;
use connectors::failure::Finding;
use connectors::settings::Redirect;
use connectors::view::SignInState;

use super::server::AuthServer;
use super::support::{CLUB, Scene, found, journey};

pub(crate) const TEN_MINUTES: i64 = 600_000;

#[tokio::test]
async fn attack_01_wrong_state() {
    let refused = journey(async |scene, hostile| {
        let (waiting, link) = scene.approved().await;
        let wrong = "A".repeat(43);
        let link = if hostile {
            link.set("state", &wrong)
        } else {
            link
        };
        let outcome = scene.deliver(link).await;
        if hostile {
            assert_eq!(
                scene.state(CLUB).await,
                SignInState::Waiting,
                "a stranger's link does not end the sign-in that waits"
            );
        }
        drop(waiting);
        outcome
    })
    .await;
    assert_eq!(
        refused.finding(),
        Finding::SignInMismatch,
        "nobody waits for it"
    );
    assert!(
        refused.scene.server.asked("/token").is_empty(),
        "and its code goes nowhere"
    );
}

#[tokio::test]
async fn bar_15_of_ten_thousand_random_states_none_is_accepted() {
    let scene = Scene::new(|_| {}).await;
    let (waiting, link) = scene.approved().await;
    let state = waiting.get("state");
    assert_eq!(state.len(), 43, "256 bits in base64url");
    let mut chance = [0_u8; 32];
    for round in 0..10_000 {
        getrandom::fill(&mut chance).unwrap();
        // Every third guess is right but for its last letter.
        let guess = if round % 3 == 0 {
            let last = if state.ends_with('A') { 'B' } else { 'A' };
            format!("{}{last}", &state[..42])
        } else {
            crate::app::canary::hex(&chance)
        };
        let outcome = scene.deliver(link.clone().set("state", &guess)).await;
        assert_eq!(found(outcome), Finding::SignInMismatch, "guess {round}");
    }
    assert_eq!(scene.token_rows(), 0, "none was accepted");
    assert!(
        scene.server.asked("/token").is_empty(),
        "none was exchanged"
    );
    scene.deliver(link).await.expect("the right one still is");
    assert_eq!(scene.token_rows(), 1, "the control: it is stored");
    waiting.ended().await.unwrap();
}

#[tokio::test]
async fn attack_02_missing_state() {
    let refused = journey(async |scene, hostile| {
        let (_waiting, link) = scene.approved().await;
        let link = if hostile { link.without("state") } else { link };
        scene.deliver(link).await
    })
    .await;
    assert_eq!(
        refused.code(),
        Code::Invalid,
        "it is no answer to a sign-in"
    );
}

#[tokio::test]
async fn attack_03_empty_state() {
    let refused = journey(async |scene, hostile| {
        let (_waiting, link) = scene.approved().await;
        let link = if hostile { link.set("state", "") } else { link };
        scene.deliver(link).await
    })
    .await;
    assert_eq!(refused.code(), Code::Invalid, "empty counts as absent");
}

#[tokio::test]
async fn attack_04_state_of_another_connector() {
    let refused = journey(async |scene, hostile| {
        let other = AuthServer::start().await;
        scene.add("other_club", &other, |_| {}).await;
        let theirs = scene.start("other_club", Redirect::DeepLink).await;
        let (_waiting, link) = scene.approved().await;
        let link = if hostile {
            link.set("state", &theirs.get("state"))
        } else {
            link
        };
        let outcome = scene.deliver(link).await;
        assert!(
            other.asked("/token").is_empty(),
            "the other server is not asked with this code"
        );
        outcome
    })
    .await;
    assert_eq!(
        refused.finding(),
        Finding::SignInMismatch,
        "the way back is not that of the state"
    );
    assert!(
        refused.scene.server.asked("/token").is_empty(),
        "nor is the code's own"
    );
}

#[tokio::test]
async fn attack_05_replay_of_a_used_state() {
    let refused = journey(async |scene, hostile| {
        let (waiting, link) = scene.approved().await;
        let outcome = scene.deliver(&link).await;
        waiting
            .ended()
            .await
            .expect("the first use is the honest one");
        if !hostile {
            return outcome;
        }
        scene.app.sign_out(CLUB).await.unwrap();
        scene.deliver(&link).await
    })
    .await;
    assert_eq!(
        refused.finding(),
        Finding::SignInMismatch,
        "a state is good once"
    );
    assert_eq!(
        refused.scene.server.asked("/token").len(),
        1,
        "the code is not exchanged a second time"
    );
}

#[tokio::test]
async fn attack_06_expired_state() {
    let refused = journey(async |scene, hostile| {
        let (waiting, link) = scene.approved().await;
        // Nobody in this process waits any more: the row alone must know its end.
        waiting.outcome.abort();
        let late = if hostile {
            TEN_MINUTES + 1_000
        } else {
            TEN_MINUTES - 1_000
        };
        scene.bench.clock.advance_ms(late);
        scene.deliver(link).await
    })
    .await;
    assert_eq!(
        refused.finding(),
        Finding::SignInExpired,
        "ten minutes and a second"
    );
    assert!(
        refused.scene.server.asked("/token").is_empty(),
        "the code is not exchanged"
    );

    let scene = Scene::new(|_| {}).await;
    let (waiting, link) = scene.approved().await;
    scene.bench.clock.advance_ms(TEN_MINUTES + 1_000);
    assert_eq!(
        found(waiting.ended().await),
        Finding::SignInExpired,
        "whoever waits learns it"
    );
    assert_eq!(
        found(scene.deliver(link).await),
        Finding::SignInMismatch,
        "and the state is gone"
    );
    assert_eq!(
        scene.view(CLUB).await.reason,
        Some(Finding::SignInExpired),
        "the page of the connector says why"
    );
    scene.assert_nothing_stored().await;

    let scene = Scene::new(|_| {}).await;
    let (waiting, link) = scene.approved().await;
    waiting.outcome.abort();
    scene.bench.clock.advance_ms(-3_600_000);
    assert_eq!(
        found(scene.deliver(link).await),
        Finding::SignInExpired,
        "a clock that was set back makes no state live longer"
    );
    scene.assert_nothing_stored().await;
}

#[tokio::test]
async fn attack_07_state_twice() {
    for different in [false, true] {
        let refused = journey(async |scene, hostile| {
            let (waiting, link) = scene.approved().await;
            let second = if different {
                "B".repeat(43)
            } else {
                waiting.get("state")
            };
            let link = if hostile {
                link.and("state", &second)
            } else {
                link
            };
            scene.deliver(link).await
        })
        .await;
        assert_eq!(
            refused.code(),
            Code::Invalid,
            "repeated, different: {different}"
        );
        assert_eq!(
            refused.scene.state(CLUB).await,
            SignInState::Waiting,
            "the state is not used up by it"
        );
    }
}

#[tokio::test]
async fn attack_08_code_twice() {
    for second in ["", "another-code"] {
        let refused = journey(async |scene, hostile| {
            let (_waiting, link) = scene.approved().await;
            let link = if hostile {
                link.and("code", second)
            } else {
                link
            };
            scene.deliver(link).await
        })
        .await;
        assert_eq!(refused.code(), Code::Invalid, "a parameter is repeated");
    }
}

#[tokio::test]
async fn attack_09_code_and_error_together() {
    let refused = journey(async |scene, hostile| {
        let (_waiting, link) = scene.approved().await;
        let link = if hostile {
            link.and("error", "access_denied")
        } else {
            link
        };
        scene.deliver(link).await
    })
    .await;
    assert_eq!(refused.code(), Code::Invalid, "it is either of them");
}

#[tokio::test]
async fn attack_10_access_denied() {
    let refused = journey(async |scene, hostile| {
        let (waiting, link) = scene.approved().await;
        if !hostile {
            return scene.deliver(link).await;
        }
        let denied = link.without("code").and("error", "access_denied");
        let told = found(scene.deliver(denied).await);
        assert_eq!(
            told,
            Finding::SignInDeclined,
            "whoever delivers it learns it"
        );
        waiting.ended().await
    })
    .await;
    assert_eq!(
        refused.finding(),
        Finding::SignInDeclined,
        "and whoever waits"
    );
    let view = refused.scene.view(CLUB).await;
    assert_eq!(
        (view.state, view.reason),
        (SignInState::SignedOut, Some(Finding::SignInDeclined)),
        "the attempt is over, and the page says why"
    );
}

/// What a stranger may put into a description: markup, terminal commands, text that runs backwards.
const NASTY: [&str; 4] = [
    "<img src=x onerror=alert(1)>",
    "\u{202e}drowssap ruoy retne\u{202c}",
    "../../etc/passwd",
    "%3Cscript%3E",
];

#[tokio::test]
async fn attack_11_error_with_a_hostile_description() {
    for (words, expected) in [
        ("x".repeat(100_000), Code::Invalid),
        ("\u{1b}[31m\u{1b}]0;owned\u{7}".to_owned(), Code::Invalid),
        (NASTY.concat(), Code::NeedsSignIn),
        (NASTY.concat().repeat(40), Code::NeedsSignIn),
    ] {
        let refused = journey(async |scene, hostile| {
            let (_waiting, link) = scene.approved().await;
            if !hostile {
                return scene.deliver(link).await;
            }
            let link = link.without("code").and("error", "access_denied");
            let link = link.and("error_description", &words);
            scene
                .deliver(link.and("error_uri", "https://evil.example/"))
                .await
        })
        .await;
        assert_eq!(refused.code(), expected, "{} bytes", words.len());
        let view = refused.scene.app.connector_show(CLUB).await.unwrap();
        let shown = format!(
            "{} {:?} {} {}",
            refused.error,
            refused.error,
            serde_json::to_string(&view).unwrap(),
            refused.scene.log()
        );
        for one in NASTY
            .iter()
            .copied()
            .chain(["xxxx", "owned", "evil.example"])
        {
            assert!(!shown.contains(one), "a stranger's text is repeated: {one}");
        }
    }
}

#[tokio::test]
async fn attack_12_unknown_error_code() {
    for (word, expected) in [
        ("login_required", Finding::AuthorizationRefused),
        ("ACCESS_DENIED", Finding::AuthorizationRefused),
        ("<script>", Finding::AuthorizationRefused),
        ("invalid_request", Finding::AuthorizationRefused),
        ("unsupported_response_type", Finding::AuthorizationRefused),
        ("unauthorized_client", Finding::ClientRefused),
        ("invalid_scope", Finding::ScopeRefused),
        ("server_error", Finding::AuthorizationFailed),
        ("temporarily_unavailable", Finding::AuthorizationFailed),
    ] {
        let refused = journey(async |scene, hostile| {
            let (_waiting, link) = scene.approved().await;
            let link = if hostile {
                link.without("code").and("error", word)
            } else {
                link
            };
            scene.deliver(link).await
        })
        .await;
        assert_eq!(refused.finding(), expected, "{word}");
    }
}

#[tokio::test]
async fn attack_13_issuer_wrong_or_missing() {
    type Bend = fn(&str) -> Option<String>;
    let bends: [(&str, Bend); 7] = [
        ("another", |_| Some("https://evil.example".to_owned())),
        ("a slash more", |own| Some(format!("{own}/"))),
        ("other letter case", |own| Some(own.replace("http", "HTTP"))),
        ("the same computer by another name", |own| {
            Some(own.replace("127.0.0.1", "localhost"))
        }),
        ("a path", |own| Some(format!("{own}/tenant"))),
        ("missing though advertised", |_| None),
        ("empty though advertised", |_| Some(String::new())),
    ];
    for (what, bend) in bends {
        let refused = journey(async |scene, hostile| {
            let (_waiting, link) = scene.approved().await;
            if !hostile {
                return scene.deliver(link).await;
            }
            let link = link.without("iss");
            scene
                .deliver(match bend(&scene.server.url()) {
                    Some(issuer) => link.and("iss", &issuer),
                    None => link,
                })
                .await
        })
        .await;
        assert_eq!(refused.finding(), Finding::SignInMismatch, "{what}");
        assert!(
            refused.scene.server.asked("/token").is_empty(),
            "{what}: the code goes nowhere"
        );
    }
}

#[tokio::test]
async fn an_issuer_is_compared_where_it_is_not_advertised_and_may_be_missing_in_errors() {
    let scene = Scene::new(|_| {}).await;
    scene.server.rules(|rules| rules.names_itself = false);
    let (_waiting, link) = scene.approved().await;
    let wrong = link.and("iss", "https://evil.example");
    assert_eq!(
        found(scene.deliver(wrong).await),
        Finding::SignInMismatch,
        "where it is there it is compared"
    );
    scene.sign_in().await;
    assert_eq!(
        scene.token_rows(),
        1,
        "where it is not advertised it may be missing"
    );

    let scene = Scene::new(|_| {}).await;
    let (_waiting, link) = scene.approved().await;
    let denied = link.without("code").without("iss");
    assert_eq!(
        found(scene.deliver(denied.and("error", "access_denied")).await),
        Finding::SignInDeclined,
        "servers forget it in errors, and nothing is exchanged then"
    );
}
