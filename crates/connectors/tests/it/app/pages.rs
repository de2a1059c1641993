//! Whole lists through the client of a connector: every way of paging of the practice federation, every
//! fault in it, and answers that mean harm. Nothing here may panic, hang or fill the memory.

use connectors::App;
use connectors::api::circuit::Caller;
use connectors::api::paging::anomaly::PagingAnomaly;
use connectors::api::paging::list_error::ListError;
use connectors::api::records::path::{in_object, text_of};
use connectors::failure::Finding;
use connectors::settings::{AuthKind, PagingSettings, PagingStyle as S, RecordFormat};
use connectors::view::ConnectorSettings;
use practice_federation::{Practice, is_deleted_in_keyset, paging_row_id};
use testkit::Bench;
use tokio_util::sync::CancellationToken;

use super::support::{at, practice, request};

const ROWS: usize = 450;

fn paging(style: S, more: impl FnOnce(&mut PagingSettings)) -> PagingSettings {
    let mut paging = PagingSettings {
        style,
        records: Some("data".to_owned()),
        size: Some(100),
        ..PagingSettings::default()
    };
    more(&mut paging);
    paging
}

#[allow(
    clippy::unnecessary_wraps,
    reason = "a shorter word for the tables below"
)]
fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// Each style with the path below `/paging` and the settings that a person would make.
fn styles() -> Vec<(&'static str, PagingSettings)> {
    let numbered = |start| {
        paging(S::Page, |it| {
            it.start = Some(start);
            it.page_param = some("page");
            it.size_param = some("size");
        })
    };
    vec![
        (
            "page0",
            PagingSettings {
                total_pages: some("page.totalPages"),
                total: some("page.totalElements"),
                ..numbered(0)
            },
        ),
        (
            "page1",
            PagingSettings {
                records: some("content"),
                total_pages: some("totalPages"),
                ..numbered(1)
            },
        ),
        (
            "offset",
            paging(S::Offset, |it| {
                it.page_param = some("offset");
                it.size_param = some("limit");
                it.total = some("page.total");
            }),
        ),
        (
            "cursor",
            paging(S::Cursor, |it| {
                it.page_param = some("cursor");
                it.size_param = some("size");
                it.next = some("metadata.nextCursor");
                it.more = some("metadata.hasMore");
            }),
        ),
        (
            "link_body",
            paging(S::LinkBody, |it| {
                it.size_param = some("size");
                it.next = some("links.next.href");
            }),
        ),
        (
            "link_header",
            paging(S::LinkHeader, |it| {
                it.size_param = some("size");
                it.records = None;
            }),
        ),
        (
            "keyset",
            paging(S::Keyset, |it| {
                it.size_param = some("limit");
                it.records = None;
                it.keys = [("last-updated", "lastUpdated"), ("last-id", "id")]
                    .map(|(parameter, path)| (parameter.to_owned(), path.to_owned()))
                    .into();
            }),
        ),
        (
            "path/{page}/{size}",
            paging(S::Page, |it| {
                it.start = Some(0);
                it.total_pages = some("page.totalPages");
            }),
        ),
        (
            "header_totals",
            PagingSettings {
                records: None,
                size_param: some("per_page"),
                total_header: some("X-Pagination-Total-Count"),
                total_pages_header: some("X-Pagination-Page-Count"),
                ..numbered(1)
            },
        ),
        ("none", paging(S::None, |it| it.records = None)),
    ]
}

fn connector(code: &str, practice: &Practice, list: &str) -> ConnectorSettings {
    let mut settings = at(code, practice, "open");
    settings.auth.kind = AuthKind::None;
    settings.auth.header = None;
    settings.endpoints.base = practice.base_url();
    list.clone_into(&mut settings.endpoints.membership_list);
    settings.endpoints.verify = None;
    settings
}

/// What a list came to: the ids of its records, what was noted, and how it ended.
struct Read {
    records: usize,
    ids: Vec<String>,
    notes: Vec<PagingAnomaly>,
    complete: bool,
    error: Option<ListError>,
}

async fn read(app: &App, settings: ConnectorSettings) -> Read {
    let code = settings.code.clone();
    app.connector_add(request(settings, None))
        .await
        .unwrap_or_else(|error| panic!("{code}: {error}"));
    let cancel = CancellationToken::new();
    let pages = app.records(&code, None, Caller::Person, cancel).await;
    let mut pages = pages.unwrap_or_else(|error| panic!("{code}: {error}"));
    let mut read = Read {
        records: 0,
        ids: Vec::new(),
        notes: Vec::new(),
        complete: false,
        error: None,
    };
    loop {
        match pages.next_batch().await {
            Ok(Some(batch)) => {
                read.notes.extend(batch.notes);
                read.records += batch.records.len();
                let id = |record: &connectors::api::records::Record| {
                    in_object(record.fields(), "id").and_then(text_of)
                };
                read.ids.extend(batch.records.iter().filter_map(id));
            }
            Ok(None) => break,
            Err(error) => {
                read.error = Some(error);
                break;
            }
        }
    }
    read.complete = pages.is_complete();
    read
}

