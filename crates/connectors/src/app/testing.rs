//! The test of a connection, before saving and after (A08), and what becomes of its report.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::credentials::{Fingerprint, Stored};
use super::record::{concerns_the_network, normalised, sample_club, test_club};
use super::tokens::{Subject, TokenTrouble};
use super::{App, lock};
use crate::api::call::Concerns;
use crate::api::connection_test::{self, TestPlan};
use crate::api::token_source::{Obtaining, TokenRefusal, TokenSource, UsableToken};
use crate::checks::outcome::of_test;
use crate::connector_file::differences;
use crate::credentials::Credentials;
use crate::error::{Error, Result};
use crate::failure::{FailureClass, Finding};
use crate::settings::ConnectorSettings;
use crate::view::{TestDraftRequest, TestDraftView, TestReportView, TestStepView};

/// Where the steps of a running test go as they are done.
pub type StepSink<'a> = dyn FnMut(&TestStepView) + Send + 'a;

/// Where the tokens of a test come from.
pub(super) enum Tokens {
    /// The stored ones of a connector, renewed as for any request.
    Of(Subject),
    /// One for this test alone: the client signs in with the credentials that are tested.
    OfItsOwn,
}

/// What a test is made with.
pub(super) struct Tested<'a> {
    pub(super) settings: &'a ConnectorSettings,
    pub(super) credentials: Option<&'a Credentials>,
    pub(super) withheld: bool,
    pub(super) tokens: Tokens,
}

/// [`Tokens`] with what it takes to get one.
struct Source<'a> {
    app: &'a App,
    tested: &'a Tested<'a>,
}

impl TokenSource for Source<'_> {
    fn token(&self, refused: Option<Uuid>) -> Obtaining<'_> {
        Box::pin(async move {
            let outcome = match (&self.tested.tokens, self.tested.credentials) {
                (Tokens::Of(subject), _) => self.app.token(subject, refused).await,
                // One that was just made for this test is not made again.
                (Tokens::OfItsOwn, _) if refused.is_some() => Err(Finding::Unauthorised.into()),
                (Tokens::OfItsOwn, None) => Err(Finding::SignInNeeded.into()),
                (Tokens::OfItsOwn, Some(credentials)) => {
                    let settings = self.tested.settings;
                    match self.app.obtain(settings, credentials, None).await {
                        Ok(Ok(granted)) => Ok(UsableToken {
                            id: Uuid::nil(),
                            access_token: granted.access_token,
                        }),
                        Ok(Err(refusal)) => Err(TokenTrouble::Federation(refusal)),
                        Err(trouble) => Err(trouble),
                    }
                }
            };
            outcome.map_err(|trouble| match trouble {
                TokenTrouble::Federation(refusal) => refusal,
                TokenTrouble::Product(error) => {
                    tracing::warn!(code = ?error.code(), "no token could be read for a test");
                    TokenRefusal::from(Finding::Internal)
                }
            })
        })
    }
}

/// Reports of tests before saving that are remembered, so that a save can start as tested.
const DRAFTS_KEPT: usize = 8;

/// Reports of tests of unsaved settings, newest last.
#[derive(Default)]
pub(super) struct Drafts(VecDeque<Draft>);

struct Draft {
    handle: String,
    settings: ConnectorSettings,
    credentials: Option<Fingerprint>,
    report: TestReportView,
}

impl Drafts {
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

impl App {
    /// Tests a saved connector with its stored credentials and keeps the report, unless the test was
    /// stopped. A paused one can
    /// be tested, a deleted one cannot. `organisation` is a club's id at the federation, where the
    /// address of the list needs one; without it, one that is connected is asked about.
    pub async fn connector_test(
        &self,
        code: &str,
        organisation: Option<&str>,
        on_step: &mut StepSink<'_>,
    ) -> Result<TestReportView> {
        let subject = self.subject(code).await?;
        let stored = self
            .stored_for(&subject.opened, &subject.connector, &subject.settings)
            .await?;
        let tested = Tested {
            settings: &subject.settings,
            credentials: stored.credentials.as_ref(),
            withheld: stored.withheld,
            tokens: Tokens::Of(subject.clone()),
        };
        let organisation = match organisation {
            Some(named) => Some(named.to_owned()),
            None => {
                self.test_club(subject.connector.id, &subject.settings)
                    .await?
            }
        };
        let report = self
            .run_test(tested, organisation.as_deref(), on_step)
            .await;
        if report.class == Some(FailureClass::Cancelled) {
            // It says nothing about the connector: what was known before is what is known.
            return Ok(report);
        }
        let kept = report.clone();
        let (tested, tested_settings) = (subject.connector, subject.settings);
        self.note_seen(code, move |tx, record, act| {
            let list = &tested_settings.endpoints.membership_list;
            let one_club = kept
                .finding
                .is_some_and(|finding| Concerns::of(list).one_club(finding));
            if let Some(beat) = of_test(&kept, one_club, act.now.0) {
                tx.insert_beat(record.id, &beat)?;
            }
            // Settings or credentials that were changed meanwhile are not what was tested.
            if record.credential_id == tested.credential_id && record.settings == tested.settings {
                act.keep_test(tx, record, &kept)
            } else {
                Ok(())
            }
        })
        .await?;
        Ok(report)
    }

