use std::collections::{BTreeMap, BTreeSet};

use practice_federation::{Practice, is_deleted_in_keyset, paging_row_id, twin_members};
use serde_json::{Value, json};

use crate::support::{get, practice};

/// What a client that trusts the server meets.
#[derive(Debug, PartialEq, Eq)]
struct Walk {
    /// Rows of each page, in order.
    sizes: Vec<usize>,
    /// Different ids.
    different: usize,
    /// It was stopped, because the list did not end.
    is_endless: bool,
}

const STYLES: [&str; 10] = [
    "page0",
    "page1",
    "offset",
    "cursor",
    "link_body",
    "link_header",
    "keyset",
    "path",
    "header_totals",
    "none",
];

/// Pages at which a walk is given up.
const ENOUGH: usize = 8;

/// Walks through a style as its clients do, trusting what the server says about the next page.
async fn walk(practice: &Practice, style: &str, query: &str, size: usize) -> (Vec<String>, Walk) {
    let base = practice.base_url();
    let (mut ids, mut sizes): (Vec<String>, Vec<usize>) = (Vec::new(), Vec::new());
    let mut given: Option<String> = None;
    let mut key = (0, String::new());
    while sizes.len() < ENOUGH {
        let page = sizes.len();
        let target = given.take().unwrap_or_else(|| match style {
            "page0" | "link_body" | "link_header" => {
                format!("/paging/{style}?{query}&size={size}&page={page}")
            }
            "page1" => format!("/paging/page1?{query}&size={size}&page={}", page + 1),
            "offset" => format!("/paging/offset?{query}&limit={size}&offset={}", page * size),
            "cursor" => format!("/paging/cursor?{query}&size={size}"),
            "keyset" => {
                let (updated, id) = &key;
                format!("/paging/keyset?{query}&limit={size}&last-updated={updated}&last-id={id}")
            }
            "path" => format!("/paging/path/{page}/{size}?{query}"),
            "header_totals" => {
                format!(
                    "/paging/header_totals?{query}&per_page={size}&page={}",
                    page + 1
                )
            }
            _ => format!("/paging/none?{query}"),
        });
        let answer = get(practice, &target).await;
        assert_eq!(answer.status(), 200, "{target}");
        let headers = answer.headers().clone();
        let body: Value = answer.json().await.unwrap();
        let rows = body["data"]
            .as_array()
            .or_else(|| body["content"].as_array())
            .or_else(|| body.as_array())
            .expect("a list in one of the envelopes");
        ids.extend(
            rows.iter()
                .map(|row| row["id"].as_str().unwrap().to_owned()),
        );
        sizes.push(rows.len());
        let own = |address: &str| {
            address
                .strip_prefix(&base)
                .expect("our own address")
                .to_owned()
        };
        let number = |name: &str| headers[name].to_str().unwrap().parse::<usize>().unwrap();
        let is_last = match style {
            "page0" | "path" => body["page"]["totalPages"] == json!(page + 1),
            "page1" => body["last"] == true,
            "offset" => body["page"]["total"].as_u64().unwrap() <= ((page + 1) * size) as u64,
            "cursor" => {
                let next = body["metadata"]["nextCursor"].as_str();
                given = next.map(|it| format!("/paging/cursor?{query}&size={size}&cursor={it}"));
                body["metadata"]["hasMore"] == false
            }
            "link_body" => {
                given = body["links"]["next"]["href"].as_str().map(own);
                given.is_none()
            }
            "link_header" => {
                let link = headers.get("link").map(|it| it.to_str().unwrap());
                given = link.map(|it| own(it.trim_start_matches('<').split('>').next().unwrap()));
                given.is_none()
            }
            "keyset" => {
                if let Some(last) = rows.last() {
                    let updated = last["lastUpdated"].as_u64().unwrap();
                    key = (updated, last["id"].as_str().unwrap().to_owned());
                }
                rows.is_empty()
            }
            "header_totals" => number("x-pagination-page-count") == page + 1,
            _ => true,
        };
        if is_last {
            return walked(ids, sizes, false);
        }
    }
    walked(ids, sizes, true)
}

fn walked(ids: Vec<String>, sizes: Vec<usize>, is_endless: bool) -> (Vec<String>, Walk) {
    let different = ids.iter().collect::<BTreeSet<_>>().len();
    let walk = Walk {
        sizes,
        different,
        is_endless,
    };
    (ids, walk)
}

#[tokio::test]
async fn each_style_gives_all_rows_in_order() {
    let practice = practice().await;
    let expected: Vec<String> = (0..45).map(paging_row_id).collect();
    for style in STYLES.iter().filter(|style| **style != "keyset") {
        let (ids, walk) = walk(&practice, style, "count=45", 20).await;
        assert_eq!(ids, expected, "{style}: every row once, in order");
        let sizes = if *style == "none" {
            vec![45]
        } else {
            vec![20, 20, 5]
        };
        assert_eq!(walk.sizes, sizes, "{style}: in pages");
    }
}

