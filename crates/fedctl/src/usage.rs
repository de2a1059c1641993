//! What is said when the arguments cannot be read, or when help or the version was asked for.

use std::io::{self, IsTerminal};

use clap::error::ErrorKind;

use crate::exit::Exit;
use crate::failure::{Failure, usage_json};
use crate::output::Output;

/// Prints clap's answer: help on standard output, a mistake on standard error, as JSON where
/// `--json` stands anywhere before a `--`.
pub(crate) fn answer(error: &clap::Error) -> Exit {
    let json = std::env::args_os()
        .take_while(|word| word != "--")
        .any(|word| word == "--json");
    let output = Output::new(json, false);
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let text = error.render();
            let text = if io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
                text.ansi().to_string()
            } else {
                text.to_string()
            };
            match output.raw(text.as_bytes()) {
                Ok(()) => Exit::DONE,
                Err(failure) => failure.exit(),
            }
        }
        _ if json => {
            output.error_document(&usage_json(&sentence(error)));
            Exit::USAGE
        }
        _ => {
            // clap knows how to colour it; a closed standard error leaves nobody to tell.
            let _ = error.print();
            Failure::usage("").exit()
        }
    }
}

/// The first paragraph of clap's message on one line, without its label.
fn sentence(error: &clap::Error) -> String {
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return "a command is missing; see fedctl --help".to_owned();
    }
    let text = error.render().to_string();
    let paragraph = text.split("\n\n").next().unwrap_or_default();
    let words: Vec<&str> = paragraph.split_whitespace().collect();
    let sentence = words.join(" ");
    sentence
        .strip_prefix("error: ")
        .unwrap_or(&sentence)
        .to_owned()
}
