//! A connector as a TOML file: export, import, `--from`, `--set`. No secret is ever in one.
//! Unknown keys are errors that name line and key; no line of the file is quoted back, because
//! people paste keys where they do not belong.

use serde::de::Error as _;
use toml::de::{DeTable, DeValue};
use toml::{Table, Value};

use crate::error::{Error, FieldError, FieldRule, Result};
use crate::settings::ConnectorSettings;

/// Reads one connector or several (`[[connector]]` tables) from `text`.
/// Not checked yet: call [`crate::validate::check`] on each.
pub fn parse(text: &str) -> Result<Vec<ConnectorSettings>> {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Several {
        connector: Vec<ConnectorSettings>,
    }
    let table = DeTable::parse(text).map_err(|error| syntax_error(text, &error))?;
    if table
        .get_ref()
        .get("connector")
        .is_some_and(|value| value.get_ref().is_array())
    {
        toml::from_str::<Several>(text)
            .map(|several| several.connector)
            .map_err(|error| syntax_error(text, &error))
    } else {
        toml::from_str::<ConnectorSettings>(text)
            .map(|settings| vec![settings])
            .map_err(|error| syntax_error(text, &error))
    }
}

/// Adds the line of each field to its message, as far as the field stands in `text`.
/// `index` is the position among several connectors.
pub fn with_lines(text: &str, index: usize, fields: Vec<FieldError>) -> Vec<FieldError> {
    let Ok(table) = DeTable::parse(text) else {
        return fields;
    };
    fields
        .into_iter()
        .map(|mut field| {
            if let Some(line) = line_of(text, table.get_ref(), index, &field.field) {
                field.message = format!("line {line}: {}", field.message);
            }
            field
        })
        .collect()
}

/// Writes connectors so that [`parse`] reads the same: one as a plain file, several as
/// `[[connector]]` tables. What is at its default and would only be clutter is left out.
pub fn write(connectors: &[ConnectorSettings]) -> Result<String> {
    let mut tables = Vec::with_capacity(connectors.len());
    for settings in connectors {
        let mut table = Table::try_from(settings)
            .map_err(|source| Error::internal("write a connector as TOML", source))?;
        prune(&mut table);
        tables.push(table);
    }
    let document = match <[Table; 1]>::try_from(tables) {
        Ok([only]) => only,
        Err(tables) => {
            let list = tables.into_iter().map(Value::Table).collect();
            Table::from_iter([("connector".to_owned(), Value::Array(list))])
        }
    };
    toml::to_string(&document)
        .map_err(|source| Error::internal("write a connector as TOML", source))
}

/// Sets one dotted key, e.g. `endpoints.base` or `auth.headers`. The value is read as TOML where it
/// is TOML that fits (`true`, `60`, `["a"]`), else as text; an empty value removes the key.
pub fn set(settings: &ConnectorSettings, key: &str, value: &str) -> Result<ConnectorSettings> {
    let table =
        Table::try_from(settings).map_err(|source| Error::internal("change a setting", source))?;
    let text = Value::String(value.to_owned());
    let candidates = if value.is_empty() {
        vec![None, Some(text)]
    } else {
        let parsed = toml::from_str::<Table>(&format!("value = {value}"))
            .ok()
            .filter(|one| one.len() == 1)
            .and_then(|mut one| one.remove("value"));
        vec![parsed, Some(text)]
    };
    let mut refusal = None;
    for candidate in candidates {
        if candidate.is_none() && !value.is_empty() {
            continue;
        }
        let mut changed = table.clone();
        put(&mut changed, key, key, candidate)?;
        match changed.try_into::<ConnectorSettings>() {
            Ok(settings) => return Ok(settings),
            Err(error) => refusal = refusal.or(Some(error)),
        }
    }
    let error = refusal.unwrap_or_else(|| toml::de::Error::custom("cannot be set"));
    let rule = if error.message().starts_with("unknown field") {
        FieldRule::Unknown
    } else {
        FieldRule::Pattern
    };
    Err(Error::field(key, rule, one_line(error.message())))
}

