//! Finding members by their words: `member_word` is walked where that is the shorter way. A word says what lists filter by and are
//! ordered by, so that only those members are looked up that are shown.

use std::collections::{HashMap, HashSet};

use rusqlite::{OptionalExtension, ToSql};
use uuid::Uuid;

use super::Reader;
use super::member_find::COUNTED;
use super::member_hit::{MemberHit, MemberHits, MemberPlace, MemberQuery, hit, hits};
use super::member_walk::{COLUMNS, Rest, standing_of};
use super::member_word::{NamePlace, Needle, Next, Said, Streams};
use super::sqlite_error::SqliteResult;
use super::word::{blob, id_at};
use crate::error::Result;
use crate::view::{MemberFilter, MemberSort};

/// Members that are looked up one by one in vain, each two pages to decipher; an index that says what is asked is shorter for more.
const LOOKED_UP: usize = if cfg!(test) { 5 } else { 600 };
/// Members of words that are put in order; an index in the order that is asked for is shorter for more.
const GATHERED: usize = if cfg!(test) { 15 } else { 2_500 };
/// Members of words that a filter does not let pass, likewise.
const PASSED: usize = if cfg!(test) { 15 } else { 5_000 };

/// The ways of standing as words say them, by their number.
const STANDINGS: [&str; 4] = ["", "active", "inactive", "left"];

pub(super) const HOMES: &str = "SELECT number, connection_id FROM member_count";
pub(super) const HOME: &str = "SELECT number FROM member_count WHERE connection_id = ?1";

/// What a query asks of a member that a word says.
struct Fit {
    standing: Option<i64>,
    edited: bool,
    homes: Option<HashSet<i64>>,
}

impl Fit {
    fn fits(&self, said: Said) -> bool {
        let homes = self.homes.as_ref();
        self.standing.is_none_or(|wanted| said.stands / 2 == wanted)
            && (!self.edited || said.stands % 2 == 1)
            && homes.is_none_or(|homes| homes.contains(&said.home))
    }
}

