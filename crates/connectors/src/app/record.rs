//! Between the store's records and what is shown: finding, checking, settling, viewing a connector.
//! No method of the product; those are in the files named after what a person does.

use uuid::Uuid;

use super::act::Act;
use super::no_connector;
use crate::catalogue;
use crate::clock::UtcMillis;
use crate::error::{Code, Error, FieldError, FieldRule, Result};
use crate::health::attention;
use crate::settings::ConnectorSettings;
use crate::store::club_list::ClubQuery;
use crate::store::connector::{CodeUse, ConnectorRecord};
use crate::store::connector_list::ConnectorRow;
use crate::store::{Reader, Writer};
use crate::text::fold;
use crate::view::{
    ConnectorRowView, ConnectorView, EventView, HealthState, Status, TestReportView,
};

/// Days in which a deleted connector can be restored (M3).
pub(super) const RESTORE_DAYS: i64 = 30;
/// Things that happened shown with a connector.
const EVENTS_SHOWN: u32 = 50;

/// The connector of that code, live or deleted.
pub(super) fn find(tx: &Reader<'_>, code: &str) -> Result<ConnectorRecord> {
    tx.connector_by_code(code)?
        .ok_or_else(|| no_connector(code))
}

/// The live connector of that code; a deleted one is refused with the way out.
pub(super) fn find_live(tx: &Reader<'_>, code: &str) -> Result<ConnectorRecord> {
    let record = find(tx, code)?;
    if record.deleted_at.is_some() {
        return Err(Error::refused(
            Code::Deleted,
            format!("{code} is deleted; restore it first (fedctl connector restore {code})"),
        ));
    }
    Ok(record)
}

/// The settings kept with a record.
pub(super) fn settings_of(record: &ConnectorRecord) -> Result<ConnectorSettings> {
    read_settings(&record.settings)
}

/// Settings as they are kept.
pub(super) fn read_settings(kept: &str) -> Result<ConnectorSettings> {
    serde_json::from_str(kept)
        .map_err(|source| Error::internal("read the settings of a connector", source))
}

/// Writes a changed record back with its state, its version counted up. What became unused by the
/// change is removed by the caller afterwards.
pub(super) fn settle(tx: &Writer<'_>, record: &mut ConnectorRecord, act: &Act) -> Result<()> {
    record.updated_at = act.now;
    write(tx, record, record.version + 1)
}

/// As [`settle`], for what was seen of a connector and not changed by anybody: the version stays, so that
/// a test that ends while somebody edits does not refuse her save.
pub(super) fn settle_seen(tx: &Writer<'_>, record: &mut ConnectorRecord) -> Result<()> {
    write(tx, record, record.version)
}

fn write(tx: &Writer<'_>, record: &mut ConnectorRecord, version: i64) -> Result<()> {
    record.state = super::standing::state(tx, record)?;
    record.attention = attention(record.state).into();
    if !tx.update_connector(record, version)? {
        return Err(changed_meanwhile());
    }
    record.version = version;
    Ok(())
}

/// The connector as it is shown.
pub(super) fn view(tx: &Reader<'_>, record: &ConnectorRecord) -> Result<ConnectorView> {
    let events = tx.events(record.id, EVENTS_SHOWN)?;
    let settings = settings_of(record)?;
    let clubs = tx.count_clubs(&ClubQuery {
        connector: Some(record.id),
        ..ClubQuery::default()
    })?;
    let test_club = test_club(tx, record.id, &settings)?;
    Ok(ConnectorView {
        row: row_view(ConnectorRow::of(record, clubs)),
        credentials: super::credentials::state(tx, record)?,
        sign_in: super::standing::view_of(tx, record, &settings)?,
        settings,
        last_test: valid_test(tx, record)?,
        test_club,
        events: events
            .into_iter()
            .map(|one| EventView {
                at: one.at.0,
                kind: one.kind,
                detail: one.detail,
            })
            .collect(),
        version: record.version,
    })
}

/// The club that a test asks about where an address needs one and nobody has named any: one that is connected, or else the
/// one that the preset knows.
pub(super) fn test_club(
    tx: &Reader<'_>,
    connector: Uuid,
    settings: &ConnectorSettings,
) -> Result<Option<String>> {
    if !needs_club(settings) {
        return Ok(None);
    }
    let connected = tx.any_live_connection(connector)?;
    Ok(connected
        .map(|connection| connection.federation_org_id)
        .or_else(|| sample_club(settings)))
}

/// Whether a test needs a club's id at the federation.
fn needs_club(settings: &ConnectorSettings) -> bool {
    let endpoints = &settings.endpoints;
    [
        Some(&endpoints.base),
        Some(&endpoints.membership_list),
        endpoints.verify.as_ref(),
    ]
    .into_iter()
    .flatten()
    .any(|address| address.contains("{federation_org_id}"))
}

/// The club that the preset of a connector knows.
pub(super) fn sample_club(settings: &ConnectorSettings) -> Option<String> {
    let preset = catalogue::show(settings.preset.as_deref()?).ok()?;
    preset.sample_club
}

