//! Attacks 14 to 24: links that lead another way back, that are no links at all, and that come when or
//! how nobody expects them.

use std::time::Duration;

use connectors::Delivery;
use connectors::error::{Code, Result};
use connectors::failure::Finding;
use connectors::settings::Redirect;
use connectors::view::{ConnectorView, SignInState};

use super::redirect::TEN_MINUTES;
use super::server::AuthServer;
use super::support::{CLUB, Scene, finding, found, journey};

#[tokio::test]
async fn attack_14_right_state_on_another_connectors_way_back() {
    for to in [
        "com.playerarc.connectors:/oauth/other_club",
        "com.playerarc.connectors:/oauth",
        "http://127.0.0.1:4000/oauth/ballyduff",
    ] {
        let refused = journey(async |scene, hostile| {
            let other = AuthServer::start().await;
            scene.add("other_club", &other, |_| {}).await;
            let _theirs = scene.start("other_club", Redirect::DeepLink).await;
            let (_waiting, link) = scene.approved().await;
            scene
                .deliver(if hostile { link.to(to) } else { link })
                .await
        })
        .await;
        assert_eq!(refused.finding(), Finding::SignInMismatch, "{to}");
        assert!(
            refused.scene.server.asked("/token").is_empty(),
            "{to}: nothing is exchanged"
        );
    }
}

#[tokio::test]
async fn attack_15_fragment_response() {
    for bend in [
        "#access_token=stolen&token_type=Bearer&state=",
        "?x=1#code=stolen&state=",
        "?#code=stolen&state=",
    ] {
        let refused = journey(async |scene, hostile| {
            let (waiting, link) = scene.approved().await;
            if !hostile {
                return scene.deliver(link).await;
            }
            let state = waiting.get("state");
            scene
                .deliver(format!("{}{bend}{state}", waiting.redirect_uri))
                .await
        })
        .await;
        assert_eq!(refused.code(), Code::Invalid, "{bend}");
    }
    let refused = journey(async |scene, hostile| {
        let (_waiting, link) = scene.approved().await;
        scene
            .deliver(if hostile {
                format!("{link}#")
            } else {
                link.to_string()
            })
            .await
    })
    .await;
    assert_eq!(
        refused.code(),
        Code::Invalid,
        "an empty one behind a good answer too"
    );
}

#[tokio::test]
async fn attack_16_wrong_scheme_host_or_path() {
    let bad = [
        "https://127.0.0.1:4000/oauth/ballyduff",
        "http://127.0.0.1/oauth/ballyduff",
        "http://localhost:4000/oauth/ballyduff",
        "http://evil.example:4000/oauth/ballyduff",
        "http://127.0.0.1@evil.example:80/oauth/ballyduff",
        "http://user@127.0.0.1:4000/oauth/ballyduff",
        "http://127.0.0.1:04000/oauth/ballyduff",
        "http://127.0.0.1:99999/oauth/ballyduff",
        "http://2130706433:4000/oauth/ballyduff",
        "com.playerarc.connectors://oauth/ballyduff",
        "com.playerarc.connectors:///oauth/ballyduff",
        "com.playerarc.connectors:oauth/ballyduff",
        "com.playerarc.connectors.evil:/oauth/ballyduff",
        "COM.PLAYERARC.CONNECTORS:/oauth/ballyduff",
        "com.playerarc.connectors:/oauth/../oauth/ballyduff",
        "com.playerarc.connectors:/oauth/./ballyduff",
        "com.playerarc.connectors:/oauth//ballyduff",
        "com.playerarc.connectors:/oauth%2fballyduff",
        "com.playerarc.connectors:/oauth/ballyduff/",
        "com.playerarc.connectors:\\oauth\\ballyduff",
        "javascript:/oauth/ballyduff",
        "file:///oauth/ballyduff",
    ];
    let refused = journey(async |scene, hostile| {
        let (waiting, link) = scene.approved().await;
        if !hostile {
            return scene.deliver(link).await;
        }
        let mut last = None;
        for target in bad {
            let outcome = scene.deliver(link.clone().to(target)).await;
            let error = outcome.expect_err("none of them is ours");
            assert_eq!(error.code(), Code::Invalid, "{target}");
            assert_eq!(
                scene.state(CLUB).await,
                SignInState::Waiting,
                "{target}: it does not even use up the state"
            );
            last = Some(error);
        }
        drop(waiting);
        Err(last.unwrap())
    })
    .await;
    assert_eq!(
        refused.code(),
        Code::Invalid,
        "none of them is one of this app's"
    );

    for one_more in ["/extra", "x"] {
        let refused = journey(async |scene, hostile| {
            let (waiting, link) = scene.approved().await;
            let target = format!("{}{one_more}", waiting.redirect_uri);
            scene
                .deliver(if hostile { link.to(&target) } else { link })
                .await
        })
        .await;
        assert_eq!(
            refused.finding(),
            Finding::SignInMismatch,
            "{one_more}: well formed, and not the way back of this sign-in"
        );
    }
}

