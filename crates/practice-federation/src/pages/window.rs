//! Which rows a page has, and what it says about the others: pure arithmetic, with the faults.

use std::ops::Range;

/// Rows a page has whose size is ignored.
const OWN_SIZE: usize = 10;

/// What goes wrong with paging.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PagingFault {
    /// From the third page on, the second comes again.
    RepeatedPage,
    /// From the second page on, the total is a page less, and the last rows are gone.
    ShrinkingTotal,
    /// Every page says that another follows, the last one and those after it too.
    MoreOnLast,
    /// One more page is announced than there is, and it is empty.
    EmptyLast,
    /// Pages have 10 rows, whatever was asked for (less if less was).
    SizeIgnored,
    /// Each page begins with the last row of the one before.
    Duplicates,
    /// What follows the second page is the first; lists with page numbers begin anew after their end.
    Loop,
}

impl PagingFault {
    pub(crate) const ALL: [Self; 7] = [
        Self::RepeatedPage,
        Self::ShrinkingTotal,
        Self::MoreOnLast,
        Self::EmptyLast,
        Self::SizeIgnored,
        Self::Duplicates,
        Self::Loop,
    ];

    /// The value of `fault`.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::RepeatedPage => "repeated_page",
            Self::ShrinkingTotal => "shrinking_total",
            Self::MoreOnLast => "more_on_last",
            Self::EmptyLast => "empty_last",
            Self::SizeIgnored => "size_ignored",
            Self::Duplicates => "duplicates",
            Self::Loop => "loop",
        }
    }
}

/// Where a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    /// Its number, from 0.
    Page(usize),
    /// The number of rows before it.
    Offset(usize),
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Window {
    /// Places of its rows.
    pub(crate) rows: Range<usize>,
    /// Its number, from 0.
    pub(crate) page: usize,
    /// Rows of a full page.
    pub(crate) size: usize,
    /// Whether it says that another page follows.
    pub(crate) has_more: bool,
    /// Rows before the page it says is next.
    pub(crate) next: usize,
    /// How many rows it says there are.
    pub(crate) total: usize,
    /// How many pages it says there are.
    pub(crate) pages: usize,
}

