//! Who is who. First by the federation's identifier, then, for those that are left, by names and date of birth. One
//! record is one member and the other way round; what cannot be told for sure is a problem that a person looks at,
//! and nobody who is part of one is taken as new or as gone.
//!
//! A driver joins both sides by identifier and gives each group to [`match_ids`]; then by names, and gives each
//! group, the settled ones too, to `match_people`. `match_lists` does both in memory.

use super::match_key::IdKey;
use super::merge_join::Group;

/// How sure a match is. It is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// The same identifier.
    Exact,
    /// The same names and date of birth, and nobody else has them.
    Likely,
    /// Perhaps. A person decides.
    Unsure,
    /// A person has decided.
    Chosen,
}

/// Why records cannot be used as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MatchProblem {
    /// Several records have one identifier.
    DuplicateId,
    /// Several members of the club have one identifier.
    DuplicateMember,
    /// Several records are of one person: the same names and date of birth, or nothing that tells them apart.
    SamePerson,
    /// A record has neither an identifier nor both names, so that it could not be found again.
    Unidentified,
    /// Several members of the club have the names and the date of birth.
    SeveralMembers,
    /// The member with the names and the date of birth has another identifier.
    OtherId,
    /// Another record has the names and the date of birth, and is matched or part of a problem.
    AlreadyMatched,
    /// The names are a member's; a date of birth is missing.
    BirthMissing,
}

impl MatchProblem {
    /// The word used in files, on the wire and in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DuplicateId => "duplicate_id",
            Self::DuplicateMember => "duplicate_member",
            Self::SamePerson => "same_person",
            Self::Unidentified => "unidentified",
            Self::SeveralMembers => "several_members",
            Self::OtherId => "other_id",
            Self::AlreadyMatched => "already_matched",
            Self::BirthMissing => "birth_missing",
        }
    }

    /// Whether it proposes members among whom a person can choose.
    #[must_use]
    pub fn is_proposal(self) -> bool {
        matches!(
            self,
            Self::SeveralMembers | Self::OtherId | Self::AlreadyMatched | Self::BirthMissing
        )
    }
}

/// What was found out about rows of both sides.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Matched<L, R> {
    /// They are one.
    Pair {
        /// The member.
        local: L,
        /// Its record.
        remote: R,
        /// How sure it is: `Exact`, `Likely` or `Chosen`.
        confidence: Confidence,
    },
    /// A person has said that a record is of a member who has another one: it is passed over.
    Second {
        /// The member.
        local: L,
        /// The record that is not used.
        remote: R,
    },
    /// A record that no member has.
    New(R),
    /// A member that no record has.
    Absent(L),
    /// A member that may be one of the records of a problem: it stays as it is.
    Held(L),
    /// Not to be told. The records are not used, and the members stay as they are.
    Problem {
        /// Why.
        why: MatchProblem,
        /// The members that are concerned or proposed.
        locals: Vec<L>,
        /// The records.
        remotes: Vec<R>,
    },
}

impl<L, R> Matched<L, R> {
    /// How sure it is; none where nothing was matched or proposed.
    #[must_use]
    pub fn confidence(&self) -> Option<Confidence> {
        match self {
            Self::Pair { confidence, .. } => Some(*confidence),
            Self::Problem { why, .. } if why.is_proposal() => Some(Confidence::Unsure),
            _ => None,
        }
    }
}

/// The outcome of one identifier. `New` and `Absent` are not the last word: they go on to `match_people`.
pub fn match_ids<L, R>(mut group: Group<IdKey, L, R>) -> Option<Matched<L, R>> {
    let problem = |why, group: Group<IdKey, L, R>| {
        Some(Matched::Problem {
            why,
            locals: group.locals,
            remotes: group.remotes,
        })
    };
    if group.remotes.len() > 1 {
        return problem(MatchProblem::DuplicateId, group);
    }
    if group.locals.len() > 1 {
        return problem(MatchProblem::DuplicateMember, group);
    }
    match (group.locals.pop(), group.remotes.pop()) {
        (Some(local), Some(remote)) => Some(Matched::Pair {
            local,
            remote,
            confidence: Confidence::Exact,
        }),
        (Some(local), None) => Some(Matched::Absent(local)),
        (None, Some(remote)) => Some(Matched::New(remote)),
        (None, None) => None,
    }
}
