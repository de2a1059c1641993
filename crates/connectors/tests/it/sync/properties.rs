//! What holds for every club, every list and every rule: invented ones by the thousand, small enough to be odd.

use connectors::clock::UtcMillis;
use connectors::members::MemberField::{
    self, DateOfBirth, Email, ExternalId, FirstName, LastName, Phone, Town,
};
use connectors::members::MemberValues;
use connectors::settings::ConflictStrategy::{self, FederationWins, LocalWins, Merge};
use connectors::sync::decide::{Remote, Sides, decide};
use connectors::sync::match_choice::MatchChoice;
use connectors::sync::record::MemberRecord;
use connectors::sync::rules::{Remembered, Rules, Take};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use super::model::{
    Choices, Club, Decisions, List, apply, choice_key, plan, plan_chosen, undo_all,
};

const CASES: u32 = 10_000;
const IDENTITY: [MemberField; 4] = [ExternalId, FirstName, LastName, DateOfBirth];
const OTHERS: [MemberField; 3] = [Email, Phone, Town];
const VALUES: [&str; 4] = ["", "1", "2", "3"];

fn person() -> impl Strategy<Value = MemberValues> {
    (
        select(&["", "1", "2", "3", " 1"][..]),
        select(&["Seán", "SEAN", "Una"][..]),
        select(&["Ó Sé", "O'Se", "Byrne", ""][..]),
        select(&["", "2010-01-01", "2011-02-02"][..]),
        [
            select(&VALUES[..]),
            select(&VALUES[..]),
            select(&VALUES[..]),
        ],
    )
        .prop_map(|(id, first, last, born, others)| {
            let identity = IDENTITY.into_iter().zip([id, first, last, born]);
            let pairs = identity.chain(OTHERS.into_iter().zip(others));
            pairs
                .map(|(field, value)| (field, value.to_owned()))
                .collect()
        })
}

fn record() -> impl Strategy<Value = MemberRecord> {
    let left = proptest::option::weighted(0.2, Just(UtcMillis(1)));
    // Often the values are the base's, or nearly, as after a sync.
    let edits = vec((select(&OTHERS[..]), select(&VALUES[..])), 0..2);
    let synced = (person(), edits, left.clone()).prop_map(|(base, edits, left_at)| {
        let mut values = base.clone();
        for (field, value) in edits {
            values.set(field, Some(value));
        }
        MemberRecord {
            values,
            base: Some(base),
            left_at,
        }
    });
    let own = person().prop_map(|values| MemberRecord {
        values,
        ..MemberRecord::default()
    });
    let any = (person(), person(), left).prop_map(|(values, base, left_at)| MemberRecord {
        values,
        base: Some(base),
        left_at,
    });
    prop_oneof![4 => synced, 2 => own, 1 => any]
}

fn strategies() -> impl Strategy<Value = ConflictStrategy> {
    select(&[FederationWins, LocalWins, Merge][..])
}

fn rules() -> impl Strategy<Value = Rules> {
    let per_field = btree_map(select(&OTHERS[..]), strategies(), 0..2);
    let mapped = proptest::sample::subsequence(OTHERS.to_vec(), 1..=3);
    (strategies(), per_field, mapped).prop_map(|(strategy, per_field, mapped)| Rules {
        strategy,
        per_field,
        mapped: IDENTITY.into_iter().chain(mapped).collect(),
    })
}

fn remembered() -> impl Strategy<Value = Remembered> {
    let take = prop_oneof![
        Just(Take::Federation),
        Just(Take::Club),
        select(&VALUES[..]).prop_map(|value| Take::Value(value.into())),
    ];
    let value = || select(&VALUES[..]);
    (select(&OTHERS[..]), take, value(), value()).prop_map(|(field, take, federation, club)| {
        Remembered::new(field, take, Some(federation), Some(club))
    })
}

type Case = (Club, List, Rules, Decisions);

