//! Templates as the app sees them: one for each preset with members, those that a person has saved in the data file, and
//! files in the data folder. The product's and files need no open file: a template holds nobody's data. A record to try one
//! with is the caller's, and is not kept.

mod form;
mod keeping;
mod trying;
mod written;

use std::path::Path;

use serde_json::{Map, Value};

use super::App;
use super::opening::blocking;
use crate::api::records::Record;
use crate::catalogue::{self, own_files, own_problem, read_own};
use crate::clock::UtcMillis;
use crate::error::{Code, Error, FieldRule, Result};
use crate::members::Template;
use crate::store::Reader;
use crate::store::template::{TemplateUser, TemplateVersionRecord};
use crate::view::{
    Origin, RecordTraceView, TemplateListView, TemplatePlace, TemplateRowView, TemplateTestView,
    TemplateUserView, TemplateView,
};
pub(super) use trying::Samples;

/// The folder of a person's own templates, in the data folder.
const OWN_FOLDER: &str = "templates";
/// Connectors that are named of those that use a template.
const USERS: u32 = 20;
/// Most records that a template is tried with at once.
const SAMPLES: usize = 100;

impl App {
    /// All templates that can be used, and what is wrong with the others. Saved ones are among them while the file is open.
    pub async fn templates(&self) -> Result<TemplateListView> {
        let store = self.store().ok();
        let saved = match &store {
            Some(store) => store.read(|tx| tx.templates_stored()).await?,
            None => Vec::new(),
        };
        let folder = self.data_dir().to_owned();
        let mut view = blocking(move || list(&folder, &saved)).await?;
        view.is_locked = store.is_none();
        let Some(store) = store else { return Ok(view) };
        store
            .read(move |tx| {
                for row in &mut view.templates {
                    (row.used_by, row.used_by_count) = users(tx, &row.id)?;
                }
                Ok(view)
            })
            .await
    }

    /// One template by its identifier: that of a preset, of a saved template or of a file.
    pub async fn template(&self, id: &str) -> Result<TemplateView> {
        let mut view = view_of(self.find_template(id).await?)?;
        if let Ok(store) = self.store() {
            let id = view.template.id.clone();
            (view.used_by, view.used_by_count) = store.read(move |tx| users(tx, &id)).await?;
        }
        Ok(view)
    }

    /// The template of an identifier. One of the product comes first: nothing hides it; then a saved one.
    async fn find_template(&self, id: &str) -> Result<Found> {
        if let Some(found) = of_product(id)? {
            return Ok(found);
        }
        if let Ok(store) = self.store() {
            let id = id.to_owned();
            let saved = store
                .read(move |tx| match tx.template_head(&id)? {
                    Some(head) if head.deleted_at.is_none() => {
                        tx.template_version(&id, head.version)
                    }
                    _ => Ok(None),
                })
                .await?;
            if let Some(saved) = saved {
                return Found::saved(&saved);
            }
        }
        let (folder, id) = (self.data_dir().to_owned(), id.to_owned());
        blocking(move || in_folders(&folder, &id)).await
    }

    /// Reads a template that is not one of the app's yet, and shows what it makes of records: a JSON object, or a list
    /// of at most 100.
    ///
    /// # Errors
    /// [`Error::Invalid`] with line and key of every mistake of the template; [`Code::BadFile`] for the records.
    pub async fn template_test(text: String, records: Option<String>) -> Result<TemplateTestView> {
        blocking(move || try_with(&text, records.as_deref())).await
    }
}

fn try_with(text: &str, records: Option<&str>) -> Result<TemplateTestView> {
    let template = Template::parse(text)?;
    let samples = records.map_or_else(|| Ok(Vec::new()), samples)?;
    let mapper = template.compile()?;
    let records = samples
        .into_iter()
        .map(Record::new)
        .map(|record| RecordTraceView {
            fields: mapper.explain(&record),
            problem: mapper.map(&record).problem,
        })
        .collect();
    Ok(TemplateTestView { template, records })
}

/// A template with where it is.
struct Found {
    template: Template,
    origin: Origin,
    place: TemplatePlace,
    /// As somebody wrote it, with their remarks.
    text: Option<String>,
    saved_at: Option<UtcMillis>,
}

impl Found {
    fn saved(record: &TemplateVersionRecord) -> Result<Self> {
        Ok(Self {
            template: Template::parse(&record.toml)?,
            origin: Origin::Own,
            place: TemplatePlace::Saved,
            text: Some(record.toml.clone()),
            saved_at: Some(record.saved_at),
        })
    }
}

