//! A key from a passphrase: Argon2id (RFC 9106) over the NFKC form of the text, so that the same
//! letters typed on another keyboard give the same key.

use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::keys::{KEY_BYTES, KeyBytes, empty_key};
use crate::error::{Error, Result};
use crate::secret::SecretText;

/// Length of a salt in bytes.
pub(super) const SALT_BYTES: usize = 16;
/// Fewest characters of a passphrase, counted after NFKC.
pub const MIN_PASSPHRASE_CHARS: usize = 12;

/// Cost of the derivation, stored beside the salt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Cost {
    /// 64 MiB, 3 passes, 4 lanes: RFC 9106 §4, second recommended option. On the two-core
    /// machine that the product is built on it takes 0.13 s optimised, which is below the
    /// 0.25 s that security bar 12 asks of the slower reference machine; the parameters are
    /// stored, so that they can be raised without touching old files.
    pub const STANDARD: Self = Self {
        memory_kib: 64 * 1024,
        passes: 3,
        lanes: 4,
    };

    /// Whether this cost may be paid at all. A sidecar from elsewhere must not be able to ask
    /// for more than 512 MiB, or for minutes.
    pub(super) fn is_bearable(self) -> bool {
        (1..=16).contains(&self.lanes)
            && (1..=10).contains(&self.passes)
            && self.memory_kib >= 8 * self.lanes
            && self.memory_kib <= 512 * 1024
    }
}

fn normalise(passphrase: &SecretText) -> Zeroizing<String> {
    // EXPOSE: the letters are needed to count and to derive. NFKC can at most grow a text
    // eighteenfold (U+FDFA); reserving that keeps copies from being left behind by growth.
    let text = passphrase.expose();
    let mut normal = Zeroizing::new(String::with_capacity(text.len().saturating_mul(18)));
    normal.extend(text.nfkc());
    normal
}

/// Characters after NFKC.
pub(super) fn char_count(passphrase: &SecretText) -> usize {
    normalise(passphrase).chars().count()
}

/// The key that wraps the master key.
pub(super) fn derive(
    passphrase: &SecretText,
    salt: &[u8; SALT_BYTES],
    cost: Cost,
) -> Result<KeyBytes> {
    let failed = |what: &str| Error::internal("derive a key from the passphrase", what.to_owned());
    if !cost.is_bearable() {
        return Err(failed("cost out of bounds"));
    }
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(KEY_BYTES))
        .map_err(|_| failed("parameters"))?;
    let mut key = empty_key();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(normalise(passphrase).as_bytes(), salt, &mut key[..])
        .map_err(|_| failed("not enough memory"))?;
    Ok(key)
}
