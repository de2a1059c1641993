//! Credentials: plain on their way in, sealed at once, never out again. Replaced ones are kept
//! sealed until the new ones have tested well (A07).

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::act::Act;
use super::record::{find_live, settings_of};
use super::testing::{Tested, Tokens};
use super::{App, Opened, tokens};
use crate::audit::{AuditWhat, Entry};
use crate::credentials::{Credentials, IncomingCredentials};
use crate::error::{Code, Error, FieldError, Result};
use crate::random::Random;
use crate::settings::{AuthKind, ConnectorSettings};
use crate::store::connector::ConnectorRecord;
use crate::store::credential::CredentialRecord;
use crate::store::{Reader, Writer};
use crate::vault::{Place, Sealed, Vault};
use crate::view::{
    ConnectorView, CredentialsRequest, CredentialsSetRequest, CredentialsStateView, EventKind,
};

/// A hash of plain credentials, held in memory only, to see whether two are the same.
pub(super) type Fingerprint = [u8; 32];

/// Which parts are set, as it is stored beside a sealed text.
#[derive(Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub(super) struct Summary {
    secondary_set: bool,
    secret_headers: Vec<String>,
    /// The hosts of the settings that a person saw when the credentials were given. They are sent
    /// to these only, however the settings are changed afterwards.
    pub(super) hosts: BTreeSet<String>,
    /// The client that tokens are given to; it is no secret (RFC 6749 §2.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
}

impl Summary {
    /// Of a sealed text that may be sent to these hosts.
    pub(super) fn for_hosts(hosts: BTreeSet<String>) -> Self {
        Self {
            hosts,
            ..Self::default()
        }
    }

    pub(super) fn to_json(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|source| Error::internal("write what is set", source))
    }

    pub(super) fn of(row: &CredentialRecord) -> Result<Self> {
        serde_json::from_str(&row.summary)
            .map_err(|source| Error::internal("read what is set", source))
    }
}

/// What is stored for a request that is about to be sent.
#[derive(Default)]
pub(super) struct Stored {
    /// The credentials, where they may be sent to the hosts of the settings.
    pub(super) credentials: Option<Credentials>,
    /// There are some, and they were given for other hosts.
    pub(super) withheld: bool,
    /// Their fingerprint.
    pub(super) fingerprint: Option<Fingerprint>,
}

/// Sealed credentials, ready to be stored in a transaction.
pub(super) struct SealedCredentials {
    row: CredentialRecord,
    webhook: Option<CredentialRecord>,
    needs_person: bool,
    pub(super) fingerprint: Fingerprint,
}

impl App {
    /// Stores new credentials. With `test_first` they are tested first, and where the test fails
    /// nothing is stored and the failure comes back.
    pub async fn credentials_set(&self, request: CredentialsSetRequest) -> Result<ConnectorView> {
        let opened = self.opened()?;
        let code = request.code.clone();
        let record = opened.store.read(move |tx| find_live(tx, &code)).await?;
        let settings = settings_of(&record)?;
        let mut broken = Vec::new();
        let plain = Self::checked_credentials(&settings, Some(request.credentials), &mut broken);
        let Some(plain) = plain.filter(|_| broken.is_empty()) else {
            return Err(Error::Invalid(broken));
        };
        // A client that a person signs in with proves nothing before that person has signed in.
        let report = if request.test_first && !settings.auth.needs_person() {
            let subject = Tested {
                settings: &settings,
                credentials: Some(&plain.credentials),
                withheld: false,
                tokens: Tokens::OfItsOwn,
            };
            let club = self.test_club(record.id, &settings).await?;
            let report = self.run_test(subject, club.as_deref(), &mut |_| {}).await;
            if report.class.is_some() {
                return Err(super::testing::failure_of(&report));
            }
            Some(report)
        } else {
            None
        };
        let sealed = Self::seal_credentials(&opened, record.id, &settings, &plain, &self.act())?;
        self.change(&request.code, move |tx, record, act| {
            act.audit(
                tx,
                Entry::of(AuditWhat::CredentialsSet).connector(&record.code),
            )?;
            sealed.store(tx, record, act)?;
            match report {
                Some(report) => act.keep_test(tx, record, &report),
                None => Ok(()),
            }
        })
        .await
    }

