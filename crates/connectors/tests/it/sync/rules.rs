use connectors::members::MemberField::{Email, FullName, Phone};
use connectors::settings::ConflictStrategy;
use connectors::sync::rules::{Remembered, Take};

use super::rules;

#[test]
fn a_field_may_have_a_strategy_of_its_own() {
    let mut rules = rules(&[Phone, Email]);
    rules.strategy = ConflictStrategy::FederationWins;
    rules.per_field.insert(Phone, ConflictStrategy::LocalWins);
    assert_eq!(
        rules.strategy_of(Phone),
        ConflictStrategy::LocalWins,
        "the exception goes before the strategy"
    );
    assert_eq!(
        rules.strategy_of(Email),
        ConflictStrategy::FederationWins,
        "the others keep the strategy"
    );
}

#[test]
fn a_full_name_never_becomes_a_value() {
    let fields: Vec<_> = rules(&[FullName, Phone]).fields().collect();
    assert_eq!(fields, [Phone], "a full name is only ever read");
}

#[test]
fn s09_a_decision_holds_for_what_was_shown() {
    let about = |take| Remembered::new(Phone, take, Some("1"), Some("2"));
    // (decision, federation now, club now, holds, why)
    for (decision, federation, club, holds, why) in [
        (about(Take::Federation), "1", "2", true, "nothing moved"),
        (
            about(Take::Federation),
            "3",
            "2",
            false,
            "the federation says something new",
        ),
        (
            about(Take::Federation),
            "1",
            "4",
            false,
            "it would overwrite a later edit",
        ),
        (
            about(Take::Value("5".into())),
            "1",
            "2",
            true,
            "nothing moved",
        ),
        (
            about(Take::Value("5".into())),
            "1",
            "4",
            false,
            "it would overwrite a later edit",
        ),
        (
            about(Take::Club),
            "1",
            "4",
            true,
            "the club's is the club's, whatever it is now",
        ),
        (
            about(Take::Club),
            "3",
            "2",
            false,
            "the federation says something new",
        ),
    ] {
        assert_eq!(
            decision.holds(Phone, Some(federation), Some(club)),
            holds,
            "{:?}: {why}",
            decision.take()
        );
        assert!(
            !decision.holds(Email, Some(federation), Some(club)),
            "another field is another question"
        );
    }
}

#[test]
fn an_empty_value_is_no_value() {
    let decision = Remembered::new(Phone, Take::Federation, Some(""), Some("2"));
    assert!(
        decision.holds(Phone, None, Some("2")),
        "a decision about a removed value is found again"
    );
}

#[test]
fn no_decision_prints_a_value() {
    let decision = Remembered::new(
        Email,
        Take::Value("sean@example.ie".into()),
        Some("aoife@example.ie"),
        Some("club@example.ie"),
    );
    let printed = format!("{decision:?}");
    assert!(printed.contains("Email"), "the field is told");
    assert!(!printed.contains("example"), "no value is");
}
