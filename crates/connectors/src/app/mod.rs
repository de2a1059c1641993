//! The product as one value: a method a use case, the same for the window and for `fedctl`.
//! An [`App`] costs nothing to make; opening the file is a step of its own, so that a window can
//! be painted first.

mod act;
mod ask_token;
mod attempts;
mod audit;
mod backups;
mod books;
mod catalogue;
mod checks;
mod club_file;
mod club_import;
mod club_look_up;
mod club_outcome;
mod club_record;
mod clubs;
mod connectors;
mod credentials;
mod diagnostics;
mod doctor;
mod erase;
mod erase_records;
mod erased;
mod error_log;
mod export;
mod failure_text;
mod files;
mod health;
mod health_export;
mod health_filter;
mod home;
mod keep_token;
mod keys;
mod lists;
mod member_detail;
mod member_search;
mod members;
mod notices;
mod opening;
mod owner;
mod pausing;
mod practice;
mod proofs;
mod record;
mod requests;
mod retention;
mod role;
mod schedule;
mod sign_in;
mod standing;
mod sync;
mod telling;
mod templates;
mod testing;
mod tokens;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::audit::Actor;
use crate::clock::{Clock, SystemClock, UtcMillis};
use crate::error::{Code, Error, LockReason, Result};
use crate::random::{Random, SystemRandom};
use crate::store::Store;
use crate::vault::keychain::{Keychain, KeychainCaller, SystemKeychain};
use crate::vault::sidecar::Sidecar;
use crate::vault::{AuditKey, Vault};

pub use home::Ending;
use opening::Paths;
pub use opening::data_dir;
pub use sign_in::{Delivery, SignInSink};
pub use sync::{IMPORT_LIMIT, SyncProgress};
pub use testing::StepSink;

/// What an [`App`] is made of. [`AppOptions::system`] is the real thing; tests change parts of it.
pub struct AppOptions {
    /// The folder with the data file.
    pub data_dir: PathBuf,
    /// The keychain.
    pub keychain: Arc<dyn Keychain>,
    /// The longest a keychain call may take; a person may be typing a password into its prompt.
    pub keychain_deadline: std::time::Duration,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The source of randomness.
    pub random: Arc<dyn Random>,
}

impl AppOptions {
    /// The system's keychain, clock and generator.
    #[must_use]
    pub fn system(data_dir: PathBuf) -> Self {
        Self {
            data_dir,
            keychain: Arc::new(SystemKeychain),
            keychain_deadline: std::time::Duration::from_secs(30),
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
        }
    }
}

/// The product. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
    /// Through what this handle acts.
    actor: Actor,
    /// Whether this handle shows no member, whatever the preferences say.
    support: bool,
}

struct Inner {
    paths: Paths,
    keychain: KeychainCaller,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    state: RwLock<State>,
    /// One opening at a time: a hundred first uses ask the keychain once.
    opening: tokio::sync::Mutex<()>,
    drafts: Mutex<testing::Drafts>,
    /// Parent of the tests that run; taking it away stops them.
    running_tests: Mutex<CancellationToken>,
    /// This process as the holder of leases.
    owner: Mutex<Option<owner::Owner>>,
    tokens: tokens::TokenWork,
    clients: Mutex<requests::Clients>,
    /// Attempts that are not in the file yet.
    waiting: Mutex<attempts::Waiting>,
    sign_ins: sign_in::SignIns,
    /// Connections of which this process makes a plan right now, with the run and what stops it.
    syncs: Mutex<HashMap<Uuid, (Uuid, CancellationToken)>>,
    /// When this process has last written where the audit log ends, by the monotonic clock.
    anchored: Mutex<Option<std::time::Duration>>,
    /// Records to try a template with: in memory only, and only the last ones.
    samples: Mutex<Option<templates::Samples>>,
    checking: checks::Checking,
    /// One look at the schedules at a time.
    scheduling: tokio::sync::Mutex<()>,
    /// What a person has looked at and may save.
    diagnostics: Mutex<Option<(Option<String>, Arc<crate::diagnostics::Bundle>)>>,
}

