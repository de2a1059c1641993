//! Export and import (A11): no secret goes out, the same file twice changes nothing.

use connectors::App;
use connectors::error::{Code, FieldRule};
use connectors::view::{ConnectorListRequest, ConnectorSettings};
use testkit::{Bench, api_key};

use super::support::{add, code, codes, contents, request, rules, set_key, settings};

fn sample(code: &str) -> ConnectorSettings {
    let mut one = settings(code);
    one.name = format!("Cumann “{code}” Ó Sé");
    one.variables
        .insert("tenant".to_owned(), "kerry".to_owned());
    one.sync.schedule = Some("0 3 * * *".to_owned());
    one.sync.time_zone = Some("Europe/Dublin".to_owned());
    one
}

async fn versions(app: &App) -> Vec<(String, i64, i64)> {
    let mut found = Vec::new();
    for code in codes(app, ConnectorListRequest::default()).await {
        let shown = app.connector_show(&code).await.unwrap();
        found.push((code, shown.version, shown.row.updated_at));
    }
    found
}

#[tokio::test]
async fn a11_what_is_exported_comes_back_the_same_elsewhere() {
    for number in [0, 1, 3] {
        let (one, two) = (Bench::new(), Bench::new());
        let (from, to) = (one.open_app().await, two.open_app().await);
        let mut expected = Vec::new();
        for n in 0..number {
            let credentials = Some(api_key("hidden-key-value"));
            let made = from
                .connector_add(request(sample(&format!("club_{n}")), credentials))
                .await
                .unwrap();
            expected.push(made.settings);
        }
        add(&from, "deleted").await;
        from.connector_remove("deleted").await.unwrap();
        let text = from.connector_export(None).await.unwrap();
        assert!(
            !text.contains("hidden-key-value"),
            "{number}: no secret goes out"
        );
        assert!(
            !text.contains("deleted"),
            "{number}: deleted ones stay behind"
        );
        let done = to.connector_import(&text).await.unwrap();
        assert_eq!(
            (done.created.len(), done.refused.len()),
            (number, 0),
            "{number}: each is made"
        );
        for settings in expected {
            let shown = to.connector_show(&settings.code).await.unwrap();
            assert_eq!(shown.settings, settings, "{number}: nothing is lost");
            assert!(!shown.credentials.set, "{number}: credentials are not");
        }
        assert_eq!(
            to.connector_export(None).await.unwrap(),
            text,
            "{number}: and it exports the same"
        );
    }
}

#[tokio::test]
async fn a11_the_same_file_again_writes_nothing() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    let mut spaced = sample("spaced");
    // As a person types it: stored without the spaces, and still the same file.
    spaced.name = format!("  {} ", spaced.name);
    spaced.endpoints.verify = Some(String::new());
    let text = connectors::connector_file::write(&[sample("one"), sample("two"), spaced]).unwrap();
    let first = app.connector_import(&text).await.unwrap();
    assert_eq!(first.created, ["one", "two", "spaced"], "in its order");
    set_key(&app, "one", "key").await;
    let before = versions(&app).await;
    bench.clock.advance_days(1);
    let second = app.connector_import(&text).await.unwrap();
    assert_eq!(
        second.unchanged,
        ["one", "two", "spaced"],
        "nothing is to be done: {second:?}"
    );
    assert_eq!(versions(&app).await, before, "and nothing is done");

    let changed = text.replacen("Europe/Dublin", "Europe/London", 1);
    let third = app.connector_import(&changed).await.unwrap();
    assert_eq!(
        (third.updated.as_slice(), third.unchanged.len()),
        (["one".to_owned()].as_slice(), 2),
        "only what differs is changed"
    );
    let one = app.connector_show("one").await.unwrap();
    assert!(one.credentials.set, "an import keeps credentials");
}

#[tokio::test]
async fn a11_refused_entries_are_named_with_their_line_and_stop_no_other() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    add(&app, "deleted").await;
    app.connector_remove("deleted").await.unwrap();
    let mut broken = sample("broken");
    broken.endpoints.base = "ftp://files.example".to_owned();
    let all = [
        sample("good"),
        broken,
        sample("deleted"),
        sample(""),
        sample("last"),
    ];
    let text = connectors::connector_file::write(&all).unwrap();
    let done = app.connector_import(&text).await.unwrap();
    assert_eq!(done.created, ["good", "last"], "the good ones are made");
    let refused: Vec<(&str, &str, FieldRule)> = done
        .refused
        .iter()
        .map(|one| {
            let field = &one.fields[0];
            (one.code.as_str(), field.field.as_str(), field.rule)
        })
        .collect();
    assert_eq!(
        refused,
        [
            ("broken", "endpoints.base", FieldRule::NotHttps),
            ("deleted", "code", FieldRule::TakenByDeleted),
            ("connector 4", "code", FieldRule::Required),
        ],
        "each with its reason"
    );
    let line = text.lines().position(|l| l.contains("ftp://")).unwrap() + 1;
    let message = &done.refused[0].fields[0].message;
    assert!(
        message.starts_with(&format!("line {line}:")),
        "a person finds the place: {message}"
    );
    assert_eq!(
        code(app.connector_export(Some("deleted")).await),
        Code::Deleted,
        "a deleted one stays deleted"
    );
}

#[tokio::test]
async fn a_file_that_is_no_connector_file_changes_nothing_and_is_not_quoted() {
    const PASTED: &str = "pasted-hidden-key";
    let bench = Bench::new();
    let app = bench.open_app().await;
    let good = connectors::connector_file::write(&[sample("good")]).unwrap();
    let before = contents(bench.path());
    let cases = [
        ("not TOML", format!("{PASTED} is my key")),
        ("an open text", format!("name = \"{PASTED}")),
        ("unknown key", format!("api_key = \"{PASTED}\"\n{good}")),
        (
            "wrong type",
            good.replace("enabled = true", &format!("enabled = \"{PASTED}\"")),
        ),
        (
            "number",
            good.replace(
                "timeout_seconds = 30",
                &format!("timeout_seconds = \"{PASTED}\""),
            ),
        ),
        (
            "unknown word",
            good.replace("kind = \"api_key\"", &format!("kind = \"{PASTED}\"")),
        ),
        ("table for text", format!("name = {{ key = \"{PASTED}\" }}")),
        ("list of texts", format!("connector = [\"{PASTED}\"]")),
    ];
    for (case, text) in cases {
        assert!(text.contains(PASTED), "{case}: the case holds what it says");
        let error = app.connector_import(&text).await.unwrap_err();
        assert_eq!(error.code(), Code::Invalid, "{case}: {error}");
        let told = format!("{error} {error:?}");
        assert!(
            !told.contains(PASTED),
            "{case}: people paste keys where they do not belong: {told}"
        );
        assert!(told.contains("line "), "{case}: the line is named: {told}");
    }
    let huge = "#".repeat(33 * 1024 * 1024);
    assert_eq!(
        rules(app.connector_import(&huge).await),
        [("file".to_owned(), FieldRule::TooLong)],
        "a file that cannot be ours is not parsed"
    );
    assert_eq!(contents(bench.path()), before, "nothing is written");
}
