//! A club in memory: plan, apply and undo as plainly as they can be written, on the functions that the product uses.

use std::collections::BTreeMap;

use connectors::clock::UtcMillis;
use connectors::members::{MemberField, MemberValues};
use connectors::sync::counts::Counts;
use connectors::sync::decide::{Remote, Sides, decide};
use connectors::sync::hash::{PlanHash, PlanHasher, RowDigest};
use connectors::sync::kept_out::kept_out_key;
use connectors::sync::match_choice::MatchChoice;
use connectors::sync::match_key::MatchKey;
use connectors::sync::match_lists::{LocalRow, match_lists_chosen};
use connectors::sync::matching::Matched;
use connectors::sync::record::MemberRecord;
use connectors::sync::rules::{Remembered, Rules};
use connectors::sync::undo::{JournalEntry, Undo, undo};

/// Members by number.
pub type Club = BTreeMap<usize, MemberRecord>;
/// What was decided, by member.
pub type Decisions = BTreeMap<usize, Vec<Remembered>>;

/// What was said about who is who, by what a record is known by.
pub type Choices = BTreeMap<[u8; 32], MatchChoice<usize>>;

/// The federation's list as it arrived.
#[derive(Debug, Clone)]
pub struct List {
    pub records: Vec<MemberValues>,
    pub complete: bool,
}

/// A field that waits, with its base, the club's value and the federation's.
pub type Question = (MemberField, [Option<String>; 3]);

/// One row of a plan.
#[derive(Debug, Clone)]
pub struct Row {
    pub member: Option<usize>,
    pub record: Option<usize>,
    pub writes: bool,
    pub after: Option<MemberRecord>,
    pub conflicts: Vec<Question>,
    /// The number that a new member gets, where a person has said that it is new.
    pub becomes: Option<usize>,
    key: Vec<u8>,
    digest: RowDigest,
}

/// A plan.
#[derive(Debug, Clone)]
pub struct Plan {
    pub rows: Vec<Row>,
    pub counts: Counts,
    pub hash: PlanHash,
    /// Records that are passed over because their member has another one.
    pub seconds: usize,
}

impl Plan {
    /// What waits for a person, by member.
    pub fn questions(&self) -> BTreeMap<usize, Vec<Question>> {
        let waiting = self.rows.iter().filter(|row| !row.conflicts.is_empty());
        waiting
            .filter_map(|row| Some((row.member?, row.conflicts.clone())))
            .collect()
    }
}

/// By what a record is known when a choice about it is kept.
pub fn choice_key(record: &MemberValues) -> Option<[u8; 32]> {
    kept_out_key(uuid::Uuid::nil(), record)
}

fn record_key(record: &MemberValues) -> Vec<u8> {
    let key = MatchKey::of_record(record);
    let parts = [
        key.id.map(|id| id.as_str().to_owned()),
        key.names.map(|names| names.as_str().to_owned()),
        key.born.map(String::from),
    ];
    format!("record {parts:?}").into_bytes()
}

pub fn plan(club: &Club, list: &List, rules: &Rules, decisions: &Decisions) -> Plan {
    plan_chosen(club, list, rules, decisions, &Choices::new())
}

