//! How a practice federation is set up. Every value has a default, so that tests name only what
//! they are about.

use crate::credentials::PracticeCredentials;
use crate::faults::Fault;

/// How a practice federation is set up.
#[derive(Debug, Clone)]
pub struct PracticeOptions {
    /// The port on 127.0.0.1; 0 (the default) takes a free one.
    pub port: u16,
    /// The same seed gives the same members.
    pub seed: u64,
    /// How many members, in all clubs together.
    pub members: usize,
    /// How many members the club of the twins has. Thirteen are written by hand.
    pub twin_members: usize,
    /// What it accepts.
    pub credentials: PracticeCredentials,
    /// Faults that are set from the first request on.
    pub faults: Vec<Fault>,
    /// Keeps every request whole, with the values of its headers, for
    /// [`Practice::recorded`](crate::Practice::recorded).
    pub recorder: bool,
    /// Seconds an access token lives; 0 lets it die before it is sent.
    pub access_token_lifetime: u64,
    /// Seconds an authorization code lives.
    pub code_lifetime: u64,
    /// Seconds a device has until a person must have decided.
    pub device_code_lifetime: u64,
    /// Seconds a device waits between two questions; 0 lets it ask as often as it likes.
    pub device_interval: u64,
    /// The scheme of the redirect addresses that are no loopback address.
    pub redirect_scheme: String,
    /// The RSA key the worker signs its assertions with, as DER: PKCS#1 or `SubjectPublicKeyInfo`.
    /// Without it no assertion is accepted.
    pub worker_public_key: Option<Vec<u8>>,
    /// Gives the seconds since 1970, for the `exp` of assertions. Without it `exp` must be there but
    /// may be any number: nothing here reads the computer's clock.
    pub unix_now: Option<fn() -> i64>,
}

impl Default for PracticeOptions {
    fn default() -> Self {
        Self {
            port: 0,
            seed: 1888,
            members: 412,
            twin_members: 250,
            credentials: PracticeCredentials::default(),
            faults: Vec::new(),
            recorder: false,
            access_token_lifetime: 3600,
            code_lifetime: 600,
            device_code_lifetime: 600,
            device_interval: 5,
            redirect_scheme: "com.playerarc.connectors".to_owned(),
            worker_public_key: None,
            unix_now: None,
        }
    }
}
