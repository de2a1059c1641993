//! A file with a million members of some hundred clubs, made once and kept in the build folder. Members and their words are
//! inserted behind the product's back, each table in its own order and its indexes afterwards: as the product leaves them, but in a
//! minute.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Instant;

use connectors::App;
use connectors::members::{MemberField, MemberKeys, MemberValues};
use practice_federation::Member;
use rusqlite::params;

use super::ground::{Ground, connect};

/// Sizes of clubs in thousandths of all members; the rest is of clubs of two thousandths each.
const LARGE: [usize; 8] = [50, 40, 30, 20, 10, 10, 5, 5];

/// A club and how many members it has.
pub struct Sized {
    pub org: String,
    pub members: usize,
}

/// An open app over the file, and its clubs, the largest first.
pub async fn ready(members: usize) -> (App, Vec<Sized>) {
    let root = folder(members);
    let ground = Ground::at(&root);
    let done = root.join("done");
    let clubs = clubs(members);
    if done.exists() {
        let app = ground.app();
        app.open().await.unwrap();
        return (app, clubs);
    }
    // What a killed one has left.
    std::fs::remove_dir_all(&root).unwrap();
    let ground = Ground::at(&root);
    let from = Instant::now();
    let app = ground.connected("http://127.0.0.1:9/key", "key", 100).await;
    for (place, club) in clubs.iter().enumerate() {
        connect(&app, &club.org, &format!("club-{place:04}")).await;
    }
    fill(&ground, &clubs, members);
    println!(
        "made a file of {members} members in {:.0} s",
        from.elapsed().as_secs_f64()
    );
    std::fs::write(done, "").unwrap();
    (app, clubs)
}

/// A file of another format is another file.
fn folder(members: usize) -> PathBuf {
    let binary = std::env::current_exe().unwrap();
    let target = binary.ancestors().nth(3).expect("the build folder");
    let format = connectors::store::SCHEMA_VERSION;
    target.join(format!("bench/members-{members}-of-format-{format}"))
}

fn clubs(members: usize) -> Vec<Sized> {
    let mut sizes: Vec<usize> = LARGE.iter().map(|share| members * share / 1_000).collect();
    let small = (members / 500).max(1);
    let mut left = members - sizes.iter().sum::<usize>();
    while left > 0 {
        let size = small.min(left);
        sizes.push(size);
        left -= size;
    }
    let named = sizes.into_iter().enumerate();
    named
        .map(|(place, members)| Sized {
            org: format!("org-{place:04}"),
            members,
        })
        .collect()
}

