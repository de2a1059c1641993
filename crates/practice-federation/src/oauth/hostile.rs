//! Spoils the answers of the token endpoint. The answer is made first and is right; what leaves is
//! not.

use std::io::{self, Write};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::stream;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use crate::injection::whole;
use crate::oauth_faults::TokenFault;

/// More than any client should read, in bytes.
const MUCH: usize = 10 * 1024 * 1024;

/// More lists in lists than any reader should follow.
const DEPTH: usize = 10_000;

/// Seconds that a dripping answer takes, and bytes a second.
const DRIPS: usize = 120;
const DRIP: usize = 1024;

/// Spoils a successful answer; an error is left alone.
pub(crate) async fn spoil(fault: TokenFault, response: Response) -> Response {
    if !response.status().is_success() {
        return response;
    }
    let (mut parts, bytes) = whole(response).await;
    parts.headers.remove(header::CONTENT_LENGTH);
    let mut answer: Map<String, Value> = serde_json::from_slice(&bytes).unwrap_or_default();
    let body = match fault {
        TokenFault::Form => {
            parts.headers.insert(
                header::CONTENT_TYPE,
                HeaderValue::from_static("application/x-www-form-urlencoded"),
            );
            Body::from(as_form(&answer))
        }
        TokenFault::Empty => Body::empty(),
        TokenFault::Deep => {
            let nested = ["[".repeat(DEPTH), "]".repeat(DEPTH)].concat();
            Body::from(with_member(&bytes, "nested", &nested))
        }
        TokenFault::DuplicateKeys => Body::from(with_member(
            &bytes,
            "access_token",
            "\"practice-access-another\"",
        )),
        TokenFault::Huge => Body::from(much(&bytes)),
        TokenFault::GzipBomb => match packed(&much(&bytes)) {
            Ok(packed) => {
                parts
                    .headers
                    .insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
                Body::from(packed)
            }
            Err(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        },
        TokenFault::Drip => drip(bytes),
        _ => {
            change(fault, &mut answer);
            Body::from(Value::Object(answer).to_string())
        }
    };
    Response::from_parts(parts, body)
}

/// Sends the client, and with it what it would send again, to a host with another name. It is this
/// server all the same, so that a test can see whether the client came.
pub(crate) fn elsewhere(headers: &HeaderMap) -> Response {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    let (name, port) = host.rsplit_once(':').unwrap_or_default();
    let other = if name.eq_ignore_ascii_case("localhost") {
        "127.0.0.1"
    } else {
        "localhost"
    };
    match HeaderValue::try_from(format!("http://{other}:{port}/oauth/elsewhere")) {
        Ok(address) => (
            StatusCode::TEMPORARY_REDIRECT,
            [(header::LOCATION, address)],
        )
            .into_response(),
        // The host was found to be this server before, so it is text.
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The faults of single members. What a narrow scope or a kept refresh token means was settled when
/// the tokens were made.
fn change(fault: TokenFault, answer: &mut Map<String, Value>) {
    let (name, value) = match fault {
        TokenFault::NoAccessToken => ("access_token", None),
        TokenFault::NoTokenType => ("token_type", None),
        TokenFault::NoRefresh => ("refresh_token", None),
        TokenFault::EmptyRefresh => ("refresh_token", Some(json!(""))),
        TokenFault::Mac => ("token_type", Some(json!("mac"))),
        TokenFault::ExpiresString => ("expires_in", Some(json!("after lunch"))),
        TokenFault::ExpiresZero => ("expires_in", Some(json!(0))),
        TokenFault::ExpiresNegative => ("expires_in", Some(json!(-3600))),
        TokenFault::ExpiresHuge => ("expires_in", Some(json!(1e30))),
        _ => return,
    };
    match value {
        None => drop(answer.remove(name)),
        Some(value) => drop(answer.insert(name.to_owned(), value)),
    }
}

/// The object with one more member at its end, which `serde_json` would not write twice.
fn with_member(object: &[u8], name: &str, value: &str) -> Vec<u8> {
    let open = object.strip_suffix(b"}").unwrap_or(object);
    let member = format!(",\"{name}\":{value}}}");
    [open, member.as_bytes()].concat()
}

fn much(object: &[u8]) -> Vec<u8> {
    let padding = format!("\"{}\"", "x".repeat(MUCH));
    with_member(object, "padding", &padding)
}

pub(crate) fn packed(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn as_form(answer: &Map<String, Value>) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    for (name, value) in answer {
        match value {
            Value::String(text) => form.append_pair(name, text),
            other => form.append_pair(name, &other.to_string()),
        };
    }
    form.finish()
}

/// Spaces, which JSON allows, and at last the answer.
fn drip(answer: Bytes) -> Body {
    Body::from_stream(stream::unfold(Some(DRIPS), move |left| {
        let answer = answer.clone();
        async move {
            let chunk = match left? {
                0 => return Some((Ok::<_, io::Error>(answer), None)),
                _ => Bytes::from(vec![b' '; DRIP]),
            };
            tokio::time::sleep(Duration::from_secs(1)).await;
            Some((Ok(chunk), left.map(|left| left - 1)))
        }
    }))
}
