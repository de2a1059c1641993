//! The table of the three-way decision, a line a case.

use connectors::clock::UtcMillis;
use connectors::members::MemberField::{
    self, AddressLine1, Email, FirstName, LastName, Phone, Town,
};
use connectors::members::MemberValues;
use connectors::settings::ConflictStrategy::{self, FederationWins, LocalWins, Merge};
use connectors::sync::decide::{Remote, Sides, decide};
use connectors::sync::match_key::{MatchKey, NameKey};
use connectors::sync::outcome::{FieldReason, Kind};
use connectors::sync::record::MemberRecord;
use connectors::sync::rules::{Remembered, Rules, Take};

use super::{member, rules};

const NOW: UtcMillis = UtcMillis(1_000);

fn text(value: &str) -> Option<&str> {
    Some(value).filter(|value| *value != "-")
}

fn phone(value: &str) -> MemberValues {
    let mut values = member(&[(FirstName, "Róisín")]);
    values.set(Phone, text(value));
    values
}

fn strategy(strategy: ConflictStrategy) -> Rules {
    Rules {
        strategy,
        ..rules(&[FirstName, Phone])
    }
}

/// Who wins; the phone in the base, of the club, of the federation; what the club's and the base become; the reason; the
/// kind. `-` is nothing.
const TABLE: &str = "
    any         1 1 1   1 1   -                   unchanged
    any         - - -   - -   -                   unchanged
    any         1 1 2   2 2   federation_changed  update
    any         - - 2   2 2   federation_changed  update
    any         1 1 -   - -   federation_removed  update
    any         1 2 1   2 1   club_edited         unchanged
    any         1 - 1   - 1   club_edited         unchanged
    any         - 2 -   2 -   club_edited         unchanged
    any         1 2 2   2 2   agreed              base_only
    any         1 - -   - -   agreed              base_only
    federation  1 2 3   3 3   federation_wins     update
    federation  1 2 -   - -   federation_wins     update
    federation  1 - 3   3 3   federation_wins     update
    federation  - 2 3   3 3   federation_wins     update
    local       1 2 3   2 3   club_wins           base_only
    local       1 2 -   2 -   club_wins           base_only
    local       1 - 3   - 3   club_wins           base_only
    local       - 2 3   2 3   club_wins           base_only
    merge       1 2 3   2 1   conflict            conflict
    merge       1 2 -   2 1   conflict            conflict
    merge       1 - 3   - 1   conflict            conflict
    merge       - 2 3   2 -   conflict            conflict
";

#[test]
fn s08_one_field_on_three_sides() {
    for line in TABLE.lines().filter(|line| !line.trim().is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let &[
            who,
            base,
            club,
            federation,
            becomes,
            base_becomes,
            reason,
            kind,
        ] = &words[..]
        else {
            panic!("a line has eight words: {line}");
        };
        let strategies = [
            ("federation", FederationWins),
            ("local", LocalWins),
            ("merge", Merge),
        ];
        for (_, strategy_) in strategies
            .iter()
            .filter(|(name, _)| ["any", *name].contains(&who))
        {
            let [base, club, federation] = [base, club, federation].map(phone);
            let sides = Sides {
                base: Some(&base),
                local: Some(&club),
                left: false,
                remote: Remote::Listed(&federation),
            };
            let rules = strategy(*strategy_);
            let decision = decide(sides, &rules, &[]);
            let reasons: Vec<&str> = decision.fields.iter().map(|f| f.reason.as_str()).collect();
            let expected: Vec<&str> = text(reason).into_iter().collect();
            assert_eq!(reasons, expected, "{line}, {strategy_:?}: the reason");
            assert_eq!(
                decision.kind.as_str(),
                kind,
                "{line}, {strategy_:?}: the kind"
            );
            let record = decision.after(None, NOW).unwrap();
            let after_base = record.base.unwrap();
            assert_eq!(
                [record.values.get(Phone), after_base.get(Phone)],
                [becomes, base_becomes].map(text),
                "{line}, {strategy_:?}: the club's value and the base afterwards"
            );
            assert_eq!(
                record.values.get(FirstName),
                Some("Róisín"),
                "{line}, {strategy_:?}: what nobody changed stays"
            );
        }
    }
}

