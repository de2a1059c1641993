//! By what a record is known that the club keeps out after an undo: a digest, so that no name stays behind where the person
//! is not a member.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::erased::PersonKeys;
use super::match_key::MatchKey;
use crate::members::MemberValues;

/// The key of a record within a connection: of the federation's identifier, else of both names with the date of birth. None where
/// it has neither.
#[must_use]
pub fn kept_out_key(connection_id: Uuid, values: &MemberValues) -> Option<[u8; 32]> {
    let key = MatchKey::of_record(values);
    match (&key.id, &key.names) {
        (Some(id), _) => Some(of_id(connection_id, id.as_str())),
        (None, Some(names)) => Some(of_names(connection_id, names.as_str(), key.born.as_deref())),
        (None, None) => None,
    }
}

/// Every key under which a person can have been kept out of a connection.
#[must_use]
pub fn kept_out_keys(connection_id: Uuid, person: &PersonKeys) -> Vec<[u8; 32]> {
    let ids = person.ids.iter().map(|id| of_id(connection_id, id));
    let names = person.names.iter();
    ids.chain(names.map(|one| of_names(connection_id, &one.names, one.born.as_deref())))
        .collect()
}

fn of_id(connection_id: Uuid, id: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(connection_id.as_bytes());
    hash.update(b"id");
    hash.update(id.as_bytes());
    hash.finalize().into()
}

fn of_names(connection_id: Uuid, names: &str, born: Option<&str>) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(connection_id.as_bytes());
    hash.update(b"names");
    hash.update(names.as_bytes());
    // Below every letter, so that no name runs into a date.
    hash.update([0]);
    hash.update(born.unwrap_or_default().as_bytes());
    hash.finalize().into()
}
