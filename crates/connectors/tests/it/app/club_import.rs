//! Lists of clubs (M7): partial success, nothing lost, the same list again changes nothing.

use connectors::error::{Code, FieldRule};
use connectors::view::{ClubImportOutcome, ClubListRequest};
use testkit::Bench;

use super::clubs::connect;
use super::support::{add, code, rules};

use ClubImportOutcome::{Already, Connected, Refused};

#[tokio::test]
async fn each_line_of_a_list_has_its_own_outcome() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    add(&app, "football").await;
    connect(&app, "football", "old", "Old Club", "1").await;
    let text = "\
org;name;federation_org
old;Old Club;1
new;Cumann Nua;2
;No Id;3
other;Other;1
new;Cumann Nua;4
short;Short
long;Long;5;6
last;Last;7
";
    let done = app.org_import("football", text).await.unwrap();
    let lines: Vec<_> = done
        .lines
        .iter()
        .map(|line| {
            let field = line
                .fields
                .first()
                .map(|one| (one.field.as_str(), one.rule));
            (line.line, line.org.as_str(), line.outcome, field)
        })
        .collect();
    let taken = FieldRule::AlreadyConnected;
    assert_eq!(
        lines,
        [
            (2, "old", Already, None),
            (3, "new", Connected, None),
            (4, "", Refused, Some(("org", FieldRule::Required))),
            (5, "other", Refused, Some(("federation_org", taken))),
            (6, "new", Refused, Some(("org", taken))),
            (
                7,
                "short",
                Refused,
                Some(("federation_org", FieldRule::Required))
            ),
            (8, "long", Refused, Some(("line", FieldRule::Pattern))),
            (9, "last", Connected, None),
        ],
        "no line is lost, each says what became of it"
    );
    assert_eq!(
        (done.connected, done.already, done.refused),
        (2, 1, 5),
        "and the numbers agree"
    );
    let listed = app.org_list(ClubListRequest::default()).await.unwrap();
    let names: Vec<&str> = listed.rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(
        names,
        ["Cumann Nua", "Last", "Old Club"],
        "what was refused is nowhere"
    );
    assert_eq!(
        code(app.org_connectors("other").await),
        Code::NotFound,
        "nor is its club left behind"
    );
    let again = app.org_import("football", text).await.unwrap();
    assert_eq!(
        (again.connected, again.already, again.refused),
        (0, 3, 5),
        "the same list again changes nothing"
    );
}

#[tokio::test]
async fn what_is_no_list_is_refused_as_a_whole() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    add(&app, "football").await;
    assert_eq!(
        rules(app.org_import("football", "org,name\na,A").await),
        [("text".to_owned(), FieldRule::Pattern)],
        "a column is missing"
    );
    let none = app.org_import("football", "\n \n").await.unwrap();
    assert_eq!(none.lines.len(), 0, "nothing is nothing");
    assert_eq!(
        code(app.org_import("nosuch", "a,A,1").await),
        Code::NotFound,
        "an unknown connector"
    );
}

#[tokio::test]
async fn five_thousand_clubs_are_one_import_and_a_quick_list() {
    use std::fmt::Write as _;

    let bench = Bench::new();
    let app = bench.open_app().await;
    add(&app, "football").await;
    let mut text = String::new();
    for n in 0..5_000 {
        writeln!(text, "own-{n:04},Club {},{n}", n % 7).unwrap();
    }
    let done = app.org_import("football", &text).await.unwrap();
    assert_eq!(done.connected, 5_000, "all of them");
    let mut seen = std::collections::BTreeSet::new();
    for offset in (0..5_100).step_by(300) {
        let page = app
            .org_list(ClubListRequest {
                offset,
                limit: Some(300),
                ..ClubListRequest::default()
            })
            .await
            .unwrap();
        assert_eq!(page.total, 5_000, "each page tells the whole number");
        for row in page.rows {
            assert!(seen.insert(row.org), "equal names: each is shown once");
        }
    }
    assert_eq!(seen.len(), 5_000, "and none is left out");
}
