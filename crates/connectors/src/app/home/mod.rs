//! Home: one sentence, what needs a person, and how everything stands, read by a few statements however much there is.

mod attention;
mod club;
mod coming;
mod ends;
mod standing;

use std::collections::{BTreeMap, HashMap, HashSet};

use uuid::Uuid;

use self::attention::{Gathered, gather};
use self::coming::ComingRuns;
use super::App;
use super::error_log::{count_errors, newest_errors};
use super::health::{health_of, hours_of, hours_of_these};
use super::role::club_shown;
use super::schedule::{Coming, Times};
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::health::{attention, while_syncing};
use crate::store::Reader;
use crate::store::error_log::ErrorQuery;
use crate::store::home::{HomeClub, HomeConnector, WaitingPlan};
use crate::store::sync_run::RunState;
use crate::view::{HealthState, HomeConnectorView, HomeView};

pub use ends::Ending;
pub(super) use ends::{known_end, of_day};
pub(super) use standing::Standing;

/// Things that need a person, and connectors, that are shown.
const SHOWN: usize = 50;
/// Runs to come, recent errors and syncing clubs that are shown.
const FEW: u32 = 5;
/// Checks that are shown of each connector.
const BEATS: u32 = 90;

/// Everything that Home is made of.
struct Ground {
    now: UtcMillis,
    connectors: Vec<HomeConnector>,
    clubs: Vec<HomeClub>,
    /// What each club's schedule says, in their order.
    coming: Vec<Coming>,
    /// The plan that waits of a connection.
    plans: HashMap<Uuid, WaitingPlan>,
    /// Connections whose list is being read.
    syncing: HashSet<Uuid>,
    /// The one club that is shown.
    club: Option<Uuid>,
}

impl App {
    /// How everything stands, and what needs a person.
    pub async fn home(&self) -> Result<HomeView> {
        // What has just happened is part of it.
        self.requests_flush().await?;
        self.end_dead_runs().await?;
        self.settle_the_hour().await?;
        let (now, mine) = (self.now(), self.my_club());
        let app = self.clone();
        self.store()?
            .read(move |tx| {
                let ground = Ground::read(tx, &app, now, mine.as_deref())?;
                view(tx, &ground)
            })
            .await
    }

    /// The connections whose list is being read now, by whichever process.
    pub(super) fn syncing_now(&self, tx: &Reader<'_>) -> Result<HashSet<Uuid>> {
        let mut syncing = HashSet::new();
        for connection in tx.connections_fetching()? {
            if self.is_being_read(tx, connection)? {
                syncing.insert(connection);
            }
        }
        Ok(syncing)
    }

    /// The connectors of these.
    pub(super) fn connectors_syncing(&self, tx: &Reader<'_>) -> Result<HashSet<Uuid>> {
        let mut connectors = HashSet::new();
        for connection in self.syncing_now(tx)? {
            let connection = tx.connection_by_id(connection)?;
            connectors.extend(connection.map(|one| one.connector_id));
        }
        Ok(connectors)
    }
}

impl Ground {
    /// Of everything, or of one club and the connectors that it is connected to.
    fn read(tx: &Reader<'_>, app: &App, now: UtcMillis, mine: Option<&str>) -> Result<Self> {
        let mut connectors = tx.home_connectors()?;
        let mut clubs = tx.home_clubs()?;
        if let Some(mine) = mine {
            clubs.retain(|club| club.own_id == mine);
            connectors.retain(|one| clubs.iter().any(|club| club.connector_id == one.id));
        }
        let mut plans = HashMap::new();
        for state in [RunState::Held, RunState::Planned] {
            for plan in tx.waiting_plans(state)? {
                plans.entry(plan.connection_id).or_insert(plan);
            }
        }
        let mut times = Times::around(now);
        let by_id: HashMap<Uuid, &HomeConnector> =
            connectors.iter().map(|one| (one.id, one)).collect();
        let coming = clubs
            .iter()
            .map(|club| match by_id.get(&club.connector_id) {
                Some(connector) => times.of(connector, club),
                None => Coming::default(),
            })
            .collect();
        Ok(Self {
            now,
            coming,
            plans,
            syncing: app.syncing_now(tx)?,
            club: club_shown(tx, mine)?,
            connectors,
            clubs,
        })
    }