/// The newest test, unless the connector has changed since in a way that it does not cover.
pub(super) fn valid_test(
    tx: &Reader<'_>,
    record: &ConnectorRecord,
) -> Result<Option<TestReportView>> {
    if record.last_test_at.is_none() {
        return Ok(None);
    }
    tx.last_connection_test(record.id)?
        .map(|test| serde_json::from_str(&test.report))
        .transpose()
        .map_err(|source| Error::internal("read the report of a test", source))
}

pub(super) fn row_view(row: ConnectorRow) -> ConnectorRowView {
    ConnectorRowView {
        id: row.id.to_string(),
        code: row.code,
        name: row.name,
        environment: row.environment,
        status: row.status,
        state: row.state,
        auth_kind: row.auth_kind,
        preset: row.preset,
        clubs: row.clubs,
        last_test_at: row.last_test_at.map(|at| at.0),
        last_sync_at: row.last_sync_at.map(|at| at.0),
        created_at: row.created_at.0,
        updated_at: row.updated_at.0,
        deleted_at: row.deleted_at.map(|at| at.0),
        restorable_until: row.deleted_at.map(|at| at.plus_days(RESTORE_DAYS).0),
    }
}

pub(super) fn new_record(
    id: Uuid,
    settings: &ConnectorSettings,
    now: UtcMillis,
) -> Result<ConnectorRecord> {
    let mut record = ConnectorRecord {
        id,
        code: settings.code.clone(),
        name: String::new(),
        name_key: String::new(),
        search_key: String::new(),
        status: Status::Active,
        state: HealthState::NotTested,
        attention: attention(HealthState::NotTested).into(),
        auth_kind: settings.auth.kind,
        environment: settings.environment,
        preset: None,
        template: None,
        settings: String::new(),
        credential_id: None,
        previous_credential_id: None,
        webhook_credential_id: None,
        last_test_at: None,
        last_sync_at: None,
        last_success_at: None,
        last_error_at: None,
        consecutive_failures: 0,
        created_at: now,
        updated_at: now,
        deleted_at: None,
        purged_at: None,
        status_before_deletion: None,
        version: 1,
    };
    apply_settings(&mut record, settings)?;
    Ok(record)
}

pub(super) fn apply_settings(
    record: &mut ConnectorRecord,
    settings: &ConnectorSettings,
) -> Result<()> {
    record.name.clone_from(&settings.name);
    record.name_key = fold(&settings.name);
    record.search_key = format!("{} {}", record.name_key, settings.code);
    record.auth_kind = settings.auth.kind;
    record.environment = settings.environment;
    record.preset.clone_from(&settings.preset);
    record.template.clone_from(&settings.sync.template);
    record.settings = serde_json::to_string(settings)
        .map_err(|source| Error::internal("write the settings of a connector", source))?;
    Ok(())
}

pub(super) fn code_taken(tx: &Reader<'_>, code: &str) -> Result<Option<FieldError>> {
    let field = |rule, message: String| {
        Some(FieldError {
            field: "code".into(),
            rule,
            message,
        })
    };
    Ok(match tx.code_in_use(code)? {
        None => None,
        Some(CodeUse::Live) => field(
            FieldRule::Taken,
            format!("there is a connector with the federation code {code} already"),
        ),
        Some(CodeUse::Deleted) => field(
            FieldRule::TakenByDeleted,
            format!(
                "a deleted connector has the federation code {code}; restore it, or purge it to \
                 free the code"
            ),
        ),
    })
}

/// White space around what people paste means nothing.
pub(super) fn normalised(mut settings: ConnectorSettings) -> ConnectorSettings {
    let trim = |text: &mut String| *text = text.trim().to_owned();
    trim(&mut settings.code);
    trim(&mut settings.name);
    trim(&mut settings.endpoints.base);
    trim(&mut settings.endpoints.membership_list);
    if let Some(two_step) = &mut settings.auth.two_step {
        trim(&mut two_step.url);
        trim(&mut two_step.token_path);
    }
    for optional in [
        &mut settings.endpoints.member_detail,
        &mut settings.endpoints.verify,
        &mut settings.endpoints.organisation,
        &mut settings.endpoints.organisation_name,
        &mut settings.auth.issuer,
        &mut settings.auth.authorization_endpoint,
        &mut settings.auth.token_endpoint,
        &mut settings.auth.revocation_endpoint,
        &mut settings.auth.device_authorization_endpoint,
        &mut settings.auth.audience,
        &mut settings.auth.redirect_path,
    ] {
        *optional = optional
            .take()
            .map(|text| text.trim().to_owned())
            .filter(|t| !t.is_empty());
    }
    settings
}

/// Whether a setting changes what a test has proved.
pub(super) fn concerns_the_network(key: &str) -> bool {
    [
        "auth",
        "endpoints",
        "paging",
        "records",
        "errors",
        "network",
        "variables",
    ]
    .iter()
    .any(|part| key == *part || key.starts_with(&format!("{part}.")))
}

pub(super) fn changed_meanwhile() -> Error {
    Error::refused(
        Code::ChangedMeanwhile,
        "the connector was changed meanwhile; look at it again, nothing was saved",
    )
}
