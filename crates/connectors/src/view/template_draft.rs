//! A template under way: the draft that is tried with samples and saved, and the samples themselves, of which only what the
//! draft reads ever goes out.

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{RecordTraceView, TemplateFieldForm, TemplateForm};
use crate::error::FieldError;

/// A template that is not saved yet, in either of its two forms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TemplateDraft {
    /// As a file.
    Text {
        /// The file.
        toml: String,
    },
    /// As it is filled in.
    Form {
        /// The form.
        form: TemplateForm,
    },
}

/// What a new version is to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TemplateSaveRequest {
    /// The template. The version that it names does not count: it is one more than the last.
    pub draft: TemplateDraft,
    /// Saves it under this identifier instead of the draft's own.
    pub id: Option<String>,
    /// The version that the person started from; none for a new template.
    pub expected_version: Option<u32>,
}

/// A draft that is to be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TemplateTryRequest {
    /// The template.
    pub draft: TemplateDraft,
    /// The version that the text of a form names: the one that the person started from. 1 where there is none.
    pub version: Option<u32>,
    /// The samples that it is tried with.
    pub samples: Option<String>,
}

/// What a draft says in both forms, what is wrong with it, and what it makes of the samples.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct TemplateTryView {
    /// As it is filled in; none where the text is no template at all.
    pub form: Option<TemplateForm>,
    /// As a file; of a text the text itself.
    pub toml: String,
    /// Every mistake, by the keys of the file.
    pub mistakes: Vec<FieldError>,
    /// What becomes of each sample; a field with a mistake is left out of it.
    pub records: Vec<RecordTraceView>,
    /// Why there are no samples any more: they were kept for a while only.
    pub samples_gone: bool,
}

/// Where samples come from.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TemplateSamplesRequest {
    /// The first records of a club's list, asked for now.
    Connection {
        /// Federation code of the connector.
        code: String,
        /// Your own id of the club.
        org: String,
    },
    /// A JSON object or a list of them.
    Json {
        /// The text.
        text: String,
    },
    /// The first rows of a CSV file.
    Csv,
}

impl fmt::Debug for TemplateSamplesRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connection { .. } => "Connection",
            Self::Json { .. } => "Json",
            Self::Csv => "Csv",
        })
    }
}

/// Samples that are there. Their values stay where they are: only what a draft reads is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct TemplateSamplesView {
    /// By which they are named; until others are taken, 30 minutes at most.
    pub id: String,
    /// How many, 5 at most.
    pub records: u32,
    /// The places in them that can be read, in their order.
    pub paths: Vec<SamplePathView>,
}

/// A place in samples.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SamplePathView {
    /// Dotted path.
    pub path: String,
    /// In how many of the samples there is a value.
    pub filled: u32,
}

/// What a new template can be made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct TemplatePartsView {
    /// Every field as it would be added: with the steps that suit it, and no path.
    pub fields: Vec<TemplateFieldForm>,
    /// Those that hold data which needs a reason of its own (GDPR Art. 9): off until a person says otherwise.
    pub sensitive: Vec<super::MemberField>,
    /// Countries whose telephone numbers can be read.
    pub countries: Vec<String>,
}
