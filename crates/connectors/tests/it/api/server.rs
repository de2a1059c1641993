//! A server that answers with exactly the bytes of a script, one reply a request, and remembers
//! what it was asked. No HTTP library stands between, so that hostile answers arrive unmended.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use connectors::api::connection_test::{TestPlan, run_in};
use connectors::api::surroundings::{LookingUp, Lookup, LookupError, Surroundings};
use connectors::clock::UtcMillis;
use connectors::credentials::{ApiKeyCredentials, Credentials};
use connectors::secret::SecretText;
use connectors::settings::{AuthKind, ConnectorSettings, PagingStyle};
use connectors::view::{TestReportView, TestStepView};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

/// What the server does with a request.
#[derive(Clone)]
pub(crate) enum Reply {
    /// These bytes, then a polite end.
    Bytes(Vec<u8>),
    /// Nothing, with the connection held open.
    Silence,
}

/// 200 with JSON.
pub(crate) fn json(body: &str) -> Reply {
    answer(
        "200 OK",
        "Content-Type: application/json\r\n",
        body.as_bytes(),
    )
}

/// A status line, extra header lines (each ending in CRLF) and a body with its length.
pub(crate) fn answer(status: &str, headers: &str, body: &[u8]) -> Reply {
    let length = body.len();
    let mut bytes = format!(
        "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n"
    )
    .into_bytes();
    bytes.extend_from_slice(body);
    Reply::Bytes(bytes)
}

/// A status without a body.
pub(crate) fn status(line: &str) -> Reply {
    answer(line, "", b"")
}

/// Packs with the system's `gzip`, so that the unpacking is not checked against itself.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut child = std::process::Command::new("gzip")
        .arg("-c")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let bytes = bytes.to_vec();
    let writing = std::thread::spawn(move || input.write_all(&bytes).unwrap());
    let packed = child.wait_with_output().unwrap().stdout;
    writing.join().unwrap();
    packed
}

/// A list with one record of three fields.
pub(crate) fn list() -> Reply {
    json(r#"{"data":[{"id":1,"first_name":"Seán","last_name":"Ó Sé"}]}"#)
}

pub(crate) struct Server {
    pub(crate) port: u16,
    requests: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Server {
    /// Answers request after request with the script; the last reply goes on for ever.
    pub(crate) async fn start(script: Vec<Reply>) -> Self {
        Self::listen(script, None).await
    }

    /// The same behind TLS.
    pub(crate) async fn start_tls(script: Vec<Reply>, tls: ServerConfig) -> Self {
        Self::listen(script, Some(TlsAcceptor::from(Arc::new(tls)))).await
    }

    async fn listen(script: Vec<Reply>, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (script, seen, tls) = (script.clone(), Arc::clone(&seen), tls.clone());
                tokio::spawn(async move { converse(stream, script, seen, tls).await });
            }
        });
        Self {
            port,
            requests,
            task,
        }
    }

    /// The heads of all requests, in order.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn converse(
    stream: TcpStream,
    script: Vec<Reply>,
    seen: Arc<Mutex<Vec<String>>>,
    tls: Option<TlsAcceptor>,
) {
    match tls {
        None => speak(stream, &script, &seen).await,
        Some(acceptor) => {
            if let Ok(stream) = acceptor.accept(stream).await {
                speak(stream, &script, &seen).await;
            }
        }
    }
}

async fn speak<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    script: &[Reply],
    seen: &Mutex<Vec<String>>,
) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            // A connection without a request is a step of its own and no request.
            Err(_) => return,
        }
    }
    let number = {
        let mut seen = seen.lock().unwrap();
        seen.push(String::from_utf8(head).unwrap());
        seen.len() - 1
    };
    match script.get(number).or(script.last()).unwrap() {
        Reply::Bytes(bytes) => {
            let _ = stream.write_all(bytes).await;
            let _ = stream.shutdown().await;
        }
        Reply::Silence => std::future::pending().await,
    }
}

