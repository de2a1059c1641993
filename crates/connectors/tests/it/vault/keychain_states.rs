//! The Secret Service in each of its states, real and scripted. The code under test reads the bus
//! address from the environment, so it runs in a child process: this very test, started again.
#![allow(clippy::print_stdout, reason = "a child process answers on its output")]

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use connectors::vault::{KeychainCaller, KeychainError, SystemKeychain};
use testkit::secret_service::{FakeSecretService, GnomeKeyring, OnPrompt, PrivateBus, Script};

use super::rounds;

const CHILD: &str = "FC_TEST_KEYCHAIN_PROBE";
const DEADLINE: Duration = Duration::from_millis(1_500);

/// The entry point of the child process; in the parent it checks that an unknown order fails.
#[test]
fn probe() {
    let Ok(order) = std::env::var(CHILD) else {
        let unknown = ask(None, "nonsense");
        assert_eq!(
            unknown.state, "unknown order",
            "the probe says what it does not know"
        );
        return;
    };
    let caller = KeychainCaller::with_deadline(Arc::new(SystemKeychain), DEADLINE);
    let state = match order.as_str() {
        "read" => caller
            .read("account")
            .map(|secret| format!("ok {}", *secret)),
        "write" => caller.write("account", "secret").map(|()| "ok".to_owned()),
        "delete" => caller.delete("account").map(|()| "ok".to_owned()),
        _ => Ok("unknown order".to_owned()),
    };
    println!(
        "\nstate: {}",
        state.unwrap_or_else(|problem| format!("{problem:?}"))
    );
}

struct Answer {
    state: String,
    /// From start to exit of the process.
    took: Duration,
    /// All that it printed.
    output: String,
}

fn ask(bus: Option<&str>, order: &str) -> Answer {
    let started = Instant::now();
    let mut command = Command::new(std::env::current_exe().expect("this test"));
    command
        .args([
            "--exact",
            "vault::keychain_states::probe",
            "--nocapture",
            "--test-threads=1",
        ])
        .env_remove("XDG_RUNTIME_DIR")
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .env(CHILD, order)
        .stdin(Stdio::null());
    if let Some(address) = bus {
        command.env("DBUS_SESSION_BUS_ADDRESS", address);
    }
    let output = command.output().expect("the test runs itself");
    let text = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the probe ends cleanly: {text}");
    let state = text.lines().find_map(|line| line.strip_prefix("state: "));
    Answer {
        state: state.expect("the probe prints a state").to_owned(),
        took: started.elapsed(),
        output: text.clone(),
    }
}

/// Asks and checks the state, and that the process ends within 3 s (bar 9) whatever hangs.
fn check(bus: &PrivateBus, order: &str, expected: &str) {
    let answer = ask(Some(bus.address()), order);
    assert_eq!(answer.state, expected, "{order}");
    assert!(
        answer.took < Duration::from_secs(3),
        "{order}: exit after {:?}",
        answer.took
    );
}

fn failed(sentence: &'static str) -> String {
    format!("{:?}", KeychainError::Failed(sentence))
}

#[test]
fn bar_09_no_bus_is_absent() {
    for address in [
        None,
        Some("unix:path=/nowhere/bus"),
        Some("nonsense"),
        Some(""),
    ] {
        for _ in 0..rounds(1, 20) {
            let answer = ask(address, "read");
            assert_eq!(answer.state, "Absent", "bus {address:?}");
            assert!(answer.took < Duration::from_secs(3), "{:?}", answer.took);
        }
    }
}

#[test]
fn bar_09_no_daemon_is_absent() {
    let bus = PrivateBus::start();
    for order in ["read", "write", "delete"] {
        check(&bus, order, "Absent");
    }
}

#[test]
fn bar_09_the_real_keyring_stores_reads_and_deletes() {
    let bus = PrivateBus::start();
    let _keyring = GnomeKeyring::start_unlocked(&bus);
    check(&bus, "read", "NoEntry");
    check(&bus, "delete", "NoEntry");
    check(&bus, "write", "ok");
    check(&bus, "read", "ok secret");
    check(&bus, "write", "ok");
    check(&bus, "read", "ok secret");
    check(&bus, "delete", "ok");
    check(&bus, "read", "NoEntry");
}

