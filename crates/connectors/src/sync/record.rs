//! A member with what belongs to it: its values, its base, and whether it has left.

use crate::clock::UtcMillis;
use crate::members::MemberValues;

/// A member as it is kept for one connection. Its `Debug` tells no value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MemberRecord {
    /// What the club sees, its own edits included.
    pub values: MemberValues,
    /// What the federation last gave and was settled, field by field. None for a member that only the club knows.
    pub base: Option<MemberValues>,
    /// Since when the federation's list does not have it any more. A leaver is kept.
    pub left_at: Option<UtcMillis>,
}
