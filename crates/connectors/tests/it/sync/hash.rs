use connectors::members::MemberField::Phone;
use connectors::members::MemberValues;
use connectors::sync::decide::{Remote, Sides, decide};
use connectors::sync::hash::{PlanHash, PlanHasher, RowDigest, RowOrderError};

use super::{member, rules};

fn digest(key: &[u8], phone: [&str; 3]) -> RowDigest {
    let [base, club, federation]: [MemberValues; 3] = phone.map(|value| member(&[(Phone, value)]));
    let sides = Sides {
        base: Some(&base),
        local: Some(&club),
        left: false,
        remote: Remote::Listed(&federation),
    };
    RowDigest::of_decision(key, &decide(sides, &rules(&[Phone]), &[]))
}

fn hash(mut rows: Vec<(&[u8], RowDigest)>) -> PlanHash {
    rows.sort();
    let mut hasher = PlanHasher::default();
    for (key, digest) in rows {
        hasher.push(key, digest).unwrap();
    }
    hasher.finish()
}

#[test]
fn each_value_of_a_row_counts() {
    let row = digest(b"7", ["1", "2", "3"]);
    assert_eq!(row, digest(b"7", ["1", "2", "3"]), "the same row");
    for (other, why) in [
        (digest(b"8", ["1", "2", "3"]), "another member"),
        (digest(b"7", ["9", "2", "3"]), "another base"),
        (digest(b"7", ["1", "9", "3"]), "another value of the club"),
        (
            digest(b"7", ["1", "2", "9"]),
            "another value of the federation",
        ),
        (RowDigest::of_problem(b"7", "duplicate_id"), "a problem"),
    ] {
        assert_ne!(row, other, "{why} is another row");
    }
    assert_ne!(
        RowDigest::of_problem(b"7", "x"),
        RowDigest::of_problem(b"7x", ""),
        "parts do not run into each other"
    );
}

#[test]
fn the_order_of_arrival_makes_no_difference_and_each_row_does() {
    let one = (&b"1"[..], digest(b"1", ["1", "1", "2"]));
    let two = (&b"2"[..], digest(b"2", ["1", "1", "2"]));
    let twice = (&b"2"[..], RowDigest::of_problem(b"2", "duplicate_id"));
    let whole = hash(vec![one, two, twice]);
    assert_eq!(
        whole,
        hash(vec![twice, one, two]),
        "sorted, it is the same plan"
    );
    assert_ne!(whole, hash(vec![one, two]), "a row less is another plan");
    assert_ne!(
        hash(vec![one, twice]),
        hash(vec![one, twice, twice]),
        "two equal problems are two"
    );
    let text = whole.to_string();
    assert!(
        text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()),
        "{text} is written in full"
    );
}

#[test]
fn rows_out_of_order_are_refused() {
    let row = RowDigest::of_problem(b"1", "unidentified");
    let mut hasher = PlanHasher::default();
    assert_eq!(hasher.push(b"2", row), Ok(()), "the first");
    assert_eq!(
        hasher.push(b"1", row),
        Err(RowOrderError),
        "a plan hashed in another order would not be comparable"
    );
}
