//! What a person decides for this plan and all later ones: who is who, and whose value counts in a field of a club. What was
//! decided can be looked at and forgotten.

use uuid::Uuid;

use super::planner::Planner;
use super::row::{RowDetail, detail_of, plan_hash};
use super::rules::silent_in_row;
use super::{about_run, run_id, run_of};
use crate::app::App;
use crate::app::members::{member_view, no_member};
use crate::app::standing::settle_state_of_club;
use crate::audit::{AuditWhat, Entry};
use crate::error::{Code, Error, FieldRule, Result};
use crate::members::MemberField;
use crate::store::Reader;
use crate::store::match_choice::MatchChoiceRecord;
use crate::store::plan_row::{PlanKind, PlanRecord};
use crate::store::sync_run::{RunRecord, RunState};
use crate::sync::hash::PlanHash;
use crate::sync::kept_out::kept_out_key;
use crate::sync::match_choice::MatchChoice;
use crate::sync::people::Settled;
use crate::view::{
    ClubChoicesView, FieldTake, MatchAs, MatchChoiceView, ProposedMemberView, RunView,
    SyncMatchRequest,
};

use super::looking::run_view;

impl App {
    /// The members that a record of a plan may be of, as they are now. None for a row that proposes nobody.
    ///
    /// # Errors
    /// [`Code::NotFound`] for a run or a row that is not there.
    pub async fn sync_proposed(&self, run: &str, row: i64) -> Result<Vec<ProposedMemberView>> {
        self.see_plan(run).await?;
        let id = run_id(run)?;
        self.store()?
            .read(move |tx| {
                let run = run_of(tx, id)?;
                let detail = detail_of(&row_of(tx, run.id, row)?)?;
                let mut found = Vec::new();
                for one in &detail.proposed {
                    // Who is gone meanwhile can no longer be chosen.
                    if let Some(member) = tx.member(one.member)? {
                        found.push(ProposedMemberView {
                            member: member_view(&member),
                            matched: one.matched || is_matched(tx, &run, one.member)?,
                        });
                    }
                }
                Ok(found)
            })
            .await
    }

    /// Decides whose a record is of which the plan cannot tell. It counts for the present plan at once and for later ones: the
    /// record is known by its identifier, or else by names and date of birth, of which only a digest is kept.
    ///
    /// # Errors
    /// [`Code::NotFound`] where the row is not there or proposes nobody; [`Code::Invalid`] for a member that it does not propose;
    /// [`Code::ChangedMeanwhile`] where the plan can no longer be applied.
    pub async fn sync_match(&self, request: SyncMatchRequest) -> Result<RunView> {
        self.see_plan(&request.run).await?;
        let id = run_id(&request.run)?;
        let act = self.act();
        let choice = match &request.choice {
            MatchAs::Member { member_id } => {
                MatchChoice::Member(Uuid::parse_str(member_id.trim()).map_err(|_| no_member())?)
            }
            MatchAs::New => MatchChoice::New(act.id()?),
            MatchAs::Leave => MatchChoice::Leave,
        };
        let rules = self.rules_of_run(id).await?;
        let run = self
            .store()?
            .write(move |tx| {
                let run = run_of(tx, id)?;
                if !matches!(run.state, RunState::Planned | RunState::Held) {
                    return Err(Error::refused(
                        Code::ChangedMeanwhile,
                        "this plan can no longer be applied; preview again".to_owned(),
                    ));
                }
                let row = row_of(tx, id, request.row)?;
                let detail = detail_of(&row)?;
                let key = row
                    .remote
                    .as_ref()
                    .and_then(|remote| kept_out_key(run.connection_id, remote));
                let (Some(key), true) = (key, asks(&row, &detail)) else {
                    return Err(nothing_to_choose());
                };
                let member = match choice {
                    MatchChoice::Member(wanted) => Some(proposed(tx, &run, &detail, wanted)?),
                    MatchChoice::New(_) | MatchChoice::Leave => None,
                };
                let entry = about_run(tx, AuditWhat::MatchDecided, &run)?.word(choice.as_str());
                act.audit(
                    tx,
                    match choice {
                        MatchChoice::Member(id) => entry.member(id),
                        MatchChoice::New(_) | MatchChoice::Leave => entry,
                    },
                )?;
                tx.put_match_choice(&MatchChoiceRecord {
                    connection_id: run.connection_id,
                    key,
                    choice,
                    run_id: run.id,
                    chosen_at: act.now,
                })?;
                let ids = act.clone();
                let mut planner = Planner::again(
                    run.connection_id,
                    run.id,
                    rules,
                    act.now,
                    Box::new(move || ids.id()),
                    (row.number, run.counts),
                )
                .silent_about(silent_in_row(&run, &detail));
                let member = member.as_ref().map(|(member, settled)| (member, *settled));
                let step = planner.decide_problem(tx, &row, detail, &choice, member)?;
                tx.delete_plan_row(run.id, row.number)?;
                tx.insert_plan_rows(run.id, &step.rows)?;
                let run = RunRecord {
                    counts: planner.counts(),
                    hash: Some(plan_hash(tx, id)?),
                    ..run
                };
                tx.put_run(&run)?;
                settle_state_of_club(tx, run.connection_id)?;
                Ok(run)
            })
            .await?;
        Ok(run_view(&run))
    }