/// A plan with what was said about who is who.
pub fn plan_chosen(
    club: &Club,
    list: &List,
    rules: &Rules,
    decisions: &Decisions,
    choices: &Choices,
) -> Plan {
    let chosen = |record: usize| {
        let key = choice_key(&list.records[record])?;
        choices.get(&key).copied()
    };
    let becomes = |record: usize| match chosen(record) {
        Some(MatchChoice::New(number)) => Some(number),
        _ => None,
    };
    let locals = club.iter().map(|(row, record)| LocalRow {
        row: *row,
        key: MatchKey::of_member(record.base.as_ref(), &record.values),
        known: record.base.is_some(),
    });
    let remotes = list.records.iter().map(MatchKey::of_record).enumerate();
    let matched = match_lists_chosen(locals.collect(), remotes.collect(), |record| {
        chosen(*record)
    })
    .unwrap();
    let mut seconds = 0;
    let mut rows = Vec::new();
    let mut counts = Counts::default();
    let mut row = |member: Option<usize>, record: Option<usize>, remote: Remote<'_>| {
        let kept = member.map(|member| &club[&member]);
        let none = Vec::new();
        let remembered = member
            .and_then(|member| decisions.get(&member))
            .unwrap_or(&none);
        let decision = decide(Sides::of(kept, remote), rules, remembered);
        counts.add(&decision);
        let key = match (member, record) {
            (Some(member), _) => format!("member {member:06}").into_bytes(),
            (None, Some(record)) => record_key(&list.records[record]),
            (None, None) => Vec::new(),
        };
        let values = |field: &connectors::sync::outcome::FieldOutcome<'_>| {
            [field.base, field.club, field.federation].map(|value| value.map(str::to_owned))
        };
        rows.push(Row {
            member,
            record,
            writes: decision.writes(),
            after: decision.after(kept.and_then(|kept| kept.left_at), UtcMillis(9)),
            becomes: record.and_then(becomes),
            conflicts: decision.conflicts().map(|f| (f.field, values(f))).collect(),
            digest: RowDigest::of_decision(&key, &decision),
            key,
        });
    };
    let mut problems = Vec::new();
    for found in matched {
        match found {
            Matched::Pair { local, remote, .. } => {
                row(
                    Some(local),
                    Some(remote),
                    Remote::Listed(&list.records[remote]),
                );
            }
            Matched::New(remote) => row(None, Some(remote), Remote::Listed(&list.records[remote])),
            Matched::Absent(local) => row(Some(local), None, Remote::of(None, list.complete)),
            // A member may be named by several problems; it stays as it is, whatever they are.
            Matched::Held(_) => {}
            Matched::Second { .. } => seconds += 1,
            Matched::Problem { why, remotes, .. } => {
                problems.extend(remotes.into_iter().map(|remote| (why, remote)));
            }
        }
    }
    rows.sort_by(|one, other| (&one.key, &one.digest).cmp(&(&other.key, &other.digest)));
    let mut hashed: Vec<(Vec<u8>, RowDigest)> = rows
        .iter()
        .map(|row| (row.key.clone(), row.digest))
        .collect();
    for (why, remote) in problems {
        counts.add_problem();
        let key = record_key(&list.records[remote]);
        let digest = RowDigest::of_problem(&key, why.as_str());
        hashed.push((key, digest));
    }
    hashed.sort();
    let mut plan_hash = PlanHasher::default();
    for (key, digest) in hashed {
        plan_hash.push(&key, digest).unwrap();
    }
    Plan {
        rows,
        counts,
        hash: plan_hash.finish(),
        seconds,
    }
}

/// Applies a plan and gives the club afterwards with the journal.
pub fn apply(club: &Club, plan: &Plan) -> (Club, Vec<(usize, JournalEntry)>) {
    let mut after = club.clone();
    let mut journal = Vec::new();
    let mut next = club.keys().last().map_or(0, |last| last + 1);
    for row in plan.rows.iter().filter(|row| row.writes) {
        let number = row.member.or(row.becomes).unwrap_or(next);
        if row.member.is_none() && row.becomes.is_none() {
            next += 1;
        }
        let record = row.after.clone().unwrap();
        let before = after.insert(number, record.clone());
        let entry = JournalEntry {
            before,
            after: record,
        };
        journal.push((number, entry));
    }
    (after, journal)
}

/// Undoes a run whole.
pub fn undo_all(club: &Club, journal: &[(usize, JournalEntry)]) -> Club {
    let mut restored = club.clone();
    for (number, entry) in journal.iter().rev() {
        match undo(entry, club.get(number)) {
            Undo::Restore(before) => {
                restored.insert(*number, before.clone());
            }
            Undo::Remove => {
                restored.remove(number);
            }
            Undo::Refused(why) => panic!("nothing happened since: {why:?}"),
        }
    }
    restored
}