#[test]
fn bar_09_the_real_keyring_locked_without_anyone_to_ask_is_locked() {
    let bus = PrivateBus::start();
    let keyring = GnomeKeyring::start_unlocked(&bus);
    keyring.lock(&bus);
    // Nothing was stored, and still this is not "no entry".
    check(&bus, "read", "Locked");
    drop(keyring);
    let bus = PrivateBus::start();
    let keyring = GnomeKeyring::start_unlocked(&bus);
    check(&bus, "write", "ok");
    for _ in 0..rounds(2, 20) {
        keyring.lock(&bus);
        for order in ["read", "write", "delete"] {
            check(&bus, order, "Locked");
        }
    }
}

#[test]
fn bar_09_the_real_keyring_frozen_times_out_and_killed_is_absent() {
    let bus = PrivateBus::start();
    let mut keyring = GnomeKeyring::start_unlocked(&bus);
    check(&bus, "write", "ok");
    keyring.freeze();
    check(&bus, "read", "TimedOut");
    check(&bus, "write", "TimedOut");
    keyring.kill();
    check(&bus, "read", "Absent");
}

#[test]
fn bar_09_scripted_states() {
    let with = |change: fn(&mut Script)| {
        let mut script = Script {
            entry: Some(b"secret".to_vec()),
            ..Script::default()
        };
        change(&mut script);
        script
    };
    let cases = [
        ("open", with(|_| {}), "ok secret".to_owned()),
        ("no entry", with(|it| it.entry = None), "NoEntry".to_owned()),
        (
            "locked, opened by a person",
            with(|it| it.locked = true),
            "ok secret".to_owned(),
        ),
        (
            "locked, dismissed",
            with(|it| (it.locked, it.on_prompt) = (true, OnPrompt::Dismiss)),
            "Dismissed".to_owned(),
        ),
        (
            "locked, nobody answers",
            with(|it| (it.locked, it.on_prompt) = (true, OnPrompt::Silence)),
            "TimedOut".to_owned(),
        ),
        (
            "locked and hiding, opened by a person",
            with(|it| (it.locked, it.hides_locked) = (true, true)),
            "ok secret".to_owned(),
        ),
        (
            "locked and hiding, dismissed",
            with(|it| {
                (it.locked, it.hides_locked, it.on_prompt) = (true, true, OnPrompt::Dismiss);
            }),
            "Dismissed".to_owned(),
        ),
        (
            "dies in mid-call",
            with(|it| it.dies_in_get_secret = true),
            failed("it stopped while it was asked"),
        ),
        (
            "other bytes",
            with(|it| it.entry = Some(vec![0xff, 0xfe, b'z'])),
            failed("its entry is not text"),
        ),
    ];
    for (what, script, expected) in cases {
        for _ in 0..rounds(1, 20) {
            let bus = PrivateBus::start();
            let _fake = FakeSecretService::start(&bus, script.clone());
            let answer = ask(Some(bus.address()), "read");
            assert_eq!(answer.state, expected, "{what}");
            assert!(
                answer.took < Duration::from_secs(3),
                "{what}: {:?}",
                answer.took
            );
            let leaked = answer.output.contains("255, 254") || answer.output.contains("[255");
            assert!(!leaked, "{what}: no bytes of an entry are printed");
        }
    }
}

#[test]
fn a_scripted_service_stores_and_deletes() {
    let bus = PrivateBus::start();
    let fake = FakeSecretService::start(&bus, Script::default());
    check(&bus, "write", "ok");
    assert_eq!(
        fake.entry().as_deref(),
        Some(&b"secret"[..]),
        "the bytes as they are"
    );
    check(&bus, "delete", "ok");
    assert_eq!(fake.entry(), None, "and gone");
}
