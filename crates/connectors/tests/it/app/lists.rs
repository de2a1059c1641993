//! The list of connectors (A10): search, filters, orders, pages.

use std::collections::BTreeSet;

use connectors::App;
use connectors::error::FieldRule;
use connectors::view::{
    ConnectorFilter, ConnectorListRequest, ConnectorSort, CountsView, EndpointSettings, Status,
};
use practice_federation::{Fault, Practice};
use testkit::Bench;

use super::support::{
    add, add_practice, codes, practice, request, rules, set_key, settings, state, test,
};

fn searching(search: &str) -> ConnectorListRequest {
    ConnectorListRequest {
        search: search.to_owned(),
        ..ConnectorListRequest::default()
    }
}

fn filtered(filter: ConnectorFilter) -> ConnectorListRequest {
    ConnectorListRequest {
        filter,
        ..ConnectorListRequest::default()
    }
}

fn sorted(sort: ConnectorSort, descending: bool) -> ConnectorListRequest {
    ConnectorListRequest {
        sort,
        descending,
        ..ConnectorListRequest::default()
    }
}

async fn add_named(app: &App, code: &str, name: &str) {
    let mut named = settings(code);
    named.name = name.to_owned();
    app.connector_add(request(named, None)).await.unwrap();
}

#[tokio::test]
async fn a10_search_knows_neither_fadas_nor_capitals_nor_order() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_named(&app, "kerry", "Ó Sé agus Daoine Eile").await;
    add_named(&app, "cork_100", "Na Piarsaigh 100%_").await;
    add_named(&app, "dublin", "Cumann Bhaile Átha Cliath").await;
    let cases: [(&str, &[&str]); 12] = [
        ("o se", &["kerry"]),
        ("Ó SÉ", &["kerry"]),
        ("se o", &["kerry"]),
        ("daoine se", &["kerry"]),
        ("atha", &["dublin"]),
        ("CORK", &["cork_100"]),
        ("_100", &["cork_100"]),
        ("100%_", &["cork_100"]),
        ("%", &["cork_100"]),
        ("'", &[]),
        ("nobody", &[]),
        ("  ", &["dublin", "cork_100", "kerry"]),
    ];
    for (search, found) in cases {
        let list = app.connector_list(searching(search)).await.unwrap();
        let rows: Vec<&str> = list.rows.iter().map(|row| row.code.as_str()).collect();
        assert_eq!(rows, found, "searching for {search:?}");
        assert_eq!(list.total as usize, found.len(), "{search:?}: the number");
        assert_eq!(list.counts.all, 3, "counts do not follow the search");
    }
}

/// One connector of every filter.
async fn one_of_each(app: &App, practice: &Practice) {
    for code in ["needs_you", "waiting", "healthy", "paused", "deleted"] {
        add_practice(app, code, practice).await;
    }
    add(app, "not_tested").await;
    set_key(app, "needs_you", "wrong").await;
    test(app, "needs_you").await;
    practice.set_fault(Fault::status(503));
    test(app, "waiting").await;
    practice.clear_faults();
    test(app, "healthy").await;
    app.connector_set_status("paused", Status::Inactive)
        .await
        .unwrap();
    app.connector_remove("deleted").await.unwrap();
}

#[tokio::test]
async fn a10_filters_and_counts_agree() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    one_of_each(&app, &practice).await;
    let list = app
        .connector_list(ConnectorListRequest::default())
        .await
        .unwrap();
    let expected = CountsView {
        all: 5,
        needs_you: 1,
        waiting: 1,
        healthy: 1,
        paused: 1,
        not_tested: 1,
        deleted: 1,
    };
    assert_eq!(list.counts, expected, "one of each");
    assert_eq!(
        app.status().await.connectors,
        Some(expected),
        "the status tells the same numbers"
    );
    for (filter, code) in [
        (ConnectorFilter::NeedsYou, "needs_you"),
        (ConnectorFilter::Waiting, "waiting"),
        (ConnectorFilter::Healthy, "healthy"),
        (ConnectorFilter::Paused, "paused"),
        (ConnectorFilter::NotTested, "not_tested"),
        (ConnectorFilter::Deleted, "deleted"),
    ] {
        assert_eq!(
            codes(&app, filtered(filter)).await,
            [code],
            "{filter:?} lists what it counts"
        );
    }
    let inactive = ConnectorListRequest {
        status: Some(Status::Inactive),
        ..ConnectorListRequest::default()
    };
    assert_eq!(
        codes(&app, inactive).await,
        ["paused"],
        "by mission status; the deleted one is not among them"
    );
    assert!(
        matches!(state(&app).await, connectors::view::AppStateView::Open),
        "listing changes nothing"
    );
}

