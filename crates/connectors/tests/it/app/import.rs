//! Members out of a file (Foireann's export), through the App: looked at, planned, applied, undone like a sync.

use std::fmt::Write as _;
use std::sync::Arc;

use connectors::App;
use connectors::error::{Code, Error};
use connectors::members::MemberField;
use connectors::settings::ConflictStrategy;
use connectors::view::{
    DateOrder, ImportFault, ImportLookView, ImportRequest, MemberView, PlanKind, RunState, RunView,
};
use testkit::Bench;
use tokio_util::sync::CancellationToken;

use super::support::practice;
use super::sync::{CODE, ORG, club, members, synced};

const HEADER: &str = "identifier,Forename,Surname,Irish Forename,Irish Surname,gender,DOB,email,Mobile Number,Membership Type,Player,Address1,Address2,Town,Postcode";

fn request() -> ImportRequest {
    ImportRequest {
        org: ORG.to_owned(),
        code: Some(CODE.to_owned()),
        template: Some("foireann_members".to_owned()),
        date_order: None,
        is_part: false,
    }
}

fn row(id: &str, first: &str, last: &str, born: &str) -> String {
    format!("{id},{first},{last},,,MALE,{born},,,ADULT,Y,1 High Street,,Tralee,V92 X8PH")
}

fn bytes(text: &str) -> Arc<[u8]> {
    text.as_bytes().into()
}

async fn app(bench: &Bench) -> App {
    let practice = practice().await;
    club(&practice, bench, ConflictStrategy::Merge).await
}

async fn look(app: &App, text: &[u8]) -> ImportLookView {
    app.import_look(&request(), text.into()).await.unwrap()
}

async fn plan_of(app: &App, request: &ImportRequest, text: &str) -> RunView {
    app.import_plan(request, bytes(text), |_| {}, CancellationToken::new())
        .await
        .unwrap()
}

fn value(member: &MemberView, field: MemberField) -> Option<&str> {
    member.values.get(field)
}

#[tokio::test]
async fn a_foireann_export_is_planned_applied_undone_and_the_same_again_changes_nothing() {
    let bench = Bench::new();
    let app = app(&bench).await;
    let file = format!(
        "{HEADER}\n{}\n{}\n,Cáit,Ní Bhriain,Cáit,Ní Bhriain,FEMALE,30/01/2012,cait@example.org,0871234567,JUVENILE,Y,,,Trá Lí,\n",
        row("F-1", "Seán", "Ó Sé", "31/12/1990"),
        row("F-2", "MARY", "MCCARTHY", "1985-05-14"),
    );
    let plan = plan_of(&app, &request(), &file).await;
    assert_eq!(plan.state, RunState::Planned, "nothing holds it: {plan:?}");
    assert_eq!(plan.counts.creates, 3, "all are new");
    assert!(
        members(&app).await.is_empty(),
        "a plan writes no member (S01)"
    );
    let outcome = app.import_outcome(&plan.run_id).await.unwrap();
    assert_eq!(
        (outcome.un_matched, outcome.matched, outcome.skipped),
        (3, 0, 0),
        "in the secretary's words"
    );
    app.sync_apply(&plan.run_id, &[]).await.unwrap();
    let all = members(&app).await;
    let child = all
        .iter()
        .find(|one| value(one, MemberField::FirstName) == Some("Cáit"))
        .unwrap();
    assert_eq!(
        value(child, MemberField::IrishLastName),
        Some("Ní Bhriain"),
        "Irish columns are kept (M08)"
    );
    assert_eq!(
        value(child, MemberField::DateOfBirth),
        Some("2012-01-30"),
        "a day that can be nothing else"
    );
    let again = plan_of(&app, &request(), &file).await;
    let counts = again.counts;
    assert_eq!(
        (
            counts.creates,
            counts.updates,
            counts.leavers,
            counts.conflicts,
            counts.problems
        ),
        (0, 0, 0, 0, 0),
        "the same file again changes nothing (S07), also for who has no identifier"
    );
    let outcome = app.import_outcome(&again.run_id).await.unwrap();
    assert_eq!(
        outcome.matched + outcome.previously_matched,
        3,
        "everybody was found"
    );
    let undone = app.sync_undo(&plan.run_id, None).await.unwrap();
    assert_eq!(undone.undone, 3, "and it can be undone");
    assert!(members(&app).await.is_empty(), "they are out again");
}