    /// Tests settings that are not saved. Nothing is stored; the handle lets a save of just these
    /// settings and credentials start as tested.
    pub async fn connector_test_draft(
        &self,
        request: TestDraftRequest,
        on_step: &mut StepSink<'_>,
    ) -> Result<TestDraftView> {
        self.opened()?;
        let settings = normalised(request.settings);
        let mut broken = self.broken_rules(&settings).await;
        // A test needs neither a name nor a code; the save will ask for them.
        broken.retain(|found| found.field != "code" && found.field != "name");
        let typed = Self::checked_credentials(&settings, request.credentials, &mut broken);
        if !broken.is_empty() {
            return Err(Error::Invalid(broken));
        }
        let mut tokens = Tokens::OfItsOwn;
        let stored = match (typed, request.code) {
            (Some(plain), _) => Stored {
                fingerprint: Some(super::credentials::fingerprint_of(&plain.credentials)?),
                credentials: Some(plain.credentials),
                withheld: false,
            },
            (None, Some(code)) => {
                // The stored credentials and tokens, with the settings as they are typed.
                let subject = Subject {
                    settings: Arc::new(settings.clone()),
                    ..self.subject(&code).await?
                };
                let stored = self
                    .stored_for(&subject.opened, &subject.connector, &settings)
                    .await?;
                tokens = Tokens::Of(subject);
                stored
            }
            (None, None) => Stored::default(),
        };
        let tested = Tested {
            settings: &settings,
            credentials: stored.credentials.as_ref(),
            withheld: stored.withheld,
            tokens,
        };
        let organisation = request.organisation.or_else(|| sample_club(&settings));
        let report = self
            .run_test(tested, organisation.as_deref(), on_step)
            .await;
        let handle = self.act().id()?.to_string();
        let mut drafts = lock(&self.inner.drafts);
        drafts.0.push_back(Draft {
            handle: handle.clone(),
            settings,
            credentials: stored.fingerprint,
            report: report.clone(),
        });
        if drafts.0.len() > DRAFTS_KEPT {
            drafts.0.pop_front();
        }
        Ok(TestDraftView {
            report,
            test_handle: handle,
        })
    }

    /// The club that a test asks about where nobody names one.
    pub(super) async fn test_club(
        &self,
        connector: Uuid,
        settings: &ConnectorSettings,
    ) -> Result<Option<String>> {
        let settings = settings.clone();
        self.store()?
            .read(move |tx| test_club(tx, connector, &settings))
            .await
    }

    /// Stops the running tests; each ends with the finding `cancelled`.
    pub fn cancel_test(&self) {
        std::mem::take(&mut *lock(&self.inner.running_tests)).cancel();
    }

    pub(super) async fn run_test(
        &self,
        tested: Tested<'_>,
        organisation: Option<&str>,
        on_step: &mut StepSink<'_>,
    ) -> TestReportView {
        let cancel: CancellationToken = lock(&self.inner.running_tests).child_token();
        let source = Source {
            app: self,
            tested: &tested,
        };
        let books = match &tested.tokens {
            Tokens::Of(subject) => self.test_books(subject).await.ok(),
            Tokens::OfItsOwn => None,
        };
        let plan = TestPlan {
            books: books.as_ref().map(|books| books as _),
            settings: tested.settings,
            credentials: tested.credentials,
            organisation,
            withheld: tested.withheld,
            tokens: Some(&source),
            started_at: self.now(),
        };
        connection_test::run(plan, &cancel, on_step).await
    }

    /// The report of a test before saving, if it was made with just these settings and
    /// credentials (names aside). It stays: a save that is refused may be tried again.
    pub(super) fn tested_draft(
        &self,
        handle: &str,
        settings: &ConnectorSettings,
        credentials: Option<&Fingerprint>,
    ) -> Option<TestReportView> {
        let drafts = lock(&self.inner.drafts);
        let draft = drafts.0.iter().find(|draft| draft.handle == handle)?;
        let changed = differences(&draft.settings, settings).ok()?;
        let same = !changed.iter().any(|key| concerns_the_network(key))
            && draft.credentials.as_ref() == credentials;
        let finished = draft.report.class != Some(FailureClass::Cancelled);
        (same && finished).then(|| draft.report.clone())
    }
}

/// A failed report as an error, for callers that want all or nothing.
pub(super) fn failure_of(report: &TestReportView) -> Error {
    Error::Federation {
        finding: report.finding.unwrap_or(crate::failure::Finding::Internal),
        status: report.status,
        message: format!("{}. {}", report.title.trim_end_matches('.'), report.fix),
        attempts: 1,
    }
}
