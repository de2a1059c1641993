//! Ctrl-C: quick, with the usual number, nothing half-written.

use std::time::Duration;

use connectors::clock::Stopwatch;
use practice_federation::{Fault, FaultKind, PracticeOptions};

use crate::support::{Home, finished, practice, signal, wait_until};

const KEY: &str = "practice-key-one-opens-invented-data";

#[test]
fn ctrl_c_ends_a_slow_test_within_two_seconds() {
    let federation = practice(PracticeOptions::default());
    let home = Home::new();
    home.add_practice("practice", &federation, KEY);
    federation.set_fault(Fault::new(FaultKind::Delay(60_000)));
    for (name, code) in [("INT", 130), ("TERM", 143)] {
        for arguments in [
            &["connector", "test", "practice"][..],
            &["--json", "request", "practice", "/v1/me"],
        ] {
            let before = federation.request_count();
            let child = home.command(arguments).spawn().unwrap();
            wait_until("the slow request", || federation.request_count() > before);
            let stopped_at = Stopwatch::start();
            signal(&child, name);
            let output = child.wait_with_output().unwrap();
            let took = stopped_at.elapsed();
            finished(arguments, output).expect_code(code);
            assert!(
                took < Duration::from_secs(2),
                "{arguments:?} ended after {took:?}"
            );
        }
    }
    federation.clear_faults();
    home.run(&["db", "check"]).expect_code(0);
    home.run(&["connector", "test", "practice"]).expect_code(0);
}
