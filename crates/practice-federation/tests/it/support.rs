//! A client that keeps to this computer, raw requests for what it will not send, and short words
//! for what every test needs.

use std::net::SocketAddr;
use std::sync::LazyLock;

use practice_federation::{Practice, PracticeOptions, start};
use reqwest::{Client, ClientBuilder, Response};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub(crate) async fn practice() -> Practice {
    start(PracticeOptions::default())
        .await
        .expect("a free port is always to be had")
}

/// Without a proxy, whatever the machine's settings are, and without redirects.
pub(crate) fn client() -> Client {
    builder()
        .build()
        .expect("the client needs nothing from outside")
}

/// One client for all requests that need no connection of their own to come back to. It keeps none, so
/// that no test meets one that belongs to the runtime of another.
pub(crate) fn shared_client() -> &'static Client {
    static CLIENT: LazyLock<Client> = LazyLock::new(|| {
        let builder = builder().pool_max_idle_per_host(0);
        builder
            .build()
            .expect("the client needs nothing from outside")
    });
    &CLIENT
}

fn builder() -> ClientBuilder {
    // Plain HTTP needs no provider, but building the client asks for one. An error says that
    // another test installed it first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
}

pub(crate) async fn get(practice: &Practice, target: &str) -> Response {
    shared_client()
        .get(format!("{}{target}", practice.base_url()))
        .send()
        .await
        .expect("an answer")
}

pub(crate) async fn json(practice: &Practice, target: &str) -> Value {
    get(practice, target).await.json().await.expect("JSON")
}

/// Sends `request` as it is and gives all that comes back until the server closes.
pub(crate) async fn raw(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address)
        .await
        .expect("the server listens");
    stream
        .write_all(request.as_bytes())
        .await
        .expect("the server reads");
    let mut answer = Vec::new();
    stream
        .read_to_end(&mut answer)
        .await
        .expect("the server answers and closes");
    String::from_utf8(answer).expect("the answer is text")
}
