//! Table `conflict_decision`: what a person decided about a field of a member. When one holds is decided in `sync/rules.rs`.

use rusqlite::named_params;
use uuid::Uuid;

use super::sqlite_error::SqliteResult;
use super::word::{blob, word, word_at};
use super::{Reader, Writer};
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::members::MemberField;
use crate::sync::rules::{Remembered, Take};

impl Reader<'_> {
    /// What was decided about a member.
    pub fn decisions_about(&self, member_id: Uuid) -> Result<Vec<Remembered>> {
        let dated = self.dated_decisions_about(member_id)?;
        Ok(dated.into_iter().map(|(decision, _)| decision).collect())
    }

    /// The same, each with when.
    pub fn dated_decisions_about(&self, member_id: Uuid) -> Result<Vec<(Remembered, UtcMillis)>> {
        self.connection
            .prepare_cached(
                "SELECT field, take, value, federation, club, decided_at FROM conflict_decision
                 WHERE member_id = ?1 ORDER BY field",
            )
            .and_then(|mut statement| {
                statement
                    .query_map([blob(&member_id)], |row| {
                        let field: MemberField = word_at(row, 0)?;
                        let take = match row.get_ref(1)?.as_str()? {
                            "federation" => Take::Federation,
                            "club" => Take::Club,
                            _ => {
                                let value: Option<String> = row.get(2)?;
                                Take::Value(value.unwrap_or_default().into())
                            }
                        };
                        let federation: Option<String> = row.get(3)?;
                        let club: Option<String> = row.get(4)?;
                        let decision =
                            Remembered::new(field, take, federation.as_deref(), club.as_deref());
                        Ok((decision, UtcMillis(row.get(5)?)))
                    })?
                    .collect()
            })
            .explain("read", self.path)
    }
}

impl Writer<'_> {
    /// Keeps a decision; a newer one about the same field takes its place.
    pub fn put_decision(
        &self,
        member_id: Uuid,
        decision: &Remembered,
        now: UtcMillis,
    ) -> Result<()> {
        let (take, value) = match decision.take() {
            Take::Federation => ("federation", None),
            Take::Club => ("club", None),
            Take::Value(value) => ("value", Some(&**value)),
        };
        self.connection
            .prepare_cached(
                "INSERT INTO conflict_decision (member_id, field, take, value, federation, club, decided_at)
                 VALUES (:member, :field, :take, :value, :federation, :club, :now)
                 ON CONFLICT (member_id, field) DO UPDATE SET take = excluded.take,
                     value = excluded.value, federation = excluded.federation, club = excluded.club,
                     decided_at = excluded.decided_at",
            )
            .and_then(|mut statement| {
                statement.execute(named_params! {
                    ":member": blob(&member_id), ":field": word(&decision.field()), ":take": take,
                    ":value": value, ":federation": decision.federation(), ":club": decision.club(),
                    ":now": now.0,
                })
            })
            .explain("write", self.path)?;
        Ok(())
    }
}
