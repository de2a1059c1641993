//! A sync as a club secretary does it (S01, S02, S07, S08, S10): look, apply, look again, edit a member, decide what both sides
//! changed, undo, and keep what the club has.

use connectors::members::MemberField;
use connectors::settings::ConflictStrategy;
use connectors::view::{ConnectorAddRequest, InitialiseRequest, MemberView, RunState};
use connectors::{App, AppOptions};
use fantoccini::key::Key;
use practice_federation::{Practice, PracticeOptions, start};

use crate::harness::{Home, Window};

pub(crate) const CODE: &str = "football";
pub(crate) const ORG: &str = "ballyduff";
/// The club's own number of a member.
const OURS: &str = "+353862220000";

fn run(mut command: std::process::Command) {
    let ran = command.output().unwrap();
    assert!(ran.status.success(), "{ran:?}");
}

/// A data file with a club at a federation of its own, made without the window.
pub(crate) async fn with_club(home: &Home) -> (App, Practice) {
    let practice = start(PracticeOptions::default()).await.unwrap();
    let app = App::new(AppOptions::system(home.data_dir()));
    app.initialise(InitialiseRequest::Keychain).await.unwrap();
    // Not of the practice preset: such a connector is moved to the window's own practice federation.
    let mut settings = testkit::settings(CODE, &format!("{}/key", practice.base_url()));
    "Football".clone_into(&mut settings.name);
    "/v1/clubs/{federation_org_id}/members".clone_into(&mut settings.endpoints.membership_list);
    settings.sync.template = Some("practice".to_owned());
    settings.sync.conflict_strategy = ConflictStrategy::Merge;
    settings.paging.total = Some("page.totalElements".to_owned());
    settings.paging.size = Some(100);
    let request = ConnectorAddRequest {
        settings,
        credentials: Some(testkit::api_key(practice.api_key())),
        test_handle: None,
    };
    app.connector_add(request).await.unwrap();
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

pub(crate) async fn members(app: &App) -> Vec<MemberView> {
    app.member_list(CODE, ORG, None, 500).await.unwrap().rows
}

async fn member(app: &App, external_id: &str) -> MemberView {
    let all = members(app).await;
    all.into_iter()
        .find(|one| one.values.get(MemberField::ExternalId) == Some(external_id))
        .unwrap()
}

async fn preview(window: &Window) {
    window.press_with(Key::Control, '3').await;
    window.click("Actions for Ballyduff").await;
    window.click("Preview changes").await;
    window.see("What would change for Ballyduff").await;
    window.see("nothing has been written yet").await;
}

/// Presses the button and waits until the newest run is applied.
async fn apply(window: &Window, app: &App) {
    window.click_beginning("Apply").await;
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
async fn with_keychain_a_club_is_synced_edited_decided_about_and_undone() {
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

    // The club's own edit, found and made in the window.
    let one = all
        .iter()
        .find(|member| member.values.get(MemberField::Phone).is_some())
        .unwrap();
    let external_id = one.values.get(MemberField::ExternalId).unwrap().to_owned();
    window.press_with(Key::Control, '4').await;
    window.fill("Search members", &external_id).await;
    window.see("1 of ").await;
    let value = |field| one.values.get(field).unwrap_or_default();
    let name = format!(
        "{}, {}",
        value(MemberField::LastName),
        value(MemberField::FirstName)
    );
    window.click(&name).await;
    window.click("Edit values").await;
    window.fill("Phone", OURS).await;
    window.shot("members-edit").await;
    window.click("Save").await;
    window.see("Edit values").await;
    let edited = member(&app, &external_id).await;
    assert_eq!(
        edited.values.get(MemberField::Phone),
        Some(OURS),
        "it is saved as it was typed"
    );

    // The federation changes it too: a conflict that a person decides.
    practice.change_members(|members| {
        let theirs = members.iter_mut().find(|member| member.id == external_id);
        theirs.unwrap().mobile = Some("+353861110000".to_owned());
    });
    preview(&window).await;
    window.see("Phone was changed on both sides.").await;
    window.shot("preview-conflict").await;
    window.choose("Keep the club’s").await;
    window.click("Decide").await;
    window.see("No conflict is left.").await;
    apply(&window, &app).await;
    let decided = member(&app, &external_id).await;
    assert_eq!(
        decided.values.get(MemberField::Phone),
        Some(OURS),
        "what was decided"
    );

    // The federation changes somebody else; the sync is undone, and the club says what then.
    let town = decided.values.get(MemberField::Town).map(str::to_owned);
    practice.change_members(|members| {
        let theirs = members.iter_mut().find(|member| member.id == external_id);
        theirs.unwrap().town = "Dungarvan";
    });
    preview(&window).await;
    apply(&window, &app).await;
    let changed = member(&app, &external_id).await;
    assert_eq!(
        changed.values.get(MemberField::Town),
        Some("Dungarvan"),
        "it came"
    );
    window.click_beginning("Undo 1 change").await;
    window
        .see("Nothing is applied to this club afterwards")
        .await;
    window.shot("run-undo").await;
    window.click_beginning("Undo 1 change").await;
    window.see("A run of this club was undone.").await;
    window.shot("run-undone").await;
    let undone = member(&app, &external_id).await;
    assert_eq!(
        undone.values.get(MemberField::Town).map(str::to_owned),
        town,
        "it is as it was"
    );
    window.click("Keep mine").await;
    preview(&window).await;
    window.see("Nothing would change.").await;

    app.lock().await.unwrap();
    window.close().await;
    assert!(!home.log().contains("panicked"), "{}", home.log());
}