/// Whether the file is open, and if not, why.
enum State {
    Closed(Option<Arc<Error>>),
    Opening,
    Open(Arc<Opened>),
}

/// An open file with its keys.
struct Opened {
    store: Store,
    database_id: Uuid,
    /// The key of the audit log, beside the others: a transaction must never wait for those.
    audit_key: Arc<AuditKey>,
    /// Shared, so that a file that had to be closed can be opened again with them.
    keys: Arc<RwLock<Keys>>,
}

struct Keys {
    vault: Vault,
    sidecar: Sidecar,
}

impl Opened {
    /// The keys, for reading. Never held across an await.
    fn keys(&self) -> RwLockReadGuard<'_, Keys> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl App {
    /// Makes the app without touching disk, keychain or network.
    #[must_use]
    pub fn new(options: AppOptions) -> Self {
        let keychain = KeychainCaller::with_deadline(options.keychain, options.keychain_deadline);
        Self {
            inner: Arc::new(Inner {
                paths: Paths::new(options.data_dir),
                keychain,
                clock: options.clock,
                random: options.random,
                state: RwLock::new(State::Closed(None)),
                opening: tokio::sync::Mutex::new(()),
                drafts: Mutex::default(),
                running_tests: Mutex::default(),
                owner: Mutex::default(),
                tokens: tokens::TokenWork::default(),
                clients: Mutex::default(),
                waiting: Mutex::default(),
                sign_ins: sign_in::SignIns::default(),
                syncs: Mutex::default(),
                anchored: Mutex::default(),
                samples: Mutex::default(),
                checking: checks::Checking::default(),
                scheduling: tokio::sync::Mutex::default(),
                diagnostics: Mutex::default(),
            }),
            actor: Actor::Itself,
            support: false,
        }
    }

    /// A handle of the product's own, for what goes on beside its callers.
    fn by_itself(inner: Arc<Inner>) -> Self {
        Self {
            inner,
            actor: Actor::Itself,
            support: false,
        }
    }

    /// The folder with the data file.
    pub fn data_dir(&self) -> &Path {
        &self.inner.paths.data_dir
    }

    fn now(&self) -> UtcMillis {
        self.inner.clock.now()
    }

    fn random(&self) -> &dyn Random {
        &*self.inner.random
    }

    /// The open file, or why there is none.
    fn opened(&self) -> Result<Arc<Opened>> {
        match &*self
            .inner
            .state
            .read()
            .unwrap_or_else(PoisonError::into_inner)
        {
            State::Open(opened) => Ok(Arc::clone(opened)),
            State::Opening => Err(Error::Locked(LockReason::Opening)),
            State::Closed(Some(reason)) => Err(reason.repeated()),
            State::Closed(None) => Err(Error::Locked(LockReason::ByUser)),
        }
    }

    fn store(&self) -> Result<Store> {
        Ok(self.opened()?.store.clone())
    }
}

impl Error {
    /// The same refusal again, for a caller that comes later; the cause stays with the first.
    fn repeated(&self) -> Self {
        match self {
            Self::Locked(reason) => Self::Locked(*reason),
            Self::NewerSchema { found, known } => Self::NewerSchema {
                found: *found,
                known: *known,
            },
            Self::Damaged { path } => Self::Damaged { path: path.clone() },
            Self::Storage {
                problem,
                doing,
                path,
                ..
            } => Self::Storage {
                problem: *problem,
                doing,
                path: path.clone(),
                source: None,
            },
            other => Self::refused(other.code(), other.to_string()),
        }
    }
}

/// A lock that a panic elsewhere cannot poison for us: what it guards is replaced whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// "There is no connector …", in one place.
fn no_connector(code: &str) -> Error {
    Error::refused(
        Code::NotFound,
        format!("there is no connector with the federation code {code}"),
    )
}
