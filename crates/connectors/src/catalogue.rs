//! Presets of federation systems, as data. What is publicly known of a system, how it was
//! verified and what a person needs to have at hand. No code per system.
//!
//! A preset is a TOML file named after its identifier; `catalogue/README.md` describes every key. A
//! person's own files lie in the data folder's `presets`; one that cannot be read is told and hides no other.

mod preset;

use std::path::Path;

use regex::Regex;
use serde::Serialize;
use ts_rs::TS;

pub use crate::members::MemberField;
pub use preset::{Capability, Origin, PresetVariableView, PresetView, Verified};

use crate::connector_file::syntax_error;
use crate::error::{Code, Error, FieldError, FieldRule, Result};
use crate::settings::ConnectorSettings;

macro_rules! built_in {
    ($($id:literal),* $(,)?) => {
        [$(($id, include_str!(concat!("../catalogue/", $id, ".toml")))),*]
    };
}

/// The presets that are part of the product, in the order of the gallery.
const BUILT_IN: &[(&str, &str)] = &built_in![
    "practice",
    "practice_sign_in",
    "foireann_members",
    "foireann_open_data",
    "justgo",
    "hitobito",
    "easyverein",
    "twizzit",
    "play_cricket",
    "hello_club",
    "eventor",
    "nuliga",
    "comet",
    "webling",
    "wild_apricot",
    "teamsnap",
    "leagueapps",
    "spordle",
    "playhq",
    "generic_rest_key",
    "generic_rest_basic",
    "generic_rest_oauth",
    "generic_csv",
];

/// Identifier of the preset of the practice federation.
pub const PRACTICE: &str = "practice";
/// Identifier of the preset that signs in to the practice federation (OAuth 2.0).
pub const PRACTICE_SIGN_IN: &str = "practice_sign_in";
/// The folder of a person's own presets, in the data folder.
pub const OWN_FOLDER: &str = "presets";
/// Largest file of a person's own that is read, in bytes.
const OWN_LIMIT: u64 = 256 * 1024;

/// All presets that can be used, and what is wrong with the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct CatalogueView {
    /// In the order of the gallery; a person's own come last.
    pub presets: Vec<PresetView>,
    /// Files of the person's own that cannot be used.
    pub problems: Vec<PresetProblemView>,
}

/// Why a file is no preset, or no template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PresetProblemView {
    /// The file's name.
    pub file: String,
    /// The key that is wrong, where one is.
    pub key: Option<String>,
    /// File, line and what is wrong.
    pub message: String,
}

/// The presets of the product.
pub fn list() -> Result<Vec<PresetView>> {
    BUILT_IN
        .iter()
        .map(|(id, text)| parse(&format!("{id}.toml"), text))
        .collect()
}

/// The presets of the product and those in `data_dir`'s own folder. Reads files: not on the thread of a
/// runtime.
pub fn list_with_own(data_dir: &Path) -> Result<CatalogueView> {
    let mut view = CatalogueView {
        presets: list()?,
        problems: Vec::new(),
    };
    let folder = data_dir.join(OWN_FOLDER);
    for file in own_files(&folder) {
        let outcome = own(&folder, &file).and_then(|preset| {
            if view.presets.iter().any(|other| other.id == preset.id) {
                let taken = format!("{file}: there is a preset {} already", preset.id);
                return Err(Error::field("id", FieldRule::Taken, taken));
            }
            Ok(preset)
        });
        match outcome {
            Ok(preset) => view.presets.push(preset),
            Err(error) => view.problems.push(own_problem(file, &error)),
        }
    }
    Ok(view)
}

/// One preset of the product by its identifier.
pub fn show(id: &str) -> Result<PresetView> {
    built_in(id).unwrap_or_else(|| Err(unknown(id)))
}

/// One preset by its identifier, of the product or of the person's own. Reads files.
pub fn show_with_own(data_dir: &Path, id: &str) -> Result<PresetView> {
    if let Some(found) = built_in(id) {
        return found;
    }
    let folder = data_dir.join(OWN_FOLDER);
    let named = |file: &String| file.strip_suffix(".toml") == Some(id);
    // Only a name that the folder really has becomes a path.
    let file = own_files(&folder).into_iter().find(named);
    file.map_or_else(|| Err(unknown(id)), |file| own(&folder, &file))
}

