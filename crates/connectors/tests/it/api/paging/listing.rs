//! A list as a value: faults of the other styles, its limit, its end, its anomalies.

use connectors::api::paging::address::ListAddress;
use connectors::api::paging::anomaly::{Effect, PagingAnomaly};
use connectors::api::paging::listing::Listing;
use connectors::api::paging::next::{Answered, Next, NoNext};
use connectors::api::records::PageFacts;
use connectors::settings::PagingStyle::{self, Cursor, Keyset, LinkBody, Offset, Page};
use reqwest::header::HeaderMap;

use super::fake::settings;
use super::faults::{P, more, next, of, rows, run};

#[test]
#[allow(clippy::too_many_lines, reason = "a table of cases")]
fn every_fault_of_the_other_styles_has_its_end() {
    let none: Vec<&str> = Vec::new();
    for (case, style, pages, records, said, end, complete) in [
        (
            "whole, but not all of it",
            PagingStyle::None,
            vec![of(0..10, 25)],
            10,
            vec!["TotalNotReached"],
            "done",
            false,
        ),
        (
            "whole",
            PagingStyle::None,
            vec![of(0..25, 25)],
            25,
            vec!["SizeIgnored"],
            "done",
            true,
        ),
        (
            "cursors",
            Cursor,
            vec![next(0..10, "a"), next(10..20, "b"), rows(20..21)],
            21,
            none.clone(),
            "done",
            true,
        ),
        (
            "an empty page between",
            Cursor,
            vec![
                next(0..10, "a"),
                next(0..0, "b"),
                next(0..0, "c"),
                rows(20..21),
            ],
            11,
            none.clone(),
            "done",
            true,
        ),
        (
            "empty pages, but never four in a row",
            Cursor,
            vec![
                next(0..0, "a"),
                next(0..0, "b"),
                next(0..5, "c"),
                next(0..0, "d"),
                next(0..0, "e"),
                rows(5..9),
            ],
            9,
            none.clone(),
            "done",
            true,
        ),
        (
            "a key that includes its row",
            Keyset,
            vec![rows(0..10), rows(9..15), rows(0..0)],
            16,
            none.clone(),
            "done",
            true,
        ),
        (
            "empty pages",
            Cursor,
            vec![
                next(0..10, "a"),
                next(0..0, "b"),
                next(0..0, "c"),
                next(0..0, "d"),
                next(0..0, "e"),
            ],
            10,
            none.clone(),
            "EmptyPages",
            false,
        ),
        (
            "a cursor again",
            Cursor,
            vec![next(0..10, "a"), next(10..20, "b"), next(20..30, "a")],
            30,
            none.clone(),
            "Loop",
            false,
        ),
        (
            "the same cursor",
            Cursor,
            vec![next(0..10, "a"), next(10..20, "a")],
            20,
            none.clone(),
            "Loop",
            false,
        ),
        (
            "more and no cursor",
            Cursor,
            vec![more(0..10, true)],
            10,
            none.clone(),
            "NextMissing",
            false,
        ),
        (
            "another cursor, the same page",
            Cursor,
            vec![next(0..10, "a"), next(0..10, "b")],
            10,
            none.clone(),
            "RepeatedPage",
            false,
        ),
        (
            "links",
            LinkBody,
            vec![next(0..10, "/m?p=2"), rows(10..20)],
            20,
            none.clone(),
            "done",
            true,
        ),
        (
            "a link back to the first page",
            LinkBody,
            vec![next(0..10, "/m?p=2"), next(10..20, "/m?s=10")],
            20,
            none.clone(),
            "Loop",
            false,
        ),
        (
            "a link to itself",
            LinkBody,
            vec![next(0..10, "?s=10")],
            10,
            none.clone(),
            "Loop",
            false,
        ),
        (
            "a link elsewhere",
            LinkBody,
            vec![next(0..10, "https://evil.example/m")],
            10,
            none.clone(),
            "RedirectedElsewhere",
            false,
        ),
        (
            "keys",
            Keyset,
            vec![rows(0..10), rows(10..14), rows(0..0)],
            14,
            none.clone(),
            "done",
            true,
        ),
        (
            "keys that stand still",
            Keyset,
            vec![rows(0..10), rows(5..10)],
            15,
            none.clone(),
            "Loop",
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

#[test]
fn a_list_has_at_most_10_000_pages() {
    let mut listing = Listing::new(ListAddress::of(&settings(Offset, 1), None));
    let mut url = listing.first().unwrap();
    for row in 0.. {
        let facts = PageFacts {
            records: 1,
            ..PageFacts::default()
        };
        let answered = Answered {
            requested: &url,
            answered: &url,
            headers: &HeaderMap::new(),
            facts: &facts,
        };
        let verdict = listing.after(&answered, &[row]).unwrap();
        match verdict.next {
            Ok(Next::Page(next)) => url = next,
            end => {
                let over = PagingAnomaly::TooManyPages { pages: 10_000 };
                assert_eq!(end, Err(NoNext::Anomaly(over)), "it fails");
                assert_eq!(row, 9_999, "after the last page that may be");
                break;
            }
        }
    }
}

#[test]
fn a_page_that_does_not_exist_is_an_end_only_where_it_can_be() {
    for (case, style, before, expected) in [
        ("the first page", Page, vec![], None),
        ("after a short page", Page, vec![rows(0..3)], Some(false)),
        ("after a full page", Offset, vec![rows(0..10)], Some(true)),
        (
            "after a page shorter than the others",
            Page,
            vec![rows(0..10), rows(10..12)],
            Some(false),
        ),
        ("before the total", Page, vec![of(0..10, 30)], None),
        (
            "before the last page",
            Page,
            vec![P {
                pages: Some(3),
                ..rows(0..10)
            }],
            None,
        ),
        ("more was promised", Page, vec![more(0..10, true)], None),
        ("a cursor", Cursor, vec![next(0..10, "a")], None),
    ] {
        let mut listing = Listing::new(ListAddress::of(&settings(style, 10), None));
        let mut url = listing.first().unwrap();
        for page in before {
            let facts = PageFacts {
                records: page.rows.end - page.rows.start,
                total: page.total,
                total_pages: page.pages,
                more: page.more,
                next: page.next.map(str::to_owned),
                ..PageFacts::default()
            };
            let answered = Answered {
                requested: &url,
                answered: &url,
                headers: &HeaderMap::new(),
                facts: &facts,
            };
            let fingerprints: Vec<u64> = page.rows.collect();
            let verdict = listing.after(&answered, &fingerprints).unwrap();
            let Ok(Next::Page(next)) = verdict.next else {
                panic!("{case}: another page follows");
            };
            url = next;
        }
        let expected =
            expected.map(|after_full_page| vec![PagingAnomaly::PageAfterEnd { after_full_page }]);
        let hides = expected
            .as_ref()
            .is_some_and(|notes| notes[0].may_hide_records());
        assert_eq!(listing.not_found(), expected, "{case}");
        assert_eq!(
            listing.is_complete(),
            !hides,
            "{case}: a full page may have had another after it"
        );
    }
}

#[test]
fn anomalies_are_sentences_and_only_notes_let_a_list_go_on() {
    for (anomaly, effect, hides) in [
        (PagingAnomaly::RepeatedPage, Effect::Fails, true),
        (PagingAnomaly::LastPageAgain, Effect::Ends, false),
        (PagingAnomaly::MoreAfterEnd, Effect::Ends, false),
        (
            PagingAnomaly::TotalGrew {
                before: 1,
                after: 2,
            },
            Effect::Noted,
            false,
        ),
        (
            PagingAnomaly::DuplicateRows { rows: 2 },
            Effect::Noted,
            true,
        ),
    ] {
        assert_eq!(anomaly.effect(), effect, "{anomaly:?}");
        assert_eq!(anomaly.may_hide_records(), hides, "{anomaly:?}");
        let text = anomaly.to_string();
        assert!(
            !text.ends_with('.') && text.len() > 20,
            "a sentence: {text}"
        );
    }
}

/// A federation with 25 rows in pages of 10, whose first page has the number `first`; one without a number is the first.
fn where_pages_start(first: u64, totals: bool) -> (Vec<u64>, Vec<String>, bool) {
    let mut settings = settings(Page, 10);
    settings.paging.start = None;
    let mut listing = Listing::new(ListAddress::of(&settings, None));
    let (mut records, mut asked) = (Vec::new(), Vec::new());
    let mut url = listing.first().unwrap();
    loop {
        let number = url
            .query_pairs()
            .find(|(name, _)| name == "p")
            .map(|(_, value)| value.parse::<u64>().unwrap());
        asked.push(number.map_or("–".to_owned(), |number| number.to_string()));
        let from = number.unwrap_or(first).saturating_sub(first) * 10;
        let rows: Vec<u64> = (from..25.min(from + 10)).collect();
        let facts = PageFacts {
            records: rows.len() as u64,
            total: totals.then_some(25),
            ..PageFacts::default()
        };
        let answered = Answered {
            requested: &url,
            answered: &url,
            headers: &HeaderMap::new(),
            facts: &facts,
        };
        let verdict = listing
            .after(&answered, &rows)
            .unwrap_or_else(|anomaly| panic!("pages {asked:?} from {first}: {anomaly}"));
        assert_eq!(verdict.notes, [], "nothing is wrong with it");
        if verdict.keep {
            records.extend(rows);
        }
        match verdict.next.unwrap() {
            Next::Page(next) => url = next,
            Next::Done => return (records, asked, listing.is_complete()),
        }
    }
}

#[test]
fn where_nobody_says_which_number_the_first_page_has_no_page_is_left_out() {
    let all: Vec<u64> = (0..25).collect();
    for (first, totals, expected) in [
        (0, false, vec!["–", "1", "2", "3"]),
        (0, true, vec!["–", "1", "2"]),
        (1, false, vec!["–", "1", "2", "3", "4"]),
        (1, true, vec!["–", "1", "2", "3"]),
    ] {
        let (records, asked, complete) = where_pages_start(first, totals);
        assert_eq!(asked, expected, "pages from {first}, totals {totals}");
        assert_eq!(records, all, "pages from {first}: every row once");
        assert!(complete, "pages from {first}: nothing is hidden");
    }
}
