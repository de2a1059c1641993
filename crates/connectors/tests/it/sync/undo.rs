use connectors::clock::UtcMillis;
use connectors::members::MemberField::{Email, Phone};
use connectors::sync::decide::{Remote, Sides, decide};
use connectors::sync::record::MemberRecord;
use connectors::sync::undo::{JournalEntry, Refusal, Undo, keep_mine, undo};

use super::{member, rules};

fn record(phone: &str, base: &str) -> MemberRecord {
    MemberRecord {
        values: member(&[(Phone, phone), (Email, "a@example.ie")]),
        base: Some(member(&[(Phone, base)])),
        left_at: None,
    }
}

fn entry() -> JournalEntry {
    JournalEntry {
        before: Some(record("1", "1")),
        after: record("2", "2"),
    }
}

#[test]
fn s10_what_was_comes_back_whole() {
    let entry = entry();
    assert_eq!(
        undo(&entry, Some(&record("2", "2"))),
        Undo::Restore(&record("1", "1")),
        "the base too"
    );
    let made = JournalEntry {
        before: None,
        after: record("2", "2"),
    };
    assert_eq!(
        undo(&made, Some(&record("2", "2"))),
        Undo::Remove,
        "a member that the run made was not there"
    );
}

#[test]
fn s10_it_is_refused_with_the_reason() {
    let mut edited = record("3", "2");
    edited.values.set(Email, Some("b@example.ie"));
    let mut left = record("2", "2");
    left.left_at = Some(UtcMillis(5));
    let mut own = record("2", "2");
    own.base = None;
    let fields = |fields: &[_]| fields.to_vec();
    for (now, refusal) in [
        (
            Some(edited),
            Refusal::EditedLater {
                fields: fields(&[Email, Phone]),
            },
        ),
        (
            Some(record("2", "3")),
            Refusal::SyncedLater {
                fields: fields(&[Phone]),
            },
        ),
        (Some(own), Refusal::SyncedLater { fields: vec![] }),
        (Some(left), Refusal::StandingChanged),
        (None, Refusal::Gone),
        (Some(record("1", "1")), Refusal::AlreadyUndone),
    ] {
        assert_eq!(
            undo(&entry(), now.as_ref()),
            Undo::Refused(refusal.clone()),
            "{}",
            refusal.as_str()
        );
    }
    let made = JournalEntry {
        before: None,
        after: record("2", "2"),
    };
    assert_eq!(
        undo(&made, None),
        Undo::Refused(Refusal::AlreadyUndone),
        "there is nothing to take out"
    );
}

#[test]
fn keep_mine_is_not_asked_again() {
    let rules = rules(&[Phone]);
    let federation = member(&[(Phone, "2")]);
    let mut restored = record("1", "1");
    restored.base = keep_mine(restored.base.as_ref(), Some(&federation), &rules);
    let sides = Sides::of(Some(&restored), Remote::Listed(&federation));
    let decision = decide(sides, &rules, &[]);
    assert!(!decision.writes(), "the club keeps its value");
    assert_eq!(decision.conflicts().count(), 0, "and is not asked");
    restored.base = keep_mine(restored.base.as_ref(), None, &rules);
    let sides = Sides::of(Some(&restored), Remote::Gone);
    assert!(
        !decide(sides, &rules, &[]).writes(),
        "who was kept does not leave again"
    );
}
