//! What is wrong with how pages follow each other, seen from the pages alone. Memory is bounded:
//! 8 bytes a page (10,000 pages at most) and 8 bytes a record of the last four pages. Rows that come
//! again later than that are not noticed here; they are the same record and are written twice as the same.

use std::collections::{HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use url::Url;

use super::anomaly::PagingAnomaly;
use super::next::{SoFar, Totals};
use crate::api::records::PageFacts;
use crate::settings::PagingStyle;

/// Most pages of a list.
pub const MAX_PAGES: u64 = 10_000;

/// Empty pages in a row that may name a next one.
const MAX_EMPTY: u64 = 3;

/// Pages whose rows are remembered.
const REMEMBERED_PAGES: usize = 4;

/// What the guards look at.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// What the body says.
    pub facts: &'a PageFacts,
    /// What the page says about all pages.
    pub totals: Totals,
    /// It names a next page: by a cursor or a link, in its body or in its headers.
    pub names_next: bool,
    /// Fingerprints of its records, in order.
    pub fingerprints: &'a [u64],
}

/// The guards of one list.
#[derive(Debug)]
pub struct Guards {
    style: PagingStyle,
    asked: Option<u64>,
    pages: HashSet<u64>,
    last_page: Option<u64>,
    recent: VecDeque<HashSet<u64>>,
    addresses: HashSet<u64>,
    total: Option<u64>,
    page_count: Option<u64>,
    empty_in_a_row: u64,
    size_ignored: bool,
    promised: bool,
}

impl Guards {
    /// For a list whose pages are asked to have `asked` records.
    #[must_use]
    pub fn new(style: PagingStyle, asked: Option<u64>) -> Self {
        Self {
            style,
            asked,
            pages: HashSet::new(),
            last_page: None,
            recent: VecDeque::new(),
            addresses: HashSet::new(),
            total: None,
            page_count: None,
            empty_in_a_row: 0,
            size_ignored: false,
            promised: false,
        }
    }

    /// Before a page is asked for.
    pub fn before(&mut self, url: &Url, so_far: &SoFar) -> Option<PagingAnomaly> {
        if so_far.pages >= MAX_PAGES {
            return Some(PagingAnomaly::TooManyPages { pages: MAX_PAGES });
        }
        (!self.addresses.insert(hash(url))).then_some(PagingAnomaly::Loop)
    }

    /// After a page came. `before` is what was read before it.
    pub fn page(&mut self, seen: &Seen<'_>, before: &SoFar) -> Vec<PagingAnomaly> {
        let mut found = Vec::new();
        let numbered = matches!(self.style, PagingStyle::Page | PagingStyle::Offset);
        if seen.facts.records == 0 {
            self.empty_in_a_row += 1;
            let promises = seen.facts.more == Some(true);
            let pages = self.empty_in_a_row;
            if numbered && before.pages > 0 && (self.promised || promises) {
                found.push(PagingAnomaly::MoreAfterEnd);
            } else if numbered && promises || (promises || seen.names_next) && pages > MAX_EMPTY {
                found.push(PagingAnomaly::EmptyPages { pages });
            }
        } else {
            self.empty_in_a_row = 0;
            if let Some(again) = self.again(seen, before, numbered) {
                return vec![again];
            }
            self.size(seen, &mut found);
            self.rows(seen, &mut found);
        }
        self.totals(seen.totals, &mut found);
        self.promised = seen.facts.more == Some(true);
        if seen.facts.skipped_rows > 0 {
            let rows = seen.facts.skipped_rows;
            found.push(PagingAnomaly::RowsLeftOut { rows });
        }
        found
    }

    /// When the list is over. `pages` is how many the last page said there are.
    #[must_use]
    pub fn end(&self, so_far: &SoFar, pages: Option<u64>) -> Option<PagingAnomaly> {
        let total = self.total.filter(|total| so_far.records < *total);
        let missing = total.map(|total| PagingAnomaly::TotalNotReached {
            total,
            got: so_far.records,
        });
        let pages = pages.filter(|pages| so_far.pages < *pages);
        missing.or_else(|| {
            pages.map(|total| PagingAnomaly::PagesNotReached {
                total,
                got: so_far.pages,
            })
        })
    }

    /// Whether 404 can be the answer to a page after the last one: nothing has said how many pages
    /// there are, and one came.
    #[must_use]
    pub fn after_end(&self, so_far: &SoFar, pages: Option<u64>) -> Option<PagingAnomaly> {
        let numbered = matches!(self.style, PagingStyle::Page | PagingStyle::Offset);
        let unknown = self.total.is_none() && pages.is_none() && !self.promised;
        (numbered && unknown && so_far.pages > 0).then_some(PagingAnomaly::PageAfterEnd {
            after_full_page: !self.is_short(so_far),
        })
    }

    /// The last page had fewer records than asked for, or than another page.
    fn is_short(&self, so_far: &SoFar) -> bool {
        let full = self.asked.unwrap_or(0).max(so_far.longest_page);
        so_far.last_page < full
    }

    /// A page that came before.
    fn again(&mut self, seen: &Seen<'_>, before: &SoFar, numbered: bool) -> Option<PagingAnomaly> {
        let page = hash(seen.fingerprints);
        let last = self.last_page.replace(page);
        if self.pages.insert(page) {
            return None;
        }
        let unknown = seen.totals == Totals::default() && seen.facts.more.is_none();
        if numbered && unknown && last == Some(page) && self.is_short(before) {
            return Some(PagingAnomaly::LastPageAgain);
        }
        Some(PagingAnomaly::RepeatedPage)
    }

    /// Once for the list.
    fn size(&mut self, seen: &Seen<'_>, found: &mut Vec<PagingAnomaly>) {
        let got = seen.facts.records;
        if let Some(asked) = self.asked.filter(|asked| got > *asked)
            && !std::mem::replace(&mut self.size_ignored, true)
        {
            found.push(PagingAnomaly::SizeIgnored { asked, got });
        }
    }

    /// Rows that stood on one of the last pages. Twice on one page is that page's own matter.
    fn rows(&mut self, seen: &Seen<'_>, found: &mut Vec<PagingAnomaly>) {
        let again = seen
            .fingerprints
            .iter()
            .filter(|row| self.recent.iter().any(|page| page.contains(row)))
            .count();
        if again > 0 {
            let rows = u64::try_from(again).unwrap_or(u64::MAX);
            found.push(PagingAnomaly::DuplicateRows { rows });
        }
        // A keyset may include the last row: its keys only go forward, so that nothing is missed.
        if !matches!(self.style, PagingStyle::None | PagingStyle::Keyset) {
            self.recent
                .push_back(seen.fingerprints.iter().copied().collect());
        }
        if self.recent.len() > REMEMBERED_PAGES {
            self.recent.pop_front();
        }
    }

    fn totals(&mut self, totals: Totals, found: &mut Vec<PagingAnomaly>) {
        if let Some(after) = totals.pages
            && let Some(before) = self.page_count.replace(after)
            && after < before
            && totals.records.is_none()
        {
            found.push(PagingAnomaly::PagesShrank { before, after });
        }
        let Some(after) = totals.records else {
            return;
        };
        match self.total.replace(after) {
            Some(before) if after < before => {
                found.push(PagingAnomaly::TotalShrank { before, after });
            }
            Some(before) if after > before => {
                found.push(PagingAnomaly::TotalGrew { before, after });
            }
            _ => {}
        }
    }
}

fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
