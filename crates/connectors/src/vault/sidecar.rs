//! The small file beside the database: its id and schema version, the wrapped keys, and the slots
//! that the master key sits in. It holds no secret in clear. It is also the marker that tells *no
//! key* from *wrong key* from *damaged file*, so a sidecar that cannot be read is never taken for
//! one that does not exist.

use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::argon::{Cost, SALT_BYTES};
use super::keys::KEY_BYTES;
use super::wrap::WRAPPED_BYTES;
use crate::clock::UtcMillis;
use crate::error::{Error, Result};
use crate::view::SlotKind;

/// Format of the sidecar that this version writes, and the newest it reads.
const FORMAT: u32 = 1;
/// Larger files are not ours; a real one has some 2 KiB and grows by 200 bytes a term.
const MAX_FILE_BYTES: u64 = 1 << 20;

/// The sidecar in memory. Changing it changes nothing on disk until [`Sidecar::write`].
#[derive(Debug, Clone)]
pub struct Sidecar {
    pub(super) body: Body,
    /// Where it was read from, for messages; empty for one that was just made.
    pub(super) path: PathBuf,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Body {
    pub(super) database_id: Uuid,
    pub(super) schema_version: u32,
    /// Derived one way from the master key.
    pub(super) key_check: String,
    pub(super) file_key: String,
    pub(super) audit_key: String,
    pub(super) terms: Vec<TermEntry>,
    pub(super) slots: Vec<Slot>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TermEntry {
    pub(super) term: u32,
    pub(super) made_at: i64,
    pub(super) commitment: String,
    pub(super) key: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Slot {
    Keychain {
        account: String,
        made_at: i64,
    },
    Passphrase {
        salt: String,
        cost: Cost,
        master_key: String,
        made_at: i64,
    },
}

impl Slot {
    pub(super) fn kind(&self) -> SlotKind {
        match self {
            Self::Keychain { .. } => SlotKind::Keychain,
            Self::Passphrase { .. } => SlotKind::Passphrase,
        }
    }

    fn made_at(&self) -> UtcMillis {
        match self {
            Self::Keychain { made_at, .. } | Self::Passphrase { made_at, .. } => {
                UtcMillis(*made_at)
            }
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileForm {
    format: u32,
    /// SHA-256 of the compact JSON of `body`. It finds damage, not tampering: what must not be
    /// tampered with is sealed under the master key.
    checksum: String,
    body: Body,
}

/// Read before anything else, so that a newer format is told from a damaged file.
#[derive(Deserialize)]
struct FormatOnly {
    format: u32,
}

impl Sidecar {
    /// Reads the sidecar; `None` only where nothing of that name exists. A file that is not a
    /// whole sidecar is [`Error::Damaged`], a newer format [`Error::NewerSchema`], and one that
    /// the system does not let us read [`Error::Storage`]. The file is never changed.
    pub fn read(path: &Path) -> Result<Option<Self>> {
        let damaged = || Error::Damaged {
            path: path.to_path_buf(),
        };
        let failed = |cause| Error::io("read", path, cause);
        let file = match std::fs::File::open(path) {
            Ok(file) => file,
            Err(cause) if cause.kind() == ErrorKind::NotFound => {
                // A link that leads nowhere is not "no sidecar": its target may be on a disk that
                // is not plugged in.
                return match std::fs::symlink_metadata(path) {
                    Err(absent) if absent.kind() == ErrorKind::NotFound => Ok(None),
                    _ => Err(failed(cause)),
                };
            }
            Err(cause) => return Err(failed(cause)),
        };
        let mut bytes = Vec::new();
        file.take(MAX_FILE_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(failed)?;
        if bytes.len() as u64 > MAX_FILE_BYTES {
            return Err(damaged());
        }
        let format = serde_json::from_slice::<FormatOnly>(&bytes)
            .map_err(|_| damaged())?
            .format;
        if format > FORMAT {
            return Err(Error::NewerSchema {
                found: format,
                known: FORMAT,
            });
        }
        let form: FileForm = serde_json::from_slice(&bytes).map_err(|_| damaged())?;
        if format != FORMAT || form.checksum != checksum(&form.body)? || !form.body.is_whole() {
            return Err(damaged());
        }
        Ok(Some(Self {
            body: form.body,
            path: path.to_path_buf(),
        }))
    }

    /// Puts the sidecar in place of an older one: temporary file in the same folder (mode 0600),
    /// fsync, rename, fsync of the folder. At every moment the name is either the old or the new
    /// sidecar, whole; on an error before the renaming the old one stands.
    pub fn write(&self, path: &Path) -> Result<()> {
        let form = FileForm {
            format: FORMAT,
            checksum: checksum(&self.body)?,
            body: self.body.clone(),
        };
        let mut bytes = serde_json::to_vec_pretty(&form)
            .map_err(|cause| Error::internal("write the sidecar", cause))?;
        bytes.push(b'\n');
        super::replace::replace_file(path, &bytes).map_err(|cause| Error::io("write", path, cause))
    }

    /// Schema version of the database beside this sidecar.
    pub fn schema_version(&self) -> u32 {
        self.body.schema_version
    }

    /// Set (and written) by the store before it migrates, so that an older version refuses the
    /// file even where the migration was cut short.
    pub fn set_schema_version(&mut self, version: u32) {
        self.body.schema_version = version;
    }

    /// The data file that this sidecar belongs to.
    pub fn database_id(&self) -> Uuid {
        self.body.database_id
    }

    /// The ways in, each with the moment it was made.
    pub fn slots(&self) -> Vec<(SlotKind, UtcMillis)> {
        let slots = self.body.slots.iter();
        slots.map(|slot| (slot.kind(), slot.made_at())).collect()
    }

    /// The credential terms, each with the moment it was made, the newest last.
    pub fn terms(&self) -> Vec<(u32, UtcMillis)> {
        let terms = self.body.terms.iter();
        terms
            .map(|term| (term.term, UtcMillis(term.made_at)))
            .collect()
    }

    /// The account of the keychain entry; none where there is no such slot.
    pub fn keychain_account(&self) -> Option<&str> {
        self.body.slots.iter().find_map(|slot| match slot {
            Slot::Keychain { account, .. } => Some(account.as_str()),
            Slot::Passphrase { .. } => None,
        })
    }
}

impl Body {
    /// Rules that the types do not hold. Checked on reading, so that unlocking can rely on them.
    fn is_whole(&self) -> bool {
        let ascending = self.terms.windows(2).all(|two| two[0].term < two[1].term);
        let first_term = self.terms.first().is_some_and(|first| first.term > 0);
        let terms = self.terms.iter().all(|term| {
            has_length(&term.commitment, KEY_BYTES) && has_length(&term.key, WRAPPED_BYTES)
        });
        let of_kind = |kind| self.slots.iter().filter(|slot| slot.kind() == kind).count();
        let slots = self.slots.iter().all(|slot| match slot {
            Slot::Keychain { account, .. } => !account.is_empty(),
            Slot::Passphrase {
                salt,
                cost,
                master_key,
                ..
            } => {
                has_length(salt, SALT_BYTES)
                    && has_length(master_key, WRAPPED_BYTES)
                    && cost.is_bearable()
            }
        });
        ascending
            && first_term
            && terms
            && slots
            && !self.slots.is_empty()
            && of_kind(SlotKind::Keychain) <= 1
            && of_kind(SlotKind::Passphrase) <= 1
            && has_length(&self.key_check, KEY_BYTES)
            && has_length(&self.file_key, WRAPPED_BYTES)
            && has_length(&self.audit_key, WRAPPED_BYTES)
    }
}

fn has_length(text: &str, bytes: usize) -> bool {
    STANDARD.decode(text).is_ok_and(|raw| raw.len() == bytes)
}

fn checksum(body: &Body) -> Result<String> {
    let compact =
        serde_json::to_vec(body).map_err(|cause| Error::internal("write the sidecar", cause))?;
    Ok(STANDARD.encode(Sha256::digest(compact)))
}
