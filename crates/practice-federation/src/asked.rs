//! What a request carries, the slice of a list it gets, and short ways to answer.

use axum::Json;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use url::form_urlencoded;

/// The query parameters of a request, in order.
pub(crate) struct Asked(Vec<(String, String)>);

impl Asked {
    pub(crate) fn of(uri: &Uri) -> Self {
        let query = uri.query().unwrap_or_default();
        Self(
            form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
        )
    }

    /// The first value under this name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let mut pairs = self.0.iter();
        pairs
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.as_str())
    }

    /// The number under this name: `absent` without one, `None` if it is no whole number from 0.
    pub(crate) fn number(&self, name: &str, absent: usize) -> Option<usize> {
        match self.get(name) {
            None => Some(absent),
            Some(value) => value.parse().ok(),
        }
    }

    /// The parameters whose names do not begin so, encoded and with `&` behind each, to be kept in links.
    pub(crate) fn others(&self, prefix: &str) -> String {
        let mut kept = String::new();
        for (name, value) in self.0.iter().filter(|(name, _)| !name.starts_with(prefix)) {
            let pair = form_urlencoded::Serializer::new(String::new())
                .append_pair(name, value)
                .finish();
            kept.push_str(&pair);
            kept.push('&');
        }
        kept
    }

    /// True if one of these names is there with a value.
    pub(crate) fn has_one_of(&self, names: &[&str]) -> bool {
        names
            .iter()
            .any(|name| self.get(name).is_some_and(|value| !value.is_empty()))
    }
}

/// The records from `start` on, at most `size`; empty after the end.
pub(crate) fn slice<T>(list: &[T], start: usize, size: usize) -> &[T] {
    let start = start.min(list.len());
    let end = start.saturating_add(size).min(list.len());
    &list[start..end]
}

/// The value of a header, if it is text.
pub(crate) fn header_text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    std::str::from_utf8(headers.get(name)?.as_bytes()).ok()
}

/// What follows a scheme in `Authorization`.
pub(crate) fn after_scheme<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a str> {
    let value = header_text(headers, header::AUTHORIZATION.as_str())?;
    let (found, rest) = value.split_once(' ')?;
    found
        .eq_ignore_ascii_case(scheme)
        .then(|| rest.trim_start())
}

/// JSON with a status.
pub(crate) fn json(status: u16, body: Value) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, Json(body)).into_response()
}

/// A body of another kind.
pub(crate) fn typed(
    status: u16,
    content_type: &'static str,
    body: impl Into<axum::body::Body>,
) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(header::CONTENT_TYPE, content_type)], body.into()).into_response()
}
