//! What several methods do with clubs inside their transactions: connecting, finding, viewing. No method of the product;
//! those are in the files named after what a person does.

use uuid::Uuid;

use super::act::Act;
use super::clubs::{WantedClub, error};
use super::record::find;
use crate::error::{Code, Error, FieldError, FieldRule, Result};
use crate::store::club::ClubRecord;
use crate::store::club_connection::{ClubConnectionRecord, ClubEventRecord};
use crate::store::club_list::ClubRow;
use crate::store::connection_schedule::ScheduleRecord;
use crate::store::connector::ConnectorRecord;
use crate::store::{Reader, Writer};
use crate::text::fold;
use crate::view::{ClubEventKind, ClubState, ClubView};

/// Connects within a transaction, or says what is connected there already. The caller enters it in the audit log.
pub(super) fn connect(
    tx: &Writer<'_>,
    act: &Act,
    connector: &ConnectorRecord,
    wanted: &WantedClub,
) -> Result<(ClubView, Uuid)> {
    let known = tx.club(&wanted.org)?;
    let taken = taken(tx, connector, known.as_ref(), wanted)?;
    if !taken.is_empty() {
        return Err(Error::Invalid(taken));
    }
    let mut club = match known {
        Some(club) => club,
        None => ClubRecord {
            id: act.id()?,
            own_id: wanted.org.clone(),
            name: String::new(),
            name_key: String::new(),
            search_key: String::new(),
            created_at: act.now,
            updated_at: act.now,
        },
    };
    if club.name != wanted.name {
        club.name.clone_from(&wanted.name);
        club.name_key = fold(&wanted.name);
        club.search_key = format!("{} {}", club.name_key, fold(&club.own_id));
        club.updated_at = act.now;
        tx.put_club(&club)?;
    }
    let federation_name = wanted.federation_name.as_deref().unwrap_or_default();
    let connection = ClubConnectionRecord {
        id: act.id()?,
        connector_id: connector.id,
        organisation_id: club.id,
        federation_org_id: wanted.federation_org.clone(),
        federation_name: wanted.federation_name.clone(),
        search_key: fold(&format!("{} {federation_name}", wanted.federation_org)),
        enabled_at: act.now,
        disconnected_at: None,
        last_sync_at: None,
        consecutive_failures: 0,
        last_error: None,
        created_at: act.now,
        version: 1,
    };
    let common = tx.common_policy(connector.id)?;
    tx.insert_connection(&connection)?;
    if let Some((policy, missed)) = common {
        // A club that comes later may do what all the others may.
        tx.put_schedule(
            connection.id,
            &ScheduleRecord {
                policy,
                missed,
                ..ScheduleRecord::default()
            },
        )?;
    }
    note(tx, act, connection.id, ClubEventKind::Connected)?;
    let id = connection.id;
    Ok((view(connector, &club, &connection), id))
}

/// What of a wanted connection is there already.
fn taken(
    tx: &Reader<'_>,
    connector: &ConnectorRecord,
    known: Option<&ClubRecord>,
    wanted: &WantedClub,
) -> Result<Vec<FieldError>> {
    let mut found = Vec::new();
    let mine = match known {
        Some(club) => tx.live_connection(connector.id, club.id)?,
        None => None,
    };
    if let Some(mine) = &mine {
        let message = format!(
            "{} is connected to {} already, as {}",
            wanted.org, connector.code, mine.federation_org_id
        );
        found.push(error("org", FieldRule::AlreadyConnected, message));
    }
    let theirs = tx.live_connection_of(connector.id, &wanted.federation_org)?;
    if let Some(theirs) = theirs
        && mine.is_none_or(|mine| mine.id != theirs.id)
    {
        let name = tx
            .club_by_id(theirs.organisation_id)?
            .map_or_else(String::new, |club| club.name);
        let message = format!(
            "{} is connected to {} already, as {name}",
            wanted.federation_org, connector.code
        );
        found.push(error(
            "federation_org",
            FieldRule::AlreadyConnected,
            message,
        ));
    }
    Ok(found)
}

