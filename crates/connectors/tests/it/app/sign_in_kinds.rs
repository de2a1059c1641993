//! The other ways to a token (another device, a client by itself, two steps), the way out, and what a
//! sign-in is bound to.

use connectors::error::Code;
use connectors::failure::Finding;
use connectors::settings::{AuthKind, AuthSettings, ClientAuthentication, Grant, Redirect};
use connectors::view::{
    CredentialsRequest, CredentialsSetRequest, DiscoveryRequest, EventKind, RevocationView,
    SignInRequest, SignInState, SignInStepView, TestDraftRequest,
};
use testkit::Bench;

use super::sign_in::{add_sign_in, by, client, finding, settings, sign_in, start, state};
use super::support::{add, at, code, edit, kinds, practice, request, secret, test};

#[tokio::test]
async fn a_device_signs_in_when_the_person_agrees_elsewhere() {
    let practice = practice_federation::start(practice_federation::PracticeOptions {
        members: 40,
        device_interval: 0,
        ..practice_federation::PracticeOptions::default()
    })
    .await
    .unwrap();
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_sign_in(&app, "club", &practice).await;
    for (agrees, expected) in [
        (false, SignInState::SignedOut),
        (true, SignInState::SignedIn),
    ] {
        let mut waiting = start(
            &app,
            SignInRequest {
                code: "club".to_owned(),
                redirect: None,
                device: true,
            },
        );
        let Some(SignInStepView::Device {
            user_code,
            verification_uri,
            ..
        }) = waiting.steps.recv().await
        else {
            panic!("the code comes first");
        };
        assert!(
            verification_uri.starts_with(&practice.base_url()),
            "{verification_uri}"
        );
        let shown = app.connector_show("club").await.unwrap();
        assert_eq!(state(&shown), SignInState::Waiting, "a person is awaited");
        if agrees {
            assert!(
                practice.approve_device(&user_code),
                "{user_code} is known there"
            );
        } else {
            assert!(
                practice.deny_device(&user_code),
                "{user_code} is known there"
            );
        }
        let outcome = waiting.end().await;
        if agrees {
            assert_eq!(state(&outcome.unwrap()), expected, "agreed");
        } else {
            assert_eq!(finding(outcome), Finding::SignInDeclined, "declined");
            let shown = app.connector_show("club").await.unwrap();
            assert_eq!(state(&shown), expected, "declined");
        }
    }
    app.request("club", "/v1/me", false)
        .await
        .expect("the token works");
}

#[tokio::test]
async fn clients_that_sign_in_by_themselves_need_no_person() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    let accepted = practice.credentials().clone();
    let mut worker = settings("worker", &practice);
    worker.auth.grant = Some(Grant::ClientCredentials);
    worker.auth.client_authentication = Some(ClientAuthentication::Body);
    worker.auth.scopes = vec!["members.read".to_owned(), "clubs.read".to_owned()];
    let credentials = client(
        &accepted.worker_client_id,
        Some(&accepted.worker_client_secret),
    );

    // Before saving: a token for the test alone, nothing is stored.
    let draft = TestDraftRequest {
        settings: worker.clone(),
        credentials: Some(credentials.clone()),
        code: None,
        organisation: None,
    };
    let tested = app.connector_test_draft(draft, &mut |_| {}).await.unwrap();
    assert!(tested.report.ok, "{:?}", tested.report);

    app.connector_add(request(worker, Some(credentials)))
        .await
        .unwrap();
    let report = test(&app, "worker").await;
    assert!(report.ok, "{report:?}");
    let shown = app.connector_show("worker").await.unwrap();
    let sign_in = shown.sign_in.unwrap();
    assert_eq!(sign_in.state, SignInState::SignedIn, "by itself");
    assert!(
        !sign_in.needs_person && sign_in.renews,
        "and again when it ends"
    );
    practice.expire_access_tokens();
    app.request("worker", "/v1/me", false)
        .await
        .expect("a new token is had at once");

    let wrong = CredentialsSetRequest {
        code: "worker".to_owned(),
        credentials: client(&accepted.worker_client_id, Some("wrong")),
        test_first: true,
    };
    assert_eq!(
        finding(app.credentials_set(wrong).await),
        Finding::ClientRefused,
        "told apart"
    );
}