fn case() -> impl Strategy<Value = Case> {
    let club = vec(record(), 0..5).prop_map(|records| records.into_iter().enumerate().collect());
    let list = (vec(person(), 0..5), proptest::bool::weighted(0.8))
        .prop_map(|(records, complete)| List { records, complete });
    let decisions = btree_map(0..5_usize, vec(remembered(), 0..4), 0..4);
    (club, list, rules(), decisions)
}

/// A case with what was said about records: about some of this list, and about those of another one.
fn chosen_case() -> impl Strategy<Value = (Case, Choices)> {
    let said = || {
        (0..8_usize, 0..3_u8).prop_map(|(number, what)| match what {
            0 => MatchChoice::Member(number),
            // Numbers that no member has, and that no other new one gets.
            1 => MatchChoice::New(number + 100),
            _ => MatchChoice::Leave,
        })
    };
    (
        case(),
        vec(proptest::option::of(said()), 5),
        person(),
        said(),
    )
        .prop_map(|(case, said, stranger, of_stranger)| {
            let records = case.1.records.iter().zip(said);
            let of_list = records.filter_map(|(record, said)| Some((choice_key(record)?, said?)));
            let other = choice_key(&stranger).map(|key| (key, of_stranger));
            let mut choices: Choices = other.into_iter().chain(of_list).collect();
            // The product gives each new member an identifier of its own.
            for (at, choice) in choices.values_mut().enumerate() {
                match choice {
                    MatchChoice::New(number) => *number = 100 + at,
                    // Nor does it give the identifier of somebody who is gone to anybody else.
                    MatchChoice::Member(number) if !case.0.contains_key(number) => *number += 500,
                    MatchChoice::Member(_) | MatchChoice::Leave => {}
                }
            }
            (case, choices)
        })
}

fn holds_chosen(property: impl Fn((Case, Choices)) -> Result<(), TestCaseError>) {
    let mut runner = TestRunner::new(Config {
        cases: CASES,
        failure_persistence: None,
        ..Config::default()
    });
    let result = runner.run(&chosen_case(), property);
    assert_eq!(
        result.map_err(|error| error.to_string()),
        Ok(()),
        "for every club, list, rule and choice"
    );
}

fn holds(property: impl Fn(Case) -> Result<(), TestCaseError>) {
    let mut runner = TestRunner::new(Config {
        cases: CASES,
        failure_persistence: None,
        ..Config::default()
    });
    let result = runner.run(&case(), property);
    assert_eq!(
        result.map_err(|error| error.to_string()),
        Ok(()),
        "for every club, list and rule"
    );
}

fn sorted(club: &Club) -> Vec<String> {
    let mut records: Vec<String> = club
        .values()
        .map(|record| {
            let base = record.base.as_ref().map(serde_json::to_string);
            let values = serde_json::to_string(&record.values).unwrap();
            format!(
                "{values} {:?} {:?}",
                base.map(Result::unwrap),
                record.left_at
            )
        })
        .collect();
    records.sort();
    records
}

#[test]
fn s07_after_apply_the_same_list_changes_nothing() {
    holds(|(club, list, rules, decisions)| {
        let first = plan(&club, &list, &rules, &decisions);
        let (after, _) = apply(&club, &first);
        let second = plan(&after, &list, &rules, &decisions);
        for row in &second.rows {
            prop_assert!(
                !row.writes,
                "{:?} {:?} is written again",
                row.member,
                row.record
            );
        }
        prop_assert_eq!(second.counts.creates, 0, "nobody is new twice");
        prop_assert_eq!(second.counts.leavers, 0, "nobody leaves twice");
        prop_assert_eq!(
            second.questions(),
            first.questions(),
            "what waits is the same question"
        );
        Ok(())
    });
}

