//! What the child of the canary test does: everything that a secret goes through, with marks as
//! secrets, everything logged, and everything that was shown written down.

use std::fmt::Debug;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};

use connectors::App;
use connectors::error::{Error, Result};
use connectors::view::{
    AuthKind, ConnectorEditRequest, ConnectorListRequest, CredentialsRequest,
    CredentialsSetRequest, ErrorView, HeaderSetting, InitialiseRequest, SlotKind, TestDraftRequest,
};
use practice_federation::{Fault, FaultKind, Practice, PracticeCredentials, PracticeOptions};
use serde::Serialize;

use super::canary::marker;
use super::support::{at, edit, request, secret};

/// The purposes of the marks that are used as secrets here.
pub(crate) const SECRETS: [&str; 11] = [
    "api key",
    "second key",
    "secret header",
    "password",
    "webhook secret",
    "passphrase",
    "wrong key",
    "wrong passphrase",
    "pasted key",
    "client secret",
    "two-step secret",
];
/// Where the secrets of sign-ins are written for the search, a kind and a value a line; it is the one
/// file that is not searched.
pub(crate) const MADE: &str = "made-secrets";
/// A name that may be shown, and stand in encrypted files only.
pub(crate) const NAME: &str = "Cumann Lúthchleas an Chanáraí";
/// A mark that is logged on purpose.
pub(crate) const PLANTED: &str = "planted in the log";

/// Everything that left the product.
pub(super) struct Shown(File);

impl Shown {
    pub(super) fn view(&mut self, view: &(impl Serialize + Debug)) {
        let json = serde_json::to_string(view).unwrap();
        writeln!(self.0, "{json}\n{view:?}").unwrap();
    }

    pub(super) fn outcome<T: Serialize + Debug>(&mut self, outcome: Result<T>) {
        match outcome {
            Ok(view) => self.view(&view),
            Err(error) => self.error(&error),
        }
    }

    fn error(&mut self, error: &Error) {
        writeln!(self.0, "{error}\n{error:?}").unwrap();
        self.view(&ErrorView::from(error));
        let mut source = std::error::Error::source(error);
        while let Some(cause) = source {
            writeln!(self.0, "{cause}\n{cause:?}").unwrap();
            source = cause.source();
        }
    }

    pub(super) fn refused<T: Debug>(&mut self, outcome: Result<T>) {
        self.error(&outcome.expect_err("this case is refused"));
    }
}

/// Takes what `tracing` and `log` say, of every thread.
#[derive(Clone)]
struct Log(Arc<Mutex<File>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.lock().unwrap().flush()
    }
}

impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let line = format!("library {} {}\n", record.target(), record.args());
        let _ = self.clone().write_all(line.as_bytes());
    }

    fn flush(&self) {}
}

pub(crate) fn log_everything(root: &Path) {
    let file = File::create(root.join("log.txt")).unwrap();
    let log = Log(Arc::new(Mutex::new(file)));
    log::set_boxed_logger(Box::new(log.clone())).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || log.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
}

fn keys(api_key: &str) -> CredentialsRequest {
    CredentialsRequest::ApiKey {
        api_key: Some(secret(api_key)),
        secondary_api_key: Some(secret(&marker("second key"))),
        secrets: std::collections::BTreeMap::new(),
        expires_on: None,
        webhook_secret: Some(secret(&marker("webhook secret"))),
    }
}

async fn practice() -> Practice {
    practice_federation::start(PracticeOptions {
        members: 10,
        credentials: PracticeCredentials {
            api_key: marker("api key"),
            second_api_key: marker("second key"),
            subscription_key: marker("secret header"),
            username: "practice".to_owned(),
            password: marker("password"),
            office_client_secret: marker("client secret"),
            two_step_secret: marker("two-step secret"),
            ..PracticeCredentials::default()
        },
        recorder: true,
        ..PracticeOptions::default()
    })
    .await
    .unwrap()
}

/// The whole scenario.
pub(crate) async fn run(app: &App, root: &Path) {
    log_everything(root);
    let planted = marker(PLANTED);
    tokio::task::spawn_blocking(move || {
        tracing::trace!(%planted, "another thread");
        log::trace!("{planted}");
    })
    .await
    .unwrap();
    let mut shown = Shown(File::create(root.join("shown.txt")).unwrap());
    let practice = practice().await;
    doors(app, &mut shown).await;
    connectors(app, &mut shown, &practice).await;
    failures(app, &mut shown, &practice).await;
    super::canary_sign_in::run(app, &mut shown, &practice, root).await;
    shown.outcome(app.key_rotate().await);
    shown.outcome(app.db_backup(None).await);
    shown.outcome(app.db_check().await);
    shown.view(&app.db_backups().unwrap());
    shown.view(&app.doctor().await);
    shown.view(&app.status().await);
    shown.outcome(app.key_status().await);
    let backups = app.db_backups().unwrap();
    app.db_restore_own(backups[0].path.as_ref()).await.unwrap();
    shown.view(&app.status().await);
}

async fn doors(app: &App, shown: &mut Shown) {
    app.initialise(InitialiseRequest::Keychain).await.unwrap();
    let passphrase = secret(&marker("passphrase"));
    let asked = InitialiseRequest::Passphrase {
        passphrase: passphrase.clone(),
    };
    writeln!(shown.0, "{asked:?}").unwrap();
    shown.refused(app.initialise(asked).await);
    shown.outcome(app.key_add_passphrase(passphrase.clone()).await);
    shown.refused(app.key_add_passphrase(secret("short")).await);
    app.lock().await.unwrap();
    let wrong = secret(&marker("wrong passphrase"));
    shown.refused(app.unlock(Some(wrong)).await);
    shown.view(&app.status().await);
    app.unlock(Some(passphrase)).await.unwrap();
    shown.outcome(app.key_remove_slot(SlotKind::Keychain).await);
    shown.outcome(app.key_add_keychain().await);
}

