//! A plan while it is made: records come in batches, each is looked up, decided and becomes a row or, where nothing changes, only a
//! count. Memory does not grow with the list: who was seen is one bit a member.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::row::{FieldDetail, RowDetail};
use super::step::{Seen, Step};
use crate::clock::UtcMillis;
use crate::error::{Error, Result};
use crate::members::{Mapped, MemberField, MemberValues, Warning};
use crate::store::Reader;
use crate::store::match_choice::MatchChoices;
use crate::store::member::{MemberRecord, MemberSpot};
use crate::store::plan_row::{PlanKind, PlanRecord};
use crate::sync::counts::Counts;
use crate::sync::decide::{Remote, Sides, decide};
use crate::sync::kept_out::kept_out_key;
use crate::sync::match_key::MatchKey;
use crate::sync::matching::{Confidence, MatchProblem};
use crate::sync::outcome::{Decision, Kind};
use crate::sync::rules::Rules;

/// A plan under way. Who is who among those of the same names is in `who.rs`.
pub(super) struct Planner {
    pub(super) connection_id: Uuid,
    pub(super) run_id: Uuid,
    rules: Rules,
    /// Fields of which no value says that the source does not speak of them, as of a file without their columns.
    silent: BTreeSet<MemberField>,
    now: UtcMillis,
    pub(super) seen: Seen,
    /// What a person once said about who is who.
    pub(super) choices: MatchChoices,
    /// The rows of new members about whom somebody has, by what their records are known by.
    pub(super) chosen: BTreeMap<[u8; 32], Vec<i64>>,
    /// The rows of those that are new because a person says so.
    pub(super) surely_new: BTreeSet<i64>,
    /// Identifiers that came more than once.
    repeated: BTreeSet<String>,
    next_number: i64,
    counts: Counts,
    /// Makes the identifiers of new members.
    make_id: Box<dyn FnMut() -> Result<Uuid> + Send>,
}

impl Planner {
    pub(super) fn new(
        connection_id: Uuid,
        run_id: Uuid,
        rules: Rules,
        now: UtcMillis,
        make_id: Box<dyn FnMut() -> Result<Uuid> + Send>,
    ) -> Self {
        Self {
            connection_id,
            run_id,
            rules,
            silent: BTreeSet::new(),
            now,
            seen: Seen::default(),
            choices: MatchChoices::default(),
            chosen: BTreeMap::new(),
            surely_new: BTreeSet::new(),
            repeated: BTreeSet::new(),
            next_number: 1,
            counts: Counts::default(),
            make_id,
        }
    }

    /// With what a person once said about who is who.
    pub(super) fn with_choices(self, choices: MatchChoices) -> Self {
        Self { choices, ..self }
    }

    /// Where these fields have no value, nothing is said of them: they are not taken away.
    pub(super) fn silent_about(self, silent: BTreeSet<MemberField>) -> Self {
        Self { silent, ..self }
    }

    /// For one row of a plan that stands already: its number and the counts of the whole plan.
    pub(super) fn again(
        connection_id: Uuid,
        run_id: Uuid,
        rules: Rules,
        now: UtcMillis,
        make_id: Box<dyn FnMut() -> Result<Uuid> + Send>,
        (number, counts): (i64, Counts),
    ) -> Self {
        Self {
            next_number: number,
            counts,
            ..Self::new(connection_id, run_id, rules, now, make_id)
        }
    }

    /// Decides about a member in conflict anew: something about it was decided.
    pub(super) fn again_about(
        &mut self,
        tx: &Reader<'_>,
        member: &MemberRecord,
        mapped: Mapped,
    ) -> Result<Step> {
        let mut step = Step::default();
        self.uncount(PlanKind::Conflict);
        self.decided(tx, member, mapped, None, &mut step)?;
        Ok(step)
    }

    pub(super) fn counts(&self) -> Counts {
        self.counts
    }

