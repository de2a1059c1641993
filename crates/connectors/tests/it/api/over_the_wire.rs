//! The client over a real connection: packed bodies, cut ones, redirects, keys in the query.

use std::sync::Arc;

use connectors::api::authenticate::Authentication;
use connectors::api::call::RequestOptions;
use connectors::api::circuit::Caller;
use connectors::api::client::{HttpClient, load_trust};
use connectors::api::fetch::{Fetch, PageRequest};
use connectors::api::proof::KeysAtHand;
use connectors::api::request::{ApiClient, ClientCore, ClientParts};
use connectors::clock::SystemClock;
use connectors::failure::Finding;
use connectors::secret::SecretText;
use reqwest::Method;
use testkit::seeded_random::SeededRandom;
use url::Url;

use super::federation::{Memory, key};
use super::server::{Reply, Server, answer, gzip, json, settings, surroundings};

async fn client(server: &Server, proof: Authentication) -> (ApiClient, Arc<Memory>) {
    let mut settings = settings(&server.url());
    settings.limits.timeout_seconds = 20;
    let trust = load_trust(&settings).await.unwrap();
    let ledger = Arc::new(Memory::default());
    let core = ClientCore::new(ClientParts {
        wire: Arc::new(HttpClient::assemble(&settings, &surroundings(), &trust).unwrap()),
        settings: Arc::new(settings),
        proofs: Arc::new(KeysAtHand::new(proof, None)),
        ledger: Arc::clone(&ledger) as _,
        limiter: None,
        clock: Arc::new(SystemClock),
        random: Arc::new(SeededRandom::new(5)),
    });
    (ApiClient::new(Arc::new(core), Caller::Person), ledger)
}

async fn list(client: &ApiClient, server: &Server) -> Result<(Url, usize), Finding> {
    let request = PageRequest {
        url: Url::parse(&format!("{}/v1/members?page=1", server.url())).unwrap(),
        accept: "application/vnd.api+json",
    };
    let mut page = client.fetch(request).await.map_err(|error| error.finding)?;
    let mut bytes = 0;
    while let Some(piece) = page.body.next().await.map_err(|error| error.finding)? {
        bytes += piece.len();
    }
    Ok((page.url, bytes))
}

#[tokio::test]
async fn packed_bodies_are_counted_unpacked_and_bombs_are_stopped() {
    const MIB: usize = 1024 * 1024;
    let packed = |bytes: usize| {
        let body = gzip(&vec![b' '; bytes]);
        answer("200 OK", "Content-Encoding: gzip\r\n", &body)
    };
    let server = Server::start(vec![packed(3 * MIB)]).await;
    let (client, ledger) = client(&server, key("k")).await;
    assert_eq!(list(&client, &server).await.unwrap().1, 3 * MIB, "unpacked");
    let recorded = ledger.attempts.lock().unwrap()[0].bytes;
    assert_eq!(recorded, 3 * 1024 * 1024, "and so it is recorded");
    let capped = client.with_streamed_cap(2 * MIB);
    assert_eq!(
        list(&capped, &server).await,
        Err(Finding::AnswerTooLarge),
        "a cap of one's own"
    );

    let server = Server::start(vec![packed(80 * MIB)]).await;
    let (client, _) = self::client(&server, key("k")).await;
    assert_eq!(
        list(&client, &server).await,
        Err(Finding::AnswerTooLarge),
        "64 MiB of a list"
    );
    let error = client
        .request("/", RequestOptions::default())
        .await
        .unwrap_err();
    assert_eq!(
        error.finding,
        Finding::AnswerTooLarge,
        "8 MiB of anything else"
    );
}

#[tokio::test]
async fn what_is_asked_for_goes_out_and_a_key_in_the_query_stays_out_of_addresses() {
    let server = Server::start(vec![json("[1]")]).await;
    let proof = Authentication {
        headers: Vec::new(),
        query: vec![("api_token".to_owned(), SecretText::new("s3cret".to_owned()))],
    };
    let (client, ledger) = client(&server, proof).await;
    let (url, _) = list(&client, &server).await.unwrap();
    let head = server.requests().remove(0);
    assert!(
        head.contains("/v1/members?page=1&api_token=s3cret"),
        "the key goes out: {head}"
    );
    assert!(
        head.to_lowercase()
            .contains("accept: application/vnd.api+json"),
        "as paging asks: {head}"
    );
    assert_eq!(
        url.query(),
        Some("page=1"),
        "relative links start without it"
    );
    let told = format!("{:?}", ledger.attempts.lock().unwrap());
    assert!(!told.contains("s3cret"), "nor is it recorded: {told}");
    let post = RequestOptions {
        method: Method::POST,
        body: Some(connectors::api::send::Outgoing {
            content_type: "application/json".to_owned(),
            bytes: b"{\"a\":1}".to_vec().into(),
        }),
        ..RequestOptions::default()
    };
    client.request("/v1/orders", post).await.unwrap();
    let head = server.requests().pop().unwrap();
    assert!(head.starts_with("POST /"), "the method: {head}");
    assert!(
        head.to_lowercase()
            .contains("content-type: application/json"),
        "and what is sent: {head}"
    );
}

#[tokio::test]
async fn redirects_stay_within_the_origin() {
    let stranger = Server::start(vec![json("[1]")]).await;
    let to = format!("Location: {}/v1/members\r\n", stranger.url());
    let server = Server::start(vec![answer("302 Found", &to, b"")]).await;
    let (client, _) = client(&server, key("k")).await;
    assert_eq!(
        list(&client, &server).await,
        Err(Finding::RedirectedElsewhere),
        "another port is another origin"
    );
    assert!(stranger.requests().is_empty(), "nobody is introduced there");
}

#[tokio::test]
async fn a_body_that_is_cut_is_asked_for_again_as_a_whole() {
    let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\n[1,".to_vec();
    let server = Server::start(vec![Reply::Bytes(cut)]).await;
    let (client, ledger) = client(&server, key("k")).await;
    let error = client
        .request("/", RequestOptions::default())
        .await
        .unwrap_err();
    assert_eq!(
        (error.finding, error.status, error.attempts),
        (Finding::ConnectionCut, Some(200), 3),
        "three times"
    );
    let bytes: Vec<u64> = ledger
        .attempts
        .lock()
        .unwrap()
        .iter()
        .map(|one| one.bytes)
        .collect();
    assert_eq!(bytes, [3, 3, 3], "and what came is recorded");
    let before = server.requests().len();
    assert_eq!(
        list(&client, &server).await,
        Err(Finding::ConnectionCut),
        "a list whose start was used is not repeated"
    );
    assert_eq!(server.requests().len() - before, 1, "it was asked for once");
}
