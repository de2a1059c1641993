//! What runs next, of all schedules, retries, limits and probes.

use crate::clock::UtcMillis;
use crate::store::home::{HomeClub, HomeConnector};
use crate::view::{ComingRunKind, ComingRunView, Status};

/// What is to come, gathered; only the first few are made into what is shown.
#[derive(Default)]
pub(super) struct ComingRuns<'a> {
    found: Vec<(
        UtcMillis,
        ComingRunKind,
        &'a HomeConnector,
        Option<&'a HomeClub>,
    )>,
}

impl<'a> ComingRuns<'a> {
    /// Notes what is to come of a connector. A limit that is over says nothing.
    pub(super) fn of_connector(&mut self, connector: &'a HomeConnector, now: UtcMillis) {
        if connector.status == Status::Inactive {
            return;
        }
        if let Some(until) = connector.paused_until.filter(|until| *until > now) {
            let kind = ComingRunKind::LimitEnds;
            self.found.push((until, kind, connector, None));
        }
        if let Some(at) = connector.probe_at {
            let kind = ComingRunKind::Probe;
            self.found.push((at.max(now), kind, connector, None));
        }
    }

    /// Notes what is to come of a club. Nothing is, where its connector is stopped.
    pub(super) fn of_club(
        &mut self,
        connector: &'a HomeConnector,
        club: &'a HomeClub,
        next: Option<UtcMillis>,
        now: UtcMillis,
    ) {
        if connector.status != Status::Active {
            return;
        }
        // A retry is given up when the next time of the schedule comes.
        let retry = club.schedule.retry_at.map(|at| at.max(now));
        let retry = retry.filter(|at| next.is_some_and(|next| *at < next));
        if let Some(at) = retry {
            let kind = ComingRunKind::Retry;
            self.found.push((at, kind, connector, Some(club)));
        }
        if let Some(at) = next {
            let kind = ComingRunKind::Schedule;
            self.found.push((at, kind, connector, Some(club)));
        }
    }

    /// The first of them.
    pub(super) fn first(mut self, count: usize) -> Vec<ComingRunView> {
        self.found.sort_by(|a, b| {
            (a.0, &a.2.name, a.3.map(|club| &club.name)).cmp(&(
                b.0,
                &b.2.name,
                b.3.map(|club| &club.name),
            ))
        });
        self.found
            .into_iter()
            .take(count)
            .map(|(at, kind, connector, club)| ComingRunView {
                at: at.0,
                kind,
                code: connector.code.clone(),
                name: connector.name.clone(),
                org: club.map(|club| club.own_id.clone()),
                club: club.map(|club| club.name.clone()),
            })
            .collect()
    }
}