    /// Takes records as they come.
    pub(super) fn take(&mut self, tx: &Reader<'_>, batch: Vec<Mapped>) -> Result<Step> {
        let mut step = Step::default();
        for mapped in batch {
            self.record(tx, mapped, &mut step)?;
        }
        Ok(step)
    }

    fn record(&mut self, tx: &Reader<'_>, mapped: Mapped, step: &mut Step) -> Result<()> {
        let key = MatchKey::of_record(&mapped.values);
        let Some(id) = key.id.as_ref().map(|id| id.as_str().to_owned()) else {
            if mapped.problem.is_some() {
                self.problem(mapped, None, step);
            } else if key.names.is_none() {
                self.problem(mapped, Some(unmatched(MatchProblem::Unidentified)), step);
            } else if !self.kept_out(tx, &mapped, step)? {
                self.create(mapped, step)?;
            }
            return Ok(());
        };
        let member = tx.member_by_external(self.connection_id, &id)?;
        // A member whose record has come is not gone, whatever is wrong with the record.
        let again = match &member {
            Some(member) => !self.seen.insert(member.place),
            None => self.row_about(tx, &id, step)?.is_some(),
        };
        if again || self.repeated.contains(&id) {
            return self.repeat(tx, &id, &mapped, step);
        }
        let before = step.rows.len();
        if mapped.problem.is_some() {
            self.problem(mapped, None, step);
        } else if let Some(member) = member {
            // The club keeps one out that had left as well as one that never was.
            if member.left_at.is_none() || !self.kept_out(tx, &mapped, step)? {
                self.decided(tx, &member, mapped, None, step)?;
            }
        } else if !self.kept_out(tx, &mapped, step)? {
            self.create(mapped, step)?;
        }
        step.last_is_about(before, id);
        Ok(())
    }

    /// An identifier came again: nobody can tell which record is right, so none is used.
    fn repeat(
        &mut self,
        tx: &Reader<'_>,
        id: &str,
        mapped: &Mapped,
        step: &mut Step,
    ) -> Result<()> {
        if self.repeated.contains(id) {
            return Ok(());
        }
        match self.row_about(tx, id, step)? {
            Some(row) => {
                self.uncount(row.kind);
                step.take_out(row.number);
            }
            // It was one that changes nothing.
            None => self.counts.unchanged = self.counts.unchanged.saturating_sub(1),
        }
        // Only what all of them have, so that it does not matter which came first.
        let mut common = MemberValues::default();
        common.set(
            MemberField::ExternalId,
            mapped.values.get(MemberField::ExternalId),
        );
        let mapped = Mapped {
            values: common,
            warnings: Vec::new(),
            problem: None,
        };
        self.problem(mapped, Some(unmatched(MatchProblem::DuplicateId)), step);
        self.repeated.insert(id.to_owned());
        Ok(())
    }

    fn row_about(&self, tx: &Reader<'_>, id: &str, step: &Step) -> Result<Option<PlanRecord>> {
        if let Some(row) = step.row_about(id) {
            return Ok(Some(row.clone()));
        }
        let row = tx.plan_row_by_external(self.run_id, id)?;
        Ok(row.filter(|row| !step.gone.contains(&row.number)))
    }

    fn problem(&mut self, mapped: Mapped, unmatched: Option<String>, step: &mut Step) {
        let detail = RowDetail {
            problem: mapped.problem,
            unmatched,
            warnings: mapped.warnings,
            ..RowDetail::default()
        };
        self.problem_row(mapped.values, &detail, step);
    }

    /// A record that cannot be taken over.
    pub(super) fn problem_row(
        &mut self,
        remote: MemberValues,
        detail: &RowDetail,
        step: &mut Step,
    ) {
        self.counts.problems += 1;
        let row = PlanRecord {
            remote: Some(remote),
            ..self.row(PlanKind::Problem, detail)
        };
        step.rows.push(row);
    }

