//! `fedctl db`: backups and the check of the data file.

use std::path::{Path, PathBuf};

use connectors::error::Code;
use connectors::view::{BackupView, CheckView};

use crate::arguments::DbCommand;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::output::Output;
use crate::table::{Cell, table};
use crate::words;

pub(super) async fn run(command: DbCommand, context: &Context) -> Outcome {
    match command {
        DbCommand::Backup { file } => backup(&file, context).await,
        DbCommand::Restore { file } => restore(&file, context).await,
        DbCommand::Check => check(context).await,
        DbCommand::Tidy { dry_run } => super::retention::tidy(dry_run, context).await,
        DbCommand::Retention { leavers, requests } => {
            super::retention::retention(leavers, requests, context).await
        }
        DbCommand::Backups => {
            let backups = context.app()?.db_backups()?;
            let output = context.output;
            output.result(&backups, || list_text(output, &backups))?;
            Ok(Exit::DONE)
        }
    }
}

async fn backup(file: &Path, context: &Context) -> Outcome {
    let target = absolute(file)?;
    let made = context.open().await?.db_backup(Some(target)).await?;
    context.output.confirmation(&made, || {
        format!(
            "Backup written and read back: {} ({}).\nIt is encrypted; the key or the passphrase of \
             today opens it.",
            made.path,
            words::size(made.size)
        )
    })?;
    Ok(Exit::DONE)
}

async fn restore(file: &Path, context: &Context) -> Outcome {
    let source = absolute(file)?;
    // Read before anything is moved, so that a missing passphrase file changes nothing.
    let passphrase = context.passphrase().await?;
    let app = context.app()?;
    match app.db_restore(&source).await {
        Ok(()) => {}
        // The backup is in place; it is opened as it wants to be.
        Err(error) if error.code() == Code::Locked => match passphrase {
            Some(passphrase) => app.unlock(Some(passphrase)).await?,
            None => drop(context.open().await?),
        },
        Err(error) => return Err(error.into()),
    }
    let status = app.status().await;
    context.output.confirmation(&status, || {
        format!(
            "Restored {}. What was there before is kept beside it, in {}",
            source.display(),
            status.data_dir
        )
    })?;
    Ok(Exit::DONE)
}

async fn check(context: &Context) -> Outcome {
    let found = context.open().await?.db_check().await?;
    context.output.result(&found, || check_text(&found))?;
    Ok(if found.ok { Exit::DONE } else { Exit::BROKEN })
}

fn check_text(found: &CheckView) -> String {
    let looked_at = format!(
        "{} read, {} opened",
        words::counted(found.pages.into(), "page"),
        words::counted(found.credentials_checked.into(), "sealed credential")
    );
    if found.ok {
        return format!("The data file is whole: {looked_at}.");
    }
    let mut text = format!(
        "The data file is damaged ({looked_at}):\n{}",
        found
            .problems
            .iter()
            .map(|problem| format!("  {problem}\n"))
            .collect::<Vec<_>>()
            .concat()
    );
    text.push_str("Restore a backup: fedctl db backups, then fedctl db restore FILE");
    text
}

fn list_text(output: Output, backups: &[BackupView]) -> String {
    if backups.is_empty() {
        return "No backups yet. One a day is made when something changes.".to_owned();
    }
    let rows: Vec<[Cell; 3]> = backups
        .iter()
        .map(|backup| {
            [
                words::moment(backup.made_at).into(),
                words::size(backup.size).into(),
                backup.path.as_str().into(),
            ]
        })
        .collect();
    // Paths are copied from here, so no column gives way.
    table(output, ["MADE", "SIZE", "FILE"], usize::MAX, &rows)
}

fn absolute(file: &Path) -> Result<PathBuf, Failure> {
    std::path::absolute(file)
        .map_err(|error| Failure::file(format!("{} is no file name: {error}", file.display())))
}
