//! Words of closed sets in columns: the same words as on the wire, out of the same serde names.

use rusqlite::Row;
use rusqlite::types::{FromSqlError, Type};
use serde::Serialize;
use serde::de::{DeserializeOwned, IntoDeserializer, value::Error as ValueError};
use uuid::Uuid;

/// The word of a unit variant.
pub(super) fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        // Only unit variants are given; an empty word would be refused when it is read.
        _ => String::new(),
    }
}

/// The word of a unit variant, or nothing.
pub(super) fn optional_word<T: Serialize>(value: Option<&T>) -> Option<String> {
    value.map(word)
}

/// The variant of a word, if the set has it.
pub(super) fn from_word<T: DeserializeOwned>(word: &str) -> Option<T> {
    T::deserialize(IntoDeserializer::<ValueError>::into_deserializer(word)).ok()
}

/// Reads a column that holds a word.
pub(super) fn word_at<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text = row.get_ref(column)?.as_str()?;
    from_word(text).ok_or_else(|| unusable(column, Type::Text))
}

/// Reads a column that holds a word or nothing.
pub(super) fn optional_word_at<T: DeserializeOwned>(
    row: &Row<'_>,
    column: usize,
) -> rusqlite::Result<Option<T>> {
    match row.get_ref(column)?.as_str_or_null()? {
        None => Ok(None),
        Some(text) => from_word(text)
            .map(Some)
            .ok_or_else(|| unusable(column, Type::Text)),
    }
}

/// Reads an identifier.
pub(super) fn id_at(row: &Row<'_>, column: usize) -> rusqlite::Result<Uuid> {
    let bytes = row.get_ref(column)?.as_blob()?;
    Uuid::from_slice(bytes).map_err(|_| unusable(column, Type::Blob))
}

/// Reads an identifier or nothing.
pub(super) fn optional_id_at(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Uuid>> {
    match row.get_ref(column)?.as_blob_or_null()? {
        None => Ok(None),
        Some(bytes) => Uuid::from_slice(bytes)
            .map(Some)
            .map_err(|_| unusable(column, Type::Blob)),
    }
}

/// How an identifier is bound.
pub(super) fn blob(id: &Uuid) -> &[u8] {
    id.as_bytes().as_slice()
}

/// How an identifier that may be missing is bound.
pub(super) fn optional_blob(id: Option<&Uuid>) -> Option<&[u8]> {
    id.map(blob)
}

fn unusable(column: usize, kind: Type) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, kind, Box::new(FromSqlError::InvalidType))
}
