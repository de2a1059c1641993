//! What is looked for among members, what is found, and putting rows that are at hand in order.

use std::collections::HashMap;

use rusqlite::Row;
use uuid::Uuid;

use super::member::values_at;
use super::word::id_at;
use crate::clock::UtcMillis;
use crate::members::MemberValues;
use crate::view::{MemberFilter, MemberSort};

/// Where a row stands: by the value it is ordered by, then by name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MemberPlace {
    /// What it is ordered by; empty by name.
    pub key: String,
    /// The name's key.
    pub name: String,
    /// Identifier.
    pub id: Uuid,
}

/// Which members, in which order.
#[derive(Clone)]
pub struct MemberQuery {
    /// Those of these connections; all where absent.
    pub connections: Option<Vec<Uuid>>,
    /// Each must begin a word of the member; folded.
    pub words: Vec<String>,
    /// By how they stand.
    pub filter: MemberFilter,
    /// Order.
    pub sort: MemberSort,
    /// The whole order the other way round.
    pub descending: bool,
    /// Those after this place.
    pub after: Option<MemberPlace>,
    /// Rows at most.
    pub limit: usize,
}

/// One member that was found.
#[derive(Clone)]
pub struct MemberHit {
    /// Where it stands.
    pub place: MemberPlace,
    /// Whose.
    pub connection_id: Uuid,
    /// Its values.
    pub current: MemberValues,
    /// Whether the club differs from what the federation last gave.
    pub differs: bool,
    /// When the list no longer had it.
    pub left_at: Option<UtcMillis>,
    /// Counted by every change.
    pub version: i64,
}

/// What was found.
pub struct MemberHits {
    /// The rows.
    pub rows: Vec<MemberHit>,
    /// Whether more follow.
    pub goes_on: bool,
    /// How many there are altogether, as far as that was counted.
    pub found: u64,
    /// Whether there are more than that.
    pub more: bool,
}

/// Cuts one row too many off.
pub(super) fn hits(
    mut rows: Vec<MemberHit>,
    query: &MemberQuery,
    count: Option<(u64, bool)>,
) -> MemberHits {
    let goes_on = rows.len() > query.limit;
    rows.truncate(query.limit);
    let (found, more) = count.unwrap_or((rows.len() as u64, goes_on));
    MemberHits {
        rows,
        goes_on,
        found,
        more,
    }
}

/// A page of all rows.
pub(super) fn sorted(mut rows: Vec<MemberHit>, query: &MemberQuery) -> MemberHits {
    let found = rows.len() as u64;
    order(&mut rows, query.descending);
    if let Some(after) = &query.after {
        rows.retain(|row| (row.place > *after) != query.descending && row.place != *after);
    }
    hits(rows, query, Some((found, false)))
}

pub(super) fn order(rows: &mut [MemberHit], descending: bool) {
    rows.sort_unstable_by(|a, b| a.place.cmp(&b.place));
    if descending {
        rows.reverse();
    }
}

pub(super) fn put_clubs(rows: &mut [MemberHit], query: &MemberQuery, clubs: &[(String, Uuid)]) {
    if query.sort == MemberSort::Club {
        let keys: HashMap<Uuid, &String> = clubs.iter().map(|(key, id)| (*id, key)).collect();
        for row in rows {
            if let Some(key) = keys.get(&row.connection_id) {
                row.place.key.clone_from(key);
            }
        }
    }
}

pub(super) fn hit(row: &Row<'_>, sort: MemberSort) -> rusqlite::Result<MemberHit> {
    Ok(MemberHit {
        place: MemberPlace {
            key: match sort {
                MemberSort::Born => row.get(7)?,
                MemberSort::Status => row.get(8)?,
                MemberSort::Name | MemberSort::Club => String::new(),
            },
            name: row.get(0)?,
            id: id_at(row, 1)?,
        },
        connection_id: id_at(row, 2)?,
        current: values_at(row, 3)?,
        differs: row.get(4)?,
        left_at: row.get::<_, Option<i64>>(5)?.map(UtcMillis),
        version: row.get(6)?,
    })
}
