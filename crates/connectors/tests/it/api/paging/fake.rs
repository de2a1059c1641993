//! A federation without a network: it answers addresses with scripted pages, in pieces, and counts
//! how many it answers at once.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use connectors::api::api_error::FederationApiError;
use connectors::api::fetch::{Body, Fetch, FetchedPage, Fetching, NextBytes, PageRequest};
use connectors::failure::{FailureClass, Finding};
use connectors::settings::{ConnectorSettings, PagingStyle};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

/// A piece of a body.
#[derive(Clone)]
pub(crate) enum Piece {
    Bytes(Bytes),
    /// Made when it is its turn.
    Made(Arc<dyn Fn() -> Bytes + Send + Sync>),
    /// The connection fails.
    Cut(Finding),
    /// Nothing comes any more.
    Silence,
}

/// An answer.
#[derive(Clone)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    pieces: Vec<Piece>,
    failure: Option<Finding>,
}

impl Reply {
    /// A body in pieces of seven bytes.
    pub(crate) fn body(text: &str) -> Self {
        let pieces = text.as_bytes().chunks(7).map(Bytes::copy_from_slice);
        Self::pieces(pieces.map(Piece::Bytes).collect())
    }

    pub(crate) fn pieces(pieces: Vec<Piece>) -> Self {
        Self {
            status: 200,
            headers: vec![("content-type", "application/json".to_owned())],
            pieces,
            failure: None,
        }
    }

    pub(crate) fn status(status: u16) -> Self {
        Self {
            status,
            ..Self::pieces(Vec::new())
        }
    }

    pub(crate) fn failure(finding: Finding) -> Self {
        Self {
            failure: Some(finding),
            ..Self::pieces(Vec::new())
        }
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub(crate) fn then(mut self, piece: Piece) -> Self {
        self.pieces.push(piece);
        self
    }
}

type Answer = dyn Fn(&Url, usize) -> Reply + Send + Sync;

/// The federation.
pub(crate) struct Fake {
    answer: Box<Answer>,
    requests: Mutex<Vec<String>>,
    at_once: Arc<AtomicUsize>,
    most_at_once: AtomicUsize,
    silent: Arc<AtomicUsize>,
}

impl Fake {
    /// `answer` gets the address and the number of requests before.
    pub(crate) fn new(answer: impl Fn(&Url, usize) -> Reply + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self {
            answer: Box::new(answer),
            requests: Mutex::new(Vec::new()),
            at_once: Arc::new(AtomicUsize::new(0)),
            most_at_once: AtomicUsize::new(0),
            silent: Arc::new(AtomicUsize::new(0)),
        })
    }

    /// One reply after another, whatever is asked for; the last goes on for ever.
    pub(crate) fn script(replies: Vec<Reply>) -> Arc<Self> {
        Self::new(move |_, number| replies[number.min(replies.len() - 1)].clone())
    }

    /// The paths and queries that were asked for, in order.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    pub(crate) fn most_at_once(&self) -> usize {
        self.most_at_once.load(Ordering::SeqCst)
    }

    /// Bodies that have fallen silent.
    pub(crate) fn silent(&self) -> usize {
        self.silent.load(Ordering::SeqCst)
    }

    pub(crate) fn under_way(&self) -> usize {
        self.at_once.load(Ordering::SeqCst)
    }
}

impl Fetch for Fake {
    fn fetch(&self, request: PageRequest) -> Fetching<'_> {
        Box::pin(async move {
            let url = request.url;
            let number = {
                let mut requests = self.requests.lock().unwrap();
                let query = url
                    .query()
                    .map_or(String::new(), |query| format!("?{query}"));
                requests.push(format!("{}{query}", url.path()));
                requests.len() - 1
            };
            let under_way = UnderWay::new(&self.at_once);
            let now = self.at_once.load(Ordering::SeqCst);
            self.most_at_once.fetch_max(now, Ordering::SeqCst);
            // Later pages are not always later answers.
            for _ in 0..(number * 7) % 5 {
                tokio::task::yield_now().await;
            }
            let reply = (self.answer)(&url, number);
            if let Some(finding) = reply.failure {
                return Err(error(finding));
            }
            let mut headers = HeaderMap::new();
            for (name, value) in reply.headers {
                let value = HeaderValue::from_str(&value).unwrap();
                headers.append(HeaderName::from_static(name), value);
            }
            Ok(FetchedPage {
                status: reply.status,
                headers,
                url,
                body: Box::new(Arriving {
                    pieces: reply.pieces.into(),
                    silent: Arc::clone(&self.silent),
                    _under_way: under_way,
                }),
            })
        })
    }
}

struct Arriving {
    pieces: VecDeque<Piece>,
    silent: Arc<AtomicUsize>,
    _under_way: UnderWay,
}

impl Body for Arriving {
    fn next(&mut self) -> NextBytes<'_> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            match self.pieces.pop_front() {
                None => Ok(None),
                Some(Piece::Bytes(bytes)) => Ok(Some(bytes)),
                Some(Piece::Made(make)) => Ok(Some(make())),
                Some(Piece::Cut(finding)) => Err(error(finding)),
                Some(Piece::Silence) => {
                    self.silent.fetch_add(1, Ordering::SeqCst);
                    std::future::pending().await
                }
            }
        })
    }
}

/// Counts an answer until its body is dropped.
struct UnderWay(Arc<AtomicUsize>);

impl UnderWay {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(count))
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

pub(crate) fn error(finding: Finding) -> FederationApiError {
    FederationApiError {
        class: finding.class().unwrap_or(FailureClass::Internal),
        finding,
        status: None,
        message: "a fault of the test".to_owned(),
        attempts: 1,
        retry_at: None,
    }
}

/// A connector whose list has pages of `size` at `/m`, and says what there is under `meta`.
pub(crate) fn settings(style: PagingStyle, size: u32) -> ConnectorSettings {
    let mut settings = ConnectorSettings::default();
    "https://h".clone_into(&mut settings.endpoints.base);
    "/m".clone_into(&mut settings.endpoints.membership_list);
    settings.paging.style = style;
    settings.paging.start = Some(0);
    settings.paging.page_param = Some("p".to_owned());
    settings.paging.size_param = Some("s".to_owned());
    settings.paging.size = Some(size);
    settings.paging.records = Some("data".to_owned());
    settings.paging.next = Some("meta.next".to_owned());
    settings.paging.more = Some("meta.more".to_owned());
    settings.paging.total = Some("meta.total".to_owned());
    settings.paging.total_pages = Some("meta.pages".to_owned());
    settings.paging.keys = [("after".to_owned(), "id".to_owned())].into();
    settings
}

/// `{"data":[{"id":3},…],"meta":…}`.
pub(crate) fn page(ids: impl IntoIterator<Item = u64>, meta: &str) -> String {
    let rows: Vec<String> = ids
        .into_iter()
        .map(|id| format!("{{\"id\":{id}}}"))
        .collect();
    format!("{{\"data\":[{}],\"meta\":{meta}}}", rows.join(","))
}

/// A query parameter as a number.
pub(crate) fn number(url: &Url, name: &str) -> Option<u64> {
    let (_, value) = url.query_pairs().find(|(key, _)| key == name)?;
    value.parse().ok()
}
