//! Errors on their way to the window: `{code, message, detail?}`, nothing else.

use connectors::error::Error;
use connectors::view::ErrorView;
use serde::{Serialize, Serializer};

/// What a command gives back when it fails.
#[derive(Debug)]
pub struct CommandError(ErrorView);

/// Result of a command.
pub type CommandResult<T> = Result<T, CommandError>;

impl From<Error> for CommandError {
    fn from(error: Error) -> Self {
        // The cause goes to the log, not to the window; causes hold no secrets and no addresses.
        tracing::warn!(code = ?error.code(), "a command was refused");
        Self(ErrorView::from(&error))
    }
}

impl Serialize for CommandError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
