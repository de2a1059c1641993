//! A whole sign-in against the practice federation: the program in a process of its own, and a
//! person who is `Practice::approve`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Stdio};
use std::time::Duration;

use connectors::clock::Stopwatch;
use practice_federation::{Practice, PracticeOptions};
use serde_json::Value;

use crate::support::{Home, Ran, finished, practice, signal, wait_until};

const CODE: &str = "signs_in";

/// A data file with a connector that signs in to `federation`.
fn home_for(federation: &Practice) -> Home {
    let home = Home::new();
    add(&home, CODE, federation);
    home
}

fn add(home: &Home, code: &str, federation: &Practice) {
    let base = federation.base_url();
    let arguments = [
        "connector",
        "add",
        code,
        "--preset",
        "practice_sign_in",
        "--set",
        &format!("auth.issuer={base}"),
        "--set",
        &format!("endpoints.base={base}/oauth2"),
        "--credentials-stdin",
    ];
    let client = r#"{"type":"oauth2","client_id":"practice-app"}"#;
    home.run_with(&arguments, client).expect_code(0);
}

/// A `login --no-browser` that waits.
struct Waiting {
    child: Child,
    stdout: BufReader<ChildStdout>,
    arguments: Vec<String>,
    /// Its first line.
    told: Value,
}

impl Waiting {
    fn begin(home: &Home, arguments: &[&str], stdin: Stdio) -> Self {
        let arguments = [arguments, &["--no-browser"]].concat();
        let mut child = home.command(&arguments).stdin(stdin).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let told = serde_json::from_str(&line)
            .unwrap_or_else(|error| panic!("the first line is JSON: {error} in {line:?}"));
        Self {
            child,
            stdout,
            arguments: arguments.iter().map(|&one| one.to_owned()).collect(),
            told,
        }
    }

    fn authorization_url(&self) -> &str {
        self.told["authorization_url"].as_str().expect("an address")
    }

    fn paste(&mut self, line: &str) {
        let stdin = self.child.stdin.as_mut().expect("a pipe");
        writeln!(stdin, "{line}").unwrap();
        stdin.flush().unwrap();
    }

    /// Waits for the end; what it said after its first line.
    fn end(mut self) -> Ran {
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        let mut output = self.child.wait_with_output().unwrap();
        output.stdout = rest.into_bytes();
        let arguments: Vec<&str> = self.arguments.iter().map(String::as_str).collect();
        finished(&arguments, output)
    }
}

fn sign_in_of(home: &Home) -> Value {
    let show = ["--json", "connector", "show", CODE];
    home.run(&show).expect_code(0).json()["sign_in"].clone()
}

/// The browser comes back to this computer.
fn visit(address: &str) -> String {
    let rest = address.strip_prefix("http://").expect("a loopback address");
    let (host, path) = rest.split_once('/').expect("a path");
    let mut stream = TcpStream::connect(host).unwrap();
    write!(
        stream,
        "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// The value of a parameter, as it stands in an address.
fn parameter<'a>(address: &'a str, name: &str) -> &'a str {
    let (_, query) = address.split_once('?').expect("a query");
    query
        .split('&')
        .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
        .expect("the parameter")
}

#[test]
fn the_address_is_pasted_and_a_wrong_one_ends_nothing() {
    let federation = practice(PracticeOptions::default());
    let home = home_for(&federation);
    let mut waiting = Waiting::begin(&home, &["--json", "login", CODE], Stdio::piped());
    assert!(
        waiting.told["redirect_uri"]
            .as_str()
            .is_some_and(|uri| uri.starts_with("http://127.0.0.1:")),
        "the loopback where nothing else is said: {}",
        waiting.told
    );
    assert_eq!(
        sign_in_of(&home)["state"],
        "waiting",
        "others see that it waits"
    );
    let redirect = federation.approve(waiting.authorization_url());
    let stale = redirect.replace("state=", "state=x");
    for wrong in [
        "nonsense",
        "",
        "https://example.org/",
        &"x".repeat(100_000),
        &stale,
    ] {
        waiting.paste(wrong);
    }
    waiting.paste(&redirect);
    let ran = waiting.end().expect_code(0);
    let connector: Value = serde_json::from_str(&ran.stdout).expect("the connector, on one line");
    assert_eq!(connector["sign_in"]["state"], "signed_in", "it is done");
    assert_eq!(
        ran.stderr.matches("paste_refused").count(),
        4,
        "each wrong one is answered, and an empty line is none: {}",
        ran.stderr
    );
    let code = parameter(&redirect, "code");
    assert!(!ran.all().contains(code), "what was pasted is not repeated");
    home.run(&["connector", "test", CODE]).expect_code(0);
}

#[test]
fn the_browser_comes_back_although_nothing_can_be_pasted() {
    let federation = practice(PracticeOptions::default());
    let home = home_for(&federation);
    let waiting = Waiting::begin(&home, &["login", CODE], Stdio::null());
    let redirect = federation.approve(waiting.authorization_url());
    let page = visit(&redirect);
    assert!(
        page.starts_with("HTTP/1.1 200"),
        "the person is told: {page}"
    );
    let ran = waiting.end().expect_code(0);
    assert!(
        ran.stdout.contains("Signed in to signs_in"),
        "{}",
        ran.stdout
    );
    let shown = home.run(&["connector", "show", CODE]).expect_code(0).stdout;
    for part in [
        "Signed in",
        "yes, just now",
        "Redirect URI",
        "/oauth/signs_in",
    ] {
        assert!(shown.contains(part), "{part} is in {shown}");
    }
}

