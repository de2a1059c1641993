//! A row of a plan besides the values before and after: why, field by field; and its digest, for the plan's hash.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::members::{MemberField, Problem, Warning};
use crate::store::Reader;
use crate::store::plan_row::{PlanRecord, PlanText};
use crate::sync::plan_sum::PlanSum;

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
fn digest(row: &PlanText<'_>) -> [u8; 32] {
    fn part(hash: &mut Sha256, text: Option<&[u8]>) {
        // One more than its length: nothing is not the same as an empty text.
        let length = text.map_or(0, |text| text.len() as u64 + 1);
        hash.update(length.to_le_bytes());
        hash.update(text.unwrap_or_default());
    }
    let mut hash = Sha256::new();
    part(&mut hash, Some(row.kind.as_bytes()));
    hash.update([u8::from(row.acts), u8::from(row.has_left)]);
    part(&mut hash, row.member_id.filter(|_| row.version.is_some()));
    hash.update(row.version.unwrap_or_default().to_le_bytes());
    for text in [row.remote, row.after, row.after_base, Some(row.detail)] {
        part(&mut hash, text.map(str::as_bytes));
    }
    hash.finalize().into()
}

/// The hash of a stored plan: the same for the same rows, in whatever order their records came.
pub(super) fn plan_hash(tx: &Reader<'_>, run_id: Uuid) -> Result<String> {
    let mut sum = PlanSum::default();
    tx.plan_texts(run_id, |row| sum.add(digest(row)))?;
    Ok(sum.finish().to_string())
}
