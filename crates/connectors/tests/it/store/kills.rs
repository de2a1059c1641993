//! Processes that are killed, and processes that write at once (bar 29).

use connectors::store::Store;
use connectors::store::check::check;

use super::child;
use super::support::{Place, connector, credential, id, open, rounds};

/// Every row up to the last is whole, and nothing of the next is there. Answers the last.
fn whole_up_to(store: &Store, from: u128) -> Option<u128> {
    store
        .read_blocking(|tx| {
            let last: Option<u128> = tx.meta("last")?.map(|text| text.parse().unwrap());
            for n in from..last.map_or(from, |last| last + 1) {
                let record = tx.connector_by_id(id(n))?.expect("no connector is missing");
                let sealed = tx
                    .credential(record.credential_id.expect("it has its credential"))?
                    .expect("the credential is there");
                assert_eq!(
                    sealed,
                    credential(n + 5_000_000, record.id, &format!("sealed-{n}")),
                    "row {n} is whole"
                );
            }
            let next = last.map_or(0, |last| last + 1);
            assert_eq!(
                tx.connector_by_id(id(next))?,
                None,
                "nothing of {next} is there"
            );
            assert_eq!(
                tx.credential(id(next + 5_000_000))?,
                None,
                "half of {next} is there"
            );
            Ok(last)
        })
        .unwrap()
}

#[test]
fn a_hundred_kills_lose_nothing_that_was_acknowledged() {
    let place = Place::new();
    place.create().close().unwrap();
    let mut next = 0_u128;
    let mut chance = 0x9e37_79b9_u32;
    let mut acknowledged = 0_u32;
    for round in 0..rounds(100, 1_000) {
        // A linear congruential generator (Numerical Recipes): the rounds differ and can be repeated.
        chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let mut writer = child::run(
            "writer",
            &place.data(),
            &[("FC_CHILD_FIRST", &next.to_string())],
        );
        let mut last_told = None;
        for _ in 0..=(chance >> 16) % 12 {
            let fact = writer
                .fact()
                .expect("the writer is alive until it is killed");
            if let Some(n) = fact.strip_prefix("ack ") {
                last_told = Some(n.parse::<u128>().unwrap());
                acknowledged += 1;
            } else {
                assert_eq!(fact, "ready", "the writer meets no error");
            }
        }
        for _ in 0..chance % 200_000 {
            std::hint::spin_loop();
        }
        writer.kill();
        // What was in the pipe when it died was acknowledged too.
        for fact in writer.finish() {
            last_told = fact
                .strip_prefix("ack ")
                .map(|n| n.parse().unwrap())
                .or(last_told);
        }
        let store = place.open();
        let last = whole_up_to(&store, next);
        assert!(
            last >= last_told,
            "round {round}: {last_told:?} was acknowledged, {last:?} is there"
        );
        next = last.map_or(0, |last| last + 1);
        if round % 20 == 0 {
            assert_eq!(
                check(&store).unwrap().problems,
                Vec::<String>::new(),
                "the file is whole"
            );
        }
        // Without closing: the next one finds the log as a killed process leaves it.
        drop(store);
    }
    assert!(
        acknowledged > 100,
        "the kills hit writers at work: {acknowledged}"
    );
    let store = place.open();
    assert_eq!(
        check(&store).unwrap().problems,
        Vec::<String>::new(),
        "whole at the end"
    );
}

#[test]
fn two_processes_write_and_one_reads_without_loss() {
    let place = Place::new();
    let store = place.create();
    let count = 150;
    let mut writers: Vec<_> = [0, 100_000]
        .iter()
        .map(|first: &u32| {
            let env = [
                ("FC_CHILD_FIRST", first.to_string()),
                ("FC_CHILD_COUNT", count.to_string()),
            ];
            child::start(child::command("writer", &place.data()).envs(env))
        })
        .collect();
    for n in 200_000..200_050 {
        store
            .write_blocking(|tx| tx.insert_connector(&connector(n)))
            .expect("a busy file is waited for");
        store
            .read_blocking(|tx| Ok(tx.connector_counts()?.all))
            .unwrap();
    }
    for writer in writers.drain(..) {
        let facts = writer.finish();
        let acks = facts.iter().filter(|fact| fact.starts_with("ack ")).count();
        assert_eq!(acks, count, "every commit went through: {facts:?}");
    }
    let all = store
        .read_blocking(|tx| Ok(tx.connector_counts()?.all))
        .unwrap();
    assert_eq!(all, 350, "no write of any of the three is lost");
    assert_eq!(
        check(&store).unwrap().problems,
        Vec::<String>::new(),
        "the file is whole"
    );
}

#[test]
fn two_processes_that_create_at_once_make_one_file() {
    for _ in 0..5 {
        let place = Place::new();
        let running: Vec<_> = (0..3)
            .map(|_| child::run("create", &place.data(), &[]))
            .collect();
        let mut said: Vec<String> = running
            .into_iter()
            .flat_map(child::Running::finish)
            .collect();
        said.sort();
        assert_eq!(said[2], "create ok", "one of them made it: {said:?}");
        for other in &said[..2] {
            assert!(
                other.starts_with("create AlreadyInitialised"),
                "the others found it there: {other}"
            );
        }
        open(&place.data()).expect("it can be opened");
    }
}
