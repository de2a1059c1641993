//! The bare limit: the same pages with the bare HTTP library and serde, then every row that a sync has left behind, inserted in the
//! order of its table, with the same indexes, cache and settings, in one transaction of a new encrypted file.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::types::Value;
use serde::Deserialize;

use super::ground::open;

/// A table with all that is in it.
pub struct Table {
    name: String,
    create: Vec<String>,
    columns: Vec<String>,
    rows: Vec<Vec<Value>>,
}

#[derive(Deserialize)]
struct Page {
    data: Vec<Record>,
    page: Numbers,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Numbers {
    total_pages: usize,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "they are only taken out of the answer")]
struct Record {
    id: String,
    first_name: Option<String>,
    last_name: Option<String>,
    irish_first_name: Option<String>,
    irish_last_name: Option<String>,
    date_of_birth: Option<String>,
    gender: Option<String>,
    email: Option<String>,
    mobile: Option<String>,
    address1: Option<String>,
    town: Option<String>,
    county: Option<String>,
    postcode: Option<String>,
    membership_type: Option<String>,
    status: Option<String>,
    joined_on: Option<String>,
}

/// Reads the whole list, page after page; how many there were and how long it took.
pub async fn fetch(list: &str, key: &str, size: u32) -> (usize, Duration) {
    // The practice federation speaks plain HTTP; the library wants a TLS all the same.
    let provider = rustls::crypto::ring::default_provider();
    drop(rustls::crypto::CryptoProvider::install_default(provider));
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let from = Instant::now();
    let mut records: Vec<Record> = Vec::new();
    let mut page = 0;
    loop {
        let request = http.get(format!("{list}?page={page}&size={size}"));
        let response = request.header("x-api-key", key).send().await.unwrap();
        assert_eq!(response.status(), 200, "it is answered");
        let body = response.bytes().await.unwrap();
        let read: Page = serde_json::from_slice(&body).unwrap();
        records.extend(read.data);
        page += 1;
        if page >= read.page.total_pages {
            break;
        }
    }
    (records.len(), from.elapsed())
}

/// All tables of a file, in the order in which they were made.
pub fn tables(connection: &rusqlite::Connection) -> Vec<Table> {
    let named: Vec<(String, String)> = connection
        .prepare(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'
             ORDER BY rowid",
        )
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    named
        .into_iter()
        .map(|(name, sql)| {
            let strings = |sql: &str| -> Vec<String> {
                let mut statement = connection.prepare(sql).unwrap();
                let rows = statement.query_map([&name], |row| row.get(0)).unwrap();
                rows.collect::<Result<_, _>>().unwrap()
            };
            let indexes = "SELECT sql FROM sqlite_schema
                WHERE type = 'index' AND tbl_name = ?1 AND sql IS NOT NULL";
            let mut create = vec![sql];
            create.extend(strings(indexes));
            let columns = strings("SELECT name FROM pragma_table_info(?1)");
            let select = format!("SELECT {} FROM {name}", columns.join(", "));
            let mut statement = connection.prepare(&select).unwrap();
            let rows = statement
                .query_map([], |row| (0..columns.len()).map(|at| row.get(at)).collect())
                .unwrap()
                .collect::<Result<_, _>>()
                .unwrap();
            Table {
                name,
                create,
                columns,
                rows,
            }
        })
        .collect()
}

/// Inserts all of it into a new file; how long that took.
pub fn insert(tables: &[Table], path: &Path, key: &str) -> Duration {
    let mut connection = open(path, key);
    // Rows stand as they were left, some before those that they refer to.
    connection
        .pragma_update(None, "foreign_keys", false)
        .unwrap();
    for sql in tables.iter().flat_map(|table| &table.create) {
        connection.execute_batch(sql).unwrap();
    }
    let from = Instant::now();
    let transaction = connection.transaction().unwrap();
    for table in tables {
        let marks = vec!["?"; table.columns.len()].join(", ");
        let columns = table.columns.join(", ");
        let sql = format!("INSERT INTO {} ({columns}) VALUES ({marks})", table.name);
        let mut statement = transaction.prepare(&sql).unwrap();
        for row in &table.rows {
            statement
                .execute(rusqlite::params_from_iter(row.iter()))
                .unwrap();
        }
    }
    transaction.commit().unwrap();
    from.elapsed()
}

/// How many rows there are in all, and in one table.
pub fn count(tables: &[Table], name: &str) -> (usize, usize) {
    let all = tables.iter().map(|table| table.rows.len()).sum();
    let one = tables.iter().find(|table| table.name == name);
    (all, one.map_or(0, |table| table.rows.len()))
}

/// What a table holds, compared as a whole.
pub fn holds(connection: &rusqlite::Connection, names: &[&str]) -> Vec<Vec<Vec<Value>>> {
    let all = tables(connection);
    let wanted = all
        .into_iter()
        .filter(|table| names.contains(&table.name.as_str()));
    wanted.map(|table| table.rows).collect()
}