/// The page of a list of `count` rows.
pub(crate) fn window(
    count: usize,
    start: Start,
    size: usize,
    fault: Option<PagingFault>,
) -> Window {
    use PagingFault::{
        Duplicates, EmptyLast, Loop, MoreOnLast, RepeatedPage, ShrinkingTotal, SizeIgnored,
    };
    let size = match fault {
        Some(SizeIgnored) => size.min(OWN_SIZE),
        _ => size,
    }
    .max(1);
    let (page, at) = match start {
        Start::Page(page) => (page, page.saturating_mul(size)),
        Start::Offset(offset) => (offset / size, offset),
    };
    let pages = count.div_ceil(size);
    let nominal = at.saturating_add(size);
    let plain = |first: usize, count: usize| {
        let first = first.min(count);
        first..first.saturating_add(size).min(count)
    };
    let usual = Window {
        rows: plain(at, count),
        page,
        size,
        has_more: nominal < count,
        next: nominal,
        total: count,
        pages,
    };
    match fault {
        Some(RepeatedPage) if page >= 2 => Window {
            rows: plain(size, count),
            ..usual
        },
        Some(ShrinkingTotal) => {
            let total = if page == 0 {
                count
            } else {
                count.saturating_sub(size)
            };
            Window {
                rows: plain(at, total),
                has_more: nominal < total,
                total,
                pages: total.div_ceil(size),
                ..usual
            }
        }
        Some(MoreOnLast) => Window {
            has_more: true,
            ..usual
        },
        Some(EmptyLast) => Window {
            has_more: at < count,
            pages: pages + 1,
            ..usual
        },
        Some(Duplicates) if size > 1 => {
            let pages = count.saturating_sub(1).div_ceil(size - 1).max(1);
            Window {
                rows: plain(at.saturating_sub(page), count),
                has_more: page + 1 < pages,
                total: count + pages - 1,
                pages,
                ..usual
            }
        }
        Some(Loop) => {
            let at = match start {
                Start::Page(page) => page.checked_rem(pages).unwrap_or(0) * size,
                Start::Offset(offset) => offset.checked_rem(count).unwrap_or(0),
            };
            Window {
                rows: plain(at, count),
                has_more: true,
                next: if page == 0 { nominal } else { 0 },
                ..usual
            }
        }
        None | Some(SizeIgnored | RepeatedPage | Duplicates) => usual,
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::PagingFault::{
        Duplicates, EmptyLast, Loop, MoreOnLast, RepeatedPage, ShrinkingTotal, SizeIgnored,
    };
    use super::{PagingFault, Start, window};

    /// (fault, page of 45 rows by 20, rows, another follows, total, pages, why)
    type Case = (
        Option<PagingFault>,
        usize,
        Range<usize>,
        bool,
        usize,
        usize,
        &'static str,
    );

    #[rustfmt::skip]
    const CASES: &[Case] = &[
        (None, 0, 0..20, true, 45, 3, "the first page"),
        (None, 2, 40..45, false, 45, 3, "the last is short"),
        (None, 3, 45..45, false, 45, 3, "after the end"),
        (Some(RepeatedPage), 1, 20..40, true, 45, 3, "the second page is right"),
        (Some(RepeatedPage), 2, 20..40, false, 45, 3, "and comes again"),
        (Some(ShrinkingTotal), 0, 0..20, true, 45, 3, "the first page still counts all"),
        (Some(ShrinkingTotal), 1, 20..25, false, 25, 2, "then a page is gone"),
        (Some(MoreOnLast), 2, 40..45, true, 45, 3, "the last page promises another"),
        (Some(MoreOnLast), 9, 45..45, true, 45, 3, "for ever"),
        (Some(EmptyLast), 2, 40..45, true, 45, 4, "the last page promises one more"),
        (Some(EmptyLast), 3, 45..45, false, 45, 4, "which is empty and the end"),
        (Some(SizeIgnored), 1, 10..20, true, 45, 5, "ten rows"),
        (Some(Duplicates), 0, 0..20, true, 47, 3, "the first page is whole"),
        (Some(Duplicates), 1, 19..39, true, 47, 3, "the second begins with its last row"),
        (Some(Duplicates), 2, 38..45, false, 47, 3, "no row is missing"),
        (Some(Loop), 2, 40..45, true, 45, 3, "the last page leads on"),
        (Some(Loop), 3, 0..20, true, 45, 3, "to the first"),
    ];

    #[test]
    fn pages_are_those_of_the_table() {
        for (fault, page, rows, has_more, total, pages, why) in CASES {
            let found = window(45, Start::Page(*page), 20, *fault);
            assert_eq!(
                (&found.rows, found.has_more, found.total, found.pages),
                (rows, *has_more, *total, *pages),
                "{fault:?}, page {page}: {why}"
            );
        }
    }

    #[test]
    fn the_ends_of_the_numbers_hold() {
        for fault in PagingFault::ALL.map(Some).into_iter().chain([None]) {
            for (count, start, size) in [
                (0, Start::Page(0), 20),
                (0, Start::Offset(7), 20),
                (1, Start::Page(usize::MAX), 1),
                (45, Start::Offset(usize::MAX), 1000),
                (45, Start::Page(0), 0),
            ] {
                let found = window(count, start, size, fault);
                assert!(
                    found.rows.start <= found.rows.end && found.rows.end <= count,
                    "{fault:?}, {start:?} of {count}: rows that are there"
                );
            }
        }
        let looped = window(45, Start::Offset(20), 20, Some(Loop));
        assert_eq!(looped.next, 0, "the second page points back");
    }
}
