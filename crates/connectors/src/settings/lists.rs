//! How a federation's lists are read: their pages, their records, and what its answers mean.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How a list is cut into pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PagingStyle {
    /// Page number and size.
    Page,
    /// Offset and size.
    Offset,
    /// A cursor out of the last answer.
    Cursor,
    /// A link in the body.
    LinkBody,
    /// A `Link` header (RFC 8288).
    LinkHeader,
    /// The last row's own keys.
    Keyset,
    /// The whole list at once.
    #[default]
    None,
}

/// Paging.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct PagingSettings {
    /// The style.
    pub style: PagingStyle,
    /// The number of the first page: 0 or 1; of `offset`, the first offset.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub start: Option<u32>,
    /// The query parameter of the page, offset or cursor.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub page_param: Option<String>,
    /// The query parameter of the size.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub size_param: Option<String>,
    /// Records per page, 1 to 10,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub size: Option<u32>,
    /// Dotted path to the list in the answer; empty or absent: the answer itself is the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub records: Option<String>,
    /// `cursor`: dotted path to the next cursor; `link_body`: dotted path to the address of the next page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub next: Option<String>,
    /// Dotted path to a boolean that says whether another page follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub more: Option<String>,
    /// Dotted path to the number of records in all pages together.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub total: Option<String>,
    /// Dotted path to the number of pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub total_pages: Option<String>,
    /// The header that holds the number of records, e.g. `X-Pagination-Total-Count`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub total_header: Option<String>,
    /// The header that holds the number of pages, e.g. `X-Pagination-Page-Count`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub total_pages_header: Option<String>,
    /// `keyset`: query parameters and the dotted paths in the last record that fill them, e.g.
    /// `{ "last-updated" = "lastUpdated", "last-id" = "id" }`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub keys: BTreeMap<String, String>,
}

/// How the records of an answer are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RecordFormat {
    /// A list of objects somewhere in a JSON document.
    #[default]
    Json,
    /// JSON:API 1.1: `data[]` with `attributes`, and what they point to in `included[]`.
    JsonApi,
    /// Collection+JSON: `collection.items[].data[]` of names and values.
    CollectionJson,
    /// Elements of an XML document; the list's path ends with the element's name.
    Xml,
    /// Lines of a CSV file with a header (RFC 4180, and what people make of it).
    Csv,
}

/// A list of names and values inside a record that is to be read as an object: with `path =
/// "FieldValues"`, `name = "FieldName"` and `value = "Value"`, `[{"FieldName":"City","Value":"Cork"}]` reads as
/// `FieldValues.City`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct NameValueSettings {
    /// Dotted path to the list in the record.
    pub path: String,
    /// The key of the name.
    pub name: String,
    /// The key of the value.
    pub value: String,
}

/// How records are read out of an answer. Where they are is `paging.records`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct RecordSettings {
    /// The format.
    pub format: RecordFormat,
    /// Lists of names and values that are read as objects.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub name_values: Vec<NameValueSettings>,
    /// `csv`: the character between two fields; found out by itself where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub delimiter: Option<String>,
}

/// What an answer means at this federation where its status alone misleads. All given conditions must
/// hold; the first rule that does decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ErrorRule {
    /// HTTP status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub status: Option<u16>,
    /// Dotted path in the JSON body that must be there, e.g. `errors.0.code`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub path: Option<String>,
    /// The value at `path`, as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub value: Option<String>,
    /// What it means.
    pub means: ErrorMeaning,
}

/// What a rule of a preset can make of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ErrorMeaning {
    /// The credentials were refused.
    Unauthorised,
    /// Signed in, and not allowed.
    Forbidden,
    /// What was asked for does not exist.
    NotFound,
    /// Too many requests.
    RateLimited,
    /// The federation has a problem of its own.
    ServerError,
    /// The request, hence the settings, are wrong.
    RequestRefused,
}
