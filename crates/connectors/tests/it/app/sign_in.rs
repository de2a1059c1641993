//! Signing in through `App` against the practice federation's real authorization server: each way
//! there is, what a token is used for, and how it ends. Other grants and the way out are in `sign_in_kinds`, attacks in `auth`.

use connectors::App;
use connectors::Delivery;
use connectors::error::{Code, Error, Result};
use connectors::failure::Finding;
use connectors::settings::{AuthKind, AuthSettings, ClientAuthentication, Redirect};
use connectors::view::{
    ConnectorSettings, ConnectorView, CredentialsRequest, EventKind, HealthState, SignInRequest,
    SignInState, SignInStepView,
};
use practice_federation::Practice;
use testkit::Bench;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::support::{at, code, kinds, practice, request, secret, test};

/// Settings for the practice federation's sign-in.
pub(crate) fn settings(code: &str, practice: &Practice) -> ConnectorSettings {
    let mut settings = at(code, practice, "oauth2");
    settings.auth = AuthSettings {
        kind: AuthKind::OAuth2,
        issuer: Some(practice.base_url()),
        scopes: ["members.read", "clubs.read", "offline_access"]
            .map(str::to_owned)
            .to_vec(),
        ..AuthSettings::default()
    };
    settings
}

pub(crate) fn client(client_id: &str, client_secret: Option<&str>) -> CredentialsRequest {
    CredentialsRequest::OAuth2 {
        client_id: client_id.to_owned(),
        client_secret: client_secret.map(secret),
        private_key: None,
        private_key_password: None,
        expires_on: None,
        webhook_secret: None,
    }
}

/// A connector that a person can sign in with.
pub(crate) async fn add_sign_in(app: &App, code: &str, practice: &Practice) -> ConnectorView {
    let credentials = client(&practice.credentials().client_id, None);
    app.connector_add(request(settings(code, practice), Some(credentials)))
        .await
        .unwrap()
}

/// A sign-in under way and what it has told.
pub(crate) struct Waiting {
    pub(crate) task: JoinHandle<Result<ConnectorView>>,
    pub(crate) steps: mpsc::UnboundedReceiver<SignInStepView>,
}

pub(crate) fn start(app: &App, request: SignInRequest) -> Waiting {
    let (tell, steps) = mpsc::unbounded_channel();
    let app = app.clone();
    let task = tokio::spawn(async move {
        app.sign_in(request, &mut |step| tell.send(step.clone()).unwrap())
            .await
    });
    Waiting { task, steps }
}

impl Waiting {
    /// The authorization URL, once the browser would open.
    pub(crate) async fn browser(&mut self) -> String {
        match self.steps.recv().await {
            Some(SignInStepView::Browser {
                authorization_url, ..
            }) => authorization_url,
            other => panic!("the browser comes first, not {other:?}"),
        }
    }

    pub(crate) async fn end(self) -> Result<ConnectorView> {
        self.task.await.unwrap()
    }
}

pub(crate) fn by(code: &str, redirect: Redirect) -> SignInRequest {
    SignInRequest {
        code: code.to_owned(),
        redirect: Some(redirect),
        device: false,
    }
}

/// The whole way with a deep link.
pub(crate) async fn sign_in(app: &App, code: &str, practice: &Practice) -> ConnectorView {
    let mut waiting = start(app, by(code, Redirect::DeepLink));
    let url = waiting.browser().await;
    app.sign_in_complete(&practice.approve(&url)).await.unwrap();
    waiting.end().await.unwrap()
}

pub(crate) fn finding<T: std::fmt::Debug>(outcome: Result<T>) -> Finding {
    match outcome.expect_err("it came to nothing") {
        Error::Federation { finding, .. } => finding,
        other => panic!("not the federation's: {other:?}"),
    }
}

pub(crate) fn state(view: &ConnectorView) -> SignInState {
    view.sign_in.as_ref().expect("it uses tokens").state
}

