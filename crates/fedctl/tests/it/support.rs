//! Runs the program with a data folder of the test's own and keeps what it said.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use connectors::clock::Stopwatch;
use practice_federation::{Practice, PracticeOptions};
use serde_json::Value;
use tempfile::TempDir;

/// The passphrase of every data file of these tests.
pub(crate) const PASSPHRASE: &str = "correct horse battery staple";

/// A home folder with a data folder in it.
pub(crate) struct Home {
    folder: TempDir,
    /// Sent as the session bus; nothing answers there unless a test starts one.
    pub(crate) bus: String,
    /// Whether commands are given the passphrase file.
    pub(crate) with_passphrase: bool,
}

/// What a finished process said.
pub(crate) struct Ran {
    /// Exit code; -1 where a signal ended it.
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    what: String,
}

impl Home {
    /// A home without a data file.
    pub(crate) fn empty() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        std::fs::write(folder.path().join("passphrase"), format!("{PASSPHRASE}\n")).unwrap();
        set_private(&folder.path().join("passphrase"));
        Self {
            folder,
            bus: "unix:path=/nonexistent/no-bus-in-tests".to_owned(),
            with_passphrase: true,
        }
    }

    /// A home with a data file behind [`PASSPHRASE`].
    pub(crate) fn new() -> Self {
        let home = Self::empty();
        home.run(&["init"]).expect_code(0);
        home
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn data_dir(&self) -> PathBuf {
        self.path().join("data")
    }

    /// A file in the home folder.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.display().to_string()
    }

    /// The program with these arguments, not started. Nothing of the tester's own environment
    /// reaches it.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fedctl"));
        command
            .args(arguments)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.path())
            .env("XDG_RUNTIME_DIR", self.path())
            .env("TMPDIR", self.path())
            .env("LC_ALL", "C.UTF-8")
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .env("FEDERATION_CONNECTORS_DATA_DIR", self.data_dir())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if self.with_passphrase {
            command.env("FEDCTL_PASSPHRASE_FILE", self.path().join("passphrase"));
        }
        command
    }

    /// Runs to the end without input.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        finished(arguments, self.command(arguments).output().unwrap())
    }

    /// Runs to the end with `input` on standard input.
    pub(crate) fn run_with(&self, arguments: &[&str], input: impl AsRef<[u8]>) -> Ran {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // A program that refuses its arguments does not read; the pipe is closed then.
        let _ = stdin.write_all(input.as_ref());
        drop(stdin);
        finished(arguments, child.wait_with_output().unwrap())
    }

    /// Adds a connector that breaks no rule and that nobody answers.
    pub(crate) fn add(&self, code: &str) -> Ran {
        let address = "endpoints.base=https://api.example.org";
        let preset = ["--preset", "generic_rest_key", "--set", address];
        self.run(&[&["connector", "add", code], preset.as_slice()].concat())
            .expect_code(0)
    }

    /// Adds a connector to `practice` that holds `key`.
    pub(crate) fn add_practice(&self, code: &str, practice: &Practice, key: &str) -> Ran {
        let base = format!("endpoints.base={}/key", practice.base_url());
        let arguments = [
            "connector",
            "add",
            code,
            "--preset",
            "practice",
            "--set",
            &base,
            "--credentials-stdin",
        ];
        self.run_with(&arguments, api_key(key)).expect_code(0)
    }
}

/// The result of a process that has ended.
pub(crate) fn finished(arguments: &[&str], output: Output) -> Ran {
    let short: Vec<String> = arguments
        .iter()
        .map(|one| one.chars().take(80).collect())
        .collect();
    Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).expect("standard output is UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("standard error is UTF-8"),
        what: format!("fedctl {}", short.join(" ")),
    }
}

impl Ran {
    /// Fails with all that was said unless it ended with `code`. No command may ever panic.
    #[track_caller]
    pub(crate) fn expect_code(self, code: i32) -> Self {
        assert!(
            !self.stderr.contains("panicked"),
            "{} panicked: {}",
            self.what,
            self.stderr
        );
        assert_eq!(
            self.code, code,
            "{} must end with {code}\nstdout: {}\nstderr: {}",
            self.what, self.stdout, self.stderr
        );
        self
    }

    /// The one document on standard output.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{}: {error} in {:?}", self.what, self.stdout))
    }

    /// The error document on standard error.
    #[track_caller]
    pub(crate) fn error(&self) -> Value {
        let document: Value = serde_json::from_str(&self.stderr)
            .unwrap_or_else(|error| panic!("{}: {error} in {:?}", self.what, self.stderr));
        document["error"].clone()
    }

    /// Both outputs, to search them.
    pub(crate) fn all(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }
}

/// The JSON of an API key.
pub(crate) fn api_key(key: &str) -> String {
    serde_json::json!({"type": "api_key", "api_key": key}).to_string()
}

/// A practice federation in this process.
pub(crate) fn practice(options: PracticeOptions) -> Practice {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(practice_federation::start(options))
        .expect("the practice federation starts")
}

/// Waits until `reached`, thirty seconds at most.
#[track_caller]
pub(crate) fn wait_until(what: &str, mut reached: impl FnMut() -> bool) {
    let watch = Stopwatch::start();
    while !reached() {
        assert!(
            watch.elapsed() < Duration::from_secs(30),
            "{what} did not come"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Sends a signal to a process of the test's own.
pub(crate) fn signal(child: &Child, name: &str) {
    let status = Command::new("kill")
        .args([&format!("-{name}"), &child.id().to_string()])
        .status()
        .unwrap();
    assert!(status.success(), "the signal {name} is sent");
}

#[cfg(unix)]
fn set_private(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[cfg(not(unix))]
fn set_private(_: &Path) {}
