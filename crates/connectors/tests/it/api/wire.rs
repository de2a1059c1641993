//! What reaches the wire, byte for byte, and what never does.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock};

use connectors::credentials::{ApiKeyCredentials, BasicCredentials, Credentials};
use connectors::failure::Finding;
use connectors::settings::{AuthKind, AuthSettings, HeaderSetting};
use connectors::view::StepName;

use super::server::{
    Authority, Reply, Server, answer, json, key, list, secret, settings, status, surroundings,
    test, test_in,
};

fn header(name: &str, value: Option<&str>) -> HeaderSetting {
    HeaderSetting {
        name: name.to_owned(),
        secret: value.is_none(),
        value: value.map(str::to_owned),
    }
}

#[tokio::test]
#[allow(clippy::too_many_lines, reason = "a table of cases")]
async fn a06_custom_header_prefix_query_and_several_headers_reach_the_wire() {
    let by_key = |change: fn(&mut AuthSettings)| {
        let mut auth = AuthSettings {
            kind: AuthKind::ApiKey,
            ..AuthSettings::default()
        };
        change(&mut auth);
        auth
    };
    let several = by_key(|auth| {
        auth.headers = vec![
            header("X-Club", Some("1204")),
            header("X-App", None),
            header("X-Token", None),
        ];
    });
    let two_secrets = Credentials::ApiKey(ApiKeyCredentials {
        secrets: BTreeMap::from([
            ("X-App".to_owned(), secret("app-1")),
            ("x-token".to_owned(), secret("tok-2")),
        ]),
        ..ApiKeyCredentials::default()
    });
    let basic = AuthSettings {
        kind: AuthKind::Basic,
        ..AuthSettings::default()
    };
    let login = Credentials::Basic(BasicCredentials {
        username: "Áine".to_owned(),
        password: secret("p:w"),
    });
    let none = AuthSettings {
        kind: AuthKind::None,
        ..AuthSettings::default()
    };
    for (case, auth, credentials, expected) in [
        (
            "default",
            by_key(|_| ()),
            key("k1"),
            vec!["\r\nx-api-key: k1\r\n"],
        ),
        (
            "own header",
            by_key(|a| a.header = Some("X-Club-Key".into())),
            key("k1"),
            vec!["\r\nx-club-key: k1\r\n"],
        ),
        (
            "prefix",
            by_key(|a| {
                a.header = Some("Authorization".into());
                a.prefix = Some("Bearer".into());
            }),
            key("k1"),
            vec!["\r\nauthorization: Bearer k1\r\n"],
        ),
        (
            "query",
            by_key(|a| a.query = Some("api_token".into())),
            key("k&1"),
            vec!["GET /me?api_token=k%261 HTTP/1.1\r\n"],
        ),
        (
            "several",
            several,
            two_secrets,
            vec![
                "\r\nx-club: 1204\r\n",
                "\r\nx-app: app-1\r\n",
                "\r\nx-token: tok-2\r\n",
            ],
        ),
        // base64 of the UTF-8 bytes of `Áine:p:w`
        (
            "basic",
            basic,
            login,
            vec!["\r\nauthorization: Basic w4FpbmU6cDp3\r\n"],
        ),
        ("none", none, key("unused"), vec!["GET /me HTTP/1.1\r\n"]),
    ] {
        let server = Server::start(vec![json("{}"), list()]).await;
        let mut settings = settings(&server.url());
        settings.auth = auth;
        let report = test_in(&surroundings(), &settings, Some(&credentials)).await;
        assert!(report.ok, "{case}: {report:#?}");
        for line in expected {
            assert!(
                server.requests()[0].contains(line),
                "{case}: {line:?} in {:?}",
                server.requests()[0]
            );
        }
        assert!(
            !server.requests()[0].contains("unused"),
            "{case}: without a kind no key is sent"
        );
        assert!(
            server.requests()[0].contains("\r\nuser-agent: FederationConnectors/"),
            "{case}: we say who we are"
        );
    }
}

