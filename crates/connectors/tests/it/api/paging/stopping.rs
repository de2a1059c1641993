//! Stopping: by a token, by dropping, wherever it waits; and what it leaves behind.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use connectors::api::fetch::Fetch;
use connectors::api::paging::list_error::ListError;
use connectors::api::paging::stream::{ListPlan, Pages};
use connectors::settings::PagingStyle;
use tokio_util::sync::CancellationToken;

use super::fake::{Fake, Piece, Reply, page, settings};
use super::stream::pages;

#[tokio::test]
async fn stopping_ends_it_at_once_wherever_it_waits() {
    let waiting = [
        ("for an answer's body", PagingStyle::Page, "{\"data\":["),
        (
            "for more of the whole list",
            PagingStyle::None,
            "{\"data\":[",
        ),
    ];
    for (case, style, start) in waiting {
        let fake = Fake::script(vec![Reply::body(start).then(Piece::Silence)]);
        let fetch: Arc<dyn Fetch> = Arc::<Fake>::clone(&fake);
        let cancel = CancellationToken::new();
        let plan = ListPlan::of(&settings(style, 10), None);
        let mut list = Pages::new(fetch, plan, cancel.clone());
        let stop = async {
            while fake.under_way() == 0 {
                tokio::task::yield_now().await;
            }
            cancel.cancel();
        };
        let (end, ()) = tokio::join!(list.next_batch(), stop);
        assert_eq!(end, Err(ListError::Cancelled), "{case}");
        assert_eq!(list.next_batch().await, Ok(None), "{case}: and it is over");
        assert!(!list.is_complete(), "{case}: not complete");
        let gone = async {
            while fake.under_way() > 0 {
                tokio::task::yield_now().await;
            }
        };
        let gone = tokio::time::timeout(Duration::from_secs(20), gone).await;
        assert_eq!(gone, Ok(()), "{case}: the request is dropped");
    }
}

#[tokio::test]
async fn what_was_ready_is_not_given_after_a_stop() {
    let fake = Fake::script(vec![Reply::body(&page(0..600, "{\"total\":600}"))]);
    let fetch: Arc<dyn Fetch> = Arc::<Fake>::clone(&fake);
    let cancel = CancellationToken::new();
    let plan = ListPlan::of(&settings(PagingStyle::Page, 600), None);
    let mut list = Pages::new(fetch, plan, cancel.clone());
    assert!(
        list.next_batch().await.unwrap().is_some(),
        "the first batch"
    );
    cancel.cancel();
    assert_eq!(
        list.next_batch().await,
        Err(ListError::Cancelled),
        "and no second"
    );
}

#[test]
fn dropping_it_leaves_no_thread_behind() {
    for style in [PagingStyle::Page, PagingStyle::None] {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .build()
            .unwrap();
        let body = page(0..100_000, "{}");
        let fake = Fake::script(vec![Reply::pieces(vec![
            Piece::Bytes(Bytes::from(body)),
            Piece::Silence,
        ])]);
        runtime.block_on(async {
            let mut list = pages(&fake, &settings(style, 10));
            // Where it is handed on, the parser then waits for somebody to take its batches;
            // otherwise for bytes that never come.
            if style == PagingStyle::None {
                list.next_batch().await.unwrap();
            } else {
                tokio::select! {
                    biased;
                    _ = list.next_batch() => panic!("no page ends"),
                    () = async {
                        while fake.silent() == 0 {
                            tokio::task::yield_now().await;
                        }
                    } => {}
                }
            }
        });
        let (ended, end) = std::sync::mpsc::channel();
        // Dropping a runtime waits for its blocking threads, for ever if need be.
        std::thread::spawn(move || {
            drop(runtime);
            ended.send(()).unwrap();
        });
        let end = end.recv_timeout(Duration::from_secs(20));
        assert_eq!(end, Ok(()), "{style:?}: no thread waits any more");
        assert_eq!(fake.under_way(), 0, "{style:?}: and no request");
    }
}
