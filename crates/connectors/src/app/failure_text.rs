//! What a club sends by e-mail when something does not work: since when, what it is in words, what the club does, and the lines
//! that support asks for. No name of a person and no value is in it; addresses are templates.

// Writing into a String cannot fail, so the results are ignored.
use std::fmt::Write as _;

use super::App;
use super::error_log::{newest_error_of, one_error};
use super::home::Standing;
use super::record::{find, settings_of};
use crate::api::meanings::meaning;
use crate::api::sentences::{Context, describe};
use crate::clock::UtcMillis;
use crate::error::{Code, Error, Result};
use crate::failure::{FailureClass, Finding};
use crate::settings::AuthKind;
use crate::view::{ErrorEntryView, HealthState};

/// What a text is about.
struct Failure {
    code: String,
    name: String,
    host: String,
    auth: AuthKind,
    state: HealthState,
    /// Since when it is so, or when it happened.
    since: Option<UtcMillis>,
    happened_once: bool,
    class: Option<FailureClass>,
    finding: Option<Finding>,
    status: Option<u16>,
    endpoint: Option<String>,
    club: Option<String>,
    run: Option<String>,
    last_success_at: Option<UtcMillis>,
    standing: Standing,
}

impl App {
    /// A text about a connector as it stands, or about one line of its error log, to be sent by e-mail. No name of a person is
    /// in it.
    ///
    /// # Errors
    /// [`crate::error::Code::NotFound`] for a connector, or an error of it, that is not there.
    pub async fn failure_text(&self, code: &str, error_id: Option<&str>) -> Result<String> {
        let now = self.now();
        // What has just happened is part of it.
        self.requests_flush().await?;
        let (code, error_id) = (code.to_owned(), error_id.map(str::to_owned));
        let mine = self.my_club();
        self.store()?
            .read(move |tx| {
                let record = find(tx, &code)?;
                let settings = settings_of(&record)?;
                let standing = Standing::read(tx, record.id)?;
                let base = url::Url::parse(&settings.filled(&settings.endpoints.base)).ok();
                let host = base.as_ref().and_then(url::Url::host_str);
                let mut failure = Failure {
                    host: host.unwrap_or_default().to_owned(),
                    auth: record.auth_kind,
                    state: record.state,
                    since: standing.since,
                    happened_once: false,
                    class: standing.class,
                    finding: standing.finding,
                    status: None,
                    endpoint: None,
                    club: None,
                    run: None,
                    last_success_at: record.last_success_at,
                    standing,
                    code: record.code,
                    name: record.name,
                };
                if let Some(id) = &error_id {
                    let entry = one_error(tx, record.id, id)?.ok_or_else(no_error)?;
                    if mine.is_some() && entry.org.is_some() && entry.org != mine {
                        return Err(no_error());
                    }
                    failure.is_about(entry);
                } else if let Some(entry) = newest_error_of(tx, record.id)?
                    && failure.class == Some(entry.class)
                    && entry.org.is_none()
                {
                    // The technical lines of the newest failure of that kind.
                    failure.status = entry.http_status;
                    failure.endpoint = entry.endpoint;
                    failure.run = entry.run_id;
                }
                Ok(failure.text(now))
            })
            .await
    }
}

impl Failure {
    fn is_about(&mut self, entry: ErrorEntryView) {
        self.since = Some(UtcMillis(entry.at));
        self.happened_once = true;
        self.class = Some(entry.class);
        self.finding = Some(entry.finding);
        self.status = entry.http_status;
        self.endpoint = entry.endpoint;
        self.club = entry.club;
        self.run = entry.run_id;
    }

    fn text(&self, now: UtcMillis) -> String {
        let mut text = String::new();
        let mut line = |words: &str| {
            let _ = writeln!(text, "{words}");
        };
        line(&format!("{} ({})", self.name, self.code));
        if let Some(club) = &self.club {
            line(&format!("Club: {club}"));
        }
        line("");
        let words = self.class.map(meaning);
        line(&match (self.finding, words) {
            (Some(finding), _) => format!("{}.", self.describe(finding).0.trim_end_matches('.')),
            (None, Some(words)) => format!("{}.", words.title),
            (None, None) => state_words(self.state).to_owned(),
        });
        if let Some(since) = self.since {
            let word = if self.happened_once { "When" } else { "Since" };
            line(&format!("{word}: {} ({})", moment(since), ago(since, now)));
        }
        if let Some(words) = words {
            line("");
            line("What it means for the club");
            line(words.club);
            line(&self.lists());
        }
        if words.is_some() || self.finding.is_some() {
            line("");
            line("What to do");
            if let Some(finding) = self.finding {
                line(&self.describe(finding).1);
            }
            if let Some(words) = words {
                line(words.next);
            }
        }
        line("");
        line("For support");
        self.technical(&mut line, now);
        text
    }