#[tokio::test]
async fn attack_17_a_link_of_a_megabyte() {
    let refused = journey(async |scene, hostile| {
        let (_waiting, link) = scene.approved().await;
        let filling = "x".repeat(1_000_000);
        scene
            .deliver(if hostile {
                link.and("more", &filling)
            } else {
                link
            })
            .await
    })
    .await;
    assert_eq!(refused.code(), Code::Invalid, "it is too long");
    assert_eq!(
        refused.scene.state(CLUB).await,
        SignInState::Waiting,
        "and is not even taken apart"
    );
}

#[tokio::test]
async fn attack_18_ten_thousand_parameters() {
    for number in [10_000, 30] {
        let refused = journey(async |scene, hostile| {
            let (_waiting, mut link) = scene.approved().await;
            // 29 more make 32, which is as many as are read.
            for n in 0..if hostile { number } else { 29 } {
                link = link.and(&format!("p{n}"), "");
            }
            scene.deliver(link).await
        })
        .await;
        assert_eq!(refused.code(), Code::Invalid, "{number} more than usual");
    }
}

#[tokio::test]
async fn attack_19_bytes_that_are_no_text() {
    let bends = [
        "%00",
        "%ED%A0%80",
        "%FF%FE",
        "%",
        "%4",
        "%GG",
        "%0d%0aSet",
        "%C0%AF",
        "\u{0}",
        "ä",
        "a b",
        "\u{7f}",
    ];
    let refused = journey(async |scene, hostile| {
        let (_waiting, link) = scene.approved().await;
        if !hostile {
            return scene.deliver(link.and("x", "ä b%\u{1f600}")).await;
        }
        let mut last = None;
        for bend in bends {
            // In a parameter that nobody reads, and at the end of the code.
            let whole = link.to_string();
            let in_code = whole.replacen("&state=", &format!("{bend}&state="), 1);
            for hostile in [
                format!("{link}&x={bend}"),
                format!("{link}&{bend}=x"),
                in_code,
            ] {
                let error = scene
                    .deliver(&hostile)
                    .await
                    .expect_err("it cannot be read");
                assert_eq!(error.code(), Code::Invalid, "{bend:?}");
                last = Some(error);
            }
        }
        assert_eq!(
            scene.state(CLUB).await,
            SignInState::Waiting,
            "none of them uses up the state"
        );
        Err(last.unwrap())
    })
    .await;
    assert_eq!(refused.code(), Code::Invalid, "they cannot be read");
}

#[tokio::test]
async fn attack_20_a_link_while_nobody_signs_in() {
    let refused = journey(async |scene, hostile| {
        let (waiting, link) = scene.approved().await;
        if hostile {
            scene.app.sign_in_cancel(CLUB).await.unwrap();
            assert_eq!(
                found(waiting.ended().await),
                Finding::Cancelled,
                "it was taken back"
            );
        }
        scene.deliver(link).await
    })
    .await;
    assert_eq!(
        refused.finding(),
        Finding::SignInMismatch,
        "nobody waits for it"
    );
    assert!(
        refused.scene.server.asked("/token").is_empty(),
        "its code goes nowhere"
    );
    let view = refused.scene.view(CLUB).await;
    assert_eq!(
        (view.state, view.reason),
        (SignInState::SignedOut, None),
        "the connector stands as it stood"
    );
}

/// Both come with the right state; whoever is first has it, and there is never a second exchange.
#[tokio::test]
async fn attack_21_two_links_a_millisecond_apart() {
    for (pause, forged_first) in [(0, false), (1, false), (0, true), (1, true)] {
        let scene = Scene::new(|_| {}).await;
        let (waiting, link) = scene.approved().await;
        let forged = link.clone().set("code", "stolen-code");
        let (first, second) = if forged_first {
            (forged, link)
        } else {
            (link, forged)
        };
        let (one, other) = tokio::join!(scene.deliver(&first), async {
            tokio::time::sleep(Duration::from_millis(pause)).await;
            scene.deliver(&second).await
        });
        let is_late = |outcome: &Result<ConnectorView>| {
            let error = outcome.as_ref().err();
            error.is_some_and(|error| finding(error) == Finding::SignInMismatch)
        };
        // A busy computer may take the later one in first: whoever was, nobody waits for the other.
        let (taken, late, forged_won) = if is_late(&one) {
            (other, one, !forged_first)
        } else {
            (one, other, forged_first)
        };
        assert!(is_late(&late), "the second finds nobody ({pause} ms)");
        assert_eq!(scene.server.asked("/token").len(), 1, "one exchange");
        if forged_won {
            assert_eq!(
                found(taken),
                Finding::SignInRefused,
                "a forged code is refused"
            );
            assert_eq!(
                found(waiting.ended().await),
                Finding::SignInRefused,
                "and told"
            );
            scene.assert_nothing_stored().await;
        } else {
            taken.expect("the control: the honest link came first");
            waiting.ended().await.unwrap();
            scene.assert_signed_in().await;
        }
        scene.assert_no_secret("");
    }
}

