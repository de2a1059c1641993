//! Templates: how a federation's record becomes a member. A template is a TOML file; `templates/README.md` says every key.
//! What is read of it once and used for every record is the [`Mapper`](super::Mapper).

mod check;
mod of_preset;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::MemberField;
use super::transform::Transform;
use super::transform::date::DateOrder;
use super::transform::lookup::Lookup;
use super::transform::phone::Country;
use super::transform::words::{MemberGender, MemberStatus};
use crate::connector_file::{syntax_error, with_lines};
use crate::error::{Error, FieldError, Result};

/// A template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Identifier, e.g. `foireann_members`.
    pub id: String,
    /// Name shown.
    pub name: String,
    /// Counted up by whoever changes it, from 1.
    pub version: u32,
    /// The country whose telephone numbers come without a country code (ISO 3166-1).
    #[serde(default = "ireland")]
    #[ts(type = "string")]
    pub country: Country,
    /// In which order the system writes day and month.
    #[serde(default)]
    pub date_order: DateOrder,
    /// The system's own words for a status, beside those that are known anyway.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub status_words: BTreeMap<String, MemberStatus>,
    /// The system's own words for a gender.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub gender_words: BTreeMap<String, MemberGender>,
    /// Tables for `lookup`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub lookups: BTreeMap<String, Lookup>,
    /// The fields that are kept; what is not here is not stored. In the order of the fields, whatever the file's is.
    #[serde(default)]
    pub fields: BTreeMap<MemberField, Mapping>,
}

/// Where a field's value comes from and what is done with it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    /// Dotted paths in a record. The first that has a value counts, in this order for every record: for the external id
    /// this is its precedence.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<String>,
    /// Takes all paths that have a value instead, with this text between them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub join: Option<String>,
    /// The same value for every member; instead of paths.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub constant: Option<String>,
    /// What is done with it, in this order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub transforms: Vec<Transform>,
    /// A record without it is a problem, and no member.
    #[serde(skip_serializing_if = "is_off")]
    pub required: bool,
    /// A person has switched a sensitive field on. Without it such a field is neither read nor kept.
    #[serde(skip_serializing_if = "is_off")]
    pub sensitive: bool,
    /// What the value must be like, else there is a warning.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub check: Option<ValueCheck>,
}

/// What a value must be like. All given conditions must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct ValueCheck {
    /// A regular expression that the whole value matches.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub pattern: Option<String>,
    /// Most characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub max_length: Option<u16>,
    /// The values that there are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub one_of: Vec<String>,
}

impl Template {
    /// Reads a template and checks it.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every mistake that was found, each with its line and key.
    pub fn parse(text: &str) -> Result<Self> {
        let (template, mistakes) = Self::parse_unchecked(text)?;
        if mistakes.is_empty() {
            Ok(template)
        } else {
            Err(Error::Invalid(mistakes))
        }
    }

    /// Reads a template, and says what is wrong with it: a draft can be shown although it breaks rules.
    ///
    /// # Errors
    /// [`Error::Invalid`] where the text is no template at all.
    pub fn parse_unchecked(text: &str) -> Result<(Self, Vec<FieldError>)> {
        let template: Self = toml::from_str(text).map_err(|error| syntax_error(text, &error))?;
        let mistakes = template.check();
        Ok((template, with_lines(text, 0, mistakes)))
    }

    /// Writes it so that [`Template::parse`] reads the same.
    pub fn to_toml(&self) -> Result<String> {
        toml::to_string(self).map_err(|source| Error::internal("write a template as TOML", source))
    }

    /// Every rule that it breaks; the keys are those of the file.
    #[must_use]
    pub fn check(&self) -> Vec<FieldError> {
        check::check(self)
    }
}

impl Mapping {
    /// Whether a member keeps the field: a sensitive one only where a person said so.
    #[must_use]
    pub fn is_on(&self, field: MemberField) -> bool {
        self.sensitive || !field.is_sensitive()
    }
}

fn ireland() -> Country {
    Country::IRELAND
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_off(flag: &bool) -> bool {
    !flag
}
