//! One exchange as the client of a connector sees it: what goes out, the head of what comes back, and the
//! body as it arrives. [`HttpClient`] is the real one; a test puts a federation in memory in its place.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::HeaderMap;
use url::Url;

use crate::api::authenticate::Authentication;
use crate::api::client::HttpClient;
use crate::api::ledger::Working;
use crate::api::send::{Head, Outgoing, seen, start};
use crate::failure::Finding;

/// Time limit of the library for a streamed body; the client's own limits end it much earlier.
const STREAM_LIMIT: Duration = Duration::from_secs(24 * 60 * 60);

/// What goes out.
#[derive(Debug)]
pub struct WireRequest {
    /// HTTP method.
    pub method: Method,
    /// Where to, without the authentication's query parameters.
    pub url: Url,
    /// `Accept`.
    pub accept: String,
    /// Further headers.
    pub headers: HeaderMap,
    /// Who we are.
    pub authentication: Arc<Authentication>,
    /// What is sent.
    pub body: Option<Outgoing>,
    /// The body is read piece by piece, and the time limit of a request does not hold for it.
    pub streamed: bool,
}

/// What comes back.
pub struct WireAnswer {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// The address that answered, without the authentication's query parameters.
    pub url: Url,
    /// The body, unpacked.
    pub body: Box<dyn WireBody>,
}

impl fmt::Debug for WireAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WireAnswer")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// A body as it arrives.
pub trait WireBody: Send {
    /// The next piece, none at the end.
    fn next(&mut self) -> Working<'_, Result<Option<Bytes>, Finding>>;
}

/// The way to a federation.
pub trait Wire: Send + Sync {
    /// Sends once and waits for the head of the answer.
    fn exchange(&self, request: WireRequest) -> Working<'_, Result<WireAnswer, Finding>>;
}

impl Wire for HttpClient {
    fn exchange(&self, request: WireRequest) -> Working<'_, Result<WireAnswer, Finding>> {
        Box::pin(async move {
            let head = Head {
                method: &request.method,
                url: &request.url,
                accept: &request.accept,
                headers: (!request.headers.is_empty()).then_some(request.headers),
                authentication: &request.authentication,
                body: request.body.as_ref(),
                time_limit: request.streamed.then_some(STREAM_LIMIT),
            };
            let mut response = start(self, head).await?;
            Ok(WireAnswer {
                status: response.status().as_u16(),
                headers: std::mem::take(response.headers_mut()),
                url: without_keys(response.url(), &request.authentication),
                body: Box::new(Arriving {
                    client: self.clone(),
                    response,
                }),
            })
        })
    }
}

struct Arriving {
    client: HttpClient,
    response: reqwest::Response,
}

impl WireBody for Arriving {
    fn next(&mut self) -> Working<'_, Result<Option<Bytes>, Finding>> {
        Box::pin(async move {
            self.response
                .chunk()
                .await
                .map_err(|error| seen(&self.client, self.response.url(), &error))
        })
    }
}

/// A key in the query belongs to the request and not to the address.
fn without_keys(url: &Url, authentication: &Authentication) -> Url {
    let mut url = url.clone();
    let is_key = |name: &str| authentication.query.iter().any(|(key, _)| key == name);
    if authentication.query.is_empty() || !url.query_pairs().any(|(name, _)| is_key(&name)) {
        return url;
    }
    let others: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| !is_key(name))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    url.set_query(None);
    if !others.is_empty() {
        url.query_pairs_mut().extend_pairs(others);
    }
    url
}
