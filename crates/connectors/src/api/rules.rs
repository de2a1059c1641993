//! What an answer means at one federation where its status alone misleads: the rules of the settings. Pure.

use reqwest::header::{HeaderMap, WWW_AUTHENTICATE};
use serde_json::Value;

use crate::api::answer::finding_of_status;
use crate::api::send::text;
use crate::failure::Finding;
use crate::settings::{ErrorMeaning, ErrorRule};

/// Most bytes of the body of an error that are looked at.
pub const ERROR_BODY: usize = 64 * 1024;

/// What a status means, with the two that headers and usage make more precise.
#[must_use]
pub fn finding_of_head(status: u16, headers: &HeaderMap) -> Option<Finding> {
    match finding_of_status(status) {
        Some(Finding::Forbidden)
            if text(headers, WWW_AUTHENTICATE.as_str())
                .is_some_and(|challenge| challenge.contains("insufficient_scope")) =>
        {
            Some(Finding::ScopeTooNarrow)
        }
        // 408: the request did not arrive whole in time, which is nobody's setting.
        Some(Finding::RequestRefused) if status == 408 => Some(Finding::AnswerTimeout),
        other => other,
    }
}

/// Whether the body decides about an answer of this status.
#[must_use]
pub fn need_body(rules: &[ErrorRule], status: u16) -> bool {
    rules
        .iter()
        .any(|rule| rule.path.is_some() && rule.status.is_none_or(|one| one == status))
}

/// What the first rule that fits makes of an answer. A body that is no JSON fits no rule with a path.
#[must_use]
pub fn meaning(rules: &[ErrorRule], status: u16, body: &[u8]) -> Option<Finding> {
    // Parsed once, and only where a rule looks inside.
    let value: Option<Value> = if need_body(rules, status) {
        serde_json::from_slice(body).ok()
    } else {
        None
    };
    rules
        .iter()
        .find(|rule| fits(rule, status, value.as_ref()))
        .map(|rule| match rule.means {
            ErrorMeaning::Unauthorised => Finding::Unauthorised,
            ErrorMeaning::Forbidden => Finding::Forbidden,
            ErrorMeaning::NotFound => Finding::NotFound,
            ErrorMeaning::RateLimited => Finding::RateLimited,
            ErrorMeaning::ServerError => Finding::ServerError,
            ErrorMeaning::RequestRefused => Finding::RequestRefused,
        })
}

fn fits(rule: &ErrorRule, status: u16, body: Option<&Value>) -> bool {
    if rule.status.is_none() && rule.path.is_none() {
        // It would fit everything.
        return false;
    }
    if rule.status.is_some_and(|wanted| wanted != status) {
        return false;
    }
    let Some(path) = &rule.path else {
        return true;
    };
    let Some(found) = body.and_then(|body| at(body, path)) else {
        return false;
    };
    match &rule.value {
        None => !found.is_null(),
        Some(wanted) => as_text(found).is_some_and(|text| text == *wanted),
    }
}

/// What stands at a dotted path; a number is the place in a list.
pub(crate) fn at<'a>(body: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.')
        .filter(|name| !name.is_empty())
        .try_fold(body, |place, name| match place {
            Value::Array(list) => list.get(name.parse::<usize>().ok()?),
            other => other.get(name),
        })
}

/// A single value as text.
pub(crate) fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
