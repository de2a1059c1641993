//! Addresses: joining, placeholders.

use connectors::api::address::{is_loopback, may_send, resolve};
use connectors::failure::Finding;
use url::Url;

const VALUES: &[(&str, &str)] = &[
    ("tenant", "ballyduff"),
    ("federation_org_id", "12/3 &?#é"),
    ("empty", " "),
    ("up", ".."),
];

#[test]
fn base_and_path_join_as_people_expect() {
    for (base, path, expected) in [
        ("https://h", "/v1/me", "https://h/v1/me"),
        ("https://h/", "/v1/me", "https://h/v1/me"),
        ("https://h/api", "/v1/me", "https://h/api/v1/me"),
        ("https://h/api/", "/v1/me", "https://h/api/v1/me"),
        ("https://h/api/", "v1/me", "https://h/api/v1/me"),
        ("https://h/api", "v1/me?x=1", "https://h/api/v1/me?x=1"),
        ("https://h/api", "?x=1", "https://h/api?x=1"),
        ("https://h/api?f=json", "/me", "https://h/api/me?f=json"),
        (
            "https://h/api?f=json",
            "/me?x=1",
            "https://h/api/me?x=1&f=json",
        ),
        ("https://h/api", "", "https://h/api"),
        (" https://h/api ", " /me ", "https://h/api/me"),
        (
            "https://h/api",
            "https://other.example/m",
            "https://other.example/m",
        ),
        ("https://{tenant}.h", "/me", "https://ballyduff.h/me"),
        (
            "https://h",
            "/me?next=https://x/",
            "https://h/me?next=https://x/",
        ),
        (
            "https://h",
            "/c/{federation_org_id}/m",
            "https://h/c/12%2F3%20%26%3F%23%C3%A9/m",
        ),
        (
            "https://h",
            "/m?club={federation_org_id}",
            "https://h/m?club=12%2F3%20%26%3F%23%C3%A9",
        ),
    ] {
        let url = resolve(base, path, VALUES).unwrap();
        assert_eq!(url.as_str(), expected, "{base} + {path}");
    }
}

#[test]
fn what_cannot_be_called_is_refused() {
    use Finding::{OrganisationNeeded, SettingUnusable};
    for (base, path, expected) in [
        ("https://h", "/c/{member_id}", OrganisationNeeded),
        ("https://{federation_org_i}", "/c", SettingUnusable),
        ("https://h", "/c/{unknown}", SettingUnusable),
        ("https://h", "/c/{empty}", SettingUnusable),
        ("https://h", "/c/{up}/x", SettingUnusable),
        ("https://h", "/c/{tenant", SettingUnusable),
        ("ftp://h", "/c", SettingUnusable),
        ("file:///etc", "/passwd", SettingUnusable),
        ("h", "/c", SettingUnusable),
        ("", "", SettingUnusable),
        ("https://u@h", "/c", SettingUnusable),
        ("https://u:p@h", "/c", SettingUnusable),
        ("https://h", "/c#top", SettingUnusable),
        ("https://h", "javascript://x", SettingUnusable),
    ] {
        assert_eq!(
            resolve(base, path, VALUES),
            Err(expected),
            "{base} + {path}"
        );
    }
    assert_eq!(
        resolve("https://h", "/{federation_org_id}", &[]),
        Err(OrganisationNeeded),
        "a club's id is asked for by name"
    );
}

#[test]
fn a03_http_goes_to_this_computer_with_the_switch_only() {
    for (url, with, without) in [
        ("https://h/", true, true),
        ("http://127.0.0.1:80/", true, false),
        ("http://127.8.9.1/", true, false),
        ("http://[::1]/", true, false),
        ("http://localhost/", true, false),
        ("http://LOCALHOST/", true, false),
        ("http://h/", false, false),
        ("http://localhost.h/", false, false),
        ("http://128.0.0.1/", false, false),
        ("http://10.0.0.1/", false, false),
        ("ftp://127.0.0.1/", false, false),
    ] {
        let parsed = Url::parse(url).unwrap();
        assert_eq!(
            may_send(&parsed, true).is_ok(),
            with,
            "{url} with the switch"
        );
        assert_eq!(may_send(&parsed, false).is_ok(), without, "{url} without");
    }
    assert!(
        !is_loopback(&Url::parse("https://127.0.0.1.h/").unwrap()),
        "a name, not a number"
    );
}
