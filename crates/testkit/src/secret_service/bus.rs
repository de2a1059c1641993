//! A session bus that can start nothing by itself, so that an absent service stays absent.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use zbus::blocking::fdo::DBusProxy;
use zbus::blocking::{Connection, connection};

const CONFIG: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
    <allow own="*"/>
  </policy>
</busconfig>"#;

/// Ends with the test.
pub struct PrivateBus {
    daemon: Child,
    address: String,
    folder: TempDir,
}

impl PrivateBus {
    /// Starts `dbus-daemon` and waits for its address.
    #[must_use]
    pub fn start() -> Self {
        let folder = TempDir::new().expect("a folder for the bus");
        let config = folder.path().join("bus.conf");
        std::fs::write(&config, CONFIG).expect("the configuration of the bus");
        let mut daemon = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", config.display()))
            .args(["--nofork", "--nopidfile", "--print-address=1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon is installed (package dbus)");
        let mut address = String::new();
        BufReader::new(daemon.stdout.take().expect("its output is piped"))
            .read_line(&mut address)
            .expect("the bus prints its address");
        Self {
            daemon,
            address: address.trim().to_owned(),
            folder,
        }
    }

    /// For `DBUS_SESSION_BUS_ADDRESS` of a child process.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// A folder that lives as long as the bus.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A connection of the test's own.
    pub fn connect(&self) -> Connection {
        connection::Builder::address(self.address())
            .and_then(connection::Builder::build)
            .expect("the private bus takes connections")
    }

    /// Waits until somebody owns `name`.
    pub fn wait_for(&self, name: &'static str) {
        let connection = self.connect();
        let bus = DBusProxy::new(&connection).expect("the bus describes itself");
        let started = Instant::now();
        while !bus
            .name_has_owner(name.try_into().expect("a valid name"))
            .expect("the bus knows its names")
        {
            assert!(
                started.elapsed() < Duration::from_secs(20),
                "{name} did not appear on the bus"
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for PrivateBus {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}
