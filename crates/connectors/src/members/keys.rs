//! By what members are found, joined and sorted: keys made of their values, kept as columns.

use super::words::search_key;
use super::{MemberField, MemberValues};
use crate::sync::match_key::MatchKey;
use crate::text::fold;

/// Between the parts of a key: below every letter, so that a short name stands before its longer neighbours.
const BETWEEN: char = '\u{1f}';

/// The keys of one member.
#[derive(Clone, PartialEq, Eq)]
pub struct MemberKeys {
    /// The federation's identifier.
    pub external_id: Option<String>,
    /// Both names as they are compared; none where one is missing.
    pub names: Option<String>,
    /// Family name, then given name, for sorting.
    pub name: String,
    /// Its words, each after a blank: what a search looks at.
    pub search: String,
}

impl MemberKeys {
    /// Of these values. By identifier and names a member is found as the federation last gave them.
    #[must_use]
    pub fn of(base: Option<&MemberValues>, values: &MemberValues) -> Self {
        let found_by = MatchKey::of_member(base, values);
        let folded = |field| values.get(field).map(fold);
        let first = folded(MemberField::FirstName).unwrap_or_default();
        let last = folded(MemberField::LastName).unwrap_or_default();
        Self {
            external_id: found_by.id.map(|id| id.as_str().to_owned()),
            names: found_by.names.map(|names| names.as_str().to_owned()),
            name: format!("{last}{BETWEEN}{first}"),
            search: search_key(values),
        }
    }
}
