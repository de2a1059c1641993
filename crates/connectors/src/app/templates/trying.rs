//! A draft with five records beside it. The records stay in the memory of this process: what a draft does not read goes
//! nowhere, and nothing of them is ever stored (M09).

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::form::{form_of, template_of};
use super::{App, blocking, samples};
use crate::api::records::Record;
use crate::app::lock;
use crate::app::sync::{first_rows, named};
use crate::clock::UtcMillis;
use crate::error::{Error, FieldError, FieldRule, Result};
use crate::members::Template;
use crate::view::{
    RecordTraceView, SamplePathView, TemplateDraft, TemplateSamplesRequest, TemplateSamplesView,
    TemplateTryRequest, TemplateTryView,
};

/// Records that a draft is tried with.
const FIVE: usize = 5;
/// How long they are kept, in milliseconds.
const KEPT_MS: i64 = 30 * 60 * 1_000;
/// Places that are named.
const PATHS: usize = 400;
/// Objects within objects that are looked into.
const DEPTH: usize = 6;

/// Records to try a draft with.
pub(in crate::app) struct Samples {
    id: String,
    taken: Taken,
    taken_at: UtcMillis,
}

/// The records themselves.
#[derive(Clone)]
struct Taken {
    records: Arc<Vec<Record>>,
    /// Rows of a file, whose columns are found in any capitals.
    is_file: bool,
}

impl App {
    /// Takes records to try a draft with, five at most; those that were there are forgotten. `file` is the CSV file, where
    /// that is asked for.
    ///
    /// # Errors
    /// Those of asking the federation; [`Code::BadFile`] for a text or a file that holds no records.
    pub async fn template_samples(
        &self,
        request: TemplateSamplesRequest,
        file: Option<Arc<[u8]>>,
    ) -> Result<TemplateSamplesView> {
        self.see_members()?;
        // Samples are people's data: they are there while the file is open, and go when it is locked.
        self.store()?;
        let is_file = matches!(request, TemplateSamplesRequest::Csv);
        let mut records = match request {
            TemplateSamplesRequest::Connection { code, org } => {
                self.first_records(&code, &org, FIVE).await?
            }
            TemplateSamplesRequest::Json { text } => {
                let objects = blocking(move || samples(&text)).await?;
                objects.into_iter().map(Record::new).collect()
            }
            TemplateSamplesRequest::Csv => {
                let bytes = file.ok_or_else(|| {
                    Error::field("file", FieldRule::Required, "the file is missing")
                })?;
                blocking(move || first_rows(&bytes, FIVE)).await?
            }
        };
        records.truncate(FIVE);
        let id = self.act().id()?.to_string();
        let view = TemplateSamplesView {
            id: id.clone(),
            records: u32::try_from(records.len()).unwrap_or(u32::MAX),
            paths: paths_of(&records),
        };
        *lock(&self.inner.samples) = Some(Samples {
            id,
            taken: Taken {
                records: Arc::new(records),
                is_file,
            },
            taken_at: self.now(),
        });
        Ok(view)
    }

    /// Forgets the samples.
    pub fn template_samples_drop(&self) {
        *lock(&self.inner.samples) = None;
    }

    /// A draft in both its forms, every mistake of it, and what it makes of the samples. A mistake of one field keeps
    /// nobody from seeing the others. It never fails because of what the draft says.
    pub async fn template_try(&self, request: TemplateTryRequest) -> Result<TemplateTryView> {
        self.see_members()?;
        let (kept, samples_gone) = self.samples_of(request.samples.as_deref());
        blocking(move || {
            try_draft(
                &request.draft,
                request.version.unwrap_or(1).max(1),
                kept,
                samples_gone,
            )
        })
        .await
    }

    /// The samples of an identifier, and whether they are gone.
    fn samples_of(&self, id: Option<&str>) -> (Option<Taken>, bool) {
        let Some(id) = id else { return (None, false) };
        let now = self.now();
        let mut kept = lock(&self.inner.samples);
        if kept
            .as_ref()
            .is_some_and(|samples| now.0 - samples.taken_at.0 > KEPT_MS)
        {
            *kept = None;
        }
        match kept.as_ref().filter(|samples| samples.id == id) {
            Some(samples) => (Some(samples.taken.clone()), false),
            None => (None, true),
        }
    }
}

