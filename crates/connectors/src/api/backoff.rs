//! How long to wait before a request is made again (M6). Pure: the caller draws the chance.

/// The first delay before jitter, in milliseconds.
pub const BASE_MS: u64 = 1_000;
/// The longest delay before jitter, in milliseconds.
pub const MAX_MS: u64 = 30_000;

/// Delay after attempt `attempt` (0-based) has failed, in milliseconds: `min(base · 2^attempt, max)`, of
/// which 50 to 100 % by `chance`, where 0 gives half and `u32::MAX` the whole (AWS "equal jitter").
#[must_use]
pub fn delay(attempt: u32, base_ms: u64, max_ms: u64, chance: u32) -> u64 {
    let doubled = 1_u64
        .checked_shl(attempt)
        .and_then(|factor| base_ms.checked_mul(factor))
        .unwrap_or(u64::MAX)
        .min(max_ms);
    let least = doubled.div_ceil(2);
    least + part(doubled - least, chance)
}

/// The part of `whole` that `chance` says: none for 0, all of it for `u32::MAX`.
#[must_use]
pub fn part(whole: u64, chance: u32) -> u64 {
    let scaled = u128::from(whole) * u128::from(chance) / u128::from(u32::MAX);
    u64::try_from(scaled).unwrap_or(whole)
}
