//! Finding members by their words: `member_word` is walked where that is the shorter way, and members are looked up only where
//! few are to be.

use rusqlite::{OptionalExtension, ToSql};
use uuid::Uuid;

use super::Reader;
use super::member_find::{COUNTED, SIDE_BY_SIDE};
use super::member_hit::{MemberHit, MemberHits, MemberQuery, hit, hits, put_clubs, sorted};
use super::member_walk::{COLUMNS, Rest};
use super::member_word::{NamePlace, Needle, Next, Streams};
use super::sqlite_error::SqliteResult;
use crate::error::Result;
use crate::view::{MemberFilter, MemberSort};

/// Members that are looked up one by one, each two pages to decipher; an index that says what is asked is shorter for more.
const LOOKED_UP: usize = if cfg!(test) { 5 } else { 600 };
/// The same where the other way is an index in the order of something else than names, which is walked from one end.
pub(super) const GATHERED: usize = if cfg!(test) { 15 } else { 1_500 };

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
        let rest = Rest::of(&looked_at, query.filter, query.connections.as_deref());
        let is_plain = query.filter == MemberFilter::All && query.connections.is_none();
        if query.sort == MemberSort::Name && is_plain {
            return self.in_order_of_names(query, &mut walked, &rest).map(Some);
        }
        self.gathered(query, &mut walked, &rest, clubs)
    }

    /// By name, from a place on. What words are so frequent that they are looked at, most have.
    fn in_order_of_names(
        &self,
        query: &MemberQuery,
        walked: &mut [Streams],
        rest: &Rest,
    ) -> Result<MemberHits> {
        let after = query.after.as_ref();
        let counts = after.is_none() && rest.is_nothing();
        let after: Option<NamePlace> = after.map(|place| (place.name.clone(), place.id));
        let (mut rows, mut counted) = (Vec::new(), 0_usize);
        let wanted = query.limit + 1;
        let is_whole = self.walk_words(walked, after, query.descending, |place| {
            counted += 1;
            if rows.len() < wanted
                && let Some(hit) = self.looked_at(place.1, rest, query.sort)?
            {
                rows.push(hit);
            }
            Ok(if rows.len() < wanted {
                Next::Wanted
            } else if counts && counted <= COUNTED {
                Next::Counted
            } else {
                Next::Stop
            })
        })?;
        let more = counted > COUNTED || !is_whole;
        let count = counts.then(|| (counted.min(COUNTED) as u64, more));
        Ok(hits(rows, query, count))
    }

    /// All whom the words have, if they are few, looked up and put in order; none if they are many.
    fn gathered(
        &self,
        query: &MemberQuery,
        walked: &mut [Streams],
        rest: &Rest,
        clubs: &[(String, Uuid)],
    ) -> Result<Option<MemberHits>> {
        let by_name = query.sort == MemberSort::Name;
        let few_clubs = query.connections.as_ref();
        let few_clubs = few_clubs.is_none_or(|scope| scope.len() <= SIDE_BY_SIDE);
        let most = if by_name && few_clubs {
            LOOKED_UP
        } else {
            GATHERED
        };
        let mut places: Vec<Uuid> = Vec::new();
        self.walk_words(walked, None, query.descending, |place| {
            places.push(place.1);
            Ok(if places.len() <= most {
                Next::Wanted
            } else {
                Next::Stop
            })
        })?;
        if places.len() > most {
            return Ok(None);
        }
        // Members that came together stand together.
        places.sort_unstable();
        let mut rows = Vec::new();
        for id in places {
            rows.extend(self.looked_at(id, rest, query.sort)?);
        }
        put_clubs(&mut rows, query, clubs);
        Ok(Some(sorted(rows, query)))
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
