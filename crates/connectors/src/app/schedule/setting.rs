//! Setting when clubs run by themselves, what they may do then, and answering what a schedule asks.

use super::looking::clear;
use super::showing::next;
use crate::app::App;
use crate::app::club_record::live;
use crate::app::record::find_live;
use crate::audit::{AuditWhat, Entry};
use crate::error::{Code, Error, FieldError, FieldRule, Result};
use crate::store::connection_schedule::ScheduleRecord;
use crate::sync::schedule::{DEFAULT_SCHEDULE, DEFAULT_TIME_ZONE, Schedule, ScheduleError};
use crate::view::{
    ConnectorEditRequest, NextRunView, SchedulePolicyRequest, ScheduleSetRequest, ScheduleView,
};

impl App {
    /// Sets when a club runs by itself; without a club, when those of a connector do that have no times of their own.
    /// Times before now are not made up for.
    ///
    /// # Errors
    /// [`Code::Invalid`] with the fields `schedule` and `time_zone`, or `mode` where a connector has nothing to follow.
    pub async fn schedule_set(
        &self,
        code: &str,
        org: Option<&str>,
        request: ScheduleSetRequest,
    ) -> Result<ScheduleView> {
        self.see_schedule(org)?;
        if let ScheduleSetRequest::On {
            schedule,
            time_zone,
        } = &request
        {
            read(schedule, time_zone.as_deref())?;
            if self.connector_show(code).await?.settings.is_by_file() {
                return Err(Error::field(
                    "schedule",
                    FieldRule::NotForKind,
                    "members of this connector come out of files; there is nothing to read by itself",
                ));
            }
        }
        match org {
            Some(org) => self.set_for_club(code, org, request).await?,
            None => self.set_for_connector(code, request).await?,
        }
        self.schedule_show(code, org).await
    }

    /// What a schedule may do: for a club, or for every club that a connector has now.
    pub async fn schedule_policy(
        &self,
        code: &str,
        org: Option<&str>,
        request: SchedulePolicyRequest,
    ) -> Result<ScheduleView> {
        self.see_schedule(org)?;
        let entry = Entry::of(AuditWhat::SchedulePolicySet)
            .fields(request.policy.map(|_| "policy"))
            .fields(request.missed.map(|_| "missed"));
        self.change_schedules(code, org, Some(entry), move |kept| {
            kept.policy = request.policy.unwrap_or(kept.policy);
            kept.missed = request.missed.unwrap_or(kept.missed);
        })
        .await?;
        self.schedule_show(code, org).await
    }

    /// Answers whether missed runs are made up for: one run for all of them, the next time that schedules are looked at.
    ///
    /// # Errors
    /// [`Code::NotFound`] where nothing is asked.
    pub async fn schedule_answer(&self, code: &str, org: &str, run: bool) -> Result<ScheduleView> {
        self.see_members_of(org)?;
        let (wanted, club) = (code.to_owned(), org.trim().to_owned());
        let act = self.act();
        let now = act.now;
        self.store()?
            .write(move |tx| {
                let (connector, _, connection) = live(tx, &wanted, &club)?;
                let mut kept = tx.schedule_of(connection.id)?;
                if kept.asks_at.is_none() {
                    return Err(Error::refused(
                        Code::NotFound,
                        format!(
                            "the schedule of {club} asks nothing; it may have been answered already"
                        ),
                    ));
                }
                clear(&mut kept);
                if run {
                    kept.retry_at = Some(now);
                }
                let entry = Entry::of(AuditWhat::ScheduleAnswered)
                    .connector(&connector.code)
                    .connection(connection.id)
                    .word(if run { "run" } else { "skip" });
                act.audit(tx, entry)?;
                tx.put_schedule(connection.id, &kept)
            })
            .await?;
        self.schedule_show(code, Some(org)).await
    }

    /// The next five runs of a schedule that is being written. Without the delay of a club.
    ///
    /// # Errors
    /// [`Code::Invalid`] with the fields `schedule` and `time_zone`.
    pub fn schedule_preview(&self, schedule: &str, time_zone: &str) -> Result<Vec<NextRunView>> {
        let read = read(schedule, Some(time_zone))?;
        let runs = read.next_runs(self.now(), 5);
        Ok(runs.into_iter().map(next).collect())
    }

