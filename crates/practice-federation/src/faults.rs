//! What can go wrong on demand, and its text form. How a fault is carried out is in `injection`.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use thiserror::Error;

use crate::oauth::{REVOKE_PATH, TOKEN_PATH};
use crate::oauth_faults::{RedirectFault, TokenFault};

/// Longest delay, in milliseconds: ten minutes.
const MAX_DELAY: u64 = 600_000;

/// What may stand behind `token=`.
const TOKEN_WORDS: &str = "one of no-access-token, no-token-type, mac, expires-string, \
     expires-zero, expires-negative, expires-huge, narrow-scope, no-refresh, empty-refresh, deep, \
     duplicate-keys, form, empty, huge, drip, gzip-bomb, redirect and lost";

/// What may stand behind `authorize=`.
const AUTHORIZE_WORDS: &str = "one of wrong-state, no-state, wrong-iss, no-iss, code-twice, \
     code-and-error, fragment and server-error";

/// A fault: what goes wrong, and for which requests.
///
/// Its text form, read by `FromStr` and written by `Display`, is a kind and then options, with
/// commas between: `status=503`, `status=429,retry-after=7`, `delay=5000`, `cut`, `reset`, `html`,
/// `truncated`, `empty`, `not-a-list`, `not-objects`, `token=WHAT` (see [`TokenFault`]),
/// `revoke=503`, `authorize=WHAT` (see [`RedirectFault`]), each with `count=N`, `skip=N` and
/// `path=/PREFIX` if wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What goes wrong.
    pub kind: FaultKind,
    /// Matching requests that pass unharmed first.
    pub skip: u32,
    /// Matching requests that are then hit; all if `None`.
    pub count: Option<u32>,
    /// Only requests whose path begins so, such as `/key/v1/members`; all if `None`.
    pub path_prefix: Option<String>,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// An error instead of the answer.
    Status {
        /// 400 to 599.
        code: u16,
        /// Value of a `Retry-After` header, in seconds.
        retry_after: Option<u32>,
    },
    /// The answer comes this many milliseconds later.
    Delay(u64),
    /// The connection closes in the middle of the body.
    Cut,
    /// The connection is reset before the answer.
    Reset,
    /// A login page with status 200 instead of JSON.
    Html,
    /// Half of the JSON, sent as if it were whole.
    TruncatedJson,
    /// Lists have no records, and their totals are 0. Other endpoints answer as ever.
    EmptyList,
    /// JSON that has no list where the records should be. Lists only.
    NotAList,
    /// Records that are texts instead of objects. Lists only.
    NotObjects,
    /// A spoilt answer of `/oauth/token`.
    Token(TokenFault),
    /// This error, 400 to 599, instead of the answer of `/oauth/revoke`.
    Revoke(u16),
    /// A spoilt way back from `/oauth/authorize` to the client.
    Authorize(RedirectFault),
}

impl FaultKind {
    /// True if the fault can spoil an answer from this path. Ways back to a client are spoilt where
    /// they are made, because not every request for the sign-in page ends in one.
    pub(crate) fn concerns(self, path: &str) -> bool {
        match self {
            Self::EmptyList | Self::NotAList | Self::NotObjects => {
                // A twin's lists have shapes of their own, which these faults do not know.
                let is_list = path.ends_with("/members") || path.ends_with("/clubs");
                is_list && !path.starts_with("/twin/")
            }
            Self::Token(_) => path == TOKEN_PATH,
            Self::Revoke(_) => path == REVOKE_PATH,
            Self::Authorize(_) => false,
            _ => true,
        }
    }
}

impl Fault {
    /// The fault for every request.
    pub fn new(kind: FaultKind) -> Self {
        Self {
            kind,
            skip: 0,
            count: None,
            path_prefix: None,
        }
    }

    /// An error status for every request.
    pub fn status(code: u16) -> Self {
        Self::new(FaultKind::Status {
            code,
            retry_after: None,
        })
    }

