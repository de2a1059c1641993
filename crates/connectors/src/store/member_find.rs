//! Finding members among all of them. Where words are asked for, `member_word` is walked; where they are on so many members
//! that this is no help, or there are none, an index is walked in the order that is asked for and members are looked at one by
//! one. A small club is looked at as a whole. Nothing is sorted in the file.

use std::collections::HashMap;

use rusqlite::{Row, ToSql};
use uuid::Uuid;

use super::Reader;
use super::member::values_at;
use super::member_walk::{
    CLUB_ORDER, COLUMNS, COUNT_DIFFERING, COUNT_STANDING, OF_CONNECTOR, Rest, Walk, rows_in,
    standing_of, walk_sql,
};
use super::member_word::{NamePlace, Needle, Streams, start};
use super::sqlite_error::SqliteResult;
use super::sync_run::count_at;
use super::word::{blob, id_at};
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::members::MemberValues;
use crate::view::{MemberFilter, MemberSort};

/// Hits that are counted; more are only said to be more.
pub const COUNTED: usize = 1_000;
/// Members of clubs that are looked at as a whole.
const SMALL: u64 = 2_000;
/// Hits of words that are put in another order than that of names.
const GATHERED: usize = 2_000;
/// Connections that are walked side by side.
const SIDE_BY_SIDE: usize = 64;
/// More words than this only slow a search down.
const WORDS: usize = 8;

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

