//! Which page follows, style by style.

use connectors::api::paging::address::ListAddress;
use connectors::api::paging::next::{Answered, Next, NoNext, SoFar, Totals, likely, next};
use connectors::api::records::PageFacts;
use connectors::settings::{PagingSettings, PagingStyle};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

fn list(style: PagingStyle) -> ListAddress {
    let paging = PagingSettings {
        style,
        start: Some(0),
        page_param: Some("p".to_owned()),
        size_param: Some("s".to_owned()),
        size: Some(10),
        total_header: Some("X-Total".to_owned()),
        total_pages_header: Some("X-Pages".to_owned()),
        keys: [("after".to_owned(), "id".to_owned())].into(),
        ..PagingSettings::default()
    };
    ListAddress::new("https://h/api", "/m", Vec::new(), paging)
}

fn facts(records: u64) -> PageFacts {
    PageFacts {
        records,
        ..PageFacts::default()
    }
}

fn so_far(pages: u64, records: u64) -> SoFar {
    SoFar {
        pages,
        records,
        last_page: 10,
        longest_page: 10,
    }
}

fn after(
    style: PagingStyle,
    facts: &PageFacts,
    headers: &[(&'static str, &str)],
    so_far: SoFar,
) -> String {
    let requested = Url::parse("https://h/api/m?s=10").unwrap();
    let headers: HeaderMap = headers
        .iter()
        .map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_str(value).unwrap(),
            )
        })
        .collect();
    let page = Answered {
        requested: &requested,
        answered: &requested,
        headers: &headers,
        facts,
    };
    match next(&list(style), &page, &so_far) {
        Ok(Next::Done) => "done".to_owned(),
        Ok(Next::Page(url)) => url.as_str().replace("https://h/api/m?s=10", ""),
        Err(NoNext::Address(finding)) => format!("{finding:?}"),
        Err(NoNext::Anomaly(anomaly)) => format!("{anomaly:?}"),
    }
}

#[test]
#[allow(clippy::too_many_lines, reason = "a table of cases")]
fn numbered_pages_go_on_until_they_are_over() {
    let with = |records, total, pages, more| PageFacts {
        records,
        total,
        total_pages: pages,
        more,
        ..PageFacts::default()
    };
    for (case, facts, headers, so_far, page, offset) in [
        (
            "nothing known",
            facts(10),
            vec![],
            so_far(1, 10),
            "&p=1",
            "&p=10",
        ),
        (
            "a short page is no end",
            facts(3),
            vec![],
            so_far(2, 13),
            "&p=2",
            "&p=13",
        ),
        (
            "an empty page is",
            facts(0),
            vec![],
            so_far(3, 20),
            "done",
            "done",
        ),
        (
            "total not reached",
            with(10, Some(11), None, None),
            vec![],
            so_far(1, 10),
            "&p=1",
            "&p=10",
        ),
        (
            "total reached",
            with(1, Some(11), None, None),
            vec![],
            so_far(2, 11),
            "done",
            "done",
        ),
        (
            "pages not reached",
            with(10, Some(5), Some(3), None),
            vec![],
            so_far(2, 20),
            "&p=2",
            "&p=20",
        ),
        (
            "pages reached",
            with(10, Some(99), Some(2), None),
            vec![],
            so_far(2, 20),
            "done",
            "done",
        ),
        (
            "total in a header",
            facts(1),
            vec![("x-total", "11")],
            so_far(2, 11),
            "done",
            "done",
        ),
        (
            "pages in a header",
            facts(10),
            vec![("x-pages", " 2 ")],
            so_far(2, 20),
            "done",
            "done",
        ),
        (
            "a header that is no number",
            facts(1),
            vec![("x-total", "many")],
            so_far(2, 11),
            "&p=2",
            "&p=11",
        ),
        (
            "the body counts",
            with(10, Some(30), None, None),
            vec![("x-total", "10")],
            so_far(1, 10),
            "&p=1",
            "&p=10",
        ),
        (
            "no more",
            with(10, None, None, Some(false)),
            vec![],
            so_far(1, 10),
            "done",
            "done",
        ),
        (
            "more",
            with(10, None, None, Some(true)),
            vec![],
            so_far(1, 10),
            "&p=1",
            "&p=10",
        ),
        (
            "more, and empty",
            with(0, None, None, Some(true)),
            vec![],
            so_far(2, 10),
            "done",
            "done",
        ),
    ] {
        assert_eq!(
            after(PagingStyle::Page, &facts, &headers, so_far),
            page,
            "page: {case}"
        );
        assert_eq!(
            after(PagingStyle::Offset, &facts, &headers, so_far),
            offset,
            "offset: {case}"
        );
    }
}

