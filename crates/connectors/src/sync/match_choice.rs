//! What a person once said about a record of which nobody could tell whose it is, and what it makes of the record in a later
//! list. It is about one record, known by the federation's identifier or else by names and date of birth, and it counts before
//! names are compared, never against an identifier.

use super::people::Settled;

/// What a person said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MatchChoice<L> {
    /// It is this member.
    Member(L),
    /// It is somebody new, who gets this identifier. Where that member is there already, it is this member: a plan that was
    /// applied finds nothing new, and one that was undone makes the same member again.
    New(L),
    /// Nobody can tell: it stays a problem, and nobody is asked again.
    Leave,
}

impl<L> MatchChoice<L> {
    /// The word used in files, on the wire and in the store.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Member(_) => "member",
            Self::New(_) => "new",
            Self::Leave => "leave",
        }
    }

    /// The member that it names, whether it is there or not.
    #[must_use]
    pub fn member(&self) -> Option<&L> {
        match self {
            Self::Member(member) | Self::New(member) => Some(member),
            Self::Leave => None,
        }
    }
}

/// What a choice makes of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    /// The record is the member's.
    Pair,
    /// The member has another record in the list: this one is passed over.
    Second,
    /// A new member.
    New,
    /// The choice says nothing about how it is now; the record is looked at as if there were none.
    Nothing,
}

/// What a choice makes of a record that no identifier has settled. `member` is how the member that it names stands, none where
/// there is no such member.
#[must_use]
pub fn made<L>(choice: &MatchChoice<L>, member: Option<Settled>) -> Made {
    match (choice, member) {
        (MatchChoice::Leave, _) | (MatchChoice::Member(_), None) | (_, Some(Settled::Problem)) => {
            Made::Nothing
        }
        (_, Some(Settled::No)) => Made::Pair,
        (_, Some(Settled::Paired)) => Made::Second,
        (MatchChoice::New(_), None) => Made::New,
    }
}
