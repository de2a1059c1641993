//! What the server has seen. The log is always on and holds no value a client sent apart from the
//! path; the recorder, which holds everything, is opt-in and for tests.

use std::collections::VecDeque;
use std::fmt;

use axum::extract::Query;
use axum::http::request::Parts;

/// Only the newest are kept, so that a federation left running does not grow.
const KEPT: usize = 10_000;

/// One request as the log keeps it: names, never values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenRequest {
    /// `GET`, `POST`…
    pub method: String,
    /// The path without its query.
    pub path: String,
    /// Names of the query parameters, in order.
    pub query_names: Vec<String>,
    /// Names of the headers in lower case, in order.
    pub header_names: Vec<String>,
}

/// One request with everything it carried, for tests that started the server with
/// [`PracticeOptions::recorder`](crate::PracticeOptions::recorder). `Debug` shows no values.
#[derive(Clone, PartialEq, Eq)]
pub struct RecordedRequest {
    /// `GET`, `POST`…
    pub method: String,
    /// Path and query as received.
    pub target: String,
    /// Header names in lower case and values as bytes.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body.
    pub body: Vec<u8>,
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordedRequest")
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

/// The newest requests and the number of all.
#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    total: u64,
    seen: VecDeque<SeenRequest>,
}

impl RequestLog {
    pub(crate) fn note(&mut self, parts: &Parts) {
        self.total += 1;
        if self.seen.len() == KEPT {
            self.seen.pop_front();
        }
        let pairs = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
        self.seen.push_back(SeenRequest {
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            query_names: pairs.map_or_else(
                |_| Vec::new(),
                |Query(pairs)| pairs.into_iter().map(|(name, _)| name).collect(),
            ),
            header_names: parts
                .headers
                .keys()
                .map(|name| name.as_str().to_owned())
                .collect(),
        });
    }

    pub(crate) fn total(&self) -> u64 {
        self.total
    }

    pub(crate) fn seen(&self) -> Vec<SeenRequest> {
        self.seen.iter().cloned().collect()
    }
}
