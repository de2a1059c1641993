//! What an answer says, judged without a network: its status, whether it is data at all, and how
//! many records stand where the settings say. Counts leave here; names and values never do.

use serde_json::Value;

use crate::failure::Finding;

/// What a status means for a request that only reads. `None`: it was answered.
pub fn finding_of_status(status: u16) -> Option<Finding> {
    match status {
        200..=299 => None,
        300..=399 => Some(Finding::RedirectedElsewhere),
        401 => Some(Finding::Unauthorised),
        403 => Some(Finding::Forbidden),
        404 | 410 => Some(Finding::NotFound),
        429 => Some(Finding::RateLimited),
        400..=499 => Some(Finding::RequestRefused),
        // 1xx never ends an exchange, and nothing above 599 is defined.
        _ => Some(Finding::ServerError),
    }
}

/// Whether a web page came: by its content type, or because it starts like one.
pub fn is_web_page(content_type: Option<&str>, body: &[u8]) -> bool {
    let said = matches!(content_type, Some("text/html" | "application/xhtml+xml"));
    let start = without_mark(body).trim_ascii_start();
    said || start.first() == Some(&b'<')
}

/// A list as far as a test looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListFacts {
    /// Entries.
    pub entries: usize,
    /// The first one, where there is one.
    pub first: Option<FirstEntry>,
}

/// The first entry of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstEntry {
    /// An object with so many fields.
    Record {
        /// Number of fields.
        fields: usize,
    },
    /// A number, a text, a list: not a record.
    Other,
}

/// Reads a list out of a body. `path` is dotted; empty or absent, the body itself is the list.
///
/// # Errors
/// [`Finding::HtmlInsteadOfJson`], [`Finding::NotJson`], [`Finding::NoListAtPath`].
pub fn read_list(
    content_type: Option<&str>,
    body: &[u8],
    path: Option<&str>,
) -> Result<ListFacts, Finding> {
    if is_web_page(content_type, body) {
        return Err(Finding::HtmlInsteadOfJson);
    }
    let answer: Value = serde_json::from_slice(without_mark(body)).map_err(|_| Finding::NotJson)?;
    let list = at_path(&answer, path.unwrap_or_default())
        .and_then(Value::as_array)
        .ok_or(Finding::NoListAtPath)?;
    Ok(ListFacts {
        entries: list.len(),
        first: list.first().map(|entry| match entry {
            Value::Object(fields) => FirstEntry::Record {
                fields: fields.len(),
            },
            _ => FirstEntry::Other,
        }),
    })
}

/// What stands at `path`, a list of names with dots between them; an empty path is the whole answer.
pub fn at_path<'a>(answer: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.')
        .filter(|name| !name.is_empty())
        .try_fold(answer, |place, name| place.get(name))
}

/// Some systems put a byte order mark before their JSON (RFC 8259 §8.1 lets a reader ignore it).
fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}
