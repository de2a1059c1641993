//! The closed sets of a member's status and gender, and the words that federations have for them. Capitals, accents and
//! what stands between words make no difference. A word that nobody knows is kept as it came, with a warning, until
//! the template says what it means: nothing is guessed about a person.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Reading, WarningKind};
use crate::text::fold;

/// How a membership stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MemberStatus {
    /// A member now.
    Active,
    /// No member now, who may be again: lapsed, not renewed, resting.
    Inactive,
    /// Has applied, or is not yet confirmed or paid for.
    Pending,
    /// Barred for a time.
    Suspended,
    /// Gone: resigned, transferred, not in the list any more.
    Left,
}

/// A member's gender as the federation knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MemberGender {
    /// Female.
    Female,
    /// Male.
    Male,
    /// Neither, or the member's own word.
    Other,
    /// The member did not say.
    Unspecified,
}

/// A closed set of words.
pub trait Word: Copy + 'static {
    /// All of them.
    const ALL: &'static [Self];

    /// The word in a member's values.
    fn as_str(self) -> &'static str;

    /// The word for a federation's, folded and with single spaces.
    fn known(folded: &str) -> Option<Self>;

    /// The word that a value holds.
    #[must_use]
    fn of_value(value: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|word| word.as_str() == value)
    }
}

impl Word for MemberStatus {
    const ALL: &'static [Self] = &[
        Self::Active,
        Self::Inactive,
        Self::Pending,
        Self::Suspended,
        Self::Left,
    ];

    fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Pending => "pending",
            Self::Suspended => "suspended",
            Self::Left => "left",
        }
    }

    fn known(folded: &str) -> Option<Self> {
        Some(match folded {
            "active" | "actif" | "active member" | "aktiv" | "approved" | "confirmed"
            | "current" | "current member" | "enrolled" | "member" | "paid" | "paid up"
            | "registered" | "verified" => Self::Active,
            "archived" | "dormant" | "expired" | "inactive" | "inaktiv" | "lapsed"
            | "non active" | "not active" | "not registered" | "not renewed" | "overdue"
            | "passiv" | "passive" | "unpaid" | "unregistered" => Self::Inactive,
            "applied"
            | "awaiting approval"
            | "awaiting payment"
            | "invited"
            | "pending"
            | "pending approval"
            | "pending new"
            | "pending renewal"
            | "pending verification"
            | "unverified"
            | "waiting" => Self::Pending,
            "banned" | "blocked" | "gesperrt" | "suspended" => Self::Suspended,
            "ausgetreten" | "cancelled" | "canceled" | "deceased" | "departed" | "former"
            | "former member" | "left" | "resigned" | "terminated" | "transferred"
            | "withdrawn" => Self::Left,
            _ => return None,
        })
    }
}

impl Word for MemberGender {
    const ALL: &'static [Self] = &[Self::Female, Self::Male, Self::Other, Self::Unspecified];

    fn as_str(self) -> &'static str {
        match self {
            Self::Female => "female",
            Self::Male => "male",
            Self::Other => "other",
            Self::Unspecified => "unspecified",
        }
    }

    fn known(folded: &str) -> Option<Self> {
        Some(match folded {
            "baineann" | "f" | "female" | "femme" | "frau" | "girl" | "w" | "weiblich"
            | "woman" => Self::Female,
            "boy" | "fireann" | "homme" | "m" | "male" | "man" | "mann" | "mannlich" => Self::Male,
            "d" | "divers" | "diverse" | "nb" | "non binary" | "nonbinary" | "other" | "x" => {
                Self::Other
            }
            "not given" | "not known" | "not specified" | "not stated" | "prefer not to say"
            | "rather not say" | "u" | "unbekannt" | "unknown" | "unspecified" => Self::Unspecified,
            _ => return None,
        })
    }
}

/// A template's own words, before those that are known anyway.
pub struct Words<W> {
    own: HashMap<String, W>,
}

impl<W: Word> Words<W> {
    /// Takes a template's own words.
    pub fn new<'w>(own: impl IntoIterator<Item = (&'w String, &'w W)>) -> Self {
        let own = own
            .into_iter()
            .map(|(word, meaning)| (key(word), *meaning))
            .collect();
        Self { own }
    }

    /// The word of the closed set.
    #[must_use]
    pub fn read(&self, text: &str) -> Reading<'static> {
        let key = key(text);
        match self.own.get(&key).copied().or_else(|| W::known(&key)) {
            Some(word) => Reading::Read(Cow::Borrowed(word.as_str())),
            None => Reading::Verbatim(WarningKind::UnknownWord),
        }
    }
}

/// `Non-Active`, `NON_ACTIVE` and `non active` are one word.
pub(super) fn key(text: &str) -> String {
    let folded = fold(text);
    let parts: Vec<&str> = folded
        .split(|c: char| c.is_whitespace() || matches!(c, '-' | '_' | '.'))
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(" ")
}
