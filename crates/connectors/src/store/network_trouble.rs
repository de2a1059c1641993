//! Table `network_trouble`: that this computer had no network when it was looked at last. One row or none.

use rusqlite::{OptionalExtension, named_params};

use super::sqlite_error::SqliteResult;
use super::{Reader, Writer};
use crate::clock::UtcMillis;
use crate::error::Result;

/// This computer's own trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TroubleRecord {
    /// Since when.
    pub since: UtcMillis,
    /// Something answered in place of the federations.
    pub captive: bool,
    /// How often it was looked at since then, from 1.
    pub looks: u32,
    /// Nothing is asked by itself before then.
    pub again_at: UtcMillis,
}

impl Reader<'_> {
    /// What is wrong with this computer's network, if anything was when it was looked at last.
    pub fn network_trouble(&self) -> Result<Option<TroubleRecord>> {
        self.connection
            .prepare_cached(
                "SELECT since, captive, looks, again_at FROM network_trouble WHERE id = 1",
            )
            .and_then(|mut statement| {
                statement
                    .query_row([], |row| {
                        Ok(TroubleRecord {
                            since: UtcMillis(row.get(0)?),
                            captive: row.get(1)?,
                            looks: row.get(2)?,
                            again_at: UtcMillis(row.get(3)?),
                        })
                    })
                    .optional()
            })
            .explain("read", self.path)
    }
}

impl Writer<'_> {
    /// Notes that there is trouble, or that it is over.
    pub fn put_network_trouble(&self, trouble: Option<&TroubleRecord>) -> Result<()> {
        let Some(trouble) = trouble else {
            self.connection
                .prepare_cached("DELETE FROM network_trouble WHERE id = 1")
                .and_then(|mut statement| statement.execute([]))
                .explain("write", self.path)?;
            return Ok(());
        };
        self.connection
            .prepare_cached(
                "INSERT INTO network_trouble (id, since, captive, looks, again_at)
                 VALUES (1, :since, :captive, :looks, :again_at)
                 ON CONFLICT (id) DO UPDATE SET since = excluded.since,
                     captive = excluded.captive, looks = excluded.looks,
                     again_at = excluded.again_at",
            )
            .and_then(|mut statement| {
                statement.execute(named_params! {
                    ":since": trouble.since.0,
                    ":captive": trouble.captive,
                    ":looks": trouble.looks,
                    ":again_at": trouble.again_at.0,
                })
            })
            .explain("write", self.path)?;
        Ok(())
    }
}
