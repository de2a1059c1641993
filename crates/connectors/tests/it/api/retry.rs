//! Which failures are repeated, and when.

use connectors::api::retry::{
    Failure, LONGEST_WAIT_MS, Next, RetryPolicy, after_failure, is_idempotent, may_pass, spread,
};
use connectors::api::retry_after::Told;
use connectors::clock::UtcMillis;
use connectors::failure::Finding;
use reqwest::Method;

const NOW: UtcMillis = UtcMillis(1_795_435_200_000);

fn decide(method: &Method, key: bool, attempt: u32, finding: Finding, told: Told) -> Next {
    let policy = RetryPolicy::of(method, key);
    after_failure(&policy, attempt, &Failure { finding, told }, NOW, u32::MAX)
}

#[test]
fn only_what_may_be_sent_twice_is_sent_twice() {
    for (method, key, again) in [
        (Method::GET, false, true),
        (Method::HEAD, false, true),
        (Method::PUT, false, true),
        (Method::DELETE, false, true),
        (Method::OPTIONS, false, true),
        (Method::POST, false, false),
        (Method::PATCH, false, false),
        (Method::CONNECT, false, false),
        (Method::TRACE, false, false),
        (Method::POST, true, true),
        (Method::PATCH, true, true),
    ] {
        let next = decide(&method, key, 0, Finding::ServerError, Told::Nothing);
        assert_eq!(
            matches!(next, Next::Again { .. }),
            again,
            "{method}, key: {key}: {next:?}"
        );
        assert_eq!(is_idempotent(&method), again && !key, "{method}: by itself");
    }
}

#[test]
fn only_what_may_pass_is_tried_again() {
    use Finding as F;
    let passing = [
        F::RateLimited,
        F::ServerError,
        F::AnswerTimeout,
        F::ConnectionCut,
        F::ConnectionRefused,
        F::ConnectTimeout,
        F::Unreachable,
        F::DnsTimeout,
    ];
    let lasting = [
        F::Unauthorised,
        F::Forbidden,
        F::ScopeTooNarrow,
        F::NotFound,
        F::RequestRefused,
        F::RedirectedElsewhere,
        F::DnsNotFound,
        F::Offline,
        F::TlsExpired,
        F::TlsUntrusted,
        F::AnswerTooLarge,
        F::HtmlInsteadOfJson,
        F::NotJson,
        F::SignInNeeded,
        F::CredentialsWithheld,
        F::SettingUnusable,
        F::Cancelled,
        F::Internal,
    ];
    for finding in passing {
        assert!(may_pass(finding), "{finding:?} may pass");
    }
    for finding in lasting {
        let next = decide(&Method::GET, false, 0, finding, Told::Nothing);
        assert_eq!(
            next,
            Next::GiveUp { retry_at: None },
            "{finding:?} is never repeated"
        );
    }
}

#[test]
fn the_third_attempt_is_the_last_and_told_times_win() {
    let told = |ms| Told::After { ms };
    let at = |ms| Some(UtcMillis(NOW.0 + ms));
    let again = |wait_ms, told| Next::Again { wait_ms, told };
    for (attempt, told, expected) in [
        (0, Told::Nothing, again(1_000, false)),
        (1, Told::Nothing, again(2_000, false)),
        (2, Told::Nothing, Next::GiveUp { retry_at: None }),
        // A told time, and half as much again at the most, at least a second.
        (0, told(500), again(1_500, true)),
        (0, told(10_000), again(15_000, true)),
        (1, told(10_000), again(15_000, true)),
        (0, told(LONGEST_WAIT_MS), again(630_000, true)),
        (
            0,
            told(LONGEST_WAIT_MS + 1),
            Next::GiveUp {
                retry_at: at(600_001),
            },
        ),
        (
            2,
            told(10_000),
            Next::GiveUp {
                retry_at: at(10_000),
            },
        ),
    ] {
        assert_eq!(
            decide(&Method::GET, false, attempt, Finding::RateLimited, told),
            expected,
            "attempt {attempt}, {told:?}"
        );
    }
    for ms in [1, 999, 60_000, LONGEST_WAIT_MS] {
        for chance in [0, 1, u32::MAX / 2, u32::MAX] {
            assert!(spread(ms, chance) >= ms, "never earlier than told: {ms}");
        }
        assert!(
            spread(ms, u32::MAX) - spread(ms, 0) >= 1_000,
            "those who were told {ms} come back apart"
        );
    }
}
