//! Looks whether the file is whole. Nothing is mended: a person restores a backup.

use super::Store;
use super::connection::Connection;
use super::sqlite_error::SqliteResult;
use crate::error::Result;

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckResult {
    /// One line each; never a value. Empty where the file is whole.
    pub problems: Vec<String>,
    /// Pages of the file.
    pub pages: u32,
}

/// Lines of one kind at most; a broken file can have thousands.
const LINES: usize = 20;

const ORPHANS: &str = "SELECT count(*) FROM credential k WHERE NOT EXISTS (
    SELECT 1 FROM connector c WHERE c.id = k.connector_id
        AND k.id IN (c.credential_id, c.previous_credential_id, c.webhook_credential_id))";
/// What [`ORPHANS`] does not know: a token is pointed to by its sign-in. Files of format 1, which
/// backups may be, have none.
const TOKENS: &str = "AND NOT EXISTS (
    SELECT 1 FROM sign_in s WHERE s.token_id = k.id AND s.connector_id = k.connector_id)";
const FOREIGN: &str = "SELECT count(*) FROM connector c WHERE EXISTS (
    SELECT 1 FROM credential k WHERE k.connector_id <> c.id
        AND k.id IN (c.credential_id, c.previous_credential_id, c.webhook_credential_id))";

/// Checks every page's own seal (`SQLCipher`'s HMAC), the structure and every index (`integrity_check`),
/// the references (`foreign_key_check`), and that each credential belongs to the connector that
/// points to it. Waits for the write in progress; reading a file of 10 MB takes about 100 ms.
pub fn check(store: &Store) -> Result<CheckResult> {
    // The seals are read past the cache and the log; a page that another process is just writing
    // would look broken, so what is found must be found twice.
    let mut seals = store
        .pool
        .with_writer(|connection, path| seals(connection).explain("check", path))?;
    if !seals.is_empty() {
        seals = store
            .pool
            .with_writer(|connection, path| self::seals(connection).explain("check", path))?;
    }
    store.pool.with_reader(|connection, path| {
        let mut problems = seals;
        // A page that cannot be read ends a check with an error: that is a finding too.
        match structure(connection) {
            Ok(found) => problems.extend(found),
            Err(_) => problems.push("the file's pages cannot all be read".to_owned()),
        }
        let pages = connection
            .query_row("PRAGMA page_count", [], |row| row.get(0))
            .explain("check", path)?;
        Ok(CheckResult { problems, pages })
    })
}

fn seals(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    lines(connection, "PRAGMA cipher_integrity_check")
}

pub(super) fn structure(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut problems = lines(connection, "PRAGMA integrity_check")?;
    problems.retain(|line| line != "ok");
    problems.extend(references(connection)?);
    let has_sign_ins: bool = connection.query_row(
        "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'sign_in')",
        [],
        |row| row.get(0),
    )?;
    let orphans = if has_sign_ins {
        format!("{ORPHANS} {TOKENS}")
    } else {
        ORPHANS.to_owned()
    };
    for (sql, words) in [
        (orphans.as_str(), "credentials that no connector points to"),
        (
            FOREIGN,
            "connectors that point to another one's credentials",
        ),
    ] {
        let number: u32 = connection.query_row(sql, [], |row| row.get(0))?;
        if number > 0 {
            problems.push(format!("{number} {words}"));
        }
    }
    Ok(problems)
}

/// Rows whose reference leads nowhere.
pub(super) fn references(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare("PRAGMA foreign_key_check")?;
    let rows = statement.query_map([], |row| {
        let (table, parent): (String, String) = (row.get(0)?, row.get(2)?);
        Ok(format!("a row of {table} without its {parent}"))
    })?;
    rows.take(LINES).collect()
}

fn lines(connection: &Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| row.get(0))?;
    rows.take(LINES).collect()
}
