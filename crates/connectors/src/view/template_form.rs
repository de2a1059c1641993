//! A template as a form: what a person fills in, also half-way, when it is no template yet. Lists stand where a template has
//! tables, so that two rows with one name are a mistake that is told and not one row that is lost.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::members::{DateOrder, MemberField, MemberGender, MemberStatus, Otherwise, Transform};

/// A template as it is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct TemplateForm {
    /// Identifier.
    pub id: String,
    /// Name shown.
    pub name: String,
    /// Two letters of the country whose telephone numbers come without a country code.
    pub country: String,
    /// In which order the system writes day and month.
    pub date_order: DateOrder,
    /// The fields that are kept, in the order of the fields.
    pub fields: Vec<TemplateFieldForm>,
    /// The system's own words for a status.
    pub status_words: Vec<StatusWordForm>,
    /// The system's own words for a gender.
    pub gender_words: Vec<GenderWordForm>,
    /// Tables for the step `lookup`.
    pub lookups: Vec<LookupForm>,
}

/// One field of a member as it is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TemplateFieldForm {
    /// The field.
    pub field: MemberField,
    /// Dotted paths in a record; the first that has a value counts.
    pub from: Vec<String>,
    /// Takes all paths that have a value instead, with this text between them.
    pub join: Option<String>,
    /// The same value for every member; instead of paths.
    pub constant: Option<String>,
    /// What is done with it, in this order.
    pub transforms: Vec<Transform>,
    /// A record without it is a problem, and no member.
    pub required: bool,
    /// A person has switched a sensitive field on.
    pub sensitive: bool,
    /// What the value must be like, else there is a warning.
    pub check: Option<ValueCheckForm>,
}

/// A check as it is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct ValueCheckForm {
    /// A regular expression that the whole value matches.
    pub pattern: Option<String>,
    /// Most characters, as typed; empty for no limit.
    pub max_length: String,
    /// The values that there are.
    pub one_of: Vec<String>,
}

/// A word for a status as it is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StatusWordForm {
    /// The system's word.
    pub word: String,
    /// What it means.
    pub means: MemberStatus,
}

/// A word for a gender as it is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GenderWordForm {
    /// The system's word.
    pub word: String,
    /// What it means.
    pub means: MemberGender,
}

/// A table as it is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LookupForm {
    /// Name, by which the step `lookup` finds it.
    pub name: String,
    /// The system's words and the club's.
    pub rows: Vec<LookupRowForm>,
    /// What becomes of a value that is not in the table.
    pub otherwise: Otherwise,
}

/// A row of a table as it is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LookupRowForm {
    /// The system's word.
    pub from: String,
    /// The club's.
    pub to: String,
}
