//! What stops a plan until a person has looked (acceptance cases S06, S13): a list that looks wrong does not
//! make half a club leave. Allowing counts for one plan; who keeps that is the caller.

use std::collections::BTreeSet;

use super::counts::Counts;
use crate::api::paging::anomaly::PagingAnomaly;

/// From how many leavers on a person is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GuardSettings {
    /// So many leavers are always allowed.
    pub leavers: u64,
    /// So many percent of the club are always allowed, 0 to 100.
    pub leavers_percent: u64,
}

impl Default for GuardSettings {
    fn default() -> Self {
        Self {
            leavers: 3,
            leavers_percent: 20,
        }
    }
}

impl GuardSettings {
    /// The most leavers in a club of `members` about which nobody is asked.
    #[must_use]
    pub fn limit(&self, members: u64) -> u64 {
        let share = u128::from(members) * u128::from(self.leavers_percent) / 100;
        self.leavers.max(u64::try_from(share).unwrap_or(u64::MAX))
    }
}

/// What is known about the list that was fetched.
#[derive(Debug, Clone, Copy)]
pub struct Fetched<'a> {
    /// Records in it, those with problems among them.
    pub records: u64,
    /// Members of the club before, that came from this list and have not left.
    pub members: u64,
    /// Whether the list was read to its end and nothing may have hidden a record.
    pub complete: bool,
    /// What was seen while it was read.
    pub anomalies: &'a [PagingAnomaly],
}

/// A guard that stopped the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guard {
    /// The list is empty, and there were members.
    EmptyList {
        /// Members before.
        members: u64,
    },
    /// More members leave than is usual.
    TooManyLeavers {
        /// How many.
        leavers: u64,
        /// The most about which nobody is asked.
        limit: u64,
        /// Members before.
        members: u64,
    },
    /// Pages did not follow each other as they should, so that records may be missing. Nobody is taken as gone.
    PageAnomaly {
        /// What was seen.
        anomalies: Vec<PagingAnomaly>,
    },
    /// Fewer records came than the federation says there are. Nobody is taken as gone.
    TotalMismatch {
        /// What was seen.
        anomalies: Vec<PagingAnomaly>,
    },
    /// The list was not read to its end. Nobody is taken as gone.
    IncompleteList,
}

/// A guard by name, as a person allows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GuardName {
    /// [`Guard::EmptyList`]
    EmptyList,
    /// [`Guard::TooManyLeavers`]
    TooManyLeavers,
    /// [`Guard::PageAnomaly`]
    PageAnomaly,
    /// [`Guard::TotalMismatch`]
    TotalMismatch,
    /// [`Guard::IncompleteList`]
    IncompleteList,
}

impl GuardName {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::EmptyList,
        Self::TooManyLeavers,
        Self::PageAnomaly,
        Self::TotalMismatch,
        Self::IncompleteList,
    ];

    /// The word used on the command line, on the wire and in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EmptyList => "empty_list",
            Self::TooManyLeavers => "too_many_leavers",
            Self::PageAnomaly => "page_anomaly",
            Self::TotalMismatch => "total_mismatch",
            Self::IncompleteList => "incomplete_list",
        }
    }

    /// Whether it holds a plan only because of who would leave: without its leavers the plan may be applied. The others say that
    /// records may be missing, and a person allows each.
    #[must_use]
    pub fn is_about_leavers(self) -> bool {
        matches!(self, Self::EmptyList | Self::TooManyLeavers)
    }

    /// The guard of a word, as [`GuardName::as_str`] gives it.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|name| name.as_str() == word)
    }
}

impl Guard {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> GuardName {
        match self {
            Self::EmptyList { .. } => GuardName::EmptyList,
            Self::TooManyLeavers { .. } => GuardName::TooManyLeavers,
            Self::PageAnomaly { .. } => GuardName::PageAnomaly,
            Self::TotalMismatch { .. } => GuardName::TotalMismatch,
            Self::IncompleteList => GuardName::IncompleteList,
        }
    }
}

/// The guards that stop a plan, each once; none where it may be applied.
#[must_use]
pub fn guard(fetched: &Fetched<'_>, counts: &Counts, settings: &GuardSettings) -> Vec<Guard> {
    let members = fetched.members;
    let mut guards = Vec::new();
    if fetched.records == 0 && members > 0 {
        guards.push(Guard::EmptyList { members });
    }
    let limit = settings.limit(members);
    if counts.leavers > limit {
        guards.push(Guard::TooManyLeavers {
            leavers: counts.leavers,
            limit,
            members,
        });
    }
    let chosen = |wanted: fn(&PagingAnomaly) -> bool| -> Vec<PagingAnomaly> {
        let all = fetched.anomalies.iter();
        all.filter(|seen| wanted(seen)).cloned().collect()
    };
    let pages = chosen(|seen| seen.may_hide_records() && !is_mismatch(seen) && !is_rows(seen));
    if !pages.is_empty() {
        guards.push(Guard::PageAnomaly { anomalies: pages });
    }
    let mismatches = chosen(is_mismatch);
    if !mismatches.is_empty() {
        guards.push(Guard::TotalMismatch {
            anomalies: mismatches,
        });
    }
    let explained = fetched
        .anomalies
        .iter()
        .any(PagingAnomaly::may_hide_records);
    if !fetched.complete && !explained {
        guards.push(Guard::IncompleteList);
    }
    guards
}

/// The guards that still stop it. Allowing one allows only that one.
#[must_use]
pub fn still_held(guards: Vec<Guard>, allowed: &BTreeSet<GuardName>) -> Vec<Guard> {
    let held = |guard: &Guard| !allowed.contains(&guard.name());
    guards.into_iter().filter(held).collect()
}

/// Whether a guard, by its word, holds a plan of which a person has allowed some, and that is perhaps applied without its leavers.
/// A word that is not known here holds it all the same.
#[must_use]
pub fn holds(word: &str, allowed: &BTreeSet<GuardName>, without_leavers: bool) -> bool {
    match GuardName::of_word(word) {
        Some(name) => {
            let is_left_out = without_leavers && name.is_about_leavers();
            !allowed.contains(&name) && !is_left_out
        }
        None => true,
    }
}

fn is_mismatch(anomaly: &PagingAnomaly) -> bool {
    matches!(
        anomaly,
        PagingAnomaly::TotalNotReached { .. } | PagingAnomaly::PagesNotReached { .. }
    )
}

/// Rows of a file that cannot be read are problems of the plan, shown there one by one; the others are good.
fn is_rows(anomaly: &PagingAnomaly) -> bool {
    matches!(anomaly, PagingAnomaly::RowsLeftOut { .. })
}
