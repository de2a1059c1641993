//! Templates of the product and of the data folder.

use connectors::App;
use connectors::error::{Code, FieldRule};
use connectors::members::{MemberField, Problem, ProblemKind};
use connectors::view::Origin;
use testkit::Bench;

use super::support::rules;

const MINE: &str = "id = \"mine\"\nname = \"Mine\"\nversion = 2\n[fields.last_name]\nfrom = [\"Surname\"]\ntransforms = [\"trim\", \"name_case\"]\nrequired = true\n";

fn put(bench: &Bench, name: &str, text: &str) {
    let folder = bench.path().join("templates");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(name), text).unwrap();
}

#[tokio::test]
async fn presets_with_members_come_first_and_ones_own_last() {
    let bench = Bench::new();
    let app = bench.app();
    put(&bench, "mine.toml", MINE);
    put(&bench, "broken.toml", &MINE.replace("required", "requird"));
    put(&bench, "other.toml", MINE);
    put(
        &bench,
        "practice.toml",
        &MINE.replace("\"mine\"", "\"practice\""),
    );
    put(&bench, "notes.txt", "no template");
    let list = app.templates().await.unwrap();
    let ids: Vec<&str> = list.templates.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(
        ids.first(),
        Some(&"practice"),
        "the gallery's order: {ids:?}"
    );
    assert_eq!(ids.last(), Some(&"mine"), "one's own last: {ids:?}");
    assert!(
        !ids.contains(&"playhq"),
        "a system without members has none: {ids:?}"
    );
    let mine = list.templates.last().unwrap();
    assert_eq!(
        (mine.origin, mine.version),
        (Origin::Own, 2),
        "it is told apart"
    );
    let said: Vec<&str> = list
        .problems
        .iter()
        .map(|one| one.message.as_str())
        .collect();
    assert_eq!(
        said.len(),
        3,
        "each file that cannot be used is told: {said:?}"
    );
    assert!(
        said[0].starts_with("broken.toml, line 7: unknown field `requird`"),
        "file, line and key: {}",
        said[0]
    );
    assert_eq!(
        said[1], "other.toml, line 1: the file of this template is named mine.toml",
        "one name a file"
    );
    assert!(
        said[2].starts_with("practice.toml: there is a template practice already"),
        "no template hides another: {}",
        said[2]
    );
}

#[tokio::test]
async fn a_template_is_shown_as_the_file_that_it_would_be() {
    let bench = Bench::new();
    let app = bench.app();
    put(&bench, "mine.toml", MINE);
    for (id, origin) in [
        ("foireann_members", Origin::BuiltIn),
        ("comet", Origin::BuiltIn),
        ("mine", Origin::Own),
    ] {
        let shown = app.template(id).await.unwrap();
        assert_eq!(
            (shown.template.id.as_str(), shown.origin),
            (id, origin),
            "{id} is found"
        );
        let again = App::template_test(shown.toml, None).await.unwrap();
        assert_eq!(
            again.template, shown.template,
            "{id}: its text says the same"
        );
    }
    for id in ["playhq", "generic_rest_key", "nobody", "../mine", ""] {
        let error = app.template(id).await.unwrap_err();
        assert_eq!(error.code(), Code::NotFound, "{id:?} has no template");
    }
}

#[tokio::test]
async fn a_template_is_tried_with_records_before_it_is_used() {
    let records = r#"[{"Surname": "Ó SÉ"}, {"Forename": "Aoife"}]"#;
    let tried = App::template_test(MINE.to_owned(), Some(records.to_owned()))
        .await
        .unwrap();
    let first = &tried.records[0];
    assert_eq!(
        first.fields[0].after.as_deref(),
        Some("Ó Sé"),
        "the value as it is kept"
    );
    assert_eq!(first.problem, None, "it is a member");
    let missing = Problem {
        field: MemberField::LastName,
        kind: ProblemKind::Missing,
    };
    assert_eq!(
        tried.records[1].problem,
        Some(missing),
        "the other one is none"
    );
    let one = App::template_test(MINE.to_owned(), Some(r#"{"Surname": "MURPHY"}"#.to_owned()))
        .await
        .unwrap();
    assert_eq!(one.records.len(), 1, "one record needs no list");
}

#[tokio::test]
async fn records_that_are_none_are_refused_without_being_quoted() {
    let many = format!("[{}]", vec!["{}"; 101].join(","));
    for (records, said) in [
        (
            "{\"Surname\": Róisín}",
            "the records are not JSON, line 1 column 13",
        ),
        ("\"Róisín\"", "record 1 is no object"),
        ("[{}, \"Róisín\"]", "record 2 is no object"),
        (&many, "a template is tried with 100 records at most"),
    ] {
        let error = App::template_test(MINE.to_owned(), Some(records.to_owned()))
            .await
            .unwrap_err();
        assert_eq!(
            (error.code(), error.to_string().as_str()),
            (Code::BadFile, said),
            "what is wrong, and no child's name"
        );
    }
    let broken = App::template_test(MINE.replace("version = 2", "version = 0"), None).await;
    assert_eq!(
        rules(broken),
        [("version".to_owned(), FieldRule::OutOfRange)],
        "the template's own mistakes come first"
    );
}
