//! Connectors from adding to purging.

use practice_federation::{Fault, FaultKind, PracticeOptions};

use crate::support::{Home, api_key, practice};

const KEY: &str = "practice-key-one-opens-invented-data";

#[test]
fn a_connector_lives_from_adding_to_purging() {
    let home = Home::new();
    let added = home
        .run(&[
            "--json",
            "connector",
            "add",
            "ballyduff",
            "--preset",
            "generic_rest_key",
            "--set",
            "endpoints.base=https://api.example.org/v1",
        ])
        .expect_code(0)
        .json();
    assert_eq!(
        added["name"], "ballyduff",
        "without a name the code is the name"
    );
    assert_eq!(added["state"], "not_tested", "nobody has tested it");
    assert_eq!(
        added["credentials"]["set"], false,
        "no credentials were given"
    );

    let edited = home
        .run(&[
            "--json",
            "connector",
            "edit",
            "ballyduff",
            "--set",
            "name=Baile Uí Dhuibh",
            "--set",
            "paging.size=50",
            "--set",
            "limits.requests_per_minute=30",
        ])
        .expect_code(0)
        .json();
    assert_eq!(edited["name"], "Baile Uí Dhuibh", "the name was changed");
    assert_eq!(
        edited["settings"]["paging"]["size"], 50,
        "a number stays a number"
    );

    let found = home
        .run(&["--json", "connector", "list", "--search", "ui dhuibh"])
        .expect_code(0)
        .json();
    assert_eq!(
        found.as_array().expect("an array").len(),
        1,
        "fadas make no difference"
    );

    let paused = home
        .run(&["--json", "connector", "status", "ballyduff", "inactive"])
        .expect_code(0)
        .json();
    assert_eq!(paused["state"], "paused", "inactive reads as paused");
    let active = home
        .run(&["--json", "connector", "list", "--status", "active"])
        .expect_code(0)
        .json();
    assert_eq!(active.as_array().unwrap().len(), 0, "the status filters");
    home.run(&["connector", "status", "ballyduff", "error"])
        .expect_code(2);

    let copy = home
        .run(&["--json", "connector", "clone", "ballyduff", "copy_1"])
        .expect_code(0)
        .json();
    assert_eq!(copy["code"], "copy_1", "the copy has its own code");

    home.run(&["connector", "purge", "ballyduff", "--yes"])
        .expect_code(2);
    home.run(&["connector", "remove", "ballyduff"])
        .expect_code(0);
    let deleted = home
        .run(&["--json", "connector", "list", "--deleted"])
        .expect_code(0)
        .json();
    assert_eq!(
        deleted[0]["code"], "ballyduff",
        "the deleted one is in its own list"
    );
    home.run(&["connector", "test", "ballyduff"]).expect_code(2);
    home.run(&["connector", "restore", "ballyduff"])
        .expect_code(0);
    home.run(&["connector", "remove", "ballyduff"])
        .expect_code(0);

    let refused = home
        .run(&["connector", "purge", "ballyduff"])
        .expect_code(2);
    assert!(
        refused.stderr.contains("--yes"),
        "without a terminal it says what is missing"
    );
    home.run(&["connector", "purge", "ballyduff", "--yes"])
        .expect_code(0);
    home.run(&["connector", "show", "ballyduff"]).expect_code(8);
}

#[test]
fn a_test_reports_six_steps_and_ends_with_the_number_of_its_class() {
    let federation = practice(PracticeOptions::default());
    let home = Home::new();
    home.add_practice("practice", &federation, KEY);
    let report = home
        .run(&["--json", "connector", "test", "practice"])
        .expect_code(0)
        .json();
    assert_eq!(report["ok"], true, "the practice federation answers");
    let steps = report["steps"].as_array().expect("steps are an array");
    let names: Vec<&str> = steps
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        ["dns", "tcp", "tls", "auth", "endpoint", "record"],
        "in this order"
    );
    for step in steps {
        assert!(
            step["ok"].is_boolean() && step["ms"].is_u64(),
            "each was timed: {step}"
        );
        assert!(step["detail"].is_string(), "each says something: {step}");
    }

    let cases = [
        (Fault::status(401), 3, "bad_credentials"),
        (Fault::status(403), 3, "forbidden"),
        (Fault::status(404), 8, "not_found"),
        (Fault::status(429), 75, "rate_limited"),
        (Fault::status(503), 75, "federation_down"),
        (Fault::new(FaultKind::Reset), 75, "federation_down"),
        (Fault::new(FaultKind::Html), 1, "bad_answer"),
        (Fault::new(FaultKind::TruncatedJson), 1, "bad_answer"),
    ];
    for (fault, code, class) in cases {
        let what = fault.to_string();
        federation.set_fault(fault);
        let ran = home
            .run(&["--json", "connector", "test", "practice"])
            .expect_code(code);
        let report = ran.json();
        assert_eq!(report["class"], class, "{what} is {class}");
        assert_eq!(report["ok"], false, "{what} is a failure");
        assert!(
            !report["fix"].as_str().unwrap().is_empty(),
            "{what} has a way out"
        );
        assert_eq!(ran.stderr, "", "the report is the answer, not an error");
    }
}

