//! Attacks 25 to 32: strangers at the port of this computer that waits. Everything here is
//! sent over real connections to the port that waits.

use std::net::{Ipv4Addr, TcpListener};
use std::time::{Duration, Instant};

use connectors::failure::Finding;
use connectors::settings::Redirect;
use connectors::view::SignInState;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::link::Link;
use super::support::{
    CLUB, Scene, Waiting, browse, found, get, journey, journey_with, send_raw, status_of,
};

impl Scene {
    pub(crate) async fn approved_on_port(&self) -> (Waiting, Link) {
        let waiting = self.start(CLUB, Redirect::Loopback).await;
        let link = self.server.approve(&waiting.url);
        (waiting, link)
    }

    /// The attack changed nothing: the sign-in waits on, until a person gives up.
    async fn gives_up(
        &self,
        waiting: Waiting,
    ) -> connectors::error::Result<connectors::view::ConnectorView> {
        assert_eq!(
            self.state(CLUB).await,
            SignInState::Waiting,
            "the attack does not end the sign-in"
        );
        assert!(
            self.server.asked("/token").is_empty(),
            "nothing is exchanged"
        );
        self.app.sign_in_cancel(CLUB).await.unwrap();
        waiting.ended().await
    }
}

/// `/oauth/ballyduff?code=…`: the target of the honest request.
pub(crate) fn target(link: &Link) -> String {
    format!("/oauth/{CLUB}?{}", link.query_text())
}

