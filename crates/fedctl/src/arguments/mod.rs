//! What `fedctl` understands, as clap reads it. Help texts are part of the product: the man pages
//! and the completions are made from them. No argument takes a secret.

mod audit;
mod check;
mod connector;
mod diagnostics;
mod erase;
mod health;
mod import;
mod login;
mod org;
mod rest;
mod schedule;
mod sync;
mod template;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

pub(crate) use audit::{AreaWord, AuditArguments, AuditCommand};
pub(crate) use check::{CheckArguments, CheckCommand, EveryWord, ManyArguments};
pub(crate) use connector::{AddArguments, ConnectorCommand, Setting, StatusWord};
pub(crate) use diagnostics::DiagnosticsArguments;
pub(crate) use erase::{AllowAgainArguments, EraseArguments};
pub(crate) use health::{ErrorsArguments, HealthArguments};
pub(crate) use import::{
    DateOrderWord, ExportArguments, FormatWord, ImportCommand, ImportCsvArguments,
};
pub(crate) use login::{LoginArguments, RedirectWord};
pub(crate) use org::{ConnectArguments, OrgCommand};
pub(crate) use rest::{
    CatalogueCommand, CredentialsCommand, DbCommand, InitArguments, KeyCommand, LeaversWord,
    ManArguments, PracticeArguments, RequestArguments, SettingsCommand, SlotWord,
};
pub(crate) use schedule::{AnswerWord, MissedWord, PolicyWord, ScheduleCommand};
pub(crate) use sync::{
    ClubArguments, ClubsArguments, MemberArguments, MemberCommand, MemberStatusWord, RowsWord,
    SyncCommand,
};
pub(crate) use template::TemplateCommand;

/// Shown under every help of the program and in the man page.
pub(crate) const EXIT_CODES: &str = "\
Exit codes:
    0  done
    1  unexpected, or an answer or a file that cannot be used
    2  usage: a wrong argument, setting or file; a code that is taken
    3  sign-in, credentials, passphrase, or not allowed
    4  a conflict needs a decision
    5  partly done: some entries of a file were refused
    6  a guard, or an undo, holds it: look, then allow it
    7  locked, or no data file yet
    8  not found
   75  try again later: offline, federation down, too many requests
  130  stopped with Ctrl-C
  141  whoever read the output has gone";

const EXAMPLES: &str = "\
Start here:
  fedctl demo                          a tested connector, nothing is kept
  fedctl init                          create the key and the data file
  fedctl catalogue list                the systems with a preset
  fedctl connector add my_club --preset generic_rest_key \\
      --set endpoints.base=https://api.example.org/v1
  fedctl login my_club                 where the federation wants a sign-in";

/// Connectors to sports federations' membership systems, on the command line.
///
/// Holds the same data as the desktop app: one encrypted file whose key is in the keychain of this
/// computer or behind a passphrase. Secrets are read from standard input, from a prompt or from a
/// file; there is no argument for them, because other programs can see arguments.
#[derive(Debug, Parser)]
#[command(
    name = "fedctl",
    version,
    arg_required_else_help = true,
    after_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"),
    max_term_width = 100
)]
pub(crate) struct Arguments {
    /// Global options.
    #[command(flatten)]
    pub(crate) global: GlobalArguments,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options that every command takes.
#[derive(Debug, clap::Args)]
pub(crate) struct GlobalArguments {
    /// Folder with the data.
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        help_heading = "Global options",
        help = "Folder with the data [default: $FEDERATION_CONNECTORS_DATA_DIR, else the app's own]"
    )]
    pub(crate) data_dir: Option<PathBuf>,
    /// Print one JSON document; errors as JSON on standard error
    #[arg(long, global = true, help_heading = "Global options")]
    pub(crate) json: bool,
    /// Print results and errors only
    #[arg(long, short, global = true, help_heading = "Global options")]
    pub(crate) quiet: bool,
    /// Show no member and change none: health, logs and diagnostics only
    // Against accidents: whoever types the command may leave it out.
    #[arg(long, global = true, help_heading = "Global options")]
    pub(crate) support: bool,
    /// File with the passphrase that opens the data.
    // The variable is read by the program and not by clap: an empty one means none.
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        help_heading = "Global options",
        help = "Open the data with the passphrase in this file; `-` reads standard input \
                [env: FEDCTL_PASSPHRASE_FILE]"
    )]
    passphrase_file: Option<PathBuf>,
}

