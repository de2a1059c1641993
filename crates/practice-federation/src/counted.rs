//! `/counted`: answers at once and remembers when each request came, so that a test can look for a
//! minute with more of them than a limit allows. It never refuses anything.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::State;
use axum::routing::any;
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::clock;
use crate::server::Practice;
use crate::state::Shared;

/// The oldest are forgotten beyond this: a day at 600 a minute is fewer.
const KEPT: usize = 1_000_000;

/// A minute, in milliseconds.
const MINUTE: u64 = 60_000;

/// When requests came.
#[derive(Debug)]
pub(crate) struct Arrivals {
    start: Instant,
    /// Milliseconds since the start, in order.
    milliseconds: VecDeque<u64>,
    total: u64,
}

impl Arrivals {
    pub(crate) fn new() -> Self {
        Self {
            start: clock::now(),
            milliseconds: VecDeque::new(),
            total: 0,
        }
    }

    /// Notes one now; gives how many came in the minute that ends with it, and how many in all.
    fn note(&mut self) -> (usize, u64) {
        let since = clock::now().saturating_duration_since(self.start);
        let now = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
        if self.milliseconds.len() == KEPT {
            self.milliseconds.pop_front();
        }
        self.milliseconds.push_back(now);
        self.total += 1;
        let earlier = self
            .milliseconds
            .partition_point(|then| now - then >= MINUTE);
        (self.milliseconds.len() - earlier, self.total)
    }
}

pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/counted", any(count))
        .route("/counted/{*rest}", any(count))
}

async fn count(State(shared): State<Arc<Shared>>) -> Json<Value> {
    let (in_minute, total) = shared.arrivals().note();
    Json(json!({ "data": [], "counted": { "lastMinute": in_minute, "total": total } }))
}

impl Practice {
    /// When requests for `/counted` and what is below it came, in milliseconds since the start of this
    /// practice federation, in order; the newest million.
    pub fn counted_arrivals(&self) -> Vec<u64> {
        self.shared
            .arrivals()
            .milliseconds
            .iter()
            .copied()
            .collect()
    }

    /// Forgets all arrivals at `/counted`.
    pub fn forget_counted(&self) {
        self.shared.arrivals().milliseconds.clear();
    }
}

/// The most arrivals that any window of this length holds. `arrivals` are milliseconds in order, as of
/// [`Practice::counted_arrivals`]; two that are exactly a window apart are in no window together.
pub fn busiest_window(arrivals: &[u64], milliseconds: u64) -> usize {
    let mut first = 0;
    let mut most = 0;
    for (last, arrival) in arrivals.iter().enumerate() {
        while arrival - arrivals[first] >= milliseconds && first < last {
            first += 1;
        }
        most = most.max(last + 1 - first);
    }
    most
}

#[cfg(test)]
mod tests {
    use super::busiest_window;

    #[test]
    fn the_busiest_window_is_found() {
        for (arrivals, most, why) in [
            (&[][..], 0, "nothing came"),
            (&[5], 1, "one came"),
            (&[0, 59_999], 2, "just within a minute"),
            (&[0, 60_000], 1, "exactly a minute apart"),
            (
                &[0, 30_000, 59_000, 61_000, 62_000],
                4,
                "not the minute that begins the list",
            ),
            (&[7, 7, 7], 3, "all at once"),
        ] {
            assert_eq!(
                busiest_window(arrivals, 60_000),
                most,
                "{arrivals:?}: {why}"
            );
        }
    }
}
