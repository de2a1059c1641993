//! Attacks 38 to 46: the token endpoint answers elsewhere, in another form, too much, too slowly, half,
//! or not at all.

use std::time::{Duration, Instant};

use connectors::error::Result;
use connectors::failure::Finding;
use connectors::settings::Redirect;
use connectors::view::ConnectorView;
use serde_json::json;

use super::child::peak_growth;
use super::server::{Act, AuthServer};
use super::support::{CLUB, Scene, exchange_gets, found, journey, journey_with};
use crate::api::server::{Authority, Reply, answer, gzip, json as good, self_signed};

#[tokio::test]
async fn attack_38_redirect_to_another_host() {
    for status in [
        "302 Found",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        for same_server in [false, true] {
            let refused = journey(async |scene, hostile| {
                let other = AuthServer::start().await;
                let place = if same_server {
                    scene.server.at("/elsewhere")
                } else {
                    other.at("/token")
                };
                if hostile {
                    let location = format!("Location: {place}\r\n");
                    scene.server.next_token(answer(status, &location, b""));
                }
                let (_waiting, link) = scene.approved().await;
                let outcome = scene.deliver(link).await;
                assert!(other.asked("/token").is_empty(), "{status}: not followed");
                assert!(
                    scene.server.asked("/elsewhere").is_empty(),
                    "{status}: nowhere"
                );
                outcome
            })
            .await;
            assert_eq!(refused.finding(), Finding::RedirectedElsewhere, "{status}");
        }
    }
}

#[tokio::test]
async fn attack_39_plain_http() {
    // Without the switch, no setting with http is stored.
    let scene = Scene::new(|_| {}).await;
    let mut settings = super::support::settings("plain", &scene.server);
    settings.allow_http_loopback = false;
    let added = crate::app::support::request(settings, Some(super::support::client()));
    let rules = crate::app::support::rules(scene.app.connector_add(added).await);
    assert!(
        rules.iter().any(|(field, _)| field == "auth.issuer"),
        "the issuer must be https: {rules:?}"
    );

    // An issuer behind TLS whose description leads to http.
    let authority = Authority::new();
    let refused = tls_journey(&authority, async |scene, hostile| {
        if hostile {
            let (own, port) = (scene.server.url(), scene.server.port);
            scene.server.rules(|rules| {
                rules.metadata = Some(json!({
                    "issuer": own,
                    "authorization_endpoint": format!("{own}/authorize"),
                    "token_endpoint": format!("http://localhost:{port}/token"),
                }));
            });
        }
        let waiting = scene.try_start(CLUB, Redirect::DeepLink).await?;
        scene.deliver(scene.server.approve(&waiting.url)).await
    })
    .await;
    assert_eq!(refused, Finding::IssuerMismatch, "http is another origin");

    // A sign-in that began with the switch on is not finished with it off.
    let refused = journey(async |scene, hostile| {
        let (_waiting, link) = scene.approved().await;
        if hostile {
            let view = scene.app.connector_show(CLUB).await.unwrap();
            let https = |address: &str| address.replace("http://", "https://");
            let edit = crate::app::support::edit(&view, |settings| {
                settings.allow_http_loopback = false;
                settings.endpoints.base = https(&settings.endpoints.base);
                settings.auth.issuer = settings.auth.issuer.as_deref().map(https);
            });
            scene.app.connector_edit(edit).await.unwrap();
        }
        scene.deliver(link).await
    })
    .await;
    assert_eq!(
        refused.finding(),
        Finding::SettingUnusable,
        "not sent over http"
    );
    assert!(
        refused.scene.server.asked("/token").is_empty(),
        "the code never left"
    );
}

async fn tls_scene(authority: &Authority, tls: rustls::ServerConfig) -> Scene {
    let server = AuthServer::start_tls(tls, "localhost").await;
    let file = authority.file().display().to_string();
    Scene::at(server, |settings| settings.network.ca_file = Some(file)).await
}

/// As a journey, behind TLS with a good certificate.
async fn tls_journey(
    authority: &Authority,
    run: impl AsyncFn(&Scene, bool) -> Result<ConnectorView>,
) -> Finding {
    {
        let scene = tls_scene(authority, authority.server("localhost", 2090)).await;
        run(&scene, false).await.expect("the control signs in");
        scene.assert_signed_in().await;
    }
    let scene = tls_scene(authority, authority.server("localhost", 2090)).await;
    let told = found(run(&scene, true).await);
    scene.assert_nothing_stored().await;
    scene.assert_no_secret("");
    told
}

