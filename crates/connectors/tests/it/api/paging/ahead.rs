//! Pages asked for ahead: how many, and that whatever the federation does, batches, notes and errors are
//! the same as one page after another gives.

use std::sync::Arc;

use connectors::api::fetch::Fetch;
use connectors::api::paging::list_error::ListError;
use connectors::api::paging::stream::{AHEAD, Batch, ListPlan, Pages};
use connectors::failure::Finding;
use connectors::settings::PagingStyle;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::fake::{Fake, Reply, number, page, settings};
use crate::store::support::rounds;

/// A federation with its habits. All that it says depends on the address alone.
#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools, reason = "each is a habit of its own")]
struct Habits {
    offset: bool,
    members: u64,
    /// Largest page it gives.
    cap: u64,
    says_total: bool,
    says_pages: bool,
    says_more: bool,
    /// From this page on, so many members are gone.
    shrinks: Option<(u64, u64)>,
    /// This page fails.
    fails: Option<(u64, Finding)>,
    /// From this page on, the page of that number is sent.
    stuck: Option<u64>,
    /// Each page begins with so many rows of the one before.
    overlap: u64,
}

const SIZE: u32 = 5;

impl Habits {
    fn answer(&self, url: &Url) -> Reply {
        let asked = number(url, "p").unwrap_or(0);
        let size = u64::from(SIZE).min(self.cap);
        let place = if self.offset { asked / size } else { asked };
        if let Some((at, finding)) = self.fails
            && place >= at
        {
            return Reply::failure(finding);
        }
        let place = self.stuck.map_or(place, |stuck| place.min(stuck));
        let gone = self
            .shrinks
            .map_or(0, |(at, gone)| if place >= at { gone } else { 0 });
        let members = self.members.saturating_sub(gone);
        let first = if self.offset && self.stuck.is_none() {
            asked
        } else {
            place * size
        };
        let from = first.saturating_sub(self.overlap);
        let rows = from.min(members)..(first + size).min(members);
        let mut meta = Vec::new();
        if self.says_total {
            meta.push(format!("\"total\":{members}"));
        }
        if self.says_pages {
            meta.push(format!("\"pages\":{}", members.div_ceil(size)));
        }
        if self.says_more {
            meta.push(format!("\"more\":{}", first + size < members));
        }
        Reply::body(&page(rows, &format!("{{{}}}", meta.join(","))))
    }
}

fn read(habits: &Habits, at_once: usize) -> (Vec<Batch>, Option<ListError>, bool, usize) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .unwrap();
    let habits = habits.clone();
    let style = if habits.offset {
        PagingStyle::Offset
    } else {
        PagingStyle::Page
    };
    let fake = Fake::new(move |url, _| habits.answer(url));
    let fetch: Arc<dyn Fetch> = Arc::<Fake>::clone(&fake);
    let plan = ListPlan {
        at_once,
        ..ListPlan::of(&settings(style, SIZE), None)
    };
    runtime.block_on(async {
        let mut list = Pages::new(fetch, plan, CancellationToken::new());
        let mut batches = Vec::new();
        let error = loop {
            match list.next_batch().await {
                Ok(Some(batch)) => batches.push(batch),
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        };
        (batches, error, list.is_complete(), fake.most_at_once())
    })
}

#[test]
fn at_most_four_pages_are_under_way_and_only_where_the_end_is_known() {
    let habits = Habits {
        offset: false,
        members: 100,
        cap: 100,
        says_total: true,
        says_pages: false,
        says_more: false,
        shrinks: None,
        fails: None,
        stuck: None,
        overlap: 0,
    };
    let (batches, error, complete, most) = read(&habits, AHEAD);
    assert_eq!((error, complete), (None, true), "all of it");
    assert_eq!(batches.len(), 20, "twenty pages");
    assert!(
        (2..=AHEAD).contains(&most),
        "{most} at once, and never more than four"
    );
    let (_, _, _, most) = read(&habits, 1);
    assert_eq!(most, 1, "one after another where that is wanted");
    let silent = Habits {
        says_total: false,
        ..habits
    };
    let (batches, _, _, most) = read(&silent, AHEAD);
    assert_eq!(
        (batches.len(), most),
        (20, 1),
        "nobody guesses where nothing is known"
    );
}

#[test]
fn fuzz_asked_ahead_or_not_gives_the_same() {
    let style = (any::<bool>(), 0..60_u64, 1..9_u64, any::<[bool; 3]>());
    let finding = proptest::sample::select(&[Finding::NotFound, Finding::ServerError][..]);
    let faults = (
        proptest::option::weighted(0.3, (0..8_u64, 0..20_u64)),
        proptest::option::weighted(0.2, (0..8_u64, finding)),
        proptest::option::weighted(0.2, 0..8_u64),
        prop_oneof![4 => Just(0_u64), 1 => 1..3_u64],
    );
    let mut runner = TestRunner::new(Config {
        cases: rounds(150, 20_000),
        failure_persistence: None,
        ..Config::default()
    });
    let result = runner.run(&(style, faults), |(style, faults)| {
        let (offset, members, cap, [says_total, says_pages, says_more]) = style;
        let (shrinks, fails, stuck, overlap) = faults;
        let habits = Habits {
            offset,
            members,
            cap,
            says_total,
            says_pages,
            says_more,
            shrinks,
            fails,
            stuck,
            overlap,
        };
        let (batches, error, complete, most) = read(&habits, AHEAD);
        let (one_batches, one_error, one_complete, _) = read(&habits, 1);
        prop_assert!(most <= AHEAD, "{} at once", most);
        prop_assert_eq!(error, one_error, "the same end");
        prop_assert_eq!(complete, one_complete, "as complete");
        prop_assert_eq!(batches, one_batches, "the same batches");
        Ok(())
    });
    assert_eq!(
        result.map_err(|error| error.to_string()),
        Ok(()),
        "in order, whatever happens"
    );
}

#[test]
fn a_page_that_is_longer_than_the_one_before_makes_the_guess_wrong_and_nothing_else() {
    let habits = Habits {
        offset: true,
        members: 60,
        cap: 100,
        says_total: true,
        says_pages: false,
        says_more: false,
        shrinks: None,
        fails: None,
        stuck: None,
        overlap: 2,
    };
    let (ahead, _, _, most) = read(&habits, AHEAD);
    let (one, _, _, _) = read(&habits, 1);
    assert!(most > 1, "pages were asked for ahead");
    assert_eq!(ahead, one, "and those that did not follow were dropped");
}
