//! Table `member_word_due`: members whose words are not written yet. Triggers note every change of a member there; before its
//! transaction ends, the words of all of them are written at once, sorted, so that each page of `member_word` is touched once a
//! batch instead of once a word. There is no other way to write words, so none can be forgotten.

use std::collections::HashMap;
use std::path::Path;

use rusqlite::OptionalExtension;
use uuid::Uuid;

use super::connection::Connection;
use super::sqlite_error::SqliteResult;
use super::word::{blob, id_at};
use crate::error::Result;

/// The format that has the table.
pub(super) const SINCE: u32 = 13;
/// Text of words that is sorted together, in bytes; with what sorts it about three times that in memory.
const TOGETHER: usize = if cfg!(test) { 256 } else { 1 << 20 };

pub(super) const ANY: &str = "SELECT 1 FROM member_word_due WHERE number > 0 LIMIT 1";
pub(super) const DUE: &str =
    "SELECT d.member_id, d.name_key, d.search_key, d.connection_id, d.more,
        m.name_key, m.search_key
    FROM member_word_due d LEFT JOIN member m ON m.id = d.member_id
    WHERE d.number > 0 ORDER BY d.number";

/// Words to write and to take out, as one text that is sorted by its parts.
#[derive(Default)]
struct Batch {
    text: String,
    words: Vec<Entry>,
}

/// One word of one member.
struct Entry {
    /// Where the word stands in the text.
    word: (u32, u32),
    /// Where the name's key stands.
    name: (u32, u32),
    id: Uuid,
    goes: bool,
}

/// Writes the words and the numbers of members that a transaction has left to do. Nothing is left afterwards.
pub(super) fn settle(connection: &Connection, path: &Path) -> Result<()> {
    let any: Option<i64> = connection
        .prepare_cached(ANY)
        .and_then(|mut statement| statement.query_row([], |row| row.get(0)).optional())
        .explain("write", path)?;
    if any.is_none() {
        return Ok(());
    }
    let more = settle_words(connection, path)?;
    for (connection_id, more) in more {
        connection
            .prepare_cached(
                "INSERT INTO member_count (connection_id, members) VALUES (?1, ?2)
                 ON CONFLICT (connection_id) DO UPDATE SET members = members + excluded.members",
            )
            .and_then(|mut statement| statement.execute((blob(&connection_id), more)))
            .explain("write", path)?;
    }
    connection
        .execute("DELETE FROM member_word_due", [])
        .explain("write", path)?;
    Ok(())
}

/// Each member's words become those of its row, whatever happened to it in between and however often: what is taken out is never
/// one that it has, and what is written is never one that it lacks. How many members each connection has more.
fn settle_words(connection: &Connection, path: &Path) -> Result<HashMap<Uuid, i64>> {
    let mut more: HashMap<Uuid, i64> = HashMap::new();
    let mut batch = Batch::default();
    let mut statement = connection.prepare_cached(DUE).explain("write", path)?;
    let mut rows = statement.query([]).explain("write", path)?;
    while let Some(row) = rows.next().explain("write", path)? {
        let id = id_at(row, 0).explain("write", path)?;
        let texts = (|| {
            let before = (row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_str()?);
            let name = row.get_ref(5)?.as_str_or_null()?;
            let search = row.get_ref(6)?.as_str_or_null()?;
            *more.entry(id_at(row, 3)?).or_default() += row.get::<_, i64>(4)?;
            Ok((before, name.zip(search)))
        })();
        let (before, now) = texts.explain("write", path)?;
        batch.differences(id, before, now);
        if batch.text.len() >= TOGETHER {
            batch.write(connection, path)?;
        }
    }
    batch.write(connection, path)?;
    more.retain(|_, more| *more != 0);
    Ok(more)
}

impl Batch {
    /// Notes the words that a member had and has no more, and those that it has now and had not.
    fn differences(&mut self, id: Uuid, before: (&str, &str), now: Option<(&str, &str)>) {
        let same_name = now.is_some_and(|(name, _)| name == before.0);
        let has = |(_, search): (&str, &str), word: &str| words(search).any(|one| one == word);
        for word in words(before.1) {
            if !(same_name && now.is_some_and(|now| has(now, word))) {
                self.push(word, before.0, id, true);
            }
        }
        let Some(now) = now else { return };
        for word in words(now.1) {
            if !(same_name && has(before, word)) {
                self.push(word, now.0, id, false);
            }
        }
    }

    fn push(&mut self, word: &str, name: &str, id: Uuid, goes: bool) {
        let word = self.keep(word);
        // The words of one member follow each other.
        let name = match self.words.last() {
            Some(last) if last.id == id && self.part(last.name) == name => last.name,
            _ => self.keep(name),
        };
        self.words.push(Entry {
            word,
            name,
            id,
            goes,
        });
    }

    fn keep(&mut self, text: &str) -> (u32, u32) {
        let start = self.text.len();
        self.text.push_str(text);
        // A batch ends long before 4 GiB.
        (
            u32::try_from(start).unwrap_or(u32::MAX),
            u32::try_from(text.len()).unwrap_or(u32::MAX),
        )
    }

    fn part(&self, (start, length): (u32, u32)) -> &str {
        let start = start as usize;
        self.text
            .get(start..start + length as usize)
            .unwrap_or_default()
    }

    /// Writes what is noted, in the order in which it stands in the table.
    fn write(&mut self, connection: &Connection, path: &Path) -> Result<()> {
        let mut words = std::mem::take(&mut self.words);
        words.sort_unstable_by(|a, b| {
            let key = |one: &Entry| (one.word, one.name, one.id);
            self.part(a.word)
                .cmp(self.part(b.word))
                .then_with(|| self.part(a.name).cmp(self.part(b.name)))
                .then_with(|| key(a).cmp(&key(b)))
        });
        let mut come = connection
            .prepare_cached(
                "INSERT OR IGNORE INTO member_word (word, name_key, member_id) VALUES (?1, ?2, ?3)",
            )
            .explain("write", path)?;
        let mut go = connection
            .prepare_cached(
                "DELETE FROM member_word WHERE word = ?1 AND name_key = ?2 AND member_id = ?3",
            )
            .explain("write", path)?;
        for one in &words {
            let statement = if one.goes { &mut go } else { &mut come };
            statement
                .execute((self.part(one.word), self.part(one.name), blob(&one.id)))
                .explain("write", path)?;
        }
        words.clear();
        self.words = words;
        self.text.clear();
        Ok(())
    }
}

/// The words of a search key.
fn words(search: &str) -> impl Iterator<Item = &str> {
    search.split(' ').filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests;
