//! A deadline around calls that may never return. Each call has its own named thread, which is
//! never joined: a hung keychain must not hang the window or the exit. One call runs at a time,
//! reads of one account share one call, and while an abandoned call still hangs every other one
//! answers [`KeychainError::TimedOut`] at once, so that hung threads do not pile up.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use zeroize::Zeroizing;

use super::{Keychain, KeychainError};
use crate::clock::Stopwatch;

/// Time a person has to answer the keychain's question.
pub const DEFAULT_DEADLINE: Duration = Duration::from_secs(30);

/// What a call gives back; calls without an answer give an empty text.
type Answer = Result<Zeroizing<String>, KeychainError>;

enum Request {
    Read(String),
    Write(String, Zeroizing<String>),
    Delete(String),
}

impl Request {
    fn make(&self, keychain: &dyn Keychain) -> Answer {
        let nothing = |()| Zeroizing::new(String::new());
        match self {
            Self::Read(account) => keychain.read(account),
            Self::Write(account, secret) => keychain.write(account, secret).map(nothing),
            Self::Delete(account) => keychain.delete(account).map(nothing),
        }
    }
}

#[derive(Default)]
struct CallState {
    answer: Option<Answer>,
    abandoned: bool,
    waiting: usize,
}

/// One call under way.
struct Call {
    /// The account that is read; none for a call whose answer cannot be shared.
    reads: Option<String>,
    state: Mutex<CallState>,
    changed: Condvar,
}

impl Call {
    /// Waits for the answer; none where the call was abandoned, by this waiter or another one.
    fn wait(&self, watch: Stopwatch, deadline: Duration) -> Option<Answer> {
        let mut state = lock(&self.state);
        state.waiting += 1;
        loop {
            if state.abandoned {
                return None;
            }
            if let Some(answer) = &state.answer {
                return Some(answer.clone());
            }
            let left = deadline.saturating_sub(watch.elapsed());
            if left.is_zero() {
                state.abandoned = true;
                self.changed.notify_all();
                return None;
            }
            let woken = self.changed.wait_timeout(state, left);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Only the first answer counts. One that nobody waits for any more is wiped at once.
    fn answer(&self, answer: Answer) {
        let mut state = lock(&self.state);
        if state.answer.is_none() && !state.abandoned {
            state.answer = Some(answer);
        }
        self.changed.notify_all();
    }
}

/// The end of a call's thread, however it ends: room for the next call, then an answer.
struct End {
    call: Arc<Call>,
    current: Arc<Mutex<Option<Arc<Call>>>>,
    answer: Answer,
}

impl Drop for End {
    fn drop(&mut self) {
        *lock(&self.current) = None;
        let died = Err(KeychainError::Failed(DIED));
        self.call.answer(std::mem::replace(&mut self.answer, died));
    }
}

const DIED: &str = "its thread died";

/// A keychain behind a deadline. Clones share it.
#[derive(Clone)]
pub struct KeychainCaller {
    keychain: Arc<dyn Keychain>,
    deadline: Duration,
    current: Arc<Mutex<Option<Arc<Call>>>>,
}

impl KeychainCaller {
    /// With the default deadline of 30 s.
    #[must_use]
    pub fn new(keychain: Arc<dyn Keychain>) -> Self {
        Self::with_deadline(keychain, DEFAULT_DEADLINE)
    }

    /// With a deadline of its own.
    #[must_use]
    pub fn with_deadline(keychain: Arc<dyn Keychain>, deadline: Duration) -> Self {
        Self {
            keychain,
            deadline,
            current: Arc::default(),
        }
    }

    /// [`Keychain::read`] within the deadline. Reads of one account at one moment are one read.
    pub fn read(&self, account: &str) -> Result<Zeroizing<String>, KeychainError> {
        self.call(Request::Read(account.to_owned()))
    }

    /// [`Keychain::write`] within the deadline. A late write may still happen afterwards, so a
    /// caller that was told [`KeychainError::TimedOut`] must not rely on the old secret either.
    pub fn write(&self, account: &str, secret: &str) -> Result<(), KeychainError> {
        let secret = Zeroizing::new(secret.to_owned());
        self.call(Request::Write(account.to_owned(), secret))
            .map(drop)
    }

    /// [`Keychain::delete`] within the deadline.
    pub fn delete(&self, account: &str) -> Result<(), KeychainError> {
        self.call(Request::Delete(account.to_owned())).map(drop)
    }

    /// How many callers have come to wait for the call under way; for tests.
    #[doc(hidden)]
    pub fn waiting(&self) -> usize {
        let current = lock(&self.current).clone();
        current.map_or(0, |call| lock(&call.state).waiting)
    }

    fn call(&self, request: Request) -> Answer {
        let watch = Stopwatch::start();
        loop {
            let mut current = lock(&self.current);
            let Some(running) = current.as_ref().map(Arc::clone) else {
                let call = self.start(request)?;
                *current = Some(Arc::clone(&call));
                drop(current);
                let answer = call.wait(watch, self.deadline);
                return answer.unwrap_or(Err(KeychainError::TimedOut));
            };
            drop(current);
            let answer = running.wait(watch, self.deadline);
            let answer = answer.ok_or(KeychainError::TimedOut)?;
            match &request {
                Request::Read(account) if running.reads.as_ref() == Some(account) => return answer,
                // Another call's answer is not ours; only its end matters.
                _ => {}
            }
        }
    }

    fn start(&self, request: Request) -> Result<Arc<Call>, KeychainError> {
        let call = Arc::new(Call {
            reads: match &request {
                Request::Read(account) => Some(account.clone()),
                Request::Write(..) | Request::Delete(_) => None,
            },
            state: Mutex::default(),
            changed: Condvar::new(),
        });
        let (ended, current) = (Arc::clone(&call), Arc::clone(&self.current));
        let keychain = Arc::clone(&self.keychain);
        let thread = std::thread::Builder::new().name("keychain".to_owned());
        // The handle is dropped on purpose: the thread is never joined.
        thread
            .spawn(move || {
                // Made in here: where no thread starts, the caller still holds the lock that
                // dropping this takes.
                let mut end = End {
                    call: ended,
                    current,
                    answer: Err(KeychainError::Failed(DIED)),
                };
                end.answer = request.make(&*keychain);
            })
            .map_err(|_| KeychainError::Failed("no thread for the call"))?;
        Ok(call)
    }
}

impl std::fmt::Debug for KeychainCaller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("KeychainCaller");
        shown
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

/// A panic of another holder leaves nothing half-done here, so the lock is taken all the same.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
