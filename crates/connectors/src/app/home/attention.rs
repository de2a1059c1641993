//! What needs a person, those that hold up most first.

use std::cmp::Reverse;
use std::collections::HashMap;

use uuid::Uuid;

use super::club::{list_from, needed};
use super::ends::ending;
use super::{Ground, number};
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::failure::FailureClass;
use crate::health::attention;
use crate::remedy::remedy;
use crate::store::Reader;
use crate::store::home::{HomeClub, HomeConnector, WaitingPlan};
use crate::sync::guard::GuardName;
use crate::view::{AttentionKind, AttentionView, GuardView, HealthAction, HealthState, Status};

/// What was found.
pub(super) struct Gathered {
    /// How many things there are altogether.
    pub(super) all: usize,
    /// The first of them.
    pub(super) items: Vec<AttentionView>,
}

/// The clubs of a connector, as far as it holds them up.
#[derive(Default, Clone, Copy)]
pub(super) struct HeldUp {
    pub(super) clubs: usize,
    /// The oldest list of them.
    oldest: Option<UtcMillis>,
    /// One of them never had any.
    never: bool,
}

impl HeldUp {
    pub(super) fn add(&mut self, club: &HomeClub) {
        let from = list_from(club);
        self.oldest = match self.clubs {
            0 => from,
            _ => self.oldest.min(from),
        };
        self.never |= from.is_none();
        self.clubs += 1;
    }

    /// The oldest list; none where one was never read.
    pub(super) fn lists_from(&self) -> Option<UtcMillis> {
        self.oldest.filter(|_| !self.never)
    }
}

/// A thing with what it is sorted by, and the plan that it is about.
struct Item<'a> {
    view: AttentionView,
    plan: Option<&'a WaitingPlan>,
    connection: Option<Uuid>,
}

pub(super) fn gather(tx: &Reader<'_>, ground: &Ground, shown: usize) -> Result<Gathered> {
    let mut held_up: HashMap<Uuid, HeldUp> = HashMap::new();
    for club in &ground.clubs {
        held_up.entry(club.connector_id).or_default().add(club);
    }
    let mut items = Vec::new();
    for connector in &ground.connectors {
        let clubs = held_up.get(&connector.id).copied().unwrap_or_default();
        items.extend(of_connector(connector, clubs, ground.now));
    }
    for (connector, club, coming) in ground.each_club() {
        let plan = ground.plans.get(&club.id);
        if let Some(needed) = needed(connector, club, plan, coming) {
            let mut view = blank(connector, needed.kind, needed.state, needed.action);
            view.org = Some(club.own_id.clone());
            view.club = Some(club.name.clone());
            view.since = needed.since.map(|at| at.0);
            view.class = needed.class;
            view.finding = needed.finding;
            view.clubs = 1;
            view.lists_from = list_from(club).map(|at| at.0);
            items.push(Item {
                plan: plan.filter(|_| is_about_plan(needed.kind)),
                connection: Some(club.id),
                view: with_club(view, club),
            });
        }
    }
    items.sort_by(|a, b| order(&a.view).cmp(&order(&b.view)));
    let all = items.len();
    let items = items
        .into_iter()
        .take(shown)
        .map(|item| with_plan(tx, item))
        .collect::<Result<_>>()?;
    Ok(Gathered { all, items })
}

/// What does not work goes before what soon will not; then what holds up more clubs; then what is more urgent, and older.
fn order(one: &AttentionView) -> (bool, Reverse<u32>, u8, Option<i64>, &str, Option<&str>) {
    (
        one.state == HealthState::Expiring,
        Reverse(one.clubs),
        attention(one.state),
        one.since.or(one.expires_at),
        &one.name,
        one.club.as_deref(),
    )
}

fn is_about_plan(kind: AttentionKind) -> bool {
    matches!(
        kind,
        AttentionKind::Guard | AttentionKind::Conflicts | AttentionKind::Plan
    )
}

fn with_club(mut view: AttentionView, club: &HomeClub) -> AttentionView {
    match view.kind {
        AttentionKind::Undone => {
            let run = club.schedule.held_by_undo;
            view.plan_id = run.map(|run| run.to_string());
        }
        AttentionKind::MissedRuns => view.missed = Some(club.schedule.asks_missed),
        _ => {}
    }
    view
}

/// What is said of a plan: which guard holds it, and of how many members it is.
fn with_plan(tx: &Reader<'_>, item: Item<'_>) -> Result<AttentionView> {
    let mut view = item.view;
    let (Some(plan), Some(connection)) = (item.plan, item.connection) else {
        return Ok(view);
    };
    view.plan_id = Some(plan.id.to_string());
    view.conflicts = Some(plan.conflicts).filter(|count| *count > 0);
    if view.kind == AttentionKind::Guard {
        let guards: Vec<GuardView> = serde_json::from_str(&plan.guards).unwrap_or_default();
        // One that is about leavers says more than that pages were odd.
        let about_leavers = |one: &&GuardView| {
            GuardName::of_word(&one.guard).is_some_and(GuardName::is_about_leavers)
        };
        let said = guards.iter().find(about_leavers).or(guards.first());
        view.guard = said.map(|one| one.guard.clone());
        view.members_before = Some(tx.count_present(connection)?);
        view.members_now = Some(plan.fetched);
    }
    Ok(view)
}

/// What of a connector itself needs a person.
fn of_connector<'a>(connector: &HomeConnector, clubs: HeldUp, now: UtcMillis) -> Option<Item<'a>> {
    if connector.status == Status::Inactive {
        return None;
    }
    let item = |mut view: AttentionView| {
        view.clubs = number(clubs.clubs);
        view.lists_from = clubs.lists_from().map(|at| at.0);
        Some(Item {
            view,
            plan: None,
            connection: None,
        })
    };
    let needs_sign_in = matches!(
        connector.state,
        HealthState::SignInAgain | HealthState::WaitingForBrowser
    );
    if needs_sign_in || connector.state == HealthState::ActionNeeded {
        let class = match connector.class {
            // Nobody has ever signed in, so that nothing was seen.
            None if needs_sign_in => Some(FailureClass::NeedsSignIn),
            class => class,
        };
        let action = remedy(connector.state, class, connector.finding);
        let action = action.unwrap_or(HealthAction::Check);
        let mut view = blank(connector, AttentionKind::Connector, connector.state, action);
        view.since = connector.since.map(|at| at.0);
        view.class = class;
        view.finding = connector.finding;
        return item(view);
    }
    let end = ending(connector, now)?;
    let kind = AttentionKind::Expiring;
    let mut view = blank(connector, kind, HealthState::Expiring, end.action);
    view.expires_at = Some(end.at.0);
    item(view)
}

fn blank(
    connector: &HomeConnector,
    kind: AttentionKind,
    state: HealthState,
    action: HealthAction,
) -> AttentionView {
    AttentionView {
        kind,
        state,
        code: connector.code.clone(),
        name: connector.name.clone(),
        org: None,
        club: None,
        since: None,
        class: None,
        finding: None,
        clubs: 0,
        lists_from: None,
        plan_id: None,
        guard: None,
        members_before: None,
        members_now: None,
        conflicts: None,
        missed: None,
        expires_at: None,
        action,
    }
}
