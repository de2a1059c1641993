//! By what a person is told from others within a club: identifiers, and names with the date of birth; of both what the federation
//! gave and what the club has. For erasing somebody, and for knowing them again without keeping who they are.

use uuid::Uuid;

use super::match_key::MatchKey;
use crate::error::Result;
use crate::members::MemberValues;
use crate::vault::mark::{Mark, MarkKey};

/// A club at a connector, whether it is connected now or was once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClubAt {
    /// The connector.
    pub connector_id: Uuid,
    /// The club.
    pub organisation_id: Uuid,
}

/// Both names as they are compared, and the date of birth where it is known.
#[derive(Clone, PartialEq, Eq)]
pub struct NamesAndBirth {
    /// The names.
    pub names: String,
    /// The date of birth.
    pub born: Option<String>,
}

/// All by which one person is known.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct PersonKeys {
    /// Identifiers; most have one.
    pub ids: Vec<String>,
    /// Names with the birth; two where the club has mended them.
    pub names: Vec<NamesAndBirth>,
}

impl PersonKeys {
    /// Of a member.
    #[must_use]
    pub fn of(base: Option<&MemberValues>, current: &MemberValues) -> Self {
        let mut person = Self::default();
        for values in base.into_iter().chain([current]) {
            person.add(&MatchKey::of_record(values));
        }
        person
    }

    fn add(&mut self, key: &MatchKey) {
        if let Some(id) = key.id.as_ref().map(|id| id.as_str().to_owned())
            && !self.ids.contains(&id)
        {
            self.ids.push(id);
        }
        if let Some(names) = &key.names {
            let names = NamesAndBirth {
                names: names.as_str().to_owned(),
                born: key.born.as_deref().map(str::to_owned),
            };
            if !self.names.contains(&names) {
                self.names.push(names);
            }
        }
    }

    /// Takes in by what the same person is known otherwise.
    pub fn join(&mut self, other: &Self) {
        for id in &other.ids {
            if !self.ids.contains(id) {
                self.ids.push(id.clone());
            }
        }
        for names in &other.names {
            if !self.names.contains(names) {
                self.names.push(names.clone());
            }
        }
    }

    /// Whether names and a known date of birth are the same, whatever the identifiers say.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let mut known = self.names.iter().filter(|names| names.born.is_some());
        known.any(|names| other.names.contains(names))
    }

    /// Whether these are values of the same person: one identifier in common; where one side has none, the same names and birth.
    #[must_use]
    pub fn is_of(&self, other: &Self) -> bool {
        if self.ids.iter().any(|id| other.ids.contains(id)) {
            return true;
        }
        (self.ids.is_empty() || other.ids.is_empty())
            && self.names.iter().any(|names| other.names.contains(names))
    }

    /// The marks by which the person is kept out. Of somebody with an identifier the names count only with a birth date: a
    /// namesake of whom the file says nothing else is not turned away.
    ///
    /// # Errors
    /// As [`MarkKey::mark`].
    pub fn marks(&self, key: &MarkKey, club: ClubAt) -> Result<Vec<Mark>> {
        let mut marks = Vec::new();
        for id in &self.ids {
            marks.push(mark(key, club, b"id", id, None)?);
        }
        for one in &self.names {
            if self.ids.is_empty() || one.born.is_some() {
                marks.push(mark(key, club, b"names", &one.names, one.born.as_deref())?);
            }
        }
        Ok(marks)
    }
}

impl std::fmt::Debug for PersonKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PersonKeys")
            .field("ids", &self.ids.len())
            .field("names", &self.names.len())
            .finish()
    }
}

/// The one mark by which a record is looked up: of its identifier, else of both names with the birth. None where it has neither.
///
/// # Errors
/// As [`MarkKey::mark`].
pub fn mark_of_record(key: &MarkKey, club: ClubAt, values: &MemberValues) -> Result<Option<Mark>> {
    let record = MatchKey::of_record(values);
    match (&record.id, &record.names) {
        (Some(id), _) => mark(key, club, b"id", id.as_str(), None).map(Some),
        (None, Some(names)) => {
            mark(key, club, b"names", names.as_str(), record.born.as_deref()).map(Some)
        }
        (None, None) => Ok(None),
    }
}

fn mark(key: &MarkKey, club: ClubAt, kind: &[u8], what: &str, born: Option<&str>) -> Result<Mark> {
    key.mark(&[
        club.connector_id.as_bytes(),
        club.organisation_id.as_bytes(),
        kind,
        what.as_bytes(),
        born.unwrap_or_default().as_bytes(),
    ])
}
