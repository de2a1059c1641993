//! Elements of an XML document, one by one. The list's path names the elements from the root down to
//! the record (`PersonList.Person`); without a path each child of the root is a record. A document
//! with a DOCTYPE is refused, so that no entity of its own is ever defined or fetched.

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use serde_json::Value;

use super::MAX_RECORD;
use super::budget::{Budget, Budgeted};
use super::facts::Fact;
use super::sink::Sink;
use super::xml_node::{Node, attributes};
use crate::failure::Finding;

/// Deepest nesting.
const MAX_DEPTH: usize = 128;

pub(super) fn read<R: BufRead>(
    input: &mut Budgeted<'_, R>,
    budget: &Budget,
    sink: &mut Sink<'_>,
) -> Result<(), Finding> {
    let mut document = Reader::from_reader(input);
    let mut walk = Walk::new(sink);
    let mut buffer = Vec::new();
    loop {
        if walk.record.is_empty() {
            budget.allow(MAX_RECORD);
        }
        let event = document
            .read_event_into(&mut buffer)
            .map_err(|_| budget.finding())?;
        match event {
            Event::Start(tag) => walk.start(&tag)?,
            Event::Empty(tag) => {
                walk.start(&tag)?;
                walk.end()?;
            }
            Event::End(_) => walk.end()?,
            Event::Text(text) => walk.text(&text.xml10_content())?,
            Event::CData(text) => walk.text(&text.xml10_content())?,
            Event::GeneralRef(name) => walk.text(&resolve(&name)?)?,
            Event::DocType(name) => {
                let html = name.trim_start().get(..4);
                return Err(match html {
                    Some(word) if word.eq_ignore_ascii_case("html") => Finding::HtmlInsteadOfJson,
                    _ => Finding::NotJson,
                });
            }
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
            Event::Eof => break,
        }
        buffer.clear();
    }
    walk.finish()
}

/// One of the five entities, or a character by its number.
fn resolve(name: &BytesRef<'_>) -> Result<String, Finding> {
    if name.is_char_ref() {
        return match name.resolve_char_ref() {
            Ok(Some(character)) if character != '\0' => Ok(character.to_string()),
            _ => Err(Finding::NotJson),
        };
    }
    resolve_xml_entity(name)
        .map(str::to_owned)
        .ok_or(Finding::NotJson)
}

/// Where the reader stands.
struct Walk<'a, 's> {
    sink: &'a mut Sink<'s>,
    /// The names down to a record; empty: any child of the root.
    list: Vec<String>,
    /// The names down to here.
    open: Vec<String>,
    /// The record and its open descendants; empty outside of one.
    record: Vec<Node>,
    /// Text of an element that is a fact.
    text: String,
    /// An element that holds the list was there.
    list_seen: bool,
    root_closed: bool,
}

impl<'a, 's> Walk<'a, 's> {
    fn new(sink: &'a mut Sink<'s>) -> Self {
        let list = sink.list.split('.').filter(|name| !name.is_empty());
        Self {
            list: list.map(str::to_owned).collect(),
            sink,
            open: Vec::new(),
            record: Vec::new(),
            text: String::new(),
            list_seen: false,
            root_closed: false,
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>) -> Result<(), Finding> {
        let name = tag.local_name().as_ref().to_owned();
        if self.root_closed || self.open.len() >= MAX_DEPTH {
            return Err(Finding::NotJson);
        }
        if self.open.is_empty() && name.eq_ignore_ascii_case("html") {
            return Err(Finding::HtmlInsteadOfJson);
        }
        self.open.push(name);
        self.text.clear();
        if !self.record.is_empty() || self.is_record() {
            self.list_seen = true;
            self.record.push(Node::open(tag)?);
            return Ok(());
        }
        self.list_seen |= match self.list.split_last() {
            Some((_, parents)) => !parents.is_empty() && self.open == parents,
            None => true,
        };
        let wanted: Vec<(Fact, String)> = self.wanted_below("@");
        if !wanted.is_empty() {
            for (name, value) in attributes(tag)? {
                for (fact, _) in wanted.iter().filter(|(_, rest)| *rest == name) {
                    self.set(*fact, &value)?;
                }
            }
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), Finding> {
        if let Some(node) = self.record.pop() {
            match self.record.last_mut() {
                Some(parent) => parent.add_child(node),
                None => self.sink.take(Value::Object(node.into_fields()))?,
            }
        } else {
            let text = std::mem::take(&mut self.text);
            for (fact, _) in self.wanted_here() {
                self.set(fact, &text)?;
            }
        }
        self.open.pop();
        self.text.clear();
        self.root_closed = self.open.is_empty();
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), Finding> {
        if let Some(node) = self.record.last_mut() {
            node.add_text(text);
        } else if self.open.is_empty() {
            // Nothing but white space stands outside of the root.
            if !text.trim().is_empty() {
                return Err(Finding::NotJson);
            }
        } else if !self.wanted_here().is_empty() {
            let room = usize::try_from(MAX_RECORD).unwrap_or(usize::MAX);
            if self.text.len() + text.len() > room {
                return Err(Finding::AnswerTooLarge);
            }
            self.text.push_str(text);
        }
        Ok(())
    }

    fn finish(self) -> Result<(), Finding> {
        if !self.root_closed {
            // Half of a document, or none at all.
            return Err(Finding::NotJson);
        }
        if self.list_seen {
            Ok(())
        } else {
            Err(Finding::NoListAtPath)
        }
    }

    fn is_record(&self) -> bool {
        if self.list.is_empty() {
            self.open.len() == 2
        } else {
            self.open == self.list
        }
    }

    /// The facts whose place is the open element.
    fn wanted_here(&self) -> Vec<(Fact, String)> {
        self.wanted_below("")
            .into_iter()
            .filter(|(_, rest)| rest.is_empty())
            .collect()
    }

    /// The facts at the open element, or with `@` at its attributes: what is left of their places.
    fn wanted_below(&self, mark: &str) -> Vec<(Fact, String)> {
        if self.sink.wanted.is_empty() {
            return Vec::new();
        }
        let here = self.open.join(".");
        self.sink
            .wanted
            .iter()
            .filter_map(|(fact, place)| {
                let rest = place.strip_prefix(&here)?;
                let rest = if mark.is_empty() {
                    rest
                } else {
                    rest.strip_prefix('.')?.strip_prefix(mark)?
                };
                Some((*fact, rest.to_owned()))
            })
            .collect()
    }

    fn set(&mut self, fact: Fact, text: &str) -> Result<(), Finding> {
        if self.sink.facts.set(fact, text) {
            Ok(())
        } else {
            Err(Finding::AnswerTooLarge)
        }
    }
}