#[tokio::test]
async fn the_club_of_the_twins_comes_in_each_style_and_envelope() {
    let practice = practice().await;
    let members = twin_members(250);
    let expected: Vec<String> = members.iter().map(|member| member.id.clone()).collect();
    for style in STYLES.iter().filter(|style| **style != "keyset") {
        let (ids, walk) = walk(&practice, style, "rows=club", 100).await;
        assert_eq!(ids, expected, "{style}: the twins' members, in order");
        assert!(!walk.is_endless, "{style}: with an end");
    }
    for (envelope, pointer) in [
        ("foireann", "/data/4"),
        ("spring", "/content/4"),
        ("bare", "/4"),
    ] {
        let target = format!("/paging/page0?rows=club&envelope={envelope}");
        let body: Value = get(&practice, &target).await.json().await.unwrap();
        let member = body.pointer(pointer).unwrap();
        assert_eq!(
            member,
            &json!(members[4]),
            "{envelope}: whole, without a surname"
        );
    }
}

#[tokio::test]
async fn revisions_end_with_what_is_not_deleted() {
    let practice = practice().await;
    let mut newest: BTreeMap<String, Value> = BTreeMap::new();
    let (mut updated, mut id, mut pages) = (json!(0), String::new(), 0);
    loop {
        let target =
            format!("/paging/keyset?count=45&limit=10&last-updated={updated}&last-id={id}");
        let rows: Vec<Value> = get(&practice, &target).await.json().await.unwrap();
        let Some(last) = rows.last() else { break };
        updated = last["lastUpdated"].clone();
        id = last["id"].as_str().unwrap().to_owned();
        pages += 1;
        assert!(pages < 50, "the revisions have an end");
        for row in rows {
            newest.insert(row["id"].as_str().unwrap().to_owned(), row);
        }
    }
    assert_eq!(pages, 6, "45 rows, 9 changes and 5 deletions by ten");
    for (index, (id, row)) in newest.iter().enumerate() {
        assert_eq!(id, &paging_row_id(index), "no row is missing");
        assert_eq!(
            row["deleted"],
            is_deleted_in_keyset(index),
            "{id}: deleted or not"
        );
    }
}

/// (fault, styles, sizes of the pages, different rows, endless, why)
type Case<'a> = (&'a str, &'a [&'a str], &'a [usize], usize, bool, &'a str);

#[tokio::test]
async fn each_fault_is_met_by_who_trusts_the_server() {
    let practice = practice().await;
    let page_styles = ["page0", "page1", "offset", "path", "header_totals"];
    let link_styles = ["cursor", "link_body", "link_header"];
    let cases: &[Case] = &[
        (
            "repeated_page",
            &page_styles,
            &[20, 20, 20],
            40,
            false,
            "the third page is the second",
        ),
        (
            "repeated_page",
            &link_styles,
            &[20, 20, 20],
            40,
            false,
            "with links, too",
        ),
        (
            "shrinking_total",
            &page_styles,
            &[20, 5],
            25,
            false,
            "a page is gone meanwhile",
        ),
        (
            "shrinking_total",
            &link_styles,
            &[20, 5],
            25,
            false,
            "without a word",
        ),
        (
            "more_on_last",
            &link_styles,
            &[20, 20, 5, 0, 0, 0, 0, 0],
            45,
            true,
            "always another",
        ),
        (
            "more_on_last",
            &["page1"],
            &[20, 20, 5, 0, 0, 0, 0, 0],
            45,
            true,
            "never the last",
        ),
        (
            "empty_last",
            &["page0", "page1", "path", "header_totals"],
            &[20, 20, 5, 0],
            45,
            false,
            "one page too many",
        ),
        (
            "empty_last",
            &link_styles,
            &[20, 20, 5, 0],
            45,
            false,
            "a link to nothing",
        ),
        (
            "size_ignored",
            &link_styles,
            &[10, 10, 10, 10, 5],
            45,
            false,
            "tens, and all of them",
        ),
        (
            "size_ignored",
            &["page0", "page1", "path", "header_totals"],
            &[10, 10, 10, 10, 5],
            45,
            false,
            "tens by number",
        ),
        (
            "duplicates",
            &page_styles,
            &[20, 20, 7],
            45,
            false,
            "two rows twice, none missing",
        ),
        (
            "duplicates",
            &link_styles,
            &[20, 20, 7],
            45,
            false,
            "with links, too",
        ),
        (
            "loop",
            &link_styles,
            &[20, 20, 20, 20, 20, 20, 20, 20],
            40,
            true,
            "round and round",
        ),
        (
            "loop",
            &["page1"],
            &[20, 20, 5, 20, 20, 5, 20, 20],
            45,
            true,
            "from the start again",
        ),
        (
            "loop",
            &["keyset"],
            &[20, 20, 19, 20, 20, 19, 20, 20],
            45,
            true,
            "never an empty page",
        ),
        (
            "duplicates",
            &["keyset"],
            &[20, 20, 20, 2, 0],
            45,
            false,
            "the row of the cursor comes again",
        ),
        (
            "size_ignored",
            &["keyset"],
            &[10, 10, 10, 10, 10, 9, 0],
            45,
            false,
            "tens",
        ),
    ];
    for (fault, styles, sizes, different, is_endless, why) in cases {
        for style in *styles {
            let (_, walk) = walk(&practice, style, &format!("count=45&fault={fault}"), 20).await;
            let expected = Walk {
                sizes: sizes.to_vec(),
                different: *different,
                is_endless: *is_endless,
            };
            assert_eq!(walk, expected, "{fault} in {style}: {why}");
        }
    }
}