async fn connectors(app: &App, shown: &mut Shown, practice: &Practice) {
    let ways = [
        ("key", keys(&marker("api key"))),
        ("query", keys(&marker("api key"))),
        ("headers", keys(&marker("api key"))),
        (
            "basic",
            CredentialsRequest::Basic {
                username: "practice".to_owned(),
                password: secret(&marker("password")),
                expires_on: None,
                webhook_secret: Some(secret(&marker("webhook secret"))),
            },
        ),
    ];
    for (way, mut credentials) in ways {
        let mut settings = at(way, practice, way);
        NAME.clone_into(&mut settings.name);
        match way {
            "query" => settings.auth.query = Some("api_token".to_owned()),
            "basic" => settings.auth.kind = AuthKind::Basic,
            "headers" => {
                let names = ["X-API-Key", "X-Subscription-Key"];
                settings.auth.headers = names.map(header).to_vec();
                credentials = CredentialsRequest::ApiKey {
                    api_key: None,
                    secondary_api_key: None,
                    secrets: [
                        (names[0].to_owned(), secret(&marker("api key"))),
                        (names[1].to_owned(), secret(&marker("secret header"))),
                    ]
                    .into(),
                    expires_on: None,
                    webhook_secret: None,
                };
            }
            _ => {}
        }
        let draft = TestDraftRequest {
            settings: settings.clone(),
            credentials: Some(credentials.clone()),
            code: None,
            organisation: None,
        };
        writeln!(shown.0, "{draft:?}").unwrap();
        let drafted = app.connector_test_draft(draft, &mut |_| {}).await.unwrap();
        assert!(drafted.report.ok, "{way}: the marks are the credentials");
        shown.view(&drafted);
        shown.outcome(
            app.connector_add(request(settings, Some(credentials)))
                .await,
        );
        shown.outcome(app.connector_test(way, None, &mut |_| {}).await);
        shown.outcome(app.request(way, "/v1/me", false).await);
        shown.outcome(app.connector_show(way).await);
    }
    let set = CredentialsSetRequest {
        code: "key".to_owned(),
        credentials: keys(&marker("wrong key")),
        test_first: false,
    };
    writeln!(shown.0, "{set:?}").unwrap();
    shown.outcome(app.credentials_set(set).await);
    shown.outcome(app.connector_test("key", None, &mut |_| {}).await);
    shown.outcome(app.credentials_revert("key").await);
    shown.outcome(app.connector_clone("key", "copy").await);
    shown.outcome(app.connector_list(ConnectorListRequest::default()).await);
    shown.outcome(app.connector_export(None).await);
    shown.outcome(app.connector_remove("copy").await);
}

fn header(name: &str) -> HeaderSetting {
    HeaderSetting {
        name: name.to_owned(),
        secret: true,
        value: None,
    }
}

async fn failures(app: &App, shown: &mut Shown, practice: &Practice) {
    for fault in [
        Fault::status(401),
        Fault::status(503),
        Fault::new(FaultKind::Cut),
        Fault::new(FaultKind::Reset),
        Fault::new(FaultKind::Html),
        Fault::new(FaultKind::TruncatedJson),
    ] {
        practice.set_fault(fault);
        for way in ["key", "query", "headers", "basic"] {
            shown.outcome(app.connector_test(way, None, &mut |_| {}).await);
            shown.refused(app.request(way, "/v1/me", true).await);
        }
    }
    let first = CredentialsSetRequest {
        code: "key".to_owned(),
        credentials: keys(&marker("wrong key")),
        test_first: true,
    };
    shown.refused(app.credentials_set(first).await);
    practice.clear_faults();
    let pasted = marker("pasted key");
    // Where people paste a key that belongs elsewhere, or with what came along.
    let broken = [
        keys(&format!("{pasted}\n")),
        keys(&format!(" {pasted}")),
        keys(&pasted.repeat(1_000)),
        CredentialsRequest::ApiKey {
            api_key: Some(secret("key")),
            secondary_api_key: None,
            secrets: [(pasted.clone(), secret("value"))].into(),
            expires_on: None,
            webhook_secret: None,
        },
        CredentialsRequest::ApiKey {
            api_key: Some(secret("key")),
            secondary_api_key: None,
            secrets: std::collections::BTreeMap::new(),
            expires_on: Some(pasted.clone()),
            webhook_secret: None,
        },
        CredentialsRequest::Basic {
            username: format!("me:{pasted}"),
            password: secret(&pasted),
            expires_on: None,
            webhook_secret: None,
        },
    ];
    let seen = app.connector_show("key").await.unwrap();
    for credentials in broken {
        let set = CredentialsSetRequest {
            code: "key".to_owned(),
            credentials: credentials.clone(),
            test_first: false,
        };
        shown.refused(app.credentials_set(set).await);
        let edit = ConnectorEditRequest {
            credentials: Some(credentials),
            ..edit(&seen, |_| {})
        };
        shown.refused(app.connector_edit(edit).await);
    }
    let literal = toml::Value::String(pasted).to_string();
    for text in [
        format!("api_key = {literal}"),
        format!("limits.timeout_seconds = {literal}"),
        format!("auth.kind = {literal}"),
        format!("name = {literal} more"),
    ] {
        shown.refused(app.connector_import(&text).await);
    }
}
