//! `fedctl key`: the ways to the key of the data file.

use std::path::Path;

use connectors::App;
use connectors::error::{Error, LockReason};
use connectors::secret::SecretText;
use connectors::view::{KeyStatusView, SlotKind};

use crate::arguments::{KeyCommand, SlotWord};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::output::Output;
use crate::secret_input;
use crate::table::facts;
use crate::words;

pub(super) async fn run(command: KeyCommand, context: &Context) -> Outcome {
    match command {
        KeyCommand::Status => {
            let status = context.open().await?.key_status().await?;
            let output = context.output;
            output.result(&status, || text(output, &status))?;
            Ok(Exit::DONE)
        }
        KeyCommand::Rotate => {
            let status = context.open().await?.key_rotate().await?;
            let done = format!(
                "New key for credentials (term {}); every credential is sealed with it",
                status.term
            );
            changed(context, &status, &done).await
        }
        KeyCommand::AddPassphrase {
            new_passphrase_file,
        } => add_passphrase(new_passphrase_file.as_deref(), context).await,
        KeyCommand::AddKeychain => {
            let status = context.open().await?.key_add_keychain().await?;
            let done = "The keychain of this computer opens the data file now";
            changed(context, &status, done).await
        }
        KeyCommand::RemoveSlot { kind } => {
            let kind = match kind {
                SlotWord::Keychain => SlotKind::Keychain,
                SlotWord::Passphrase => SlotKind::Passphrase,
            };
            let status = context.open().await?.key_remove_slot(kind).await?;
            let done = format!("The {} no longer opens the data file", words::slot(kind));
            changed(context, &status, &done).await
        }
    }
}

async fn add_passphrase(file: Option<&Path>, context: &Context) -> Outcome {
    let (app, passphrase) = match (file, &context.passphrase_file) {
        (Some(file), _) => {
            if secret_input::is_stdin(file) {
                context.stdin_is_for("new passphrase")?;
            }
            let passphrase = secret_input::passphrase_from(file, context.output).await?;
            (context.open().await?, passphrase)
        }
        (None, Some(file)) => {
            let passphrase = secret_input::passphrase_from(file, context.output).await?;
            (open_with_keychain(context).await?, passphrase)
        }
        (None, None) => {
            let app = context.open().await?;
            let missing = "give the new passphrase with --new-passphrase-file FILE";
            (app, secret_input::ask_new_passphrase(missing).await?)
        }
    };
    let status = store(app, passphrase).await?;
    changed(
        context,
        &status,
        "The new passphrase opens the data file now",
    )
    .await
}

/// Where the keychain opens the file, the passphrase given with the command can be the new one.
async fn open_with_keychain(context: &Context) -> Result<&App, Failure> {
    let app = context.app()?;
    match app.open().await {
        Ok(()) => Ok(app),
        Err(Error::Locked(LockReason::PassphraseNeeded)) => Err(Failure::usage(
            "--passphrase-file opens this file; give the new passphrase with --new-passphrase-file",
        )),
        Err(error) => Err(error.into()),
    }
}

async fn store(app: &App, passphrase: SecretText) -> Result<KeyStatusView, Failure> {
    Ok(app.key_add_passphrase(passphrase).await?)
}

async fn changed(context: &Context, status: &KeyStatusView, done: &str) -> Outcome {
    context.output.confirmation(status, || done.to_owned())?;
    context.after_change(context.app()?).await;
    Ok(Exit::DONE)
}

fn text(output: Output, status: &KeyStatusView) -> String {
    let ways: Vec<String> = status
        .slots
        .iter()
        .map(|slot| {
            format!(
                "{}, since {}",
                words::slot(slot.kind),
                words::day(slot.made_at)
            )
        })
        .collect();
    facts(
        output,
        &[
            ("Opened by", ways.join("\n")),
            (
                "Credential key",
                format!(
                    "term {}, made {}, used {}",
                    status.term,
                    words::day(status.made_at),
                    words::counted(status.encryptions, "time")
                ),
            ),
            ("Data file", status.database_id.clone()),
        ],
    )
}
