//! The deadline around the keychain: shared reads, no pile of hung threads, no waiting on exit.

use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use connectors::vault::{Keychain, KeychainCaller, KeychainError};
use testkit::memory_keychain::MemoryKeychain;
use zeroize::Zeroizing;

const SHORT: Duration = Duration::from_millis(100);

fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let started = Instant::now();
    while !done() {
        assert!(
            started.elapsed() < Duration::from_secs(20),
            "waiting for: {what}"
        );
        std::thread::yield_now();
    }
}

#[test]
fn bar_10_a_hundred_first_uses_are_one_read() {
    let memory = Arc::new(MemoryKeychain::new());
    memory.put("account", "secret");
    memory.hold();
    let caller = KeychainCaller::new(memory.clone());
    let start = Barrier::new(100);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..100)
            .map(|_| {
                scope.spawn(|| {
                    start.wait();
                    caller.read("account")
                })
            })
            .collect();
        wait_until("99 threads to share the read", || caller.waiting() == 100);
        memory.release();
        for thread in threads {
            let read = thread.join().expect("no panic").expect("a secret");
            assert_eq!(*read, "secret", "each gets the answer");
        }
    });
    assert_eq!(memory.reads(), 1, "one question to the person");
}

#[test]
fn a_late_call_is_abandoned_and_others_do_not_pile_up() {
    let memory = Arc::new(MemoryKeychain::new());
    memory.put("account", "secret");
    memory.hold();
    let caller = KeychainCaller::with_deadline(memory.clone(), SHORT);
    let started = Instant::now();
    assert_eq!(
        caller.read("account"),
        Err(KeychainError::TimedOut),
        "nobody answers"
    );
    assert!(started.elapsed() >= SHORT, "the deadline was waited for");
    let patient = Instant::now();
    for _ in 0..50 {
        assert_eq!(
            caller.read("account"),
            Err(KeychainError::TimedOut),
            "still hanging"
        );
        assert_eq!(
            caller.write("account", "x"),
            Err(KeychainError::TimedOut),
            "nor a write"
        );
        assert_eq!(
            caller.delete("account"),
            Err(KeychainError::TimedOut),
            "nor a deletion"
        );
    }
    assert!(
        patient.elapsed() < SHORT * 10,
        "answered at once, 150 times"
    );
    assert_eq!(
        (memory.reads(), memory.writes()),
        (1, 0),
        "one hung thread, not 151"
    );
    memory.release();
    wait_until("the hung call to end", || caller.read("account").is_ok());
    assert_eq!(caller.write("account", "new"), Ok(()), "it works again");
    assert_eq!(
        *caller.read("account").expect("a secret"),
        "new",
        "and keeps what it is given"
    );
}

#[test]
fn calls_of_different_kinds_wait_for_one_another() {
    let memory = Arc::new(MemoryKeychain::new());
    memory.put("one", "1");
    memory.put("two", "2");
    let caller = KeychainCaller::new(memory.clone());
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| assert_eq!(*caller.read("one").expect("one"), "1", "its own answer"));
            scope.spawn(|| assert_eq!(*caller.read("two").expect("two"), "2", "its own answer"));
            scope.spawn(|| assert_eq!(caller.write("three", "3"), Ok(()), "and writes"));
        }
    });
    assert_eq!(memory.writes(), 20, "writes are never shared");
}

struct Panicking;

impl Keychain for Panicking {
    fn read(&self, _account: &str) -> Result<Zeroizing<String>, KeychainError> {
        panic!("a bug in a library");
    }
    fn write(&self, _account: &str, _secret: &str) -> Result<(), KeychainError> {
        panic!("a bug in a library");
    }
    fn delete(&self, _account: &str) -> Result<(), KeychainError> {
        panic!("a bug in a library");
    }
}

#[test]
fn a_panic_in_the_keychain_is_a_failure_each_time() {
    let caller = KeychainCaller::new(Arc::new(Panicking));
    for _ in 0..3 {
        let result = caller.read("account");
        assert!(
            matches!(result, Err(KeychainError::Failed(_))),
            "not a hang: {result:?}"
        );
    }
}
