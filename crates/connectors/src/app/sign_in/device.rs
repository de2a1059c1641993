//! A sign-in on another device (RFC 8628): a code to enter there, and asking from time to time whether
//! the person has decided.

use tokio_util::sync::CancellationToken;

use super::SignInSink;
use super::complete::begin_exchange;
use crate::app::App;
use crate::app::keep_token::Grant;
use crate::app::standing::{settle_state, word_of};
use crate::app::tokens::{Subject, TokenTrouble, refusal};
use crate::auth::device::{Next, after, first_interval};
use crate::clock::UtcMillis;
use crate::error::Error;
use crate::failure::Finding;
use crate::secret::SecretText;
use crate::settings;
use crate::view::SignInStepView;

/// A code of a server that names no end lives no longer than this.
const LONGEST_MS: i64 = 1_800_000;

impl App {
    pub(super) async fn sign_in_on_device(
        &self,
        subject: &Subject,
        cancel: &CancellationToken,
        on_step: &mut SignInSink<'_>,
    ) -> Result<(), TokenTrouble> {
        let act = self.act();
        let attempt = act.id()?.as_bytes().to_vec();
        let (owner, connector, id) = (self.owner()?, subject.connector.id, attempt.clone());
        subject
            .opened
            .store
            .write(move |tx| {
                tx.delete_pending_sign_in_of(connector)?;
                begin_exchange(tx, connector, &id, owner)?;
                settle_state(tx, connector)
            })
            .await?;
        self.inner.sign_ins.tell();
        let outcome = tokio::select! {
            biased;
            () = cancel.cancelled() => Err(Finding::Cancelled.into()),
            outcome = self.ask_device(subject, &attempt, on_step) => outcome,
        };
        if let Err(TokenTrouble::Federation(why)) = &outcome {
            tracing::debug!(
                finding = word_of(why.finding),
                "a sign-in on a device ended"
            );
            if why.finding == Finding::Cancelled {
                self.forget_attempt(subject, attempt).await?;
            } else {
                self.fail(subject, &attempt, why.finding).await?;
            }
        }
        self.inner.sign_ins.tell();
        outcome
    }

    async fn ask_device(
        &self,
        subject: &Subject,
        attempt: &[u8],
        on_step: &mut SignInSink<'_>,
    ) -> Result<(), TokenTrouble> {
        let settings = &*subject.settings;
        let client = self.client_of(subject).await?;
        let http = self.token_client(settings).await?;
        let endpoints = self
            .endpoints_of(settings, &http, settings::Grant::DeviceCode)
            .await?;
        let device = endpoints.device.ok_or(Finding::SettingUnusable)?;
        let endpoint = self.endpoint(settings, &client, &http, &endpoints.token);
        let started = self.now();
        let details = endpoint
            .start_device(&device)
            .await
            .map_err(|failure| TokenTrouble::Federation(refusal(&failure, device.host_str())))?;
        let life = i64::try_from(details.expires_in().as_millis()).unwrap_or(LONGEST_MS);
        let until = UtcMillis(started.0.saturating_add(life.min(LONGEST_MS)));
        // EXPOSE (all): shown to the person, who enters it on the other device.
        on_step(&SignInStepView::Device {
            user_code: details.user_code().secret().clone(),
            verification_uri: details.verification_uri().as_str().to_owned(),
            verification_uri_complete: details
                .verification_uri_complete()
                .map(|uri| uri.secret().clone()),
            expires_at: until.0,
        });
        // EXPOSE: moved into a text that is wiped.
        let code = SecretText::new(details.device_code().secret().clone());
        let mut interval = first_interval(details.interval());
        loop {
            tokio::time::sleep(interval).await;
            if self.now() >= until {
                return Err(Finding::SignInExpired.into());
            }
            let (sent_at, sent_up) = (self.now(), self.inner.clock.uptime());
            match endpoint.poll_device(&code).await {
                Ok(granted) => {
                    on_step(&SignInStepView::Exchanging);
                    let grant = Grant {
                        granted,
                        replaces: None,
                        keeps: None,
                        endpoints: Some((
                            Some(endpoints.token.to_string()),
                            endpoints.revocation.as_ref().map(url::Url::to_string),
                        )),
                        sent_at,
                        sent_up,
                    };
                    return Ok(self.finish(subject, attempt, grant).await?);
                }
                Err(failure) => match after(&failure, interval) {
                    Next::AskAgain(next) => interval = next,
                    Next::Over(_) => {
                        let host = endpoints.token.host_str();
                        return Err(TokenTrouble::Federation(refusal(&failure, host)));
                    }
                },
            }
        }
    }

    /// The person has ended the attempt: nothing is to be told about it.
    async fn forget_attempt(&self, subject: &Subject, attempt: Vec<u8>) -> Result<(), Error> {
        let connector = subject.connector.id;
        let forgotten = subject
            .opened
            .store
            .write(move |tx| {
                if let Some(mut sign_in) = tx.sign_in(connector)?
                    && sign_in
                        .attempt
                        .as_ref()
                        .is_some_and(|one| one.id == attempt)
                {
                    sign_in.attempt = None;
                    tx.put_sign_in(&sign_in)?;
                    settle_state(tx, connector)?;
                }
                Ok(())
            })
            .await;
        match forgotten {
            // The file was locked: the marker is found when it is opened again.
            Err(Error::Locked(_)) => Ok(()),
            other => other,
        }
    }
}
