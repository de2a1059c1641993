//! Table `audit_entry`: the chain of what was done. Rows are only ever added, inside the transaction of the act itself, so that
//! an act that cannot be entered does not happen. Nothing here changes a row but the blanking of a member's salt.

use rusqlite::{OptionalExtension, Row, named_params};
use uuid::Uuid;

use super::sqlite_error::SqliteResult;
use super::word::{optional_blob, optional_id_at};
use super::{Reader, Writer};
use crate::audit::{Actor, Entry, Hash, Link, MemberMark, Stored};
use crate::clock::UtcMillis;
use crate::error::{Error, Result};
use crate::random::Random;
use crate::vault::AuditKey;

/// The columns that are hashed, behind the number.
pub(super) const COLUMNS: &str = "seq, at, who, area, what, connector, connection_id, run_id, member_hash, fields, words, counts";
pub(super) const HEAD: &str =
    "SELECT seq, hash FROM audit_entry WHERE seq > 0 ORDER BY seq DESC LIMIT 1";
pub(super) const AT: &str = "SELECT hash FROM audit_entry WHERE seq = ?1";
pub(super) const WITH_MEMBER: &str =
    "SELECT seq, member_hash, member_salt FROM audit_entry INDEXED BY audit_entry_with_member
    WHERE member_salt IS NOT NULL";

pub(super) fn walk_sql() -> String {
    format!("SELECT {COLUMNS}, hash FROM audit_entry ORDER BY seq")
}

impl Reader<'_> {
    /// The end of the log; [`Link::START`] where it is empty.
    pub fn audit_end(&self) -> Result<Link> {
        self.connection
            .prepare_cached(HEAD)
            .and_then(|mut statement| {
                statement
                    .query_row([], |row| {
                        Ok(Link {
                            seq: seq_at(row)?,
                            hash: row.get(1)?,
                        })
                    })
                    .optional()
            })
            .explain("read", self.path)
            .map(|end| end.unwrap_or(Link::START))
    }

    /// The hash of an entry; none where there is no such number.
    pub fn audit_hash(&self, seq: u64) -> Result<Option<Hash>> {
        let Ok(seq) = i64::try_from(seq) else {
            return Ok(None);
        };
        self.connection
            .query_row(AT, [seq], |row| row.get(0))
            .optional()
            .explain("read", self.path)
    }

    /// Every entry in its order, one after another: a log of any length takes the same memory. Ends where `each` says no.
    pub fn audit_walk(&self, mut each: impl FnMut(u64, &Stored, &Hash) -> bool) -> Result<()> {
        let mut statement = self
            .connection
            .prepare(&walk_sql())
            .explain("read", self.path)?;
        let mut rows = statement.query([]).explain("read", self.path)?;
        while let Some(row) = rows.next().explain("read", self.path)? {
            let (seq, stored) = entry_at(row).explain("read", self.path)?;
            let hash: Hash = row.get(12).explain("read", self.path)?;
            if !each(seq, &stored, &hash) {
                return Ok(());
            }
        }
        Ok(())
    }
}

impl Writer<'_> {
    /// Enters an act, in the transaction that does it. Answers its number and hash.
    ///
    /// # Errors
    /// Where it cannot be written or no salt can be made: the transaction must then fail with it.
    pub fn audit_append(
        &self,
        key: &AuditKey,
        entry: Entry,
        who: Actor,
        at: UtcMillis,
        random: &dyn Random,
    ) -> Result<Link> {
        let (stored, salt) = entry.stored(who, at, random)?;
        // The end is read inside this transaction, which no other process writes beside.
        let end = self.audit_end()?.next(key, &stored);
        let seq = i64::try_from(end.seq)
            .map_err(|source| Error::internal("number an entry of the log", source))?;
        self.connection
            .prepare_cached(
                "INSERT INTO audit_entry (seq, at, who, area, what, connector, connection_id, run_id,
                     member_hash, member_salt, fields, words, counts, hash)
                 VALUES (:seq, :at, :who, :area, :what, :connector, :connection_id, :run_id,
                     :member_hash, :member_salt, :fields, :words, :counts, :hash)",
            )
            .and_then(|mut statement| {
                statement.execute(named_params! {
                    ":seq": seq,
                    ":at": stored.at.0,
                    ":who": stored.who,
                    ":area": stored.area,
                    ":what": stored.what,
                    ":connector": stored.connector,
                    ":connection_id": optional_blob(stored.connection_id.as_ref()),
                    ":run_id": optional_blob(stored.run_id.as_ref()),
                    ":member_hash": stored.member_hash,
                    ":member_salt": salt,
                    ":fields": stored.fields,
                    ":words": stored.words,
                    ":counts": stored.counts,
                    ":hash": end.hash,
                })
            })
            .explain("write", self.path)?;
        Ok(end)
    }

    /// Makes the entries about a member nobody's, because the member is erased: their salts are destroyed. The chain
    /// stays whole. Answers how many there were. Looks through every entry about anybody, some millions a second.
    pub fn audit_forget_member(&self, member_id: Uuid) -> Result<u64> {
        let mut about = Vec::new();
        {
            let mut statement = self
                .connection
                .prepare_cached(WITH_MEMBER)
                .explain("read", self.path)?;
            let mut rows = statement.query([]).explain("read", self.path)?;
            while let Some(row) = rows.next().explain("read", self.path)? {
                let (seq, hash, salt): (i64, Hash, Vec<u8>) =
                    (|| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))()
                        .explain("read", self.path)?;
                if MemberMark::hash(member_id, &salt)? == hash {
                    about.push(seq);
                }
            }
        }
        let mut forget = self
            .connection
            .prepare_cached("UPDATE audit_entry SET member_salt = NULL WHERE seq = ?1")
            .explain("write", self.path)?;
        for seq in &about {
            forget.execute([seq]).explain("write", self.path)?;
        }
        Ok(about.len() as u64)
    }
}

fn seq_at(row: &Row<'_>) -> rusqlite::Result<u64> {
    // A number below 1 is against the table's own rule; 0 is never the next one.
    Ok(u64::try_from(row.get::<_, i64>(0)?).unwrap_or(0))
}

/// An entry out of [`COLUMNS`].
pub(super) fn entry_at(row: &Row<'_>) -> rusqlite::Result<(u64, Stored)> {
    Ok((
        seq_at(row)?,
        Stored {
            at: UtcMillis(row.get(1)?),
            who: row.get(2)?,
            area: row.get(3)?,
            what: row.get(4)?,
            connector: row.get(5)?,
            connection_id: optional_id_at(row, 6)?,
            run_id: optional_id_at(row, 7)?,
            member_hash: row.get(8)?,
            fields: row.get(9)?,
            words: row.get(10)?,
            counts: row.get(11)?,
        },
    ))
}
