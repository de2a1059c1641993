//! The client of a connector (M5), its log, what is left of the minute, and a single request for a person who
//! looks what an API answers.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use uuid::Uuid;

use super::books::{Books, Standing, limit_of};
use super::proofs::StoredProofs;
use super::record::{find, find_live, settings_of};
use super::telling::told;
use super::tokens::Subject;
use super::{App, lock};
use crate::api::api_error::FederationApiError;
use crate::api::call::RequestOptions;
use crate::api::circuit::Caller;
use crate::api::client::HttpClient;
use crate::api::connection_test::TestBooks;
use crate::api::ledger::{Attempt, Ledger as _, Working};
use crate::api::limiter::{Limiter, NoTime, WINDOW_MS};
use crate::api::request::{ApiClient, ApiResponse, ClientCore, ClientParts};
use crate::api::token_source::TokenRefusal;
use crate::api::wire::Wire;
use crate::clock::{Clock, UtcMillis};
use crate::error::{Error, FieldRule, LockReason, Result};
use crate::failure::{FailureClass, Finding};
use crate::settings::RecordFormat;
use crate::store::attempt::{AttemptPlace, AttemptRecord};
use crate::view::{AttemptView, RequestLogView, RequestView, RequestsLeftView, TryRequest};

/// Rows of one page of the log at most.
const LOG_LIMIT: u32 = 500;

/// Turns and log of a saved connector, for a test.
pub(super) struct BooksOfTest {
    books: Books,
    limiter: Arc<Limiter>,
    clock: Arc<dyn Clock>,
    /// When the last turn came.
    sent_at: Mutex<UtcMillis>,
}

impl TestBooks for BooksOfTest {
    fn turn(&self) -> Working<'_, std::result::Result<(), Option<u64>>> {
        Box::pin(async move {
            let waited = self.limiter.wait(&self.books, &*self.clock).await;
            *lock(&self.sent_at) = self.clock.now();
            match waited {
                Err(NoTime::Paused(until)) => {
                    let left = until.0.saturating_sub(self.clock.now().0);
                    Err(Some(u64::try_from(left).unwrap_or(0).div_ceil(1_000)))
                }
                // Books that cannot be asked keep nobody from finding out what is wrong.
                Ok(()) | Err(NoTime::Failed(_)) => Ok(()),
            }
        })
    }

    fn note(&self, attempt: Attempt) {
        let at = *lock(&self.sent_at);
        self.books.note(Attempt { at, ..attempt });
    }
}

/// The clients of this process.
#[derive(Default)]
pub(super) struct Clients {
    /// One a connector, made again when its version has changed.
    kept: HashMap<Uuid, Kept>,
    /// Turns outlive a change of the settings.
    limiters: HashMap<Uuid, Arc<Limiter>>,
}

struct Kept {
    version: i64,
    core: Arc<ClientCore>,
    proofs: Arc<StoredProofs>,
}

impl Clients {
    /// The file is being locked.
    pub(super) fn forget(&mut self) {
        for (_, kept) in self.kept.drain() {
            kept.proofs.forget();
        }
    }
}

impl App {
    /// The client of a connector: its settings, its credentials, its books. Make it at the start of a piece of work;
    /// what is changed afterwards is seen by the next one. Credentials that were given for other hosts
    /// are refused here, before anything is sent.
    pub async fn api_client(&self, code: &str, caller: Caller) -> Result<ApiClient> {
        let subject = self.subject(code).await?;
        let (id, version) = (subject.connector.id, subject.connector.version);
        let kept = lock(&self.inner.clients)
            .kept
            .get(&id)
            .filter(|kept| kept.version == version)
            .map(|kept| Arc::clone(&kept.core));
        if let Some(shared) = kept {
            return Ok(ApiClient::new(shared, caller));
        }
        let settings = &subject.settings;
        let wire = HttpClient::new(settings)
            .await
            .map_err(|finding| told(settings, &finding.into(), 0))?;
        let (shared, proofs) = self.shared(&subject, Arc::new(wire)).await?;
        let new = Kept {
            version,
            core: Arc::clone(&shared),
            proofs,
        };
        lock(&self.inner.clients).kept.insert(id, new);
        Ok(ApiClient::new(shared, caller))
    }