#[tokio::test]
async fn m03_dates_that_can_be_both_are_asked_about_once_for_the_file() {
    let bench = Bench::new();
    let app = app(&bench).await;
    let file = format!(
        "{HEADER}\n{}\n{}\n",
        row("F-1", "Seán", "Ó Sé", "03/04/2011"),
        row("F-2", "Mary", "McCarthy", "25/12/2010"),
    );
    let looked = look(&app, file.as_bytes()).await;
    assert!(looked.needs_date_order, "nobody can say which is the month");
    assert_eq!(looked.ambiguous_dates, 1, "one date");
    assert_eq!(
        looked.likely_date_order,
        Some(DateOrder::DayFirst),
        "the other one has its day first"
    );
    let refused = app
        .import_plan(&request(), bytes(&file), |_| {}, CancellationToken::new())
        .await
        .unwrap_err();
    let Error::Invalid(fields) = refused else {
        panic!("a broken field, not {refused:?}");
    };
    assert_eq!(fields[0].field, "date_order", "is to be said");
    for (order, born) in [
        (DateOrder::DayFirst, Some("2011-04-03")),
        (DateOrder::MonthFirst, Some("2011-03-04")),
    ] {
        let wanted = ImportRequest {
            date_order: Some(order),
            ..request()
        };
        let plan = plan_of(&app, &wanted, &file).await;
        let rows = app
            .sync_plan(&plan.run_id, PlanKind::Create, None, 10)
            .await
            .unwrap()
            .rows;
        let of_first = rows
            .iter()
            .find(|row| row.member.get(MemberField::ExternalId) == Some("F-1"))
            .unwrap();
        assert_eq!(
            of_first.member.get(MemberField::DateOfBirth),
            born,
            "as it was said: {order:?}"
        );
    }
}

