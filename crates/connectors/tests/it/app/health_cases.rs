//! M8, case by case: what counts as a failure of a connector, when it stops, what a success and a person do, and what the log
//! has of it afterwards.

use std::sync::{Arc, Mutex};

use connectors::App;
use connectors::api::call::RequestOptions;
use connectors::api::circuit::Caller;
use connectors::error::Code;
use connectors::failure::{FailureClass, Finding};
use connectors::view::{
    AuditListRequest, AuditWhat, ErrorListRequest, ErrorSource, EventKind, InitialiseRequest,
    Status,
};
use testkit::{Bench, RuntimeClock};

use super::clubs::connect;
use crate::api::federation::{Federation, Reply};

const CODE: &str = "ballyduff";

/// What happens.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// So many requests that are answered so.
    Ask(u16, u32),
    /// So many about one member of a club.
    AskOfClub(u16, u32),
    /// So many at a path that somebody types.
    Type(u16, u32),
    /// So many while this computer has no network.
    Offline(u32),
    Pause,
    Resume,
    Clear,
}

/// What is known afterwards.
#[derive(Debug, PartialEq, Eq)]
struct Known {
    status: Status,
    failures: u32,
    succeeded: bool,
    failed: bool,
    /// Rows of the log, and those of them that are dealt with.
    log: (usize, usize),
}

struct Case {
    what: &'static str,
    steps: &'static [Step],
    known: Known,
}

const fn known(
    status: Status,
    failures: u32,
    succeeded: bool,
    failed: bool,
    log: (usize, usize),
) -> Known {
    Known {
        status,
        failures,
        succeeded,
        failed,
        log,
    }
}

const CASES: &[Case] = &[
    Case {
        what: "nothing has happened",
        steps: &[],
        known: known(Status::Active, 0, false, false, (0, 0)),
    },
    Case {
        what: "a success is recorded",
        steps: &[Step::Ask(200, 1)],
        known: known(Status::Active, 0, true, false, (0, 0)),
    },
    Case {
        what: "a failure is counted and logged once, however often it was tried",
        steps: &[Step::Ask(503, 1)],
        known: known(Status::Active, 1, false, true, (1, 0)),
    },
    Case {
        what: "four in a row do not stop it",
        steps: &[Step::Ask(500, 4)],
        known: known(Status::Active, 4, false, true, (4, 0)),
    },
    Case {
        what: "five in a row do",
        steps: &[Step::Ask(500, 5)],
        known: known(Status::Error, 5, false, true, (5, 0)),
    },
    Case {
        what: "a success in between counts anew",
        steps: &[Step::Ask(500, 4), Step::Ask(200, 1), Step::Ask(500, 4)],
        known: known(Status::Active, 4, true, true, (8, 0)),
    },
    Case {
        what: "a success brings a stopped one back",
        steps: &[Step::Ask(500, 6), Step::Ask(200, 1)],
        known: known(Status::Active, 0, true, true, (6, 0)),
    },
    Case {
        what: "failures of different classes count together",
        steps: &[Step::Ask(500, 2), Step::Ask(401, 2), Step::Ask(429, 1)],
        known: known(Status::Error, 5, false, true, (5, 0)),
    },
    Case {
        what: "a club's own never count, and are logged",
        steps: &[Step::AskOfClub(404, 4), Step::AskOfClub(403, 4)],
        known: known(Status::Active, 0, false, false, (8, 0)),
    },
    Case {
        what: "a club's own do not end a row of failures either",
        steps: &[
            Step::Ask(500, 4),
            Step::AskOfClub(404, 2),
            Step::Ask(500, 1),
        ],
        known: known(Status::Error, 5, false, true, (7, 0)),
    },
    Case {
        what: "the federation being down is no club's own",
        steps: &[Step::AskOfClub(500, 5)],
        known: known(Status::Error, 5, false, true, (5, 0)),
    },
    Case {
        what: "a typed path counts nowhere",
        steps: &[Step::Type(404, 8)],
        known: known(Status::Active, 0, false, false, (0, 0)),
    },
    Case {
        what: "being offline counts nowhere",
        steps: &[Step::Offline(8)],
        known: known(Status::Active, 0, false, false, (0, 0)),
    },
    Case {
        what: "clearing starts a stopped one again and marks the log",
        steps: &[Step::Ask(401, 6), Step::Clear],
        known: known(Status::Active, 0, false, true, (6, 6)),
    },
    Case {
        what: "after clearing it is counted from one",
        steps: &[Step::Ask(401, 5), Step::Clear, Step::Ask(401, 1)],
        known: known(Status::Active, 1, false, true, (6, 5)),
    },
    Case {
        what: "clearing resets the counter of one that runs",
        steps: &[Step::Ask(500, 3), Step::Clear],
        known: known(Status::Active, 0, false, true, (3, 3)),
    },
    Case {
        what: "clearing what a club has left marks it",
        steps: &[Step::AskOfClub(404, 2), Step::Clear],
        known: known(Status::Active, 0, false, false, (2, 2)),
    },
    Case {
        what: "pausing resets the counter",
        steps: &[Step::Ask(500, 4), Step::Pause],
        known: known(Status::Inactive, 0, false, true, (4, 0)),
    },
    Case {
        what: "clearing does not resume what a person has paused",
        steps: &[Step::Ask(500, 5), Step::Pause, Step::Clear],
        known: known(Status::Inactive, 0, false, true, (5, 5)),
    },
    Case {
        what: "resuming a stopped one counts anew and leaves the log as it is",
        steps: &[Step::Ask(401, 5), Step::Resume],
        known: known(Status::Active, 0, false, true, (5, 0)),
    },
];