#[test]
fn another_process_may_bring_the_link() {
    let federation = practice(PracticeOptions::default());
    let home = home_for(&federation);
    add(&home, "other", &federation);
    let arguments = ["login", CODE, "--redirect", "deep-link"];
    let waiting = Waiting::begin(&home, &arguments, Stdio::null());
    assert_eq!(
        waiting.told["redirect_uri"], "com.playerarc.connectors:/oauth/signs_in",
        "the way that was asked for"
    );
    let redirect = federation.approve(waiting.authorization_url());
    let mut other = Waiting::begin(&home, &["login", "other"], Stdio::piped());
    other.paste(&redirect);
    waiting.end().expect_code(0);
    let mine = federation.approve(other.authorization_url());
    other.paste(&mine);
    let ran = other.end().expect_code(0);
    assert!(
        ran.stderr.contains("completed the sign-in of signs_in"),
        "a sign-in of another connector does not end one's own: {}",
        ran.stderr
    );
}

#[test]
fn ctrl_c_takes_the_attempt_back() {
    let federation = practice(PracticeOptions::default());
    let home = home_for(&federation);
    for (name, code) in [("INT", 130), ("TERM", 143)] {
        let waiting = Waiting::begin(&home, &["login", CODE], Stdio::null());
        let redirect = federation.approve(waiting.authorization_url());
        let stopped_at = Stopwatch::start();
        signal(&waiting.child, name);
        waiting.end().expect_code(code);
        let took = stopped_at.elapsed();
        assert!(took < Duration::from_secs(2), "{name} took {took:?}");
        let sign_in = sign_in_of(&home);
        assert_eq!(sign_in["state"], "signed_out", "nothing waits any more");
        assert_eq!(
            sign_in["waiting_until"],
            Value::Null,
            "nor could be completed"
        );
        let mut again = Waiting::begin(&home, &["--json", "login", CODE], Stdio::piped());
        again.paste(&redirect);
        let mut line = String::new();
        let stderr = again.child.stderr.take().unwrap();
        BufReader::new(stderr).read_line(&mut line).unwrap();
        assert!(
            line.contains("paste_refused"),
            "the late answer is worth nothing: {line}"
        );
        signal(&again.child, "INT");
        again.child.wait().unwrap();
    }
}

#[test]
fn a_declined_sign_in_ends_with_three() {
    let federation = practice(PracticeOptions::default());
    let home = home_for(&federation);
    let mut waiting = Waiting::begin(&home, &["--json", "login", CODE], Stdio::piped());
    let approved = federation.approve(waiting.authorization_url());
    let code = format!("code={}", parameter(&approved, "code"));
    waiting.paste(&approved.replace(&code, "error=access_denied"));
    let ran = waiting.end().expect_code(3);
    assert_eq!(ran.error()["code"], "needs_sign_in", "a script can tell");
    assert_eq!(
        ran.error()["detail"]["finding"],
        "sign_in_declined",
        "and why"
    );
    assert_eq!(
        sign_in_of(&home)["state"],
        "signed_out",
        "nothing was stored"
    );
}

#[test]
fn a_newer_login_takes_the_place_of_one_that_waits() {
    let federation = practice(PracticeOptions::default());
    let home = home_for(&federation);
    let older = Waiting::begin(&home, &["login", CODE], Stdio::null());
    let mut newer = Waiting::begin(&home, &["login", CODE], Stdio::piped());
    older.end().expect_code(130);
    let redirect = federation.approve(newer.authorization_url());
    newer.paste(&redirect);
    newer.end().expect_code(0);
}

#[test]
fn an_output_that_nobody_reads_leaves_nothing_waiting() {
    let federation = practice(PracticeOptions::default());
    let home = home_for(&federation);
    let mut child = home
        .command(&["login", CODE, "--no-browser"])
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(
        child.wait().unwrap().code(),
        Some(141),
        "as the shell would say"
    );
    wait_until("the end of the attempt", || {
        sign_in_of(&home)["state"] == "signed_out"
    });
}

#[test]
fn signing_out_gives_the_tokens_back() {
    let federation = practice(PracticeOptions::default());
    let home = home_for(&federation);
    let nothing = home.run(&["logout", CODE]).expect_code(0).stdout;
    assert!(nothing.contains("was not signed in"), "{nothing}");
    let mut waiting = Waiting::begin(&home, &["login", CODE], Stdio::piped());
    let redirect = federation.approve(waiting.authorization_url());
    waiting.paste(&redirect);
    waiting.end().expect_code(0);
    let done = home.run(&["--json", "logout", CODE]).expect_code(0).json();
    assert_eq!(done["revocation"], "revoked", "the federation was asked");
    assert_eq!(
        done["connector"]["sign_in"]["state"], "signed_out",
        "and it is done here"
    );
    home.run(&["connector", "test", CODE]).expect_code(3);
}

#[test]
fn a_federation_that_is_down_is_told_with_seventy_five() {
    let federation = practice(PracticeOptions::default());
    let home = home_for(&federation);
    drop(federation);
    for arguments in [&["login", CODE][..], &["login", CODE, "--no-browser"]] {
        let ran = home.run(arguments).expect_code(75);
        assert_eq!(ran.stdout, "", "no address is printed: {arguments:?}");
    }
}
