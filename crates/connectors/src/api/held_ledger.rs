//! Books that wait: what a check has met is entered only when it is known whether it was the federation, or this computer's
//! own network, of which nothing is counted.

use std::sync::{Arc, Mutex, PoisonError};

use crate::api::circuit::{Caller, Outcome};
use crate::api::ledger::{Ask, Attempt, Barred, Ended, Ledger, LimitNews, Reserved, Working};
use crate::api::request::ApiClient;
use crate::failure::{FailureClass, Finding};
use crate::view::ErrorSource;

/// The books of a connector, behind what waits to be entered.
pub(crate) struct HeldLedger {
    books: Arc<dyn Ledger>,
    held: Mutex<Held>,
}

/// What waits.
#[derive(Debug, Clone, Default)]
pub(crate) struct Held {
    /// It is the probe of a stopped connector.
    pub(crate) probe: bool,
    /// What was sent.
    pub(crate) attempts: Vec<Attempt>,
    /// How it ended.
    pub(crate) conclusion: Option<(Outcome, Ended)>,
}

impl ApiClient {
    /// The same client for a check, with books that wait until somebody says what is entered in them.
    pub(crate) fn holding(&self) -> (Self, Arc<HeldLedger>) {
        let held = HeldLedger::new(Arc::clone(&self.core.parts.ledger));
        let mut client = self.clone();
        client.source = Some(ErrorSource::Check);
        client.core = Arc::new(self.core.with_ledger(Arc::clone(&held) as _));
        (client, held)
    }
}

impl Held {
    /// Whether anybody was asked at all.
    pub(crate) fn was_asked(&self) -> bool {
        !self.attempts.is_empty() || self.conclusion.is_some()
    }
}

impl HeldLedger {
    pub(crate) fn new(books: Arc<dyn Ledger>) -> Arc<Self> {
        Arc::new(Self {
            books,
            held: Mutex::default(),
        })
    }

    /// What waits.
    pub(crate) fn held(&self) -> Held {
        self.lock().clone()
    }

    /// What came was not what it looked like: the answer is a failure after all, or the failure an answer.
    pub(crate) fn correct(&self, finding: Option<Finding>) {
        let mut held = self.lock();
        let probe = held.probe;
        let mut ended = Ended::default();
        if let Some(last) = held.attempts.last_mut() {
            last.finding = finding;
            last.aside = false;
            ended.status = last.status;
            ended.endpoint = Some(last.endpoint.clone());
        }
        held.conclusion = Some(match finding {
            None => (Outcome::Succeeded, Ended::default()),
            Some(finding) => {
                let outcome = Outcome::Failed {
                    class: finding.class().unwrap_or(FailureClass::Internal),
                    one_club: false,
                    probe,
                };
                ended.finding = Some(finding);
                ended.source = Some(ErrorSource::Check);
                (outcome, ended)
            }
        });
    }

    /// Enters what waits, as it was seen.
    pub(crate) async fn enter(&self) {
        let held = std::mem::take(&mut *self.lock());
        for attempt in held.attempts {
            self.books.note(attempt);
        }
        if let Some((outcome, ended)) = held.conclusion {
            self.books.conclude(outcome, ended).await;
        }
    }

    /// Enters that this computer's own network was in the way: that something was sent, and nothing that counts.
    pub(crate) fn enter_offline(&self) {
        let held = std::mem::take(&mut *self.lock());
        for attempt in held.attempts {
            self.books.note(Attempt {
                finding: Some(Finding::Offline),
                aside: false,
                ..attempt
            });
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ledger for HeldLedger {
    fn permit(&self, caller: Caller) -> Working<'_, Result<bool, Barred>> {
        Box::pin(async move {
            let probe = self.books.permit(caller).await?;
            self.lock().probe = probe;
            Ok(probe)
        })
    }

    fn reserve(&self, ask: Ask) -> Working<'_, Result<Reserved, Finding>> {
        self.books.reserve(ask)
    }

    fn learn(&self, news: LimitNews) -> Working<'_, ()> {
        self.books.learn(news)
    }

    fn note(&self, attempt: Attempt) {
        self.lock().attempts.push(attempt);
    }

    fn conclude(&self, outcome: Outcome, ended: Ended) -> Working<'_, ()> {
        self.lock().conclusion = Some((outcome, ended));
        Box::pin(std::future::ready(()))
    }
}
