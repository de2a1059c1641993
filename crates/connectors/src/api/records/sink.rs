//! Where all readers put an entry of a list: names and values are folded, the keys of a keyset
//! are noted, and the record is given away.

use std::ops::ControlFlow;

use serde_json::Value;

use super::facts::{Fact, PageFacts};
use super::name_values::{self, Fold};
use super::{Reading, Record, path};
use crate::failure::Finding;
use crate::settings::PagingStyle;

/// Takes the entries of one page.
pub(super) struct Sink<'a> {
    emit: &'a mut dyn FnMut(Record) -> ControlFlow<()>,
    /// `paging.records`, tidy.
    pub(super) list: String,
    /// What else is looked for.
    pub(super) wanted: Vec<(Fact, String)>,
    folds: Vec<Fold>,
    /// Query parameters and the tidy places in the last record that fill them.
    keys: Vec<(String, String)>,
    /// `records.delimiter`.
    pub(super) delimiter: Option<u8>,
    /// What the page said so far.
    pub(super) facts: PageFacts,
}

impl<'a> Sink<'a> {
    pub(super) fn new(
        reading: &Reading,
        emit: &'a mut dyn FnMut(Record) -> ControlFlow<()>,
    ) -> Self {
        let paging = &reading.paging;
        let keys = match paging.style {
            PagingStyle::Keyset => paging
                .keys
                .iter()
                .map(|(parameter, place)| (parameter.clone(), path::tidy(place)))
                .collect(),
            _ => Vec::new(),
        };
        let delimiter = reading.records.delimiter.as_deref();
        Self {
            emit,
            list: path::tidy(paging.records.as_deref().unwrap_or_default()),
            wanted: Fact::wanted(paging),
            folds: name_values::folds(&reading.records.name_values),
            keys,
            delimiter: delimiter.and_then(|text| text.bytes().next()),
            facts: PageFacts::default(),
        }
    }

    /// Takes one entry.
    ///
    /// # Errors
    /// [`Finding::Cancelled`] where nobody wants more.
    pub(super) fn take(&mut self, entry: Value) -> Result<(), Finding> {
        let Value::Object(mut fields) = entry else {
            self.facts.begins_with_other |= self.facts.records + self.facts.not_records == 0;
            self.facts.not_records += 1;
            return Ok(());
        };
        for fold in &self.folds {
            name_values::fold(&mut fields, fold);
        }
        self.facts.last_keys.clear();
        for (parameter, place) in &self.keys {
            if let Some(text) = path::in_object(&fields, place).and_then(path::text_of) {
                self.facts.last_keys.insert(parameter.clone(), text);
            }
        }
        self.facts.records += 1;
        match (self.emit)(Record::new(fields)) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Finding::Cancelled),
        }
    }
}
