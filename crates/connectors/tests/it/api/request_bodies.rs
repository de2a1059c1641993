//! Bodies of answers: caps, time limits, cancelling, and what is recorded of them.

use std::time::Duration;

use bytes::Bytes;
use connectors::api::api_error::FederationApiError;
use connectors::api::call::RequestOptions;
use connectors::api::circuit::Outcome;
use connectors::api::fetch::FetchedPage;
use connectors::failure::{FailureClass, Finding};
use tokio_util::sync::CancellationToken;

use super::federation::Reply;
use super::request::{page, setting};

async fn whole(page: &mut FetchedPage) -> Result<usize, FederationApiError> {
    let mut bytes = 0;
    while let Some(piece) = page.body.next().await? {
        bytes += piece.len();
    }
    Ok(bytes)
}

#[tokio::test(start_paused = true)]
async fn bodies_have_caps_whole_and_streamed() {
    let piece = Bytes::from(vec![b'x'; 1024 * 1024]);
    let big = |pieces: usize| Reply::pieces(vec![Ok(piece.clone()); pieces], 0);
    let setting1 = setting(vec![big(8), big(9)]);
    let client = setting1.client();
    let good = client
        .request("verify", RequestOptions::default())
        .await
        .unwrap();
    assert_eq!(good.body.len(), 8 * 1024 * 1024, "8 MiB are allowed");
    let error = client
        .request("verify", RequestOptions::default())
        .await
        .unwrap_err();
    assert_eq!(
        (error.finding, error.status, error.attempts),
        (Finding::AnswerTooLarge, Some(200), 1),
        "more is not, and it is not tried again"
    );
    let small = RequestOptions {
        max_body: Some(1024 * 1024 - 1),
        ..RequestOptions::default()
    };
    let setting2 = setting(vec![big(1)]);
    let error = setting2
        .client()
        .request("verify", small)
        .await
        .unwrap_err();
    assert_eq!(error.finding, Finding::AnswerTooLarge, "a cap of one's own");

    let setting3 = setting(vec![big(64), big(65)]);
    let mut page1 = page(&setting3, "https://api.example.org/base/v1/members")
        .await
        .unwrap();
    assert_eq!(
        whole(&mut page1).await.unwrap(),
        64 * 1024 * 1024,
        "64 MiB of a list"
    );
    let mut page2 = page(&setting3, "https://api.example.org/base/v1/members")
        .await
        .unwrap();
    let error = whole(&mut page2).await.unwrap_err();
    assert_eq!(error.finding, Finding::AnswerTooLarge, "and no more");
    assert!(
        page2.body.next().await.unwrap().is_none(),
        "after an error it has ended"
    );
    drop((page1, page2));
    let told: Vec<_> = setting3
        .attempts()
        .iter()
        .map(|one| (one.bytes, one.finding))
        .collect();
    assert_eq!(
        told,
        [(64 << 20, None), (65 << 20, Some(Finding::AnswerTooLarge))],
        "both are recorded with their bytes, once"
    );
    let announced = setting(vec![Reply::with(
        200,
        &[("content-length", "9999999999")],
        b"{}",
    )]);
    let error = announced
        .client()
        .request("verify", RequestOptions::default())
        .await
        .unwrap_err();
    assert_eq!(
        error.finding,
        Finding::AnswerTooLarge,
        "what is announced is not even read"
    );
}

