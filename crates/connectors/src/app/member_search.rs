//! Looking for members in all clubs.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use uuid::Uuid;

use super::App;
use crate::error::{Code, Error, FieldRule, Result};
use crate::members::{MemberField, MemberValues, words_of};
use crate::store::Reader;
use crate::store::member::MemberRecord;
use crate::store::member_find::{MemberHit, MemberPlace, MemberQuery};
use crate::view::{MemberRowView, MemberSearchRequest, MemberSearchView};

/// Rows of one page at most.
const LIMIT: u32 = 500;
/// Between the parts of a place.
const BETWEEN: char = '\u{1e}';

/// The club and the connector of a connection.
#[derive(Clone)]
pub(super) struct Home {
    pub(super) org: String,
    pub(super) club: String,
    pub(super) code: String,
    pub(super) connector_name: String,
}

impl App {
    /// Members of all clubs, or of one club or one connector. Capitals, accents and apostrophes make no difference.
    ///
    /// # Errors
    /// [`Code::NotFound`] where there is no such club or connector; fields `limit` and `after` where they are unusable.
    pub async fn member_search(&self, request: MemberSearchRequest) -> Result<MemberSearchView> {
        self.see_members()?;
        let mut request = request;
        if let Some(org) = &request.org {
            self.see_club(org)?;
        }
        let mine = self.my_club();
        request.org = mine.clone().or(request.org);
        if !(1..=LIMIT).contains(&request.limit) {
            return Err(Error::field(
                "limit",
                FieldRule::OutOfRange,
                "must be from 1 to 500",
            ));
        }
        let after = request.after.as_deref().map(place).transpose()?;
        self.store()?
            .read(move |tx| {
                let connections = scope(tx, &request)?;
                // Of the one club that is shown, all of it; else all there are.
                let of_mine = connections.as_deref().filter(|_| mine.is_some());
                let all = tx.count_members(of_mine)?;
                let found = tx.find_members(&MemberQuery {
                    connections,
                    words: words_of(&request.search),
                    filter: request.filter,
                    sort: request.sort,
                    descending: request.descending,
                    after,
                    limit: request.limit as usize,
                })?;
                let next = found.rows.last().filter(|_| found.goes_on);
                let mut homes: HashMap<Uuid, Home> = HashMap::new();
                let mut rows = Vec::with_capacity(found.rows.len());
                for hit in &found.rows {
                    let home = match homes.entry(hit.connection_id) {
                        Entry::Occupied(known) => known.into_mut(),
                        Entry::Vacant(new) => new.insert(home_of(tx, hit.connection_id)?),
                    };
                    rows.push(row_view(hit, home));
                }
                Ok(MemberSearchView {
                    rows,
                    next: next.map(|hit| {
                        let MemberPlace { key, name, id } = &hit.place;
                        format!("{id}{BETWEEN}{key}{BETWEEN}{name}")
                    }),
                    found: found.found,
                    more: found.more,
                    all,
                })
            })
            .await
    }
}

fn scope(tx: &Reader<'_>, request: &MemberSearchRequest) -> Result<Option<Vec<Uuid>>> {
    let connector = match &request.code {
        Some(code) => Some(super::record::find(tx, code)?.id),
        None => None,
    };
    let Some(org) = &request.org else {
        let Some(connector) = connector else {
            return Ok(None);
        };
        return tx.connections_of_connector(connector).map(Some);
    };
    let club = tx
        .club(org.trim())?
        .ok_or_else(|| Error::refused(Code::NotFound, "there is no such club".to_owned()))?;
    let connections = tx.connections_of_club(club.id)?.into_iter();
    Ok(Some(
        connections
            .filter(|one| connector.is_none_or(|connector| one.connector_id == connector))
            .map(|one| one.id)
            .collect(),
    ))
}

pub(super) fn home_of(tx: &Reader<'_>, connection_id: Uuid) -> Result<Home> {
    let gone = || Error::refused(Code::NotFound, "the club of this member is gone".to_owned());
    let connection = tx.connection_by_id(connection_id)?.ok_or_else(gone)?;
    let club = tx
        .club_by_id(connection.organisation_id)?
        .ok_or_else(gone)?;
    let connector = tx
        .connector_by_id(connection.connector_id)?
        .ok_or_else(gone)?;
    Ok(Home {
        org: club.own_id,
        club: club.name,
        code: connector.code,
        connector_name: connector.name,
    })
}

fn row_view(hit: &MemberHit, home: &Home) -> MemberRowView {
    MemberRowView {
        member_id: hit.place.id.to_string(),
        left_at: hit.left_at.map(|at| at.0),
        edited: hit.differs,
        version: hit.version,
        ..named(&hit.current, home)
    }
}

/// The same of one whole member.
pub(super) fn detail_row(member: &MemberRecord, home: &Home) -> MemberRowView {
    MemberRowView {
        member_id: member.id.to_string(),
        left_at: member.left_at.map(|at| at.0),
        edited: member
            .base
            .as_ref()
            .is_some_and(|base| *base != member.current),
        version: member.version,
        ..named(&member.current, home)
    }
}

fn named(values: &MemberValues, home: &Home) -> MemberRowView {
    let value = |field| values.get(field).map(str::to_owned);
    MemberRowView {
        member_id: String::new(),
        first_name: value(MemberField::FirstName),
        last_name: value(MemberField::LastName),
        irish_first_name: value(MemberField::IrishFirstName),
        irish_last_name: value(MemberField::IrishLastName),
        date_of_birth: value(MemberField::DateOfBirth),
        membership_type: value(MemberField::MembershipType),
        status: value(MemberField::Status),
        left_at: None,
        edited: false,
        org: home.org.clone(),
        club: home.club.clone(),
        code: home.code.clone(),
        version: 0,
    }
}

fn place(text: &str) -> Result<MemberPlace> {
    let broken = || {
        Error::field(
            "after",
            FieldRule::Pattern,
            "must be what the page before gave",
        )
    };
    let mut parts = text.splitn(3, BETWEEN);
    let (Some(id), Some(key), Some(name)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(broken());
    };
    Ok(MemberPlace {
        key: key.to_owned(),
        name: name.to_owned(),
        id: Uuid::parse_str(id).map_err(|_| broken())?,
    })
}
