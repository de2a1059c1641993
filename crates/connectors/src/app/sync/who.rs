//! Who is who, when the whole list was read: first what a person once said, then those of the same names, who may be one.

use uuid::Uuid;

use super::planner::Planner;
use super::row::{Proposed, RowDetail, detail_of};
use super::step::Step;
use crate::error::Result;
use crate::members::Mapped;
use crate::store::Reader;
use crate::store::member::MemberRecord;
use crate::store::plan_row::{PlanKind, PlanRecord};
use crate::sync::kept_out::kept_out_key;
use crate::sync::match_choice::{Made, MatchChoice, made};
use crate::sync::match_key::MatchKey;
use crate::sync::matching::{Confidence, MatchProblem, Matched};
use crate::sync::people::{Entry, Settled, match_people};

/// The word of a record that is left as it is, since a person says so.
pub(in crate::app) const LEFT_ALONE: &str = "left_alone";
/// The word of a record of a member who has another one in the list, since a person says so.
pub(in crate::app) const SECOND_RECORD: &str = "second_record";

impl Planner {
    /// New records about whom a person once said who they are. Called once, after the whole list and before `people`.
    pub(super) fn chosen(&mut self, tx: &Reader<'_>) -> Result<Step> {
        let mut step = Step::default();
        for (key, numbers) in std::mem::take(&mut self.chosen) {
            // Several records of one key: nobody can tell which was meant.
            let [number] = numbers[..] else { continue };
            let create = tx.plan_rows(self.run_id, number - 1, 1)?.into_iter().next();
            let is_it = |row: &PlanRecord| row.number == number && row.kind == PlanKind::Create;
            let (Some(create), Some(choice)) = (create.filter(is_it), self.choices.get(&key))
            else {
                continue;
            };
            let choice = *choice;
            let member = match choice.member() {
                Some(id) => tx.member(*id)?,
                None => None,
            };
            let member = member.filter(|member| member.connection_id == self.connection_id);
            let settled = member.as_ref().map(|member| self.settled(member.place));
            let what = made(&choice, settled);
            if what == Made::Nothing {
                continue;
            }
            let mapped = self.take_back(&create, &mut step)?;
            self.make(tx, (what, &choice), member.as_ref(), mapped, &mut step)?;
        }
        Ok(step)
    }

