//! The audit log as people use it: looking through it and checking it. Entering is `Act::audit`, inside each transaction; where
//! its end is kept outside of the file is `anchoring.rs`, what follows a restore `restored.rs`.

mod anchoring;
mod restored;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::de::value::{Error as ValueError, StrDeserializer};

use super::opening::blocking;
use super::{App, Opened};
use crate::audit::{Actor, AuditWhat, Break, Chain, Entry, word_of};
use crate::clock::UtcMillis;
use crate::error::{Error, FieldRule, Result};
use crate::store::audit_list::{AuditQuery, AuditRow};
use crate::view::{
    AuditAnchorState, AuditEntryView, AuditListRequest, AuditListView, AuditProblemView,
    AuditVerifyView,
};

/// Rows of a page at most.
const LIST_LIMIT: u32 = 500;
/// Rows of a page where nobody says how many.
const PAGE: u32 = 100;

impl App {
    /// A handle to the same product through which `actor` acts: the log says so. A handle that nobody has named acts by itself.
    #[must_use]
    pub fn acting_as(&self, actor: Actor) -> Self {
        Self {
            actor,
            ..self.clone()
        }
    }

    /// A page of the log, the newest entry first.
    ///
    /// # Errors
    /// Field `limit` out of 1 to 500.
    pub async fn audit_list(&self, request: AuditListRequest) -> Result<AuditListView> {
        let limit = request.limit.unwrap_or(PAGE);
        if limit == 0 || limit > LIST_LIMIT {
            return Err(Error::field(
                "limit",
                FieldRule::OutOfRange,
                "must be from 1 to 500",
            ));
        }
        let query = AuditQuery {
            area: request.area,
            what: request.what,
            connector: request.code.map(|code| code.trim().to_owned()),
            from: request.from.map(UtcMillis),
            until: request.until.map(UtcMillis),
            before: request.before,
            // One more tells whether another page follows.
            limit: limit + 1,
        };
        let mut rows = self
            .store()?
            .read(move |tx| tx.audit_page(&query))
            .await?
            .into_iter()
            .map(view)
            .collect::<Vec<_>>();
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next = rows.last().filter(|_| more).map(|last| last.number);
        Ok(AuditListView { rows, next })
    }

    /// Checks every entry, and the end against what stands beside the file. Reads one entry after another, so that a log of any
    /// length takes the same memory.
    ///
    /// # Errors
    /// Where the file cannot be read; a log that is broken is no error but what is found.
    pub async fn audit_verify(&self) -> Result<AuditVerifyView> {
        let opened = self.opened()?;
        let app = self.clone();
        blocking(move || app.verify_blocking(&opened)).await
    }

    fn verify_blocking(&self, opened: &Opened) -> Result<AuditVerifyView> {
        // Before the log: it only grows meanwhile.
        let (anchor, state) = match self.read_anchor(opened) {
            anchoring::Found::Anchor(anchor) => (Some(anchor), AuditAnchorState::There),
            anchoring::Found::Nothing => (None, AuditAnchorState::Missing),
            anchoring::Found::Unusable => (None, AuditAnchorState::Unusable),
        };
        let key = Arc::clone(&opened.audit_key);
        opened.store.read_blocking(|tx| {
            let mut chain = Chain::new(&key, anchor.as_ref());
            let (mut first_at, mut last_at) = (None, None);
            let mut broken: Option<Break> = None;
            tx.audit_walk(|seq, entry, hash| match chain.take(seq, entry, hash) {
                Ok(()) => {
                    first_at.get_or_insert(entry.at.0);
                    last_at = Some(entry.at.0);
                    true
                }
                Err(found) => {
                    broken = Some(found);
                    false
                }
            })?;
            let entries = chain.end().seq;
            let broken = broken.or_else(|| chain.finish().err());
            Ok(AuditVerifyView {
                ok: broken.is_none(),
                entries,
                first_at,
                last_at,
                problem: broken.map(problem),
                anchor: state,
                anchored: anchor.as_ref().map(|one| one.end.seq),
                anchored_at: anchor.as_ref().map(|one| one.at.0),
            })
        })
    }

    /// Enters an act on something else than the data file, before it is done. Where it then fails, [`App::not_done`] says so.
    pub(super) async fn enter(&self, entry: Entry) -> Result<()> {
        let act = self.act();
        self.store()?.write(move |tx| act.audit(tx, entry)).await
    }

    /// Enters that what was entered before it was done has failed. Where this cannot be entered, the failure itself is told.
    pub(super) async fn not_done<T>(&self, outcome: &Result<T>, what: AuditWhat) {
        if outcome.is_err() {
            let entry = Entry::of(AuditWhat::NotDone).word(&word_of(&what));
            if let Err(error) = self.enter(entry).await {
                tracing::warn!(code = ?error.code(), "a failure could not be entered in the audit log");
            }
        }
    }
}

fn problem(found: Break) -> AuditProblemView {
    match found {
        Break::Empty => AuditProblemView::Empty,
        Break::Gap { expected, found } => AuditProblemView::Gap {
            entry: expected,
            found,
        },
        Break::Changed { seq } => AuditProblemView::Changed { entry: seq },
        Break::CutOff { last, anchored } => AuditProblemView::CutOff {
            entry: last.saturating_add(1),
            anchored,
        },
        Break::Replaced { anchored } => AuditProblemView::Replaced { entry: anchored },
    }
}

fn view(row: AuditRow) -> AuditEntryView {
    let entry = row.entry;
    let (org, club_name) = row.club.unzip();
    AuditEntryView {
        number: row.seq,
        at: entry.at.0,
        who: read(&entry.who),
        area: read(&entry.area),
        what: read(&entry.what),
        code: entry.connector,
        connector_name: row.connector_name,
        org,
        club_name,
        run_id: entry.run_id.map(|id| id.to_string()),
        about_member: entry.member_hash.is_some(),
        erased: row.erased,
        fields: parts(&entry.fields).map(str::to_owned).collect(),
        words: parts(&entry.words).map(str::to_owned).collect(),
        counts: parts(&entry.counts)
            .filter_map(|one| {
                let (of, number) = one.split_once('=')?;
                Some((of.to_owned(), number.parse().ok()?))
            })
            .collect::<BTreeMap<_, _>>(),
    }
}

fn read<T: DeserializeOwned>(word: &str) -> Option<T> {
    T::deserialize(StrDeserializer::<ValueError>::new(word)).ok()
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').filter(|part| !part.is_empty())
}