/// Reads one preset. A mistake names file, line and key.
pub fn parse(file: &str, text: &str) -> Result<PresetView> {
    let preset: PresetView =
        toml::from_str(text).map_err(|error| in_file(file, syntax_error(text, &error)))?;
    // `mark` is what the line of the mistake holds.
    let said = |key: &str, mark: &str, message: String| {
        let line = text.lines().position(|line| line.contains(mark));
        let place = line.map_or_else(String::new, |line| format!("line {}: ", line + 1));
        let error = Error::field(key, FieldRule::Pattern, format!("{place}{message}"));
        Err(in_file(file, error))
    };
    if file.strip_suffix(".toml") != Some(&preset.id) {
        let message = format!("the file of this preset is named {}.toml", preset.id);
        return said("id", &preset.id, message);
    }
    for variable in &preset.variables {
        if let Some(pattern) = &variable.pattern
            && whole(pattern).is_err()
        {
            let message = format!(
                "`{}` has a pattern that is no regular expression",
                variable.name
            );
            return said("pattern", pattern, message);
        }
    }
    Ok(preset)
}

/// Values of variables that are missing or do not have the form that the preset gives them; empty
/// values are the settings' own rule.
pub fn check_variables(preset: &PresetView, settings: &ConnectorSettings) -> Vec<FieldError> {
    let broken = |variable: &PresetVariableView| {
        let pattern = variable
            .pattern
            .as_deref()
            .and_then(|text| whole(text).ok());
        match (settings.variables.get(&variable.name), pattern) {
            (None, _) => Some(FieldRule::Required),
            (Some(value), Some(pattern)) if !value.is_empty() && !pattern.is_match(value) => {
                Some(FieldRule::Pattern)
            }
            _ => None,
        }
    };
    let error = |variable: &PresetVariableView| {
        Some(FieldError {
            field: format!("variables.{}", variable.name),
            rule: broken(variable)?,
            message: format!("{}, e.g. {}", variable.label, variable.example),
        })
    };
    preset.variables.iter().filter_map(error).collect()
}

fn built_in(id: &str) -> Option<Result<PresetView>> {
    let (id, text) = BUILT_IN.iter().find(|(known, _)| *known == id)?;
    Some(parse(&format!("{id}.toml"), text))
}

fn own(folder: &Path, file: &str) -> Result<PresetView> {
    Ok(PresetView {
        origin: Origin::Own,
        ..parse(file, &read_own(folder, file)?)?
    })
}

/// Names of the person's own files, in their order. No folder is no file.
pub(crate) fn own_files(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut files: Vec<String> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.strip_suffix(".toml").is_some())
        .collect();
    files.sort();
    files
}

pub(crate) fn read_own(folder: &Path, name: &str) -> Result<String> {
    let path = folder.join(name);
    let refused = |why: &str| Error::refused(Code::BadFile, format!("{name}: {why}"));
    let size = std::fs::metadata(&path)
        .map_err(|_| refused("the file cannot be read"))?
        .len();
    if size > OWN_LIMIT {
        return Err(refused("the file is larger than 256 KiB"));
    }
    std::fs::read_to_string(path).map_err(|_| refused("the file cannot be read as text"))
}

pub(crate) fn own_problem(file: String, error: &Error) -> PresetProblemView {
    match error {
        Error::Invalid(fields) => PresetProblemView {
            key: fields.first().map(|field| field.field.clone()),
            message: fields
                .first()
                .map_or_else(|| file.clone(), |field| field.message.clone()),
            file,
        },
        other => PresetProblemView {
            key: None,
            message: other.to_string(),
            file,
        },
    }
}

pub(crate) fn in_file(file: &str, error: Error) -> Error {
    match error {
        Error::Invalid(mut fields) => {
            for field in &mut fields {
                field.message = format!("{file}, {}", field.message);
            }
            Error::Invalid(fields)
        }
        other => other,
    }
}

fn unknown(id: &str) -> Error {
    Error::refused(
        Code::NotFound,
        format!("there is no preset {id}; `catalogue list` shows all"),
    )
}

pub(crate) fn whole(pattern: &str) -> std::result::Result<Regex, regex::Error> {
    Regex::new(&format!("^(?:{pattern})$"))
}
