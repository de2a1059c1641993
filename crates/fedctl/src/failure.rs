//! Why a command did not end well: the product's error, a mistake in the command itself, or an
//! output that cannot be written.

use std::io;

use connectors::error::{Code, Error, FieldError};
use connectors::view::{ErrorDetailView, ErrorView, MovedMemberView, MovedWhat, PlanMovedView};
use serde_json::{Value, json};

use crate::exit::{self, Exit};

/// Result of every command.
pub(crate) type Outcome = Result<Exit, Failure>;

/// Why a command did not end well.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The product refused or failed.
    Product(Error),
    /// A plan can no longer be applied, and who it was that moved.
    Moved(Error, PlanMovedView),
    /// The command line is wrong or lacks something: nothing was done.
    Usage(String),
    /// Standard output cannot be written.
    Output(io::Error),
    /// The process was told to stop before the work was done.
    Stopped(Exit),
}

const STOPPED: &str = "stopped before it was done; nothing is left half-written";

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Product(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl Failure {
    /// A mistake in the command line, as a sentence.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::Usage(message.into())
    }

    /// A file of the user's that cannot be read or written.
    pub(crate) fn file(message: impl Into<String>) -> Self {
        Self::Product(Error::refused(Code::BadFile, message))
    }

    /// The number that the process ends with.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Product(error) | Self::Moved(error, _) => exit::of(error.code()),
            Self::Usage(_) => Exit::USAGE,
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::OUTPUT_CLOSED,
            Self::Output(_) => Exit::BROKEN,
            Self::Stopped(exit) => *exit,
        }
    }

    /// What scripts read on standard error.
    pub(crate) fn as_json(&self) -> Value {
        match self {
            Self::Product(error) => json!({ "error": ErrorView::from(error) }),
            Self::Moved(error, moved) => {
                let mut document = json!({ "error": ErrorView::from(error) });
                document["error"]["moved"] = json!(moved.members);
                document
            }
            Self::Usage(message) => usage_json(message),
            Self::Output(error) => {
                json!({"error": {"code": "output", "message": output_sentence(error)}})
            }
            Self::Stopped(_) => json!({"error": {"code": "cancelled", "message": STOPPED}}),
        }
    }

    /// What people read on standard error: a first line, and one for each thing to mend.
    pub(crate) fn as_lines(&self) -> Vec<String> {
        match self {
            Self::Product(error) => product_lines(error),
            Self::Moved(error, moved) => {
                let mut lines = product_lines(error);
                lines.extend(moved.members.iter().map(moved_line));
                if moved.more {
                    lines.push("  and more".to_owned());
                }
                lines
            }
            Self::Usage(message) => message.lines().map(str::to_owned).collect(),
            Self::Output(error) => vec![output_sentence(error)],
            Self::Stopped(_) => vec![STOPPED.to_owned()],
        }
    }
}

/// A mistake in the command line, as scripts read it.
pub(crate) fn usage_json(message: &str) -> Value {
    json!({"error": {"code": "usage", "message": message}})
}

fn output_sentence(error: &io::Error) -> String {
    format!("the output cannot be written: {error}")
}

fn product_lines(error: &Error) -> Vec<String> {
    let view = ErrorView::from(error);
    if let Some(ErrorDetailView::Fields { fields }) = &view.detail
        && fields.len() > 1
    {
        let mut lines = vec![format!("{} things to mend", fields.len())];
        lines.extend(fields.iter().map(|one| format!("  {}", field_line(one))));
        return lines;
    }
    let mut lines = vec![view.message];
    // The causes of other errors may quote what they could not read; the system's words cannot.
    if let Error::Storage {
        source: Some(cause),
        ..
    } = error
    {
        lines.push(format!("  because: {cause}"));
    }
    lines
}

/// A member that moved, by name for whoever sits there.
fn moved_line(one: &MovedMemberView) -> String {
    let id = one.external_id.as_ref().map(|id| format!(" ({id})"));
    let what = match &one.what {
        MovedWhat::Changed { fields } if fields.is_empty() => {
            "what the federation gave last".to_owned()
        }
        MovedWhat::Changed { fields } => {
            let words: Vec<&str> = fields.iter().map(|field| field.as_str()).collect();
            words.join(", ")
        }
        MovedWhat::Gone => "is no member any more".to_owned(),
        MovedWhat::Came => "is a member already".to_owned(),
    };
    format!("  {}{}: {what}", one.name, id.unwrap_or_default())
}

/// A broken rule of a field in one line.
pub(crate) fn field_line(field: &FieldError) -> String {
    format!("{}: {}", field.field, field.message)
}
