//! The ground that attacks are sent on: an app with a connector to a server of the tests' own, a
//! browser that is played by hand, and everything that is logged meanwhile.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use connectors::App;
use connectors::error::{Code, Error, Result};
use connectors::failure::Finding;
use connectors::settings::{AuthKind, Redirect};
use connectors::view::{
    ConnectorSettings, ConnectorView, CredentialsRequest, ErrorView, RequestView, SignInRequest,
    SignInState, SignInStepView, SignInView,
};
use testkit::Bench;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tracing::subscriber::DefaultGuard;
use url::Url;

use super::link::Link;
use super::server::{Act, AuthServer, CLIENT};
use crate::api::server::Reply;
use crate::app::support::{raw, request};

/// The connector of most tests.
pub(crate) const CLUB: &str = "ballyduff";
/// What is asked for.
pub(crate) const SCOPES: [&str; 2] = ["members.read", "offline_access"];

/// Takes what is said with `tracing` on the test's own thread, where all of the app's tasks run.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

pub(crate) struct Scene {
    pub(crate) bench: Bench,
    pub(crate) app: App,
    /// Where the connector [`CLUB`] signs in.
    pub(crate) server: AuthServer,
    log: Log,
    _logging: DefaultGuard,
}

/// A sign-in that waits for its answer.
pub(crate) struct Waiting {
    pub(crate) url: String,
    pub(crate) redirect_uri: String,
    pub(crate) outcome: JoinHandle<Result<ConnectorView>>,
}

impl Waiting {
    /// A parameter of the authorization request.
    pub(crate) fn get(&self, name: &str) -> String {
        let url = Url::parse(&self.url).unwrap();
        let found = url.query_pairs().find(|(one, _)| one == name);
        found.expect("the parameter is there").1.into_owned()
    }

    pub(crate) fn port(&self) -> u16 {
        Url::parse(&self.redirect_uri).unwrap().port().unwrap()
    }

    /// How it ended.
    pub(crate) async fn ended(self) -> Result<ConnectorView> {
        let patience = Duration::from_secs(20);
        let outcome = tokio::time::timeout(patience, self.outcome).await;
        outcome.expect("the sign-in ends").unwrap()
    }
}

/// Settings that lead to a server and leave its endpoints to its description of itself.
pub(crate) fn settings(code: &str, server: &AuthServer) -> ConnectorSettings {
    let mut settings = testkit::settings(code, &server.url());
    settings.auth.kind = AuthKind::OAuth2;
    settings.auth.issuer = Some(server.url());
    settings.auth.scopes = SCOPES.map(str::to_owned).to_vec();
    settings.limits.timeout_seconds = 5;
    settings
}

pub(crate) fn client() -> CredentialsRequest {
    CredentialsRequest::OAuth2 {
        client_id: CLIENT.to_owned(),
        client_secret: None,
        private_key: None,
        private_key_password: None,
        expires_on: None,
        webhook_secret: None,
    }
}

impl Scene {
    pub(crate) async fn new(change: impl FnOnce(&mut ConnectorSettings)) -> Self {
        Self::at(AuthServer::start().await, change).await
    }

    pub(crate) async fn at(
        server: AuthServer,
        change: impl FnOnce(&mut ConnectorSettings),
    ) -> Self {
        let log = Log::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        let logging = tracing::subscriber::set_default(subscriber);
        let bench = Bench::new();
        let app = bench.open_app().await;
        let scene = Self {
            bench,
            app,
            server,
            log,
            _logging: logging,
        };
        scene.add(CLUB, &scene.server, change).await;
        scene
    }

    pub(crate) async fn add(
        &self,
        code: &str,
        server: &AuthServer,
        change: impl FnOnce(&mut ConnectorSettings),
    ) {
        let mut settings = settings(code, server);
        change(&mut settings);
        let added = self.app.connector_add(request(settings, Some(client())));
        added.await.unwrap();
    }

