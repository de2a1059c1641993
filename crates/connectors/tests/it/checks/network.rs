//! Whether it is this computer's network that fails.

use connectors::checks::network::{
    LONE_MS, Met, Sight, Verdict, alone, is_over, kept, met, verdict, wants_another,
};
use connectors::clock::UtcMillis;
use connectors::failure::Finding;
use connectors::store::network_trouble::TroubleRecord;

const NOW: UtcMillis = UtcMillis(testkit::START);

/// `a` of host a, and so on.
fn sights(met: &[(&str, Met)]) -> Vec<Sight> {
    met.iter()
        .map(|(host, met)| Sight {
            host: (*host).to_owned(),
            met: *met,
        })
        .collect()
}

#[test]
fn what_a_finding_says_about_a_network() {
    use Finding as F;
    for (finding, by_status, proper, expected) in [
        (None, true, true, Met::Reached),
        (None, true, false, Met::Reached),
        (Some(F::Offline), false, true, Met::NoWayOut),
        (Some(F::Offline), false, false, Met::NoWayOut),
        (Some(F::DnsNotFound), false, true, Met::NoName),
        (Some(F::DnsNotFound), false, false, Met::Nothing),
        (Some(F::DnsTimeout), false, true, Met::NoName),
        (Some(F::HtmlInsteadOfJson), true, true, Met::Between),
        (Some(F::HtmlInsteadOfJson), true, false, Met::Nothing),
        (Some(F::RedirectedElsewhere), true, true, Met::Between),
        (Some(F::TlsWrongHost), false, true, Met::Between),
        (Some(F::TlsWrongHost), false, false, Met::Nothing),
        (Some(F::TlsUntrusted), false, true, Met::Between),
        (Some(F::TlsExpired), false, true, Met::Reached),
        (Some(F::TlsFailed), false, true, Met::Nothing),
        (Some(F::ConnectTimeout), false, true, Met::Silence),
        (Some(F::Unreachable), false, true, Met::Silence),
        (Some(F::ConnectionRefused), false, true, Met::Nothing),
        (Some(F::AnswerTimeout), false, true, Met::Nothing),
        (Some(F::Unauthorised), true, true, Met::Reached),
        (Some(F::ServerError), true, true, Met::Reached),
        (Some(F::RateLimited), true, true, Met::Reached),
        (Some(F::NotFound), true, true, Met::Reached),
    ] {
        assert_eq!(
            met(finding, by_status, proper),
            expected,
            "{finding:?}, status {by_status}, answered before {proper}"
        );
    }
}

#[test]
fn what_a_minute_comes_to() {
    use Met::{Between, NoName, NoWayOut, Nothing, Reached, Silence};
    use Verdict::{Captive, Offline, There, Unsure};
    for (met, expected) in [
        (&[][..], Unsure),
        (&[("a", NoWayOut)], Offline),
        (&[("a", Reached)], There),
        (&[("a", Reached), ("b", NoWayOut)], Offline),
        (&[("a", NoName)], Unsure),
        (&[("a", Between)], Unsure),
        (&[("a", Silence)], Unsure),
        (&[("a", Nothing)], Unsure),
        (&[("a", NoName), ("b", NoName)], Offline),
        (&[("a", NoName), ("a", NoName)], Unsure),
        (&[("a", Between), ("b", Between)], Captive),
        (&[("a", NoName), ("b", Between)], Captive),
        (&[("a", Between), ("b", Reached)], There),
        (&[("a", NoName), ("b", Reached)], There),
        (&[("a", Silence), ("b", Silence)], Unsure),
        (&[("a", Silence), ("b", Silence), ("c", Silence)], Offline),
        (&[("a", Silence), ("b", NoName), ("c", Silence)], Offline),
        (&[("a", Silence), ("b", Silence), ("c", Nothing)], There),
        (&[("a", Nothing), ("b", Nothing), ("c", Nothing)], There),
        (&[("a", Between), ("b", Nothing), ("c", Nothing)], There),
    ] {
        assert_eq!(verdict(&sights(met)), expected, "{met:?}");
    }
}

#[test]
fn another_is_asked_only_where_a_federation_would_be_blamed_for_the_network() {
    for (met, expected) in [
        (&[][..], false),
        (&[("a", Met::Between)], true),
        (&[("a", Met::NoName)], true),
        (&[("a", Met::Silence)], false),
        (&[("a", Met::Nothing)], false),
        (&[("a", Met::Silence), ("b", Met::NoName)], true),
        (&[("a", Met::Between), ("b", Met::Reached)], false),
    ] {
        assert_eq!(wants_another(&sights(met)), expected, "{met:?}");
    }
}

#[test]
fn a_lone_host_is_believed_for_six_hours() {
    for (met, since, expected) in [
        (Met::Between, NOW.0, Verdict::Captive),
        (Met::Between, NOW.0 - LONE_MS + 1, Verdict::Captive),
        (Met::Between, NOW.0 - LONE_MS, Verdict::There),
        (Met::NoName, NOW.0, Verdict::Offline),
        (Met::NoName, NOW.0 - LONE_MS, Verdict::There),
        (Met::Silence, NOW.0, Verdict::There),
        (Met::Nothing, NOW.0, Verdict::There),
        (Met::Reached, NOW.0, Verdict::There),
        (Met::NoWayOut, NOW.0 - 10 * LONE_MS, Verdict::Offline),
    ] {
        assert_eq!(
            alone(&sights(&[("a", met)]), UtcMillis(since), NOW),
            expected,
            "{met:?} since {since}"
        );
    }
}

#[test]
fn it_is_looked_at_again_after_one_two_five_and_fifteen_minutes() {
    let mut trouble: Option<TroubleRecord> = None;
    let mut now = NOW;
    for minutes in [1, 2, 5, 15, 15, 15] {
        let next = kept(trouble, true, now);
        assert_eq!(next.again_at.0 - now.0, minutes * 60_000, "{next:?}");
        assert_eq!(next.since, NOW, "since the first time");
        assert!(
            !is_over(&next, UtcMillis(next.again_at.0 - 1)),
            "not before"
        );
        assert!(is_over(&next, next.again_at), "then");
        now = next.again_at;
        trouble = Some(next);
    }
    let trouble = trouble.unwrap();
    assert!(
        is_over(&trouble, UtcMillis(NOW.0 - 86_400_000)),
        "a clock that was set back is no reason to wait for a day"
    );
}