/// The federation changed the address, the club changed the phone: neither may be lost, whoever wins.
#[test]
fn s08_address_from_the_federation_and_phone_from_the_club_are_both_kept() {
    let base = member(&[(AddressLine1, "1 Main St"), (Phone, "+353861")]);
    let club = member(&[(AddressLine1, "1 Main St"), (Phone, "+353872")]);
    let federation = member(&[(AddressLine1, "2 Hill Rd"), (Phone, "+353861")]);
    for strategy in [FederationWins, LocalWins, Merge] {
        let rules = Rules {
            strategy,
            ..rules(&[AddressLine1, Phone])
        };
        let record = MemberRecord {
            values: club.clone(),
            base: Some(base.clone()),
            left_at: None,
        };
        let sides = Sides::of(Some(&record), Remote::Listed(&federation));
        let decision = decide(sides, &rules, &[]);
        assert_eq!(decision.conflicts().count(), 0, "{strategy:?}: no conflict");
        let after = decision.after(None, NOW).unwrap();
        assert_eq!(
            after.values,
            member(&[(AddressLine1, "2 Hill Rd"), (Phone, "+353872")]),
            "{strategy:?}: both changes are in"
        );
        let again = decide(
            Sides::of(Some(&after), Remote::Listed(&federation)),
            &rules,
            &[],
        );
        assert!(!again.writes(), "{strategy:?}: and nothing is left to do");
    }
}

#[test]
fn s08_a_conflict_holds_up_no_other_field_and_stays_the_same() {
    let base = member(&[(Phone, "1"), (Town, "Trim"), (Email, "a@example.ie")]);
    let club = member(&[(Phone, "2"), (Town, "Trim"), (Email, "b@example.ie")]);
    let federation = member(&[(Phone, "3"), (Town, "Navan"), (Email, "a@example.ie")]);
    let rules = Rules {
        strategy: Merge,
        ..rules(&[Phone, Town, Email])
    };
    let sides = Sides {
        base: Some(&base),
        local: Some(&club),
        left: false,
        remote: Remote::Listed(&federation),
    };
    let decision = decide(sides, &rules, &[]);
    let after = decision.after(None, NOW).unwrap();
    assert_eq!(decision.kind, Kind::Conflict, "the phone is asked about");
    assert_eq!(
        after.values,
        member(&[(Phone, "2"), (Town, "Navan"), (Email, "b@example.ie")]),
        "the town is taken over, the e-mail kept, the phone untouched"
    );
    let again = decide(
        Sides::of(Some(&after), Remote::Listed(&federation)),
        &rules,
        &[],
    );
    assert!(!again.writes(), "there is nothing more to apply");
    let of = |field: &connectors::sync::outcome::FieldOutcome<'_>| {
        [field.base, field.club, field.federation].map(|value| value.map(str::to_owned))
    };
    assert_eq!(
        again.conflicts().map(of).collect::<Vec<_>>(),
        decision.conflicts().map(of).collect::<Vec<_>>(),
        "and the question is the same question"
    );
}

#[test]
fn the_losing_value_stays_in_the_decision() {
    let [base, club, federation] = ["1", "2", "3"].map(phone);
    for strategy_ in [FederationWins, LocalWins] {
        let rules = strategy(strategy_);
        let sides = Sides {
            base: Some(&base),
            local: Some(&club),
            left: false,
            remote: Remote::Listed(&federation),
        };
        let decision = decide(sides, &rules, &[]);
        let outcome = decision.fields[0];
        assert!(outcome.overrules(), "{strategy_:?}: one side gives way");
        assert_eq!(
            [outcome.base, outcome.club, outcome.federation],
            [Some("1"), Some("2"), Some("3")],
            "{strategy_:?}: and all three values are there to be shown and taken back"
        );
    }
}

