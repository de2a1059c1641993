//! Each of the six steps fails alone: what was before it is done and timed, what comes after is
//! not tried, and the federation saw no request too many.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use connectors::api::connection_test::{TestPlan, run_in};
use connectors::api::surroundings::{LookupError, Surroundings};
use connectors::clock::{Stopwatch, UtcMillis};
use connectors::credentials::{ApiKeyCredentials, Credentials};
use connectors::failure::{FailureClass, Finding};
use connectors::settings::{AuthKind, ConnectorSettings};
use connectors::view::StepName;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::server::{
    Authority, Names, Reply, Server, json, key, list, secret, self_signed, settings, status,
    surroundings, test, test_in,
};
use super::steps::{detail, fails_at};

#[tokio::test]
async fn a08_all_six_steps_over_plain_loopback() {
    let server = Server::start(vec![json("{}"), list()]).await;
    let report = test(&settings(&server.url())).await;
    assert!(report.ok, "nothing fails: {report:#?}");
    assert_eq!(report.finding, None, "a list with records needs no remark");
    assert!(
        report
            .steps
            .iter()
            .all(|step| step.ok == Some(true) && step.ms.is_some()),
        "each step is done and timed"
    );
    let port = server.port;
    for (step, expected) in [
        (StepName::Dns, "127.0.0.1 is an address already".to_owned()),
        (StepName::Tcp, format!("Port {port} answers")),
        (StepName::Tls, "Not used: this computer only".to_owned()),
        (StepName::Auth, "Accepted (status 200)".to_owned()),
        (StepName::Endpoint, "A list with 1 entry".to_owned()),
        (StepName::Record, "One record with 3 fields".to_owned()),
    ] {
        assert_eq!(detail(&report, step), expected, "facts of {step:?}");
    }
    let lines: Vec<String> = server
        .requests()
        .iter()
        .map(|head| first_line(head))
        .collect();
    assert_eq!(
        lines,
        [
            "GET /me HTTP/1.1",
            "GET /members?size=50&page=0 HTTP/1.1",
            "GET /members?size=1&page=0 HTTP/1.1"
        ],
        "three acts, three requests: the proof, the first page, one record"
    );
}

fn first_line(head: &str) -> String {
    head.lines().next().unwrap().to_owned()
}

#[tokio::test]
async fn without_verify_the_list_proves_the_credentials() {
    let server = Server::start(vec![list()]).await;
    let mut settings = settings(&server.url());
    settings.endpoints.verify = None;
    let report = test(&settings).await;
    assert!(report.ok, "{report:#?}");
    assert!(
        server.requests()[0].starts_with("GET /members?size=1&page=0 "),
        "the cheapest form of the list is asked for"
    );
}

#[tokio::test]
async fn a08_dns_fails_alone() {
    let offline = Surroundings::given(Arc::new(Names(vec![])), || false);
    for (host, around, finding) in [
        ("nowhere.invalid", surroundings(), Finding::DnsNotFound),
        ("slow.test", surroundings(), Finding::DnsTimeout),
        ("nowhere.invalid", offline, Finding::Offline),
    ] {
        let settings = settings(&format!("https://{host}"));
        let report = test_in(&around, &settings, Some(&key("k"))).await;
        fails_at(&report, StepName::Dns, finding, host);
        assert_eq!(report.host, host, "the report names the host");
    }
}

#[tokio::test]
async fn a03_addresses_that_must_not_be_called_stop_at_the_first_step() {
    for (base, switch) in [
        ("http://federation.test", true),
        ("http://127.0.0.1:9", false),
        ("ftp://federation.test", true),
        ("https://user@federation.test", true),
        ("https://federation.test/#top", true),
        ("nonsense", true),
    ] {
        let mut settings = settings(base);
        settings.allow_http_loopback = switch;
        let report = test(&settings).await;
        fails_at(&report, StepName::Dns, Finding::SettingUnusable, base);
    }
}

#[tokio::test]
async fn a08_tcp_fails_alone() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let report = test(&settings(&format!("https://federation.test:{port}"))).await;
    fails_at(
        &report,
        StepName::Tcp,
        Finding::ConnectionRefused,
        "closed port",
    );
    assert_eq!(
        detail(&report, StepName::Dns),
        "federation.test has 1 address"
    );
}

