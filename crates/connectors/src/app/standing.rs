//! How a sign-in stands, for the list and for the page of a connector; and the end of an attempt,
//! which is told in one place however it was made.

use uuid::Uuid;

use super::App;
use super::act::Act;
use super::error_log::{NewError, note_error};
use super::home::known_end;
use super::record::{settings_of, valid_test};
use crate::auth::callback::SCHEME;
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::failure::Finding;
use crate::health::{
    Beside, KnownEnd, SignInStanding, attention, ends_within, is_over, state_after, state_of,
    with_clubs,
};
use crate::settings::{AuthKind, ConnectorSettings, Grant};
use crate::store::connector::ConnectorRecord;
use crate::store::sign_in::{Attempt, AttemptState, SignInRecord};
use crate::store::{Reader, Writer};
use crate::view::{ErrorSource, EventKind, HealthState, SignInState, SignInView, Status};

/// When states were last settled for time that has passed; what ends soon is decided by it.
const SETTLED_AT: &str = "states_settled_at";
const HOUR_MS: i64 = 3_600_000;

/// The state of a connector, from everything that is recorded. Whether a key ends soon is as of the hour for which states were
/// settled last ([`App::settle_the_hour`]).
pub(super) fn state(tx: &Reader<'_>, record: &ConnectorRecord) -> Result<HealthState> {
    let own = own_state(tx, record)?;
    if own == HealthState::Paused {
        return Ok(own);
    }
    let clubs = tx.clubs_of(record.id)?;
    let expiring = match settled_at(tx)? {
        Some(now) => ends_soon(tx, record, now)?,
        None => false,
    };
    Ok(with_clubs(
        own,
        Beside {
            held: clubs.held,
            expiring,
            unsynced: clubs.clubs > 0 && !clubs.synced,
        },
    ))
}

/// When the key or the token of a connector ends, where that is known.
pub(super) fn end_of(tx: &Reader<'_>, record: &ConnectorRecord) -> Result<Option<KnownEnd>> {
    let key = match record.credential_id {
        Some(id) => tx.credential(id)?.and_then(|row| row.expires_on),
        None => None,
    };
    let needs_person = settings_of(record)?.auth.needs_person();
    let sign_in = tx.sign_in(record.id)?;
    let token = sign_in
        .filter(|one| needs_person && !one.renews && one.token_id.is_some())
        .and_then(|one| Some((one.obtained_at, one.expires_at?)));
    Ok(known_end(key.as_deref(), token).map(|(end, _)| end))
}

fn ends_soon(tx: &Reader<'_>, record: &ConnectorRecord, now: UtcMillis) -> Result<bool> {
    let end = end_of(tx, record)?;
    Ok(end.is_some_and(|end| ends_within(end, now).is_some()))
}

fn settled_at(tx: &Reader<'_>) -> Result<Option<UtcMillis>> {
    let noted = tx.meta(SETTLED_AT)?;
    Ok(noted.and_then(|at| at.parse().ok()).map(UtcMillis))
}

impl App {
    /// Settles states for what only the passing of time changes: keys and tokens that end soon. Once an hour, because the day of
    /// a key ends at its noon and a state must not lag behind what Home announces; whoever reads states sees to it.
    pub(super) async fn settle_the_hour(&self) -> Result<()> {
        let (store, now) = (self.store()?, self.now());
        let hour = |at: UtcMillis| at.0.div_euclid(HOUR_MS);
        let settled = store.read(settled_at).await?;
        if settled.is_some_and(|at| hour(at) == hour(now)) {
            return Ok(());
        }
        store
            .write(move |tx| {
                tx.set_meta(SETTLED_AT, &now.0.to_string())?;
                for connector in tx.home_connectors()? {
                    // A file of an older version may say of a state what was said then.
                    if settled.is_none()
                        || connector.key_ends_on.is_some()
                        || connector.token.is_some()
                    {
                        settle_state(tx, connector.id)?;
                    }
                }
                Ok(())
            })
            .await
    }
}

/// Writes the state of the connector of a connection after its plans have changed.
pub(super) fn settle_state_of_club(tx: &Writer<'_>, connection: Uuid) -> Result<()> {
    match tx.connection_by_id(connection)? {
        Some(connection) => settle_state(tx, connection.connector_id),
        None => Ok(()),
    }
}

/// The state that a connector has by itself, whatever its clubs do.
fn own_state(tx: &Reader<'_>, record: &ConnectorRecord) -> Result<HealthState> {
    if record.status == Status::Error
        && let Some(stop) = tx.stop(record.id)?
    {
        return Ok(state_after(stop.class));
    }
    let settings = settings_of(record)?;
    let sign_in = sign_in_standing(tx, record, &settings)?;
    let mut test = valid_test(tx, record)?;
    if let Some(report) = &mut test
        && is_over(report, record.last_success_at, record.consecutive_failures)
    {
        report.class = None;
    }
    let answered = record.consecutive_failures == 0
        && record
            .last_success_at
            .is_some_and(|at| at > record.updated_at);
    Ok(state_of(record.status, sign_in, test.as_ref(), answered))
}

/// Writes the state of a connector after its sign-in has changed. Its version stays: nothing that a
/// person may be editing has changed.
pub(super) fn settle_state(tx: &Writer<'_>, connector: Uuid) -> Result<()> {
    let Some(record) = tx.connector_by_id(connector)? else {
        return Ok(());
    };
    if record.deleted_at.is_some() {
        return Ok(());
    }
    let state = state(tx, &record)?;
    tx.set_state(connector, state, attention(state).into())
}