#[test]
fn s10_undo_after_apply_gives_back_every_record() {
    holds(|(club, list, rules, decisions)| {
        let first = plan(&club, &list, &rules, &decisions);
        let (after, journal) = apply(&club, &first);
        prop_assert_eq!(
            &undo_all(&after, &journal),
            &club,
            "base and standing included"
        );
        let again = plan(&undo_all(&after, &journal), &list, &rules, &decisions);
        prop_assert_eq!(again.hash, first.hash, "and the plan is the plan that was");
        Ok(())
    });
}

#[test]
fn s07_s10_with_choices_applying_is_done_once_and_undone_whole() {
    holds_chosen(|((club, list, rules, decisions), choices)| {
        let first = plan_chosen(&club, &list, &rules, &decisions, &choices);
        let (after, journal) = apply(&club, &first);
        let second = plan_chosen(&after, &list, &rules, &decisions, &choices);
        for row in &second.rows {
            prop_assert!(
                !row.writes,
                "{:?} {:?} is written again",
                row.member,
                row.record
            );
        }
        prop_assert_eq!(second.counts.creates, 0, "nobody is new twice");
        prop_assert_eq!(second.counts.leavers, 0, "nobody leaves twice");
        prop_assert_eq!(
            (second.counts.problems, second.seconds),
            (first.counts.problems, first.seconds),
            "nobody is asked anything else"
        );
        let undone = undo_all(&after, &journal);
        prop_assert_eq!(&undone, &club, "base and standing included");
        let again = plan_chosen(&undone, &list, &rules, &decisions, &choices);
        prop_assert_eq!(again.hash, first.hash, "and the plan is the plan that was");
        Ok(())
    });
}

#[test]
fn with_choices_the_order_makes_no_difference_and_each_record_is_used_once() {
    holds_chosen(|((club, list, rules, decisions), choices)| {
        let first = plan_chosen(&club, &list, &rules, &decisions, &choices);
        let mut turned = list.clone();
        turned.records.reverse();
        let other = plan_chosen(&club, &turned, &rules, &decisions, &choices);
        prop_assert_eq!(other.hash, first.hash, "one plan");
        prop_assert_eq!(other.counts, first.counts, "one count");
        let mut members: Vec<_> = first.rows.iter().filter_map(|row| row.member).collect();
        let records = first.rows.iter().filter(|row| row.record.is_some()).count();
        let all = members.len();
        members.sort_unstable();
        members.dedup();
        prop_assert_eq!(members.len(), all, "nobody has two records");
        let problems = usize::try_from(first.counts.problems).unwrap();
        prop_assert_eq!(
            records + problems + first.seconds,
            list.records.len(),
            "each record is used, a problem, or passed over as somebody said"
        );
        Ok(())
    });
}

#[test]
fn the_order_of_records_makes_no_difference() {
    holds(|(club, list, rules, decisions)| {
        let first = plan(&club, &list, &rules, &decisions);
        let mut turned = list.clone();
        turned.records.rotate_left(list.records.len() / 2);
        turned.records.reverse();
        let other = plan(&club, &turned, &rules, &decisions);
        prop_assert_eq!(other.hash, first.hash, "one plan");
        prop_assert_eq!(other.counts, first.counts, "one count");
        let (one, two) = (apply(&club, &first).0, apply(&club, &other).0);
        prop_assert_eq!(sorted(&one), sorted(&two), "one club");
        Ok(())
    });
}

#[test]
fn s08_what_only_the_club_changed_is_never_lost() {
    holds(|(club, list, rules, decisions)| {
        let first = plan(&club, &list, &rules, &decisions);
        let (after, _) = apply(&club, &first);
        for row in &first.rows {
            let Some(member) = row.member else { continue };
            let (before, after) = (&club[&member], &after[&member]);
            let remote = row.record.map(|record| &list.records[record]);
            for field in MemberField::ALL {
                let of = |values: Option<&MemberValues>| {
                    values
                        .and_then(|values| values.get(field))
                        .map(str::to_owned)
                };
                let base = of(before.base.as_ref());
                let kept = before.values.get(field) == after.values.get(field);
                let same = remote.is_none() || of(remote) == base;
                prop_assert!(
                    kept || !same,
                    "{:?}: the federation said nothing new",
                    field
                );
                let decided = decisions.get(&member).is_some_and(|decided| {
                    decided.iter().any(|decision| decision.field() == field)
                });
                let own = of(Some(&before.values)) != base;
                let asks = rules.strategy_of(field) != FederationWins && !decided;
                prop_assert!(
                    kept || !(own && asks),
                    "{:?}: the club's own change gave way unasked",
                    field
                );
                prop_assert!(
                    kept || rules.mapped.contains(&field),
                    "{:?} is not mapped",
                    field
                );
            }
        }
        Ok(())
    });
}

