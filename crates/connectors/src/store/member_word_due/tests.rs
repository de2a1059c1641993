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
    /// Birth date, status, leaving, an edit.
    Stand(u8, usize),
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

/// Values of a member, its base, its status and when it left.
const STANDS: [(&str, &str, Option<&str>, Option<i64>); 6] = [
    ("{}", "", None, None),
    (
        r#"{"date_of_birth":"2011-04-09"}"#,
        "",
        Some("active"),
        None,
    ),
    (
        r#"{"date_of_birth":"2011-04-09"}"#,
        "{}",
        Some("active"),
        None,
    ),
    (
        r#"{"date_of_birth":"in spring"}"#,
        "",
        Some("inactive"),
        None,
    ),
    (
        r#"{"date_of_birth":"0000-00-00"}"#,
        "",
        Some("on loan"),
        None,
    ),
    (
        r#"{"date_of_birth":"2011-04-09"}"#,
        "",
        Some("active"),
        Some(7),
    ),
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
        Change::Stand(member, stands) => {
            let (current, base, status, left) = STANDS[*stands];
            connection
                .execute(
                    "UPDATE member SET current = ?2, base = ?3, status = ?4, left_at = ?5 WHERE id = ?1",
                    (id(*member), current, base, status, left),
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

type Said = (Option<i64>, i64, Vec<u8>);
type Word = (String, String, Vec<u8>, Said);

/// Each word with what it says.
fn words(connection: &Connection) -> Vec<Word> {
    let mut statement = connection
        .prepare(
            "SELECT w.word, w.name_key, w.member_id, w.born, w.stands, c.connection_id FROM member_word w
             LEFT JOIN member_count c ON c.number = w.home ORDER BY w.word, w.name_key, w.member_id",
        )
        .unwrap();
    let rows = statement.query_map([], |row| {
        let said = (row.get(3)?, row.get(4)?, row.get(5)?);
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, said))
    });
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}

/// The words made anew from every member.
fn anew(connection: &Connection) -> Vec<Word> {
    let mut statement = connection
        .prepare(
            "SELECT search_key, name_key, id, born, standing, differs, connection_id FROM member",
        )
        .unwrap();
    let mut words: Vec<Word> = Vec::new();
    let mut rows = statement.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let text = |column| row.get::<_, String>(column).unwrap();
        let stands = match &*text(4) {
            "" => 0,
            "active" => 1,
            "inactive" => 2,
            "left" => 3,
            _ => 4,
        };
        let born = match &*text(3) {
            "" => Some(0),
            "2011-04-09" => Some(20_110_409),
            _ => None,
        };
        let stands = 2 * stands + row.get::<_, i64>(5).unwrap();
        let said: Said = (born, stands, row.get(6).unwrap());
        for word in text(0).split_whitespace() {
            words.push((word.to_owned(), text(1), row.get(2).unwrap(), said.clone()));
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
        4 => (0..6_u8, 0..STANDS.len()).prop_map(|(member, stands)| Change::Stand(member, stands)),
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
