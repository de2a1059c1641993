//! The hash of a plan: SHA-256 over its rows in their canonical order, by key and then by digest. Two plans with the
//! same rows have the same hash, in whatever order their records arrived; a plan that differs in one value does not.

use std::fmt;

use sha2::{Digest, Sha256};

use super::outcome::Decision;

/// A row came before one that should stand before it, or after one that should stand after it: a plan hashed in this
/// order would not be comparable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a row of the plan stands out of order")]
pub struct RowOrderError;

/// What a row of the plan says, as one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowDigest(pub [u8; 32]);

impl RowDigest {
    /// Of a decision about the member or record with this key. Identifiers that are made afresh for each plan do not
    /// belong into the key.
    #[must_use]
    pub fn of_decision(key: &[u8], decision: &Decision<'_>) -> Self {
        let mut text = Text::new(b"decision", key);
        text.part(decision.kind.as_str());
        text.part(decision.standing.as_str());
        text.part(if decision.adopted { "adopted" } else { "" });
        text.number(decision.fields.len());
        for outcome in &decision.fields {
            text.part(outcome.field.as_str());
            text.part(outcome.reason.as_str());
            text.value(outcome.base);
            text.value(outcome.club);
            text.value(outcome.federation);
            text.value(outcome.becomes);
            text.value(outcome.base_becomes);
        }
        text.finish()
    }

    /// Of a problem with the record of this key, by its word.
    #[must_use]
    pub fn of_problem(key: &[u8], word: &str) -> Self {
        let mut text = Text::new(b"problem", key);
        text.part(word);
        text.finish()
    }
}

/// The hash of a whole plan; prints as 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PlanHash(pub [u8; 32]);

impl fmt::Display for PlanHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Takes the rows one by one, so that memory does not grow with the plan.
pub struct PlanHasher {
    hash: Sha256,
    last: Option<(Box<[u8]>, RowDigest)>,
    rows: u64,
}

impl Default for PlanHasher {
    fn default() -> Self {
        let mut hash = Sha256::new();
        hash.update(b"plan 1");
        Self {
            hash,
            last: None,
            rows: 0,
        }
    }
}

impl PlanHasher {
    /// Takes a row. Rows come by key, those of one key by digest.
    ///
    /// # Errors
    /// The row stands out of order. It is not taken.
    pub fn push(&mut self, key: &[u8], digest: RowDigest) -> Result<(), RowOrderError> {
        let before = self.last.as_ref();
        if before.is_some_and(|(last, of)| (&**last, *of) > (key, digest)) {
            return Err(RowOrderError);
        }
        self.hash.update(digest.0);
        self.last = Some((key.into(), digest));
        self.rows += 1;
        Ok(())
    }

    /// The hash of the rows taken.
    #[must_use]
    pub fn finish(mut self) -> PlanHash {
        self.hash.update(self.rows.to_le_bytes());
        PlanHash(self.hash.finalize().into())
    }
}

/// Parts with their lengths, so that no two rows are one text.
struct Text(Sha256);

impl Text {
    fn new(label: &[u8], key: &[u8]) -> Self {
        let mut text = Self(Sha256::new());
        text.bytes(label);
        text.bytes(key);
        text
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len());
        self.0.update(bytes);
    }

    fn number(&mut self, number: usize) {
        self.0.update((number as u64).to_le_bytes());
    }

    fn part(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    fn value(&mut self, value: Option<&str>) {
        self.0.update([u8::from(value.is_some())]);
        self.part(value.unwrap_or_default());
    }

    fn finish(self) -> RowDigest {
        RowDigest(self.0.finalize().into())
    }
}
