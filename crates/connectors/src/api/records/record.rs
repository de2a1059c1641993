//! One record as it came: an object with named fields. It holds data of people, so that its `Debug`
//! shows how many fields there are and nothing else.

use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::{Map, Value};

/// Bytes that a value takes beside its text, about.
const PER_VALUE: usize = 40;

/// One record.
#[derive(Clone, PartialEq, Eq)]
pub struct Record(Map<String, Value>);

impl Record {
    /// Takes an object.
    #[must_use]
    pub fn new(fields: Map<String, Value>) -> Self {
        Self(fields)
    }

    /// Its fields.
    #[must_use]
    pub fn fields(&self) -> &Map<String, Value> {
        &self.0
    }

    /// Its fields, to keep.
    #[must_use]
    pub fn into_fields(self) -> Map<String, Value> {
        self.0
    }

    /// A number for the whole content, the same for the same fields in any order. Different
    /// records have the same one with a chance of 2^-64. It is for comparing within one run.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        of_fields(&self.0)
    }

    /// About how many bytes of memory it takes.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.0
            .iter()
            .map(|(name, value)| PER_VALUE + name.len() + weight_of(value))
            .sum()
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Record({} fields)", self.0.len())
    }
}

fn of_fields(fields: &Map<String, Value>) -> u64 {
    fields.iter().fold(0, |sum: u64, (name, value)| {
        let mut hasher = DefaultHasher::new();
        name.hash(&mut hasher);
        hash_value(value, &mut hasher);
        sum.wrapping_add(hasher.finish())
    })
}

fn hash_value(value: &Value, hasher: &mut DefaultHasher) {
    match value {
        Value::Null => 0_u8.hash(hasher),
        Value::Bool(flag) => (1_u8, flag).hash(hasher),
        Value::Number(number) => (2_u8, number).hash(hasher),
        Value::String(text) => (3_u8, text).hash(hasher),
        Value::Array(list) => {
            (4_u8, list.len()).hash(hasher);
            for entry in list {
                hash_value(entry, hasher);
            }
        }
        Value::Object(fields) => (5_u8, of_fields(fields)).hash(hasher),
    }
}

pub(super) fn weight_of(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => PER_VALUE,
        Value::String(text) => PER_VALUE + text.len(),
        Value::Array(list) => PER_VALUE + list.iter().map(weight_of).sum::<usize>(),
        Value::Object(fields) => fields.iter().fold(PER_VALUE, |sum, (name, value)| {
            sum + PER_VALUE + name.len() + weight_of(value)
        }),
    }
}
