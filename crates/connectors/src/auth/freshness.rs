//! Whether a token can still be used, decided from ages. Pure: no clock is read here.

/// Longest margin before the end of a token, in milliseconds.
const MAX_MARGIN_MS: i64 = 60_000;

/// How old a token is, by the two clocks of a computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Age {
    /// By the time of day; negative where the clock was set back since.
    pub wall_ms: i64,
    /// By the monotonic clock, where the token came to this very process. It does not count a suspend,
    /// and it does not follow a clock that is set.
    pub monotonic_ms: Option<i64>,
}

/// Whether a token should be renewed before it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// It can be used.
    Fresh,
    /// It has ended, or is about to.
    Due,
}

/// Decides for a token that lives `life_ms` (unknown: until the federation says 401).
///
/// The margin is the smaller of 60 s and a tenth of the life. The older of the two ages counts: a
/// suspend is seen by the wall clock only, a clock that was set back by the monotonic one only. Where
/// neither can be believed the token is renewed, which costs a request and never a sign-in.
pub fn freshness(life_ms: Option<i64>, age: Age) -> Freshness {
    let Some(life) = life_ms else {
        return Freshness::Fresh;
    };
    let age = match (age.monotonic_ms, age.wall_ms) {
        (Some(monotonic), wall) => monotonic.max(wall),
        (None, wall) if wall < 0 => return Freshness::Due,
        (None, wall) => wall,
    };
    let margin = MAX_MARGIN_MS.min(life / 10);
    if age >= life.saturating_sub(margin) {
        Freshness::Due
    } else {
        Freshness::Fresh
    }
}
