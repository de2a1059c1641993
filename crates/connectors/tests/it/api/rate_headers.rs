//! What is learnt about a federation's own limit.

use connectors::api::rate_headers::{Learnt, learnt};
use connectors::clock::UtcMillis;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

const NOW: UtcMillis = UtcMillis(1_795_435_200_000);

fn check(headers: &[(&str, &str)], expected: (Option<u32>, Option<u64>, Option<u64>)) {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(
            HeaderName::from_bytes(name.as_bytes()).unwrap(),
            HeaderValue::from_str(value).unwrap(),
        );
    }
    let (per_minute, remaining, reset_ms) = expected;
    assert_eq!(
        learnt(&map, NOW),
        Learnt {
            per_minute,
            remaining,
            reset_ms
        },
        "{headers:?}"
    );
}

#[test]
fn every_family_of_headers_is_read() {
    check(&[], (None, None, None));
    // draft-10: Structured Fields.
    check(
        &[
            ("ratelimit-policy", r#""default";q=100;w=60"#),
            ("ratelimit", r#""default";r=50;t=30"#),
        ],
        (Some(100), Some(50), Some(30_000)),
    );
    check(
        &[(
            "ratelimit-policy",
            r#""hour";q=1000;w=3600, "burst";q=100;w=60"#,
        )],
        (Some(16), None, None),
    );
    check(
        &[("ratelimit", r#""burst";r=10;t=5, "day";r=0;t=300"#)],
        (None, Some(0), Some(300_000)),
    );
    check(
        &[
            ("ratelimit-policy", r#""a";q=5;w=1"#),
            ("ratelimit-policy", r#""b";q=10;w=60"#),
        ],
        (Some(10), None, None),
    );
    check(
        &[("ratelimit-policy", r#""slow";q=1;w=3600"#)],
        (Some(1), None, None),
    );
    check(
        &[("ratelimit-policy", r#""no window";q=30"#)],
        (Some(30), None, None),
    );
    check(&[("ratelimit", r#""default";r=0"#)], (None, Some(0), None));
    // Earlier drafts.
    check(
        &[
            ("ratelimit-limit", "100, 100;w=60"),
            ("ratelimit-remaining", "7"),
            ("ratelimit-reset", "21"),
        ],
        (Some(100), Some(7), Some(21_000)),
    );
    check(&[("ratelimit-limit", "20;w=120")], (Some(10), None, None));
    check(
        &[("ratelimit", "limit=100, remaining=50, reset=5")],
        (None, Some(50), Some(5_000)),
    );
    // Vendors: a wait, a moment in seconds, a moment in milliseconds.
    check(
        &[
            ("x-ratelimit-limit", "60"),
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "30"),
        ],
        (Some(60), Some(0), Some(30_000)),
    );
    check(
        &[("x-ratelimit-reset", "1795435245")],
        (None, None, Some(45_000)),
    );
    check(
        &[("x-ratelimit-reset", "1795435245500")],
        (None, None, Some(45_500)),
    );
    check(
        &[("x-ratelimit-reset", "1795435000")],
        (None, None, Some(0)),
    );
    // The draft goes before the vendor.
    check(
        &[("ratelimit-limit", "50"), ("x-ratelimit-limit", "90")],
        (Some(50), None, None),
    );
    // Garbage says nothing.
    check(
        &[
            ("ratelimit-policy", "q="),
            ("ratelimit", "many"),
            ("x-ratelimit-limit", "lots"),
            ("x-ratelimit-remaining", "-1"),
            ("x-ratelimit-reset", "tomorrow"),
        ],
        (None, None, None),
    );
    check(&[("x-ratelimit-limit", "0")], (None, None, None));
    check(
        &[("x-ratelimit-limit", "99999999999")],
        (Some(u32::MAX), None, None),
    );
}

#[test]
fn only_nothing_left_makes_a_pause() {
    for (remaining, reset_ms, pause) in [
        (Some(0), Some(30_000), Some(30_000)),
        (Some(1), Some(30_000), None),
        (None, Some(30_000), None),
        (Some(0), None, None),
        (Some(0), Some(0), None),
    ] {
        let learnt = Learnt {
            per_minute: None,
            remaining,
            reset_ms,
        };
        assert_eq!(learnt.pause_ms(), pause, "{learnt:?}");
    }
}