#[tokio::test]
async fn a_second_step_brings_the_token() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    let accepted = practice.credentials().clone();
    let two_step = |token_path: &str, expires: Option<&str>, body| {
        let mut settings = at("two", &practice, "oauth2");
        settings.auth = AuthSettings {
            kind: AuthKind::TwoStep,
            two_step: Some(connectors::settings::TwoStepSettings {
                url: format!("{}/oauth/two-step", practice.base_url()),
                body,
                token_path: token_path.to_owned(),
                expires_path: expires.map(str::to_owned),
                ..connectors::settings::TwoStepSettings::default()
            }),
            ..AuthSettings::default()
        };
        settings
    };
    let with = |secret_text: Option<&str>, username: Option<&str>, password: Option<&str>| {
        CredentialsRequest::TwoStep {
            secret: secret_text.map(secret),
            username: username.map(str::to_owned),
            password: password.map(secret),
            expires_on: None,
            webhook_secret: None,
        }
    };
    let json = connectors::settings::BodyFormat::Json;
    let form = connectors::settings::BodyFormat::Form;
    let secret_one = with(Some(&accepted.two_step_secret), None, None);
    let login = with(None, Some(&accepted.username), Some(&accepted.password));
    for (number, settings, credentials) in [
        (
            1,
            two_step("data.accessToken", Some("data.expiresIn"), json),
            secret_one,
        ),
        (2, two_step("token", None, form), login),
    ] {
        let mut settings = settings;
        settings.code = format!("two_{number}");
        app.connector_add(request(settings, Some(credentials)))
            .await
            .unwrap();
        let code = format!("two_{number}");
        let report = test(&app, &code).await;
        assert!(report.ok, "{code}: {report:?}");
        let shown = app.connector_show(&code).await.unwrap();
        assert_eq!(state(&shown), SignInState::SignedIn, "{code} has its token");
    }
}

#[tokio::test]
async fn signing_out_withdraws_the_tokens_and_says_where_it_could_not() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_sign_in(&app, "club", &practice).await;
    let nothing = app.sign_out("club").await.unwrap();
    assert_eq!(
        nothing.revocation,
        RevocationView::NothingToRevoke,
        "nobody was in"
    );
    sign_in(&app, "club", &practice).await;
    let out = app.sign_out("club").await.unwrap();
    assert_eq!(out.revocation, RevocationView::Revoked, "{:?}", out.finding);
    assert!(practice.revocations() > 0, "the federation was asked");
    assert_eq!(state(&out.connector), SignInState::SignedOut, "gone here");
    assert!(
        kinds(&out.connector).contains(&EventKind::SignedOut),
        "the history says so"
    );
    assert_eq!(
        finding(app.request("club", "/v1/me", false).await),
        Finding::SignInNeeded,
        "nothing is left to send"
    );
    let shown = app.connector_show("club").await.unwrap();
    assert!(shown.credentials.set, "the client stays");
}

#[tokio::test]
async fn a_token_goes_to_no_other_host_and_ends_with_its_client() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_sign_in(&app, "club", &practice).await;
    let shown = sign_in(&app, "club", &practice).await;
    let moved = edit(&shown, |settings| {
        settings.endpoints.base = "https://elsewhere.invalid/api".to_owned();
    });
    let moved = app.connector_edit(moved).await.unwrap();
    assert_eq!(
        finding(app.request("club", "/v1/me", false).await),
        Finding::CredentialsWithheld,
        "an edited address does not get it"
    );
    let back = edit(&moved, |settings| {
        settings.endpoints.base = format!("{}/oauth2", practice.base_url());
    });
    app.connector_edit(back).await.unwrap();
    app.request("club", "/v1/me", false)
        .await
        .expect("the address it was given for does");

    let set = |client_id: &str| CredentialsSetRequest {
        code: "club".to_owned(),
        credentials: client(client_id, None),
        test_first: true,
    };
    let same = app.credentials_set(set("practice-app")).await.unwrap();
    assert_eq!(
        state(&same),
        SignInState::SignedIn,
        "the same client keeps its sign-in"
    );
    let other = app.credentials_set(set("another-app")).await.unwrap();
    assert_eq!(
        state(&other),
        SignInState::SignedOut,
        "another client has none"
    );
}

