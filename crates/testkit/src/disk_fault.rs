//! A disk that fails on order: a small preloaded library (Linux) that lets the k-th write, sync or
//! rename on chosen paths fail, or kills the process there. It writes down that it fired, so that a
//! test can assert that its fault really happened.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

const SOURCE: &str = include_str!("disk_fault.c");

/// Which calls are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// `write`, `pwrite`.
    Write,
    /// `fsync`, `fdatasync`.
    Sync,
    /// All of these, and `rename` and `unlink`.
    Any,
}

/// What happens at the chosen call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// `ENOSPC`.
    NoSpace,
    /// `EIO`.
    InputOutput,
    /// SIGKILL, before the call does anything.
    Kill,
}

/// One planned fault.
#[derive(Debug, Clone, Copy)]
pub struct Fault {
    /// Which calls are counted.
    pub call: Call,
    /// The call that is disturbed, from 1.
    pub at: u32,
    /// What happens.
    pub effect: Effect,
    /// All later calls fail too, as on a disk that stays full.
    pub lasting: bool,
}

/// The built library.
#[derive(Debug, Clone)]
pub struct DiskFault {
    library: PathBuf,
}

impl DiskFault {
    /// Builds the library with the system's `cc` into a folder.
    pub fn build(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let own = std::process::id();
        let source = folder.join(format!("disk_fault-{own}.c"));
        let library = folder.join(format!("disk_fault-{own}.so"));
        fs::write(&source, SOURCE)?;
        let built = Command::new("cc")
            .args(["-shared", "-fPIC", "-O2", "-o"])
            .arg(&library)
            .arg(&source)
            .arg("-ldl")
            .output()?;
        if built.status.success() {
            Ok(Self { library })
        } else {
            let said = String::from_utf8_lossy(&built.stderr).into_owned();
            Err(io::Error::other(said))
        }
    }

    /// Prepares a command so that `fault` happens on paths that contain `needle`. The log is
    /// emptied first.
    pub fn arm(
        &self,
        command: &mut Command,
        needle: &str,
        fault: Fault,
        log: &Path,
    ) -> io::Result<()> {
        fs::write(log, "")?;
        let calls = match fault.call {
            Call::Write => 1,
            Call::Sync => 2,
            Call::Any => 7,
        };
        // Linux numbers (errno(3)); 0 stands for the kill.
        let errno = match fault.effect {
            Effect::NoSpace => 28,
            Effect::InputOutput => 5,
            Effect::Kill => 0,
        };
        command
            .env("LD_PRELOAD", &self.library)
            .env("FC_FAULT_NEEDLE", needle)
            .env("FC_FAULT_CALLS", calls.to_string())
            .env("FC_FAULT_AT", fault.at.to_string())
            .env("FC_FAULT_ERRNO", errno.to_string())
            .env("FC_FAULT_LOG", log);
        if fault.lasting {
            command.env("FC_FAULT_LASTING", "1");
        }
        Ok(())
    }

    /// Whether the fault of the last armed command happened.
    pub fn fired(log: &Path) -> io::Result<bool> {
        Ok(fs::read_to_string(log)?.starts_with("fired "))
    }
}
