//! The three-way decision about one member (acceptance case S08): the base, what the club has, what the federation
//! gives. A function of values, so that every case is a line of a test.
//!
//! | Base, club, federation | The club's value becomes | The base becomes |
//! |---|---|---|
//! | all the same | – | – |
//! | club and federation the same, base another | – | federation |
//! | only the federation changed | federation | federation |
//! | only the club changed | – | – (it is the federation's already) |
//! | both, differently; settled for the federation, the club, a third value | federation; –; third | federation |
//! | both, differently; not settled | – | –, so that it is the same conflict next time |
//!
//! An identifier that a record does not have is not taken away: federations drop them between two seasons, and the
//! next one must find the member by it.
//!
//! Of a base that has half a name, the other half moves together with the first or not at all.
//!
//! After each settled line the base is the federation's value: the same list again finds nothing to do, and what the
//! club kept is an edit of the club's from then on.

use super::outcome::{Decision, FieldOutcome, FieldReason, Kind, Standing};
use super::record::MemberRecord;
use super::rules::{Remembered, Rules, Take};
use crate::members::{MemberField, MemberValues};
use crate::settings::ConflictStrategy;

/// What the federation's list says about a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remote<'a> {
    /// It has this record.
    Listed(&'a MemberValues),
    /// The list is complete and does not have it.
    Gone,
    /// Nobody knows: the list is not complete, or the record cannot be told from another.
    Unknown,
}

impl<'a> Remote<'a> {
    /// Of a record that was found or not. Only a list that is complete may say that somebody has left.
    #[must_use]
    pub fn of(record: Option<&'a MemberValues>, list_is_complete: bool) -> Self {
        match record {
            Some(values) => Self::Listed(values),
            None if list_is_complete => Self::Gone,
            None => Self::Unknown,
        }
    }
}

/// The three sides of a member.
#[derive(Debug, Clone, Copy)]
pub struct Sides<'a> {
    /// What the federation last gave and was settled.
    pub base: Option<&'a MemberValues>,
    /// What the club has.
    pub local: Option<&'a MemberValues>,
    /// Whether it is marked as left.
    pub left: bool,
    /// What the list says.
    pub remote: Remote<'a>,
}

impl<'a> Sides<'a> {
    /// Of a member as it is kept.
    #[must_use]
    pub fn of(record: Option<&'a MemberRecord>, remote: Remote<'a>) -> Self {
        Self {
            base: record.and_then(|record| record.base.as_ref()),
            local: record.map(|record| &record.values),
            left: record.is_some_and(|record| record.left_at.is_some()),
            remote,
        }
    }
}

/// Decides about one member. `remembered` are the decisions about this member; of several about one field the last
/// that holds counts.
#[must_use]
pub fn decide<'a>(sides: Sides<'a>, rules: &Rules, remembered: &'a [Remembered]) -> Decision<'a> {
    let remote = match sides.remote {
        Remote::Listed(remote) => remote,
        Remote::Gone => return absent(sides),
        Remote::Unknown => return untouched(sides),
    };
    let Some(local) = sides.local else {
        return create(sides, remote, rules);
    };
    let mut fields: Vec<FieldOutcome<'a>> = rules
        .fields()
        .filter(|&field| field != MemberField::ExternalId || remote.get(field).is_some())
        .filter_map(|field| {
            let values = Three {
                field,
                base: sides.base.and_then(|base| base.get(field)),
                club: local.get(field),
                federation: remote.get(field),
            };
            values.decide(sides.base.is_some(), rules, remembered)
        })
        .collect();
    keep_half_a_name(&mut fields);
    let adopted = sides.base.is_none();
    let kind = if fields.iter().any(|f| f.reason == FieldReason::Conflict) {
        Kind::Conflict
    } else if sides.left {
        Kind::Returner
    } else if adopted {
        Kind::Adopt
    } else if fields.iter().any(FieldOutcome::changes_club) {
        Kind::Update
    } else if fields.iter().any(FieldOutcome::moves_base) {
        Kind::BaseOnly
    } else {
        Kind::Unchanged
    };
    let standing = if sides.left {
        Standing::Returns
    } else {
        Standing::Stays
    };
    Decision {
        sides,
        kind,
        standing,
        adopted,
        fields,
    }
}

