//! Links by the million, bent in every way: the parser never panics, and never accepts what a second
//! reading of the rules, written without looking at the first, refuses.

use std::fmt::Write as _;

use connectors::auth::callback::{CallbackError, Outcome, parse};

use crate::store::support::rounds;

/// A small generator with a seed, so that a failure can be repeated.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

const TARGETS: [&str; 14] = [
    "com.playerarc.connectors:/oauth/club",
    "com.playerarc.connectors:/a",
    "com.playerarc.connectors:/oauth/club",
    "http://127.0.0.1:49152/oauth/club",
    "http://[::1]:49152/oauth/club",
    "http://127.0.0.1:1/x",
    "com.playerarc.connectors://oauth/club",
    "com.playerarc.connectors:/oauth/../club",
    "com.playerarc.connectors:/",
    "http://localhost:4000/oauth/club",
    "http://127.0.0.1:65536/oauth",
    "http://127.0.0.1:080/oauth",
    "https://127.0.0.1:4000/oauth",
    "",
];
const NAMES: [&str; 10] = [
    "state",
    "code",
    "error",
    "iss",
    "x",
    "st%61te",
    "c%6Fde",
    "State",
    "",
    "session_state",
];
const VALUES: [&str; 14] = [
    "abc",
    "",
    "a%20b",
    "a+b",
    "%C3%A9",
    "%00",
    "%",
    "%zz",
    "%ED%A0%80",
    "access_denied",
    "a=b",
    "https%3A%2F%2Fid.example",
    "%0a",
    "A-_.~",
];
const NOISE: [&str; 16] = [
    "&", "=", "?", "#", "%", "/", "..", "\\", " ", "\u{0}", "é", "\u{202e}", "@", ":", ";", "&&",
];

fn link(chance: &mut Chance) -> String {
    // Half of them begin as a good answer, so that one bend at a time is seen too.
    if chance.below(2) == 0 {
        let mut text = format!(
            "{}?code={}&state=",
            chance.one(&TARGETS[..6]),
            chance.one(&VALUES)
        );
        text.push_str(chance.one(&VALUES));
        for _ in 0..chance.below(3) {
            let (name, value) = (chance.one(&NAMES), chance.one(&VALUES));
            let _ = write!(text, "&{name}={value}");
        }
        return bent(text, chance);
    }
    let mut text = chance.one(&TARGETS).to_owned();
    if chance.below(20) > 0 {
        text.push('?');
    }
    let pairs = if chance.below(50) == 0 {
        40
    } else {
        chance.below(6)
    };
    for n in 0..pairs {
        if n > 0 {
            text.push('&');
        }
        // Many parameters are good ones, each with a name of its own: only their number is wrong.
        if pairs > 10 && n > 0 {
            let _ = write!(text, "p{n}=");
            continue;
        }
        text.push_str(chance.one(&NAMES));
        if chance.below(10) > 0 {
            text.push('=');
            text.push_str(chance.one(&VALUES));
        }
    }
    bent(text, chance)
}

