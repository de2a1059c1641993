//! Health, the error log and its clearing on the command line (M8, H01, H05).

use practice_federation::PracticeOptions;

use crate::support::{Home, practice};

const KEY: &str = "practice-key-one-opens-invented-data";

/// The keys that scripts rely on.
const CONTRACT: [&str; 12] = [
    "code",
    "status",
    "state",
    "since",
    "uptime_24h",
    "uptime_30d",
    "error_rate_24h",
    "consecutive_failures",
    "last_success_at",
    "last_error_at",
    "last_sync_at",
    "action",
];

#[test]
#[allow(clippy::too_many_lines, reason = "one table of cases, in order")]
fn m8_five_failures_stop_a_connector_and_clearing_starts_it_again() {
    let federation = practice(PracticeOptions::default());
    let home = Home::new();
    home.add_practice("football", &federation, "mistyped");
    let health = || {
        let ran = home.run(&["--json", "health"]).expect_code(0);
        let all = ran.json();
        assert_eq!(all.as_array().map(Vec::len), Some(1), "an array of one");
        all[0].clone()
    };
    let before = health();
    for key in CONTRACT {
        assert!(before.get(key).is_some(), "{key} is there: {before}");
    }
    assert!(
        before["uptime_24h"].is_null() && before["error_rate_24h"].is_null(),
        "unknown is null: {before}"
    );
    for (times, status) in [(4, "active"), (1, "error")] {
        for _ in 0..times {
            home.run(&["request", "football", "/v1/me"]).expect_code(3);
        }
        assert_eq!(health()["status"], status, "after {times} more");
    }
    let stopped = health();
    assert_eq!(
        (
            &stopped["consecutive_failures"],
            &stopped["class"],
            &stopped["action"],
            &stopped["uptime_24h"]
        ),
        (
            &5.into(),
            &"bad_credentials".into(),
            &"replace_key".into(),
            &0.0.into()
        ),
        "why, and what to do"
    );
    let ran = home.run(&["health", "football"]).expect_code(0);
    for part in [
        "after 5 failures in a row",
        "fedctl credentials set football",
    ] {
        assert!(ran.stdout.contains(part), "{part}: {}", ran.stdout);
    }
    let errors = |arguments: &[&str]| {
        let all = [&["--json", "errors"], arguments].concat();
        home.run(&all).expect_code(0).json()
    };
    assert_eq!(
        errors(&["football"]).as_array().map(Vec::len),
        Some(5),
        "a row each"
    );
    assert_eq!(
        errors(&["--class", "federation_down"]),
        serde_json::json!([]),
        "none of another class"
    );
    assert_eq!(
        errors(&["--class", "bad-credentials", "--limit", "2"])
            .as_array()
            .map(Vec::len),
        Some(2),
        "as many as were asked for"
    );
    let page = home.run(&["errors", "--limit", "2"]).expect_code(0).stdout;
    let next = page.rsplit("--after ").next().unwrap().trim().to_owned();
    assert_eq!(
        errors(&["--limit", "9", "--after", &next])
            .as_array()
            .map(Vec::len),
        Some(3),
        "the others on the next page"
    );

    let cleared = home
        .run(&["--json", "clear-errors", "football"])
        .expect_code(0)
        .json();
    assert_eq!(
        (&cleared["status"], &cleared["consecutive_failures"]),
        (&"active".into(), &0.into()),
        "it runs again"
    );
    let marked = errors(&["football"]);
    assert!(
        marked.as_array().unwrap().len() == 5
            && marked
                .as_array()
                .unwrap()
                .iter()
                .all(|row| row["cleared_at"].is_i64()),
        "the log stays, marked: {marked}"
    );
    let told = home.run(&["audit", "list"]).expect_code(0).stdout;
    assert!(
        told.contains("cleared the errors of football"),
        "the audit log says so: {told}"
    );

    home.run(&["connector", "status", "football", "inactive"])
        .expect_code(0);
    let paused = home.run(&["clear-errors", "football"]).expect_code(0);
    assert!(
        paused.stdout.contains("stays paused"),
        "a pause is a person's: {}",
        paused.stdout
    );
    home.run(&["connector", "remove", "football"])
        .expect_code(0);
    home.run(&["clear-errors", "football"]).expect_code(2);
    home.run(&["health", "football"]).expect_code(0);
    assert_eq!(
        home.run(&["--json", "health"]).expect_code(0).json(),
        serde_json::json!([]),
        "a deleted one is in no list"
    );
    for command in [
        &["health", "nobody"][..],
        &["errors", "nobody"],
        &["clear-errors", "nobody"],
        &["health", "--org", "nobody"],
    ] {
        home.run(command).expect_code(8);
    }
    home.run(&["errors", "--limit", "0"]).expect_code(2);
    home.run(&["errors", "--class", "nonsense"]).expect_code(2);
}

#[test]
fn h05_an_export_honours_the_filter_says_what_is_in_it_and_touches_no_other_file() {
    let federation = practice(PracticeOptions::default());
    let home = Home::new();
    home.add_practice("football", &federation, KEY);
    home.add("camogie");
    home.run(&["request", "football", "/v1/me"]).expect_code(0);
    let path = home.path().join("health.csv").display().to_string();
    let ran = home
        .run(&["health", "--preset", "practice", "--export", &path])
        .expect_code(0);
    assert!(
        ran.stdout.contains("1 connector") && ran.stdout.contains("uptime_30d"),
        "what is in it: {}",
        ran.stdout
    );
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text.lines().count(), 2, "a heading and a line: {text}");
    assert!(text.contains("football,"), "the one that fits: {text}");
    home.run(&["health", "--export", &path]).expect_code(1);
    assert_eq!(
        std::fs::read_to_string(&path).unwrap(),
        text,
        "a file that is there stays"
    );
    let json = home.path().join("health.json").display().to_string();
    let told = home
        .run(&["--json", "health", "--export", &json])
        .expect_code(0)
        .json();
    assert_eq!(told["contains"]["connectors"], 2, "all of them");
    let document: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&json).unwrap()).unwrap();
    assert_eq!(document["contains"]["members"], false, "and no member");
    home.run(&["health", "--export", "health.txt"])
        .expect_code(2);
}

#[test]
fn requests_are_kept_for_as_long_as_is_said() {
    let home = Home::new();
    let kept = home
        .run(&["--json", "db", "retention", "--requests", "7"])
        .expect_code(0)
        .json();
    assert_eq!(
        (&kept["request_days"], &kept["leavers_months"]),
        (&7.into(), &serde_json::Value::Null),
        "the one that was said"
    );
    home.run(&["db", "retention", "--requests", "8"])
        .expect_code(2);
}
