//! Whether a federation can be reached, and whether this computer's clock is right. Only the hosts of connectors are asked, without
//! credentials, once each and within the connector's minute; no third party is. The clock is compared with the `Date` of their
//! answers (RFC 9110 §6.6.1): no attempt has to keep it, and it is as of now.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::join_all;
use reqwest::Method;
use reqwest::header::DATE;
use url::Url;

use super::super::App;
use super::{broken, unknown, well};
use crate::api::authenticate::Authentication;
use crate::api::client::HttpClient;
use crate::api::connection_test::TestBooks as _;
use crate::api::send::{Head, start};
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::failure::{FailureClass, Finding};
use crate::settings::ConnectorSettings;
use crate::view::{DoctorLineView, Status};

/// Hosts that are asked at most.
const ASKED: usize = 4;
/// How long one may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// A clock further off than this makes signatures, tokens and times of runs wrong, in milliseconds.
const SKEW_MS: i64 = 2 * 60_000;

/// What one host answered.
struct Answered {
    host: String,
    outcome: std::result::Result<Option<UtcMillis>, Finding>,
    /// When the answer was here, by this computer.
    at: UtcMillis,
}

impl App {
    /// Lines on the network and the clock.
    pub(super) async fn doctor_network(&self) -> Vec<DoctorLineView> {
        let Ok(connectors) = self.asked().await else {
            return vec![unknown(
                "network",
                "the connectors are not known while the file is not open",
                "unlock it first",
            )];
        };
        if connectors.is_empty() {
            return vec![unknown(
                "network",
                "there is no connector whose federation could be asked",
                "",
            )];
        }
        let answers = join_all(
            connectors
                .iter()
                .map(|(settings, url)| self.ask(settings, url)),
        )
        .await;
        let mut lines = vec![network(&answers)];
        lines.extend(clock(&answers));
        lines
    }

    /// One connector of each host that is in use.
    async fn asked(&self) -> Result<Vec<(ConnectorSettings, Url)>> {
        let all = self
            .store()?
            .read(|tx| {
                tx.connectors_in_full()?
                    .iter()
                    .filter(|record| record.status != Status::Inactive)
                    .map(super::super::record::settings_of)
                    .collect::<Result<Vec<_>>>()
            })
            .await?;
        let mut seen = BTreeSet::new();
        let mut asked = Vec::new();
        for settings in all {
            let Some(url) = front_door(&settings) else {
                continue;
            };
            let host = (
                url.host_str().map(str::to_owned),
                url.port_or_known_default(),
            );
            if asked.len() < ASKED && seen.insert(host) {
                asked.push((settings, url));
            }
        }
        Ok(asked)
    }

    async fn ask(&self, settings: &ConnectorSettings, url: &Url) -> Answered {
        let outcome = tokio::time::timeout(PATIENCE, self.head(settings, url))
            .await
            .unwrap_or(Err(Finding::AnswerTimeout));
        Answered {
            host: url.host_str().unwrap_or_default().to_owned(),
            outcome,
            at: self.now(),
        }
    }

    async fn head(
        &self,
        settings: &ConnectorSettings,
        url: &Url,
    ) -> std::result::Result<Option<UtcMillis>, Finding> {
        let subject = self
            .subject(&settings.code)
            .await
            .map_err(|_| Finding::Internal)?;
        let books = self
            .test_books(&subject)
            .await
            .map_err(|_| Finding::Internal)?;
        books.turn().await.map_err(|_| Finding::RateLimited)?;
        let client = HttpClient::new(settings).await?;
        let answer = start(
            &client,
            Head {
                method: &Method::HEAD,
                url,
                accept: "*/*",
                headers: None,
                authentication: &Authentication::default(),
                body: None,
                time_limit: Some(PATIENCE),
            },
        )
        .await?;
        Ok(answer
            .headers()
            .get(DATE)
            .and_then(|date| date.to_str().ok())
            .and_then(date_of))
    }
}

/// The host's own root: no endpoint, so that nothing is counted and nothing of a club is asked.
fn front_door(settings: &ConnectorSettings) -> Option<Url> {
    if settings.is_by_file() {
        return None;
    }
    let mut url = Url::parse(&settings.filled(&settings.endpoints.base)).ok()?;
    url.set_path("/");
    url.set_query(None);
    url.set_fragment(None);
    url.host_str().is_some().then_some(url)
}

