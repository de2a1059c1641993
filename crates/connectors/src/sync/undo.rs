//! Undoing what a run did to one member (acceptance case S10): give back what was, or say why not. Decisions that a
//! person made need not come back: applying never uses one up.

use super::record::MemberRecord;
use super::rules::Rules;
use crate::members::{MemberField, MemberValues};

/// What a run did to one member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalEntry {
    /// Before; none where the run made it.
    pub before: Option<MemberRecord>,
    /// After.
    pub after: MemberRecord,
}

/// What is to be done to undo it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undo<'a> {
    /// Write this, whole: values, base, and whether it has left.
    Restore(&'a MemberRecord),
    /// The run made the member: take it out again.
    Remove,
    /// Leave it as it is.
    Refused(Refusal),
}

/// Why a member is left as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Values were changed after the run, by a person or by a later run.
    EditedLater {
        /// Which.
        fields: Vec<MemberField>,
    },
    /// A later run moved the base and no value; that run must be undone first.
    SyncedLater {
        /// Which fields of it; none where the base came or went as a whole.
        fields: Vec<MemberField>,
    },
    /// It left or came back after the run.
    StandingChanged,
    /// It is not there any more.
    Gone,
    /// It is as it was before the run.
    AlreadyUndone,
}

impl Refusal {
    /// The word used on the command line, on the wire and in the store.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::EditedLater { .. } => "edited_later",
            Self::SyncedLater { .. } => "synced_later",
            Self::StandingChanged => "standing_changed",
            Self::Gone => "gone",
            Self::AlreadyUndone => "already_undone",
        }
    }
}

/// How to undo `entry`, given the member as it is now.
#[must_use]
pub fn undo<'a>(entry: &'a JournalEntry, now: Option<&MemberRecord>) -> Undo<'a> {
    let Some(now) = now else {
        return Undo::Refused(match entry.before {
            Some(_) => Refusal::Gone,
            None => Refusal::AlreadyUndone,
        });
    };
    if *now == entry.after {
        return match &entry.before {
            Some(before) => Undo::Restore(before),
            None => Undo::Remove,
        };
    }
    if entry.before.as_ref() == Some(now) {
        return Undo::Refused(Refusal::AlreadyUndone);
    }
    let fields = differing(&entry.after.values, &now.values);
    Undo::Refused(if !fields.is_empty() {
        Refusal::EditedLater { fields }
    } else if entry.after.base != now.base {
        let fields = match (&entry.after.base, &now.base) {
            (Some(then), Some(now)) => differing(then, now),
            _ => Vec::new(),
        };
        Refusal::SyncedLater { fields }
    } else {
        Refusal::StandingChanged
    })
}

fn differing(one: &MemberValues, other: &MemberValues) -> Vec<MemberField> {
    MemberField::ALL
        .into_iter()
        .filter(|&field| one.get(field) != other.get(field))
        .collect()
}

/// The base after *keep mine*, the choice that follows an undo: the club's values stay, and the federation's present
/// ones count as seen, so that they are not applied again. A member that the list does not have becomes the club's own.
#[must_use]
pub fn keep_mine(
    base: Option<&MemberValues>,
    remote: Option<&MemberValues>,
    rules: &Rules,
) -> Option<MemberValues> {
    let remote = remote?;
    let mut base = base.cloned().unwrap_or_default();
    for field in rules.fields() {
        base.set(field, remote.get(field));
    }
    Some(base)
}