#[tokio::test]
async fn b01_a_deep_link_signs_in_and_the_token_works() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    let added = add_sign_in(&app, "club", &practice).await;
    assert_eq!(
        state(&added),
        SignInState::SignedOut,
        "nobody has signed in"
    );
    assert_eq!(
        added.row.state,
        HealthState::SignInAgain,
        "so a person is needed"
    );

    let mut waiting = start(&app, by("club", Redirect::DeepLink));
    let url = url::Url::parse(&waiting.browser().await).unwrap();
    let given: std::collections::BTreeMap<_, _> = url.query_pairs().into_owned().collect();
    for (name, expected) in [
        ("client_id", "practice-app"),
        ("response_type", "code"),
        ("redirect_uri", "com.playerarc.connectors:/oauth/club"),
        ("scope", "members.read clubs.read offline_access"),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(given[name], expected, "{name}");
    }
    for name in ["state", "code_challenge"] {
        assert_eq!(given[name].len(), 43, "{name} holds 256 bits");
    }
    let shown = app.connector_show("club").await.unwrap();
    assert_eq!(
        state(&shown),
        SignInState::Waiting,
        "the browser is awaited"
    );
    assert_eq!(
        shown.row.state,
        HealthState::WaitingForBrowser,
        "in the list too"
    );

    let link = practice.approve(url.as_str());
    let completed = app.sign_in_complete(&link).await.unwrap();
    assert_eq!(
        state(&completed),
        SignInState::SignedIn,
        "one link is enough"
    );
    let ended = waiting.end().await.unwrap();
    let sign_in = ended.sign_in.as_ref().unwrap();
    assert_eq!(sign_in.state, SignInState::SignedIn, "whoever waited knows");
    assert!(sign_in.renews, "a refresh token came");
    assert_eq!(
        sign_in.missing_scopes,
        Vec::<String>::new(),
        "all was granted"
    );
    assert_eq!(
        sign_in.expires_at,
        Some(testkit::START + 3_600_000),
        "its life counts from the request"
    );
    assert!(
        kinds(&ended).contains(&EventKind::SignedIn),
        "the history says so"
    );

    let report = test(&app, "club").await;
    assert!(report.ok, "{report:?}");
    let answer = app.request("club", "/v1/me", true).await.unwrap();
    assert_eq!(answer.status, 200, "{answer:?}");
    let shown = app.connector_show("club").await.unwrap();
    assert_eq!(shown.row.state, HealthState::Healthy, "tested well");
    assert_eq!(
        code(app.sign_in_complete(&link).await),
        Code::NeedsSignIn,
        "the same link again is refused"
    );
    assert_eq!(practice.exchanges(), 1, "and never exchanged again");
    let check = app.db_check().await.unwrap();
    assert!(
        check.ok && check.credentials_checked == 2,
        "client and token: {check:?}"
    );
    let backup = app.db_backup(None).await.unwrap();
    assert!(backup.verified, "a backup with a token in it is whole too");
}

#[tokio::test]
async fn b03_a_port_of_this_computer_signs_in_and_is_closed_afterwards() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_sign_in(&app, "club", &practice).await;
    let mut waiting = start(&app, by("club", Redirect::Loopback));
    let url = waiting.browser().await;
    let back = practice.approve(&url);
    assert!(back.starts_with("http://127.0.0.1:"), "this computer only");
    let page = fetch(&back).await;
    assert_eq!(page.status(), 200, "the browser gets its page");
    let policy = page.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        policy.starts_with("default-src 'none'"),
        "which loads nothing: {policy}"
    );
    let text = page.text().await.unwrap();
    assert!(
        text.contains("<html lang=\"ga\">"),
        "in the person's language: {text}"
    );
    assert!(text.contains("sínithe isteach"), "and says how it ended");
    assert!(!text.contains("code="), "and nothing that came in");
    let ended = waiting.end().await.unwrap();
    assert_eq!(state(&ended), SignInState::SignedIn, "whoever waited knows");
    let port = url::Url::parse(&back).unwrap().port().unwrap();
    assert!(
        std::net::TcpStream::connect(("127.0.0.1", port)).is_err(),
        "nothing listens there any more"
    );
}

/// What a browser does with the way back; it speaks Irish first.
pub(crate) async fn fetch(address: &str) -> reqwest::Response {
    reqwest::Client::builder()
        .tls_backend_preconfigured(no_tls())
        .no_proxy()
        .build()
        .unwrap()
        .get(address)
        .header("accept-language", "ga-IE,ga;q=0.9,en;q=0.8")
        .send()
        .await
        .unwrap()
}

