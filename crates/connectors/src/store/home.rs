//! What Home is made of, of everything at once: connectors with what stops them, connected clubs with their newest run, and
//! plans that wait. Each is one statement that walks an index, however many there are; nothing is sorted.

use rusqlite::Row;
use uuid::Uuid;

use super::club_connection::ClubFailure;
use super::connection_schedule::ScheduleRecord;
use super::sqlite_error::SqliteResult;
use super::sync_run::{AskedBy, RunState, count_at};
use super::word::{blob, id_at, optional_id_at, optional_word_at, word, word_at};
use super::{Reader, Writer};
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::failure::{FailureClass, Finding};
use crate::view::{HealthState, Status};

/// A live connector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HomeConnector {
    /// Identifier.
    pub id: Uuid,
    /// Federation code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Mission status.
    pub status: Status,
    /// What a person reads, as it was last settled.
    pub state: HealthState,
    /// Changed by a person.
    pub updated_at: UtcMillis,
    /// The newest moment at which anything was seen of it.
    pub seen_at: Option<UtcMillis>,
    /// When its clubs sync by themselves.
    pub schedule: Option<String>,
    /// The time zone of that.
    pub time_zone: Option<String>,
    /// Whether they do.
    pub enabled: Option<bool>,
    /// The settings, of one that signs in with nothing: only such a one can be by file.
    pub settings: Option<String>,
    /// The day on which its key ends, as a person wrote it.
    pub key_ends_on: Option<String>,
    /// When its token came and when it ends, where a person must sign in for another one.
    pub token: Option<(Option<UtcMillis>, UtcMillis)>,
    /// Why it was stopped, or why its newest test failed.
    pub class: Option<FailureClass>,
    /// What was seen then.
    pub finding: Option<Finding>,
    /// Since when it is in its state.
    pub since: Option<UtcMillis>,
    /// When one that was stopped is tried.
    pub probe_at: Option<UtcMillis>,
    /// Until when the federation asks for silence.
    pub paused_until: Option<UtcMillis>,
}

/// The newest run that came to an end, as far as it says how a club stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HomeRun {
    /// How it ended.
    pub state: RunState,
    /// Begun.
    pub started_at: UtcMillis,
    /// Ended.
    pub ended_at: Option<UtcMillis>,
    /// Members that its plan would change, those with conflicts among them.
    pub changes: u64,
    /// Why it failed.
    pub class: Option<FailureClass>,
    /// What was seen then.
    pub finding: Option<Finding>,
}

/// A connected club at a live connector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HomeClub {
    /// The connection.
    pub id: Uuid,
    /// The connector.
    pub connector_id: Uuid,
    /// The club.
    pub organisation_id: Uuid,
    /// Its own identifier.
    pub own_id: String,
    /// Its name.
    pub name: String,
    /// Connected.
    pub enabled_at: UtcMillis,
    /// Last sync.
    pub last_sync_at: Option<UtcMillis>,
    /// Failures in a row that concern it alone.
    pub consecutive_failures: u32,
    /// The last of them.
    pub last_error: Option<ClubFailure>,
    /// The first of them.
    pub failing_since: Option<UtcMillis>,
    /// How it runs by itself, as far as Home needs it.
    pub schedule: ScheduleRecord,
    /// Its newest run.
    pub run: Option<HomeRun>,
}

/// A plan that can be applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingPlan {
    /// The run.
    pub id: Uuid,
    /// The connection.
    pub connection_id: Uuid,
    /// Held or planned.
    pub state: RunState,
    /// Who asked for it.
    pub asked_by: AskedBy,
    /// When it was there.
    pub ended_at: Option<UtcMillis>,
    /// Records read.
    pub fetched: u64,
    /// Members that it would change, those with conflicts among them.
    pub changes: u64,
    /// Members with a conflict.
    pub conflicts: u64,
    /// What holds it, as JSON.
    pub guards: String,
}