    /// Goes back to the earlier credentials, as long as they are kept.
    pub async fn credentials_revert(&self, code: &str) -> Result<ConnectorView> {
        self.change(code, |tx, record, act| {
            let Some(previous) = record.previous_credential_id.take() else {
                return Err(Error::refused(
                    Code::NotFound,
                    "no earlier credentials are kept for this connector",
                ));
            };
            if let Some(current) = record.credential_id.replace(previous) {
                tx.delete_credential(current)?;
            }
            // They belong to the client that goes.
            tokens::forget(tx, record.id)?;
            record.last_test_at = None;
            act.audit(
                tx,
                Entry::of(AuditWhat::CredentialsReverted).connector(&record.code),
            )?;
            act.note(tx, record.id, EventKind::CredentialsReverted, None)
        })
        .await
    }

    /// Turns what came in into typed credentials, or adds the broken rules to `broken`.
    pub(super) fn checked_credentials(
        settings: &ConnectorSettings,
        request: Option<CredentialsRequest>,
        broken: &mut Vec<FieldError>,
    ) -> Option<IncomingCredentials> {
        let mut incoming = Credentials::from_request(request?);
        // An empty box of a form says nothing.
        incoming.expires_on.take_if(|day| day.is_empty());
        incoming.webhook_secret.take_if(|secret| secret.is_empty());
        let found = incoming.check(&settings.auth);
        let good = found.is_empty();
        broken.extend(found);
        good.then_some(incoming)
    }

    /// Seals credentials for the connector `id` under the newest term.
    pub(super) fn seal_credentials(
        opened: &Opened,
        id: Uuid,
        settings: &ConnectorSettings,
        plain: &IncomingCredentials,
        act: &Act,
    ) -> Result<SealedCredentials> {
        let keys = opened.keys();
        let text = plain.credentials.to_sealed_json()?;
        let kind = plain.credentials.kind();
        let mut row = sealed_row(&keys.vault, id, FIELD_CREDENTIALS, kind, &text, act)?;
        row.expires_on.clone_from(&plain.expires_on);
        let mut summary = Summary::for_hosts(settings.hosts());
        match &plain.credentials {
            Credentials::ApiKey(keys) => {
                summary.secondary_set = keys.secondary_api_key.is_some();
                summary.secret_headers = keys.secrets.keys().cloned().collect();
            }
            Credentials::OAuth2(client) => summary.client_id = Some(client.client_id.clone()),
            Credentials::Basic(_) | Credentials::TwoStep(_) => {}
        }
        row.summary = summary.to_json()?;
        let webhook = match &plain.webhook_secret {
            Some(secret) => {
                // EXPOSE: it is sealed in this very call.
                let bytes = secret.expose().as_bytes();
                Some(sealed_row(
                    &keys.vault,
                    id,
                    FIELD_WEBHOOK,
                    kind,
                    bytes,
                    act,
                )?)
            }
            None => None,
        };
        Ok(SealedCredentials {
            row,
            webhook,
            needs_person: settings.auth.needs_person(),
            fingerprint: fingerprint(&text),
        })
    }

    /// The plain credentials of a connector, for a request as `settings` say. They stay sealed
    /// where a host of the settings is not one that they were given for.
    pub(super) async fn stored_for(
        &self,
        opened: &Opened,
        record: &ConnectorRecord,
        settings: &ConnectorSettings,
    ) -> Result<Stored> {
        let Some(id) = record.credential_id else {
            return Ok(Stored::default());
        };
        let Some(row) = opened.store.read(move |tx| tx.credential(id)).await? else {
            return Ok(Stored::default());
        };
        if !settings.hosts().is_subset(&Summary::of(&row)?.hosts) {
            return Ok(Stored {
                withheld: true,
                ..Stored::default()
            });
        }
        let text = self.open_sealed(opened, &row)?;
        Ok(Stored {
            credentials: Some(Credentials::from_sealed_json(&text)?),
            withheld: false,
            fingerprint: Some(fingerprint(&text)),
        })
    }
}

const FIELD_CREDENTIALS: &str = "credentials";
const FIELD_WEBHOOK: &str = "webhook_secret";

