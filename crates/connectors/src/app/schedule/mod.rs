//! Schedules: when clubs sync by themselves. What is due is decided in `crate::sync::due`; here it is kept, shown, set
//! and done. Waiting for the next moment is the caller's: the app's loop, or a timer that calls `fedctl sync run-due`.

mod coming;
mod looking;
mod running;
mod setting;
mod showing;

pub(super) use coming::{Coming, Times};
pub(super) use showing::ClubSchedules;

use uuid::Uuid;

use super::books::Standing;
use super::record::settings_of;
use crate::api::circuit::Permit;
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::settings::ConnectorSettings;
use crate::store::Reader;
use crate::store::club_connection::ClubConnectionRecord;
use crate::store::connection_schedule::ScheduleRecord;
use crate::store::connector::ConnectorRecord;
use crate::sync::schedule::{DEFAULT_TIME_ZONE, Schedule};
use crate::view::{ScheduleState, Status};

/// A connector as its schedules see it.
struct Connector {
    record: ConnectorRecord,
    settings: ConnectorSettings,
    permit: Permit,
}

/// What holds for a connection or a connector.
struct Effective {
    state: ScheduleState,
    schedule: Option<String>,
    time_zone: String,
    inherited: bool,
}

impl Connector {
    fn read(tx: &Reader<'_>, record: ConnectorRecord, now: UtcMillis) -> Result<Self> {
        Ok(Self {
            settings: settings_of(&record)?,
            permit: Standing::read(tx, &record)?.permits_schedule(now),
            record,
        })
    }

    /// The schedule of the connector itself.
    fn own(&self) -> Effective {
        self.effective(&ScheduleRecord::default())
    }

    fn effective(&self, kept: &ScheduleRecord) -> Effective {
        let sync = &self.settings.sync;
        let inherited = kept.schedule.is_none() && kept.enabled.is_none();
        let schedule = kept.schedule.clone().or_else(|| sync.schedule.clone());
        let zone = match kept.schedule {
            Some(_) => &kept.time_zone,
            None => &sync.time_zone,
        };
        let state = if self.record.deleted_at.is_some() || self.record.status == Status::Inactive {
            ScheduleState::Paused
        } else if !sync.enabled || kept.enabled == Some(false) {
            ScheduleState::Off
        } else if schedule.is_none() || self.settings.is_by_file() {
            ScheduleState::None
        } else if matches!(self.permit, Permit::No { .. }) {
            ScheduleState::Stopped
        } else {
            ScheduleState::Runs
        };
        Effective {
            state,
            schedule,
            time_zone: zone.clone().unwrap_or_else(|| DEFAULT_TIME_ZONE.to_owned()),
            inherited,
        }
    }
}

impl Effective {
    /// The schedule as it runs, if it does; what cannot be read does not.
    fn schedule(&self) -> Option<Schedule> {
        match self.state {
            ScheduleState::Runs | ScheduleState::Stopped => {
                Schedule::read(self.schedule.as_deref()?, &self.time_zone).ok()
            }
            ScheduleState::None | ScheduleState::Off | ScheduleState::Paused => None,
        }
    }

    /// What tells it from another schedule.
    fn key(&self) -> String {
        format!(
            "{} {}",
            self.time_zone,
            self.schedule.as_deref().unwrap_or_default()
        )
    }

    fn of_connection(&self, id: Uuid) -> Option<Schedule> {
        Some(self.schedule()?.of_connection(id))
    }
}

/// Since when a schedule counts that nobody has looked at yet: since it was set, or since the club was connected.
fn since(
    connector: &Connector,
    connection: &ClubConnectionRecord,
    kept: &ScheduleRecord,
) -> UtcMillis {
    let connected = connection.enabled_at;
    match kept.schedule {
        Some(_) => kept.set_at.unwrap_or(connected).max(connected),
        None => connector
            .record
            .updated_at
            .max(connected)
            .max(kept.set_at.unwrap_or(connected)),
    }
}
