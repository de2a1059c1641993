//! `fedctl connector add`: settings out of a preset or a file, then the changes of the command
//! line, then credentials; tested afterwards where wanted.

use connectors::connector_file;
use connectors::error::{Error, FieldRule};
use connectors::settings::ConnectorSettings;
use connectors::view::ConnectorAddRequest;

use super::connector::read_toml;
use crate::arguments::AddArguments;
use crate::context::Context;
use crate::credentials_input;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::report::StepPrinter;
use crate::secret_input;
use crate::words;

pub(super) async fn run(arguments: AddArguments, context: &Context) -> Outcome {
    let from_stdin = arguments
        .from
        .as_deref()
        .is_some_and(secret_input::is_stdin);
    if arguments.credentials_stdin {
        context.stdin_is_for("credentials")?;
        if from_stdin {
            return Err(Failure::usage(
                "standard input cannot carry both the connector file and the credentials",
            ));
        }
    }
    if from_stdin {
        context.stdin_is_for("connector file")?;
    }
    let settings = settings(&arguments, context).await?;
    let app = context.open().await?;
    let credentials = if arguments.credentials_stdin {
        Some(credentials_input::credentials_for(&settings.auth).await?)
    } else {
        None
    };
    let request = ConnectorAddRequest {
        settings,
        credentials,
        test_handle: None,
    };
    let mut connector = app.connector_add(request).await?;
    let code = connector.row.code.clone();
    let output = context.output;
    let confirm = |next: &str| format!("Added {code} ({}){next}", connector.row.name);
    if !arguments.test {
        let next = if connector.credentials.set {
            format!("\nNext: {}", words::next_command(&connector))
        } else {
            format!("\nNext: fedctl credentials set {code}")
        };
        output.confirmation(&connector, || confirm(&next))?;
        context.after_change(app).await;
        return Ok(Exit::DONE);
    }
    if !output.json {
        output.confirmation(&(), || confirm("\n"))?;
    }
    let mut printer = StepPrinter::new(output, "");
    let report = app
        .connector_test(&code, None, &mut |step| printer.step(step))
        .await?;
    printer.finish(&report)?;
    if output.json {
        connector = app.connector_show(&code).await?;
        output.document(&connector)?;
    }
    context.after_change(app).await;
    Ok(Exit::of_test(&report))
}

/// The settings that the arguments ask for. Checking them is the app's.
async fn settings(
    arguments: &AddArguments,
    context: &Context,
) -> Result<ConnectorSettings, Failure> {
    let mut settings = match (&arguments.preset, &arguments.from) {
        (Some(preset), _) => {
            let preset = context.app()?.preset(preset).await?;
            ConnectorSettings {
                preset: Some(preset.id),
                ..preset.settings
            }
        }
        (None, Some(file)) => {
            let entries = connector_file::parse(&read_toml(file).await?)?;
            one_of(entries, &arguments.code)?
        }
        (None, None) => ConnectorSettings::default(),
    };
    settings.code.clone_from(&arguments.code);
    let mut named = false;
    if let Some(name) = &arguments.name {
        settings.name.clone_from(name);
        named = true;
    }
    for change in &arguments.settings {
        settings = connector_file::set(&settings, &change.key, &change.value)?;
        named = named || change.key == "name";
    }
    if settings.code != arguments.code {
        return Err(Error::field(
            "code",
            FieldRule::Exclusive,
            "the federation code is the argument; --set code is not for adding",
        )
        .into());
    }
    if settings.name.is_empty() && !named {
        settings.name.clone_from(&settings.code);
    }
    Ok(settings)
}

/// The only entry of a file, or the one of that code among several.
fn one_of(entries: Vec<ConnectorSettings>, code: &str) -> Result<ConnectorSettings, Failure> {
    let entries = match <[ConnectorSettings; 1]>::try_from(entries) {
        Ok([only]) => return Ok(only),
        Err(entries) => entries,
    };
    let number = entries.len();
    entries
        .into_iter()
        .find(|entry| entry.code == code)
        .ok_or_else(|| {
            Failure::file(format!(
                "the file has {number} connectors and none with the code {code}; to add all of \
                 them use fedctl connector import"
            ))
        })
}
