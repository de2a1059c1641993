//! Every fault of numbered pages, as a table of pages: what becomes of the list, what is said about
//! it, and whether an absent member may be taken as gone.

use connectors::api::paging::address::ListAddress;
use connectors::api::paging::anomaly::PagingAnomaly;
use connectors::api::paging::listing::Listing;
use connectors::api::paging::next::{Answered, Next, NoNext};
use connectors::api::records::PageFacts;
use connectors::settings::PagingStyle::{self, Offset, Page};
use reqwest::header::HeaderMap;

use super::fake::settings;

/// A page of a table: its rows, and what it says.
#[derive(Clone, Default)]
pub(super) struct P {
    pub(super) rows: std::ops::Range<u64>,
    pub(super) total: Option<u64>,
    pub(super) pages: Option<u64>,
    pub(super) more: Option<bool>,
    pub(super) next: Option<&'static str>,
    pub(super) skipped: u64,
}

pub(super) fn rows(rows: std::ops::Range<u64>) -> P {
    P {
        rows,
        ..P::default()
    }
}

pub(super) fn of(rows: std::ops::Range<u64>, total: u64) -> P {
    P {
        total: Some(total),
        ..self::rows(rows)
    }
}

pub(super) fn more(rows: std::ops::Range<u64>, more: bool) -> P {
    P {
        more: Some(more),
        ..self::rows(rows)
    }
}

pub(super) fn next(rows: std::ops::Range<u64>, next: &'static str) -> P {
    P {
        next: Some(next),
        ..self::rows(rows)
    }
}

/// What happened to a list.
pub(super) struct Told {
    pub(super) records: u64,
    pub(super) said: Vec<String>,
    pub(super) end: String,
    pub(super) complete: bool,
}

/// Runs a list of pages with 10 records asked for; the last page goes on for ever.
pub(super) fn run(style: PagingStyle, pages: &[P]) -> Told {
    let mut listing = Listing::new(ListAddress::of(&settings(style, 10), None));
    let mut url = listing.first().unwrap();
    let mut told = Told {
        records: 0,
        said: Vec::new(),
        end: String::new(),
        complete: false,
    };
    for number in 0.. {
        let page = &pages[number.min(pages.len() - 1)];
        let fingerprints: Vec<u64> = page.rows.clone().collect();
        let facts = PageFacts {
            records: page.rows.end - page.rows.start,
            next: page.next.map(str::to_owned),
            more: page.more,
            total: page.total,
            total_pages: page.pages,
            skipped_rows: page.skipped,
            last_keys: page
                .rows
                .clone()
                .last()
                .map(|id| ("after".to_owned(), id.to_string()))
                .into_iter()
                .collect(),
            ..PageFacts::default()
        };
        let answered = Answered {
            requested: &url,
            answered: &url,
            headers: &HeaderMap::new(),
            facts: &facts,
        };
        let verdict = match listing.after(&answered, &fingerprints) {
            Ok(verdict) => verdict,
            Err(anomaly) => {
                told.end = name(&anomaly);
                break;
            }
        };
        if verdict.keep {
            told.records += facts.records;
        }
        told.said.extend(verdict.notes.iter().map(name));
        match verdict.next {
            Ok(Next::Page(next)) => url = next,
            Ok(Next::Done) => {
                "done".clone_into(&mut told.end);
                told.complete = listing.is_complete();
                break;
            }
            Err(NoNext::Anomaly(anomaly)) => {
                told.end = name(&anomaly);
                break;
            }
            Err(NoNext::Address(finding)) => {
                told.end = format!("{finding:?}");
                break;
            }
        }
    }
    assert!(
        told.end == "done" || !listing.is_complete(),
        "what failed is not complete"
    );
    told
}

fn name(anomaly: &PagingAnomaly) -> String {
    let text = format!("{anomaly:?}");
    text.split_whitespace().next().unwrap().to_owned()
}