#[tokio::test(start_paused = true)]
async fn a_stream_has_time_limits_of_its_own_and_is_concluded_at_its_end() {
    let url = "https://api.example.org/base/v1/members";
    let one = || Ok(Bytes::from_static(b"x"));
    // A slow list that keeps coming: longer than a request may take.
    let steady = setting(vec![Reply::pieces(vec![one(); 10], 20_000)]);
    let mut page1 = page(&steady, url).await.unwrap();
    assert!(
        steady.ledger.outcomes.lock().unwrap().is_empty(),
        "nothing is concluded before the end"
    );
    assert_eq!(
        whole(&mut page1).await.unwrap(),
        10,
        "200 s for a list are fine"
    );
    assert_eq!(
        *steady.ledger.outcomes.lock().unwrap(),
        [(Outcome::Succeeded, None)],
        "then it was a success"
    );
    let stalled = setting(vec![Reply::pieces(vec![one(); 2], 31_000)]);
    let mut page2 = page(&stalled, url).await.unwrap();
    let error = whole(&mut page2).await.unwrap_err();
    assert_eq!(
        error.finding,
        Finding::AnswerTimeout,
        "30 s without a byte are too long"
    );
    let drip = setting(vec![Reply::pieces(vec![one(); 10_000], 1_000)]);
    let mut page3 = page(&drip, url).await.unwrap();
    let error = whole(&mut page3).await.unwrap_err();
    assert_eq!(
        error.finding,
        Finding::AnswerTimeout,
        "a byte a second ends after ten times that"
    );
    let outcomes = drip.ledger.outcomes.lock().unwrap().clone();
    assert!(
        matches!(
            outcomes[..],
            [(
                Outcome::Failed {
                    class: FailureClass::FederationDown,
                    ..
                },
                Some(Finding::AnswerTimeout)
            )]
        ),
        "and counts as a failure: {outcomes:?}"
    );
    // A reader that is slow itself is not the federation's fault.
    let waited_for = setting(vec![Reply::pieces(vec![one(); 20], 1_000)]);
    let mut page4 = page(&waited_for, url).await.unwrap();
    for piece in 0..20 {
        tokio::time::sleep(Duration::from_secs(60)).await;
        assert!(page4.body.next().await.unwrap().is_some(), "piece {piece}");
    }
    let silent = setting(vec![Reply::Hang, Reply::Hang, Reply::Hang]);
    let error = page(&silent, url).await.err().unwrap();
    assert_eq!(
        (error.finding, error.attempts),
        (Finding::AnswerTimeout, 3),
        "no head within the limit, three times"
    );
    let cut = setting(vec![
        Reply::status(503),
        Reply::pieces(vec![one(), Err(Finding::ConnectionCut)], 0),
    ]);
    let mut page5 = page(&cut, url).await.unwrap();
    let error = whole(&mut page5).await.unwrap_err();
    assert_eq!(
        (error.finding, error.status, error.attempts),
        (Finding::ConnectionCut, Some(200), 2),
        "the head was repeated, the body is not"
    );
}

#[tokio::test(start_paused = true)]
async fn cancelling_and_dropping_end_a_request_and_leave_a_record() {
    let cancel = CancellationToken::new();
    let stopped = setting(vec![Reply::Hang]);
    let client = stopped.client();
    let options = RequestOptions {
        cancel: cancel.clone(),
        ..RequestOptions::default()
    };
    let (outcome, ()) = tokio::join!(client.request("verify", options), async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        cancel.cancel();
    });
    let error = outcome.unwrap_err();
    assert_eq!(
        (error.class, error.attempts),
        (FailureClass::Cancelled, 1),
        "it was sent once and stopped"
    );
    let seen: Vec<_> = stopped
        .attempts()
        .iter()
        .map(|one| (one.finding, one.ms))
        .collect();
    assert_eq!(
        seen,
        [(Some(Finding::Cancelled), 500)],
        "the attempt is recorded"
    );
    assert!(
        stopped.ledger.outcomes.lock().unwrap().is_empty(),
        "it says nothing about the federation"
    );

    let waiting = setting(vec![Reply::status(503)]);
    let cancel = CancellationToken::new();
    let client = waiting.client().with_cancellation(cancel.clone());
    let (outcome, ()) = tokio::join!(client.request("verify", RequestOptions::default()), async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        cancel.cancel();
    });
    assert_eq!(
        outcome.unwrap_err().class,
        FailureClass::Cancelled,
        "between two attempts, too"
    );
    assert_eq!(
        waiting.federation.came().len(),
        1,
        "nothing is sent afterwards"
    );

    let dropped = setting(vec![Reply::Hang]);
    let client = dropped.client();
    let gone = tokio::time::timeout(
        Duration::from_secs(1),
        client.request("verify", RequestOptions::default()),
    );
    gone.await.unwrap_err();
    assert_eq!(
        dropped.attempts().len(),
        1,
        "a request that is dropped leaves its record"
    );

    let half = setting(vec![Reply::pieces(
        vec![Ok(Bytes::from_static(b"abc")); 5],
        0,
    )]);
    let mut page = page(&half, "https://api.example.org/base/v1/members")
        .await
        .unwrap();
    page.body.next().await.unwrap();
    drop(page);
    let seen: Vec<_> = half
        .attempts()
        .iter()
        .map(|one| (one.finding, one.bytes))
        .collect();
    assert_eq!(
        seen,
        [(Some(Finding::Cancelled), 3)],
        "a body that nobody wanted to the end"
    );
}