/// The live connection of a club to a connector that is not purged.
pub(super) fn live(
    tx: &Reader<'_>,
    code: &str,
    org: &str,
) -> Result<(ConnectorRecord, ClubRecord, ClubConnectionRecord)> {
    let connector = find(tx, code)?;
    let club = tx.club(org)?.ok_or_else(|| no_club(org))?;
    let connection = tx.live_connection(connector.id, club.id)?.ok_or_else(|| {
        Error::refused(
            Code::NotFound,
            format!("{org} is not connected to {code}; nothing was changed"),
        )
    })?;
    Ok((connector, club, connection))
}

pub(super) fn note(
    tx: &Writer<'_>,
    act: &Act,
    connection_id: Uuid,
    kind: ClubEventKind,
) -> Result<()> {
    tx.insert_connection_event(&ClubEventRecord {
        id: act.id()?,
        connection_id,
        at: act.now,
        kind,
    })
}

/// The connector of a connection; the row of a purged one is kept.
pub(super) fn connector_of(
    tx: &Reader<'_>,
    connection: &ClubConnectionRecord,
) -> Result<ConnectorRecord> {
    tx.connector_by_id(connection.connector_id)?
        .ok_or_else(|| Error::Internal {
            doing: "find the connector of a club",
            source: None,
        })
}

/// The federation code of the connector of a connection, for the audit log; none where it is purged.
pub(super) fn code_of(tx: &Reader<'_>, connection_id: Uuid) -> Result<Option<String>> {
    let Some(connection) = tx.connection_by_id(connection_id)? else {
        return Ok(None);
    };
    let connector = tx.connector_by_id(connection.connector_id)?;
    Ok(connector.map(|connector| connector.code))
}

pub(super) fn no_club(org: &str) -> Error {
    Error::refused(
        Code::NotFound,
        format!("there is no club with the id {org}"),
    )
}

pub(super) fn view(
    connector: &ConnectorRecord,
    club: &ClubRecord,
    connection: &ClubConnectionRecord,
) -> ClubView {
    let row = row_view(ClubRow {
        id: connection.id,
        connector_id: connector.id,
        code: connector.code.clone(),
        connector_name: connector.name.clone(),
        connector_state: connector.state,
        own_id: club.own_id.clone(),
        name: club.name.clone(),
        federation_org_id: connection.federation_org_id.clone(),
        federation_name: connection.federation_name.clone(),
        enabled_at: connection.enabled_at,
        last_sync_at: connection.last_sync_at,
        consecutive_failures: connection.consecutive_failures,
        last_error: connection.last_error,
    });
    match connection.disconnected_at {
        None => row,
        Some(at) => ClubView {
            state: ClubState::Disconnected,
            disconnected_at: Some(at.0),
            ..row
        },
    }
}

pub(super) fn row_view(row: ClubRow) -> ClubView {
    let state = match (row.consecutive_failures, row.last_sync_at) {
        (0, None) => ClubState::NeverSynced,
        (0, Some(_)) => ClubState::Synced,
        (_, _) => ClubState::Failing,
    };
    let error = row.last_error;
    ClubView {
        id: row.id.to_string(),
        code: row.code,
        connector_name: row.connector_name,
        connector_state: row.connector_state,
        org: row.own_id,
        name: row.name,
        federation_org: row.federation_org_id,
        federation_name: row.federation_name,
        state,
        enabled_at: row.enabled_at.0,
        disconnected_at: None,
        last_sync_at: row.last_sync_at.map(|at| at.0),
        consecutive_failures: row.consecutive_failures,
        last_error_at: error.map(|error| error.at.0),
        last_error_class: error.map(|error| error.class),
        last_error_finding: error.and_then(|error| error.finding),
        schedule: None,
    }
}
