//! This process as the holder of leases: an identifier, and a lock on a file of that name for life.
//! When the process dies, however it dies, the operating system frees the lock, and everybody sees that
//! its leases are free.

use std::fs;
use std::path::PathBuf;

use uuid::Uuid;

use super::{App, lock};
use crate::error::Result;
use crate::store::folder;
use crate::store::owner::{OwnerLock, lock_path};

/// The identifier and its lock.
pub(super) struct Owner {
    id: Uuid,
    _lock: OwnerLock,
}

impl App {
    /// The identifier of this process, made and locked at first need.
    pub(super) fn owner(&self) -> Result<Uuid> {
        let mut owner = lock(&self.inner.owner);
        if let Some(owner) = &*owner {
            return Ok(owner.id);
        }
        let id = self.act().id()?;
        folder::prepare(&self.owners())?;
        *owner = Some(Owner {
            id,
            _lock: OwnerLock::exclusive(&self.owner_file(id))?,
        });
        Ok(id)
    }

    /// Whether this process is the one of that identifier.
    pub(super) fn is_own(&self, id: Uuid) -> bool {
        lock(&self.inner.owner)
            .as_ref()
            .is_some_and(|own| own.id == id)
    }

    /// Whether another process still lives. One that cannot be looked at counts as alive: waiting harms
    /// less than doing a thing twice.
    pub(super) fn is_alive(&self, id: Uuid) -> bool {
        if self.is_own(id) {
            return true;
        }
        let file = self.owner_file(id);
        if !lock_path(&file).exists() {
            return false;
        }
        match OwnerLock::try_exclusive(&file) {
            Ok(Some(_gone)) => {
                // What a dead process left behind; nobody will ever look for it again.
                let _removed = fs::remove_file(lock_path(&file));
                false
            }
            Ok(None) | Err(_) => true,
        }
    }

    fn owners(&self) -> PathBuf {
        self.inner.paths.data_dir.join("owners")
    }

    fn owner_file(&self, id: Uuid) -> PathBuf {
        self.owners().join(id.to_string())
    }
}

impl Drop for super::Inner {
    fn drop(&mut self) {
        self.write_waiting();
        // A tidy end removes the file; a kill leaves it to whoever looks at it next.
        if let Some(owner) = lock(&self.owner).take() {
            let file = self
                .paths
                .data_dir
                .join("owners")
                .join(owner.id.to_string());
            let _removed = fs::remove_file(lock_path(&file));
        }
    }
}
