//! Templates, and what one makes of a record.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::TemplateForm;
use crate::catalogue::{Origin, PresetProblemView};
use crate::members::{Country, FieldTrace, MemberField, Problem, Template};

/// All templates that can be used, and what is wrong with the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct TemplateListView {
    /// Those of presets in the order of the gallery; a person's own come last.
    pub templates: Vec<TemplateRowView>,
    /// Files of the person's own that cannot be used.
    pub problems: Vec<PresetProblemView>,
    /// The data file is not open: saved templates, and who uses one, are not known.
    pub is_locked: bool,
}

/// Where a template is kept, and so what can be done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TemplatePlace {
    /// A preset gives it; it is copied to be changed.
    Preset,
    /// A file in the folder `templates`; saving it takes it over into the data file.
    File,
    /// Saved in the data file, with its versions.
    Saved,
}

/// A connector that uses a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct TemplateUserView {
    /// Federation code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Deleted, and can be restored.
    pub is_deleted: bool,
}

/// One version in the list of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct TemplateVersionView {
    /// Counted from 1.
    pub version: u32,
    /// The template's name then.
    pub name: String,
    /// When it was saved (UTC milliseconds).
    #[ts(type = "number")]
    pub saved_at: i64,
    /// The version that it is equal to, where a person went back to one.
    pub restored_from: Option<u32>,
    /// The one that counts.
    pub is_current: bool,
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
    /// Where it is kept.
    pub place: TemplatePlace,
    /// The first connectors that use it, by name.
    pub used_by: Vec<TemplateUserView>,
    /// How many use it.
    pub used_by_count: u32,
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
    /// The same to be filled in.
    pub form: TemplateForm,
    /// Where it is kept.
    pub place: TemplatePlace,
    /// When this version was saved (UTC milliseconds), where it is one of the data file.
    #[ts(type = "number | null")]
    pub saved_at: Option<i64>,
    /// The first connectors that use it, by name.
    pub used_by: Vec<TemplateUserView>,
    /// How many use it.
    pub used_by_count: u32,
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
