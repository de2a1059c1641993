//! What can be said of the file without a value out of it: its schema, how many rows each table has, and which engine reads it.

use super::Reader;
use super::sqlite_error::SqliteResult;
use crate::error::Result;

const SCHEMA: &str = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid";
const TABLES: &str = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid";

impl Reader<'_> {
    /// The statements that make the schema, in the order in which they were made.
    pub fn schema_sql(&self) -> Result<Vec<String>> {
        self.texts(SCHEMA)
    }

    /// Each table with its number of rows. Reads one index of each: seconds where there are millions.
    pub fn table_counts(&self) -> Result<Vec<(String, u64)>> {
        self.texts(TABLES)?
            .into_iter()
            .map(|table| {
                // A name out of the schema; quotes in it are doubled.
                let sql = format!("SELECT count(*) FROM \"{}\"", table.replace('"', "\"\""));
                let rows: i64 = self
                    .connection
                    .query_row(&sql, [], |row| row.get(0))
                    .explain("read", self.path)?;
                Ok((table, u64::try_from(rows).unwrap_or(0)))
            })
            .collect()
    }

    /// Versions of `SQLite` and of `SQLCipher`.
    pub fn engine(&self) -> Result<(String, String)> {
        let one = |sql: &str| {
            self.connection
                .query_row(sql, [], |row| row.get::<_, String>(0))
                .explain("read", self.path)
        };
        Ok((
            one("SELECT sqlite_version()")?,
            one("PRAGMA cipher_version")?,
        ))
    }

    fn texts(&self, sql: &str) -> Result<Vec<String>> {
        let mut statement = self.connection.prepare(sql).explain("read", self.path)?;
        let rows = statement
            .query_map([], |row| row.get(0))
            .explain("read", self.path)?;
        rows.collect::<rusqlite::Result<_>>()
            .explain("read", self.path)
    }
}
