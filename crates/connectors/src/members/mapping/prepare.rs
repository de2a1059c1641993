//! A template's words made ready: tidy paths, tables, one regular expression a pattern.

use std::sync::Arc;

use regex::Regex;

use crate::api::records::path::tidy;
use crate::catalogue::whole;
use crate::error::{Error, Result};
use crate::members::MemberField;
use crate::members::template::{Mapping, Template, ValueCheck};
use crate::members::transform::Transform;
use crate::members::transform::lookup::Table;
use crate::members::transform::name_case::NamePart;
use crate::members::transform::phone::Country;
use crate::members::transform::words::{MemberGender, MemberStatus, Words};

/// A field, ready.
pub(super) struct Prepared {
    pub(super) field: MemberField,
    pub(super) from: Vec<String>,
    pub(super) join: Option<String>,
    pub(super) constant: Option<String>,
    pub(super) steps: Vec<Step>,
    pub(super) required: bool,
    pub(super) is_on: bool,
    pub(super) check: Option<Checker>,
}

/// A transform with what it needs.
pub(super) enum Step {
    Trim,
    NameCase(NamePart),
    Phone(Country),
    Date,
    EpochMilliseconds,
    EpochSeconds,
    Email,
    Postcode,
    Status(Arc<Words<MemberStatus>>),
    Gender(Arc<Words<MemberGender>>),
    Lookup(Table),
    SplitName,
    SplitAddress,
}

/// A check of a value.
pub(super) struct Checker {
    pattern: Option<Regex>,
    max_length: Option<usize>,
    one_of: Vec<String>,
}

impl Checker {
    fn new(check: &ValueCheck) -> Result<Self> {
        let pattern = check.pattern.as_deref().map(whole).transpose();
        Ok(Self {
            pattern: pattern
                .map_err(|source| Error::internal("prepare a template's pattern", source))?,
            max_length: check.max_length.map(usize::from),
            one_of: check.one_of.clone(),
        })
    }

    pub(super) fn accepts(&self, value: &str) -> bool {
        self.pattern
            .as_ref()
            .is_none_or(|pattern| pattern.is_match(value))
            && self
                .max_length
                .is_none_or(|most| value.chars().count() <= most)
            && (self.one_of.is_empty() || self.one_of.iter().any(|one| one == value))
    }
}

/// The fields in their order.
pub(super) fn fields(template: &Template) -> Result<Vec<Prepared>> {
    let status = Arc::new(Words::new(&template.status_words));
    let gender = Arc::new(Words::new(&template.gender_words));
    let step = |field: MemberField, transform: &Transform| match transform {
        Transform::Trim => Some(Step::Trim),
        Transform::NameCase => Some(Step::NameCase(part(field))),
        Transform::Phone => Some(Step::Phone(template.country)),
        Transform::Date => Some(Step::Date),
        Transform::EpochMilliseconds => Some(Step::EpochMilliseconds),
        Transform::EpochSeconds => Some(Step::EpochSeconds),
        Transform::Email => Some(Step::Email),
        Transform::Postcode => Some(Step::Postcode),
        Transform::Status => Some(Step::Status(Arc::clone(&status))),
        Transform::Gender => Some(Step::Gender(Arc::clone(&gender))),
        Transform::SplitName => Some(Step::SplitName),
        Transform::SplitAddress => Some(Step::SplitAddress),
        // The check of the template has found the table.
        Transform::Lookup(name) => Some(Step::Lookup(Table::new(template.lookups.get(name)?))),
    };
    let prepared = |(field, mapping): (&MemberField, &Mapping)| {
        Ok(Prepared {
            field: *field,
            from: mapping.from.iter().map(|path| tidy(path)).collect(),
            join: mapping.join.clone(),
            constant: mapping.constant.clone(),
            steps: mapping
                .transforms
                .iter()
                .filter_map(|transform| step(*field, transform))
                .collect(),
            required: mapping.required,
            is_on: mapping.is_on(*field),
            check: mapping.check.as_ref().map(Checker::new).transpose()?,
        })
    };
    template.fields.iter().map(prepared).collect()
}

fn part(field: MemberField) -> NamePart {
    match field {
        MemberField::FirstName | MemberField::IrishFirstName => NamePart::Given,
        MemberField::LastName | MemberField::IrishLastName => NamePart::Family,
        _ => NamePart::Whole,
    }
}
