//! What the listener on this computer promises (bar 19), and the page that it shows at the end.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

use connectors::failure::Finding;
use connectors::settings::Redirect;
use connectors::view::SignInState;

use super::loopback::target;
use super::server::Act;
use super::support::{CLUB, Scene, browse, found, get, send_raw, status_of};

/// Bar 19: what the system itself says of the socket.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn bar_19_the_listener_is_on_this_computer_only() {
    fn listening(table: &str, port: u16) -> Vec<String> {
        fs::read_to_string(format!("/proc/net/{table}"))
            .unwrap()
            .lines()
            .skip(1)
            .filter_map(|line| {
                let fields: Vec<&str> = line.split_whitespace().collect();
                let local = fields.get(1)?.to_string();
                let is_it =
                    fields.get(3) == Some(&"0A") && local.ends_with(&format!(":{port:04X}"));
                is_it.then_some(local)
            })
            .collect()
    }
    let everywhere = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap();
    let open = everywhere.local_addr().unwrap().port();
    assert_eq!(
        listening("tcp", open),
        [format!("00000000:{open:04X}")],
        "the control: a listener on all addresses is seen as one"
    );
    let scene = Scene::new(|_| {}).await;
    let waiting = scene.start(CLUB, Redirect::Loopback).await;
    let port = waiting.port();
    assert_eq!(
        listening("tcp", port),
        [format!("0100007F:{port:04X}")],
        "127.0.0.1 and nothing else"
    );
    assert!(listening("tcp6", port).is_empty(), "and no IPv6 address");
    scene.app.sign_in_cancel(CLUB).await.unwrap();
    let _ended = waiting.ended().await;
    assert!(listening("tcp", port).is_empty(), "afterwards it is gone");
}

#[tokio::test]
async fn bar_19_one_answer_is_taken_and_no_second_one() {
    let scene = Scene::new(|_| {}).await;
    // The exchange takes a while, so that the second request finds the port still open.
    scene
        .server
        .script("/token", vec![Act::Late(Duration::from_millis(700))]);
    let (waiting, link) = scene.approved_on_port().await;
    let second = link.clone().set("code", "another-code");
    let (first, second) = tokio::join!(browse(&link), async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        browse(&second).await
    });
    assert_eq!(status_of(&first), 200, "the first is the answer");
    assert_eq!(status_of(&second), 400, "the second is none: {second}");
    assert!(
        second.contains("not the answer that is awaited"),
        "it is told so: {second}"
    );
    assert_eq!(scene.server.asked("/token").len(), 1, "one exchange");
    waiting.ended().await.unwrap();
    scene.assert_signed_in().await;
}

#[tokio::test]
async fn bar_19_wrong_answers_leave_the_port_open_for_the_right_one() {
    let scene = Scene::new(|_| {}).await;
    let (waiting, link) = scene.approved_on_port().await;
    let port = waiting.port();
    let wrong = [
        link.clone().set("state", &"A".repeat(43)).to_string(),
        link.clone().without("state").to_string(),
        link.clone().and("code", "twice").to_string(),
        link.clone().without("code").to_string(),
        waiting.redirect_uri.clone(),
        format!("{}#access_token=stolen", waiting.redirect_uri),
    ];
    for address in wrong {
        let asked = address.split_once(&port.to_string()).unwrap().1;
        let answer = send_raw(port, &get(port, asked)).await;
        assert_eq!(status_of(&answer), 400, "{asked}: {answer}");
        assert!(answer.contains("not the answer that is awaited"), "{asked}");
    }
    for size in [9_000, 1_000_000] {
        let long = format!("/oauth/{CLUB}?code={}", "x".repeat(size));
        let answer = send_raw(port, &get(port, &long)).await;
        assert!(
            matches!(status_of(&answer), 0 | 414 | 431),
            "{size} bytes: {}",
            &answer[..answer.len().min(80)]
        );
    }
    for noise in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"\r\n\r\n\r\n",
        b"GET\r\n\r\n",
        &[0; 64],
    ] {
        let mut request = noise.to_vec();
        request.extend_from_slice(b"\r\n\r\n");
        let answer = send_raw(port, &request).await;
        assert_ne!(status_of(&answer), 200, "noise is not an answer");
    }
    assert_eq!(
        scene.state(CLUB).await,
        SignInState::Waiting,
        "it still waits"
    );
    assert_eq!(status_of(&browse(&link).await), 200, "the right one");
    waiting.ended().await.unwrap();
    scene.assert_signed_in().await;
}

/// The page repeats nothing, loads nothing and is kept nowhere; it speaks the browser's language.
#[tokio::test]
async fn the_page_says_how_it_ended_in_the_languages_of_the_browser() {
    for (accepted, tag, said) in [
        ("", "en", "You are signed in"),
        ("en-GB,en;q=0.9", "en", "You are signed in"),
        ("ga-IE,ga;q=0.9,en;q=0.8", "ga", "Tá tú sínithe isteach"),
        ("GA", "ga", "Tá tú sínithe isteach"),
        ("de-DE,ga;q=0.5", "ga", "Tá tú sínithe isteach"),
        ("de, fr", "en", "You are signed in"),
        ("gab", "en", "You are signed in"),
        ("*", "en", "You are signed in"),
        (";;;,,,", "en", "You are signed in"),
    ] {
        let scene = Scene::new(|_| {}).await;
        let (waiting, link) = scene.approved_on_port().await;
        let port = waiting.port();
        let request = format!(
            "GET {} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Language: {accepted}\r\n\r\n",
            target(&link)
        );
        let answer = send_raw(port, request.as_bytes()).await;
        assert!(
            answer.contains(&format!("<html lang=\"{tag}\">")),
            "{accepted:?}: {answer}"
        );
        assert!(answer.contains(said), "{accepted:?}: {answer}");
        let lower = answer.to_lowercase();
        for header in [
            "content-security-policy: default-src 'none'",
            "cache-control: no-store",
            "referrer-policy: no-referrer",
            "x-content-type-options: nosniff",
            "connection: close",
        ] {
            assert!(lower.contains(header), "{header}");
        }
        for never in [
            "<script",
            "src=",
            "href=",
            &link.get("code"),
            &link.get("state"),
        ] {
            assert!(!answer.contains(never), "{never} is not in the page");
        }
        waiting.ended().await.unwrap();
    }
    let scene = Scene::new(|_| {}).await;
    let (waiting, link) = scene.approved_on_port().await;
    let denied = link.without("code").and("error", "access_denied");
    let answer = browse(&denied.and("error_description", "<b>owned</b>")).await;
    assert_eq!(status_of(&answer), 200, "an answer it was");
    assert!(answer.contains("The sign-in came to nothing"), "{answer}");
    assert!(
        !answer.contains("owned"),
        "a stranger's text is not repeated"
    );
    assert_eq!(
        found(waiting.ended().await),
        Finding::SignInDeclined,
        "and the app says why"
    );
}
