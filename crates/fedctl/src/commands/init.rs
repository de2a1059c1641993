//! `fedctl init`: the key and the empty data file.

use connectors::view::{InitialiseRequest, SlotKind};

use crate::arguments::InitArguments;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Outcome;
use crate::secret_input;

pub(super) async fn run(arguments: InitArguments, context: &Context) -> Outcome {
    let app = context.app()?;
    let passphrase = if arguments.passphrase {
        let missing = "there is no terminal to ask for a passphrase; give --passphrase-file FILE";
        Some(secret_input::ask_new_passphrase(missing).await?)
    } else {
        context.passphrase().await?
    };
    let (kind, request) = match passphrase {
        Some(passphrase) => (
            SlotKind::Passphrase,
            InitialiseRequest::Passphrase { passphrase },
        ),
        None => (SlotKind::Keychain, InitialiseRequest::Keychain),
    };
    app.initialise(request).await?;
    let status = app.status().await;
    context.output.confirmation(&status, || {
        let key = match kind {
            SlotKind::Keychain => "in the keychain of this computer",
            SlotKind::Passphrase => {
                "behind your passphrase; keep it, nobody can open the data without it"
            }
        };
        format!(
            "Created the encrypted data file in {}\nIts key is {key}.\n\nNext: fedctl catalogue \
             list, or try everything first with fedctl demo.",
            status.data_dir
        )
    })?;
    Ok(Exit::DONE)
}
