//! What all requests share. Locks are held for a few instructions, never across an await, and a
//! poisoned one is used on: the data behind it is whole after every statement.

use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::credentials::PracticeCredentials;
use crate::injection::FaultTable;
use crate::log::{RecordedRequest, RequestLog};
use crate::members::Member;

pub(crate) struct Shared {
    pub(crate) address: SocketAddr,
    pub(crate) credentials: PracticeCredentials,
    pub(crate) members: Vec<Member>,
    faults: Mutex<FaultTable>,
    log: Mutex<RequestLog>,
    recorder: Option<Mutex<Vec<RecordedRequest>>>,
}

impl Shared {
    pub(crate) fn new(
        address: SocketAddr,
        credentials: PracticeCredentials,
        members: Vec<Member>,
        faults: FaultTable,
        recorder: bool,
    ) -> Self {
        Self {
            address,
            credentials,
            members,
            faults: Mutex::new(faults),
            log: Mutex::default(),
            recorder: recorder.then(Mutex::default),
        }
    }

    pub(crate) fn faults(&self) -> MutexGuard<'_, FaultTable> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn log(&self) -> MutexGuard<'_, RequestLog> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `None` unless the recorder was asked for.
    pub(crate) fn recorder(&self) -> Option<MutexGuard<'_, Vec<RecordedRequest>>> {
        let recorder = self.recorder.as_ref()?;
        Some(recorder.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Scheme, address and port, without a slash at the end.
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// True if `authority` is this server's own: its address or `localhost`, with its port.
    pub(crate) fn is_own_authority(&self, authority: &str) -> bool {
        let (host, port) = authority.rsplit_once(':').unwrap_or((authority, "80"));
        (host == "127.0.0.1" || host.eq_ignore_ascii_case("localhost"))
            && port.parse() == Ok(self.address.port())
    }
}
