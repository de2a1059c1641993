//! What `request()` costs beside the bare HTTP library: 10,000 calls of each to a server on this computer, in turns
//! of 500, one after the other, as a sync makes them. Ours has everything but the limit: credentials, rules,
//! learnt limits, the circuit, and every attempt recorded in the encrypted file.
//!
//! Prints both and the ratio; ends with an error where it is above the bar.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement prints, uses the real clock and stops where it cannot start"
)]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use connectors::App;
use connectors::api::call::RequestOptions;
use connectors::api::circuit::Caller;
use connectors::api::client::load_trust;
use connectors::api::request::ApiClient;
use connectors::view::ConnectorAddRequest;
use practice_federation::PracticeOptions;
use testkit::Bench;

/// Calls of each kind.
const CALLS: u32 = 10_000;
/// Calls in a row, before the other kind has its turn.
const TURN: u32 = 500;
/// The bar: times the bare library.
const BAR: f64 = 1.10;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    let federation = practice_federation::start(PracticeOptions::default())
        .await
        .unwrap();
    let bench = Bench::new();
    let app = bench.open_app().await;
    let settings = testkit::settings("bench", &format!("{}/key", federation.base_url()));
    app.connector_add(ConnectorAddRequest {
        settings,
        credentials: Some(testkit::api_key(federation.api_key())),
        test_handle: None,
    })
    .await
    .unwrap();
    let client = app
        .api_client("bench", Caller::Person)
        .await
        .unwrap()
        .without_limit();
    let trust = load_trust(client.settings()).await.unwrap();
    let bare = Bare {
        http: reqwest::Client::builder()
            .tls_backend_preconfigured(rustls::ClientConfig::clone(&trust))
            .gzip(true)
            .no_proxy()
            .connect_timeout(Duration::from_secs(10))
            .timeout(Duration::from_secs(30))
            .build()
            .unwrap(),
        url: format!("{}/key/v1/me", federation.base_url()),
        key: federation.api_key().to_owned(),
    };
    // Once to warm both.
    bare.calls(TURN).await;
    ours(&client, TURN).await;
    let (mut of_bare, mut of_ours) = (Vec::new(), Vec::new());
    for _ in 0..CALLS / TURN {
        let from = Instant::now();
        bare.calls(TURN).await;
        of_bare.push(from.elapsed());
        let from = Instant::now();
        ours(&client, TURN).await;
        of_ours.push(from.elapsed());
    }
    recorded(&app).await;
    println!(
        "{CALLS} calls, milliseconds in all: bare {:.0}, request() {:.0}",
        total(&of_bare),
        total(&of_ours)
    );
    // The median turn, and not the sum: what else the computer does for a moment then counts for neither.
    let (bare, ours) = (median(&mut of_bare), median(&mut of_ours));
    println!("median of {TURN}: bare {bare:.1}, request() {ours:.1}");
    let ratio = ours / bare;
    let held = ratio <= BAR;
    let verdict = if held { "PASS" } else { "FAIL" };
    println!("request() over bare: {ratio:.3}, bar {BAR:.2}  {verdict}");
    if held {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

struct Bare {
    http: reqwest::Client,
    url: String,
    key: String,
}

impl Bare {
    async fn calls(&self, count: u32) {
        for _ in 0..count {
            let response = self
                .http
                .get(&self.url)
                .header("accept", "application/json")
                .header("x-api-key", &self.key)
                .send()
                .await
                .unwrap();
            assert_eq!(response.status(), 200, "it is answered");
            let body = response.bytes().await.unwrap();
            assert!(!body.is_empty(), "with a body");
        }
    }
}

async fn ours(client: &ApiClient, count: u32) {
    for _ in 0..count {
        let response = client
            .request("verify", RequestOptions::default())
            .await
            .unwrap();
        assert_eq!(response.status, 200, "it is answered");
        assert!(!response.body.is_empty(), "with a body");
    }
}

/// The attempts are in the file, or the comparison would not be fair.
async fn recorded(app: &App) {
    let log = app.request_log("bench", None, 500).await.unwrap();
    assert_eq!(log.rows.len(), 500, "attempts are recorded");
}

fn total(times: &[Duration]) -> f64 {
    times.iter().sum::<Duration>().as_secs_f64() * 1_000.0
}

fn median(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1_000.0
}