#[tokio::test]
async fn the_second_address_answers_where_the_first_does_not() {
    let server = Server::start(vec![json("{}"), list()]).await;
    // ::1 has no listener on this port; 127.0.0.1 has.
    let both: Vec<IpAddr> = vec!["::1".parse().unwrap(), Ipv4Addr::LOCALHOST.into()];
    let around = Surroundings::given(Arc::new(Names(vec![("localhost", Ok(both))])), || true);
    let settings = settings(&format!("http://localhost:{}", server.port));
    let report = test_in(&around, &settings, Some(&key("k"))).await;
    assert!(report.ok, "{report:#?}");
    assert_eq!(detail(&report, StepName::Dns), "localhost has 2 addresses");
}

fn over_tls(server: &Server, host: &str, authority: Option<&Authority>) -> ConnectorSettings {
    let mut settings = settings(&format!("https://{host}:{}", server.port));
    settings.network.ca_file = authority.map(|a| a.file().to_str().unwrap().to_owned());
    settings
}

#[tokio::test]
async fn a08_all_six_steps_over_tls() {
    let authority = Authority::new();
    let tls = authority.server("federation.test", 2037);
    let server = Server::start_tls(vec![json("{}"), list()], tls).await;
    let report = test(&over_tls(&server, "federation.test", Some(&authority))).await;
    assert!(report.ok, "{report:#?}");
    assert_eq!(
        detail(&report, StepName::Tls),
        "TLS 1.3, certificate valid until 3 March 2037"
    );
    assert_eq!(server.requests().len(), 3, "the handshake is no request");
}

#[tokio::test]
async fn a08_tls_fails_alone() {
    let authority = Authority::new();
    let good = || authority.server("federation.test", 2037);
    for (case, tls, host, trusted, finding) in [
        (
            "self-signed",
            self_signed("federation.test"),
            "federation.test",
            false,
            Finding::TlsUntrusted,
        ),
        (
            "unknown authority",
            good(),
            "federation.test",
            false,
            Finding::TlsUntrusted,
        ),
        (
            "expired",
            authority.server("federation.test", 2021),
            "federation.test",
            true,
            Finding::TlsExpired,
        ),
        (
            "wrong host",
            good(),
            "other.test",
            true,
            Finding::TlsWrongHost,
        ),
    ] {
        let server = Server::start_tls(vec![list()], tls).await;
        let settings = over_tls(&server, host, trusted.then_some(&authority));
        let report = test(&settings).await;
        fails_at(&report, StepName::Tls, finding, case);
        assert_eq!(
            server.requests().len(),
            0,
            "{case}: nothing was asked of a stranger"
        );
    }
}

#[tokio::test]
async fn a08_tls_on_a_port_that_speaks_plain_text() {
    // Speaks first, as a mail server does.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, b"220 mail ready\r\n").await;
        }
    });
    let report = test(&settings(&format!("https://federation.test:{port}"))).await;
    fails_at(&report, StepName::Tls, Finding::TlsFailed, "plain text");
}

#[tokio::test]
async fn a_certificate_file_that_cannot_be_used_is_told_at_the_tls_step() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "no certificate in here").unwrap();
    for file in [
        folder.path().join("absent.pem"),
        text,
        folder.path().to_path_buf(),
    ] {
        let server = Server::start(vec![list()]).await;
        let mut settings = settings(&server.url());
        settings.network.ca_file = Some(file.to_str().unwrap().to_owned());
        let report = test(&settings).await;
        fails_at(
            &report,
            StepName::Tls,
            Finding::SettingUnusable,
            &file.display().to_string(),
        );
    }
}

#[tokio::test]
async fn credentials_are_missed_before_anything_is_asked() {
    for (kind, finding, class) in [
        (
            AuthKind::ApiKey,
            Finding::CredentialsMissing,
            FailureClass::BadCredentials,
        ),
        (
            AuthKind::Basic,
            Finding::CredentialsMissing,
            FailureClass::BadCredentials,
        ),
        (
            AuthKind::OAuth2,
            Finding::SignInNeeded,
            FailureClass::NeedsSignIn,
        ),
    ] {
        let server = Server::start(vec![list()]).await;
        let mut settings = settings(&server.url());
        settings.auth.kind = kind;
        let report = test_in(&surroundings(), &settings, None).await;
        fails_at(&report, StepName::Auth, finding, kind.as_str());
        assert_eq!(report.class, Some(class), "{}", kind.as_str());
        assert_eq!(server.requests().len(), 0, "no request without proof");
    }
}

