//! The arguments of `fedctl audit`.

use clap::{Args, Subcommand, ValueEnum};

/// `fedctl audit …`
#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// List what was done, the newest first
    #[command(after_help = "\
The log holds names of fields and numbers, never a value of anybody.

Examples:
  fedctl audit list --about members
  fedctl audit list --connector football --since 2026-11-01 --limit 500
  fedctl audit list --before 1200")]
    List(AuditArguments),
    /// Check that nobody has changed the log (exit code 1 if somebody has)
    #[command(after_help = "\
Every entry is a link of a chain that is computed with a key of its own. The check says at which
entry the chain is broken and what that can mean. It also compares the end of the log with what
stands in connectors.audit.json beside the data, so that entries cut off at the end are missed.

Whoever can open the data can also compute the chain anew. Where that matters, keep what this
command prints, or a backup, on another computer.")]
    Verify,
}

/// Which entries.
#[derive(Debug, Args)]
pub(crate) struct AuditArguments {
    /// Those about one thing only
    #[arg(long, value_name = "WHAT")]
    pub(crate) about: Option<AreaWord>,
    /// Those of one connector only, by its federation code
    #[arg(long, value_name = "CODE")]
    pub(crate) connector: Option<String>,
    /// Those of this day or later (UTC), e.g. 2026-11-01
    #[arg(long, value_name = "DAY")]
    pub(crate) since: Option<String>,
    /// Those before this day (UTC)
    #[arg(long, value_name = "DAY")]
    pub(crate) until: Option<String>,
    /// Those before this number: the next page
    #[arg(long, value_name = "NUMBER")]
    pub(crate) before: Option<u64>,
    /// Entries at most, 1 to 500
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    pub(crate) limit: u32,
}

/// What entries are about.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum AreaWord {
    /// Connectors and their settings
    Connectors,
    /// Credentials and sign-ins
    Access,
    /// Clubs
    Clubs,
    /// Syncs and files
    Syncs,
    /// Single members, and members taken out as a file
    Members,
    /// Schedules
    Schedules,
    /// Keys, backups, preferences, the log itself
    File,
}
