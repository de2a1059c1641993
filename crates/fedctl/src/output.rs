//! The one place that prints. Text or one JSON document on standard output, notes and errors on
//! standard error; a closed pipe is an error like any other, never a panic.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};

use serde::Serialize;
use serde_json::{Value, json};

use crate::failure::Failure;

/// How to print. Costs nothing to copy.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a fact about the terminal, independent of the others"
)]
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    /// One JSON document instead of text.
    pub(crate) json: bool,
    quiet: bool,
    terminal: bool,
    colour: bool,
    error_colour: bool,
    symbols: bool,
    width: Option<usize>,
}

/// A colour of the terminal's own palette; what it says always stands in words too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paint {
    /// As it is.
    Plain,
    /// Less important.
    Dim,
    /// Headings and names.
    Bold,
    /// Well.
    Green,
    /// Somebody else must act.
    Yellow,
    /// You must act.
    Red,
}

#[allow(
    clippy::unused_self,
    reason = "every print reads as a method of the one value that prints"
)]
impl Output {
    /// Looks once at what standard output and the environment are.
    pub(crate) fn new(json: bool, quiet: bool) -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let colour_wanted =
            !set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        let terminal = !json && io::stdout().is_terminal();
        Self {
            json,
            quiet,
            terminal,
            colour: terminal && colour_wanted,
            error_colour: !json && colour_wanted && io::stderr().is_terminal(),
            symbols: terminal && locale_is_utf8(),
            width: terminal
                .then(terminal_size::terminal_size)
                .flatten()
                .map(|(width, _)| usize::from(width.0)),
        }
    }

    /// Whether a person looks at standard output.
    pub(crate) fn is_terminal(self) -> bool {
        self.terminal
    }

    /// Columns of the terminal, where there is one.
    pub(crate) fn width(self) -> Option<usize> {
        self.width
    }

    /// Whether ✓ and ✗ can be shown.
    pub(crate) fn has_symbols(self) -> bool {
        self.symbols
    }

    /// `text` in a colour, where colours are shown.
    pub(crate) fn paint(self, paint: Paint, text: &str) -> String {
        painted(self.colour, paint, text)
    }

    /// One result: a document for scripts, or text for people. `text` is only called for people.
    pub(crate) fn result(
        self,
        document: &impl Serialize,
        text: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        if self.json {
            self.document(document)
        } else {
            self.text(&text())
        }
    }

    /// As [`Self::result`], where the text only confirms what was asked for: `--quiet` hides it.
    pub(crate) fn confirmation(
        self,
        document: &impl Serialize,
        text: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        if self.json || !self.quiet {
            self.result(document, text)
        } else {
            Ok(())
        }
    }

    /// One JSON document on a line of its own.
    pub(crate) fn document(self, document: &impl Serialize) -> Result<(), Failure> {
        let mut text = serde_json::to_string(document)
            .map_err(|source| connectors::error::Error::internal("write the result", source))?;
        text.push('\n');
        write_out(text.as_bytes())
    }

    /// Text for people; a line break is put behind it.
    pub(crate) fn text(self, text: &str) -> Result<(), Failure> {
        let mut text = printable(text);
        if !text.ends_with('\n') {
            text.push('\n');
        }
        write_out(text.as_bytes())
    }

    /// Bytes as they are: a file, a completion script, a manual page.
    pub(crate) fn raw(self, bytes: &[u8]) -> Result<(), Failure> {
        write_out(bytes)
    }

    /// A line about the work, on standard error: nothing for scripts, nothing with `--quiet`.
    pub(crate) fn note(self, text: &str) {
        if !self.json && !self.quiet {
            write_error(&format!(
                "{}\n",
                painted(self.error_colour, Paint::Dim, &printable(text))
            ));
        }
    }

    /// What a person must do for the command to go on, on standard error: also with `--quiet`, and
    /// as a document for scripts.
    pub(crate) fn awaited(self, document: &impl Serialize, text: &str) {
        if self.json {
            write_error(&format!("{}\n", json!({"waiting": document})));
        } else {
            write_error(&format!("{}\n", printable(text)));
        }
    }

    /// Something that the person should know although the command succeeded.
    pub(crate) fn warning(self, text: &str) {
        if self.json {
            write_error(&format!("{}\n", json!({"warning": {"message": text}})));
        } else {
            let word = painted(self.error_colour, Paint::Yellow, "warning:");
            write_error(&format!("{word} {}\n", printable(text)));
        }
    }

    /// Why the command failed. A closed pipe is told to nobody: whoever read has gone.
    pub(crate) fn failure(self, failure: &Failure) {
        if failure.exit() == crate::exit::Exit::OUTPUT_CLOSED {
            return;
        }
        if self.json {
            self.error_document(&failure.as_json());
            return;
        }
        let word = painted(self.error_colour, Paint::Red, "error:");
        write_error(&format!(
            "{word} {}\n",
            printable(&failure.as_lines().join("\n"))
        ));
    }

    /// An error for scripts.
    pub(crate) fn error_document(self, document: &Value) {
        write_error(&format!("{document}\n"));
    }
}

/// Text of others with control characters replaced, so that none of it can steer the terminal.
/// Our own colours are put in as one known sequence and stay.
fn printable(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        if let Some(length) = own_colour(rest) {
            clean.push_str(&rest[..length]);
            rest = &rest[length..];
            continue;
        }
        match character {
            '\n' | '\t' => clean.push(character),
            other if other.is_control() => clean.push('\u{fffd}'),
            // Marks that change the direction of text can make it read as something else.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => clean.push('\u{fffd}'),
            other => clean.push(other),
        }
        rest = &rest[character.len_utf8()..];
    }
    clean
}

const RESET: &str = "\u{1b}[0m";

fn own_colour(text: &str) -> Option<usize> {
    if !text.starts_with('\u{1b}') {
        return None;
    }
    [RESET]
        .into_iter()
        .chain(COLOURS.iter().map(|(_, sequence)| *sequence))
        .find(|sequence| text.starts_with(sequence))
        .map(str::len)
}

const COLOURS: [(Paint, &str); 5] = [
    (Paint::Dim, "\u{1b}[2m"),
    (Paint::Bold, "\u{1b}[1m"),
    (Paint::Green, "\u{1b}[32m"),
    (Paint::Yellow, "\u{1b}[33m"),
    (Paint::Red, "\u{1b}[31m"),
];

fn painted(wanted: bool, paint: Paint, text: &str) -> String {
    let sequence = COLOURS.iter().find(|(one, _)| *one == paint);
    let mut painted = String::with_capacity(text.len() + 9);
    match sequence {
        Some((_, sequence)) if wanted && !text.is_empty() => {
            // Writing into a String cannot fail.
            let _ = write!(painted, "{sequence}{text}{RESET}");
        }
        _ => painted.push_str(text),
    }
    painted
}

fn write_out(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()?;
    Ok(())
}

/// Standard error that is gone leaves nobody to tell.
fn write_error(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Whether this terminal shows UTF-8, by the locale (POSIX: the first that is set decides).
fn locale_is_utf8() -> bool {
    if cfg!(windows) {
        return true;
    }
    ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty())
        .is_some_and(|value| {
            let value = value.to_lowercase();
            value.contains("utf-8") || value.contains("utf8")
        })
}
