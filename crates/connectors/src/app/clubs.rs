//! Clubs and their connections (M7, C01, C02): connect, disconnect, both lists, the time of the last sync.

use super::App;
use super::club_record::{connect, connector_of, live, no_club, note, row_view, view};
use super::record::{find, find_live};
use super::role::club_shown;
use super::schedule::ClubSchedules;
use super::standing::settle_state;
use crate::audit::{AuditWhat, Entry};
use crate::clock::UtcMillis;
use crate::error::{Error, FieldError, FieldRule, Result};
use crate::store::club_list::ClubQuery;
use crate::text::fold;
use crate::validate::NAME_LIMIT;
use crate::view::{
    ClubConnectRequest, ClubEventKind, ClubEventView, ClubHistoryView, ClubListRequest,
    ClubListView, ClubView,
};

/// Rows of one page of the list at most.
const LIST_LIMIT: u32 = 500;
/// Longest own identifier of a club, in characters.
const OWN_ID_LIMIT: usize = 100;
/// Longest identifier that a federation gives a club, in characters.
const FEDERATION_ID_LIMIT: usize = 200;

impl App {
    /// Connects a club to a connector. A club whose own identifier is known gets the name that is given here.
    ///
    /// # Errors
    /// Fields `org`, `name`, `federation_org` where they are missing or unusable; [`FieldRule::AlreadyConnected`] for
    /// `org` where this club is connected there, for `federation_org` where another one is under that identifier.
    pub async fn org_connect(&self, request: ClubConnectRequest) -> Result<ClubView> {
        self.see_club(&request.org)?;
        let wanted = WantedClub::of(request.clone());
        let broken = wanted.broken_rules();
        if !broken.is_empty() {
            return Err(Error::Invalid(broken));
        }
        let act = self.act();
        self.store()?
            .write(move |tx| {
                let connector = find_live(tx, &request.code)?;
                let (connected, connection) = connect(tx, &act, &connector, &wanted)?;
                settle_state(tx, connector.id)?;
                let entry = Entry::of(AuditWhat::ClubConnected).connector(&connector.code);
                act.audit(tx, entry.connection(connection))?;
                Ok(connected)
            })
            .await
    }

    /// Disconnects a club from a connector. What was stays as history; connecting again starts anew.
    ///
    /// # Errors
    /// [`crate::error::Code::NotFound`] where there is no such connection.
    pub async fn org_disconnect(&self, code: &str, org: &str) -> Result<ClubView> {
        self.see_club(org)?;
        let (code, org) = (code.to_owned(), org.trim().to_owned());
        let act = self.act();
        self.store()?
            .write(move |tx| {
                let (connector, club, mut connection) = live(tx, &code, &org)?;
                connection.disconnected_at = Some(act.now);
                tx.update_connection(&connection)?;
                note(tx, &act, connection.id, ClubEventKind::Disconnected)?;
                settle_state(tx, connector.id)?;
                let entry = Entry::of(AuditWhat::ClubDisconnected).connector(&connector.code);
                act.audit(tx, entry.connection(connection.id))?;
                Ok(view(&connector, &club, &connection))
            })
            .await
    }

    /// Connected clubs with their connectors; a club at two connectors is two rows.
    pub async fn org_list(&self, request: ClubListRequest) -> Result<ClubListView> {
        if request
            .limit
            .is_some_and(|limit| limit == 0 || limit > LIST_LIMIT)
        {
            return Err(Error::field(
                "limit",
                FieldRule::OutOfRange,
                "must be from 1 to 500",
            ));
        }
        let (now, mine) = (self.now(), self.my_club());
        self.store()?
            .read(move |tx| {
                let club = club_shown(tx, mine.as_deref())?;
                let connector = request.code.as_deref().map(|code| find(tx, code));
                let connector = connector.transpose()?.map(|connector| connector.id);
                let query = ClubQuery {
                    connector,
                    club,
                    words: fold(&request.search)
                        .split_whitespace()
                        .map(str::to_owned)
                        .collect(),
                    sort: request.sort,
                    descending: request.descending,
                    offset: request.offset,
                    limit: request.limit,
                };
                let rows = tx.list_clubs(&query)?;
                let all = tx.count_clubs(&ClubQuery {
                    connector,
                    club,
                    ..ClubQuery::default()
                })?;
                let total = if query.words.is_empty() {
                    all
                } else {
                    tx.count_clubs(&query)?
                };
                let mut schedules = ClubSchedules::new(now);
                let rows = rows
                    .into_iter()
                    .map(|row| {
                        let schedule = schedules.of(tx, row.connector_id, row.id)?;
                        Ok(ClubView {
                            schedule: Some(schedule),
                            ..row_view(row)
                        })
                    })
                    .collect::<Result<_>>()?;
                Ok(ClubListView { rows, total, all })
            })
            .await
    }