fn sign_in_standing(
    tx: &Reader<'_>,
    record: &ConnectorRecord,
    settings: &ConnectorSettings,
) -> Result<SignInStanding> {
    if !settings.auth.kind.uses_tokens() {
        return Ok(SignInStanding::NotUsed);
    }
    let waiting = tx.pending_sign_in_of(record.id)?.is_some();
    let sign_in = tx.sign_in(record.id)?;
    Ok(match state_word(waiting, sign_in.as_ref()) {
        SignInState::Waiting => SignInStanding::Waiting,
        SignInState::Ended => SignInStanding::Ended,
        SignInState::SignedIn => SignInStanding::SignedIn,
        SignInState::SignedOut if settings.auth.needs_person() => SignInStanding::SignedOut,
        // The client signs in by itself whenever it is needed.
        SignInState::SignedOut => SignInStanding::NotUsed,
    })
}

fn state_word(waiting: bool, sign_in: Option<&SignInRecord>) -> SignInState {
    let exchanging = sign_in
        .and_then(|one| one.attempt.as_ref())
        .is_some_and(|attempt| attempt.state == AttemptState::Exchanging);
    match sign_in {
        _ if waiting || exchanging => SignInState::Waiting,
        Some(one) if one.ended.is_some() => SignInState::Ended,
        Some(one) if one.token_id.is_some() => SignInState::SignedIn,
        _ => SignInState::SignedOut,
    }
}

/// The sign-in as it is shown; none for kinds that use no tokens.
pub(super) fn view_of(
    tx: &Reader<'_>,
    record: &ConnectorRecord,
    settings: &ConnectorSettings,
) -> Result<Option<SignInView>> {
    let auth = &settings.auth;
    if !auth.kind.uses_tokens() {
        return Ok(None);
    }
    let pending = tx.pending_sign_in_of(record.id)?;
    let sign_in = tx.sign_in(record.id)?;
    let state = state_word(pending.is_some(), sign_in.as_ref());
    let sign_in = sign_in.unwrap_or_else(|| SignInRecord::none(record.id));
    let has_token = sign_in.token_id.is_some();
    let failed = sign_in.attempt.as_ref().and_then(|one| one.finding);
    let in_browser = auth.kind == AuthKind::OAuth2 && auth.grant() == Grant::AuthorizationCode;
    let path = auth.redirect_path_for(&settings.code);
    let port = auth
        .loopback_port
        .map_or_else(|| "{port}".to_owned(), |port| port.to_string());
    Ok(Some(SignInView {
        state,
        grant: (auth.kind == AuthKind::OAuth2).then(|| auth.grant()),
        needs_person: auth.needs_person(),
        since: sign_in.signed_in_at.filter(|_| has_token).map(|at| at.0),
        expires_at: sign_in.expires_at.filter(|_| has_token).map(|at| at.0),
        renews: sign_in.renews && has_token,
        missing_scopes: missing(&auth.scopes, &sign_in, has_token),
        scopes: sign_in.scopes,
        reason: sign_in.ended.or(failed),
        waiting_until: pending.as_ref().map(|one| one.expires_at.0),
        waiting_redirect: pending.as_ref().map(|one| one.redirect),
        redirect_uri_deep_link: in_browser.then(|| format!("{SCHEME}:{path}")),
        redirect_uri_loopback: in_browser.then(|| format!("http://127.0.0.1:{port}{path}")),
    }))
}

/// What was asked for and is not among what was granted. A server that says nothing has granted just
/// what was asked for (RFC 6749 §5.1); `offline_access` shows in the refresh token, not in the list.
fn missing(asked: &[String], sign_in: &SignInRecord, has_token: bool) -> Vec<String> {
    if !has_token || sign_in.scopes.is_empty() {
        return Vec::new();
    }
    asked
        .iter()
        .filter(|scope| !sign_in.scopes.contains(scope))
        .filter(|scope| !(sign_in.renews && *scope == "offline_access"))
        .cloned()
        .collect()
}

/// Notes that an attempt came to nothing. Tokens of an earlier sign-in stay.
pub(super) fn fail_attempt(
    tx: &Writer<'_>,
    connector: Uuid,
    attempt: &[u8],
    finding: Finding,
    act: &Act,
) -> Result<()> {
    let mut sign_in = tx
        .sign_in(connector)?
        .unwrap_or_else(|| SignInRecord::none(connector));
    sign_in.attempt = Some(Attempt {
        id: attempt.to_vec(),
        state: AttemptState::Failed,
        finding: Some(finding),
        owner: None,
    });
    tx.put_sign_in(&sign_in)?;
    act.note(
        tx,
        connector,
        EventKind::SignInFailed,
        Some(word_of(finding)),
    )?;
    if let Some(class) = finding.class() {
        let entry = NewError {
            connector,
            class,
            finding: Some(finding),
            status: None,
            endpoint: None,
            source: ErrorSource::SignIn,
            connection: None,
            run: None,
        };
        note_error(tx, act, entry)?;
    }
    settle_state(tx, connector)
}

/// The word of a finding, as it stands in an event.
pub(super) fn word_of(finding: Finding) -> String {
    serde_json::to_value(finding)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}
