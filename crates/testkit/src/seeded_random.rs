//! Random bytes that a test can repeat, and a generator that fails on order.

use std::sync::atomic::{AtomicU64, Ordering};

use connectors::random::{Random, RandomError};

/// `SplitMix64` from a seed. Good enough to vary a test; never for a key.
pub struct SeededRandom(AtomicU64);

impl SeededRandom {
    /// The same seed gives the same bytes.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// The next number.
    pub fn next(&self) -> u64 {
        const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
        let mut mixed = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which must not be 0.
    #[allow(
        clippy::cast_possible_truncation,
        reason = "the remainder is below a usize"
    )]
    pub fn below(&self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }
}

impl Random for SeededRandom {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), RandomError> {
        for chunk in buffer.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

/// Gives bytes `good` times, then fails for ever.
pub struct FailingRandom {
    good: AtomicU64,
    inner: SeededRandom,
}

impl FailingRandom {
    /// Fails from call `good` (0-based) on.
    #[must_use]
    pub fn after(good: u64) -> Self {
        Self {
            good: AtomicU64::new(good),
            inner: SeededRandom::new(good),
        }
    }
}

impl Random for FailingRandom {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), RandomError> {
        let take = |left: u64| left.checked_sub(1);
        match self
            .good
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, take)
        {
            Ok(_) => self.inner.fill(buffer),
            Err(_) => Err(RandomError),
        }
    }
}
