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
        /// Apply everything but the leavers: they stay members, and the next list without them proposes them again
        #[arg(long, conflicts_with = "all")]
        without_leavers: bool,
    },
    /// Say whose a record is of which the plan cannot tell; it is not asked about again
    Match {
        /// The run, as `sync preview` names its plan
        run: String,
        /// The row, as `sync show RUN --rows problems` names it
        row: i64,
        /// It is this member of the club: the federation's id, or the member's own
        #[arg(long, value_name = "EXT", conflicts_with_all = ["new", "leave"], required_unless_present_any = ["new", "leave"])]
        member: Option<String>,
        /// It is somebody new
        #[arg(long, conflicts_with = "leave")]
        new: bool,
        /// Nobody can tell: leave it, and do not ask again
        #[arg(long)]
        leave: bool,
    },
    /// List what was decided for later syncs of a club, or forget one of these decisions
    Choices {
        #[command(flatten)]
        club: ClubArguments,
        /// Keep whose value counts in a field of this club: `federation`, `club`, or nothing to forget it
        #[arg(long, value_name = "FIELD=federation|club|", conflicts_with = "forget")]
        set: Vec<String>,
        /// Forget who a record was said to be of, by the id of the choice
        #[arg(long, value_name = "CHOICE")]
        forget: Vec<String>,
    },
    /// Write a plan, or what a run has changed, into a file; it is not encrypted
    Export {
        /// The run, as `sync history` names it
        run: String,
        /// The form of the file
        #[arg(long, value_enum, default_value = "csv")]
        format: super::FormatWord,
        /// The file; it must not exist yet
        #[arg(short, long, value_name = "FILE")]
        out: std::path::PathBuf,
        /// Also health data
        #[arg(long)]
        sensitive: bool,
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
    /// List members by name: of a club, of a connector, or of all clubs
    List {
        /// Federation code of the connector
        code: Option<String>,
        /// The club, by your own id
        #[arg(long, value_name = "ID")]
        org: Option<String>,
        /// Words that must each begin a name, the federation's id, the e-mail address or the town
        #[arg(long, value_name = "WORDS")]
        search: Option<String>,
        /// How they stand
        #[arg(long, value_name = "STATUS")]
        status: Option<MemberStatusWord>,
    },
    /// Show a member, and where each value comes from
    Show(MemberArguments),
    /// Say why a value of a member is so, the newest reason first
    Trace {
        #[command(flatten)]
        member: MemberArguments,
        /// The field, e.g. phone
        #[arg(long, value_name = "FIELD")]
        field: String,
    },
    /// Change values of a member in the club; the federation's stay beside them
    Edit {
        #[command(flatten)]
        club: ClubArguments,
        /// The member, by the federation's id
        #[arg(long, value_name = "EXT")]
        member: String,
        /// A field and its new value; an empty value removes it
        #[arg(long = "set", value_name = "FIELD=VALUE", required = true)]
        set: Vec<String>,
    },
    /// Write the members of a club into a file; it is not encrypted
    Export(super::ExportArguments),
    /// Erase a person for good, and keep the person out of later syncs, files and restores
    Erase(super::EraseArguments),
    /// Let a person in again who was erased: people rejoin
    AllowAgain(super::AllowAgainArguments),
}

/// Which member.
#[derive(Debug, Args)]
pub(crate) struct MemberArguments {
    /// The member: its id, or the federation's
    pub(crate) member: String,
    /// Federation code of the connector, where several federations use the same id
    #[arg(long, value_name = "CODE")]
    pub(crate) code: Option<String>,
    /// The club, by your own id
    #[arg(long, value_name = "ID")]
    pub(crate) org: Option<String>,
}

/// How members stand.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum MemberStatusWord {
    /// Members now
    Active,
    /// No members now, who may be again
    Lapsed,
    /// Gone
    Left,
    /// Those whom the club has edited
    Edited,
}