impl Reader<'_> {
    /// Members of all connections, or of some.
    pub fn count_members(&self, connections: Option<&[Uuid]>) -> Result<u64> {
        let Some(connections) = connections else {
            return self
                .connection
                .prepare_cached("SELECT coalesce(sum(members), 0) FROM member_count")
                .and_then(|mut statement| statement.query_row([], |row| count_at(row, 0)))
                .explain("read", self.path);
        };
        let mut all = 0;
        for id in connections {
            all += self
                .connection
                .prepare_cached(
                    "SELECT coalesce(sum(members), 0) FROM member_count WHERE connection_id = ?1",
                )
                .and_then(|mut statement| statement.query_row([blob(id)], |row| count_at(row, 0)))
                .explain("read", self.path)?;
        }
        Ok(all)
    }

    /// All connections of a connector, ended ones too.
    pub fn connections_of_connector(&self, connector_id: Uuid) -> Result<Vec<Uuid>> {
        self.connection
            .prepare_cached(OF_CONNECTOR)
            .and_then(|mut statement| {
                statement
                    .query_map([blob(&connector_id)], |row| id_at(row, 0))?
                    .collect()
            })
            .explain("read", self.path)
    }

    /// The members of a query.
    pub fn find_members(&self, query: &MemberQuery) -> Result<MemberHits> {
        let mut query = query.clone();
        query.words.truncate(WORDS);
        let query = &query;
        let scope = query.connections.as_deref();
        let in_scope = self.count_members(scope)?;
        if in_scope == 0 {
            return Ok(hits(Vec::new(), query, None));
        }
        let clubs = if query.sort == MemberSort::Club {
            self.clubs_in_order()?
        } else {
            Vec::new()
        };
        if let Some(scope) = scope {
            let by_name = query.sort == MemberSort::Name;
            if by_name
                && scope.len() <= SIDE_BY_SIDE
                && (query.words.is_empty() || in_scope <= SMALL)
            {
                let plain = query.words.is_empty() && query.filter == MemberFilter::All;
                let rows = self.side_by_side(query, scope)?;
                return Ok(hits(rows, query, plain.then_some((in_scope, false))));
            }
            if in_scope <= SMALL {
                return Ok(sorted(self.whole(query, scope, &clubs)?, query));
            }
        }
        if !query.words.is_empty()
            && let Some(hits) = self.by_words(query, &clubs)?
        {
            return Ok(hits);
        }
        let count = if query.words.is_empty() && query.after.is_none() {
            self.count_walk(query, in_scope)?
        } else {
            None
        };
        let rows = if query.sort == MemberSort::Club {
            self.club_by_club(query, &clubs)?
        } else {
            self.in_order(query)?
        };
        Ok(hits(rows, query, count))
    }

    /// One index in the order that is asked for.
    fn in_order(&self, query: &MemberQuery) -> Result<Vec<MemberHit>> {
        let standing = standing_of(query.filter);
        let (walk, fixed) = match (query.sort, query.filter, standing) {
            (MemberSort::Born, ..) => (Walk::Births, None),
            (MemberSort::Name | MemberSort::Status, _, Some(standing)) => {
                (Walk::OneStanding, Some(standing))
            }
            (MemberSort::Status, ..) => (Walk::Standings, None),
            (_, MemberFilter::Edited, _) => (Walk::Differing, None),
            _ => (Walk::Names, None),
        };
        let rest = Rest::of(&query.words, query.filter, query.connections.as_deref());
        let fixed = fixed.as_ref().map(|standing| standing as &dyn ToSql);
        self.walk(
            walk,
            fixed,
            query.after.as_ref(),
            &rest,
            query,
            query.limit + 1,
        )
    }

    /// Reads one walk.
    fn walk(
        &self,
        walk: Walk,
        fixed: Option<&dyn ToSql>,
        after: Option<&MemberPlace>,
        rest: &Rest,
        query: &MemberQuery,
        limit: usize,
    ) -> Result<Vec<MemberHit>> {
        let (_, _, columns) = walk.parts();
        let (name, id) = after.map_or_else(
            || start(query.descending),
            |place| (place.name.clone(), place.id),
        );
        let key = after.map_or_else(|| start(query.descending).0, |place| place.key.clone());
        let id = id.as_bytes().to_vec();
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut values: Vec<&dyn ToSql> = Vec::new();
        if let Some(fixed) = fixed {
            values.push(fixed);
        }
        if columns.len() == 3 {
            values.push(&key);
        }
        values.push(&name);
        values.push(&id);
        values.extend(rest.values.iter().map(AsRef::as_ref));
        values.push(&limit);
        let sort = query.sort;
        self.connection
            .prepare_cached(&walk_sql(walk, &rest.sql, query.descending))
            .and_then(|mut statement| {
                statement
                    .query_map(values.as_slice(), |row| hit(row, sort))?
                    .collect()
            })
            .explain("read", self.path)
    }

    /// Some connections, each in the order of names, put together.
    fn side_by_side(&self, query: &MemberQuery, scope: &[Uuid]) -> Result<Vec<MemberHit>> {
        let rest = Rest::of(&query.words, query.filter, None);
        let mut rows = Vec::new();
        for id in scope {
            let fixed = id.as_bytes().to_vec();
            let after = query.after.as_ref();
            rows.extend(self.walk(
                Walk::Connection,
                Some(&fixed),
                after,
                &rest,
                query,
                query.limit + 1,
            )?);
        }
        order(&mut rows, query.descending);
        rows.truncate(query.limit + 1);
        Ok(rows)
    }

    /// All of a few members.
    fn whole(
        &self,
        query: &MemberQuery,
        scope: &[Uuid],
        clubs: &[(String, Uuid)],
    ) -> Result<Vec<MemberHit>> {
        let rest = Rest::of(&query.words, query.filter, None);
        let mut rows = Vec::new();
        for id in scope {
            let fixed = id.as_bytes().to_vec();
            rows.extend(self.walk(
                Walk::Connection,
                Some(&fixed),
                None,
                &rest,
                query,
                usize::MAX,
            )?);
        }
        put_clubs(&mut rows, query, clubs);
        Ok(rows)
    }

    /// By words; none where an index in order is the better way.
    fn by_words(
        &self,
        query: &MemberQuery,
        clubs: &[(String, Uuid)],
    ) -> Result<Option<MemberHits>> {
        let mut walked: Vec<Streams> = Vec::new();
        let mut looked_at: Vec<String> = Vec::new();
        for word in &query.words {
            match self.needle(word, query.descending)? {
                Needle::Nobody => return Ok(Some(hits(Vec::new(), query, None))),
                Needle::Everywhere => looked_at.push(word.clone()),
                Needle::Walked(streams) => walked.push(streams),
            }
        }
        if walked.is_empty() {
            return Ok(None);
        }
        let rest = Rest::of(&looked_at, query.filter, query.connections.as_deref());
        let by_name = query.sort == MemberSort::Name;
        let after = query.after.as_ref().filter(|_| by_name);
        let after: Option<NamePlace> = after.map(|place| (place.name.clone(), place.id));
        let counts = by_name && query.after.is_none() && rest.is_nothing();
        let (mut rows, mut counted) = (Vec::new(), 0_usize);
        let wanted = if by_name {
            query.limit + 1
        } else {
            GATHERED + 1
        };
        self.walk_words(&mut walked, after, query.descending, |place| {
            counted += 1;
            if rows.len() < wanted
                && let Some(hit) = self.looked_at(place.1, &rest, query.sort)?
            {
                rows.push(hit);
            }
            Ok(rows.len() < wanted || counts && counted <= COUNTED)
        })?;
        if !by_name {
            if rows.len() > GATHERED {
                return Ok(None);
            }
            put_clubs(&mut rows, query, clubs);
            return Ok(Some(sorted(rows, query)));
        }
        let count = counts.then(|| (counted.min(COUNTED) as u64, counted > COUNTED));
        Ok(Some(hits(rows, query, count)))
    }

    /// One member, if it is what is asked for.
    fn looked_at(&self, id: Uuid, rest: &Rest, sort: MemberSort) -> Result<Option<MemberHit>> {
        let sql = format!("{COLUMNS} WHERE m.id = ?{}", rest.sql);
        let id = id.as_bytes().to_vec();
        let mut values: Vec<&dyn ToSql> = vec![&id];
        values.extend(rest.values.iter().map(AsRef::as_ref));
        self.connection
            .prepare_cached(&sql)
            .and_then(|mut statement| {
                let mut rows = statement.query(values.as_slice())?;
                rows.next()?.map(|row| hit(row, sort)).transpose()
            })
            .explain("read", self.path)
    }

    /// Club after club, each by name.
    fn club_by_club(
        &self,
        query: &MemberQuery,
        clubs: &[(String, Uuid)],
    ) -> Result<Vec<MemberHit>> {
        let rest = Rest::of(&query.words, query.filter, None);
        let scope = query.connections.as_deref();
        let mut ordered: Vec<&(String, Uuid)> = clubs
            .iter()
            .filter(|(_, id)| scope.is_none_or(|scope| scope.contains(id)))
            .collect();
        if query.descending {
            ordered.reverse();
        }
        let mut rows = Vec::new();
        for (key, id) in ordered {
            let after = query.after.as_ref();
            let past = after.map(|place| {
                let order = key.cmp(&place.key);
                if query.descending {
                    order.reverse()
                } else {
                    order
                }
            });
            if past.is_some_and(std::cmp::Ordering::is_lt) {
                continue;
            }
            let after = after.filter(|_| past.is_some_and(std::cmp::Ordering::is_eq));
            let fixed = id.as_bytes().to_vec();
            let left = query.limit + 1 - rows.len();
            for mut hit in self.walk(Walk::Connection, Some(&fixed), after, &rest, query, left)? {
                hit.place.key.clone_from(key);
                rows.push(hit);
            }
            if rows.len() > query.limit {
                break;
            }
        }
        Ok(rows)
    }

    /// All connections by the names of their clubs, each with the key of its place.
    fn clubs_in_order(&self) -> Result<Vec<(String, Uuid)>> {
        let mut clubs: Vec<(String, Uuid)> = self
            .connection
            .prepare_cached(CLUB_ORDER)
            .and_then(|mut statement| {
                statement
                    .query_map([], |row| {
                        let (name, id): (String, Uuid) = (row.get(0)?, id_at(row, 1)?);
                        Ok((format!("{name}\u{1f}{}", id.simple()), id))
                    })?
                    .collect()
            })
            .explain("read", self.path)?;
        clubs.sort_unstable();
        Ok(clubs)
    }

    /// How many members a walk has, up to a limit, where an index says it.
    fn count_walk(&self, query: &MemberQuery, in_scope: u64) -> Result<Option<(u64, bool)>> {
        if query.filter == MemberFilter::All {
            return Ok(Some((in_scope, false)));
        }
        if query.connections.is_some() {
            return Ok(None);
        }
        let limit = i64::try_from(COUNTED + 1).unwrap_or(i64::MAX);
        let counted = match standing_of(query.filter) {
            Some(standing) => self
                .connection
                .prepare_cached(COUNT_STANDING)
                .and_then(|mut statement| rows_in(&mut statement.query((standing, limit))?)),
            None => self
                .connection
                .prepare_cached(COUNT_DIFFERING)
                .and_then(|mut statement| rows_in(&mut statement.query([limit])?)),
        }
        .explain("read", self.path)?;
        Ok(Some((
            counted.min(COUNTED as u64),
            counted > COUNTED as u64,
        )))
    }
}

/// Cuts one row too many off.
fn hits(mut rows: Vec<MemberHit>, query: &MemberQuery, count: Option<(u64, bool)>) -> MemberHits {
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
fn sorted(mut rows: Vec<MemberHit>, query: &MemberQuery) -> MemberHits {
    let found = rows.len() as u64;
    order(&mut rows, query.descending);
    if let Some(after) = &query.after {
        rows.retain(|row| (row.place > *after) != query.descending && row.place != *after);
    }
    hits(rows, query, Some((found, false)))
}

fn order(rows: &mut [MemberHit], descending: bool) {
    rows.sort_unstable_by(|a, b| a.place.cmp(&b.place));
    if descending {
        rows.reverse();
    }
}

fn put_clubs(rows: &mut [MemberHit], query: &MemberQuery, clubs: &[(String, Uuid)]) {
    if query.sort == MemberSort::Club {
        let keys: HashMap<Uuid, &String> = clubs.iter().map(|(key, id)| (*id, key)).collect();
        for row in rows {
            if let Some(key) = keys.get(&row.connection_id) {
                row.place.key.clone_from(key);
            }
        }
    }
}

fn hit(row: &Row<'_>, sort: MemberSort) -> rusqlite::Result<MemberHit> {
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
