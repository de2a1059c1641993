//! The demo needs nothing and leaves nothing.

use crate::support::Home;

#[test]
fn the_demo_ends_with_a_tested_connector_and_leaves_nothing() {
    let mut home = Home::empty();
    home.with_passphrase = false;
    let before = std::fs::read_dir(home.path()).unwrap().count();
    let told = home.run(&["demo"]).expect_code(0);
    for part in [
        "1. Started",
        "Name look-up",
        "First record",
        "What to try next",
    ] {
        assert!(
            told.stdout.contains(part),
            "{part} is told: {}",
            told.stdout
        );
    }
    assert_eq!(told.stderr, "", "nothing goes wrong");
    let document = home.run(&["--json", "demo"]).expect_code(0).json();
    assert_eq!(document["ok"], true, "tested well");
    assert_eq!(document["connector"]["state"], "healthy", "and says so");
    for step in document["steps"].as_array().expect("steps") {
        assert!(step["ms"].is_u64(), "each is timed: {step}");
    }
    let after = std::fs::read_dir(home.path()).unwrap().count();
    assert_eq!(
        before, after,
        "its folder (TMPDIR is the home here) is removed"
    );
}

#[test]
fn with_a_folder_the_demo_keeps_its_connector() {
    let home = Home::empty();
    let folder = home.path().join("kept").display().to_string();
    home.run(&["--data-dir", &folder, "demo"]).expect_code(0);
    let list = home
        .run(&["--data-dir", &folder, "--json", "connector", "list"])
        .expect_code(0)
        .json();
    assert_eq!(
        list[0]["code"], "practice",
        "it can be looked at afterwards"
    );
    home.run(&["--data-dir", &folder, "demo"]).expect_code(0);
}
