//! Tests of `validate`: acceptance cases A01–A03 as tables.

mod paging;
mod sign_in;

use connectors::error::FieldRule;
use connectors::settings::{AuthKind, ConnectorSettings, HeaderSetting, PagingStyle};
use connectors::validate::check;

fn good() -> ConnectorSettings {
    let mut settings = ConnectorSettings {
        code: "gaa_foireann".into(),
        name: "Gaelic games".into(),
        ..Default::default()
    };
    settings.endpoints.base = "https://api.example.org".into();
    settings.endpoints.membership_list = "/v1/members".into();
    settings
}

fn broken(change: impl FnOnce(&mut ConnectorSettings)) -> Vec<(String, FieldRule)> {
    let mut settings = good();
    change(&mut settings);
    check(&settings)
        .into_iter()
        .map(|found| (found.field, found.rule))
        .collect()
}

#[test]
fn a_good_connector_breaks_no_rule() {
    assert_eq!(
        check(&good()),
        [],
        "the starting point of this table is valid"
    );
}

#[test]
fn a01_name_and_code_are_required() {
    let found = broken(|s| {
        s.code = String::new();
        s.name = "   ".into();
    });
    assert_eq!(
        found,
        [
            ("name".to_owned(), FieldRule::Required),
            ("code".to_owned(), FieldRule::Required)
        ],
        "both at once, in the order of the form"
    );
}

#[test]
fn a02_the_code_has_its_pattern() {
    for code in ["ab", "gaa_foireann", "0-9", "a_", &"a".repeat(64)] {
        assert_eq!(
            broken(|s| s.code = code.into()),
            [],
            "{code} is a federation code"
        );
    }
    for (code, rule) in [
        ("a", FieldRule::Pattern),
        ("GAA Foireann!", FieldRule::Pattern),
        ("_gaa", FieldRule::Pattern),
        ("-gaa", FieldRule::Pattern),
        ("gaá", FieldRule::Pattern),
        ("gaa.ie", FieldRule::Pattern),
        ("ab\0c", FieldRule::Pattern),
        ("ab\n", FieldRule::Pattern),
        (&"a".repeat(65), FieldRule::TooLong),
    ] {
        assert_eq!(
            broken(|s| s.code = code.into()),
            [("code".to_owned(), rule)],
            "{code:?}"
        );
    }
}

#[test]
fn names_that_are_no_names_are_refused() {
    for (name, rule) in [
        ("Ba\0d".to_owned(), FieldRule::ControlCharacter),
        ("two\nlines".to_owned(), FieldRule::ControlCharacter),
        ("x".repeat(201), FieldRule::TooLong),
        ("x".repeat(1_000_000), FieldRule::TooLong),
    ] {
        assert_eq!(
            broken(|s| s.name = name),
            [("name".to_owned(), rule)],
            "this name is refused"
        );
    }
    assert_eq!(
        broken(|s| s.name = "Ó".repeat(200)),
        [],
        "200 characters, not bytes"
    );
}

#[test]
fn a03_addresses_are_https_without_user_info_and_fragment() {
    for (base, rule) in [
        ("http://api.example.org", FieldRule::NotHttps),
        ("ftp://api.example.org", FieldRule::NotHttps),
        ("file:///etc/passwd", FieldRule::InvalidUrl),
        ("javascript:alert(1)", FieldRule::InvalidUrl),
        ("api.example.org", FieldRule::InvalidUrl),
        ("https://", FieldRule::InvalidUrl),
        ("https://user:pw@api.example.org", FieldRule::UserInfo),
        ("https://user@api.example.org", FieldRule::UserInfo),
        ("https://@api.example.org", FieldRule::UserInfo),
        ("https://api.example.org/#top", FieldRule::Fragment),
        ("https://api.example.org?x=1", FieldRule::InvalidUrl),
        ("http://127.0.0.1:8080", FieldRule::HttpLoopbackSwitch),
        ("http://localhost", FieldRule::HttpLoopbackSwitch),
        ("http://[::1]:9", FieldRule::HttpLoopbackSwitch),
        ("http://127.0.0.1.example.org", FieldRule::NotHttps),
        ("http://localhost.example.org", FieldRule::NotHttps),
        ("", FieldRule::Required),
    ] {
        let found = broken(|s| s.endpoints.base = base.into());
        assert_eq!(found, [("endpoints.base".to_owned(), rule)], "{base}");
    }
    for base in [
        "http://127.0.0.1:8080",
        "http://localhost",
        "http://[::1]:9",
        "http://127.9.9.9",
    ] {
        let found = broken(|s| {
            s.endpoints.base = base.into();
            s.allow_http_loopback = true;
        });
        assert_eq!(found, [], "{base} with the explicit switch");
    }
    let found = broken(|s| {
        s.endpoints.base = "http://192.168.1.5".into();
        s.allow_http_loopback = true;
    });
    assert_eq!(
        found,
        [("endpoints.base".to_owned(), FieldRule::NotHttps)],
        "the switch is for this computer only"
    );
}

