//! Dotted paths into an answer: `data.items`, `links.next.href`, `errors.0.code`. A key may hold dots
//! itself (`@odata.nextLink` of OData): a key matches where it is the start of what is left of the path.

use serde_json::{Map, Value};

/// The path without empty names, as it is compared.
#[must_use]
pub fn tidy(path: &str) -> String {
    let names: Vec<&str> = path.split('.').filter(|name| !name.is_empty()).collect();
    names.join(".")
}

/// What is left of `path` below `key`; empty where `key` is the place itself.
#[must_use]
pub fn below<'p>(path: &'p str, key: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(key)?;
    match rest.strip_prefix('.') {
        Some(rest) => Some(rest),
        None => rest.is_empty().then_some(rest),
    }
}

/// What stands at a tidy `path`.
#[must_use]
pub fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    if path.is_empty() {
        return Some(value);
    }
    match value {
        Value::Object(fields) => in_object(fields, path),
        Value::Array(list) => {
            let (index, rest) = path.split_once('.').unwrap_or((path, ""));
            at(list.get(index.parse::<usize>().ok()?)?, rest)
        }
        _ => None,
    }
}

/// What stands at a tidy `path` in an object; the shortest key that leads there counts.
#[must_use]
pub fn in_object<'v>(fields: &'v Map<String, Value>, path: &str) -> Option<&'v Value> {
    ends(path).find_map(|end| at(fields.get(&path[..end])?, rest(path, end)))
}

/// The same, to be changed.
pub fn in_object_mut<'v>(fields: &'v mut Map<String, Value>, path: &str) -> Option<&'v mut Value> {
    let end = ends(path).find(|end| {
        fields
            .get(&path[..*end])
            .is_some_and(|found| at(found, rest(path, *end)).is_some())
    })?;
    let found = fields.get_mut(&path[..end])?;
    match (rest(path, end), found) {
        ("", found) => Some(found),
        (rest, Value::Object(inner)) => in_object_mut(inner, rest),
        _ => None,
    }
}

/// Where the first key of a path may end.
fn ends(path: &str) -> impl Iterator<Item = usize> {
    let dots = path.match_indices('.').map(|(at, _)| at);
    dots.chain(std::iter::once(path.len()))
}

/// What is left of a path after a key that ends there.
fn rest(path: &str, end: usize) -> &str {
    path[end..].trim_start_matches('.')
}

/// A plain value as text; none for a list, an object and nothing.
#[must_use]
pub fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
