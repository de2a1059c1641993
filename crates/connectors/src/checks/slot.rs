//! When a connector's turn is. Time is cut into slots, from 1970 on, each as long as the time between two checks; within its
//! slot each connector has a moment of its own, always the same, so that a thousand do not ask in one second. Of the slots
//! that nobody was there for, only the newest counts: a check is made once however long the computer slept.

use uuid::Uuid;

use crate::clock::UtcMillis;
use crate::view::CheckEvery;

/// Longest time over which connectors are spread that were all missed, in milliseconds: 10 minutes.
pub const LONGEST_SPREAD_MS: i64 = 10 * 60_000;
/// What each connector adds to that time, in milliseconds: two of them a second.
pub const SPREAD_EACH_MS: i64 = 500;
/// Who has not looked for so long, in milliseconds, was not there: 20 minutes. Whoever runs looks every 15.
pub const AWAY_MS: i64 = 20 * 60_000;

/// Milliseconds between two checks; none where none are made.
#[must_use]
pub fn every_ms(every: CheckEvery) -> Option<i64> {
    const MINUTE: i64 = 60_000;
    match every {
        CheckEvery::Off => None,
        CheckEvery::QuarterHour => Some(15 * MINUTE),
        CheckEvery::Hour => Some(60 * MINUTE),
        CheckEvery::SixHours => Some(6 * 60 * MINUTE),
        CheckEvery::Day => Some(24 * 60 * MINUTE),
    }
}

/// Since when somebody has been looking, and over which time those are spread whose slot was missed before that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Awake {
    /// Since when.
    pub since: UtcMillis,
    /// Milliseconds; 0 for whoever looks once and goes (`fedctl`): then all that was missed is due at once.
    pub spread_ms: i64,
}

impl Awake {
    /// Of one look, without a spread.
    #[must_use]
    pub fn once(now: UtcMillis) -> Self {
        Self {
            since: now,
            spread_ms: 0,
        }
    }

    /// After a look at `now`: as before, or from now on, where nobody looked for a while or the clock was set back.
    #[must_use]
    pub fn after(before: Option<(Self, UtcMillis)>, now: UtcMillis, connectors: usize) -> Self {
        if let Some((awake, looked)) = before
            && (0..AWAY_MS).contains(&now.0.saturating_sub(looked.0))
        {
            return awake;
        }
        let connectors = i64::try_from(connectors).unwrap_or(i64::MAX);
        Self {
            since: now,
            spread_ms: connectors
                .saturating_sub(1)
                .saturating_mul(SPREAD_EACH_MS)
                .clamp(0, LONGEST_SPREAD_MS),
        }
    }
}

/// Whether it is a connector's turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Now.
    Now,
    /// Then.
    At(UtcMillis),
}

/// The turn of a connector that is checked every `every` milliseconds and was looked at last at `handled`.
#[must_use]
pub fn turn(connector: Uuid, every: i64, handled: UtcMillis, awake: Awake, now: UtcMillis) -> Turn {
    let slot = slot_before(connector, every, now);
    let next = UtcMillis(slot.0.saturating_add(every));
    // A moment in the far future means that the clock was wrong then; nobody waits for that.
    let ahead = handled.0.saturating_sub(now.0) > every;
    // Who was looked at less than half that time before its moment (after a sleep, say) is passed over once.
    if handled.0 > slot.0.saturating_sub(every / 2) && !ahead {
        return Turn::At(next);
    }
    if slot >= awake.since {
        return Turn::Now;
    }
    let spread = awake.spread_ms.min(every / 2);
    let at = UtcMillis(awake.since.0.saturating_add(own_share(connector, spread)));
    if at <= now {
        Turn::Now
    } else {
        Turn::At(at.min(next))
    }
}

/// The turn of a stopped connector is its probe's. A probe further away than it can be means that the clock was set back.
#[must_use]
pub fn turn_of_probe((at, every): (UtcMillis, i64), now: UtcMillis) -> Turn {
    if now >= at || at.0.saturating_sub(now.0) > every {
        Turn::Now
    } else {
        Turn::At(at)
    }
}

/// The newest moment of this connector's own that is not after `now`.
#[must_use]
pub fn slot_before(connector: Uuid, every: i64, now: UtcMillis) -> UtcMillis {
    let every = every.max(1);
    let into = now
        .0
        .saturating_sub(own_share(connector, every))
        .rem_euclid(every);
    UtcMillis(now.0.saturating_sub(into))
}

/// A part of `whole` that is always the same for a connector, 0 to just below it. The end of an identifier is by chance
/// (RFC 9562 §5.7).
fn own_share(connector: Uuid, whole: i64) -> i64 {
    let (_, low) = connector.as_u64_pair();
    // The highest two bits say which kind of identifier it is.
    let share = u128::from(low << 2) * u128::from(whole.unsigned_abs());
    i64::try_from(share >> 64).unwrap_or(0)
}
