//! The `oauth2` library's way to the network: our `send`, once, 64 KiB at most, no redirect. What the
//! library forgets of an answer (status, Retry-After) is kept here.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

use oauth2::http;
use oauth2::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::Method;
use reqwest::header::AUTHORIZATION;
use url::Url;
use zeroize::Zeroizing;

use crate::api::authenticate::Authentication;
use crate::api::client::HttpClient;
use crate::api::send::{JSON, Outgoing, Request, SendFailure, send};
use crate::auth::token_answer::{is_object, is_shallow};
use crate::clock::UtcMillis;
use crate::failure::Finding;

/// Most bytes of a token endpoint's answer.
const MAX_BODY: usize = 64 * 1024;
/// What a form is called on the wire.
const FORM: &str = "application/x-www-form-urlencoded";

/// What the last answer was, since the library forgets it.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    /// HTTP status.
    pub(super) status: Option<u16>,
    /// Seconds until it may be tried again.
    pub(super) retry_after: Option<u64>,
}

/// The library's way to the network: our `send`.
pub(super) struct Wire<'a> {
    client: &'a HttpClient,
    now: UtcMillis,
    /// Whether a success holds anything; that of a revocation does not (RFC 7009 §2.2).
    reads_success: bool,
    seen: Mutex<Seen>,
}

impl<'a> Wire<'a> {
    pub(super) fn new(client: &'a HttpClient, now: UtcMillis) -> Self {
        Self {
            client,
            now,
            reads_success: true,
            seen: Mutex::default(),
        }
    }

    /// For a request whose success holds nothing.
    pub(super) fn without_an_answer(self) -> Self {
        Self {
            reads_success: false,
            ..self
        }
    }

    pub(super) fn seen(&self) -> Seen {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    async fn carry(&self, request: HttpRequest) -> Result<HttpResponse, SendFailure> {
        let failed = |finding, status| SendFailure {
            finding,
            status,
            ms: 0,
        };
        let (parts, bytes) = request.into_parts();
        let url = Url::parse(&parts.uri.to_string())
            .map_err(|_| failed(Finding::SettingUnusable, None))?;
        let mut authentication = Authentication::default();
        for (name, value) in &parts.headers {
            if name == AUTHORIZATION {
                let mut value = value.clone();
                value.set_sensitive(true);
                authentication.headers.push((name.clone(), value));
            }
        }
        let answer = send(
            self.client,
            Request {
                method: Method::POST,
                url: &url,
                authentication: &authentication,
                body: Some(Outgoing {
                    content_type: FORM.to_owned(),
                    bytes: Zeroizing::new(bytes),
                }),
                read_errors: true,
                accept: JSON,
                max_body: MAX_BODY,
                now: self.now,
            },
        )
        .await?;
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Seen {
            status: Some(answer.status),
            retry_after: answer.retry_after,
        };
        let status = Some(answer.status);
        let success = (200..300).contains(&answer.status);
        // The media type is part of the promise (RFC 6749 §5.1); an absent one is forgiven.
        let is_json = answer
            .content_type
            .as_deref()
            .is_none_or(|media| media == "application/json");
        if (300..400).contains(&answer.status) {
            return Err(failed(Finding::RedirectedElsewhere, status));
        }
        let whole = || is_json && is_shallow(&answer.body) && is_object(&answer.body);
        if success && self.reads_success && !whole() {
            return Err(failed(Finding::TokenUnusable, status));
        }
        // The library takes 200 only; other successes are as good.
        let told = if success { 200 } else { answer.status };
        http::Response::builder()
            .status(told)
            .body(answer.body)
            .map_err(|_| failed(Finding::Internal, status))
    }
}

impl<'c> AsyncHttpClient<'c> for Wire<'_> {
    type Error = SendFailure;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, SendFailure>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.carry(request))
    }
}