/// The nouns and the verbs that need none.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Create the key and the encrypted data file
    Init(InitArguments),
    /// Say where the data is and whether it can be opened (exit code 7 if not)
    Status,
    /// Look for what is broken on this computer, and how to mend it (exit code 1 if anything is)
    Doctor,
    /// Write a file for whoever helps: what is on this computer, without secrets and members
    Diagnostics(DiagnosticsArguments),
    /// Make a practice federation and a tested connector to it; nothing is kept
    Demo,
    /// Run the practice federation until Ctrl-C
    Practice(PracticeArguments),
    /// The systems that have a preset
    #[command(subcommand)]
    Catalogue(CatalogueCommand),
    /// Connectors: add, list, show, edit, test, remove, import and export
    #[command(subcommand)]
    Connector(ConnectorCommand),
    /// Keys and passwords of a connector; they are stored sealed and never shown
    #[command(subcommand)]
    Credentials(CredentialsCommand),
    /// Sign in to a connector that uses tokens (OAuth 2.0 or two-step), and wait for the end
    Login(LoginArguments),
    /// Give the tokens of a connector back, and destroy them here in any case
    #[command(after_help = login::LOGOUT_HELP)]
    Logout {
        /// Federation code of the connector
        code: String,
    },
    /// Clubs: connect, disconnect, list, import, look up
    #[command(subcommand)]
    Org(OrgCommand),
    /// Sync a club: preview, apply, decide, undo
    #[command(subcommand)]
    Sync(SyncCommand),
    /// When clubs sync by themselves, and what may happen then
    #[command(subcommand)]
    Schedule(ScheduleCommand),
    /// Ask connectors now whether they still answer, and set how often that happens by itself
    #[command(after_help = check::CHECK_HELP)]
    Check(CheckArguments),
    /// Members of a club
    #[command(subcommand)]
    Member(MemberCommand),
    /// Members out of a file
    #[command(subcommand)]
    Import(ImportCommand),
    /// Send one GET request with a connector's credentials and show the answer
    Request(RequestArguments),
    /// How connectors stand: state, uptime, errors, what to do
    #[command(after_help = health::HEALTH_HELP)]
    Health(HealthArguments),
    /// What has failed, the newest first
    #[command(after_help = health::ERRORS_HELP)]
    Errors(ErrorsArguments),
    /// Say that the errors of connectors are dealt with
    #[command(after_help = health::CLEAR_HELP)]
    ClearErrors(ManyArguments),
    /// How the records of a system become members
    #[command(subcommand)]
    Template(TemplateCommand),
    /// The key of the data file and the ways to it
    #[command(subcommand)]
    Key(KeyCommand),
    /// The data file: back up, restore, check
    #[command(subcommand)]
    Db(DbCommand),
    /// Who did what and when, and whether somebody has changed that
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Preferences of the app on this computer
    #[command(subcommand)]
    Settings(SettingsCommand),
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write all pages into a folder
    Man(ManArguments),
}

impl GlobalArguments {
    /// The file that was named, else the one of the environment.
    pub(crate) fn passphrase_file(&self) -> Option<PathBuf> {
        self.passphrase_file.clone().or_else(|| {
            std::env::var_os("FEDCTL_PASSPHRASE_FILE")
                .filter(|name| !name.is_empty())
                .map(PathBuf::from)
        })
    }
}

impl Command {
    /// Whether Ctrl-C is the usual end and no interruption.
    pub(crate) fn ends_by_signal(&self) -> bool {
        matches!(self, Self::Practice(_))
    }

    /// Whether it is what a scheduler runs, where nobody reads what it says.
    pub(crate) fn works_unseen(&self) -> bool {
        match self {
            Self::Sync(SyncCommand::RunDue) => true,
            Self::Check(check) => matches!(check.command, Some(CheckCommand::RunDue)),
            _ => false,
        }
    }
}
