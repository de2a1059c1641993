//! Other processes for the tests: the test binary starts itself again with a role. A child says
//! what it did on standard output, a line a fact, and can be killed at any moment.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use connectors::store::{Store, backup, restore};

use super::support::{DATABASE_ID, KEY, NOW, connector, credential, open};

/// A child at work. Dropping it kills it.
pub(crate) struct Running {
    child: Child,
    lines: BufReader<ChildStdout>,
}

/// How a child is to be started.
pub(crate) fn command(role: &str, path: &Path) -> Command {
    command_of(&std::env::current_exe().unwrap(), role, path)
}

/// The same with a copy of the test binary.
pub(crate) fn command_of(program: &Path, role: &str, path: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .args(["--exact", "store::child::entry", "--nocapture"])
        .env("FC_CHILD", role)
        .env("FC_CHILD_PATH", path)
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    command
}

pub(crate) fn run(role: &str, path: &Path, env: &[(&str, &str)]) -> Running {
    start(command(role, path).envs(env.iter().copied()))
}

pub(crate) fn start(command: &mut Command) -> Running {
    let mut child = command.spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap());
    Running { child, lines }
}

impl Running {
    /// The next fact the child tells; none when it has ended.
    pub(crate) fn fact(&mut self) -> Option<String> {
        loop {
            let mut line = String::new();
            // A kill may cut the last line; what is not whole was not said.
            match self.lines.read_line(&mut line) {
                Ok(length) if length > 0 && line.ends_with('\n') => {}
                _ => return None,
            }
            if let Some(at) = line.find("fact: ") {
                return Some(line[at + 6..].trim_end().to_owned());
            }
        }
    }

    /// Waits until the child has set everything up, then kills it.
    pub(crate) fn wait_killed(mut self) {
        assert_eq!(
            self.fact().as_deref(),
            Some("ready"),
            "the child must reach its place before it is killed"
        );
        self.kill();
    }

    /// SIGKILL: no destructor, no clean-up of any kind.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// All remaining facts of a child that ends by itself.
    pub(crate) fn finish(mut self) -> Vec<String> {
        let mut facts = Vec::new();
        while let Some(fact) = self.fact() {
            facts.push(fact);
        }
        self.child.wait().unwrap();
        facts
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a child runs. In an ordinary test run there is no role and nothing is done.
#[test]
fn entry() {
    let Ok(role) = std::env::var("FC_CHILD") else {
        return;
    };
    let path = PathBuf::from(std::env::var("FC_CHILD_PATH").unwrap());
    match role.as_str() {
        "newer_format" => newer_format(&path),
        "writer" => writer(&path),
        "holder" => {
            let _store = open(&path).unwrap();
            say("ready");
            park();
        }
        "open" => say_result("open", open(&path).map(|_| ())),
        "create" => say_result(
            "create",
            Store::create(&path, KEY, DATABASE_ID, NOW).map(|_| ()),
        ),
        "backup" | "restore" => {
            let variable = |name| PathBuf::from(std::env::var(name).unwrap());
            let (file, sidecar) = (variable("FC_CHILD_TO"), variable("FC_CHILD_SIDECAR"));
            let result = if role == "backup" {
                let store = open(&path).unwrap();
                backup::backup(&store, &sidecar, KEY, &file, NOW).map(|_| ())
            } else {
                restore::restore(&file, &path, &sidecar, NOW).map(|_| ())
            };
            say_result(&role, result);
        }
        other => panic!("unknown role {other}"),
    }
}

pub(crate) fn say(fact: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "\nfact: {fact}").unwrap();
    out.flush().unwrap();
}

pub(crate) fn say_result(what: &str, result: connectors::error::Result<()>) {
    match result {
        Ok(()) => say(&format!("{what} ok")),
        Err(error) => say(&format!("{what} {:?}: {error}", error.code())),
    }
}

pub(crate) fn park() -> ! {
    loop {
        std::thread::park();
    }
}

/// Leaves a file of a later version with its log not yet in the file.
fn newer_format(path: &Path) {
    let connection = rusqlite::Connection::open(path).unwrap();
    connection
        .execute_batch(&format!(
            "PRAGMA cipher_log_level = NONE; PRAGMA key = \"{KEY}\"; PRAGMA journal_mode = WAL;
             PRAGMA user_version = 99;"
        ))
        .unwrap();
    say("ready");
    park();
}

/// Writes connectors with a credential each and tells every commit, until it is killed or has
/// written `FC_CHILD_COUNT`. Numbers start at `FC_CHILD_FIRST`.
fn writer(path: &Path) {
    let number = |name: &str, default: u128| {
        std::env::var(name).map_or(default, |text| text.parse().unwrap())
    };
    let first = number("FC_CHILD_FIRST", 0);
    let count = number("FC_CHILD_COUNT", u128::MAX);
    let store = open(path).unwrap();
    say("ready");
    for n in first..first.saturating_add(count) {
        let done = store.write_blocking(|tx| {
            let mut record = connector(n);
            let sealed = credential(n + 5_000_000, record.id, &format!("sealed-{n}"));
            record.credential_id = Some(sealed.id);
            tx.insert_connector(&record)?;
            tx.insert_credential(&sealed)?;
            tx.set_meta("last", &n.to_string())
        });
        match done {
            Ok(()) => say(&format!("ack {n}")),
            Err(error) => {
                say(&format!("error {:?}: {error}", error.code()));
                return;
            }
        }
    }
    say_result("close", store.close());
}
