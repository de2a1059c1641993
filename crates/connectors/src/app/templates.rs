//! Templates as the app sees them: one for each preset with members, and those in the data folder. Needs no open
//! file: a template holds nobody's data. A record to try one with is the caller's, and is not kept.

use std::path::Path;

use serde_json::{Map, Value};

use super::App;
use super::opening::blocking;
use crate::api::records::Record;
use crate::catalogue::{self, own_files, own_problem, read_own};
use crate::error::{Code, Error, FieldRule, Result};
use crate::members::Template;
use crate::view::{
    Origin, RecordTraceView, TemplateListView, TemplateRowView, TemplateTestView, TemplateView,
};

/// The folder of a person's own templates, in the data folder.
const OWN_FOLDER: &str = "templates";
/// Most records that a template is tried with at once.
const SAMPLES: usize = 100;

impl App {
    /// All templates that can be used, and what is wrong with the others.
    pub async fn templates(&self) -> Result<TemplateListView> {
        let folder = self.data_dir().to_owned();
        blocking(move || list(&folder)).await
    }

    /// One template by its identifier, which is a preset's or a file's.
    pub async fn template(&self, id: &str) -> Result<TemplateView> {
        let (folder, id) = (self.data_dir().to_owned(), id.to_owned());
        blocking(move || show(&folder, &id)).await
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

fn list(data_dir: &Path) -> Result<TemplateListView> {
    let mut view = TemplateListView {
        templates: Vec::new(),
        problems: Vec::new(),
    };
    for preset in catalogue::list_with_own(data_dir)?.presets {
        if let Some(template) = Template::built_in(&preset)? {
            view.templates.push(row(&template, preset.origin));
        }
    }
    let folder = data_dir.join(OWN_FOLDER);
    for file in own_files(&folder) {
        let outcome = own(&folder, &file).and_then(|template| {
            if view.templates.iter().any(|other| other.id == template.id) {
                let taken = format!("{file}: there is a template {} already", template.id);
                return Err(Error::field("id", FieldRule::Taken, taken));
            }
            Ok(template)
        });
        match outcome {
            Ok(template) => view.templates.push(row(&template, Origin::Own)),
            Err(error) => view.problems.push(own_problem(file, &error)),
        }
    }
    Ok(view)
}

fn show(data_dir: &Path, id: &str) -> Result<TemplateView> {
    let (template, origin) = find(data_dir, id)?;
    Ok(TemplateView {
        toml: template.to_toml()?,
        template,
        origin,
    })
}

fn find(data_dir: &Path, id: &str) -> Result<(Template, Origin)> {
    match catalogue::show_with_own(data_dir, id) {
        Ok(preset) => {
            if let Some(template) = Template::built_in(&preset)? {
                return Ok((template, preset.origin));
            }
        }
        Err(error) if error.code() == Code::NotFound => {}
        Err(error) => return Err(error),
    }
    let folder = data_dir.join(OWN_FOLDER);
    let named = |file: &String| file.strip_suffix(".toml") == Some(id);
    // Only a name that the folder really has becomes a path.
    match own_files(&folder).into_iter().find(named) {
        Some(file) => Ok((own(&folder, &file)?, Origin::Own)),
        None => Err(Error::refused(
            Code::NotFound,
            format!("there is no template {id}; `template list` shows all"),
        )),
    }
}

fn own(folder: &Path, file: &str) -> Result<Template> {
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
    outcome.map_err(|error| catalogue::in_file(file, error))
}

fn row(template: &Template, origin: Origin) -> TemplateRowView {
    TemplateRowView {
        id: template.id.clone(),
        name: template.name.clone(),
        version: template.version,
        country: template.country,
        fields: template.fields.keys().copied().collect(),
        origin,
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