fn list(data_dir: &Path, saved: &[TemplateVersionRecord]) -> Result<TemplateListView> {
    let mut view = TemplateListView {
        templates: Vec::new(),
        problems: Vec::new(),
        is_locked: false,
    };
    for preset in catalogue::list_with_own(data_dir)?.presets {
        if let Some(template) = Template::built_in(&preset)? {
            if preset.origin == Origin::Own && saved.iter().any(|one| one.template_id == preset.id)
            {
                let file = format!("{}.toml", preset.id);
                let error = taken(&file, &preset.id);
                view.problems.push(own_problem(file, &error));
                continue;
            }
            view.templates
                .push(row(&template, preset.origin, TemplatePlace::Preset));
        }
    }
    for record in saved {
        match Found::saved(record) {
            Ok(found) => {
                let shown = row(&found.template, found.origin, found.place);
                view.templates.push(shown);
            }
            Err(error) => view
                .problems
                .push(own_problem(record.template_id.clone(), &error)),
        }
    }
    let folder = data_dir.join(OWN_FOLDER);
    for file in own_files(&folder) {
        let outcome = own(&folder, &file).and_then(|(template, _)| {
            if view.templates.iter().any(|other| other.id == template.id) {
                return Err(taken(&file, &template.id));
            }
            Ok(template)
        });
        match outcome {
            Ok(template) => view
                .templates
                .push(row(&template, Origin::Own, TemplatePlace::File)),
            Err(error) => view.problems.push(own_problem(file, &error)),
        }
    }
    Ok(view)
}

fn taken(file: &str, id: &str) -> Error {
    let said = format!("{file}: there is a template {id} already, and this file is not used");
    Error::field("id", FieldRule::Taken, said)
}

fn view_of(found: Found) -> Result<TemplateView> {
    Ok(TemplateView {
        toml: match found.text {
            Some(text) => text,
            None => found.template.to_toml()?,
        },
        form: form::form_of(&found.template),
        template: found.template,
        origin: found.origin,
        place: found.place,
        saved_at: found.saved_at.map(|at| at.0),
        used_by: Vec::new(),
        used_by_count: 0,
    })
}

fn users(tx: &Reader<'_>, id: &str) -> Result<(Vec<TemplateUserView>, u32)> {
    let (users, count) = tx.template_users(id, USERS)?;
    let view = |user: TemplateUser| TemplateUserView {
        code: user.code,
        name: user.name,
        is_deleted: user.is_deleted,
    };
    Ok((users.into_iter().map(view).collect(), count))
}

fn of_product(id: &str) -> Result<Option<Found>> {
    match catalogue::show(id) {
        Ok(preset) => Ok(Template::built_in(&preset)?.map(|template| Found {
            template,
            origin: preset.origin,
            place: TemplatePlace::Preset,
            text: None,
            saved_at: None,
        })),
        Err(error) if error.code() == Code::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// One of the person's own presets or files.
fn in_folders(data_dir: &Path, id: &str) -> Result<Found> {
    match catalogue::show_with_own(data_dir, id) {
        Ok(preset) => {
            if let Some(template) = Template::built_in(&preset)? {
                return Ok(Found {
                    template,
                    origin: preset.origin,
                    place: TemplatePlace::Preset,
                    text: None,
                    saved_at: None,
                });
            }
        }
        Err(error) if error.code() == Code::NotFound => {}
        Err(error) => return Err(error),
    }
    let folder = data_dir.join(OWN_FOLDER);
    let named = |file: &String| file.strip_suffix(".toml") == Some(id);
    // Only a name that the folder really has becomes a path.
    match own_files(&folder).into_iter().find(named) {
        Some(file) => {
            let (template, text) = own(&folder, &file)?;
            Ok(Found {
                template,
                origin: Origin::Own,
                place: TemplatePlace::File,
                text: Some(text),
                saved_at: None,
            })
        }
        None => Err(no_template(id)),
    }
}

fn no_template(id: &str) -> Error {
    Error::refused(
        Code::NotFound,
        format!("there is no template {id}; `template list` shows all"),
    )
}

fn own(folder: &Path, file: &str) -> Result<(Template, String)> {
    let text = read_own(folder, file)?;
    let outcome = Template::parse(&text).and_then(|template| {
        if file.strip_suffix(".toml") == Some(&template.id) {
            return Ok(template);
        }
        let line = text
            .lines()
            .position(|line| line.trim_start().starts_with("id"));
        let place = line.map_or_else(String::new, |line| format!("line {}: ", line + 1));
        let said = format!(
            "{place}the file of this template is named {}.toml",
            template.id
        );
        Err(Error::field("id", FieldRule::Pattern, said))
    });
    match outcome {
        Ok(template) => Ok((template, text)),
        Err(error) => Err(catalogue::in_file(file, error)),
    }
}

fn row(template: &Template, origin: Origin, place: TemplatePlace) -> TemplateRowView {
    TemplateRowView {
        id: template.id.clone(),
        name: template.name.clone(),
        version: template.version,
        country: template.country,
        fields: template.fields.keys().copied().collect(),
        origin,
        place,
        used_by: Vec::new(),
        used_by_count: 0,
    }
}

/// The records to try a template with. What the parser says could quote them, and is not passed on.
fn samples(text: &str) -> Result<Vec<Map<String, Value>>> {
    let refused = |message: String| Error::refused(Code::BadFile, message);
    let parsed = serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| {
        refused(format!(
            "the records are not JSON, line {} column {}",
            error.line(),
            error.column()
        ))
    })?;
    let list = match parsed {
        Value::Array(list) => list,
        other => vec![other],
    };
    if list.len() > SAMPLES {
        return Err(refused(format!(
            "a template is tried with {SAMPLES} records at most"
        )));
    }
    let object = |(at, value)| match value {
        Value::Object(fields) => Ok(fields),
        _ => Err(refused(format!("record {} is no object", at + 1))),
    };
    list.into_iter().enumerate().map(object).collect()
}