/// With up to three bends anywhere, or far too long.
fn bent(mut text: String, chance: &mut Chance) -> String {
    for _ in 0..chance.below(8).saturating_sub(4) {
        let mut at = chance.below(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        match chance.below(3) {
            0 => text.insert_str(at, chance.one(&NOISE)),
            1 if at < text.len() => drop(text.remove(at)),
            _ => text.truncate(at),
        }
    }
    if chance.below(2_000) == 0 {
        text.push_str(&"y".repeat(9_000));
    }
    text
}

/// What may come out of a link.
#[derive(Debug, PartialEq, Eq)]
struct Read {
    target: String,
    state: String,
    code: Option<String>,
    issuer: Option<String>,
}

/// The rules once more, by hand and byte by byte: no shared code, no library.
fn strict(link: &str) -> Option<Read> {
    if link.len() > 8_192
        || link
            .bytes()
            .any(|b| !(0x21..=0x7e).contains(&b) || b == b'#')
    {
        return None;
    }
    let question = link.find('?')?;
    let (target, query) = (&link[..question], &link[question + 1..]);
    let path = if let Some(path) = target.strip_prefix("com.playerarc.connectors:") {
        path
    } else {
        let rest = target
            .strip_prefix("http://127.0.0.1:")
            .or_else(|| target.strip_prefix("http://[::1]:"))?;
        let slash = rest.find('/')?;
        let port: u32 = rest[..slash].chars().try_fold(0, |sum: u32, c| {
            Some(sum.checked_mul(10)? + c.to_digit(10)?)
        })?;
        if rest.starts_with('0') || slash == 0 || port > 65_535 {
            return None;
        }
        &rest[slash..]
    };
    let mut segments = path.split('/');
    if segments.next() != Some("") || path.is_empty() {
        return None;
    }
    for segment in segments {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
        if segment.is_empty() || segment == "." || segment == ".." || !segment.chars().all(plain) {
            return None;
        }
    }
    let mut seen: Vec<(String, String)> = Vec::new();
    for pair in query.split('&').filter(|one| !one.is_empty()) {
        let cut = pair.find('=').unwrap_or(pair.len());
        let (name, value) = (
            text(&pair[..cut])?,
            text(pair[cut..].strip_prefix('=').unwrap_or(""))?,
        );
        if seen.iter().any(|(one, _)| *one == name) {
            return None;
        }
        seen.push((name, value));
    }
    if seen.len() > 32 {
        return None;
    }
    let get = |name: &str| {
        let found = seen
            .iter()
            .find(|(one, value)| one == name && !value.is_empty());
        found.map(|(_, value)| value.clone())
    };
    let (code, error) = (get("code"), get("error"));
    if code.is_some() == error.is_some() {
        return None;
    }
    Some(Read {
        target: target.to_owned(),
        state: get("state")?,
        code,
        issuer: get("iss"),
    })
}

fn text(raw: &str) -> Option<String> {
    let raw = raw.as_bytes();
    let (mut out, mut at) = (Vec::new(), 0);
    while at < raw.len() {
        match raw[at] {
            b'+' => out.push(b' '),
            b'%' => {
                let digit = |b: &u8| char::from(*b).to_digit(16);
                let (high, low) = (digit(raw.get(at + 1)?)?, digit(raw.get(at + 2)?)?);
                out.push(u8::try_from(high * 16 + low).unwrap());
                at += 2;
            }
            other => out.push(other),
        }
        at += 1;
    }
    let text = String::from_utf8(out).ok()?;
    (!text.chars().any(char::is_control)).then_some(text)
}

#[test]
fn fuzz_links_never_panic_and_are_never_read_more_kindly_than_a_second_reader_does() {
    let mut chance = Chance(0x0a11_0a11);
    let (mut accepted, mut refused) = (0_u32, Vec::<CallbackError>::new());
    for round in 0..rounds(20_000, 10_000_000) {
        let link = link(&mut chance);
        let expected = strict(&link);
        match parse(&link) {
            Ok(callback) => {
                accepted += 1;
                let read = Read {
                    target: callback.redirect_uri,
                    state: callback.state.expose().to_owned(),
                    code: match callback.outcome {
                        Outcome::Code(code) => Some(code.expose().to_owned()),
                        Outcome::Refused(_) => None,
                    },
                    issuer: callback.issuer,
                };
                assert_eq!(Some(read), expected, "round {round}: {link:?}");
            }
            Err(error) => {
                if !refused.contains(&error) {
                    refused.push(error);
                }
                assert_eq!(
                    expected, None,
                    "round {round}: {error} though good: {link:?}"
                );
            }
        }
    }
    assert!(
        accepted > 1_000,
        "the control: good ones are among them: {accepted}"
    );
    assert_eq!(refused.len(), 6, "and every kind of bad one: {refused:?}");
}
