//! The rules of lists: how pages follow, how records are written, and what answers mean. A setting that
//! a style does not use is passed over: people change the style to and fro.

use super::{Findings, is_header_name};
use crate::error::FieldRule;
use crate::settings::{
    ConnectorSettings, ErrorRule, PagingSettings, PagingStyle, RecordFormat, RecordSettings,
};

/// Placeholders of a list whose page stands in its address.
const PAGE: &str = "page";
const SIZE: &str = "size";

/// The placeholders that paging fills in, in the address of the list.
pub(super) fn placeholders(paging: &PagingSettings) -> Vec<&'static str> {
    let numbered = matches!(paging.style, PagingStyle::Page | PagingStyle::Offset);
    [numbered.then_some(PAGE), Some(SIZE)]
        .into_iter()
        .flatten()
        .collect()
}

fn has(settings: &ConnectorSettings, placeholder: &str) -> bool {
    super::placeholders(&settings.endpoints.membership_list).any(|name| name == placeholder)
}

impl Findings {
    pub(super) fn lists(&mut self, settings: &ConnectorSettings) {
        self.paging(settings);
        self.records(settings);
        for (number, rule) in settings.errors.iter().enumerate() {
            self.error_rule(&format!("errors.{number}"), rule);
        }
    }

    fn paging(&mut self, settings: &ConnectorSettings) {
        let paging = &settings.paging;
        for (field, value) in [
            ("paging.page_param", &paging.page_param),
            ("paging.size_param", &paging.size_param),
            ("paging.records", &paging.records),
            ("paging.next", &paging.next),
            ("paging.more", &paging.more),
            ("paging.total", &paging.total),
            ("paging.total_pages", &paging.total_pages),
        ] {
            if let Some(value) = value {
                self.text(field, value, false);
            }
        }
        for (field, value) in [
            ("paging.total_header", &paging.total_header),
            ("paging.total_pages_header", &paging.total_pages_header),
        ] {
            if let Some(value) = value
                && !is_header_name(value)
            {
                let message = "this is not the name of a header, e.g. X-Pagination-Total-Count";
                self.add(field, FieldRule::Pattern, message);
            }
        }
        if let Some(start) = paging.start {
            self.range("paging.start", start, 0, 1);
        }
        if let Some(size) = paging.size {
            self.range("paging.size", size, 1, 10_000);
        } else if has(settings, SIZE) {
            let message = "the address of the list has {size}: say how many records a page has";
            self.add("paging.size", FieldRule::Required, message);
        }
        self.style(settings);
    }

    /// What a style cannot do without.
    fn style(&mut self, settings: &ConnectorSettings) {
        let paging = &settings.paging;
        let style = paging.style;
        let is_set = |value: &Option<String>| value.as_ref().is_some_and(|v| !v.trim().is_empty());
        let needs_parameter = match style {
            PagingStyle::Page | PagingStyle::Offset => !has(settings, PAGE),
            PagingStyle::Cursor => true,
            _ => false,
        };
        if needs_parameter && !is_set(&paging.page_param) {
            self.add(
                "paging.page_param",
                FieldRule::Required,
                "name the parameter that carries the page, e.g. page",
            );
        }
        let next_in_body = matches!(style, PagingStyle::Cursor | PagingStyle::LinkBody);
        if next_in_body && settings.records.format == RecordFormat::Csv {
            self.add(
                "paging.style",
                FieldRule::NotForKind,
                "a CSV file has no place for a cursor or a link",
            );
        } else if next_in_body && !is_set(&paging.next) {
            let message = match style {
                PagingStyle::Cursor => "name the path to the next cursor, e.g. meta.nextCursor",
                _ => "name the path to the next link, e.g. links.next",
            };
            self.add("paging.next", FieldRule::Required, message);
        }
        if style == PagingStyle::Keyset && paging.keys.is_empty() {
            self.add(
                "paging.keys",
                FieldRule::Required,
                "name a parameter and the field of the last record that fills it, e.g. last-id = \"id\"",
            );
        }
        for (parameter, path) in &paging.keys {
            if self.text("paging.keys", parameter, true) {
                self.text(&format!("paging.keys.{parameter}"), path, true);
            }
        }
    }

    fn records(&mut self, settings: &ConnectorSettings) {
        let RecordSettings {
            format,
            name_values,
            delimiter,
        } = &settings.records;
        for (number, one) in name_values.iter().enumerate() {
            let field = format!("records.name_values.{number}");
            for (part, value) in [
                ("path", &one.path),
                ("name", &one.name),
                ("value", &one.value),
            ] {
                self.text(&format!("{field}.{part}"), value, true);
            }
        }
        let Some(delimiter) = delimiter else {
            return;
        };
        let field = "records.delimiter";
        if *format != RecordFormat::Csv {
            self.add(
                field,
                FieldRule::NotForKind,
                "only a CSV file has a delimiter",
            );
        } else if !is_delimiter(delimiter) {
            let message = "one character that is no letter, digit or quotation mark, e.g. ;";
            self.add(field, FieldRule::Pattern, message);
        }
    }

    fn error_rule(&mut self, field: &str, rule: &ErrorRule) {
        if rule.status.is_none() && rule.path.is_none() {
            let message = "say which answers it is about: a status, a path, or both";
            self.add(field, FieldRule::Required, message);
        }
        if let Some(status) = rule.status {
            self.range(&format!("{field}.status"), u32::from(status), 200, 599);
        }
        let path = format!("{field}.path");
        match &rule.path {
            Some(value) => {
                self.text(&path, value, true);
            }
            None if rule.value.is_some() => {
                self.add(&path, FieldRule::Required, "say where this value stands");
            }
            None => {}
        }
        if let Some(value) = &rule.value {
            self.text(&format!("{field}.value"), value, false);
        }
    }
}

/// One printable ASCII character or a tab, and nothing that fields are made of.
fn is_delimiter(text: &str) -> bool {
    matches!(text.as_bytes(), [b'\t'])
        || matches!(text.as_bytes(), [one] if one.is_ascii_punctuation() && *one != b'"')
}
