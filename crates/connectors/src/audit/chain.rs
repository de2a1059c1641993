//! How entries hang together, and the check that says where they do not. One entry at a time: a log of any length is checked
//! in the same memory.

use super::anchor::Anchor;
use super::entry::Stored;
use crate::vault::AuditKey;

/// Hash of an entry.
pub type Hash = [u8; 32];

/// What stands before the first entry. The key belongs to one database, so that no other log has the same beginning.
pub const GENESIS: Hash = [0; 32];

const LABEL: &[u8] = b"federation-connectors/v1/audit-entry";

/// The end of a log: the number of its newest entry and its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// Number, from 1; 0 before the first.
    pub seq: u64,
    /// Hash; [`GENESIS`] before the first.
    pub hash: Hash,
}

impl Link {
    /// Before the first entry.
    pub const START: Self = Self {
        seq: 0,
        hash: GENESIS,
    };

    /// What follows with that entry: `HMAC(key, label ‖ hash before ‖ number ‖ entry)`. The first three have fixed lengths.
    #[must_use]
    pub fn next(&self, key: &AuditKey, entry: &Stored) -> Self {
        let seq = self.seq.saturating_add(1);
        let hash = key.mac(&[LABEL, &self.hash, &seq.to_be_bytes(), &entry.canonical()]);
        Self { seq, hash }
    }
}

/// What is wrong with a log, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Break {
    /// The log has no entry, and every log has a first one.
    Empty,
    /// Entries are missing: the number that should follow, and the one that does.
    Gap {
        /// The first that is missing.
        expected: u64,
        /// What stands in its place.
        found: u64,
    },
    /// The entry is not what was entered under this number after the one before it.
    Changed {
        /// Its number.
        seq: u64,
    },
    /// The log ends before what the anchor has seen: entries were cut off at the end.
    CutOff {
        /// The last one that is there.
        last: u64,
        /// The one that the anchor has seen.
        anchored: u64,
    },
    /// The log is whole by itself and is another one than the anchor has seen.
    Replaced {
        /// The entry that the anchor has seen otherwise.
        anchored: u64,
    },
}

/// A check under way.
pub struct Chain<'a> {
    key: &'a AuditKey,
    anchor: Option<&'a Anchor>,
    end: Link,
    replaced: bool,
}

impl<'a> Chain<'a> {
    /// Before the first entry.
    #[must_use]
    pub fn new(key: &'a AuditKey, anchor: Option<&'a Anchor>) -> Self {
        Self {
            key,
            anchor,
            end: Link::START,
            replaced: false,
        }
    }

    /// Looks at the next entry.
    ///
    /// # Errors
    /// What is wrong with it. Nothing is to be said about those behind it: they hang on it.
    pub fn take(&mut self, seq: u64, entry: &Stored, hash: &Hash) -> Result<(), Break> {
        let next = self.end.next(self.key, entry);
        if seq != next.seq {
            return Err(Break::Gap {
                expected: next.seq,
                found: seq,
            });
        }
        // Nobody times a check of a log that lies on the same disk.
        if *hash != next.hash {
            return Err(Break::Changed { seq });
        }
        if let Some(anchor) = self.anchor
            && anchor.end.seq == seq
            && anchor.end.hash != next.hash
        {
            self.replaced = true;
        }
        self.end = next;
        Ok(())
    }

    /// The last entry that was found good.
    #[must_use]
    pub fn end(&self) -> Link {
        self.end
    }

    /// Ends a log whose entries were all good.
    ///
    /// # Errors
    /// What the anchor tells about its end.
    pub fn finish(self) -> Result<Link, Break> {
        if let Some(anchor) = self.anchor {
            let anchored = anchor.end.seq;
            if self.end.seq < anchored {
                return Err(Break::CutOff {
                    last: self.end.seq,
                    anchored,
                });
            }
            if self.replaced {
                return Err(Break::Replaced { anchored });
            }
        }
        if self.end.seq == 0 {
            return Err(Break::Empty);
        }
        Ok(self.end)
    }
}
