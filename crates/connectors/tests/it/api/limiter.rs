//! Send times: the window, whoever asks; the block of a process; clocks that are set.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use connectors::api::circuit::{Caller, Outcome};
use connectors::api::ledger::{
    Ask, Attempt, Barred, Ended, Ledger, LimitNews, Reserved, Slot, Working,
};
use connectors::api::limiter::{Limiter, NoTime, WINDOW_MS, next_times};
use connectors::clock::{Clock, UtcMillis};
use connectors::failure::Finding;
use testkit::RuntimeClock;
use testkit::seeded_random::SeededRandom;

#[test]
fn any_limit_and_one_times_span_the_window() {
    let chance = SeededRandom::new(44);
    for limit in [1, 2, 7, 60, 600] {
        let mut all: Vec<UtcMillis> = Vec::new();
        let mut now = 1_000_000;
        for _ in 0..400 {
            now += i64::try_from(chance.below(2_000)).unwrap();
            let newest: Vec<UtcMillis> = all.iter().rev().copied().take(limit).collect();
            let count = 1 + u32::try_from(chance.below(16)).unwrap();
            let limit = u32::try_from(limit).unwrap();
            let times = next_times(&newest, limit, count, UtcMillis(now));
            assert_eq!(
                times.len(),
                usize::try_from(count).unwrap(),
                "as many as asked"
            );
            all.extend(times);
        }
        assert!(all.is_sorted(), "{limit}: one after the other");
        for pair in all.windows(limit + 1) {
            assert!(
                pair[limit].0 - pair[0].0 >= WINDOW_MS,
                "{limit}: {} to {}",
                pair[0].0,
                pair[limit].0
            );
        }
    }
    let at = |ms| UtcMillis(ms);
    for (taken, limit, earliest, expected, why) in [
        (
            vec![],
            2,
            100,
            vec![100, 100, 60_600],
            "at once up to the limit",
        ),
        (
            vec![90, 50],
            2,
            100,
            vec![60_550, 60_590, 121_050],
            "when the oldest leaves",
        ),
        (
            vec![90, 50, 0],
            3,
            100,
            vec![60_500, 60_550, 60_590],
            "the third is still in the window",
        ),
        (
            vec![90_000],
            2,
            100,
            vec![90_000, 150_500, 150_500],
            "never before one that is reserved",
        ),
        (
            vec![],
            0,
            5,
            vec![5, 60_505, 121_005],
            "a limit of nothing is one",
        ),
    ] {
        let taken: Vec<UtcMillis> = taken.into_iter().map(at).collect();
        let expected: Vec<UtcMillis> = expected.into_iter().map(at).collect();
        assert_eq!(
            next_times(&taken, limit, 3, at(earliest)),
            expected,
            "{why}"
        );
    }
}

/// Gives out times by the pure rule and remembers what it was asked.
struct Memory {
    clock: Arc<RuntimeClock>,
    limit: u32,
    slots: Mutex<Vec<(i64, UtcMillis)>>,
    asks: Mutex<Vec<Ask>>,
    /// How long the disk takes, in milliseconds.
    slow_ms: u64,
    paused_until: Option<UtcMillis>,
}

impl Memory {
    fn new(clock: &Arc<RuntimeClock>, limit: u32) -> Self {
        Self {
            clock: Arc::clone(clock),
            limit,
            slots: Mutex::default(),
            asks: Mutex::default(),
            slow_ms: 0,
            paused_until: None,
        }
    }
}

impl Ledger for Memory {
    fn permit(&self, _: Caller) -> Working<'_, Result<bool, Barred>> {
        Box::pin(async { Ok(false) })
    }

    fn reserve(&self, ask: Ask) -> Working<'_, Result<Reserved, Finding>> {
        Box::pin(async move {
            self.asks.lock().unwrap().push(ask.clone());
            let reserved = {
                let mut slots = self.slots.lock().unwrap();
                slots.retain(|(id, _)| !ask.returned.contains(id));
                let newest: Vec<UtcMillis> = slots.iter().rev().map(|(_, at)| *at).collect();
                let earliest = UtcMillis(self.clock.now().0 + ask.lead_ms);
                let times = next_times(&newest, self.limit, ask.count, earliest);
                let next = slots.last().map_or(0, |(id, _)| id + 1);
                let new: Vec<(i64, UtcMillis)> = (next..).zip(times).collect();
                slots.extend(&new);
                new
            };
            tokio::time::sleep(Duration::from_millis(self.slow_ms)).await;
            Ok(Reserved {
                slots: reserved
                    .into_iter()
                    .map(|(id, at)| Slot { id, at })
                    .collect(),
                paused_until: self.paused_until,
            })
        })
    }

    fn learn(&self, _: LimitNews) -> Working<'_, ()> {
        Box::pin(async {})
    }

    fn note(&self, _: Attempt) {}

    fn conclude(&self, _: Outcome, _: Ended) -> Working<'_, ()> {
        Box::pin(async {})
    }
}

