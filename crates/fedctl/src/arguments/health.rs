//! The arguments of `fedctl health`, `errors` and `clear-errors`.

use std::path::PathBuf;

use clap::Args;
use connectors::failure::FailureClass;
use connectors::view::{HealthFilter, HealthState};

use super::check::word;

/// Shown under the help.
pub(super) const HEALTH_HELP: &str = "\
Uptime is the mean, over the hours in which anything was asked, of what was answered. Being offline, what a person stopped, a \
typed path and a club's own 403 or 404 never count; where nothing was asked it is not known, and that is not 100 %. Hours and \
days are those of UTC.

A file that is exported has one line a connector: its code, name, state, why, numbers and times. No member, no club, no address \
and no key is in it, and no value of a CSV file can act as a formula in a spreadsheet.

Examples:
  fedctl health
  fedctl health football
  fedctl --json health --state action_needed
  fedctl health --preset foireann --export health.csv";

/// Shown under the help.
pub(super) const ERRORS_HELP: &str = "\
The log has one line for each failure of a federation, for 90 days and at most 10,000 lines a connector. Being offline is none. \
With --json the last line's `at` and `id`, joined by a dot, are the place after which the next page starts (--after).

Examples:
  fedctl errors
  fedctl errors football --class federation_down --limit 20";

/// Shown under the help.
pub(super) const CLEAR_HELP: &str = "\
Failures in a row are counted from nothing, a connector that was stopped is active again, and what the log has of it is marked \
as dealt with; it stays. A paused connector stays paused, and a deleted one is refused.";

/// `fedctl health …`
#[derive(Debug, Args)]
pub(crate) struct HealthArguments {
    /// Federation codes of connectors; all where there is none
    #[arg(value_name = "CODE")]
    codes: Vec<String>,
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
    /// Write a file instead, CSV or JSON by its ending; one that is there is not touched
    #[arg(long, value_name = "FILE")]
    pub(crate) export: Option<PathBuf>,
}

impl HealthArguments {
    /// The only connector that was named, and nothing else.
    pub(crate) fn one(&self) -> Option<&str> {
        match self.codes.as_slice() {
            [code]
                if self.preset.is_none()
                    && self.class.is_none()
                    && self.state.is_none()
                    && self.org.is_none() =>
            {
                Some(code)
            }
            _ => None,
        }
    }

    /// What was said.
    pub(crate) fn filter(self) -> HealthFilter {
        HealthFilter {
            codes: (!self.codes.is_empty()).then_some(self.codes),
            preset: self.preset,
            class: self.class,
            state: self.state,
            org: self.org,
        }
    }
}

/// `fedctl errors …`
#[derive(Debug, Args)]
pub(crate) struct ErrorsArguments {
    /// Federation code of a connector; all where absent
    pub(crate) code: Option<String>,
    /// Those of this class only, e.g. `bad_credentials`
    #[arg(long, value_name = "CLASS", value_parser = word::<FailureClass>)]
    pub(crate) class: Option<FailureClass>,
    /// Those after this place: the next page
    #[arg(long, value_name = "PLACE")]
    pub(crate) after: Option<String>,
    /// Print a text for an e-mail instead: about the connector as it stands, or about one line. No name of a person is in it
    #[arg(long, requires = "code", conflicts_with_all = ["class", "after", "limit"])]
    pub(crate) text: bool,
    /// With --text: this line of the log, by its id
    #[arg(long, value_name = "ID", requires = "text")]
    pub(crate) line: Option<String>,
    /// Lines at most, 1 to 500
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    pub(crate) limit: u32,
}
