//! A plan that takes several statements is applied whole, and what it changes can be put back.
#![allow(clippy::unwrap_used, reason = "a failing test panics")]

use std::path::Path;

use uuid::Uuid;

use crate::clock::UtcMillis;
use crate::store::{migrate, transaction};

type Connection = crate::store::connection::Connection;

const RUN: Uuid = Uuid::from_u128(1);
const CLUB: Uuid = Uuid::from_u128(2);
/// Neither is a multiple of what one statement takes, and one is.
const SIZES: [(u32, u32); 4] = [(0, 0), (5, 3), (14, 7), (30, 25)];

fn id(number: u32) -> Vec<u8> {
    Uuid::from_u128(u128::from(number) + 100)
        .as_bytes()
        .to_vec()
}

/// A club of `old` members, with a plan that changes each and creates `new` ones; names stand in another order than numbers, and some
/// are shared.
fn planned(new: u32, old: u32) -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    for migration in migrate::MIGRATIONS {
        connection.execute_batch(migration.sql).unwrap();
    }
    connection
        .pragma_update(None, "user_version", migrate::newest(migrate::MIGRATIONS))
        .unwrap();
    connection
        .pragma_update(None, "foreign_keys", false)
        .unwrap();
    for number in 0..old {
        connection
            .execute(
                "INSERT INTO member (id, connection_id, name_key, search_key, current, created_at, updated_at)
                 VALUES (?1, ?2, 'before', ' before', '{\"first_name\":\"Before\"}', 0, 0)",
                (id(number), CLUB.as_bytes().as_slice()),
            )
            .unwrap();
    }
    for number in 0..old + new {
        let is_new = number >= old;
        // Rows that do not act stand between them.
        let at = 3 * i64::from(number);
        let name = format!("name {}", (number * 7 + 3) % 11);
        connection
            .execute(
                "INSERT INTO plan_row (run_id, number, kind, acts, member_id, member_version, name_key, search_key,
                     after, after_base, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ' x', '{}', '', '{}')",
                (
                    RUN.as_bytes().as_slice(),
                    at,
                    if is_new { "create" } else { "update" },
                    !is_new,
                    id(number),
                    (!is_new).then_some(1),
                    name,
                ),
            )
            .unwrap();
    }
    connection
}

fn count(connection: &Connection, sql: &str) -> u32 {
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn a_plan_of_several_statements_is_applied_whole_and_once() {
    for (new, old) in SIZES {
        let mut connection = planned(new, old);
        let changed = transaction::write(&mut connection, Path::new("test"), |tx| {
            tx.apply_plan(RUN, CLUB, UtcMillis(9))
        })
        .unwrap();
        let what = format!("{new} new and {old} old members");
        assert_eq!(
            changed,
            (new + old) as usize,
            "{what}: each is counted once"
        );
        let members = "SELECT count(*) FROM member WHERE name_key LIKE 'name %' AND updated_at = 9";
        assert_eq!(
            count(&connection, members),
            new + old,
            "{what}: each is as planned"
        );
        let twice = "SELECT count(*) FROM member WHERE version > 2";
        assert_eq!(
            count(&connection, twice),
            0,
            "{what}: none was changed twice"
        );
        let kept = "SELECT count(*) FROM undo_row WHERE existed = 1 AND name_key = 'before' AND after_version = 2";
        assert_eq!(
            count(&connection, kept),
            old,
            "{what}: how the old ones were is kept"
        );
        let kept = "SELECT count(*) FROM undo_row WHERE existed = 0 AND after_version = 1";
        assert_eq!(
            count(&connection, kept),
            new,
            "{what}: that the new ones were not is kept"
        );
    }
}
