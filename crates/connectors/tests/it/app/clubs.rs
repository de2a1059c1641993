//! Clubs and their connections through `App` (M7, C01, C02, A09).

use connectors::App;
use connectors::clock::UtcMillis;
use connectors::error::{Code, FieldRule};
use connectors::view::{
    ClubConnectRequest, ClubEventKind, ClubListRequest, ClubSort, ClubState, ClubView,
    ConnectorListRequest,
};
use testkit::Bench;

use super::support::{add, code, rules};

pub(crate) fn club(code: &str, org: &str, name: &str, federation_org: &str) -> ClubConnectRequest {
    ClubConnectRequest {
        code: code.to_owned(),
        org: org.to_owned(),
        name: name.to_owned(),
        federation_org: federation_org.to_owned(),
        federation_name: None,
    }
}

pub(crate) async fn connect(
    app: &App,
    code: &str,
    org: &str,
    name: &str,
    federation_org: &str,
) -> ClubView {
    app.org_connect(club(code, org, name, federation_org))
        .await
        .unwrap()
}

async fn listed(app: &App, request: ClubListRequest) -> Vec<(String, String)> {
    let rows = app.org_list(request).await.unwrap().rows;
    rows.into_iter().map(|row| (row.code, row.org)).collect()
}

fn pair(code: &str, org: &str) -> (String, String) {
    (code.to_owned(), org.to_owned())
}

#[tokio::test]
async fn m7_a_club_is_connected_and_both_directions_tell_it() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    add(&app, "football").await;
    bench.clock.advance_ms(1);
    add(&app, "hockey").await;
    let made = connect(
        &app,
        "football",
        " ballyduff ",
        " Baile Uí Dhuibh ",
        " club-1 ",
    )
    .await;
    assert_eq!(
        (
            made.org.as_str(),
            made.name.as_str(),
            made.federation_org.as_str()
        ),
        ("ballyduff", "Baile Uí Dhuibh", "club-1"),
        "blanks around what was pasted mean nothing"
    );
    assert_eq!(made.enabled_at, testkit::START + 1, "it is enabled now");
    assert_eq!(made.last_sync_at, None, "and was never synced");
    assert_eq!(made.state, ClubState::NeverSynced, "which its state says");
    bench.clock.advance_ms(1);
    connect(&app, "hockey", "ballyduff", "Baile Uí Dhuibh", "17").await;
    connect(&app, "football", "ardmore", "Ardmore", "club-2").await;
    assert_eq!(
        listed(&app, ClubListRequest::default()).await,
        [
            pair("football", "ardmore"),
            pair("football", "ballyduff"),
            pair("hockey", "ballyduff")
        ],
        "all, by the club's name, one row a connection"
    );
    let of_football = ClubListRequest {
        code: Some("football".to_owned()),
        ..ClubListRequest::default()
    };
    assert_eq!(
        listed(&app, of_football).await,
        [pair("football", "ardmore"), pair("football", "ballyduff")],
        "the clubs of a connector"
    );
    let of_club = app.org_connectors("ballyduff").await.unwrap();
    let codes: Vec<&str> = of_club
        .connections
        .iter()
        .map(|c| c.code.as_str())
        .collect();
    assert_eq!(
        codes,
        ["hockey", "football"],
        "the connectors of a club, the newest first"
    );
    let shown = app.connector_show("football").await.unwrap();
    assert_eq!(shown.row.clubs, 2, "a connector counts its clubs");
    let rows = app
        .connector_list(ConnectorListRequest::default())
        .await
        .unwrap()
        .rows;
    let counts: Vec<u32> = rows.iter().map(|row| row.clubs).collect();
    assert_eq!(counts, [2, 1], "so does the list");
    assert_eq!(
        code(app.org_connectors("nobody").await),
        Code::NotFound,
        "an unknown club"
    );
    let nosuch = ClubListRequest {
        code: Some("nosuch".to_owned()),
        ..ClubListRequest::default()
    };
    assert_eq!(
        code(app.org_list(nosuch).await),
        Code::NotFound,
        "an unknown connector"
    );
}

