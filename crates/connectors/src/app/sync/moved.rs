//! Which members are no longer as a plan found them, and in which fields: what a person looks at before previewing again.

use super::applying::NAMED;
use super::row::{RowDetail, detail_of};
use super::{run_id, run_of};
use crate::app::App;
use crate::error::Result;
use crate::members::{MemberField, MemberValues};
use crate::store::Reader;
use crate::store::plan_row::{MovedMember, PlanRecord};
use crate::view::{MovedMemberView, MovedWhat, PlanMovedView};

impl App {
    /// Members of a plan that were changed since it was made, so that it can no longer be applied. None for a plan that fits, and
    /// for one that was applied.
    ///
    /// # Errors
    /// [`crate::error::Code::NotFound`] for a run that is not there.
    pub async fn sync_moved(&self, run: &str) -> Result<PlanMovedView> {
        self.see_plan(run).await?;
        let id = run_id(run)?;
        self.store()?
            .read(move |tx| {
                let run = run_of(tx, id)?;
                if run.applied_at.is_some() {
                    return Ok(PlanMovedView::default());
                }
                let mut moved = tx.plan_moved(run.id, run.connection_id, NAMED + 1)?;
                let named = usize::try_from(NAMED).unwrap_or(usize::MAX);
                let more = moved.len() > named;
                moved.truncate(named);
                let mut members = Vec::new();
                for one in moved {
                    let row = tx.plan_rows(run.id, one.number - 1, 1)?;
                    if let Some(row) = row.into_iter().find(|row| row.number == one.number) {
                        members.push(view(tx, one, &row)?);
                    }
                }
                Ok(PlanMovedView { members, more })
            })
            .await
    }
}

fn view(tx: &Reader<'_>, moved: MovedMember, row: &PlanRecord) -> Result<MovedMemberView> {
    let none = MemberValues::default();
    let planned = row.after.as_ref().or(row.remote.as_ref()).unwrap_or(&none);
    let present = match moved.member_id {
        Some(id) => tx.member(id)?,
        None => None,
    };
    let what = match (&present, moved.member_id) {
        (Some(member), _) => {
            let before = before(row, &detail_of(row)?);
            MovedWhat::Changed {
                fields: MemberField::ALL
                    .into_iter()
                    .filter(|field| member.current.get(*field) != before.get(*field))
                    .collect(),
            }
        }
        (None, Some(_)) => MovedWhat::Gone,
        (None, None) => MovedWhat::Came,
    };
    let of = |field| planned.get(field).unwrap_or_default();
    let name = format!(
        "{} {}",
        of(MemberField::FirstName),
        of(MemberField::LastName)
    );
    Ok(MovedMemberView {
        row: row.number,
        external_id: planned.get(MemberField::ExternalId).map(str::to_owned),
        name: name.trim().to_owned(),
        what,
    })
}

/// What the club had when the plan was made: what it would have afterwards, but for the fields that the plan changes.
fn before(row: &PlanRecord, detail: &RowDetail) -> MemberValues {
    let mut values = row.after.clone().unwrap_or_default();
    for field in &detail.fields {
        values.set(field.field, field.club.as_deref());
    }
    values
}
