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

#[test]
fn ones_own_presets_are_listed_and_a_broken_one_is_told_beside() {
    let home = Home::empty();
    let folder = home.data_dir().join("presets");
    std::fs::create_dir_all(&folder).unwrap();
    let shown = home
        .run(&["--json", "catalogue", "show", "hello_club"])
        .expect_code(0)
        .json();
    assert_eq!(shown["origin"], "built_in", "the product's own");
    let text = std::fs::read_to_string(
        std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../connectors/catalogue/hello_club.toml"),
    )
    .unwrap();
    let mine = text.replace("id = \"hello_club\"", "id = \"mine\"");
    std::fs::write(folder.join("mine.toml"), &mine).unwrap();
    std::fs::write(folder.join("broken.toml"), mine.replace("needs", "neds")).unwrap();
    let ran = home.run(&["catalogue", "list", "--json"]).expect_code(0);
    let last = ran.json().as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&last["id"], &last["origin"]),
        (&"mine".into(), &"own".into())
    );
    assert!(
        ran.stderr
            .contains("broken.toml, line 8: unknown field `neds`"),
        "file, line and key: {}",
        ran.stderr
    );
    let added = home
        .run(&["catalogue", "show", "mine"])
        .expect_code(0)
        .stdout;
    assert!(added.contains("--preset mine"), "{added}");
}

#[test]
fn a_preset_asks_for_its_variables_and_refuses_a_value_without_their_form() {
    let home = Home::new();
    let shown = home
        .run(&["catalogue", "show", "webling"])
        .expect_code(0)
        .stdout;
    assert!(shown.contains("--set variables.subdomain=demo"), "{shown}");
    for (value, code) in [(None, 2), (Some("demo/../x"), 2), (Some("demo"), 0)] {
        let set = value.map(|value| format!("variables.subdomain={value}"));
        let mut arguments = vec!["connector", "add", "club", "--preset", "webling", "--json"];
        if let Some(set) = &set {
            arguments.extend(["--set", set]);
        }
        let ran = home.run(&arguments).expect_code(code);
        if code == 2 {
            assert!(
                ran.stderr.contains("variables.subdomain"),
                "beside the variable: {}",
                ran.stderr
            );
        }
    }
}
