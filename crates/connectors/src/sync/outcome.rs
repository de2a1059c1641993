//! What was decided about a member and each of its fields, with the reason. Values are borrowed from the three
//! sides: a decision is written to the plan and dropped before the next one is made. No `Debug` tells a value.

use std::fmt;

use super::decide::{Remote, Sides};
use super::record::MemberRecord;
use crate::clock::UtcMillis;
use crate::members::{MemberField, MemberValues};

/// Why a field becomes what it becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldReason {
    /// The member is new.
    New,
    /// Only the federation changed it.
    FederationChanged,
    /// Only the federation changed it: it has no value any more.
    FederationRemoved,
    /// The two were never compared, and the club had nothing.
    FilledIn,
    /// Only the club changed it. Not a conflict.
    ClubEdited,
    /// The two were never compared, and the federation has nothing.
    ClubOnly,
    /// Both sides have come to the same value.
    Agreed,
    /// Both changed it differently, and the strategy takes the federation's.
    FederationWins,
    /// Both changed it differently, and the strategy takes the club's.
    ClubWins,
    /// A person once decided for the federation's.
    DecidedFederation,
    /// A person once decided for the club's.
    DecidedClub,
    /// A person once decided for a third value.
    DecidedValue,
    /// Both changed it differently, and a person must decide. Nothing changes until then.
    Conflict,
}

impl FieldReason {
    /// The word used in files, on the wire and in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::FederationChanged => "federation_changed",
            Self::FederationRemoved => "federation_removed",
            Self::FilledIn => "filled_in",
            Self::ClubEdited => "club_edited",
            Self::ClubOnly => "club_only",
            Self::Agreed => "agreed",
            Self::FederationWins => "federation_wins",
            Self::ClubWins => "club_wins",
            Self::DecidedFederation => "decided_federation",
            Self::DecidedClub => "decided_club",
            Self::DecidedValue => "decided_value",
            Self::Conflict => "conflict",
        }
    }
}

/// One field: the three sides, and what the club's value and the base become.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct FieldOutcome<'a> {
    /// The field.
    pub field: MemberField,
    /// Why.
    pub reason: FieldReason,
    /// The base before.
    pub base: Option<&'a str>,
    /// The club's value before.
    pub club: Option<&'a str>,
    /// The federation's value.
    pub federation: Option<&'a str>,
    /// The club's value after.
    pub becomes: Option<&'a str>,
    /// The base after.
    pub base_becomes: Option<&'a str>,
}

impl FieldOutcome<'_> {
    /// Whether the club sees another value afterwards.
    #[must_use]
    pub fn changes_club(&self) -> bool {
        self.club != self.becomes
    }

    /// Whether the base moves.
    #[must_use]
    pub fn moves_base(&self) -> bool {
        self.base != self.base_becomes
    }

    /// Whether one side's own change gives way. Both values stay in the plan and in the journal.
    #[must_use]
    pub fn overrules(&self) -> bool {
        matches!(
            self.reason,
            FieldReason::FederationWins
                | FieldReason::ClubWins
                | FieldReason::DecidedFederation
                | FieldReason::DecidedClub
                | FieldReason::DecidedValue
        )
    }
}

impl fmt::Debug for FieldOutcome<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FieldOutcome")
            .field("field", &self.field)
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}

/// What becomes of a member. Where several fit, the first in this list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The federation has it, the club has not.
    Create,
    /// A field needs a person's decision. The other changes are made all the same.
    Conflict,
    /// A leaver is in the list again.
    Returner,
    /// A member of the club is matched to a record for the first time.
    Adopt,
    /// Values of the club change.
    Update,
    /// Only the base moves; nobody sees a change.
    BaseOnly,
    /// The list does not have it any more: marked as left, never deleted.
    Leaver,
    /// Nothing.
    Unchanged,
}

impl Kind {
    /// The word used in files, on the wire and in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Conflict => "conflict",
            Self::Returner => "returner",
            Self::Adopt => "adopt",
            Self::Update => "update",
            Self::BaseOnly => "base_only",
            Self::Leaver => "leaver",
            Self::Unchanged => "unchanged",
        }
    }
}

/// What becomes of whether it has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// As it was.
    Stays,
    /// Marked as left.
    Leaves,
    /// Not marked any more.
    Returns,
}

impl Standing {
    /// The word used in files, on the wire and in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stays => "stays",
            Self::Leaves => "leaves",
            Self::Returns => "returns",
        }
    }
}

/// What was decided about one member.
#[derive(Debug, Clone)]
pub struct Decision<'a> {
    /// What it was decided from.
    pub sides: Sides<'a>,
    /// What becomes of it.
    pub kind: Kind,
    /// Whether it leaves or returns; both may come with a conflict.
    pub standing: Standing,
    /// Whether it gets its first base.
    pub adopted: bool,
    /// The fields about which there is something to say, in order. Where all three sides agree there is not.
    pub fields: Vec<FieldOutcome<'a>>,
}

impl<'a> Decision<'a> {
    /// Whether the club sees any change.
    #[must_use]
    pub fn is_visible(&self) -> bool {
        self.kind == Kind::Create
            || self.standing != Standing::Stays
            || self.fields.iter().any(FieldOutcome::changes_club)
    }

    /// Whether applying it writes anything. A conflict that waits, with nothing else beside it, writes nothing.
    #[must_use]
    pub fn writes(&self) -> bool {
        self.is_visible() || self.adopted || self.fields.iter().any(FieldOutcome::moves_base)
    }

    /// The fields that wait for a person.
    pub fn conflicts(&self) -> impl Iterator<Item = &FieldOutcome<'a>> {
        self.fields
            .iter()
            .filter(|outcome| outcome.reason == FieldReason::Conflict)
    }

    /// The member afterwards; none where there is none. `left_at` is since when it has left, if it had already;
    /// `now` is written where it leaves.
    #[must_use]
    pub fn after(&self, left_at: Option<UtcMillis>, now: UtcMillis) -> Option<MemberRecord> {
        if self.sides.local.is_none() && self.kind != Kind::Create {
            return None;
        }
        let mut values = self.sides.local.cloned().unwrap_or_default();
        let mut base = match self.kind {
            // A base without a member is of nobody.
            Kind::Create => None,
            _ => self.sides.base.cloned(),
        };
        if matches!(self.sides.remote, Remote::Listed(_)) {
            let based = base.get_or_insert_with(MemberValues::default);
            for outcome in &self.fields {
                values.set(outcome.field, outcome.becomes);
                based.set(outcome.field, outcome.base_becomes);
            }
        }
        let left_at = match self.standing {
            Standing::Stays if self.kind == Kind::Create => None,
            Standing::Stays => left_at,
            Standing::Leaves => Some(now),
            Standing::Returns => None,
        };
        Some(MemberRecord {
            values,
            base,
            left_at,
        })
    }
}