/// A base with one of the two names does not get the other while the first one waits for a person: an old given name
/// beside a new family name is nobody whom the federation ever gave, and the member would not be found by it.
fn keep_half_a_name(fields: &mut [FieldOutcome<'_>]) {
    let names = [MemberField::FirstName, MemberField::LastName];
    let waits = fields.iter().any(|outcome| {
        names.contains(&outcome.field)
            && outcome.reason == FieldReason::Conflict
            && outcome.base.is_some()
    });
    if waits {
        for outcome in fields.iter_mut() {
            if names.contains(&outcome.field) && outcome.base.is_none() {
                outcome.base_becomes = None;
            }
        }
    }
}

fn untouched(sides: Sides<'_>) -> Decision<'_> {
    Decision {
        sides,
        kind: Kind::Unchanged,
        standing: Standing::Stays,
        adopted: false,
        fields: Vec::new(),
    }
}

/// Not in a complete list. A member without a base never was in one, so that it cannot leave it.
fn absent(sides: Sides<'_>) -> Decision<'_> {
    let mut decision = untouched(sides);
    if sides.base.is_some() && sides.local.is_some() && !sides.left {
        decision.kind = Kind::Leaver;
        decision.standing = Standing::Leaves;
    }
    decision
}

fn create<'a>(sides: Sides<'a>, remote: &'a MemberValues, rules: &Rules) -> Decision<'a> {
    let fields = rules
        .fields()
        .filter_map(|field| {
            let value = remote.get(field)?;
            Some(FieldOutcome {
                field,
                reason: FieldReason::New,
                base: None,
                club: None,
                federation: Some(value),
                becomes: Some(value),
                base_becomes: Some(value),
            })
        })
        .collect();
    Decision {
        kind: Kind::Create,
        fields,
        ..untouched(sides)
    }
}

/// One field on the three sides.
struct Three<'a> {
    field: MemberField,
    base: Option<&'a str>,
    club: Option<&'a str>,
    federation: Option<&'a str>,
}

impl<'a> Three<'a> {
    /// None where there is nothing to say.
    fn decide(
        &self,
        has_base: bool,
        rules: &Rules,
        remembered: &'a [Remembered],
    ) -> Option<FieldOutcome<'a>> {
        if self.club == self.federation {
            let news = self.base != self.federation;
            return news.then(|| self.settled(FieldReason::Agreed, self.club));
        }
        if self.federation == self.base {
            let reason = if has_base {
                FieldReason::ClubEdited
            } else {
                FieldReason::ClubOnly
            };
            return Some(self.settled(reason, self.club));
        }
        if self.club == self.base {
            let reason = match (has_base, self.federation) {
                (false, _) => FieldReason::FilledIn,
                (true, Some(_)) => FieldReason::FederationChanged,
                (true, None) => FieldReason::FederationRemoved,
            };
            return Some(self.settled(reason, self.federation));
        }
        Some(self.conflict(rules, remembered))
    }

    fn conflict(&self, rules: &Rules, remembered: &'a [Remembered]) -> FieldOutcome<'a> {
        let decided = remembered
            .iter()
            .rfind(|decision| decision.holds(self.field, self.federation, self.club));
        if let Some(decided) = decided {
            return match decided.take() {
                Take::Federation => self.settled(FieldReason::DecidedFederation, self.federation),
                Take::Club => self.settled(FieldReason::DecidedClub, self.club),
                Take::Value(value) => {
                    let value = Some(&**value).filter(|value| !value.is_empty());
                    self.settled(FieldReason::DecidedValue, value)
                }
            };
        }
        match rules.strategy_of(self.field) {
            ConflictStrategy::FederationWins => {
                self.settled(FieldReason::FederationWins, self.federation)
            }
            ConflictStrategy::LocalWins => self.settled(FieldReason::ClubWins, self.club),
            ConflictStrategy::Merge => FieldOutcome {
                base_becomes: self.base,
                ..self.settled(FieldReason::Conflict, self.club)
            },
        }
    }

    /// Settled: the base becomes the federation's value, whichever value the club gets.
    fn settled(&self, reason: FieldReason, becomes: Option<&'a str>) -> FieldOutcome<'a> {
        FieldOutcome {
            field: self.field,
            reason,
            base: self.base,
            club: self.club,
            federation: self.federation,
            becomes,
            base_becomes: self.federation,
        }
    }
}