#[test]
fn paths_stand_below_the_base_or_are_whole_addresses() {
    for (path, expected) in [
        ("/v1/clubs/{federation_org_id}/members?x=1", None),
        ("https://other.example.org/list", None),
        ("v1/members", Some(FieldRule::InvalidUrl)),
        ("//evil.example.org/x", Some(FieldRule::InvalidUrl)),
        ("/a#b", Some(FieldRule::Fragment)),
        ("http://other.example.org/list", Some(FieldRule::NotHttps)),
        ("/v1/{tenant}/members", Some(FieldRule::Unknown)),
        ("/v1/{tenant/members", Some(FieldRule::Pattern)),
        ("/v1/\0", Some(FieldRule::ControlCharacter)),
        ("", Some(FieldRule::Required)),
    ] {
        let found = broken(|s| s.endpoints.membership_list = path.into());
        let expected: Vec<_> = expected
            .map(|rule| ("endpoints.membership_list".to_owned(), rule))
            .into_iter()
            .collect();
        assert_eq!(found, expected, "{path:?}");
    }
    let found = broken(|s| {
        s.endpoints.membership_list = "/v1/{tenant}/members".into();
        s.variables.insert("tenant".into(), "kerry".into());
    });
    assert_eq!(
        found,
        [],
        "a variable of the preset may stand in an address"
    );
}

#[test]
fn the_look_up_of_a_club_is_whole_and_names_the_club() {
    let with = |address: &str, name: &str| {
        broken(|s| {
            s.endpoints.organisation = Some(address.into());
            s.endpoints.organisation_name = Some(name.into());
        })
    };
    let rule = |field: &str, rule| vec![(format!("endpoints.{field}"), rule)];
    let address = "/v1/clubs/{federation_org_id}";
    for (address, name, expected) in [
        (address, "data.name", vec![]),
        ("", "", vec![]),
        (address, "", rule("organisation_name", FieldRule::Required)),
        ("", "name", rule("organisation", FieldRule::Required)),
        (
            "/v1/clubs",
            "name",
            rule("organisation", FieldRule::Pattern),
        ),
        (
            "/v1/{federation_org_id}/{what}",
            "name",
            rule("organisation", FieldRule::Unknown),
        ),
        (
            "http://clubs.example.org/{federation_org_id}",
            "name",
            rule("organisation", FieldRule::NotHttps),
        ),
    ] {
        assert_eq!(with(address, name), expected, "{address:?} with {name:?}");
    }
}

#[test]
fn authentication_settings_belong_to_their_kind() {
    let header = |name: &str, secret: bool, value: Option<&str>| HeaderSetting {
        name: name.into(),
        secret,
        value: value.map(Into::into),
    };
    let two = |s: &mut ConnectorSettings, one: HeaderSetting, two: HeaderSetting| {
        s.auth.headers = vec![one, two];
    };
    assert_eq!(
        broken(|s| two(
            s,
            header("X-Key", true, None),
            header("X-Club", false, Some("7"))
        )),
        [],
        "a secret and a plain header"
    );
    assert_eq!(
        broken(|s| two(s, header("X-Key", true, None), header("x-key", true, None))),
        [("auth.headers.1.name".to_owned(), FieldRule::Taken)],
        "the same header twice"
    );
    assert_eq!(
        broken(|s| two(
            s,
            header("X-Key", true, Some("oops")),
            header("X Club", false, Some("7"))
        )),
        [
            ("auth.headers.0.value".to_owned(), FieldRule::Exclusive),
            ("auth.headers.1.name".to_owned(), FieldRule::Pattern)
        ],
        "a secret never stands in the settings"
    );
    assert_eq!(
        broken(|s| {
            s.auth.kind = AuthKind::Basic;
            s.auth.header = Some("X-API-Key".into());
        }),
        [("auth.header".to_owned(), FieldRule::NotForKind)],
        "Basic has no header of its own"
    );
    assert_eq!(
        broken(|s| {
            s.auth.header = Some("X-API-Key".into());
            s.auth.query = Some("api_token".into());
        }),
        [("auth".to_owned(), FieldRule::Exclusive)],
        "a key goes one way"
    );
    for name in [
        "Host",
        "content-length",
        "Bad:Name",
        "Bad Name",
        "X\r\nY",
        "",
    ] {
        assert_eq!(
            broken(|s| s.auth.header = Some(name.into())).len(),
            1,
            "{name:?} is no header of ours"
        );
    }
}

#[test]
fn numbers_have_their_ranges_and_paging_its_parameter() {
    assert_eq!(
        broken(|s| {
            s.limits.requests_per_minute = 0;
            s.limits.timeout_seconds = 301;
            s.paging.style = PagingStyle::Page;
            s.paging.start = Some(2);
            s.paging.size = Some(0);
        })
        .into_iter()
        .map(|(field, rule)| format!("{field} {rule:?}"))
        .collect::<Vec<_>>(),
        [
            "paging.start OutOfRange",
            "paging.size OutOfRange",
            "paging.page_param Required",
            "limits.requests_per_minute OutOfRange",
            "limits.timeout_seconds OutOfRange",
        ],
        "each number by itself"
    );
}

#[test]
fn schedules_and_zones_must_be_known() {
    for (schedule, ok) in [
        ("0 2 * * *", true),
        ("*/15 8-18 * * 1-5", true),
        ("0 2 * *", false),
        ("0 25 * * *", false),
        ("a b c d e", false),
        ("0 2 31 2 *", false),
    ] {
        let found = broken(|s| s.sync.schedule = Some(schedule.into()));
        assert_eq!(found.is_empty(), ok, "{schedule}: {found:?}");
    }
    assert_eq!(
        broken(|s| s.sync.time_zone = Some("Europe/Dublin".into())),
        [],
        "an IANA zone"
    );
    assert_eq!(
        broken(|s| s.sync.time_zone = Some("Dublin".into())),
        [("sync.time_zone".to_owned(), FieldRule::Unknown)],
        "not a zone"
    );
}