    /// As [`App::api_client`], with another way out than the network: a federation in memory.
    pub async fn api_client_over(
        &self,
        code: &str,
        caller: Caller,
        wire: Arc<dyn Wire>,
    ) -> Result<ApiClient> {
        let subject = self.subject(code).await?;
        let (shared, _) = self.shared(&subject, wire).await?;
        Ok(ApiClient::new(shared, caller))
    }

    async fn shared(
        &self,
        subject: &Subject,
        wire: Arc<dyn Wire>,
    ) -> Result<(Arc<ClientCore>, Arc<StoredProofs>)> {
        let proofs = Arc::new(StoredProofs::load(self, subject).await?);
        let core = ClientCore::new(ClientParts {
            settings: Arc::clone(&subject.settings),
            wire,
            proofs: Arc::clone(&proofs) as _,
            ledger: Arc::new(self.books(subject).await?),
            limiter: Some(self.limiter(subject.connector.id)),
            clock: Arc::clone(&self.inner.clock),
            random: Arc::clone(&self.inner.random),
        });
        Ok((Arc::new(core), proofs))
    }

    /// The books of a connector for a test of it, which builds its own connections.
    pub(super) async fn test_books(&self, subject: &Subject) -> Result<BooksOfTest> {
        Ok(BooksOfTest {
            books: self.books(subject).await?,
            limiter: self.limiter(subject.connector.id),
            clock: Arc::clone(&self.inner.clock),
            sent_at: Mutex::new(self.now()),
        })
    }

    /// The books of a connector as it stands now.
    async fn books(&self, subject: &Subject) -> Result<Books> {
        let wanted = Arc::clone(&subject.connector);
        let standing = subject
            .opened
            .store
            .read(move |tx| Standing::read(tx, &wanted))
            .await?;
        let ours = subject.settings.limits.requests_per_minute;
        Ok(Books::new(self, &subject.connector, ours, standing))
    }

    fn limiter(&self, connector: Uuid) -> Arc<Limiter> {
        Arc::clone(
            lock(&self.inner.clients)
                .limiters
                .entry(connector)
                .or_default(),
        )
    }

    /// The attempts of a connector, newest first. `before` is what the page before said about its next one.
    pub async fn request_log(
        &self,
        code: &str,
        before: Option<&str>,
        limit: u32,
    ) -> Result<RequestLogView> {
        if limit == 0 || limit > LOG_LIMIT {
            return Err(Error::field(
                "limit",
                FieldRule::OutOfRange,
                "must be from 1 to 500",
            ));
        }
        let before = before.map(place).transpose()?;
        // What has just happened is part of it.
        self.requests_flush().await?;
        let code = code.to_owned();
        self.store()?
            .read(move |tx| {
                let connector = find(tx, &code)?.id;
                let mut rows = tx.attempts(connector, before, limit + 1)?;
                let more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
                if more {
                    rows.pop();
                }
                Ok(RequestLogView {
                    next: rows
                        .last()
                        .filter(|_| more)
                        .map(|last| format!("{}.{}", last.at.0, last.id)),
                    rows: rows.into_iter().map(attempt_view).collect(),
                })
            })
            .await
    }

    /// How many requests of a connector may be made now, by all processes together.
    pub async fn requests_left(&self, code: &str) -> Result<RequestsLeftView> {
        let (code, now) = (code.to_owned(), self.now());
        self.store()?
            .read(move |tx| {
                let record = find_live(tx, &code)?;
                let ours = settings_of(&record)?.limits.requests_per_minute.max(1);
                let rate = tx.rate(record.id)?;
                let limit = rate.as_ref().map_or(ours, |rate| limit_of(ours, rate));
                let from = UtcMillis(now.0.saturating_sub(WINDOW_MS));
                let taken = tx.count_slots_since(record.id, from)?;
                let paused_until = rate
                    .and_then(|rate| rate.paused_until)
                    .filter(|until| *until > now);
                Ok(RequestsLeftView {
                    limit,
                    left: if paused_until.is_some() {
                        0
                    } else {
                        limit.saturating_sub(taken)
                    },
                    told: limit < ours,
                    paused_until: paused_until.map(|until| until.0),
                })
            })
            .await
    }

