//! Who leaves and who comes back.

use connectors::clock::UtcMillis;
use connectors::members::MemberField::Phone;
use connectors::members::MemberValues;
use connectors::settings::ConflictStrategy::{self, FederationWins, Merge};
use connectors::sync::decide::{Remote, Sides, decide};
use connectors::sync::outcome::{Kind, Standing};
use connectors::sync::record::MemberRecord;
use connectors::sync::rules::Rules;

use super::{member, rules};

const NOW: UtcMillis = UtcMillis(1_000);

fn phone(value: &str) -> MemberValues {
    member(&[(Phone, value)])
}

fn strategy(strategy: ConflictStrategy) -> Rules {
    Rules {
        strategy,
        ..rules(&[Phone])
    }
}

#[test]
fn leaving_and_coming_back() {
    let values = phone("1");
    let record = MemberRecord {
        values: values.clone(),
        base: Some(values.clone()),
        left_at: None,
    };
    let rules = strategy(Merge);
    let gone = decide(Sides::of(Some(&record), Remote::Gone), &rules, &[]);
    assert_eq!(
        (gone.kind, gone.standing),
        (Kind::Leaver, Standing::Leaves),
        "it is not in the list any more"
    );
    let left = gone.after(None, NOW).unwrap();
    assert_eq!(left.left_at, Some(NOW), "since when it has left");
    assert_eq!(
        (&left.values, &left.base),
        (&record.values, &record.base),
        "a leaver loses nothing"
    );
    let still = decide(Sides::of(Some(&left), Remote::Gone), &rules, &[]);
    assert!(!still.writes(), "it leaves once");
    let still = still.after(left.left_at, UtcMillis(2_000)).unwrap();
    assert_eq!(still.left_at, Some(NOW), "the date stays the first");
    let news = phone("2");
    let back = decide(Sides::of(Some(&left), Remote::Listed(&news)), &rules, &[]);
    assert_eq!(
        (back.kind, back.standing),
        (Kind::Returner, Standing::Returns),
        "it is in the list again"
    );
    let back = back.after(left.left_at, UtcMillis(3_000)).unwrap();
    assert_eq!(
        (back.left_at, back.values.get(Phone)),
        (None, Some("2")),
        "with its news"
    );
}

#[test]
fn a_returner_with_a_conflict_comes_back_all_the_same() {
    let [base, club, federation] = ["1", "2", "3"].map(phone);
    let record = MemberRecord {
        values: club,
        base: Some(base),
        left_at: Some(NOW),
    };
    let rules = strategy(Merge);
    let decision = decide(
        Sides::of(Some(&record), Remote::Listed(&federation)),
        &rules,
        &[],
    );
    assert_eq!(decision.kind, Kind::Conflict, "the phone is asked about");
    let after = decision.after(record.left_at, NOW).unwrap();
    assert_eq!(after.left_at, None, "whether it has left is not");
}

#[test]
fn s06_only_a_complete_list_makes_anybody_leave() {
    let values = phone("1");
    let record = MemberRecord {
        values: values.clone(),
        base: Some(values),
        left_at: None,
    };
    let rules = strategy(FederationWins);
    for (complete, kind) in [(true, Kind::Leaver), (false, Kind::Unchanged)] {
        let decision = decide(
            Sides::of(Some(&record), Remote::of(None, complete)),
            &rules,
            &[],
        );
        assert_eq!(decision.kind, kind, "complete: {complete}");
    }
}

#[test]
fn a_member_of_the_club_alone_never_leaves() {
    let record = MemberRecord {
        values: phone("1"),
        ..MemberRecord::default()
    };
    let decision = decide(
        Sides::of(Some(&record), Remote::Gone),
        &strategy(FederationWins),
        &[],
    )
    .kind;
    assert_eq!(decision, Kind::Unchanged, "the list never had it");
}
