//! Templates, and what one makes of a record.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::catalogue::{Origin, PresetProblemView};
use crate::members::{Country, FieldTrace, MemberField, Problem, Template};

/// All templates that can be used, and what is wrong with the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct TemplateListView {
    /// Those of presets in the order of the gallery; a person's own come last.
    pub templates: Vec<TemplateRowView>,
    /// Files of the person's own that cannot be used.
    pub problems: Vec<PresetProblemView>,
}

/// A template in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct TemplateRowView {
    /// Identifier.
    pub id: String,
    /// Name shown.
    pub name: String,
    /// Version.
    pub version: u32,
    /// The country whose telephone numbers come without a country code.
    #[ts(type = "string")]
    pub country: Country,
    /// The fields that it keeps.
    pub fields: Vec<MemberField>,
    /// Where it comes from.
    pub origin: Origin,
}

/// One template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct TemplateView {
    /// What it says.
    pub template: Template,
    /// Where it comes from.
    pub origin: Origin,
    /// The same as a file, to start one's own from.
    pub toml: String,
}

/// What a template makes of records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct TemplateTestView {
    /// The template as it was read.
    pub template: Template,
    /// Each record, in its order.
    pub records: Vec<RecordTraceView>,
}

/// What a template makes of one record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordTraceView {
    /// How each value came to be.
    pub fields: Vec<FieldTrace>,
    /// Why the record is no member.
    pub problem: Option<Problem>,
}
