//! When a connector's turn is.

use connectors::checks::slot::{
    AWAY_MS, Awake, LONGEST_SPREAD_MS, Turn, every_ms, slot_before, turn, turn_of_probe,
};
use connectors::clock::UtcMillis;
use connectors::random::{SystemRandom, make_id};
use connectors::view::CheckEvery;
use uuid::Uuid;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const NOW: UtcMillis = UtcMillis(testkit::START);

fn ids(count: usize) -> Vec<Uuid> {
    // All of one moment, as after an import of a thousand connectors.
    (0..count)
        .map(|_| make_id(&SystemRandom, NOW).unwrap())
        .collect()
}

fn there(since: i64) -> Awake {
    Awake {
        since: UtcMillis(since),
        spread_ms: 0,
    }
}

#[test]
fn each_choice_is_as_long_as_it_says() {
    for (every, ms) in [
        (CheckEvery::Off, None),
        (CheckEvery::QuarterHour, Some(15 * MINUTE)),
        (CheckEvery::Hour, Some(HOUR)),
        (CheckEvery::SixHours, Some(6 * HOUR)),
        (CheckEvery::Day, Some(DAY)),
    ] {
        assert_eq!(every_ms(every), ms, "{every:?}");
    }
    assert_eq!(CheckEvery::default(), CheckEvery::Hour, "hourly by default");
}

#[test]
fn a_connector_keeps_its_moment_and_a_thousand_have_a_thousand() {
    let ids = ids(1_000);
    for id in ids.iter().take(20) {
        let slot = slot_before(*id, HOUR, NOW);
        assert!(slot <= NOW && NOW.0 - slot.0 < HOUR, "the newest one");
        assert_eq!(
            slot_before(*id, HOUR, UtcMillis(NOW.0 + 7 * HOUR)).0,
            slot.0 + 7 * HOUR,
            "the same moment of every hour"
        );
        assert_eq!(
            slot_before(*id, HOUR, slot),
            slot,
            "its own moment is in it"
        );
        assert_eq!(
            slot_before(*id, HOUR, UtcMillis(slot.0 - 1)).0,
            slot.0 - HOUR,
            "just before it, the one before"
        );
    }
    let mut a_second = vec![0_u32; 3_600];
    for id in &ids {
        let into = (slot_before(*id, HOUR, NOW).0.rem_euclid(HOUR)) / 1_000;
        a_second[usize::try_from(into).unwrap()] += 1;
    }
    let most = a_second.iter().max().unwrap();
    assert!(*most <= 6, "no rush in any second: {most} of 1,000 in one");
}

#[test]
fn whose_turn_it_is() {
    let id = ids(1)[0];
    let slot = slot_before(id, HOUR, NOW).0;
    let next = Turn::At(UtcMillis(slot + HOUR));
    for (name, handled, awake, expected) in [
        ("just handled", slot, there(0), next),
        ("handled after its slot", slot + 1, there(0), next),
        ("the slot has come", slot - HOUR, there(0), Turn::Now),
        ("half an hour before", slot - HOUR / 2, there(0), Turn::Now),
        (
            "less than half an hour before",
            slot - HOUR / 2 + 1,
            there(0),
            next,
        ),
        ("never handled", 0, there(0), Turn::Now),
        (
            "a week was slept through",
            slot - 7 * DAY,
            there(0),
            Turn::Now,
        ),
        (
            "the clock was wrong when it was handled",
            NOW.0 + 2 * HOUR,
            there(0),
            Turn::Now,
        ),
        (
            "a clock that was a little ahead is waited for",
            NOW.0 + 1,
            there(0),
            next,
        ),
    ] {
        let handled = UtcMillis(handled);
        assert_eq!(turn(id, HOUR, handled, awake, NOW), expected, "{name}");
    }
}

#[test]
fn after_a_sleep_each_is_checked_once_and_they_are_spread() {
    let ids = ids(1_000);
    let awake = Awake::after(None, NOW, ids.len());
    assert_eq!(awake.spread_ms, 999 * 500, "two a second");
    let mut at: Vec<i64> = ids
        .iter()
        .map(|id| match turn(*id, HOUR, UtcMillis(0), awake, NOW) {
            Turn::Now => NOW.0,
            Turn::At(at) => at.0,
        })
        .collect();
    at.sort_unstable();
    assert!(
        at[999] <= NOW.0 + LONGEST_SPREAD_MS,
        "within ten minutes: {}",
        at[999] - NOW.0
    );
    let first_minute = at.iter().filter(|at| **at < NOW.0 + MINUTE).count();
    assert!(
        (60..=250).contains(&first_minute),
        "an eighth of them in the first minute: {first_minute}"
    );
    for id in &ids {
        let handled = UtcMillis(NOW.0 + LONGEST_SPREAD_MS);
        for minutes in 0..20 {
            let later = UtcMillis(handled.0 + minutes * MINUTE);
            assert!(
                matches!(turn(*id, HOUR, handled, awake, later), Turn::At(next) if next > later),
                "once: its own moment, which comes soon after, is passed over"
            );
        }
    }
    let few = Awake::after(None, NOW, 1);
    assert_eq!(few.spread_ms, 0, "a single one waits for nobody");
    assert_eq!(
        turn(ids[0], HOUR, UtcMillis(0), few, NOW),
        Turn::Now,
        "and is checked at once"
    );
}

#[test]
fn who_looks_once_and_goes_does_all_of_it() {
    for id in ids(50) {
        assert_eq!(
            turn(id, DAY, UtcMillis(0), Awake::once(NOW), NOW),
            Turn::Now,
            "a timer that calls once an hour must not be told to come back"
        );
    }
}

#[test]
fn a_gap_between_two_looks_is_a_sleep() {
    let before = Awake {
        since: UtcMillis(NOW.0 - DAY),
        spread_ms: 7,
    };
    let look = |passed: i64| Awake::after(Some((before, UtcMillis(NOW.0 - passed))), NOW, 3);
    assert_eq!(look(0), before, "a look at the same moment");
    assert_eq!(
        look(15 * MINUTE),
        before,
        "who looks every quarter is there"
    );
    assert_eq!(look(AWAY_MS).since, NOW, "twenty minutes are a sleep");
    assert_eq!(look(-HOUR).since, NOW, "a clock that was set back as well");
}

#[test]
fn a_stopped_one_has_its_probes_turn() {
    for (name, at, expected) in [
        ("due", NOW.0, Turn::Now),
        ("past", NOW.0 - DAY, Turn::Now),
        ("to come", NOW.0 + 1, Turn::At(UtcMillis(NOW.0 + 1))),
        (
            "further away than it can be: the clock was set back",
            NOW.0 + 30_001,
            Turn::Now,
        ),
    ] {
        let probe = (UtcMillis(at), 30_000);
        assert_eq!(turn_of_probe(probe, NOW), expected, "{name}");
    }
}