/// Here: another process (a fresh `App` over the same file) gets the link, open or still locked.
/// That the operating system starts the program with it is tested at the level of processes.
#[tokio::test]
async fn attack_22_a_link_that_starts_the_app() {
    for late in [false, true] {
        let scene = Scene::new(|_| {}).await;
        let (waiting, link) = scene.approved().await;
        // The process that began the sign-in is gone.
        waiting.outcome.abort();
        let fresh = scene.bench.app();
        let delivered = fresh.deliver_link(&link.to_string()).await.unwrap();
        assert!(
            matches!(delivered, Delivery::Waiting),
            "it waits for the unlocking"
        );
        assert_eq!(scene.token_rows(), 0, "until then nothing happens");
        if late {
            scene.bench.clock.advance_ms(TEN_MINUTES + 1_000);
        }
        fresh.open().await.unwrap();
        let outcomes = fresh.deliver_waiting_links().await;
        if late {
            assert!(
                outcomes.iter().all(std::result::Result::is_err),
                "nothing that is older than ten minutes is used: {outcomes:?}"
            );
            scene.assert_nothing_stored().await;
        } else {
            assert!(outcomes.len() == 1 && outcomes[0].is_ok(), "{outcomes:?}");
            scene.assert_signed_in().await;
            assert!(
                fresh.deliver_waiting_links().await.is_empty(),
                "and it is forgotten then"
            );
        }
    }
    let scene = Scene::new(|_| {}).await;
    let (waiting, link) = scene.approved().await;
    waiting.outcome.abort();
    let fresh = scene.bench.app();
    fresh.open().await.unwrap();
    let delivered = fresh.deliver_link(&link.to_string()).await.unwrap();
    assert!(
        matches!(delivered, Delivery::Done(_)),
        "open already: completed at once"
    );
    scene.assert_signed_in().await;
}

/// Here: whatever way a forged link takes into the process, it changes nothing without the state.
/// The ways themselves (D-Bus, the socket, the page) are tested at the level of processes.
#[tokio::test]
async fn attack_23_forged_links_change_nothing() {
    let refused = journey(async |scene, hostile| {
        let (_waiting, link) = scene.approved().await;
        if !hostile {
            return scene.deliver(link).await;
        }
        let before = serde_json::to_string(&scene.app.connector_show(CLUB).await.unwrap()).unwrap();
        let mut last = None;
        for n in 0..100 {
            let guess = format!("{n:043}");
            let forged = [
                link.clone().set("state", &guess),
                link.clone()
                    .set("state", &guess)
                    .without("code")
                    .and("error", "access_denied"),
                link.clone().without("state"),
            ];
            for one in forged {
                let outcome = scene.app.deliver_link(&one.to_string()).await;
                last = Some(outcome.expect_err("it is refused"));
            }
        }
        let after = serde_json::to_string(&scene.app.connector_show(CLUB).await.unwrap()).unwrap();
        assert_eq!(after, before, "nothing at all has changed");
        Err(last.unwrap())
    })
    .await;
    assert_eq!(refused.code(), Code::Invalid, "the last one had no state");

    // While locked, strangers' links cannot push the honest one out for longer than it is young.
    let scene = Scene::new(|_| {}).await;
    let locked = scene.bench.app();
    for junk in [
        "",
        "com.playerarc.connectors:/oauth/x",
        "https://evil.example/?code=1&state=2",
    ] {
        let outcome = locked.deliver_link(junk).await;
        assert_eq!(
            outcome.expect_err("it is no answer").code(),
            Code::Invalid,
            "what cannot be an answer is refused while locked too: {junk}"
        );
    }
}

/// Here: what the parser makes of arguments. Which argument is taken for a link is the shell's.
#[tokio::test]
async fn attack_24_arguments_that_are_not_one_link() {
    let refused = journey(async |scene, hostile| {
        let (_waiting, link) = scene.approved().await;
        if !hostile {
            return scene.deliver(format!("  {link}\n")).await;
        }
        let mut last = None;
        for argument in [
            "--help".to_owned(),
            format!("--url={link}"),
            format!("-{link}"),
            format!("{link} {link}"),
            format!("{link}\n{link}"),
            format!("{link}{link}"),
            format!("\"{link}\""),
            String::new(),
        ] {
            let error = scene
                .deliver(&argument)
                .await
                .expect_err("it is not one link");
            assert_eq!(error.code(), Code::Invalid, "{argument:?}");
            last = Some(error);
        }
        assert_eq!(
            scene.state(CLUB).await,
            SignInState::Waiting,
            "it still waits"
        );
        Err(last.unwrap())
    })
    .await;
    assert_eq!(refused.code(), Code::Invalid, "none of them is one link");
}
