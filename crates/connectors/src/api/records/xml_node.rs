//! An XML element as a value: attributes as `@name`, children by their names, a child that comes
//! more than once as a list, text as the value itself, or as `#text` beside others. Prefixes of namespaces are
//! dropped. One child alone is no list: whoever reads a record allows for both.

use quick_xml::XmlVersion;
use quick_xml::events::BytesStart;
use serde_json::{Map, Value};

use super::name_values::insert;
use crate::failure::Finding;

/// An element whose end has not come.
#[derive(Default)]
pub(super) struct Node {
    pub(super) name: String,
    fields: Map<String, Value>,
    text: String,
}

impl Node {
    /// From a start tag.
    pub(super) fn open(tag: &BytesStart<'_>) -> Result<Self, Finding> {
        let mut node = Self {
            name: tag.local_name().as_ref().to_owned(),
            ..Self::default()
        };
        for (name, value) in attributes(tag)? {
            node.fields.insert(format!("@{name}"), Value::String(value));
        }
        Ok(node)
    }

    pub(super) fn add_text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub(super) fn add_child(&mut self, child: Self) {
        let name = child.name.clone();
        insert(&mut self.fields, name, child.into_value());
    }

    /// The element inside a record: a text where there is nothing but text.
    fn into_value(self) -> Value {
        if self.fields.is_empty() {
            return Value::String(self.text.trim().to_owned());
        }
        Value::Object(self.into_fields())
    }

    /// The element as a record, an object in any case.
    pub(super) fn into_fields(mut self) -> Map<String, Value> {
        let text = self.text.trim();
        if !text.is_empty() {
            let text = Value::String(text.to_owned());
            self.fields.insert("#text".to_owned(), text);
        }
        self.fields
    }
}

/// The attributes of a tag without declarations of namespaces; only the five entities are known.
pub(super) fn attributes(tag: &BytesStart<'_>) -> Result<Vec<(String, String)>, Finding> {
    let mut found = Vec::new();
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|_| Finding::NotJson)?;
        if attribute.key.as_ref().starts_with("xmlns") {
            continue;
        }
        let value = attribute
            .normalized_value(XmlVersion::Explicit1_0)
            .map_err(|_| Finding::NotJson)?;
        found.push((
            attribute.key.local_name().as_ref().to_owned(),
            value.into_owned(),
        ));
    }
    Ok(found)
}
