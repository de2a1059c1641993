//! The catalogue needs no data file.

use crate::support::Home;

#[test]
fn the_list_is_an_array_and_needs_no_data_file() {
    let home = Home::empty();
    let presets = home
        .run(&["catalogue", "list", "--json"])
        .expect_code(0)
        .json();
    let ids: Vec<&str> = presets
        .as_array()
        .expect("a list is an array")
        .iter()
        .map(|preset| preset["id"].as_str().unwrap())
        .collect();
    for id in ["practice", "generic_rest_key", "generic_rest_basic"] {
        assert!(ids.contains(&id), "{id} is one of {ids:?}");
    }
    assert!(
        !home.data_dir().exists(),
        "looking at presets makes no folder"
    );
}

#[test]
fn a_preset_is_shown_with_what_it_needs() {
    let home = Home::empty();
    let text = home
        .run(&["catalogue", "show", "generic_rest_key"])
        .expect_code(0)
        .stdout;
    for part in ["You need", "X-API-Key", "fedctl connector add"] {
        assert!(text.contains(part), "{part} is shown in {text}");
    }
    let preset = home
        .run(&["--json", "catalogue", "show", "practice"])
        .expect_code(0)
        .json();
    assert_eq!(
        preset["settings"]["auth"]["kind"], "api_key",
        "the settings come with it"
    );
}

#[test]
fn an_unknown_preset_is_not_found() {
    let home = Home::empty();
    let ran = home
        .run(&["catalogue", "show", "nosuch", "--json"])
        .expect_code(8);
    assert_eq!(ran.error()["code"], "not_found", "a script can tell");
    assert_eq!(ran.stdout, "", "an error leaves standard output empty");
}
