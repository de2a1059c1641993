//! What attempts add up to: what counts, shares, steps of the histogram, windows.

use connectors::clock::UtcMillis;
use connectors::failure::Finding;
use connectors::uptime::{
    Bearing, Histogram, Shares, Tally, bearing, day_of, hour_of, hour_start, window,
};
use proptest::prelude::*;

#[test]
fn what_of_an_attempt_counts_is_decided_by_who_failed() {
    for (finding, aside, expected) in [
        (None, false, Bearing::Answered),
        (None, true, Bearing::Answered),
        // An empty list is a result.
        (Some(Finding::EmptyList), false, Bearing::Answered),
        (Some(Finding::ServerError), false, Bearing::Failed),
        (Some(Finding::AnswerTimeout), false, Bearing::Failed),
        (Some(Finding::Unauthorised), false, Bearing::Failed),
        (Some(Finding::RateLimited), false, Bearing::Failed),
        (Some(Finding::NotFound), false, Bearing::Failed),
        // A club's own, or a typed path.
        (Some(Finding::NotFound), true, Bearing::Aside),
        (Some(Finding::Forbidden), true, Bearing::Aside),
        (Some(Finding::HtmlInsteadOfJson), true, Bearing::Aside),
        // This computer's own, whatever was asked.
        (Some(Finding::Offline), false, Bearing::Uncounted),
        (Some(Finding::Offline), true, Bearing::Uncounted),
        (Some(Finding::Cancelled), false, Bearing::Uncounted),
    ] {
        assert_eq!(
            bearing(finding, aside),
            expected,
            "{finding:?}, aside: {aside}"
        );
    }
}

#[test]
fn an_hour_of_a_large_sync_weighs_no_more_than_one_of_a_single_check() {
    let mut busy = Tally::default();
    for _ in 0..9_999 {
        busy.add(Bearing::Answered, 10);
    }
    let mut down = Tally::default();
    down.add(Bearing::Failed, 10);
    let mut offline = Tally::default();
    offline.add(Bearing::Uncounted, 10);
    offline.add(Bearing::Aside, 10);
    let mut shares = Shares::default();
    for hour in [&busy, &down, &offline] {
        shares.add(hour.share());
    }
    assert_eq!(
        shares.uptime(),
        Some(50.0),
        "one hour was well, one was not, and one says nothing"
    );
    assert_eq!(Shares::default().uptime(), None, "nothing is not 100 %");
    assert_eq!(offline.error_rate(), Some(100.0), "the one that was asked");
    assert_eq!(
        Tally::default().error_rate(),
        None,
        "nothing was asked, so that nothing failed"
    );
}

#[test]
fn shares_are_rounded_to_a_millionth() {
    for (answered, failed, expected) in [
        (1, 2, Some(333_333)),
        (2, 1, Some(666_667)),
        (1, 1_999_999, Some(1)),
        (1, 2_000_001, Some(0)),
        (0, 7, Some(0)),
        (7, 0, Some(1_000_000)),
        (0, 0, None),
    ] {
        let tally = Tally {
            answered,
            failed,
            ..Tally::default()
        };
        assert_eq!(tally.share(), expected, "{answered} of {answered}+{failed}");
    }
}

#[test]
fn windows_are_whole_days_and_the_hours_at_their_far_end() {
    for (now, hours, first_hour, first_day) in [
        // 1970-01-31T05:30Z: the present hour is 725.
        (725, 168, 558, 24),
        (725, 720, 6, 1),
        // The first hour of a day: the window begins with a day's second.
        (720, 24, 697, 30),
        // The last hour of a day: the window is whole days.
        (743, 168, 576, 24),
    ] {
        let seen = window(UtcMillis(hour_start(now).0 + 1_800_000), hours);
        assert_eq!(
            (seen.first_hour, seen.first_day),
            (first_hour, first_day),
            "hour {now}, {hours} hours"
        );
        assert_eq!(
            seen.last_edge_hour(),
            first_day * 24 - 1,
            "and the hours before that day one by one"
        );
    }
    assert_eq!(hour_of(UtcMillis(-1)), -1, "before 1970 there were hours");
    assert_eq!(day_of(-1), -1, "and days");
}

#[test]
fn a_step_is_never_less_than_what_was_measured_and_at_most_a_sixteenth_more() {
    let mut last = 0;
    for ms in (0..5_000).chain((5_000..5_000_000).step_by(97)) {
        let mut one = Histogram::default();
        one.add(ms);
        let told = u64::from(one.quantile(95).unwrap());
        let capped = ms.min(1 << 22);
        assert!(told >= capped, "{ms} ms are told as {told}");
        assert!(
            told - capped <= capped / 16,
            "{ms} ms are told as {told}: at most a sixteenth more"
        );
        assert!(told >= last, "longer is never told as shorter");
        last = told;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_quantile_is_that_of_the_sorted_list(times in proptest::collection::vec(0_u64..100_000, 1..200), of_100 in 1_u64..=100) {
        let mut histogram = Histogram::default();
        let mut parts = [Histogram::default(), Histogram::default()];
        for (at, ms) in times.iter().enumerate() {
            histogram.add(*ms);
            parts[at % 2].add(*ms);
        }
        let [mut one, two] = parts;
        one.merge(&two);
        prop_assert_eq!(&one, &histogram, "in two parts as in one");
        let stored = Histogram::from_bytes(&histogram.to_bytes());
        prop_assert_eq!(stored.as_ref(), Some(&histogram), "as it was stored");
        let mut sorted = times.clone();
        sorted.sort_unstable();
        let rank = (times.len() as u64 * of_100).div_ceil(100).max(1);
        let exact = sorted[usize::try_from(rank - 1).unwrap()];
        let told = u64::from(histogram.quantile(of_100).unwrap());
        prop_assert!(told >= exact && told - exact <= exact / 16, "{exact} ms told as {told}");
    }

    #[test]
    fn bytes_that_are_no_histogram_are_refused_and_never_a_crash(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
        if let Some(mut read) = Histogram::from_bytes(&bytes) {
            let same = read.clone();
            read.merge(&same);
            prop_assert_eq!(read.quantile(50).is_some(), !bytes.is_empty(), "what is read can be used");
        }
    }
}
