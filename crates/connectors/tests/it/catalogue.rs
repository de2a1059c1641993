//! Tests of `catalogue`: every preset loads, and a broken one is named.

use connectors::catalogue;
use connectors::error::Error;
use connectors::validate;

#[test]
fn every_preset_loads_and_becomes_a_valid_connector() {
    let presets = catalogue::list().unwrap();
    assert!(presets.len() >= 16 + 2 + 3, "{} presets", presets.len());
    for preset in presets {
        let mut settings = preset.settings.clone();
        assert!(
            !catalogue::check_variables(&preset, &settings).is_empty()
                || preset.variables.is_empty(),
            "{}: variables are asked for",
            preset.id
        );
        for variable in &preset.variables {
            let (name, example) = (variable.name.clone(), variable.example.clone());
            settings.variables.insert(name, example);
        }
        assert_eq!(
            catalogue::check_variables(&preset, &settings),
            [],
            "{}: its own examples have the form that it asks for",
            preset.id
        );
        if settings.code.is_empty() {
            settings.code = "some_code".into();
            settings.name = "Some name".into();
        }
        if settings.endpoints.base.is_empty() {
            settings.endpoints.base = "https://api.example.org".into();
        }
        if settings.auth.issuer.as_deref() == Some("") {
            settings.auth.issuer = Some("https://id.example.org".into());
        }
        assert_eq!(
            validate::check(&settings),
            [],
            "{} with a name, a code and an address",
            preset.id
        );
        assert!(
            !preset.needs.is_empty(),
            "{} says what to have at hand",
            preset.id
        );
        assert!(!preset.summary.is_empty(), "{} says what it is", preset.id);
    }
}

#[test]
fn a_preset_is_found_by_its_identifier() {
    assert_eq!(
        catalogue::show("practice").unwrap().settings.code,
        "practice",
        "by identifier"
    );
    let missing = catalogue::show("atlantis").unwrap_err();
    assert_eq!(
        missing.code(),
        connectors::error::Code::NotFound,
        "an unknown one is not found"
    );
}

#[test]
fn a_broken_preset_names_file_line_and_key() {
    let text = "id = \"x\"\nname = \"X\"\ncolour = \"green\"\n";
    let Error::Invalid(fields) = catalogue::parse("x.toml", text).unwrap_err() else {
        panic!("a mistake in a preset is named by field")
    };
    assert_eq!(fields[0].field, "colour", "the key");
    assert!(
        fields[0].message.starts_with("x.toml, line 3:"),
        "file and line: {}",
        fields[0].message
    );
}

const OWN: &str = r#"
id = "county"
name = "County board"
summary = "Ours"
group = "own"
verified = "no"
checked_on = "2026-11-25"
needs = ["A key"]
base_fixed = true
capabilities = ["members"]
[[variables]]
name = "county"
label = "County"
help = "Two letters."
example = "co"
pattern = "[a-z]{2}"
[settings]
[settings.endpoints]
base = "https://{county}.example.org"
membership_list = "/members"
"#;

#[test]
fn a_persons_own_presets_come_last_and_a_broken_one_hides_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join(catalogue::OWN_FOLDER);
    let none = catalogue::list_with_own(folder.path()).unwrap();
    assert_eq!(
        none.presets,
        catalogue::list().unwrap(),
        "no folder is no preset"
    );
    std::fs::create_dir(&own).unwrap();
    let county = OWN.replace("id = \"county\"", "id = \"practice\"");
    for (file, text) in [
        ("county.toml", OWN),
        ("practice.toml", &county),
        ("other.toml", OWN),
        (
            "pattern.toml",
            &OWN.replace(
                "\"county\"\nname = \"County",
                "\"pattern\"\nname = \"County",
            )
            .replace("[a-z]{2}", "[a-z"),
        ),
        ("field.toml", &OWN.replace("needs", "neeeds")),
        ("long.toml", &"#".repeat(300_000)),
        ("notes.txt", "no preset"),
    ] {
        std::fs::write(own.join(file), text).unwrap();
    }
    std::fs::write(own.join("bytes.toml"), [0xff, 0xfe]).unwrap();
    let found = catalogue::list_with_own(folder.path()).unwrap();
    let last = found.presets.last().unwrap();
    assert_eq!(
        (last.id.as_str(), last.origin, found.presets.len()),
        ("county", catalogue::Origin::Own, none.presets.len() + 1),
        "the good one is there, at the end, marked as one's own"
    );
    let told: Vec<(&str, Option<&str>, &str)> = found
        .problems
        .iter()
        .map(|one| (one.file.as_str(), one.key.as_deref(), one.message.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (
                "bytes.toml",
                None,
                "bytes.toml: the file cannot be read as text"
            ),
            ("field.toml", Some("neeeds"), told[1].2),
            (
                "long.toml",
                None,
                "long.toml: the file is larger than 256 KiB"
            ),
            (
                "other.toml",
                Some("id"),
                "other.toml, line 2: the file of this preset is named county.toml"
            ),
            (
                "pattern.toml",
                Some("pattern"),
                "pattern.toml, line 16: `county` has a pattern that is no regular expression"
            ),
            (
                "practice.toml",
                Some("id"),
                "practice.toml: there is a preset practice already"
            ),
        ],
        "each by its file, and where one is wrong by line and key"
    );
    assert!(
        told[1].2.starts_with("field.toml, line 8: unknown field"),
        "{}",
        told[1].2
    );
    let shown = catalogue::show_with_own(folder.path(), "county").unwrap();
    assert_eq!(&shown, last, "by its identifier");
}

#[test]
fn a_value_that_does_not_have_the_form_of_its_variable_is_refused_beside_it() {
    let preset = catalogue::parse("county.toml", OWN).unwrap();
    for (value, broken) in [("co", 0), ("cork", 1), ("co/../x", 1), ("", 0)] {
        let mut settings = preset.settings.clone();
        settings.variables.insert("county".into(), value.into());
        let found = catalogue::check_variables(&preset, &settings);
        assert_eq!(found.len(), broken, "{value:?}");
        assert!(
            found.iter().all(|one| one.field == "variables.county"),
            "beside it"
        );
    }
}
