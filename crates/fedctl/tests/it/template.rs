//! Templates need no data file.

use serde_json::json;

use crate::support::Home;

const RECORDS: &str = r#"[
  {"identifier": "7", "Forename": "SEÁN", "Surname": "Ó SÉ", "DOB": "31/02/2010", "Mobile Number": "ask mam"},
  {"identifier": "8", "Forename": "Aoife"}
]"#;

#[test]
fn the_list_is_an_array_and_tells_broken_files_beside() {
    let home = Home::empty();
    let list = home
        .run(&["template", "list", "--json"])
        .expect_code(0)
        .json();
    let ids: Vec<&str> = list
        .as_array()
        .expect("a list is an array")
        .iter()
        .map(|one| one["id"].as_str().unwrap())
        .collect();
    assert!(ids.contains(&"foireann_members"), "{ids:?}");
    assert!(
        !home.data_dir().exists(),
        "looking at templates makes no folder"
    );
    let folder = home.data_dir().join("templates");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("broken.toml"), "id = \"broken\"\nshoe = 1\n").unwrap();
    let ran = home.run(&["template", "list"]).expect_code(0);
    assert!(
        ran.stderr
            .contains("broken.toml, line 2: unknown field `shoe`"),
        "file, line and key: {}",
        ran.stderr
    );
    assert!(
        ran.stdout.contains("foireann_members"),
        "the others are there: {}",
        ran.stdout
    );
}

#[test]
fn what_is_shown_is_a_file_to_start_from() {
    let home = Home::empty();
    let shown = home
        .run(&["template", "show", "foireann_members"])
        .expect_code(0)
        .stdout;
    let file = home.file("mine.toml", &shown);
    let said = home.run(&["template", "test", &file]).expect_code(0).stdout;
    assert!(
        said.starts_with("foireann_members is a template: version 1"),
        "{said}"
    );
    let document = home
        .run(&["--json", "template", "show", "foireann_members"])
        .expect_code(0)
        .json();
    assert_eq!(document["toml"], shown, "scripts get the same text");
    assert_eq!(
        document["template"]["fields"]["external_id"]["from"],
        json!(["identifier"]),
        "and what it says"
    );
    let ran = home
        .run(&["template", "show", "nobody", "--json"])
        .expect_code(8);
    assert_eq!(ran.error()["code"], "not_found", "a script can tell");
}

