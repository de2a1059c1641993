//! A sync as an administrator does it (S01, S02, S07): look, apply, and look again.

use connectors::view::{InitialiseRequest, MemberView, RunState};
use connectors::{App, AppOptions};
use fantoccini::key::Key;
use practice_federation::{Practice, PracticeOptions, start};

use crate::harness::{Home, Window};

const CODE: &str = "football";
const ORG: &str = "ballyduff";

fn run(mut command: std::process::Command) {
    let ran = command.output().unwrap();
    assert!(ran.status.success(), "{ran:?}");
}

/// A data file with a club at a federation of its own, made without the window.
async fn with_club(home: &Home) -> (App, Practice) {
    let practice = start(PracticeOptions::default()).await.unwrap();
    let app = App::new(AppOptions::system(home.data_dir()));
    app.initialise(InitialiseRequest::Keychain).await.unwrap();
    let mut add = home.fedctl(&["connector", "add", CODE, "--preset", "practice"]);
    for setting in [
        "name=Football",
        "endpoints.membership_list=/v1/clubs/{federation_org_id}/members",
        "sync.template=practice",
        "sync.conflict_strategy=merge",
        &format!("endpoints.base={}/key", practice.base_url()),
    ] {
        add.args(["--set", setting]);
    }
    let key = home.path().join("key.json");
    let secret = format!(r#"{{"type":"api_key","api_key":"{}"}}"#, practice.api_key());
    std::fs::write(&key, secret).unwrap();
    add.arg("--credentials-stdin");
    add.stdin(std::fs::File::open(key).unwrap());
    run(add);
    let club = [
        "--org",
        ORG,
        "--name",
        "Ballyduff",
        "--federation-org",
        "club-1001",
    ];
    run(home.fedctl(&[&["org", "connect", CODE][..], &club].concat()));
    (app, practice)
}

async fn members(app: &App) -> Vec<MemberView> {
    app.member_list(CODE, ORG, None, 500).await.unwrap().rows
}

async fn preview(window: &Window) {
    window.press_with(Key::Control, '2').await;
    window.click("Actions for Ballyduff").await;
    window.click("Preview changes").await;
    window.see("What would change for Ballyduff").await;
    window.see("nothing has been written yet").await;
}

/// Presses the button and waits until the newest run is applied.
async fn apply(window: &Window, app: &App) {
    window.click_beginning("Apply ").await;
    window
        .until("the plan is applied", async || {
            let runs = app.sync_history(CODE, ORG, 1).await.unwrap();
            runs[0].state == RunState::Applied
        })
        .await;
    window
        .until("its run is shown", async || {
            !window.text().await.contains("What would change")
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_keychain_a_preview_is_applied_and_the_next_changes_nothing() {
    let home = Home::new();
    let (app, practice) = with_club(&home).await;
    let window = home.open(1280, 800).await;
    window.see("Football").await;

    preview(&window).await;
    window.see("Becomes a member with these values.").await;
    window.shot("preview-new").await;
    assert!(members(&app).await.is_empty(), "a preview writes nothing");
    apply(&window, &app).await;
    let all = members(&app).await;
    assert!(!all.is_empty(), "they came");

    // The same again changes nothing, and says so.
    preview(&window).await;
    window.see("Nothing would change.").await;
    for width in [640, 1280] {
        window.resize(width, 800).await;
        window.shot(&format!("preview-nothing-{width}")).await;
    }
    app.lock().await.unwrap();
    window.close().await;
    assert!(!home.log().contains("panicked"), "{}", home.log());
}
