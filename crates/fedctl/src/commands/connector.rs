//! `fedctl connector`: everything but adding, which has more to say.

use std::path::Path;

use connectors::connector_file;
use connectors::error::{Code, Error};
use connectors::view::{
    ConnectorEditRequest, ConnectorFilter, ConnectorListRequest, ConnectorView, ImportView, Status,
};
use serde::Serialize;
use serde_json::json;

use super::{check, connector_add, connector_text, org};
use crate::arguments::{ConnectorCommand, Setting, StatusWord};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome, field_line};
use crate::report::StepPrinter;
use crate::secret_input;
use crate::words;

/// As the app itself: 10,000 connectors need about 8 MB.
const IMPORT_LIMIT: usize = 32 * 1024 * 1024;

/// A deleted connector, and whom that concerns.
#[derive(Serialize)]
struct Removed<'a> {
    #[serde(flatten)]
    connector: &'a ConnectorView,
    affected_clubs: &'a [String],
}

pub(super) async fn run(command: ConnectorCommand, context: &Context) -> Outcome {
    match command {
        ConnectorCommand::List {
            status,
            search,
            deleted,
        } => list(status, search, deleted, context).await,
        ConnectorCommand::Show { code } => show(&code, context).await,
        ConnectorCommand::Add(arguments) => connector_add::run(arguments, context).await,
        ConnectorCommand::Edit {
            code,
            name,
            settings,
        } => edit(code, name, &settings, context).await,
        ConnectorCommand::Status { code, status } => set_status(&code, status, context).await,
        ConnectorCommand::Pause(many) => check::pause(many, context).await,
        ConnectorCommand::Resume(many) => check::resume(many, context).await,
        ConnectorCommand::Remove { code } => remove(&code, context).await,
        ConnectorCommand::Restore { code } => restore(&code, context).await,
        ConnectorCommand::Purge { code, yes } => purge(&code, yes, context).await,
        ConnectorCommand::Clone { code, new_code } => clone(&code, &new_code, context).await,
        ConnectorCommand::Test { code, org } => test(&code, org.as_deref(), context).await,
        ConnectorCommand::Export { code } => export(code.as_deref(), context).await,
        ConnectorCommand::Import { file } => import(&file, context).await,
    }
}

async fn list(
    status: Option<StatusWord>,
    search: String,
    deleted: bool,
    context: &Context,
) -> Outcome {
    let app = context.open().await?;
    let request = ConnectorListRequest {
        search,
        filter: if deleted {
            ConnectorFilter::Deleted
        } else {
            ConnectorFilter::All
        },
        status: status.map(to_status),
        ..Default::default()
    };
    let narrowed = !request.search.is_empty() || request.status.is_some();
    let found = app.connector_list(request).await?;
    let output = context.output;
    output.result(&found.rows, || {
        if deleted {
            connector_text::deleted_list(output, &found, narrowed)
        } else {
            connector_text::list(output, &found, narrowed)
        }
    })?;
    Ok(Exit::DONE)
}

async fn show(code: &str, context: &Context) -> Outcome {
    let connector = context.open().await?.connector_show(code).await?;
    let output = context.output;
    output.result(&connector, || connector_text::show(output, &connector))?;
    Ok(Exit::DONE)
}

async fn edit(
    code: String,
    name: Option<String>,
    changes: &[Setting],
    context: &Context,
) -> Outcome {
    if name.is_none() && changes.is_empty() {
        return Err(Failure::usage(
            "nothing to change: give --set KEY=VALUE or --name NAME",
        ));
    }
    let app = context.open().await?;
    let present = app.connector_show(&code).await?;
    let mut settings = present.settings;
    if let Some(name) = name {
        settings.name = name;
    }
    for change in changes {
        settings = connector_file::set(&settings, &change.key, &change.value)?;
    }
    let request = ConnectorEditRequest {
        code,
        version: present.version,
        settings,
        credentials: None,
        test_handle: None,
    };
    let connector = app.connector_edit(request).await?;
    changed(context, &connector, "Saved").await
}

async fn set_status(code: &str, status: StatusWord, context: &Context) -> Outcome {
    let app = context.open().await?;
    let connector = app.connector_set_status(code, to_status(status)).await?;
    let done = match connector.row.status {
        Status::Inactive => "Paused",
        Status::Active | Status::Error => "In use again:",
    };
    changed(context, &connector, done).await
}

async fn remove(code: &str, context: &Context) -> Outcome {
    let app = context.open().await?;
    let clubs = org::affected(app, code).await?;
    let connector = app.connector_remove(code).await?;
    let document = Removed {
        connector: &connector,
        affected_clubs: &clubs,
    };
    context.output.confirmation(&document, || {
        let until = connector
            .row
            .restorable_until
            .map_or_else(|| "30 days from now".to_owned(), words::day);
        let affected = if clubs.is_empty() {
            String::new()
        } else {
            format!(
                "\nNothing comes any more for {}: {}",
                words::counted(u64::try_from(clubs.len()).unwrap_or(u64::MAX), "club"),
                clubs.join(", ")
            )
        };
        format!(
            "Deleted {code}. It can be restored until {until}:\n  fedctl connector restore \
             {code}{affected}"
        )
    })?;
    context.after_change(app).await;
    Ok(Exit::DONE)
}

