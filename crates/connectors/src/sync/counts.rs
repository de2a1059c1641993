//! How many of each: the numbers that a preview shows. Every member and every record that could not be placed is in
//! exactly one of them.

use super::outcome::{Decision, Kind};

/// The numbers of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// New members.
    pub creates: u64,
    /// Members whose values or standing change, returners among them.
    pub updates: u64,
    /// Members whose values do not change; their base may move.
    pub unchanged: u64,
    /// Members with a field that waits for a person.
    pub conflicts: u64,
    /// Members to be marked as left.
    pub leavers: u64,
    /// Records that cannot be used, or cannot be told from others.
    pub problems: u64,
}

impl Counts {
    /// Counts a decision.
    pub fn add(&mut self, decision: &Decision<'_>) {
        let number = match decision.kind {
            Kind::Create => &mut self.creates,
            Kind::Conflict => &mut self.conflicts,
            Kind::Leaver => &mut self.leavers,
            Kind::Returner | Kind::Update => &mut self.updates,
            Kind::Adopt if decision.is_visible() => &mut self.updates,
            Kind::Adopt | Kind::BaseOnly | Kind::Unchanged => &mut self.unchanged,
        };
        *number += 1;
    }

    /// Counts a record with a problem.
    pub fn add_problem(&mut self) {
        self.problems += 1;
    }

    /// All of them.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.creates + self.updates + self.unchanged + self.conflicts + self.leavers + self.problems
    }

    /// Whether nobody has anything to look at: no conflict, no leaver, no problem. A schedule that applies by
    /// itself asks for this, and for no guard.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.conflicts == 0 && self.leavers == 0 && self.problems == 0
    }
}
