//! The arguments of everything but connectors.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use practice_federation::Fault;

/// `fedctl init`
#[derive(Debug, Args)]
#[command(after_help = "\
The key is put into the keychain of this computer. With --passphrase-file (or --passphrase) it is
kept behind a passphrase of at least 12 characters instead, which works without a keychain.")]
pub(crate) struct InitArguments {
    /// Ask for a new passphrase instead of using the keychain
    #[arg(long, conflicts_with = "passphrase_file")]
    pub(crate) passphrase: bool,
}

/// `fedctl practice`
#[derive(Debug, Args)]
#[command(after_help = "\
Faults, one --fault each: status=503, status=429,retry-after=7, delay=5000, cut, reset, html,
truncated, empty, not-a-list, not-objects; each with ,count=N ,skip=N ,path=/PREFIX if wanted.
They can also be switched on the page that is printed.")]
pub(crate) struct PracticeArguments {
    /// Port on 127.0.0.1; 0 takes a free one [default: 8787, or a free one if that is in use]
    #[arg(long, value_name = "PORT")]
    pub(crate) port: Option<u16>,
    /// Spoil answers, e.g. `status=503,count=2`; can be given several times
    #[arg(long = "fault", value_name = "FAULT")]
    pub(crate) faults: Vec<Fault>,
}

/// `fedctl catalogue …`
#[derive(Debug, Subcommand)]
pub(crate) enum CatalogueCommand {
    /// List the presets
    List,
    /// Show one preset: what it needs and the settings it starts with
    Show {
        /// Identifier of the preset
        id: String,
    },
}

/// `fedctl credentials …`
#[derive(Debug, Subcommand)]
pub(crate) enum CredentialsCommand {
    /// Store the credentials of a connector, read from standard input as JSON or asked for
    #[command(after_help = CREDENTIALS_JSON)]
    Set {
        /// Federation code of the connector
        code: String,
        /// Test them first and store them only if the test succeeds
        #[arg(long)]
        test: bool,
    },
    /// Go back to the earlier credentials, as long as they are kept
    Revert {
        /// Federation code of the connector
        code: String,
    },
}

const CREDENTIALS_JSON: &str = r#"Standard input, one of:
  {"type": "api_key", "api_key": "…"}
        and if wanted "secondary_api_key": "…", "secrets": {"HEADER": "…"}
  {"type": "basic", "username": "…", "password": "…"}
  {"type": "oauth2", "client_id": "…"}          and if wanted "client_secret": "…"
        and for the grant jwt_bearer "private_key": "…" (PEM, or PKCS#12 in base64)
        with "private_key_password": "…" if it has one
  {"type": "two_step", "secret": "…"}
        or "username": "…" with "password": "…" instead of "secret"
Each may have "expires_on": "YYYY-MM-DD" and "webhook_secret": "…". At most 1 MB.

Examples:
  fedctl credentials set ballyduff              asks, on a terminal
  fedctl credentials set ballyduff --test <key.json

OAuth 2.0 connectors are signed in to afterwards: fedctl login --help"#;

/// `fedctl request`
#[derive(Debug, Args)]
pub(crate) struct RequestArguments {
    /// Federation code of the connector
    pub(crate) code: String,
    /// Path below the connector's address, e.g. `/v1/me`
    pub(crate) path: String,
    /// A club's id at the federation; it is put in where the path names one
    #[arg(long, value_name = "ID")]
    pub(crate) org: Option<String>,
    /// Show the values too; without it only the shape of the answer is shown, as members are in it
    #[arg(long)]
    pub(crate) reveal: bool,
}

/// A way to the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SlotWord {
    /// The keychain of this computer
    Keychain,
    /// The passphrase
    Passphrase,
}

/// `fedctl key …`
#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Show the ways to the key and the age of the key for credentials
    Status,
    /// Make a new key for credentials and seal every credential anew
    Rotate,
    /// Add a passphrase as a way to the key, or replace it
    #[command(after_help = "\
The new passphrase has at least 12 characters. It is read from --new-passphrase-file, else asked
for on a terminal. Where the keychain opens the file, --passphrase-file may hold the new one too.")]
    AddPassphrase {
        /// File with the new passphrase; `-` reads standard input
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: Option<PathBuf>,
    },
    /// Put the key into the keychain of this computer too
    AddKeychain,
    /// Remove one way to the key; the last one stays
    RemoveSlot {
        /// Which
        kind: SlotWord,
    },
}

/// `fedctl db …`
#[derive(Debug, Subcommand)]
pub(crate) enum DbCommand {
    /// Write a verified backup, encrypted as the data is
    Backup {
        /// The new file; an existing one is never overwritten
        file: PathBuf,
    },
    /// Put a backup in place of the data; what was there is moved aside, not deleted
    Restore {
        /// The backup
        file: PathBuf,
    },
    /// Look through the whole file and open every sealed credential (exit code 1 if damaged)
    Check,
    /// List the backups that were made by themselves
    Backups,
    /// Take what is older than it is kept; the app does it every day
    Tidy {
        /// Only say what would be taken
        #[arg(long)]
        dry_run: bool,
    },
    /// Show for how long personal data is kept, or change it
    Retention {
        /// How long members are kept whom the federation's list no longer has
        #[arg(long, value_name = "MONTHS")]
        leavers: Option<LeaversWord>,
        /// Days for which requests are kept: 7, 30 or 90
        #[arg(long, value_name = "DAYS")]
        requests: Option<u32>,
    },
}

/// How long leavers are kept.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(crate) enum LeaversWord {
    /// For good
    Off,
    /// A year
    #[value(name = "12")]
    Year,
    /// Two years
    #[value(name = "24")]
    TwoYears,
    /// Three years
    #[value(name = "36")]
    ThreeYears,
}

/// `fedctl settings …`
#[derive(Debug, Subcommand)]
pub(crate) enum SettingsCommand {
    /// Show the preferences
    Show,
    /// Change one that `show` lists, e.g. theme=dark or view=support; a wrong value is answered with the choices
    Set {
        /// The preference and its value
        #[arg(value_name = "KEY=VALUE")]
        setting: super::Setting,
    },
}

/// `fedctl man`
#[derive(Debug, Args)]
pub(crate) struct ManArguments {
    /// Write one page a command into this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}
