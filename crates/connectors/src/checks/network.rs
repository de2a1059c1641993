//! Whether it is this computer's network that fails, and not a federation. Decided from what few connectors met within one
//! minute, because one probe must tell for all of them, and never from a federation that failed before.
//!
//! | What was met | What it means |
//! |---|---|
//! | no way out at all ([`Finding::Offline`]) | offline |
//! | any host was reached: a proper answer, or a failure that only a federation can make | the network is there |
//! | names of two hosts are not found | offline |
//! | two hosts show another certificate, a web page, or lead elsewhere | a sign-in page of the network is in between |
//! | one of each | a sign-in page: some of them let names through |
//! | three hosts are silent, or one of three and the others as above | offline |
//! | three hosts, and nothing of this | the network is there |
//! | one sign, and there is no second host to ask | it is the network, for the first six hours; then it is the federation |
//!
//! A sign is one only of a connector that answered properly before and has not failed since; of another it says nothing, not
//! even that somebody was reached: it may have been anybody. A host on this computer says nothing about a network.

use crate::clock::UtcMillis;
use crate::failure::Finding;
use crate::store::network_trouble::TroubleRecord;

/// How long a lone host's sign is taken for the network's, in milliseconds: 6 hours.
pub const LONE_MS: i64 = 6 * 60 * 60_000;
/// Hosts that are asked before it is decided.
pub const HOSTS: usize = 3;
/// Until it is looked at again, in minutes: after the first time, the second, and so on; the last one repeats.
const AGAIN_MINUTES: [i64; 4] = [1, 2, 5, 15];

/// What one connector met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// Its host, lower case.
    pub host: String,
    /// What.
    pub met: Met,
}

/// What was met, as far as it says something about a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Met {
    /// Somebody at the federation answered.
    Reached,
    /// There is no way out.
    NoWayOut,
    /// The name was not found, or nobody was there to ask.
    NoName,
    /// Something answered in the federation's place.
    Between,
    /// Nothing came.
    Silence,
    /// Nothing that says anything about a network.
    Nothing,
}

/// What it comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The network is there.
    There,
    /// There is none.
    Offline,
    /// A sign-in page is in between.
    Captive,
    /// Another host must be asked.
    Unsure,
}

impl Verdict {
    /// Whether it is the network that fails.
    #[must_use]
    pub fn is_trouble(self) -> bool {
        matches!(self, Self::Offline | Self::Captive)
    }
}

/// What a check met. `proper_before`: the connector answered properly before and has not failed since. `by_status`: an
/// HTTP status came.
#[must_use]
pub fn met(finding: Option<Finding>, by_status: bool, proper_before: bool) -> Met {
    let sign = |met| if proper_before { met } else { Met::Nothing };
    match finding {
        // A certificate that has ended was shown by the federation: who stands in between has one of its own.
        None | Some(Finding::TlsExpired) => Met::Reached,
        Some(Finding::Offline) => Met::NoWayOut,
        Some(Finding::DnsNotFound | Finding::DnsTimeout) => sign(Met::NoName),
        Some(
            Finding::HtmlInsteadOfJson
            | Finding::RedirectedElsewhere
            | Finding::TlsWrongHost
            | Finding::TlsUntrusted,
        ) => sign(Met::Between),
        Some(Finding::ConnectTimeout | Finding::Unreachable) => sign(Met::Silence),
        Some(_) if by_status => Met::Reached,
        Some(_) => Met::Nothing,
    }
}

/// What the sights of one minute come to.
#[must_use]
pub fn verdict(sights: &[Sight]) -> Verdict {
    if sights.iter().any(|one| one.met == Met::NoWayOut) {
        return Verdict::Offline;
    }
    if sights.iter().any(|one| one.met == Met::Reached) {
        return Verdict::There;
    }
    let hosts = |wanted: &[Met]| {
        let mut hosts: Vec<&str> = sights
            .iter()
            .filter(|one| wanted.contains(&one.met))
            .map(|one| one.host.as_str())
            .collect();
        hosts.sort_unstable();
        hosts.dedup();
        hosts.len()
    };
    if hosts(&[Met::NoName, Met::Between]) >= 2 {
        return if hosts(&[Met::Between]) > 0 {
            Verdict::Captive
        } else {
            Verdict::Offline
        };
    }
    if hosts(&[Met::NoName, Met::Between, Met::Silence]) >= HOSTS {
        return Verdict::Offline;
    }
    let asked = hosts(&[Met::NoName, Met::Between, Met::Silence, Met::Nothing]);
    if asked >= HOSTS {
        Verdict::There
    } else {
        Verdict::Unsure
    }
}

/// Whether a host is to be asked that is not due, because what was met so far would otherwise be taken for the federation's.
/// Silence alone is not worth that: a federation that is down is silent, too.
#[must_use]
pub fn wants_another(sights: &[Sight]) -> bool {
    verdict(sights) == Verdict::Unsure
        && sights
            .iter()
            .any(|one| matches!(one.met, Met::NoName | Met::Between))
}

/// What it comes to where there is nobody else to ask. `since` is when the trouble began, `now` where it is new.
#[must_use]
pub fn alone(sights: &[Sight], since: UtcMillis, now: UtcMillis) -> Verdict {
    match verdict(sights) {
        Verdict::Unsure if now.0.saturating_sub(since.0) < LONE_MS => {
            let any = |wanted| sights.iter().any(|one| one.met == wanted);
            if any(Met::Between) {
                Verdict::Captive
            } else if any(Met::NoName) {
                Verdict::Offline
            } else {
                Verdict::There
            }
        }
        Verdict::Unsure => Verdict::There,
        decided => decided,
    }
}

/// What is kept after a look that has found trouble.
#[must_use]
pub fn kept(before: Option<TroubleRecord>, captive: bool, now: UtcMillis) -> TroubleRecord {
    let looks = before.map_or(0, |one| one.looks).saturating_add(1);
    let step = usize::try_from(looks - 1).unwrap_or(usize::MAX);
    let minutes = AGAIN_MINUTES[step.min(AGAIN_MINUTES.len() - 1)];
    TroubleRecord {
        since: before.map_or(now, |one| one.since.min(now)),
        captive,
        looks,
        again_at: UtcMillis(now.0.saturating_add(minutes * 60_000)),
    }
}

/// Whether it is time to look again. A time further away than it can be means that the clock was set back.
#[must_use]
pub fn is_over(trouble: &TroubleRecord, now: UtcMillis) -> bool {
    let left = trouble.again_at.0.saturating_sub(now.0);
    left <= 0 || left > AGAIN_MINUTES[AGAIN_MINUTES.len() - 1] * 60_000
}
