//! Home on the command line: the sentence, what to type, the text for an e-mail, and the views for roles.

use practice_federation::PracticeOptions;

use crate::support::{Home, practice};

const KEY: &str = "practice-key-one-opens-invented-data";

#[test]
fn status_says_what_needs_a_person_and_what_to_type() {
    let federation = practice(PracticeOptions::default());
    let home = Home::new();
    let empty = home.run(&["status"]).expect_code(0).stdout;
    assert!(
        empty.starts_with("There is no connector yet."),
        "nothing to say: {empty}"
    );
    home.add_practice("football", &federation, "mistyped");
    home.run(&["connector", "test", "football"]).expect_code(3);
    let text = home.run(&["status"]).expect_code(0).stdout;
    for part in [
        "The connector is not healthy. One thing needs you.",
        "The key or the password is not accepted",
        "fedctl credentials set football",
        "Data file",
    ] {
        assert!(text.contains(part), "{part:?} is missing: {text}");
    }
    let json = home.run(&["--json", "status"]).expect_code(0).json();
    assert_eq!(json["state"], "open", "what was there before stays");
    assert_eq!(
        (
            &json["home"]["needs_you"],
            &json["home"]["attention"][0]["action"]
        ),
        (&1.into(), &"replace_key".into()),
        "and Home is beside it: {json}"
    );
}

#[test]
fn errors_text_is_for_an_e_mail_and_has_no_key() {
    let federation = practice(PracticeOptions::default());
    let home = Home::new();
    home.add_practice("football", &federation, "mistyped-canary");
    home.run(&["connector", "test", "football"]).expect_code(3);
    let text = home
        .run(&["errors", "football", "--text"])
        .expect_code(0)
        .stdout;
    for part in ["What it means for the club", "Finding: unauthorised"] {
        assert!(text.contains(part), "{part:?} is missing: {text}");
    }
    assert!(!text.contains("mistyped-canary"), "no key: {text}");
    let rows = home
        .run(&["--json", "errors", "football"])
        .expect_code(0)
        .json();
    let id = rows[0]["id"].as_str().expect("a line");
    let line = home
        .run(&["--json", "errors", "football", "--text", "--line", id])
        .expect_code(0)
        .json();
    let line = line["text"].as_str().expect("a text");
    assert!(line.contains("HTTP status: 401"), "of the line: {line}");
    home.run(&["errors", "--text"]).expect_code(2);
}

#[test]
fn the_support_view_refuses_members_by_argument_and_by_setting() {
    let federation = practice(PracticeOptions::default());
    let home = Home::new();
    home.add_practice("football", &federation, KEY);
    let refused = ["request", "football", "/v1/members"];
    let ran = home
        .run(&[&["--json", "--support"], &refused[..]].concat())
        .expect_code(3);
    assert_eq!(ran.error()["code"], "view_forbids", "by argument");
    home.run(&["--support", "status"]).expect_code(0);
    home.run(&["settings", "set", "view=support"])
        .expect_code(0);
    let ran = home
        .run(&[&["--json"], &refused[..]].concat())
        .expect_code(3);
    assert_eq!(ran.error()["code"], "view_forbids", "by setting");
    home.run(&["health"]).expect_code(0);
    home.run(&["settings", "set", "view=my_club"])
        .expect_code(2);
    home.run(&["settings", "set", "view=nonsense"])
        .expect_code(2);
    home.run(&["settings", "set", "my_club=ballyduff"])
        .expect_code(0);
    home.run(&["settings", "set", "view=my_club"])
        .expect_code(0);
    let shown = home.run(&["settings", "show"]).expect_code(0).stdout;
    assert!(shown.contains("one club: ballyduff"), "it says so: {shown}");
    home.run(&["settings", "set", "view=all"]).expect_code(0);
    home.run(&refused).expect_code(0);
}
