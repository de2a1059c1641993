//! Table `member_word`: the words of members, each word's members in the order of their names. Members that have all words of a
//! query are found by walking the words side by side, each skipping to where the others stand: nothing is sorted, and what two
//! frequent words do not share is passed over. The rows are kept by triggers.

use std::cmp::Ordering;
use std::collections::VecDeque;

use rusqlite::Row;
use uuid::Uuid;

use super::Reader;
use super::sqlite_error::SqliteResult;
use super::word::{blob, id_at};
use crate::error::Result;

/// A member's place in the order of names.
pub(super) type NamePlace = (String, Uuid);

/// What a word says of its member (format 17), so that who is passed over is not looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Said {
    /// The birth date as a number, 20110409; 0 where there is none, none where no number can say it.
    pub(super) born: Option<i64>,
    /// How the member stands, twice, and one more where the club differs from the federation.
    pub(super) stands: i64,
    /// The number of its connection.
    pub(super) home: i64,
}

/// Members of a beginning of words that are read at once and kept sorted.
const KEPT: usize = if cfg!(test) { 12 } else { 4_000 };
/// Whole words that are walked side by side for one beginning.
const WALKED: usize = if cfg!(test) { 4 } else { 16 };
/// Reads of words after which members are no longer counted: each is a page or two to decipher.
const SEEKS: usize = if cfg!(test) { 60 } else { 300 };
/// Rows read together, and as many as that where a word is read on and on.
const BATCH: usize = if cfg!(test) { 3 } else { 32 };
const MOST: usize = if cfg!(test) { 6 } else { 512 };

pub(super) const KEPT_ROWS: &str = "SELECT name_key, member_id, born, stands, home FROM member_word WHERE word >= ?1 AND word < ?2 LIMIT ?3";
pub(super) const NEXT_WORD: &str =
    "SELECT word FROM member_word WHERE word > ?1 AND word < ?2 ORDER BY word LIMIT 1";
pub(super) const FIRST_WORD: &str =
    "SELECT word FROM member_word WHERE word >= ?1 AND word < ?2 ORDER BY word LIMIT 1";

pub(super) fn seek_sql(strictly: bool, descending: bool) -> String {
    let (sign, order) = if descending {
        ("<", " DESC")
    } else {
        (">", "")
    };
    let equal = if strictly { "" } else { "=" };
    format!(
        "SELECT name_key, member_id, born, stands, home FROM member_word
         WHERE word = ?1 AND (name_key, member_id) {sign}{equal} (?2, ?3)
         ORDER BY name_key{order}, member_id{order} LIMIT ?4"
    )
}

fn member_at(row: &Row<'_>) -> rusqlite::Result<(NamePlace, Said)> {
    let said = Said {
        born: row.get(2)?,
        stands: row.get(3)?,
        home: row.get(4)?,
    };
    Ok(((row.get(0)?, id_at(row, 1)?), said))
}

/// How the members of one beginning of words are found.
pub(super) enum Needle {
    /// Nobody has such a word.
    Nobody,
    /// So many words that members are rather looked at one by one.
    Everywhere,
    /// Walked in order.
    Walked(Streams),
}

/// The members of one beginning of words, in order.
pub(super) struct Streams(Vec<Stream>);

struct Stream {
    /// None: all its rows are in the buffer.
    word: Option<String>,
    buffer: VecDeque<(NamePlace, Said)>,
    ended: bool,
    /// Rows that are read next.
    batch: usize,
}

/// What a walk does after a member was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// More are wanted, however long it takes.
    Wanted,
    /// More are only counted, while that is quick.
    Counted,
    /// It ends.
    Stop,
}

/// Where a walk goes on.
#[derive(Clone)]
struct Target {
    place: NamePlace,
    /// Past it, not at it.
    strictly: bool,
}

