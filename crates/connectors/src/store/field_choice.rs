//! Table `field_choice`: whose value counts in a field of one club, whatever its connector's settings say.

use uuid::Uuid;

use super::sqlite_error::SqliteResult;
use super::word::{blob, word, word_at};
use super::{Reader, Writer};
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::members::MemberField;
use crate::view::{FieldChoiceView, FieldTake};

pub(super) const OF_CONNECTION: &str =
    "SELECT field, take, chosen_at FROM field_choice WHERE connection_id = ?1 ORDER BY field";

impl Reader<'_> {
    /// Whose value counts in which fields of a connection.
    pub fn field_choices(&self, connection_id: Uuid) -> Result<Vec<FieldChoiceView>> {
        self.connection
            .prepare_cached(OF_CONNECTION)
            .and_then(|mut statement| {
                statement
                    .query_map([blob(&connection_id)], |row| {
                        Ok(FieldChoiceView {
                            field: word_at(row, 0)?,
                            take: word_at(row, 1)?,
                            chosen_at: row.get(2)?,
                        })
                    })?
                    .collect()
            })
            .explain("read", self.path)
    }
}

impl Writer<'_> {
    /// Keeps whose value counts in a field; a newer choice takes the place of an older one.
    pub fn put_field_choice(
        &self,
        connection_id: Uuid,
        field: MemberField,
        take: FieldTake,
        now: UtcMillis,
    ) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO field_choice (connection_id, field, take, chosen_at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (connection_id, field) DO UPDATE SET take = excluded.take, chosen_at = excluded.chosen_at",
            )
            .and_then(|mut statement| {
                statement.execute((blob(&connection_id), word(&field), word(&take), now.0))
            })
            .explain("write", self.path)?;
        Ok(())
    }

    /// Forgets a choice. False where there is none.
    pub fn forget_field_choice(&self, connection_id: Uuid, field: MemberField) -> Result<bool> {
        self.connection
            .prepare_cached("DELETE FROM field_choice WHERE connection_id = ?1 AND field = ?2")
            .and_then(|mut statement| statement.execute((blob(&connection_id), word(&field))))
            .explain("write", self.path)
            .map(|gone| gone > 0)
    }
}
