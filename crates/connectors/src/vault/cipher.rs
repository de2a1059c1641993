//! The sealed form of one credential, bound to the place it is stored at:
//! `base64("FC" | version 1 | algorithm 1 | key term u32 BE | nonce 12 | ciphertext | tag 16)`.
//! The additional data are label, version, algorithm, term, database id, table, column,
//! connector id and field, each preceded by its length (u32 BE). Which key a term has is the
//! caller's matter.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::aead::{self, NONCE_BYTES, TAG_BYTES};
use super::keys::TermKey;
use crate::random::{Random, RandomError};

const MAGIC: &[u8; 2] = b"FC";
const VERSION: u8 = 1;
/// AES-256-GCM, 96-bit nonce, 128-bit tag.
const ALGORITHM: u8 = 1;
const LABEL: &[u8] = b"federation-connectors/credential";
const HEADER_BYTES: usize = 8;
/// Largest plaintext in bytes: a key file is a few KiB, anything near this is a mistake.
pub const MAX_PLAINTEXT_BYTES: usize = 1 << 20;

/// Where a sealed value is stored. Opened anywhere else it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// The data file.
    pub database_id: Uuid,
    /// Table name.
    pub table: &'a str,
    /// Column name.
    pub column: &'a str,
    /// The connector that the value belongs to.
    pub connector_id: Uuid,
    /// Which of its values, e.g. `api_key`.
    pub field: &'a str,
}

/// A sealed value as it is stored. Its text is ciphertext, and is still not printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(String);

impl Sealed {
    /// The text to store.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A text from the store; checked when it is opened.
    #[must_use]
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The key term in the header; none where this is not a sealed value.
    pub fn term(&self) -> Option<u32> {
        parse(&self.0).map(|parsed| parsed.term)
    }
}

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[sealed]")
    }
}

/// Why nothing was sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// No nonce, so nothing was encrypted.
    #[error("sealing a credential")]
    NoRandom(#[from] RandomError),
    /// Longer than [`MAX_PLAINTEXT_BYTES`].
    #[error("the value to seal is too long")]
    TooLong,
}

/// Why a sealed value was not opened. None of them says anything about its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Not of the sealed form.
    #[error("the stored value is not a sealed value")]
    Malformed,
    /// Sealed under a term that this sidecar does not have.
    #[error("the stored value was sealed under the unknown key term {0}")]
    UnknownTerm(u32),
    /// The key we hold for its term is not the key that the term was made with.
    #[error("the key of this term is not the one that the value was sealed with")]
    WrongKey,
    /// The key is right; the value was changed, or belongs to another place.
    #[error("the stored value is damaged or belongs elsewhere")]
    Damaged,
}

struct Parsed {
    term: u32,
    nonce: [u8; NONCE_BYTES],
    body: Vec<u8>,
}

fn parse(text: &str) -> Option<Parsed> {
    // The standard engine refuses line breaks, missing padding and stray trailing bits, so that
    // one value has one text.
    let raw = STANDARD.decode(text).ok()?;
    let (header, rest) = raw.split_first_chunk::<HEADER_BYTES>()?;
    let (nonce, body) = rest.split_first_chunk::<NONCE_BYTES>()?;
    let [m0, m1, version, algorithm, term @ ..] = *header;
    let known = [m0, m1] == *MAGIC && version == VERSION && algorithm == ALGORITHM;
    (known && body.len() >= TAG_BYTES).then(|| Parsed {
        term: u32::from_be_bytes(term),
        nonce: *nonce,
        body: body.to_vec(),
    })
}

fn additional_data(place: &Place<'_>, term: u32) -> Option<Vec<u8>> {
    aead::length_prefixed(&[
        LABEL,
        &[VERSION],
        &[ALGORITHM],
        &term.to_be_bytes(),
        place.database_id.as_bytes(),
        place.table.as_bytes(),
        place.column.as_bytes(),
        place.connector_id.as_bytes(),
        place.field.as_bytes(),
    ])
}

/// Seals under one term with a fresh random nonce.
pub(super) fn seal(
    key: &TermKey,
    term: u32,
    place: &Place<'_>,
    plaintext: &[u8],
    random: &dyn Random,
) -> Result<Sealed, SealError> {
    if plaintext.len() > MAX_PLAINTEXT_BYTES {
        return Err(SealError::TooLong);
    }
    let mut nonce = [0; NONCE_BYTES];
    random.fill(&mut nonce)?;
    let additional = additional_data(place, term).ok_or(SealError::TooLong)?;
    // EXPOSE: the cipher needs the key.
    let body =
        aead::encrypt(key.expose(), &nonce, &additional, plaintext).ok_or(SealError::TooLong)?;
    let mut raw = Vec::with_capacity(HEADER_BYTES + NONCE_BYTES + body.len());
    raw.extend_from_slice(MAGIC);
    raw.extend_from_slice(&[VERSION, ALGORITHM]);
    raw.extend_from_slice(&term.to_be_bytes());
    raw.extend_from_slice(&nonce);
    raw.extend_from_slice(&body);
    Ok(Sealed(STANDARD.encode(raw)))
}

/// Opens with the key that `key_of` gives for the term in the header.
pub(super) fn open<'k>(
    place: &Place<'_>,
    sealed: &Sealed,
    key_of: impl FnOnce(u32) -> Result<&'k TermKey, OpenError>,
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let parsed = parse(&sealed.0).ok_or(OpenError::Malformed)?;
    let key = key_of(parsed.term)?;
    let additional = additional_data(place, parsed.term).ok_or(OpenError::Malformed)?;
    // EXPOSE: the cipher needs the key.
    aead::decrypt(key.expose(), &parsed.nonce, &additional, &parsed.body)
        .map_err(|aead::Forged| OpenError::Damaged)
}
