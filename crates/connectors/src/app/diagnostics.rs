//! A file for whoever helps: what it holds is gathered, shown, and saved as it was shown. Works while the file is locked too; then
//! it says less, and why. How each table is written down is in [`sheets`].

mod sheets;

use std::fmt::Write as _;
use std::sync::Arc;

use super::opening::blocking;
use super::{App, lock};
use crate::clock::UtcMillis;
use crate::diagnostics::{Bundle, BundleFile, mask};
use crate::error::{Error, Result};
use crate::log_file;
use crate::view::{
    AppStateView, DiagnosticsFileView, DiagnosticsView, DoctorLineView, ErrorEntryView,
    ErrorListRequest, HealthFilter,
};

/// Bytes of one file that are shown; saved it is whole.
const SHOWN: usize = 200_000;
/// Errors together.
const ERRORS_A_PAGE: u32 = 500;
const ERROR_PAGES: usize = 2;

impl App {
    /// Gathers what [`App::diagnostics_zip`] saves, to be read before. `web_view` is the version of the web view, where there is one.
    /// Looks through the whole data file: seconds where it is large.
    ///
    /// # Errors
    /// Where the data file is open and cannot be read. A locked or refused one is no error: what can be said without it is there.
    pub async fn diagnostics_look(&self, web_view: Option<String>) -> Result<DiagnosticsView> {
        let club = self.my_club();
        let bundle = Arc::new(self.gathered(web_view).await?);
        *lock(&self.inner.diagnostics) = Some((club, Arc::clone(&bundle)));
        Ok(view_of(&bundle))
    }

    /// The zip: of what was looked at last, else of what there is now. Nobody saves what they could not have seen.
    ///
    /// # Errors
    /// As [`App::diagnostics_look`].
    pub async fn diagnostics_zip(&self, web_view: Option<String>) -> Result<Vec<u8>> {
        let seen = lock(&self.inner.diagnostics).clone();
        // What was looked at while another club, or all of them, were shown is not what this view shows.
        let club = self.my_club();
        let bundle = match seen {
            Some((of, bundle)) if of == club => bundle,
            _ => Arc::new(self.gathered(web_view).await?),
        };
        blocking(move || bundle.zip()).await
    }

