//! The arguments of `fedctl import` and `fedctl member export`: files in and out.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::ClubArguments;

const CSV_HELP: &str = "\
Examples:
  fedctl import csv members.csv --org ballyduff --template foireann_members
  fedctl import csv members.csv --org ballyduff --date-order day-first --apply

The file goes through the same plan as a sync: nothing changes until it is applied, and it can be
undone. Exit codes: 4 a conflict needs a decision, 5 rows were left out or skipped, 6 a guard holds
it. Dates that can be read both ways (03/04/2011) need --date-order, once for the file.";

/// `fedctl import …`
#[derive(Debug, Subcommand)]
pub(crate) enum ImportCommand {
    /// Make a plan of a CSV file of members, such as Foireann's export
    #[command(after_help = CSV_HELP)]
    Csv(ImportCsvArguments),
}

/// `fedctl import csv …`
#[derive(Debug, Args)]
pub(crate) struct ImportCsvArguments {
    /// The file; `-` reads standard input
    pub(crate) file: PathBuf,
    /// Your own id of the club
    #[arg(long, value_name = "ID")]
    pub(crate) org: String,
    /// The template that says what the columns are; the connector's own if absent
    #[arg(long, value_name = "TEMPLATE")]
    pub(crate) template: Option<String>,
    /// Federation code of the connector that the members belong to; needed where the club has several
    #[arg(long, value_name = "CODE")]
    pub(crate) connector: Option<String>,
    /// In which order day and month are written in this file
    #[arg(long, value_enum)]
    pub(crate) date_order: Option<DateOrderWord>,
    /// The file has only some of the members: nobody who is not in it has left
    #[arg(long)]
    pub(crate) part: bool,
    /// Apply the plan at once, if nothing holds it
    #[arg(long)]
    pub(crate) apply: bool,
}

/// The order of day and month.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum DateOrderWord {
    /// 31/12/2010
    DayFirst,
    /// 12/31/2010
    MonthFirst,
}

/// `fedctl member export …`
#[derive(Debug, Args)]
pub(crate) struct ExportArguments {
    #[command(flatten)]
    pub(crate) club: ClubArguments,
    /// The file to write; one that is there is not touched
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Its form
    #[arg(long, value_enum, default_value = "csv")]
    pub(crate) format: FormatWord,
    /// Only these fields, with commas between; all but sensitive ones if absent
    #[arg(long, value_delimiter = ',', value_name = "FIELD,…")]
    pub(crate) fields: Vec<String>,
    /// Also who is no longer in the federation's list
    #[arg(long)]
    pub(crate) with_left: bool,
}

/// The form of a file.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum FormatWord {
    /// For spreadsheets; no value can act as a formula
    Csv,
    /// One document with what it contains at its head
    Json,
}
