//! Whether a plan may be applied without a person having looked at it: by a schedule that may, or together with those of other
//! clubs. There must be nothing that somebody has to decide; a plan in which nothing happens at all is safe too.

use super::counts::Counts;

/// No conflict, nobody who left, no record that could not be taken over, and nothing that holds the plan: a guard that is
/// not allowed, or an undo.
#[must_use]
pub fn is_safe(counts: &Counts, held: bool) -> bool {
    counts.is_plain() && !held
}
