//! Asking one connector, and keeping what it came to: in its books as any request, unless it was this computer's own network
//! that failed, and as a check either way.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Checked, Done, How, Ways};
use crate::api::api_error::FederationApiError;
use crate::api::check_call::check_call;
use crate::api::circuit::{Caller, Outcome};
use crate::api::held_ledger::HeldLedger;
use crate::api::records::is_web_page;
use crate::api::request::{ApiClient, ApiResponse};
use crate::api::token_source::TokenRefusal;
use crate::app::App;
use crate::app::health::health_view;
use crate::app::record::{find_live, settings_of};
use crate::app::standing::settle_state;
use crate::app::telling::told;
use crate::checks::network::{Met, Sight, met};
use crate::checks::outcome::{self, Seen};
use crate::checks::slot::every_ms;
use crate::clock::UtcMillis;
use crate::error::{Error, Result};
use crate::failure::Finding;
use crate::view::{BeatOutcome, BeatView, CheckEvery, HealthView};

/// A connector that was asked, or could not be.
pub(super) struct Asked {
    pub(super) checked: Checked,
    /// When the last of it was sent: what is sent later is traffic of others.
    at: UtcMillis,
    /// Its turn had come, and is over.
    by_itself: bool,
    /// What is to be entered in its books.
    held: Option<Arc<HeldLedger>>,
    /// What came; none where nothing was asked.
    seen: Option<Seen>,
    /// A refusal that is one club's own.
    one_club: bool,
    /// One sentence, where it failed or was not asked.
    problem: Option<String>,
}

impl Asked {
    fn not(checked: Checked, at: UtcMillis, caller: Caller, error: &Error) -> Self {
        Self {
            checked,
            at,
            by_itself: caller == Caller::Schedule,
            held: None,
            seen: None,
            one_club: false,
            problem: Some(error.to_string()),
        }
    }

    /// What it says about this computer's network; none where nothing was asked, or nobody outside was.
    pub(super) fn sight(&self) -> Option<Sight> {
        let (host, seen) = (self.checked.host.clone()?, self.seen?);
        let met = met(
            seen.finding,
            seen.status.is_some(),
            self.checked.proper_before,
        );
        Some(Sight { host, met })
    }

    /// Whether the computer has no way out at all.
    pub(super) fn is_offline(&self) -> bool {
        self.sight().is_some_and(|sight| sight.met == Met::NoWayOut)
    }
}

impl App {
    /// Asks one connector, once. Nothing is entered yet.
    pub(super) async fn ask_connector(
        &self,
        checked: Checked,
        caller: Caller,
        ways: &Ways,
        cancel: &CancellationToken,
    ) -> Asked {
        let at = self.now();
        let client = match self.checking_client(&checked, caller, ways).await {
            Ok(client) => client,
            Err(error) => return Asked::not(checked, at, caller, &error),
        };
        let settings = Arc::clone(client.settings());
        let organisation = checked.organisation.as_deref();
        let call = match check_call(&settings, organisation) {
            Ok(call) => call,
            Err(finding) => {
                return Asked::not(checked, at, caller, &told(&settings, &finding.into(), 0));
            }
        };
        let (client, held) = client.holding();
        let outcome = client.send_whole(&call, cancel).await;
        if let Some(mistaken) = mistaken(&outcome, |response| {
            let media = response.content_type.as_deref();
            is_web_page(settings.records.format, media, &response.body)
        }) {
            held.correct(match mistaken {
                Mistaken::Page => Some(Finding::HtmlInsteadOfJson),
                Mistaken::Answered => None,
            });
        }
        let waiting = held.held();
        let failure = match &waiting.conclusion {
            Some((_, ended)) => ended.finding,
            None => outcome.as_ref().err().map(|error| error.finding),
        };
        let last = waiting.attempts.last();
        let status = match &outcome {
            Ok(response) => Some(response.status),
            Err(error) => error.status,
        };
        let seen = waiting.was_asked().then(|| Seen {
            finding: failure,
            status: last.map_or(status, |last| last.status),
            ms: last.map_or(0, |last| last.ms),
            // A proof that took over is no repetition: nobody was slow.
            number: 1,
        });
        let problem = failure.map(|finding| match &outcome {
            Err(error) if error.finding == finding => error.message.clone(),
            _ => {
                let refusal = TokenRefusal {
                    status,
                    ..TokenRefusal::from(finding)
                };
                told(&settings, &refusal, 1).to_string()
            }
        });
        let one_club = match &waiting.conclusion {
            Some((Outcome::Failed { one_club, .. }, _)) => *one_club,
            Some((Outcome::Succeeded, _)) => false,
            // What was not concluded concerned one path alone.
            None => true,
        };
        Asked {
            checked,
            at: last.map_or(at, |last| last.at),
            by_itself: caller == Caller::Schedule,
            held: Some(held),
            seen,
            one_club,
            problem,
        }
    }

