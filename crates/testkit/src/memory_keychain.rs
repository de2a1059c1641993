//! A keychain in memory that fails, lies or waits on order and counts its calls.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use connectors::vault::{Keychain, KeychainError};
use zeroize::Zeroizing;

/// See the module. Everything can be changed while it is in use.
#[derive(Default)]
pub struct MemoryKeychain {
    state: Mutex<State>,
    changed: Condvar,
    reads: AtomicUsize,
    writes: AtomicUsize,
}

#[derive(Default)]
struct State {
    entries: HashMap<String, String>,
    failing: Option<KeychainError>,
    forgets_writes: bool,
    held: bool,
}

impl MemoryKeychain {
    /// Empty and working.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on every call fails like this; `None` mends it.
    pub fn fail_with(&self, failing: Option<KeychainError>) {
        self.lock().failing = failing;
    }

    /// From now on writes answer "done" and keep nothing.
    pub fn forget_writes(&self) {
        self.lock().forgets_writes = true;
    }

    /// Holds every call until [`MemoryKeychain::release`].
    pub fn hold(&self) {
        self.lock().held = true;
    }

    /// Lets held calls go on.
    pub fn release(&self) {
        self.lock().held = false;
        self.changed.notify_all();
    }

    /// The accounts and their secrets.
    pub fn entries(&self) -> HashMap<String, String> {
        self.lock().entries.clone()
    }

    /// Puts an entry there, past all orders.
    pub fn put(&self, account: &str, secret: &str) {
        let entries = &mut self.lock().entries;
        entries.insert(account.to_owned(), secret.to_owned());
    }

    /// Loses every entry, past all orders.
    pub fn lose_all(&self) {
        self.lock().entries.clear();
    }

    /// Reads that have begun.
    pub fn reads(&self) -> usize {
        self.reads.load(Ordering::SeqCst)
    }

    /// Writes that have begun.
    pub fn writes(&self) -> usize {
        self.writes.load(Ordering::SeqCst)
    }

    fn ready(&self) -> Result<MutexGuard<'_, State>, KeychainError> {
        let mut state = self.lock();
        while state.held {
            let woken = self.changed.wait(state);
            state = woken.unwrap_or_else(PoisonError::into_inner);
        }
        state.failing.map_or(Ok(state), Err)
    }
}

impl Keychain for MemoryKeychain {
    fn read(&self, account: &str) -> Result<Zeroizing<String>, KeychainError> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        let state = self.ready()?;
        let secret = state.entries.get(account).ok_or(KeychainError::NoEntry)?;
        Ok(Zeroizing::new(secret.clone()))
    }

    fn write(&self, account: &str, secret: &str) -> Result<(), KeychainError> {
        self.writes.fetch_add(1, Ordering::SeqCst);
        let mut state = self.ready()?;
        if !state.forgets_writes {
            state.entries.insert(account.to_owned(), secret.to_owned());
        }
        Ok(())
    }

    fn delete(&self, account: &str) -> Result<(), KeychainError> {
        let mut state = self.ready()?;
        let removed = state.entries.remove(account);
        removed.map(drop).ok_or(KeychainError::NoEntry)
    }
}