#[tokio::test]
async fn a_redirect_to_another_host_is_not_followed_and_no_key_goes_there() {
    let other = Server::start(vec![list()]).await;
    let location = format!("Location: http://127.0.0.1:{}/me\r\n", other.port);
    for line in [
        "301 Moved",
        "302 Found",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let server = Server::start(vec![answer(line, &location, b"")]).await;
        let report = test(&settings(&server.url())).await;
        assert_eq!(
            report.finding,
            Some(Finding::RedirectedElsewhere),
            "{line}: {report:#?}"
        );
    }
    assert_eq!(
        other.requests(),
        Vec::<String>::new(),
        "the other host saw nothing at all"
    );
}

#[tokio::test]
async fn a_redirect_from_https_to_http_is_not_followed() {
    let plain = Server::start(vec![list()]).await;
    let location = format!("Location: http://federation.test:{}/me\r\n", plain.port);
    let authority = Authority::new();
    let tls = authority.server("federation.test", 2037);
    let server = Server::start_tls(vec![answer("302 Found", &location, b"")], tls).await;
    let mut settings = settings(&format!("https://federation.test:{}", server.port));
    settings.network.ca_file = Some(authority.file().to_str().unwrap().to_owned());
    let report = test(&settings).await;
    assert_eq!(
        report.finding,
        Some(Finding::RedirectedElsewhere),
        "{report:#?}"
    );
    assert_eq!(plain.requests().len(), 0, "nothing goes out unencrypted");
}

#[tokio::test]
async fn redirects_within_the_origin_are_followed_five_times() {
    let on = || answer("302 Found", "Location: /next\r\n", b"");
    let mut script = vec![on(), on(), on(), on(), on(), json("{}"), list()];
    let server = Server::start(script.clone()).await;
    let report = test(&settings(&server.url())).await;
    assert!(report.ok, "five are followed: {report:#?}");
    assert!(
        server.requests()[5].contains("x-api-key: key-1"),
        "the same origin gets the key"
    );
    assert!(
        server
            .requests()
            .iter()
            .all(|head| !head.contains("referer")),
        "no address is told to anybody"
    );

    script.insert(0, on());
    let server = Server::start(script).await;
    let report = test(&settings(&server.url())).await;
    assert_eq!(
        report.finding,
        Some(Finding::RedirectedElsewhere),
        "six are too many"
    );
    assert_eq!(server.requests().len(), 6, "one request and five redirects");
}

#[tokio::test]
async fn a_proxy_is_asked_and_named_in_the_steps() {
    let authority = Authority::new();
    let tls = authority.server("federation.test", 2037);
    let server = Server::start_tls(vec![json("{}"), list()], tls).await;
    let (proxy, asked) = tunnelling_proxy(server.port).await;
    let mut settings = settings("https://federation.test:8443/api");
    settings.network.ca_file = Some(authority.file().to_str().unwrap().to_owned());
    settings.network.proxy = Some(format!("http://proxy.test:{proxy}"));
    let report = test(&settings).await;
    assert!(report.ok, "{report:#?}");
    assert_eq!(report.steps[0].detail, "The proxy proxy.test has 1 address");
    assert_eq!(
        report.steps[1].detail,
        format!("Port {proxy} of the proxy answers")
    );
    assert!(
        asked
            .lock()
            .unwrap()
            .iter()
            .all(|head| head.starts_with("CONNECT federation.test:8443 ")),
        "the proxy learns the host and nothing more"
    );
    assert!(
        server
            .requests()
            .iter()
            .all(|head| head.contains("x-api-key: key-1")),
        "the key goes through the tunnel"
    );
}

#[tokio::test]
async fn a_proxy_that_refuses_fails_at_the_tls_step() {
    for (line, finding) in [
        (
            "407 Proxy Authentication Required",
            Finding::SettingUnusable,
        ),
        ("502 Bad Gateway", Finding::Unreachable),
    ] {
        let proxy = Server::start(vec![status(line)]).await;
        let mut settings = settings("https://federation.test");
        settings.network.proxy = Some(proxy.url());
        let report = test(&settings).await;
        assert_eq!(report.finding, Some(finding), "{line}: {report:#?}");
        assert_eq!(report.steps[2].name, StepName::Tls, "the third step");
        assert_eq!(
            report.steps[2].ok,
            Some(false),
            "{line}: is where the tunnel is made"
        );
    }
    for text in [
        "socks5://127.0.0.1:1",
        "http://user:pw@127.0.0.1:1",
        "nonsense",
    ] {
        let mut settings = settings("https://federation.test");
        settings.network.proxy = Some(text.to_owned());
        let report = test(&settings).await;
        assert_eq!(report.finding, Some(Finding::SettingUnusable), "{text}");
    }
}

