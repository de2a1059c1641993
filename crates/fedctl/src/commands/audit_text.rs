//! The audit log in sentences. What is not known (a word that no version has written) is said to be that.

use std::fmt::Write as _;

use connectors::audit::{Actor, AuditWhat};
use connectors::view::{
    AuditAnchorState, AuditEntryView, AuditListView, AuditProblemView, AuditVerifyView,
};

use crate::output::Output;
use crate::table::{Cell, table};
use crate::words;

pub(super) fn list(output: Output, page: &AuditListView) -> String {
    if page.rows.is_empty() {
        return "Nothing was done that fits this.".to_owned();
    }
    let rows: Vec<[Cell; 4]> = page
        .rows
        .iter()
        .map(|entry| {
            [
                entry.number.to_string().into(),
                words::moment(entry.at).into(),
                who(entry.who).into(),
                sentence(entry).into(),
            ]
        })
        .collect();
    let mut text = table(
        output,
        ["NO.", "WHEN", "THROUGH", "WHAT"],
        usize::MAX,
        &rows,
    );
    if let Some(next) = page.next {
        // Writing into a String cannot fail.
        let _ = writeln!(text, "\nOlder entries: --before {next}");
    }
    text
}

pub(super) fn verified(found: &AuditVerifyView) -> String {
    let mut text = match &found.problem {
        None => format!(
            "The log is whole: {}{}.",
            match found.entries {
                1 => "1 entry".to_owned(),
                more => format!("{} entries", words::grouped(more)),
            },
            found
                .first_at
                .map(|at| format!(" since {}", words::moment(at)))
                .unwrap_or_default()
        ),
        Some(problem) => broken(problem),
    };
    match found.anchor {
        AuditAnchorState::There => {}
        AuditAnchorState::Missing => text.push_str(
            "\nThere is no connectors.audit.json beside the data: entries that were cut off at the end \
             cannot be missed. It is written again at the end of a command.",
        ),
        AuditAnchorState::Unusable => text.push_str(
            "\nThe connectors.audit.json beside the data was not made with the key of this log: \
             entries that were cut off at the end cannot be missed.",
        ),
    }
    text
}

fn broken(problem: &AuditProblemView) -> String {
    match problem {
        AuditProblemView::Empty => {
            "The log is empty, and every log has a first entry. Somebody has removed \
            it, or the data file was exchanged."
                .to_owned()
        }
        AuditProblemView::Gap { entry, found } => format!(
            "The log is broken at entry {entry}: it is missing, and entry {found} follows. Somebody has \
             removed entries. What stands before is whole."
        ),
        AuditProblemView::Changed { entry } => format!(
            "The log is broken at entry {entry}: it is not what was entered there. Somebody has changed, \
             exchanged or put in an entry, or the file is damaged (fedctl db check). What stands \
             before is whole."
        ),
        AuditProblemView::CutOff { entry, anchored } => format!(
            "The log ends before entry {entry}, and entry {anchored} is known to have been there. Somebody has \
             cut off the end, or put an older data file in place without fedctl db restore."
        ),
        AuditProblemView::Replaced { entry } => format!(
            "Entry {entry} was another one before. The log is whole by itself; somebody has put another \
             data file in place, or has written the log anew."
        ),
    }
}

fn who(who: Option<Actor>) -> &'static str {
    match who {
        Some(Actor::Window) => "window",
        Some(Actor::CommandLine) => "command line",
        Some(Actor::Schedule) => "schedule",
        Some(Actor::Itself) => "by itself",
        None => "unknown",
    }
}

