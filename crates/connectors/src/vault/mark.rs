//! Marks of people who were erased: an HMAC, so that a list of them tells nobody's identifier, not even to somebody who tries all
//! that there are, unless she also has the key. A plain hash of an identifier of seven digits could be tried out in a second.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::aead::length_prefixed;
use super::keys::KeyBytes;
use crate::error::{Error, Result};

/// The key of the marks.
pub struct MarkKey(KeyBytes);

/// A mark.
pub type Mark = [u8; 32];

impl MarkKey {
    pub(super) fn new(bytes: KeyBytes) -> Self {
        Self(bytes)
    }

    /// HMAC-SHA-256 (RFC 2104) over the parts, each after its length, so that no two lists of parts are one text.
    ///
    /// # Errors
    /// [`crate::error::Code::Internal`] for a part of 4 GiB.
    pub fn mark(&self, parts: &[&[u8]]) -> Result<Mark> {
        let failed = || Error::Internal {
            doing: "mark somebody who was erased",
            source: None,
        };
        let text = length_prefixed(parts).ok_or_else(failed)?;
        // EXPOSE: the mark is derived one way from the key.
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0[..]).map_err(|_| failed())?;
        mac.update(&text);
        Ok(mac.finalize().into_bytes().into())
    }
}

impl std::fmt::Debug for MarkKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[redacted]")
    }
}
