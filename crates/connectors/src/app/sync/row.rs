//! A row of a plan besides the values before and after: why, field by field; and its digest, for the plan's hash.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::members::{MemberField, MemberValues, Problem, Warning};
use crate::store::Reader;
use crate::store::plan_row::{PlanKind, PlanRecord};
use crate::sync::hash::{PlanHasher, RowDigest};

/// Rows that are read together.
const ROWS: u32 = 1_000;

/// What a row says besides the values before and after: field by field, and what is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(in crate::app) struct RowDetail {
    /// The fields about which there is something to say; of a new member none, its values say it all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::app) fields: Vec<FieldDetail>,
    /// The word of how sure it is who it is, where that is not certain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::app) confidence: Option<String>,
    /// What became of the member: the decision's own word.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(in crate::app) outcome: String,
    /// Why it cannot be taken over: what is wrong with the record itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::app) problem: Option<Problem>,
    /// Why it cannot be taken over: it cannot be told who it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::app) unmatched: Option<String>,
    /// The members among whom a person can choose.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::app) proposed: Vec<Proposed>,
    /// What to know about single values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::app) warnings: Vec<Warning>,
}

/// A member that a record may be of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::app) struct Proposed {
    pub(in crate::app) member: Uuid,
    /// Another record of the list is this member's already.
    pub(in crate::app) matched: bool,
}

/// One field of a row.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::app) struct FieldDetail {
    pub(in crate::app) field: MemberField,
    /// The reason's word.
    pub(in crate::app) reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::app) base: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::app) club: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::app) federation: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::app) becomes: Option<String>,
}

impl std::fmt::Debug for FieldDetail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FieldDetail")
            .field("field", &self.field)
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}

pub(in crate::app) fn detail_of(row: &PlanRecord) -> Result<RowDetail> {
    serde_json::from_str(&row.detail)
        .map_err(|source| Error::internal("read a row of a plan", source))
}

/// What a row says, as one number: of what would be done, not of when, nor of identifiers made for it.
fn digest(row: &PlanRecord) -> [u8; 32] {
    fn part(hash: &mut Sha256, text: &[u8]) {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    }
    fn values(hash: &mut Sha256, values: Option<&MemberValues>) {
        let Some(values) = values else {
            return part(hash, b"");
        };
        for (field, value) in values.iter() {
            part(hash, field.as_str().as_bytes());
            part(hash, value.as_bytes());
        }
        part(hash, b"end");
    }
    let mut hash = Sha256::new();
    part(&mut hash, &[row.kind as u8, u8::from(row.acts)]);
    if let (Some(id), Some(version)) = (row.member_id, row.member_version) {
        part(&mut hash, id.as_bytes());
        part(&mut hash, &version.to_le_bytes());
    }
    part(&mut hash, &[u8::from(row.left_at.is_some())]);
    values(&mut hash, row.remote.as_ref());
    values(&mut hash, row.after.as_ref());
    values(&mut hash, row.after_base.as_ref());
    part(&mut hash, row.detail.as_bytes());
    hash.finalize().into()
}

/// The hash of a stored plan: the same for the same rows, in whatever order their records came.
pub(super) fn plan_hash(tx: &Reader<'_>, run_id: Uuid) -> Result<String> {
    const KINDS: [PlanKind; 6] = [
        PlanKind::Create,
        PlanKind::Update,
        PlanKind::Unchanged,
        PlanKind::Conflict,
        PlanKind::Leaver,
        PlanKind::Problem,
    ];
    let order = |source| Error::internal("put the rows of a plan in order", source);
    let mut hasher = PlanHasher::default();
    for (place, kind) in KINDS.into_iter().enumerate() {
        let mut same: Vec<[u8; 32]> = Vec::new();
        let mut name: Option<String> = None;
        let mut from: Option<(String, i64)> = None;
        let key = |name: &str| {
            let mut key = vec![u8::try_from(place).unwrap_or(u8::MAX)];
            key.extend(name.as_bytes());
            key
        };
        loop {
            let after = from.as_ref().map(|(name, number)| (name.as_str(), *number));
            let page = tx.plan_page_keyed(run_id, kind, after, ROWS)?;
            let is_last = page.is_empty();
            for (row_name, row) in page {
                if name.as_ref() != Some(&row_name) {
                    same.sort_unstable();
                    for digest in same.drain(..) {
                        hasher
                            .push(&key(name.as_deref().unwrap_or_default()), RowDigest(digest))
                            .map_err(order)?;
                    }
                    name = Some(row_name.clone());
                }
                same.push(digest(&row));
                from = Some((row_name, row.number));
            }
            if is_last {
                break;
            }
        }
        same.sort_unstable();
        for digest in same {
            hasher
                .push(&key(name.as_deref().unwrap_or_default()), RowDigest(digest))
                .map_err(order)?;
        }
    }
    Ok(hasher.finish().to_string())
}
