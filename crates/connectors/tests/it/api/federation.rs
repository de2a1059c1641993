//! A federation in memory: it answers as a script says, in the runtime's time, and remembers what came and when.
//! Beside it the books of a connector in memory.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use connectors::api::authenticate::Authentication;
use connectors::api::circuit::{Caller, Outcome};
use connectors::api::ledger::{
    Ask, Attempt, Barred, Ended, Ledger, LimitNews, Reserved, Slot, Working,
};
use connectors::api::limiter::{Limiter, next_times};
use connectors::api::proof::{KeysAtHand, Proofs};
use connectors::api::request::{ApiClient, ClientCore, ClientParts};
use connectors::api::wire::{Wire, WireAnswer, WireBody, WireRequest};
use connectors::clock::{Clock, UtcMillis};
use connectors::failure::Finding;
use connectors::settings::ConnectorSettings;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use testkit::RuntimeClock;
use testkit::seeded_random::SeededRandom;

/// What the federation does with a request.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    /// An answer after so many milliseconds.
    Answer(Said),
    /// Nothing comes.
    Fail(Finding),
    /// Nothing ever comes.
    Hang,
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) pieces: Vec<Result<Bytes, Finding>>,
    pub(crate) ms: u64,
    /// Between two pieces.
    pub(crate) piece_ms: u64,
}

impl Reply {
    pub(crate) fn status(status: u16) -> Self {
        Self::with(status, &[], b"{}")
    }

    pub(crate) fn with(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Self {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(
                HeaderName::from_bytes(name.as_bytes()).unwrap(),
                HeaderValue::from_str(value).unwrap(),
            );
        }
        Self::Answer(Said {
            status,
            headers: map,
            pieces: vec![Ok(Bytes::copy_from_slice(body))],
            ms: 20,
            piece_ms: 0,
        })
    }

    pub(crate) fn pieces(pieces: Vec<Result<Bytes, Finding>>, piece_ms: u64) -> Self {
        Self::Answer(Said {
            status: 200,
            headers: HeaderMap::new(),
            pieces,
            ms: 20,
            piece_ms,
        })
    }
}

/// What came.
#[derive(Debug, Clone)]
pub(crate) struct Came {
    /// Milliseconds of uptime.
    pub(crate) at: u128,
    pub(crate) url: url::Url,
    /// The header that proves who we are.
    pub(crate) key: Option<String>,
    pub(crate) headers: HeaderMap,
}

type Script = dyn FnMut(&Came) -> Reply + Send;

pub(crate) struct Federation {
    clock: Arc<RuntimeClock>,
    script: Mutex<Box<Script>>,
    came: Mutex<Vec<Came>>,
}

impl Federation {
    pub(crate) fn new(
        clock: &Arc<RuntimeClock>,
        script: impl FnMut(&Came) -> Reply + Send + 'static,
    ) -> Arc<Self> {
        Arc::new(Self {
            clock: Arc::clone(clock),
            script: Mutex::new(Box::new(script)),
            came: Mutex::default(),
        })
    }

    /// Answers with these, one after the other, then with 200.
    pub(crate) fn saying(clock: &Arc<RuntimeClock>, replies: Vec<Reply>) -> Arc<Self> {
        let mut replies = VecDeque::from(replies);
        Self::new(clock, move |_| {
            replies.pop_front().unwrap_or_else(|| Reply::status(200))
        })
    }

    pub(crate) fn came(&self) -> Vec<Came> {
        self.came.lock().unwrap().clone()
    }
}

impl Wire for Federation {
    fn exchange(&self, request: WireRequest) -> Working<'_, Result<WireAnswer, Finding>> {
        let came = Came {
            at: self.clock.uptime().as_millis(),
            url: request.url.clone(),
            key: request
                .authentication
                .headers
                .first()
                .map(|(_, value)| value.to_str().unwrap().to_owned()),
            headers: request.headers.clone(),
        };
        self.came.lock().unwrap().push(came.clone());
        let reply = (self.script.lock().unwrap())(&came);
        Box::pin(async move {
            match reply {
                Reply::Fail(finding) => {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    Err(finding)
                }
                Reply::Hang => std::future::pending().await,
                Reply::Answer(said) => {
                    tokio::time::sleep(Duration::from_millis(said.ms)).await;
                    Ok(WireAnswer {
                        status: said.status,
                        headers: said.headers,
                        url: request.url,
                        body: Box::new(Pieces {
                            left: said.pieces.into(),
                            ms: said.piece_ms,
                        }),
                    })
                }
            }
        })
    }
}