#[test]
fn s09_a_remembered_decision_settles_it_under_each_strategy() {
    let [base, club, federation] = ["1", "2", "3"].map(phone);
    let about = |take| Remembered::new(Phone, take, Some("3"), Some("2"));
    for strategy_ in [FederationWins, LocalWins, Merge] {
        for (take, becomes, reason) in [
            (Take::Federation, Some("3"), FieldReason::DecidedFederation),
            (Take::Club, Some("2"), FieldReason::DecidedClub),
            (
                Take::Value("4".into()),
                Some("4"),
                FieldReason::DecidedValue,
            ),
            (Take::Value("".into()), None, FieldReason::DecidedValue),
        ] {
            let rules = strategy(strategy_);
            let remembered = [about(Take::Club), about(take)];
            let sides = Sides {
                base: Some(&base),
                local: Some(&club),
                left: false,
                remote: Remote::Listed(&federation),
            };
            let decision = decide(sides, &rules, &remembered);
            assert_eq!(
                decision.fields[0].reason, reason,
                "the last decision counts"
            );
            let after = decision.after(None, NOW).unwrap();
            assert_eq!(after.values.get(Phone), becomes, "{reason:?}: it is done");
            let again = decide(
                Sides::of(Some(&after), Remote::Listed(&federation)),
                &rules,
                &remembered,
            );
            assert!(!again.writes(), "{reason:?}: once");
            assert_eq!(
                again.conflicts().count(),
                0,
                "{reason:?}: nobody is asked again"
            );
        }
    }
}

#[test]
fn s09_a_new_value_of_the_federation_is_a_new_question() {
    let [base, club, federation] = ["1", "2", "9"].map(phone);
    let remembered = [Remembered::new(
        Phone,
        Take::Federation,
        Some("3"),
        Some("2"),
    )];
    let rules = strategy(Merge);
    let sides = Sides {
        base: Some(&base),
        local: Some(&club),
        left: false,
        remote: Remote::Listed(&federation),
    };
    let decision = decide(sides, &rules, &remembered);
    assert_eq!(decision.kind, Kind::Conflict, "nobody decided about 9");
}

#[test]
fn only_mapped_fields_change() {
    let base = member(&[(Phone, "1"), (Town, "Trim")]);
    let federation = member(&[(Phone, "2"), (MemberField::MedicalNotes, "asthma")]);
    let rules = rules(&[Phone]);
    let record = MemberRecord {
        values: base.clone(),
        base: Some(base),
        left_at: None,
    };
    let sides = Sides::of(Some(&record), Remote::Listed(&federation));
    let after = decide(sides, &rules, &[]).after(None, NOW).unwrap();
    let expected = member(&[(Phone, "2"), (Town, "Trim")]);
    assert_eq!(after.values, expected, "the town is not the template's");
    assert_eq!(after.base, Some(expected), "nor in the base");
    let new = decide(Sides::of(None, Remote::Listed(&federation)), &rules, &[]);
    let new = new.after(None, NOW).unwrap();
    assert_eq!(
        (new.values, new.base),
        (member(&[(Phone, "2")]), Some(member(&[(Phone, "2")]))),
        "a new member has only what is mapped"
    );
}

#[test]
fn an_identifier_is_not_taken_away() {
    let known = member(&[(MemberField::ExternalId, "7"), (Phone, "1")]);
    let federation = member(&[(Phone, "2")]);
    let record = MemberRecord {
        values: known.clone(),
        base: Some(known),
        left_at: None,
    };
    let rules = rules(&[MemberField::ExternalId, Phone]);
    let sides = Sides::of(Some(&record), Remote::Listed(&federation));
    let after = decide(sides, &rules, &[]).after(None, NOW).unwrap();
    let expected = member(&[(MemberField::ExternalId, "7"), (Phone, "2")]);
    assert_eq!(after.values, expected, "next season it counts again");
    assert_eq!(
        after.base,
        Some(expected),
        "so that the member is found by it"
    );
}

