//! How conflicts are settled: the strategy, its exceptions by field, and what a person once decided.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::members::MemberField;
use crate::settings::ConflictStrategy;

/// The rules of one connection.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rules {
    /// Who wins where both sides changed a field differently. It is asked about conflicts only: what one side
    /// changed is taken from that side under each strategy.
    pub strategy: ConflictStrategy,
    /// Fields with a strategy of their own.
    pub per_field: BTreeMap<MemberField, ConflictStrategy>,
    /// The fields that the template maps. No other one ever changes.
    pub mapped: BTreeSet<MemberField>,
}

impl Rules {
    /// The strategy of a field.
    #[must_use]
    pub fn strategy_of(&self, field: MemberField) -> ConflictStrategy {
        self.per_field.get(&field).copied().unwrap_or(self.strategy)
    }

    /// The fields that may change, in order: mapped, and kept by a member.
    pub fn fields(&self) -> impl Iterator<Item = MemberField> {
        self.mapped.iter().copied().filter(|field| field.is_kept())
    }
}

/// What a person takes in a conflict.
#[derive(Clone, PartialEq, Eq)]
pub enum Take {
    /// The federation's value.
    Federation,
    /// The club's value.
    Club,
    /// A third one; an empty text is no value.
    Value(Box<str>),
}

impl fmt::Debug for Take {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Federation => "Federation",
            Self::Club => "Club",
            Self::Value(_) => "Value([redacted])",
        })
    }
}

/// A decision about one field of one member.
///
/// It holds while the federation still says what it said then. A decision that replaces the club's value
/// (`Federation`, `Value`) holds besides only while the club's value is the one that was shown, so that an edit made
/// after the decision is asked about again. The base does not matter: the question was which of two values is right.
/// Applying does not use a decision up; it moves the base, so that there is no conflict to decide. After an undo
/// the conflict is back, and so is its answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Remembered {
    field: MemberField,
    take: Take,
    federation: Option<Box<str>>,
    club: Option<Box<str>>,
}

impl Remembered {
    /// A decision about a field, with both values that were shown.
    #[must_use]
    pub fn new(
        field: MemberField,
        take: Take,
        federation: Option<&str>,
        club: Option<&str>,
    ) -> Self {
        let kept = |value: Option<&str>| value.filter(|text| !text.is_empty()).map(Box::from);
        Self {
            field,
            take,
            federation: kept(federation),
            club: kept(club),
        }
    }

    /// The field.
    #[must_use]
    pub fn field(&self) -> MemberField {
        self.field
    }

    /// What is taken.
    #[must_use]
    pub fn take(&self) -> &Take {
        &self.take
    }

    /// The federation's value that it was decided about.
    #[must_use]
    pub fn federation(&self) -> Option<&str> {
        self.federation.as_deref()
    }

    /// The club's value that it was decided about.
    #[must_use]
    pub fn club(&self) -> Option<&str> {
        self.club.as_deref()
    }

    /// Whether it answers the conflict of these two values.
    #[must_use]
    pub fn holds(&self, field: MemberField, federation: Option<&str>, club: Option<&str>) -> bool {
        let club_counts = self.take != Take::Club;
        self.field == field
            && self.federation() == federation
            && (!club_counts || self.club() == club)
    }
}

impl fmt::Debug for Remembered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remembered")
            .field("field", &self.field)
            .field("take", &self.take)
            .finish_non_exhaustive()
    }
}