fn fill(ground: &Ground, clubs: &[Sized], members: usize) {
    let mut connection = ground.raw();
    let transaction = connection.transaction().unwrap();
    let schema = |kind: &str| -> Vec<(String, String)> {
        let sql = format!(
            "SELECT name, sql FROM sqlite_schema
             WHERE type = '{kind}' AND tbl_name = 'member' AND sql IS NOT NULL"
        );
        let mut statement = transaction.prepare(&sql).unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
        rows.unwrap().collect::<Result<_, _>>().unwrap()
    };
    let (indexes, triggers) = (schema("index"), schema("trigger"));
    for (kind, made) in [("INDEX", &indexes), ("TRIGGER", &triggers)] {
        for (name, _) in made {
            transaction
                .execute_batch(&format!("DROP {kind} {name}"))
                .unwrap();
        }
    }
    let words = insert(&transaction, clubs, members);
    for (_, sql) in indexes.iter().chain(&triggers) {
        transaction.execute_batch(sql).unwrap();
    }
    transaction
        .execute(
            "INSERT INTO member_count (connection_id, members, number)
             SELECT connection_id, count(*), row_number() OVER (ORDER BY connection_id)
             FROM member GROUP BY connection_id",
            [],
        )
        .unwrap();
    let said = said(&transaction);
    let mut insert = transaction
        .prepare(
            "INSERT OR IGNORE INTO member_word (word, name_key, member_id, born, stands, home)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )
        .unwrap();
    for (word, name, id) in &words {
        let (born, stands, home) = said[id];
        insert
            .execute(params![
                word,
                name,
                id.to_be_bytes().as_slice(),
                born,
                stands,
                home
            ])
            .unwrap();
    }
    drop(insert);
    transaction.commit().unwrap();
}

/// What the words of each member say of it.
fn said(transaction: &rusqlite::Transaction<'_>) -> HashMap<u128, (Option<i64>, i64, i64)> {
    let mut statement = transaction
        .prepare(
            "SELECT m.id, m.found_born, m.found_as, c.number FROM member m
             JOIN member_count c ON c.connection_id = m.connection_id",
        )
        .unwrap();
    let rows = statement.query_map([], |row| {
        let id: [u8; 16] = row.get(0)?;
        Ok((
            u128::from_be_bytes(id),
            (row.get(1)?, row.get(2)?, row.get(3)?),
        ))
    });
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}

type Word = (Box<str>, std::rc::Rc<str>, u128);

/// Inserts the members of all clubs; their words, in order.
fn insert(transaction: &rusqlite::Transaction<'_>, clubs: &[Sized], members: usize) -> Vec<Word> {
    let mut invented = practice_federation::invented_members(11, members).into_iter();
    let mut words: Vec<Word> = Vec::new();
    let mut number = 0_u128;
    for club in clubs {
        let connection_id: Vec<u8> = transaction
            .query_row(
                "SELECT k.id FROM connection k JOIN organisation o ON o.id = k.organisation_id
                 WHERE o.own_id = ?1",
                [&club.org],
                |row| row.get(0),
            )
            .unwrap();
        let mut insert = transaction
            .prepare_cached(
                "INSERT INTO member (id, connection_id, external_id, names_key, name_key, search_key, status,
                     current, base, left_at, created_at, updated_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0, 0)",
            )
            .unwrap();
        for one in invented.by_ref().take(club.members) {
            number += 1;
            let id = 0x0190 << 112 | number;
            let values = values(&one);
            let keys = MemberKeys::of(Some(&values), &values);
            // One in fifty was edited by the club, one in thirty has left.
            let base = if number.is_multiple_of(50) { "{}" } else { "" };
            let left = number.is_multiple_of(30).then_some(1_i64);
            insert
                .execute(params![
                    id.to_be_bytes().as_slice(),
                    connection_id,
                    keys.external_id,
                    keys.names,
                    keys.name,
                    keys.search,
                    values.get(MemberField::Status),
                    serde_json::to_string(&values).unwrap(),
                    base,
                    left,
                ])
                .unwrap();
            let name: std::rc::Rc<str> = keys.name.into();
            for word in keys.search.split_whitespace() {
                words.push((word.into(), std::rc::Rc::clone(&name), id));
            }
        }
    }
    words.sort_unstable();
    words
}

fn values(one: &Member) -> MemberValues {
    let mut values = MemberValues::default();
    let status = serde_json::to_value(one.status).unwrap();
    let status = if status == "ACTIVE" {
        "active"
    } else {
        "inactive"
    };
    for (field, value) in [
        (MemberField::ExternalId, Some(one.id.as_str())),
        (MemberField::FirstName, Some(one.first_name.as_str())),
        (
            MemberField::LastName,
            Some(one.last_name.as_deref().unwrap_or("Nemo")),
        ),
        (MemberField::IrishFirstName, one.irish_first_name.as_deref()),
        (MemberField::IrishLastName, one.irish_last_name.as_deref()),
        (MemberField::DateOfBirth, Some(one.date_of_birth.as_str())),
        (MemberField::Email, one.email.as_deref()),
        (MemberField::Town, Some(one.town)),
        (MemberField::County, Some(one.county)),
        (MemberField::AddressLine1, Some(one.address1.as_str())),
        (MemberField::Status, Some(status)),
    ] {
        values.set(field, value);
    }
    values
}
