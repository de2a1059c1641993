//! The real `gnome-keyring-daemon` on a private bus, with a home of its own.

use std::io::Write;
use std::process::{Child, Command, Stdio};

use zbus::zvariant::{ObjectPath, OwnedObjectPath};

use super::PrivateBus;

/// Ends with the test.
pub struct GnomeKeyring {
    daemon: Child,
}

impl GnomeKeyring {
    /// Starts it with an unlocked login keyring and waits until it answers.
    #[must_use]
    pub fn start_unlocked(bus: &PrivateBus) -> Self {
        let mut daemon = Command::new("gnome-keyring-daemon")
            .args(["--foreground", "--unlock", "--components=secrets"])
            .env("DBUS_SESSION_BUS_ADDRESS", bus.address())
            .env("HOME", bus.folder())
            .env("XDG_RUNTIME_DIR", bus.folder())
            .env("XDG_DATA_HOME", bus.folder().join("data"))
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("gnome-keyring-daemon is installed (package gnome-keyring)");
        let mut stdin = daemon.stdin.take().expect("its input is piped");
        stdin.write_all(b"login").expect("it reads its password");
        drop(stdin);
        bus.wait_for("org.freedesktop.secrets");
        Self { daemon }
    }

    /// Locks the login keyring, as a screen lock or a suspend may.
    pub fn lock(&self, bus: &PrivateBus) {
        let login =
            ObjectPath::from_static_str_unchecked("/org/freedesktop/secrets/collection/login");
        let reply = bus
            .connect()
            .call_method(
                Some("org.freedesktop.secrets"),
                "/org/freedesktop/secrets",
                Some("org.freedesktop.Secret.Service"),
                "Lock",
                &vec![login],
            )
            .expect("the keyring locks");
        let (locked, _prompt): (Vec<OwnedObjectPath>, OwnedObjectPath) =
            reply.body().deserialize().expect("the answer of Lock");
        assert_eq!(locked.len(), 1, "the login keyring is locked at once");
    }

    /// Stops it in its tracks: it keeps its name and answers nothing.
    pub fn freeze(&self) {
        let pid = self.daemon.id().to_string();
        let status = Command::new("kill").args(["-STOP", &pid]).status();
        assert!(status.expect("kill runs").success(), "the daemon is frozen");
    }

    /// Kills it.
    pub fn kill(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

impl Drop for GnomeKeyring {
    fn drop(&mut self) {
        self.kill();
    }
}
