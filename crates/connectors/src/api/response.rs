//! A whole answer, as a caller of `request` gets it.

use std::fmt;

use bytes::Bytes;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

use crate::api::address::RedactedUrl;
use crate::failure::Finding;

/// A whole answer (2xx).
pub struct ApiResponse {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// `Content-Type`, lower case, without parameters.
    pub content_type: Option<String>,
    /// The unpacked body.
    pub body: Bytes,
    /// Milliseconds of the last attempt, from sending to the last byte.
    pub ms: u64,
    /// How often it was sent.
    pub attempts: u32,
    /// The address that answered.
    pub url: RedactedUrl,
}

impl ApiResponse {
    /// Reads the body as JSON.
    ///
    /// # Errors
    /// [`Finding::NotJson`].
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Finding> {
        let text = self
            .body
            .strip_prefix(b"\xef\xbb\xbf")
            .unwrap_or(&self.body);
        serde_json::from_slice(text).map_err(|_| Finding::NotJson)
    }
}

impl fmt::Debug for ApiResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiResponse")
            .field("status", &self.status)
            .field("content_type", &self.content_type)
            .field("bytes", &self.body.len())
            .field("ms", &self.ms)
            .field("attempts", &self.attempts)
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}
