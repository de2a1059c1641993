//! A template as a form and back. Both ways are here and nowhere else, so that form and file never say different things.

use std::collections::BTreeMap;

use crate::error::{FieldError, FieldRule};
use crate::members::{Country, Lookup, Mapping, MemberField, Template, ValueCheck};
use crate::view::{
    GenderWordForm, LookupForm, LookupRowForm, StatusWordForm, TemplateFieldForm, TemplateForm,
    ValueCheckForm,
};

/// The form of a template; nothing of it is lost but its version, which counts elsewhere.
#[must_use]
pub(super) fn form_of(template: &Template) -> TemplateForm {
    let lookup = |(name, lookup): (&String, &Lookup)| LookupForm {
        name: name.clone(),
        rows: lookup
            .table
            .iter()
            .map(|(from, to)| LookupRowForm {
                from: from.clone(),
                to: to.clone(),
            })
            .collect(),
        otherwise: lookup.otherwise,
    };
    TemplateForm {
        id: template.id.clone(),
        name: template.name.clone(),
        country: template.country.to_string(),
        date_order: template.date_order,
        fields: template
            .fields
            .iter()
            .map(|(field, mapping)| field_form(*field, mapping))
            .collect(),
        status_words: template
            .status_words
            .iter()
            .map(|(word, means)| StatusWordForm {
                word: word.clone(),
                means: *means,
            })
            .collect(),
        gender_words: template
            .gender_words
            .iter()
            .map(|(word, means)| GenderWordForm {
                word: word.clone(),
                means: *means,
            })
            .collect(),
        lookups: template.lookups.iter().map(lookup).collect(),
    }
}

/// One field as it is filled in.
#[must_use]
pub(super) fn field_form(field: MemberField, mapping: &Mapping) -> TemplateFieldForm {
    TemplateFieldForm {
        field,
        from: mapping.from.clone(),
        join: mapping.join.clone(),
        constant: mapping.constant.clone(),
        transforms: mapping.transforms.clone(),
        required: mapping.required,
        sensitive: mapping.sensitive,
        check: mapping.check.as_ref().map(|check| ValueCheckForm {
            pattern: check.pattern.clone(),
            max_length: check
                .max_length
                .map_or_else(String::new, |most| most.to_string()),
            one_of: check.one_of.clone(),
        }),
    }
}

/// The template of a form as far as there is one, and every mistake: those that only a form can have, and those of the
/// template.
#[must_use]
pub(super) fn template_of(form: &TemplateForm, version: u32) -> (Template, Vec<FieldError>) {
    let mut found = Found(Vec::new());
    let country = Country::of_word(form.country.trim());
    if country.is_none() {
        let said = "not a country, which is two capital letters, e.g. IE";
        found.add("country".to_owned(), FieldRule::Pattern, said);
    }
    let mut lookups = BTreeMap::new();
    for lookup in &form.lookups {
        let key = format!("lookups.{}", lookup.name);
        if lookup.name.trim().is_empty() {
            found.add(key.clone(), FieldRule::Required, "a table has a name");
        }
        let rows = lookup.rows.iter().map(|row| (&row.from, row.to.clone()));
        let lookup = Lookup {
            table: found.table(&key, rows),
            otherwise: lookup.otherwise,
        };
        let name = key.strip_prefix("lookups.").unwrap_or(&key).to_owned();
        if lookups.insert(name, lookup).is_some() {
            found.add(
                key,
                FieldRule::Exclusive,
                "there are two tables of this name",
            );
        }
    }
    let mut fields = BTreeMap::new();
    for row in &form.fields {
        let key = format!("fields.{}", row.field.as_str());
        let mapping = found.mapping(row, &key);
        if fields.insert(row.field, mapping).is_some() {
            found.add(key, FieldRule::Exclusive, "the field is there twice");
        }
    }
    let status = form.status_words.iter().map(|row| (&row.word, row.means));
    let gender = form.gender_words.iter().map(|row| (&row.word, row.means));
    let template = Template {
        id: form.id.clone(),
        name: form.name.clone(),
        version,
        country: country.unwrap_or(Country::IRELAND),
        date_order: form.date_order,
        status_words: found.table("status_words", status),
        gender_words: found.table("gender_words", gender),
        lookups,
        fields,
    };
    let mut mistakes = found.0;
    mistakes.extend(template.check());
    (template, mistakes)
}

struct Found(Vec<FieldError>);

impl Found {
    fn add(&mut self, field: String, rule: FieldRule, message: &str) {
        self.0.push(FieldError {
            field,
            rule,
            message: message.to_owned(),
        });
    }

    /// A table out of rows. The words are compared as they are typed; what differs in capitals only is for the mapper.
    fn table<'w, T>(
        &mut self,
        key: &str,
        rows: impl Iterator<Item = (&'w String, T)>,
    ) -> BTreeMap<String, T> {
        let mut table = BTreeMap::new();
        for (at, (word, means)) in rows.enumerate() {
            let key = || format!("{key}[{at}]");
            if word.trim().is_empty() {
                self.add(key(), FieldRule::Required, "the word is missing");
            } else if table.insert(word.clone(), means).is_some() {
                self.add(key(), FieldRule::Exclusive, "the word is there twice");
            }
        }
        table
    }

    fn mapping(&mut self, row: &TemplateFieldForm, key: &str) -> Mapping {
        Mapping {
            from: row.from.clone(),
            join: row.join.clone(),
            constant: row.constant.clone(),
            transforms: row.transforms.clone(),
            required: row.required,
            sensitive: row.sensitive,
            check: row.check.as_ref().map(|check| self.check(check, key)),
        }
    }

    fn check(&mut self, check: &ValueCheckForm, key: &str) -> ValueCheck {
        let typed = check.max_length.trim();
        let most: Option<u16> = typed.parse().ok().filter(|most| *most > 0);
        if most.is_none() && !typed.is_empty() {
            let said = "a number of characters from 1 to 65535";
            self.add(
                format!("{key}.check.max_length"),
                FieldRule::OutOfRange,
                said,
            );
        }
        ValueCheck {
            pattern: check.pattern.clone(),
            max_length: most,
            one_of: check.one_of.clone(),
        }
    }
}
