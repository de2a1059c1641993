use std::net::{Ipv4Addr, TcpListener};
use std::time::{Duration, Instant};

use practice_federation::{Fault, FaultKind, Practice, PracticeOptions, StartError, start};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{client, get, practice};

fn on_port(port: u16) -> PracticeOptions {
    PracticeOptions {
        port,
        members: 3,
        ..Default::default()
    }
}

#[tokio::test]
async fn it_listens_on_loopback_only() {
    let practice = practice().await;
    let address = practice.address();
    assert_eq!(
        address.ip(),
        Ipv4Addr::LOCALHOST,
        "no other computer may reach it"
    );
    assert_ne!(address.port(), 0, "a free port was taken");
    assert_eq!(
        practice.base_url(),
        format!("http://{address}"),
        "the base address says so"
    );
    // Were it bound to all addresses, neither of these could listen on the same port. Only Linux
    // gives every computer all of 127.0.0.0/8.
    if !cfg!(target_os = "linux") {
        return;
    }
    for other in [
        Ipv4Addr::new(127, 0, 0, 2),
        Ipv4Addr::new(127, 255, 255, 254),
    ] {
        let listener = TcpListener::bind((other, address.port()));
        assert!(listener.is_ok(), "{other} is free beside it: {listener:?}");
    }
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let practice = practice().await;
    let port = practice.address().port();
    let error = start(on_port(port)).await.expect_err("the port is taken");
    assert!(
        matches!(error, StartError::PortInUse(taken) if taken == port),
        "{error:?}"
    );
    assert_eq!(
        error.to_string(),
        format!("port {port} on this computer is in use already"),
        "the sentence a person reads names the port"
    );
}

#[tokio::test]
async fn stopping_frees_the_port_and_closes_connections() {
    let practice = practice().await;
    let address = practice.address();
    practice.set_fault(Fault::new(FaultKind::Delay(600_000)));
    let mut waiting = TcpStream::connect(address).await.unwrap();
    let request = format!("GET /open/v1/me HTTP/1.1\r\nHost: {address}\r\n\r\n");
    waiting.write_all(request.as_bytes()).await.unwrap();
    let arrival = async {
        while practice.request_count() == 0 {
            tokio::task::yield_now().await;
        }
    };
    let arrived = tokio::time::timeout(Duration::from_secs(10), arrival).await;
    assert!(arrived.is_ok(), "the request that is to wait has come in");
    let before = Instant::now();
    practice.stop().await;
    assert!(
        before.elapsed() < Duration::from_secs(5),
        "nobody waits for a delayed answer"
    );
    let mut rest = Vec::new();
    let end = waiting.read_to_end(&mut rest).await;
    assert!(
        end.is_err() || rest.is_empty(),
        "the open connection ends without an answer"
    );
    assert!(
        TcpStream::connect(address).await.is_err(),
        "nobody listens any more"
    );
    let again = start(on_port(address.port()))
        .await
        .expect("the port is free at once");
    assert_eq!(
        get(&again, "/open/v1/me").await.status(),
        200,
        "and serves the next one"
    );
}

#[tokio::test]
async fn dropping_stops_too() {
    let practice = practice().await;
    let address = practice.address();
    drop(practice);
    assert!(
        TcpStream::connect(address).await.is_err(),
        "nobody listens after the drop"
    );
}

#[test]
fn it_serves_whatever_runtime_started_it() {
    let build = |mut builder: tokio::runtime::Builder| builder.enable_all().build().unwrap();
    let one = build(tokio::runtime::Builder::new_current_thread());
    let practice: Practice = one.block_on(start(on_port(0))).unwrap();
    // The runtime that started it is not needed: a caller may block it or drop it.
    drop(one);
    let other = build(tokio::runtime::Builder::new_multi_thread());
    let status = other.block_on(async { get(&practice, "/open/v1/me").await.status() });
    assert_eq!(status, 200, "the server lives as long as its handle");
    other.block_on(practice.stop());
}

#[tokio::test]
async fn many_clients_at_once_are_served() {
    let practice = practice().await;
    let client = client();
    let mut tasks = tokio::task::JoinSet::new();
    for page in 0..100 {
        let url = format!("{}/open/v1/members?size=4&page={page}", practice.base_url());
        let request = client.get(url);
        tasks.spawn(async move { request.send().await.unwrap().status() });
    }
    while let Some(status) = tasks.join_next().await {
        assert_eq!(status.unwrap(), 200, "no request is lost among others");
    }
    assert_eq!(practice.request_count(), 100, "each was seen once");
}
