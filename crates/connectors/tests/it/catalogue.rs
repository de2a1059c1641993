//! Tests of `catalogue`: every preset loads, and a broken one is named.

use connectors::catalogue;
use connectors::error::Error;
use connectors::validate;

#[test]
fn every_preset_loads_and_becomes_a_valid_connector() {
    let presets = catalogue::list().unwrap();
    assert_eq!(
        presets.len(),
        5,
        "practice federation with a key and with a sign-in; generic with key, Basic and sign-in"
    );
    for preset in presets {
        let mut settings = preset.settings.clone();
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
