//! The encrypted file: one file a table, SQL only here, no `SQLite` type leaves this module.
//! One writer and up to four readers stand behind [`Store::write`] and [`Store::read`], which run on
//! blocking threads; a write is always one `BEGIN IMMEDIATE` transaction. Keys and sidecar belong to
//! the vault: the store is given the raw key text and asks nobody for it.

mod apply;
mod archive;
pub mod attempt;
pub mod audit_entry;
pub mod audit_list;
pub mod backup;
pub mod beat;
pub mod check;
pub mod club;
pub mod club_connection;
pub mod club_list;
mod conflict_decision;
mod connection;
pub mod connection_schedule;
mod connection_sync;
pub mod connection_test;
pub mod connector;
pub mod connector_check;
pub mod connector_list;
pub mod credential;
pub mod erase;
pub mod erased;
pub mod error_log;
pub mod event;
mod facts;
pub mod field_choice;
mod files;
pub mod folder;
pub mod health_filter;
pub mod health_row;
pub mod home;
mod kept_out;
pub mod lease;
pub mod match_choice;
pub mod member;
mod member_by_words;
pub mod member_find;
mod member_hit;
mod member_walk;
mod member_word;
mod member_word_due;
pub mod meta;
mod migrate;
pub mod network_trouble;
mod notice;
pub mod owner;
pub mod pending_sign_in;
pub mod plan_row;
#[cfg(test)]
mod plans;
#[cfg(test)]
mod plans_of_home;
mod pool;
pub mod purge;
pub mod rate;
pub mod restore;
mod retention;
pub mod rollup;
pub mod run_list;
pub mod scrub;
pub mod sign_in;
mod sqlite_error;
pub mod stop;
pub mod sync_run;
pub mod template;
mod transaction;
pub mod undo_row;
mod word;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use uuid::Uuid;
use zeroize::Zeroizing;

use crate::clock::UtcMillis;
use crate::error::{Code, Error, Result};

pub use files::set_aside;
pub use migrate::SCHEMA_VERSION;
pub use transaction::{Reader, Writer};

use connection::Mode;
use migrate::Migration;
use owner::OwnerLock;
use pool::Pool;

/// The open file. Clones are handles to the same connections.
#[derive(Clone)]
pub struct Store {
    pool: Arc<Pool>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("path", &self.pool.path())
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Creates the file, with mode 0600 in a folder made with mode 0700 where there is none.
    ///
    /// `key` is `SQLCipher`'s raw form, `x'<64 hex digits>'`. The file is built under another name and
    /// renamed when it is whole, so that a kill leaves no file or a good one. A file that is
    /// there already is refused ([`Code::AlreadyInitialised`]) and not touched.
    pub fn create(path: &Path, key: &str, database_id: Uuid, now: UtcMillis) -> Result<Self> {
        files::create_folder(path)?;
        let lock = OwnerLock::exclusive(path)?;
        if files::exists(path)? {
            return Err(Error::refused(
                Code::AlreadyInitialised,
                format!("there is a data file already: {}", path.display()),
            ));
        }
        let draft = files::sibling(path, ".new");
        files::remove_with_companions(&draft)?;
        let built = build(&draft, key, database_id, now);
        if let Err(error) = built {
            // Nothing was ever in it; the first error is the one to tell.
            let _ = files::remove_with_companions(&draft);
            return Err(error);
        }
        files::rename_durably(&draft, path)?;
        drop(lock);
        Self::open(path, key, database_id, now, |_, _, _| Ok(()))
    }

    /// Opens the file that is there. Nothing is changed in a file that is refused.
    ///
    /// `before_migration` is called with the format found and the format to come, only where they
    /// differ; it takes the verified backup and notes the new format in the sidecar. Its error
    /// stops the opening.
    ///
    /// Errors: [`Error::NewerSchema`]; [`Error::Damaged`] where the first pages cannot be
    /// read with `key` or are of another database (the caller has already proved the key);
    /// [`Error::Storage`] for permissions, a full disk, a busy file or a file system without WAL.
    pub fn open(
        path: &Path,
        key: &str,
        database_id: Uuid,
        now: UtcMillis,
        before_migration: impl FnOnce(&Self, u32, u32) -> Result<()>,
    ) -> Result<Self> {
        Self::open_with(
            path,
            key,
            database_id,
            now,
            migrate::MIGRATIONS,
            before_migration,
        )
    }

