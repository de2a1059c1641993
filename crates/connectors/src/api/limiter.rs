//! At most so many requests in a minute, whoever makes them. Send times are reserved in the file, which
//! all processes share, in blocks, so that not every request writes. [`next_times`] decides and is pure; [`Limiter`]
//! holds the block of this process and waits.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::api::ledger::{Ask, Ledger, LimitNews, Slot};
use crate::api::retry::LONGEST_WAIT_MS;
use crate::clock::{Clock, UtcMillis};
use crate::failure::Finding;

/// The window that a limit is about, in milliseconds: a minute, and half a second for what happens on the way
/// between reserving a time here and counting the request there.
pub const WINDOW_MS: i64 = 60_500;
/// How late a reserved time may be used, in milliseconds. Together with the way this stays below the half second.
const GRACE: Duration = Duration::from_millis(250);
/// Longest time ahead of now that is asked for.
const LONGEST_LEAD: Duration = Duration::from_secs(5);
/// Most send times of one block.
const LARGEST_BLOCK: u32 = 16;
/// The clock is believed to have been set when it is off by more than this, in milliseconds.
const JUMP_MS: i64 = 1_000;

/// The next `count` send times, earliest first. `taken` are the newest reserved ones, newest first, at least
/// `limit` of them where there are so many; any `limit` + 1 times in a row span the whole window.
#[must_use]
pub fn next_times(
    taken: &[UtcMillis],
    limit: u32,
    count: u32,
    earliest: UtcMillis,
) -> Vec<UtcMillis> {
    let limit = usize::try_from(limit.max(1)).unwrap_or(usize::MAX);
    let mut line: VecDeque<i64> = taken.iter().take(limit).rev().map(|at| at.0).collect();
    (0..count)
        .map(|_| {
            let mut at = earliest.0.max(line.back().copied().unwrap_or(i64::MIN));
            if line.len() >= limit
                && let Some(oldest) = line.pop_front()
            {
                at = at.max(oldest.saturating_add(WINDOW_MS));
            }
            line.push_back(at);
            UtcMillis(at)
        })
        .collect()
}

/// Why no time is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoTime {
    /// The federation has asked for a pause that is too long to be waited for.
    Paused(UtcMillis),
    /// The file cannot be asked.
    Failed(Finding),
}

/// The send times of one connector in this process. Callers are served in the order in which they came.
#[derive(Debug)]
pub struct Limiter {
    block: tokio::sync::Mutex<Block>,
    /// Nothing is sent before this uptime.
    pause: Mutex<Option<Duration>>,
}

#[derive(Debug)]
struct Block {
    slots: VecDeque<Held>,
    /// Of the next block: doubled while blocks are used up, halved when one goes stale.
    size: u32,
    /// Void ones that are given back with the next request.
    returned: Vec<i64>,
    /// Both clocks when the last block came.
    seen: Option<(UtcMillis, Duration)>,
    /// How long the last block took to come, where that was long: times are then asked for from a little later
    /// on, or a slow disk would void them all.
    lead: Duration,
}

/// A slot on the monotonic clock, which nobody sets.
#[derive(Debug, Clone, Copy)]
struct Held {
    id: i64,
    due: Duration,
}

impl Default for Limiter {
    fn default() -> Self {
        Self {
            block: tokio::sync::Mutex::new(Block {
                slots: VecDeque::new(),
                size: 1,
                returned: Vec::new(),
                seen: None,
                lead: Duration::ZERO,
            }),
            pause: Mutex::default(),
        }
    }
}

impl Limiter {
    /// Waits until a request may be sent. Send it at once.
    pub async fn wait(&self, ledger: &dyn Ledger, clock: &dyn Clock) -> Result<(), NoTime> {
        let mut block = self.block.lock().await;
        loop {
            let uptime = clock.uptime();
            if let Some(left) = self.pause_left(uptime) {
                if left > Duration::from_millis(LONGEST_WAIT_MS) {
                    return Err(NoTime::Paused(after(clock.now(), left)));
                }
                block.void();
                tokio::time::sleep(left).await;
                continue;
            }
            block.void_stale(uptime);
            match block.slots.front().copied() {
                Some(next) if next.due > uptime => {
                    // The pause may begin while we wait; a glance now and then is enough.
                    let nap = next.due.saturating_sub(uptime).min(Duration::from_secs(1));
                    tokio::time::sleep(nap).await;
                }
                Some(_) => {
                    block.slots.pop_front();
                    return Ok(());
                }
                None => block.refill(ledger, clock).await?,
            }
        }
    }