    /// A club with the connectors that it is, or was, connected to.
    pub async fn org_connectors(&self, org: &str) -> Result<ClubHistoryView> {
        self.see_club(org)?;
        let org = org.trim().to_owned();
        self.store()?
            .read(move |tx| {
                let club = tx.club(&org)?.ok_or_else(|| no_club(&org))?;
                let mut connections = Vec::new();
                let mut events = Vec::new();
                for connection in tx.connections_of_club(club.id)? {
                    let connector = connector_of(tx, &connection)?;
                    for event in tx.connection_events(connection.id)? {
                        events.push((
                            event.at,
                            event.id,
                            ClubEventView {
                                at: event.at.0,
                                code: connector.code.clone(),
                                federation_org: connection.federation_org_id.clone(),
                                kind: event.kind,
                            },
                        ));
                    }
                    connections.push(view(&connector, &club, &connection));
                }
                events.sort_by_key(|(at, id, _)| std::cmp::Reverse((*at, *id)));
                Ok(ClubHistoryView {
                    org: club.own_id,
                    name: club.name,
                    connections,
                    events: events.into_iter().map(|(_, _, event)| event).collect(),
                })
            })
            .await
    }

    /// Sets when a club was last synced, and with it its connector, which is never set back by a slower one.
    pub async fn org_set_last_sync(&self, code: &str, org: &str, at: UtcMillis) -> Result<()> {
        self.see_club(org)?;
        let wanted = org.trim().to_owned();
        self.note_seen(code, move |tx, connector, _| {
            let (_, _, mut connection) = live(tx, &connector.code, &wanted)?;
            connection.last_sync_at = Some(at);
            tx.update_connection(&connection)?;
            connector.last_sync_at = connector.last_sync_at.max(Some(at));
            Ok(())
        })
        .await
    }
}

/// A club as somebody wants it connected, without the blanks around what was pasted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WantedClub {
    pub(super) org: String,
    pub(super) name: String,
    pub(super) federation_org: String,
    pub(super) federation_name: Option<String>,
}

impl WantedClub {
    fn of(request: ClubConnectRequest) -> Self {
        let trimmed = |text: String| text.trim().to_owned();
        Self {
            org: trimmed(request.org),
            name: trimmed(request.name),
            federation_org: trimmed(request.federation_org),
            federation_name: request
                .federation_name
                .map(trimmed)
                .filter(|name| !name.is_empty()),
        }
    }

    /// What is wrong with it by itself; whether it is connected already is the store's to know.
    pub(super) fn broken_rules(&self) -> Vec<FieldError> {
        let mut found = Vec::new();
        let needed = [
            (
                "org",
                &self.org,
                OWN_ID_LIMIT,
                "give the club an id of your own, e.g. ballyduff",
            ),
            ("name", &self.name, NAME_LIMIT, "give the club's name"),
        ];
        for (field, value, limit, missing) in needed {
            found.extend(broken(field, value, limit, missing));
        }
        found.extend(broken_federation_id(&self.federation_org));
        if let Some(name) = &self.federation_name {
            found.extend(broken("federation_name", name, NAME_LIMIT, ""));
        }
        found
    }
}

/// What is wrong with an identifier as a federation's of a club, for the field `federation_org`.
pub(super) fn broken_federation_id(id: &str) -> Option<FieldError> {
    const FIELD: &str = "federation_org";
    let missing = "give the federation's id of the club";
    // A segment of dots would be a step up the path of an address.
    let dots = || {
        matches!(id, "." | "..")
            .then(|| error(FIELD, FieldRule::Pattern, "this is not an id of a club"))
    };
    broken(FIELD, id, FEDERATION_ID_LIMIT, missing).or_else(dots)
}

fn broken(field: &str, value: &str, limit: usize, missing: &str) -> Option<FieldError> {
    if value.is_empty() {
        return Some(error(field, FieldRule::Required, missing));
    }
    if value.chars().count() > limit {
        let message = format!("at most {limit} characters");
        return Some(error(field, FieldRule::TooLong, message));
    }
    value.chars().any(char::is_control).then(|| {
        error(
            field,
            FieldRule::ControlCharacter,
            "no line breaks or control characters",
        )
    })
}

pub(super) fn error(field: &str, rule: FieldRule, message: impl Into<String>) -> FieldError {
    FieldError {
        field: field.to_owned(),
        rule,
        message: message.into(),
    }
}
