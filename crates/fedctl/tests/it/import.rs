//! Connectors as files (A11).

use practice_federation::PracticeOptions;
use serde_json::json;

use crate::support::{Home, practice};

const TWO: &str = r#"
[[connector]]
code = "one_gaa"
name = "Cumann a hAon"
[connector.auth]
kind = "api_key"
[connector.endpoints]
base = "https://one.example.org"
membership_list = "/members"

[[connector]]
code = "two_gaa"
name = "Cumann a Dó"
environment = "test"
[connector.auth]
kind = "basic"
[connector.endpoints]
base = "https://two.example.org"
membership_list = "/members"
"#;

#[test]
fn an_import_again_changes_nothing() {
    let home = Home::new();
    let file = home.file("two.toml", TWO);
    let first = home
        .run(&["--json", "connector", "import", &file])
        .expect_code(0)
        .json();
    assert_eq!(
        first["created"],
        json!(["one_gaa", "two_gaa"]),
        "both are new"
    );
    let again = home
        .run(&["--json", "connector", "import", &file])
        .expect_code(0)
        .json();
    assert_eq!(
        again["unchanged"],
        json!(["one_gaa", "two_gaa"]),
        "nothing is done twice"
    );
    assert_eq!(again["created"], json!([]), "nothing is new");
    let changed = TWO.replace("Cumann a hAon", "Cumann Eile");
    let third = home
        .run_with(&["--json", "connector", "import", "-"], changed)
        .expect_code(0)
        .json();
    assert_eq!(
        third["updated"],
        json!(["one_gaa"]),
        "only what differs is changed"
    );
}

#[test]
fn one_refused_entry_stops_no_other_and_ends_with_partly_done() {
    let home = Home::new();
    let text = TWO.replace("https://two.example.org", "ftp://two.example.org");
    let ran = home
        .run_with(&["--json", "connector", "import", "-"], &text)
        .expect_code(5);
    assert_eq!(
        ran.json()["created"],
        json!(["one_gaa"]),
        "the good one is done"
    );
    let refused = &ran.json()["refused"][0];
    assert_eq!(refused["code"], "two_gaa", "the other is named");
    let message = refused["fields"][0]["message"].as_str().unwrap();
    assert!(message.starts_with("line 18:"), "with its line: {message}");
    let told = home
        .run_with(&["connector", "import", "-"], &text)
        .expect_code(5);
    assert!(
        told.stderr.contains("two_gaa"),
        "people are told too: {}",
        told.stderr
    );
    let only = text
        .split("[[connector]]")
        .nth(2)
        .map(|one| format!("[[connector]]{one}"));
    home.run_with(&["connector", "import", "-"], only.unwrap())
        .expect_code(2);
}

#[test]
fn what_is_exported_can_be_imported_elsewhere_and_has_no_secret() {
    let federation = practice(PracticeOptions::default());
    let here = Home::new();
    let key = "canary-7f3a-not-in-an-export";
    here.add_practice("practice", &federation, key);
    here.run_with(&["connector", "import", "-"], TWO)
        .expect_code(0);
    let exported = here.run(&["connector", "export"]).expect_code(0).stdout;
    assert!(!exported.contains(key), "no secret in the file");
    let there = Home::new();
    there
        .run_with(&["connector", "import", "-"], &exported)
        .expect_code(0);
    let again = there.run(&["connector", "export"]).expect_code(0).stdout;
    assert_eq!(exported, again, "the way there and back changes nothing");

    let one = here
        .run(&["--json", "connector", "export", "two_gaa"])
        .expect_code(0)
        .json();
    assert_eq!(one["environment"], "test", "one connector is one object");
    let all = here
        .run(&["--json", "connector", "export"])
        .expect_code(0)
        .json();
    assert_eq!(
        all.as_array().expect("an array").len(),
        3,
        "all are an array"
    );
    here.run(&["connector", "export", "nosuch"]).expect_code(8);

    let file = here.file(
        "one.toml",
        here.run(&["connector", "export", "two_gaa"]).stdout,
    );
    let added = there
        .run(&["--json", "connector", "add", "third", "--from", &file])
        .expect_code(0)
        .json();
    assert_eq!(
        added["name"], "Cumann a Dó",
        "a file is a start for another code"
    );
    let several = here.file("several.toml", TWO);
    there
        .run(&["connector", "add", "fourth", "--from", &several])
        .expect_code(2);
}
