//! A clock that moves when it is told to, and one that moves with the runtime's time, which a test may pause.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use connectors::clock::{Clock, UtcMillis};

/// Stands still until it is moved: the time of day and the monotonic clock beside it.
pub struct MovableClock {
    wall: AtomicI64,
    uptime: AtomicI64,
}

impl MovableClock {
    /// Stands at `millis` since 1970.
    #[must_use]
    pub fn at(millis: i64) -> Self {
        Self {
            wall: AtomicI64::new(millis),
            uptime: AtomicI64::new(1_000),
        }
    }

    /// Time passes on both clocks. Where negative, the time of day is set back and no time passes.
    pub fn advance_ms(&self, millis: i64) {
        self.set_by_ms(millis);
        self.uptime.fetch_add(millis.max(0), Ordering::SeqCst);
    }

    /// Moves on by whole days.
    pub fn advance_days(&self, days: i64) {
        self.advance_ms(days * 86_400_000);
    }

    /// The time of day is set (or the computer was suspended): the monotonic clock sees nothing of it.
    pub fn set_by_ms(&self, millis: i64) {
        self.wall.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for MovableClock {
    fn now(&self) -> UtcMillis {
        UtcMillis(self.wall.load(Ordering::SeqCst))
    }

    fn uptime(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.uptime.load(Ordering::SeqCst)).unwrap_or(0))
    }
}

/// Moves with the runtime's time: where that is paused, both clocks jump over every wait. The time of day can be set
/// beside it.
pub struct RuntimeClock {
    start: i64,
    from: Instant,
    set_by: AtomicI64,
}

impl RuntimeClock {
    /// Stands at `millis` since 1970 now.
    #[must_use]
    pub fn at(millis: i64) -> Self {
        Self {
            start: millis,
            from: Instant::now(),
            set_by: AtomicI64::new(0),
        }
    }

    /// The time of day is set: no time passes.
    pub fn set_by_ms(&self, millis: i64) {
        self.set_by.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for RuntimeClock {
    fn now(&self) -> UtcMillis {
        let passed = i64::try_from(self.from.elapsed().as_millis()).unwrap_or(i64::MAX);
        UtcMillis(self.start + passed + self.set_by.load(Ordering::SeqCst))
    }

    fn uptime(&self) -> Duration {
        Duration::from_secs(1) + self.from.elapsed()
    }
}