#[tokio::test]
async fn however_the_file_is_written_it_reads_the_same() {
    let bench = Bench::new();
    let app = app(&bench).await;
    let usual = format!("{HEADER}\n{}\n", row("F-1", "Seán", "Ó Sé", "31/12/1990"));
    let utf16: Vec<u8> = std::iter::once(0xfeff_u16)
        .chain(usual.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let latin: Vec<u8> = usual
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    let shuffled = "SURNAME , forename,DOB,Identifier,Shoe size\nÓ Sé,Seán,31/12/1990,F-1,44\n";
    for (what, text) in [
        ("plain", usual.clone().into_bytes()),
        ("with a mark", format!("\u{feff}{usual}").into_bytes()),
        ("semicolons", usual.replace(',', ";").into_bytes()),
        ("tabs", usual.replace(',', "\t").into_bytes()),
        ("CRLF", usual.replace('\n', "\r\n").into_bytes()),
        ("CR", usual.replace('\n', "\r").into_bytes()),
        ("UTF-16", utf16),
        ("Windows-1252", latin),
        ("other order and capitals", shuffled.as_bytes().to_vec()),
    ] {
        let looked = look(&app, &text).await;
        assert_eq!(looked.rows, 1, "{what}");
        assert!(!looked.is_foreign, "{what}");
        let plan = app
            .import_plan(&request(), text.into(), |_| {}, CancellationToken::new())
            .await
            .unwrap();
        let rows = app
            .sync_plan(&plan.run_id, PlanKind::Create, None, 10)
            .await
            .unwrap()
            .rows;
        let member = &rows[0].member;
        assert_eq!(
            (
                member.get(MemberField::FirstName),
                member.get(MemberField::LastName),
                member.get(MemberField::ExternalId),
            ),
            (Some("Seán"), Some("Ó Sé"), Some("F-1")),
            "{what}"
        );
    }
    let looked = look(&app, shuffled.as_bytes()).await;
    assert!(
        looked.missing.contains(&"Postcode".to_owned()),
        "what is not there is named: {:?}",
        looked.missing
    );
}

#[tokio::test]
async fn a_broken_row_costs_its_row_and_nobody_is_taken_as_gone_because_of_it() {
    let bench = Bench::new();
    let app = app(&bench).await;
    let good = format!(
        "{HEADER}\n{}\n{}\n",
        row("F-1", "Seán", "Ó Sé", "31/12/1990"),
        row("F-2", "Mary", "McCarthy", "25/12/1980"),
    );
    let plan = plan_of(&app, &request(), &good).await;
    app.sync_apply(&plan.run_id, &[]).await.unwrap();
    let broken = format!(
        "{HEADER}\n{}\nF-2,Mary,McCarthy,too,short\n{}\n{}\n",
        row("F-1", "Seán", "Ó Sé", "31/12/1990"),
        row("F-3", "Nóra", "\"Walsh", "31/02/1990"),
        row("F-4", "Nobody", "", "25/12/1980"),
    );
    let looked = look(&app, broken.as_bytes()).await;
    assert_eq!((looked.rows, looked.left_out), (3, 1), "one is left out");
    assert!(
        looked
            .faults
            .iter()
            .any(|row| row.line == 3 && row.fault == ImportFault::WrongLength),
        "by its line: {:?}",
        looked.faults
    );
    let plan = plan_of(&app, &request(), &broken).await;
    assert_eq!(plan.counts.leavers, 0, "F-2 may stand in the broken row");
    assert_eq!(plan.counts.creates, 1, "the others come");
    assert_eq!(plan.counts.problems, 1, "no surname, no member (M05)");
    let outcome = app.import_outcome(&plan.run_id).await.unwrap();
    assert_eq!(outcome.skipped, 1, "is skipped");
    assert_eq!(outcome.previously_matched, 1, "F-1 is known");
}

#[tokio::test]
async fn a_whole_list_tells_who_left_and_a_part_does_not() {
    let bench = Bench::new();
    let app = app(&bench).await;
    let mut file = format!("{HEADER}\n");
    for at in 0..10 {
        let _ = writeln!(
            file,
            "{}",
            row(
                &format!("F-{at}"),
                "Seán",
                &format!("Ó Sé{at}"),
                "31/12/1990"
            )
        );
    }
    let plan = plan_of(&app, &request(), &file).await;
    app.sync_apply(&plan.run_id, &[]).await.unwrap();
    let short: String = file.lines().take(10).fold(String::new(), |mut all, line| {
        let _ = writeln!(all, "{line}");
        all
    });
    let whole = plan_of(&app, &request(), &short).await;
    assert_eq!(whole.counts.leavers, 1, "the last one has left");
    let part = ImportRequest {
        is_part: true,
        ..request()
    };
    let plan = plan_of(&app, &part, &short).await;
    assert_eq!(plan.counts.leavers, 0, "a part says nothing of the others");
    assert_eq!(
        plan.state,
        RunState::Planned,
        "and holds nothing up: {plan:?}"
    );
    let empty = plan_of(&app, &request(), &format!("{HEADER}\n")).await;
    assert_eq!(
        empty.state,
        RunState::Held,
        "an empty list asks first (S06)"
    );
}

#[tokio::test]
async fn who_came_from_the_federation_is_matched_by_names_and_birth() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    let known = members(&app).await;
    let one = known
        .iter()
        .find(|one| value(one, MemberField::DateOfBirth).is_some())
        .unwrap();
    let file = format!(
        "Forename,Surname,DOB\n{},{},{}\n",
        value(one, MemberField::FirstName).unwrap(),
        value(one, MemberField::LastName).unwrap(),
        value(one, MemberField::DateOfBirth).unwrap(),
    );
    let part = ImportRequest {
        is_part: true,
        ..request()
    };
    let plan = plan_of(&app, &part, &file).await;
    assert_eq!(plan.counts.creates, 0, "nobody comes twice: {plan:?}");
}

