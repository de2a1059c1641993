//! A list somewhere in a JSON document, read while the document arrives. Entries are given away one
//! by one; facts may stand before the list or after it; everything else is skipped and never kept.

use std::fmt;
use std::io::BufRead;

use serde::Deserialize;
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::Value;

use super::budget::{Budget, Budgeted};
use super::facts::Fact;
use super::sink::Sink;
use super::{MAX_RECORD, path};
use crate::failure::Finding;

/// Most bytes that are skipped in one piece: a reader keeps a byte for each level of nesting.
const MAX_SKIPPED: u64 = 16 * 1024 * 1024;

/// Makes an entry of the list a record of the format.
pub(super) type Shape = fn(Value) -> Value;

/// Reads a document; the list is at the configured path, else at `usual`.
pub(super) fn read<R: BufRead>(
    input: &mut Budgeted<'_, R>,
    budget: &Budget,
    sink: &mut Sink<'_>,
    usual: &str,
    shape: Option<Shape>,
) -> Result<(), Finding> {
    let list = match sink.list.as_str() {
        "" => usual.to_owned(),
        path => path.to_owned(),
    };
    let wanted = sink.wanted.clone();
    let targets = wanted
        .iter()
        .map(|(fact, path)| (Target::Fact(*fact), path.as_str()))
        .chain(std::iter::once((Target::List, list.as_str())))
        .collect();
    let mut walk = Walk {
        sink,
        budget,
        shape,
        found: false,
    };
    // Its limit of 128 levels stands between nested brackets and the end of the stack.
    let mut document = serde_json::Deserializer::from_reader(input);
    let place = Place {
        walk: &mut walk,
        targets,
    };
    place
        .deserialize(&mut document)
        .and_then(|()| document.end())
        .map_err(|_| budget.finding())?;
    if walk.found {
        Ok(())
    } else {
        Err(Finding::NoListAtPath)
    }
}

/// What is looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    List,
    Fact(Fact),
}

/// One reading.
struct Walk<'a, 's> {
    sink: &'a mut Sink<'s>,
    budget: &'a Budget,
    shape: Option<Shape>,
    found: bool,
}

impl Walk<'_, '_> {
    /// Ends the reading for a reason that the parser does not know.
    fn end<E: serde::de::Error>(&self, finding: Finding) -> E {
        E::custom(self.budget.stop(finding))
    }
}

/// A value of the document, with what is looked for at it and below it.
struct Place<'w, 'a, 's, 'p> {
    walk: &'w mut Walk<'a, 's>,
    targets: Vec<(Target, &'p str)>,
}

impl Place<'_, '_, '_, '_> {
    fn is_list(&self) -> bool {
        self.targets.contains(&(Target::List, ""))
    }

    /// A plain value: the facts that stand here.
    fn plain<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        for (target, rest) in self.targets {
            if let (Target::Fact(fact), "") = (target, rest)
                && !self.walk.sink.facts.set(fact, text)
            {
                return Err(self.walk.end(Finding::AnswerTooLarge));
            }
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Place<'_, '_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, document: D) -> Result<(), D::Error> {
        if self.targets.is_empty() {
            self.walk.budget.allow(MAX_SKIPPED);
            IgnoredAny::deserialize(document)?;
            self.walk.budget.allow(MAX_RECORD);
            return Ok(());
        }
        document.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Place<'_, '_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: serde::de::Error>(self, flag: bool) -> Result<(), E> {
        self.plain(if flag { "true" } else { "false" })
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<(), E> {
        self.plain(&number.to_string())
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<(), E> {
        self.plain(&number.to_string())
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<(), E> {
        self.plain(&number.to_string())
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        self.plain(text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        if self.is_list() {
            return entries(self.walk, list);
        }
        for index in 0_u64.. {
            let place = Place {
                targets: narrowed(&self.targets, &index.to_string()),
                walk: &mut *self.walk,
            };
            place.walk.budget.allow(MAX_RECORD);
            if list.next_element_seed(place)?.is_none() {
                break;
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        loop {
            self.walk.budget.allow(MAX_RECORD);
            let Some(targets) = object.next_key_seed(Key(&self.targets))? else {
                return Ok(());
            };
            let place = Place {
                walk: &mut *self.walk,
                targets,
            };
            object.next_value_seed(place)?;
        }
    }
}

/// The entries of the list itself.
fn entries<'de, A: SeqAccess<'de>>(walk: &mut Walk<'_, '_>, mut list: A) -> Result<(), A::Error> {
    if walk.found {
        return Err(walk.end(Finding::NotJson));
    }
    walk.found = true;
    loop {
        walk.budget.allow(MAX_RECORD);
        let Some(entry) = list.next_element::<Value>()? else {
            return Ok(());
        };
        let entry = match walk.shape {
            Some(shape) => shape(entry),
            None => entry,
        };
        walk.sink
            .take(entry)
            .map_err(|finding| A::Error::custom(walk.budget.stop(finding)))?;
    }
}

/// A key, as far as it leads to something.
struct Key<'k, 'p>(&'k [(Target, &'p str)]);

impl<'de, 'p> DeserializeSeed<'de> for Key<'_, 'p> {
    type Value = Vec<(Target, &'p str)>;

    fn deserialize<D: Deserializer<'de>>(self, document: D) -> Result<Self::Value, D::Error> {
        document.deserialize_str(self)
    }
}

impl<'p> Visitor<'_> for Key<'_, 'p> {
    type Value = Vec<(Target, &'p str)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<Self::Value, E> {
        let mut found = narrowed(self.0, key);
        // A link may be an object with `href` and more (JSON:API §Links, HAL).
        if key == "href" {
            let next = (Target::Fact(Fact::Next), "");
            found.extend(self.0.contains(&next).then_some(next));
        }
        Ok(found)
    }
}

fn narrowed<'p>(targets: &[(Target, &'p str)], key: &str) -> Vec<(Target, &'p str)> {
    targets
        .iter()
        .filter(|(_, rest)| !rest.is_empty())
        .filter_map(|(target, rest)| Some((*target, path::below(rest, key)?)))
        .collect()
}