impl Reader<'_> {
    /// By words; none where an index in order is the better way.
    pub(super) fn by_words(
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
        let rest = Rest::of(&looked_at, MemberFilter::All, None);
        let fit = self.fit(query)?;
        if query.sort == MemberSort::Name {
            return self.in_order_of_names(query, &mut walked, &fit, &rest);
        }
        self.gathered(query, &mut walked, &fit, &rest, clubs)
    }

    fn fit(&self, query: &MemberQuery) -> Result<Fit> {
        let homes = match &query.connections {
            Some(connections) => {
                let mut homes = HashSet::new();
                for id in connections {
                    let number: Option<i64> = self
                        .connection
                        .prepare_cached(HOME)
                        .and_then(|mut statement| {
                            statement.query_row([blob(id)], |row| row.get(0)).optional()
                        })
                        .explain("read", self.path)?;
                    homes.extend(number);
                }
                Some(homes)
            }
            None => None,
        };
        let standing = standing_of(query.filter);
        Ok(Fit {
            standing: standing
                .and_then(|wanted| STANDINGS.iter().position(|one| *one == wanted))
                .and_then(|place| i64::try_from(place).ok()),
            edited: query.filter == MemberFilter::Edited,
            homes,
        })
    }

    /// By name, from a place on. What words are so frequent that they are looked at, most have.
    fn in_order_of_names(
        &self,
        query: &MemberQuery,
        walked: &mut [Streams],
        fit: &Fit,
        rest: &Rest,
    ) -> Result<Option<MemberHits>> {
        let after = query.after.as_ref();
        let counts = after.is_none() && rest.is_nothing();
        let after: Option<NamePlace> = after.map(|place| (place.name.clone(), place.id));
        let (mut rows, mut counted, mut passed, mut in_vain) = (Vec::new(), 0_usize, 0_usize, 0);
        let mut is_long = false;
        let wanted = query.limit + 1;
        let is_whole = self.walk_words(walked, after, query.descending, |place, said| {
            if fit.fits(said) {
                counted += 1;
                if rows.len() < wanted {
                    match self.looked_at(place.1, rest, query.sort)? {
                        Some(hit) => rows.push(hit),
                        None => in_vain += 1,
                    }
                }
            } else {
                passed += 1;
            }
            let is_short = rows.len() < wanted;
            is_long = is_short && (in_vain > LOOKED_UP || passed > PASSED);
            Ok(if is_long {
                Next::Stop
            } else if is_short {
                Next::Wanted
            } else if counts && counted <= COUNTED && passed <= PASSED {
                Next::Counted
            } else {
                Next::Stop
            })
        })?;
        if is_long {
            return Ok(None);
        }
        let more = counted > COUNTED || passed > PASSED || !is_whole;
        let count = counts.then(|| (counted.min(COUNTED) as u64, more));
        Ok(Some(hits(rows, query, count)))
    }

    /// In another order: all whom the words have are put in order by what the words say; none if they are many.
    fn gathered(
        &self,
        query: &MemberQuery,
        walked: &mut [Streams],
        fit: &Fit,
        rest: &Rest,
        clubs: &[(String, Uuid)],
    ) -> Result<Option<MemberHits>> {
        let keys = self.club_keys(query, clubs)?;
        let mut places: Vec<MemberPlace> = Vec::new();
        let (mut passed, mut unsaid) = (0_usize, 0_usize);
        self.walk_words(walked, None, query.descending, |place, said| {
            if fit.fits(said) {
                let key = if let Some(key) = said_key(query.sort, said, &keys) {
                    key
                } else {
                    unsaid += 1;
                    let hit = self.looked_at(place.1, &Rest::nothing(), query.sort)?;
                    hit.map(|hit| hit.place.key).unwrap_or_default()
                };
                places.push(MemberPlace {
                    key,
                    name: place.0.clone(),
                    id: place.1,
                });
            } else {
                passed += 1;
            }
            let many = places.len() + passed > GATHERED || unsaid > LOOKED_UP;
            Ok(if many { Next::Stop } else { Next::Wanted })
        })?;
        if places.len() + passed > GATHERED || unsaid > LOOKED_UP {
            return Ok(None);
        }
        let count = rest.is_nothing().then_some((places.len() as u64, false));
        let rows = self.page_of(places, query, rest)?;
        Ok(rows.map(|rows| hits(rows, query, count)))
    }

    /// The page of a query out of these places, looked up. None where too many are looked up in vain.
    pub(super) fn page_of(
        &self,
        mut places: Vec<MemberPlace>,
        query: &MemberQuery,
        rest: &Rest,
    ) -> Result<Option<Vec<MemberHit>>> {
        if let Some(after) = &query.after {
            places.retain(|place| (place > after) != query.descending && place != after);
        }
        places.sort_unstable();
        if query.descending {
            places.reverse();
        }
        let (mut rows, mut in_vain) = (Vec::new(), 0_usize);
        for place in places {
            match self.looked_at(place.id, rest, query.sort)? {
                Some(mut hit) => {
                    hit.place = place;
                    rows.push(hit);
                }
                None => in_vain += 1,
            }
            if rows.len() > query.limit {
                break;
            }
            if in_vain > LOOKED_UP {
                return Ok(None);
            }
        }
        Ok(Some(rows))
    }

    /// Where a list by clubs puts the members of each connection, by its number.
    fn club_keys<'a>(
        &self,
        query: &MemberQuery,
        clubs: &'a [(String, Uuid)],
    ) -> Result<HashMap<i64, &'a str>> {
        if query.sort != MemberSort::Club {
            return Ok(HashMap::new());
        }
        let by_id: HashMap<Uuid, &str> = clubs.iter().map(|(key, id)| (*id, &**key)).collect();
        let homes: Vec<(i64, Uuid)> = self
            .connection
            .prepare_cached(HOMES)
            .and_then(|mut statement| {
                statement
                    .query_map([], |row| Ok((row.get(0)?, id_at(row, 1)?)))?
                    .collect()
            })
            .explain("read", self.path)?;
        let known = homes.into_iter();
        Ok(known
            .filter_map(|(number, id)| by_id.get(&id).map(|key| (number, *key)))
            .collect())
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
                statement
                    .query_row(values.as_slice(), |row| hit(row, sort))
                    .optional()
            })
            .explain("read", self.path)
    }
}

/// What a list is ordered by, as far as a word says it.
fn said_key(sort: MemberSort, said: Said, clubs: &HashMap<i64, &str>) -> Option<String> {
    match sort {
        MemberSort::Name => Some(String::new()),
        MemberSort::Born => said.born.map(|born| match born {
            0 => String::new(),
            _ => format!(
                "{:04}-{:02}-{:02}",
                born / 10_000,
                born / 100 % 100,
                born % 100
            ),
        }),
        MemberSort::Status => {
            let place = usize::try_from(said.stands / 2).ok()?;
            STANDINGS.get(place).map(|word| (*word).to_owned())
        }
        MemberSort::Club => clubs.get(&said.home).map(|key| (*key).to_owned()),
    }
}
