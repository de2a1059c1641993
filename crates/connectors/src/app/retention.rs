//! How long personal data is kept, and taking what is older. A dry run does all of it and takes it back, so that it counts what
//! the real one takes. A leaver goes as by erasing, but is not kept out: whom a list has again may come again.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::App;
use super::act::Act;
use super::erase::{club_of, erase_leaver};
use super::standing::settle_state_of_club;
use crate::audit::{AuditWhat, Entry};
use crate::clock::UtcMillis;
use crate::error::{Error, FieldRule, Result};
use crate::store::attempt::KEPT_DAYS;
use crate::store::erased::ErasureRecord;
use crate::store::error_log;
use crate::store::lease::Lease;
use crate::store::sync_run::{RunRecord, RunState};
use crate::store::undo_row::UNDO_DAYS;
use crate::store::{Reader, Writer, scrub};
use crate::view::{RetentionRequest, RetentionRunView, RetentionView};

/// Days for which a plan waits to be applied.
const PLAN_DAYS: i64 = 30;
/// Where the file keeps how long leavers are kept, in months.
const LEAVERS: &str = "retention_leavers_months";
/// What can be chosen.
const MONTHS: [u32; 3] = [12, 24, 36];
/// Where the file keeps how long requests are kept, in days.
const REQUESTS: &str = "retention_request_days";
/// What can be chosen.
const DAYS: [u32; 3] = [7, 30, 90];
/// Days of a year, so that two years are never a day short.
const YEAR_DAYS: i64 = 366;

impl App {
    /// How long what is kept.
    ///
    /// # Errors
    /// [`crate::error::Code::Locked`].
    pub async fn retention_show(&self) -> Result<RetentionView> {
        self.store()?.read(view).await
    }

    /// Changes for how long leavers and, where it is given, requests are kept. Nothing is taken before the next daily run.
    ///
    /// # Errors
    /// Field `leavers_months` where it is none of 12, 24 and 36, `request_days` where it is none of 7, 30 and 90.
    pub async fn retention_set(&self, request: RetentionRequest) -> Result<RetentionView> {
        self.see_all_clubs()?;
        if request
            .leavers_months
            .is_some_and(|months| !MONTHS.contains(&months))
        {
            return Err(Error::field(
                "leavers_months",
                FieldRule::Unknown,
                "choose 12, 24 or 36 months, or to keep them",
            ));
        }
        if request
            .request_days
            .is_some_and(|days| !DAYS.contains(&days))
        {
            return Err(Error::field(
                "request_days",
                FieldRule::Unknown,
                "choose 7, 30 or 90 days",
            ));
        }
        let months = request
            .leavers_months
            .map_or_else(String::new, |months| months.to_string());
        let act = self.act();
        self.store()?
            .write(move |tx| {
                tx.set_meta(LEAVERS, &months)?;
                let mut fields = vec!["retention.leavers_months"];
                if let Some(days) = request.request_days {
                    tx.set_meta(REQUESTS, &days.to_string())?;
                    fields.push("retention.request_days");
                }
                act.audit(tx, Entry::of(AuditWhat::SettingsChanged).fields(fields))?;
                view(tx)
            })
            .await
    }

    /// Takes what is older than it is kept, or says what would be taken. Due every day.
    ///
    /// # Errors
    /// [`crate::error::Code::Locked`]; where the disk fails.
    pub async fn retention_run(&self, dry_run: bool) -> Result<RetentionRunView> {
        self.see_all_clubs()?;
        let opened = self.opened()?;
        self.flush_into(&opened.store).await?;
        let (app, owner, act) = (self.clone(), self.owner()?, self.act());
        let work = move |tx: &Writer<'_>| Taking { app, owner, act }.forget_old(tx);
        if dry_run {
            let taken = opened.store.try_out(work).await?;
            return Ok(RetentionRunView { dry_run, ..taken });
        }
        let taken = opened.store.write(work).await?;
        self.finish_scrubbing().await?;
        Ok(taken)
    }
}

fn view(tx: &Reader<'_>) -> Result<RetentionView> {
    let days = |days: i64| u32::try_from(days).unwrap_or(u32::MAX);
    Ok(RetentionView {
        leavers_months: months(tx)?,
        undo_days: days(UNDO_DAYS),
        plan_days: days(PLAN_DAYS),
        request_days: request_days(tx)?,
        error_days: days(error_log::KEPT_DAYS),
    })
}