    /// A record that the club keeps out, after an undo, counts as one that changes nothing; the plan says why.
    fn kept_out(&mut self, tx: &Reader<'_>, mapped: &Mapped, step: &mut Step) -> Result<bool> {
        let Some(key) = kept_out_key(self.connection_id, &mapped.values) else {
            return Ok(false);
        };
        if !tx.is_kept_out(self.connection_id, &key)? {
            return Ok(false);
        }
        let detail = RowDetail {
            outcome: "kept_out".to_owned(),
            ..RowDetail::default()
        };
        self.passed_over(mapped.values.clone(), &detail, step);
        Ok(true)
    }

    /// A record that is left as it is because a person says so: it changes nothing, and the plan says why.
    pub(super) fn passed_over(
        &mut self,
        remote: MemberValues,
        detail: &RowDetail,
        step: &mut Step,
    ) {
        self.counts.unchanged += 1;
        let row = PlanRecord {
            remote: Some(remote),
            ..self.row(PlanKind::Unchanged, detail)
        };
        step.rows.push(row);
    }

    fn create(&mut self, mapped: Mapped, step: &mut Step) -> Result<()> {
        if !self.choices.is_empty()
            && let Some(key) = kept_out_key(self.connection_id, &mapped.values)
            && self.choices.contains_key(&key)
        {
            self.chosen.entry(key).or_default().push(self.next_number);
        }
        let id = (self.make_id)()?;
        self.create_as(id, mapped, step)
    }

    /// A new member with this identifier.
    pub(super) fn create_as(&mut self, id: Uuid, mapped: Mapped, step: &mut Step) -> Result<()> {
        let sides = Sides {
            base: None,
            local: None,
            left: false,
            remote: Remote::Listed(&mapped.values),
        };
        let decision = decide(sides, &self.rules, &[]);
        let Some(after) = decision.after(None, self.now) else {
            return Err(Error::refused(
                crate::error::Code::Internal,
                "a new member came out as none".to_owned(),
            ));
        };
        self.counts.creates += 1;
        let detail = RowDetail {
            outcome: Kind::Create.as_str().to_owned(),
            warnings: mapped.warnings,
            ..RowDetail::default()
        };
        let row = PlanRecord {
            member_id: Some(id),
            remote: Some(mapped.values.clone()),
            after: Some(after.values),
            after_base: after.base,
            ..self.row(PlanKind::Create, &detail)
        };
        step.rows.push(row);
        Ok(())
    }

    /// A record whose member is known.
    pub(super) fn decided(
        &mut self,
        tx: &Reader<'_>,
        member: &MemberRecord,
        mapped: Mapped,
        confidence: Option<Confidence>,
        step: &mut Step,
    ) -> Result<()> {
        let sides = Sides {
            base: member.base.as_ref(),
            local: Some(&member.current),
            left: member.left_at.is_some(),
            remote: Remote::Listed(&mapped.values),
        };
        let mut rules = Cow::Borrowed(&self.rules);
        if let Some(fewer) = readable_only(&self.rules, &mapped.warnings) {
            rules = Cow::Owned(fewer);
        }
        let is_said = |field: &MemberField| {
            !self.silent.contains(field) || mapped.values.get(*field).is_some()
        };
        if !rules.mapped.iter().all(is_said) {
            rules.to_mut().mapped.retain(is_said);
        }
        let mut decision = decide(sides, &rules, &[]);
        let remembered;
        if decision.kind == Kind::Conflict {
            remembered = tx.decisions_about(member.id)?;
            if !remembered.is_empty() {
                decision = decide(sides, &rules, &remembered);
            }
        }
        self.outcome(member, &decision, mapped.warnings, confidence, step);
        Ok(())
    }

    /// Those whom a complete list does not have, a page of members at a time.
    pub(super) fn absent(&mut self, tx: &Reader<'_>, mut all: Vec<MemberSpot>) -> Result<Step> {
        let mut step = Step::default();
        all.retain(|spot| !self.seen.contains(spot.place));
        for spot in all {
            let Some(member) = tx.member(spot.id)? else {
                continue;
            };
            let sides = Sides {
                base: member.base.as_ref(),
                local: Some(&member.current),
                left: member.left_at.is_some(),
                remote: Remote::Gone,
            };
            let decision = decide(sides, &self.rules, &[]);
            self.outcome(&member, &decision, Vec::new(), None, &mut step);
        }
        Ok(step)
    }

