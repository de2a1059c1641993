//! Members on the command line: finding, showing, editing, and why a value is so.

use practice_federation::PracticeOptions;
use serde_json::Value;

use crate::support::{Home, practice};

const CLUB: [&str; 3] = ["practice", "--org", "ballyduff"];

pub(crate) fn synced() -> (Home, practice_federation::Practice) {
    let federation = practice(PracticeOptions::default());
    let home = Home::new();
    home.add_practice("practice", &federation, federation.api_key());
    home.run(&[
        "connector",
        "edit",
        "practice",
        "--set",
        "endpoints.membership_list=/v1/clubs/{federation_org_id}/members",
        "--set",
        "sync.template=practice",
    ])
    .expect_code(0);
    home.run(&[
        "org",
        "connect",
        "practice",
        "--org",
        "ballyduff",
        "--name",
        "Ballyduff",
        "--federation-org",
        "club-1001",
    ])
    .expect_code(0);
    for verb in ["preview", "apply"] {
        home.run(&[&["sync", verb][..], &CLUB].concat())
            .expect_code(0);
    }
    (home, federation)
}

fn list(home: &Home, words: &[&str]) -> Vec<Value> {
    let arguments = [&["--json", "member", "list"], words].concat();
    let listed = home.run(&arguments).expect_code(0).json();
    listed.as_array().expect("a list is an array").clone()
}

#[test]
fn members_are_found_shown_edited_and_explained() {
    let (home, _federation) = synced();
    let all = list(&home, &CLUB);
    let everywhere = list(&home, &[]);
    assert_eq!(all.len(), everywhere.len(), "one club is all there is");
    let one = &all[0];
    let id = one["external_id"].as_str().expect("it has an id");
    let found = list(&home, &["--search", id]);
    assert_eq!(found.len(), 1, "by the federation's id");
    for (field, value) in one.as_object().expect("an object") {
        assert_eq!(&found[0][field], value, "{field} is the same in both lists");
    }
    let edit = [&["member", "edit"][..], &CLUB, &["--member", id, "--set"]].concat();
    home.run(&[&edit[..], &["town=Youghal"]].concat())
        .expect_code(0);
    let edited = list(&home, &["--status", "edited"]);
    assert_eq!(edited.len(), 1, "the club has edited one");
    let shown = home
        .run(&["--json", "member", "show", id])
        .expect_code(0)
        .json();
    assert_eq!(shown["town"], "Youghal", "it is saved");
    let text = home.run(&["member", "show", id]).expect_code(0).stdout;
    assert!(
        text.contains("federation: "),
        "the federation's value stands beside it: {text}"
    );
    let trace = ["--json", "member", "trace", id, "--field", "town"];
    let trace = home.run(&trace).expect_code(0).json();
    assert_eq!(trace["steps"][0]["kind"], "edited", "and why it is so");

    home.run(&[&edit[..], &["date_of_birth=soon"]].concat())
        .expect_code(2);
    home.run(&[&edit[..], &["hobby=chess"]].concat())
        .expect_code(2);
    home.run(&["member", "show", "nobody-at-all"])
        .expect_code(8);
    home.run(&["member", "list", "--org", "nowhere"])
        .expect_code(8);
}