    async fn checking_client(
        &self,
        checked: &Checked,
        caller: Caller,
        ways: &Ways,
    ) -> Result<ApiClient> {
        let code = checked.code.clone();
        let settings = self
            .store()?
            .read(move |tx| {
                let record = find_live(tx, &code)?;
                settings_of(&record)
            })
            .await?;
        match ways(&settings) {
            Some(wire) => self.api_client_over(&checked.code, caller, wire).await,
            None => self.api_client(&checked.code, caller).await,
        }
    }

    /// Enters what was asked. `in_the_way`: it was this computer's own network, of which nothing is counted.
    pub(super) async fn settle_asked(&self, asked: Asked, in_the_way: bool) -> Done {
        let offline = in_the_way || asked.is_offline();
        if let Some(held) = &asked.held {
            if offline {
                held.enter_offline();
            } else {
                held.enter().await;
            }
        }
        let beat = asked.seen.and_then(|seen| {
            if offline {
                return Some(BeatView {
                    at: asked.at.0,
                    outcome: BeatOutcome::Offline,
                    ms: None,
                    http_status: seen.status,
                    finding: seen.finding,
                    by_traffic: false,
                });
            }
            outcome::beat(&seen, asked.one_club, asked.at.0, false)
        });
        let how = match (&asked.seen, asked.problem) {
            (Some(_), _) if offline => How::Offline,
            (Some(seen), _) if seen.finding == Some(Finding::Cancelled) => How::Later,
            (Some(seen), problem) => How::Asked(seen.finding.and_then(Finding::class).zip(problem)),
            (None, problem) => How::NotAsked(problem.unwrap_or_default()),
        };
        let id = asked.checked.id;
        let health = match self.keep_beat(id, beat, asked.by_itself).await {
            Ok(health) => health,
            Err(error) => {
                tracing::warn!(code = ?error.code(), "a check could not be recorded");
                None
            }
        };
        Done { id, how, health }
    }

    /// Keeps a check, and says how its connector stands now.
    async fn keep_beat(
        &self,
        connector: Uuid,
        beat: Option<BeatView>,
        by_itself: bool,
    ) -> Result<Option<HealthView>> {
        // A success waits a moment before it is written; what is told must not be older than it.
        self.requests_flush().await?;
        let now = self.now();
        self.store()?
            .write(move |tx| {
                if by_itself {
                    // What was sent until now is this check's own, and proves nothing for the next.
                    tx.put_check_handled(connector, Some(now))?;
                }
                if let Some(beat) = &beat {
                    if beat.outcome == BeatOutcome::Offline {
                        let newest = tx.newest_beat(connector)?;
                        let every = every_ms(super::setting::every(tx)?)
                            .or(every_ms(CheckEvery::default()))
                            .unwrap_or(0);
                        // One for each turn, however often it is looked at whether the network is back.
                        let said = newest.is_some_and(|one| {
                            one.outcome == BeatOutcome::Offline
                                && (0..every).contains(&(beat.at - one.at))
                        });
                        if !said {
                            tx.insert_beat(connector, beat)?;
                        }
                    } else {
                        tx.insert_beat(connector, beat)?;
                        settle_state(tx, connector)?;
                    }
                }
                tx.connector_by_id(connector)?
                    .map(|record| health_view(tx, &record, now))
                    .transpose()
            })
            .await
    }
}

/// What an answer is, and does not look like.
enum Mistaken {
    /// A web page.
    Page,
    /// An answer.
    Answered,
}

/// What an answer turns out to be, where it is not what it looked like: a web page proves nobody's key; and a list that is larger
/// than what a check reads was answered.
fn mistaken(
    outcome: &std::result::Result<ApiResponse, FederationApiError>,
    is_page: impl FnOnce(&ApiResponse) -> bool,
) -> Option<Mistaken> {
    match outcome {
        Ok(response) if is_page(response) => Some(Mistaken::Page),
        Err(error) if error.finding == Finding::AnswerTooLarge => {
            let well = error
                .status
                .is_some_and(|status| (200..300).contains(&status));
            well.then_some(Mistaken::Answered)
        }
        _ => None,
    }
}
