//! How one connector stands, out of what Home is made of.

use uuid::Uuid;

use super::attention::HeldUp;
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::failure::{FailureClass, Finding};
use crate::store::Reader;
use crate::view::HealthState;

/// Why a connector is in its state, and what it holds up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::app) struct Standing {
    pub(in crate::app) since: Option<UtcMillis>,
    pub(in crate::app) class: Option<FailureClass>,
    pub(in crate::app) finding: Option<Finding>,
    /// Connected clubs.
    pub(in crate::app) clubs: u32,
    /// The oldest of their lists; none where one was never read.
    pub(in crate::app) lists_from: Option<UtcMillis>,
}

impl Standing {
    /// Of a connector in use; nothing is known of a deleted one.
    pub(in crate::app) fn read(tx: &Reader<'_>, connector: Uuid) -> Result<Self> {
        let connectors = tx.home_connectors()?;
        let Some(one) = connectors.iter().find(|one| one.id == connector) else {
            return Ok(Self::default());
        };
        let clubs = tx.home_clubs()?;
        let mut held_up = HeldUp::default();
        for club in clubs.iter().filter(|club| club.connector_id == connector) {
            held_up.add(club);
        }
        // What an old test said is over where it works.
        let wrong = !matches!(
            one.state,
            HealthState::Healthy
                | HealthState::Paused
                | HealthState::NotTested
                | HealthState::NeverSynced
                | HealthState::Held
                | HealthState::Expiring
        );
        Ok(Self {
            since: one.since.filter(|_| wrong),
            class: one.class.filter(|_| wrong),
            finding: one.finding.filter(|_| wrong),
            clubs: super::number(held_up.clubs),
            lists_from: held_up.lists_from(),
        })
    }
}
