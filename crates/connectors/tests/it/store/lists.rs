//! Lists of connectors: order, filter, search, parts, numbers. The plans are held in `src`.

use connectors::clock::UtcMillis;
use connectors::store::Store;
use connectors::store::connector::ConnectorRecord;
use connectors::store::connector_list::ConnectorQuery;
use connectors::view::{ConnectorFilter, ConnectorSort, HealthState, Status};

use super::support::{NOW, PAUSED, Place, connector};

const STATES: [(HealthState, ConnectorFilter); 8] = [
    (HealthState::ActionNeeded, ConnectorFilter::NeedsYou),
    (HealthState::SignInAgain, ConnectorFilter::NeedsYou),
    (HealthState::RateLimited, ConnectorFilter::Waiting),
    (HealthState::WaitingForFederation, ConnectorFilter::Waiting),
    (HealthState::Offline, ConnectorFilter::Waiting),
    (HealthState::Healthy, ConnectorFilter::Healthy),
    (HealthState::NotTested, ConnectorFilter::NotTested),
    (HealthState::Paused, ConnectorFilter::Paused),
];

/// 240 connectors, ten of them deleted, with every state and status mixed.
fn filled(place: &Place) -> (Store, Vec<ConnectorRecord>) {
    let store = place.create();
    let mut records = Vec::new();
    for n in 0..240_u16 {
        let mut record = connector(u128::from(n));
        let rank = usize::from(n) * 7 % STATES.len();
        record.state = STATES[rank].0;
        record.attention = i64::try_from(rank).unwrap();
        record.status = [Status::Active, Status::Inactive, Status::Error][usize::from(n) * 5 % 3];
        record.last_sync_at = (n % 3 != 0).then(|| UtcMillis(i64::from(n % 11)));
        record.name_key = format!("club {:03}", u32::from(n) * 101 % 120);
        record.search_key = format!("{} {}", record.name_key, record.code);
        records.push(record);
    }
    store
        .write_blocking(|tx| {
            for record in &mut records {
                tx.insert_connector(record)?;
                if record.code.ends_with("00") || record.code.ends_with("25") {
                    assert!(tx.mark_deleted(record.id, 1, PAUSED, NOW)?, "it is live");
                    record.deleted_at = Some(NOW);
                    record.status = Status::Inactive;
                    record.state = HealthState::Paused;
                    record.attention = PAUSED.attention;
                }
            }
            Ok(())
        })
        .unwrap();
    (store, records)
}

/// The same list, made the plain way.
fn expected(records: &[ConnectorRecord], query: &ConnectorQuery) -> Vec<String> {
    let state_filter = |state: HealthState| STATES.iter().find(|s| s.0 == state).unwrap().1;
    let mut found: Vec<_> = records
        .iter()
        .filter(|r| (query.filter == ConnectorFilter::Deleted) == r.deleted_at.is_some())
        .filter(|r| match query.filter {
            ConnectorFilter::All | ConnectorFilter::Deleted => true,
            filter => state_filter(r.state) == filter,
        })
        .filter(|r| query.status.is_none_or(|status| status == r.status))
        .filter(|r| query.words.iter().all(|word| r.search_key.contains(word)))
        .collect();
    found.sort_by_key(|r| {
        let (number, word) = match query.sort {
            ConnectorSort::Attention => (r.attention, ""),
            ConnectorSort::Name => (0, ""),
            ConnectorSort::Status => (0, r.status.as_str()),
            ConnectorSort::LastSync => (r.last_sync_at.map_or(-1, |t| t.0), ""),
        };
        (number, word, r.name_key.clone(), r.id)
    });
    if query.descending {
        found.reverse();
    }
    found.into_iter().map(|r| r.code.clone()).collect()
}

#[test]
fn every_combination_lists_what_the_plain_way_lists() {
    let place = Place::new();
    let (store, records) = filled(&place);
    let filters = [
        ConnectorFilter::All,
        ConnectorFilter::NeedsYou,
        ConnectorFilter::Waiting,
        ConnectorFilter::Healthy,
        ConnectorFilter::Paused,
        ConnectorFilter::NotTested,
        ConnectorFilter::Deleted,
    ];
    let sorts = [
        ConnectorSort::Attention,
        ConnectorSort::Name,
        ConnectorSort::Status,
        ConnectorSort::LastSync,
    ];
    let mut not_empty = 0;
    for filter in filters {
        for sort in sorts {
            for status in [None, Some(Status::Active), Some(Status::Error)] {
                for descending in [false, true] {
                    for words in ["", "club 01", "001 club_00", "%", "nothing"] {
                        let query = ConnectorQuery {
                            filter,
                            status,
                            words: words.split_whitespace().map(str::to_owned).collect(),
                            sort,
                            descending,
                            offset: 0,
                            limit: None,
                        };
                        not_empty += usize::from(check(&store, &records, &query));
                    }
                }
            }
        }
    }
    assert!(
        not_empty > 200,
        "most combinations have rows to compare: {not_empty}"
    );
}

/// Compares one list, its number and its parts; true where it has rows.
fn check(store: &Store, records: &[ConnectorRecord], query: &ConnectorQuery) -> bool {
    let expected = expected(records, query);
    let (codes, number, parts) = store
        .read_blocking(|tx| {
            let codes = |query: &ConnectorQuery| -> connectors::error::Result<Vec<String>> {
                Ok(tx
                    .list_connectors(query)?
                    .into_iter()
                    .map(|r| r.code)
                    .collect())
            };
            let mut parts = Vec::new();
            for offset in (0..240).step_by(50) {
                parts.extend(codes(&ConnectorQuery {
                    offset,
                    limit: Some(50),
                    ..query.clone()
                })?);
            }
            Ok((codes(query)?, tx.count_connectors(query)?, parts))
        })
        .unwrap();
    assert_eq!(codes, expected, "{query:?} in its order");
    assert_eq!(
        usize::try_from(number).unwrap(),
        expected.len(),
        "{query:?} counted"
    );
    assert_eq!(
        parts, expected,
        "{query:?} in parts of 50, none twice or missing"
    );
    !codes.is_empty()
}

#[test]
fn the_numbers_are_those_of_the_filters() {
    let place = Place::new();
    let (store, records) = filled(&place);
    let (counts, all) = store
        .read_blocking(|tx| {
            let all = tx.count_connectors(&ConnectorQuery::default())?;
            Ok((tx.connector_counts()?, all))
        })
        .unwrap();
    assert_eq!(counts.all, all, "both ways of counting agree");
    let number = |filter| {
        let query = ConnectorQuery {
            filter,
            ..ConnectorQuery::default()
        };
        u32::try_from(expected(&records, &query).len()).unwrap()
    };
    for (found, filter) in [
        (counts.all, ConnectorFilter::All),
        (counts.needs_you, ConnectorFilter::NeedsYou),
        (counts.waiting, ConnectorFilter::Waiting),
        (counts.healthy, ConnectorFilter::Healthy),
        (counts.paused, ConnectorFilter::Paused),
        (counts.not_tested, ConnectorFilter::NotTested),
        (counts.deleted, ConnectorFilter::Deleted),
    ] {
        assert_eq!(found, number(filter), "{filter:?}");
        assert!(found > 0, "{filter:?} has some to count");
    }
}
