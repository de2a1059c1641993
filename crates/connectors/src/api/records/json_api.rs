//! JSON:API 1.1. A resource reads as an object of its attributes, with `id` and `type`, and with what
//! each relationship points to under the relationship's name: the resource out of `included` where it is
//! there, else its `id` and `type`. Only one level is followed, so that no two resources that point to
//! each other can grow without end.

use std::collections::HashMap;
use std::io::BufRead;

use serde_json::{Map, Value};

use super::budget::{Budget, Budgeted};
use super::record::weight_of;
use super::sink::Sink;
use super::{MAX_RECORD, path};
use crate::failure::Finding;

/// Most bytes of a page: `included` stands after the records, so that all of it must be kept.
const MAX_PAGE: u64 = 8 * 1024 * 1024;

/// Most memory of one record with what it points to, in bytes.
const MAX_RESOLVED: usize = 8 * 1024 * 1024;

type Included = HashMap<(String, String), Value>;

pub(super) fn read<R: BufRead>(
    input: &mut Budgeted<'_, R>,
    budget: &Budget,
    sink: &mut Sink<'_>,
) -> Result<(), Finding> {
    budget.allow(MAX_PAGE);
    let mut body: Value = serde_json::from_reader(input).map_err(|_| budget.finding())?;
    budget.allow(MAX_RECORD);
    if !sink.facts.take_from(&body, &sink.wanted) {
        return Err(Finding::AnswerTooLarge);
    }
    let included = by_identity(body.get_mut("included").map(Value::take));
    let place = match sink.list.as_str() {
        "" => "data",
        path => path,
    };
    let list = match &mut body {
        Value::Object(fields) => path::in_object_mut(fields, place),
        _ => None,
    };
    let Some(Value::Array(resources)) = list.map(Value::take) else {
        return Err(Finding::NoListAtPath);
    };
    for resource in resources {
        sink.take(flat(resource, &included)?)?;
    }
    Ok(())
}

/// The included resources by type and id.
fn by_identity(included: Option<Value>) -> Included {
    let Some(Value::Array(resources)) = included else {
        return Included::new();
    };
    resources
        .into_iter()
        .filter_map(|resource| Some((identity(&resource)?, own_fields(resource)?)))
        .collect()
}

fn identity(resource: &Value) -> Option<(String, String)> {
    let kind = resource.get("type")?.as_str()?.to_owned();
    Some((kind, path::text_of(resource.get("id")?)?))
}

/// A resource without its relationships.
fn own_fields(resource: Value) -> Option<Value> {
    let Value::Object(mut resource) = resource else {
        return None;
    };
    Some(Value::Object(attributes_of(&mut resource)))
}

/// Attributes with `id` and `type`; where an attribute has one of these names, which the format
/// forbids, the identity counts.
fn attributes_of(resource: &mut Map<String, Value>) -> Map<String, Value> {
    let mut fields = match resource.remove("attributes") {
        Some(Value::Object(attributes)) => attributes,
        _ => Map::new(),
    };
    for name in ["id", "type"] {
        if let Some(value) = resource.remove(name) {
            fields.insert(name.to_owned(), value);
        }
    }
    fields
}

/// A resource as a record. What is no resource stays as it is and is none.
fn flat(resource: Value, included: &Included) -> Result<Value, Finding> {
    let Value::Object(mut resource) = resource else {
        return Ok(resource);
    };
    let mut fields = attributes_of(&mut resource);
    let Some(Value::Object(relationships)) = resource.remove("relationships") else {
        return Ok(Value::Object(fields));
    };
    let mut weight = 0;
    for (name, mut relationship) in relationships {
        let Some(target) = relationship.get_mut("data").map(Value::take) else {
            continue;
        };
        let value = match target {
            Value::Array(targets) => {
                let mut found = Vec::with_capacity(targets.len());
                for target in targets {
                    found.push(resolved(target, included, &mut weight)?);
                }
                Value::Array(found)
            }
            target => resolved(target, included, &mut weight)?,
        };
        fields.entry(name).or_insert(value);
    }
    Ok(Value::Object(fields))
}

fn resolved(target: Value, included: &Included, weight: &mut usize) -> Result<Value, Finding> {
    let Some(found) = identity(&target).and_then(|identity| included.get(&identity)) else {
        return Ok(target);
    };
    // A small page can point to one large resource a million times.
    *weight += weight_of(found);
    if *weight > MAX_RESOLVED {
        return Err(Finding::AnswerTooLarge);
    }
    Ok(found.clone())
}
