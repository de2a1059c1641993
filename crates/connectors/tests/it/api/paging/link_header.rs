//! The `Link` header.

use connectors::api::paging::link_header::next_link;
use reqwest::header::{HeaderMap, HeaderValue, LINK};

#[test]
fn the_next_link_in_every_spelling() {
    for (case, headers, expected) in [
        (
            "plain",
            vec!["</a?page=2>; rel=\"next\""],
            Some("/a?page=2"),
        ),
        ("a token", vec!["</a>; rel=next"], Some("/a")),
        ("capitals", vec!["</a>; REL=NEXT"], Some("/a")),
        (
            "several links",
            vec!["</1>; rel=\"first\", </2>; rel=\"next\", </9>; rel=\"last\""],
            Some("/2"),
        ),
        (
            "several headers",
            vec!["</1>; rel=first", "</2>; rel=next"],
            Some("/2"),
        ),
        (
            "several relations",
            vec!["</2>; rel=\"last  next\""],
            Some("/2"),
        ),
        (
            "a comma in the address",
            vec!["</a?x=1,2>; rel=next"],
            Some("/a?x=1,2"),
        ),
        (
            "a semicolon in the address",
            vec!["</a;b>; rel=next"],
            Some("/a;b"),
        ),
        (
            "other parameters",
            vec!["</a>; title=\"x, \\\"y\\\"; rel=prev\"; rel=\"next\"; type=json"],
            Some("/a"),
        ),
        (
            "a parameter without a value",
            vec!["</a>; crossorigin; rel=next"],
            Some("/a"),
        ),
        ("blanks", vec![" < /a > ;  rel = \"next\" "], Some("/a")),
        ("empty members", vec![", ,</a>; rel=next,,"], Some("/a")),
        (
            "the first relation counts",
            vec!["</a>; rel=prev; rel=next"],
            None,
        ),
        (
            "about another document",
            vec!["</a>; rel=next; anchor=\"/b\""],
            None,
        ),
        (
            "a relation that only starts so",
            vec!["</a>; rel=next-archive"],
            None,
        ),
        ("no relation", vec!["</a>"], None),
        ("in the title only", vec!["</a>; title=\"rel=next\""], None),
        ("no link", vec!["next"], None),
        ("broken", vec!["</a; rel=next"], None),
        (
            "a quote that is never closed",
            vec!["</a>; title=\"x; rel=next"],
            None,
        ),
        ("nothing", vec![], None),
    ] {
        let mut map = HeaderMap::new();
        for value in headers {
            map.append(LINK, HeaderValue::from_str(value).unwrap());
        }
        assert_eq!(next_link(&map).as_deref(), expected, "{case}");
    }
    let mut map = HeaderMap::new();
    map.append(LINK, HeaderValue::from_bytes(b"</\xe9>; rel=next").unwrap());
    assert!(
        next_link(&map).is_some(),
        "bytes that are no UTF-8 are no panic"
    );
}
