//! Clubs in the file: what the indexes refuse, and lists that are what the plain way gives. Plans are held in `src`.

use connectors::clock::UtcMillis;
use connectors::store::club::ClubRecord;
use connectors::store::club_connection::ClubConnectionRecord;
use connectors::store::club_list::ClubQuery;
use connectors::view::ClubSort;

use super::support::{NOW, PAUSED, Place, connector, id};

fn club(n: u128) -> ClubRecord {
    // Equal names: the order must be total all the same.
    let name = format!("Cumann {}", n % 5);
    ClubRecord {
        id: id(1_000 + n),
        own_id: format!("club-{n}"),
        name_key: name.to_lowercase(),
        search_key: format!("{} club-{n}", name.to_lowercase()),
        name,
        created_at: NOW,
        updated_at: NOW,
    }
}

fn connection(n: u128, connector: u128, club: u128) -> ClubConnectionRecord {
    ClubConnectionRecord {
        id: id(5_000 + n),
        connector_id: id(connector),
        organisation_id: id(1_000 + club),
        federation_org_id: format!("f{club}"),
        federation_name: None,
        search_key: format!("f{club}"),
        enabled_at: NOW,
        disconnected_at: None,
        last_sync_at: (!n.is_multiple_of(3)).then(|| UtcMillis(i64::try_from(n % 4).unwrap())),
        consecutive_failures: 0,
        last_error: None,
        created_at: NOW,
        version: 1,
    }
}

#[test]
fn the_file_itself_refuses_a_second_live_connection() {
    let place = Place::new();
    let store = place.create();
    store
        .write_blocking(|tx| {
            tx.insert_connector(&connector(1))?;
            tx.put_club(&club(1))?;
            tx.put_club(&club(2))?;
            tx.insert_connection(&connection(1, 1, 1))
        })
        .unwrap();
    let same_club = ClubConnectionRecord {
        federation_org_id: "other".to_owned(),
        ..connection(2, 1, 1)
    };
    let same_id = ClubConnectionRecord {
        federation_org_id: "f1".to_owned(),
        ..connection(3, 1, 2)
    };
    for (second, what) in [(&same_club, "the club"), (&same_id, "the federation's id")] {
        let outcome = store.write_blocking(|tx| tx.insert_connection(second));
        assert!(outcome.is_err(), "{what} is connected already");
    }
    store
        .write_blocking(|tx| {
            let mut first = connection(1, 1, 1);
            first.disconnected_at = Some(NOW);
            tx.update_connection(&first)?;
            tx.insert_connection(&same_club)?;
            let kept = tx.connections_of_club(id(1_001))?;
            assert_eq!(kept.len(), 2, "an ended one stays beside a new one");
            assert_eq!(
                tx.live_connection(id(1), id(1_001))?.map(|one| one.id),
                Some(same_club.id),
                "and only the new one is live"
            );
            Ok(())
        })
        .unwrap();
}

#[test]
fn every_list_of_clubs_is_what_the_plain_way_gives() {
    let place = Place::new();
    let store = place.create();
    let mut all = Vec::new();
    store
        .write_blocking(|tx| {
            for n in 1..=3 {
                tx.insert_connector(&connector(n))?;
            }
            for n in 0..40 {
                tx.put_club(&club(n))?;
                for of in 1..=3 {
                    let mut one = connection(n * 3 + of, of, n);
                    if (n + of).is_multiple_of(7) {
                        one.disconnected_at = Some(NOW);
                    }
                    tx.insert_connection(&one)?;
                    all.push((club(n), one));
                }
            }
            assert!(tx.mark_deleted(id(3), 1, PAUSED, NOW)?, "it is live");
            Ok(())
        })
        .unwrap();
    let mut looked_at = 0;
    for of in [None, Some(id(1)), Some(id(3))] {
        for sort in [ClubSort::Name, ClubSort::LastSync] {
            for descending in [false, true] {
                for word in ["", "cumann 3", "club-1", "f39", "%"] {
                    let words: Vec<String> = word.split_whitespace().map(str::to_owned).collect();
                    let query = ClubQuery {
                        club: None,
                        connector: of,
                        words: words.clone(),
                        sort,
                        descending,
                        offset: 0,
                        limit: None,
                    };
                    let mut expected: Vec<_> = all
                        .iter()
                        .filter(|(_, one)| one.disconnected_at.is_none())
                        .filter(|(_, one)| match of {
                            Some(of) => one.connector_id == of,
                            None => one.connector_id != id(3),
                        })
                        .filter(|(club, one)| {
                            let number = one.connector_id.as_u128() - id(0).as_u128();
                            let code = connector(number).search_key;
                            let known = format!("{} {} {code}", club.search_key, one.search_key);
                            words.iter().all(|word| known.contains(word))
                        })
                        .collect();
                    expected.sort_by_key(|(club, one)| match sort {
                        ClubSort::Name => (
                            -1,
                            club.name_key.clone(),
                            club.id.as_u128(),
                            one.connector_id.as_u128(),
                        ),
                        ClubSort::LastSync => (
                            one.last_sync_at.map_or(-1, |at| at.0),
                            String::new(),
                            one.id.as_u128(),
                            0,
                        ),
                    });
                    if descending {
                        expected.reverse();
                    }
                    let expected: Vec<_> = expected.iter().map(|(_, one)| one.id).collect();
                    let (rows, number) = store
                        .read_blocking(|tx| Ok((tx.list_clubs(&query)?, tx.count_clubs(&query)?)))
                        .unwrap();
                    let found: Vec<_> = rows.iter().map(|row| row.id).collect();
                    assert_eq!(found, expected, "{query:?}");
                    assert_eq!(number as usize, found.len(), "{query:?}: the number");
                    looked_at += usize::from(!found.is_empty());
                    let part = ClubQuery {
                        offset: 3,
                        limit: Some(4),
                        ..query
                    };
                    let part = store.read_blocking(|tx| tx.list_clubs(&part)).unwrap();
                    let part: Vec<_> = part.iter().map(|row| row.id).collect();
                    let cut: Vec<_> = expected.into_iter().skip(3).take(4).collect();
                    assert_eq!(part, cut, "a part of it");
                }
            }
        }
    }
    assert!(looked_at >= 40, "most lists have rows: {looked_at}");
}
