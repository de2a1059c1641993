//! Where the log ends, kept in a small file beside the data. Writing it is never a reason for anything to fail: a log without
//! is still a chain, and a check says that it ends nowhere.

use std::sync::Arc;
use std::time::Duration;

use crate::app::opening::blocking;
use crate::app::{App, Opened, lock};
use crate::audit::{Actor, Anchor, AnchorReason, AuditWhat, Entry};
use crate::error::{Error, Result};
use crate::vault;

/// While somebody works, the end is written this often at most.
const PAUSE: Duration = Duration::from_secs(60);
/// Larger files are not ours; a real one has 300 bytes.
const MAX_BYTES: u64 = 4_096;

/// What is in the small file.
pub(super) enum Found {
    /// An end of this database's log, made with its key.
    Anchor(Anchor),
    /// There is no such file.
    Nothing,
    /// It cannot be read, or is of another database or key.
    Unusable,
}

impl App {
    /// Keeps where the log ends outside of the data file, so that what is cut off there is missed. Does nothing while the file is
    /// locked; where it fails, it is a warning and nothing else.
    pub async fn audit_anchor(&self) {
        if let Ok(opened) = self.opened() {
            self.audit_anchor_of(opened).await;
        }
    }

    /// As [`App::audit_anchor`], for a file that is being locked.
    pub(in crate::app) async fn audit_anchor_of(&self, opened: Arc<Opened>) {
        *lock(&self.inner.anchored) = Some(self.inner.clock.uptime());
        let app = self.clone();
        let moved = blocking(move || app.move_anchor(&opened, AnchorReason::Grown)).await;
        warn(&moved);
    }

    /// As [`App::audit_anchor`], once a minute at most. For whoever is called after every change.
    pub async fn audit_anchor_now_and_then(&self) {
        let now = self.inner.clock.uptime();
        let last = *lock(&self.inner.anchored);
        if last.is_none_or(|last| now.saturating_sub(last) >= PAUSE) {
            self.audit_anchor().await;
        }
    }

    /// Reads the small file.
    pub(super) fn read_anchor(&self, opened: &Opened) -> Found {
        use std::io::Read as _;

        let bytes = std::fs::File::open(&self.inner.paths.audit_anchor).and_then(|file| {
            let mut bytes = Vec::new();
            file.take(MAX_BYTES).read_to_end(&mut bytes)?;
            Ok(bytes)
        });
        match bytes {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Found::Nothing,
            Err(_) => Found::Unusable,
            Ok(bytes) => match Anchor::from_file(&bytes, &opened.audit_key) {
                Some(anchor) if anchor.database_id == opened.database_id => Found::Anchor(anchor),
                _ => Found::Unusable,
            },
        }
    }

    /// Writes where the log ends now. Where it has grown, only if what the file says is a part of the log: an end that is not there
    /// any more is what tells of a log that was cut off.
    pub(super) fn move_anchor(&self, opened: &Opened, reason: AnchorReason) -> Result<()> {
        let present = self.read_anchor(opened);
        let (end, known) = opened.store.read_blocking(|tx| {
            let known = match &present {
                Found::Anchor(anchor) => tx.audit_hash(anchor.end.seq)? == Some(anchor.end.hash),
                Found::Nothing | Found::Unusable => true,
            };
            Ok((tx.audit_end()?, known))
        })?;
        if end.seq == 0 {
            return Ok(());
        }
        if reason == AnchorReason::Grown {
            if !known {
                tracing::warn!("the audit log is not the one that was kept here; check it");
                return Ok(());
            }
            if matches!(&present, Found::Anchor(anchor) if anchor.end == end) {
                return Ok(());
            }
        }
        let anchor = Anchor {
            database_id: opened.database_id,
            end,
            at: self.now(),
            reason,
        };
        let path = &self.inner.paths.audit_anchor;
        vault::replace_file(path, &anchor.to_file(&opened.audit_key))
            .map_err(|source| Error::io("write", path, source))
    }

    /// The first entry of a log that has none and of which nothing is known to have been there.
    pub(super) fn begin_log(&self, opened: &Opened) -> Result<()> {
        if opened.store.read_blocking(|tx| tx.audit_end())?.seq > 0
            || matches!(self.read_anchor(opened), Found::Anchor(_))
        {
            return Ok(());
        }
        opened.store.write_blocking(|tx| {
            // Another process may have been first.
            if tx.audit_end()?.seq > 0 {
                return Ok(());
            }
            let entry = Entry::of(AuditWhat::LogBegun);
            let (who, now) = (Actor::Itself, self.now());
            tx.audit_append(&opened.audit_key, entry, who, now, self.random())
                .map(drop)
        })
    }
}

/// Says that it went wrong, and lets it be.
pub(super) fn warn(outcome: &Result<()>) {
    if let Err(error) = outcome {
        tracing::warn!(code = ?error.code(), "the end of the audit log could not be kept");
    }
}
