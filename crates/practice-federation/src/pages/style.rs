//! How a page is asked for and what stands around its rows.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::rows::{self, write_fields};
use super::window::{Start, Window, window};
use super::{Wanted, as_json, bad};
use crate::asked::Asked;
use crate::members::Member;
use crate::problem::Problem;
use crate::state::Shared;

/// A way of paging that has a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Page0,
    Page1,
    Offset,
    Cursor,
    LinkBody,
    LinkHeader,
    Path,
    HeaderTotals,
    None,
}

/// What stands around the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Envelope {
    /// `{data, links, page}`
    Foireann,
    /// `{content, number, size, totalElements, totalPages, first, last, …}`
    Spring,
    /// Nothing but the array.
    Bare,
}

impl Envelope {
    pub(super) fn by_name(name: &str) -> Option<Self> {
        match name {
            "foireann" => Some(Self::Foireann),
            "spring" => Some(Self::Spring),
            "bare" => Some(Self::Bare),
            _ => None,
        }
    }
}

impl Style {
    /// The styles of `/paging/NAME`; that of the path has a route of its own.
    pub(super) fn by_name(name: &str) -> Option<Self> {
        match name {
            "page0" => Some(Self::Page0),
            "page1" => Some(Self::Page1),
            "offset" => Some(Self::Offset),
            "cursor" => Some(Self::Cursor),
            "link_body" => Some(Self::LinkBody),
            "link_header" => Some(Self::LinkHeader),
            "header_totals" => Some(Self::HeaderTotals),
            "none" => Some(Self::None),
            _ => None,
        }
    }

    pub(super) fn size_parameter(self) -> &'static str {
        match self {
            Self::Offset => "limit",
            Self::HeaderTotals => "per_page",
            _ => "size",
        }
    }

    /// The parameter that says where a page begins.
    fn place_parameter(self) -> &'static str {
        match self {
            Self::Offset => "offset",
            Self::Cursor => "cursor",
            _ => "page",
        }
    }

    /// Where the page begins; `None` if the parameter says nothing.
    pub(super) fn start(self, asked: &Asked) -> Option<Start> {
        match self {
            Self::None | Self::Path => Some(Start::Page(0)),
            Self::Page0 | Self::LinkBody | Self::LinkHeader => {
                asked.number("page", 0).map(Start::Page)
            }
            Self::Page1 | Self::HeaderTotals => {
                let page = asked.number("page", 1)?;
                page.checked_sub(1).map(Start::Page)
            }
            Self::Offset => asked.number("offset", 0).map(Start::Offset),
            Self::Cursor => match asked.get("cursor") {
                None => Some(Start::Offset(0)),
                Some(cursor) => {
                    let decoded = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
                    decoded.strip_prefix("at:")?.parse().ok().map(Start::Offset)
                }
            },
        }
    }

    /// How the page behind this many rows is asked for.
    fn place(self, rows_before: usize, size: usize) -> String {
        match self {
            Self::Offset => rows_before.to_string(),
            Self::Cursor => URL_SAFE_NO_PAD.encode(format!("at:{rows_before}")),
            Self::Page1 | Self::HeaderTotals => (rows_before / size + 1).to_string(),
            _ => (rows_before / size).to_string(),
        }
    }

    fn usual_envelope(self) -> Envelope {
        match self {
            Self::LinkHeader | Self::HeaderTotals | Self::None => Envelope::Bare,
            Self::Page1 => Envelope::Spring,
            _ => Envelope::Foireann,
        }
    }

    /// Whether the body says where the next page is. Only then is there no other way to learn it.
    fn needs_envelope(self) -> bool {
        matches!(self, Self::Cursor | Self::LinkBody)
    }
}