#[test]
fn nobody_disappears_and_no_record_is_used_twice() {
    holds(|(club, list, rules, decisions)| {
        let first = plan(&club, &list, &rules, &decisions);
        let (after, _) = apply(&club, &first);
        prop_assert!(
            club.keys().all(|member| after.contains_key(member)),
            "a sync deletes nobody"
        );
        let mut members: Vec<_> = first.rows.iter().filter_map(|row| row.member).collect();
        let mut records: Vec<_> = first.rows.iter().filter_map(|row| row.record).collect();
        let counts = (members.len(), records.len());
        members.sort_unstable();
        members.dedup();
        records.sort_unstable();
        records.dedup();
        prop_assert_eq!(
            (members.len(), records.len()),
            counts,
            "one record, one member"
        );
        let problems = usize::try_from(first.counts.problems).unwrap();
        prop_assert_eq!(
            records.len() + problems,
            list.records.len(),
            "each record is used or is a problem that is shown"
        );
        let left = |club: &Club| club.values().filter(|r| r.left_at.is_some()).count();
        prop_assert!(
            list.complete || left(&after) <= left(&club),
            "only a complete list makes anybody leave"
        );
        Ok(())
    });
}

/// One field, all that can be: every side absent or with one of four values, each strategy, each decision.
#[test]
fn every_strategy_decides_everything() {
    let sides: Vec<Option<MemberValues>> = std::iter::once(None)
        .chain(VALUES.map(|value| {
            let mut values = MemberValues::default();
            values.set(Phone, Some(value));
            Some(values)
        }))
        .collect();
    let decisions: Vec<Vec<Remembered>> = [
        None,
        Some(Take::Federation),
        Some(Take::Club),
        Some(Take::Value("9".into())),
    ]
    .into_iter()
    .map(|take| {
        let about = |take| Remembered::new(Phone, take, Some("2"), Some("1"));
        take.map(about).into_iter().collect()
    })
    .collect();
    let mut cases = 0;
    for strategy in [FederationWins, LocalWins, Merge] {
        let rules = Rules {
            strategy,
            ..super::rules(&[Phone])
        };
        for (base, local) in sides.iter().flat_map(|b| sides.iter().map(move |l| (b, l))) {
            let mut remotes = vec![Remote::Gone, Remote::Unknown];
            remotes.extend(sides.iter().flatten().map(Remote::Listed));
            for (remote, remembered) in remotes
                .iter()
                .flat_map(|r| decisions.iter().map(move |d| (*r, d)))
            {
                for left in [false, true] {
                    let sides = Sides {
                        base: base.as_ref(),
                        local: local.as_ref(),
                        left,
                        remote,
                    };
                    let left_at = left.then_some(UtcMillis(1));
                    let decision = decide(sides, &rules, remembered);
                    let after = decision.after(left_at, UtcMillis(2));
                    let again = decide(Sides::of(after.as_ref(), remote), &rules, remembered);
                    assert!(!again.writes(), "{sides:?} {strategy:?}: done once");
                    assert_eq!(
                        again.conflicts().count(),
                        decision.conflicts().count(),
                        "{sides:?} {strategy:?}: what waits goes on waiting"
                    );
                    cases += 1;
                }
            }
        }
    }
    assert_eq!(cases, 3 * 25 * 6 * 4 * 2, "all of them");
}
