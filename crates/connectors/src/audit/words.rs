//! The closed sets of words of the log: through what somebody acted, what was done, and what it is about. They are part of the
//! file format: a word is never renamed.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Through what an act came. The system's accounts are not told apart: who may open the file is one person or one office.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// Somebody at the window.
    Window,
    /// Somebody, or a script, with `fedctl`.
    CommandLine,
    /// A schedule that somebody has set.
    Schedule,
    /// The product: duties of every day that nobody asked for.
    Itself,
}

/// What entries are about, for looking through them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AuditArea {
    /// Connectors and their settings.
    Connectors,
    /// Credentials and sign-ins.
    Access,
    /// Clubs and their connections.
    Clubs,
    /// Syncs and files: what came in, and what was taken back.
    Syncs,
    /// Single members, and members who were taken out as a file.
    Members,
    /// Schedules.
    Schedules,
    /// The data file: keys, backups, settings, the log itself.
    File,
}

impl AuditArea {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Connectors,
        Self::Access,
        Self::Clubs,
        Self::Syncs,
        Self::Members,
        Self::Schedules,
        Self::File,
    ];
}

macro_rules! whats {
    ($($(#[$doc:meta])* $name:ident => $area:ident,)+) => {
        /// What was done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
        #[serde(rename_all = "snake_case")]
        pub enum AuditWhat {
            $($(#[$doc])* $name,)+
        }

        impl AuditWhat {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// What it is about.
            #[must_use]
            pub fn area(self) -> AuditArea {
                match self {
                    $(Self::$name => AuditArea::$area,)+
                }
            }
        }
    };
}

whats! {
    /// A connector was added. Words: `credentials` where they came with it.
    ConnectorAdded => Connectors,
    /// Settings were changed: the fields. Words: `credentials` where new ones came with it.
    ConnectorEdited => Connectors,
    /// Paused.
    ConnectorPaused => Connectors,
    /// Resumed.
    ConnectorResumed => Connectors,
    /// Errors were said to be dealt with: `errors`.
    ErrorsCleared => Connectors,
    /// Deleted; it can be restored.
    ConnectorRemoved => Connectors,
    /// Restored.
    ConnectorRestored => Connectors,
    /// Destroyed for ever with its credentials.
    ConnectorPurged => Connectors,
    /// New credentials were stored.
    CredentialsSet => Access,
    /// The earlier credentials are in use again.
    CredentialsReverted => Access,
    /// Somebody, or the client by itself, has signed in. A renewal of the same sign-in is none.
    SignedIn => Access,
    /// Signed out.
    SignedOut => Access,
    /// A template was saved as a new version: its identifier among the fields. Words: `restored` for an older one.
    TemplateSaved => Connectors,
    /// A template was deleted: its identifier among the fields.
    TemplateDeleted => Connectors,
    /// A club was connected.
    ClubConnected => Clubs,
    /// A club was disconnected.
    ClubDisconnected => Clubs,
    /// A list of clubs was taken in: `connected`, `already`, `refused`.
    ClubsImported => Clubs,
    /// A plan was applied: its counts. Words: `import` for that of a file, and the guards that were allowed.
    SyncApplied => Syncs,
    /// A run was taken back: `undone`, `edited_later`. Words: `chosen` where members were named.
    SyncUndone => Syncs,
    /// Conflicts about the field were decided: `decided`. Words: `federation`, `club` or `value`.
    SyncResolved => Syncs,
    /// Who a record of a plan is was decided. Words: `member`, `new` or `leave`, or `forgotten` where that was taken back.
    MatchDecided => Syncs,
    /// Whose value counts in a field of a club was decided: the field. Words: whose, or `forgotten`.
    FieldRuleSet => Syncs,
    /// What was undone may be done again.
    SyncAppliedAgain => Syncs,
    /// What was undone stays undone: `kept`, `kept_out`.
    SyncKeptMine => Syncs,
    /// Those who were kept out of a club are let in again.
    SyncLetInAgain => Syncs,
    /// A file of members was read into a plan: `rows`. No member has changed by it.
    FileImported => Syncs,
    /// A member's fields were changed by hand.
    MemberEdited => Members,
    /// The federation's values were taken for the fields of a member.
    MemberTookFederation => Members,
    /// Members were written into a file for people: its fields, `people`, `children`. Words: the format.
    MembersExported => Members,
    /// A person was erased: `members`, `plan_rows`, `undo_rows`. Words: `backups` where these were to go too.
    MemberErased => Members,
    /// An erased person may come in again.
    MemberLetIn => Members,
    /// What was older than it is kept was taken: `leavers`, `plan_rows`, `undo_rows`, `plans`.
    OldForgotten => Members,
    /// Times of a schedule were set or taken away.
    ScheduleSet => Schedules,
    /// What a schedule may do was changed.
    SchedulePolicySet => Schedules,
    /// A question of a schedule was answered. Words: `run` or `skip`.
    ScheduleAnswered => Schedules,
    /// The log begins here: with the data file, or with the first version that keeps one.
    LogBegun => File,
    /// The passphrase was set.
    KeyPassphraseSet => File,
    /// The key was put into the keychain.
    KeyKeychainAdded => File,
    /// A way to the key was removed. Words: which.
    KeySlotRemoved => File,
    /// A new key for credentials was made.
    KeyRotated => File,
    /// A backup was made. Words: `daily` for one in the app's own folder.
    BackupMade => File,
    /// A backup was put in the place of the data: `entries_before` is how far the log was, where that was known.
    BackupRestored => File,
    /// Settings of this computer were changed: the fields.
    SettingsChanged => File,
    /// What the entry before says did not come about. Words: what it was.
    NotDone => File,
}

/// The word of a variant of these sets.
pub(crate) fn word_of<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        // Only unit variants are given.
        _ => String::new(),
    }
}