    async fn newest_errors(&self) -> Result<Vec<ErrorEntryView>> {
        let mut all = Vec::new();
        let mut after = None;
        for _ in 0..ERROR_PAGES {
            let page = self
                .error_list(ErrorListRequest {
                    after,
                    limit: ERRORS_A_PAGE,
                    ..ErrorListRequest::default()
                })
                .await?;
            all.extend(page.rows);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        Ok(all)
    }

    async fn gathered(&self, web_view: Option<String>) -> Result<Bundle> {
        let now = self.now();
        let mut files = Vec::new();
        let mut absent = Vec::new();
        let state = self.status().await.app;
        let open = matches!(state, AppStateView::Open);
        let doctor = self.doctor_seen(web_view.as_deref()).await;
        let engine = match self.store() {
            Ok(store) => Some(store.read(|tx| tx.engine()).await?),
            Err(_) => None,
        };
        files.push(file(
            "versions.txt",
            "Versions of the app, the system and what reads the data file.",
            versions(now, web_view.as_deref(), engine.as_ref(), &state),
        ));
        files.push(file(
            "doctor.txt",
            "What was looked at on this computer, and how to mend what is broken.",
            doctor_text(&doctor),
        ));
        let preferences = serde_json::to_string_pretty(&self.settings())
            .map_err(|source| Error::internal("write the preferences", source))?;
        files.push(file(
            "preferences.json",
            "Preferences of the app on this computer.",
            preferences,
        ));
        if open {
            // What has just happened is part of it.
            self.requests_flush().await?;
            let (store, mine) = (self.store()?, self.my_club());
            files.extend(
                store
                    .read(move |tx| sheets::all(tx, mine.as_deref()))
                    .await?,
            );
            let known = store.read(sheets::addresses).await?;
            files.push(file(
                "health.csv",
                "How often every connector answered, and how fast. Shares are percent.",
                sheets::health(self.health_list(HealthFilter::default()).await?),
            ));
            files.push(file(
                "errors.csv",
                "The newest errors, at most 1,000.",
                sheets::errors(&self.newest_errors().await?, &known),
            ));
            let check = self.db_check().await?;
            files.push(file(
                "check.txt",
                "Whether the data file is whole.",
                check_text(check.ok, &check.problems, check.pages),
            ));
        } else {
            absent.push(
                "Connectors, states, errors, requests, schedules, schema, counts and the check: the data file is not open \
                 (versions.txt says why)."
                    .to_owned(),
            );
        }
        let logs = {
            let app = self.clone();
            blocking(move || Ok(log_file::read(app.data_dir()))).await?
        };
        if logs.is_empty() {
            absent.push("The log: nothing has been logged in the last seven days.".to_owned());
        }
        for (name, text) in logs {
            files.push(file(
                &format!("log/{name}"),
                "What the app said while it worked, that day.",
                text,
            ));
        }
        let home = directories::BaseDirs::new().map(|all| all.home_dir().to_owned());
        for one in &mut files {
            one.text = mask::text(&one.text, home.as_deref());
        }
        Ok(Bundle::new(now, files, &absent))
    }
}

fn file(name: &str, about: &str, text: String) -> BundleFile {
    BundleFile {
        name: name.to_owned(),
        about: about.to_owned(),
        text,
    }
}

fn view_of(bundle: &Bundle) -> DiagnosticsView {
    let files: Vec<DiagnosticsFileView> = bundle
        .files
        .iter()
        .map(|file| {
            let shown = (0..=SHOWN.min(file.text.len()))
                .rev()
                .find(|at| file.text.is_char_boundary(*at))
                .unwrap_or(0);
            DiagnosticsFileView {
                name: file.name.clone(),
                about: file.about.clone(),
                size: size_of(&file.text),
                text: file.text.get(..shown).unwrap_or_default().to_owned(),
                whole: shown == file.text.len(),
            }
        })
        .collect();
    DiagnosticsView {
        made_at: bundle.made_at.0,
        size: files.iter().map(|file| file.size).sum(),
        files,
    }
}

fn size_of(text: &str) -> u64 {
    u64::try_from(text.len()).unwrap_or(u64::MAX)
}

fn versions(
    now: UtcMillis,
    web_view: Option<&str>,
    engine: Option<&(String, String)>,
    state: &AppStateView,
) -> String {
    let mut text = String::new();
    let mut say = |what: &str, found: &str| {
        // Writing into a String cannot fail.
        let _ = writeln!(text, "{what:<12} {found}");
    };
    say("made at", &now.to_rfc3339());
    say("app", env!("CARGO_PKG_VERSION"));
    say("system", &system());
    say(
        "format",
        &format!("{} (this version writes it)", crate::store::SCHEMA_VERSION),
    );
    if let Some((sqlite, cipher)) = engine {
        say("SQLite", sqlite);
        say("SQLCipher", cipher);
    }
    say(
        "web view",
        web_view.unwrap_or("none: this was made on the command line"),
    );
    say(
        "data file",
        &match state {
            AppStateView::Open => "open".to_owned(),
            AppStateView::FirstRun => "there is none yet".to_owned(),
            AppStateView::Opening => "being opened".to_owned(),
            AppStateView::Locked { reason, .. } => {
                format!("locked: {}", crate::error::describe_lock(*reason))
            }
            AppStateView::Refused { message, .. } => format!("refused: {message}"),
        },
    );
    text
}

/// Name and version of the system, without the name of the computer.
fn system() -> String {
    let name = std::fs::read_to_string("/etc/os-release")
        .ok()
        .and_then(|text| {
            text.lines()
                .find_map(|line| line.strip_prefix("PRETTY_NAME="))
                .map(|name| name.trim_matches('"').to_owned())
        })
        .unwrap_or_else(|| std::env::consts::OS.to_owned());
    format!("{name}, {}{}", std::env::consts::ARCH, kernel())
}

#[cfg(target_os = "linux")]
fn kernel() -> String {
    std::fs::read_to_string("/proc/sys/kernel/osrelease")
        .map(|version| format!(", kernel {}", version.trim()))
        .unwrap_or_default()
}

#[cfg(not(target_os = "linux"))]
fn kernel() -> String {
    String::new()
}

fn doctor_text(lines: &[DoctorLineView]) -> String {
    let mut text = String::new();
    for line in lines {
        let word = match line.ok {
            Some(true) => "well",
            Some(false) => "broken",
            None => "unknown",
        };
        let _ = writeln!(text, "{word:<8} {}: {}", line.name, line.found);
        if !line.fix.is_empty() {
            let _ = writeln!(text, "         mend: {}", line.fix);
        }
    }
    text
}

fn check_text(ok: bool, problems: &[String], pages: u32) -> String {
    let mut text = format!(
        "{}: {pages} pages, their seals, the structure, every index, references and every sealed credential were looked at.\n",
        if ok { "Whole" } else { "Damaged" }
    );
    for problem in problems {
        let _ = writeln!(text, "{problem}");
    }
    text
}
