//! The arguments of `fedctl template`.

use std::path::PathBuf;

use clap::Subcommand;

/// `fedctl template …`
#[derive(Debug, Subcommand)]
pub(crate) enum TemplateCommand {
    /// List the templates: one for each preset with members, and your own
    #[command(after_help = "\
Your own are files in the folder `templates` of the data folder, each named after its id.")]
    List,
    /// Show a template as a file, to start your own from
    Show {
        /// Identifier of the template
        id: String,
    },
    /// Check a template, and show what it makes of records
    #[command(after_help = "\
The records are a JSON object or a list of at most 100. Their values are shown and not kept.
Exit code 5 where a record is no member, e.g. because its surname is missing.

Examples:
  fedctl template show foireann_members >mine.toml
  fedctl template test mine.toml --record record.json")]
    Test {
        /// The template; `-` reads standard input
        file: PathBuf,
        /// File with records to try it with; `-` reads standard input
        #[arg(long, value_name = "FILE")]
        record: Option<PathBuf>,
    },
}