struct Setup {
    _bench: Bench,
    app: App,
    federation: Arc<Federation>,
    says: Arc<Mutex<Reply>>,
}

async fn setup() -> Setup {
    let bench = Bench::new();
    let clock = Arc::new(RuntimeClock::at(testkit::START));
    let app = bench.app_with(Arc::clone(&clock) as _);
    app.initialise(InitialiseRequest::Keychain).await.unwrap();
    let mut settings = super::support::settings(CODE);
    settings.endpoints.member_detail =
        Some("/v1/clubs/{federation_org_id}/members/{member_id}".to_owned());
    let new = super::support::request(settings, Some(testkit::api_key("k")));
    app.connector_add(new).await.unwrap();
    connect(&app, CODE, "kil", "Kilsample", "club-7").await;
    let says = Arc::new(Mutex::new(Reply::status(200)));
    let said = Arc::clone(&says);
    let federation = Federation::new(&clock, move |_| said.lock().unwrap().clone());
    tokio::time::pause();
    Setup {
        _bench: bench,
        app,
        federation,
        says,
    }
}

impl Setup {
    async fn ask(&self, what: &str, reply: Reply, options: RequestOptions) {
        *self.says.lock().unwrap() = reply;
        let wire = Arc::clone(&self.federation) as _;
        let client = self
            .app
            .api_client_over(CODE, Caller::Person, wire)
            .await
            .unwrap();
        // What comes of it is looked at afterwards.
        let _answered_or_not = client.request(what, options).await;
    }

    async fn step(&self, step: Step) {
        let of_member = || RequestOptions {
            organisation: Some("club-7".to_owned()),
            values: vec![("member_id".to_owned(), "PF-4711".to_owned())],
            ..RequestOptions::default()
        };
        let plain = RequestOptions::default;
        match step {
            Step::Ask(status, times) => {
                for _ in 0..times {
                    self.ask("verify", Reply::status(status), plain()).await;
                }
            }
            Step::AskOfClub(status, times) => {
                for _ in 0..times {
                    self.ask("member_detail", Reply::status(status), of_member())
                        .await;
                }
            }
            Step::Type(status, times) => {
                for _ in 0..times {
                    self.ask("/v1/members/PF-4711", Reply::status(status), plain())
                        .await;
                }
            }
            Step::Offline(times) => {
                for _ in 0..times {
                    self.ask("verify", Reply::Fail(Finding::Offline), plain())
                        .await;
                }
            }
            Step::Pause => self.set(Status::Inactive).await,
            Step::Resume => self.set(Status::Active).await,
            Step::Clear => {
                self.app.clear_errors(CODE).await.unwrap();
            }
        }
    }

    async fn set(&self, status: Status) {
        self.app.connector_set_status(CODE, status).await.unwrap();
    }

    async fn known(&self) -> Known {
        let health = self.app.health(CODE).await.unwrap().health;
        let log = self.log().await;
        Known {
            status: health.status,
            failures: health.consecutive_failures,
            succeeded: health.last_success_at.is_some(),
            failed: health.last_error_at.is_some(),
            log: (
                log.len(),
                log.iter().filter(|one| one.cleared_at.is_some()).count(),
            ),
        }
    }

