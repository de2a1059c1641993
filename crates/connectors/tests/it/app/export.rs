//! Members as a file for people: what it contains is said first, nothing in it acts as a formula, and read again it is the same.

use connectors::App;
use connectors::error::Error;
use connectors::members::MemberField;
use connectors::settings::ConflictStrategy;
use connectors::view::{ExportFormat, ImportRequest, MemberExportRequest};
use serde_json::Value;
use testkit::Bench;
use tokio_util::sync::CancellationToken;

use super::support::practice;
use super::sync::{CODE, ORG, change_one, club, members, preview, synced};

fn request(format: ExportFormat) -> MemberExportRequest {
    MemberExportRequest {
        code: CODE.to_owned(),
        org: ORG.to_owned(),
        format,
        fields: None,
        with_left: false,
    }
}

async fn text(app: &App, request: &MemberExportRequest) -> String {
    String::from_utf8(app.member_export(request).await.unwrap()).unwrap()
}

#[tokio::test]
async fn an_export_read_again_changes_nothing_whatever_its_values_begin_with() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    for (at, nasty) in [
        "=1+1",
        "+353 1",
        "-x",
        "@a",
        "'=1",
        "'t Hart",
        "a,\"b\" c",
        "＝2",
    ]
    .into_iter()
    .enumerate()
    {
        let one = members(&app).await.remove(at);
        let change = [(MemberField::Town, Some(nasty.to_owned()))];
        app.member_edit(&one.member_id, one.version, &change)
            .await
            .unwrap();
    }
    let before = members(&app).await;
    let written = text(&app, &request(ExportFormat::Csv)).await;
    let mut reader = csv::Reader::from_reader(written.trim_start_matches('\u{feff}').as_bytes());
    for row in reader.records() {
        for cell in &row.unwrap() {
            assert!(
                !cell
                    .trim_start()
                    .starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋']),
                "no cell begins a formula, by another reader"
            );
        }
    }
    let import = ImportRequest {
        org: ORG.to_owned(),
        code: Some(CODE.to_owned()),
        template: Some("generic_csv".to_owned()),
        date_order: None,
        is_part: false,
    };
    let plan = app
        .import_plan(
            &import,
            written.as_bytes().into(),
            |_| {},
            CancellationToken::new(),
        )
        .await
        .unwrap();
    let counts = plan.counts;
    assert_eq!(
        (
            counts.creates,
            counts.updates,
            counts.conflicts,
            counts.leavers,
            counts.problems
        ),
        (0, 0, 0, 0, 0),
        "read again it is the same: {plan:?}"
    );
    assert_eq!(plan.fetched, before.len() as u64, "all of them");
    assert_eq!(
        text(&app, &request(ExportFormat::Csv)).await,
        written,
        "and the same members give the same bytes"
    );
}

#[tokio::test]
async fn a_file_says_what_it_contains_and_has_no_more() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    let looked = app
        .member_export_look(&request(ExportFormat::Json))
        .await
        .unwrap();
    let all = members(&app).await;
    assert_eq!(looked.people, all.len() as u64, "everybody");
    assert_eq!(looked.club, "Ballyduff", "of the club");
    assert!(
        looked.children > 0 && looked.children < looked.people,
        "children are counted: {looked:?}"
    );
    assert!(
        !looked.fields.contains(&MemberField::MedicalNotes),
        "health data is not in it unless somebody asks"
    );
    let few = MemberExportRequest {
        fields: Some(vec![MemberField::LastName, MemberField::ExternalId]),
        ..request(ExportFormat::Json)
    };
    let document: Value = serde_json::from_str(&text(&app, &few).await).unwrap();
    assert_eq!(
        document["contains"]["people"].as_u64(),
        Some(looked.people),
        "the head says so too"
    );
    assert_eq!(
        document["contains"]["encrypted"], false,
        "and that nothing protects it"
    );
    let first = document["members"][0].as_object().unwrap();
    let names: Vec<&String> = first.keys().collect();
    assert_eq!(
        names,
        ["external_id", "last_name"],
        "these fields and no other"
    );
    let health = MemberExportRequest {
        fields: Some(vec![MemberField::MedicalNotes]),
        ..request(ExportFormat::Csv)
    };
    let looked = app.member_export_look(&health).await.unwrap();
    assert_eq!(
        looked.sensitive,
        [MemberField::MedicalNotes],
        "it is marked"
    );
    for fields in [Vec::new(), vec![MemberField::FullName]] {
        let wrong = MemberExportRequest {
            fields: Some(fields),
            ..request(ExportFormat::Csv)
        };
        let refused = app.member_export(&wrong).await.unwrap_err();
        assert!(matches!(refused, Error::Invalid(_)), "{refused:?}");
    }
}

#[tokio::test]
async fn who_has_left_is_in_the_file_only_where_asked_for() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    let gone = change_one(&practice, |_| {});
    practice.change_members(|all| all.retain(|member| member.id != gone));
    let plan = preview(&app).await;
    assert_eq!(plan.counts.leavers, 1, "one has left");
    app.sync_apply(&plan.run_id, &[]).await.unwrap();
    let without = text(&app, &request(ExportFormat::Csv)).await;
    assert!(!without.contains(&gone), "not in the usual file");
    let with = MemberExportRequest {
        with_left: true,
        ..request(ExportFormat::Csv)
    };
    let with = text(&app, &with).await;
    let row = with.lines().find(|line| line.contains(&gone)).unwrap();
    let day = row.rsplit(',').next().unwrap();
    assert_eq!(day.len(), 10, "with the day: {day}");
}
