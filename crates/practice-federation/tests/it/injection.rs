use std::io;
use std::time::{Duration, Instant};

use practice_federation::{Fault, FaultKind, Practice};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{client, get, json, practice};

const MEMBERS: &str = "/open/v1/members";
const PLAIN: &str = "/open/v1/plain/members";

async fn status(practice: &Practice, target: &str) -> u16 {
    get(practice, target).await.status().as_u16()
}

async fn with_fault(kind: FaultKind) -> Practice {
    let practice = practice().await;
    practice.set_fault(Fault::new(kind));
    practice
}

#[tokio::test]
async fn statuses_come_as_asked() {
    let practice = practice().await;
    for code in [400, 401, 403, 404, 408, 429, 500, 502, 503, 599] {
        practice.set_fault(Fault::status(code));
        let answer = get(&practice, MEMBERS).await;
        assert_eq!(answer.status(), code, "the status that was set");
        assert!(
            !answer.headers().contains_key("retry-after"),
            "{code}: no wait was asked for"
        );
        let body: Value = answer.json().await.unwrap();
        assert_eq!(
            body["status"], code,
            "{code}: the document repeats the status"
        );
    }
    practice.set_fault(Fault::new(FaultKind::Status {
        code: 429,
        retry_after: Some(7),
    }));
    let answer = get(&practice, MEMBERS).await;
    assert_eq!(
        answer.headers()["retry-after"],
        "7",
        "the seconds that were set"
    );
}

#[tokio::test]
async fn a_delay_delays_and_then_answers() {
    let practice = with_fault(FaultKind::Delay(150)).await;
    let before = Instant::now();
    assert_eq!(status(&practice, MEMBERS).await, 200, "late is not wrong");
    assert!(
        before.elapsed() >= Duration::from_millis(150),
        "but it is late"
    );

    practice.set_fault(Fault::new(FaultKind::Delay(600_000)));
    let request = client().get(format!("{}{MEMBERS}", practice.base_url()));
    let error = request
        .timeout(Duration::from_millis(100))
        .send()
        .await
        .unwrap_err();
    assert!(
        error.is_timeout(),
        "a client that does not wait times out: {error:?}"
    );
}

