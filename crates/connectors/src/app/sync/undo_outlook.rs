//! What an undo would do, said before it is done; and the members of a run, to choose from.

use uuid::Uuid;

use super::looking::{checked, cut};
use super::{run_id, run_of};
use crate::app::App;
use crate::error::{Code, Error, FieldRule, Result};
use crate::members::MemberField;
use crate::store::plan_row::PlanKind;
use crate::store::sync_run::RunState;
use crate::store::undo_row::{UNDO_DAYS, UndoMember};
use crate::view::{UndoMemberView, UndoMembersView, UndoOutlookView, UndoView};

/// Members named at most that would stay.
const NAMED: usize = 100;

impl App {
    /// Undoes a run for the members with these identifiers, or for all where none are given.
    ///
    /// # Errors
    /// As [`App::sync_undo`]; [`Code::NotFound`] for what is no identifier.
    pub async fn sync_undo_chosen(
        &self,
        run: &str,
        members: Option<&[String]>,
    ) -> Result<UndoView> {
        self.see_plan(run).await?;
        let Some(members) = members else {
            return self.sync_undo(run, None).await;
        };
        let ids = members
            .iter()
            .map(|id| Uuid::parse_str(id).map_err(|_| no_member()))
            .collect::<Result<Vec<_>>>()?;
        self.sync_undo(run, Some(&ids)).await
    }

    /// What undoing a run would do.
    ///
    /// # Errors
    /// [`Code::NotFound`].
    pub async fn sync_undo_outlook(&self, run: &str) -> Result<UndoOutlookView> {
        self.see_plan(run).await?;
        let id = run_id(run)?;
        let now = self.now();
        self.store()?
            .read(move |tx| {
                let run = run_of(tx, id)?;
                let until = run.applied_at.map(|at| at.plus_days(UNDO_DAYS));
                let until = until.filter(|until| {
                    *until > now && matches!(run.state, RunState::Applied | RunState::PartlyUndone)
                });
                let outlook = tx.undo_outlook(id)?;
                let mut edited_later = Vec::new();
                for member in outlook.edited_later.iter().take(NAMED) {
                    if let Some(member) = tx.undo_member_of(id, *member)? {
                        edited_later.push(member_view(&member));
                    }
                }
                Ok(UndoOutlookView {
                    can: outlook.can.len() as u64,
                    edited_later,
                    edited_later_count: outlook.edited_later.len() as u64,
                    until: until.map(|until| until.0),
                })
            })
            .await
    }

    /// Members that a run changed, by what it did and then by name. `after` is what the page before said about its next one.
    ///
    /// # Errors
    /// [`Code::NotFound`]; fields `after` and `limit`.
    pub async fn sync_undo_members(
        &self,
        run: &str,
        after: Option<&str>,
        limit: u32,
    ) -> Result<UndoMembersView> {
        self.see_plan(run).await?;
        let (id, limit) = (run_id(run)?, checked(limit)?);
        let after = after.map(place).transpose()?;
        self.store()?
            .read(move |tx| {
                run_of(tx, id)?;
                let from = after
                    .as_ref()
                    .map(|(kind, name, number)| (*kind, name.as_str(), *number));
                let mut rows = tx.undo_members(id, from, limit + 1)?;
                let next = cut(&mut rows, limit).map(|last| {
                    let (name, number) = &last.place;
                    format!("{}.{number}.{name}", kind_word(last.kind))
                });
                Ok(UndoMembersView {
                    rows: rows.iter().map(member_view).collect(),
                    next,
                })
            })
            .await
    }

    /// The members of a run with the federation's identifiers `ids`.
    ///
    /// # Errors
    /// [`Code::NotFound`] where the run changed nobody of that identifier.
    pub async fn sync_undo_find(&self, run: &str, ids: &[String]) -> Result<Vec<Uuid>> {
        self.see_plan(run).await?;
        let id = run_id(run)?;
        let ids = ids.to_vec();
        self.store()?
            .read(move |tx| {
                run_of(tx, id)?;
                let mut found = Vec::new();
                for external in &ids {
                    let member = match tx.plan_row_by_external(id, external.trim())? {
                        Some(row) => row.member_id,
                        None => None,
                    };
                    let changed = match member {
                        Some(member) => tx.undo_member_of(id, member)?,
                        None => None,
                    };
                    found.push(changed.ok_or_else(no_member)?.member_id);
                }
                Ok(found)
            })
            .await
    }
}

fn no_member() -> Error {
    Error::refused(
        Code::NotFound,
        "the run changed no member with one of these identifiers; nothing was undone".to_owned(),
    )
}

fn member_view(member: &UndoMember) -> UndoMemberView {
    let names = [MemberField::FirstName, MemberField::LastName];
    let names: Vec<&str> = names
        .into_iter()
        .filter_map(|field| member.values.get(field))
        .collect();
    UndoMemberView {
        member_id: member.member_id.to_string(),
        name: names.join(" "),
        external_id: member
            .values
            .get(MemberField::ExternalId)
            .map(str::to_owned),
        kind: member.kind,
        undone: member.undone,
        can: member.as_left && !member.undone,
    }
}

fn kind_word(kind: PlanKind) -> String {
    match serde_json::to_value(kind) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

fn place(text: &str) -> Result<(PlanKind, String, i64)> {
    let broken = || {
        Error::field(
            "after",
            FieldRule::Pattern,
            "must be what the page before gave",
        )
    };
    let mut parts = text.splitn(3, '.');
    let mut part = || parts.next().ok_or_else(broken);
    let (kind, number, name) = (part()?, part()?, part()?);
    let kind =
        serde_json::from_value(serde_json::Value::String(kind.to_owned())).map_err(|_| broken())?;
    Ok((kind, name.to_owned(), number.parse().map_err(|_| broken())?))
}