fn no_tls() -> rustls::ClientConfig {
    rustls::ClientConfig::builder_with_provider(std::sync::Arc::new(
        rustls::crypto::ring::default_provider(),
    ))
    .with_safe_default_protocol_versions()
    .unwrap()
    .with_root_certificates(rustls::RootCertStore::empty())
    .with_no_client_auth()
}

#[tokio::test]
async fn b02_a_declined_sign_in_says_so_and_keeps_what_was_there() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_sign_in(&app, "club", &practice).await;
    sign_in(&app, "club", &practice).await;
    let mut waiting = start(&app, by("club", Redirect::DeepLink));
    let url = waiting.browser().await;
    let outcome = app.sign_in_complete(&practice.deny(&url)).await;
    assert_eq!(finding(outcome), Finding::SignInDeclined, "you declined");
    assert_eq!(
        finding(waiting.end().await),
        Finding::SignInDeclined,
        "for who waits too"
    );
    let shown = app.connector_show("club").await.unwrap();
    assert_eq!(
        state(&shown),
        SignInState::SignedIn,
        "the earlier sign-in still holds"
    );
    assert_eq!(
        shown.sign_in.unwrap().reason,
        Some(Finding::SignInDeclined),
        "and what became of the attempt is shown"
    );
    app.request("club", "/v1/me", false)
        .await
        .expect("the earlier token works");
}

#[tokio::test]
async fn b04_an_ended_token_is_renewed_and_the_client_kept() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    let mut settings = settings("club", &practice);
    settings.auth.client_authentication = Some(ClientAuthentication::Basic);
    let accepted = practice.credentials();
    let office = client(
        &accepted.office_client_id,
        Some(&accepted.office_client_secret),
    );
    app.connector_add(request(settings, Some(office)))
        .await
        .unwrap();
    sign_in(&app, "club", &practice).await;
    for round in 1..=3 {
        // An hour passes here and at the federation.
        bench.clock.advance_ms(3_600_000);
        practice.expire_access_tokens();
        app.request("club", "/v1/me", false).await.unwrap();
        assert_eq!(practice.refreshes(), round, "one renewal for each hour");
    }
    // It is withdrawn before its end: 401, one renewal, and the request succeeds.
    practice.expire_access_tokens();
    let answer = app.request("club", "/v1/me", false).await.unwrap();
    assert_eq!(
        (answer.status, answer.attempts),
        (200, 2),
        "the second try works"
    );
    assert_eq!(practice.refreshes(), 4, "after one renewal");
    assert_eq!(practice.refresh_reuses(), 0, "no token was ever used twice");
    let shown = app.connector_show("club").await.unwrap();
    assert!(
        shown.credentials.set,
        "the client is kept apart and untouched"
    );
}

#[tokio::test]
async fn b05_a_withdrawn_sign_in_asks_for_a_person_and_does_not_try_again() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_sign_in(&app, "club", &practice).await;
    sign_in(&app, "club", &practice).await;
    practice.revoke_all_tokens();
    let before = practice.token_requests();
    for _ in 0..5 {
        let outcome = app.request("club", "/v1/me", false).await;
        assert_eq!(finding(outcome), Finding::SignInEnded, "sign in again");
    }
    assert_eq!(
        practice.token_requests(),
        before + 1,
        "asked once, not in a loop"
    );
    let shown = app.connector_show("club").await.unwrap();
    assert_eq!(state(&shown), SignInState::Ended, "the page says so");
    assert_eq!(
        shown.row.state,
        HealthState::SignInAgain,
        "the list says so"
    );
    assert!(
        kinds(&shown).contains(&EventKind::SignInEnded),
        "the history says so"
    );
    sign_in(&app, "club", &practice).await;
    app.request("club", "/v1/me", false)
        .await
        .expect("and a person mends it");
}

