//! Table `lease`: who may do alone what must not be done twice. A lease is free when nobody owns it
//! or its owner is gone; whether an owner lives is asked of the operating system by the caller.

use rusqlite::{OptionalExtension, named_params};
use uuid::Uuid;

use super::sqlite_error::SqliteResult;
use super::word::{blob, optional_id_at};
use super::{Reader, Writer};
use crate::clock::UtcMillis;
use crate::error::Result;

/// A lease that is held. It is worth nothing once somebody else has taken it: compare it inside the
/// transaction that commits ([`Reader::holds_lease`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// What for, e.g. `token:<connector id>`.
    pub name: String,
    /// Who holds it.
    pub owner: Uuid,
    /// Counts every taking, from 1.
    pub fence: i64,
}

impl Reader<'_> {
    /// Whether this very taking is still the newest one.
    pub fn holds_lease(&self, lease: &Lease) -> Result<bool> {
        let found = self.lease(&lease.name)?;
        Ok(found == Some((Some(lease.owner), lease.fence)))
    }

    /// Who holds a lease, dead or alive.
    pub fn lease_holder(&self, name: &str) -> Result<Option<Uuid>> {
        Ok(self.lease(name)?.and_then(|(owner, _)| owner))
    }

    fn lease(&self, name: &str) -> Result<Option<(Option<Uuid>, i64)>> {
        self.connection
            .prepare_cached("SELECT owner, fence FROM lease WHERE name = ?1")
            .and_then(|mut statement| {
                statement
                    .query_row([name], |row| Ok((optional_id_at(row, 0)?, row.get(1)?)))
                    .optional()
            })
            .explain("read", self.path)
    }
}

impl Writer<'_> {
    /// Takes a lease if nobody holds it, or if `is_alive` says that its owner is gone. None where a
    /// living owner holds it (`owner` itself included: within a process a lock comes first).
    pub fn take_lease(
        &self,
        name: &str,
        owner: Uuid,
        now: UtcMillis,
        is_alive: impl FnOnce(Uuid) -> bool,
    ) -> Result<Option<Lease>> {
        let present = self.lease(name)?;
        if let Some((Some(holder), _)) = present
            && is_alive(holder)
        {
            return Ok(None);
        }
        let fence = present.map_or(0, |(_, fence)| fence) + 1;
        self.connection
            .prepare_cached(
                "INSERT INTO lease (name, owner, fence, taken_at)
                 VALUES (:name, :owner, :fence, :now)
                 ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, fence = excluded.fence,
                     taken_at = excluded.taken_at",
            )
            .and_then(|mut statement| {
                statement.execute(named_params! {
                    ":name": name, ":owner": blob(&owner), ":fence": fence, ":now": now.0,
                })
            })
            .explain("write", self.path)?;
        Ok(Some(Lease {
            name: name.to_owned(),
            owner,
            fence,
        }))
    }

    /// Gives a lease back. One that somebody else has taken meanwhile is left alone.
    pub fn release_lease(&self, lease: &Lease) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE lease SET owner = NULL WHERE name = ?1 AND owner = ?2 AND fence = ?3",
            )
            .and_then(|mut statement| {
                statement.execute((&lease.name, blob(&lease.owner), lease.fence))
            })
            .explain("write", self.path)?;
        Ok(())
    }
}
