//! The arguments of `fedctl org`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `fedctl org …`
#[derive(Debug, Subcommand)]
pub(crate) enum OrgCommand {
    /// Connect a club to a connector; where the federation can be asked, its own name is looked up first
    #[command(after_help = CONNECT_EXAMPLE)]
    Connect(ConnectArguments),
    /// Disconnect a club from a connector; its history stays
    Disconnect {
        /// Federation code of the connector
        code: String,
        /// Your own id of the club
        #[arg(long, value_name = "ID")]
        org: String,
    },
    /// List connected clubs, of one connector or of all
    List {
        /// Federation code of the connector; all if absent
        code: Option<String>,
        /// Only those with these words in what is known; capitals and accents make no difference
        #[arg(
            long,
            value_name = "WORDS",
            default_value = "",
            hide_default_value = true
        )]
        search: String,
    },
    /// Show the connectors that a club is, or was, connected to
    Connectors {
        /// Your own id of the club
        #[arg(long, value_name = "ID")]
        org: String,
    },
    /// Connect the clubs of a list; each line has its own outcome
    #[command(after_help = IMPORT_HELP)]
    Import {
        /// The list; `-` reads standard input
        file: PathBuf,
        /// Federation code of the connector
        #[arg(long, value_name = "CODE")]
        connector: String,
    },
    /// Ask the federation how it calls the club with an id
    LookUp {
        /// Federation code of the connector
        code: String,
        /// The federation's id of the club
        #[arg(long, value_name = "ID")]
        federation_org: String,
    },
}

const CONNECT_EXAMPLE: &str = "\
Example:
  fedctl org connect football --org ballyduff --name 'Ballyduff' --federation-org club-1001

An id that the federation does not know is refused (exit code 8). Where the federation cannot be
asked, the club is connected all the same, with a warning.";

const IMPORT_HELP: &str = "\
A line is ORG,NAME,FEDERATION_ORG, with , ; or a tab between. A first line with the names of the
columns (org, name, federation_org) may give another order. The same list again changes nothing.
Exit code 5: some lines were refused; 2: all of them.";

/// `fedctl org connect …`
#[derive(Debug, Args)]
pub(crate) struct ConnectArguments {
    /// Federation code of the connector
    pub(crate) code: String,
    /// Your own id of the club; one that is known already is that club
    #[arg(long, value_name = "ID")]
    pub(crate) org: String,
    /// Name of the club
    #[arg(long, value_name = "NAME")]
    pub(crate) name: String,
    /// The federation's id of the club
    #[arg(long, value_name = "ID")]
    pub(crate) federation_org: String,
    /// Do not ask the federation
    #[arg(long)]
    pub(crate) no_look_up: bool,
}