    /// [`Store::open`] with another list of migrations.
    fn open_with(
        path: &Path,
        key: &str,
        database_id: Uuid,
        now: UtcMillis,
        list: &[Migration],
        before_migration: impl FnOnce(&Self, u32, u32) -> Result<()>,
    ) -> Result<Self> {
        let path = files::resolve(path)?;
        let lock = match OwnerLock::try_exclusive(&path)? {
            Some(lock) => {
                // Nobody has the file open, so it can be looked at without leaving a trace.
                files::require_usable(&path)?;
                let probe = connection::open(&path, key, Mode::Probe)?;
                examine(&probe, &path, database_id, list)?;
                connection::close(probe);
                lock.into_shared(&path)?
            }
            None => OwnerLock::shared(&path)?,
        };
        let writer = connection::open(&path, key, Mode::Write)?;
        let found = examine(&writer, &path, database_id, list)?;
        let store = Self {
            pool: Arc::new(Pool::new(
                path,
                Zeroizing::new(key.to_owned()),
                writer,
                lock,
            )),
        };
        let known = migrate::newest(list);
        if found < known {
            before_migration(&store, found, known)?;
            store
                .pool
                .with_writer(|connection, path| migrate::migrate(connection, path, list, now))?;
        }
        Ok(store)
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        self.pool.path()
    }

    /// Format of the file, from 1.
    pub fn schema_version(&self) -> Result<u32> {
        self.pool
            .with_reader(|connection, path| migrate::version_of(connection, path))
    }

    /// Runs queries on a consistent snapshot, on a blocking thread.
    pub async fn read<T: Send + 'static>(
        &self,
        f: impl FnOnce(&Reader<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let store = self.clone();
        tokio::task::spawn_blocking(move || store.read_blocking(f))
            .await
            .map_err(|_| stopped("read from the store"))?
    }

    /// Runs one transaction, on a blocking thread. `Err` and panic roll it back. A caller that
    /// stops waiting does not stop the transaction.
    pub async fn write<T: Send + 'static>(
        &self,
        f: impl FnOnce(&Writer<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let store = self.clone();
        tokio::task::spawn_blocking(move || store.write_blocking(f))
            .await
            .map_err(|_| stopped("write to the store"))?
    }

    /// Does what [`Store::write`] would do, answers what it answers, and takes everything back.
    pub async fn try_out<T: Send + 'static>(
        &self,
        f: impl FnOnce(&Writer<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let store = self.clone();
        tokio::task::spawn_blocking(move || {
            store
                .pool
                .with_writer(|connection, path| transaction::try_out(connection, path, f))
        })
        .await
        .map_err(|_| stopped("try a change of the store"))?
    }

    /// [`Store::read`] on the caller's thread.
    pub fn read_blocking<T>(&self, f: impl FnOnce(&Reader<'_>) -> Result<T>) -> Result<T> {
        self.pool
            .with_reader(|connection, path| transaction::read(connection, path, f))
    }

    /// [`Store::write`] on the caller's thread.
    pub fn write_blocking<T>(&self, f: impl FnOnce(&Writer<'_>) -> Result<T>) -> Result<T> {
        self.pool
            .with_writer(|connection, path| transaction::write(connection, path, f))
    }

    /// Moves everything into the main file and empties the write-ahead log, so that what was
    /// deleted is in neither. Does what it can while another process reads.
    pub fn checkpoint(&self) -> Result<()> {
        self.pool.with_writer(connection::checkpoint)
    }

    /// Waits for running reads and writes, empties the write-ahead log and closes. Later calls on
    /// any clone answer [`Error::Locked`].
    pub fn close(&self) -> Result<()> {
        self.pool.close()
    }
}

/// Makes a whole new file at `draft` and leaves no log beside it.
fn build(draft: &Path, key: &str, database_id: Uuid, now: UtcMillis) -> Result<()> {
    files::create_private(draft)?;
    let mut connection = connection::open(draft, key, Mode::Write)?;
    migrate::migrate(&mut connection, draft, migrate::MIGRATIONS, now)?;
    transaction::write(&mut connection, draft, |writer| {
        writer.set_meta(meta::DATABASE_ID, &database_id.to_string())
    })?;
    connection::checkpoint(&mut connection, draft)?;
    connection::close(connection);
    files::sync(draft)
}

/// Reads the first pages: the format, and whether it is the database that the sidecar belongs to.
fn examine(
    connection: &connection::Connection,
    path: &Path,
    database_id: Uuid,
    list: &[Migration],
) -> Result<u32> {
    let found = migrate::version_of(connection, path)?;
    let known = migrate::newest(list);
    if found > known {
        return Err(Error::NewerSchema { found, known });
    }
    let damaged = || Error::Damaged {
        path: PathBuf::from(path),
    };
    if found == 0 {
        return Err(damaged());
    }
    let id = meta::read(connection, path, meta::DATABASE_ID)?;
    if id.as_deref() == Some(database_id.to_string().as_str()) {
        Ok(found)
    } else {
        Err(damaged())
    }
}

fn stopped(doing: &'static str) -> Error {
    Error::Internal {
        doing,
        source: None,
    }
}