    /// Each club with its connector and what its schedule says.
    fn each_club(&self) -> impl Iterator<Item = (&HomeConnector, &HomeClub, Coming)> {
        let by_id: HashMap<Uuid, &HomeConnector> =
            self.connectors.iter().map(|one| (one.id, one)).collect();
        self.clubs
            .iter()
            .zip(&self.coming)
            .filter_map(move |(club, coming)| {
                let connector = *by_id.get(&club.connector_id)?;
                Some((connector, club, *coming))
            })
    }
}

fn view(tx: &Reader<'_>, ground: &Ground) -> Result<HomeView> {
    let now = ground.now;
    // A club at two connectors is one club, and up to date where it is at both.
    let mut current: BTreeMap<Uuid, bool> = BTreeMap::new();
    let mut runs = ComingRuns::default();
    for (connector, one, coming) in ground.each_club() {
        let up_to_date = club::is_up_to_date(one, ground.plans.get(&one.id), coming);
        *current.entry(one.organisation_id).or_insert(true) &= up_to_date;
        runs.of_club(connector, one, coming.next, now);
    }
    for connector in &ground.connectors {
        runs.of_connector(connector, now);
    }
    let hours = match ground.club {
        None => hours_of(tx, None, now)?,
        Some(_) => hours_of_these(tx, ground.connectors.iter().map(|one| one.id), now)?,
    };
    let errors = |since, limit| ErrorQuery {
        club: ground.club,
        since,
        limit,
        ..ErrorQuery::default()
    };
    let Gathered { all, items } = gather(tx, ground, SHOWN)?;
    let healthy = |one: &&HomeConnector| one.state == HealthState::Healthy;
    Ok(HomeView {
        clubs_all: number(current.len()),
        clubs_up_to_date: number(current.values().filter(|up_to_date| **up_to_date).count()),
        connectors_all: number(ground.connectors.len()),
        connectors_healthy: number(ground.connectors.iter().filter(healthy).count()),
        needs_you: number(all),
        attention: items,
        connectors: connectors(tx, ground)?,
        syncing: syncing(ground),
        p95_ms: hours.iter().rev().find_map(|hour| hour.p95_ms),
        hours,
        next_runs: runs.first(FEW as usize),
        recent_errors: newest_errors(tx, &errors(None, FEW))?,
        errors_7d: count_errors(tx, &errors(Some(now.plus_days(-7)), 0))?,
        checked_at: ground
            .connectors
            .iter()
            .filter_map(|one| one.seen_at)
            .max()
            .map(|at| at.0),
    })
}

/// The names of the clubs that sync now.
fn syncing(ground: &Ground) -> Vec<String> {
    let mut names: Vec<String> = ground
        .clubs
        .iter()
        .filter(|club| ground.syncing.contains(&club.id))
        .map(|club| club.name.clone())
        .collect();
    names.sort();
    names.dedup();
    names.truncate(FEW as usize);
    names
}

/// Connectors, those that need a person first.
fn connectors(tx: &Reader<'_>, ground: &Ground) -> Result<Vec<HomeConnectorView>> {
    let busy: HashSet<Uuid> = ground
        .clubs
        .iter()
        .filter(|club| ground.syncing.contains(&club.id))
        .map(|club| club.connector_id)
        .collect();
    let state = |one: &HomeConnector| {
        if busy.contains(&one.id) {
            while_syncing(one.state)
        } else {
            one.state
        }
    };
    // As they were read, but for those that sync now.
    let mut sorted: Vec<&HomeConnector> = ground.connectors.iter().collect();
    sorted.sort_by_key(|one| attention(state(one)));
    sorted
        .into_iter()
        .take(SHOWN)
        .map(|one| line(tx, ground, one, state(one)))
        .collect()
}

fn line(
    tx: &Reader<'_>,
    ground: &Ground,
    one: &HomeConnector,
    state: HealthState,
) -> Result<HomeConnectorView> {
    let health = health_of(tx, one.id, ground.now)?;
    let mut health = health.ok_or_else(|| super::no_connector(&one.code))?;
    health.state = state;
    Ok(HomeConnectorView {
        health,
        beats: tx.beats(one.id, BEATS)?,
        by_file: is_by_file(one)?,
    })
}

fn is_by_file(one: &HomeConnector) -> Result<bool> {
    let Some(settings) = &one.settings else {
        return Ok(false);
    };
    super::record::read_settings(settings).map(|settings| settings.is_by_file())
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
