//! The rules of a template, as one pure function.

use super::{Mapping, Template, ValueCheck};
use crate::catalogue::whole;
use crate::error::{FieldError, FieldRule};
use crate::members::MemberField;
use crate::members::transform::Transform;

/// Longest identifier.
const ID_LENGTH: usize = 64;
/// Longest name, in characters.
const NAME_LENGTH: usize = 200;

pub(super) fn check(template: &Template) -> Vec<FieldError> {
    let mut found = Found(Vec::new());
    let id = &template.id;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if id.is_empty() || id.len() > ID_LENGTH || !id.chars().all(plain) {
        found.add(
            "id",
            FieldRule::Pattern,
            "small letters, digits and _, 64 at most",
        );
    }
    if template.name.trim().is_empty() {
        found.add("name", FieldRule::Required, "a template has a name");
    } else if template.name.chars().count() > NAME_LENGTH {
        found.add("name", FieldRule::TooLong, "200 characters at most");
    }
    if template.version == 0 {
        found.add(
            "version",
            FieldRule::OutOfRange,
            "versions are counted from 1",
        );
    }
    if template.fields.is_empty() {
        found.add(
            "fields",
            FieldRule::Required,
            "a template without fields keeps nothing",
        );
    }
    for (field, mapping) in &template.fields {
        let key = format!("fields.{}", field.as_str());
        check_source(template, *field, mapping, &key, &mut found);
        check_transforms(template, *field, mapping, &key, &mut found);
        if let Some(check) = &mapping.check {
            check_check(check, &key, &mut found);
        }
    }
    found.0
}

struct Found(Vec<FieldError>);

impl Found {
    fn add(&mut self, field: impl Into<String>, rule: FieldRule, message: impl Into<String>) {
        self.0.push(FieldError {
            field: field.into(),
            rule,
            message: message.into(),
        });
    }
}

fn check_source(
    template: &Template,
    field: MemberField,
    mapping: &Mapping,
    key: &str,
    found: &mut Found,
) {
    if mapping.constant.is_some() && !mapping.from.is_empty() {
        let said = "either the same value for every member or paths, not both";
        found.add(format!("{key}.constant"), FieldRule::Exclusive, said);
    }
    if mapping
        .from
        .iter()
        .any(|path| path.split('.').all(str::is_empty))
    {
        found.add(
            format!("{key}.from"),
            FieldRule::Required,
            "an empty path leads nowhere",
        );
    }
    if mapping.join.is_some() && mapping.from.len() < 2 {
        found.add(
            format!("{key}.join"),
            FieldRule::NotForKind,
            "needs two paths at least",
        );
    }
    if mapping.from.is_empty() && mapping.constant.is_none() && !comes_from_split(template, field) {
        let said = "names no path (from), and no other field is split into it";
        found.add(key, FieldRule::Required, said);
    }
    if field == MemberField::ExternalId && mapping.constant.is_some() {
        let said = "the same identifier for every member is none";
        found.add(format!("{key}.constant"), FieldRule::NotForKind, said);
    }
}

/// Whether another field's last transform gives this one.
fn comes_from_split(template: &Template, field: MemberField) -> bool {
    use MemberField as F;
    let (source, transform) = match field {
        F::FirstName | F::LastName => (F::FullName, Transform::SplitName),
        F::AddressLine2 | F::Town | F::County | F::Postcode => {
            (F::AddressLine1, Transform::SplitAddress)
        }
        _ => return false,
    };
    let source = template.fields.get(&source);
    source.is_some_and(|mapping| mapping.transforms.contains(&transform))
}

fn check_transforms(
    template: &Template,
    field: MemberField,
    mapping: &Mapping,
    key: &str,
    found: &mut Found,
) {
    let key = format!("{key}.transforms");
    for (at, transform) in mapping.transforms.iter().enumerate() {
        let home = match transform {
            Transform::SplitName => Some(MemberField::FullName),
            Transform::SplitAddress => Some(MemberField::AddressLine1),
            _ => None,
        };
        let word = transform.as_str();
        if let Some(home) = home
            && home != field
        {
            let said = format!("{word} is for {} only", home.as_str());
            found.add(&key, FieldRule::NotForKind, said);
        }
        if transform.splits() && at + 1 < mapping.transforms.len() {
            found.add(
                &key,
                FieldRule::Exclusive,
                format!("{word} is the last transform"),
            );
        }
        if let Transform::Lookup(name) = transform
            && !template.lookups.contains_key(name)
        {
            found.add(
                &key,
                FieldRule::Unknown,
                format!("there is no table lookups.{name}"),
            );
        }
    }
    if field == MemberField::FullName && !mapping.transforms.iter().any(Transform::splits) {
        let said = "a member keeps first and last name: the last transform is split_name";
        found.add(&key, FieldRule::Required, said);
    }
}

fn check_check(check: &ValueCheck, key: &str, found: &mut Found) {
    if check
        .pattern
        .as_deref()
        .is_some_and(|pattern| whole(pattern).is_err())
    {
        let said = "the pattern is no regular expression";
        found.add(format!("{key}.check.pattern"), FieldRule::Pattern, said);
    }
    if *check == ValueCheck::default() {
        found.add(
            format!("{key}.check"),
            FieldRule::Required,
            "checks nothing",
        );
    }
}