/// Names known to a test; everything else does not exist.
pub(crate) struct Names(pub(crate) Vec<(&'static str, Result<Vec<IpAddr>, LookupError>)>);

impl Lookup for Names {
    fn lookup(&self, host: &str) -> LookingUp {
        let found = self
            .0
            .iter()
            .find(|(name, _)| *name == host)
            .map_or(Err(LookupError::NotFound), |(_, found)| found.clone());
        Box::pin(async move { found })
    }
}

/// Surroundings where `federation.test`, `other.test` and `proxy.test` are this computer.
pub(crate) fn surroundings() -> Surroundings {
    let here: Result<Vec<IpAddr>, LookupError> = Ok(vec![Ipv4Addr::LOCALHOST.into()]);
    let names = Names(vec![
        ("federation.test", here.clone()),
        ("other.test", here.clone()),
        ("proxy.test", here),
        ("slow.test", Err(LookupError::NoAnswer)),
    ]);
    Surroundings::given(Arc::new(names), || true)
}

pub(crate) fn settings(base: &str) -> ConnectorSettings {
    let mut settings = ConnectorSettings {
        code: "hello_club".to_owned(),
        name: "Hello Club".to_owned(),
        allow_http_loopback: true,
        ..ConnectorSettings::default()
    };
    base.clone_into(&mut settings.endpoints.base);
    settings.endpoints.verify = Some("/me".to_owned());
    "/members".clone_into(&mut settings.endpoints.membership_list);
    settings.paging.style = PagingStyle::Page;
    settings.paging.start = Some(0);
    settings.paging.page_param = Some("page".to_owned());
    settings.paging.size_param = Some("size".to_owned());
    settings.paging.size = Some(50);
    settings.paging.records = Some("data".to_owned());
    settings.limits.timeout_seconds = 1;
    settings.auth.kind = AuthKind::ApiKey;
    settings
}

pub(crate) fn key(text: &str) -> Credentials {
    Credentials::ApiKey(ApiKeyCredentials {
        api_key: Some(SecretText::new(text.to_owned())),
        secondary_api_key: None,
        secrets: BTreeMap::new(),
    })
}

pub(crate) fn secret(text: &str) -> SecretText {
    SecretText::new(text.to_owned())
}

/// Runs a test and checks that the steps told on the way are the steps of the report.
pub(crate) async fn test_in(
    surroundings: &Surroundings,
    settings: &ConnectorSettings,
    credentials: Option<&Credentials>,
) -> TestReportView {
    let plan = TestPlan {
        books: None,
        settings,
        credentials,
        organisation: None,
        withheld: false,
        tokens: None,
        started_at: UtcMillis(1_790_000_000_000),
    };
    let mut told: Vec<TestStepView> = Vec::new();
    let cancel = CancellationToken::new();
    let report = run_in(surroundings, plan, &cancel, |step| told.push(step.clone())).await;
    assert_eq!(told, report.steps, "every step is told once, in order");
    report
}

pub(crate) async fn test(settings: &ConnectorSettings) -> TestReportView {
    test_in(&surroundings(), settings, Some(&key("key-1"))).await
}

/// An authority of a test's own and the certificates it makes.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    folder: tempfile::TempDir,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
            .distinguished_name
            .push(DnType::CommonName, "Test authority");
        let key = KeyPair::generate().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        std::fs::write(folder.path().join("ca.pem"), pem).unwrap();
        Self {
            issuer: Issuer::new(params, key),
            folder,
        }
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// A certificate for a name, valid until 3 March of a year.
    pub(crate) fn server(&self, name: &str, until: i32) -> ServerConfig {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(until, 3, 3);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        server_config(&certificate, &key)
    }
}

/// A certificate that vouches for itself.
pub(crate) fn self_signed(name: &str) -> ServerConfig {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    server_config(&params.self_signed(&key).unwrap(), &key)
}

fn server_config(certificate: &rcgen::Certificate, key: &KeyPair) -> ServerConfig {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap()
}