    async fn log(&self) -> Vec<connectors::view::ErrorEntryView> {
        let request = ErrorListRequest {
            code: Some(CODE.to_owned()),
            limit: 500,
            ..ErrorListRequest::default()
        };
        self.app.error_list(request).await.unwrap().rows
    }
}

/// One case a test of its own runtime: its time is its own.
fn in_time_of_its_own(work: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(work);
}

#[test]
fn m8_every_case() {
    for case in CASES {
        in_time_of_its_own(async {
            let setup = setup().await;
            for step in case.steps {
                setup.step(*step).await;
            }
            assert_eq!(
                setup.known().await,
                case.known,
                "{}: {:?}",
                case.what,
                case.steps
            );
        });
    }
}

#[test]
fn m8_a_row_says_who_what_and_whom_and_never_a_value() {
    in_time_of_its_own(async {
        let setup = setup().await;
        setup.step(Step::Ask(401, 1)).await;
        setup.step(Step::AskOfClub(404, 1)).await;
        setup.step(Step::Type(500, 1)).await;
        let log = setup.log().await;
        let told: Vec<_> = log
            .iter()
            .map(|one| {
                (
                    one.class,
                    one.finding,
                    one.http_status,
                    one.endpoint.as_deref(),
                    one.source,
                    one.org.as_deref(),
                    one.club.as_deref(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                (
                    FailureClass::FederationDown,
                    Finding::ServerError,
                    Some(500),
                    None,
                    ErrorSource::Request,
                    None,
                    None
                ),
                (
                    FailureClass::NotFound,
                    Finding::NotFound,
                    Some(404),
                    Some("/v1/clubs/{federation_org_id}/members/{member_id}"),
                    ErrorSource::Request,
                    Some("kil"),
                    Some("Kilsample")
                ),
                (
                    FailureClass::BadCredentials,
                    Finding::Unauthorised,
                    Some(401),
                    Some("/v1/me"),
                    ErrorSource::Request,
                    None,
                    None
                ),
            ],
            "newest first; what somebody typed is not repeated, and a club is named where it is its own"
        );
        for one in &log {
            assert!(
                one.sentence.ends_with('.') && one.sentence.contains("ballyduff"),
                "a sentence about the connector: {}",
                one.sentence
            );
        }
        let whole = serde_json::to_string(&log).unwrap();
        assert!(!whole.contains("4711"), "no value: {whole}");
    });
}

#[test]
fn m8_clearing_is_told_in_the_timeline_and_in_the_audit_log_and_refused_for_a_deleted_one() {
    in_time_of_its_own(async {
        let setup = setup().await;
        let app = &setup.app;
        let audited = async || {
            let request = AuditListRequest {
                what: Some(AuditWhat::ErrorsCleared),
                limit: Some(50),
                ..AuditListRequest::default()
            };
            app.audit_list(request).await.unwrap().rows.len()
        };
        app.clear_errors(CODE).await.unwrap();
        assert_eq!(audited().await, 0, "nothing was there to clear");
        setup.step(Step::Ask(401, 5)).await;
        let stopped = app.connector_show(CODE).await.unwrap();
        let why = &stopped.events[0];
        assert_eq!(
            (why.kind, why.detail.as_deref()),
            (EventKind::Stopped, Some("unauthorised")),
            "the timeline says why it was stopped"
        );
        // What happens in one millisecond has no order.
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        let cleared = app.clear_errors(CODE).await.unwrap();
        assert_eq!(
            (cleared.status, cleared.class),
            (Status::Active, None),
            "it runs again"
        );
        let shown = app.connector_show(CODE).await.unwrap();
        assert_eq!(
            shown.events[0].kind,
            EventKind::ErrorsCleared,
            "and the timeline says who did it"
        );
        assert_eq!(
            shown.version, stopped.version,
            "nobody's edit is refused because of it"
        );
        assert_eq!(audited().await, 1, "once in the audit log");
        app.connector_remove(CODE).await.unwrap();
        let refused = app.clear_errors(CODE).await.unwrap_err();
        assert_eq!(refused.code(), Code::Deleted, "a deleted one stays deleted");
        let unknown = app.clear_errors("nobody").await.unwrap_err();
        assert_eq!(unknown.code(), Code::NotFound, "and nobody is not there");
        assert_eq!(setup.log().await.len(), 5, "its history can be read");
    });
}