#[tokio::test]
async fn envelopes_can_be_chosen() {
    let practice = practice().await;
    let body = |target: &'static str| {
        let practice = &practice;
        async move { get(practice, target).await.json::<Value>().await.unwrap() }
    };
    let spring = body("/paging/page0?count=45&page=2&envelope=spring").await;
    for (name, value) in [
        ("number", json!(2)),
        ("size", json!(20)),
        ("numberOfElements", json!(5)),
        ("totalElements", json!(45)),
        ("totalPages", json!(3)),
        ("first", json!(false)),
        ("last", json!(true)),
        ("empty", json!(false)),
    ] {
        assert_eq!(spring[name], value, "Spring says {name}");
    }
    assert_eq!(
        spring["content"].as_array().unwrap().len(),
        5,
        "its rows are its content"
    );
    let foireann = body("/paging/page1?count=45&page=1&envelope=foireann").await;
    assert_eq!(
        foireann["page"],
        json!({ "page": 0, "size": 20, "totalPages": 3, "totalElements": 45 }),
        "Foireann's numbers"
    );
    assert!(
        foireann["links"]["next"]["href"]
            .as_str()
            .unwrap()
            .contains("envelope=foireann"),
        "a link keeps what was asked for"
    );
    let bare = body("/paging/page0?count=45&envelope=bare").await;
    assert_eq!(bare.as_array().unwrap().len(), 20, "a bare array");
    let empty = body("/paging/cursor?count=0").await;
    assert_eq!(
        empty,
        json!({ "data": [], "metadata": { "hasMore": false, "nextCursor": null } }),
        "nothing is an empty list"
    );
}

#[tokio::test]
async fn what_cannot_be_read_is_refused() {
    let practice = practice().await;
    for (target, status, why) in [
        ("/paging/page2", 404, "no such style"),
        ("/paging/page0?count=1000001", 400, "over a million"),
        ("/paging/page0?count=many", 400, "no number"),
        ("/paging/page0?fault=other", 400, "no such fault"),
        ("/paging/page0?rows=other", 400, "no such rows"),
        ("/paging/page0?envelope=other", 400, "no such envelope"),
        ("/paging/page0?page=-1", 400, "before the first page"),
        ("/paging/page1?page=0", 400, "before the first page"),
        ("/paging/cursor?cursor=abc", 400, "no cursor of ours"),
        ("/paging/cursor?envelope=bare", 400, "no place for a cursor"),
        (
            "/paging/link_body?envelope=bare",
            400,
            "no place for a link",
        ),
        ("/paging/keyset?last-id=x", 400, "no id"),
        ("/paging/path/a/20", 400, "no number"),
        (
            "/paging/page0?page=18446744073709551615&size=1000",
            200,
            "far after the end",
        ),
        ("/paging/page0?size=999999999", 200, "sizes are cut down"),
    ] {
        let answer = get(&practice, target).await;
        assert_eq!(answer.status(), status, "{target}: {why}");
    }
}

#[tokio::test]
async fn long_lists_are_made_while_they_are_sent() {
    let practice = practice().await;
    let last = get(&practice, "/paging/page0?count=1000000&size=1000&page=999").await;
    let last: Value = last.json().await.unwrap();
    assert_eq!(last["data"][999]["id"], "P-1000000", "the millionth row");
    let mut whole = get(&practice, "/paging/none?count=100000").await;
    assert_eq!(
        whole.headers().get("content-length"),
        None,
        "nobody knows its length before"
    );
    let (mut bytes, mut rows) = (0, 0);
    while let Some(chunk) = whole.chunk().await.unwrap() {
        bytes += chunk.len();
        rows += chunk.split(|byte| *byte == b'{').count() - 1;
    }
    assert_eq!(rows, 100_000, "all of them");
    assert!(
        (18_000_000..26_000_000).contains(&bytes),
        "about 200 bytes a row: {bytes}"
    );
    let parsed: Vec<Value> = get(&practice, "/paging/none?count=1501")
        .await
        .json()
        .await
        .expect("whole JSON");
    assert_eq!(parsed.len(), 1501, "the parts join to one array");
}