#[tokio::test]
async fn an_issuer_fills_the_endpoints() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    let ask = |issuer: String| DiscoveryRequest {
        issuer,
        allow_http_loopback: true,
        ..DiscoveryRequest::default()
    };
    let found = app
        .sign_in_discover(ask(practice.base_url()))
        .await
        .unwrap();
    let base = practice.base_url();
    assert_eq!(
        found.token_endpoint,
        Some(format!("{base}/oauth/token")),
        "where tokens are"
    );
    assert_eq!(
        found.other_hosts,
        Vec::<String>::new(),
        "all on its own host"
    );
    assert_eq!(
        found.pkce,
        connectors::view::PkceSupport::S256,
        "it says so"
    );
    assert_eq!(
        finding(app.sign_in_discover(ask(format!("{base}/"))).await),
        Finding::IssuerMismatch,
        "a slash more is another name"
    );
    assert_eq!(
        finding(app.sign_in_discover(ask(format!("{base}/nobody"))).await),
        Finding::IssuerMismatch,
        "nobody describes that one"
    );
    for wrong in [
        "",
        "nonsense",
        "https://id.example.org/?a=1",
        "ftp://x.example.org",
    ] {
        assert_eq!(
            code(app.sign_in_discover(ask(wrong.to_owned())).await),
            Code::Invalid,
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn what_cannot_be_signed_in_to_is_refused() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    add(&app, "keyed").await;
    let outcome = start(&app, by("keyed", Redirect::DeepLink)).end().await;
    assert_eq!(code(outcome), Code::Invalid, "a key needs no sign-in");
    let outcome = start(&app, by("nobody", Redirect::DeepLink)).end().await;
    assert_eq!(code(outcome), Code::NotFound, "there is no such connector");
    let bare = request(settings("bare", &practice), None);
    app.connector_add(bare).await.unwrap();
    let outcome = start(&app, by("bare", Redirect::DeepLink)).end().await;
    assert_eq!(
        finding(outcome),
        Finding::CredentialsMissing,
        "no client id"
    );
    add_sign_in(&app, "taken", &practice).await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let shown = app.connector_show("taken").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    app.connector_edit(edit(&shown, |s| s.auth.loopback_port = Some(port)))
        .await
        .unwrap();
    let outcome = start(&app, by("taken", Redirect::Loopback)).end().await;
    assert_eq!(
        finding(outcome),
        Finding::RedirectPortTaken,
        "somebody else listens there"
    );
}

#[tokio::test]
async fn no_two_servers_share_a_redirect_path() {
    let honest = practice().await;
    let other = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_sign_in(&app, "honest", &honest).await;
    let mut twin = settings("twin", &honest);
    twin.auth.redirect_path = Some("/oauth/honest".to_owned());
    let mut thief = settings("thief", &other);
    thief.auth.redirect_path = Some("/oauth/honest".to_owned());
    for settings in [twin, thief] {
        let credentials = client("practice-app", None);
        app.connector_add(request(settings, Some(credentials)))
            .await
            .unwrap();
    }
    let outcome = start(&app, by("thief", Redirect::DeepLink)).end().await;
    assert_eq!(
        code(outcome),
        Code::Duplicate,
        "another server gets no path of this one's"
    );
    let outcome = start(&app, by("honest", Redirect::DeepLink)).end().await;
    assert_eq!(code(outcome), Code::Duplicate, "nor the other way round");
    app.connector_remove("thief").await.unwrap();
    sign_in(&app, "honest", &honest).await;
    sign_in(&app, "twin", &honest).await;
    assert_eq!(
        honest.exchanges(),
        2,
        "two connectors to one server may share it"
    );
    assert_eq!(other.token_requests(), 0, "and no other server saw a code");
}

#[tokio::test]
async fn a_fixed_port_serves_one_sign_in_after_another() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|free| free.local_addr())
        .unwrap()
        .port();
    let mut fixed = settings("club", &practice);
    fixed.auth.loopback_port = Some(port);
    app.connector_add(request(fixed, Some(client("practice-app", None))))
        .await
        .unwrap();
    for round in 1..=3 {
        let mut waiting = start(&app, by("club", Redirect::Loopback));
        let back = practice.approve(&waiting.browser().await);
        assert!(
            back.starts_with(&format!("http://127.0.0.1:{port}/")),
            "{back}"
        );
        let page = super::sign_in::fetch(&back).await;
        assert_eq!(
            page.status(),
            200,
            "round {round}: the browser gets its page"
        );
        assert_eq!(
            state(&waiting.end().await.unwrap()),
            SignInState::SignedIn,
            "round {round}"
        );
    }
}
