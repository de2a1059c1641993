//! Attacks 62 and 64 to 66: the clock jumps, the keychain is locked, the disk is full, and the server
//! does not take a token back. How processes meet, and how they die, is tested elsewhere.

use std::time::Duration;

use connectors::error::{Code, Error, LockReason};
use connectors::failure::Finding;
use connectors::vault::KeychainError;
use connectors::view::{RevocationView, SignInState};
use serde_json::json;

use super::server::Act;
use super::support::{CLUB, Scene, found, settings};
use crate::api::server::{Reply, answer, status};
use crate::app::support::code;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// Renewals so far; the first request of a token endpoint is the exchange.
fn renewals(scene: &Scene) -> usize {
    scene.server.asked("/token").len() - 1
}

/// To be survived: no jump of a clock costs a sign-in, and each at most one needless renewal.
#[tokio::test]
async fn attack_62_the_clock_jumps() {
    // (what, wall clock set by, time really passed, restarted, renewals expected)
    let cases = [
        ("nothing", 0, 0, false, 0),
        ("nothing, after a restart", 0, 0, true, 0),
        ("set a day ahead", DAY, 0, false, 1),
        ("set a day ahead, restarted", DAY, 0, true, 1),
        ("set a day back", -DAY, 0, false, 0),
        ("set a day back, restarted", -DAY, 0, true, 1),
        // The wall clock is UTC: summer time moves nothing. Somebody's clock that does move does no harm.
        ("an hour back", -HOUR, 0, false, 0),
        ("an hour back, restarted", -HOUR, 0, true, 1),
        ("suspended for eight hours", 8 * HOUR, 0, false, 1),
        ("fifty-eight minutes", 0, 58 * 60_000, false, 0),
        ("fifty-nine minutes", 0, 59 * 60_000, false, 1),
        ("set a day back, and an hour passed", -DAY, HOUR, false, 1),
    ];
    for (what, set_by, passed, restarted, expected) in cases {
        let mut scene = Scene::new(|_| {}).await;
        scene.sign_in().await;
        assert_eq!(
            scene.call().await.unwrap().status,
            200,
            "{what}: the control, before it"
        );
        assert_eq!(
            renewals(&scene),
            0,
            "{what}: a fresh token is used as it is"
        );
        scene.bench.clock.set_by_ms(set_by);
        scene.bench.clock.advance_ms(passed);
        if restarted {
            scene.app.lock().await.unwrap();
            scene.app = scene.bench.app();
            scene.app.open().await.unwrap();
        }
        for _ in 0..3 {
            assert_eq!(
                scene.call().await.expect("it goes on").status,
                200,
                "{what}"
            );
        }
        assert_eq!(renewals(&scene), expected, "{what}: renewals");
        assert_eq!(
            scene.state(CLUB).await,
            SignInState::SignedIn,
            "{what}: no needless sign-in"
        );
        assert_eq!(
            scene.server.reused(),
            0,
            "{what}: no refresh token is used twice"
        );
        let asked = scene.server.asked("/v1/me");
        assert_eq!(asked.len(), 4, "{what}: not one call was made in vain");
        scene.assert_no_secret("");
    }
}

/// The keys of an open file are in memory: a keychain that locks meanwhile disturbs no renewal. Where
/// the file itself is closed, nothing is sent that could not be stored.
#[tokio::test]
async fn attack_64_keychain_locked_during_a_renewal() {
    let mut scene = Scene::new(|_| {}).await;
    scene.sign_in().await;
    scene.server.forget_access();
    scene.bench.keychain.fail_with(Some(KeychainError::Locked));
    assert_eq!(
        scene.call().await.expect("renewed").status,
        200,
        "the keys are in memory"
    );
    assert_eq!(renewals(&scene), 1, "one renewal");

    // A fresh process cannot open the file: it does not ask for a token either.
    scene.app.lock().await.unwrap();
    scene.app = scene.bench.app();
    scene.server.forget_access();
    let refused = scene.app.open().await.expect_err("the keychain is locked");
    assert!(
        matches!(refused, Error::Locked(LockReason::KeychainLocked)),
        "typed: {refused:?}"
    );
    let before = scene.server.asked("/token").len();
    assert_eq!(code(scene.call().await), Code::Locked, "told");
    assert_eq!(
        scene.server.asked("/token").len(),
        before,
        "no refresh token was risked"
    );
    scene.bench.keychain.fail_with(None);
    scene.app.open().await.unwrap();
    assert_eq!(
        scene.call().await.expect("renewed").status,
        200,
        "the stored one is good"
    );
    assert_eq!(scene.server.reused(), 0, "and was used once");

    // A person locks the app in the middle of a renewal: its answer is stored before the file closes.
    scene.server.forget_access();
    let late = Act::Late(Duration::from_millis(400));
    scene.server.script("/token", vec![late]);
    let app = scene.app.clone();
    let calling = tokio::spawn(async move { app.request(CLUB, "/v1/me", false).await });
    while scene.server.asked("/token").len() < before + 2 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    scene.app.lock().await.unwrap();
    let _outcome = calling.await.unwrap();
    scene.app.open().await.unwrap();
    assert_eq!(
        scene.call().await.expect("with the new token").status,
        200,
        "it was stored"
    );
    assert_eq!(scene.server.reused(), 0, "nothing was lost by the lock");
    assert_eq!(
        scene.state(CLUB).await,
        SignInState::SignedIn,
        "no new sign-in"
    );
    scene.assert_no_secret("");
}