async fn restore(code: &str, context: &Context) -> Outcome {
    let connector = context.open().await?.connector_restore(code).await?;
    changed(context, &connector, "Restored").await
}

async fn purge(code: &str, yes: bool, context: &Context) -> Outcome {
    let app = context.open().await?;
    if !yes {
        // What does not exist or is not deleted is said before a person is asked.
        let connector = app.connector_show(code).await?;
        if connector.row.deleted_at.is_none() {
            return Err(Error::refused(
                Code::Invalid,
                format!("{code} is not deleted; remove it first (fedctl connector remove {code})"),
            )
            .into());
        }
        secret_input::require_person(
            "this destroys the credentials for ever; without a terminal it needs --yes",
        )?;
        let question = format!(
            "This destroys the credentials of {} for ever. Type {code} to go on: ",
            connector.row.name
        );
        if secret_input::ask_line(&question).await? != code {
            return Err(Failure::usage("not confirmed; nothing was changed"));
        }
    }
    app.connector_purge(code).await?;
    let document = json!({"code": code, "purged": true});
    context.output.confirmation(&document, || {
        format!("Purged {code}. Its credentials are destroyed and its code is free.")
    })?;
    context.after_change(app).await;
    Ok(Exit::DONE)
}

async fn clone(code: &str, new_code: &str, context: &Context) -> Outcome {
    let app = context.open().await?;
    let connector = app.connector_clone(code, new_code).await?;
    context.output.confirmation(&connector, || {
        format!(
            "Copied {code} to {new_code}, without its credentials.\nNext: fedctl credentials set \
             {new_code}"
        )
    })?;
    context.after_change(app).await;
    Ok(Exit::DONE)
}

async fn test(code: &str, organisation: Option<&str>, context: &Context) -> Outcome {
    let app = context.open().await?;
    let mut printer = StepPrinter::new(context.output, "");
    let report = app
        .connector_test(code, organisation, &mut |step| printer.step(step))
        .await?;
    printer.finish(&report)?;
    if context.output.json {
        context.output.document(&report)?;
    }
    Ok(Exit::of_test(&report))
}

async fn export(code: Option<&str>, context: &Context) -> Outcome {
    let toml = context.open().await?.connector_export(code).await?;
    if !context.output.json {
        context.output.raw(toml.as_bytes())?;
        return Ok(Exit::DONE);
    }
    let settings = connector_file::parse(&toml)?;
    match (code, settings.as_slice()) {
        (Some(_), [only]) => context.output.document(only)?,
        _ => context.output.document(&settings)?,
    }
    Ok(Exit::DONE)
}

async fn import(file: &Path, context: &Context) -> Outcome {
    if secret_input::is_stdin(file) {
        context.stdin_is_for("file")?;
    }
    let text = read_toml(file).await?;
    let app = context.open().await?;
    let done = app.connector_import(&text).await?;
    let output = context.output;
    output.confirmation(&done, || import_text(&done))?;
    if !output.json {
        for refused in &done.refused {
            for field in &refused.fields {
                output.warning(&format!("{}: {}", refused.code, field_line(field)));
            }
        }
    }
    if !done.created.is_empty() || !done.updated.is_empty() {
        context.after_change(app).await;
    }
    let nothing_done =
        done.created.is_empty() && done.updated.is_empty() && done.unchanged.is_empty();
    Ok(match (done.refused.is_empty(), nothing_done) {
        (true, _) => Exit::DONE,
        (false, true) => Exit::USAGE,
        (false, false) => Exit::PARTLY,
    })
}

fn import_text(done: &ImportView) -> String {
    let numbers = [
        (done.created.len(), "added"),
        (done.updated.len(), "changed"),
        (done.unchanged.len(), "already as in the file"),
        (done.refused.len(), "refused"),
    ];
    let parts: Vec<String> = numbers
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{number} {word}"))
        .collect();
    if parts.is_empty() {
        "The file has no connectors.".to_owned()
    } else {
        format!("Connectors: {}", parts.join(", "))
    }
}

/// A TOML file of the user's, or standard input for `-`.
pub(super) async fn read_toml(file: &Path) -> Result<String, Failure> {
    let bytes = secret_input::read_input(file, IMPORT_LIMIT, "connector file").await?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    String::from_utf8(bytes.to_vec())
        .map_err(|_| Failure::file("the connector file is not a text in UTF-8"))
}

/// Confirms a change and looks after backup and keys.
async fn changed(context: &Context, connector: &ConnectorView, done: &str) -> Outcome {
    context.output.confirmation(connector, || {
        format!("{done} {} ({})", connector.row.code, connector.row.name)
    })?;
    context.after_change(context.app()?).await;
    Ok(Exit::DONE)
}

fn to_status(word: StatusWord) -> Status {
    match word {
        StatusWord::Active => Status::Active,
        StatusWord::Inactive => Status::Inactive,
        StatusWord::Error => Status::Error,
    }
}
