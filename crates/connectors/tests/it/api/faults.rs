//! Bars 42 and 44: 10,000 injected faults, and a storm of 429 over twenty connectors, in virtual time.

use std::collections::BTreeSet;
use std::sync::Arc;

use connectors::api::call::RequestOptions;
use connectors::api::limiter::Limiter;
use connectors::api::proof::KeysAtHand;
use connectors::clock::{Clock, UtcMillis};
use connectors::failure::Finding;
use reqwest::Method;
use testkit::seeded_random::SeededRandom;

use super::federation::{Came, Federation, Reply, Setting, clock, key};

const ROUNDS: u64 = 10_000;

/// One reply of the script, and what it means for the next attempt.
#[derive(Debug, Clone)]
struct Fault {
    reply: Reply,
    /// May the same request be sent again?
    passes: bool,
    refuses_key: bool,
    good: bool,
    /// Milliseconds that are told.
    told: u64,
}

fn fault(chance: &SeededRandom) -> Fault {
    let plain = |status: u16| Fault {
        reply: Reply::status(status),
        passes: matches!(status, 408 | 429 | 500..=599),
        refuses_key: status == 401,
        good: status == 200,
        told: 0,
    };
    let failing = |finding| Fault {
        reply: Reply::Fail(finding),
        passes: true,
        refuses_key: false,
        good: false,
        told: 0,
    };
    let telling = |seconds: u64| Fault {
        reply: Reply::with(
            if seconds.is_multiple_of(2) { 429 } else { 503 },
            &[("retry-after", &seconds.to_string())],
            b"",
        ),
        passes: seconds <= 600,
        refuses_key: false,
        good: false,
        told: seconds * 1_000,
    };
    match chance.below(20) {
        0 => plain(200),
        1 => plain(401),
        2 => plain(403),
        3 => plain(404),
        4 => plain(400),
        5 => plain(408),
        6 => plain(429),
        7 => plain(500),
        8 => plain(502),
        9 => plain(503),
        10 => plain(410),
        11 => failing(Finding::ConnectionCut),
        12 => failing(Finding::ConnectTimeout),
        13 => failing(Finding::AnswerTimeout),
        14 => failing(Finding::ConnectionRefused),
        15 => telling(1 + chance.below(5) as u64),
        16 => telling(1 + chance.below(600) as u64),
        17 => telling(601 + chance.below(100_000) as u64),
        18 => Fault {
            reply: Reply::pieces(
                vec![Ok(b"{".as_slice().into()), Err(Finding::ConnectionCut)],
                5,
            ),
            ..failing(Finding::ConnectionCut)
        },
        _ => plain(301),
    }
}

/// Checks every repetition against the answer before it. Says whether the second key took over, and how many told
/// times were waited for.
fn repeated_rightly(came: &[Came], faults: &[Fault], second: bool, story: &str) -> (bool, usize) {
    let (mut replaced, mut waits) = (false, 0);
    for (seen, pair) in faults.iter().zip(came.windows(2)) {
        if seen.refuses_key {
            assert!(
                second && !replaced,
                "a 401 only for the second key: {story}"
            );
            assert_eq!(pair[1].key.as_deref(), Some("second"), "{story}");
            replaced = true;
        } else {
            assert!(seen.passes, "only what may pass: {story}");
            let gap = u64::try_from(pair[1].at - pair[0].at).unwrap();
            assert!(
                gap >= seen.told,
                "not before it was told: {gap} ms, {story}"
            );
            waits += usize::from(seen.told > 0);
        }
    }
    (replaced, waits)
}

#[tokio::test(start_paused = true)]
async fn s05_bar_42_ten_thousand_faults_are_repeated_only_where_it_is_safe() {
    let methods = [
        Method::GET,
        Method::GET,
        Method::PUT,
        Method::DELETE,
        Method::HEAD,
        Method::POST,
        Method::PATCH,
    ];
    let (mut unsafe_faults, mut waits, mut repeats, mut long) = (0, 0, 0, 0);
    for round in 0..ROUNDS {
        let chance = SeededRandom::new(round);
        let faults: Vec<Fault> = (0..5).map(|_| fault(&chance)).collect();
        let clock = clock();
        let replies = faults.iter().map(|fault| fault.reply.clone()).collect();
        let federation = Federation::saying(&clock, replies);
        let mut setting = Setting::new(&clock, federation);
        setting.seed = round;
        let second = chance.below(4) == 0;
        let keys = KeysAtHand::new(key("first"), second.then(|| key("second")));
        setting.proofs = Arc::new(keys);
        if chance.below(2) == 0 {
            setting.limiter = Some(Arc::new(Limiter::default()));
        }
        let method = methods[chance.below(methods.len())].clone();
        let by_key = chance.below(4) == 0;
        let safe = by_key || !matches!(method, Method::POST | Method::PATCH);
        let options = RequestOptions {
            method: method.clone(),
            idempotency_key: by_key.then(|| format!("key-{round}")),
            ..RequestOptions::default()
        };
        let outcome = setting.client().request("membership_list", options).await;

        let came = setting.federation.came();
        let sent = came.len();
        let story = format!("round {round}, {method}, {faults:?}");
        assert!((1..=3).contains(&sent), "at most three: {sent}, {story}");
        if !safe {
            assert_eq!(sent, 1, "never repeated: {story}");
            unsafe_faults += usize::from(!faults[0].good);
        }
        let (replaced, waited) = repeated_rightly(&came, &faults, second, &story);
        waits += waited;
        repeats += sent - 1;
        // What may be repeated is repeated, or the bars above would hold for a client that never does.
        let last = &faults[sent - 1];
        let takes_over = last.refuses_key && second && !replaced;
        if safe && sent < 3 {
            assert!(
                last.good || !(last.passes || takes_over),
                "given up too early: {story}"
            );
        }
        assert_eq!(
            outcome.is_ok(),
            last.good,
            "the last answer decides: {story}"
        );
        match outcome {
            Ok(response) => assert_eq!(response.attempts as usize, sent, "{story}"),
            Err(error) => {
                assert_eq!(error.attempts as usize, sent, "{story}");
                let told = i64::try_from(last.told).unwrap();
                let now = clock.now().0;
                assert_eq!(
                    error.retry_at.is_some(),
                    told > 0,
                    "the time is told where there is one: {story}"
                );
                if let Some(at) = error.retry_at {
                    assert!(at.0 >= now - 50 + told, "not earlier: {story}");
                    long += usize::from(last.told > 600_000);
                }
            }
        }
        let attempts = setting.attempts();
        assert_eq!(attempts.len(), sent, "every attempt is recorded: {story}");
        let numbers: Vec<u32> = attempts.iter().map(|one| one.number).collect();
        let expected: Vec<u32> = (1..=u32::try_from(sent).unwrap()).collect();
        assert_eq!(numbers, expected, "with its number: {story}");
    }
    for (what, count) in [
        ("faults of what must not be repeated", unsafe_faults),
        ("told waits", waits),
        ("repeats", repeats),
        ("told times that are too long to wait for", long),
    ] {
        assert!(count > 300, "the script has {what}: {count}");
    }
}

