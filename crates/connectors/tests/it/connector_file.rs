//! Tests of `connector_file`: what is written is read back, and what is wrong is named.

use connectors::connector_file::{differences, parse, set, with_lines, write};
use connectors::error::{Error, FieldRule};
use connectors::settings::{AuthKind, ConnectorSettings};
use connectors::validate;

const BALLYDUFF: &str = r#"
code = "ballyduff_gaa"
name = "Ballyduff (test)"
environment = "test"
[auth]
kind = "api_key"
header = "Authorization"
prefix = "Bearer"
[endpoints]
base = "https://api.example.org"
membership_list = "/v1/clubs/{federation_org_id}/members"
verify = "/v1/me"
[paging]
style = "page"
start = 0
page_param = "page"
size_param = "size"
size = 100
records = "data"
[limits]
requests_per_minute = 30
[sync]
schedule = "0 2 * * *"
time_zone = "Europe/Dublin"
"#;

/// The example of a sign-in, with every key of it.
const SIGN_IN: &str = r#"
code = "ballyduff_gaa"
name = "Ballyduff (test)"
environment = "test"
[auth]
kind = "oauth2"
issuer = "https://id.example.org"
grant = "authorization_code"
scopes = ["members.read"]
audience = "https://api.example.org"
redirect = "deep-link"
loopback_port = 49152
redirect_path = "/oauth/ballyduff"
client_authentication = "none"
extra_parameters = { prompt = "consent" }
[endpoints]
base = "https://api.example.org"
membership_list = "/v1/clubs/{federation_org_id}/members"
"#;

const TWO_STEP: &str = r#"
code = "justgo_club"
name = "Two steps"
[auth]
kind = "two_step"
two_step = { url = "/Auth", body = "json", token_path = "data.accessToken", expires_path = "data.expiresIn" }
[endpoints]
base = "https://api.example.org/api/v2.2"
membership_list = "/Members/FindByAttributes"
"#;

#[test]
fn a_sign_in_is_written_and_read_back_without_what_is_not_set() {
    for text in [SIGN_IN, TWO_STEP] {
        let read = parse(text).unwrap();
        assert_eq!(validate::check(&read[0]), [], "the example is valid");
        let written = write(&read).unwrap();
        assert_eq!(parse(&written).unwrap(), read, "nothing is lost");
    }
    let plain = write(&parse(BALLYDUFF).unwrap()).unwrap();
    for key in [
        "issuer",
        "grant",
        "scopes",
        "redirect",
        "two_step",
        "extra_parameters",
    ] {
        assert!(!plain.contains(key), "{key} is not set and not written");
    }
}

#[test]
fn each_key_of_a_sign_in_can_be_set_by_its_dotted_name() {
    let mut settings = parse(BALLYDUFF).unwrap().remove(0);
    for (key, value) in [
        ("auth.header", ""),
        ("auth.kind", "oauth2"),
        ("auth.issuer", "https://id.example.org"),
        ("auth.grant", "device_code"),
        ("auth.scopes", "[\"a\", \"b\"]"),
        ("auth.redirect", "loopback"),
        ("auth.loopback_port", "49152"),
        ("auth.client_authentication", "basic"),
        ("auth.extra_parameters.prompt", "consent"),
        ("auth.two_step.url", "/Auth"),
    ] {
        settings = set(&settings, key, value).unwrap_or_else(|error| panic!("{key}: {error}"));
    }
    assert_eq!(settings.auth.scopes, ["a", "b"], "a list is a list");
    assert_eq!(
        settings.auth.loopback_port,
        Some(49_152),
        "a number is a number"
    );
    assert_eq!(
        settings.auth.extra_parameters["prompt"], "consent",
        "a table grows"
    );
    assert_eq!(settings.auth.two_step.unwrap().url, "/Auth", "and appears");
}

fn fields(error: Error) -> Vec<connectors::error::FieldError> {
    match error {
        Error::Invalid(fields) => fields,
        other => panic!("a file's mistake is named field by field, not {other:?}"),
    }
}

