//! The arguments of `fedctl check`, and of every act on many connectors at once.

use clap::{Args, Subcommand, ValueEnum};
use connectors::failure::FailureClass;
use connectors::view::{CheckEvery, HealthFilter, HealthState};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Shown under the help.
pub(super) const CHECK_HELP: &str = "\
A check is one light request. It takes its turn in the minute, is in the log of requests, and counts as any other: a failure \
that concerns the whole connector is counted, and a good answer starts a stopped connector again. Without a network nothing \
is counted. Of connectors whose code is `every` or `run-due`: fedctl check -- every";

/// `fedctl check …`
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct CheckArguments {
    #[command(subcommand)]
    pub(crate) command: Option<CheckCommand>,
    #[command(flatten)]
    pub(crate) many: ManyArguments,
}

/// What else there is about checks.
#[derive(Debug, Subcommand)]
pub(crate) enum CheckCommand {
    /// Check what is due and was not checked by the app, for a timer of the system
    RunDue,
    /// Show or set how often connectors are checked by themselves: while the app runs, or by `check run-due`
    Every {
        /// How often from now on
        #[arg(value_enum)]
        every: Option<EveryWord>,
        /// Of this connector only
        #[arg(long, value_name = "CODE", required_if_eq("every", "inherit"))]
        connector: Option<String>,
    },
}

/// How often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EveryWord {
    /// Only when somebody asks
    Off,
    /// Every 15 minutes
    #[value(name = "15m")]
    QuarterHour,
    /// Every hour
    #[value(name = "1h")]
    Hour,
    /// Every 6 hours
    #[value(name = "6h")]
    SixHours,
    /// Every 24 hours
    #[value(name = "24h")]
    Day,
    /// One connector: as all others
    Inherit,
}

impl EveryWord {
    /// None: as all others.
    pub(crate) fn every(self) -> Option<CheckEvery> {
        Some(match self {
            Self::Off => CheckEvery::Off,
            Self::QuarterHour => CheckEvery::QuarterHour,
            Self::Hour => CheckEvery::Hour,
            Self::SixHours => CheckEvery::SixHours,
            Self::Day => CheckEvery::Day,
            Self::Inherit => return None,
        })
    }
}

/// Which connectors. Something must be said; all that is said must fit.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(crate) struct ManyArguments {
    /// Federation codes of connectors
    #[arg(value_name = "CODE", conflicts_with = "all")]
    codes: Vec<String>,
    /// All connectors
    #[arg(long)]
    all: bool,
    /// Those made from this preset
    #[arg(long, value_name = "PRESET")]
    preset: Option<String>,
    /// Those that fail in this way now, e.g. `federation_down`
    #[arg(long, value_name = "CLASS", value_parser = word::<FailureClass>)]
    class: Option<FailureClass>,
    /// Those in this state now, e.g. `action_needed`
    #[arg(long, value_name = "STATE", value_parser = word::<HealthState>)]
    state: Option<HealthState>,
    /// Those that this club is connected to: your own id of it
    #[arg(long, value_name = "ID")]
    org: Option<String>,
}

impl ManyArguments {
    /// The code, where nothing but one code is said.
    pub(crate) fn single_code(&self) -> Option<&str> {
        let narrowed = self.preset.is_some()
            || self.class.is_some()
            || self.state.is_some()
            || self.org.is_some();
        match self.codes.as_slice() {
            [code] if !narrowed => Some(code),
            _ => None,
        }
    }
}

impl From<ManyArguments> for HealthFilter {
    fn from(many: ManyArguments) -> Self {
        Self {
            codes: (!many.codes.is_empty()).then_some(many.codes),
            preset: many.preset,
            class: many.class,
            state: many.state,
            org: many.org,
        }
    }
}

/// A word as JSON has it; a hyphen is as good as an underscore.
pub(crate) fn word<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let said = Value::String(text.replace('-', "_"));
    // The message of serde names every word that there is.
    serde_json::from_value(said).map_err(|error| error.to_string())
}
