//! Tables of requests: attempts, send times, stops.

use connectors::clock::UtcMillis;
use connectors::failure::{FailureClass, Finding};
use connectors::store::attempt::{AttemptPlace, AttemptRecord};
use connectors::store::rate::RateRecord;
use connectors::store::stop::{Reckoning, StopRecord};
use connectors::view::Status;

use super::support::{NOW, Place, connector, id};

fn attempt(n: u128, of: u128, at: i64) -> AttemptRecord {
    AttemptRecord {
        id: id(1_000 + n),
        connector_id: id(of),
        at: UtcMillis(at),
        endpoint: "/v1/members/{member_id}".to_owned(),
        method: "GET".to_owned(),
        status: n.is_multiple_of(2).then_some(503),
        finding: n.is_multiple_of(3).then_some(Finding::ServerError),
        ms: 120,
        bytes: 1 << 40,
        number: 2,
        aside: false,
    }
}

#[test]
fn attempts_come_back_as_they_were_newest_first_in_pages() {
    let place = Place::new();
    let store = place.create();
    let written: Vec<AttemptRecord> = (0..50)
        // Several of one moment, and those of another connector between them.
        .map(|n| attempt(n, 1 + n % 2, NOW.0 + i64::try_from(n / 10).unwrap()))
        .collect();
    store
        .write_blocking(|tx| {
            tx.insert_connector(&connector(1))?;
            tx.insert_connector(&connector(2))?;
            assert_eq!(tx.insert_attempts(&written)?, 50, "they are added");
            assert_eq!(
                tx.insert_attempts(&[attempt(99, 7, NOW.0)])?,
                0,
                "one of a connector that is gone is left out"
            );
            Ok(())
        })
        .unwrap();
    let mut expected: Vec<AttemptRecord> = written
        .iter()
        .filter(|row| row.connector_id == id(1))
        .cloned()
        .collect();
    expected.sort_by_key(|row| std::cmp::Reverse((row.at, row.id)));
    let mut seen: Vec<AttemptRecord> = Vec::new();
    loop {
        let before = seen.last().map(|row| AttemptPlace {
            at: row.at,
            id: row.id,
        });
        let page = store
            .read_blocking(|tx| tx.attempts(id(1), before, 7))
            .unwrap();
        if page.is_empty() {
            break;
        }
        assert!(page.len() <= 7, "no more than asked");
        seen.extend(page);
    }
    assert_eq!(seen, expected, "each once, newest first");
    let forgotten = store
        .write_blocking(|tx| tx.forget_attempts(UtcMillis(NOW.0 + 2)))
        .unwrap();
    assert_eq!(forgotten, 20, "those before the moment, of all connectors");
    let left = store
        .read_blocking(|tx| tx.attempts(id(1), None, 500))
        .unwrap();
    assert_eq!(left.len(), 15, "the others stay");
}

#[test]
fn send_times_are_counted_moved_given_back_and_forgotten() {
    let place = Place::new();
    let store = place.create();
    let at = |ms: i64| UtcMillis(NOW.0 + ms);
    store
        .write_blocking(|tx| {
            tx.insert_connector(&connector(1))?;
            tx.insert_connector(&connector(2))?;
            let first = tx.insert_slots(id(1), &[at(1), at(2), at(3)])?;
            let other = tx.insert_slots(id(2), &[at(9)])?;
            assert_eq!(tx.newest_slots(id(1), 2)?, [at(3), at(2)], "newest first");
            assert_eq!(tx.count_slots_since(id(1), at(1))?, 2, "after the moment");
            tx.delete_slots(id(1), &[first[1], other[0]])?;
            assert_eq!(
                tx.newest_slots(id(1), 9)?,
                [at(3), at(1)],
                "one is given back"
            );
            assert_eq!(
                tx.newest_slots(id(2), 9)?,
                [at(9)],
                "only by its own connector"
            );
            tx.shift_slots(id(1), -100)?;
            assert_eq!(
                tx.newest_slots(id(1), 9)?,
                [at(-97), at(-99)],
                "the clock was set"
            );
            assert_eq!(
                tx.newest_slots(id(2), 9)?,
                [at(9)],
                "of one connector at a time"
            );
            tx.forget_slots(id(1), at(-98))?;
            assert_eq!(tx.newest_slots(id(1), 9)?, [at(-97)], "the old ones go");
            assert_eq!(tx.rate(id(1))?, None, "nothing is known yet");
            for told_limit in [Some(30), None] {
                let rate = RateRecord {
                    touched_at: at(5),
                    told_limit,
                    paused_until: told_limit.map(|_| at(60)),
                };
                tx.put_rate(id(1), &rate)?;
                assert_eq!(tx.rate(id(1))?, Some(rate), "as it was noted");
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_stop_and_what_requests_have_done_are_kept_beside_an_edit() {
    let place = Place::new();
    let store = place.create();
    store
        .write_blocking(|tx| {
            tx.insert_connector(&connector(1))?;
            assert_eq!(tx.stop(id(1))?, None, "nothing stops it");
            for probe in [Some((NOW, 30_000)), None] {
                let stop = StopRecord {
                    class: FailureClass::FederationDown,
                    finding: Finding::ServerError,
                    since: NOW,
                    probe,
                };
                tx.put_stop(id(1), &stop)?;
                assert_eq!(tx.stop(id(1))?, Some(stop), "as it was noted");
            }
            let reckon = |status, failures, success: Option<i64>, error: Option<i64>| {
                tx.reckon(
                    id(1),
                    &Reckoning {
                        status,
                        failures,
                        success_at: success.map(UtcMillis),
                        error_at: error.map(UtcMillis),
                    },
                )
            };
            reckon(Status::Error, 5, None, Some(700))?;
            reckon(Status::Error, 6, Some(500), Some(600))?;
            let read = tx.connector_by_id(id(1))?.unwrap();
            assert_eq!(
                (read.status, read.consecutive_failures),
                (Status::Error, 6),
                "the newest"
            );
            assert_eq!(
                read.last_success_at,
                Some(UtcMillis(500)),
                "a time that is told"
            );
            assert_eq!(read.last_error_at, Some(UtcMillis(700)), "never goes back");
            assert_eq!(read.version, 1, "nobody's edit is refused by it");
            tx.delete_stop(id(1))?;
            assert_eq!(tx.stop(id(1))?, None, "it runs again");
            Ok(())
        })
        .unwrap();
}
