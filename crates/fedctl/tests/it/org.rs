//! Clubs on the command line (M7, C01, C02, A09).

use practice_federation::{Practice, PracticeOptions};
use serde_json::{Value, json};

use crate::support::{Home, Ran, practice};

fn connect(home: &Home, code: &str, org: &str, name: &str, federation_org: &str) -> Ran {
    home.run(&[
        "--json",
        "org",
        "connect",
        code,
        "--org",
        org,
        "--name",
        name,
        "--federation-org",
        federation_org,
    ])
}

fn rows(home: &Home, arguments: &[&str]) -> Vec<(String, String)> {
    let listed = home
        .run(&[&["--json", "org", "list"], arguments].concat())
        .expect_code(0)
        .json();
    let text = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
    listed
        .as_array()
        .expect("a list is an array")
        .iter()
        .map(|row| (text(row, "code"), text(row, "org")))
        .collect()
}

fn with_practice() -> (Home, Practice) {
    let federation = practice(PracticeOptions::default());
    let home = Home::new();
    home.add_practice("practice", &federation, federation.api_key());
    (home, federation)
}

#[test]
fn m7_clubs_are_connected_listed_and_disconnected() {
    let home = Home::new();
    home.add("football");
    home.add("hockey");
    let empty = home.run(&["org", "list"]).expect_code(0).stdout;
    assert!(
        empty.contains("fedctl org connect"),
        "an empty list says what to do: {empty}"
    );
    let made = connect(&home, "football", "ballyduff", "Baile Uí Dhuibh", "7")
        .expect_code(0)
        .json();
    assert_eq!(made["state"], "never_synced", "nothing was synced");
    assert_eq!(made["last_sync_at"], json!(null), "and none is known");
    connect(&home, "hockey", "ballyduff", "Baile Uí Dhuibh", "7").expect_code(0);
    let pair = |code: &str| (code.to_owned(), "ballyduff".to_owned());
    assert_eq!(
        rows(&home, &["football"]),
        [pair("football")],
        "of one connector"
    );
    assert_eq!(rows(&home, &[]).len(), 2, "of all");
    assert_eq!(
        rows(&home, &["--search", "UI dhuibh hockey"]),
        [pair("hockey")],
        "searched without accents"
    );
    home.run(&["org", "list", "nosuch"]).expect_code(8);

    let twice = connect(&home, "football", "ballyduff", "Baile Uí Dhuibh", "8").expect_code(2);
    assert_eq!(
        twice.error()["code"],
        "duplicate",
        "scripts can tell a duplicate"
    );
    assert_eq!(
        twice.error()["detail"]["fields"][0]["rule"],
        "already_connected",
        "and of what"
    );
    home.run(&["org", "disconnect", "football", "--org", "ballyduff"])
        .expect_code(0);
    home.run(&["org", "disconnect", "football", "--org", "ballyduff"])
        .expect_code(8);
    let club = home
        .run(&["--json", "org", "connectors", "--org", "ballyduff"])
        .expect_code(0)
        .json();
    let states: Vec<&Value> = club["connections"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["state"])
        .collect();
    assert_eq!(
        states,
        [&json!("never_synced"), &json!("disconnected")],
        "C02: the history stays"
    );
    let told = home
        .run(&["org", "connectors", "--org", "ballyduff"])
        .expect_code(0)
        .stdout;
    assert!(
        told.contains("disconnected from football"),
        "people read it too: {told}"
    );
    home.run(&["org", "connectors", "--org", "nobody"])
        .expect_code(8);
    connect(&home, "football", "", "", "").expect_code(2);
}

#[test]
fn c01_an_id_is_looked_up_before_connecting() {
    let (home, federation) = with_practice();
    let look_up = |id: &str| home.run(&["org", "look-up", "practice", "--federation-org", id]);
    let found = look_up("club-1002").expect_code(0);
    assert_eq!(
        found.stdout.trim(),
        "Kilsample Rovers",
        "the federation's own name"
    );
    let unknown = look_up("club-9").expect_code(8);
    assert!(
        unknown.stderr.contains("knows no club"),
        "a sentence: {}",
        unknown.stderr
    );
    let made = connect(&home, "practice", "kilsample", "Kilsample", "club-1002")
        .expect_code(0)
        .json();
    assert_eq!(
        made["federation_name"], "Kilsample Rovers",
        "it is kept with the connection"
    );
    connect(&home, "practice", "wrong", "Wrong", "club-9").expect_code(8);
    drop(federation);
    let later = home
        .run(&[
            "org",
            "connect",
            "practice",
            "--org",
            "later",
            "--name",
            "Later",
            "--federation-org",
            "club-1003",
        ])
        .expect_code(0);
    assert!(
        later.stderr.contains("could not be looked up"),
        "a federation that is away does not keep a club out: {}",
        later.stderr
    );
    home.add("football");
    let none = home
        .run(&[
            "--json",
            "org",
            "look-up",
            "football",
            "--federation-org",
            "1",
        ])
        .expect_code(0)
        .json();
    assert_eq!(
        none,
        json!({"offered": false, "name": null}),
        "where it cannot be asked, it says so"
    );
}

#[test]
fn a_list_of_clubs_is_partly_done_and_again_changes_nothing() {
    let home = Home::new();
    home.add("football");
    let text = "org,name,federation_org\nballyduff,Ballyduff,1\n,Nobody,2\nardmore,Ardmore,3\n";
    let file = home.file("clubs.csv", text);
    let import = |file: &str| {
        home.run_with(
            &["--json", "org", "import", file, "--connector", "football"],
            text,
        )
    };
    let done = import(&file).expect_code(5).json();
    assert_eq!(
        (&done["connected"], &done["refused"]),
        (&json!(2), &json!(1)),
        "one refused line stops no other"
    );
    assert_eq!(
        (&done["lines"][1]["line"], &done["lines"][1]["outcome"]),
        (&json!(3), &json!("refused")),
        "it is named by its number"
    );
    let again = import("-").expect_code(5).json();
    assert_eq!(again["already"], json!(2), "nothing is done twice");
    let told = home
        .run(&["org", "import", &file, "--connector", "football"])
        .expect_code(5);
    assert!(
        told.stderr.contains("line 3: org:") && told.stdout.contains("2 connected already"),
        "people are told too: {}",
        told.all()
    );
    let bad = home.file("bad.csv", ",,x\n");
    home.run(&["org", "import", &bad, "--connector", "football"])
        .expect_code(2);
    home.run(&["org", "import", &file, "--connector", "nosuch"])
        .expect_code(8);
    let latin = home.file("latin.csv", b"a,Se\xe1n,1\n");
    home.run(&["org", "import", &latin, "--connector", "football"])
        .expect_code(2);
}

#[test]
fn a09_removing_a_connector_names_its_clubs() {
    let home = Home::new();
    home.add("football");
    connect(&home, "football", "ballyduff", "Ballyduff", "1").expect_code(0);
    connect(&home, "football", "ardmore", "Ardmore", "2").expect_code(0);
    let told = home
        .run(&["connector", "remove", "football"])
        .expect_code(0)
        .stdout;
    assert!(
        told.contains("Ardmore, Ballyduff"),
        "who is affected stands there: {told}"
    );
    home.run(&["connector", "restore", "football"])
        .expect_code(0);
    let document = home
        .run(&["--json", "connector", "remove", "football"])
        .expect_code(0)
        .json();
    assert_eq!(
        document["affected_clubs"],
        json!(["Ardmore", "Ballyduff"]),
        "scripts read it too"
    );
    assert_eq!(document["clubs"], json!(2), "beside their number");
}
