//! One record through the prepared fields. Mapping and explaining are the same run, so that no explanation differs from what
//! was done.

use std::borrow::Cow;

use serde_json::Value;

use super::prepare::{Prepared, Step};
use super::{FieldTrace, Mapped, Problem, ProblemKind, Warning};
use crate::api::records::Record;
use crate::api::records::path;
use crate::members::transform::date::{self, DateEvidence, DateOrder};
use crate::members::transform::{
    Reading, WarningKind, address, email, full_name, name_case, phone, postcode, trim,
};
use crate::members::{MemberField, MemberValues};

/// Most characters of a value. Notes of a page are longer than names of the world, and a broken export can put a whole file
/// into one value.
const LONGEST: usize = 4000;

/// Maps a record, and writes down how where `traces` is given.
pub(super) fn run(
    fields: &[Prepared],
    order: DateOrder,
    record: &Record,
    mut traces: Option<&mut Vec<FieldTrace>>,
) -> Mapped {
    let mut values = MemberValues::default();
    let mut warnings = Vec::new();
    let mut shares: Vec<Share> = Vec::new();
    for prepared in fields {
        if !prepared.is_on {
            if let Some(traces) = traces.as_deref_mut() {
                traces.push(FieldTrace::off(prepared.field));
            }
            continue;
        }
        let found = find(prepared, record);
        let (value, warning) = read(prepared, &found, order, &mut shares);
        if prepared.field.is_kept() {
            values.set(prepared.field, value.as_deref());
        }
        if let Some(kind) = warning {
            warnings.push(Warning {
                field: prepared.field,
                kind,
            });
        }
        if let Some(traces) = traces.as_deref_mut() {
            traces.push(FieldTrace {
                field: prepared.field,
                source: found.source(prepared),
                raw: found.text().map(str::to_owned),
                after: value
                    .filter(|_| prepared.field.is_kept())
                    .map(Cow::into_owned),
                warning,
                is_off: false,
            });
        }
    }
    share_out(shares, fields, &mut values, traces);
    let problem = problem(fields, &values, &warnings);
    Mapped {
        values,
        warnings,
        problem,
    }
}

/// Counts what the dates of a record say.
pub(super) fn note_dates(fields: &[Prepared], record: &Record, evidence: &mut DateEvidence) {
    for prepared in fields.iter().filter(|prepared| prepared.is_on) {
        if prepared.steps.iter().any(|step| matches!(step, Step::Date))
            && let Some(text) = find(prepared, record).text()
        {
            evidence.note(text);
        }
    }
}

/// A value that one field's text gave to another.
struct Share {
    from: MemberField,
    to: MemberField,
    value: String,
}

/// What stands in a record for a field.
enum Found<'r> {
    Nothing,
    /// A list or an object.
    NotPlain(usize),
    /// The text, and which paths it comes from.
    Text(Cow<'r, str>, Vec<usize>),
}

impl Found<'_> {
    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text, _) => Some(text),
            Self::Nothing | Self::NotPlain(_) => None,
        }
    }

    fn source(&self, prepared: &Prepared) -> Option<String> {
        let paths: Vec<&str> = match self {
            Self::Nothing => return None,
            Self::NotPlain(at) => prepared
                .from
                .get(*at)
                .map(String::as_str)
                .into_iter()
                .collect(),
            Self::Text(_, at) => at
                .iter()
                .filter_map(|at| prepared.from.get(*at))
                .map(String::as_str)
                .collect(),
        };
        (!paths.is_empty()).then(|| paths.join(" + "))
    }
}

fn find<'r>(prepared: &'r Prepared, record: &'r Record) -> Found<'r> {
    if let Some(constant) = &prepared.constant {
        return Found::Text(Cow::Borrowed(constant), Vec::new());
    }
    let mut not_plain = None;
    let mut joined: Option<(String, Vec<usize>)> = None;
    for (at, path) in prepared.from.iter().enumerate() {
        let Some(value) = path::in_object(record.fields(), path) else {
            continue;
        };
        let Some(text) = plain_text(value) else {
            not_plain = not_plain.or(Some(at));
            continue;
        };
        if text.trim().is_empty() {
            continue;
        }
        match (&prepared.join, &mut joined) {
            (None, _) => return Found::Text(text, vec![at]),
            (Some(_), None) => joined = Some((text.trim().to_owned(), vec![at])),
            (Some(between), Some((whole, paths))) => {
                whole.push_str(between);
                whole.push_str(text.trim());
                paths.push(at);
            }
        }
    }
    match (joined, not_plain) {
        (Some((text, paths)), _) => Found::Text(Cow::Owned(text), paths),
        (None, Some(at)) => Found::NotPlain(at),
        (None, None) => Found::Nothing,
    }
}

/// A plain value as text; nothing is empty, and so is an empty list or object.
fn plain_text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Null => Some(Cow::Borrowed("")),
        Value::Array(list) if list.is_empty() => Some(Cow::Borrowed("")),
        Value::Object(fields) if fields.is_empty() => Some(Cow::Borrowed("")),
        other => path::text_of(other).map(Cow::Owned),
    }
}

