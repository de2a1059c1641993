//! The queries of each table.

use connectors::clock::UtcMillis;
use connectors::error::{Code, FieldRule};
use connectors::failure::{FailureClass, Finding};
use connectors::store::connection_test::{ConnectionTestRecord, KEPT};
use connectors::store::connector::CodeUse;
use connectors::store::connector_list::ConnectorQuery;
use connectors::store::event::EventRecord;
use connectors::view::{ConnectorFilter, EventKind};

use super::support::{HEALTHY, NOW, PAUSED, Place, connector, credential, id};

#[test]
fn a_change_from_an_older_version_does_nothing() {
    let place = Place::new();
    let store = place.create();
    store
        .write_blocking(|tx| {
            tx.insert_connector(&connector(1))?;
            let mut changed = connector(1);
            changed.name = "Cumann Eile".to_owned();
            changed.settings = r#"{"name":"Cumann Eile"}"#.to_owned();
            changed.last_test_at = Some(UtcMillis(5));
            assert!(
                tx.update_connector(&changed, changed.version + 1)?,
                "version 1 is the stored one"
            );
            let stored = tx.connector_by_code("club_00001")?.unwrap();
            assert_eq!(stored.version, 2, "a change counts the version");
            changed.version = 2;
            assert_eq!(stored, changed, "all columns and the settings were stored");
            let mut late = connector(1);
            late.name = "Too late".to_owned();
            assert!(
                !tx.update_connector(&late, late.version + 1)?,
                "version 1 is no longer the stored one"
            );
            assert!(
                !tx.set_status(id(1), 1, HEALTHY, NOW)?,
                "nor for the status"
            );
            let still = tx.connector_by_code("club_00001")?.unwrap();
            assert_eq!(still, changed, "a late change leaves everything as it was");
            assert!(
                tx.set_status(id(1), 2, HEALTHY, NOW)?,
                "with the right version it is set"
            );
            Ok(())
        })
        .unwrap();
}

#[test]
fn deleting_restoring_and_purging_keep_what_they_promise() {
    let place = Place::new();
    let store = place.create();
    store
        .write_blocking(|tx| {
            let mut record = connector(1);
            record.credential_id = Some(id(101));
            record.previous_credential_id = Some(id(102));
            record.webhook_credential_id = Some(id(103));
            tx.insert_connector(&record)?;
            for n in 101..=103 {
                tx.insert_credential(&credential(n, id(1), "sealed"))?;
            }
            tx.insert_event(&EventRecord {
                id: id(201),
                connector_id: id(1),
                at: NOW,
                kind: EventKind::Created,
                detail: None,
            })?;
            assert!(!tx.purge_connector(id(1), 1, NOW)?, "only a deleted one is purged");
            assert!(tx.mark_deleted(id(1), 1, PAUSED, UtcMillis(7))?, "it is live");
            assert!(!tx.mark_deleted(id(1), 2, PAUSED, NOW)?, "it is deleted already");
            assert!(!tx.set_status(id(1), 2, HEALTHY, NOW)?, "a deleted one has no status to set");
            assert_eq!(
                tx.code_in_use("club_00001")?,
                Some(CodeUse::Deleted),
                "the code stays reserved"
            );
            let error = tx.insert_connector(&connector_with_code(2, "club_00001")).unwrap_err();
            assert_eq!(error.code(), Code::Duplicate, "{error}");
            assert!(
                matches!(&error, connectors::error::Error::Invalid(f) if f[0].rule == FieldRule::TakenByDeleted),
                "the rule tells that a deleted one has it: {error:?}"
            );
            let deleted = tx.connector_by_code("club_00001")?.unwrap();
            assert_eq!(deleted.deleted_at, Some(UtcMillis(7)), "deleted is not paused");
            assert_eq!(deleted.credential_id, Some(id(101)), "its credentials are kept");
            assert!(tx.restore_connector(id(1), 2, PAUSED, NOW)?, "undo");
            assert_eq!(tx.code_in_use("club_00001")?, Some(CodeUse::Live), "it is back");
            assert!(tx.mark_deleted(id(1), 3, PAUSED, NOW)?, "delete again");
            assert!(tx.purge_connector(id(1), 4, UtcMillis(9))?, "purge");
            assert!(!tx.restore_connector(id(1), 5, PAUSED, NOW)?, "a purge cannot be undone");
            assert_eq!(tx.code_in_use("club_00001")?, None, "the code is free");
            assert_eq!(tx.connector_by_code("club_00001")?, None, "nothing has it");
            let history = tx.connector_by_id(id(1))?.unwrap();
            assert_eq!(history.code, "club_00001", "the history knows the former code");
            assert_eq!(history.purged_at, Some(UtcMillis(9)), "and when it was purged");
            assert_eq!(
                (history.credential_id, history.previous_credential_id, history.webhook_credential_id),
                (None, None, None),
                "nothing points to what was destroyed"
            );
            assert!(tx.credentials_after(None, 10)?.is_empty(), "all three sealed texts are gone");
            assert_eq!(tx.events(id(1), 50)?.len(), 1, "what happened is kept");
            tx.insert_connector(&connector_with_code(2, "club_00001"))?;
            let query = ConnectorQuery { filter: ConnectorFilter::Deleted, ..Default::default() };
            assert_eq!(tx.count_connectors(&query)?, 0, "a purged one is in no list");
            Ok(())
        })
        .unwrap();
}