    /// Hits this many requests, then stops.
    #[must_use]
    pub fn times(self, count: u32) -> Self {
        Self {
            count: Some(count),
            ..self
        }
    }

    /// Lets this many requests pass first.
    #[must_use]
    pub fn after(self, skip: u32) -> Self {
        Self { skip, ..self }
    }

    /// Hits only requests whose path begins so.
    #[must_use]
    pub fn on_path(self, prefix: impl Into<String>) -> Self {
        Self {
            path_prefix: Some(prefix.into()),
            ..self
        }
    }
}

/// A fault that is set, and what it has done so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultReport {
    /// Names it until the server stops; never used twice.
    pub id: u64,
    /// The fault.
    pub fault: Fault,
    /// Requests it let pass because of [`Fault::skip`].
    pub passed: u32,
    /// Requests it has hit.
    pub hits: u32,
}

impl FaultReport {
    /// True once it has hit as many requests as it may.
    pub fn is_used_up(&self) -> bool {
        self.fault.count.is_some_and(|count| self.hits >= count)
    }
}

/// Why a text is not a fault.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FaultParseError {
    /// The first word is no kind.
    #[error(
        "there is no fault `{0}`; allowed are status=CODE, delay=MILLISECONDS, cut, reset, html, \
         truncated, empty, not-a-list, not-objects, token=WHAT, revoke=CODE and authorize=WHAT"
    )]
    UnknownKind(String),
    /// A later word is no option.
    #[error(
        "there is no option `{0}`; allowed are count=N, skip=N, path=/PREFIX and, with status, \
         retry-after=SECONDS"
    )]
    UnknownOption(String),
    /// A word that needs a value has none, or one out of range.
    #[error("`{name}` needs {expected}, not `{found}`")]
    BadValue {
        /// The word.
        name: &'static str,
        /// What stands after it.
        found: String,
        /// What is allowed.
        expected: &'static str,
    },
    /// A kind that takes no value has one.
    #[error("`{0}` takes no value; options such as count=N follow after a comma")]
    UnexpectedValue(&'static str),
    /// An option stands twice.
    #[error("`{0}` is given twice; each option is allowed once")]
    Repeated(&'static str),
    /// `retry-after` without `status`.
    #[error("retry-after=SECONDS is allowed with status=CODE only")]
    RetryAfterWithoutStatus,
}

impl FromStr for Fault {
    type Err = FaultParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut words = text.split(',').map(str::trim);
        let mut fault = Self::new(kind(words.next().unwrap_or_default())?);
        let mut given = Vec::new();
        for word in words {
            let (name, value) = split(word);
            let name = ["count", "skip", "path", "retry-after"]
                .into_iter()
                .find(|option| *option == name)
                .ok_or_else(|| FaultParseError::UnknownOption(word.to_owned()))?;
            if given.contains(&name) {
                return Err(FaultParseError::Repeated(name));
            }
            given.push(name);
            let whole = "a whole number from 0 to 4294967295";
            match name {
                "count" => {
                    fault.count = Some(number(
                        name,
                        value,
                        &(1..=u32::MAX),
                        "a whole number from 1",
                    )?);
                }
                "skip" => fault.skip = number(name, value, &(0..=u32::MAX), whole)?,
                "path" => fault.path_prefix = Some(path(value)?),
                _ => match &mut fault.kind {
                    FaultKind::Status { retry_after, .. } => {
                        *retry_after = Some(number(name, value, &(0..=u32::MAX), whole)?);
                    }
                    _ => return Err(FaultParseError::RetryAfterWithoutStatus),
                },
            }
        }
        Ok(fault)
    }
}