#[tokio::test(flavor = "multi_thread")]
async fn s04_every_way_of_paging_gives_the_whole_list() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    for (number, (path, paging)) in styles().into_iter().enumerate() {
        let list = format!("/paging/{path}?count={ROWS}");
        let mut settings = connector(&format!("style_{number}"), &practice, &list);
        let is_keyset = paging.style == S::Keyset;
        settings.paging = paging;
        let found = read(&app, settings).await;
        assert_eq!(found.error, None, "{path}");
        assert_eq!(found.notes, [], "{path}");
        assert!(found.complete, "{path} says where it ends");
        let mut ids = found.ids;
        if is_keyset {
            // Rows are revisions: each id at least once, those that were deleted too.
            ids.sort();
            ids.dedup();
            assert!((0..ROWS).any(is_deleted_in_keyset), "some were deleted");
        }
        let mut expected: Vec<String> = (0..ROWS).map(paging_row_id).collect();
        if is_keyset {
            expected.sort();
        }
        assert_eq!(ids, expected, "{path}: all of them");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s04_a_list_that_goes_wrong_ends_and_is_never_called_whole() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    let mut number = 0;
    for (path, paging) in styles() {
        for fault in [
            "repeated_page",
            "shrinking_total",
            "more_on_last",
            "empty_last",
            "size_ignored",
            "duplicates",
            "loop",
        ] {
            if paging.style == S::None {
                continue;
            }
            number += 1;
            let list = format!("/paging/{path}?count={ROWS}&fault={fault}");
            let mut settings = connector(&format!("fault_{number}"), &practice, &list);
            settings.paging = paging.clone();
            let found = read(&app, settings).await;
            let (records, complete, fails) = outcome(paging.style, fault);
            let error = match &found.error {
                None => None,
                Some(ListError::Anomaly { anomaly, .. }) => Some(anomaly.clone()),
                Some(other) => panic!("{path} {fault}: {other:?}"),
            };
            assert_eq!(
                (found.records, found.complete, error),
                (records, complete, fails),
                "{path} {fault}: {:?}",
                found.notes
            );
            assert!(
                complete || found.error.is_some() || !found.notes.is_empty(),
                "{path} {fault}: what makes it incomplete is said"
            );
        }
    }
}

/// Records that come, whether the list counts as whole, and why it fails. Where nothing says how many
/// there are, a list that became shorter cannot be told from one that is short.
fn outcome(style: S, fault: &str) -> (usize, bool, Option<PagingAnomaly>) {
    let numbered = matches!(style, S::Page | S::Offset);
    let keyset = style == S::Keyset;
    // Of a keyset rows are revisions, and more than ids.
    let all = if keyset { 585 } else { ROWS };
    let again = Some(PagingAnomaly::RepeatedPage);
    match fault {
        "repeated_page" => (200, false, again),
        "shrinking_total" if keyset => (485, true, None),
        "shrinking_total" => (350, !numbered, None),
        "more_on_last" if !numbered && !keyset => {
            (all, false, Some(PagingAnomaly::EmptyPages { pages: 4 }))
        }
        "duplicates" if keyset => (590, true, None),
        "duplicates" => (454, false, None),
        "loop" if keyset => (all, false, again),
        "loop" if !numbered => (200, false, again),
        _ => (all, true, None),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_answers_are_typed_and_harm_nobody() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    let xml = (RecordFormat::Xml, "PersonList.Person");
    let json = (RecordFormat::Json, "data");
    let bare = (RecordFormat::Json, "");
    for (number, (path, (format, records), came, finding)) in [
        ("truncated_json", bare, 0, Some(Finding::NotJson)),
        ("endless", bare, 0, Some(Finding::AnswerTooLarge)),
        ("gzip_bomb", bare, 0, Some(Finding::AnswerTooLarge)),
        ("deep_json", bare, 0, Some(Finding::NoListAtPath)),
        ("mislabelled_xml", xml, 1, None),
        ("billion_laughs", xml, 0, Some(Finding::NotJson)),
        ("bom", json, 2, None),
        ("login_page", bare, 0, Some(Finding::HtmlInsteadOfJson)),
        (
            "redirect_elsewhere",
            bare,
            0,
            Some(Finding::RedirectedElsewhere),
        ),
        ("cut", bare, 0, Some(Finding::ConnectionCut)),
    ]
    .into_iter()
    .enumerate()
    {
        let list = format!("/hostile/{path}");
        let mut settings = connector(&format!("hostile_{number}"), &practice, &list);
        settings.paging = PagingSettings {
            records: some(records),
            ..PagingSettings::default()
        };
        settings.records.format = format;
        let found = read(&app, settings).await;
        let seen = found.error.as_ref().and_then(ListError::finding);
        assert_eq!(seen, finding, "{path}: {:?}", found.error);
        assert_eq!(found.records, came, "{path}: records");
        assert_eq!(found.complete, finding.is_none(), "{path}: whole or not");
    }
}
