//! 500 scripted outages in virtual time, through `App`: status, reason, failures in a row, uptime and error rate against what the
//! script itself has counted.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use connectors::api::call::RequestOptions;
use connectors::api::circuit::Caller;
use connectors::clock::Clock;
use connectors::failure::Finding;
use connectors::view::{HealthView, InitialiseRequest, Status};
use testkit::seeded_random::SeededRandom;
use testkit::{Bench, RuntimeClock};

use crate::api::federation::{Federation, Reply};

const OUTAGES: u64 = 500;
const STEPS: u32 = 10;
const HOUR: i64 = 3_600_000;

/// What the federation does, and what that means for a request about the connector.
#[derive(Clone)]
enum Does {
    Says(u16),
    Fails(Finding),
}

impl Does {
    fn any(chance: &SeededRandom) -> Self {
        match chance.below(9) {
            0 | 1 => Self::Says(200),
            2 => Self::Says(401),
            3 => Self::Says(403),
            4 => Self::Says(404),
            5 => Self::Says(500),
            6 => Self::Says(429),
            7 => Self::Fails(Finding::ConnectionRefused),
            _ => Self::Fails(Finding::Offline),
        }
    }

    fn finding(&self) -> Option<Finding> {
        Some(match self {
            Self::Says(200) => return None,
            Self::Says(401) => Finding::Unauthorised,
            Self::Says(403) => Finding::Forbidden,
            Self::Says(404) => Finding::NotFound,
            Self::Says(429) => Finding::RateLimited,
            Self::Says(_) => Finding::ServerError,
            Self::Fails(finding) => *finding,
        })
    }
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    Connector,
    Member,
    TypedPath,
}

/// What the script has counted.
#[derive(Default)]
struct Told {
    /// When each was sent, whether it was answered, and whether it says something about the connector.
    sent: Vec<(i64, bool, bool)>,
    failures: u32,
    reason: Option<Finding>,
}

impl Told {
    fn uptime(&self, now: i64, hours: i64) -> Option<f64> {
        let last = now.div_euclid(HOUR);
        let mut of_hours: BTreeMap<i64, (f64, f64)> = BTreeMap::new();
        for (at, answered, wide) in &self.sent {
            let hour = at.div_euclid(HOUR);
            if *wide && hour > last - hours && hour <= last {
                let one = of_hours.entry(hour).or_default();
                one.0 += f64::from(u8::from(*answered));
                one.1 += 1.0;
            }
        }
        let number = of_hours.len();
        let sum: f64 = of_hours
            .values()
            .map(|(answered, all)| answered / all)
            .sum();
        (number > 0).then(|| 100.0 * sum / f64::from(u32::try_from(number).unwrap()))
    }

    fn error_rate(&self, now: i64) -> Option<f64> {
        let last = now.div_euclid(HOUR);
        let recent = self
            .sent
            .iter()
            .filter(|(at, _, _)| at.div_euclid(HOUR) > last - 24);
        let all = recent.clone().count();
        let failed = recent.filter(|(_, answered, _)| !answered).count();
        let number = |n: usize| f64::from(u32::try_from(n).unwrap());
        (all > 0).then(|| 100.0 * number(failed) / number(all))
    }
}

fn is_about(left: Option<f64>, right: Option<f64>) -> bool {
    match (left, right) {
        (None, None) => true,
        // Parts of a million, of each hour and of their mean.
        (Some(left), Some(right)) => (left - right).abs() < 0.000_2,
        _ => false,
    }
}

fn check(seen: &HealthView, told: &Told, now: i64, story: &str) {
    let stopped = told.failures >= 5;
    let expected = if stopped {
        Status::Error
    } else {
        Status::Active
    };
    assert_eq!(seen.status, expected, "{story}: status");
    assert_eq!(
        seen.consecutive_failures, told.failures,
        "{story}: failures in a row"
    );
    if stopped {
        assert_eq!(seen.finding, told.reason, "{story}: reason");
    }
    for (what, seen, expected) in [
        ("24 hours", seen.uptime_24h, told.uptime(now, 24)),
        ("7 days", seen.uptime_7d, told.uptime(now, 168)),
        ("30 days", seen.uptime_30d, told.uptime(now, 720)),
        ("errors", seen.error_rate_24h, told.error_rate(now)),
    ] {
        assert!(
            is_about(seen, expected),
            "{story}: {what}: {seen:?}, counted {expected:?}"
        );
    }
}

