//! Tables over the pure functions of signing in: every line is a case with what must come out.

use std::time::Duration;

use connectors::auth::device::{Next, STEP, after, first_interval};
use connectors::auth::freshness::{Age, Freshness, freshness};
use connectors::auth::token_answer::{TokenAnswer, is_object, is_shallow, seconds_of};
use connectors::auth::token_failure::{ErrorWord, TokenFailure, was_sent};
use connectors::failure::Finding;
use serde_json::json;

#[test]
fn a_token_is_fresh_until_shortly_before_its_end_by_the_older_of_two_clocks() {
    const HOUR: i64 = 3_600_000;
    const DAY: i64 = 24 * HOUR;
    use Freshness::{Due, Fresh};
    for (what, life, wall_ms, monotonic_ms, expected) in [
        ("new", Some(HOUR), 0, Some(0), Fresh),
        ("no life told", None, 100 * DAY, Some(100 * DAY), Fresh),
        (
            "61 s before the end",
            Some(HOUR),
            HOUR - 61_000,
            Some(HOUR - 61_000),
            Fresh,
        ),
        (
            "60 s before the end",
            Some(HOUR),
            HOUR - 60_000,
            Some(HOUR - 60_000),
            Due,
        ),
        (
            "a short life: a tenth",
            Some(100_000),
            89_999,
            Some(89_999),
            Fresh,
        ),
        (
            "a short life: at a tenth",
            Some(100_000),
            90_000,
            Some(90_000),
            Due,
        ),
        ("one second of life", Some(1_000), 0, Some(0), Fresh),
        ("a day ahead", Some(HOUR), DAY, Some(0), Due),
        ("a day back", Some(HOUR), -DAY, Some(0), Fresh),
        (
            "a day back, and old",
            Some(HOUR),
            HOUR - DAY,
            Some(HOUR),
            Due,
        ),
        ("a day back, restarted", Some(HOUR), -DAY, None, Due),
        (
            "suspended for eight hours",
            Some(HOUR),
            8 * HOUR,
            Some(1_000),
            Due,
        ),
        (
            "suspended, long life",
            Some(DAY),
            8 * HOUR,
            Some(1_000),
            Fresh,
        ),
        ("restarted, young", Some(HOUR), 1_000, None, Fresh),
        ("restarted, old", Some(HOUR), 2 * HOUR, None, Due),
        (
            "summer time ends: UTC is not moved",
            Some(HOUR),
            1_000,
            Some(1_000),
            Fresh,
        ),
        (
            "the ends of the range",
            Some(i64::MAX),
            i64::MIN,
            Some(i64::MAX),
            Due,
        ),
        ("a life of nothing", Some(0), 0, Some(0), Due),
    ] {
        let age = Age {
            wall_ms,
            monotonic_ms,
        };
        assert_eq!(freshness(life, age), expected, "{what}");
    }
}

fn failure(finding: Finding, word: Option<ErrorWord>, retry_after: Option<u64>) -> TokenFailure {
    TokenFailure {
        finding,
        status: Some(400),
        retry_after,
        word,
        sent: true,
    }
}

#[test]
fn a_device_is_asked_again_more_slowly_or_not_at_all() {
    use ErrorWord as W;
    use Finding as F;
    let seconds = Duration::from_secs;
    assert_eq!(STEP, seconds(5), "RFC 8628 §3.5");
    for (named, expected) in [(0, 1), (1, 1), (5, 5), (60, 60), (61, 60), (86_400, 60)] {
        assert_eq!(
            first_interval(seconds(named)),
            seconds(expected),
            "{named} s named"
        );
    }
    let again = |secs| Next::AskAgain(seconds(secs));
    for (failure, interval, expected) in [
        (
            failure(F::SignInNeeded, Some(W::AuthorizationPending), None),
            5,
            again(5),
        ),
        (
            failure(F::SignInNeeded, Some(W::SlowDown), None),
            5,
            again(10),
        ),
        (
            failure(F::SignInNeeded, Some(W::SlowDown), None),
            58,
            again(60),
        ),
        (failure(F::AnswerTimeout, None, None), 5, again(10)),
        (failure(F::ConnectionCut, None, None), 40, again(60)),
        (failure(F::ServerError, None, None), 5, again(10)),
        (failure(F::ServerError, None, Some(30)), 5, again(30)),
        (failure(F::RateLimited, None, Some(7)), 5, again(10)),
        (failure(F::RateLimited, None, Some(3_600)), 5, again(60)),
        (failure(F::Offline, None, None), 5, again(10)),
        (
            failure(F::SignInDeclined, Some(W::AccessDenied), None),
            5,
            Next::Over(F::SignInDeclined),
        ),
        (
            failure(F::SignInExpired, Some(W::ExpiredToken), None),
            5,
            Next::Over(F::SignInExpired),
        ),
        (
            failure(F::SignInDeclined, Some(W::Other), None),
            5,
            Next::Over(F::SignInDeclined),
        ),
        (
            failure(F::ClientRefused, Some(W::InvalidClient), None),
            5,
            Next::Over(F::ClientRefused),
        ),
        (
            failure(F::TokenUnusable, None, None),
            5,
            Next::Over(F::TokenUnusable),
        ),
        (
            failure(F::TlsUntrusted, None, None),
            5,
            Next::Over(F::TlsUntrusted),
        ),
        (
            failure(F::RedirectedElsewhere, None, None),
            5,
            Next::Over(F::RedirectedElsewhere),
        ),
    ] {
        assert_eq!(after(&failure, seconds(interval)), expected, "{failure:?}");
    }
}

