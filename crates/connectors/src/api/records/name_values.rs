//! Lists of names and values become objects: `[{"FieldName":"City","Value":"Cork"}]` reads as
//! `{"City":"Cork"}`. A name that comes twice has a list of its values; an entry without a name is
//! left out; a place that holds no list of objects stays as it is.

use serde_json::{Map, Value};

use super::path;
use crate::settings::NameValueSettings;

/// One list to fold, its path tidy.
pub(super) struct Fold {
    path: String,
    name: String,
    value: String,
}

/// The folds that the settings ask for; an incomplete one is none.
pub(super) fn folds(settings: &[NameValueSettings]) -> Vec<Fold> {
    settings
        .iter()
        .map(|one| Fold {
            path: path::tidy(&one.path),
            name: one.name.clone(),
            value: one.value.clone(),
        })
        .filter(|one| !one.path.is_empty() && !one.name.is_empty() && !one.value.is_empty())
        .collect()
}

/// Folds one list of a record in its place.
pub(super) fn fold(fields: &mut Map<String, Value>, how: &Fold) {
    let Some(place) = path::in_object_mut(fields, &how.path) else {
        return;
    };
    let foldable = match place {
        Value::Array(list) => list.iter().all(Value::is_object),
        // XML shows a list of one entry as the entry itself.
        Value::Object(one) => one.contains_key(&how.name) && one.contains_key(&how.value),
        _ => false,
    };
    if foldable {
        let list = match place.take() {
            Value::Array(list) => list,
            one => vec![one],
        };
        *place = Value::Object(folded(list, &how.name, &how.value));
    }
}

/// The entries of a list by their names.
pub(super) fn folded(list: Vec<Value>, name: &str, value: &str) -> Map<String, Value> {
    let mut found = Map::new();
    for entry in list {
        let Value::Object(mut entry) = entry else {
            continue;
        };
        let Some(key) = entry.get(name).and_then(path::text_of) else {
            continue;
        };
        let value = entry.remove(value).unwrap_or(Value::Null);
        insert(&mut found, key, value);
    }
    found
}

/// Puts a value in; a second one of the same name makes a list of both.
pub(super) fn insert(fields: &mut Map<String, Value>, name: String, value: Value) {
    match fields.get_mut(&name) {
        None => {
            fields.insert(name, value);
        }
        Some(Value::Array(list)) => list.push(value),
        Some(first) => {
            let both = vec![first.take(), value];
            *first = Value::Array(both);
        }
    }
}