/// The page at `start`.
pub(super) fn answer(
    style: Style,
    shared: &Arc<Shared>,
    uri: &Uri,
    wanted: &Wanted,
    start: Start,
    size: usize,
) -> Result<Response, Problem> {
    let envelope = wanted.envelope.unwrap_or(style.usual_envelope());
    if style.needs_envelope() && envelope == Envelope::Bare {
        return Err(bad(
            "A bare array has no place for the way to the next page.",
        ));
    }
    let page = window(wanted.count, start, size, wanted.fault);
    let address = |rows_before: usize| {
        let place = style.place(rows_before, page.size);
        if style == Style::Path {
            let query = uri
                .query()
                .map_or_else(String::new, |query| format!("?{query}"));
            return format!("{}/paging/path/{place}/{size}{query}", shared.origin());
        }
        let kept = wanted.asked.others(style.place_parameter());
        let name = style.place_parameter();
        format!("{}{}?{kept}{name}={place}", shared.origin(), uri.path())
    };
    let next = page.has_more.then(|| address(page.next));
    let (head, tail) = around(style, envelope, &page, next.as_deref(), &address);
    let rows = page.rows.clone();
    let body = if wanted.is_club {
        let shared = Arc::clone(shared);
        rows::body(head, rows, tail, move |out, index| {
            write_member(out, &shared.twin_members[index]);
        })
    } else {
        rows::body(head, rows, tail, write_fields)
    };
    let headers = headers(style, &page, next.as_deref());
    Ok((headers, as_json(body)).into_response())
}

/// Writes a member's object, without its braces.
fn write_member(out: &mut String, member: &Member) {
    let whole = serde_json::to_string(member).unwrap_or_default();
    let members = whole.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
    out.push_str(members.unwrap_or_default());
}

/// What stands before and behind the rows.
fn around(
    style: Style,
    envelope: Envelope,
    page: &Window,
    next: Option<&str>,
    address: &dyn Fn(usize) -> String,
) -> (String, String) {
    let last = page.pages.saturating_sub(1);
    let (name, mut rest) = match envelope {
        Envelope::Bare => return ("[".to_owned(), "]".to_owned()),
        Envelope::Foireann => ("data", Map::new()),
        Envelope::Spring => (
            "content",
            Map::from_iter([
                ("number".to_owned(), json!(page.page)),
                ("size".to_owned(), json!(page.size)),
                ("numberOfElements".to_owned(), json!(page.rows.len())),
                ("totalElements".to_owned(), json!(page.total)),
                ("totalPages".to_owned(), json!(page.pages)),
                ("first".to_owned(), json!(page.page == 0)),
                ("last".to_owned(), json!(next.is_none())),
                ("empty".to_owned(), json!(page.rows.is_empty())),
            ]),
        ),
    };
    if style == Style::Cursor {
        // A cursor knows no numbers of pages; it stands in `metadata`, as it does at PlayHQ.
        let cursor = next.map(|_| style.place(page.next, page.size));
        let metadata = json!({ "hasMore": page.has_more, "nextCursor": cursor });
        rest.insert("metadata".to_owned(), metadata);
    } else if envelope == Envelope::Foireann || style == Style::LinkBody {
        let href = |address: String| json!({ "href": address });
        let at = |page_number: usize| href(address(page_number.saturating_mul(page.size)));
        let mut links = Map::new();
        links.insert("self".to_owned(), at(page.page));
        links.insert("first".to_owned(), at(0));
        if page.page > 0 {
            links.insert("prev".to_owned(), at((page.page - 1).min(last)));
        }
        if let Some(next) = next {
            links.insert("next".to_owned(), href(next.to_owned()));
        }
        links.insert("last".to_owned(), at(last));
        rest.insert("links".to_owned(), Value::Object(links));
    }
    if envelope == Envelope::Foireann && style != Style::Cursor {
        let numbers = if style == Style::Offset {
            json!({ "offset": page.page.saturating_mul(page.size), "limit": page.size, "total": page.total })
        } else {
            json!({
                "page": page.page,
                "size": page.size,
                "totalPages": page.pages,
                "totalElements": page.total,
            })
        };
        rest.insert("page".to_owned(), numbers);
    }
    let rest = Value::Object(rest).to_string();
    // `{"a":1}` behind the rows is `,"a":1}`.
    let tail = match rest.strip_prefix('{') {
        Some(members) if members.len() > 1 => format!("],{members}"),
        _ => "]}".to_owned(),
    };
    (format!("{{\"{name}\":["), tail)
}

fn headers(style: Style, page: &Window, next: Option<&str>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if style == Style::HeaderTotals {
        for (name, value) in [
            ("x-pagination-total-count", page.total),
            ("x-pagination-page-count", page.pages),
            ("x-pagination-current-page", page.page.saturating_add(1)),
            ("x-pagination-per-page", page.size),
        ] {
            headers.insert(name, HeaderValue::from(value));
        }
    }
    if matches!(style, Style::LinkHeader | Style::HeaderTotals)
        && let Some(Ok(value)) =
            next.map(|it| HeaderValue::try_from(format!("<{it}>; rel=\"next\"")))
    {
        headers.insert(header::LINK, value);
    }
    headers
}