#[test]
fn a_template_is_tried_with_records_and_says_why() {
    let home = Home::empty();
    let file = home.file(
        "mine.toml",
        home.run(&["template", "show", "foireann_members"]).stdout,
    );
    let records = home.file("records.json", RECORDS);
    let ran = home
        .run(&["template", "test", &file, "--record", &records])
        .expect_code(5);
    for part in [
        "Ó SÉ",
        "Ó Sé",
        "Surname",
        "there is no such day",
        "no telephone number",
        "No member: last_name is missing",
    ] {
        assert!(
            ran.stdout.contains(part),
            "{part} is shown in {}",
            ran.stdout
        );
    }
    let document = home
        .run(&["--json", "template", "test", &file, "--record", &records])
        .expect_code(5)
        .json();
    assert_eq!(
        document["records"][1]["problem"],
        json!({"field": "last_name", "kind": "missing"}),
        "the second is no member"
    );
    let trace = document["records"][0]["fields"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["field"] == "last_name")
        .unwrap();
    assert_eq!(
        (&trace["source"], &trace["after"]),
        (&json!("Surname"), &json!("Ó Sé")),
        "the first is traced"
    );
    let one = home.file("one.json", r#"{"Surname": "MURPHY"}"#);
    home.run(&["template", "test", &file, "--record", &one])
        .expect_code(0);
}

#[test]
fn wrong_files_are_told_without_their_values() {
    let home = Home::empty();
    let shown = home.run(&["template", "show", "foireann_members"]).stdout;
    let broken = home.file(
        "broken.toml",
        shown.replace("version = 1", "version = 1\nshoe = 1"),
    );
    let ran = home
        .run(&["template", "test", &broken, "--json"])
        .expect_code(2);
    assert_eq!(ran.error()["code"], "invalid", "a script can tell");
    assert!(
        ran.stderr.contains("unknown field `shoe`"),
        "the key is named: {}",
        ran.stderr
    );
    let file = home.file("mine.toml", shown);
    let records = home.file("records.json", "{\"Surname\": Canary}");
    let ran = home
        .run(&["template", "test", &file, "--record", &records])
        .expect_code(2);
    assert!(
        ran.stderr.contains("line 1 column 13") && !ran.all().contains("Canary"),
        "the place and no value: {}",
        ran.all()
    );
    home.run(&["template", "test", "nowhere.toml"])
        .expect_code(2);
    home.run_with(&["template", "test", "-", "--record", "-"], "")
        .expect_code(2);
    let ran = home
        .run_with(
            &["template", "test", &file, "--record", "-"],
            r#"{"Surname": "MURPHY"}"#,
        )
        .expect_code(0);
    assert!(
        ran.stdout.contains("Murphy"),
        "records may come from standard input: {}",
        ran.stdout
    );
}

#[test]
fn a_template_is_saved_in_versions_and_goes_back_to_one() {
    let home = Home::new();
    let shown = home.run(&["template", "show", "foireann_members"]).stdout;
    let file = home.file("mine.toml", &shown);
    let taken = home
        .run(&["template", "save", &file, "--json"])
        .expect_code(2);
    assert_eq!(
        taken.error()["code"],
        "duplicate",
        "a preset's template is copied, not changed"
    );
    let saved = home
        .run(&["template", "save", &file, "--id", "ours", "--json"])
        .expect_code(0)
        .json();
    assert_eq!(
        (&saved["template"]["version"], &saved["place"]),
        (&json!(1), &json!("saved")),
        "a copy of one's own"
    );
    let next = home.file("next.toml", shown.replace("\"identifier\"", "\"number\""));
    home.run(&["template", "save", &next, "--id", "ours", "--expect", "0"])
        .expect_code(2);
    home.run(&["template", "save", &next, "--id", "ours", "--expect", "7"])
        .expect_code(75);
    let said = home
        .run(&["template", "save", &next, "--id", "ours", "--expect", "1"])
        .expect_code(0)
        .stdout;
    assert!(said.starts_with("ours is saved: version 2"), "{said}");
    home.run(&["template", "restore", "ours", "9"])
        .expect_code(8);
    home.run(&["template", "restore", "ours", "1"])
        .expect_code(0);
    let versions = home
        .run(&["template", "versions", "ours", "--json"])
        .expect_code(0)
        .json();
    let told: Vec<_> = versions
        .as_array()
        .expect("a list is an array")
        .iter()
        .map(|one| (one["version"].clone(), one["restored_from"].clone()))
        .collect();
    assert_eq!(
        told,
        [
            (json!(3), json!(1)),
            (json!(2), json!(null)),
            (json!(1), json!(null))
        ],
        "newest first"
    );
    let old = home
        .run(&["template", "show", "ours", "--at-version", "2"])
        .expect_code(0)
        .stdout;
    assert!(
        old.contains("\"number\""),
        "an old one can be looked at: {old}"
    );
    let now = home.file("now.toml", home.run(&["template", "show", "ours"]).stdout);
    home.run(&["template", "test", &now]).expect_code(0);
    let broken = home.file("broken.toml", shown.replace("required", "requird"));
    let ran = home
        .run(&["template", "save", &broken, "--id", "ours"])
        .expect_code(2);
    assert!(
        ran.stderr.contains("unknown field `requird`"),
        "with the key: {}",
        ran.stderr
    );
}

#[test]
fn a_template_in_use_is_not_deleted() {
    let home = Home::new();
    home.add("rowing");
    let file = home.file(
        "mine.toml",
        home.run(&["template", "show", "foireann_members"]).stdout,
    );
    home.run(&["template", "save", &file, "--id", "ours"])
        .expect_code(0);
    home.run(&["connector", "edit", "rowing", "--set", "sync.template=ours"])
        .expect_code(0);
    let ran = home
        .run(&["template", "delete", "ours", "--json"])
        .expect_code(6);
    assert!(
        ran.stderr.contains("rowing"),
        "which is named: {}",
        ran.stderr
    );
    home.run(&[
        "connector",
        "edit",
        "rowing",
        "--set",
        "sync.template=practice",
    ])
    .expect_code(0);
    home.run(&["template", "delete", "ours"]).expect_code(0);
    home.run(&["template", "show", "ours"]).expect_code(8);
    home.run(&["template", "restore", "ours", "1"])
        .expect_code(0);
    home.run(&["template", "show", "ours"]).expect_code(0);
    home.run(&["template", "delete", "nobody"]).expect_code(8);
}

#[test]
fn without_the_key_the_list_says_that_it_is_not_whole() {
    let mut home = Home::new();
    let file = home.file(
        "mine.toml",
        home.run(&["template", "show", "foireann_members"]).stdout,
    );
    home.run(&["template", "save", &file, "--id", "ours"])
        .expect_code(0);
    home.with_passphrase = false;
    let ran = home.run(&["template", "list"]).expect_code(0);
    assert!(
        ran.stdout.contains("foireann_members") && !ran.stdout.contains("ours"),
        "what needs no file is there: {}",
        ran.stdout
    );
    assert!(
        ran.stderr.contains("saved templates are not shown"),
        "and nobody takes it for all: {}",
        ran.stderr
    );
}
