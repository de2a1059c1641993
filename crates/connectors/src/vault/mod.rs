//! The master key, the keys it wraps, and the sealing of credentials. The sidecar holds the
//! wrapped keys and the slots (keychain, passphrase) that hold the master key; a [`Vault`] is the
//! unlocked state. Nothing here knows the store, and no secret leaves in clear.

#[doc(hidden)]
pub mod aead;
pub mod argon;
pub mod cipher;
pub mod keychain;
pub mod keys;
pub mod mark;
mod replace;
pub mod sidecar;
pub mod unlock;
mod wrap;

use std::sync::Arc;

use uuid::Uuid;
use zeroize::Zeroizing;

pub use cipher::{OpenError, Place, SealError, Sealed};
pub use keychain::{AbsentKeychain, Keychain, KeychainCaller, KeychainError, SystemKeychain};
pub use keys::{AuditKey, FileKey, MasterKey};
pub(crate) use replace::replace_file;
pub use sidecar::Sidecar;
pub use unlock::{
    NewSlot, add_keychain, add_passphrase, add_term, make_vault, refresh_terms, remove_slot,
    unlock_with_keychain, unlock_with_passphrase,
};

use crate::random::Random;
use keys::{KEY_BYTES, Label, TermKey, derive};

/// One key term of the credentials.
struct Term {
    number: u32,
    key: TermKey,
    /// Whether the key fits the commitment that was written when the term was made.
    committed: bool,
}

impl Term {
    fn new(number: u32, key: TermKey, database_id: Uuid, commitment: &[u8; KEY_BYTES]) -> Self {
        let committed = commitment_of(&key, database_id, number) == *commitment;
        Self {
            number,
            key,
            committed,
        }
    }
}

/// What a term's key commits to. It is public: it says nothing about the key, and no second key
/// with the same commitment can be found.
fn commitment_of(key: &TermKey, database_id: Uuid, number: u32) -> [u8; KEY_BYTES] {
    // EXPOSE: the commitment is derived one way from the key.
    let derived = derive(key.expose(), database_id, Label::TermCommitment(number));
    **derived
}

/// The unlocked vault: every key in memory until it is dropped, which wipes them.
pub struct Vault {
    database_id: Uuid,
    master: MasterKey,
    file_key: FileKey,
    /// Shared, because what is entered in the log is hashed inside of transactions, where nobody may wait for keys.
    audit_key: Arc<AuditKey>,
    /// Ascending and never empty; writers use the last one.
    terms: Vec<Term>,
}

impl Vault {
    /// The data file that this vault belongs to.
    pub fn database_id(&self) -> Uuid {
        self.database_id
    }

    /// The key of the encrypted file.
    pub fn file_key(&self) -> &FileKey {
        &self.file_key
    }

    /// The key of the audit chain.
    pub fn audit_key(&self) -> &Arc<AuditKey> {
        &self.audit_key
    }

    /// The key by which erased people are known again. It is that of the data file for as long as the file lives: backups of
    /// the same file have the same.
    pub fn mark_key(&self) -> mark::MarkKey {
        // EXPOSE: the key is derived one way, under a label of its own, from one that is never replaced.
        mark::MarkKey::new(derive(
            self.audit_key.expose(),
            self.database_id,
            Label::ErasedPeople,
        ))
    }

    /// The term that new values are sealed under.
    pub fn newest_term(&self) -> u32 {
        self.terms.last().map_or(0, |term| term.number)
    }

    /// Seals a value for one place under the newest term. Never repeats a nonce knowingly: where
    /// the generator fails nothing is sealed.
    pub fn seal(
        &self,
        place: &Place<'_>,
        plaintext: &[u8],
        random: &dyn Random,
    ) -> Result<Sealed, SealError> {
        let Some(term) = self.terms.last() else {
            // Unreachable: a sidecar without terms is refused when it is read.
            return Err(SealError::NoRandom(crate::random::RandomError));
        };
        cipher::seal(&term.key, term.number, place, plaintext, random)
    }

    /// Opens a value that was sealed for exactly this place, under whatever term.
    pub fn open(
        &self,
        place: &Place<'_>,
        sealed: &Sealed,
    ) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        cipher::open(place, sealed, |number| {
            let term = self.terms.iter().find(|term| term.number == number);
            match term {
                None => Err(OpenError::UnknownTerm(number)),
                Some(term) if !term.committed => Err(OpenError::WrongKey),
                Some(term) => Ok(&term.key),
            }
        })
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault")
            .field("database_id", &self.database_id)
            .field("keys", &"[redacted]")
            .finish_non_exhaustive()
    }
}
