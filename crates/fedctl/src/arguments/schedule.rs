//! The arguments of `fedctl schedule`.

use clap::{Args, Subcommand, ValueEnum};

/// `fedctl schedule …`
#[derive(Debug, Subcommand)]
pub(crate) enum ScheduleCommand {
    /// Show when a club, or the clubs of a connector, sync by themselves
    Show(ScheduleArguments),
    /// Set when they do
    Set {
        #[command(flatten)]
        whose: ScheduleArguments,
        /// Five cron fields, e.g. "0 2 * * *"
        #[arg(long, value_name = "FIELDS", conflicts_with_all = ["off", "inherit"], required_unless_present_any = ["off", "inherit"])]
        cron: Option<String>,
        /// Time zone, e.g. Europe/Dublin, which it is if absent
        #[arg(long, value_name = "ZONE", requires = "cron")]
        zone: Option<String>,
        /// Not by themselves
        #[arg(long)]
        off: bool,
        /// A club: as its connector
        #[arg(long, requires = "org", conflicts_with = "off")]
        inherit: bool,
    },
    /// Set what a schedule may do; without --org for every club that the connector has now
    Policy {
        #[command(flatten)]
        whose: ScheduleArguments,
        /// What becomes of a plan
        #[arg(long, value_enum, required_unless_present = "missed")]
        policy: Option<PolicyWord>,
        /// What becomes of runs that were missed while the computer was off
        #[arg(long, value_enum)]
        missed: Option<MissedWord>,
    },
    /// Answer whether missed runs are made up for; `sync run-due` then does it
    Answer {
        /// Federation code of the connector
        code: String,
        /// Your own id of the club
        #[arg(long, value_name = "ID")]
        org: String,
        /// The answer
        #[arg(value_enum)]
        answer: AnswerWord,
    },
}

/// A connector, or one of its clubs.
#[derive(Debug, Args)]
pub(crate) struct ScheduleArguments {
    /// Federation code of the connector
    pub(crate) code: String,
    /// Your own id of a club; the whole connector if absent
    #[arg(long, value_name = "ID")]
    pub(crate) org: Option<String>,
}

/// What a schedule may do with its plan.
#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum PolicyWord {
    /// The plan waits for a person
    PreviewOnly,
    /// Apply it where nobody has to look: no conflict, no leaver, no problem, no guard
    ApplySafe,
}

/// What becomes of missed runs.
#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum MissedWord {
    /// One run for all of them
    OnceOnWake,
    /// None
    Skip,
    /// A person is asked
    Ask,
}

/// Whether missed runs are made up for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AnswerWord {
    /// One run for all of them
    Run,
    /// None
    Skip,
}
