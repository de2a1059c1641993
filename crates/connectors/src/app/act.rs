//! What every change needs inside its transaction: the moment, fresh identifiers, and the note of
//! what happened.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use uuid::Uuid;

use super::App;
use super::error_log::{NewError, note_error};
use crate::api::circuit;
use crate::audit::{Actor, Entry};
use crate::clock::UtcMillis;
use crate::error::{Error, LockReason, Result};
use crate::random::{Random, make_id};
use crate::store::Writer;
use crate::store::connection_test::ConnectionTestRecord;
use crate::store::connector::ConnectorRecord;
use crate::store::event::EventRecord;
use crate::vault::AuditKey;
use crate::view::{ErrorSource, EventKind, TestReportView};

/// One act of a person or of the product: it happens at one moment.
#[derive(Clone)]
pub(super) struct Act {
    /// When.
    pub(super) now: UtcMillis,
    random: Arc<dyn Random>,
    /// Identifiers made so far.
    made: Arc<AtomicU16>,
    /// Through what it is done.
    who: Actor,
    /// None while the file is locked: then nothing can be done either.
    audit_key: Option<Arc<AuditKey>>,
}

impl App {
    pub(super) fn act(&self) -> Act {
        Act {
            now: self.now(),
            random: Arc::clone(&self.inner.random),
            made: Arc::default(),
            who: self.actor,
            audit_key: self.opened().ok().map(|one| Arc::clone(&one.audit_key)),
        }
    }
}

impl Act {
    /// A fresh identifier, greater than those that this act has made before: all of them carry one
    /// moment, and what happened in one act is told in its order. The counter stands in the twelve
    /// bits that RFC 9562 §6.2 (method 1) sets aside for it.
    pub(super) fn id(&self) -> Result<Uuid> {
        let random = make_id(&*self.random, self.now)
            .map_err(|source| Error::internal("make an identifier", source))?;
        let [high, low] = (self.made.fetch_add(1, Ordering::Relaxed) & 0x0fff).to_be_bytes();
        let mut bytes = random.into_bytes();
        bytes[6] = 0x70 | high;
        bytes[7] = low;
        Ok(Uuid::from_bytes(bytes))
    }

    /// The source of randomness.
    pub(super) fn random(&self) -> &dyn Random {
        &*self.random
    }

    /// Enters the act in the audit log, within the transaction that does it.
    ///
    /// # Errors
    /// Where it cannot be entered: the act must then not happen.
    pub(super) fn audit(&self, tx: &Writer<'_>, entry: Entry) -> Result<()> {
        let key = self.audit_key.as_ref();
        let key = key.ok_or(Error::Locked(LockReason::ByUser))?;
        tx.audit_append(key, entry, self.who, self.now, self.random())
            .map(drop)
    }

    /// Notes what happened to a connector. `detail` names fields or a finding, never a value.
    pub(super) fn note(
        &self,
        tx: &Writer<'_>,
        connector_id: Uuid,
        kind: EventKind,
        detail: Option<String>,
    ) -> Result<()> {
        tx.insert_event(&EventRecord {
            id: self.id()?,
            connector_id,
            at: self.now,
            kind,
            detail,
        })
    }

    /// Keeps the report of a test and what follows from it: good credentials are marked as such
    /// and the earlier ones destroyed.
    pub(super) fn keep_test(
        &self,
        tx: &Writer<'_>,
        record: &mut ConnectorRecord,
        report: &TestReportView,
    ) -> Result<()> {
        let started_at = UtcMillis(report.started_at);
        tx.insert_connection_test(&ConnectionTestRecord {
            id: self.id()?,
            connector_id: record.id,
            started_at,
            ok: report.ok,
            class: report.class,
            finding: report.finding,
            status: report.status,
            report: serde_json::to_string(report)
                .map_err(|source| Error::internal("write the report of a test", source))?,
        })?;
        record.last_test_at = Some(started_at);
        if report.class.is_none() {
            record.last_success_at = Some(started_at);
            super::credentials::tested_well(tx, record)?;
            super::books::start_again(tx, record, self)?;
            self.note(tx, record.id, EventKind::TestSucceeded, None)
        } else {
            // This computer's own trouble is nobody's failure.
            if report
                .class
                .is_some_and(|class| circuit::counts(class, false))
            {
                record.last_error_at = Some(started_at);
            }
            if let Some(class) = report.class {
                let entry = NewError {
                    connector: record.id,
                    class,
                    finding: report.finding,
                    status: report.status,
                    endpoint: None,
                    source: ErrorSource::Test,
                    connection: None,
                    run: None,
                };
                note_error(tx, self, entry)?;
            }
            let word = report.finding.and_then(|finding| {
                serde_json::to_value(finding)
                    .ok()?
                    .as_str()
                    .map(str::to_owned)
            });
            self.note(tx, record.id, EventKind::TestFailed, word)
        }
    }
}