impl SealedCredentials {
    /// Puts the new credentials in place within the transaction. The ones before stay as the
    /// earlier ones if they had tested well, or if there are no others.
    pub(super) fn store(
        self,
        tx: &Writer<'_>,
        record: &mut ConnectorRecord,
        act: &Act,
    ) -> Result<()> {
        tx.insert_credential(&self.row)?;
        let mut unused = None;
        if let Some(current) = record.credential_id.replace(self.row.id) {
            let before = tx.credential(current)?;
            let same_client = match &before {
                Some(row) => Summary::of(row)?.client_id == Summary::of(&self.row)?.client_id,
                None => false,
            };
            if !tokens::survives(self.row.kind, self.needs_person, same_client) {
                tokens::forget(tx, record.id)?;
            }
            let tested = before.is_some_and(|row| row.tested);
            if tested || record.previous_credential_id.is_none() {
                unused = record.previous_credential_id.replace(current);
            } else {
                unused = Some(current);
            }
        }
        if let Some(webhook) = &self.webhook {
            tx.insert_credential(webhook)?;
            if let Some(earlier) = record.webhook_credential_id.replace(webhook.id) {
                tx.delete_credential(earlier)?;
            }
            act.note(tx, record.id, EventKind::WebhookSecretStored, None)?;
        }
        if let Some(unused) = unused {
            tx.delete_credential(unused)?;
        }
        record.last_test_at = None;
        act.note(tx, record.id, EventKind::CredentialsStored, None)
    }
}

/// A test with the current credentials succeeded: the earlier ones are destroyed.
pub(super) fn tested_well(tx: &Writer<'_>, record: &mut ConnectorRecord) -> Result<()> {
    let Some(current) = record.credential_id else {
        return Ok(());
    };
    tx.set_credential_tested(current, true)?;
    if let Some(previous) = record.previous_credential_id.take() {
        tx.delete_credential(previous)?;
    }
    Ok(())
}

/// What may be said about a connector's credentials.
pub(super) fn state(tx: &Reader<'_>, record: &ConnectorRecord) -> Result<CredentialsStateView> {
    let mut state = CredentialsStateView {
        webhook_secret_set: record.webhook_credential_id.is_some(),
        previous_kept: record.previous_credential_id.is_some(),
        ..CredentialsStateView::default()
    };
    if let Some(row) = record
        .credential_id
        .map(|id| tx.credential(id))
        .transpose()?
        .flatten()
    {
        let summary = Summary::of(&row)?;
        state.set = true;
        state.kind = Some(row.kind);
        state.stored_at = Some(row.stored_at.0);
        state.expires_on = row.expires_on;
        state.tested = row.tested;
        state.secondary_set = summary.secondary_set;
        state.secret_headers = summary.secret_headers;
    }
    Ok(state)
}

pub(super) fn sealed_row(
    vault: &Vault,
    connector_id: Uuid,
    field: &'static str,
    kind: AuthKind,
    plain: &[u8],
    act: &Act,
) -> Result<CredentialRecord> {
    let mut row = CredentialRecord {
        id: act.id()?,
        connector_id,
        field: field.to_owned(),
        kind,
        term: vault.newest_term(),
        sealed: String::new(),
        stored_at: act.now,
        expires_on: None,
        tested: false,
        summary: "{}".to_owned(),
    };
    row.sealed = seal_row(vault, &row, plain, act.random())?;
    Ok(row)
}

/// Seals `plain` for the place of `row` under the newest term.
pub(super) fn seal_row(
    vault: &Vault,
    row: &CredentialRecord,
    plain: &[u8],
    random: &dyn Random,
) -> Result<String> {
    let field = place_field(&row.field, row.id);
    vault
        .seal(&place(vault, row.connector_id, &field), plain, random)
        .map(|sealed| sealed.as_str().to_owned())
        .map_err(|source| Error::internal("seal credentials", source))
}

/// Opens one sealed row; a failure says which kind it is and never what was in it.
pub(super) fn open_row(vault: &Vault, row: &CredentialRecord) -> Result<Zeroizing<Vec<u8>>> {
    let field = place_field(&row.field, row.id);
    let place = place(vault, row.connector_id, &field);
    vault
        .open(&place, &Sealed::from_stored(row.sealed.clone()))
        .map_err(|source| Error::internal("open sealed credentials", source))
}

fn place<'a>(vault: &Vault, connector_id: Uuid, field: &'a str) -> Place<'a> {
    Place {
        database_id: vault.database_id(),
        table: "credential",
        column: "sealed",
        connector_id,
        field,
    }
}

/// The row's own identifier is part of its place, so that two rows of one connector (the present
/// and the earlier credentials) cannot be swapped either.
fn place_field(field: &str, row: Uuid) -> String {
    format!("{field}:{row}")
}

/// The fingerprint of typed credentials.
pub(super) fn fingerprint_of(credentials: &Credentials) -> Result<Fingerprint> {
    Ok(fingerprint(&credentials.to_sealed_json()?))
}

fn fingerprint(plain: &[u8]) -> Fingerprint {
    Sha256::digest(plain).into()
}