/// The value after all transforms, and what a person should know of it. The first warning counts: later ones follow
/// from it.
fn read<'f>(
    prepared: &'f Prepared,
    found: &'f Found<'_>,
    order: DateOrder,
    shares: &mut Vec<Share>,
) -> (Option<Cow<'f, str>>, Option<WarningKind>) {
    let text = match found {
        Found::Nothing => return (None, None),
        Found::NotPlain(_) => return (None, Some(WarningKind::NotPlain)),
        Found::Text(text, _) => text.as_ref(),
    };
    if text.len() > LONGEST && text.chars().count() > LONGEST {
        return (None, Some(WarningKind::TooLong));
    }
    let mut value = Cow::Borrowed(text);
    let mut warning = None;
    for step in &prepared.steps {
        let changed = match apply(step, prepared.field, &value, order, shares) {
            Reading::Read(read) if read == value => None,
            Reading::Read(read) => Some(read.into_owned()),
            Reading::Verbatim(kind) => {
                warning = warning.or(Some(kind));
                None
            }
            Reading::Refused(kind) => return (None, warning.or(Some(kind))),
        };
        if let Some(changed) = changed {
            value = Cow::Owned(changed);
        }
        if value.is_empty() {
            return (None, warning);
        }
    }
    if prepared
        .check
        .as_ref()
        .is_some_and(|check| !check.accepts(&value))
    {
        warning = warning.or(Some(WarningKind::CheckFailed));
    }
    (Some(value), warning)
}

fn apply<'t>(
    step: &'t Step,
    field: MemberField,
    text: &'t str,
    order: DateOrder,
    shares: &mut Vec<Share>,
) -> Reading<'t> {
    match step {
        Step::Trim => Reading::Read(trim::trim(text)),
        Step::NameCase(part) => Reading::Read(name_case::name_case(text, *part)),
        Step::Phone(country) => phone::phone(text, *country),
        Step::Date => date::date(text, order),
        Step::EpochMilliseconds => date::epoch_milliseconds(text),
        Step::EpochSeconds => date::epoch_seconds(text),
        Step::Email => email::email(text),
        Step::Postcode => Reading::Read(postcode::postcode(text)),
        Step::Status(words) => words.read(text),
        Step::Gender(words) => words.read(text),
        Step::Lookup(table) => table.read(text),
        Step::SplitName => {
            let (first, last) = full_name::split(text);
            let parts = [
                (MemberField::FirstName, first),
                (MemberField::LastName, last),
            ];
            shares.extend(parts.map(|(to, value)| Share {
                from: field,
                to,
                value,
            }));
            Reading::Read(Cow::Borrowed(text))
        }
        Step::SplitAddress => {
            let parts = address::split(text);
            let others = [
                (MemberField::AddressLine2, parts.line_2),
                (MemberField::Town, parts.town),
                (MemberField::County, parts.county),
                (MemberField::Postcode, parts.postcode),
            ];
            shares.extend(others.map(|(to, value)| Share {
                from: field,
                to,
                value,
            }));
            Reading::Read(Cow::Owned(parts.line_1))
        }
    }
}

/// Gives the shares to the fields that have no value of their own.
fn share_out(
    shares: Vec<Share>,
    fields: &[Prepared],
    values: &mut MemberValues,
    mut traces: Option<&mut Vec<FieldTrace>>,
) {
    for Share { from, to, value } in shares {
        if value.is_empty() || values.get(to).is_some() {
            continue;
        }
        values.set(to, Some(&value));
        let Some(traces) = traces.as_deref_mut() else {
            continue;
        };
        let parent = traces.iter().find(|trace| trace.field == from);
        let (source, raw) = parent.map_or((None, None), |parent| {
            (parent.source.clone(), parent.raw.clone())
        });
        if fields.iter().any(|prepared| prepared.field == to) {
            traces.retain(|trace| trace.field != to);
        }
        traces.push(FieldTrace {
            field: to,
            source,
            raw,
            after: Some(value),
            warning: None,
            is_off: false,
        });
    }
}

/// The first required field without a value.
fn problem(fields: &[Prepared], values: &MemberValues, warnings: &[Warning]) -> Option<Problem> {
    let lacking =
        |prepared: &&Prepared| prepared.required && values.get(kept_as(prepared.field)).is_none();
    let prepared = fields.iter().find(lacking)?;
    let lost = |warning: &Warning| warning.field == prepared.field && warning.kind.loses_value();
    let kind = if warnings.iter().any(lost) {
        ProblemKind::Unreadable
    } else {
        ProblemKind::Missing
    };
    Some(Problem {
        field: kept_as(prepared.field),
        kind,
    })
}

/// A whole name is there when the surname is: it is what a member is found by.
fn kept_as(field: MemberField) -> MemberField {
    if field == MemberField::FullName {
        MemberField::LastName
    } else {
        field
    }
}

impl FieldTrace {
    fn off(field: MemberField) -> Self {
        Self {
            field,
            source: None,
            raw: None,
            after: None,
            warning: None,
            is_off: true,
        }
    }
}