    /// One record as a person says.
    fn make(
        &mut self,
        tx: &Reader<'_>,
        (what, choice): (Made, &MatchChoice<Uuid>),
        member: Option<&MemberRecord>,
        mapped: Mapped,
        step: &mut Step,
    ) -> Result<()> {
        match (what, member, choice) {
            (Made::Pair, Some(member), _) => {
                self.seen.insert(member.place);
                self.decided(tx, member, mapped, Some(Confidence::Chosen), step)
            }
            (Made::Second, Some(member), _) => {
                let detail = RowDetail {
                    outcome: SECOND_RECORD.to_owned(),
                    proposed: vec![Proposed {
                        member: member.id,
                        matched: true,
                    }],
                    warnings: mapped.warnings,
                    ..RowDetail::default()
                };
                self.passed_over(mapped.values, &detail, step);
                Ok(())
            }
            (Made::New, _, MatchChoice::New(id)) => {
                self.create_as(*id, mapped, step)?;
                if let Some(row) = step.rows.last() {
                    self.surely_new.insert(row.number);
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Decides a problem of a plan that stands already, as a person has just said.
    pub(super) fn decide_problem(
        &mut self,
        tx: &Reader<'_>,
        row: &PlanRecord,
        detail: RowDetail,
        choice: &MatchChoice<Uuid>,
        member: Option<(&MemberRecord, Settled)>,
    ) -> Result<Step> {
        let mut step = Step::default();
        self.uncount(row.kind);
        let remote = row.remote.clone().unwrap_or_default();
        let what = made(choice, member.map(|(_, settled)| settled));
        if what == Made::Nothing {
            let detail = RowDetail {
                outcome: LEFT_ALONE.to_owned(),
                ..detail
            };
            self.passed_over(remote, &detail, &mut step);
            return Ok(step);
        }
        let mapped = Mapped {
            values: remote,
            warnings: detail.warnings,
            problem: None,
        };
        let member = member.map(|(member, _)| member);
        self.make(tx, (what, choice), member, mapped, &mut step)?;
        Ok(step)
    }

    /// New records and members that have the same names: they may be one. Called once a name, after the whole list.
    pub(super) fn people(&mut self, tx: &Reader<'_>, names: &str) -> Result<Step> {
        let mut step = Step::default();
        let creates = tx.plan_creates_named(self.run_id, names)?;
        let members = tx.members_by_names(self.connection_id, names)?;
        let locals: Vec<Entry<usize>> = members
            .iter()
            .enumerate()
            .map(|(row, member)| Entry {
                row,
                key: MatchKey::of_member(member.base.as_ref(), &member.current),
                settled: self.settled(member.place),
                known: member.base.is_some(),
            })
            .collect();
        // Those whose member was found are compared with: a new record like one of them is not simply new.
        let mut records = Vec::new();
        for (at, member) in members.iter().enumerate() {
            if self.seen.contains(member.place)
                && let Some(record) = self.record_of(tx, member)?
            {
                records.push(Entry {
                    row: creates.len() + at,
                    key: record,
                    settled: Settled::Paired,
                    known: false,
                });
            }
        }
        let remotes: Vec<Entry<usize>> = creates
            .iter()
            .enumerate()
            .filter_map(|(row, create)| {
                Some(Entry {
                    row,
                    key: MatchKey::of_record(create.remote.as_ref()?),
                    settled: if self.surely_new.contains(&create.number) {
                        Settled::Paired
                    } else {
                        Settled::No
                    },
                    known: false,
                })
            })
            .chain(records)
            .collect();
        for found in match_people(&locals, &remotes) {
            match found {
                // Names alone never find a second record: a person says that.
                Matched::New(_) | Matched::Absent(_) | Matched::Second { .. } => {}
                // Part of somebody else's problem: it stays as it is.
                Matched::Held(local) => {
                    self.seen.insert(members[local].place);
                }
                Matched::Pair {
                    local,
                    remote,
                    confidence,
                } => {
                    let (member, create) = (&members[local], &creates[remote]);
                    self.seen.insert(member.place);
                    let mapped = self.take_back(create, &mut step)?;
                    self.decided(tx, member, mapped, Some(confidence), &mut step)?;
                }
                Matched::Problem {
                    why,
                    locals,
                    remotes,
                } => {
                    let proposed = self.proposed(why, &locals, &members);
                    for local in locals {
                        self.seen.insert(members[local].place);
                    }
                    for remote in remotes {
                        let mapped = self.take_back(&creates[remote], &mut step)?;
                        self.unclear(why, mapped, proposed.clone(), &mut step);
                    }
                }
            }
        }
        Ok(step)
    }

    /// A record that was taken for a new member's is not: it leaves the plan and is looked at again.
    fn take_back(&mut self, create: &PlanRecord, step: &mut Step) -> Result<Mapped> {
        self.uncount(PlanKind::Create);
        step.gone.push(create.number);
        Ok(Mapped {
            values: create.remote.clone().unwrap_or_default(),
            warnings: detail_of(create)?.warnings,
            problem: None,
        })
    }

    /// A record of which nobody can tell whose it is; quietly, where a person has said to leave it.
    fn unclear(
        &mut self,
        why: MatchProblem,
        mapped: Mapped,
        proposed: Vec<Proposed>,
        step: &mut Step,
    ) {
        let key = kept_out_key(self.connection_id, &mapped.values);
        let choice = key.and_then(|key| self.choices.get(&key));
        let is_left = why.is_proposal() && choice == Some(&MatchChoice::Leave);
        let detail = RowDetail {
            outcome: if is_left {
                LEFT_ALONE.to_owned()
            } else {
                String::new()
            },
            unmatched: Some(why.as_str().to_owned()),
            proposed,
            warnings: mapped.warnings,
            ..RowDetail::default()
        };
        if is_left {
            self.passed_over(mapped.values, &detail, step);
        } else {
            self.problem_row(mapped.values, &detail, step);
        }
    }

    /// The members among whom a person can choose, in an order that does not depend on the list's.
    fn proposed(
        &self,
        why: MatchProblem,
        locals: &[usize],
        members: &[MemberRecord],
    ) -> Vec<Proposed> {
        if !why.is_proposal() {
            return Vec::new();
        }
        let mut proposed: Vec<Proposed> = locals
            .iter()
            .map(|&local| Proposed {
                member: members[local].id,
                matched: self.seen.contains(members[local].place),
            })
            .collect();
        proposed.sort_by_key(|one| one.member);
        proposed
    }

    /// The keys of the record that a member was found for. Where the plan has no row of it, the record is what the federation
    /// gave last.
    fn record_of(&self, tx: &Reader<'_>, member: &MemberRecord) -> Result<Option<MatchKey>> {
        let row = tx.plan_row_by_member(self.run_id, member.id)?;
        let remote = row.and_then(|row| row.remote);
        Ok(remote
            .as_ref()
            .or(member.base.as_ref())
            .map(MatchKey::of_record))
    }

    /// What the identifiers have said about a member.
    fn settled(&self, place: i64) -> Settled {
        if self.seen.contains(place) {
            Settled::Paired
        } else {
            Settled::No
        }
    }
}
