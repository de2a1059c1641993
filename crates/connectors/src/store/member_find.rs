//! Finding members among all of them. Where words are asked for, `member_word` is walked; where they are on so many members
//! that this is no help, or there are none, an index is walked in the order that is asked for, and says itself whether a member
//! that it passes is one that is asked for. A small club is looked at as a whole. Nothing is sorted in the file.

use rusqlite::ToSql;
use uuid::Uuid;

use super::Reader;
use super::member_hit::{hit, hits, order, put_clubs, sorted};
use super::member_walk::{
    CLUB_ORDER, COUNT_DIFFERING, COUNT_STANDING, OF_CONNECTOR, Rest, Walk, keys_sql, rows_in,
    standing_of, walk_sql,
};
use super::member_word::start;
use super::sqlite_error::SqliteResult;
use super::sync_run::count_at;
use super::word::{blob, id_at};
use crate::error::Result;
use crate::view::{MemberFilter, MemberSort};

pub use super::member_hit::{MemberHit, MemberHits, MemberPlace, MemberQuery};

/// Hits that are counted; more are only said to be more.
pub const COUNTED: usize = 1_000;
/// Members of clubs that are looked at as a whole.
const SMALL: u64 = if cfg!(test) { 10 } else { 2_000 };
/// Members of clubs that are walked by name, whatever the words: their index says the words too.
const WALKED: u64 = if cfg!(test) { 30 } else { 10_000 };
/// Members of clubs who are looked up one by one.
const FEW: usize = if cfg!(test) { 15 } else { 1_500 };
/// Members whom a rare filter lets pass, put in order by what an index says of them.
const RARE: usize = if cfg!(test) { 15 } else { 10_000 };
/// Connections that are walked side by side.
pub(super) const SIDE_BY_SIDE: usize = if cfg!(test) { 2 } else { 64 };
/// More words than this only slow a search down.
const WORDS: usize = 8;

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
        let in_scope = self.count_members(query.connections.as_deref())?;
        // All members of the only connector are all members.
        if query.connections.is_some() && in_scope == self.count_members(None)? {
            query.connections = None;
        }
        let query = &query;
        let scope = query.connections.as_deref();
        if in_scope == 0 {
            return Ok(hits(Vec::new(), query, None));
        }
        let clubs = if query.sort == MemberSort::Club {
            self.clubs_in_order()?
        } else {
            Vec::new()
        };
        let by_name = query.sort == MemberSort::Name;
        let few = scope.filter(|scope| by_name && scope.len() <= SIDE_BY_SIDE);
        if let Some(scope) = few
            && (query.words.is_empty() || in_scope <= WALKED)
        {
            let plain = query.words.is_empty() && query.filter == MemberFilter::All;
            let rows = self.side_by_side(query, scope)?;
            return Ok(hits(rows, query, plain.then_some((in_scope, false))));
        }
        if let Some(scope) = scope
            && in_scope <= SMALL
        {
            let rows = self.whole(query, scope, &clubs, usize::MAX)?;
            return Ok(sorted(rows, query));
        }
        // Words that few of a club have are found by its own index; those that many have, soon in any order.
        if let Some(scope) = scope
            && !query.words.is_empty()
            && in_scope <= WALKED
        {
            let rows = self.whole(query, scope, &clubs, FEW + 1)?;
            if rows.len() <= FEW {
                return Ok(sorted(rows, query));
            }
        }
        if let Some(scope) = scope
            && query.words.is_empty()
            && scope.len() <= SIDE_BY_SIDE
            && let Some(hits) = self.rare_of_clubs(query, scope, &clubs)?
        {
            return Ok(hits);
        }
        if !query.words.is_empty()
            && let Some(hits) = self.by_words(query, &clubs)?
        {
            return Ok(hits);
        }
        if let Some(scope) = few {
            return Ok(hits(self.side_by_side(query, scope)?, query, None));
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
                Walk::of_connection(query.filter),
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

    /// All of a few members, at most so many of them.
    fn whole(
        &self,
        query: &MemberQuery,
        scope: &[Uuid],
        clubs: &[(String, Uuid)],
        most: usize,
    ) -> Result<Vec<MemberHit>> {
        let rest = Rest::of(&query.words, query.filter, None);
        let mut rows = Vec::new();
        for id in scope {
            let fixed = id.as_bytes().to_vec();
            let left = most - rows.len();
            let walk = Walk::of_connection(query.filter);
            rows.extend(self.walk(walk, Some(&fixed), None, &rest, query, left)?);
        }
        put_clubs(&mut rows, query, clubs);
        Ok(rows)
    }

    /// The edited members of some connections, or those who have left them, in another order than names: rarely many, so that all of
    /// them are put in order. None where they are many, or where the filter is another one.
    fn rare_of_clubs(
        &self,
        query: &MemberQuery,
        scope: &[Uuid],
        clubs: &[(String, Uuid)],
    ) -> Result<Option<MemberHits>> {
        if !matches!(query.filter, MemberFilter::Edited | MemberFilter::Left) {
            return Ok(None);
        }
        let mut places: Vec<MemberPlace> = Vec::new();
        for id in scope {
            let left = i64::try_from(RARE + 1 - places.len()).unwrap_or(i64::MAX);
            let key = match query.sort {
                MemberSort::Club => clubs.iter().find(|(_, one)| one == id),
                _ => None,
            };
            let found: Vec<MemberPlace> = self
                .connection
                .prepare_cached(&keys_sql(Walk::of_connection(query.filter)))
                .and_then(|mut statement| {
                    statement
                        .query_map((blob(id), left), |row| {
                            Ok(MemberPlace {
                                key: match query.sort {
                                    MemberSort::Born => row.get(2)?,
                                    MemberSort::Status => row.get(3)?,
                                    MemberSort::Name => String::new(),
                                    MemberSort::Club => {
                                        key.map(|(key, _)| key.clone()).unwrap_or_default()
                                    }
                                },
                                name: row.get(0)?,
                                id: id_at(row, 1)?,
                            })
                        })?
                        .collect()
                })
                .explain("read", self.path)?;
            places.extend(found);
            if places.len() > RARE {
                return Ok(None);
            }
        }
        let found = places.len() as u64;
        let rest = Rest::nothing();
        let rows = self.page_of(places, query, &rest)?;
        Ok(rows.map(|rows| hits(rows, query, Some((found, false)))))
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
            let walk = Walk::of_connection(query.filter);
            for mut hit in self.walk(walk, Some(&fixed), after, &rest, query, left)? {
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

#[cfg(test)]
mod tests;
