//! The app as a whole: where it stands, its file, key, backups and preferences.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{CountsView, OnAtFirst};
use crate::error::{Code, LockReason};

/// Where the app stands: which screen is shown.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum AppStateView {
    /// No data file yet: welcome.
    FirstRun,
    /// The file is being opened.
    Opening,
    /// There is a file and it cannot be read yet.
    Locked {
        /// Why.
        reason: LockReason,
        /// Ways in that this file has.
        slots: Vec<SlotKind>,
    },
    /// There is a file and this version must not or cannot use it.
    Refused {
        /// `newer_schema`, `damaged`, `storage_denied`, `storage_full` or `storage_failed`.
        code: Code,
        /// English sentence.
        message: String,
    },
    /// Ready.
    Open,
}

/// A way to the master key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SlotKind {
    /// The keychain of the operating system.
    Keychain,
    /// A passphrase (Argon2id).
    Passphrase,
}

/// How the first key is kept.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "slot", rename_all = "snake_case", deny_unknown_fields)]
pub enum InitialiseRequest {
    /// In the keychain of this computer.
    Keychain,
    /// Under a passphrase of at least 12 characters.
    Passphrase {
        /// The passphrase.
        #[ts(as = "String")]
        passphrase: crate::secret::SecretText,
    },
}

/// Version, place and state of the whole.
#[derive(Debug, Clone, Serialize, TS)]
pub struct StatusView {
    /// Version of the app.
    pub version: String,
    /// Folder with the data file.
    pub data_dir: String,
    /// Which screen is shown.
    #[serde(flatten)]
    pub app: AppStateView,
    /// The file, where there is one.
    pub file: Option<FileView>,
    /// Live connectors by state word; null while locked.
    pub connectors: Option<CountsView>,
    /// Until when schedules and checks rest because a person has paused them, UTC milliseconds; null where they work.
    #[ts(type = "number | null")]
    pub paused_until: Option<i64>,
}

/// The data file, as far as it can be known without the key.
#[derive(Debug, Clone, Serialize, TS)]
pub struct FileView {
    /// File name.
    pub name: String,
    /// Size in bytes.
    #[ts(type = "number")]
    pub size: u64,
    /// Last change, UTC milliseconds.
    #[ts(type = "number | null")]
    pub changed_at: Option<i64>,
    /// Last backup, UTC milliseconds.
    #[ts(type = "number | null")]
    pub last_backup_at: Option<i64>,
    /// Format number.
    pub schema_version: u32,
}

/// Where the key is.
#[derive(Debug, Clone, Serialize, TS)]
pub struct KeyStatusView {
    /// Ways in.
    pub slots: Vec<SlotView>,
    /// Newest credential key term, from 1.
    pub term: u32,
    /// Encryptions under that term.
    #[ts(type = "number")]
    pub encryptions: u64,
    /// Made at, UTC milliseconds.
    #[ts(type = "number")]
    pub made_at: i64,
    /// Identifier of the data file.
    pub database_id: String,
}

/// One way in.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SlotView {
    /// Which kind.
    pub kind: SlotKind,
    /// Made at, UTC milliseconds.
    #[ts(type = "number")]
    pub made_at: i64,
}

/// A backup file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct BackupView {
    /// Full path.
    pub path: String,
    /// Size in bytes.
    #[ts(type = "number")]
    pub size: u64,
    /// Made at, UTC milliseconds.
    #[ts(type = "number")]
    pub made_at: i64,
    /// It was opened and checked after it was written.
    pub verified: bool,
}

/// Result of a check of the file.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CheckView {
    /// Nothing was found.
    pub ok: bool,
    /// What was found, one line each; never a value.
    pub problems: Vec<String>,
    /// Sealed credentials that were opened and found whole.
    pub credentials_checked: u32,
    /// Pages read.
    pub pages: u32,
}

/// One line of the doctor.
#[derive(Debug, Clone, Serialize, TS)]
pub struct DoctorLineView {
    /// What was looked at, e.g. `keychain`.
    pub name: String,
    /// True well, false broken, null cannot be known.
    pub ok: Option<bool>,
    /// What was found.
    pub found: String,
    /// How to mend it; empty where nothing is to be done.
    pub fix: String,
}

/// Settings of the app on this computer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct AppSettings {
    /// `system`, `light` or `dark`.
    pub theme: Theme,
    /// `system`, `on` or `off`.
    pub contrast: Contrast,
    /// Whether the system shows notifications.
    #[ts(type = "boolean")]
    pub notifications: OnAtFirst,
    /// When the hours begin in which nothing is shown, such as `22:00`, by the clock on the wall; none where there are none.
    pub quiet_from: Option<String>,
    /// When they end.
    pub quiet_until: Option<String>,
    /// Whether the app goes on without its window.
    pub background: bool,
    /// Whether it starts, without a window, when the person signs in to this computer.
    pub autostart: bool,
    /// How much is shown: everything, no members, or one club.
    pub view: RoleView,
    /// The club of the view of one club, by its own identifier.
    pub my_club: Option<String>,
}

/// How much of the product is shown on this computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RoleView {
    /// Everything.
    #[default]
    All,
    /// Health, logs and diagnostics; no members, and nothing that changes them.
    Support,
    /// One club.
    MyClub,
}

/// Colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// High contrast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Contrast {
    /// As the system.
    #[default]
    System,
    /// On.
    On,
    /// Off.
    Off,
}

/// The practice federation on this computer.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PracticeView {
    /// It runs.
    pub running: bool,
    /// `http://127.0.0.1:PORT`, where it runs.
    pub base_url: Option<String>,
}
