//! Runs whose process ended while the list was being read: they end too, as interrupted, before anybody sees them (P07).

use uuid::Uuid;

use super::lease_name;
use crate::app::{App, lock};
use crate::error::Result;
use crate::store::Reader;

impl App {
    /// Ends the runs that nobody makes any more. How many there were.
    pub(in crate::app) async fn end_dead_runs(&self) -> Result<usize> {
        let store = self.store()?;
        let app = self.clone();
        let dead: Vec<Uuid> = store
            .read(move |tx| {
                let mut dead = Vec::new();
                for connection_id in tx.connections_fetching()? {
                    if !app.is_being_read(tx, connection_id)? && !dead.contains(&connection_id) {
                        dead.push(connection_id);
                    }
                }
                Ok(dead)
            })
            .await?;
        if dead.is_empty() {
            return Ok(0);
        }
        let owner = self.owner()?;
        let app = self.clone();
        store
            .write(move |tx| {
                let mut ended = 0;
                for connection_id in dead {
                    // Somebody may have begun a new one meanwhile; taking it is what ends the old ones.
                    if let Some(lease) = app.take_run(tx, connection_id, owner)? {
                        tx.release_lease(&lease)?;
                        ended += 1;
                    }
                }
                Ok(ended)
            })
            .await
    }

    /// Whether somebody still makes a run of a connection.
    pub(in crate::app) fn is_being_read(
        &self,
        tx: &Reader<'_>,
        connection_id: Uuid,
    ) -> Result<bool> {
        let holder = tx.lease_holder(&lease_name(connection_id))?;
        Ok(holder.is_some_and(|holder| self.makes_run(connection_id, holder)))
    }

    /// Whether a process that holds a connection's lease still makes a run of it.
    pub(super) fn makes_run(&self, connection_id: Uuid, holder: Uuid) -> bool {
        // A lease of this process from a run that could not even write its end (the file was locked) is free.
        if self.is_own(holder) {
            lock(&self.inner.syncs).contains_key(&connection_id)
        } else {
            self.is_alive(holder)
        }
    }
}
