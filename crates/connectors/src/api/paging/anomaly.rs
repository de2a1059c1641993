//! What can be wrong with how pages follow each other, and what becomes of the list.
//!
//! | Anomaly | The list | Who is absent may be taken as gone |
//! |---|---|---|
//! | the same page again, though more was promised or the page was full | ends with an error | – |
//! | the same short page again, and nothing says how many there are | ends well | yes |
//! | an address for the second time | ends with an error | – |
//! | more promised and no way to it; a key missing in the last record | ends with an error | – |
//! | four empty pages one after another that name a next one; an empty first page that does | ends with an error | – |
//! | more than 10,000 pages | ends with an error | – |
//! | the total, or where there is none the number of pages, shrinks | goes on | no: rows moved up past the reader |
//! | the total grows | goes on | yes |
//! | larger pages than asked for | goes on | yes |
//! | rows of one of the last four pages again, but for a keyset | goes on | no: where rows move, others are missed |
//! | an empty page that promises more | ends well | yes |
//! | 404 after the last page | ends well | yes, after a short page; no, after a full one |
//! | fewer records than the total, fewer pages than their number | ends well | no |
//! | rows of a file left out | goes on | no |

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PagingAnomaly {
    /// A page came again.
    #[error("the federation sends the same page again and again")]
    RepeatedPage,
    /// The last page came once more, which some systems do instead of an empty one.
    #[error("the last page came twice")]
    LastPageAgain,
    /// A link, cursor or key leads back.
    #[error("the way to the next page leads back to an earlier one")]
    Loop,
    /// More was promised, and there is no cursor and no link to it.
    #[error("the federation promises another page and does not say where it is")]
    NextMissing,
    /// The last record does not have the key that asks for the next page.
    #[error("the last record has no value for the parameter {parameter}")]
    KeyMissing {
        /// The query parameter.
        parameter: String,
    },
    /// Empty pages that name a next one, or an empty first page that does.
    #[error("pages without records promise more and more pages ({pages} in a row)")]
    EmptyPages {
        /// How many.
        pages: u64,
    },
    /// No list has so many pages.
    #[error("the list has more than {pages} pages")]
    TooManyPages {
        /// The limit.
        pages: u64,
    },
    /// The list became shorter while it was read.
    #[error("the list became shorter while it was read, from {before} to {after} records")]
    TotalShrank {
        /// Records before.
        before: u64,
        /// Records now.
        after: u64,
    },
    /// The number of pages became smaller while the list was read.
    #[error("the list became shorter while it was read, from {before} to {after} pages")]
    PagesShrank {
        /// Pages before.
        before: u64,
        /// Pages now.
        after: u64,
    },
    /// The list became longer while it was read.
    #[error("the list became longer while it was read, from {before} to {after} records")]
    TotalGrew {
        /// Records before.
        before: u64,
        /// Records now.
        after: u64,
    },
    /// More records came than were asked for.
    #[error("a page has {got} records, though {asked} were asked for")]
    SizeIgnored {
        /// Records asked for.
        asked: u64,
        /// Records that came.
        got: u64,
    },
    /// Records came again that stood on an earlier page.
    #[error("{rows} records of an earlier page came again")]
    DuplicateRows {
        /// How many.
        rows: u64,
    },
    /// The last page promised another one, and that was empty.
    #[error("the last page promised another one, and that was empty")]
    MoreAfterEnd,
    /// The page after the last one was answered with 404.
    #[error("the page after the last one does not exist")]
    PageAfterEnd {
        /// The last page was as long as the longest.
        after_full_page: bool,
    },
    /// Fewer records came than the federation says there are.
    #[error("{got} of {total} records came")]
    TotalNotReached {
        /// Records that there should be.
        total: u64,
        /// Records that came.
        got: u64,
    },
    /// Fewer pages came than the federation says there are.
    #[error("{got} of {total} pages came")]
    PagesNotReached {
        /// Pages that there should be.
        total: u64,
        /// Pages that came.
        got: u64,
    },
    /// Rows of a file could not be read.
    #[error("{rows} rows were left out, because they have more or fewer fields than the header")]
    RowsLeftOut {
        /// How many.
        rows: u64,
    },
}

/// What becomes of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It cannot go on.
    Fails,
    /// It is over.
    Ends,
    /// It goes on.
    Noted,
}

impl PagingAnomaly {
    /// What becomes of the list.
    #[must_use]
    pub fn effect(&self) -> Effect {
        match self {
            Self::RepeatedPage
            | Self::Loop
            | Self::NextMissing
            | Self::KeyMissing { .. }
            | Self::EmptyPages { .. }
            | Self::TooManyPages { .. } => Effect::Fails,
            Self::LastPageAgain | Self::PageAfterEnd { .. } | Self::MoreAfterEnd => Effect::Ends,
            Self::TotalShrank { .. }
            | Self::PagesShrank { .. }
            | Self::TotalGrew { .. }
            | Self::SizeIgnored { .. }
            | Self::DuplicateRows { .. }
            | Self::TotalNotReached { .. }
            | Self::PagesNotReached { .. }
            | Self::RowsLeftOut { .. } => Effect::Noted,
        }
    }

    /// Whether records may be missing, so that nobody may be taken as gone because of this list.
    #[must_use]
    pub fn may_hide_records(&self) -> bool {
        match self {
            Self::TotalShrank { .. }
            | Self::PagesShrank { .. }
            | Self::DuplicateRows { .. }
            | Self::TotalNotReached { .. }
            | Self::PagesNotReached { .. }
            | Self::RowsLeftOut { .. } => true,
            Self::PageAfterEnd { after_full_page } => *after_full_page,
            _ => self.effect() == Effect::Fails,
        }
    }
}
