//! A clock that moves when it is told to.

use std::sync::atomic::{AtomicI64, Ordering};

use connectors::clock::{Clock, UtcMillis};

/// Stands still until it is moved.
pub struct MovableClock(AtomicI64);

impl MovableClock {
    /// Stands at `millis` since 1970.
    #[must_use]
    pub fn at(millis: i64) -> Self {
        Self(AtomicI64::new(millis))
    }

    /// Moves on (or back, where negative).
    pub fn advance_ms(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }

    /// Moves on by whole days.
    pub fn advance_days(&self, days: i64) {
        self.advance_ms(days * 86_400_000);
    }
}

impl Clock for MovableClock {
    fn now(&self) -> UtcMillis {
        UtcMillis(self.0.load(Ordering::SeqCst))
    }
}
