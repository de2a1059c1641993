//! Sizes, waits and Debug of the one `send`.

use connectors::api::address::RedactedUrl;
use connectors::api::authenticate::{Authentication, authentication};
use connectors::api::client::{HttpClient, load_trust};
use connectors::api::send::{Answer, JSON, Request, SendFailure, retry_after, send};
use connectors::clock::UtcMillis;
use connectors::failure::Finding;
use reqwest::Method;
use url::Url;

use super::server::{Reply, Server, answer, gzip, json, key, settings, surroundings};

const CAP: usize = 8 * 1024 * 1024;

async fn ask(server: &Server, max_body: usize) -> Result<Answer, SendFailure> {
    let mut settings = settings(&server.url());
    settings.limits.timeout_seconds = 20;
    let trust = load_trust(&settings).await.unwrap();
    let client = HttpClient::assemble(&settings, &surroundings(), &trust).unwrap();
    let request = Request {
        method: Method::GET,
        url: &Url::parse(&server.url()).unwrap(),
        authentication: &Authentication::default(),
        body: None,
        read_errors: false,
        accept: JSON,
        max_body,
        now: UtcMillis(0),
    };
    send(&client, request).await
}

#[tokio::test]
async fn an_answer_has_its_facts() {
    let server = Server::start(vec![answer(
        "200 OK",
        "Content-Type: Application/JSON; charset=utf-8\r\nRetry-After: 7\r\n",
        b"[1]",
    )])
    .await;
    let answer = ask(&server, CAP).await.unwrap();
    assert_eq!(answer.status, 200, "the status");
    assert_eq!(
        answer.content_type.as_deref(),
        Some("application/json"),
        "without parameters"
    );
    assert_eq!(answer.retry_after, Some(7), "the wait");
    assert_eq!(answer.body, b"[1]", "the body");
    assert!(
        !format!("{answer:?}").contains("[1]"),
        "Debug shows sizes only"
    );
    assert!(
        format!("{answer:?}").contains("bytes: 3"),
        "Debug shows the size"
    );
}

#[tokio::test]
async fn a_body_over_the_cap_is_stopped_however_it_comes() {
    let ten = vec![b' '; 10 * 1024 * 1024];
    let mut chunked =
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n".to_vec();
    for part in ten.chunks(1024 * 1024) {
        chunked.extend_from_slice(format!("{:x}\r\n", part.len()).as_bytes());
        chunked.extend_from_slice(part);
        chunked.extend_from_slice(b"\r\n");
    }
    chunked.extend_from_slice(b"0\r\n\r\n");
    let bomb = gzip(&vec![b' '; 64 * 1024 * 1024]);
    assert!(
        bomb.len() < CAP / 50,
        "the bomb is small on the wire: {} bytes",
        bomb.len()
    );
    for (case, reply) in [
        ("announced", answer("200 OK", "", &ten)),
        ("chunked", Reply::Bytes(chunked)),
        (
            "gzip bomb",
            answer("200 OK", "Content-Encoding: gzip\r\n", &bomb),
        ),
    ] {
        let server = Server::start(vec![reply]).await;
        let failure = ask(&server, CAP).await.unwrap_err();
        assert_eq!(failure.finding, Finding::AnswerTooLarge, "{case}");
        assert_eq!(failure.status, Some(200), "{case}: the status had come");
    }
    let server = Server::start(vec![json("[1]")]).await;
    assert_eq!(
        ask(&server, 3).await.unwrap().body.len(),
        3,
        "exactly the cap is allowed"
    );
    assert_eq!(
        ask(&server, 2).await.unwrap_err().finding,
        Finding::AnswerTooLarge,
        "one byte more is not"
    );
}

#[tokio::test]
async fn gzip_is_unpacked() {
    let packed = gzip(b"[1,2]");
    let server = Server::start(vec![answer(
        "200 OK",
        "Content-Encoding: gzip\r\n",
        &packed,
    )])
    .await;
    assert_eq!(
        ask(&server, CAP).await.unwrap().body,
        b"[1,2]",
        "the unpacked bytes"
    );
    let server = Server::start(vec![answer(
        "200 OK",
        "Content-Encoding: gzip\r\n",
        b"plain",
    )])
    .await;
    assert!(
        ask(&server, CAP).await.is_err(),
        "what only says it is packed is refused"
    );
}

#[tokio::test]
async fn http_outside_this_computer_is_never_sent() {
    let server = Server::start(vec![json("[]")]).await;
    let settings = settings(&server.url());
    let trust = load_trust(&settings).await.unwrap();
    let client = HttpClient::assemble(&settings, &surroundings(), &trust).unwrap();
    let proof = authentication(&settings.auth, Some(&key("k"))).unwrap();
    let url = Url::parse(&format!("http://federation.test:{}/", server.port)).unwrap();
    let request = Request {
        method: Method::GET,
        url: &url,
        authentication: &proof,
        body: None,
        read_errors: false,
        accept: JSON,
        max_body: CAP,
        now: UtcMillis(0),
    };
    let failure = send(&client, request).await.unwrap_err();
    assert_eq!(
        failure.finding,
        Finding::SettingUnusable,
        "refused before the network"
    );
    assert_eq!(server.requests().len(), 0, "no key left in clear");
}

#[test]
fn retry_after_in_seconds_and_in_all_three_forms_of_a_date() {
    let now = UtcMillis(784_111_777_000); // Sun, 06 Nov 1994 08:49:37 GMT
    let date = Some("Sun, 06 Nov 1994 08:49:07 GMT");
    for (value, date, expected) in [
        ("120", None, Some(120)),
        (" 5 ", None, Some(5)),
        ("0", None, Some(0)),
        ("99999999999999999999999", None, Some(2_592_000)),
        ("Sun, 06 Nov 1994 08:50:37 GMT", None, Some(60)),
        ("Sunday, 06-Nov-94 08:50:37 GMT", None, Some(60)),
        ("Sun Nov  6 08:50:37 1994", None, Some(60)),
        // The federation's own clock counts, not this computer's.
        ("Sun, 06 Nov 1994 08:50:37 GMT", date, Some(90)),
        ("Sun, 06 Nov 1994 08:00:00 GMT", None, Some(0)),
        ("soon", None, None),
        ("-1", None, None),
        ("1.5", None, None),
        ("", None, None),
    ] {
        assert_eq!(retry_after(Some(value), date, now), expected, "{value:?}");
    }
    assert_eq!(retry_after(None, None, now), None, "no header, no wait");
}

#[test]
fn a_redacted_url_shows_neither_query_nor_user() {
    let url = Url::parse("https://user:pw@h.example:8443/v1/me?key=secret#frag").unwrap();
    let shown = RedactedUrl::new(url);
    assert_eq!(shown.to_string(), "https://h.example:8443/v1/me", "Display");
    assert_eq!(
        format!("{shown:?}"),
        "RedactedUrl(https://h.example:8443/v1/me)",
        "Debug"
    );
}
