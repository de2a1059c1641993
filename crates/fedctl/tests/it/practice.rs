//! `fedctl practice`: started, used by another process, stopped.

use std::io::{BufRead, BufReader};

use crate::support::{Home, api_key, signal};

#[test]
fn practice_runs_until_it_is_stopped() {
    let home = Home::new();
    let mut child = home
        .command(&[
            "--json",
            "practice",
            "--port",
            "0",
            "--fault",
            "status=503,count=1",
        ])
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let told: serde_json::Value = serde_json::from_str(&line).expect("one line of JSON");
    let base = told["base_url"].as_str().expect("where it listens");
    let key = told["api_key"].as_str().expect("its key");
    assert_eq!(told["issuer"], base, "who signs people in");
    assert_eq!(told["client_id"], "practice-app", "and as whom");
    let set = format!("endpoints.base={base}/key");
    let arguments = [
        "connector",
        "add",
        "practice",
        "--preset",
        "practice",
        "--set",
        &set,
        "--credentials-stdin",
        "--test",
    ];
    home.run_with(&arguments, api_key(key)).expect_code(75);
    home.run(&["connector", "test", "practice"]).expect_code(0);
    signal(&child, "INT");
    let ended = child.wait().unwrap();
    assert_eq!(
        ended.code(),
        Some(0),
        "Ctrl-C is how one ends it, so it is no failure"
    );
    home.run(&["connector", "test", "practice"]).expect_code(75);
}

#[test]
fn a_port_in_use_and_an_unknown_fault_get_a_sentence() {
    let home = Home::empty();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let ran = home.run(&["practice", "--port", &port]).expect_code(2);
    assert!(ran.stderr.contains("in use"), "it says so: {}", ran.stderr);
    for fault in ["nosuch", "status=200", "delay=x"] {
        home.run(&["practice", "--fault", fault]).expect_code(2);
    }
    home.run(&["practice", "--port", "70000"]).expect_code(2);
}
