//! What a saved connector shows to prove who it is: headers made once from its keys, or a token of the store,
//! asked for at each request because anybody may have renewed or withdrawn it.

use std::sync::{Arc, Mutex, Weak};

use super::telling::told;
use super::tokens::{Subject, TokenTrouble};
use super::{App, Inner, lock};
use crate::api::authenticate::{
    KeyChoice, authentication, authentication_with, bearer, has_secondary,
};
use crate::api::ledger::Working;
use crate::api::proof::{KeysAtHand, Proof, ProofId, Proofs};
use crate::api::token_source::TokenRefusal;
use crate::error::Result;
use crate::failure::Finding;
use crate::settings::ConnectorSettings;
use crate::store::connector::ConnectorRecord;

/// The proofs of one connector. They are forgotten when the file is locked.
pub(super) struct StoredProofs {
    /// Weak: the app keeps the clients.
    app: Weak<Inner>,
    connector: Arc<ConnectorRecord>,
    settings: Arc<ConnectorSettings>,
    keys: Mutex<Option<Arc<KeysAtHand>>>,
}

impl StoredProofs {
    /// Unseals the credentials where they are sent as they are.
    pub(super) async fn load(app: &App, subject: &Subject) -> Result<Self> {
        let settings = &subject.settings;
        let fail = |finding: Finding| told(settings, &finding.into(), 0);
        let keys = if settings.auth.kind.uses_tokens() {
            None
        } else {
            let stored = app
                .stored_for(&subject.opened, &subject.connector, settings)
                .await?;
            if stored.withheld {
                return Err(fail(Finding::CredentialsWithheld));
            }
            let credentials = stored.credentials.as_ref();
            let first = authentication(&settings.filled_auth(), credentials).map_err(fail)?;
            let second = if has_secondary(credentials) {
                let second = KeyChoice::Secondary;
                Some(
                    authentication_with(&settings.filled_auth(), credentials, second)
                        .map_err(fail)?,
                )
            } else {
                None
            };
            Some(Arc::new(KeysAtHand::new(first, second)))
        };
        Ok(Self {
            app: Arc::downgrade(&app.inner),
            connector: Arc::clone(&subject.connector),
            settings: Arc::clone(settings),
            keys: Mutex::new(keys),
        })
    }

    /// The file is being locked: nothing that proves who we are stays in memory for clients that are still held.
    pub(super) fn forget(&self) {
        lock(&self.keys).take();
    }

    async fn token(&self, refused: Option<ProofId>) -> Result<Proof, TokenRefusal> {
        let refused = match refused {
            Some(ProofId::Token(id)) => Some(id),
            _ => None,
        };
        let ours = || TokenRefusal::from(Finding::Internal);
        let inner = self.app.upgrade().ok_or_else(ours)?;
        let app = App::by_itself(inner);
        let subject = Subject {
            opened: app.opened().map_err(|_| ours())?,
            connector: Arc::clone(&self.connector),
            settings: Arc::clone(&self.settings),
        };
        let token = app
            .token(&subject, refused)
            .await
            .map_err(|trouble| match trouble {
                TokenTrouble::Federation(refusal) => refusal,
                TokenTrouble::Product(error) => {
                    tracing::warn!(code = ?error.code(), "no token could be read for a request");
                    ours()
                }
            })?;
        Ok(Proof {
            id: ProofId::Token(token.id),
            authentication: Arc::new(bearer(&token.access_token)?),
        })
    }
}

impl Proofs for StoredProofs {
    fn proof(&self, refused: Option<ProofId>) -> Working<'_, Result<Proof, TokenRefusal>> {
        Box::pin(async move {
            if self.settings.auth.kind.uses_tokens() {
                return self.token(refused).await;
            }
            let keys = lock(&self.keys).clone();
            match keys {
                Some(keys) => keys.proof(refused).await,
                None => Err(Finding::Internal.into()),
            }
        })
    }
}