#[test]
fn cursors_keys_and_whole_lists() {
    use PagingStyle::{Cursor, Keyset};
    let cursor = |next: Option<&str>, more| PageFacts {
        records: 10,
        next: next.map(str::to_owned),
        more,
        ..PageFacts::default()
    };
    let missing = "NextMissing";
    for (case, facts, expected) in [
        ("a cursor", cursor(Some("c 2"), None), "&p=c+2"),
        (
            "a cursor, and more",
            cursor(Some("c2"), Some(true)),
            "&p=c2",
        ),
        (
            "a cursor, and no more",
            cursor(Some("c2"), Some(false)),
            "done",
        ),
        ("none", cursor(None, None), "done"),
        ("none, and more", cursor(None, Some(true)), missing),
    ] {
        assert_eq!(
            after(Cursor, &facts, &[], so_far(1, 10)),
            expected,
            "{case}"
        );
    }
    let mut keyed = facts(10);
    assert_eq!(
        after(Keyset, &keyed, &[], so_far(1, 10)),
        "KeyMissing { parameter: \"after\" }",
        "a record without its key"
    );
    keyed.last_keys.insert("after".to_owned(), "10".to_owned());
    assert_eq!(
        after(Keyset, &keyed, &[], so_far(1, 10)),
        "&after=10",
        "the last record's key"
    );
    assert_eq!(
        after(Keyset, &facts(0), &[], so_far(2, 10)),
        "done",
        "an empty page"
    );
    let whole = cursor(Some("c2"), Some(true));
    assert_eq!(
        after(PagingStyle::None, &whole, &[], so_far(1, 10)),
        "done",
        "one page is all"
    );
}

#[test]
fn links_stay_on_the_origin() {
    let elsewhere = "RedirectedElsewhere";
    for (link, expected) in [
        ("https://h/api/m?page=2", "https://h/api/m?page=2"),
        ("https://H:443/api/m?page=2", "https://h/api/m?page=2"),
        ("/other?page=2#top", "https://h/other?page=2"),
        ("?page=2", "https://h/api/m?page=2"),
        ("m2", "https://h/api/m2"),
        (" /a b ", "https://h/a%20b"),
        ("http://h/api/m?page=2", elsewhere),
        ("https://evil.example/m", elsewhere),
        ("//evil.example/m", elsewhere),
        ("\\\\evil.example/m", elsewhere),
        ("https://h:8443/m", elsewhere),
        ("https://h.evil.example/m", elsewhere),
        ("https://user@h/m", elsewhere),
        ("https://:pw@h/m", elsewhere),
        ("https://h@evil.example/m", elsewhere),
        ("ftp://h/m", elsewhere),
        ("javascript:alert(1)", elsewhere),
        ("data:,x", elsewhere),
        ("https://", elsewhere),
    ] {
        let facts = PageFacts {
            next: Some(link.to_owned()),
            ..facts(10)
        };
        assert_eq!(
            after(PagingStyle::LinkBody, &facts, &[], so_far(1, 10)),
            expected,
            "body: {link}"
        );
        let header = format!("<{link}>; rel=next");
        let found = after(
            PagingStyle::LinkHeader,
            &self::facts(10),
            &[("link", &header)],
            so_far(1, 10),
        );
        assert_eq!(found, expected, "header: {link}");
    }
    assert_eq!(
        after(PagingStyle::LinkBody, &facts(1), &[], so_far(1, 1)),
        "done",
        "no link"
    );
    assert_eq!(
        after(PagingStyle::LinkHeader, &facts(1), &[], so_far(1, 1)),
        "done",
        "no header"
    );
}

#[test]
fn relative_links_start_from_the_address_that_answered() {
    let requested = Url::parse("https://h/api/m").unwrap();
    let answered = Url::parse("https://h/v2/members/").unwrap();
    let facts = PageFacts {
        next: Some("p2".to_owned()),
        ..facts(1)
    };
    let page = Answered {
        requested: &requested,
        answered: &answered,
        headers: &HeaderMap::new(),
        facts: &facts,
    };
    let url = Url::parse("https://h/v2/members/p2").unwrap();
    assert_eq!(
        next(&list(PagingStyle::LinkBody), &page, &so_far(1, 1)),
        Ok(Next::Page(url)),
        "after a redirect within the origin"
    );
}

#[test]
fn pages_are_guessed_only_where_their_number_is_known() {
    use PagingStyle::{Cursor, Offset, Page};
    let totals = |records, pages| Totals { records, pages };
    let numbers = |style, totals, so_far, most| {
        likely(&list(style), totals, &so_far, most)
            .iter()
            .map(|url| url.as_str().replace("https://h/api/m?s=10&p=", ""))
            .collect::<Vec<_>>()
    };
    for (case, style, totals, so_far, most, expected) in [
        (
            "far from the end",
            Page,
            totals(Some(1000), None),
            so_far(1, 10),
            3,
            vec!["2", "3", "4"],
        ),
        (
            "near it",
            Page,
            totals(Some(31), None),
            so_far(1, 10),
            3,
            vec!["2", "3"],
        ),
        (
            "pages",
            Page,
            totals(None, Some(4)),
            so_far(1, 10),
            3,
            vec!["2", "3"],
        ),
        (
            "the next is the last",
            Page,
            totals(Some(20), None),
            so_far(1, 10),
            3,
            vec![],
        ),
        (
            "offsets",
            Offset,
            totals(Some(1000), None),
            so_far(2, 20),
            2,
            vec!["30", "40"],
        ),
        (
            "nothing known",
            Page,
            totals(None, None),
            so_far(1, 10),
            3,
            vec![],
        ),
        (
            "cursors",
            Cursor,
            totals(Some(1000), None),
            so_far(1, 10),
            3,
            vec![],
        ),
        (
            "one after another",
            Page,
            totals(Some(1000), None),
            so_far(1, 10),
            0,
            vec![],
        ),
    ] {
        assert_eq!(numbers(style, totals, so_far, most), expected, "{case}");
    }
    let empty = SoFar {
        last_page: 0,
        ..so_far(1, 0)
    };
    assert_eq!(
        numbers(Offset, totals(Some(10), None), empty, 3),
        Vec::<String>::new(),
        "an empty page leads nowhere"
    );
}