/// A storm: twenty connectors, each with so many calls, all answered with 429.
async fn storm(seed: u64, calls: usize, retry_after: Option<&'static str>) -> Vec<Vec<u128>> {
    let clock = clock();
    let work = (0..20).map(|n| {
        let headers: Vec<(&str, &str)> = retry_after
            .iter()
            .map(|value| ("retry-after", *value))
            .collect();
        let reply = Reply::with(429, &headers, b"");
        let federation = Federation::new(&clock, move |_| reply.clone());
        let mut setting = Setting::new(&clock, federation);
        setting.seed = seed * 1_000 + n;
        setting.limiter = Some(Arc::new(Limiter::default()));
        async move {
            let client = setting.client();
            for _ in 0..calls {
                let outcome = client.request("verify", RequestOptions::default()).await;
                assert_eq!(
                    outcome.unwrap_err().finding,
                    Finding::RateLimited,
                    "a storm answers nothing else"
                );
            }
            setting
                .federation
                .came()
                .iter()
                .map(|came| came.at)
                .collect()
        }
    });
    futures_util::future::join_all(work).await
}

#[tokio::test(start_paused = true)]
async fn bar_44_a_storm_of_429_makes_few_extra_calls_and_nobody_is_in_step() {
    const CALLS: usize = 50;
    for (retry_after, delay_ms) in [(None, 1_000), (Some("20"), 20_000)] {
        let mut first_repeats: Vec<u128> = Vec::new();
        for seed in 0..20 {
            let connectors = storm(seed, CALLS, retry_after).await;
            let sent: usize = connectors.iter().map(Vec::len).sum();
            let wanted = connectors.len() * CALLS;
            assert!(
                sent > wanted && sent * 10 <= wanted * 11,
                "{retry_after:?}: at most 10 % extra calls: {sent} for {wanted}"
            );
            // Two that are in step would come back together both times.
            let steps: BTreeSet<(u128, u128)> = connectors
                .iter()
                .map(|times| (times[1] - times[0], times[2] - times[0]))
                .collect();
            assert_eq!(
                steps.len(),
                connectors.len(),
                "{retry_after:?}, {seed}: no two in step"
            );
            for times in &connectors {
                first_repeats.push(times[1] - times[0]);
            }
        }
        let (least, most) = (
            *first_repeats.iter().min().unwrap(),
            *first_repeats.iter().max().unwrap(),
        );
        assert!(
            (most - least) * 100 >= delay_ms * 49,
            "{retry_after:?}: spread over half of the delay: {least} to {most}"
        );
        if let Some(seconds) = retry_after {
            let told = seconds.parse::<u128>().unwrap() * 1_000;
            assert!(least >= told, "and never earlier than told: {least}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_told_time_holds_for_every_later_request_of_the_connector() {
    let clock = clock();
    let replies = vec![
        Reply::with(429, &[("retry-after", "90")], b""),
        Reply::status(200),
        Reply::with(503, &[("retry-after", "5000")], b""),
    ];
    let federation = Federation::saying(&clock, replies);
    let mut setting = Setting::new(&clock, federation);
    setting.limiter = Some(Arc::new(Limiter::default()));
    let client = setting.client();
    let post = RequestOptions {
        method: Method::POST,
        ..RequestOptions::default()
    };
    let error = client.request("/v1/orders", post).await.unwrap_err();
    assert_eq!(error.attempts, 1, "a POST is not repeated");
    client
        .request("verify", RequestOptions::default())
        .await
        .unwrap();
    let came = setting.federation.came();
    assert!(
        came[1].at - came[0].at >= 90_000,
        "another request waits for it too"
    );
    let error = client
        .request("verify", RequestOptions::default())
        .await
        .unwrap_err();
    let told_at = clock.now().0;
    let retry_at = error.retry_at.expect("the time is told");
    assert!(
        (told_at + 4_999_000..=told_at + 5_000_000).contains(&retry_at.0),
        "as the federation said"
    );
    let error = client
        .request("verify", RequestOptions::default())
        .await
        .unwrap_err();
    assert_eq!(
        (error.attempts, error.finding),
        (0, Finding::RateLimited),
        "before that nothing is sent"
    );
    assert!(
        error.retry_at >= Some(UtcMillis(retry_at.0)),
        "and the time is told again"
    );
    assert_eq!(setting.federation.came().len(), 3, "nothing was sent");
}
