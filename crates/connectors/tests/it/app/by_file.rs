//! A connector whose members come out of files alone (Foireann's export): it has no address, and nothing is read by itself.

use connectors::CancellationToken;
use connectors::error::{Code, Error, FieldRule};
use connectors::settings::ConnectorSettings;
use connectors::validate;
use connectors::view::{
    AskedBy, BulkRequest, ClubListRequest, ImportRequest, RunState, ScheduleSetRequest,
    ScheduleState,
};
use connectors::{App, catalogue};
use testkit::Bench;

use super::clubs::connect;
use super::support::{request, test};

const CODE: &str = "foireann_members";
const ORG: &str = "ballyduff";

fn settings() -> ConnectorSettings {
    ConnectorSettings {
        preset: Some(CODE.to_owned()),
        ..catalogue::show(CODE).unwrap().settings
    }
}

async fn with_club(bench: &Bench) -> App {
    let app = bench.open_app().await;
    app.connector_add(request(settings(), None)).await.unwrap();
    connect(&app, CODE, ORG, "Ballyduff", "Ballyduff").await;
    app
}

fn fields(error: &Error) -> Vec<(String, FieldRule)> {
    let Error::Invalid(fields) = error else {
        panic!("{error}: the field is named");
    };
    let of = fields.iter().map(|one| (one.field.clone(), one.rule));
    of.collect()
}

#[test]
fn only_a_file_without_credentials_goes_without_an_address() {
    let missing = |settings: &ConnectorSettings| {
        let found = validate::check(settings);
        found.iter().any(|one| one.field == "endpoints.base")
    };
    let by_file = settings();
    assert!(by_file.is_by_file(), "the preset as it is");
    assert!(!missing(&by_file), "needs no address");
    let mut with_key = settings();
    with_key.auth.kind = connectors::settings::AuthKind::ApiKey;
    assert!(missing(&with_key), "credentials are for an address");
    let mut json = settings();
    json.records.format = connectors::settings::RecordFormat::Json;
    assert!(missing(&json), "a file is CSV");
    let mut at_address = settings();
    at_address.endpoints.membership_list = "https://files.example.org/members.csv".to_owned();
    assert!(!at_address.is_by_file(), "its list has an address");
    assert!(missing(&at_address), "then the rest needs one too");
}

#[tokio::test]
async fn its_members_come_out_of_a_file_and_nothing_is_read_by_itself() {
    let bench = Bench::new();
    let app = with_club(&bench).await;
    let tested = test(&app, CODE).await;
    assert!(tested.ok, "there is nothing to reach: {tested:?}");
    assert!(
        tested
            .steps
            .iter()
            .all(|step| step.detail.contains("come out of files")),
        "each step says so"
    );
    let refused = app
        .sync_preview(CODE, ORG, AskedBy::Person, |_| {}, CancellationToken::new())
        .await
        .unwrap_err();
    assert_eq!(
        fields(&refused),
        [("endpoints.base".to_owned(), FieldRule::Required)],
        "it says what to do"
    );
    let nightly = ScheduleSetRequest::On {
        schedule: "0 2 * * *".to_owned(),
        time_zone: None,
    };
    for org in [None, Some(ORG)] {
        let refused = app
            .schedule_set(CODE, org, nightly.clone())
            .await
            .unwrap_err();
        assert_eq!(
            fields(&refused),
            [("schedule".to_owned(), FieldRule::NotForKind)],
            "{org:?}: no night brings a file"
        );
    }
    let shown = app.schedule_show(CODE, Some(ORG)).await.unwrap();
    assert_eq!(shown.state, ScheduleState::None, "it has no schedule");
    let all = BulkRequest {
        code: None,
        search: String::new(),
    };
    let none = app
        .sync_preview_all(all, AskedBy::Person, |_| {}, CancellationToken::new())
        .await
        .unwrap();
    assert!(none.is_empty(), "many clubs at once leave it out: {none:?}");
    let listed = app.org_list(ClubListRequest::default()).await.unwrap().rows;
    let schedule = listed[0].schedule.clone().unwrap();
    assert!(schedule.by_file, "the list says so");

    let file = "identifier,Forename,Surname,DOB\nF-1,Aoife,Byrne,30/01/2012\n";
    let import = ImportRequest {
        org: ORG.to_owned(),
        code: None,
        template: None,
        date_order: None,
        is_part: false,
    };
    let plan = app
        .import_plan(
            &import,
            file.as_bytes().into(),
            |_| {},
            CancellationToken::new(),
        )
        .await
        .unwrap();
    let run = app.sync_apply(&plan.run_id, &[]).await.unwrap();
    assert_eq!(run.state, RunState::Applied, "it is applied like a sync");
    let members = app.member_list(CODE, ORG, None, 10).await.unwrap();
    assert_eq!(members.rows.len(), 1, "who stands in the file came");
    assert_eq!(refused.code(), Code::Invalid, "nothing else is wrong");
}