/// A sign-in that is missing is the reason whatever an older test met, as in `health_row`. The newest test counts as long as the connector has not changed since, as everywhere.
pub(super) const CONNECTORS: &str =
    "SELECT c.id, c.federation_code, c.name, c.status, c.state, c.updated_at,
        max(coalesce(c.last_test_at, 0), coalesce(c.last_success_at, 0), coalesce(c.last_error_at, 0)),
        json_extract(s.settings, '$.sync.schedule'), json_extract(s.settings, '$.sync.time_zone'),
        json_extract(s.settings, '$.sync.enabled'), CASE WHEN c.auth_kind = 'none' THEN s.settings END,
        k.expires_on, i.obtained_at, i.expires_at,
        CASE WHEN x.class IS NOT NULL THEN x.class
            WHEN c.state IN ('sign_in_again', 'waiting_for_browser') THEN 'needs_sign_in' ELSE t.class END,
        CASE WHEN x.class IS NOT NULL THEN x.finding
            WHEN c.state IN ('sign_in_again', 'waiting_for_browser') THEN coalesce(i.ended,
                CASE WHEN t.class = 'needs_sign_in' THEN t.finding END) ELSE t.finding END,
        c.state_since,
        x.probe_at, r.paused_until
    FROM connector c INDEXED BY connector_by_attention
    CROSS JOIN connector_settings s ON s.connector_id = c.id
    LEFT JOIN credential k ON k.id = c.credential_id
    LEFT JOIN sign_in i ON i.connector_id = c.id AND (i.ended IS NOT NULL OR i.token_id IS NOT NULL AND i.renews = 0
        AND c.auth_kind = 'oauth2'
        AND coalesce(json_extract(s.settings, '$.auth.grant'), 'authorization_code')
            IN ('authorization_code', 'device_code'))
    LEFT JOIN connector_stop x ON x.connector_id = c.id AND c.status = 'error'
    LEFT JOIN connection_test t ON c.last_test_at IS NOT NULL AND t.id = (SELECT n.id FROM connection_test n
        INDEXED BY connection_test_by_time WHERE n.connector_id = c.id ORDER BY n.started_at DESC, n.id DESC LIMIT 1)
    LEFT JOIN request_rate r ON r.connector_id = c.id
    WHERE c.live = 1 ORDER BY c.attention, c.name_key, c.id";

/// Runs that a person stopped, that a newer one replaced or that are being made say nothing of how a club stands. A file
/// that somebody takes in says nothing of a list that is fetched.
pub(super) const CLUBS: &str =
    "SELECT k.id, k.connector_id, k.organisation_id, o.own_id, o.name, k.enabled_at, k.last_sync_at,
        k.consecutive_failures, k.last_error_at, k.last_error_class, k.last_error_finding,
        CASE WHEN k.consecutive_failures > 0 THEN (SELECT max(e.at) FROM connection_event e
            INDEXED BY connection_event_by_time WHERE e.connection_id = k.id AND e.kind = 'failed') END,
        y.schedule, y.time_zone, y.enabled, y.set_at, y.retry_at, y.asks_at, coalesce(y.asks_missed, 0), y.held_by_undo,
        r.state, r.started_at, r.ended_at, r.creates + r.updates + r.leavers + r.conflicts, r.class, r.finding
    FROM connector c INDEXED BY connector_by_state
    CROSS JOIN connection k INDEXED BY connection_live ON k.connector_id = c.id AND k.disconnected_at IS NULL
    CROSS JOIN organisation o ON o.id = k.organisation_id
    LEFT JOIN connection_sync y ON y.connection_id = k.id
    LEFT JOIN sync_run r ON r.id = (SELECT n.id FROM sync_run n INDEXED BY sync_run_by_time
        WHERE n.connection_id = k.id AND n.state NOT IN ('fetching', 'cancelled', 'superseded')
            AND (n.source = 'sync' OR c.auth_kind = 'none')
        ORDER BY n.started_at DESC, n.id DESC LIMIT 1)
    WHERE c.live = 1";

/// Plans in a state.
pub(super) const WAITING: &str = "SELECT id, connection_id, state, asked_by, ended_at, fetched,
        creates + updates + leavers + conflicts, conflicts, guards
    FROM sync_run INDEXED BY sync_run_by_outcome WHERE state = ?1";

/// Of one connector: how many clubs it has, whether the list of one of them was ever brought up to date (a plan without a change
/// that a newer one replaced, or that is no longer kept, was one too), and whether one
/// waits for a person: a guard, conflicts, or an undo.
pub(super) const OF_CONNECTOR: &str = "SELECT count(*), coalesce(max(k.last_sync_at IS NOT NULL OR EXISTS (
        SELECT 1 FROM sync_run r INDEXED BY sync_run_of_connection
        WHERE r.connection_id = k.id AND r.state IN ('planned', 'superseded')
            AND r.creates + r.updates + r.leavers + r.conflicts = 0)), 0),
        coalesce(max(y.held_by_undo IS NOT NULL OR EXISTS (
        SELECT 1 FROM sync_run r INDEXED BY sync_run_of_connection
        WHERE r.connection_id = k.id AND (r.state = 'held' OR r.state = 'planned' AND r.conflicts > 0))), 0)
    FROM connection k INDEXED BY connection_live LEFT JOIN connection_sync y ON y.connection_id = k.id
    WHERE k.connector_id = ?1 AND k.disconnected_at IS NULL";

/// How the clubs of a connector stand, as far as it makes its state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ClubsOf {
    /// Connected ones.
    pub clubs: u32,
    /// The list of one of them at least was brought up to date once.
    pub synced: bool,
    /// One of them at least waits for a person: a guard, conflicts or an undo.
    pub held: bool,
}

