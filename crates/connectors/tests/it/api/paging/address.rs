//! Addresses of pages.

use connectors::api::paging::address::ListAddress;
use connectors::failure::Finding;
use connectors::settings::{ConnectorSettings, PagingSettings, PagingStyle};

fn list(path: &str, style: PagingStyle, start: Option<u32>) -> ListAddress {
    let paging = PagingSettings {
        style,
        start,
        page_param: Some("p".to_owned()),
        size_param: Some("s".to_owned()),
        size: Some(50),
        ..PagingSettings::default()
    };
    ListAddress::new("https://h", path, Vec::new(), paging)
}

#[test]
fn the_first_page_of_every_style() {
    use PagingStyle as S;
    for (style, start, path, size, expected) in [
        (S::Page, Some(1), "/m", None, "https://h/m?s=50&p=1"),
        (S::Page, None, "/m", None, "https://h/m?s=50"),
        (S::Offset, None, "/m", None, "https://h/m?s=50&p=0"),
        (S::Cursor, Some(1), "/m", None, "https://h/m?s=50"),
        (S::LinkBody, Some(1), "/m", None, "https://h/m?s=50"),
        (S::LinkHeader, Some(1), "/m", None, "https://h/m?s=50"),
        (S::Keyset, Some(1), "/m", None, "https://h/m?s=50"),
        (S::None, None, "/m?a=1", Some(1), "https://h/m?a=1&s=1"),
        (
            S::Page,
            Some(0),
            "/m?s=9&a=1&p=7",
            Some(1),
            "https://h/m?a=1&s=1&p=0",
        ),
        (
            S::Page,
            Some(0),
            "/run/7/{page}/{size}/",
            None,
            "https://h/run/7/0/50/",
        ),
        (S::Page, None, "/run/{page}", Some(1), "https://h/run/1?s=1"),
        (
            S::Offset,
            None,
            "/run?from={page}&n={size}",
            None,
            "https://h/run?from=0&n=50",
        ),
    ] {
        let url = list(path, style, start).first(size).unwrap();
        assert_eq!(url.as_str(), expected, "{style:?} from {start:?} at {path}");
    }
}

#[test]
fn the_pages_after_it() {
    use PagingStyle as S;
    let by_number = list("/m?x=1", S::Page, Some(0));
    assert_eq!(
        by_number.numbered(12).unwrap().as_str(),
        "https://h/m?x=1&s=50&p=12",
        "a number"
    );
    let in_path = list("/m/{page}/{size}", S::Page, Some(0));
    assert_eq!(
        in_path.numbered(3).unwrap().as_str(),
        "https://h/m/3/50",
        "in the path"
    );
    let cursor = list("/m", S::Cursor, None);
    assert_eq!(
        cursor.after_cursor("a b&c=/é").unwrap().as_str(),
        "https://h/m?s=50&p=a+b%26c%3D%2F%C3%A9",
        "a cursor is a value, whatever stands in it"
    );
    let keys = [
        ("last-id".to_owned(), "7".to_owned()),
        ("since".to_owned(), "1&2".to_owned()),
    ];
    let keyset = list("/m?since=0", S::Keyset, None);
    assert_eq!(
        keyset.after_keys(&keys.into()).unwrap().as_str(),
        "https://h/m?s=50&last-id=7&since=1%262",
        "keys take the place of what the address says"
    );
}

#[test]
fn what_is_missing_is_said_and_what_is_asked_for_is_known() {
    let mut settings = ConnectorSettings::default();
    settings.endpoints.base = "https://{tenant}.h".to_owned();
    settings.endpoints.membership_list = "/c/{federation_org_id}/m".to_owned();
    settings
        .variables
        .insert("tenant".to_owned(), "kerry".to_owned());
    assert_eq!(
        ListAddress::of(&settings, None).first(None),
        Err(Finding::OrganisationNeeded),
        "the club's id"
    );
    let url = ListAddress::of(&settings, Some("1/2")).first(None).unwrap();
    assert_eq!(url.as_str(), "https://kerry.h/c/1%2F2/m", "with it");
    let no_name = ListAddress::new(
        "https://h",
        "/m",
        Vec::new(),
        PagingSettings {
            style: PagingStyle::Cursor,
            ..PagingSettings::default()
        },
    );
    assert_eq!(
        no_name.after_cursor("x"),
        Err(Finding::SettingUnusable),
        "a cursor needs its parameter"
    );
    assert_eq!(no_name.asked_size(), None, "no size is asked for");
    assert_eq!(
        list("/m", PagingStyle::Page, None).asked_size(),
        Some(50),
        "by parameter"
    );
    let silent = ListAddress::new(
        "https://h",
        "/m",
        Vec::new(),
        PagingSettings {
            size: Some(50),
            ..PagingSettings::default()
        },
    );
    assert_eq!(
        silent.asked_size(),
        None,
        "a size that is never sent is not asked for"
    );
}
