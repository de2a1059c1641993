//! What the desktop does around the app: it starts the browser when it is asked to, knows from a
//! desktop entry who takes the app's links, and starts that program with one.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Instant;

use serde_json::Value;

use crate::harness::{DEADLINE, GLANCE, Home};

/// What the package installs.
const ENTRY: &str = include_str!("../../packaging/federation-connectors.desktop");

/// The name on the session bus that only the first process has.
pub const INSTANCE: &str = "com.playerarc.connectors.SingleInstance";

/// Waits until `what` holds.
pub async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(
            began.elapsed() < DEADLINE,
            "{what}: not within {DEADLINE:?}"
        );
        tokio::time::sleep(GLANCE).await;
    }
}

/// Whether a process is there; one that nobody has taken note of yet has ended, too.
pub fn runs(id: u32) -> bool {
    fs::read_to_string(format!("/proc/{id}/stat")).is_ok_and(|line| {
        let after = line.rsplit_once(')').map_or("", |(_, after)| after);
        !after.trim_start().starts_with('Z')
    })
}

/// Ends a process as the end of the desktop session would.
pub fn end(id: u32) {
    let done = Command::new("kill").arg(id.to_string()).status().unwrap();
    assert!(done.success(), "{id} is ours and runs");
}

/// Whether a process is the app of this session.
pub fn has_instance() -> bool {
    let answer = bus(&[
        "--dest",
        "org.freedesktop.DBus",
        "--object-path",
        "/org/freedesktop/DBus",
        "--method",
        "org.freedesktop.DBus.NameHasOwner",
        INSTANCE,
    ]);
    String::from_utf8_lossy(&answer.stdout).contains("true")
}

/// A call on the session bus, as any program of this person can make it.
pub fn bus(arguments: &[&str]) -> Output {
    let mut command = Command::new("gdbus");
    command.args(["call", "--session"]).args(arguments);
    command.output().unwrap()
}

/// Puts a program into the folder that the app looks into first.
pub fn set_up(home: &Path) {
    let folder = home.join("bin");
    fs::create_dir_all(&folder).unwrap();
    // The first that is tried on a desktop; where it starts, nothing else is.
    let script = format!(
        "#!/bin/sh\nprintf '%s\\n' \"$1\" >>'{}/asked'\n",
        home.display()
    );
    let path = folder.join("xdg-open");
    fs::write(&path, script).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
}

impl Home {
    fn lines(&self, name: &str) -> Vec<String> {
        let text = fs::read_to_string(self.path().join(name)).unwrap_or_default();
        // A line that is still being written is none yet.
        let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
        whole.lines().map(str::to_owned).collect()
    }

    /// The address that the browser was started with, the `number`th time from 1.
    pub async fn asked(&self, number: usize) -> String {
        until("the browser is started", || {
            self.lines("asked").len() >= number
        })
        .await;
        let asked = self.lines("asked");
        assert_eq!(asked.len(), number, "the browser is started once each time");
        asked[number - 1].clone()
    }

    /// The ids of the app's processes, in the order of their starts.
    pub fn processes(&self) -> Vec<u32> {
        let lines = self.lines("processes");
        lines.iter().map(|id| id.parse().unwrap()).collect()
    }

    /// Registers the app for its links, as the package does.
    pub fn take_links(&self) {
        let folder = self.path().join("share/applications");
        fs::create_dir_all(&folder).unwrap();
        let exec = format!("Exec={} %u", self.launcher().display());
        let entry = ENTRY.replace("Exec=federation-connectors %u", &exec);
        assert!(entry.contains(&exec), "the entry starts this app: {entry}");
        fs::write(folder.join("federation-connectors.desktop"), entry).unwrap();
        let done = Command::new("update-desktop-database")
            .arg(&folder)
            .status();
        assert!(done.unwrap().success(), "the entry is known");
    }

    /// The browser hands a link to the desktop. The app's next process gets it.
    pub async fn deliver(&self, link: &str) -> u32 {
        let before = self.processes().len();
        let mut command = Command::new("gio");
        command.args(["open", link]);
        // No pipe: the app that is started would hold it open.
        let done = self.in_here(&mut command).status().unwrap();
        assert!(done.success(), "somebody takes the link");
        until("the app is started with the link", || {
            self.processes().len() > before
        })
        .await;
        self.processes()[before]
    }

    /// Delivers a link to the app that runs, and waits until the second process has ended.
    pub async fn hand_over(&self, link: &str) {
        let second = self.deliver(link).await;
        until("the second process ends", || !runs(second)).await;
    }

    /// The app's own command line, without a driver.
    pub fn start(&self, arguments: &[&str]) -> Child {
        let mut command = Command::new(self.launcher());
        command.args(arguments).spawn().unwrap()
    }

    fn in_here<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        let home = self.path();
        command
            .env("HOME", home)
            .env("XDG_DATA_HOME", home.join("share"))
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("XDG_CACHE_HOME", home.join("cache"))
            .env("FEDERATION_CONNECTORS_DATA_DIR", self.data_dir())
            .stdin(Stdio::null())
    }

    /// The command line on the same data folder.
    pub fn fedctl(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(beside_the_app("fedctl"));
        self.in_here(command.arg("--json").args(arguments));
        command
    }

    /// A connector as the command line shows it, whole.
    pub fn shown(&self, code: &str) -> Value {
        let ran = self.fedctl(&["connector", "show", code]).output().unwrap();
        assert!(ran.status.success(), "{ran:?}");
        serde_json::from_slice(&ran.stdout).unwrap()
    }
}

fn beside_the_app(name: &str) -> PathBuf {
    Path::new(env!("CARGO_BIN_EXE_federation-connectors")).with_file_name(name)
}
