//! Exit codes: what a script acts on. The one place where an error becomes a number.

use connectors::error::Code;
use connectors::view::TestReportView;

/// How the process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Exit(pub(crate) u8);

impl Exit {
    /// Everything was done.
    pub(crate) const DONE: Self = Self(0);
    /// Something is broken or unexpected.
    pub(crate) const BROKEN: Self = Self(1);
    /// A wrong argument, setting or file.
    pub(crate) const USAGE: Self = Self(2);
    /// Some entries were done, some refused.
    pub(crate) const PARTLY: Self = Self(5);
    /// Stopped with Ctrl-C (128 + SIGINT).
    pub(crate) const INTERRUPTED: Self = Self(130);
    /// Whoever read the output has gone (128 + SIGPIPE, as the shell would say).
    pub(crate) const OUTPUT_CLOSED: Self = Self(141);

    /// That of a test of a connection: its class decides.
    pub(crate) fn of_test(report: &TestReportView) -> Self {
        report.class.map_or(Self::DONE, |class| of(class.into()))
    }
}

/// The exit code of an error code. Exhaustive, so that a new code cannot be forgotten.
pub(crate) fn of(code: Code) -> Exit {
    Exit(match code {
        Code::Invalid
        | Code::Duplicate
        | Code::Deleted
        | Code::AlreadyInitialised
        | Code::LastSlot
        | Code::BadFile
        | Code::BadConfiguration => 2,
        Code::NeedsSignIn
        | Code::BadCredentials
        | Code::Forbidden
        | Code::ViewForbids
        | Code::WrongPassphrase => 3,
        Code::Held => 6,
        Code::Locked | Code::NotInitialised => 7,
        Code::NotFound => 8,
        Code::ChangedMeanwhile | Code::RateLimited | Code::FederationDown | Code::Offline => 75,
        Code::Cancelled => 130,
        Code::BadAnswer
        | Code::NewerSchema
        | Code::Damaged
        | Code::StorageDenied
        | Code::StorageFull
        | Code::StorageFailed
        | Code::Internal => 1,
    })
}
