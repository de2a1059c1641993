//! The arguments of `fedctl connector`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::ManyArguments;

/// A dotted key of the connector file with its new value, as in `--set endpoints.base=https://…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setting {
    /// The dotted key.
    pub(crate) key: String,
    /// The value; empty removes the key.
    pub(crate) value: String,
}

impl std::str::FromStr for Setting {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            Some((key, value)) if !key.trim().is_empty() => Ok(Self {
                key: key.trim().to_owned(),
                value: value.to_owned(),
            }),
            _ => Err("write KEY=VALUE, for example endpoints.base=https://api.example.org".into()),
        }
    }
}

/// A status as a person gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StatusWord {
    /// In use
    Active,
    /// Paused
    Inactive,
    /// Stopped by the app after failures
    Error,
}

/// `fedctl connector …`
#[derive(Debug, Subcommand)]
pub(crate) enum ConnectorCommand {
    /// List connectors, those that need you first
    List {
        /// Only those of this status
        #[arg(long, value_name = "STATUS")]
        status: Option<StatusWord>,
        /// Only those with these words in name or code; capitals and accents make no difference
        #[arg(
            long,
            value_name = "WORDS",
            default_value = "",
            hide_default_value = true
        )]
        search: String,
        /// The deleted ones
        #[arg(long)]
        deleted: bool,
    },
    /// Show one connector, without its secrets
    Show {
        /// Federation code of the connector
        code: String,
    },
    /// Add a connector
    #[command(after_help = ADD_EXAMPLE)]
    Add(AddArguments),
    /// Change settings; what is not named stays, credentials too
    Edit {
        /// Federation code of the connector
        code: String,
        /// The new name
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        /// Set a key of the connector file, e.g. `paging.size=50`; an empty value removes it
        #[arg(long = "set", value_name = "KEY=VALUE")]
        settings: Vec<Setting>,
    },
    /// Pause a connector (inactive) or take it into use again (active)
    Status {
        /// Federation code of the connector
        code: String,
        /// The new status
        status: StatusWord,
    },
    /// Pause connectors: nothing is asked of them but a test
    Pause(ManyArguments),
    /// Take paused connectors into use again
    Resume(ManyArguments),
    /// Delete a connector; it can be restored for 30 days
    Remove {
        /// Federation code of the connector
        code: String,
    },
    /// Bring a deleted connector back
    Restore {
        /// Federation code of the connector
        code: String,
    },
    /// Destroy the credentials of a deleted connector for ever and free its code
    Purge {
        /// Federation code of the connector
        code: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Copy a connector under another code, without its credentials
    Clone {
        /// Federation code of the connector to copy
        code: String,
        /// Federation code of the copy
        new_code: String,
    },
    /// Test the connection step by step; the exit code says what failed
    Test {
        /// Federation code of the connector
        code: String,
        /// The federation's id of a club, where the address of the list needs one
        #[arg(long, value_name = "ID")]
        org: Option<String>,
    },
    /// Print one connector, or all, as a TOML file without secrets
    Export {
        /// Federation code of the connector; all if absent
        code: Option<String>,
    },
    /// Add or change the connectors of a TOML file; the same file again changes nothing
    Import {
        /// The file; `-` reads standard input
        file: PathBuf,
    },
}

const ADD_EXAMPLE: &str = "\
Examples:
  fedctl connector add ballyduff --preset generic_rest_key --name 'Ballyduff' \\
      --set endpoints.base=https://api.example.org/v1
  fedctl connector add ballyduff --from ballyduff.toml --test \\
      --credentials-stdin <key.json

fedctl credentials set --help describes the JSON.";

/// `fedctl connector add …`
#[derive(Debug, Args)]
pub(crate) struct AddArguments {
    /// Federation code: 2 to 64 small letters, digits, `_` or `-`
    pub(crate) code: String,
    /// The name shown [default: that of the preset or file, else the code]
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Start from this preset (see `fedctl catalogue list`)
    #[arg(long, value_name = "ID", conflicts_with = "from")]
    pub(crate) preset: Option<String>,
    /// Start from the connector in this TOML file; `-` reads standard input
    #[arg(long, value_name = "FILE.toml")]
    pub(crate) from: Option<PathBuf>,
    /// Set a key of the connector file, e.g. `auth.header=X-Token`
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) settings: Vec<Setting>,
    /// Read the credentials from standard input, as JSON; on a terminal they are asked for
    #[arg(long)]
    pub(crate) credentials_stdin: bool,
    /// Test the connection afterwards; the connector stays whatever the outcome
    #[arg(long)]
    pub(crate) test: bool,
}