fn clock() -> Arc<RuntimeClock> {
    Arc::new(RuntimeClock::at(testkit::START))
}

#[tokio::test(start_paused = true)]
async fn blocks_grow_while_they_are_used_up_and_shrink_when_they_go_stale() {
    let clock = clock();
    let ledger = Memory::new(&clock, 600);
    let limiter = Limiter::default();
    for _ in 0..31 {
        limiter.wait(&ledger, &*clock).await.unwrap();
    }
    let asked: Vec<u32> = ledger
        .asks
        .lock()
        .unwrap()
        .iter()
        .map(|ask| ask.count)
        .collect();
    assert_eq!(asked, [1, 2, 4, 8, 16], "31 turns are five writes");
    for _ in 0..3 {
        limiter.wait(&ledger, &*clock).await.unwrap();
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    limiter.wait(&ledger, &*clock).await.unwrap();
    let last = ledger.asks.lock().unwrap().last().unwrap().clone();
    assert_eq!(
        last.returned.len(),
        13,
        "times that were not used are given back"
    );
    assert_eq!(last.count, 1, "and the next block is small");
}

#[tokio::test(start_paused = true)]
async fn a_slow_disk_delays_and_does_not_starve() {
    let clock = clock();
    let ledger = Memory {
        slow_ms: 900,
        ..Memory::new(&clock, 600)
    };
    let limiter = Limiter::default();
    for turn in 0..20 {
        let turn_came =
            tokio::time::timeout(Duration::from_secs(10), limiter.wait(&ledger, &*clock));
        turn_came
            .await
            .unwrap_or_else(|_| panic!("turn {turn} comes, however slow the disk"))
            .unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_pause_holds_for_everybody_and_a_long_one_is_told() {
    let clock = clock();
    let ledger = Memory::new(&clock, 600);
    let limiter = Limiter::default();
    limiter.wait(&ledger, &*clock).await.unwrap();
    let from = clock.uptime();
    limiter.pause_for(90_000, &*clock);
    limiter.pause_for(5_000, &*clock);
    limiter.wait(&ledger, &*clock).await.unwrap();
    let waited = clock.uptime().saturating_sub(from);
    assert!(
        (90_000..90_100).contains(&waited.as_millis()),
        "a shorter pause does not end a longer one: {waited:?}"
    );
    limiter.pause_for(600_001, &*clock);
    let until = UtcMillis(clock.now().0 + 600_001);
    assert_eq!(
        limiter.wait(&ledger, &*clock).await,
        Err(NoTime::Paused(until)),
        "over ten minutes nobody waits"
    );
    let elsewhere = Memory {
        paused_until: Some(until),
        ..Memory::new(&clock, 600)
    };
    assert_eq!(
        Limiter::default().wait(&elsewhere, &*clock).await,
        Err(NoTime::Paused(until)),
        "another process was told so"
    );
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_set_is_noticed_and_makes_no_burst() {
    for set_by in [-3_600_000, -20_000, 20_000, 3_600_000] {
        let clock = clock();
        let ledger = Memory::new(&clock, 10);
        let limiter = Limiter::default();
        let mut sent: VecDeque<Duration> = VecDeque::new();
        for turn in 0..40 {
            if turn == 15 {
                clock.set_by_ms(set_by);
            }
            limiter.wait(&ledger, &*clock).await.unwrap();
            sent.push_back(clock.uptime());
            if set_by > 0 && turn > 15 {
                // What the ledger does with it is tested with the file.
                continue;
            }
            if sent.len() > 10 {
                let oldest = sent.pop_front().unwrap();
                assert!(
                    clock.uptime().saturating_sub(oldest) >= Duration::from_secs(60),
                    "{set_by}: never more than 10 in a minute"
                );
            }
        }
        let told: i64 = ledger
            .asks
            .lock()
            .unwrap()
            .iter()
            .map(|ask| ask.set_by_ms)
            .sum();
        assert!(
            (set_by - 2..=set_by + 2).contains(&told),
            "{set_by}: the ledger is told once how far the clock was set: {told}"
        );
    }
}