#[test]
fn a_local_member_is_adopted_without_losing_anything() {
    let club = member(&[(FirstName, "Seán"), (Phone, "2"), (Town, "Trim")]);
    let federation = member(&[(FirstName, "Seán"), (Phone, "3"), (Email, "a@example.ie")]);
    let rules = Rules {
        strategy: Merge,
        ..rules(&[FirstName, Phone, Town, Email])
    };
    let sides = Sides {
        base: None,
        local: Some(&club),
        left: false,
        remote: Remote::Listed(&federation),
    };
    let decision = decide(sides, &rules, &[]);
    let reasons: Vec<_> = decision
        .fields
        .iter()
        .map(|f| (f.field, f.reason))
        .collect();
    assert_eq!(
        reasons,
        [
            (FirstName, FieldReason::Agreed),
            (Email, FieldReason::FilledIn),
            (Phone, FieldReason::Conflict),
            (Town, FieldReason::ClubOnly),
        ],
        "equal, only the federation's, two that differ, only the club's"
    );
    let after = decision.after(None, NOW).unwrap();
    assert_eq!(
        after.base,
        Some(member(&[(FirstName, "Seán"), (Email, "a@example.ie")])),
        "what is not settled is not in the base"
    );
    let again = decide(
        Sides::of(Some(&after), Remote::Listed(&federation)),
        &rules,
        &[],
    );
    assert!(!again.writes() && again.kind == Kind::Conflict, "it waits");
}

#[test]
fn an_equal_member_is_adopted_unseen() {
    let club = phone("1");
    let rules = strategy(Merge);
    let sides = Sides {
        base: None,
        local: Some(&club),
        left: false,
        remote: Remote::Listed(&club),
    };
    let decision = decide(sides, &rules, &[]);
    assert_eq!(decision.kind, Kind::Adopt, "it has a base from now on");
    assert!(
        decision.writes() && !decision.is_visible(),
        "and nobody sees it"
    );
    let nothing = MemberValues::default();
    let sides = Sides {
        remote: Remote::Listed(&nothing),
        local: Some(&nothing),
        ..sides
    };
    let decision = decide(sides, &rules, &[]);
    assert!(
        decision.writes(),
        "even where there is no value to agree about"
    );
    let after = decision.after(None, NOW).unwrap();
    let again = decide(Sides::of(Some(&after), sides.remote), &rules, &[]);
    assert!(!again.writes(), "once");
}

#[test]
fn no_decision_prints_a_value() {
    let [base, club, federation] = ["0861234567", "0869999999", "0868888888"].map(phone);
    let sides = Sides {
        base: Some(&base),
        local: Some(&club),
        left: false,
        remote: Remote::Listed(&federation),
    };
    let printed = format!("{:?}", decide(sides, &strategy(FederationWins), &[]));
    assert!(printed.contains("FederationWins"), "the reason is told");
    assert!(
        !printed.contains("086") && !printed.contains("Róisín"),
        "no value is"
    );
}

/// A member whom the federation gave by identifier and given name alone, found now by the club's own names.
#[test]
fn half_a_name_stays_half_while_the_other_half_waits() {
    let base = member(&[(FirstName, "Una")]);
    let local = member(&[(FirstName, "Seán"), (LastName, "Byrne")]);
    let remote = member(&[(FirstName, "SEAN"), (LastName, "Byrne")]);
    let rules = Rules {
        strategy: Merge,
        ..rules(&[FirstName, LastName])
    };
    let record = MemberRecord {
        values: local,
        base: Some(base),
        left_at: None,
    };
    let decision = decide(
        Sides::of(Some(&record), Remote::Listed(&remote)),
        &rules,
        &[],
    );
    assert_eq!(decision.conflicts().count(), 1, "the given name waits");
    let after = decision.after(None, NOW);
    let names = |record: &MemberRecord| MatchKey::of_member(record.base.as_ref(), &record.values);
    let after = after.unwrap_or(record);
    assert_eq!(
        names(&after).names,
        names_of(&remote),
        "the next list must find the member again, not Una Byrne whom nobody ever gave"
    );
}

fn names_of(values: &MemberValues) -> Option<NameKey> {
    NameKey::of(values.get(FirstName), values.get(LastName))
}