/// The dotted keys in which two settings differ, for the history; never their values.
pub fn differences(before: &ConnectorSettings, after: &ConnectorSettings) -> Result<Vec<String>> {
    let make = |settings: &ConnectorSettings| {
        Table::try_from(settings).map_err(|source| Error::internal("compare settings", source))
    };
    let mut found = Vec::new();
    compare("", &make(before)?, &make(after)?, &mut found);
    Ok(found)
}

fn compare(prefix: &str, before: &Table, after: &Table, found: &mut Vec<String>) {
    let mut keys: Vec<&String> = before.keys().chain(after.keys()).collect();
    keys.sort();
    keys.dedup();
    for key in keys {
        let name = if prefix.is_empty() {
            key.clone()
        } else {
            format!("{prefix}.{key}")
        };
        match (before.get(key), after.get(key)) {
            (Some(Value::Table(one)), Some(Value::Table(two))) => compare(&name, one, two, found),
            (one, two) if one != two => found.push(name),
            _ => {}
        }
    }
}

fn put(table: &mut Table, whole: &str, key: &str, value: Option<Value>) -> Result<()> {
    match key.split_once('.') {
        None => {
            match value {
                Some(value) => table.insert(key.to_owned(), value),
                None => table.remove(key),
            };
            Ok(())
        }
        Some((first, rest)) => {
            let inner = table
                .entry(first)
                .or_insert_with(|| Value::Table(Table::new()))
                .as_table_mut()
                .ok_or_else(|| {
                    Error::field(whole, FieldRule::Unknown, "there is no such setting")
                })?;
            put(inner, whole, rest, value)
        }
    }
}

/// Drops empty tables and lists and the switch that is off by default.
fn prune(table: &mut Table) {
    let keys: Vec<String> = table.keys().cloned().collect();
    for key in keys {
        let clutter = match table.get_mut(&key) {
            Some(Value::Table(inner)) => {
                prune(inner);
                inner.is_empty()
            }
            Some(Value::Array(list)) => {
                list.iter_mut()
                    .filter_map(Value::as_table_mut)
                    .for_each(prune);
                list.is_empty()
            }
            Some(Value::Boolean(false)) => key == "allow_http_loopback" || key == "secret",
            _ => false,
        };
        if clutter {
            table.remove(&key);
        }
    }
}

/// A syntax or shape error as a sentence with line and key, without the line itself.
pub(crate) fn syntax_error(text: &str, error: &toml::de::Error) -> Error {
    let line = error.span().map(|span| line_at(text, span.start));
    let place = line.map_or_else(String::new, |line| format!("line {line}: "));
    let rule = if error.message().starts_with("unknown field") {
        FieldRule::Unknown
    } else {
        FieldRule::Pattern
    };
    let key = error
        .message()
        .strip_prefix("unknown field `")
        .and_then(|rest| rest.split('`').next())
        .unwrap_or("file");
    Error::field(key, rule, format!("{place}{}", one_line(error.message())))
}

/// The parser's message on one line and without the value that it quotes. What was expected stands
/// at the end, so that no value can pretend to be it.
fn one_line(message: &str) -> String {
    let quoting = [
        ("invalid type: ", "not of the right type"),
        ("invalid value: ", "not a value of it"),
        ("unknown variant ", "not a known word"),
    ];
    let found = quoting.iter().find(|(start, _)| message.starts_with(start));
    let unquoted = match (found, message.rfind(", expected ")) {
        (Some((_, said)), Some(at)) => format!("{said}{}", &message[at..]),
        (Some((_, said)), None) => (*said).to_owned(),
        (None, _) => message.to_owned(),
    };
    unquoted.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn line_at(text: &str, offset: usize) -> usize {
    text.as_bytes()
        .iter()
        .take(offset)
        .filter(|byte| **byte == b'\n')
        .count()
        + 1
}

fn line_of(text: &str, root: &DeTable<'_>, index: usize, field: &str) -> Option<usize> {
    let mut table = root;
    if let Some(DeValue::Array(list)) = root.get("connector").map(toml::Spanned::get_ref) {
        table = list.get(index)?.get_ref().as_table()?;
    }
    let mut line = None;
    for part in field.split('.') {
        let name = part.split('[').next().unwrap_or(part);
        let value = table.get(name)?;
        line = Some(line_at(text, value.span().start));
        match value.get_ref() {
            DeValue::Table(inner) => table = inner,
            _ => break,
        }
    }
    line
}
