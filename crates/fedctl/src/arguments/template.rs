//! The arguments of `fedctl template`.

use std::path::PathBuf;

use clap::Subcommand;

/// `fedctl template …`
#[derive(Debug, Subcommand)]
pub(crate) enum TemplateCommand {
    /// List the templates: one for each preset with members, and your own
    #[command(after_help = "\
Your own are saved in the data file (`fedctl template save`), or are files in the folder `templates` of the data \
folder, each named after its id. While the data file is locked, those in it are not listed.")]
    List,
    /// Show a template as a file, to start your own from
    Show {
        /// Identifier of the template
        id: String,
        /// Show this version of a saved template instead of the newest
        #[arg(long, value_name = "VERSION")]
        at_version: Option<u32>,
    },
    /// Save a template in the data file, as a new version
    #[command(after_help = "\
Nothing is written over: every saving is a version, and `fedctl template restore` goes back to one. The number in the \
file does not count. Plans that were made with the version before end; preview again.
Exit code 2 where the template has mistakes, each with line and key; 75 where the newest version is not the expected \
one.

Examples:
  fedctl template show foireann_members >mine.toml
  fedctl template save mine.toml --id our_foireann
  fedctl connector edit gaa_foireann --set sync.template=our_foireann")]
    Save {
        /// The template; `-` reads standard input
        file: PathBuf,
        /// Save it under this identifier instead of the file's own
        #[arg(long)]
        id: Option<String>,
        /// Refuse if the newest version is another one; 0: if there is a template of this identifier
        #[arg(long, value_name = "VERSION")]
        expect: Option<u32>,
    },
    /// List the versions of a saved template, newest first
    Versions {
        /// Identifier of the template
        id: String,
    },
    /// Go back to a version of a saved template: saves a new one that is equal to it
    #[command(after_help = "\
Also brings back a deleted template.")]
    Restore {
        /// Identifier of the template
        id: String,
        /// The version
        version: u32,
    },
    /// Delete a saved template; its versions stay, and `restore` brings it back
    #[command(after_help = "\
Exit code 6 where a connector uses it, also a deleted one that can be restored.")]
    Delete {
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