    /// Starts a sign-in and waits until the browser would open.
    pub(crate) async fn try_start(&self, code: &str, redirect: Redirect) -> Result<Waiting> {
        start_in(&self.app, code, redirect).await
    }

    pub(crate) async fn start(&self, code: &str, redirect: Redirect) -> Waiting {
        let started = self.try_start(code, redirect).await;
        started.expect("the browser would open")
    }

    /// Starts a sign-in of [`CLUB`] with the deep link and has it approved.
    pub(crate) async fn approved(&self) -> (Waiting, Link) {
        let waiting = self.start(CLUB, Redirect::DeepLink).await;
        let link = self.server.approve(&waiting.url);
        (waiting, link)
    }

    pub(crate) async fn deliver(&self, link: impl ToString) -> Result<ConnectorView> {
        self.app.sign_in_complete(&link.to_string()).await
    }

    /// A whole honest sign-in of [`CLUB`].
    pub(crate) async fn sign_in(&self) {
        let (waiting, link) = self.approved().await;
        self.deliver(link).await.expect("an honest answer");
        waiting.ended().await.expect("an honest sign-in");
    }

    /// One request with the connector's token.
    pub(crate) async fn call(&self) -> Result<RequestView> {
        self.app.request(CLUB, "/v1/me", false).await
    }

    pub(crate) async fn view(&self, code: &str) -> SignInView {
        let view = self.app.connector_show(code).await.unwrap();
        view.sign_in.expect("it signs in")
    }

    pub(crate) async fn state(&self, code: &str) -> SignInState {
        self.view(code).await.state
    }

    /// Rows with tokens in the file itself, of all connectors.
    pub(crate) fn token_rows(&self) -> u32 {
        token_rows(&self.bench)
    }

    pub(crate) fn log(&self) -> String {
        String::from_utf8_lossy(&self.log.0.lock().unwrap()).into_owned()
    }

    pub(crate) async fn assert_signed_in(&self) {
        assert_eq!(
            self.state(CLUB).await,
            SignInState::SignedIn,
            "the control: without the attack the same steps sign in"
        );
        assert_eq!(self.token_rows(), 1, "and store a token");
        assert_eq!(
            self.call().await.expect("a request with the token").status,
            200,
            "that the members' list accepts"
        );
        self.assert_no_secret("");
    }

    pub(crate) async fn assert_nothing_stored(&self) {
        for row in self.app.connector_list(<_>::default()).await.unwrap().rows {
            assert_ne!(
                self.state(&row.code).await,
                SignInState::SignedIn,
                "{} is not signed in",
                row.code
            );
        }
        assert_eq!(self.token_rows(), 0, "no token is in the file");
    }

    /// Nothing that was logged, and not `also`, holds any code, verifier, state or token.
    pub(crate) fn assert_no_secret(&self, also: &str) {
        let log = self.log();
        assert!(
            log.contains("connectors::api::send"),
            "the control: what the product says is collected"
        );
        for secret in self.server.secrets() {
            assert!(!log.contains(&secret), "a secret is logged: {secret}");
            assert!(!also.contains(&secret), "a secret is told: {secret}");
        }
    }
}

pub(crate) fn token_rows(bench: &Bench) -> u32 {
    let rows = "SELECT count(*) FROM credential WHERE field = 'tokens'";
    raw(bench).query_row(rows, [], |row| row.get(0)).unwrap()
}

pub(crate) async fn start_in(app: &App, code: &str, redirect: Redirect) -> Result<Waiting> {
    let (tell, mut told) = mpsc::unbounded_channel();
    let (app, code) = (app.clone(), code.to_owned());
    let mut outcome = tokio::spawn(async move {
        let request = SignInRequest {
            code,
            redirect: Some(redirect),
            device: false,
        };
        let mut on_step = move |step: &SignInStepView| {
            let _ = tell.send(step.clone());
        };
        app.sign_in(request, &mut on_step).await
    });
    tokio::select! {
        biased;
        Some(step) = told.recv() => match step {
            SignInStepView::Browser { authorization_url, redirect_uri, .. } => Ok(Waiting {
                url: authorization_url,
                redirect_uri,
                outcome,
            }),
            other => panic!("not the browser first: {other:?}"),
        },
        ended = &mut outcome => Err(ended.unwrap().expect_err("it ended before the browser")),
    }
}