fn try_draft(
    draft: &TemplateDraft,
    version: u32,
    samples: Option<Taken>,
    samples_gone: bool,
) -> Result<TemplateTryView> {
    let (template, mistakes, toml) = match draft {
        TemplateDraft::Form { form } => {
            let (template, mistakes) = template_of(form, version);
            let toml = template.to_toml()?;
            (Some(template), mistakes, toml)
        }
        TemplateDraft::Text { toml } => {
            let (template, mistakes) = match Template::parse_unchecked(toml) {
                Ok((template, mistakes)) => (Some(template), mistakes),
                Err(Error::Invalid(mistakes)) => (None, mistakes),
                Err(other) => return Err(other),
            };
            (template, mistakes, toml.clone())
        }
    };
    let records = match (&template, samples) {
        (Some(template), Some(taken)) => {
            traces(template, &mistakes, &taken.records, taken.is_file)?
        }
        _ => Vec::new(),
    };
    let form = match draft {
        TemplateDraft::Form { form } => Some(form.clone()),
        TemplateDraft::Text { .. } => template.as_ref().map(form_of),
    };
    Ok(TemplateTryView {
        form,
        toml,
        mistakes,
        records,
        samples_gone,
    })
}

/// What the fields without mistakes make of the records.
fn traces(
    template: &Template,
    mistakes: &[FieldError],
    records: &[Record],
    is_file: bool,
) -> Result<Vec<RecordTraceView>> {
    let Some(sound) = sound_part(template, mistakes) else {
        return Ok(Vec::new());
    };
    let mapper = sound.compile()?;
    let records = if is_file {
        named(&sound, records.to_vec())
    } else {
        records.to_vec()
    };
    Ok(records
        .iter()
        .map(|record| RecordTraceView {
            fields: mapper.explain(record),
            problem: mapper.map(record).problem,
        })
        .collect())
}

/// The template without the fields that have mistakes; none where no field is left. Without one field, another that came
/// out of it can be a mistake too.
fn sound_part(template: &Template, mistakes: &[FieldError]) -> Option<Template> {
    let mut sound = Template {
        id: "draft".to_owned(),
        name: "draft".to_owned(),
        version: 1,
        ..template.clone()
    };
    let mut mistakes = mistakes.to_vec();
    loop {
        let before = sound.fields.len();
        sound.fields.retain(|field, _| {
            let key = format!("fields.{}", field.as_str());
            !mistakes.iter().any(|mistake| {
                mistake
                    .field
                    .strip_prefix(&key)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
        });
        if sound.fields.is_empty() {
            return None;
        }
        mistakes = sound.check();
        if mistakes.is_empty() {
            return Some(sound);
        }
        // Nothing more can be taken out.
        if sound.fields.len() == before {
            return None;
        }
    }
}

/// The places in records that a template could read, in the order in which they come.
fn paths_of(records: &[Record]) -> Vec<SamplePathView> {
    let mut order: Vec<String> = Vec::new();
    let mut filled: BTreeMap<String, u32> = BTreeMap::new();
    for record in records {
        for (name, value) in record.fields() {
            walk(name.clone(), value, 1, &mut |path, has_value| {
                let count = filled.entry(path.clone()).or_insert_with(|| {
                    order.push(path);
                    0
                });
                *count += u32::from(has_value);
            });
        }
    }
    order.truncate(PATHS);
    order
        .into_iter()
        .map(|path| SamplePathView {
            filled: filled.get(&path).copied().unwrap_or(0),
            path,
        })
        .collect()
}

fn walk(path: String, value: &Value, depth: usize, found: &mut dyn FnMut(String, bool)) {
    match value {
        Value::Object(fields) if depth < DEPTH => {
            for (name, value) in fields {
                walk(format!("{path}.{name}"), value, depth + 1, found);
            }
        }
        // The first of a list is mostly the one that counts.
        Value::Array(list) if depth < DEPTH => {
            if let Some(first) = list.first() {
                walk(format!("{path}.0"), first, depth + 1, found);
            }
        }
        Value::Object(_) | Value::Array(_) => {}
        Value::Null => found(path, false),
        Value::String(text) => found(path, !text.trim().is_empty()),
        Value::Bool(_) | Value::Number(_) => found(path, true),
    }
}
