//! The driver: batches, order, cut bodies, stopping, and what it leaves behind.

use std::sync::Arc;

use connectors::api::fetch::Fetch;
use connectors::api::paging::anomaly::PagingAnomaly;
use connectors::api::paging::list_error::ListError;
use connectors::api::paging::stream::{Batch, ListPlan, Pages};
use connectors::failure::{FailureClass, Finding};
use connectors::settings::{ConnectorSettings, PagingStyle, RecordFormat};
use tokio_util::sync::CancellationToken;

use super::fake::{Fake, Piece, Reply, number, page, settings};

pub(super) fn pages(fake: &Arc<Fake>, settings: &ConnectorSettings) -> Pages {
    let fetch: Arc<dyn Fetch> = Arc::<Fake>::clone(fake);
    Pages::new(
        fetch,
        ListPlan::of(settings, None),
        CancellationToken::new(),
    )
}

/// All batches, and how it ended.
async fn all(pages: &mut Pages) -> (Vec<Batch>, Option<ListError>) {
    let mut batches = Vec::new();
    loop {
        match pages.next_batch().await {
            Ok(Some(batch)) => batches.push(batch),
            Ok(None) => return (batches, None),
            Err(error) => {
                assert_eq!(
                    pages.next_batch().await,
                    Ok(None),
                    "after an error it is over"
                );
                return (batches, Some(error));
            }
        }
    }
}

fn ids(batches: &[Batch]) -> Vec<u64> {
    batches
        .iter()
        .flat_map(|batch| &batch.records)
        .map(|record| record.fields()["id"].as_u64().unwrap())
        .collect()
}

#[tokio::test]
async fn batches_have_at_most_256_records_and_stay_within_their_page() {
    let fake = Fake::new(|url, _| {
        let first = number(url, "p").unwrap() * 600;
        Reply::body(&page(first..(first + 600).min(1300), "{\"total\":1300}"))
    });
    let mut list = pages(&fake, &settings(PagingStyle::Page, 600));
    let (batches, error) = all(&mut list).await;
    assert_eq!(error, None, "it ends well");
    let sizes: Vec<(u64, usize)> = batches.iter().map(|b| (b.page, b.records.len())).collect();
    assert_eq!(
        sizes,
        [
            (1, 256),
            (1, 256),
            (1, 88),
            (2, 256),
            (2, 256),
            (2, 88),
            (3, 100)
        ],
        "in order"
    );
    assert_eq!(ids(&batches), (0..1300).collect::<Vec<_>>(), "each once");
    assert!(list.is_complete(), "nobody can be hidden");
    assert_eq!(list.pages(), 3, "three pages");
}

#[tokio::test]
async fn nothing_is_asked_for_before_somebody_wants_it() {
    let fake = Fake::script(vec![Reply::body(&page(0..1, "{}"))]);
    let list = pages(&fake, &settings(PagingStyle::None, 10));
    tokio::task::yield_now().await;
    assert_eq!(fake.requests(), Vec::<String>::new(), "only made");
    assert!(!list.is_complete(), "and not over");
}

#[tokio::test]
async fn every_style_reads_its_list() {
    use PagingStyle as S;
    let rows = |from: u64| page(from..(from + 10).min(25), "{}");
    let with = |from: u64, meta: &str| page(from..(from + 10).min(25), meta);
    for (style, fake, expected) in [
        (
            S::Page,
            Fake::new(move |url, _| Reply::body(&rows(10 * number(url, "p").unwrap()))),
            vec!["/m?s=10&p=0", "/m?s=10&p=1", "/m?s=10&p=2", "/m?s=10&p=3"],
        ),
        (
            S::Offset,
            Fake::new(move |url, _| Reply::body(&rows(number(url, "p").unwrap().min(25)))),
            vec![
                "/m?s=10&p=0",
                "/m?s=10&p=10",
                "/m?s=10&p=20",
                "/m?s=10&p=25",
            ],
        ),
        (
            S::Cursor,
            Fake::new(move |url, _| {
                let from = number(url, "p").unwrap_or(0);
                let next = if from < 20 {
                    format!("\"{}\"", from + 10)
                } else {
                    "null".to_owned()
                };
                Reply::body(&with(from, &format!("{{\"next\":{next}}}")))
            }),
            vec!["/m?s=10", "/m?s=10&p=10", "/m?s=10&p=20"],
        ),
        (
            S::LinkBody,
            Fake::new(move |url, _| {
                let from = number(url, "from").unwrap_or(0);
                let next = if from < 20 {
                    format!("\"/m?from={}\"", from + 10)
                } else {
                    "null".to_owned()
                };
                Reply::body(&with(from, &format!("{{\"next\":{next}}}")))
            }),
            vec!["/m?s=10", "/m?from=10", "/m?from=20"],
        ),
        (
            S::LinkHeader,
            Fake::new(move |url, _| {
                let from = number(url, "from").unwrap_or(0);
                let reply = Reply::body(&rows(from));
                if from < 20 {
                    reply.header("link", &format!("</m?from={}>; rel=\"next\"", from + 10))
                } else {
                    reply
                }
            }),
            vec!["/m?s=10", "/m?from=10", "/m?from=20"],
        ),
        (
            S::Keyset,
            Fake::new(move |url, _| {
                Reply::body(&rows(number(url, "after").map_or(0, |id| id + 1)))
            }),
            vec![
                "/m?s=10",
                "/m?s=10&after=9",
                "/m?s=10&after=19",
                "/m?s=10&after=24",
            ],
        ),
        (
            S::None,
            Fake::new(|_, _| Reply::body(&page(0..25, "{}"))),
            vec!["/m?s=10"],
        ),
    ] {
        let mut list = pages(&fake, &settings(style, 10));
        let (batches, error) = all(&mut list).await;
        assert_eq!(error, None, "{style:?} ends well");
        assert_eq!(
            ids(&batches),
            (0..25).collect::<Vec<_>>(),
            "{style:?}: each once, in order"
        );
        assert_eq!(fake.requests(), expected, "{style:?}: what was asked for");
        assert!(list.is_complete(), "{style:?}: nobody is hidden");
    }
}

