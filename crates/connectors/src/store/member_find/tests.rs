//! Every list of members, page by page, against putting all of them in order in memory; with limits so small that each way of finding
//! is taken.
#![allow(clippy::unwrap_used, reason = "a failing test panics")]

use std::path::Path;

use uuid::Uuid;

use super::{MemberPlace, MemberQuery};
use crate::store::member_word_due::settle;
use crate::store::{Reader, migrate};
use crate::view::{MemberFilter, MemberSort};

type Connection = crate::store::connection::Connection;

const NAMES: [&str; 8] = [
    "sean murphy",
    "sean o se",
    "seanan murphy walsh",
    "mary o se",
    "sean walsh",
    "mary walsh",
    "sean mac giolla",
    "xaver murphy",
];
/// How many members each club has: some are few, some are many.
const CLUBS: [u64; 5] = [4, 9, 25, 60, 40];

struct One {
    place: MemberPlace,
    club: usize,
    born: String,
    standing: &'static str,
    edited: bool,
    words: &'static str,
}

fn id(number: u64) -> Uuid {
    Uuid::from_u128(u128::from(number) << 64 | 7)
}

fn club(number: usize) -> Uuid {
    id(1_000 + number as u64)
}

/// The key by which a club stands in order; the later ones stand first.
fn club_key(number: usize) -> String {
    let name = format!("club {}", 9 - number);
    format!("{name}\u{1f}{}", club(number).simple())
}

fn filled(connection: &Connection) -> Vec<One> {
    let mut all = Vec::new();
    let mut chance = 5_u64;
    for (number, size) in CLUBS.into_iter().enumerate() {
        let club = club(number).into_bytes();
        let name = format!("club {}", 9 - number);
        connection
            .execute(
                "INSERT INTO organisation (id, own_id, name, name_key, search_key, created_at, updated_at)
                 VALUES (?1, ?2, ?2, ?2, ?2, 0, 0)",
                (club.as_slice(), &name),
            )
            .unwrap();
        connection
            .execute(
                "INSERT INTO connection (id, connector_id, organisation_id, federation_org_id, search_key,
                     enabled_at, created_at) VALUES (?1, zeroblob(16), ?1, ?2, '', 0, 0)",
                (club.as_slice(), &name),
            )
            .unwrap();
        for _ in 0..size {
            chance = chance
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let at = |shift: u32, of: u64| usize::try_from((chance >> shift) % of).unwrap();
            let words = NAMES[at(33, 8)];
            let name = words.split(' ').rev().collect::<Vec<_>>().join("\u{1f}");
            let born = format!("20{:02}-01-01", at(40, 15));
            let status = ["active", "inactive"][at(45, 2)];
            let (left, edited) = (at(50, 5) == 0, at(52, 4) == 0);
            let id = id(chance >> 8);
            connection
                .execute(
                    "INSERT INTO member (id, connection_id, name_key, search_key, status, current, base, left_at,
                         created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, 0)",
                    (
                        id.into_bytes().as_slice(),
                        club.as_slice(),
                        &name,
                        format!(" {words}"),
                        status,
                        format!("{{\"date_of_birth\":\"{born}\"}}"),
                        if edited { "{}" } else { "" },
                        left.then_some(1_i64),
                    ),
                )
                .unwrap();
            all.push(One {
                place: MemberPlace {
                    key: String::new(),
                    name,
                    id,
                },
                club: number,
                born,
                standing: if left { "left" } else { status },
                edited,
                words,
            });
        }
    }
    settle(connection, Path::new("test")).unwrap();
    all
}

fn expected(all: &[One], query: &MemberQuery) -> Vec<MemberPlace> {
    let mut places: Vec<MemberPlace> = all
        .iter()
        .filter(|one| {
            let scope = query.connections.as_ref();
            let fits = match query.filter {
                MemberFilter::All => true,
                MemberFilter::Active => one.standing == "active",
                MemberFilter::Lapsed => one.standing == "inactive",
                MemberFilter::Left => one.standing == "left",
                MemberFilter::Edited => one.edited,
            };
            let has = |wanted: &String| one.words.split(' ').any(|word| word.starts_with(wanted));
            fits && scope.is_none_or(|scope| scope.contains(&club(one.club)))
                && query.words.iter().all(has)
        })
        .map(|one| MemberPlace {
            key: match query.sort {
                MemberSort::Name => String::new(),
                MemberSort::Born => one.born.clone(),
                MemberSort::Status => one.standing.to_owned(),
                MemberSort::Club => club_key(one.club),
            },
            ..one.place.clone()
        })
        .collect();
    places.sort();
    if query.descending {
        places.reverse();
    }
    places
}

/// All pages of a query, one after another.
fn paged(reader: &Reader<'_>, mut query: MemberQuery) -> Vec<MemberPlace> {
    let mut places = Vec::new();
    loop {
        let found = reader.find_members(&query).unwrap();
        places.extend(found.rows.iter().map(|row| row.place.clone()));
        query.after = places.last().cloned();
        if !found.goes_on {
            return places;
        }
    }
}

#[test]
fn every_list_of_members_is_whole_and_in_order_page_after_page() {
    let connection = Connection::open_in_memory().unwrap();
    for migration in migrate::MIGRATIONS {
        connection.execute_batch(migration.sql).unwrap();
    }
    connection
        .pragma_update(None, "foreign_keys", false)
        .unwrap();
    let all = filled(&connection);
    let reader = Reader {
        connection: &connection,
        path: Path::new("test"),
    };
    let scopes = [
        None,
        Some(vec![club(0)]),
        Some(vec![club(2), club(0)]),
        Some(vec![club(3)]),
        Some(vec![club(4), club(3)]),
        Some(vec![club(4), club(3), club(0)]),
    ];
    let searches = [
        "",
        "sean",
        "se",
        "murphy sea",
        "x",
        "nobody",
        "mary o s",
        "mac",
        "s m",
    ];
    let sorts = [
        MemberSort::Name,
        MemberSort::Born,
        MemberSort::Status,
        MemberSort::Club,
    ];
    let filters = [
        MemberFilter::All,
        MemberFilter::Active,
        MemberFilter::Lapsed,
        MemberFilter::Left,
        MemberFilter::Edited,
    ];
    let mut looked_at = 0;
    for connections in &scopes {
        for search in searches {
            for (sort, filter) in sorts
                .into_iter()
                .flat_map(|sort| filters.map(|one| (sort, one)))
            {
                for descending in [false, true] {
                    let query = MemberQuery {
                        connections: connections.clone(),
                        words: search.split_whitespace().map(str::to_owned).collect(),
                        filter,
                        sort,
                        descending,
                        after: None,
                        limit: 7,
                    };
                    let wanted = expected(&all, &query);
                    let found = paged(&reader, query);
                    let what =
                        format!("{search:?} {filter:?} {sort:?} {descending} {connections:?}");
                    assert!(
                        found == wanted,
                        "{what}: {} of {}",
                        found.len(),
                        wanted.len()
                    );
                    looked_at += 1;
                }
            }
        }
    }
    assert_eq!(
        looked_at,
        6 * 9 * 4 * 5 * 2,
        "every combination was looked at"
    );
}
