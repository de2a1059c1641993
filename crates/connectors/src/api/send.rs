//! The one place where a request leaves. It sends once, reads at most so many bytes and says what
//! came; repeating, waiting and paging are decided elsewhere. No body, no query and no header
//! value is ever logged or kept in an error.

use std::fmt;
use std::time::Duration;

use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE, DATE, HeaderMap, RETRY_AFTER, WWW_AUTHENTICATE};
use url::Url;
use zeroize::Zeroizing;

use crate::api::address::{RedactedUrl, is_loopback, may_send};
use crate::api::answer::finding_of_status;
use crate::api::authenticate::Authentication;
use crate::api::classify;
use crate::api::client::HttpClient;
use crate::clock::{Stopwatch, UtcMillis};
use crate::failure::Finding;

/// Longest wait that is believed, 30 days in seconds.
const MAX_RETRY_AFTER: u64 = 30 * 24 * 60 * 60;

/// One request.
#[derive(Debug)]
pub struct Request<'a> {
    /// `GET`, `HEAD`, or `POST` with a body.
    pub method: Method,
    /// Where to, without the authentication's query parameters.
    pub url: &'a Url,
    /// Who we are.
    pub authentication: &'a Authentication,
    /// What is sent; only the token endpoint and its like get anything.
    pub body: Option<Outgoing>,
    /// Read the body of an error too: at a token endpoint it holds the word that decides.
    pub read_errors: bool,
    /// What kind of answer is understood (`Accept`).
    pub accept: &'a str,
    /// Most bytes of the unpacked body.
    pub max_body: usize,
    /// The time of day, for a Retry-After date where the answer itself has no `Date`.
    pub now: UtcMillis,
}

/// The body of a request. It may hold secrets, and is wiped and never printed.
#[derive(Clone)]
pub struct Outgoing {
    /// `Content-Type`.
    pub content_type: String,
    /// The bytes.
    pub bytes: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing")
            .field("content_type", &self.content_type)
            .field("bytes", &self.bytes.len())
            .finish()
    }
}