#[tokio::test]
async fn a_page_that_was_cut_is_asked_for_once_more_and_nothing_comes_twice() {
    let cut = |finding| Reply::body("{\"data\":[{\"id\":0},{\"id\":1},").then(Piece::Cut(finding));
    let good = Reply::body(&page(0..10, "{\"total\":10}"));
    for (case, script, requests, end) in [
        (
            "once",
            vec![cut(Finding::ConnectionCut), good.clone()],
            2,
            None,
        ),
        (
            "a time limit",
            vec![cut(Finding::AnswerTimeout), good.clone()],
            2,
            None,
        ),
        (
            "twice",
            vec![
                cut(Finding::ConnectionCut),
                cut(Finding::ConnectionCut),
                good.clone(),
            ],
            2,
            Some(Finding::ConnectionCut),
        ),
        (
            "too large",
            vec![cut(Finding::AnswerTooLarge), good.clone()],
            1,
            Some(Finding::AnswerTooLarge),
        ),
        (
            "refused",
            vec![Reply::failure(Finding::ConnectionCut), good],
            1,
            Some(Finding::ConnectionCut),
        ),
    ] {
        let fake = Fake::script(script);
        let mut list = pages(&fake, &settings(PagingStyle::Page, 10));
        let (batches, error) = all(&mut list).await;
        assert_eq!(
            error.as_ref().and_then(ListError::finding),
            end,
            "{case}: its end"
        );
        let expected = if end.is_none() {
            (0..10).collect()
        } else {
            Vec::new()
        };
        assert_eq!(ids(&batches), expected, "{case}: whole or not at all");
        assert_eq!(
            fake.requests().len(),
            requests,
            "{case}: how often it was asked for"
        );
        assert_eq!(
            list.is_complete(),
            end.is_none(),
            "{case}: complete only where all came"
        );
    }
}

#[tokio::test]
async fn a_list_that_comes_at_once_is_handed_on_while_it_arrives() {
    let start = page(0..1000, "{}");
    let start = start.split("],\"meta\"").next().unwrap().to_owned();
    let fake = Fake::script(vec![Reply::body(&start).then(Piece::Silence)]);
    let mut list = pages(&fake, &settings(PagingStyle::None, 10));
    let first = list.next_batch().await.unwrap().unwrap();
    assert_eq!(
        first.records.len(),
        256,
        "before the end of the body, which never comes"
    );
    drop(list);
    let fake = Fake::script(vec![
        Reply::body(&start).then(Piece::Cut(Finding::ConnectionCut)),
    ]);
    let mut list = pages(&fake, &settings(PagingStyle::None, 10));
    let (batches, error) = all(&mut list).await;
    assert_eq!(
        ids(&batches),
        (0..768).collect::<Vec<_>>(),
        "what came whole"
    );
    let error = error.expect("a cut is an error");
    assert_eq!(
        error.class(),
        FailureClass::FederationDown,
        "of the federation"
    );
    assert_eq!(
        fake.requests().len(),
        1,
        "it is not asked for again: records were given away"
    );
    assert!(!list.is_complete(), "and it is not complete");
}