#[test]
#[allow(clippy::too_many_lines, reason = "a table of cases")]
fn every_fault_of_numbered_pages_has_its_end() {
    let none: Vec<&str> = Vec::new();
    let p = |rows, total: Option<u64>, pages| P {
        rows,
        total,
        pages,
        ..P::default()
    };
    for (case, style, pages, records, said, end, complete) in [
        (
            "in order, total",
            Page,
            vec![of(0..10, 15), of(10..15, 15)],
            15,
            none.clone(),
            "done",
            true,
        ),
        (
            "in order, empty page",
            Page,
            vec![rows(0..10), rows(10..15), rows(0..0)],
            15,
            none.clone(),
            "done",
            true,
        ),
        (
            "an empty list",
            Page,
            vec![of(0..0, 0)],
            0,
            none.clone(),
            "done",
            true,
        ),
        (
            "an empty list, nothing said",
            Offset,
            vec![rows(0..0)],
            0,
            none.clone(),
            "done",
            true,
        ),
        (
            "one page, a server without pages",
            Page,
            vec![rows(0..7)],
            7,
            vec!["LastPageAgain"],
            "done",
            true,
        ),
        (
            "the last page again",
            Page,
            vec![rows(0..10), rows(10..15)],
            15,
            vec!["LastPageAgain"],
            "done",
            true,
        ),
        (
            "a full page again",
            Page,
            vec![rows(0..10)],
            10,
            none.clone(),
            "RepeatedPage",
            false,
        ),
        (
            "an earlier page again",
            Page,
            vec![rows(0..10), rows(10..20), rows(0..10)],
            20,
            none.clone(),
            "RepeatedPage",
            false,
        ),
        (
            "a page again before the total",
            Page,
            vec![of(0..7, 20)],
            7,
            none.clone(),
            "RepeatedPage",
            false,
        ),
        (
            "a short page again, more promised",
            Page,
            vec![more(0..7, true)],
            7,
            none.clone(),
            "RepeatedPage",
            false,
        ),
        (
            "total shrinks",
            Page,
            vec![of(0..10, 25), of(10..20, 24), of(20..24, 24)],
            24,
            vec!["TotalShrank"],
            "done",
            false,
        ),
        (
            "total grows",
            Page,
            vec![of(0..10, 25), of(10..20, 26), of(20..26, 26)],
            26,
            vec!["TotalGrew"],
            "done",
            true,
        ),
        (
            "total too high",
            Page,
            vec![of(0..10, 25), of(10..20, 25), of(0..0, 25)],
            20,
            vec!["TotalNotReached"],
            "done",
            false,
        ),
        (
            "pages too many",
            Page,
            vec![
                p(0..10, None, Some(5)),
                p(10..20, None, Some(5)),
                p(0..0, None, Some(5)),
            ],
            20,
            vec!["PagesNotReached"],
            "done",
            false,
        ),
        (
            "the last of the pages is empty",
            Page,
            vec![p(0..10, Some(10), Some(2)), p(0..0, Some(10), Some(2))],
            10,
            none.clone(),
            "done",
            true,
        ),
        (
            "size ignored",
            Page,
            vec![of(0..12, 24), of(12..24, 24)],
            24,
            vec!["SizeIgnored"],
            "done",
            true,
        ),
        (
            "size capped",
            Offset,
            vec![of(0..5, 12), of(5..10, 12), of(10..12, 12)],
            12,
            none.clone(),
            "done",
            true,
        ),
        (
            "rows again",
            Page,
            vec![of(0..10, 25), of(8..18, 25), of(18..23, 25)],
            25,
            vec!["DuplicateRows"],
            "done",
            false,
        ),
        (
            "more on the last page",
            Page,
            vec![more(0..10, true), more(10..15, true), more(0..0, false)],
            15,
            vec!["MoreAfterEnd"],
            "done",
            true,
        ),
        (
            "more on the empty page",
            Offset,
            vec![more(0..10, true), more(0..0, true)],
            10,
            vec!["MoreAfterEnd"],
            "done",
            true,
        ),
        (
            "more on an empty first page",
            Page,
            vec![more(0..0, true)],
            0,
            none.clone(),
            "EmptyPages",
            false,
        ),
        (
            "no more",
            Page,
            vec![more(0..10, false)],
            10,
            none.clone(),
            "done",
            true,
        ),
        (
            "without an end",
            Page,
            vec![rows(0..1)],
            1,
            vec!["LastPageAgain"],
            "done",
            true,
        ),
        (
            "rows left out",
            Page,
            vec![P {
                skipped: 2,
                ..of(0..10, 10)
            }],
            10,
            vec!["RowsLeftOut"],
            "done",
            false,
        ),
    ] {
        let told = run(style, &pages);
        assert_eq!(told.end, end, "{case}: how it ends");
        assert_eq!(told.records, records, "{case}: what was taken");
        assert_eq!(told.said, said, "{case}: what is said");
        assert_eq!(
            told.complete, complete,
            "{case}: whether nobody can be hidden"
        );
    }
}
