//! Who is who. First by the federation's identifier, then, for those that are left, by names and date of birth. One
//! record is one member and the other way round; what cannot be told for sure is a problem that a person looks at,
//! and nobody who is part of one is taken as new or as gone.
//!
//! A driver joins both sides by identifier and gives each group to [`match_ids`]; then by names, and gives each
//! group, the settled ones too, to [`match_people`]. `match_lists` does both in memory.

use super::match_key::{IdKey, MatchKey};
use super::merge_join::Group;

/// How sure a match is. It is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// The same identifier.
    Exact,
    /// The same names and date of birth, and nobody else has them.
    Likely,
    /// Perhaps. A person decides.
    Unsure,
}

/// Why records cannot be used as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MatchProblem {
    /// Several records have one identifier.
    DuplicateId,
    /// Several members of the club have one identifier.
    DuplicateMember,
    /// Several records are of one person: the same names and date of birth, or nothing that tells them apart.
    SamePerson,
    /// A record has neither an identifier nor both names, so that it could not be found again.
    Unidentified,
    /// Several members of the club have the names and the date of birth.
    SeveralMembers,
    /// The member with the names and the date of birth has another identifier.
    OtherId,
    /// Another record has the names and the date of birth, and is matched or part of a problem.
    AlreadyMatched,
    /// The names are a member's; a date of birth is missing.
    BirthMissing,
}

impl MatchProblem {
    /// The word used in files, on the wire and in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DuplicateId => "duplicate_id",
            Self::DuplicateMember => "duplicate_member",
            Self::SamePerson => "same_person",
            Self::Unidentified => "unidentified",
            Self::SeveralMembers => "several_members",
            Self::OtherId => "other_id",
            Self::AlreadyMatched => "already_matched",
            Self::BirthMissing => "birth_missing",
        }
    }

    /// Whether it proposes members among whom a person can choose.
    #[must_use]
    pub fn is_proposal(self) -> bool {
        matches!(
            self,
            Self::SeveralMembers | Self::OtherId | Self::AlreadyMatched | Self::BirthMissing
        )
    }
}

/// What was found out about rows of both sides.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Matched<L, R> {
    /// They are one.
    Pair {
        /// The member.
        local: L,
        /// Its record.
        remote: R,
        /// How sure it is: `Exact` or `Likely`.
        confidence: Confidence,
    },
    /// A record that no member has.
    New(R),
    /// A member that no record has.
    Absent(L),
    /// A member that may be one of the records of a problem: it stays as it is.
    Held(L),
    /// Not to be told. The records are not used, and the members stay as they are.
    Problem {
        /// Why.
        why: MatchProblem,
        /// The members that are concerned or proposed.
        locals: Vec<L>,
        /// The records.
        remotes: Vec<R>,
    },
}

impl<L, R> Matched<L, R> {
    /// How sure it is; none where nothing was matched or proposed.
    #[must_use]
    pub fn confidence(&self) -> Option<Confidence> {
        match self {
            Self::Pair { confidence, .. } => Some(*confidence),
            Self::Problem { why, .. } if why.is_proposal() => Some(Confidence::Unsure),
            _ => None,
        }
    }
}

/// The outcome of one identifier. `New` and `Absent` are not the last word: they go on to [`match_people`].
pub fn match_ids<L, R>(mut group: Group<IdKey, L, R>) -> Option<Matched<L, R>> {
    let problem = |why, group: Group<IdKey, L, R>| {
        Some(Matched::Problem {
            why,
            locals: group.locals,
            remotes: group.remotes,
        })
    };
    if group.remotes.len() > 1 {
        return problem(MatchProblem::DuplicateId, group);
    }
    if group.locals.len() > 1 {
        return problem(MatchProblem::DuplicateMember, group);
    }
    match (group.locals.pop(), group.remotes.pop()) {
        (Some(local), Some(remote)) => Some(Matched::Pair {
            local,
            remote,
            confidence: Confidence::Exact,
        }),
        (Some(local), None) => Some(Matched::Absent(local)),
        (None, Some(remote)) => Some(Matched::New(remote)),
        (None, None) => None,
    }
}

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
    found: Vec<Matched<L, R>>,
}

impl<L: Clone, R: Clone> People<'_, L, R> {
    /// Records with one date of birth, and records that have nothing but the names.
    fn same_person_twice(&mut self) {
        for index in 0..self.remotes.len() {
            if self.taken_remotes[index] {
                continue;
            }
            let one = &self.remotes[index].key;
            let same: Vec<usize> = (index..self.remotes.len())
                .filter(|&other| !self.taken_remotes[other])
                .filter(|&other| {
                    let other = &self.remotes[other].key;
                    same_birth(one, other) || (only_names(one) && only_names(other))
                })
                .collect();
            if same.len() > 1 {
                let concerned = self.free(|local| local.key.born == one.born);
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
        for index in 0..self.remotes.len() {
            if self.taken_remotes[index] {
                continue;
            }
            let key = &self.remotes[index].key;
            let other_id = self.free(|local| same_birth(&local.key, key));
            // Told by the list alone, so that it is told again after the plan was applied.
            let has_record = (0..self.remotes.len()).any(|other| {
                self.taken_remotes[other] && same_birth(&self.remotes[other].key, key)
            });
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
        for (entry, taken) in self.locals.iter().zip(&self.taken_locals) {
            if *taken {
                continue;
            }
            let hidden = self
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