#[test]
fn what_is_written_is_read_back() {
    let read = parse(BALLYDUFF).unwrap();
    assert_eq!(read.len(), 1, "a plain file holds one connector");
    assert!(validate::check(&read[0]).is_empty(), "the example is valid");
    assert_eq!(
        parse(&write(&read).unwrap()).unwrap(),
        read,
        "one connector survives the round trip"
    );

    let mut second = read[0].clone();
    second.code = "second_club".into();
    second.auth.headers = vec![connectors::settings::HeaderSetting {
        name: "X-Club".into(),
        secret: false,
        value: Some("7".into()),
    }];
    let both = vec![read[0].clone(), second];
    let text = write(&both).unwrap();
    assert_eq!(
        text.matches("[[connector]]").count(),
        2,
        "several connectors are tables of a list"
    );
    assert_eq!(
        parse(&text).unwrap(),
        both,
        "several connectors survive the round trip"
    );
}

#[test]
fn an_unknown_key_is_named_with_its_line_and_its_value_is_not_shown() {
    let text = BALLYDUFF.replace("verify =", "api_key = \"hunter2-secret\"\nverify =");
    let found = fields(parse(&text).unwrap_err());
    assert_eq!(found[0].field, "api_key", "the key is named");
    assert_eq!(found[0].rule, FieldRule::Unknown, "it is an unknown key");
    assert!(
        found[0].message.starts_with("line 12:"),
        "the line is named: {}",
        found[0].message
    );
    assert!(
        !found[0].message.contains("hunter2"),
        "a pasted secret is never quoted back"
    );
}

#[test]
fn broken_toml_and_unknown_words_name_their_line() {
    for (text, part) in [
        ("code = \"a", "line 1"),
        ("code = \"ab\"\nname = 5\n", "line 2"),
        ("code = \"ab\"\n[auth]\nkind = \"telepathy\"\n", "line 3"),
        (
            "[[connector]]\ncode = \"ab\"\n[[connector]]\ncodex = \"b\"\n",
            "line 4",
        ),
    ] {
        let found = fields(parse(text).unwrap_err());
        assert!(
            found[0].message.contains(part),
            "{text:?} must name {part}: {}",
            found[0].message
        );
    }
}

#[test]
fn a_broken_rule_names_the_line_it_stands_on() {
    let text = BALLYDUFF.replace("https://api", "ftp://api");
    let settings = parse(&text).unwrap();
    let found = with_lines(&text, 0, validate::check(&settings[0]));
    assert_eq!(found[0].field, "endpoints.base", "the field is named");
    assert!(
        found[0].message.starts_with("line 10:"),
        "the line is named: {}",
        found[0].message
    );
}

#[test]
fn a_dotted_key_sets_what_it_names() {
    let start = parse(BALLYDUFF).unwrap().remove(0);
    let check = |key: &str, value: &str, seen: fn(&ConnectorSettings) -> String, expected: &str| {
        let changed = set(&start, key, value).unwrap_or_else(|e| panic!("{key}={value}: {e}"));
        assert_eq!(seen(&changed), expected, "{key}={value}");
    };
    check("name", "New name", |s| s.name.clone(), "New name");
    check("name", "1234", |s| s.name.clone(), "1234");
    check(
        "limits.requests_per_minute",
        "90",
        |s| s.limits.requests_per_minute.to_string(),
        "90",
    );
    check(
        "allow_http_loopback",
        "true",
        |s| s.allow_http_loopback.to_string(),
        "true",
    );
    check(
        "auth.prefix",
        "",
        |s| format!("{:?}", s.auth.prefix),
        "None",
    );
    check(
        "auth.kind",
        "basic",
        |s| s.auth.kind.as_str().into(),
        "basic",
    );
    check(
        "variables.tenant",
        "kerry",
        |s| s.variables["tenant"].clone(),
        "kerry",
    );
    check(
        "auth.headers",
        "[{name=\"X-A\", secret=true}]",
        |s| s.auth.headers[0].name.clone(),
        "X-A",
    );
}

