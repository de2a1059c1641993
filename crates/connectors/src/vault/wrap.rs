//! Wrapping one key under another: `base64(nonce 12 | ciphertext 32 | tag 16)`, AES-256-GCM,
//! bound to the database, the purpose and the term.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;

use super::aead::{self, NONCE_BYTES, TAG_BYTES};
use super::keys::{KEY_BYTES, KeyBytes, empty_key};
use crate::error::{Error, Result};
use crate::random::Random;

const LABEL: &[u8] = b"federation-connectors/wrapped-key";
/// Length of a wrapped key in bytes, before base64.
pub(super) const WRAPPED_BYTES: usize = NONCE_BYTES + KEY_BYTES + TAG_BYTES;

/// What a wrapped key is for. The words are part of the file format and never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The key of the encrypted file.
    File,
    /// The key of the audit chain.
    Audit,
    /// One credential term.
    Term(u32),
    /// The master key itself, under a key derived from the passphrase.
    MasterByPassphrase,
}

impl Purpose {
    fn additional_data(self, database_id: Uuid) -> Result<Vec<u8>> {
        let (word, term): (&[u8], u32) = match self {
            Self::File => (b"file", 0),
            Self::Audit => (b"audit", 0),
            Self::Term(number) => (b"term", number),
            Self::MasterByPassphrase => (b"master-by-passphrase", 0),
        };
        aead::length_prefixed(&[LABEL, database_id.as_bytes(), word, &term.to_be_bytes()]).ok_or(
            Error::Internal {
                doing: "wrap a key",
                source: None,
            },
        )
    }
}

/// Wraps `key` under `wrapping`.
pub(super) fn wrap(
    wrapping: &KeyBytes,
    database_id: Uuid,
    purpose: Purpose,
    key: &[u8; KEY_BYTES],
    random: &dyn Random,
) -> Result<String> {
    let mut nonce = [0; NONCE_BYTES];
    random
        .fill(&mut nonce)
        .map_err(|cause| Error::internal("wrap a key", cause))?;
    let additional = purpose.additional_data(database_id)?;
    let body = aead::encrypt(wrapping, &nonce, &additional, key).ok_or(Error::Internal {
        doing: "wrap a key",
        source: None,
    })?;
    let mut raw = nonce.to_vec();
    raw.extend_from_slice(&body);
    Ok(STANDARD.encode(raw))
}

/// Unwraps; none where the wrapping key, the database, the purpose or the text is not the right
/// one.
pub(super) fn unwrap(
    wrapping: &KeyBytes,
    database_id: Uuid,
    purpose: Purpose,
    text: &str,
) -> Option<KeyBytes> {
    let raw = STANDARD.decode(text).ok()?;
    let (nonce, body) = raw.split_first_chunk::<NONCE_BYTES>()?;
    let additional = purpose.additional_data(database_id).ok()?;
    let plain = aead::decrypt(wrapping, nonce, &additional, body).ok()?;
    if plain.len() != KEY_BYTES {
        return None;
    }
    let mut key = empty_key();
    key.copy_from_slice(&plain);
    Some(key)
}