    /// Sends one GET to `path` below the connector's address, with everything a request gets.
    pub async fn request(&self, code: &str, path: &str, reveal: bool) -> Result<RequestView> {
        self.see_all_clubs()?;
        self.try_request(TryRequest {
            code: code.to_owned(),
            path: path.to_owned(),
            organisation: None,
            reveal,
        })
        .await
    }

    /// A GET that a person tries. Values of the answer are replaced by their kinds unless it says `reveal`, because
    /// members are in it.
    pub async fn try_request(&self, request: TryRequest) -> Result<RequestView> {
        // A path that somebody types may be of any club.
        self.see_all_clubs()?;
        let below_base = request.path.starts_with('/') && !request.path.starts_with("//");
        if !below_base {
            return Err(Error::field(
                "path",
                FieldRule::InvalidUrl,
                "start with / ; the request goes below the address of the connector only",
            ));
        }
        let client = self.api_client(&request.code, Caller::Person).await?;
        let options = RequestOptions {
            organisation: request.organisation,
            ..RequestOptions::default()
        };
        let response = client
            .request(&request.path, options)
            .await
            .map_err(|error| self.of_federation(error))?;
        let settings = client.settings();
        let text_format = matches!(
            settings.records.format,
            RecordFormat::Xml | RecordFormat::Csv
        );
        let body: Value = match response.json() {
            Ok(body) if request.reveal => body,
            Ok(body) => shape(&body),
            Err(_) if text_format => text(&response, request.reveal),
            Err(finding) => {
                let refusal = TokenRefusal {
                    status: Some(response.status),
                    ..TokenRefusal::from(finding)
                };
                return Err(told(settings, &refusal, response.attempts));
            }
        };
        Ok(RequestView {
            status: response.status,
            ms: response.ms,
            bytes: u64::try_from(response.body.len()).unwrap_or(u64::MAX),
            attempts: response.attempts,
            content_type: response.content_type,
            body,
        })
    }

    /// A failed request as the product's error.
    pub(super) fn of_federation(&self, error: FederationApiError) -> Error {
        if error.class == FailureClass::Locked {
            return self
                .opened()
                .err()
                .unwrap_or(Error::Locked(LockReason::ByUser));
        }
        Error::Federation {
            finding: error.finding,
            status: error.status,
            message: error.message,
            attempts: error.attempts,
        }
    }
}

fn attempt_view(one: AttemptRecord) -> AttemptView {
    AttemptView {
        at: one.at.0,
        endpoint: one.endpoint,
        method: one.method,
        status: one.status,
        class: one.finding.and_then(Finding::class),
        finding: one.finding,
        ms: one.ms,
        bytes: one.bytes,
        number: one.number,
    }
}

fn place(text: &str) -> Result<AttemptPlace> {
    let read = || {
        let (at, id) = text.split_once('.')?;
        Some(AttemptPlace {
            at: UtcMillis(at.parse().ok()?),
            id: id.parse().ok()?,
        })
    };
    read().ok_or_else(|| {
        Error::field(
            "before",
            FieldRule::Unknown,
            "give what the page before said about its next one",
        )
    })
}

/// An answer that is text: its length, or the text itself.
fn text(response: &ApiResponse, reveal: bool) -> Value {
    let text = String::from_utf8_lossy(&response.body);
    if reveal {
        text.into()
    } else {
        format!("text of {} characters", text.chars().count()).into()
    }
}

/// The shape of an answer without its values: kinds for values, one example for a list.
fn shape(value: &Value) -> Value {
    match value {
        Value::Null => Value::Null,
        Value::Bool(_) => "true or false".into(),
        Value::Number(_) => "number".into(),
        Value::String(_) => "text".into(),
        Value::Array(list) => {
            let mut shown: Vec<Value> = list.first().map(shape).into_iter().collect();
            if list.len() > 1 {
                shown.push(format!("and {} more", list.len() - 1).into());
            }
            Value::Array(shown)
        }
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), shape(value)))
            .collect(),
    }
}