    /// What was decided for later syncs of a club.
    ///
    /// # Errors
    /// [`Code::NotFound`] where the club is not connected there.
    pub async fn sync_choices(&self, code: &str, org: &str) -> Result<ClubChoicesView> {
        self.see_members_of(org)?;
        let connection_id = self.ground(code, org).await?.connection.id;
        self.store()?
            .read(move |tx| {
                Ok(ClubChoicesView {
                    fields: tx.field_choices(connection_id)?,
                    matches: views(tx, tx.match_choices_of(connection_id)?)?,
                })
            })
            .await
    }

    /// Which records a person has said to be this member's.
    ///
    /// # Errors
    /// [`Code::NotFound`] where there is no such member.
    pub async fn member_choices(&self, member_id: &str) -> Result<Vec<MatchChoiceView>> {
        self.see_member(member_id).await?;
        let id = Uuid::parse_str(member_id).map_err(|_| no_member())?;
        self.store()?
            .read(move |tx| {
                tx.member(id)?.ok_or_else(no_member)?;
                views(tx, tx.match_choices_about(id)?)
            })
            .await
    }

    /// Forgets who a record was said to be of: the next sync asks again. The plan that stands stays as it is.
    ///
    /// # Errors
    /// [`Code::NotFound`] where there is no such choice.
    pub async fn sync_forget_match(&self, code: &str, org: &str, choice_id: &str) -> Result<()> {
        self.see_members_of(org)?;
        let connection_id = self.ground(code, org).await?.connection.id;
        let key = key_of(choice_id).ok_or_else(no_choice)?;
        let act = self.act();
        let entry = Entry::of(AuditWhat::MatchDecided)
            .connector(code)
            .connection(connection_id)
            .word("forgotten");
        self.store()?
            .write(move |tx| {
                if tx.forget_match_choice(connection_id, &key)? {
                    return act.audit(tx, entry);
                }
                Err(no_choice())
            })
            .await
    }

