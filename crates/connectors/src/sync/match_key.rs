//! By what a record is found again: the federation's identifier, and names with the date of birth. Keys are texts with
//! an order, so that both sides can be sorted by them and joined while they are read. No `Debug` tells a key: it is
//! personal data as much as what it is made of.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

use crate::members::{MemberField, MemberValues};
use crate::text::fold;

/// An external identifier as it is compared: without blanks around it. Capitals and leading zeros count, since there
/// are systems in which they tell two people apart.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdKey(Box<str>);

impl IdKey {
    /// Of a value; none for a blank one, which means that the federation has not given any yet.
    #[must_use]
    pub fn of(value: Option<&str>) -> Option<Self> {
        let text: String = value?.trim().nfc().collect();
        (!text.is_empty()).then(|| Self(text.into()))
    }

    /// For the store and for sorting.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Family and given name as they are compared: without regard to accents, capitals, blanks, hyphens and apostrophes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameKey(Box<str>);

impl NameKey {
    /// Of the two names; none where one is missing, since half a name is nobody's.
    #[must_use]
    pub fn of(first: Option<&str>, last: Option<&str>) -> Option<Self> {
        let (first, last) = (letters(first?), letters(last?));
        (!first.is_empty() && !last.is_empty()).then(|| Self(format!("{last} {first}").into()))
    }

    /// For the store and for sorting.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn letters(name: &str) -> String {
    let folded = fold(name);
    folded.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// All by which one record or member can be found.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct MatchKey {
    /// The identifier, where there is one.
    pub id: Option<IdKey>,
    /// The names, where there are both.
    pub names: Option<NameKey>,
    /// The date of birth.
    pub born: Option<Box<str>>,
}

impl MatchKey {
    /// Of a federation's record.
    #[must_use]
    pub fn of_record(values: &MemberValues) -> Self {
        Self {
            id: IdKey::of(values.get(MemberField::ExternalId)),
            names: names(values),
            born: values.get(MemberField::DateOfBirth).map(Box::from),
        }
    }

    /// Of a member: what the federation last gave, so that a name that the club has mended does not hide who it is.
    /// What the federation never gave comes from the club's own values.
    #[must_use]
    pub fn of_member(base: Option<&MemberValues>, values: &MemberValues) -> Self {
        let own = Self::of_record(values);
        let given = base.map(Self::of_record).unwrap_or_default();
        let id = given.id.or(own.id);
        if given.names.is_some() {
            Self {
                id,
                names: given.names,
                born: given.born,
            }
        } else {
            Self { id, ..own }
        }
    }
}

fn names(values: &MemberValues) -> Option<NameKey> {
    NameKey::of(
        values.get(MemberField::FirstName),
        values.get(MemberField::LastName),
    )
}

impl fmt::Debug for IdKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdKey([redacted])")
    }
}

impl fmt::Debug for NameKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NameKey([redacted])")
    }
}

impl fmt::Debug for MatchKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MatchKey")
            .field("has_id", &self.id.is_some())
            .field("has_names", &self.names.is_some())
            .field("has_birth", &self.born.is_some())
            .finish()
    }
}