fn kind(word: &str) -> Result<FaultKind, FaultParseError> {
    let (name, value) = split(word);
    if let Some(kind) = oauth_kind(name, value) {
        return kind;
    }
    let (name, kind) = match name {
        "status" => {
            let code = number("status", value, &(400..=599), "a status from 400 to 599")?;
            return Ok(FaultKind::Status {
                code,
                retry_after: None,
            });
        }
        "delay" => {
            let expected = "milliseconds from 1 to 600000";
            return Ok(FaultKind::Delay(number(
                "delay",
                value,
                &(1..=MAX_DELAY),
                expected,
            )?));
        }
        "cut" => ("cut", FaultKind::Cut),
        "reset" => ("reset", FaultKind::Reset),
        "html" => ("html", FaultKind::Html),
        "truncated" => ("truncated", FaultKind::TruncatedJson),
        "empty" => ("empty", FaultKind::EmptyList),
        "not-a-list" => ("not-a-list", FaultKind::NotAList),
        "not-objects" => ("not-objects", FaultKind::NotObjects),
        _ => return Err(FaultParseError::UnknownKind(word.to_owned())),
    };
    match value {
        None => Ok(kind),
        Some(_) => Err(FaultParseError::UnexpectedValue(name)),
    }
}

/// The kinds that concern the authorization server.
fn oauth_kind(name: &str, value: Option<&str>) -> Option<Result<FaultKind, FaultParseError>> {
    let found = value.unwrap_or_default();
    let bad = |name, expected| FaultParseError::BadValue {
        name,
        found: found.to_owned(),
        expected,
    };
    Some(match name {
        "token" => TokenFault::ALL
            .into_iter()
            .find(|fault| fault.text() == found)
            .map(FaultKind::Token)
            .ok_or_else(|| bad("token", TOKEN_WORDS)),
        "authorize" => RedirectFault::ALL
            .into_iter()
            .find(|fault| fault.text() == found)
            .map(FaultKind::Authorize)
            .ok_or_else(|| bad("authorize", AUTHORIZE_WORDS)),
        "revoke" => {
            number("revoke", value, &(400..=599), "a status from 400 to 599").map(FaultKind::Revoke)
        }
        _ => return None,
    })
}

fn split(word: &str) -> (&str, Option<&str>) {
    match word.split_once('=') {
        Some((name, value)) => (name.trim(), Some(value.trim())),
        None => (word, None),
    }
}

fn number<N: FromStr + PartialOrd>(
    name: &'static str,
    value: Option<&str>,
    allowed: &RangeInclusive<N>,
    expected: &'static str,
) -> Result<N, FaultParseError> {
    let value = value.unwrap_or_default();
    match value.parse() {
        Ok(number) if allowed.contains(&number) => Ok(number),
        _ => Err(FaultParseError::BadValue {
            name,
            found: value.to_owned(),
            expected,
        }),
    }
}

fn path(value: Option<&str>) -> Result<String, FaultParseError> {
    match value {
        Some(value) if value.starts_with('/') => Ok(value.to_owned()),
        other => Err(FaultParseError::BadValue {
            name: "path",
            found: other.unwrap_or_default().to_owned(),
            expected: "the beginning of a path, such as /key/v1/members",
        }),
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status {
                code,
                retry_after: None,
            } => write!(f, "status={code}"),
            Self::Status {
                code,
                retry_after: Some(seconds),
            } => {
                write!(f, "status={code},retry-after={seconds}")
            }
            Self::Delay(milliseconds) => write!(f, "delay={milliseconds}"),
            Self::Cut => f.write_str("cut"),
            Self::Reset => f.write_str("reset"),
            Self::Html => f.write_str("html"),
            Self::TruncatedJson => f.write_str("truncated"),
            Self::EmptyList => f.write_str("empty"),
            Self::NotAList => f.write_str("not-a-list"),
            Self::NotObjects => f.write_str("not-objects"),
            Self::Token(fault) => write!(f, "token={}", fault.text()),
            Self::Revoke(code) => write!(f, "revoke={code}"),
            Self::Authorize(fault) => write!(f, "authorize={}", fault.text()),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)?;
        if let Some(count) = self.count {
            write!(f, ",count={count}")?;
        }
        if self.skip > 0 {
            write!(f, ",skip={}", self.skip)?;
        }
        if let Some(prefix) = &self.path_prefix {
            write!(f, ",path={prefix}")?;
        }
        Ok(())
    }
}
