//! Two whole lists matched in memory: for files, for tests, and as the shape of what a driver does row by row.

use super::match_choice::{Made, MatchChoice, made};
use super::match_key::{IdKey, MatchKey, NameKey};
use super::matching::{Confidence, MatchProblem, Matched, match_ids};
use super::merge_join::{NotSortedError, merge_join};
use super::people::{Entry, Settled, match_people};

/// A member to be matched.
#[derive(Debug, Clone)]
pub struct LocalRow<L> {
    /// The row.
    pub row: L,
    /// Its keys.
    pub key: MatchKey,
    /// Whether it has a base.
    pub known: bool,
}

/// Matches members and records. What comes out, and in which order, does not depend on the order of what goes in.
///
/// # Errors
/// None in practice: both lists are sorted here.
pub fn match_lists<L: Clone + Ord, R: Clone + Ord>(
    locals: Vec<LocalRow<L>>,
    remotes: Vec<(R, MatchKey)>,
) -> Result<Vec<Matched<L, R>>, NotSortedError> {
    match_lists_chosen(locals, remotes, |_| None)
}

/// The same with what a person once said about records, of which `choice_of` knows.
///
/// # Errors
/// As [`match_lists`].
pub fn match_lists_chosen<L: Clone + Ord, R: Clone + Ord>(
    locals: Vec<LocalRow<L>>,
    remotes: Vec<(R, MatchKey)>,
    choice_of: impl Fn(&R) -> Option<MatchChoice<L>>,
) -> Result<Vec<Matched<L, R>>, NotSortedError> {
    let mut locals: Vec<Entry<L>> = locals
        .into_iter()
        .map(|local| entry(local.row, local.key, local.known))
        .collect();
    let mut remotes: Vec<Entry<R>> = remotes
        .into_iter()
        .map(|(row, key)| entry(row, key, false))
        .collect();
    locals.sort_by(|one, other| (&one.key, &one.row).cmp(&(&other.key, &other.row)));
    remotes.sort_by(|one, other| (&one.key, &one.row).cmp(&(&other.key, &other.row)));
    let mut found = by_id(&mut locals, &mut remotes)?;
    found.extend(by_choice(&mut locals, &mut remotes, choice_of));
    for group in merge_join(by_names(&locals), by_names(&remotes)) {
        let group = group?;
        found.extend(match_people(&group.locals, &group.remotes));
    }
    found.extend(without_names(&locals, &remotes));
    found.sort();
    Ok(found)
}

fn entry<T>(row: T, key: MatchKey, known: bool) -> Entry<T> {
    Entry {
        row,
        key,
        settled: Settled::No,
        known,
    }
}

fn by_id<L: Clone, R: Clone>(
    locals: &mut [Entry<L>],
    remotes: &mut [Entry<R>],
) -> Result<Vec<Matched<L, R>>, NotSortedError> {
    let mut found = Vec::new();
    for group in merge_join(with_id(locals), with_id(remotes)) {
        let (why_or_sure, rows) = match match_ids(group?) {
            Some(Matched::Pair {
                local,
                remote,
                confidence,
            }) => (Ok(confidence), (vec![local], vec![remote])),
            Some(Matched::Problem {
                why,
                locals,
                remotes,
            }) => (Err(why), (locals, remotes)),
            _ => continue,
        };
        let settled = match why_or_sure {
            Ok(_) => Settled::Paired,
            Err(_) => Settled::Problem,
        };
        for &index in &rows.0 {
            locals[index].settled = settled;
        }
        for &index in &rows.1 {
            remotes[index].settled = settled;
        }
        let named = |index: &usize| locals[*index].row.clone();
        let listed = |index: &usize| remotes[*index].row.clone();
        found.push(match why_or_sure {
            Ok(confidence) => Matched::Pair {
                local: named(&rows.0[0]),
                remote: listed(&rows.1[0]),
                confidence,
            },
            Err(why) => Matched::Problem {
                why,
                locals: rows.0.iter().map(named).collect(),
                remotes: rows.1.iter().map(listed).collect(),
            },
        });
    }
    Ok(found)
}

/// What a person once said, about records that no identifier has settled.
fn by_choice<L: Clone + Ord, R: Clone>(
    locals: &mut [Entry<L>],
    remotes: &mut [Entry<R>],
    choice_of: impl Fn(&R) -> Option<MatchChoice<L>>,
) -> Vec<Matched<L, R>> {
    let mut found = Vec::new();
    for index in 0..remotes.len() {
        let entry = &remotes[index];
        // Several records of one key: nobody can tell which was meant. They stand beside each other.
        let same = |other: Option<&Entry<R>>| other.is_some_and(|other| other.key == entry.key);
        let is_one = !same(remotes.get(index + 1)) && (index == 0 || !same(remotes.get(index - 1)));
        if entry.settled != Settled::No || !is_one {
            continue;
        }
        let Some(choice) = choice_of(&entry.row) else {
            continue;
        };
        let member = choice.member();
        let place = member.and_then(|member| locals.iter().position(|local| local.row == *member));
        let what = made(&choice, place.map(|place| locals[place].settled));
        let remote = entry.row.clone();
        let one = match (what, place) {
            (Made::Pair, Some(place)) => {
                locals[place].settled = Settled::Paired;
                Matched::Pair {
                    local: locals[place].row.clone(),
                    remote,
                    confidence: Confidence::Chosen,
                }
            }
            (Made::Second, Some(place)) => Matched::Second {
                local: locals[place].row.clone(),
                remote,
            },
            (Made::New, _) => Matched::New(remote),
            _ => continue,
        };
        remotes[index].settled = Settled::Paired;
        found.push(one);
    }
    found
}

/// Sorted already: the identifier comes first in a key.
fn with_id<T>(entries: &[Entry<T>]) -> Vec<(IdKey, usize)> {
    let all = entries.iter().enumerate();
    all.filter_map(|(index, entry)| Some((entry.key.id.clone()?, index)))
        .collect()
}

fn by_names<T: Clone + Ord>(entries: &[Entry<T>]) -> Vec<(NameKey, Entry<T>)> {
    let mut named: Vec<(NameKey, Entry<T>)> = entries
        .iter()
        .filter_map(|entry| Some((entry.key.names.clone()?, entry.clone())))
        .collect();
    named.sort();
    named
}

fn without_names<L: Clone, R: Clone>(
    locals: &[Entry<L>],
    remotes: &[Entry<R>],
) -> Vec<Matched<L, R>> {
    let open = |key: &MatchKey, settled: Settled| key.names.is_none() && settled == Settled::No;
    let mut found = Vec::new();
    for local in locals {
        if open(&local.key, local.settled) {
            found.push(Matched::Absent(local.row.clone()));
        }
    }
    for remote in remotes {
        if !open(&remote.key, remote.settled) {
            continue;
        }
        let row = remote.row.clone();
        found.push(if remote.key.id.is_some() {
            Matched::New(row)
        } else {
            Matched::Problem {
                why: MatchProblem::Unidentified,
                locals: Vec::new(),
                remotes: vec![row],
            }
        });
    }
    found
}
