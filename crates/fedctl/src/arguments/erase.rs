//! The arguments of `fedctl member erase` and `fedctl member allow-again`.

use clap::Args;

use super::ClubArguments;

/// Whom to erase.
#[derive(Debug, Args)]
pub(crate) struct EraseArguments {
    #[command(flatten)]
    pub(crate) club: ClubArguments,
    /// The member: the federation's id, or ours
    #[arg(long, value_name = "EXT")]
    pub(crate) member: String,
    /// Make a fresh backup, then delete every older one and the copies that restores have set aside
    #[arg(long)]
    pub(crate) purge_backups: bool,
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
}

/// Whom to let in again.
#[derive(Debug, Args)]
pub(crate) struct AllowAgainArguments {
    #[command(flatten)]
    pub(crate) club: ClubArguments,
    /// The federation's id of the person
    #[arg(long, value_name = "EXT", required_unless_present = "last_name", conflicts_with_all = ["first_name", "last_name", "born"])]
    pub(crate) member: Option<String>,
    /// The given name, of somebody to whom the federation gives no id
    #[arg(long, value_name = "NAME", requires = "last_name")]
    pub(crate) first_name: Option<String>,
    /// The family name
    #[arg(long, value_name = "NAME", requires = "first_name")]
    pub(crate) last_name: Option<String>,
    /// The date of birth, as 2013-05-04
    #[arg(long, value_name = "DATE", requires = "last_name")]
    pub(crate) born: Option<String>,
}
