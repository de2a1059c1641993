//! The values of one member, by field. Absent and empty are the same: nothing is kept for it.

use std::fmt;

use serde::de::{self, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::MemberField;

/// Values by field, in their canonical form: dates `YYYY-MM-DD`, telephones as E.164 where they could be read.
/// Its `Debug` tells the fields and no value: members include children.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct MemberValues {
    values: [Option<Box<str>>; MemberField::ALL.len()],
}

impl MemberValues {
    /// The value of a field.
    #[must_use]
    pub fn get(&self, field: MemberField) -> Option<&str> {
        self.values[field as usize].as_deref()
    }

    /// Sets a value; an empty one removes it.
    pub fn set(&mut self, field: MemberField, value: Option<&str>) {
        self.values[field as usize] = value.filter(|value| !value.is_empty()).map(Box::from);
    }

    /// The fields that have a value, in order.
    pub fn iter(&self) -> impl Iterator<Item = (MemberField, &str)> {
        MemberField::ALL
            .into_iter()
            .filter_map(|field| Some((field, self.get(field)?)))
    }

    /// Whether no field has a value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.iter().all(Option::is_none)
    }
}

impl FromIterator<(MemberField, String)> for MemberValues {
    fn from_iter<T: IntoIterator<Item = (MemberField, String)>>(pairs: T) -> Self {
        let mut values = Self::default();
        for (field, value) in pairs {
            values.set(field, Some(&value));
        }
        values
    }
}

impl fmt::Debug for MemberValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields: Vec<&str> = self.iter().map(|(field, _)| field.as_str()).collect();
        f.debug_tuple("MemberValues").field(&fields).finish()
    }
}

impl Serialize for MemberValues {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (field, value) in self.iter() {
            map.serialize_entry(field.as_str(), value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for MemberValues {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = MemberValues;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of member fields")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<MemberValues, A::Error> {
                let mut values = MemberValues::default();
                while let Some(word) = map.next_key::<String>()? {
                    let Some(field) = MemberField::of_word(&word) else {
                        return Err(de::Error::custom("an unknown member field"));
                    };
                    values.set(field, Some(&map.next_value::<String>()?));
                }
                Ok(values)
            }
        }
        deserializer.deserialize_map(Fields)
    }
}