    /// The federation has asked for a pause. A shorter one does not end a longer one.
    pub fn pause_for(&self, ms: u64, clock: &dyn Clock) {
        let until = clock.uptime().saturating_add(Duration::from_millis(ms));
        let mut pause = self.pause.lock().unwrap_or_else(PoisonError::into_inner);
        *pause = Some(pause.map_or(until, |before| before.max(until)));
    }

    fn pause_left(&self, uptime: Duration) -> Option<Duration> {
        let pause = *self.pause.lock().unwrap_or_else(PoisonError::into_inner);
        pause
            .map(|until| until.saturating_sub(uptime))
            .filter(|left| !left.is_zero())
    }
}

impl Block {
    /// All of them have been waited past.
    fn void(&mut self) {
        self.returned.extend(self.slots.drain(..).map(|one| one.id));
        self.size = 1;
    }

    /// A time that was not used when it came must not be used much later: the next minute counts from it.
    fn void_stale(&mut self, uptime: Duration) {
        while let Some(first) = self.slots.front().copied()
            && first.due + GRACE < uptime
        {
            self.slots.pop_front();
            self.returned.push(first.id);
            self.size = (self.size / 2).max(1);
        }
    }

    async fn refill(&mut self, ledger: &dyn Ledger, clock: &dyn Clock) -> Result<(), NoTime> {
        let ask = Ask {
            count: self.size,
            returned: std::mem::take(&mut self.returned),
            set_by_ms: self.clock_set_by(clock),
            lead_ms: i64::try_from(self.lead.as_millis()).unwrap_or(0),
        };
        let asked = clock.uptime();
        let reserved = ledger.reserve(ask).await.map_err(NoTime::Failed)?;
        let (now, uptime) = (clock.now(), clock.uptime());
        let took = uptime.saturating_sub(asked);
        self.lead = if took > GRACE / 2 {
            took.min(LONGEST_LEAD)
        } else {
            Duration::ZERO
        };
        self.seen = Some((now, uptime));
        if let Some(until) = reserved.paused_until {
            return Err(NoTime::Paused(until));
        }
        if reserved.slots.is_empty() {
            // Never the product's answer; without this a faulty one would spin here.
            return Err(NoTime::Failed(Finding::Internal));
        }
        self.slots = reserved
            .slots
            .iter()
            .map(|slot| held(slot, now, uptime))
            .collect();
        // Until a part of it goes stale.
        self.size = (self.size * 2).min(LARGEST_BLOCK);
        Ok(())
    }

    /// How far the time of day has run ahead of the monotonic clock since the last block, or (negative) behind it.
    fn clock_set_by(&self, clock: &dyn Clock) -> i64 {
        let Some((wall, uptime)) = self.seen else {
            return 0;
        };
        let passed = clock.uptime().saturating_sub(uptime).as_millis();
        let passed = i64::try_from(passed).unwrap_or(i64::MAX);
        let ahead = clock.now().0.saturating_sub(wall.0).saturating_sub(passed);
        if ahead.abs() > JUMP_MS { ahead } else { 0 }
    }
}

fn held(slot: &Slot, now: UtcMillis, uptime: Duration) -> Held {
    let wait = u64::try_from(slot.at.0.saturating_sub(now.0)).unwrap_or(0);
    let late = u64::try_from(now.0.saturating_sub(slot.at.0)).unwrap_or(0);
    Held {
        id: slot.id,
        due: (uptime + Duration::from_millis(wait)).saturating_sub(Duration::from_millis(late)),
    }
}

fn after(now: UtcMillis, wait: Duration) -> UtcMillis {
    let ms = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
    UtcMillis(now.0.saturating_add(ms))
}

impl LimitNews {
    /// Whether there is anything to keep.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