#[tokio::test]
async fn attack_40_bad_certificates() {
    let authority = Authority::new();
    {
        let scene = tls_scene(&authority, authority.server("localhost", 2090)).await;
        scene.sign_in().await;
        scene.assert_signed_in().await;
    }
    let stranger = Authority::new();
    for (what, tls, expected) in [
        (
            "wrong host",
            authority.server("other.test", 2090),
            Finding::TlsWrongHost,
        ),
        (
            "self-signed",
            self_signed("localhost"),
            Finding::TlsUntrusted,
        ),
        (
            "expired",
            authority.server("localhost", 2021),
            Finding::TlsExpired,
        ),
        (
            "a stranger's authority",
            stranger.server("localhost", 2090),
            Finding::TlsUntrusted,
        ),
    ] {
        // The person was in the browser with a good certificate; the exchange meets the bad one.
        let honest = AuthServer::start().await;
        let bad = AuthServer::start_tls(tls, "localhost").await;
        let file = authority.file().display().to_string();
        let (authorize, token) = (honest.at("/authorize"), bad.at("/token"));
        let scene = Scene::at(honest, |settings| {
            settings.auth.issuer = None;
            settings.auth.authorization_endpoint = Some(authorize);
            settings.auth.token_endpoint = Some(token);
            settings.network.ca_file = Some(file);
        })
        .await;
        let (waiting, link) = scene.approved().await;
        let code = link.get("code");
        let told = found(scene.deliver(link).await);
        assert_eq!(told, expected, "{what}");
        assert_eq!(
            found(waiting.ended().await),
            expected,
            "{what}: whoever waits learns it"
        );
        assert!(!bad.saw(&code), "{what}: the code was not sent");
        scene.assert_nothing_stored().await;
        scene.assert_no_secret("");
    }
}

#[tokio::test]
async fn attack_41_text_html() {
    let page = b"<html><body>{\"access_token\":\"stolen\",\"token_type\":\"Bearer\"}</body></html>";
    let json = br#"{"access_token":"stolen","token_type":"Bearer"}"#;
    for (headers, body) in [
        ("Content-Type: text/html\r\n", &page[..]),
        ("Content-Type: text/html; charset=utf-8\r\n", &json[..]),
        ("Content-Type: text/plain\r\n", &json[..]),
        ("Content-Type: application/jsonp\r\n", &json[..]),
        ("", &page[..]),
    ] {
        let told = exchange_gets(answer("200 OK", headers, body)).await;
        assert_eq!(told, Finding::TokenUnusable, "{headers:?}");
    }
}

#[tokio::test]
async fn attack_42_form_encoded() {
    let body = b"access_token=stolen&token_type=bearer&expires_in=3600";
    for headers in [
        "Content-Type: application/x-www-form-urlencoded\r\n",
        "Content-Type: application/json\r\n",
        "",
    ] {
        let told = exchange_gets(answer("200 OK", headers, body)).await;
        assert_eq!(told, Finding::TokenUnusable, "{headers:?}");
    }
}

#[tokio::test]
async fn attack_43_empty_body() {
    for (status, expected) in [
        ("200 OK", Finding::TokenUnusable),
        ("204 No Content", Finding::TokenUnusable),
        ("400 Bad Request", Finding::SignInRefused),
    ] {
        let told = exchange_gets(answer(status, "Content-Type: application/json\r\n", b"")).await;
        assert_eq!(told, expected, "{status}");
    }
}

#[tokio::test]
async fn attack_44_truncated_json() {
    let whole = r#"{"access_token":"stolen","token_type":"Bearer","expires_in":3600}"#;
    for kept in [1, 20, 24, 40, whole.len() - 1] {
        assert_eq!(
            exchange_gets(good(&whole[..kept])).await,
            Finding::TokenUnusable,
            "{kept} bytes"
        );
    }
    for bent in [
        format!("{whole}{whole}"),
        format!("{whole}x"),
        format!("[{whole}]"),
        "null".to_owned(),
        r#"["stolen","Bearer",3600,null,null]"#.to_owned(),
    ] {
        assert_eq!(
            exchange_gets(good(&bent)).await,
            Finding::TokenUnusable,
            "{bent}"
        );
    }
}