#[tokio::test]
async fn a10_orders_are_what_they_say() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    one_of_each(&app, &practice).await;
    assert_eq!(
        codes(&app, sorted(ConnectorSort::Attention, false)).await,
        ["needs_you", "waiting", "healthy", "not_tested", "paused"],
        "what needs a person first"
    );
    let by_name = codes(&app, sorted(ConnectorSort::Name, false)).await;
    assert_eq!(
        by_name,
        ["healthy", "needs_you", "not_tested", "paused", "waiting"],
        "by name"
    );
    let by_status = codes(&app, sorted(ConnectorSort::Status, false)).await;
    assert_eq!(
        by_status,
        ["healthy", "needs_you", "not_tested", "waiting", "paused"],
        "active before inactive, then by name"
    );
    for sort in [
        ConnectorSort::Attention,
        ConnectorSort::Name,
        ConnectorSort::Status,
        ConnectorSort::LastSync,
    ] {
        let mut up = codes(&app, sorted(sort, false)).await;
        up.reverse();
        assert_eq!(
            codes(&app, sorted(sort, true)).await,
            up,
            "{sort:?} the other way round"
        );
    }
}

#[tokio::test]
async fn a10_pages_of_a_thousand_show_each_once() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    let all: Vec<_> = (0..1_000)
        .map(|n| {
            let mut one = settings(&format!("club_{n:04}"));
            // Equal names: the order must be total all the same.
            one.name = format!("Club {}", n % 7);
            one
        })
        .collect();
    let text = connectors::connector_file::write(&all).unwrap();
    let done = app.connector_import(&text).await.unwrap();
    assert_eq!(done.created.len(), 1_000, "a thousand are made");
    for sort in [ConnectorSort::Attention, ConnectorSort::Name] {
        let mut seen = Vec::new();
        for offset in (0..1_100).step_by(90) {
            let page = app
                .connector_list(ConnectorListRequest {
                    sort,
                    offset,
                    limit: Some(90),
                    ..ConnectorListRequest::default()
                })
                .await
                .unwrap();
            assert_eq!(page.total, 1_000, "each page tells the whole number");
            assert_eq!(page.counts.all, 1_000, "and the counts");
            seen.extend(page.rows.into_iter().map(|row| row.code));
        }
        assert_eq!(seen.len(), 1_000, "{sort:?}: none twice");
        let each: BTreeSet<&String> = seen.iter().collect();
        assert_eq!(each.len(), 1_000, "{sort:?}: none left out");
        assert_eq!(
            codes(&app, sorted(sort, false)).await,
            seen,
            "{sort:?}: the pages are the list"
        );
    }
    let found = app.connector_list(searching("club 3 0003")).await.unwrap();
    assert_eq!(found.total, 1, "a search among a thousand");
    for limit in [0, 501] {
        let outcome = app
            .connector_list(ConnectorListRequest {
                limit: Some(limit),
                ..ConnectorListRequest::default()
            })
            .await;
        assert_eq!(
            rules(outcome),
            [("limit".to_owned(), FieldRule::OutOfRange)],
            "a page of {limit} is refused"
        );
    }
    assert_ne!(
        all[0].endpoints,
        EndpointSettings::default(),
        "these are real settings"
    );
}
