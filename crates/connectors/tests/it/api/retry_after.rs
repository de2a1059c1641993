//! Bar 43: `Retry-After` in every form that is met, as a table of 40 cases; never earlier than told.

use connectors::api::retry_after::{LONGEST_BELIEVED_MS, Told, told};
use connectors::clock::UtcMillis;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

/// 2026-11-23T12:00:00Z, the time of day of this computer.
const NOW: UtcMillis = UtcMillis(1_795_435_200_000);
/// The same moment as the answer says it; the clock of this computer need not agree.
const DATE: &str = "Mon, 23 Nov 2026 12:00:00 GMT";
/// An answer from a server whose clock is a day ahead of ours.
const AHEAD: &str = "Tue, 24 Nov 2026 12:00:00 GMT";

fn check(headers: &[(&str, &str)]) -> Told {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(
            HeaderName::from_bytes(name.as_bytes()).unwrap(),
            HeaderValue::from_bytes(value.as_bytes()).unwrap(),
        );
    }
    told(&map, NOW)
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of 40 cases")]
fn bar_43_every_form_is_read_and_never_as_earlier_than_told() {
    const S: u64 = 1_000;
    const NOTHING: u64 = 0;
    let cases: &[(&str, &[&str], Option<&str>, u64)] = &[
        ("absent", &[], Some(DATE), NOTHING),
        ("seconds", &["120"], Some(DATE), 120 * S),
        ("one second", &["1"], Some(DATE), S),
        ("zero", &["0"], Some(DATE), NOTHING),
        ("many zeros", &["0000"], Some(DATE), NOTHING),
        ("zeros before", &["0060"], Some(DATE), 60 * S),
        ("white space around", &["  30  "], Some(DATE), 30 * S),
        ("ten minutes", &["600"], Some(DATE), 600 * S),
        ("over ten minutes", &["601"], Some(DATE), 601 * S),
        ("a million", &["1000000"], Some(DATE), 1_000_000 * S),
        (
            "more than 30 days",
            &["9999999"],
            Some(DATE),
            LONGEST_BELIEVED_MS,
        ),
        (
            "more than a u64",
            &["99999999999999999999999"],
            Some(DATE),
            LONGEST_BELIEVED_MS,
        ),
        ("negative", &["-1"], Some(DATE), NOTHING),
        ("plus sign", &["+30"], Some(DATE), NOTHING),
        ("fraction", &["1.5"], Some(DATE), NOTHING),
        ("exponent", &["1e3"], Some(DATE), NOTHING),
        ("hexadecimal", &["0x10"], Some(DATE), NOTHING),
        ("unit", &["30s"], Some(DATE), NOTHING),
        ("word", &["soon"], Some(DATE), NOTHING),
        ("empty", &[""], Some(DATE), NOTHING),
        ("blank", &["   "], Some(DATE), NOTHING),
        ("two numbers in one", &["30, 60"], Some(DATE), NOTHING),
        ("not ASCII", &["３０"], Some(DATE), NOTHING),
        (
            "IMF-fixdate",
            &["Mon, 23 Nov 2026 12:01:00 GMT"],
            Some(DATE),
            60 * S,
        ),
        (
            "rfc850",
            &["Monday, 23-Nov-26 12:01:00 GMT"],
            Some(DATE),
            60 * S,
        ),
        ("asctime", &["Mon Nov 23 12:01:00 2026"], Some(DATE), 60 * S),
        (
            "asctime, one digit",
            &["Tue Dec  1 12:00:00 2026"],
            Some(DATE),
            8 * 86_400 * S,
        ),
        ("now", &[DATE], Some(DATE), NOTHING),
        (
            "past",
            &["Mon, 23 Nov 2026 11:59:59 GMT"],
            Some(DATE),
            NOTHING,
        ),
        (
            "long past, rfc850 of the last century",
            &["Sunday, 06-Nov-94 08:49:37 GMT"],
            Some(DATE),
            NOTHING,
        ),
        (
            "far future",
            &["Mon, 23 Nov 2099 12:00:00 GMT"],
            Some(DATE),
            LONGEST_BELIEVED_MS,
        ),
        (
            "their clock is ahead: measured from their Date",
            &["Tue, 24 Nov 2026 12:00:45 GMT"],
            Some(AHEAD),
            45 * S,
        ),
        (
            "their clock is ahead and the date past",
            &["Tue, 24 Nov 2026 11:00:00 GMT"],
            Some(AHEAD),
            NOTHING,
        ),
        (
            "no Date: measured from ours",
            &["Mon, 23 Nov 2026 12:00:30 GMT"],
            None,
            30 * S,
        ),
        (
            "a Date that is garbage: measured from ours",
            &["Mon, 23 Nov 2026 12:00:30 GMT"],
            Some("today"),
            30 * S,
        ),
        (
            "a day that does not exist",
            &["Mon, 31 Feb 2026 12:00:00 GMT"],
            Some(DATE),
            NOTHING,
        ),
        (
            "another zone",
            &["Mon, 23 Nov 2026 12:01:00 CET"],
            Some(DATE),
            NOTHING,
        ),
        (
            "both forms: the later holds",
            &["30", "Mon, 23 Nov 2026 12:01:00 GMT"],
            Some(DATE),
            60 * S,
        ),
        (
            "both forms, the number later",
            &["90", "Mon, 23 Nov 2026 12:01:00 GMT"],
            Some(DATE),
            90 * S,
        ),
        (
            "garbage beside a number",
            &["soon", "20"],
            Some(DATE),
            20 * S,
        ),
    ];
    assert_eq!(cases.len(), 40, "the table has its 40 cases");
    for (case, values, date, expected) in cases {
        let mut headers: Vec<(&str, &str)> = date.iter().map(|date| ("date", *date)).collect();
        headers.extend(values.iter().map(|value| ("retry-after", *value)));
        let expected = match expected {
            0 => Told::Nothing,
            ms => Told::After { ms: *ms },
        };
        assert_eq!(check(&headers), expected, "{case}");
    }
}
