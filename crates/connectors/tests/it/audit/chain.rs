//! Any single edit, deletion, exchange or insertion in a log is seen, and the place is named; so is a log that was cut off
//! before the anchor.

use connectors::audit::{Anchor, AnchorReason, Break, Chain, Hash, Link, Stored};
use connectors::clock::UtcMillis;
use connectors::random::Random as _;
use connectors::vault::AuditKey;
use testkit::seeded_random::SeededRandom;
use uuid::Uuid;

use crate::store::support::rounds;

const DATABASE: Uuid = Uuid::from_u128(7);

#[derive(Clone, PartialEq)]
struct Row {
    seq: u64,
    entry: Stored,
    hash: Hash,
}

fn key() -> AuditKey {
    AuditKey::for_tests([7; 32])
}

fn entry(n: u64) -> Stored {
    Stored {
        at: UtcMillis(1_795_000_000_000 + i64::try_from(n).unwrap()),
        who: "window".to_owned(),
        area: "syncs".to_owned(),
        what: "sync_applied".to_owned(),
        connector: n.is_multiple_of(2).then(|| "football".to_owned()),
        connection_id: n.is_multiple_of(3).then(|| Uuid::from_u128(n.into())),
        run_id: n.is_multiple_of(5).then(|| Uuid::from_u128(n.into())),
        member_hash: n
            .is_multiple_of(7)
            .then(|| [u8::try_from(n % 251).unwrap(); 32]),
        fields: "phone,email".to_owned(),
        words: String::new(),
        counts: format!("creates={n}"),
    }
}

fn log(entries: u64) -> Vec<Row> {
    let (key, mut end) = (key(), Link::START);
    (1..=entries)
        .map(|n| {
            let entry = entry(n);
            end = end.next(&key, &entry);
            Row {
                seq: end.seq,
                entry,
                hash: end.hash,
            }
        })
        .collect()
}

fn anchor(rows: &[Row]) -> Anchor {
    let last = rows.last().unwrap();
    Anchor {
        database_id: DATABASE,
        end: Link {
            seq: last.seq,
            hash: last.hash,
        },
        at: UtcMillis(0),
        reason: AnchorReason::Grown,
    }
}

fn check(rows: &[Row], anchor: Option<&Anchor>) -> Result<Link, Break> {
    let key = key();
    let mut chain = Chain::new(&key, anchor);
    for row in rows {
        chain.take(row.seq, &row.entry, &row.hash)?;
    }
    chain.finish()
}

/// A number below `end`.
fn below(random: &SeededRandom, end: usize) -> usize {
    let mut bytes = [0; 8];
    random.fill(&mut bytes).unwrap();
    usize::try_from(u64::from_be_bytes(bytes) % u64::try_from(end).unwrap()).unwrap()
}

/// One change of one column, the number or the hash; some keep everything else consistent.
fn edit(row: &mut Row, which: usize) {
    let entry = &mut row.entry;
    match which {
        0 => entry.at.0 += 1,
        1 => "schedule".clone_into(&mut entry.who),
        2 => "members".clone_into(&mut entry.area),
        3 => "sync_undone".clone_into(&mut entry.what),
        4 => {
            entry.connector = match entry.connector {
                Some(_) => None,
                None => Some(String::new()),
            }
        }
        5 => entry.connection_id = Some(Uuid::from_u128(99)),
        6 => entry.run_id = Some(Uuid::from_u128(98)),
        7 => entry.member_hash = Some([1; 32]),
        // A part moves over a border: the bytes behind one another are the same.
        8 => {
            "phone,".clone_into(&mut entry.fields);
            "email".clone_into(&mut entry.words);
        }
        9 => "creates=0".clone_into(&mut entry.counts),
        10 => row.hash[31] ^= 1,
        _ => row.seq += 1,
    }
}

#[test]
fn a_log_that_nobody_touched_is_whole() {
    let rows = log(50);
    let end = check(&rows, Some(&anchor(&rows))).unwrap();
    assert_eq!(end.seq, 50, "all were looked at");
    let grown = log(60);
    assert!(
        check(&grown, Some(&anchor(&rows))).is_ok(),
        "a log that has grown since the anchor is the same log"
    );
    assert_eq!(check(&[], None), Err(Break::Empty), "no log has no entry");
}

#[test]
fn what_is_hashed_has_one_form_that_never_changes() {
    // Of the file format: a change here makes every log that is kept anywhere look broken.
    let bytes = entry(30).canonical();
    assert_eq!(
        bytes.len(),
        143,
        "each column as a byte, its length and its value; a missing one as a byte"
    );
    let end = Link::START.next(&key(), &entry(1));
    let hex = crate::app::canary::hex(&end.hash);
    assert_eq!(hex, EXPECTED, "HMAC-SHA-256, computed by another program");
}

