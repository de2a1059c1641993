//! The 32-byte keys: made from the system's generator or unwrapped, wiped when dropped, never
//! cloned, printed or serialised. Everything derived from one of them is derived here, each use
//! under its own label.

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::random::{Random, RandomError};

/// Length of every key in bytes.
pub(crate) const KEY_BYTES: usize = 32;

/// Key bytes on the heap: a move copies the pointer, so that no copy is left behind on the stack.
pub(super) type KeyBytes = Box<Zeroizing<[u8; KEY_BYTES]>>;

/// A fresh buffer of zeroes for a key.
#[allow(
    clippy::unnecessary_box_returns,
    reason = "moving a box leaves no copy of the key on the stack"
)]
pub(super) fn empty_key() -> KeyBytes {
    Box::new(Zeroizing::new([0; KEY_BYTES]))
}

macro_rules! key_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        pub struct $name(KeyBytes);

        impl $name {
            /// New random bytes; nothing is made where the generator fails.
            pub(super) fn make(random: &dyn Random) -> Result<Self, RandomError> {
                let mut bytes = empty_key();
                random.fill(&mut bytes[..])?;
                Ok(Self(bytes))
            }

            pub(super) fn from_bytes(bytes: KeyBytes) -> Self {
                Self(bytes)
            }

            /// The bytes. State the reason at each use (`// EXPOSE: …`).
            pub(super) fn expose(&self) -> &[u8; KEY_BYTES] {
                &self.0
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("[redacted]")
            }
        }
    };
}

key_type!(
    /// The key that wraps all others. It exists in a slot and, while unlocked, in memory.
    MasterKey
);
key_type!(
    /// The key of the encrypted file.
    FileKey
);
key_type!(
    /// The key of one credential term.
    TermKey
);
key_type!(
    /// The key that the audit chain is computed with.
    AuditKey
);

impl FileKey {
    /// The value of `PRAGMA key`, as the raw key `x'<64 hex digits>'`: the cipher's own
    /// derivation from a passphrase is skipped, because this key is random already.
    pub fn sqlcipher_pragma_value(&self) -> Zeroizing<String> {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        // The full length is reserved first: growing would leave copies behind.
        let mut text = Zeroizing::new(String::with_capacity(2 * KEY_BYTES + 3));
        text.push_str("x'");
        // EXPOSE: SQLCipher takes its key as text only.
        for byte in self.expose() {
            text.push(char::from(DIGITS[usize::from(byte >> 4)]));
            text.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
        text.push('\'');
        text
    }
}

impl AuditKey {
    /// HMAC-SHA-256 (RFC 2104) of the parts behind one another. The caller sees to it that no two
    /// messages have the same bytes: a label and parts of fixed length first.
    pub(crate) fn mac(&self, parts: &[&[u8]]) -> [u8; KEY_BYTES] {
        // A key shorter than the block of the hash is filled up with zeroes (RFC 2104 §2).
        let mut block = Zeroizing::new([0_u8; 64]);
        // EXPOSE: what comes out says nothing about the key.
        block[..KEY_BYTES].copy_from_slice(self.expose());
        let mut mac = Hmac::<Sha256>::new((&*block).into());
        for part in parts {
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// A key for tests of what is computed with it.
    #[doc(hidden)]
    #[must_use]
    pub fn for_tests(bytes: [u8; KEY_BYTES]) -> Self {
        let mut key = empty_key();
        key.copy_from_slice(&bytes);
        Self(key)
    }
}

/// What a derived value is for. Labels are part of the file format and never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    /// Wraps the other keys.
    Wrap,
    /// Tells the right master key from a wrong one.
    KeyCheck,
    /// Tells the right key of a term from a wrong one.
    TermCommitment(u32),
    /// Marks people who were erased.
    ErasedPeople,
}

/// HKDF-SHA-256 (RFC 5869): the database id is the salt, the label the info.
#[allow(
    clippy::unnecessary_box_returns,
    reason = "moving a box leaves no copy of the key on the stack"
)]
pub(super) fn derive(key: &[u8; KEY_BYTES], database_id: Uuid, label: Label) -> KeyBytes {
    let mut info: Vec<u8> = match label {
        Label::Wrap => b"federation-connectors/v1/wrap".to_vec(),
        Label::KeyCheck => b"federation-connectors/v1/key-check".to_vec(),
        Label::TermCommitment(_) => b"federation-connectors/v1/term-commitment".to_vec(),
        Label::ErasedPeople => b"federation-connectors/v1/erased-people".to_vec(),
    };
    if let Label::TermCommitment(term) = label {
        info.extend_from_slice(&term.to_be_bytes());
    }
    let mut derived = empty_key();
    // HKDF refuses only outputs over 255 hashes (8,160 bytes); 32 always fit.
    let expanded =
        Hkdf::<Sha256>::new(Some(database_id.as_bytes()), key).expand(&info, &mut derived[..]);
    debug_assert!(expanded.is_ok(), "32 bytes are within HKDF's limit");
    derived
}