#[tokio::test]
#[allow(clippy::too_many_lines, reason = "one story, told in order")]
async fn m8_five_hundred_outages_are_told_right_in_virtual_time() {
    let bench = Bench::new();
    let clock = Arc::new(RuntimeClock::at(testkit::START));
    let app = bench.app_with(Arc::clone(&clock) as _);
    app.initialise(InitialiseRequest::Keychain).await.unwrap();
    tokio::time::pause();
    let (mut stops, mut back) = (0, 0);
    for outage in 0..OUTAGES {
        let code = format!("outage_{outage}");
        let mut settings = super::support::settings(&code);
        settings.endpoints.member_detail = Some("/v1/members/{member_id}".to_owned());
        let new = super::support::request(settings, Some(testkit::api_key("k")));
        app.connector_add(new).await.unwrap();
        let chance = SeededRandom::new(outage);
        let does = Arc::new(Mutex::new((Does::Says(200), About::Connector)));
        let told = Arc::new(Mutex::new(Told::default()));
        let (script, counting, time) = (Arc::clone(&does), Arc::clone(&told), Arc::clone(&clock));
        let federation = Federation::new(&clock, move |_| {
            let (does, about) = script.lock().unwrap().clone();
            let finding = does.finding();
            let mut told = counting.lock().unwrap();
            if finding != Some(Finding::Offline) {
                let own = matches!(finding, Some(Finding::NotFound | Finding::Forbidden))
                    && about != About::Connector;
                told.sent.push((time.now().0, finding.is_none(), !own));
            }
            match does {
                Does::Says(status) => Reply::status(status),
                Does::Fails(finding) => Reply::Fail(finding),
            }
        });
        // An outage is mostly of one kind.
        let kind = Does::any(&chance);
        for step in 0..STEPS {
            // Mostly minutes, sometimes a day: hours and days go by.
            let minutes = match chance.below(6) {
                0 => chance.below(40 * 60),
                1 => chance.below(9 * 24 * 60),
                _ => chance.below(30),
            };
            tokio::time::sleep(Duration::from_secs(60 * minutes as u64)).await;
            let about = match chance.below(5) {
                0 => About::Member,
                1 => About::TypedPath,
                _ => About::Connector,
            };
            let now_does = match chance.below(3) {
                0 => Does::any(&chance),
                _ => kind.clone(),
            };
            let finding = now_does.finding();
            *does.lock().unwrap() = (now_does, about);
            let wire = Arc::clone(&federation) as _;
            let client = app
                .api_client_over(&code, Caller::Person, wire)
                .await
                .unwrap();
            let options = RequestOptions {
                values: vec![("member_id".to_owned(), "7".to_owned())],
                ..RequestOptions::default()
            };
            let what = match about {
                About::Connector => "verify",
                About::Member => "member_detail",
                About::TypedPath => "/v1/typed",
            };
            let outcome = client.request(what, options).await;
            let story = format!("outage {outage}, step {step}");
            assert_eq!(
                outcome.err().map(|error| error.finding),
                finding,
                "{story}: what comes is what the script says"
            );
            {
                let mut told = told.lock().unwrap();
                let was_stopped = told.failures >= 5;
                let own = matches!(finding, Some(Finding::NotFound | Finding::Forbidden))
                    && about != About::Connector;
                match finding {
                    None => {
                        told.failures = 0;
                        back += u32::from(was_stopped);
                    }
                    Some(Finding::Offline) => {}
                    Some(_) if own => {}
                    Some(finding) => {
                        told.failures += 1;
                        told.reason = Some(finding);
                        stops += u32::from(told.failures == 5);
                    }
                }
            }
            if step + 1 == STEPS || chance.below(4) == 0 {
                let seen = app.health(&code).await.unwrap().health;
                check(&seen, &told.lock().unwrap(), clock.now().0, &story);
            }
        }
    }
    assert!(
        stops > 50 && back > 5,
        "the scripts have stops and recoveries: {stops}, {back}"
    );
    let all = app.health_list(connectors::view::HealthFilter::default());
    assert_eq!(
        all.await.unwrap().len(),
        usize::try_from(OUTAGES).unwrap(),
        "and all of them in one list"
    );
}
