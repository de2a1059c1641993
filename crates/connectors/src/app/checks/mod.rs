//! Checks: a light call that says whether a connector still answers, by itself on a rhythm that a person sets, or because
//! somebody asks for many at once. What is due and what a check comes to is decided in `crate::checks`; waiting for the
//! next moment is the caller's: the app's loop, or a timer that calls `fedctl check run-due`.

mod asking;
mod bulk;
mod choosing;
mod running;
mod setting;
mod through;

use std::sync::{Arc, Mutex};

use uuid::Uuid;

use crate::api::wire::Wire;
use crate::checks::slot::Awake;
use crate::clock::UtcMillis;
use crate::failure::FailureClass;
use crate::settings::ConnectorSettings;
use crate::view::HealthView;

/// Connectors at once.
const TOGETHER: usize = 5;

/// Another way out than the network, for a connector: a federation in memory.
pub type Ways = dyn Fn(&ConnectorSettings) -> Option<Arc<dyn Wire>> + Send + Sync;

/// What this process knows of its checks.
#[derive(Default)]
pub(super) struct Checking {
    /// One look at what is due at a time.
    turn: tokio::sync::Mutex<()>,
    /// Since when this process has been looking, and when it did last.
    awake: Mutex<Option<(Awake, UtcMillis)>>,
}

/// A connector that may be asked.
#[derive(Debug, Clone)]
struct Checked {
    id: Uuid,
    code: String,
    /// The host that is asked, lower case; none where it is this computer.
    host: Option<String>,
    /// It answered properly before, and has not failed since.
    proper_before: bool,
    /// A club's id at the federation, where the address needs one.
    organisation: Option<String>,
}

/// What became of a connector's turn.
struct Done {
    id: Uuid,
    how: How,
    /// How it stands afterwards; none where it is gone.
    health: Option<HealthView>,
}

/// What became of a connector's turn.
#[derive(Debug, Clone, PartialEq, Eq)]
enum How {
    /// It was asked; where it failed, who must act, and the sentence.
    Asked(Option<(FailureClass, String)>),
    /// It was not: this time, as the sentence says.
    NotAsked(String),
    /// It was asked, and this computer's own network was in the way, or that was known.
    Offline,
    /// It was stopped before its turn, or the network has only just come back.
    Later,
}

impl How {
    /// Whether its turn is still to come.
    fn is_due_still(&self) -> bool {
        matches!(self, Self::Offline | Self::Later)
    }
}

/// The network, and nothing else.
fn network(_: &ConnectorSettings) -> Option<Arc<dyn Wire>> {
    None
}
