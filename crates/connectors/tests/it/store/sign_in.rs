//! The tables of signing in: what is stored comes back, what is taken is gone, and a lease has one
//! holder at a time.

use connectors::clock::UtcMillis;
use connectors::failure::Finding;
use connectors::settings::Redirect;
use connectors::store::pending_sign_in::PendingRecord;
use connectors::store::sign_in::{Attempt, AttemptState, SignInRecord};
use connectors::view::HealthState;

use super::support::{NOW, PAUSED, Place, connector, credential, id};

fn pending(number: u8, connector: u128) -> PendingRecord {
    PendingRecord {
        state_hash: [number; 32],
        connector_id: id(connector),
        redirect: Redirect::Loopback,
        sealed: format!("sealed {number}"),
        created_at: NOW,
        expires_at: UtcMillis(NOW.0 + 600_000),
    }
}

fn full(connector: u128) -> SignInRecord {
    SignInRecord {
        connector_id: id(connector),
        token_id: Some(id(101)),
        signed_in_at: Some(NOW),
        obtained_at: Some(UtcMillis(NOW.0 + 1)),
        expires_at: Some(UtcMillis(NOW.0 + 2)),
        renews: true,
        scopes: vec!["members.read".to_owned(), "clubs.read".to_owned()],
        ended: Some(Finding::SignInEnded),
        attempt: Some(Attempt {
            id: vec![7; 32],
            state: AttemptState::Exchanging,
            finding: Some(Finding::SignInDeclined),
            owner: Some(id(900)),
        }),
    }
}

#[test]
fn how_a_sign_in_stands_comes_back_as_it_was_stored() {
    let place = Place::new();
    let store = place.create();
    store
        .write_blocking(|tx| {
            tx.insert_connector(&connector(1))?;
            tx.insert_credential(&credential(101, id(1), "sealed"))?;
            assert_eq!(tx.sign_in(id(1))?, None, "nobody has tried yet");
            for record in [full(1), SignInRecord::none(id(1)), full(1)] {
                tx.put_sign_in(&record)?;
                assert_eq!(tx.sign_in(id(1))?, Some(record), "every column");
            }
            assert_eq!(
                tx.exchanging_sign_ins()?,
                [full(1)],
                "an exchange under way is found"
            );
            tx.delete_credential(id(101))?;
            let left = tx.sign_in(id(1))?.unwrap();
            assert_eq!(
                left.token_id, None,
                "a token that is destroyed leaves no reference"
            );
            tx.delete_sign_in(id(1))?;
            assert_eq!(tx.sign_in(id(1))?, None, "forgotten");
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_pending_sign_in_is_taken_once_and_replaced_by_a_newer_one() {
    let place = Place::new();
    let store = place.create();
    store
        .write_blocking(|tx| {
            tx.insert_connector(&connector(1))?;
            tx.insert_connector(&connector(2))?;
            tx.put_pending_sign_in(&pending(1, 1), 1)?;
            tx.put_pending_sign_in(&pending(2, 1), 1)?;
            tx.put_pending_sign_in(&pending(3, 2), 1)?;
            assert_eq!(
                tx.take_pending_sign_in(&[1; 32])?,
                None,
                "a connector has one attempt: the newer has replaced it"
            );
            assert_eq!(
                tx.pending_sign_in_of(id(1))?,
                Some(pending(2, 1)),
                "which waits"
            );
            assert_eq!(
                tx.take_pending_sign_in(&[2; 32])?,
                Some(pending(2, 1)),
                "taken"
            );
            assert_eq!(
                tx.take_pending_sign_in(&[2; 32])?,
                None,
                "and not a second time"
            );
            assert_eq!(
                tx.pending_sign_in_of(id(2))?,
                Some(pending(3, 2)),
                "others stay"
            );
            let end = pending(3, 2).expires_at;
            assert!(
                tx.pending_sign_ins_over(UtcMillis(end.0 - 1), 9)?
                    .is_empty(),
                "not over yet"
            );
            assert_eq!(
                tx.pending_sign_ins_over(end, 9)?,
                [pending(3, 2)],
                "over at its end"
            );
            assert!(tx.delete_pending_sign_in_of(id(2))?, "taken back");
            assert!(
                !tx.delete_pending_sign_in_of(id(2))?,
                "nothing is left to take back"
            );
            let term = &tx.credential_terms()?[0];
            assert_eq!(
                term.encryptions, 3,
                "each sealed attempt counts for its key"
            );
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_lease_has_one_living_holder_and_a_fence_for_every_taking() {
    let place = Place::new();
    let store = place.create();
    store
        .write_blocking(|tx| {
            let (one, two) = (id(901), id(902));
            let first = tx.take_lease("token:x", one, NOW, |_| true)?.unwrap();
            assert_eq!((first.owner, first.fence), (one, 1), "free, so it is given");
            assert!(tx.holds_lease(&first)?, "and held");
            assert_eq!(
                tx.take_lease("token:x", two, NOW, |holder| holder == one)?,
                None,
                "its holder lives"
            );
            let second = tx.take_lease("token:x", two, NOW, |_| false)?.unwrap();
            assert_eq!(second.fence, 2, "its holder is gone, so it is free at once");
            assert!(!tx.holds_lease(&first)?, "whoever was gone has lost it");
            tx.release_lease(&first)?;
            assert!(
                tx.holds_lease(&second)?,
                "and cannot give back what is another's"
            );
            tx.release_lease(&second)?;
            assert!(!tx.holds_lease(&second)?, "given back");
            let third = tx.take_lease("token:x", one, NOW, |_| true)?.unwrap();
            assert_eq!(third.fence, 3, "the fence never goes back");
            assert!(
                tx.take_lease("token:y", two, NOW, |_| true)?.is_some(),
                "another name is another lease"
            );
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_purge_destroys_tokens_and_attempts_too() {
    let place = Place::new();
    let store = place.create();
    store
        .write_blocking(|tx| {
            tx.insert_connector(&connector(1))?;
            tx.insert_credential(&credential(101, id(1), "sealed token"))?;
            tx.put_sign_in(&full(1))?;
            tx.put_pending_sign_in(&pending(1, 1), 1)?;
            assert!(tx.mark_deleted(id(1), 1, PAUSED, NOW)?, "deleted first");
            assert!(tx.sign_in(id(1))?.is_some(), "a deletion keeps the sign-in");
            assert!(tx.purge_connector(id(1), 2, NOW)?, "then purged");
            assert_eq!(tx.credential(id(101))?, None, "no token is left");
            assert_eq!(tx.sign_in(id(1))?, None, "nothing of the sign-in is left");
            assert_eq!(tx.pending_sign_in_of(id(1))?, None, "nor of an attempt");
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_state_is_written_without_counting_the_version() {
    let place = Place::new();
    let store = place.create();
    store
        .write_blocking(|tx| {
            tx.insert_connector(&connector(1))?;
            tx.set_state(id(1), HealthState::WaitingForBrowser, 2)?;
            let stored = tx.connector_by_id(id(1))?.unwrap();
            assert_eq!(
                (stored.state, stored.attention, stored.version),
                (HealthState::WaitingForBrowser, 2, 1),
                "somebody may be editing version 1"
            );
            assert!(tx.mark_deleted(id(1), 1, PAUSED, NOW)?, "deleted");
            tx.set_state(id(1), HealthState::Healthy, 6)?;
            let stored = tx.connector_by_id(id(1))?.unwrap();
            assert_eq!(
                stored.state,
                HealthState::Paused,
                "a deleted one stays as it is"
            );
            Ok(())
        })
        .unwrap();
}
