//! Short words for what every journey needs: a connector to the server, a sign-in under way.

use std::time::Duration;

use connectors::App;
use connectors::error::{Error, Result};
use connectors::failure::Finding;
use connectors::secret::SecretText;
use connectors::view::{
    AuthKind, ClientAuthentication, ConnectorAddRequest, ConnectorSettings, ConnectorView,
    CredentialsRequest, Grant, SignInRequest, SignInStepView, SignInView,
};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use testkit::authorization_server::{Browser, Peer, Person};

/// The connector of most journeys.
pub(crate) const CODE: &str = "ballyduff";
/// How long anything may take here, two busy cores included.
const PATIENCE: Duration = Duration::from_secs(60);

/// Settings as a person would write them: the issuer and nothing else of it.
///
/// `prompt=consent` is what a strict server asks for: without it `offline_access`, and the refresh
/// token with it, is dropped without an error (`OpenID` Connect Core §11).
pub(crate) fn settings(peer: &Peer) -> ConnectorSettings {
    let mut settings = testkit::settings(CODE, &format!("{}/api", peer.origin));
    settings.auth.kind = AuthKind::OAuth2;
    settings.auth.issuer = Some(peer.issuer.clone());
    settings.auth.scopes = ["offline_access", "members.read"].map(str::to_owned).into();
    let consent = ("prompt".to_owned(), "consent".to_owned());
    settings.auth.extra_parameters = [consent].into();
    settings
}

/// The same for a client that signs in by itself.
pub(crate) fn machine(peer: &Peer) -> ConnectorSettings {
    let mut settings = settings(peer);
    settings.auth.grant = Some(Grant::ClientCredentials);
    settings.auth.client_authentication = Some(ClientAuthentication::Basic);
    settings.auth.scopes = vec!["members.read".to_owned()];
    settings.auth.extra_parameters.clear();
    settings
}

pub(crate) fn credentials(client_id: &str, secret: Option<&str>) -> CredentialsRequest {
    CredentialsRequest::OAuth2 {
        client_id: client_id.to_owned(),
        client_secret: secret.map(|text| SecretText::new(text.to_owned())),
        private_key: None,
        private_key_password: None,
        expires_on: None,
        webhook_secret: None,
    }
}

pub(crate) async fn add(
    app: &App,
    settings: ConnectorSettings,
    credentials: CredentialsRequest,
) -> ConnectorView {
    app.connector_add(ConnectorAddRequest {
        settings,
        credentials: Some(credentials),
        test_handle: None,
    })
    .await
    .unwrap()
}

/// Adds the public client with the usual settings.
pub(crate) async fn add_native(app: &App, peer: &Peer) {
    add(app, settings(peer), credentials("native", None)).await;
}

/// A sign-in under way: its steps, and the task that waits for its end.
pub(crate) struct UnderWay {
    steps: mpsc::UnboundedReceiver<SignInStepView>,
    task: JoinHandle<Result<ConnectorView>>,
}

pub(crate) fn begin(app: &App, request: SignInRequest) -> UnderWay {
    let (sender, steps) = mpsc::unbounded_channel();
    let app = app.clone();
    let task = tokio::spawn(async move {
        let mut tell = |step: &SignInStepView| {
            let _gone = sender.send(step.clone());
        };
        app.sign_in(request, &mut tell).await
    });
    UnderWay { steps, task }
}

pub(crate) fn asking() -> SignInRequest {
    SignInRequest {
        code: CODE.to_owned(),
        ..SignInRequest::default()
    }
}

impl UnderWay {
    pub(crate) async fn step(&mut self) -> SignInStepView {
        match within(self.steps.recv()).await {
            Some(step) => step,
            None => panic!("it ended before: {:?}", (&mut self.task).await.unwrap()),
        }
    }

    /// Where the browser is to go.
    pub(crate) async fn authorization_url(&mut self) -> String {
        match self.step().await {
            SignInStepView::Browser {
                authorization_url, ..
            } => authorization_url,
            other => panic!("not a browser: {other:?}"),
        }
    }

    pub(crate) async fn end(self) -> Result<ConnectorView> {
        within(self.task).await.unwrap()
    }
}

/// Signs the usual connector in through the deep link; gives the link that came.
pub(crate) async fn sign_in(app: &App) -> String {
    let mut under_way = begin(app, asking());
    let address = under_way.authorization_url().await;
    let link = Browser::of(Person::Agrees).walk(&address).await.redirect();
    app.sign_in_complete(&link).await.unwrap();
    under_way.end().await.unwrap();
    link
}

/// Waits for what must come; a test that would hang fails instead.
pub(crate) async fn within<T>(awaited: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, awaited)
        .await
        .expect("it comes in time")
}

pub(crate) fn sign_in_of(view: &ConnectorView) -> &SignInView {
    view.sign_in.as_ref().expect("it uses tokens")
}

/// What a refusal was seen as.
pub(crate) fn finding<T: std::fmt::Debug>(outcome: Result<T>) -> Finding {
    match outcome.expect_err("it is refused") {
        Error::Federation { finding, .. } => finding,
        other => panic!("not a refusal of the federation: {other:?}"),
    }
}

/// One request as anybody who uses the connector makes it: its status and how often it was sent.
pub(crate) async fn use_it(app: &App) -> Result<(u16, u32)> {
    let answer = app.request(CODE, "/v1/members", false).await?;
    Ok((answer.status, answer.attempts))
}
