//! A restore in the log. The file that the entry belongs into does not exist yet when a person restores, and its key is perhaps
//! not there either: so a note lies beside the data until the restored file is open and the entry is in it.

use serde::{Deserialize, Serialize};

use super::anchoring::{Found, warn};
use crate::app::{App, Opened};
use crate::audit::{Actor, AnchorReason, AuditWhat, Entry};
use crate::error::{Error, Result};
use crate::vault;

/// The note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::app) struct RestoreNote {
    who: Actor,
    /// The backup is in place; else it is about to be.
    done: bool,
}

impl App {
    /// Notes that a backup is about to be put in place, or is.
    pub(in crate::app) fn note_restore(&self, done: bool) -> Result<()> {
        let note = RestoreNote {
            who: self.actor,
            done,
        };
        let text = serde_json::to_vec(&note)
            .map_err(|source| Error::internal("write the note of a restore", source))?;
        let path = &self.inner.paths.audit_restore_note;
        vault::replace_file(path, &text).map_err(|source| Error::io("write", path, source))
    }

    /// Takes the note away again: nothing was put in place, or it is in the log.
    pub(in crate::app) fn forget_restore(&self) {
        let path = &self.inner.paths.audit_restore_note;
        if let Err(error) = std::fs::remove_file(path)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "the note of a restore could not be removed");
        }
    }

    /// What is due in the log after an opening: the entry of a restore, and the first entry. Never a reason not to open.
    ///
    /// # Errors
    /// Where the file was `made` just now and its first entry cannot be written: then the first run is to be tried again.
    pub(in crate::app) fn audit_opened(&self, opened: &Opened, made: bool) -> Result<()> {
        if made {
            self.begin_log(opened)?;
            // Nothing is left to be written after a first run has been told to be well.
            return opened.store.checkpoint();
        }
        let entered = self.enter_restore(opened);
        warn(&entered);
        let begun = self.begin_log(opened);
        warn(&begun);
        Ok(())
    }

    fn enter_restore(&self, opened: &Opened) -> Result<()> {
        let Ok(text) = std::fs::read(&self.inner.paths.audit_restore_note) else {
            return Ok(());
        };
        // A note that cannot be read was written by nobody here; that there is one is told.
        let note = serde_json::from_slice(&text).unwrap_or(RestoreNote {
            who: Actor::Itself,
            done: true,
        });
        let anchor = match self.read_anchor(opened) {
            Found::Anchor(anchor) => Some(anchor),
            Found::Nothing | Found::Unusable => None,
        };
        if !note.done {
            // It ended in between. A log that has all that was in it before is not restored.
            let whole = match &anchor {
                None => false,
                Some(anchor) => {
                    let at = anchor.end.seq;
                    opened.store.read_blocking(|tx| tx.audit_hash(at))? == Some(anchor.end.hash)
                }
            };
            if whole {
                self.forget_restore();
                return Ok(());
            }
        }
        let before = anchor.map_or(0, |anchor| anchor.end.seq);
        let now = self.now();
        opened.store.write_blocking(|tx| {
            let entry = Entry::of(AuditWhat::BackupRestored).count("entries_before", before);
            tx.audit_append(&opened.audit_key, entry, note.who, now, self.random())
        })?;
        self.forget_restore();
        self.move_anchor(opened, AnchorReason::Restored)
    }
}