fn is_open(port: u16) -> bool {
    std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// Waits until nothing listens any more, and says how long that took.
async fn closed_after(port: u16) -> Duration {
    let start = Instant::now();
    while is_open(port) {
        assert!(
            start.elapsed() < Duration::from_secs(10),
            "the port is closed some time"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    start.elapsed()
}

#[tokio::test]
async fn attack_25_favicon_first() {
    let refused = journey(async |scene, hostile| {
        let (waiting, link) = scene.approved_on_port().await;
        for other in [
            "/favicon.ico",
            "/",
            "/robots.txt",
            "/oauth",
            "/oauth/ballyduff/",
            "/oauth/other",
        ] {
            // With the right parameters too: only the path leads in.
            for asked in [other.to_owned(), format!("{other}?{}", link.query_text())] {
                let answer = send_raw(waiting.port(), &get(waiting.port(), &asked)).await;
                assert_eq!(status_of(&answer), 404, "{asked}");
                assert!(
                    !answer.contains("signed in"),
                    "{asked}: nothing is promised"
                );
            }
        }
        if hostile {
            return scene.gives_up(waiting).await;
        }
        let answer = browse(&link).await;
        assert_eq!(
            status_of(&answer),
            200,
            "the honest one is answered: {answer}"
        );
        assert!(answer.contains("You are signed in"), "and told: {answer}");
        waiting.ended().await
    })
    .await;
    assert_eq!(
        refused.finding(),
        Finding::Cancelled,
        "only the person ended it"
    );
}

#[tokio::test]
async fn attack_26_post_and_other_methods() {
    let refused = journey(async |scene, hostile| {
        let (waiting, link) = scene.approved_on_port().await;
        let (port, target) = (waiting.port(), target(&link));
        if !hostile {
            assert_eq!(status_of(&browse(&link).await), 200, "GET is the way");
            return waiting.ended().await;
        }
        for method in ["POST", "PUT", "HEAD", "OPTIONS", "DELETE", "PATCH", "TRACE", "get"] {
            let body = link.query_text();
            let request = format!(
                "{method} {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\
                 Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            );
            let answer = send_raw(port, request.as_bytes()).await;
            assert_eq!(status_of(&answer), 405, "{method}: {answer}");
            assert!(
                !answer.to_lowercase().contains("access-control"),
                "{method}: no page of the web is let in"
            );
        }
        scene.gives_up(waiting).await
    })
    .await;
    assert_eq!(
        refused.finding(),
        Finding::Cancelled,
        "only the person ended it"
    );
}

#[tokio::test]
async fn attack_27_slow_loris() {
    let refused = journey(async |scene, hostile| {
        let (waiting, link) = scene.approved_on_port().await;
        let port = waiting.port();
        let mut slow = TcpStream::connect((Ipv4Addr::LOCALHOST, port))
            .await
            .unwrap();
        let head = format!(
            "GET {} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n",
            target(&link)
        );
        slow.write_all(head.as_bytes()).await.unwrap();
        if !hostile {
            let start = Instant::now();
            assert_eq!(
                status_of(&browse(&link).await),
                200,
                "the honest one is not kept waiting"
            );
            assert!(
                start.elapsed() < Duration::from_secs(2),
                "{:?}",
                start.elapsed()
            );
            return waiting.ended().await;
        }
        // Byte after byte, the head never ends: the connection is ended instead.
        let start = Instant::now();
        let mut answer = [0; 64];
        loop {
            assert!(
                start.elapsed() < Duration::from_secs(15),
                "a slow head is cut off"
            );
            let _ = slow.write_all(b"x").await;
            let pause = Duration::from_millis(200);
            let read = tokio::time::timeout(pause, slow.read(&mut answer)).await;
            if let Ok(Ok(0) | Err(_)) = read {
                break;
            }
        }
        assert!(
            start.elapsed() > Duration::from_secs(3),
            "after some seconds, not at once"
        );
        scene.gives_up(waiting).await
    })
    .await;
    assert_eq!(
        refused.finding(),
        Finding::Cancelled,
        "only the person ended it"
    );
}

#[tokio::test]
async fn attack_28_two_hundred_parallel_connections() {
    let refused = journey(async |scene, hostile| {
        let (waiting, link) = scene.approved_on_port().await;
        let port = waiting.port();
        let mut slow = Vec::new();
        for n in 0..200 {
            let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))
                .await
                .unwrap();
            // Some say nothing, some half a line, some all but the last line.
            let said = ["", "GET /oau", "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"][n % 3];
            stream.write_all(said.as_bytes()).await.unwrap();
            slow.push(stream);
        }
        if hostile {
            return scene.gives_up(waiting).await;
        }
        let start = Instant::now();
        let answer = browse(&link).await;
        assert_eq!(
            status_of(&answer),
            200,
            "the honest one comes through: {answer}"
        );
        assert!(
            start.elapsed() < Duration::from_secs(1),
            "within a second beside 200 slow ones: {:?}",
            start.elapsed()
        );
        assert_eq!(slow.len(), 200, "which are held until here");
        waiting.ended().await
    })
    .await;
    assert_eq!(
        refused.finding(),
        Finding::Cancelled,
        "only the person ended it"
    );
}

#[tokio::test]
async fn attack_29_another_host() {
    let refused = journey(async |scene, hostile| {
        let (waiting, link) = scene.approved_on_port().await;
        let (port, target) = (waiting.port(), target(&link));
        if !hostile {
            assert_eq!(
                status_of(&browse(&link).await),
                200,
                "its own host is the way"
            );
            return waiting.ended().await;
        }
        let other = port ^ 1;
        let heads = [
            "Host: evil.example\r\n".to_owned(),
            format!("Host: evil.example:{port}\r\n"),
            format!("Host: localhost:{port}\r\n"),
            format!("Host: 127.0.0.1:{other}\r\n"),
            "Host: 127.0.0.1\r\n".to_owned(),
            format!("Host: 127.0.0.1.evil.example:{port}\r\n"),
            format!("Host: 127.0.0.1:{port}\r\nHost: evil.example\r\n"),
            "Host:\r\n".to_owned(),
            String::new(),
            format!("X-Forwarded-Host: 127.0.0.1:{port}\r\nHost: evil.example\r\n"),
        ];
        for head in heads {
            let request = format!("GET {target} HTTP/1.1\r\n{head}\r\n");
            let answer = send_raw(port, request.as_bytes()).await;
            assert!(
                matches!(status_of(&answer), 400 | 421),
                "{head:?}: {answer}"
            );
        }
        // As to a proxy, with the right host beside it.
        let absolute =
            format!("GET http://evil.example{target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n");
        let answer = send_raw(port, absolute.as_bytes()).await;
        assert_eq!(status_of(&answer), 421, "{answer}");
        scene.gives_up(waiting).await
    })
    .await;
    assert_eq!(
        refused.finding(),
        Finding::Cancelled,
        "only the person ended it"
    );
}

#[tokio::test]
async fn attack_30_port_taken() {
    // Ports that were free a moment ago; the attack takes the second one first.
    let free = || {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        free.local_addr().unwrap().port()
    };
    let refused = journey_with(
        |settings| settings.auth.loopback_port = Some(free()),
        async |scene, hostile| {
            let view = scene.app.connector_show(CLUB).await.unwrap();
            let port = view.settings.auth.loopback_port.unwrap();
            let thief = hostile.then(|| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap());
            let waiting = match scene.try_start(CLUB, Redirect::Loopback).await {
                Ok(waiting) => waiting,
                Err(error) => {
                    assert!(thief.is_some(), "refused only where it is taken");
                    return Err(error);
                }
            };
            assert_eq!(waiting.port(), port, "the port of the settings");
            let link = scene.server.approve(&waiting.url);
            browse(&link).await;
            waiting.ended().await
        },
    )
    .await;
    assert_eq!(
        refused.finding(),
        Finding::RedirectPortTaken,
        "no port of another program is used"
    );
    assert_eq!(
        refused.scene.state(CLUB).await,
        SignInState::SignedOut,
        "nothing waits, and no browser was opened"
    );

    // The other way round: while it waits, nobody else can listen there too.
    let scene = Scene::new(|_| {}).await;
    let waiting = scene.start(CLUB, Redirect::Loopback).await;
    assert!(
        TcpListener::bind((Ipv4Addr::LOCALHOST, waiting.port())).is_err(),
        "the port is not shared"
    );
    assert!(
        TcpListener::bind((Ipv4Addr::UNSPECIFIED, waiting.port())).is_err(),
        "not with all addresses either"
    );
}

#[tokio::test]
async fn attack_31_request_after_close() {
    let refused = journey(async |scene, hostile| {
        let (waiting, link) = scene.approved_on_port().await;
        let port = waiting.port();
        if hostile {
            scene.app.sign_in_cancel(CLUB).await.unwrap();
            let ended = waiting.ended().await;
            assert!(
                closed_after(port).await < Duration::from_secs(1),
                "a sign-in that was taken back listens no more"
            );
            // The browser cannot reach it; a person pastes its address.
            let pasted = scene.deliver(link).await;
            assert_eq!(
                found(pasted),
                Finding::SignInMismatch,
                "nobody waits for it"
            );
            return ended;
        }
        assert_eq!(status_of(&browse(&link).await), 200, "the answer");
        assert!(
            closed_after(port).await < Duration::from_secs(1),
            "closed within a second after the answer"
        );
        waiting.ended().await
    })
    .await;
    assert_eq!(refused.finding(), Finding::Cancelled, "it was taken back");

    let scene = Scene::new(|_| {}).await;
    let waiting = scene.start(CLUB, Redirect::Loopback).await;
    let port = waiting.port();
    assert!(is_open(port), "the control: it listens while it waits");
    scene.bench.clock.advance_ms(601_000);
    assert_eq!(
        found(waiting.ended().await),
        Finding::SignInExpired,
        "ten minutes are over"
    );
    assert!(
        closed_after(port).await < Duration::from_secs(1),
        "an expired sign-in listens no more"
    );

    let scene = Scene::new(|_| {}).await;
    let waiting = scene.start(CLUB, Redirect::Loopback).await;
    let port = waiting.port();
    scene.app.lock().await.unwrap();
    let _ended = waiting.ended().await;
    assert!(
        closed_after(port).await < Duration::from_secs(1),
        "nor does a locked app"
    );
}

/// Here: the redirect URI is the literal IPv4 address, so that no resolver can turn it to somebody
/// who listens on `::1`. A computer without any IPv4 is not made here.
#[tokio::test]
async fn attack_32_somebody_else_on_the_same_port_of_ipv6() {
    let refused = journey(async |scene, hostile| {
        let (waiting, link) = scene.approved_on_port().await;
        let port = waiting.port();
        let own = format!("http://127.0.0.1:{port}/oauth/{CLUB}");
        assert_eq!(waiting.redirect_uri, own, "an address, never a name");
        assert!(
            std::net::TcpStream::connect((std::net::Ipv6Addr::LOCALHOST, port)).is_err(),
            "the app itself is not on the other one"
        );
        if hostile {
            let _thief = TcpListener::bind((std::net::Ipv6Addr::LOCALHOST, port)).unwrap();
            let theirs = link.to(&format!("http://[::1]:{port}/oauth/{CLUB}"));
            // What the thief caught and hands on is not the way back of this sign-in.
            return scene.deliver(theirs).await;
        }
        browse(&link).await;
        waiting.ended().await
    })
    .await;
    assert_eq!(
        refused.finding(),
        Finding::SignInMismatch,
        "another way back"
    );
}