/// A usable answer with ten megabytes of filling behind the token.
fn huge() -> Vec<u8> {
    let filling = "x".repeat(10 * 1024 * 1024);
    format!(r#"{{"access_token":"stolen","token_type":"Bearer","filling":"{filling}"}}"#)
        .into_bytes()
}

fn chunked(body: &[u8]) -> Reply {
    let mut bytes = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\
        Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        .to_vec();
    for chunk in body.chunks(16 * 1024) {
        bytes.extend(format!("{:x}\r\n", chunk.len()).bytes());
        bytes.extend_from_slice(chunk);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"0\r\n\r\n");
    Reply::Bytes(bytes)
}

#[tokio::test]
async fn attack_45_ten_megabytes_and_a_drip() {
    let json = "Content-Type: application/json\r\n";
    for reply in [answer("200 OK", json, &huge()), chunked(&huge())] {
        assert_eq!(
            exchange_gets(reply).await,
            Finding::AnswerTooLarge,
            "64 KiB at most"
        );
    }
    // Just below the cap it is read and used; the cap is what decides, not a dislike of fillings.
    let scene = Scene::new(|_| {}).await;
    let filling = "x".repeat(60 * 1024);
    let body = json!({ "access_token": "a", "token_type": "bearer", "filling": filling });
    scene.server.next_token(good(&body.to_string()));
    scene.sign_in().await;
    assert_eq!(scene.token_rows(), 1, "the control: 60 KiB are read");

    // A kilobyte a second would take three hours: the time limit of the connector ends it.
    let refused = journey_with(
        |settings| settings.limits.timeout_seconds = 2,
        async |scene, hostile| {
            if hostile {
                let head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\
                    Transfer-Encoding: chunked\r\n\r\n";
                let piece = format!("400\r\n{}\r\n", " ".repeat(1_024)).into_bytes();
                let drip = Act::Drip(head.to_vec(), piece, 10_240, Duration::from_secs(1));
                scene.server.script("/token", vec![drip]);
            }
            let (_waiting, link) = scene.approved().await;
            let start = Instant::now();
            let outcome = scene.deliver(link).await;
            assert!(
                start.elapsed() < Duration::from_secs(5),
                "{:?}",
                start.elapsed()
            );
            outcome
        },
    )
    .await;
    assert_eq!(
        refused.finding(),
        Finding::SignInInterrupted,
        "the server has acted on the code, and its answer is lost"
    );
}

/// Bar 21: measured in a process of its own, as the peak of its resident memory.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bar_21_ten_megabytes_take_less_than_two_of_memory() {
    const MOST: u64 = 2 * 1024;
    let json = "Content-Type: application/json\r\n";
    let packed = gzip(&huge());
    assert!(packed.len() < 64 * 1024, "the bomb itself is small");
    for (what, reply) in [
        ("announced", answer("200 OK", json, &huge())),
        ("in pieces", chunked(&huge())),
        ("an error", answer("400 Bad Request", json, &huge())),
        (
            "packed",
            answer(
                "200 OK",
                &format!("{json}Content-Encoding: gzip\r\n"),
                &packed,
            ),
        ),
    ] {
        let (told, grown) = peak_growth("", reply).await;
        assert_eq!(told, "BadAnswer", "{what}: refused");
        assert!(grown < MOST, "{what}: {grown} KiB more than before");
    }
    let (_, grown) = peak_growth("eight megabytes", chunked(&huge())).await;
    assert!(
        grown > 4 * MOST - 1_024,
        "the control: eight megabytes are seen: {grown} KiB"
    );
}

#[tokio::test]
async fn attack_46_gzip_bomb() {
    let headers = "Content-Type: application/json\r\nContent-Encoding: gzip\r\n";
    let reply = |bytes: &[u8]| answer("200 OK", headers, &gzip(bytes));
    assert_eq!(
        exchange_gets(reply(&huge())).await,
        Finding::AnswerTooLarge,
        "counted after unpacking"
    );
    let scene = Scene::new(|_| {}).await;
    scene
        .server
        .next_token(reply(br#"{"access_token":"a","token_type":"bearer"}"#));
    scene.sign_in().await;
    assert_eq!(
        scene.token_rows(),
        1,
        "the control: an honest packed answer is read"
    );
}