    async fn set_for_connector(&self, code: &str, request: ScheduleSetRequest) -> Result<()> {
        let shown = self.connector_show(code).await?;
        let mut settings = shown.settings;
        let before = settings.clone();
        match request {
            ScheduleSetRequest::On {
                schedule,
                time_zone,
            } => {
                settings.sync.enabled = true;
                settings.sync.schedule = Some(schedule.trim().to_owned());
                settings.sync.time_zone = time_zone;
            }
            ScheduleSetRequest::Off => settings.sync.enabled = false,
            ScheduleSetRequest::Inherit => {
                return Err(Error::field(
                    "mode",
                    FieldRule::NotForKind,
                    "only a club follows its connector; name it with --org",
                ));
            }
        }
        // The change of the settings is an entry of its own, and one is enough.
        let entry = (settings == before).then(|| Entry::of(AuditWhat::ScheduleSet));
        self.connector_edit(ConnectorEditRequest {
            code: code.to_owned(),
            version: shown.version,
            settings,
            credentials: None,
            test_handle: None,
        })
        .await?;
        // The same times after a while of being off are counted from now on as well.
        self.change_schedules(code, None, entry, |kept| {
            if kept.schedule.is_none() {
                clear(kept);
                kept.due_schedule = None;
            }
        })
        .await
    }

    async fn set_for_club(&self, code: &str, org: &str, request: ScheduleSetRequest) -> Result<()> {
        let now = self.now();
        let entry = Entry::of(AuditWhat::ScheduleSet).word(match &request {
            ScheduleSetRequest::On { .. } => "on",
            ScheduleSetRequest::Off => "off",
            ScheduleSetRequest::Inherit => "inherit",
        });
        self.change_schedules(code, Some(org), Some(entry), move |kept| {
            clear(kept);
            (kept.schedule, kept.time_zone, kept.enabled) = match &request {
                ScheduleSetRequest::On {
                    schedule,
                    time_zone,
                } => (
                    Some(schedule.trim().to_owned()),
                    Some(zone(time_zone.as_deref()).to_owned()),
                    Some(true),
                ),
                ScheduleSetRequest::Off => (None, None, Some(false)),
                ScheduleSetRequest::Inherit => (None, None, None),
            };
            kept.due_schedule = None;
            kept.set_at = Some(now);
        })
        .await
    }

    /// Changes the schedules of a club or of all clubs of a connector, and enters it where one is another than before.
    async fn change_schedules(
        &self,
        code: &str,
        org: Option<&str>,
        entry: Option<Entry>,
        change: impl Fn(&mut ScheduleRecord) + Send + 'static,
    ) -> Result<()> {
        let (code, org) = (code.to_owned(), org.map(|org| org.trim().to_owned()));
        let act = self.act();
        self.store()?
            .write(move |tx| {
                let connections = match &org {
                    Some(org) => vec![live(tx, &code, org)?.2],
                    None => tx.live_connections(find_live(tx, &code)?.id)?,
                };
                let (mut changed, only) = (0, connections.first().map(|one| one.id));
                for connection in connections {
                    let before = tx.schedule_of(connection.id)?;
                    let mut kept = before.clone();
                    change(&mut kept);
                    if kept != before {
                        tx.put_schedule(connection.id, &kept)?;
                        changed += 1;
                    }
                }
                if let Some(entry) = entry.filter(|_| changed > 0) {
                    let entry = entry.connector(&code).count("clubs", changed);
                    let entry = match only.filter(|_| org.is_some()) {
                        Some(connection) => entry.connection(connection),
                        None => entry,
                    };
                    act.audit(tx, entry)?;
                }
                Ok(())
            })
            .await
    }
}

fn zone(zone: Option<&str>) -> &str {
    let zone = zone.map(str::trim).filter(|zone| !zone.is_empty());
    zone.unwrap_or(DEFAULT_TIME_ZONE)
}

/// Reads a schedule as somebody has written it; both fields are told of where both are wrong.
fn read(schedule: &str, time_zone: Option<&str>) -> Result<Schedule> {
    let broken = |field: &str, error: ScheduleError| FieldError {
        field: field.to_owned(),
        rule: match error {
            ScheduleError::UnknownZone => FieldRule::Unknown,
            ScheduleError::FieldCount | ScheduleError::Pattern | ScheduleError::Never => {
                FieldRule::Pattern
            }
        },
        message: error.to_string(),
    };
    let mut found = Vec::new();
    let read = Schedule::read(schedule, DEFAULT_TIME_ZONE);
    if let Err(error) = &read {
        found.push(broken("schedule", *error));
    }
    if let Err(error) = Schedule::read(DEFAULT_SCHEDULE, zone(time_zone)) {
        found.push(broken("time_zone", error));
    }
    if !found.is_empty() {
        return Err(Error::Invalid(found));
    }
    Schedule::read(schedule, zone(time_zone))
        .map_err(|error| Error::Invalid(vec![broken("schedule", error)]))
}
