//! The arguments of `fedctl sync` and `fedctl member`.

use clap::{Args, Subcommand, ValueEnum};

/// One club at one connector.
#[derive(Debug, Args)]
pub(crate) struct ClubArguments {
    /// Federation code of the connector
    pub(crate) code: String,
    /// Your own id of the club
    #[arg(long, value_name = "ID")]
    pub(crate) org: String,
}

/// One club at one connector, or all of them.
#[derive(Debug, Args)]
pub(crate) struct ClubsArguments {
    /// Federation code of the connector; with --all only the clubs of this one
    #[arg(required_unless_present = "all")]
    pub(crate) code: Option<String>,
    /// Your own id of the club
    #[arg(long, value_name = "ID", required_unless_present = "all")]
    pub(crate) org: Option<String>,
    /// Every connected club; one that fails does not stop the others
    #[arg(long, conflicts_with = "org")]
    pub(crate) all: bool,
}

/// `fedctl sync …`
#[derive(Debug, Subcommand)]
pub(crate) enum SyncCommand {
    /// Read the federation's list and show what applying it would change; no member changes
    Preview(ClubsArguments),
    /// Do what the newest plan says, or the one that is named; with --all only plans without conflict, leaver, problem or guard
    Apply {
        #[command(flatten)]
        clubs: ClubsArguments,
        /// The plan, as `sync preview` names it; the newest one if absent
        #[arg(long, value_name = "PLAN", conflicts_with = "all")]
        plan: Option<String>,
        /// Allow what a guard holds; give it once for each guard
        #[arg(long, value_name = "GUARD", conflicts_with = "all")]
        allow: Vec<String>,
    },
    /// Decide a conflict of the newest plan; the same one is not asked about again
    Resolve {
        #[command(flatten)]
        club: ClubArguments,
        /// The federation's id of the member
        #[arg(long, value_name = "EXTERNAL ID")]
        member: String,
        /// The field, e.g. phone
        #[arg(long)]
        field: String,
        /// `federation`, `club`, or another value
        #[arg(long, value_name = "federation|club|VALUE")]
        take: String,
        /// Decide the same for every member in conflict about this field; not with another value
        #[arg(long)]
        similar: bool,
    },
    /// Put the members of a run back as they were; the next sync then waits for `apply-again` or `keep-mine`
    Undo {
        /// The run, as `sync history` names it
        run: String,
        /// Only the member with this id at the federation; give it once for each
        #[arg(long, value_name = "EXTERNAL ID")]
        member: Vec<String>,
    },
    /// After an undo: let the next plan be applied; where no undo waits, let in again whom `keep-mine` keeps out
    ApplyAgain(ClubArguments),
    /// After an undo: keep what was undone, and keep out the members that the run had brought
    KeepMine(ClubArguments),
    /// List the newest runs of a club
    History(ClubArguments),
    /// Do what schedules ask for now, e.g. from cron or a systemd timer
    RunDue,
    /// Show a run, and the rows of its plan of one kind
    Show {
        /// The run, as `sync history` names it
        run: String,
        /// Also the rows of this kind
        #[arg(long, value_enum)]
        rows: Option<RowsWord>,
    },
}

/// Which rows of a plan are shown.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum RowsWord {
    /// New members
    Creates,
    /// Changed members
    Updates,
    /// Members of which only the base moves
    Unchanged,
    /// Members with a conflict
    Conflicts,
    /// Members that the list no longer has
    Leavers,
    /// Records that cannot be taken over
    Problems,
}

/// `fedctl member …`
#[derive(Debug, Subcommand)]
pub(crate) enum MemberCommand {
    /// List the members of a club, by name
    List(ClubArguments),
    /// Write the members of a club into a file; it is not encrypted
    Export(super::ExportArguments),
}
