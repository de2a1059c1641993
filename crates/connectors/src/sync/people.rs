//! Who is who among rows of the same names, where the identifiers have not said it. What stays open is a proposal to a
//! person, never a guess.

use std::collections::{BTreeMap, BTreeSet};

use super::match_key::MatchKey;
use super::matching::{Confidence, MatchProblem, Matched};

/// What the identifiers have said about a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Settled {
    /// Nothing.
    No,
    /// It has its other half.
    Paired,
    /// It is part of a problem.
    Problem,
}

/// A row of either side among those of the same names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry<T> {
    /// The row.
    pub row: T,
    /// Its keys.
    pub key: MatchKey,
    /// What its identifier has said. Where it is settled, it is there to be compared with.
    pub settled: Settled,
    /// Whether a member has a base, so that the federation has given it before. False for records.
    pub known: bool,
}

/// A problem lists so many members and no more: there are federations that call all who want it "Anonymous Member".
pub const MOST_PROPOSED: usize = 20;

/// The outcome of all rows that have the same names, the settled ones among them. Rows that are not settled come
/// out once, except that several proposals may name one member.
#[must_use]
pub fn match_people<L: Clone, R: Clone>(
    locals: &[Entry<L>],
    remotes: &[Entry<R>],
) -> Vec<Matched<L, R>> {
    let mut people = People {
        locals,
        remotes,
        taken_locals: locals.iter().map(is_settled).collect(),
        taken_remotes: remotes.iter().map(is_settled).collect(),
        unclear: remotes
            .iter()
            .map(|entry| entry.settled == Settled::Problem)
            .collect(),
        told: locals.iter().map(is_settled).collect(),
        found: Vec::new(),
    };
    people.same_person_twice();
    people.sure();
    people.proposals();
    people.rest();
    people.found
}

struct People<'a, L, R> {
    locals: &'a [Entry<L>],
    remotes: &'a [Entry<R>],
    taken_locals: Vec<bool>,
    taken_remotes: Vec<bool>,
    /// Records of problems.
    unclear: Vec<bool>,
    /// Members that came out already.
    told: Vec<bool>,
    found: Vec<Matched<L, R>>,
}

impl<L: Clone, R: Clone> People<'_, L, R> {
    /// Records with one date of birth, and records that have nothing but the names.
    fn same_person_twice(&mut self) {
        let mut alike: BTreeMap<Option<&str>, Vec<usize>> = BTreeMap::new();
        for (index, entry) in self.remotes.iter().enumerate() {
            let told = entry.key.born.is_some() || only_names(&entry.key);
            if told && !self.taken_remotes[index] {
                let born = entry.key.born.as_deref();
                alike.entry(born).or_default().push(index);
            }
        }
        for (born, same) in alike {
            if same.len() > 1 {
                let concerned = self.free(|local| local.key.born.as_deref() == born);
                self.problem(MatchProblem::SamePerson, &concerned, &same);
            }
        }
    }

    /// A record and a member that both have nobody else.
    fn sure(&mut self) {
        for index in 0..self.remotes.len() {
            if self.taken_remotes[index] {
                continue;
            }
            let key = &self.remotes[index].key;
            let fits = self.free(|local| {
                let repeated = local.known && only_names(&local.key) && only_names(key);
                !ids_differ(&local.key, key) && (same_birth(&local.key, key) || repeated)
            });
            match fits[..] {
                [] => {}
                [local] => {
                    self.taken_locals[local] = true;
                    self.told[local] = true;
                    self.taken_remotes[index] = true;
                    self.found.push(Matched::Pair {
                        local: self.locals[local].row.clone(),
                        remote: self.remotes[index].row.clone(),
                        confidence: Confidence::Likely,
                    });
                }
                _ => self.problem(MatchProblem::SeveralMembers, &fits, &[index]),
            }
        }
    }

    /// What might be one. Members are marked only after all records were looked at: two records may propose one member.
    fn proposals(&mut self) {
        let mut proposed = Vec::new();
        // Told by the list alone, so that it is told again after the plan was applied.
        let taken = self.remotes.iter().zip(&self.taken_remotes);
        let had: BTreeSet<Option<&str>> = taken
            .filter(|(entry, taken)| **taken && entry.key.born.is_some())
            .map(|(entry, _)| entry.key.born.as_deref())
            .collect();
        for index in 0..self.remotes.len() {
            if self.taken_remotes[index] {
                continue;
            }
            let key = &self.remotes[index].key;
            let other_id = self.free(|local| same_birth(&local.key, key));
            let has_record = had.contains(&key.born.as_deref());
            let missing = self.free(|local| may_be_one(&local.key, key));
            if !other_id.is_empty() {
                proposed.push((MatchProblem::OtherId, other_id, index));
            } else if has_record {
                let had = (0..self.locals.len())
                    .filter(|&local| same_birth(&self.locals[local].key, key))
                    .collect();
                proposed.push((MatchProblem::AlreadyMatched, had, index));
            } else if !missing.is_empty() {
                proposed.push((MatchProblem::BirthMissing, missing, index));
            }
        }
        for (why, locals, remote) in proposed {
            self.problem(why, &locals, &[remote]);
        }
    }

    fn rest(&mut self) {
        for (entry, taken) in self.remotes.iter().zip(&self.taken_remotes) {
            if !taken {
                self.found.push(Matched::New(entry.row.clone()));
            }
        }
        for (index, entry) in self.locals.iter().enumerate() {
            if self.told[index] {
                continue;
            }
            let hidden = self.taken_locals[index]
                || self
                    .remotes
                    .iter()
                    .zip(&self.unclear)
                    .any(|(other, unclear)| *unclear && may_be_one(&entry.key, &other.key));
            self.found.push(if hidden {
                Matched::Held(entry.row.clone())
            } else {
                Matched::Absent(entry.row.clone())
            });
        }
    }

    /// The members that are still to be had and fit.
    fn free(&self, fits: impl Fn(&Entry<L>) -> bool) -> Vec<usize> {
        (0..self.locals.len())
            .filter(|&index| !self.taken_locals[index] && fits(&self.locals[index]))
            .collect()
    }

    fn problem(&mut self, why: MatchProblem, locals: &[usize], remotes: &[usize]) {
        for &index in locals {
            self.taken_locals[index] = true;
        }
        let locals = &locals[..locals.len().min(MOST_PROPOSED)];
        for &index in locals {
            self.told[index] = true;
        }
        for &index in remotes {
            self.taken_remotes[index] = true;
            self.unclear[index] = true;
        }
        self.found.push(Matched::Problem {
            why,
            locals: locals.iter().map(|&i| self.locals[i].row.clone()).collect(),
            remotes: remotes
                .iter()
                .map(|&i| self.remotes[i].row.clone())
                .collect(),
        });
    }
}

fn is_settled<T>(entry: &Entry<T>) -> bool {
    entry.settled != Settled::No
}

/// The names are the same, and nothing speaks against it.
fn may_be_one(one: &MatchKey, other: &MatchKey) -> bool {
    let births = one.born.is_none() || other.born.is_none() || one.born == other.born;
    births && !ids_differ(one, other)
}

fn same_birth(one: &MatchKey, other: &MatchKey) -> bool {
    one.born.is_some() && one.born == other.born
}

fn only_names(key: &MatchKey) -> bool {
    key.id.is_none() && key.born.is_none()
}

fn ids_differ(one: &MatchKey, other: &MatchKey) -> bool {
    matches!((&one.id, &other.id), (Some(one), Some(other)) if one != other)
}