#[tokio::test]
async fn b06_a_link_waits_for_the_unlocking_and_arrives_cold() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_sign_in(&app, "club", &practice).await;
    let mut waiting = start(&app, by("club", Redirect::DeepLink));
    let link = practice.approve(&waiting.browser().await);
    app.lock().await.unwrap();
    let _ended = waiting.end().await;

    // A fresh process, still locked: what a cold start has.
    let cold = bench.app();
    assert!(
        matches!(cold.deliver_link(&link).await, Ok(Delivery::Waiting)),
        "a locked file keeps the link"
    );
    assert_eq!(
        code(
            cold.deliver_link("com.playerarc.connectors:/oauth/club")
                .await
        ),
        Code::Invalid,
        "but only one that can be an answer"
    );
    cold.open().await.unwrap();
    let outcomes = cold.deliver_waiting_links().await;
    assert_eq!(outcomes.len(), 1, "the one that waited");
    let view = outcomes.into_iter().next().unwrap().unwrap();
    assert_eq!(
        state(&view),
        SignInState::SignedIn,
        "it completes the sign-in"
    );
    assert!(cold.deliver_waiting_links().await.is_empty(), "once");
}

#[tokio::test]
async fn b06_a_sign_in_that_another_process_started_is_completed_and_seen_there() {
    let practice = practice().await;
    let bench = Bench::new();
    let first = bench.open_app().await;
    add_sign_in(&first, "club", &practice).await;
    let second = bench.app();
    second.open().await.unwrap();
    let mut waiting = start(&first, by("club", Redirect::DeepLink));
    let link = practice.approve(&waiting.browser().await);
    let outcome = second.deliver_link(&link).await;
    assert!(matches!(outcome, Ok(Delivery::Done(_))), "{outcome:?}");
    let ended = waiting.end().await.unwrap();
    assert_eq!(
        state(&ended),
        SignInState::SignedIn,
        "the one who waits sees it"
    );
    first
        .request("club", "/v1/me", false)
        .await
        .expect("and has the token");
}

#[tokio::test]
async fn an_attempt_ends_by_itself_by_a_person_or_by_a_newer_one() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_sign_in(&app, "club", &practice).await;

    let mut waiting = start(&app, by("club", Redirect::DeepLink));
    let link = practice.approve(&waiting.browser().await);
    bench.clock.advance_ms(600_001);
    assert_eq!(
        finding(waiting.end().await),
        Finding::SignInExpired,
        "ten minutes"
    );
    assert_eq!(
        finding(app.sign_in_complete(&link).await),
        Finding::SignInMismatch,
        "too late"
    );

    let mut waiting = start(&app, by("club", Redirect::DeepLink));
    let link = practice.approve(&waiting.browser().await);
    let view = app.sign_in_cancel("club").await.unwrap();
    assert_eq!(state(&view), SignInState::SignedOut, "taken back");
    assert_eq!(
        finding(waiting.end().await),
        Finding::Cancelled,
        "a person ended it"
    );
    assert_eq!(
        finding(app.sign_in_complete(&link).await),
        Finding::SignInMismatch,
        "too late"
    );

    // The one who waits is gone with its process; the row is found and ended all the same.
    let mut gone = start(&app, by("club", Redirect::DeepLink));
    gone.browser().await;
    gone.task.abort();
    bench.clock.advance_ms(600_001);
    let shown = app.connector_show("club").await.unwrap();
    assert_eq!(state(&shown), SignInState::SignedOut, "its time is over");
    assert_eq!(
        shown.sign_in.unwrap().reason,
        Some(Finding::SignInExpired),
        "and it says so"
    );

    let mut first = start(&app, by("club", Redirect::DeepLink));
    let old = practice.approve(&first.browser().await);
    let mut second = start(&app, by("club", Redirect::DeepLink));
    let new = practice.approve(&second.browser().await);
    assert_eq!(
        finding(first.end().await),
        Finding::Cancelled,
        "a newer one took its place"
    );
    assert_eq!(
        finding(app.sign_in_complete(&old).await),
        Finding::SignInMismatch,
        "the old one"
    );
    app.sign_in_complete(&new)
        .await
        .expect("the newer one holds");
    second.end().await.unwrap();
    assert_eq!(practice.exchanges(), 1, "one code was exchanged in all");
}