#[tokio::test]
async fn what_is_no_list_of_members_is_refused_in_words() {
    let bench = Bench::new();
    let app = app(&bench).await;
    for (what, text) in [
        ("a web page", &b"<!doctype html><p>Sign in"[..]),
        ("nothing", b""),
        ("an archive", b"PK\x03\x04\x00\x00\x00\x00\n\x00"),
    ] {
        let refused = app.import_look(&request(), text.into()).await.unwrap_err();
        assert_eq!(refused.code(), Code::BadFile, "{what}: {refused}");
    }
    let foreign = "Date,Amount,Balance\n2026-01-01,12,30\n";
    assert!(
        look(&app, foreign.as_bytes()).await.is_foreign,
        "a bank's file is another one"
    );
    let refused = app
        .import_plan(&request(), bytes(foreign), |_| {}, CancellationToken::new())
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::BadFile, "{refused}");
    let nobody = ImportRequest {
        org: "nobody".to_owned(),
        code: None,
        ..request()
    };
    let refused = app.import_look(&nobody, bytes(foreign)).await.unwrap_err();
    assert_eq!(refused.code(), Code::NotFound, "{refused}");
}

#[tokio::test]
async fn random_bytes_are_refused_or_read_and_never_more() {
    let bench = Bench::new();
    let app = app(&bench).await;
    let random = testkit::seeded_random::SeededRandom::new(7);
    let pieces: [&[u8]; 10] = [
        HEADER.as_bytes(),
        b"\n",
        b",",
        b"\"",
        b"\r",
        b"\0",
        b"\xff\xfe",
        b"03/04/2011",
        b"F-1",
        b";",
    ];
    for _ in 0..300 {
        let mut text = Vec::new();
        for _ in 0..random.below(60) {
            let at = random.below(10);
            text.extend_from_slice(pieces[at]);
        }
        match app.import_look(&request(), text.into()).await {
            Ok(_) => {}
            Err(refused) => assert_eq!(refused.code(), Code::BadFile, "{refused}"),
        }
    }
}

#[tokio::test]
async fn an_import_says_how_far_it_is_and_can_be_stopped() {
    let bench = Bench::new();
    let app = app(&bench).await;
    let rows: Vec<String> = (0..2_000)
        .map(|number| row(&format!("F{number}"), "Aoife", "Byrne", "01/05/2012"))
        .collect();
    let file = format!("{HEADER}\n{}", rows.join("\n"));
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let heard = Arc::clone(&seen);
    let day_first = ImportRequest {
        date_order: Some(DateOrder::DayFirst),
        ..request()
    };
    let note = move |far: connectors::SyncProgress| heard.lock().unwrap().push(far.fetched);
    app.import_plan(&day_first, bytes(&file), note, CancellationToken::new())
        .await
        .unwrap();
    let far = seen.lock().unwrap().clone();
    assert!(far.len() > 1, "more than once: {far:?}");
    assert!(far.is_sorted(), "further each time: {far:?}");
    assert_eq!(far.last(), Some(&2_000), "up to the end");
    let before = app.sync_history(CODE, ORG, 50).await.unwrap().len();
    bench.clock.advance_ms(1);
    let cancel = CancellationToken::new();
    let stop = cancel.clone();
    let stopped = app
        .import_plan(&day_first, bytes(&file), move |_| stop.cancel(), cancel)
        .await
        .unwrap_err();
    assert_eq!(stopped.code(), Code::Cancelled, "it was stopped");
    let runs = app.sync_history(CODE, ORG, 50).await.unwrap();
    assert_eq!(runs.len(), before + 1, "the run is in the history");
    assert_eq!(runs[0].state, RunState::Cancelled, "as stopped");
}