/// What came back. Any status; a body only with 2xx, unless errors are read too.
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`, lower case, without parameters.
    pub content_type: Option<String>,
    /// Seconds until it may be tried again.
    pub retry_after: Option<u64>,
    /// The token is good and too narrow (RFC 6750 §3.1, `insufficient_scope`).
    pub insufficient_scope: bool,
    /// The unpacked body.
    pub body: Vec<u8>,
    /// Milliseconds from sending to the last byte.
    pub ms: u64,
    /// The address that answered, after redirects.
    pub final_url: RedactedUrl,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("content_type", &self.content_type)
            .field("retry_after", &self.retry_after)
            .field("insufficient_scope", &self.insufficient_scope)
            .field("bytes", &self.body.len())
            .field("ms", &self.ms)
            .field("final_url", &self.final_url)
            .finish()
    }
}

/// No usable answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the request failed: {finding:?}")]
pub struct SendFailure {
    /// What was seen.
    pub finding: Finding,
    /// HTTP status, where it had come before the failure.
    pub status: Option<u16>,
    /// Milliseconds until then.
    pub ms: u64,
}

/// Sends once.
#[tracing::instrument(level = "debug", skip_all, fields(host = request.url.host_str().unwrap_or_default()))]
pub async fn send(client: &HttpClient, request: Request<'_>) -> Result<Answer, SendFailure> {
    let stopwatch = Stopwatch::start();
    let outcome = exchange(client, &request, stopwatch).await;
    match &outcome {
        Ok(answer) => tracing::debug!(
            status = answer.status,
            bytes = answer.body.len(),
            ms = answer.ms,
            "answered"
        ),
        Err(failure) => tracing::debug!(
            finding = ?failure.finding,
            status = failure.status,
            ms = failure.ms,
            "not answered"
        ),
    }
    outcome
}

/// The media type that is asked for where nobody says another.
pub const JSON: &str = "application/json";

/// What goes out, without how much of the answer is read.
pub(crate) struct Head<'a> {
    pub(crate) method: &'a Method,
    pub(crate) url: &'a Url,
    pub(crate) accept: &'a str,
    pub(crate) headers: Option<HeaderMap>,
    pub(crate) authentication: &'a Authentication,
    pub(crate) body: Option<&'a Outgoing>,
    /// Until the last byte; the client's own where none.
    pub(crate) time_limit: Option<Duration>,
}

/// Sends and waits for the head of the answer. The way out of every request.
pub(crate) async fn start(
    client: &HttpClient,
    head: Head<'_>,
) -> Result<reqwest::Response, Finding> {
    may_send(head.url, client.allow_http_loopback())?;
    let mut sent = client
        .http()
        .request(
            head.method.clone(),
            with_query(head.url, head.authentication),
        )
        .header(ACCEPT, head.accept);
    if let Some(outgoing) = head.body {
        sent = sent
            .header(CONTENT_TYPE, &outgoing.content_type)
            .body(outgoing.bytes.to_vec());
    }
    if let Some(extra) = head.headers {
        sent = sent.headers(extra);
    }
    // Last, so that nothing stands in for who we are.
    if !head.authentication.headers.is_empty() {
        sent = sent.headers(headers(head.authentication));
    }
    if let Some(limit) = head.time_limit {
        sent = sent.timeout(limit);
    }
    sent.send()
        .await
        .map_err(|error| seen(client, head.url, &error))
}

/// What an error of the library means. Its text shows the whole address and stays here.
pub(crate) fn seen(client: &HttpClient, url: &Url, error: &reqwest::Error) -> Finding {
    client
        .surroundings()
        .settle(classify::of_request(error), is_loopback(url))
}

async fn exchange(
    client: &HttpClient,
    request: &Request<'_>,
    stopwatch: Stopwatch,
) -> Result<Answer, SendFailure> {
    let failure = |finding, status| SendFailure {
        finding,
        status,
        ms: stopwatch.elapsed_ms(),
    };
    // Our own finding leaves here, never the library's error: its text shows the whole address.
    let of_library = |error: &reqwest::Error, status| {
        let finding = seen(client, request.url, error);
        failure(finding, status)
    };
    let head = Head {
        method: &request.method,
        url: request.url,
        accept: request.accept,
        headers: None,
        authentication: request.authentication,
        body: request.body.as_ref(),
        time_limit: None,
    };
    let mut response = start(client, head)
        .await
        .map_err(|finding| failure(finding, None))?;
    let status = response.status();
    let mut body = Vec::new();
    if status.is_success() || request.read_errors {
        let announced = response.content_length().unwrap_or(0);
        let too_large = || failure(Finding::AnswerTooLarge, Some(status.as_u16()));
        if announced > u64::try_from(request.max_body).unwrap_or(u64::MAX) {
            return Err(too_large());
        }
        // Chunks are counted after unpacking: a small answer may unpack to gigabytes.
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| of_library(&error, Some(status.as_u16())))?
        {
            if body.len() + chunk.len() > request.max_body {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
    }
    Ok(Answer {
        status: status.as_u16(),
        content_type: media_type(response.headers()),
        retry_after: retry_after(
            text(response.headers(), RETRY_AFTER.as_str()),
            text(response.headers(), DATE.as_str()),
            request.now,
        ),
        insufficient_scope: text(response.headers(), WWW_AUTHENTICATE.as_str())
            .is_some_and(|challenge| challenge.contains("insufficient_scope")),
        body,
        ms: stopwatch.elapsed_ms(),
        final_url: RedactedUrl::new(response.url().clone()),
    })
}

/// Seconds of a `Retry-After` (RFC 9110 §10.2.3): a number, or one of the three forms of a date
/// (§5.6.7) measured from the answer's own `Date`, because this computer's clock may be wrong. A
/// date in the past is 0; nothing above 30 days is believed.
pub fn retry_after(value: Option<&str>, date: Option<&str>, now: UtcMillis) -> Option<u64> {
    let value = value?.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // Too many digits for a number is a very long time.
        return Some(
            value
                .parse()
                .unwrap_or(MAX_RETRY_AFTER)
                .min(MAX_RETRY_AFTER),
        );
    }
    let until = httpdate::parse_http_date(value).ok()?;
    let from = date
        .and_then(|date| httpdate::parse_http_date(date).ok())
        .or_else(|| {
            let millis = u64::try_from(now.0).ok()?;
            std::time::UNIX_EPOCH.checked_add(std::time::Duration::from_millis(millis))
        })?;
    let wait = until.duration_since(from).unwrap_or_default().as_secs();
    Some(wait.min(MAX_RETRY_AFTER))
}

/// What an answer means for a request that only reads, from its status and its challenge.
pub fn finding_of(answer: &Answer) -> Option<Finding> {
    match finding_of_status(answer.status) {
        Some(Finding::Forbidden) if answer.insufficient_scope => Some(Finding::ScopeTooNarrow),
        other => other,
    }
}

fn with_query(url: &Url, authentication: &Authentication) -> Url {
    let mut url = url.clone();
    if !authentication.query.is_empty() {
        let mut pairs = url.query_pairs_mut();
        for (name, secret) in &authentication.query {
            // EXPOSE: the key in the query parameter that the settings name.
            pairs.append_pair(name, secret.expose());
        }
    }
    url
}

fn headers(authentication: &Authentication) -> HeaderMap {
    authentication.headers.iter().cloned().collect()
}

pub(crate) fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = text(headers, CONTENT_TYPE.as_str())?;
    let media = value.split(';').next().unwrap_or_default();
    Some(media.trim().to_ascii_lowercase())
}

pub(crate) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