/// A proxy that leads every tunnel to one port.
async fn tunnelling_proxy(to: u16) -> (u16, Arc<Mutex<Vec<String>>>) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            let seen = Arc::clone(&seen);
            tokio::spawn(async move {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(near.read_u8().await.unwrap());
                }
                seen.lock().unwrap().push(String::from_utf8(head).unwrap());
                near.write_all(b"HTTP/1.1 200 Connected\r\n\r\n")
                    .await
                    .unwrap();
                let mut far = TcpStream::connect(("127.0.0.1", to)).await.unwrap();
                let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
            });
        }
    });
    (port, asked)
}

/// Everything that is logged in this process, through `tracing` here and through `log` anywhere.
#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Captured {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl log::Log for Captured {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }
    fn log(&self, record: &log::Record<'_>) {
        let _ = writeln!(self.clone(), "{} {}", record.target(), record.args());
    }
    fn flush(&self) {}
}

#[tokio::test]
async fn no_secret_is_in_a_report_a_debug_print_or_a_log() {
    static LOG: OnceLock<Captured> = OnceLock::new();
    let libraries = LOG.get_or_init(Captured::default);
    log::set_logger(libraries).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    let ours = Captured::default();
    let writer = ours.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);

    let canary = "canary-7f3a9c51e2";
    // base64 of `u:canary-7f3a9c51e2`
    let encoded = "dTpjYW5hcnktN2YzYTljNTFlMg==";
    let login = Credentials::Basic(BasicCredentials {
        username: "u".to_owned(),
        password: secret(canary),
    });
    let child = "Caoimhe-child-name";
    let replies: Vec<Reply> = vec![
        json(&format!(r#"{{"data":[{{"name":"{child}"}}]}}"#)),
        status("401 Unauthorized"),
        Reply::Silence,
        Reply::Bytes(Vec::new()),
        json(&format!("{child} {canary} is not JSON")),
        answer(
            "302 Found",
            &format!("Location: /x?again={canary}\r\n"),
            b"",
        ),
        answer("200 OK", "Content-Encoding: gzip\r\n", canary.as_bytes()),
    ];
    let mut prints = Vec::new();
    for reply in replies {
        let server = Server::start(vec![reply]).await;
        for kind in ["header", "query", "basic"] {
            let mut settings = settings(&server.url());
            let credentials = match kind {
                "basic" => {
                    settings.auth.kind = AuthKind::Basic;
                    login.clone()
                }
                _ => key(canary),
            };
            settings.auth.query = (kind == "query").then(|| "api_token".to_owned());
            let report = test_in(&surroundings(), &settings, Some(&credentials)).await;
            prints.push(serde_json::to_string(&report).unwrap());
            prints.push(format!("{report:?} {credentials:?} {settings:?}"));
            let proof =
                connectors::api::authenticate::authentication(&settings.auth, Some(&credentials));
            prints.push(format!("{proof:?}"));
        }
    }
    drop(guard);
    let prints = prints.join("\n");
    let (ours, libraries) = (ours.text(), libraries.text());
    assert!(
        ours.contains("answered"),
        "the capture sees our events: {ours}"
    );
    assert!(
        libraries.contains("reqwest") || libraries.contains("hyper_util"),
        "the capture sees the libraries' records"
    );
    for (place, text) in [
        ("prints", &prints),
        ("ours", &ours),
        ("libraries", &libraries),
    ] {
        for secret in [canary, encoded, child] {
            assert!(!text.contains(secret), "{secret} must not stand in {place}");
        }
    }
}
