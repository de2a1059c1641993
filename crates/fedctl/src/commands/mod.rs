//! One file a noun. A command takes its arguments, calls one method of the app, and prints.

mod audit;
mod audit_text;
mod catalogue;
mod check;
mod connector;
mod connector_add;
mod connector_text;
mod credentials;
mod db;
mod demo;
mod diagnostics;
mod doctor;
mod erase;
mod export;
mod health;
mod health_text;
mod import;
mod init;
mod key;
mod login;
mod manual;
mod member;
mod org;
mod org_text;
mod practice;
mod request;
mod retention;
mod schedule;
mod schedule_text;
mod settings;
mod sign_in_text;
mod status;
mod status_text;
mod sync;
mod sync_bulk;
mod sync_choice;
mod sync_text;
mod template;

use crate::arguments::Command;
use crate::context::Context;
use crate::failure::Outcome;

/// Runs one command.
pub(crate) async fn run(command: Command, context: &Context) -> Outcome {
    match command {
        Command::Init(arguments) => init::run(arguments, context).await,
        Command::Status => status::run(context).await,
        Command::Doctor => doctor::run(context).await,
        Command::Diagnostics(arguments) => diagnostics::run(arguments, context).await,
        // Boxed: it holds a whole first run on its way.
        Command::Demo => Box::pin(demo::run(context)).await,
        Command::Practice(arguments) => practice::run(arguments, context).await,
        Command::Catalogue(command) => catalogue::run(&command, context).await,
        Command::Connector(command) => connector::run(command, context).await,
        Command::Credentials(command) => credentials::run(command, context).await,
        Command::Login(arguments) => login::login(arguments, context).await,
        Command::Logout { code } => login::logout(&code, context).await,
        Command::Org(command) => org::run(command, context).await,
        Command::Sync(command) => sync::run(command, context).await,
        Command::Schedule(command) => schedule::run(command, context).await,
        Command::Check(arguments) => check::run(arguments, context).await,
        Command::Member(command) => member::run(command, context).await,
        Command::Import(command) => import::run(command, context).await,
        Command::Request(arguments) => request::run(arguments, context).await,
        Command::Health(arguments) => health::health(arguments, context).await,
        Command::Errors(arguments) => health::errors(arguments, context).await,
        Command::ClearErrors(many) => check::clear_errors(many, context).await,
        Command::Template(command) => template::run(command, context).await,
        Command::Key(command) => key::run(command, context).await,
        Command::Db(command) => db::run(command, context).await,
        Command::Audit(command) => audit::run(command, context).await,
        Command::Settings(command) => settings::run(command, context).await,
        Command::Completions { shell } => manual::completions(shell, context),
        Command::Man(arguments) => manual::pages(arguments, context),
    }
}
