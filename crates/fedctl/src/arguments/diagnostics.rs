//! Arguments of `fedctl diagnostics`.

use std::path::PathBuf;

use clap::Args;

/// `fedctl diagnostics`
#[derive(Debug, Args)]
#[command(after_help = "\
In the file: versions, what the doctor found, settings without secrets, states, errors, requests
(templates of addresses only), schedules, counts, the schema, the check of the data file and the log
of the last seven days. Not in it: keys, tokens, passphrases, members.")]
pub(crate) struct DiagnosticsArguments {
    /// The new zip file
    pub(crate) file: PathBuf,
    /// Replace a file of that name
    #[arg(long)]
    pub(crate) force: bool,
}
