//! Nonsense through every command: arguments that were right, changed at random from a fixed seed.
//! A command may refuse; it may not panic, and must not leave the app without an answer.

use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use federation_connectors_shell::command_names::COMMAND_NAMES;
use serde_json::{Map, Value, json};
use testkit::seeded_random::SeededRandom;

use crate::arguments::{arguments, seed};
use crate::shell::{Shell, wait};

/// Set for the child process that has a home folder of its own.
const INSIDE: &str = "FC_FUZZ_INSIDE";

/// Also those that a background thread turns into an error.
static PANICS: AtomicUsize = AtomicUsize::new(0);

/// Calls of one command; `FC_ROUNDS=full` gives the number that is promised. A command that takes
/// nothing never looks at what it is sent, so that a few calls say as much. A passphrase that is good
/// enough is stretched with 64 MiB on purpose: a hundred thousand of them take hours.
fn rounds(command: &str) -> usize {
    let all = match std::env::var("FC_ROUNDS") {
        Ok(rounds) if rounds == "full" => 100_000,
        _ => 500,
    };
    let takes_nothing = arguments(command) == Some(json!({}));
    match command {
        _ if takes_nothing => all.min(50),
        "key_add_passphrase" => all.min(2_000),
        _ => all,
    }
}

/// Calls on one file; then a new one, so that a file that grows does not slow the long form down.
const CALLS_ON_ONE_FILE: usize = 1_000;

fn junk(random: &SeededRandom) -> Value {
    let deep = || (0..100).fold(json!(0), |inner, _| json!({"a": [inner]}));
    match random.below(24) {
        0 => json!(null),
        1 => json!(true),
        2 => json!(0),
        3 => json!(-1),
        4 => json!(u64::MAX),
        5 => json!(i64::MIN),
        6 => json!(1e308),
        7 => json!(0.1),
        8 => json!(""),
        9 => json!("\u{0}"),
        10 => json!("\u{202e}\u{feff}e\u{301}\u{1f469}\u{200d}\u{1f467}"),
        11 => json!("x".repeat(1 << 14)),
        12 => json!("../../../../etc/passwd"),
        13 => json!("'; DROP TABLE connectors; --"),
        14 => json!("%s%n{}{{}}${PATH}"),
        15 => json!("\r\nX-Injected: 1"),
        16 => json!([]),
        17 => json!({}),
        18 => json!([null, [null], {"": null}]),
        19 => deep(),
        20 => json!({"__proto__": {"x": 1}, "constructor": null}),
        21 => json!("__CHANNEL__:"),
        22 => json!("__CHANNEL__:99999999999999999999"),
        _ => json!("9".repeat(400)),
    }
}

/// Changes one place below `value`, chosen at random.
fn change(value: &mut Value, random: &SeededRandom) {
    let descend = random.below(4) != 0;
    match value {
        Value::Object(fields) if descend && !fields.is_empty() => {
            let name = fields
                .keys()
                .nth(random.below(fields.len()))
                .unwrap()
                .clone();
            change(&mut fields[&name], random);
        }
        Value::Array(items) if descend && !items.is_empty() => {
            let place = random.below(items.len());
            change(&mut items[place], random);
        }
        Value::Object(fields) => change_fields(fields, random),
        Value::String(text) if random.below(2) == 0 => change_text(text, random),
        other => *other = junk(random),
    }
}

fn change_fields(fields: &mut Map<String, Value>, random: &SeededRandom) {
    let names: Vec<String> = fields.keys().cloned().collect();
    match (names.get(random.below(names.len().max(1))), random.below(3)) {
        (Some(name), 0) => drop(fields.remove(name)),
        (Some(name), 1) => drop(fields.insert(name.clone(), junk(random))),
        _ => drop(fields.insert("unknown".to_owned(), junk(random))),
    }
}

fn change_text(text: &mut String, random: &SeededRandom) {
    let letters: Vec<char> = text.chars().collect();
    let place = random.below(letters.len() + 1);
    let strange = [
        '\0', '"', '\\', '\n', '/', '.', 'é', '\u{202e}', '0', ' ', '{', '🦀',
    ];
    let one = strange[random.below(strange.len())];
    *text = match random.below(3) {
        0 => letters[..place].iter().collect(),
        1 => {
            let mut letters = letters;
            letters.insert(place, one);
            letters.into_iter().collect()
        }
        _ => letters
            .iter()
            .enumerate()
            .map(|(at, &letter)| if at == place { one } else { letter })
            .collect(),
    };
}

/// Calls `command` with changed arguments and gives back how long each took.
fn fuzz(command: &str, random: &SeededRandom, rounds: usize) -> Vec<Duration> {
    let shell = Shell::open();
    seed(&shell);
    let good = arguments(command).unwrap();
    let mut times = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        let mut arguments = good.clone();
        for _ in 0..=random.below(3) {
            change(&mut arguments, random);
        }
        // Tauri takes an object or nothing from a page.
        if !arguments.is_object() {
            arguments = json!({"request": arguments});
        }
        // An open file is what the others need; unlocking needs a locked one.
        if command == "app_unlock" {
            wait(shell.product.lock()).unwrap();
        } else {
            wait(shell.product.open()).unwrap();
        }
        let before = Instant::now();
        let answer = shell.call(command, arguments);
        times.push(before.elapsed());
        if let ("connector_export_save", Ok(Value::String(path))) = (command, &answer) {
            // Thousands of names that are taken already would be tried one by one.
            std::fs::remove_file(path).unwrap();
        }
    }
    let alive = shell.call("app_status", json!({}));
    assert!(alive.is_ok(), "after {command} the app still answers");
    times
}

#[test]
fn fuzz_every_command_without_a_panic() {
    if std::env::var_os(INSIDE).is_none() {
        return in_a_home_of_its_own("fuzz::fuzz_every_command_without_a_panic");
    }
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        PANICS.fetch_add(1, Ordering::SeqCst);
        usual(panic);
    }));
    for (&command, seed) in COMMAND_NAMES.iter().zip(0xF055..) {
        let began = Instant::now();
        let random = SeededRandom::new(seed);
        let rounds = rounds(command);
        let mut times = Vec::with_capacity(rounds);
        while times.len() < rounds {
            let calls = CALLS_ON_ONE_FILE.min(rounds - times.len());
            times.extend(fuzz(command, &random, calls));
        }
        times.sort();
        println!(
            "{command}: {rounds} calls in {:.1?}, 99 % within {:.1?}",
            began.elapsed(),
            times[rounds * 99 / 100]
        );
        assert_eq!(PANICS.load(Ordering::SeqCst), 0, "{command} panicked");
    }
}

/// Runs this one test again as a child whose home is a new folder: `connector_export_save` writes
/// into Downloads, and a process cannot safely change its own environment.
fn in_a_home_of_its_own(test: &str) {
    let home = tempfile::tempdir().unwrap();
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(INSIDE, "1")
        .env("HOME", home.path())
        .env("XDG_CONFIG_HOME", home.path().join("config"))
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env("XDG_CACHE_HOME", home.path().join("cache"))
        .status()
        .unwrap();
    assert!(status.success(), "{test} failed in its own home: {status}");
}
