//! The only door to randomness. Keys, nonces and salts come from the operating system's
//! generator; where it fails nothing is made (security bar 2).

use uuid::Uuid;

use crate::clock::UtcMillis;

/// The generator gave no bytes. No key, nonce or identifier was made.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gave no random bytes")]
pub struct RandomError;

/// Where random bytes come from: the system, or a seeded or failing stub in tests.
pub trait Random: Send + Sync {
    /// Fills the whole buffer, or fails and leaves nothing usable in it.
    fn fill(&self, buffer: &mut [u8]) -> Result<(), RandomError>;
}

/// The operating system's cryptographically secure generator.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemRandom;

impl Random for SystemRandom {
    #[allow(
        clippy::disallowed_methods,
        reason = "this module is the door to randomness"
    )]
    fn fill(&self, buffer: &mut [u8]) -> Result<(), RandomError> {
        getrandom::fill(buffer).map_err(|_| RandomError)
    }
}

/// A time-ordered identifier (UUID version 7, RFC 9562 §5.7).
pub fn make_id(random: &dyn Random, now: UtcMillis) -> Result<Uuid, RandomError> {
    let mut bytes = [0_u8; 10];
    random.fill(&mut bytes)?;
    let millis = u64::try_from(now.0).unwrap_or(0);
    Ok(uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid())
}

/// The same generator as `ring` wants it. Its trait is sealed, so a [`Random`] cannot stand in
/// for it: only for calls that ask for a generator and draw nothing from it.
pub(crate) fn ring_random() -> ring::rand::SystemRandom {
    ring::rand::SystemRandom::new()
}