fn months(tx: &Reader<'_>) -> Result<Option<u32>> {
    Ok(tx.meta(LEAVERS)?.and_then(|text| text.parse().ok()))
}

fn request_days(tx: &Reader<'_>) -> Result<u32> {
    let chosen = tx.meta(REQUESTS)?.and_then(|text| text.parse().ok());
    Ok(chosen.unwrap_or(KEPT_DAYS))
}

/// What went of requests.
pub(super) struct ForgottenRequests {
    pub(super) attempts: usize,
    pub(super) errors: usize,
}

/// Takes requests that are older than they are kept, what was rolled up of them long ago, and old rows of the error log. No
/// value of anybody is in them, so that nothing has to be scrubbed.
pub(super) fn forget_requests(tx: &Writer<'_>, now: UtcMillis) -> Result<ForgottenRequests> {
    let days = request_days(tx)?;
    tx.forget_rollups(now)?;
    Ok(ForgottenRequests {
        attempts: tx.forget_attempts(now.plus_days(-i64::from(days)))?,
        errors: tx.forget_errors(now.plus_days(-error_log::KEPT_DAYS))?,
    })
}

/// One taking, within one transaction.
struct Taking {
    app: App,
    owner: Uuid,
    act: Act,
}

impl Taking {
    fn forget_old(&self, tx: &Writer<'_>) -> Result<RetentionRunView> {
        let now = self.act.now;
        let mut taken = RetentionRunView::default();
        // Before leavers go, or their rows would count twice.
        let before = now.plus_days(-UNDO_DAYS);
        (taken.plan_rows, taken.undo_rows) = tx.count_old_rows(before)?;
        tx.forget_undo(before)?;
        for state in [RunState::Planned, RunState::Held] {
            for id in tx.runs_begun_before(state, now.plus_days(-PLAN_DAYS))? {
                if let Some(run) = tx.run(id)? {
                    tx.delete_plan(id)?;
                    let connection = run.connection_id;
                    tx.put_run(&RunRecord {
                        state: RunState::Superseded,
                        ..run
                    })?;
                    settle_state_of_club(tx, connection)?;
                    taken.plans += 1;
                }
            }
        }
        let requests = forget_requests(tx, now)?;
        (taken.requests, taken.errors) = (requests.attempts as u64, requests.errors as u64);
        if let Some(months) = months(tx)? {
            let days = i64::from(months) * YEAR_DAYS / 12;
            self.leavers(tx, now.plus_days(-days), &mut taken)?;
        }
        if taken.leavers + taken.plan_rows + taken.undo_rows + taken.plans > 0 {
            tx.set_meta(scrub::DUE, "1")?;
            let entry = Entry::of(AuditWhat::OldForgotten)
                .count("leavers", taken.leavers)
                .count("plan_rows", taken.plan_rows)
                .count("undo_rows", taken.undo_rows)
                .count("plans", taken.plans);
            self.act.audit(tx, entry)?;
        }
        Ok(taken)
    }

    fn leavers(
        &self,
        tx: &Writer<'_>,
        before: UtcMillis,
        taken: &mut RetentionRunView,
    ) -> Result<()> {
        let mut leases: BTreeMap<Uuid, Option<Lease>> = BTreeMap::new();
        let mut noted = BTreeSet::new();
        for id in tx.left_before(before)? {
            let Some(member) = tx.member(id)? else {
                continue;
            };
            let connection_id = member.connection_id;
            if let std::collections::btree_map::Entry::Vacant(place) = leases.entry(connection_id) {
                place.insert(self.app.take_run(tx, connection_id, self.owner)?);
            }
            if leases.get(&connection_id).is_none_or(Option::is_none) {
                taken.later += 1;
                continue;
            }
            if noted.insert(connection_id) {
                // As evidence, and so that backups of before go within the same days.
                let erasure = ErasureRecord {
                    id: self.act.id()?,
                    club: club_of(tx, &member)?,
                    erased_at: self.act.now,
                };
                tx.put_erasure(&erasure, &[])?;
            }
            erase_leaver(tx, &member)?;
            taken.leavers += 1;
        }
        for lease in leases.into_values().flatten() {
            tx.release_lease(&lease)?;
        }
        Ok(())
    }
}
