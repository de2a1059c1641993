//! Records of the federation that are an erased person's too, although under another identifier: those of which a person has said
//! so, and those of which the plan asks because names and date of birth are the same. They stand in plans as rows of no member.

use uuid::Uuid;

use super::sync::{SECOND_RECORD, detail_of};
use crate::error::Result;
use crate::store::Reader;
use crate::store::plan_row::PlanRecord;
use crate::sync::erased::PersonKeys;

/// A row of a plan about a record that is perhaps a member's.
pub(super) struct Proposing {
    /// The plan.
    pub(super) run_id: Uuid,
    /// Which row.
    pub(super) number: i64,
    /// By what the record is known, where it is the member's own and nobody else's.
    pub(super) keys: Option<PersonKeys>,
}

/// The rows of a connection's plans about records that are a member's or perhaps are. Not those of which somebody else has become
/// a member since: whose they are is decided.
pub(super) fn proposing(
    tx: &Reader<'_>,
    connection_id: Uuid,
    member: Uuid,
    person: &PersonKeys,
) -> Result<Vec<Proposing>> {
    let mut found = Vec::new();
    for (run_id, row) in tx.rows_proposing(connection_id, member)? {
        let record = row.remote.as_ref();
        let keys = record.map(|record| PersonKeys::of(None, record));
        if let Some(keys) = &keys
            && is_of_another(tx, connection_id, member, keys)?
        {
            continue;
        }
        let detail = detail_of(&row)?;
        if !detail.proposed.iter().any(|one| one.member == member) {
            continue;
        }
        let is_asked_of_nobody_else = detail.proposed.len() == 1;
        let keys = keys.filter(|keys| {
            is_asked_of_nobody_else && (is_second(&row, &detail.outcome) || person.is_same(keys))
        });
        found.push(Proposing {
            run_id,
            number: row.number,
            keys,
        });
    }
    Ok(found)
}

/// The person with everything by which its further records are known.
pub(super) fn with_records(
    tx: &Reader<'_>,
    connections: &[Uuid],
    member: Uuid,
    person: &PersonKeys,
) -> Result<PersonKeys> {
    let mut whole = person.clone();
    for connection_id in connections {
        for one in proposing(tx, *connection_id, member, person)? {
            if let Some(keys) = &one.keys {
                whole.join(keys);
            }
        }
    }
    Ok(whole)
}

fn is_second(row: &PlanRecord, outcome: &str) -> bool {
    row.member_id.is_none() && outcome == SECOND_RECORD
}

fn is_of_another(
    tx: &Reader<'_>,
    connection_id: Uuid,
    member: Uuid,
    keys: &PersonKeys,
) -> Result<bool> {
    for id in &keys.ids {
        let other = tx.member_by_external(connection_id, id)?;
        if other.is_some_and(|other| other.id != member) {
            return Ok(true);
        }
    }
    Ok(false)
}
