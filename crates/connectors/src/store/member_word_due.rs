//! Table `member_word_due`: members whose words are not written yet. Triggers note every change of a member there; before its
//! transaction ends, the words of all of them are written at once, sorted, so that each page of `member_word` is touched once a
//! batch instead of once a word. There is no other way to write words, so none can be forgotten.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::Path;

use rusqlite::{OptionalExtension, Row};
use uuid::Uuid;

use super::connection::Connection;
use super::sqlite_error::SqliteResult;
use super::word::{blob, id_at};
use crate::error::Result;

/// The format that has the table as it is written here.
pub(super) const SINCE: u32 = 17;
/// Text of words that is sorted together, in bytes; with what sorts it about three times that in memory.
const TOGETHER: usize = if cfg!(test) { 256 } else { 1 << 20 };

pub(super) const ANY: &str = "SELECT 1 FROM member_word_due WHERE number > 0 LIMIT 1";
pub(super) const DUE: &str =
    "SELECT d.member_id, d.name_key, d.search_key, d.connection_id, d.more,
        m.name_key, m.search_key, m.found_born, m.found_as
    FROM member_word_due d LEFT JOIN member m ON m.id = d.member_id
    WHERE d.number > 0 ORDER BY d.number";

/// Words to write and to take out, as one text that is sorted by its parts.
#[derive(Default)]
struct Batch {
    text: String,
    words: Vec<Due>,
}

/// One word of one member.
struct Due {
    /// Where the word stands in the text.
    word: (u32, u32),
    /// Where the name's key stands.
    name: (u32, u32),
    id: Uuid,
    /// What is said with it; none where the word goes.
    says: Option<Says>,
}

/// What a word says of its member.
#[derive(Clone, Copy)]
struct Says {
    born: Option<i64>,
    stands: i64,
    home: i64,
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
    for (connection_id, more) in settle_words(connection, path)? {
        connection
            .prepare_cached(
                "UPDATE member_count SET members = members + ?2 WHERE connection_id = ?1",
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
    let mut homes: HashMap<Uuid, i64> = HashMap::new();
    let mut batch = Batch::default();
    let mut statement = connection.prepare_cached(DUE).explain("write", path)?;
    let mut rows = statement.query([]).explain("write", path)?;
    while let Some(row) = rows.next().explain("write", path)? {
        let connection_id = id_at(row, 3).explain("write", path)?;
        let home = match homes.entry(connection_id) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => *new.insert(home_of(connection, path, connection_id)?),
        };
        let noted = batch.note(row, home).explain("write", path)?;
        *more.entry(connection_id).or_default() += noted;
        if batch.text.len() >= TOGETHER {
            batch.write(connection, path)?;
        }
    }
    batch.write(connection, path)?;
    more.retain(|_, more| *more != 0);
    Ok(more)
}

/// The number of a connection among all that ever had a member.
fn home_of(connection: &Connection, path: &Path, id: Uuid) -> Result<i64> {
    connection
        .prepare_cached(
            "INSERT OR IGNORE INTO member_count (connection_id, members, number)
             VALUES (?1, 0, (SELECT coalesce(max(number), 0) + 1 FROM member_count))",
        )
        .and_then(|mut statement| statement.execute([blob(&id)]))
        .explain("write", path)?;
    connection
        .prepare_cached("SELECT number FROM member_count WHERE connection_id = ?1")
        .and_then(|mut statement| statement.query_row([blob(&id)], |row| row.get(0)))
        .explain("read", path)
}

impl Batch {
    /// Notes the words of one row that is due, and answers how many members its connection has more.
    fn note(&mut self, row: &Row<'_>, home: i64) -> rusqlite::Result<i64> {
        let before = (row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_str()?);
        let name = row.get_ref(5)?.as_str_or_null()?;
        let search = row.get_ref(6)?.as_str_or_null()?;
        let now = match name.zip(search) {
            Some((name, search)) => {
                let says = Says {
                    born: row.get(7)?,
                    stands: row.get(8)?,
                    home,
                };
                Some((name, search, says))
            }
            None => None,
        };
        self.differences(id_at(row, 0)?, before, now);
        row.get(4)
    }

    /// Notes the words that a member had and has no more, and all that it has now: what they say may have changed.
    fn differences(&mut self, id: Uuid, before: (&str, &str), now: Option<(&str, &str, Says)>) {
        for word in words(before.1) {
            let stays = now.is_some_and(|(name, search, _)| {
                name == before.0 && words(search).any(|one| one == word)
            });
            if !stays {
                self.push(word, before.0, id, None);
            }
        }
        let Some((name, search, says)) = now else {
            return;
        };
        for word in words(search) {
            self.push(word, name, id, Some(says));
        }
    }

    fn push(&mut self, word: &str, name: &str, id: Uuid, says: Option<Says>) {
        let word = self.keep(word);
        // The words of one member follow each other.
        let name = match self.words.last() {
            Some(last) if last.id == id && self.part(last.name) == name => last.name,
            _ => self.keep(name),
        };
        self.words.push(Due {
            word,
            name,
            id,
            says,
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
            let key = |one: &Due| (one.word, one.name, one.id);
            self.part(a.word)
                .cmp(self.part(b.word))
                .then_with(|| self.part(a.name).cmp(self.part(b.name)))
                .then_with(|| key(a).cmp(&key(b)))
        });
        let mut come = connection
            .prepare_cached(
                "INSERT OR REPLACE INTO member_word (word, name_key, member_id, born, stands, home)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )
            .explain("write", path)?;
        let mut go = connection
            .prepare_cached(
                "DELETE FROM member_word WHERE word = ?1 AND name_key = ?2 AND member_id = ?3",
            )
            .explain("write", path)?;
        for one in &words {
            let (word, name, id) = (self.part(one.word), self.part(one.name), blob(&one.id));
            match one.says {
                Some(says) => come.execute((word, name, id, says.born, says.stands, says.home)),
                None => go.execute((word, name, id)),
            }
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
