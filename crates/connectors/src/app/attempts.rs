//! Attempts on their way into the file. They are written every 250 ms or 2,000 rows, when the file is locked and
//! when the app ends, so that not every request waits for the disk; a kill loses the last quarter of a second.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use uuid::Uuid;

use super::{App, Inner, State, books, lock};
use crate::api::ledger::Attempt;
use crate::clock::UtcMillis;
use crate::error::{Error, Result};
use crate::random::make_id;
use crate::store::Store;
use crate::store::attempt::AttemptRecord;

/// Longest time that an attempt waits.
const PATIENCE: Duration = Duration::from_millis(250);
/// Attempts that are written at once however short they have waited.
const MANY: usize = 2_000;

/// What waits to be written.
#[derive(Default)]
pub(super) struct Waiting {
    attempts: Vec<(Uuid, Attempt)>,
    /// The newest success of each connector.
    successes: HashMap<Uuid, UtcMillis>,
    /// A writing is under way or due.
    scheduled: bool,
    /// Old ones were forgotten since this process began.
    pruned: bool,
}

impl App {
    /// Takes an attempt into the buffer.
    pub(super) fn note_attempt(&self, connector: Uuid, attempt: Attempt) {
        self.wait_for_writing(|waiting| waiting.attempts.push((connector, attempt)));
    }

    /// A request of a connector that was well before has succeeded.
    pub(super) fn note_success(&self, connector: Uuid, at: UtcMillis) {
        self.wait_for_writing(|waiting| {
            waiting.successes.insert(connector, at);
        });
    }

    /// A failure is written at once: the successes before it must not come after it.
    pub(super) fn forget_success(&self, connector: Uuid) {
        lock(&self.inner.waiting).successes.remove(&connector);
    }

    fn wait_for_writing(&self, add: impl FnOnce(&mut Waiting)) {
        let delay = {
            let mut waiting = lock(&self.inner.waiting);
            add(&mut waiting);
            if waiting.attempts.len() == MANY {
                Some(Duration::ZERO)
            } else if waiting.scheduled {
                None
            } else {
                waiting.scheduled = true;
                Some(PATIENCE)
            }
        };
        // Without a runtime (somebody drops a request while everything ends) the end of the app writes.
        let (Some(delay), Ok(runtime)) = (delay, tokio::runtime::Handle::try_current()) else {
            return;
        };
        let weak = Arc::downgrade(&self.inner);
        // It ends by itself; what it would write is written by whoever closes the file before.
        runtime.spawn(async move {
            tokio::time::sleep(delay).await;
            if let Some(inner) = weak.upgrade() {
                let app = Self::by_itself(inner);
                if let Err(error) = app.requests_flush().await {
                    tracing::warn!(code = ?error.code(), "attempts could not be recorded");
                }
            }
        });
    }

    /// Writes what waits. At the end of a run, so that its attempts are there when it is over.
    pub async fn requests_flush(&self) -> Result<()> {
        let store = self.store()?;
        self.flush_into(&store).await
    }

    pub(super) async fn flush_into(&self, store: &Store) -> Result<()> {
        let (attempts, successes, prune) = {
            let mut waiting = lock(&self.inner.waiting);
            waiting.scheduled = false;
            let prune = !std::mem::replace(&mut waiting.pruned, true);
            (
                std::mem::take(&mut waiting.attempts),
                std::mem::take(&mut waiting.successes),
                prune,
            )
        };
        if attempts.is_empty() && successes.is_empty() {
            return Ok(());
        }
        let rows = self.inner.rows_of(attempts)?;
        let act = self.act();
        store
            .write(move |tx| {
                tx.insert_attempts(&rows)?;
                for (connector, at) in successes {
                    books::late_success(tx, connector, at, &act)?;
                }
                if prune {
                    super::retention::forget_requests(tx, act.now)?;
                }
                Ok(())
            })
            .await
    }

    /// Forgets attempts that are older than they are kept, with what was rolled up of them and the error log, and says how
    /// many attempts there were. It happens by itself once in the life of a process, and every day.
    pub async fn request_log_prune(&self) -> Result<usize> {
        let now = self.now();
        self.store()?
            .write(move |tx| Ok(super::retention::forget_requests(tx, now)?.attempts))
            .await
    }
}

impl Inner {
    /// Writes what waits, on the caller's thread: the app ends.
    pub(super) fn write_waiting(&self) {
        let attempts = std::mem::take(&mut lock(&self.waiting).attempts);
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        let State::Open(opened) = &*state else {
            return;
        };
        if attempts.is_empty() {
            return;
        }
        let written = self
            .rows_of(attempts)
            .and_then(|rows| opened.store.write_blocking(|tx| tx.insert_attempts(&rows)));
        if let Err(error) = written {
            tracing::warn!(code = ?error.code(), "the last attempts could not be recorded");
        }
    }

    fn rows_of(&self, attempts: Vec<(Uuid, Attempt)>) -> Result<Vec<AttemptRecord>> {
        attempts
            .into_iter()
            .map(|(connector_id, attempt)| {
                let id = make_id(&*self.random, attempt.at)
                    .map_err(|source| Error::internal("make an identifier", source))?;
                Ok(AttemptRecord {
                    id,
                    connector_id,
                    at: attempt.at,
                    endpoint: attempt.endpoint,
                    method: attempt.method,
                    status: attempt.status,
                    finding: attempt.finding,
                    ms: attempt.ms,
                    bytes: attempt.bytes,
                    number: attempt.number,
                    aside: attempt.aside,
                })
            })
            .collect()
    }
}