impl Reader<'_> {
    /// How members with a word that begins so are found.
    pub(super) fn needle(&self, beginning: &str, descending: bool) -> Result<Needle> {
        let end = format!("{beginning}\u{10ffff}");
        let limit = i64::try_from(KEPT + 1).unwrap_or(i64::MAX);
        let mut rows: Vec<(NamePlace, Said)> = self
            .connection
            .prepare_cached(KEPT_ROWS)
            .and_then(|mut statement| {
                statement
                    .query_map((beginning, &end, limit), member_at)?
                    .collect()
            })
            .explain("read", self.path)?;
        if rows.is_empty() {
            return Ok(Needle::Nobody);
        }
        if rows.len() <= KEPT {
            rows.sort_unstable_by(|a, b| a.0.cmp(&b.0));
            rows.dedup_by(|a, b| a.0 == b.0);
            if descending {
                rows.reverse();
            }
            return Ok(Needle::Walked(Streams(vec![Stream {
                word: None,
                buffer: rows.into(),
                ended: true,
                batch: BATCH,
            }])));
        }
        let mut streams: Vec<Stream> = Vec::new();
        let mut next = self.word_after(FIRST_WORD, beginning, &end)?;
        while let Some(word) = next {
            if streams.len() == WALKED {
                return Ok(Needle::Everywhere);
            }
            next = self.word_after(NEXT_WORD, &word, &end)?;
            streams.push(Stream {
                word: Some(word),
                buffer: VecDeque::new(),
                ended: false,
                batch: BATCH,
            });
        }
        Ok(Needle::Walked(Streams(streams)))
    }

    fn word_after(&self, sql: &str, from: &str, end: &str) -> Result<Option<String>> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| {
                let mut rows = statement.query((from, end))?;
                rows.next()?.map(|row| row.get(0)).transpose()
            })
            .explain("read", self.path)
    }

    /// Calls `found` for each member whom all needles have, in the order of names from past a place, until it says stop. Whether
    /// the walk came to its end, and was not given up because counting took long.
    pub(super) fn walk_words(
        &self,
        needles: &mut [Streams],
        after: Option<NamePlace>,
        descending: bool,
        mut found: impl FnMut(&NamePlace, Said) -> Result<Next>,
    ) -> Result<bool> {
        let mut target = Target {
            place: after.unwrap_or_else(|| start(descending)),
            strictly: true,
        };
        let (mut next, mut seeks) = (Next::Wanted, 0_usize);
        loop {
            if next == Next::Counted && seeks > SEEKS {
                return Ok(false);
            }
            let mut agreed: Option<(NamePlace, Said)> = None;
            let mut all = true;
            for needle in needles.iter_mut() {
                let Some((place, said)) = needle.seek(self, &target, descending, &mut seeks)?
                else {
                    return Ok(true);
                };
                if agreed.as_ref().is_some_and(|(other, _)| *other != place) {
                    all = false;
                }
                target = Target {
                    place: place.clone(),
                    strictly: false,
                };
                agreed = Some((place, said));
            }
            let Some((place, said)) = agreed else {
                return Ok(true);
            };
            if all {
                next = found(&place, said)?;
                if next == Next::Stop {
                    return Ok(true);
                }
                target.strictly = true;
            }
        }
    }
}

/// Before every place.
pub(super) fn start(descending: bool) -> NamePlace {
    if descending {
        ("\u{10ffff}".to_owned(), Uuid::max())
    } else {
        (String::new(), Uuid::nil())
    }
}

fn order(a: &NamePlace, b: &NamePlace, descending: bool) -> Ordering {
    let order = a.cmp(b);
    if descending { order.reverse() } else { order }
}

impl Streams {
    fn seek(
        &mut self,
        reader: &Reader<'_>,
        target: &Target,
        descending: bool,
        seeks: &mut usize,
    ) -> Result<Option<(NamePlace, Said)>> {
        let mut first: Option<&(NamePlace, Said)> = None;
        for stream in &mut self.0 {
            if let Some(row) = stream.seek(reader, target, descending, seeks)?
                && first.is_none_or(|(first, _)| order(&row.0, first, descending).is_lt())
            {
                first = Some(row);
            }
        }
        Ok(first.cloned())
    }
}

impl Stream {
    fn seek(
        &mut self,
        reader: &Reader<'_>,
        target: &Target,
        descending: bool,
        seeks: &mut usize,
    ) -> Result<Option<&(NamePlace, Said)>> {
        let is_before =
            |(place, _): &(NamePlace, Said)| match order(place, &target.place, descending) {
                Ordering::Less => true,
                Ordering::Equal => target.strictly,
                Ordering::Greater => false,
            };
        if self.buffer.len() > 1 && self.buffer.back().is_some_and(is_before) {
            // It is skipped through: what is read ahead is read in vain.
            self.buffer.clear();
            self.batch = BATCH;
        } else {
            while self.buffer.front().is_some_and(is_before) {
                self.buffer.pop_front();
            }
        }
        if self.buffer.is_empty()
            && !self.ended
            && let Some(word) = &self.word
        {
            let (name, id) = &target.place;
            *seeks += 1;
            let limit = i64::try_from(self.batch).unwrap_or(i64::MAX);
            let rows: Vec<(NamePlace, Said)> = reader
                .connection
                .prepare_cached(&seek_sql(target.strictly, descending))
                .and_then(|mut statement| {
                    statement
                        .query_map((word, name, blob(id), limit), member_at)?
                        .collect()
                })
                .explain("read", reader.path)?;
            self.ended = rows.len() < self.batch;
            self.batch = (2 * self.batch).min(MOST);
            self.buffer = rows.into();
        }
        Ok(self.buffer.front())
    }
}

#[cfg(test)]
mod tests;