#[tokio::test]
async fn attack_66_a_revocation_that_fails() {
    let html = answer("200 OK", "Content-Type: text/html\r\n", b"<p>bye</p>");
    let word = json!({ "error": "unsupported_token_type" }).to_string();
    for (what, acts, revocation, finding) in [
        ("200", vec![Act::Honest], RevocationView::Revoked, None),
        (
            "a page",
            vec![Act::Say(html.clone()), Act::Say(html)],
            RevocationView::Revoked,
            None,
        ),
        (
            "503",
            vec![Act::Say(answer(
                "503 Service Unavailable",
                "Retry-After: 60\r\n",
                b"",
            ))],
            RevocationView::Failed,
            Some(Finding::ServerError),
        ),
        (
            "503 to the second",
            vec![Act::Honest, Act::Say(status("503 Service Unavailable"))],
            RevocationView::Failed,
            Some(Finding::ServerError),
        ),
        (
            "refused",
            vec![Act::Say(answer("400 Bad Request", "", word.as_bytes()))],
            RevocationView::Failed,
            Some(Finding::RequestRefused),
        ),
        (
            "silence",
            vec![Act::Say(Reply::Silence)],
            RevocationView::Failed,
            Some(Finding::AnswerTimeout),
        ),
        (
            "cut",
            vec![Act::Reset(Vec::new())],
            RevocationView::Failed,
            Some(Finding::ConnectionCut),
        ),
    ] {
        let scene = Scene::new(|settings| settings.limits.timeout_seconds = 1).await;
        scene.sign_in().await;
        scene.assert_signed_in().await;
        scene.server.script("/revoke", acts);
        let out = scene.app.sign_out(CLUB).await.unwrap();
        assert_eq!(
            (out.revocation, out.finding),
            (revocation, finding),
            "{what}: said as it is"
        );
        assert!(
            !scene.server.asked("/revoke").is_empty(),
            "{what}: it was asked"
        );
        scene.assert_nothing_stored().await;
        assert_eq!(
            found(scene.call().await),
            Finding::SignInNeeded,
            "{what}: gone from here"
        );
        scene.assert_no_secret(&format!("{out:?}"));
    }
    // The refresh token goes first: where there is one, the access token falls with it.
    let scene = Scene::new(|_| {}).await;
    scene.sign_in().await;
    scene.app.sign_out(CLUB).await.unwrap();
    let asked = scene.server.asked("/revoke");
    let hints: Vec<_> = asked
        .iter()
        .map(|one| one.form["token_type_hint"].as_str())
        .collect();
    assert_eq!(
        hints,
        ["refresh_token", "access_token"],
        "both, in this order"
    );
}

/// A variable in the issuer's name is filled in before anything is compared with it.
#[tokio::test]
async fn an_issuer_with_a_variable_is_compared_as_it_is_meant() {
    let scene = Scene::new(|_| {}).await;
    let own = scene.server.url();
    scene.server.rules(|rules| {
        rules.metadata = Some(json!({
            "issuer": format!("{own}/munster"),
            "authorization_endpoint": format!("{own}/authorize"),
            "token_endpoint": format!("{own}/token"),
        }));
    });
    let mut settings = settings("templated", &scene.server);
    settings.auth.issuer = Some(format!("{own}/{{province}}"));
    let province = ("province".to_owned(), "munster".to_owned());
    settings.variables.extend([province]);
    let added = crate::app::support::request(settings, Some(super::support::client()));
    scene.app.connector_add(added).await.unwrap();
    let redirect = connectors::settings::Redirect::DeepLink;
    let waiting = scene.start("templated", redirect).await;
    let link = scene.server.approve(&waiting.url);
    let wrong = link.set("iss", &format!("{own}/{{province}}"));
    assert_eq!(
        found(scene.deliver(wrong).await),
        Finding::SignInMismatch,
        "not as it is written"
    );
    let waiting = scene.start("templated", redirect).await;
    let link = scene.server.approve(&waiting.url);
    let right = link.set("iss", &format!("{own}/munster"));
    scene.deliver(right).await.expect("as it is meant");
    assert_eq!(
        scene.state("templated").await,
        SignInState::SignedIn,
        "stored"
    );
}

