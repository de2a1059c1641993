//! The error log in the file: order, filters, pages, how much is kept.

use connectors::clock::UtcMillis;
use connectors::failure::{FailureClass, Finding};
use connectors::store::Store;
use connectors::store::error_log::{ErrorQuery, ErrorRecord, KEPT};
use connectors::view::ErrorSource;

use super::support::{NOW, Place, connector, id};

fn error(n: u128, of: u128, at: i64) -> ErrorRecord {
    let finding = if n.is_multiple_of(3) {
        Finding::NotFound
    } else {
        Finding::ServerError
    };
    ErrorRecord {
        id: id(1_000 + n),
        connector_id: id(of),
        at: UtcMillis(at),
        class: finding.class().unwrap(),
        finding: Some(finding),
        status: Some(503),
        endpoint: Some("/v1/members/{member_id}".to_owned()),
        source: ErrorSource::Request,
        connection_id: None,
        run_id: None,
        cleared_at: None,
    }
}

fn all(store: &Store, query: &ErrorQuery) -> Vec<ErrorRecord> {
    let mut seen: Vec<ErrorRecord> = Vec::new();
    loop {
        let query = ErrorQuery {
            before: seen.last().map(|row| (row.at, row.id)),
            limit: 7,
            ..query.clone()
        };
        let page = store.read_blocking(|tx| tx.errors(&query)).unwrap();
        if page.is_empty() {
            return seen;
        }
        seen.extend(page.into_iter().map(|row| row.error));
    }
}

#[test]
fn errors_come_back_newest_first_in_pages_under_every_filter() {
    let place = Place::new();
    let store = place.create();
    // Several of one moment.
    let written: Vec<ErrorRecord> = (0..50)
        .map(|n| error(n, 1 + n % 2, NOW.0 + i64::try_from(n / 10).unwrap()))
        .collect();
    store
        .write_blocking(|tx| {
            tx.insert_connector(&connector(1))?;
            tx.insert_connector(&connector(2))?;
            for one in &written {
                tx.insert_error(one)?;
            }
            Ok(())
        })
        .unwrap();
    for connector in [None, Some(id(2))] {
        for class in [None, Some(FailureClass::NotFound)] {
            for since in [None, Some(UtcMillis(NOW.0 + 3))] {
                let query = ErrorQuery {
                    connector,
                    class,
                    since,
                    ..ErrorQuery::default()
                };
                let mut expected: Vec<ErrorRecord> = written
                    .iter()
                    .filter(|row| connector.is_none_or(|id| row.connector_id == id))
                    .filter(|row| class.is_none_or(|class| row.class == class))
                    .filter(|row| since.is_none_or(|since| row.at >= since))
                    .cloned()
                    .collect();
                expected.sort_by_key(|row| std::cmp::Reverse((row.at, row.id)));
                let found = store.read_blocking(|tx| tx.count_errors(&query)).unwrap();
                assert_eq!(
                    found as usize,
                    expected.len(),
                    "{query:?}: the count matches"
                );
                assert_eq!(all(&store, &query), expected, "{query:?}: and the rows");
            }
        }
    }
}

#[test]
fn what_is_dealt_with_is_marked_once_and_stays() {
    let place = Place::new();
    let store = place.create();
    let (first, second) = store
        .write_blocking(|tx| {
            tx.insert_connector(&connector(1))?;
            tx.insert_connector(&connector(2))?;
            tx.insert_error(&error(1, 1, NOW.0))?;
            tx.insert_error(&error(2, 2, NOW.0))?;
            let first = tx.clear_error_log(id(1), UtcMillis(NOW.0 + 10))?;
            tx.insert_error(&error(3, 1, NOW.0 + 20))?;
            let second = tx.clear_error_log(id(1), UtcMillis(NOW.0 + 30))?;
            Ok((first, second))
        })
        .unwrap();
    assert_eq!((first, second), (1, 1), "only what was not marked yet");
    let marks: Vec<Option<i64>> = all(&store, &ErrorQuery::default())
        .into_iter()
        .map(|row| row.cleared_at.map(|at| at.0 - NOW.0))
        .collect();
    assert_eq!(
        marks,
        [Some(30), None, Some(10)],
        "each with its moment, and another connector's not at all"
    );
}

#[test]
fn old_rows_and_those_beyond_ten_thousand_go() {
    let place = Place::new();
    let store = place.create();
    assert_eq!(KEPT, 10_000, "as many are kept");
    let left = store
        .write_blocking(|tx| {
            tx.insert_connector(&connector(1))?;
            tx.insert_connector(&connector(2))?;
            for n in 0..40 {
                tx.insert_error(&error(n, 1 + n % 2, NOW.0 + i64::try_from(n).unwrap()))?;
            }
            assert_eq!(
                tx.forget_errors(UtcMillis(NOW.0 + 10))?,
                10,
                "of before a moment, whosever they are"
            );
            assert_eq!(tx.forget_errors_beyond(id(1), 5)?, 10, "but for five");
            assert_eq!(tx.forget_errors_beyond(id(1), 5)?, 0, "no more");
            let query = ErrorQuery {
                connector: Some(id(1)),
                limit: 99,
                ..ErrorQuery::default()
            };
            tx.errors(&query)
        })
        .unwrap();
    let left: Vec<i64> = left.iter().map(|row| row.error.at.0 - NOW.0).collect();
    assert_eq!(left, [38, 36, 34, 32, 30], "the newest stay");
}