#[tokio::test]
async fn c01_club_and_federation_id_are_needed_and_duplicates_are_refused_beside_their_field() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    add(&app, "football").await;
    add(&app, "hockey").await;
    let rule = |field: &str, rule| vec![(field.to_owned(), rule)];
    let long = "x".repeat(201);
    for (request, expected) in [
        (
            club("football", " ", "", ""),
            vec![
                ("org".to_owned(), FieldRule::Required),
                ("name".to_owned(), FieldRule::Required),
                ("federation_org".to_owned(), FieldRule::Required),
            ],
        ),
        (
            club("football", &long, "A", "1"),
            rule("org", FieldRule::TooLong),
        ),
        (
            club("football", "a", &long, "1"),
            rule("name", FieldRule::TooLong),
        ),
        (
            club("football", "a", "A", &long),
            rule("federation_org", FieldRule::TooLong),
        ),
        (
            club("football", "a", "A\nB", "1"),
            rule("name", FieldRule::ControlCharacter),
        ),
        (
            club("football", "a", "A", ".."),
            rule("federation_org", FieldRule::Pattern),
        ),
    ] {
        let told = format!("{request:?}");
        assert_eq!(rules(app.org_connect(request).await), expected, "{told}");
    }
    connect(&app, "football", "ballyduff", "Ballyduff", "1").await;
    for (request, fields) in [
        (club("football", "ballyduff", "Ballyduff", "2"), vec!["org"]),
        (
            club("football", "ardmore", "Ardmore", "1"),
            vec!["federation_org"],
        ),
        (club("football", "ballyduff", "Ballyduff", "1"), vec!["org"]),
    ] {
        let told = format!("{request:?}");
        let outcome = app.org_connect(request).await;
        assert_eq!(
            outcome.as_ref().map_err(connectors::error::Error::code),
            Err(Code::Duplicate),
            "{told}: a code that a client acts on"
        );
        let expected: Vec<_> = fields
            .into_iter()
            .map(|field| (field.to_owned(), FieldRule::AlreadyConnected))
            .collect();
        assert_eq!(rules(outcome), expected, "{told}: beside its field");
    }
    connect(&app, "hockey", "ardmore", "Ardmore", "1").await;
    assert_eq!(
        app.org_list(ClubListRequest::default())
            .await
            .unwrap()
            .total,
        2,
        "another connector has ids of its own, and nothing refused was stored"
    );
    app.connector_remove("hockey").await.unwrap();
    assert_eq!(
        code(app.org_connect(club("hockey", "x", "X", "9")).await),
        Code::Deleted,
        "a deleted connector takes no club"
    );
}

#[tokio::test]
async fn c02_a_disconnection_keeps_the_history_and_connecting_again_is_a_new_start() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    add(&app, "football").await;
    let first = connect(&app, "football", "ballyduff", "Ballyduff", "1").await;
    bench.clock.advance_ms(1_000);
    app.org_set_last_sync("football", "ballyduff", UtcMillis(testkit::START + 500))
        .await
        .unwrap();
    bench.clock.advance_ms(1_000);
    let ended = app.org_disconnect("football", "ballyduff").await.unwrap();
    assert_eq!(ended.state, ClubState::Disconnected, "it says so");
    assert_eq!(
        ended.disconnected_at,
        Some(testkit::START + 2_000),
        "and when"
    );
    assert_eq!(
        code(app.org_disconnect("football", "ballyduff").await),
        Code::NotFound,
        "once is enough"
    );
    assert_eq!(
        listed(&app, ClubListRequest::default()).await,
        [],
        "it is in no list"
    );
    bench.clock.advance_ms(1_000);
    let second = connect(&app, "football", "ballyduff", "Ballyduff", "2").await;
    assert_ne!(first.id, second.id, "another connection");
    assert_eq!(second.last_sync_at, None, "which was never synced");
    let history = app.org_connectors("ballyduff").await.unwrap();
    let kept: Vec<_> = history
        .connections
        .iter()
        .map(|one| {
            (
                one.federation_org.as_str(),
                one.last_sync_at,
                one.disconnected_at,
            )
        })
        .collect();
    assert_eq!(
        kept,
        [
            ("2", None, None),
            (
                "1",
                Some(testkit::START + 500),
                Some(testkit::START + 2_000)
            )
        ],
        "the old one is as it was"
    );
    let events: Vec<_> = history
        .events
        .iter()
        .map(|event| (event.at - testkit::START, event.kind))
        .collect();
    assert_eq!(
        events,
        [
            (3_000, ClubEventKind::Connected),
            (2_000, ClubEventKind::Disconnected),
            (0, ClubEventKind::Connected)
        ],
        "and what happened is told, newest first"
    );
}

