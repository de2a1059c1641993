//! Walks of words against looking at every member, with limits so small that each way of walking is taken.
#![allow(clippy::unwrap_used, reason = "a failing test panics")]

use std::path::Path;

use super::{NamePlace, Needle, Next, Streams};
use crate::store::member_word_due::settle;
use crate::store::{Reader, migrate};
use uuid::Uuid;

type Connection = crate::store::connection::Connection;

const NAMES: [&str; 12] = [
    "sean murphy",
    "sean o se",
    "seana murphy",
    "seanan murphy walsh",
    "mary o se",
    "maire murphy",
    "sean walsh",
    "segda murphy",
    "sene o brien",
    "mary walsh",
    "sean mac giolla",
    "senan murphy",
];

fn filled(connection: &Connection, members: u64) -> Vec<(NamePlace, String)> {
    let mut all = Vec::new();
    let mut chance = 7_u64;
    for number in 0..members {
        chance = chance
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let words = NAMES[usize::try_from(chance >> 33).unwrap() % NAMES.len()];
        let name = words.split(' ').rev().collect::<Vec<_>>().join("\u{1f}");
        let id = Uuid::from_u128(u128::from(chance) << 32 | u128::from(number));
        connection
            .execute(
                "INSERT INTO member (id, connection_id, name_key, search_key, current, created_at, updated_at)
                 VALUES (?1, zeroblob(16), ?2, ?3, '{}', 0, 0)",
                (id.as_bytes().as_slice(), &name, format!(" {words}")),
            )
            .unwrap();
        all.push(((name, id), words.to_owned()));
    }
    settle(connection, Path::new("test")).unwrap();
    all.sort();
    all
}

#[test]
fn members_with_all_words_are_found_in_order_from_every_place_in_both_directions() {
    let connection = Connection::open_in_memory().unwrap();
    for migration in migrate::MIGRATIONS {
        connection.execute_batch(migration.sql).unwrap();
    }
    connection
        .pragma_update(None, "foreign_keys", false)
        .unwrap();
    let all = filled(&connection, 120);
    let reader = Reader {
        connection: &connection,
        path: Path::new("test"),
    };
    let (mut kept, mut walked, mut everywhere) = (0, 0, 0);
    for query in [
        vec!["sean"],
        vec!["murphy"],
        vec!["sean", "murphy"],
        vec!["se", "o"],
        vec!["sean", "se", "o"],
        vec!["mac"],
        vec!["brien", "sene"],
        vec!["walsh", "mary"],
        vec!["s", "murphy"],
    ] {
        for descending in [false, true] {
            let mut expected: Vec<&NamePlace> = all
                .iter()
                .filter(|(_, words)| {
                    query
                        .iter()
                        .all(|wanted| words.split(' ').any(|word| word.starts_with(wanted)))
                })
                .map(|(place, _)| place)
                .collect();
            if descending {
                expected.reverse();
            }
            for start in 0..=expected.len() {
                let mut needles: Vec<Streams> = Vec::new();
                for word in &query {
                    match reader.needle(word, descending).unwrap() {
                        Needle::Nobody => unreachable!("somebody has it"),
                        Needle::Everywhere => everywhere += 1,
                        Needle::Walked(streams) => {
                            if streams.0[0].word.is_none() {
                                kept += 1;
                            } else {
                                walked += 1;
                            }
                            needles.push(streams);
                        }
                    }
                }
                if needles.len() < query.len() {
                    // The rest is looked at member by member; that is tested through the app.
                    continue;
                }
                let after = start.checked_sub(1).map(|at| expected[at].clone());
                let mut found = Vec::new();
                reader
                    .walk_words(&mut needles, after, descending, |place, _| {
                        found.push(place.clone());
                        Ok(Next::Wanted)
                    })
                    .unwrap();
                let found: Vec<&NamePlace> = found.iter().collect();
                assert_eq!(
                    found,
                    expected[start..],
                    "{query:?}, descending: {descending}, from {start}"
                );
            }
        }
    }
    assert!(
        kept > 0 && walked > 0 && everywhere > 0,
        "each way was taken: {kept} {walked} {everywhere}"
    );
}

#[test]
fn nothing_of_a_member_stays_among_the_words() {
    let connection = Connection::open_in_memory().unwrap();
    for migration in migrate::MIGRATIONS {
        connection.execute_batch(migration.sql).unwrap();
    }
    connection
        .pragma_update(None, "foreign_keys", false)
        .unwrap();
    filled(&connection, 40);
    connection
        .execute("UPDATE member SET name_key = 'x', search_key = ' x y'", [])
        .unwrap();
    settle(&connection, Path::new("test")).unwrap();
    let count = |sql: &str| {
        connection
            .query_row(sql, [], |row| row.get::<_, i64>(0))
            .unwrap()
    };
    assert_eq!(
        count("SELECT count(*) FROM member_word"),
        80,
        "the new words only"
    );
    assert_eq!(
        count("SELECT members FROM member_count"),
        40,
        "they are counted"
    );
    connection.execute("DELETE FROM member", []).unwrap();
    settle(&connection, Path::new("test")).unwrap();
    assert_eq!(
        count("SELECT count(*) FROM member_word"),
        0,
        "no word stays"
    );
    assert_eq!(
        count("SELECT members FROM member_count"),
        0,
        "nobody is counted"
    );
}