/// What was done, in one sentence.
pub(super) fn sentence(entry: &AuditEntryView) -> String {
    let Some(what) = entry.what else {
        return "something that no version of this program enters: check the log".to_owned();
    };
    let code = entry.code.as_deref().unwrap_or("a connector");
    let club = entry.club_name.as_deref().unwrap_or("a club");
    let said = match what {
        AuditWhat::ConnectorAdded => format!("added {code}{}", with_credentials(entry)),
        AuditWhat::ConnectorEdited => format!("changed {code}{}", with_credentials(entry)),
        AuditWhat::ConnectorPaused => format!("paused {code}"),
        AuditWhat::ConnectorResumed => format!("resumed {code}"),
        AuditWhat::ErrorsCleared => format!("cleared the errors of {code}"),
        AuditWhat::ConnectorRemoved => format!("removed {code}"),
        AuditWhat::ConnectorRestored => format!("restored {code}"),
        AuditWhat::ConnectorPurged => format!("purged {code} for ever"),
        AuditWhat::CredentialsSet => format!("stored new credentials of {code}"),
        AuditWhat::CredentialsReverted => format!("went back to the earlier credentials of {code}"),
        AuditWhat::SignedIn => format!("signed in to {code}"),
        AuditWhat::SignedOut => format!("signed out of {code}"),
        AuditWhat::TemplateSaved if has(entry, "restored") => {
            "saved an older version of a template again".to_owned()
        }
        AuditWhat::TemplateSaved => "saved a template".to_owned(),
        AuditWhat::TemplateDeleted => "deleted a template".to_owned(),
        AuditWhat::ClubConnected => format!("connected {club} to {code}"),
        AuditWhat::ClubDisconnected => format!("disconnected {club} from {code}"),
        AuditWhat::ClubsImported => format!("connected a list of clubs to {code}"),
        AuditWhat::SyncApplied if has(entry, "import") => format!("applied a file to {club}"),
        AuditWhat::SyncApplied => format!("applied a sync to {club}"),
        AuditWhat::SyncUndone => format!("undid a sync of {club}"),
        AuditWhat::SyncResolved => format!("decided conflicts of {club}"),
        AuditWhat::MatchDecided => format!("decided who a record of {club} is"),
        AuditWhat::FieldRuleSet => format!("decided whose value counts in a field of {club}"),
        AuditWhat::SyncAppliedAgain => format!("let {club} apply again what was undone"),
        AuditWhat::SyncKeptMine => format!("kept what {club} had before"),
        AuditWhat::SyncLetInAgain => format!("let in again whom {club} kept out"),
        AuditWhat::FileImported => format!("read a file of members of {club}; nothing changed yet"),
        AuditWhat::MemberEdited => format!("edited {} of {club}", member(entry)),
        AuditWhat::MemberTookFederation => {
            format!(
                "took the federation's values for {} of {club}",
                member(entry)
            )
        }
        AuditWhat::MembersExported => format!("took members of {club} out as a file"),
        AuditWhat::MemberErased => format!("erased a person of {club}"),
        AuditWhat::MemberLetIn => format!("let an erased person come in again to {club}"),
        AuditWhat::OldForgotten => "took what was older than it is kept".to_owned(),
        AuditWhat::ScheduleSet => format!("set the schedule of {}", subject(entry)),
        AuditWhat::SchedulePolicySet => {
            format!("set what the schedule of {} may do", subject(entry))
        }
        AuditWhat::ScheduleAnswered => format!("answered the schedule of {club}"),
        AuditWhat::LogBegun => "began this log".to_owned(),
        AuditWhat::KeyPassphraseSet => "set the passphrase".to_owned(),
        AuditWhat::KeyKeychainAdded => "put the key into the keychain".to_owned(),
        AuditWhat::KeySlotRemoved => "removed a way to the key".to_owned(),
        AuditWhat::KeyRotated => "made a new key for credentials".to_owned(),
        AuditWhat::BackupMade => "made a backup".to_owned(),
        AuditWhat::BackupRestored => "restored a backup in place of the data".to_owned(),
        AuditWhat::SettingsChanged => "changed the preferences".to_owned(),
        AuditWhat::NotDone => "this did not come about:".to_owned(),
    };
    let details = details(entry);
    match (what, details.is_empty()) {
        (_, true) => said,
        (AuditWhat::NotDone, false) => format!("{said} {details}"),
        (_, false) => format!("{said} ({details})"),
    }
}

/// Numbers, fields and words behind the sentence.
fn details(entry: &AuditEntryView) -> String {
    let counts = entry
        .counts
        .iter()
        .map(|(of, number)| format!("{} {}", words::grouped(*number), of.replace('_', " ")));
    let fields = entry.fields.iter().cloned();
    let told_already = ["credentials", "import"];
    let words = entry
        .words
        .iter()
        .filter(|word| !told_already.contains(&word.as_str()))
        .map(|word| word.replace('_', " "));
    counts
        .chain(fields)
        .chain(words)
        .collect::<Vec<_>>()
        .join(", ")
}

fn has(entry: &AuditEntryView, word: &str) -> bool {
    entry.words.iter().any(|one| one == word)
}

fn with_credentials(entry: &AuditEntryView) -> &'static str {
    if has(entry, "credentials") {
        " with credentials"
    } else {
        ""
    }
}

fn member(entry: &AuditEntryView) -> &'static str {
    if entry.erased {
        "a member, erased since,"
    } else {
        "a member"
    }
}

/// A club, or every club of a connector.
fn subject(entry: &AuditEntryView) -> String {
    match (&entry.club_name, &entry.code) {
        (Some(club), _) => club.clone(),
        (None, Some(code)) => code.clone(),
        (None, None) => "a club".to_owned(),
    }
}
