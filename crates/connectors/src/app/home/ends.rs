//! Keys and tokens with a known end.

use crate::app::App;
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::health::{KnownEnd, ends_within};
use crate::store::home::HomeConnector;
use crate::view::{HealthAction, Status};

/// A key or a token that ends soon, or has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// Federation code.
    pub code: String,
    /// Name of the connector.
    pub name: String,
    /// When it ends. A day without an hour is its noon in UTC.
    pub at: UtcMillis,
    /// Which announcement has come: 14 or 3 days before.
    pub days: i64,
    /// What a person does about it: another key, or another sign-in.
    pub action: HealthAction,
}

impl App {
    /// Keys and tokens of connectors in use that end within 14 days, the soonest first.
    pub async fn expiring(&self) -> Result<Vec<Ending>> {
        let now = self.now();
        self.store()?
            .read(move |tx| {
                let connectors = tx.home_connectors()?;
                let mut found: Vec<Ending> = connectors
                    .iter()
                    .filter_map(|one| ending(one, now))
                    .collect();
                found.sort_by(|a, b| (a.at, &a.name).cmp(&(b.at, &b.name)));
                Ok(found)
            })
            .await
    }
}

/// A day of which no hour is known is written as its noon in UTC: that is the same day nearly everywhere.
pub(in crate::app) fn of_day(day: &str) -> Option<UtcMillis> {
    const NOON: i64 = 12 * 3_600_000;
    UtcMillis::of_day(day).map(|midnight| UtcMillis(midnight.0.saturating_add(NOON)))
}

/// The end of a key as its day was written, or of a token.
pub(in crate::app) fn known_end(
    key_ends_on: Option<&str>,
    token: Option<(Option<UtcMillis>, UtcMillis)>,
) -> Option<(KnownEnd, HealthAction)> {
    let key = key_ends_on.and_then(of_day).map(|at| {
        let end = KnownEnd { at, since: None };
        (end, HealthAction::ReplaceKey)
    });
    // Nothing is known of a token of which nobody noted when it came.
    let token = token.and_then(|(since, at)| {
        let end = KnownEnd {
            at,
            since: Some(since?),
        };
        Some((end, HealthAction::SignIn))
    });
    [key, token]
        .into_iter()
        .flatten()
        .min_by_key(|(end, _)| end.at)
}

/// What is to be said of a connector's key or token.
pub(super) fn ending(one: &HomeConnector, now: UtcMillis) -> Option<Ending> {
    if one.status == Status::Inactive {
        return None;
    }
    let (end, action) = known_end(one.key_ends_on.as_deref(), one.token)?;
    Some(Ending {
        code: one.code.clone(),
        name: one.name.clone(),
        at: end.at,
        days: ends_within(end, now)?,
        action,
    })
}