const EXPECTED: &str = "5da0ae024ee85b1788f95142aa8d8fa28b5232e9cd7cd6a43cab9a8914fb8db3";

#[test]
fn no_two_entries_have_the_same_bytes() {
    let one = entry(2);
    let mut seen = vec![one.canonical()];
    for which in 0..10 {
        let mut row = Row {
            seq: 2,
            entry: one.clone(),
            hash: [0; 32],
        };
        edit(&mut row, which);
        let bytes = row.entry.canonical();
        assert!(!seen.contains(&bytes), "change {which} changes the bytes");
        seen.push(bytes);
    }
}

fn every_change_is_seen(rounds: u32, entries: u64) {
    let rows = log(entries);
    let whole = anchor(&rows);
    let random = SeededRandom::new(20_261_125);
    for round in 0..rounds {
        let at = below(&random, rows.len());
        let mut changed = rows.clone();
        let (name, place) = match round % 4 {
            0 => {
                edit(&mut changed[at], below(&random, 12));
                ("an edit", at)
            }
            1 => {
                changed.remove(at);
                ("a deletion", at)
            }
            2 => {
                let other = (at + 1 + below(&random, rows.len() - 1)) % rows.len();
                // As somebody would who knows that numbers must follow one another.
                let (one, two) = (rows[at].clone(), rows[other].clone());
                changed[at] = Row {
                    seq: one.seq,
                    ..two.clone()
                };
                changed[other] = Row {
                    seq: two.seq,
                    ..one
                };
                ("an exchange", at.min(other))
            }
            _ => {
                let mut more = rows[below(&random, rows.len())].clone();
                more.seq = rows[at].seq;
                changed.insert(at, more);
                for row in &mut changed[at + 1..] {
                    row.seq += 1;
                }
                // One's own copy before oneself is first seen at the second of both.
                let same = changed[at].hash == rows[at].hash;
                ("an insertion", at + usize::from(same))
            }
        };
        let place = u64::try_from(place).unwrap() + 1;
        let found = check(&changed, Some(&whole)).expect_err(name);
        match found {
            Break::Changed { seq } => assert_eq!(seq, place, "{name} is placed, round {round}"),
            Break::Gap { expected, .. } => {
                assert_eq!(expected, place, "{name} is placed, round {round}");
            }
            Break::CutOff { last, .. } => assert!(
                round % 4 == 1 && last == entries - 1,
                "only the last one is missed by the anchor alone, round {round}"
            ),
            other => panic!("{name} in round {round} is {other:?}"),
        }
    }
}

#[test]
fn every_change_of_a_log_is_seen_and_placed() {
    every_change_is_seen(100, 1_000);
}

#[test]
fn soak_every_change_of_a_long_log_is_seen_and_placed() {
    every_change_is_seen(rounds(8, 1_000), 10_000);
}

#[test]
fn what_is_cut_off_or_written_anew_behind_the_anchor_is_seen() {
    let rows = log(20);
    for kept in 0..20 {
        let last = u64::try_from(kept).unwrap();
        assert_eq!(
            check(&rows[..kept], Some(&anchor(&rows))),
            Err(Break::CutOff { last, anchored: 20 }),
            "{kept} of 20 are left"
        );
    }
    // Cut off, and grown again beyond the anchor: what an attacker with the key could not do better.
    let mut other = log(10);
    let (key, mut end) = (key(), anchor(&other).end);
    for n in 100..120 {
        end = end.next(&key, &entry(n));
        other.push(Row {
            seq: end.seq,
            entry: entry(n),
            hash: end.hash,
        });
    }
    assert!(check(&other, None).is_ok(), "it is whole by itself");
    assert_eq!(
        check(&other, Some(&anchor(&rows))),
        Err(Break::Replaced { anchored: 20 }),
        "and not the log that the anchor knows"
    );
}

#[test]
fn an_anchor_is_read_only_as_it_was_made() {
    let anchor = anchor(&log(3));
    let file = anchor.to_file(&key());
    assert_eq!(
        Anchor::from_file(&file, &key()),
        Some(anchor.clone()),
        "there and back"
    );
    let other = AuditKey::for_tests([8; 32]);
    assert_eq!(Anchor::from_file(&file, &other), None, "another key's");
    let text = String::from_utf8(file).unwrap();
    for (from, to) in [
        ("\"seq\": 3", "\"seq\": 2"),
        ("\"at\": 0", "\"at\": 1"),
        ("grown", "restored"),
        ("\"format\": 1", "\"format\": 2"),
    ] {
        assert!(text.contains(from), "{from} is in the file");
        let changed = text.replace(from, to);
        assert_eq!(
            Anchor::from_file(changed.as_bytes(), &key()),
            None,
            "{to} was not written with the key"
        );
    }
    assert_eq!(Anchor::from_file(b"", &key()), None, "nothing");
}
