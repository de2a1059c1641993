//! The words of members against making all of them anew, after every mixture of changes, with batches so small that there are many.
#![allow(clippy::unwrap_used, reason = "a failing test panics")]

use std::path::Path;

use proptest::prelude::*;

use super::settle;
use crate::store::migrate;

type Connection = crate::store::connection::Connection;

/// What is done to a member between two commits.
#[derive(Debug, Clone)]
enum Change {
    Come(u8, usize),
    Rename(u8, usize),
    Go(u8),
    /// The transaction ends.
    Commit,
}

/// Search keys and the keys of names that go with them; some share words, one has none.
const KEYS: [(&str, &str); 6] = [
    (" sean murphy omagh", "murphy\u{1f}sean"),
    (" sean murphy naas", "murphy\u{1f}sean"),
    (" mary murphy omagh", "murphy\u{1f}mary"),
    (" o brien obrien brien", "o brien\u{1f}"),
    (" sean sean2 sea", "sea\u{1f}sean"),
    ("", "\u{1f}"),
];

fn schema() -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    for migration in migrate::MIGRATIONS {
        connection.execute_batch(migration.sql).unwrap();
    }
    connection
        .pragma_update(None, "foreign_keys", false)
        .unwrap();
    connection
}

fn id(number: u8) -> Vec<u8> {
    vec![number; 16]
}

fn make(connection: &Connection, change: &Change) {
    match change {
        Change::Come(member, keys) => {
            let (search, name) = KEYS[*keys];
            connection
                .execute(
                    "INSERT OR IGNORE INTO member (id, connection_id, name_key, search_key, current,
                         created_at, updated_at) VALUES (?1, ?2, ?3, ?4, '{}', 0, 0)",
                    (id(*member), id(member % 2), name, search),
                )
                .unwrap();
        }
        Change::Rename(member, keys) => {
            let (search, name) = KEYS[*keys];
            connection
                .execute(
                    "UPDATE member SET name_key = ?2, search_key = ?3 WHERE id = ?1",
                    (id(*member), name, search),
                )
                .unwrap();
        }
        Change::Go(member) => {
            connection
                .execute("DELETE FROM member WHERE id = ?1", [id(*member)])
                .unwrap();
        }
        Change::Commit => settle(connection, Path::new("test")).unwrap(),
    }
}

type Word = (String, String, Vec<u8>);

fn words(connection: &Connection) -> Vec<Word> {
    let mut statement = connection
        .prepare(
            "SELECT word, name_key, member_id FROM member_word ORDER BY word, name_key, member_id",
        )
        .unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}

/// The words made anew from every member.
fn anew(connection: &Connection) -> Vec<Word> {
    let mut statement = connection
        .prepare("SELECT search_key, name_key, id FROM member")
        .unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    let members: Vec<Word> = rows.unwrap().collect::<Result<_, _>>().unwrap();
    let mut words: Vec<Word> = Vec::new();
    for (search, name, id) in members {
        for word in search.split_whitespace() {
            words.push((word.to_owned(), name.clone(), id.clone()));
        }
    }
    words.sort();
    words.dedup();
    words
}

fn counted(connection: &Connection, sql: &str) -> i64 {
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => (0..6_u8, 0..KEYS.len()).prop_map(|(member, keys)| Change::Come(member, keys)),
        4 => (0..6_u8, 0..KEYS.len()).prop_map(|(member, keys)| Change::Rename(member, keys)),
        2 => (0..6_u8).prop_map(Change::Go),
        1 => Just(Change::Commit),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn words_are_those_of_the_members_after_every_mixture_of_changes(
        changes in proptest::collection::vec(change(), 0..60),
    ) {
        let connection = schema();
        for one in &changes {
            make(&connection, one);
        }
        make(&connection, &Change::Commit);
        prop_assert_eq!(words(&connection), anew(&connection), "as if all were made anew");
        let all = counted(&connection, "SELECT count(*) FROM member");
        let known = counted(&connection, "SELECT coalesce(sum(members), 0) FROM member_count");
        prop_assert_eq!(known, all, "and everybody is counted");
        let due = counted(&connection, "SELECT count(*) FROM member_word_due");
        prop_assert_eq!(due, 0, "nothing is left to do");
    }
}

#[test]
fn more_than_one_batch_is_written_whole() {
    let connection = schema();
    for member in 0..120 {
        make(&connection, &Change::Come(member, usize::from(member) % 5));
    }
    make(&connection, &Change::Commit);
    assert_eq!(
        words(&connection),
        anew(&connection),
        "120 members need several batches"
    );
}
