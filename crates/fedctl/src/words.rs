//! The words people read for the closed sets of the product, and how numbers and times are
//! written. Times are UTC or relative, so that no time zone has to be loaded.

use connectors::api::sentences;
use connectors::clock::{Clock, SystemClock, UtcMillis};
use connectors::view::{
    AuthKind, Capability, ConnectorView, EventKind, HealthState, ProblemKind, RevocationView,
    SignOutView, SlotKind, Status, StepName, TemplatePlace, Verified, WarningKind,
};

use crate::output::Paint;
use crate::table::Cell;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// What a person reads about a connector, in its colour.
pub(crate) fn state(state: HealthState) -> Cell {
    let (paint, word) = match state {
        HealthState::ActionNeeded => (Paint::Red, "action needed"),
        HealthState::SignInAgain => (Paint::Red, "sign in again"),
        HealthState::WaitingForBrowser => (Paint::Red, "waiting for the browser"),
        HealthState::Held => (Paint::Yellow, "held for you"),
        HealthState::Expiring => (Paint::Yellow, "expires soon"),
        HealthState::RateLimited => (Paint::Yellow, "rate limited"),
        HealthState::WaitingForFederation => (Paint::Yellow, "waiting for federation"),
        HealthState::Offline => (Paint::Yellow, "offline"),
        HealthState::Syncing => (Paint::Plain, "syncing"),
        HealthState::Healthy => (Paint::Green, "healthy"),
        HealthState::NotTested => (Paint::Plain, "not tested"),
        HealthState::NeverSynced => (Paint::Plain, "never synced"),
        HealthState::Paused => (Paint::Dim, "paused"),
    };
    Cell::painted(paint, word)
}

/// Mission status.
pub(crate) fn status(status: Status) -> &'static str {
    match status {
        Status::Active => "active",
        Status::Inactive => "inactive",
        Status::Error => "error",
    }
}

/// How a connector proves who it is.
pub(crate) fn auth(kind: AuthKind) -> &'static str {
    match kind {
        AuthKind::OAuth2 => "OAuth 2.0",
        AuthKind::ApiKey => "API key",
        AuthKind::Basic => "password",
        AuthKind::TwoStep => "two-step token",
        AuthKind::None => "none",
    }
}

/// Where a template is kept.
pub(crate) fn template_place(place: TemplatePlace) -> &'static str {
    match place {
        TemplatePlace::Preset => "a preset",
        TemplatePlace::File => "your own file",
        TemplatePlace::Saved => "saved by you",
    }
}

/// What a person should know about a value of a member.
pub(crate) fn warning(kind: WarningKind) -> &'static str {
    match kind {
        WarningKind::UnreadablePhone => "no telephone number; kept as it came",
        WarningKind::BadEmail => "no e-mail address; kept as it came",
        WarningKind::UnreadableDate => "no date; left out",
        WarningKind::ImpossibleDate => "there is no such day; left out",
        WarningKind::AmbiguousDate => "day and month can be either way round; left out",
        WarningKind::TwoDigitYear => "the year has two digits; left out",
        WarningKind::UnknownWord => "not a known word; kept as it came",
        WarningKind::NotInTable => "not in the table; kept as it came",
        WarningKind::CheckFailed => "does not pass the check; kept",
        WarningKind::TooLong => "too long for a value; left out",
        WarningKind::NotPlain => "a list or an object, not a value; left out",
    }
}

/// Why a record is no member, after the field's name.
pub(crate) fn problem(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::Missing => "is missing",
        ProblemKind::Unreadable => "cannot be read",
    }
}

/// A step of a test.
pub(crate) fn step(name: StepName) -> &'static str {
    match name {
        StepName::Dns => "Name look-up",
        StepName::Tcp => "Connection",
        StepName::Tls => "Encryption",
        StepName::Auth => "Credentials",
        StepName::Endpoint => "Member list",
        StepName::Record => "First record",
    }
}

/// How a preset was verified.
pub(crate) fn verified(verified: Verified) -> &'static str {
    match verified {
        Verified::Live => "live account",
        Verified::Docs => "documentation",
        Verified::Clients => "public clients",
        Verified::No => "not verified",
    }
}

/// What one gets from a system.
pub(crate) fn capability(capability: Capability) -> &'static str {
    match capability {
        Capability::Members => "members",
        Capability::FixturesOnly => "fixtures only, no members",
        Capability::TeamsOnly => "teams only, no members",
        Capability::Detail => "single members",
        Capability::Incremental => "changes only, since a time",
        Capability::Deletes => "deletions",
        Capability::Guardians => "guardians",
    }
}

/// A way to the key.
pub(crate) fn slot(kind: SlotKind) -> &'static str {
    match kind {
        SlotKind::Keychain => "keychain",
        SlotKind::Passphrase => "passphrase",
    }
}

