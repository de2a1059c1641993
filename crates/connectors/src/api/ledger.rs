//! What a client keeps about its requests, and asks before it makes one: send times shared with other
//! processes, attempts, and how the connector stands. A seam: the product keeps it in the file, a test in memory.

use std::future::Future;
use std::pin::Pin;

use crate::api::circuit::{Caller, Outcome};
use crate::clock::UtcMillis;
use crate::failure::{FailureClass, Finding};
use crate::view::ErrorSource;

/// Work under way.
pub type Working<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One attempt, as it is recorded: no query value, no body, no header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attempt {
    /// When it was sent.
    pub at: UtcMillis,
    /// The template of the address, e.g. `/v1/members/{member_id}`, or the path where there is none.
    pub endpoint: String,
    /// HTTP method.
    pub method: String,
    /// HTTP status, where one came.
    pub status: Option<u16>,
    /// What went wrong, none where it was answered well.
    pub finding: Option<Finding>,
    /// Milliseconds until the last byte that was read.
    pub ms: u64,
    /// Unpacked bytes of the body that were read.
    pub bytes: u64,
    /// Which attempt of its request, from 1.
    pub number: u32,
    /// Whether a failure of it says nothing about the connector: it asked about one club, or at a path that somebody typed.
    pub aside: bool,
}

/// How a request ended, for the error log; all is empty where it ended well.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ended {
    /// What its last attempt saw.
    pub finding: Option<Finding>,
    /// HTTP status, where one came.
    pub status: Option<u16>,
    /// The template of the address; none for a path that somebody typed, which may hold a value.
    pub endpoint: Option<String>,
    /// The federation's id of the club that it asked about.
    pub organisation: Option<String>,
    /// What asked; none where whoever asks enters the failure himself, or it would be there twice.
    pub source: Option<ErrorSource>,
}

/// A request for send times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// How many, from 1.
    pub count: u32,
    /// Earlier ones that were not used, so that somebody else may.
    pub returned: Vec<i64>,
    /// How far the clock was set since the last request, in milliseconds, forward or (negative) back: what is
    /// recorded moves along, or everything sent before would look old, or as if it were still to come.
    pub set_by_ms: i64,
    /// From when on they are wanted, in milliseconds from now.
    pub lead_ms: i64,
}

/// A reserved send time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// Which one, to give it back.
    pub id: i64,
    /// Not before then; soon after it is void.
    pub at: UtcMillis,
}

/// Reserved send times, earliest first. At least one, unless the federation has asked for a long pause.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reserved {
    /// The times.
    pub slots: Vec<Slot>,
    /// Nothing is sent before then; set only where that is too long to be waited for.
    pub paused_until: Option<UtcMillis>,
}

/// What an answer said about the federation's limit, worth keeping.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LimitNews {
    /// Requests in a minute.
    pub per_minute: Option<u32>,
    /// Nothing is to be sent for so long, in milliseconds.
    pub pause_ms: Option<u64>,
}

/// Why nothing may be sent at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Barred {
    /// Who must act.
    pub class: FailureClass,
    /// What is in the way.
    pub finding: Finding,
    /// When a schedule may try again; none where a person must act.
    pub retry_at: Option<UtcMillis>,
    /// One sentence about it.
    pub message: String,
}

/// The books of one connector.
pub trait Ledger: Send + Sync {
    /// Whether a request may be made now; true where it is the probe of a stopped connector.
    fn permit(&self, caller: Caller) -> Working<'_, Result<bool, Barred>>;

    /// Reserves send times.
    fn reserve(&self, ask: Ask) -> Working<'_, Result<Reserved, Finding>>;

    /// Keeps what was learnt about the federation's limit.
    fn learn(&self, news: LimitNews) -> Working<'_, ()>;

    /// Records an attempt; it may be written a little later.
    fn note(&self, attempt: Attempt);

    /// Says how a request ended.
    fn conclude(&self, outcome: Outcome, ended: Ended) -> Working<'_, ()>;
}