#[test]
fn a_dotted_key_that_does_not_exist_is_refused() {
    let start = ConnectorSettings {
        auth: connectors::settings::AuthSettings {
            kind: AuthKind::Basic,
            ..Default::default()
        },
        ..Default::default()
    };
    for (key, value, rule) in [
        ("colour", "green", FieldRule::Unknown),
        ("endpoints.colour", "green", FieldRule::Unknown),
        ("name.first", "x", FieldRule::Unknown),
        ("limits.requests_per_minute", "many", FieldRule::Pattern),
        ("auth.kind", "telepathy", FieldRule::Pattern),
    ] {
        let found = fields(set(&start, key, value).unwrap_err());
        assert_eq!(
            (found[0].field.as_str(), found[0].rule),
            (key, rule),
            "{key}={value}"
        );
    }
}

#[test]
fn differences_name_keys_and_never_values() {
    let before = parse(BALLYDUFF).unwrap().remove(0);
    let mut after = before.clone();
    after.name = "Other".into();
    after.endpoints.verify = None;
    after.limits.requests_per_minute = 5;
    assert_eq!(
        differences(&before, &after).unwrap(),
        ["endpoints.verify", "limits.requests_per_minute", "name"],
        "dotted keys in order"
    );
    assert!(
        differences(&before, &before).unwrap().is_empty(),
        "equal settings differ in nothing"
    );
}

#[test]
fn fields_with_a_strategy_of_their_own_travel_in_the_file_and_by_their_dotted_names() {
    use connectors::members::MemberField::{Email, Phone};
    use connectors::settings::ConflictStrategy::{FederationWins, LocalWins, Merge};
    let text = format!(
        "{BALLYDUFF}conflict_strategy = \"merge\"\n[sync.fields]\nphone = \"local_wins\"\n"
    );
    let mut settings = parse(&text).unwrap().remove(0);
    assert_eq!(
        settings.sync.conflict_strategy, Merge,
        "the rest is asked about"
    );
    assert_eq!(
        settings.sync.fields.iter().collect::<Vec<_>>(),
        [(&Phone, &LocalWins)],
        "the club's phone stays"
    );
    assert!(validate::check(&settings).is_empty(), "it may be so");
    settings = set(&settings, "sync.fields.email", "federation_wins").unwrap();
    let written = write(std::slice::from_ref(&settings)).unwrap();
    assert_eq!(
        parse(&written).unwrap()[0],
        settings,
        "what is written is read back"
    );
    assert_eq!(
        settings.sync.fields.get(&Email),
        Some(&FederationWins),
        "it was set"
    );
    assert_eq!(
        differences(&parse(&text).unwrap()[0], &settings).unwrap(),
        ["sync.fields.email"],
        "the history names the field"
    );
    settings = set(&settings, "sync.fields.email", "").unwrap();
    settings = set(&settings, "sync.fields.phone", "").unwrap();
    assert!(
        settings.sync.fields.is_empty(),
        "an empty value takes it back"
    );
    let plain = write(std::slice::from_ref(&settings)).unwrap();
    assert!(!plain.contains("fields"), "none leaves no trace: {plain}");
}

#[test]
fn a_strategy_for_a_field_that_is_none_is_refused_in_words() {
    let text = format!("{BALLYDUFF}[sync.fields]\nphones = \"local_wins\"\n");
    let found = fields(parse(&text).unwrap_err());
    assert!(found[0].message.contains("line 26"), "{}", found[0].message);
    assert!(
        found[0].message.contains("`phone`"),
        "the known ones are named: {}",
        found[0].message
    );
    let settings = parse(BALLYDUFF).unwrap().remove(0);
    let found = fields(set(&settings, "sync.fields.phones", "local_wins").unwrap_err());
    assert_eq!(found[0].field, "sync.fields.phones", "by its key");
    let found = fields(set(&settings, "sync.fields.phone", "mine").unwrap_err());
    assert!(
        found[0].message.contains("local_wins"),
        "the words are named: {}",
        found[0].message
    );
    let whole = set(&settings, "sync.fields.full_name", "local_wins").unwrap();
    let broken = validate::check(&whole);
    assert_eq!(
        broken[0].field, "sync.fields.full_name",
        "no member keeps it"
    );
}