#[tokio::test]
async fn answers_that_cannot_be_used_end_the_list_with_their_page() {
    let good = Reply::body(&page(0..10, "{\"total\":30}"));
    let bad = |body: &str| vec![good.clone(), Reply::body(body)];
    for (case, script, expected) in [
        ("a web page", bad("<html>"), Finding::HtmlInsteadOfJson),
        ("half of it", bad("{\"data\":["), Finding::NotJson),
        ("no list", bad("{}"), Finding::NoListAtPath),
        (
            "no records",
            bad("{\"data\":[1,2]}"),
            Finding::RecordNotObject,
        ),
        (
            "a refusal",
            vec![good.clone(), Reply::failure(Finding::Forbidden)],
            Finding::Forbidden,
        ),
        (
            "a page that is missing",
            vec![good.clone(), Reply::failure(Finding::NotFound)],
            Finding::NotFound,
        ),
    ] {
        let fake = Fake::script(script);
        let (batches, error) = all(&mut pages(&fake, &settings(PagingStyle::Page, 10))).await;
        assert_eq!(
            ids(&batches),
            (0..10).collect::<Vec<_>>(),
            "{case}: the page before is good"
        );
        let error = error.unwrap();
        assert_eq!(error.finding(), Some(expected), "{case}: {error:?}");
        let page = match error {
            ListError::Request { page, .. } | ListError::Answer { page, .. } => page,
            other => panic!("{case}: {other:?}"),
        };
        assert_eq!(page, 2, "{case}: the second page");
    }
}

#[tokio::test]
async fn anomalies_and_rows_are_told_with_their_page() {
    let fake = Fake::script(vec![
        Reply::body(&page(0..10, "{\"total\":25}")),
        Reply::body(&page(10..20, "{\"total\":20}")),
    ]);
    let mut list = pages(&fake, &settings(PagingStyle::Page, 10));
    let (batches, error) = all(&mut list).await;
    assert_eq!(error, None, "a note is no error");
    let shrank = PagingAnomaly::TotalShrank {
        before: 25,
        after: 20,
    };
    assert_eq!(batches[0].notes, [], "nothing on the first page");
    assert_eq!(batches[1].notes, [shrank], "on the second");
    assert!(!list.is_complete(), "somebody may be hidden");

    let fake = Fake::script(vec![Reply::body(&page(0..10, "{}"))]);
    let (_, error) = all(&mut pages(&fake, &settings(PagingStyle::Page, 10))).await;
    let repeated = ListError::Anomaly {
        page: 1,
        anomaly: PagingAnomaly::RepeatedPage,
    };
    assert_eq!(error, Some(repeated.clone()), "a page again");
    assert_eq!(repeated.class(), FailureClass::BadAnswer, "is a bad answer");

    let mut table = settings(PagingStyle::None, 10);
    table.records.format = RecordFormat::Csv;
    let fake = Fake::script(vec![Reply::body("id,b\n1,2\n3\n")]);
    let mut list = pages(&fake, &table);
    let (batches, error) = all(&mut list).await;
    assert_eq!(error, None, "a bad row is no bad file");
    let end = batches.last().unwrap();
    assert_eq!(end.rows.len(), 1, "the row is named");
    assert_eq!(
        end.notes,
        [PagingAnomaly::RowsLeftOut { rows: 1 }],
        "and counted"
    );
    assert!(!list.is_complete(), "whoever stood in it is not gone");
}

#[tokio::test]
async fn an_answer_without_a_body_is_a_page_without_records() {
    let fake = Fake::script(vec![Reply::body(&page(0..10, "{}")), Reply::status(204)]);
    let mut list = pages(&fake, &settings(PagingStyle::Page, 10));
    let (batches, error) = all(&mut list).await;
    assert_eq!(
        (ids(&batches).len(), error),
        (10, None),
        "204 ends the list"
    );
    assert!(list.is_complete(), "well");
    let fake = Fake::script(vec![
        Reply::body(&page(0..3, "{}")),
        Reply::failure(Finding::NotFound),
    ]);
    let mut list = pages(&fake, &settings(PagingStyle::Page, 10));
    let (batches, error) = all(&mut list).await;
    assert_eq!(
        (ids(&batches).len(), error),
        (3, None),
        "so does 404 after a short page"
    );
    assert_eq!(
        batches.last().unwrap().notes,
        [PagingAnomaly::PageAfterEnd {
            after_full_page: false
        }],
        "which is said"
    );
}

#[tokio::test]
async fn an_address_that_cannot_be_made_is_said() {
    let mut incomplete = settings(PagingStyle::Page, 10);
    incomplete.endpoints.membership_list = "/c/{federation_org_id}".to_owned();
    let fake = Fake::script(vec![Reply::body("[]")]);
    let (_, error) = all(&mut pages(&fake, &incomplete)).await;
    assert_eq!(
        error.unwrap().finding(),
        Some(Finding::OrganisationNeeded),
        "the club's id"
    );
    assert_eq!(
        fake.requests(),
        Vec::<String>::new(),
        "nothing is asked for"
    );
}