struct Pieces {
    left: VecDeque<Result<Bytes, Finding>>,
    ms: u64,
}

impl WireBody for Pieces {
    fn next(&mut self) -> Working<'_, Result<Option<Bytes>, Finding>> {
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(self.ms)).await;
            self.left.pop_front().transpose()
        })
    }
}

/// Books in memory. Send times are given by the pure rule.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) clock: Option<Arc<RuntimeClock>>,
    pub(crate) limit: u32,
    slots: Mutex<Vec<UtcMillis>>,
    pub(crate) attempts: Mutex<Vec<Attempt>>,
    pub(crate) outcomes: Mutex<Vec<(Outcome, Option<Finding>)>>,
    pub(crate) news: Mutex<Vec<LimitNews>>,
    pub(crate) barred: Mutex<Option<Barred>>,
}

impl Ledger for Memory {
    fn permit(&self, _: Caller) -> Working<'_, Result<bool, Barred>> {
        let barred = self.barred.lock().unwrap().clone();
        Box::pin(async move { barred.map_or(Ok(false), Err) })
    }

    fn reserve(&self, ask: Ask) -> Working<'_, Result<Reserved, Finding>> {
        let mut slots = self.slots.lock().unwrap();
        let newest: Vec<UtcMillis> = slots.iter().rev().copied().collect();
        let now = self.clock.as_ref().unwrap().now();
        let times = next_times(&newest, self.limit, ask.count, now);
        slots.extend(&times);
        Box::pin(async move {
            Ok(Reserved {
                slots: times.into_iter().map(|at| Slot { id: 0, at }).collect(),
                paused_until: None,
            })
        })
    }

    fn learn(&self, news: LimitNews) -> Working<'_, ()> {
        self.news.lock().unwrap().push(news);
        Box::pin(async {})
    }

    fn note(&self, attempt: Attempt) {
        self.attempts.lock().unwrap().push(attempt);
    }

    fn conclude(&self, outcome: Outcome, ended: Ended) -> Working<'_, ()> {
        self.outcomes.lock().unwrap().push((outcome, ended.finding));
        Box::pin(async {})
    }
}

pub(crate) fn clock() -> Arc<RuntimeClock> {
    Arc::new(RuntimeClock::at(testkit::START))
}

pub(crate) fn key(value: &str) -> Authentication {
    let mut value = HeaderValue::from_str(value).unwrap();
    value.set_sensitive(true);
    Authentication {
        headers: vec![(HeaderName::from_static("x-api-key"), value)],
        query: Vec::new(),
    }
}

/// A connector to a federation in memory, with everything that can be looked at.
pub(crate) struct Setting {
    pub(crate) clock: Arc<RuntimeClock>,
    pub(crate) federation: Arc<Federation>,
    pub(crate) ledger: Arc<Memory>,
    pub(crate) settings: ConnectorSettings,
    pub(crate) proofs: Arc<dyn Proofs>,
    pub(crate) limiter: Option<Arc<Limiter>>,
    pub(crate) seed: u64,
}

impl Setting {
    pub(crate) fn new(clock: &Arc<RuntimeClock>, federation: Arc<Federation>) -> Self {
        let mut settings = testkit::settings("ballyduff", "https://api.example.org/base");
        settings.endpoints.member_detail = Some("/v1/members/{member_id}?full=yes".to_owned());
        Self {
            clock: Arc::clone(clock),
            federation,
            ledger: Arc::new(Memory {
                clock: Some(Arc::clone(clock)),
                limit: 600,
                ..Memory::default()
            }),
            settings,
            proofs: Arc::new(KeysAtHand::new(key("first"), None)),
            limiter: None,
            seed: 1,
        }
    }

    pub(crate) fn client(&self) -> ApiClient {
        let core = ClientCore::new(ClientParts {
            settings: Arc::new(self.settings.clone()),
            wire: Arc::clone(&self.federation) as _,
            proofs: Arc::clone(&self.proofs),
            ledger: Arc::clone(&self.ledger) as _,
            limiter: self.limiter.clone(),
            clock: Arc::clone(&self.clock) as _,
            random: Arc::new(SeededRandom::new(self.seed)),
        });
        ApiClient::new(Arc::new(core), Caller::Schedule)
    }

    pub(crate) fn attempts(&self) -> Vec<Attempt> {
        self.ledger.attempts.lock().unwrap().clone()
    }
}