#[tokio::test]
async fn the_time_of_the_last_sync_is_the_clubs_and_its_connectors() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    let before = add(&app, "football").await.version;
    connect(&app, "football", "a", "A", "1").await;
    connect(&app, "football", "b", "B", "2").await;
    connect(&app, "football", "c", "C", "3").await;
    for (org, at) in [("a", 9_000), ("b", 5_000)] {
        app.org_set_last_sync("football", org, UtcMillis(at))
            .await
            .unwrap();
    }
    let shown = app.connector_show("football").await.unwrap();
    assert_eq!(
        shown.row.last_sync_at,
        Some(9_000),
        "the newest of its clubs; a slower one does not set it back"
    );
    assert_eq!(shown.version, before, "nobody's edit is refused by it");
    let by_sync = |descending| ClubListRequest {
        sort: ClubSort::LastSync,
        descending,
        ..ClubListRequest::default()
    };
    let expected = [
        pair("football", "c"),
        pair("football", "b"),
        pair("football", "a"),
    ];
    assert_eq!(
        listed(&app, by_sync(false)).await,
        expected,
        "never synced first"
    );
    let mut turned = expected;
    turned.reverse();
    assert_eq!(
        listed(&app, by_sync(true)).await,
        turned,
        "and the other way round"
    );
    assert_eq!(
        code(
            app.org_set_last_sync("football", "nobody", UtcMillis(1))
                .await
        ),
        Code::NotFound,
        "an unknown club has none"
    );
}

#[tokio::test]
async fn a_list_is_searched_without_fadas_in_all_that_is_known() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    add(&app, "football").await;
    add(&app, "hockey").await;
    let mut named = club(
        "football",
        "bally_100%",
        "Cumann Bhaile Átha Cliath",
        "PF-77",
    );
    named.federation_name = Some("Dún Éideann RFC".to_owned());
    app.org_connect(named).await.unwrap();
    connect(&app, "hockey", "ardmore", "Ardmore", "12").await;
    for (search, found) in [
        ("atha BHAILE", vec!["bally_100%"]),
        ("%", vec!["bally_100%"]),
        ("pf-77", vec!["bally_100%"]),
        ("dun eideann", vec!["bally_100%"]),
        ("hockey", vec!["ardmore"]),
        ("ardmore football", vec![]),
        (" ", vec!["ardmore", "bally_100%"]),
    ] {
        let list = app
            .org_list(ClubListRequest {
                search: search.to_owned(),
                limit: Some(50),
                ..ClubListRequest::default()
            })
            .await
            .unwrap();
        let rows: Vec<&str> = list.rows.iter().map(|row| row.org.as_str()).collect();
        assert_eq!(rows, found, "searching for {search:?}");
        assert_eq!(list.total as usize, found.len(), "{search:?}: the number");
        assert_eq!(list.all, 2, "the number of all does not follow the search");
    }
    for limit in [0, 501] {
        let outcome = app
            .org_list(ClubListRequest {
                limit: Some(limit),
                ..ClubListRequest::default()
            })
            .await;
        assert_eq!(
            rules(outcome),
            [("limit".to_owned(), FieldRule::OutOfRange)],
            "a page of {limit}"
        );
    }
}

#[tokio::test]
async fn a09_a_deleted_connector_still_names_its_clubs_and_a_restore_brings_them_back() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    add(&app, "football").await;
    connect(&app, "football", "ballyduff", "Ballyduff", "1").await;
    app.connector_remove("football").await.unwrap();
    let of_it = ClubListRequest {
        code: Some("football".to_owned()),
        ..ClubListRequest::default()
    };
    assert_eq!(
        listed(&app, of_it.clone()).await,
        [pair("football", "ballyduff")],
        "who is affected can be told"
    );
    assert_eq!(
        listed(&app, ClubListRequest::default()).await,
        [],
        "the list of all has connectors in use only"
    );
    app.connector_restore("football").await.unwrap();
    assert_eq!(
        listed(&app, ClubListRequest::default()).await,
        [pair("football", "ballyduff")],
        "a restore brings the club back"
    );
    app.connector_remove("football").await.unwrap();
    app.connector_purge("football").await.unwrap();
    let history = app.org_connectors("ballyduff").await.unwrap();
    assert_eq!(
        (
            history.connections[0].code.as_str(),
            history.connections[0].state
        ),
        ("football", ClubState::Disconnected),
        "a purge ends its connections and keeps them as history"
    );
}

#[tokio::test]
async fn a_known_club_gets_the_name_that_is_given_last() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    add(&app, "football").await;
    add(&app, "hockey").await;
    connect(&app, "football", "ballyduff", "Ballyduf", "1").await;
    connect(&app, "hockey", "ballyduff", "Ballyduff", "1").await;
    let list = app.org_list(ClubListRequest::default()).await.unwrap();
    let names: Vec<&str> = list.rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(
        names,
        ["Ballyduff", "Ballyduff"],
        "one club has one name, everywhere"
    );
}