impl Reader<'_> {
    /// Live connectors, those that need a person first.
    pub fn home_connectors(&self) -> Result<Vec<HomeConnector>> {
        self.connection
            .prepare_cached(CONNECTORS)
            .and_then(|mut statement| statement.query_map([], connector)?.collect())
            .explain("read", self.path)
    }

    /// Connected clubs of live connectors.
    pub fn home_clubs(&self) -> Result<Vec<HomeClub>> {
        self.connection
            .prepare_cached(CLUBS)
            .and_then(|mut statement| statement.query_map([], club)?.collect())
            .explain("read", self.path)
    }

    /// Plans of a state that can be applied, of whichever connections.
    pub fn waiting_plans(&self, state: RunState) -> Result<Vec<WaitingPlan>> {
        self.connection
            .prepare_cached(WAITING)
            .and_then(|mut statement| statement.query_map([word(&state)], waiting)?.collect())
            .explain("read", self.path)
    }

    /// How the clubs of a connector stand.
    pub fn clubs_of(&self, connector: Uuid) -> Result<ClubsOf> {
        self.connection
            .prepare_cached(OF_CONNECTOR)
            .and_then(|mut statement| {
                statement.query_row([blob(&connector)], |row| {
                    Ok(ClubsOf {
                        clubs: row.get(0)?,
                        synced: row.get(1)?,
                        held: row.get(2)?,
                    })
                })
            })
            .explain("read", self.path)
    }
}

impl Writer<'_> {
    /// Notes when a club of a connector was synced; a slower one does not set it back. The version is not counted: nothing
    /// has changed that somebody may be editing.
    pub fn set_last_sync(&self, connector: Uuid, at: UtcMillis) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE connector SET last_sync_at = max(coalesce(last_sync_at, ?2), ?2) WHERE id = ?1",
            )
            .and_then(|mut statement| statement.execute((blob(&connector), at.0)))
            .explain("write", self.path)?;
        Ok(())
    }
}

fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<UtcMillis>> {
    row.get::<_, Option<i64>>(column)
        .map(|at| at.map(UtcMillis))
}

fn connector(row: &Row<'_>) -> rusqlite::Result<HomeConnector> {
    let obtained = time(row, 12)?;
    Ok(HomeConnector {
        id: id_at(row, 0)?,
        code: row.get(1)?,
        name: row.get(2)?,
        status: word_at(row, 3)?,
        state: word_at(row, 4)?,
        updated_at: UtcMillis(row.get(5)?),
        seen_at: time(row, 6)?.filter(|at| at.0 > 0),
        schedule: row.get(7)?,
        time_zone: row.get(8)?,
        enabled: row.get(9)?,
        settings: row.get(10)?,
        key_ends_on: row.get(11)?,
        token: time(row, 13)?.map(|ends| (obtained, ends)),
        class: optional_word_at(row, 14)?,
        finding: optional_word_at(row, 15)?,
        since: time(row, 16)?,
        probe_at: time(row, 17)?,
        paused_until: time(row, 18)?,
    })
}

fn club(row: &Row<'_>) -> rusqlite::Result<HomeClub> {
    let class: Option<FailureClass> = optional_word_at(row, 9)?;
    let finding = optional_word_at(row, 10)?;
    let state: Option<RunState> = optional_word_at(row, 20)?;
    let run = match state {
        None => None,
        Some(state) => Some(HomeRun {
            state,
            started_at: UtcMillis(row.get(21)?),
            ended_at: time(row, 22)?,
            changes: count_at(row, 23)?,
            class: optional_word_at(row, 24)?,
            finding: optional_word_at(row, 25)?,
        }),
    };
    Ok(HomeClub {
        id: id_at(row, 0)?,
        connector_id: id_at(row, 1)?,
        organisation_id: id_at(row, 2)?,
        own_id: row.get(3)?,
        name: row.get(4)?,
        enabled_at: UtcMillis(row.get(5)?),
        last_sync_at: time(row, 6)?,
        consecutive_failures: row.get(7)?,
        last_error: time(row, 8)?
            .zip(class)
            .map(|(at, class)| ClubFailure { at, class, finding }),
        failing_since: time(row, 11)?,
        schedule: ScheduleRecord {
            schedule: row.get(12)?,
            time_zone: row.get(13)?,
            enabled: row.get(14)?,
            set_at: time(row, 15)?,
            retry_at: time(row, 16)?,
            asks_at: time(row, 17)?,
            asks_missed: row.get(18)?,
            held_by_undo: optional_id_at(row, 19)?,
            ..ScheduleRecord::default()
        },
        run,
    })
}

fn waiting(row: &Row<'_>) -> rusqlite::Result<WaitingPlan> {
    Ok(WaitingPlan {
        id: id_at(row, 0)?,
        connection_id: id_at(row, 1)?,
        state: word_at(row, 2)?,
        asked_by: word_at(row, 3)?,
        ended_at: time(row, 4)?,
        fetched: count_at(row, 5)?,
        changes: count_at(row, 6)?,
        conflicts: count_at(row, 7)?,
        guards: row.get(8)?,
    })
}
