//! What every command is given: how to print, and the app, opened on first need with the
//! passphrase or the keychain.

use std::path::PathBuf;
use std::sync::OnceLock;

use connectors::audit::Actor;
use connectors::error::{Error, LockReason};
use connectors::secret::SecretText;
use connectors::view::{AppStateView, SlotKind};
use connectors::{App, AppOptions};
use tokio::sync::Notify;

use crate::failure::Failure;
use crate::output::Output;
use crate::secret_input;

/// What every command is given.
pub(crate) struct Context {
    /// How to print.
    pub(crate) output: Output,
    /// The folder that was named on the command line.
    pub(crate) data_dir: Option<PathBuf>,
    /// Where the passphrase is.
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Whether no member is shown.
    support: bool,
    app: OnceLock<App>,
    stop: Notify,
}

impl Context {
    /// Touches nothing yet.
    pub(crate) fn new(
        output: Output,
        data_dir: Option<PathBuf>,
        passphrase_file: Option<PathBuf>,
        support: bool,
    ) -> Self {
        Self {
            output,
            data_dir,
            passphrase_file,
            support,
            app: OnceLock::new(),
            stop: Notify::new(),
        }
    }

    /// The app, not opened. Making it costs nothing.
    pub(crate) fn app(&self) -> Result<&App, Failure> {
        if self.app.get().is_none() {
            let folder = connectors::data_dir(self.data_dir.clone())?;
            self.use_folder(folder);
        }
        self.app
            .get()
            .ok_or_else(|| Failure::usage("there is no data folder"))
    }

    /// Makes the app for another folder, as long as there is none.
    pub(crate) fn use_folder(&self, folder: PathBuf) {
        self.app.get_or_init(|| {
            let app = App::new(AppOptions::system(folder)).acting_as(Actor::CommandLine);
            if self.support {
                app.in_support_view()
            } else {
                app
            }
        });
    }

    /// The app, opened with the passphrase where one is given, else with the keychain. A person
    /// at a terminal is asked for the passphrase where the keychain does not open the file.
    pub(crate) async fn open(&self) -> Result<&App, Failure> {
        let app = self.app()?;
        match self.open_without_asking().await {
            Err(Failure::Product(Error::Locked(reason)))
                if self.can_ask_for_passphrase(reason).await =>
            {
                let passphrase = secret_input::ask_secret("Passphrase: ").await?;
                app.unlock(Some(passphrase)).await?;
                Ok(app)
            }
            Err(failure) => Err(failure),
            Ok(()) => Ok(app),
        }
    }

    /// As [`Self::open`], for reports on the state, which a question would only delay.
    pub(crate) async fn open_without_asking(&self) -> Result<(), Failure> {
        let passphrase = self.passphrase().await?;
        Ok(self.app()?.unlock(passphrase).await?)
    }

    /// The passphrase that was given with the command.
    pub(crate) async fn passphrase(&self) -> Result<Option<SecretText>, Failure> {
        match &self.passphrase_file {
            None => Ok(None),
            Some(path) => secret_input::passphrase_from(path, self.output)
                .await
                .map(Some),
        }
    }

    /// Refuses a command that would read two things from standard input.
    pub(crate) fn stdin_is_for(&self, what: &str) -> Result<(), Failure> {
        match &self.passphrase_file {
            Some(path) if secret_input::is_stdin(path) => Err(Failure::usage(format!(
                "standard input cannot carry both the passphrase and the {what}; put one of them \
                 into a file"
            ))),
            _ => Ok(()),
        }
    }

    /// After a change: the backup of the day and the age of the keys. The change is done, so what
    /// goes wrong here is a warning.
    pub(crate) async fn after_change(&self, app: &App) {
        if let Err(error) = app.keep_keys_fresh().await {
            self.output
                .warning(&format!("the keys could not be looked after: {error}"));
        }
        if let Err(error) = app.forget_old_undo().await {
            self.output.warning(&format!(
                "what can no longer be undone could not be forgotten: {error}"
            ));
        }
        if let Err(error) = app.daily_backup().await {
            self.output
                .warning(&format!("the backup of today could not be made: {error}"));
        }
    }

    /// At the end of a command: what it did is known outside of the data file too.
    pub(crate) async fn end(&self) {
        if let Some(app) = self.app.get() {
            app.audit_anchor().await;
        }
    }

    /// Stops a running test, and tells a command that waits for a person.
    pub(crate) fn cancel(&self) {
        self.stop.notify_one();
        if let Some(app) = self.app.get() {
            app.cancel_test();
        }
    }

    /// Waits until the process is told to stop. For a command with something to put in order.
    pub(crate) async fn told_to_stop(&self) {
        self.stop.notified().await;
    }

    async fn can_ask_for_passphrase(&self, reason: LockReason) -> bool {
        if self.passphrase_file.is_some()
            || matches!(reason, LockReason::ByUser | LockReason::Opening)
            || !secret_input::can_ask()
        {
            return false;
        }
        let Some(app) = self.app.get() else {
            return false;
        };
        match app.status().await.app {
            AppStateView::Locked { slots, .. } => slots.contains(&SlotKind::Passphrase),
            _ => false,
        }
    }
}
