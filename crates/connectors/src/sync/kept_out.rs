//! By what a record is known that the club keeps out after an undo: a digest, so that no name stays behind where the person
//! is not a member.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::match_key::MatchKey;
use crate::members::MemberValues;

/// The key of a record within a connection: of the federation's identifier, else of both names with the date of birth. None where
/// it has neither.
#[must_use]
pub fn kept_out_key(connection_id: Uuid, values: &MemberValues) -> Option<[u8; 32]> {
    let key = MatchKey::of_record(values);
    let mut hash = Sha256::new();
    hash.update(connection_id.as_bytes());
    match (&key.id, &key.names) {
        (Some(id), _) => {
            hash.update(b"id");
            hash.update(id.as_str().as_bytes());
        }
        (None, Some(names)) => {
            hash.update(b"names");
            hash.update(names.as_str().as_bytes());
            // Below every letter, so that no name runs into a date.
            hash.update([0]);
            hash.update(key.born.as_deref().unwrap_or_default().as_bytes());
        }
        (None, None) => return None,
    }
    Some(hash.finalize().into())
}
