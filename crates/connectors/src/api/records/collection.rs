//! Collection+JSON (M. Amundsen, 2013): an item is a list of names and values, and links by their
//! relation. It reads as an object of its names; `href` and `links` are added where no name is one.

use serde_json::{Map, Value};

use super::name_values::{folded, insert};

/// An item as a record; what has no `data` list stays as it is and is none.
pub(super) fn item(entry: Value) -> Value {
    let Value::Object(mut item) = entry else {
        return entry;
    };
    let Some(Value::Array(data)) = item.remove("data") else {
        return Value::Null;
    };
    let mut fields = folded(data, "name", "value");
    if let Some(href @ Value::String(_)) = item.remove("href") {
        fields.entry("href").or_insert(href);
    }
    if let Some(Value::Array(links)) = item.remove("links") {
        let mut by_relation = Map::new();
        for mut link in links {
            let href = link.get_mut("href").map(Value::take);
            if let (Some(relation), Some(href)) = (link.get("rel").and_then(Value::as_str), href) {
                insert(&mut by_relation, relation.to_owned(), href);
            }
        }
        if !by_relation.is_empty() {
            fields.entry("links").or_insert(Value::Object(by_relation));
        }
    }
    Value::Object(fields)
}