    fn outcome(
        &mut self,
        member: &MemberRecord,
        decision: &Decision<'_>,
        warnings: Vec<Warning>,
        confidence: Option<Confidence>,
        step: &mut Step,
    ) {
        let kind = match decision.kind {
            Kind::Create => PlanKind::Create,
            Kind::Conflict => PlanKind::Conflict,
            Kind::Leaver => PlanKind::Leaver,
            Kind::Returner | Kind::Update => PlanKind::Update,
            Kind::Adopt if decision.is_visible() => PlanKind::Update,
            Kind::Adopt | Kind::BaseOnly | Kind::Unchanged => PlanKind::Unchanged,
        };
        *self.count(kind) += 1;
        if kind == PlanKind::Unchanged && !decision.writes() {
            return;
        }
        let detail = RowDetail {
            fields: decision
                .fields
                .iter()
                .map(|one| FieldDetail {
                    field: one.field,
                    reason: one.reason.as_str().to_owned(),
                    base: one.base.map(str::to_owned),
                    club: one.club.map(str::to_owned),
                    federation: one.federation.map(str::to_owned),
                    becomes: one.becomes.map(str::to_owned),
                })
                .collect(),
            confidence: confidence
                .filter(|confidence| *confidence != Confidence::Exact)
                .map(|confidence| format!("{confidence:?}").to_lowercase()),
            outcome: decision.kind.as_str().to_owned(),
            warnings,
            ..RowDetail::default()
        };
        let after = decision.after(member.left_at, self.now);
        let remote = match decision.sides.remote {
            Remote::Listed(values) => Some(values.clone()),
            Remote::Gone | Remote::Unknown => None,
        };
        let (values, base, left_at) = match after {
            Some(after) => (Some(after.values), after.base, after.left_at),
            None => (None, None, None),
        };
        let row = PlanRecord {
            acts: decision.writes(),
            member_id: Some(member.id),
            member_version: Some(member.version),
            remote,
            after: values,
            after_base: base,
            left_at,
            ..self.row(kind, &detail)
        };
        step.rows.push(row);
    }

    pub(super) fn row(&mut self, kind: PlanKind, detail: &RowDetail) -> PlanRecord {
        let number = self.next_number;
        self.next_number += 1;
        PlanRecord {
            number,
            kind,
            acts: false,
            member_id: None,
            member_version: None,
            remote: None,
            after: None,
            after_base: None,
            left_at: None,
            // Words and texts always become JSON.
            detail: serde_json::to_string(detail).unwrap_or_default(),
        }
    }

    fn count(&mut self, kind: PlanKind) -> &mut u64 {
        let counts = &mut self.counts;
        match kind {
            PlanKind::Create => &mut counts.creates,
            PlanKind::Update => &mut counts.updates,
            PlanKind::Unchanged => &mut counts.unchanged,
            PlanKind::Conflict => &mut counts.conflicts,
            PlanKind::Leaver => &mut counts.leavers,
            PlanKind::Problem => &mut counts.problems,
        }
    }

    /// Takes a row out of the counts.
    pub(super) fn uncount(&mut self, kind: PlanKind) {
        let count = self.count(kind);
        *count = count.saturating_sub(1);
    }
}

/// The rules without the fields whose value could not be read: the federation has one there, and has not removed it. None where
/// all could be read.
pub(super) fn readable_only(rules: &Rules, warnings: &[Warning]) -> Option<Rules> {
    let lost = warnings.iter().filter(|warning| warning.kind.loses_value());
    let lost: Vec<MemberField> = lost.map(|warning| warning.field).collect();
    if lost.is_empty() {
        return None;
    }
    let mut fewer = rules.clone();
    fewer.mapped.retain(|field| !lost.contains(field));
    Some(fewer)
}

fn unmatched(why: MatchProblem) -> String {
    why.as_str().to_owned()
}
