//! The two handles that queries are written on. Each table's file adds its own methods to them.

use std::ops::Deref;
use std::path::Path;

use rusqlite::{Transaction, TransactionBehavior};

use super::connection::Connection;
use super::member_word_due;
use super::migrate::version_of;
use super::sqlite_error::SqliteResult;
use crate::error::Result;

/// Queries on one consistent snapshot.
pub struct Reader<'a> {
    pub(super) connection: &'a Connection,
    pub(super) path: &'a Path,
}

/// One transaction that writes; reads through it see what it wrote.
pub struct Writer<'a> {
    reader: Reader<'a>,
}

impl<'a> Deref for Writer<'a> {
    type Target = Reader<'a>;

    fn deref(&self) -> &Reader<'a> {
        &self.reader
    }
}

pub(super) fn read<T>(
    connection: &mut Connection,
    path: &Path,
    f: impl FnOnce(&Reader<'_>) -> Result<T>,
) -> Result<T> {
    let transaction =
        Transaction::new(connection, TransactionBehavior::Deferred).explain("read", path)?;
    let result = f(&Reader {
        connection: &transaction,
        path,
    });
    // Nothing was written; the rollback on drop ends the snapshot.
    drop(transaction);
    result
}

/// As [`write`], and takes everything back at the end, whatever it was: what it answers is what would be.
pub(super) fn try_out<T>(
    connection: &mut Connection,
    path: &Path,
    f: impl FnOnce(&Writer<'_>) -> Result<T>,
) -> Result<T> {
    let transaction =
        Transaction::new(connection, TransactionBehavior::Immediate).explain("write", path)?;
    let value = f(&Writer {
        reader: Reader {
            connection: &transaction,
            path,
        },
    });
    transaction.rollback().explain("write", path)?;
    value
}

pub(super) fn write<T>(
    connection: &mut Connection,
    path: &Path,
    f: impl FnOnce(&Writer<'_>) -> Result<T>,
) -> Result<T> {
    // Immediate: a transaction that reads first and writes later could fail half-way (error 517).
    let transaction =
        Transaction::new(connection, TransactionBehavior::Immediate).explain("write", path)?;
    let value = f(&Writer {
        reader: Reader {
            connection: &transaction,
            path,
        },
    })?;
    // A file of an older format, before it is brought to the newest, has other ways.
    if version_of(&transaction, path)? >= member_word_due::SINCE {
        member_word_due::settle(&transaction, path)?;
    }
    transaction.commit().explain("write", path)?;
    Ok(value)
}