#[test]
fn token_answers_are_used_whole_or_not_at_all() {
    let read = |value: serde_json::Value| {
        let answer = serde_json::from_value::<TokenAnswer>(value).map_err(|_| Finding::NotJson);
        answer.and_then(TokenAnswer::checked)
    };
    for (life, expected) in [
        (json!(3600), Some(Some(3_600))),
        (json!("3600"), Some(Some(3_600))),
        (json!(null), Some(None)),
        (json!(1), Some(Some(1))),
        (json!(315_360_000), Some(Some(315_360_000))),
        (json!(315_360_001), None),
        (json!(0), None),
        (json!(-1), None),
        (json!(1.5), None),
        (json!("1.5"), None),
        (json!(" 1"), None),
        (json!(false), None),
        (json!({}), None),
    ] {
        let body = json!({ "access_token": "a", "token_type": "bearer", "expires_in": life });
        let found = read(body).ok().map(|tokens| tokens.expires_in);
        assert_eq!(found, expected, "expires_in {life}");
        if !life.is_null() {
            assert_eq!(
                seconds_of(&life),
                expected.flatten(),
                "the same where it stands elsewhere"
            );
        }
    }
    let minimal = read(json!({ "access_token": "a", "token_type": "BeArEr" })).unwrap();
    assert_eq!(minimal.expires_in, None, "missing: unknown");
    assert_eq!(
        (minimal.refresh_token, minimal.scopes),
        (None, None),
        "missing: none"
    );
    for (scope, expected) in [
        (json!("a b"), Some(vec!["a", "b"])),
        (json!(" a  b "), Some(vec!["a", "b"])),
        (json!(""), Some(vec![])),
        (json!(null), None),
    ] {
        let body = json!({ "access_token": "a", "token_type": "bearer", "scope": scope });
        let scopes = read(body).unwrap().scopes;
        let expected = expected.map(|all| all.into_iter().map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(scopes, expected, "scope {scope}");
    }
    for bad in [
        json!(["a", "bearer"]),
        json!({ "access_token": "a", "token_type": "mac" }),
    ] {
        let whole = bad.is_object();
        assert_eq!(is_object(bad.to_string().as_bytes()), whole, "{bad}");
        if whole {
            assert!(read(bad.clone()).is_err(), "{bad}");
        }
    }
    for (body, expected) in [
        ("{}", true),
        (" {\"a\": [1, {}]} \n", true),
        ("{} x", false),
        ("{}{}", false),
        ("[]", false),
        ("\"{}\"", false),
        ("", false),
        ("{\"a\":", false),
    ] {
        assert_eq!(is_object(body.as_bytes()), expected, "{body:?}");
    }
    for (body, expected) in [
        ("[".repeat(16), true),
        ("[".repeat(17), false),
        ("[]".repeat(1_000), true),
        (format!("\"{}\"", "[".repeat(1_000)), true),
        (format!("\"\\\"{}\"", "[".repeat(1_000)), true),
        (format!("\"\\\\\"{}", "[".repeat(17)), false),
    ] {
        assert_eq!(is_shallow(body.as_bytes()), expected, "{body:.40}");
    }
}

#[test]
fn only_what_never_left_was_not_sent() {
    use Finding as F;
    for never_left in [
        F::DnsNotFound,
        F::DnsTimeout,
        F::Offline,
        F::ConnectionRefused,
        F::ConnectTimeout,
        F::Unreachable,
        F::TlsExpired,
        F::TlsWrongHost,
        F::TlsUntrusted,
        F::TlsFailed,
        F::SettingUnusable,
    ] {
        assert!(!was_sent(never_left), "{never_left:?}");
    }
    for maybe in [
        F::AnswerTimeout,
        F::ConnectionCut,
        F::ServerError,
        F::RateLimited,
        F::TokenUnusable,
        F::AnswerTooLarge,
        F::NotJson,
        F::Internal,
        F::RedirectedElsewhere,
    ] {
        assert!(was_sent(maybe), "{maybe:?}: the server may have acted");
    }
}