#[test]
fn adding_with_a_test_keeps_the_connector_whatever_the_outcome() {
    let federation = practice(PracticeOptions::default());
    let home = Home::new();
    let base = format!("endpoints.base={}/key", federation.base_url());
    let arguments = [
        "connector",
        "add",
        "wrong_key",
        "--preset",
        "practice",
        "--set",
        &base,
        "--credentials-stdin",
        "--test",
    ];
    let ran = home
        .run_with(&arguments, api_key("mistyped"))
        .expect_code(3);
    assert!(
        ran.stdout.contains("failed    Credentials"),
        "the step is named: {}",
        ran.stdout
    );
    let shown = home
        .run(&["--json", "connector", "show", "wrong_key"])
        .expect_code(0)
        .json();
    assert_eq!(
        shown["state"], "action_needed",
        "it stays and says what it needs"
    );
    assert_eq!(
        shown["last_test"]["class"], "bad_credentials",
        "its test is kept"
    );

    let arguments = [
        "--json",
        "connector",
        "add",
        "right_key",
        "--preset",
        "practice",
        "--set",
        &base,
        "--credentials-stdin",
        "--test",
    ];
    let added = home
        .run_with(&arguments, api_key(KEY))
        .expect_code(0)
        .json();
    assert_eq!(
        added["state"], "healthy",
        "one document, with the test in it"
    );
    assert_eq!(added["last_test"]["ok"], true, "the report is part of it");
}

#[test]
fn a_request_shows_the_shape_and_only_on_demand_the_values() {
    let federation = practice(PracticeOptions::default());
    let surname = federation.members()[0].last_name.clone().unwrap();
    let home = Home::new();
    home.add_practice("practice", &federation, KEY);
    let shape = home
        .run(&["request", "practice", "/v1/members?size=3"])
        .expect_code(0);
    assert!(
        !shape.all().contains(&surname),
        "no member without --reveal: {}",
        shape.stdout
    );
    assert!(
        shape.stdout.contains("\"lastName\": \"text\""),
        "the shape is shown"
    );
    let answer = home
        .run(&[
            "--json",
            "request",
            "practice",
            "/v1/members?size=3",
            "--reveal",
        ])
        .expect_code(0)
        .json();
    assert_eq!(
        answer["body"]["data"][0]["lastName"],
        surname.as_str(),
        "values on demand"
    );
    assert_eq!(answer["status"], 200, "with the status");
    home.run(&["request", "practice", "https://elsewhere.example/"])
        .expect_code(2);
    home.run(&["request", "nosuch", "/v1/me"]).expect_code(8);
    let club = &practice_federation::clubs()[0].id;
    let of_club = home
        .run(&[
            "--json",
            "request",
            "practice",
            "/v1/clubs/{federation_org_id}/members?size=2",
            "--org",
            club,
            "--reveal",
        ])
        .expect_code(0)
        .json();
    assert_eq!(
        of_club["body"]["data"][1]["clubId"], *club,
        "the club's id is put in"
    );
    home.run(&[
        "request",
        "practice",
        "/v1/clubs/{federation_org_id}/members",
    ])
    .expect_code(2);
    federation.set_fault(Fault::status(503));
    let down = home
        .run(&["--json", "request", "practice", "/v1/me"])
        .expect_code(75);
    assert_eq!(
        down.error()["code"],
        "federation_down",
        "a script knows to come back"
    );
    assert_eq!(
        down.error()["detail"]["status"],
        503,
        "with the status it saw"
    );
}

#[test]
fn the_list_of_people_is_aligned_and_says_what_to_do_when_empty() {
    let home = Home::new();
    let empty = home.run(&["connector", "list"]).expect_code(0);
    assert!(
        empty.stdout.contains("fedctl connector add"),
        "the way on: {}",
        empty.stdout
    );
    for (code, name) in [("a1", "Cumann Lúthchleas Gael"), ("b_longer_code", "Short")] {
        home.run(&[
            "connector",
            "add",
            code,
            "--preset",
            "generic_rest_key",
            "--name",
            name,
            "--set",
            "endpoints.base=https://api.example.org",
        ])
        .expect_code(0);
    }
    let list = home.run(&["connector", "list"]).expect_code(0).stdout;
    let starts: Vec<usize> = list
        .lines()
        .filter_map(|line| {
            let place = line.find("STATE").or_else(|| line.find("not tested"))?;
            Some(line[..place].chars().count())
        })
        .collect();
    assert_eq!(starts.len(), 3, "a heading and two rows: {list}");
    assert!(
        starts.windows(2).all(|pair| pair[0] == pair[1]),
        "one column: {list}"
    );
    assert!(!list.contains('\u{1b}'), "no colour outside a terminal");
}