fn date_of(text: &str) -> Option<UtcMillis> {
    let date = httpdate::parse_http_date(text).ok()?;
    let since = date.duration_since(std::time::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok().map(UtcMillis)
}

fn network(answers: &[Answered]) -> DoctorLineView {
    let silent: Vec<&Answered> = answers.iter().filter(|one| one.outcome.is_err()).collect();
    let hosts = |some: &[&Answered]| {
        some.iter()
            .map(|one| one.host.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    };
    if silent.is_empty() {
        let all: Vec<&Answered> = answers.iter().collect();
        return well("network", format!("answered: {}", hosts(&all)));
    }
    let found = format!("no answer from {}", hosts(&silent));
    // The federation's fault, or nobody's, is not this computer's.
    if silent.len() < answers.len() {
        return unknown(
            "network",
            found,
            "another federation answers: wait, or ask this one",
        );
    }
    let offline = silent.iter().any(|one| {
        one.outcome
            .as_ref()
            .is_err_and(|finding| finding.class() == Some(FailureClass::Offline))
    });
    if offline {
        broken(
            "network",
            format!("{found}: this computer has no network"),
            "connect this computer to the network; a hotel's or a club's Wi-Fi may want a sign-in page first",
        )
    } else {
        unknown(
            "network",
            found,
            "check the network, the proxy and the firewall of this computer, then test the connector",
        )
    }
}

fn clock(answers: &[Answered]) -> Option<DoctorLineView> {
    let skew = answers
        .iter()
        .filter_map(|one| {
            let theirs = *one.outcome.as_ref().ok()?;
            Some(one.at.0.saturating_sub(theirs?.0))
        })
        .min_by_key(|skew| skew.unsigned_abs())?;
    let seconds = skew.unsigned_abs() / 1_000;
    if skew.unsigned_abs() <= SKEW_MS.unsigned_abs() {
        return Some(well("clock", format!("right to {} s", seconds.max(1))));
    }
    Some(broken(
        "clock",
        format!(
            "{} minutes {} what the federations' servers say",
            seconds / 60,
            if skew > 0 { "ahead of" } else { "behind" }
        ),
        "let the system set date and time by itself: sign-ins and the times of runs depend on them",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UtcMillis = UtcMillis(1_795_435_200_000);

    fn answered(host: &str, outcome: std::result::Result<Option<i64>, Finding>) -> Answered {
        Answered {
            host: host.to_owned(),
            outcome: outcome.map(|theirs| theirs.map(UtcMillis)),
            at: NOW,
        }
    }

    #[test]
    fn a_clock_is_wrong_by_more_than_two_minutes_and_the_nearest_server_is_believed() {
        let ahead = |ms: i64| Ok(Some(NOW.0 - ms));
        for (answers, ok) in [
            (vec![ahead(0)], Some(Some(true))),
            (vec![ahead(120_000)], Some(Some(true))),
            (vec![ahead(120_001)], Some(Some(false))),
            (vec![ahead(-120_000)], Some(Some(true))),
            (vec![ahead(-180_000)], Some(Some(false))),
            (vec![ahead(86_400_000), ahead(1_000)], Some(Some(true))),
            (vec![Ok(None)], None),
            (vec![Err(Finding::AnswerTimeout)], None),
        ] {
            let answers: Vec<Answered> =
                answers.into_iter().map(|one| answered("h", one)).collect();
            assert_eq!(
                clock(&answers).map(|line| line.ok),
                ok,
                "{:?}",
                answers.iter().map(|one| &one.outcome).collect::<Vec<_>>()
            );
        }
    }

    #[test]
    fn a_silent_federation_is_not_this_computers_fault() {
        let silent = || answered("a.example.org", Err(Finding::AnswerTimeout));
        assert_eq!(
            network(&[answered("b.example.org", Ok(None))]).ok,
            Some(true),
            "all answer"
        );
        assert_eq!(
            network(&[silent(), answered("b.example.org", Ok(None))]).ok,
            None,
            "one does"
        );
        assert_eq!(network(&[silent()]).ok, None, "nobody can know");
        let offline = network(&[answered("a.example.org", Err(Finding::Offline))]);
        assert_eq!(offline.ok, Some(false), "no network at all: {offline:?}");
        assert!(!offline.fix.is_empty(), "with what to do");
    }

    #[test]
    fn a_date_of_an_answer_is_read() {
        assert_eq!(
            date_of("Mon, 23 Nov 2026 12:00:00 GMT"),
            Some(NOW),
            "the usual form"
        );
        assert_eq!(date_of("yesterday"), None, "anything else is no date");
    }
}