#[tokio::test]
async fn a_clubs_id_is_put_into_the_address_and_missed_where_needed() {
    let server = Server::start(vec![json("{}"), list()]).await;
    let mut settings = settings(&server.url());
    settings.endpoints.membership_list = "/clubs/{federation_org_id}/members".to_owned();
    let report = test(&settings).await;
    fails_at(
        &report,
        StepName::Endpoint,
        Finding::OrganisationNeeded,
        "no club",
    );

    let credentials = key("k");
    let plan = TestPlan {
        books: None,
        settings: &settings,
        credentials: Some(&credentials),
        organisation: Some("12/3"),
        withheld: false,
        tokens: None,
        started_at: UtcMillis(0),
    };
    let report = run_in(&surroundings(), plan, &CancellationToken::new(), |_| ()).await;
    assert!(report.ok, "{report:#?}");
    assert!(
        server
            .requests()
            .last()
            .unwrap()
            .starts_with("GET /clubs/12%2F3/members?"),
        "an id cannot leave its path segment"
    );
}

#[tokio::test]
async fn the_second_key_takes_over_after_a_401_and_only_then() {
    let both = Credentials::ApiKey(ApiKeyCredentials {
        api_key: Some(secret("old")),
        secondary_api_key: Some(secret("new")),
        ..ApiKeyCredentials::default()
    });
    let server = Server::start(vec![status("401 Unauthorized"), json("{}"), list()]).await;
    let report = test_in(&surroundings(), &settings(&server.url()), Some(&both)).await;
    assert!(report.ok, "{report:#?}");
    assert_eq!(
        detail(&report, StepName::Auth),
        "Accepted (status 200); the second key was used"
    );
    let keys: Vec<bool> = server
        .requests()
        .iter()
        .map(|head| head.contains("x-api-key: new\r\n"))
        .collect();
    assert_eq!(
        keys,
        [false, true, true, true],
        "the key that worked goes on"
    );

    let server = Server::start(vec![status("401 Unauthorized")]).await;
    let report = test_in(&surroundings(), &settings(&server.url()), Some(&both)).await;
    fails_at(
        &report,
        StepName::Auth,
        Finding::Unauthorised,
        "both refused",
    );
    assert_eq!(server.requests().len(), 2, "each key is tried once");

    let server = Server::start(vec![status("403 Forbidden")]).await;
    let report = test_in(&surroundings(), &settings(&server.url()), Some(&both)).await;
    fails_at(&report, StepName::Auth, Finding::Forbidden, "403");
    assert_eq!(
        server.requests().len(),
        1,
        "403 is no question of which key"
    );
}

#[tokio::test]
async fn a_stopped_test_ends_within_100_ms() {
    let server = Server::start(vec![Reply::Silence]).await;
    let mut settings = settings(&server.url());
    settings.limits.timeout_seconds = 30;
    let credentials = key("k");
    let plan = TestPlan {
        books: None,
        settings: &settings,
        credentials: Some(&credentials),
        organisation: None,
        withheld: false,
        tokens: None,
        started_at: UtcMillis(0),
    };
    let cancel = CancellationToken::new();
    let around = surroundings();
    let running = run_in(&around, plan, &cancel, |_| ());
    let stopping = async {
        // Stop when the federation has the request and is silent.
        while server.requests().is_empty() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        let stopwatch = Stopwatch::start();
        cancel.cancel();
        stopwatch
    };
    let (report, stopwatch) = tokio::join!(running, stopping);
    assert!(
        stopwatch.elapsed_ms() < 100,
        "stopped after {} ms",
        stopwatch.elapsed_ms()
    );
    fails_at(&report, StepName::Auth, Finding::Cancelled, "stopped");

    let report = run_in(&around, plan, &cancel, |_| ()).await;
    fails_at(
        &report,
        StepName::Dns,
        Finding::Cancelled,
        "stopped before it began",
    );
}

#[tokio::test]
async fn a_name_service_that_never_answers_ends_with_the_time_limit() {
    struct Never;
    impl connectors::api::surroundings::Lookup for Never {
        fn lookup(&self, _: &str) -> connectors::api::surroundings::LookingUp {
            Box::pin(std::future::pending::<Result<Vec<IpAddr>, LookupError>>())
        }
    }
    let around = Surroundings::given(Arc::new(Never), || true);
    let report = test_in(&around, &settings("https://federation.test"), None).await;
    fails_at(&report, StepName::Dns, Finding::DnsTimeout, "never");
    let ms = report.steps[0].ms.unwrap();
    assert!(
        (900..1_500).contains(&ms),
        "the limit is 1 s, it took {ms} ms"
    );
}