    fn describe(&self, finding: Finding) -> (String, String) {
        let host = if self.host.is_empty() {
            &self.name
        } else {
            &self.host
        };
        let words = describe(
            finding,
            &Context {
                name: &self.name,
                host,
                status: self.status,
                auth: self.auth,
                retry_after: None,
            },
        );
        (words.title, words.fix)
    }

    fn lists(&self) -> String {
        let clubs = match self.standing.clubs {
            0 => return "No club is connected to it.".to_owned(),
            1 => "One club is connected to it".to_owned(),
            clubs => format!("{clubs} clubs are connected to it"),
        };
        match self.standing.lists_from {
            Some(at) => format!("{clubs}; the oldest list is of {}.", moment(at)),
            None => format!("{clubs}; at least one list was never read."),
        }
    }

    fn technical(&self, line: &mut impl FnMut(&str), now: UtcMillis) {
        let mut fact = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                line(&format!("{name}: {value}"));
            }
        };
        fact("State", Some(word(&self.state)));
        fact("Class", self.class.as_ref().map(word));
        fact("Finding", self.finding.as_ref().map(word));
        fact("HTTP status", self.status.map(|status| status.to_string()));
        fact("Address", self.endpoint.clone());
        fact("Run", self.run.clone());
        let never = || "never".to_owned();
        fact(
            "Last success",
            Some(self.last_success_at.map_or_else(never, moment)),
        );
        fact("Written", Some(moment(now)));
        fact("Version", Some(env!("CARGO_PKG_VERSION").to_owned()));
    }
}

fn no_error() -> Error {
    Error::refused(
        Code::NotFound,
        "there is no such line in the error log of this connector",
    )
}

/// Where there is no failure to speak of.
fn state_words(state: HealthState) -> &'static str {
    match state {
        HealthState::Healthy | HealthState::Syncing => "It works. Nothing has failed.",
        HealthState::Paused => "It is paused. Nothing is read until somebody resumes it.",
        HealthState::NotTested => "It was not tested yet.",
        HealthState::NeverSynced => "It works, and no club was synced yet.",
        HealthState::Held => "A plan of a club waits until somebody has looked at it.",
        HealthState::Expiring => "It works, and its key or its sign-in ends soon.",
        HealthState::WaitingForBrowser => "It waits until somebody has finished the sign-in.",
        HealthState::SignInAgain => "Somebody must sign in.",
        HealthState::ActionNeeded => "It does not work until somebody has acted.",
        HealthState::RateLimited => "The federation asks for a pause.",
        HealthState::WaitingForFederation => "The federation does not answer.",
        HealthState::Offline => "This computer is offline.",
    }
}

fn word<T: serde::Serialize>(value: &T) -> String {
    let value = serde_json::to_value(value).ok();
    value
        .as_ref()
        .and_then(|value| value.as_str())
        .unwrap_or_default()
        .to_owned()
}

/// To the minute, in UTC: whoever reads it may be elsewhere.
fn moment(at: UtcMillis) -> String {
    let text = at.to_rfc3339();
    match (text.get(..10), text.get(11..16)) {
        (Some(day), Some(time)) => format!("{day} {time} UTC"),
        _ => "unknown".to_owned(),
    }
}

fn ago(at: UtcMillis, now: UtcMillis) -> String {
    const MINUTE: i64 = 60_000;
    let minutes = now.0.saturating_sub(at.0).max(0) / MINUTE;
    let (number, one) = match minutes {
        0..120 => (minutes, "minute"),
        120..2_880 => (minutes / 60, "hour"),
        _ => (minutes / 1_440, "day"),
    };
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {one}{plural} ago")
}
