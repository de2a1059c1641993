//! The end of the log as it is kept outside of the data file, so that what is cut off there is seen. Authenticated under the
//! key of the log: without it nobody can make one that names another end.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::chain::{Hash, Link};
use super::words::word_of;
use crate::clock::UtcMillis;
use crate::vault::AuditKey;

const LABEL: &[u8] = b"federation-connectors/v1/audit-anchor";
const FORMAT: u32 = 1;

/// Why an anchor was moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnchorReason {
    /// The log has grown.
    Grown,
    /// A backup was restored: the log may be shorter than it was.
    Restored,
}

/// The end of the log of one database at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// Of which database.
    pub database_id: Uuid,
    /// The end.
    pub end: Link,
    /// When it was written.
    pub at: UtcMillis,
    /// Why.
    pub reason: AnchorReason,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileForm {
    format: u32,
    database_id: Uuid,
    seq: u64,
    hash: String,
    at: i64,
    reason: AnchorReason,
    mac: String,
}

impl Anchor {
    fn mac(&self, key: &AuditKey) -> Hash {
        key.mac(&[
            LABEL,
            self.database_id.as_bytes(),
            &self.end.seq.to_be_bytes(),
            &self.end.hash,
            &self.at.0.to_be_bytes(),
            word_of(&self.reason).as_bytes(),
        ])
    }

    /// The small file.
    #[must_use]
    pub fn to_file(&self, key: &AuditKey) -> Vec<u8> {
        let form = FileForm {
            format: FORMAT,
            database_id: self.database_id,
            seq: self.end.seq,
            hash: STANDARD.encode(self.end.hash),
            at: self.at.0,
            reason: self.reason,
            mac: STANDARD.encode(self.mac(key)),
        };
        // Numbers and texts always have a JSON form.
        serde_json::to_vec_pretty(&form).unwrap_or_default()
    }

    /// Reads the small file; none where it is not one that this key has made.
    #[must_use]
    pub fn from_file(bytes: &[u8], key: &AuditKey) -> Option<Self> {
        let form: FileForm = serde_json::from_slice(bytes).ok()?;
        let hash = STANDARD.decode(&form.hash).ok()?;
        let anchor = Self {
            database_id: form.database_id,
            end: Link {
                seq: form.seq,
                hash: hash.try_into().ok()?,
            },
            at: UtcMillis(form.at),
            reason: form.reason,
        };
        let made_here = form.format == FORMAT && STANDARD.encode(anchor.mac(key)) == form.mac;
        made_here.then_some(anchor)
    }
}