#[tokio::test]
async fn a_cut_breaks_the_body_in_the_middle() {
    let practice = with_fault(FaultKind::Cut).await;
    let whole = practice_text(&practice).await;
    let answer = get(&practice, MEMBERS).await;
    assert_eq!(answer.status(), 200, "the head arrives");
    assert_eq!(
        answer.content_length(),
        Some(whole.len() as u64),
        "the whole length is announced, so that the client can tell"
    );
    let error = answer
        .bytes()
        .await
        .expect_err("the body does not arrive whole");
    assert!(
        !error.is_timeout(),
        "the connection is closed, not silent: {error:?}"
    );

    let mut stream = TcpStream::connect(practice.address()).await.unwrap();
    let request = format!(
        "GET {MEMBERS} HTTP/1.1\r\nHost: {}\r\n\r\n",
        practice.address()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut received = Vec::new();
    stream.read_to_end(&mut received).await.unwrap();
    let half = &whole.as_bytes()[..whole.len() / 2];
    assert!(
        received.ends_with(half),
        "exactly half of the body was sent"
    );
}

/// The body of the first page, fetched without faults; they are set again afterwards.
async fn practice_text(practice: &Practice) -> String {
    let faults: Vec<Fault> = practice
        .faults()
        .into_iter()
        .map(|report| report.fault)
        .collect();
    practice.clear_faults();
    let text = get(practice, MEMBERS).await.text().await.unwrap();
    practice.set_faults(faults);
    text
}

#[tokio::test]
async fn a_reset_gives_no_answer_at_all() {
    let practice = with_fault(FaultKind::Reset).await;
    let request = client().get(format!("{}{MEMBERS}", practice.base_url()));
    let error = request.send().await.expect_err("there is no answer");
    assert!(
        error.is_request() && !error.is_connect(),
        "it broke after connecting: {error:?}"
    );

    let mut stream = TcpStream::connect(practice.address()).await.unwrap();
    let request = format!(
        "GET {MEMBERS} HTTP/1.1\r\nHost: {}\r\n\r\n",
        practice.address()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut received = Vec::new();
    let error = stream
        .read_to_end(&mut received)
        .await
        .expect_err("the connection is reset");
    assert_eq!(
        error.kind(),
        io::ErrorKind::ConnectionReset,
        "by RST, not by a quiet end"
    );
    assert_eq!(received, b"", "not one byte came");

    practice.clear_faults();
    assert_eq!(
        status(&practice, MEMBERS).await,
        200,
        "the server itself lives on"
    );
}

#[tokio::test]
async fn html_comes_with_status_200() {
    let practice = with_fault(FaultKind::Html).await;
    let answer = get(&practice, MEMBERS).await;
    assert_eq!(answer.status(), 200, "as login pages do");
    assert_eq!(
        answer.headers()["content-type"],
        "text/html; charset=utf-8",
        "and it is HTML"
    );
    assert!(
        answer.text().await.unwrap().contains("<h1>Sign in</h1>"),
        "a login page"
    );
}

#[tokio::test]
async fn truncated_json_arrives_whole_and_cannot_be_read() {
    let practice = with_fault(FaultKind::TruncatedJson).await;
    let whole = practice_text(&practice).await;
    let answer = get(&practice, MEMBERS).await;
    assert_eq!(
        answer.headers()["content-type"],
        "application/json",
        "it says JSON"
    );
    let bytes = answer
        .bytes()
        .await
        .expect("the transfer itself is in order");
    assert_eq!(
        bytes,
        &whole.as_bytes()[..whole.len() / 2],
        "half of it is there"
    );
    assert!(
        serde_json::from_slice::<Value>(&bytes).is_err(),
        "and half is not JSON"
    );
}

#[tokio::test]
async fn lists_lose_their_records_or_their_shape() {
    let practice = practice().await;
    let whole = json(&practice, MEMBERS).await;

    practice.set_fault(Fault::new(FaultKind::EmptyList));
    let body = json(&practice, MEMBERS).await;
    assert_eq!(body["data"], json!([]), "no records");
    assert_eq!(body["page"]["totalElements"], 0, "and a total that agrees");
    assert_eq!(
        json(&practice, PLAIN).await,
        json!([]),
        "the bare list is empty too"
    );
    assert_eq!(
        json(&practice, "/open/v1/clubs").await["data"],
        json!([]),
        "and that of clubs"
    );

    practice.set_fault(Fault::new(FaultKind::NotAList));
    let body = json(&practice, MEMBERS).await;
    assert_eq!(
        body.get("data"),
        None,
        "the path to the records leads nowhere"
    );
    assert_eq!(body["page"], whole["page"], "though the rest looks right");
    assert!(
        json(&practice, PLAIN).await.is_object(),
        "the bare list is no list"
    );

    practice.set_fault(Fault::new(FaultKind::NotObjects));
    let body = json(&practice, MEMBERS).await;
    for list in [&body["data"], &json(&practice, PLAIN).await] {
        let list = list.as_array().unwrap();
        assert_eq!(list.len(), 20, "as many records as before");
        assert!(list.iter().all(Value::is_string), "and each is a text");
    }
}

#[tokio::test]
async fn faults_of_lists_leave_the_rest_alone() {
    let practice = practice().await;
    for kind in [
        FaultKind::EmptyList,
        FaultKind::NotAList,
        FaultKind::NotObjects,
    ] {
        practice.set_fault(Fault::new(kind).times(1));
        let me = json(&practice, "/open/v1/me").await;
        assert_eq!(me["data"]["members"], 412, "{kind}: who am I has no list");
        let member = json(&practice, "/open/v1/members/PF-000001").await;
        assert_eq!(
            member["data"]["id"], "PF-000001",
            "{kind}: nor has a member"
        );
        assert_eq!(practice.faults()[0].hits, 0, "{kind}: so neither counts");
        assert_eq!(
            status(&practice, "/key/v1/members").await,
            401,
            "{kind}: the key comes first"
        );
    }
}

#[tokio::test]
async fn skip_and_count_say_which_requests_are_hit() {
    let practice = practice().await;
    practice.set_fault(Fault::status(503).after(1).times(2));
    let mut seen = Vec::new();
    for _ in 0..5 {
        seen.push(status(&practice, MEMBERS).await);
    }
    assert_eq!(
        seen,
        [200, 503, 503, 200, 200],
        "one passes, two are hit, then it is used up"
    );
    let report = &practice.faults()[0];
    assert_eq!(
        (report.passed, report.hits),
        (1, 2),
        "the report counts both"
    );
    assert!(report.is_used_up(), "and knows that it is over");
}

#[tokio::test]
async fn a_path_limits_a_fault() {
    let practice = practice().await;
    practice.set_fault(Fault::status(503).times(1).on_path("/open/v1/members"));
    assert_eq!(
        status(&practice, "/open/v1/me").await,
        200,
        "another path is spared"
    );
    assert_eq!(
        status(&practice, "/open/v1/clubs").await,
        200,
        "and does not count"
    );
    assert_eq!(
        status(&practice, "/open/v1/members/PF-000001").await,
        503,
        "a longer path is hit"
    );
    assert_eq!(
        status(&practice, "/open/v1/members").await,
        200,
        "and used it up"
    );
}

#[tokio::test]
async fn faults_act_one_behind_the_other() {
    let practice = practice().await;
    practice.set_faults([
        Fault::status(503).times(1),
        Fault::status(429).times(1),
        Fault::new(FaultKind::Delay(50)).times(1),
    ]);
    let before = Instant::now();
    assert_eq!(status(&practice, MEMBERS).await, 503, "the first acts");
    assert!(
        before.elapsed() >= Duration::from_millis(50),
        "delays act together with another"
    );
    assert_eq!(
        status(&practice, MEMBERS).await,
        429,
        "the second waited its turn"
    );
    assert_eq!(status(&practice, MEMBERS).await, 200, "then all is well");
}

#[tokio::test]
async fn the_page_is_never_hit() {
    let practice = practice().await;
    for kind in [FaultKind::Reset, FaultKind::Cut, FaultKind::Delay(600_000)] {
        practice.set_fault(Fault::new(kind));
        for target in ["/practice", "/practice/faults"] {
            let answer = get(&practice, target).await;
            assert_eq!(
                answer.status(),
                200,
                "{kind}: {target} must stay reachable to end it"
            );
            assert!(answer.bytes().await.is_ok(), "{kind}: {target} comes whole");
        }
        assert_eq!(practice.faults()[0].hits, 0, "{kind}: nothing was counted");
    }
}