#[cfg(target_os = "linux")]
mod full_disk {
    use connectors::error::Code;
    use connectors::failure::Finding;
    use connectors::view::{ConnectorListRequest, SignInState};
    use testkit::disk_fault::{Call, DiskFault, Effect, Fault};

    use super::super::child::{command, finish, ground_with};
    use super::super::server::AuthServer;
    use super::super::support::CLUB;
    use crate::app::child::Ground;

    fn full_from(at: u32) -> Fault {
        Fault {
            call: Call::Write,
            at,
            effect: Effect::NoSpace,
            lasting: true,
        }
    }

    async fn assert_whole(ground: &Ground, what: &str) -> connectors::view::SignInView {
        let app = ground.app();
        app.open().await.unwrap();
        let check = app.db_check().await.unwrap();
        assert!(check.ok, "{what}: the file is whole: {check:?}");
        let list = app
            .connector_list(ConnectorListRequest::default())
            .await
            .unwrap();
        assert_eq!(list.rows.len(), 1, "{what}: nothing else is lost");
        let view = app.connector_show(CLUB).await.unwrap();
        app.lock().await.unwrap();
        view.sign_in.unwrap()
    }

    #[tokio::test]
    async fn attack_65_disk_full_while_a_sign_in_is_stored() {
        let build = tempfile::tempdir().unwrap();
        let fault = DiskFault::build(build.path()).unwrap();
        let log = build.path().join("log");
        let (mut told, mut after_the_exchange, mut undisturbed) = (0, 0, false);
        for at in 1.. {
            let server = AuthServer::start().await;
            let ground = ground_with(&server).await;
            let mut child = command(&ground, "sign in");
            fault
                .arm(&mut child, "connectors.db-wal", full_from(at), &log)
                .unwrap();
            let facts = finish(child).await;
            let view = assert_whole(&ground, &format!("write {at}")).await;
            let signed_in = facts == ["signed in ok"];
            assert_eq!(
                view.state == SignInState::SignedIn,
                signed_in,
                "write {at}: stored where it is said, and only there: {facts:?} {view:?}"
            );
            assert!(
                view.state != SignInState::Waiting || server.asked("/token").is_empty(),
                "write {at}: an exchange leaves no sign-in that seems to wait: {view:?}"
            );
            if !DiskFault::fired(&log).unwrap() {
                assert!(
                    signed_in,
                    "the control: undisturbed it is stored: {facts:?}"
                );
                undisturbed = true;
                break;
            }
            if facts == [format!("signed in {:?}", Code::StorageFull)] {
                told += 1;
            }
            if !signed_in && server.asked("/token").len() == 1 {
                after_the_exchange += 1;
                assert_eq!(
                    view.reason,
                    Some(Finding::SignInInterrupted),
                    "write {at}: the code is used up, so it must be repeated"
                );
            }
        }
        assert!(undisturbed, "the loop ends at a disk that suffices");
        assert!(told > 0, "the full disk is told");
        assert!(
            after_the_exchange > 0,
            "also where the answer was there already"
        );
    }

    #[tokio::test]
    async fn attack_65_disk_full_while_a_renewal_is_stored() {
        let build = tempfile::tempdir().unwrap();
        let fault = DiskFault::build(build.path()).unwrap();
        let log = build.path().join("log");
        let (mut lost, mut undisturbed) = (0, false);
        for at in 1.. {
            let server = AuthServer::start().await;
            let ground = ground_with(&server).await;
            assert_eq!(
                finish(command(&ground, "sign in")).await,
                ["signed in ok"],
                "signed in"
            );
            server.forget_access();
            let mut child = command(&ground, "call");
            fault
                .arm(&mut child, "connectors.db-wal", full_from(at), &log)
                .unwrap();
            let facts = finish(child).await;
            let fired = DiskFault::fired(&log).unwrap();
            let what = format!("write {at}, {facts:?}");
            assert_whole(&ground, &what).await;
            let renewed = server.asked("/token").len() == 2;
            // With room again: either the token is there, or a person must sign in; never a loop.
            let again = finish(command(&ground, "call")).await;
            let view = assert_whole(&ground, &what).await;
            match again[0].as_str() {
                "called ok" => assert_eq!(view.state, SignInState::SignedIn, "{what}: it works"),
                "called NeedsSignIn" => {
                    assert!(renewed, "{what}: only where the server has replaced it");
                    assert_eq!(
                        view.reason,
                        Some(Finding::SignInEnded),
                        "{what}: and says so"
                    );
                    lost += 1;
                }
                other => panic!("{what}: {other}"),
            }
            assert!(
                server.asked("/token").len() <= 3,
                "{what}: at most two renewals"
            );
            if !fired {
                assert_eq!(
                    facts,
                    ["called ok"],
                    "the control: undisturbed it is stored"
                );
                undisturbed = true;
                break;
            }
        }
        assert!(undisturbed, "the loop ends at a disk that suffices");
        assert!(
            lost > 0,
            "a rotation whose answer found no room was among them"
        );
    }
}