/// An attack that was refused, with the ground it was sent on.
pub(crate) struct Refused {
    pub(crate) scene: Scene,
    pub(crate) error: Error,
}

impl Refused {
    pub(crate) fn finding(&self) -> Finding {
        finding(&self.error)
    }

    pub(crate) fn code(&self) -> Code {
        self.error.code()
    }
}

pub(crate) fn finding(error: &Error) -> Finding {
    match error {
        Error::Federation { finding, .. } => *finding,
        other => panic!("not the federation's: {other:?}"),
    }
}

pub(crate) fn found<T: std::fmt::Debug>(outcome: Result<T>) -> Finding {
    finding(&outcome.expect_err("it is refused"))
}

/// Runs the same steps twice: without the attack, where a token must be stored, and with it, where
/// none may be, the error is typed, and no secret is in it or in the log.
pub(crate) async fn journey(run: impl AsyncFn(&Scene, bool) -> Result<ConnectorView>) -> Refused {
    journey_with(|_| {}, run).await
}

pub(crate) async fn journey_with(
    change: impl Fn(&mut ConnectorSettings),
    run: impl AsyncFn(&Scene, bool) -> Result<ConnectorView>,
) -> Refused {
    {
        let scene = Scene::new(&change).await;
        run(&scene, false).await.expect("the control signs in");
        scene.assert_signed_in().await;
    }
    let scene = Scene::new(&change).await;
    let error = run(&scene, true).await.expect_err("the attack is refused");
    scene.assert_nothing_stored().await;
    let told = serde_json::to_string(&ErrorView::from(&error)).unwrap();
    scene.assert_no_secret(&format!("{error} {error:?} {told}"));
    Refused { scene, error }
}

/// The exchange of a good code meets one hostile act of the token endpoint.
pub(crate) async fn exchange_meets(act: Act) -> Refused {
    let refused = journey(async |scene, hostile| {
        if hostile {
            scene.server.script("/token", vec![act.clone()]);
        }
        let (_waiting, link) = scene.approved().await;
        scene.deliver(link).await
    })
    .await;
    assert_eq!(
        refused.scene.server.asked("/token").len(),
        1,
        "a code is sent once, whatever the answer"
    );
    refused
}

pub(crate) async fn exchange_gets(reply: Reply) -> Finding {
    exchange_meets(Act::Say(reply)).await.finding()
}

/// Sends bytes to a port of this computer and reads until the end.
pub(crate) async fn send_raw(port: u16, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    // The other side may hang up before it has read everything.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let reading = stream.read_to_end(&mut answer);
    let ended = tokio::time::timeout(Duration::from_secs(10), reading).await;
    let _ = ended.expect("the answer ends");
    String::from_utf8_lossy(&answer).into_owned()
}

/// The status of an answer; 0 where the connection was ended without one.
pub(crate) fn status_of(answer: &str) -> u16 {
    let word = answer.split(' ').nth(1);
    word.and_then(|word| word.parse().ok()).unwrap_or(0)
}

/// A request as a browser sends it.
pub(crate) fn get(port: u16, target: &str) -> Vec<u8> {
    format!(
        "GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUser-Agent: Browser/1\r\n\
         Accept: text/html\r\nAccept-Language: en\r\nConnection: keep-alive\r\n\r\n"
    )
    .into_bytes()
}

/// The browser follows a link to the loopback.
pub(crate) async fn browse(link: &Link) -> String {
    let url = Url::parse(&link.target).unwrap();
    let port = url.port().unwrap();
    let target = format!("{}?{}", url.path(), link.query_text());
    send_raw(port, &get(port, &target)).await
}
