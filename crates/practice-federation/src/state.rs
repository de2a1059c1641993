//! What all requests share. Locks are held for a few instructions, never across an await, and a
//! poisoned one is used on: the data behind it is whole after every statement.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use tokio::runtime::Handle;

use crate::counted::Arrivals;
use crate::credentials::PracticeCredentials;
use crate::injection::FaultTable;
use crate::log::{RecordedRequest, RequestLog};
use crate::members::{Member, invented_members};
use crate::oauth::Ledger;
use crate::options::PracticeOptions;
use crate::twins::club;

pub(crate) struct Shared {
    pub(crate) address: SocketAddr,
    /// What was asked for at the start. The lifetime of access tokens is the ledger's, because it
    /// changes while the server runs.
    pub(crate) options: PracticeOptions,
    pub(crate) credentials: PracticeCredentials,
    pub(crate) members: Arc<Vec<Member>>,
    /// What the lists have now, where somebody has changed it.
    changed: RwLock<Option<Arc<Vec<Member>>>>,
    /// The members every twin has.
    pub(crate) twin_members: Vec<Member>,
    /// How often a twin's key was changed.
    twin_rotations: AtomicU64,
    /// The server's own runtime, known from its start on; timers run there.
    pub(crate) runtime: OnceLock<Handle>,
    ledger: Mutex<Ledger>,
    faults: Mutex<FaultTable>,
    log: Mutex<RequestLog>,
    recorder: Option<Mutex<Vec<RecordedRequest>>>,
    arrivals: Mutex<Arrivals>,
}

impl Shared {
    pub(crate) fn new(address: SocketAddr, options: PracticeOptions) -> Self {
        let mut faults = FaultTable::default();
        for fault in &options.faults {
            faults.add(fault.clone());
        }
        Self {
            address,
            credentials: options.credentials.clone(),
            members: Arc::new(invented_members(options.seed, options.members)),
            changed: RwLock::default(),
            twin_members: club(options.twin_members),
            twin_rotations: AtomicU64::new(0),
            runtime: OnceLock::new(),
            ledger: Mutex::new(Ledger::new(options.access_token_lifetime)),
            faults: Mutex::new(faults),
            log: Mutex::default(),
            recorder: options.recorder.then(Mutex::default),
            arrivals: Mutex::new(Arrivals::new()),
            options,
        }
    }

    /// The members that the lists have now.
    pub(crate) fn members_now(&self) -> Arc<Vec<Member>> {
        let changed = self.changed.read().unwrap_or_else(PoisonError::into_inner);
        let changed = changed.as_ref().map(Arc::clone);
        changed.unwrap_or_else(|| Arc::clone(&self.members))
    }

    /// Changes them.
    pub(crate) fn change_members(&self, change: impl FnOnce(&mut Vec<Member>)) {
        let mut members = Vec::clone(&self.members_now());
        change(&mut members);
        *self.changed.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(members));
    }

    /// The key that a twin with changing keys accepts now, which is `first` at the start.
    pub(crate) fn twin_key(&self, first: &str) -> String {
        match self.twin_rotations.load(Ordering::Acquire) {
            0 => first.to_owned(),
            times => format!("{first}-changed-{times}"),
        }
    }

    /// Changes that key; the old one is dead at once.
    pub(crate) fn rotate_twin_key(&self, first: &str) -> String {
        self.twin_rotations.fetch_add(1, Ordering::AcqRel);
        self.twin_key(first)
    }

    pub(crate) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn faults(&self) -> MutexGuard<'_, FaultTable> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn log(&self) -> MutexGuard<'_, RequestLog> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn arrivals(&self) -> MutexGuard<'_, Arrivals> {
        self.arrivals.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `None` unless the recorder was asked for.
    pub(crate) fn recorder(&self) -> Option<MutexGuard<'_, Vec<RecordedRequest>>> {
        let recorder = self.recorder.as_ref()?;
        Some(recorder.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the ledger after a while, at once if there is none to wait. Lifetimes are timers
    /// because no clock is read here; nothing wakes up while nothing lives.
    fn later(self: &Arc<Self>, wait: Duration, change: impl FnOnce(&mut Ledger) + Send + 'static) {
        if wait.is_zero() {
            return change(&mut self.ledger());
        }
        let Some(runtime) = self.runtime.get() else {
            return;
        };
        // Weak, so that an hour's wait keeps nothing alive that has been stopped.
        let shared = Arc::downgrade(self);
        runtime.spawn(async move {
            tokio::time::sleep(wait).await;
            if let Some(shared) = shared.upgrade() {
                change(&mut shared.ledger());
            }
        });
    }

    /// Changes the ledger after this many seconds.
    pub(crate) fn later_seconds(
        self: &Arc<Self>,
        seconds: u64,
        change: impl FnOnce(&mut Ledger) + Send + 'static,
    ) {
        self.later(Duration::from_secs(seconds), change);
    }

    /// Changes the ledger a moment before this many seconds are over, so that a client that waits
    /// exactly as long as it was told to is never found too early.
    pub(crate) fn later_about(
        self: &Arc<Self>,
        seconds: u64,
        change: impl FnOnce(&mut Ledger) + Send + 'static,
    ) {
        let wait = Duration::from_secs(seconds);
        self.later(wait.saturating_sub(Duration::from_millis(100)), change);
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