/// A thing that happened to a connector.
pub(crate) fn event(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Created => "created",
        EventKind::Edited => "edited",
        EventKind::CredentialsStored => "credentials stored",
        EventKind::CredentialsReverted => "went back to the earlier credentials",
        EventKind::WebhookSecretStored => "webhook secret stored",
        EventKind::SignedIn => "signed in",
        EventKind::SignInFailed => "sign-in failed",
        EventKind::SignInEnded => "sign-in ended",
        EventKind::SignedOut => "signed out",
        EventKind::TestSucceeded => "tested well",
        EventKind::TestFailed => "test failed",
        EventKind::Stopped => "stopped by itself after 5 failures in a row",
        EventKind::Recovered => "runs again",
        EventKind::ErrorsCleared => "errors cleared",
        EventKind::Paused => "paused",
        EventKind::Resumed => "resumed",
        EventKind::Deleted => "deleted",
        EventKind::Restored => "restored",
        EventKind::Purged => "purged",
    }
}

/// What to do with a connector that has its credentials.
pub(crate) fn next_command(connector: &ConnectorView) -> String {
    let code = &connector.row.code;
    if connector.settings.auth.needs_person() {
        format!("fedctl login {code}")
    } else {
        format!("fedctl connector test {code}")
    }
}

/// What became of the tokens of a sign-out.
pub(crate) fn revocation(revocation: RevocationView, code: &str) -> String {
    match revocation {
        RevocationView::Revoked => {
            format!("Signed out of {code}. The federation has withdrawn the tokens.")
        }
        RevocationView::NotOffered => format!(
            "Signed out of {code}. The federation offers no way to withdraw tokens: they end by \
             themselves."
        ),
        RevocationView::Failed => format!("Signed out of {code} on this computer."),
        RevocationView::NothingToRevoke => format!("{code} was not signed in."),
    }
}

/// What a person should know after a sign-out that is not complete.
pub(crate) fn revocation_warning(done: &SignOutView) -> Option<String> {
    if done.revocation != RevocationView::Failed {
        return None;
    }
    let why = done.finding.map_or_else(String::new, |finding| {
        format!(" ({})", sentences::fact(finding, None).to_lowercase())
    });
    Some(format!(
        "the federation was asked to withdraw the tokens and did not{why}: they stay valid there \
         until they end by themselves"
    ))
}

/// Now.
pub(crate) fn now() -> i64 {
    SystemClock.now().0
}

/// How long ago, e.g. `5 min ago`; the day for what is older than a month or yet to come.
pub(crate) fn ago(at: i64, now: i64) -> String {
    let since = now - at;
    match since {
        0..MINUTE => "just now".to_owned(),
        MINUTE..HOUR => format!("{} min ago", since / MINUTE),
        HOUR..DAY => format!("{} h ago", since / HOUR),
        DAY..172_800_000 => "1 day ago".to_owned(),
        172_800_000..2_592_000_000 => format!("{} days ago", since / DAY),
        _ => day(at),
    }
}

/// As [`ago`], or a dash where it never happened.
pub(crate) fn ago_or_never(at: Option<i64>, now: i64) -> String {
    at.map_or_else(|| "never".to_owned(), |at| ago(at, now))
}

/// A moment in UTC, e.g. `2026-11-23 11:28 UTC`.
pub(crate) fn moment(at: i64) -> String {
    let text = UtcMillis(at).to_rfc3339();
    match (text.get(..10), text.get(11..16)) {
        (Some(day), Some(time)) => format!("{day} {time} UTC"),
        _ => "unknown".to_owned(),
    }
}

/// A day in UTC, e.g. `2026-11-23`.
pub(crate) fn day(at: i64) -> String {
    UtcMillis(at)
        .to_rfc3339()
        .get(..10)
        .unwrap_or("unknown")
        .to_owned()
}

/// A number with its noun: `1 connector`, `10,000 connectors`.
pub(crate) fn counted(number: u64, one: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {one}{plural}", grouped(number))
}

/// A number with commas between thousands.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A size in bytes, kB or MB (powers of 1,000).
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => counted(bytes, "byte"),
        1_000..100_000 => format!("{}.{} kB", bytes / 1_000, bytes % 1_000 / 100),
        100_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_people_say_them() {
        let now = 1_795_433_305_000;
        for (before, expected) in [
            (0, "just now"),
            (59_999, "just now"),
            (MINUTE, "1 min ago"),
            (HOUR - 1, "59 min ago"),
            (5 * HOUR, "5 h ago"),
            (DAY, "1 day ago"),
            (3 * DAY, "3 days ago"),
            (40 * DAY, "2026-10-14"),
            (-DAY, "2026-11-24"),
        ] {
            assert_eq!(ago(now - before, now), expected, "{before} ms before");
        }
        assert_eq!(moment(now), "2026-11-23 11:28 UTC", "UTC, to the minute");
        assert_eq!(moment(i64::MAX), "unknown", "outside the calendar");
    }

    #[test]
    fn numbers_read_as_people_write_them() {
        for (number, expected) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(grouped(number), expected, "thousands are grouped");
        }
        for (bytes, expected) in [
            (1, "1 byte"),
            (900, "900 bytes"),
            (45_900, "45.9 kB"),
            (450_900, "450 kB"),
            (1_250_000, "1.2 MB"),
        ] {
            assert_eq!(size(bytes), expected, "{bytes} bytes");
        }
    }
}