fn connector_with_code(n: u128, code: &str) -> connectors::store::connector::ConnectorRecord {
    let mut record = connector(n);
    code.clone_into(&mut record.code);
    record
}

#[test]
fn each_encryption_is_counted_with_its_row() {
    let place = Place::new();
    let store = place.create();
    store
        .write_blocking(|tx| {
            tx.add_credential_term(1, UtcMillis(1))?;
            tx.insert_connector(&connector(1))?;
            for n in 0..5 {
                tx.insert_credential(&credential(100 + n, id(1), &format!("s{n}")))?;
            }
            Ok(())
        })
        .unwrap();
    let lost: Result<(), _> = store.write_blocking(|tx| {
        tx.insert_credential(&credential(200, id(1), "never"))?;
        Err(connectors::error::Error::refused(Code::Invalid, "no"))
    });
    assert!(lost.is_err(), "the transaction was refused");
    store
        .write_blocking(|tx| {
            let terms = tx.credential_terms()?;
            assert_eq!(terms.len(), 1, "one term");
            assert_eq!(terms[0].encryptions, 5, "a rolled-back row is not counted");
            assert_eq!(terms[0].made_at, UtcMillis(1), "the term's own time stays");
            assert_eq!(
                tx.credentials_before_term(2, 3)?.len(),
                3,
                "a part at a time"
            );
            assert!(
                tx.reseal_credential(id(100), "s0", "t0", 2, NOW)?,
                "sealed as said"
            );
            assert!(
                !tx.reseal_credential(id(100), "s0", "u0", 2, NOW)?,
                "not any more"
            );
            assert_eq!(
                tx.credential(id(100))?.unwrap().sealed,
                "t0",
                "the first one won"
            );
            assert_eq!(tx.credentials_before_term(2, 10)?.len(), 4, "one is done");
            tx.set_credential_tested(id(100), true)?;
            assert!(tx.credential(id(100))?.unwrap().tested, "noted");
            let first = tx.credentials_after(None, 2)?;
            let rest = tx.credentials_after(Some(first[1].id), 10)?;
            assert_eq!((first.len(), rest.len()), (2, 3), "walking meets each once");
            tx.delete_credential(id(100))?;
            assert_eq!(tx.credential(id(100))?, None, "gone");
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_credential_is_printed_without_its_sealed_text() {
    let printed = format!("{:?}", credential(1, id(1), "c2VhbGVk"));
    assert!(!printed.contains("c2VhbGVk"), "not even sealed: {printed}");
}

#[test]
fn the_newest_reports_and_events_are_first_and_ninety_are_kept() {
    let place = Place::new();
    let store = place.create();
    store
        .write_blocking(|tx| {
            for n in [1, 2] {
                tx.insert_connector(&connector(n))?;
            }
            for n in 0..100_i64 {
                for owner in [1, 2] {
                    tx.insert_connection_test(&report(owner, n))?;
                }
                tx.insert_event(&EventRecord {
                    id: id(10_000 + u128::try_from(n).unwrap()),
                    connector_id: id(1),
                    at: UtcMillis(n / 2),
                    kind: EventKind::TestFailed,
                    detail: Some(n.to_string()),
                })?;
            }
            for owner in [1, 2] {
                assert_eq!(
                    tx.count_connection_tests(id(owner))?,
                    KEPT,
                    "ninety of connector {owner}"
                );
            }
            assert_eq!(
                tx.last_connection_test(id(1))?,
                Some(report(1, 99)),
                "the newest as stored"
            );
            assert_eq!(
                tx.last_connection_test(id(9))?,
                None,
                "no report of an unknown one"
            );
            let events = tx.events(id(1), 3)?;
            let details: Vec<_> = events.iter().filter_map(|e| e.detail.as_deref()).collect();
            assert_eq!(
                details,
                ["99", "98", "97"],
                "newest first, also within a millisecond"
            );
            Ok(())
        })
        .unwrap();
}

fn report(owner: u128, n: i64) -> ConnectionTestRecord {
    ConnectionTestRecord {
        id: id(owner * 1_000 + u128::try_from(n).unwrap()),
        connector_id: id(owner),
        started_at: UtcMillis(n),
        ok: false,
        class: Some(FailureClass::BadCredentials),
        finding: Some(Finding::Unauthorised),
        status: Some(401),
        report: r#"{"title":"refused"}"#.to_owned(),
    }
}