    /// Keeps whose value counts in a field of a club from the next plan on, whatever the connector's settings say; none forgets
    /// it. It is asked about conflicts only: what one side changed is taken from that side.
    ///
    /// # Errors
    /// [`Code::NotFound`] where the club is not connected there, or nothing was kept about the field; [`Code::Invalid`] for a
    /// field that no member keeps.
    pub async fn sync_choose_field(
        &self,
        code: &str,
        org: &str,
        field: MemberField,
        take: Option<FieldTake>,
    ) -> Result<()> {
        self.see_members_of(org)?;
        if !field.is_kept() {
            return Err(Error::field(
                "field",
                FieldRule::Unknown,
                "no member keeps this field",
            ));
        }
        let connection_id = self.ground(code, org).await?.connection.id;
        let act = self.act();
        let entry = Entry::of(AuditWhat::FieldRuleSet)
            .connector(code)
            .connection(connection_id)
            .fields([field.as_str()])
            .word(match take {
                Some(FieldTake::Federation) => "federation",
                Some(FieldTake::Club) => "club",
                None => "forgotten",
            });
        self.store()?
            .write(move |tx| {
                match take {
                    Some(take) => tx.put_field_choice(connection_id, field, take, act.now)?,
                    None if tx.forget_field_choice(connection_id, field)? => {}
                    None => return Err(no_choice()),
                }
                act.audit(tx, entry)
            })
            .await
    }
}

/// A row about which a person may choose: a problem that proposes members, or one that somebody has answered already and that
/// still stands as a row of its own.
fn asks(row: &PlanRecord, detail: &RowDetail) -> bool {
    let stands = matches!(row.kind, PlanKind::Problem | PlanKind::Unchanged);
    stands && detail.unmatched.is_some() && !detail.proposed.is_empty()
}

/// The member that was chosen, and whether a record of the list is its own already.
fn proposed(
    tx: &Reader<'_>,
    run: &RunRecord,
    detail: &RowDetail,
    wanted: Uuid,
) -> Result<(crate::store::member::MemberRecord, Settled)> {
    let one = detail.proposed.iter().find(|one| one.member == wanted);
    let Some(one) = one else {
        return Err(Error::field(
            "member",
            FieldRule::Unknown,
            "must be one of the members that this problem proposes",
        ));
    };
    let member = tx.member(wanted)?;
    let member = member.filter(|member| member.connection_id == run.connection_id);
    let member = member.ok_or_else(no_member)?;
    let settled = if one.matched || is_matched(tx, run, wanted)? {
        Settled::Paired
    } else {
        Settled::No
    };
    Ok((member, settled))
}

/// Whether a record of the plan is a member's.
fn is_matched(tx: &Reader<'_>, run: &RunRecord, member_id: Uuid) -> Result<bool> {
    let row = tx.plan_row_by_member(run.id, member_id)?;
    Ok(row.is_some_and(|row| row.kind != PlanKind::Leaver))
}

fn row_of(tx: &Reader<'_>, run_id: Uuid, number: i64) -> Result<PlanRecord> {
    let row = tx
        .plan_rows(run_id, number.saturating_sub(1), 1)?
        .into_iter()
        .next();
    row.filter(|row| row.number == number)
        .ok_or_else(nothing_to_choose)
}

fn views(tx: &Reader<'_>, mut all: Vec<MatchChoiceRecord>) -> Result<Vec<MatchChoiceView>> {
    all.sort_by_key(|one| (std::cmp::Reverse(one.chosen_at), one.key));
    all.into_iter()
        .map(|one| {
            let member = match one.choice.member() {
                Some(id) => tx.member(*id)?,
                None => None,
            };
            Ok(MatchChoiceView {
                choice_id: PlanHash(one.key).to_string(),
                choice: one.choice.as_str().to_owned(),
                member: member.as_ref().map(member_view),
                chosen_at: one.chosen_at.0,
            })
        })
        .collect()
}

fn key_of(text: &str) -> Option<[u8; 32]> {
    let text = text.trim();
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let bytes: Option<Vec<u8>> = (0..32)
        .map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok())
        .collect();
    bytes?.try_into().ok()
}

fn nothing_to_choose() -> Error {
    Error::refused(
        Code::NotFound,
        "this row of the plan proposes no member to choose from".to_owned(),
    )
}

fn no_choice() -> Error {
    Error::refused(Code::NotFound, "there is no such choice".to_owned())
}
