//! M6: the delay between two attempts.

use std::cell::Cell;
use std::time::Duration;

use connectors::api::backoff::{BASE_MS, MAX_MS, delay, part};
use connectors::api::budget::RetryBudget;
use connectors::api::retry::with_retry;
use testkit::seeded_random::SeededRandom;

#[test]
fn a_delay_doubles_up_to_its_end_and_is_half_of_it_at_least() {
    for (attempt, whole) in [
        (0, 1_000),
        (1, 2_000),
        (2, 4_000),
        (3, 8_000),
        (4, 16_000),
        (5, 30_000),
        (6, 30_000),
        (31, 30_000),
        (63, 30_000),
        (64, 30_000),
        (u32::MAX, 30_000),
    ] {
        assert_eq!(
            delay(attempt, BASE_MS, MAX_MS, u32::MAX),
            whole,
            "attempt {attempt}: min(base · 2^attempt, max)"
        );
        assert_eq!(
            delay(attempt, BASE_MS, MAX_MS, 0),
            whole / 2,
            "attempt {attempt}: half of it at least"
        );
    }
    assert_eq!(delay(0, 0, MAX_MS, u32::MAX), 0, "no base, no wait");
    assert_eq!(
        delay(9, u64::MAX, u64::MAX, u32::MAX),
        u64::MAX,
        "no overflow"
    );
    assert_eq!(part(7, u32::MAX), 7, "the whole of an odd number");
}

#[test]
fn the_jitter_is_uniform_over_the_upper_half() {
    const DRAWS: u32 = 20_000;
    let chance = SeededRandom::new(6);
    let mut tenths = [0_u32; 10];
    for _ in 0..DRAWS {
        let ms = delay(
            1,
            BASE_MS,
            MAX_MS,
            u32::try_from(chance.next() >> 32).unwrap(),
        );
        assert!((1_000..=2_000).contains(&ms), "50 to 100 %: {ms}");
        tenths[usize::try_from((ms - 1_000) / 100).unwrap().min(9)] += 1;
    }
    for (tenth, count) in tenths.iter().enumerate() {
        // Six standard deviations of a binomial around 2,000.
        assert!(
            count.abs_diff(DRAWS / 10) < 260,
            "every tenth is as likely: {tenth} has {count}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn work_is_tried_three_times_and_the_last_error_comes_back_as_it_was() {
    for (fails, outcome, waited_ms) in [
        (0, Ok("done"), 0),
        (1, Ok("done"), 1_000),
        (2, Ok("done"), 3_000),
        (3, Err("failure 3"), 3_000),
        (9, Err("failure 3"), 3_000),
    ] {
        let calls = Cell::new(0);
        let from = tokio::time::Instant::now();
        let seen = with_retry(
            3,
            || u32::MAX,
            async |attempt| {
                calls.set(calls.get() + 1);
                assert_eq!(attempt + 1, calls.get(), "attempts are numbered from 0");
                if calls.get() > fails {
                    Ok("done")
                } else {
                    Err(format!("failure {}", calls.get()))
                }
            },
        )
        .await;
        assert_eq!(
            seen,
            outcome.map_err(str::to_owned),
            "{fails} failures: the error is the original one"
        );
        assert_eq!(
            calls.get(),
            (fails + 1).min(3),
            "{fails} failures: the calls"
        );
        assert_eq!(
            from.elapsed().as_millis(),
            Duration::from_millis(waited_ms).as_millis(),
            "{fails} failures: the waits, at their longest"
        );
    }
}

#[test]
fn a_storm_uses_the_budget_up_and_successes_earn_a_tenth() {
    let mut budget = RetryBudget::default();
    let spent = (0..1_000).filter(|_| budget.spend()).count();
    assert_eq!(spent, 4, "a storm without a success gets what was saved");
    for _ in 0..9 {
        budget.earn();
    }
    assert!(!budget.spend(), "nine successes are not yet a repetition");
    budget.earn();
    assert!(budget.spend(), "ten are");
    for _ in 0..1_000_000 {
        budget.earn();
    }
    let spent = (0..1_000).filter(|_| budget.spend()).count();
    assert_eq!(spent, 4, "however long all was well, no more is saved up");
}
