//! Signing in through the browser: what the issuer says, both ways back, and answers that are not ours.

use connectors::App;
use connectors::failure::Finding;
use connectors::view::{
    DiscoveryRequest, PkceSupport, Redirect, SignInRequest, SignInState, SignInStepView,
};
use testkit::Bench;

use crate::support::{
    CODE, UnderWay, add, add_native, asking, begin, credentials, finding, settings, sign_in,
    sign_in_of, use_it,
};
use testkit::authorization_server::{Browser, Peer, Person, client};

#[tokio::test]
async fn the_issuer_alone_is_enough() {
    // It describes itself at the OpenID Connect address only; that of RFC 8414 is a 404 with JSON in it.
    let peer = Peer::start();
    let bench = Bench::new();
    let app = bench.open_app().await;
    let said = app
        .sign_in_discover(DiscoveryRequest {
            issuer: peer.issuer.clone(),
            allow_http_loopback: true,
            ..DiscoveryRequest::default()
        })
        .await
        .unwrap();
    assert_eq!(said.issuer, peer.issuer, "it is the one that was asked");
    assert_eq!(said.pkce, PkceSupport::S256, "it lists S256");
    assert!(said.other_hosts.is_empty(), "all of it is on one host");
    assert!(
        said.scopes_supported
            .iter()
            .any(|one| one == "members.read"),
        "its own scopes are told too: {:?}",
        said.scopes_supported
    );
    for (name, address) in [
        ("/auth", said.authorization_endpoint),
        ("/token", said.token_endpoint),
        ("/token/revocation", said.revocation_endpoint),
        ("/device/auth", said.device_authorization_endpoint),
    ] {
        assert_eq!(
            address,
            Some(format!("{}{name}", peer.issuer)),
            "this server's own address, not a guessed one"
        );
    }
}

#[tokio::test]
async fn a_deep_link_signs_in_and_the_token_is_used() {
    let peer = Peer::start();
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_native(&app, &peer).await;
    assert_eq!(
        finding(use_it(&app).await),
        Finding::SignInNeeded,
        "nobody has signed in yet"
    );
    let mut under_way = begin(&app, asking());
    let address = under_way.authorization_url().await;
    let link = Browser::of(Person::Agrees).walk(&address).await.redirect();
    assert!(
        link.starts_with(&format!("com.playerarc.connectors:/oauth/{CODE}?")),
        "a private-use scheme has one slash, or a strict server does not know it again"
    );
    assert!(
        link.contains(&format!("iss={}", encoded(&peer.issuer))),
        "it names itself in its answer (RFC 9207)"
    );
    app.sign_in_complete(&link).await.unwrap();
    assert!(
        matches!(under_way.step().await, SignInStepView::Exchanging),
        "whoever waits is told that the answer is there"
    );
    let view = under_way.end().await.unwrap();
    let standing = sign_in_of(&view);
    assert_eq!(standing.state, SignInState::SignedIn, "it is done");
    assert!(standing.renews, "a refresh token came");
    assert_eq!(
        standing.scopes,
        ["offline_access", "members.read"],
        "the server says what it granted"
    );
    assert!(standing.missing_scopes.is_empty(), "all of it");
    assert_eq!(use_it(&app).await.unwrap(), (200, 1), "the token is taken");
    let report = app.connector_test(CODE, None, &mut |_| {}).await.unwrap();
    assert!(report.ok, "the test of the connection uses it: {report:?}");
    let journal = peer.journal().await;
    assert_eq!(journal.calls.len(), 1, "one code, one request for a token");
}

#[tokio::test]
async fn an_issuer_with_a_variable_in_its_path_is_known_again_in_the_answer() {
    let peer = Peer::at_path("/realms/munster");
    let bench = Bench::new();
    let app = bench.open_app().await;
    let mut by_tenant = settings(&peer);
    by_tenant.auth.issuer = Some(format!("{}/realms/{{tenant}}", peer.origin));
    let tenant = ("tenant".to_owned(), "munster".to_owned());
    by_tenant.variables = [tenant].into();
    add(&app, by_tenant, credentials("native", None)).await;
    sign_in(&app).await;
    assert_eq!(
        use_it(&app).await.unwrap(),
        (200, 1),
        "the answer names the issuer with the variable filled in, and is ours"
    );
}

#[tokio::test]
async fn the_loopback_signs_in_and_the_browser_sees_the_page() {
    // The server compares a loopback address with the registered one except for its port.
    let peer = Peer::start();
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_native(&app, &peer).await;
    let request = SignInRequest {
        redirect: Some(Redirect::Loopback),
        ..asking()
    };
    let mut under_way = begin(&app, request);
    let address = under_way.authorization_url().await;
    let back = Browser::of(Person::Agrees).walk(&address).await.redirect();
    assert!(back.starts_with("http://127.0.0.1:"), "to this computer");
    let page = client().get(&back).send().await.unwrap();
    assert_eq!(page.status(), 200, "the browser's request is answered");
    let text = page.text().await.unwrap();
    assert!(text.contains("You are signed in"), "with a page: {text}");
    let view = under_way.end().await.unwrap();
    assert_eq!(sign_in_of(&view).state, SignInState::SignedIn, "it is done");
    assert_eq!(use_it(&app).await.unwrap(), (200, 1), "the token is taken");
    assert!(
        client().get(&back).send().await.is_err(),
        "the port is closed again: nothing listens without a sign-in"
    );
}

#[tokio::test]
async fn a_person_who_declines_is_believed() {
    let peer = Peer::start();
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_native(&app, &peer).await;
    let mut under_way = begin(&app, asking());
    let address = under_way.authorization_url().await;
    let link = Browser::of(Person::Declines)
        .walk(&address)
        .await
        .redirect();
    assert!(
        link.contains("error=access_denied"),
        "so the server says it"
    );
    assert_eq!(
        finding(app.sign_in_complete(&link).await),
        Finding::SignInDeclined,
        "and so do we, to whoever brought the link"
    );
    assert_eq!(
        finding(under_way.end().await),
        Finding::SignInDeclined,
        "and to whoever waits"
    );
    let view = app.connector_show(CODE).await.unwrap();
    assert_eq!(
        (sign_in_of(&view).state, sign_in_of(&view).reason),
        (SignInState::SignedOut, Some(Finding::SignInDeclined)),
        "it is shown until somebody tries again"
    );
    let journal = peer.journal().await;
    assert!(journal.calls.is_empty(), "nothing was asked with no code");
}

#[tokio::test]
async fn a_code_is_good_for_one_use() {
    let peer = Peer::start();
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_native(&app, &peer).await;
    let link = sign_in(&app).await;
    assert_eq!(
        finding(app.sign_in_complete(&link).await),
        Finding::SignInMismatch,
        "the link belongs to no sign-in any more"
    );
    let journal = peer.journal().await;
    assert_eq!(journal.calls.len(), 1, "so the server is not even asked");

    let code = journal.newest("authorization_code");
    let redirect = format!("com.playerarc.connectors:/oauth/{CODE}");
    let mut stolen = vec![
        ("grant_type", "authorization_code"),
        ("client_id", "native"),
        ("code", code),
        ("redirect_uri", &redirect),
    ];
    let refused = (400, Some("invalid_grant".to_owned()));
    assert_eq!(
        peer.ask_token(&stolen).await,
        refused,
        "who has the link only is refused by the server"
    );
    assert_eq!(
        use_it(&app).await.unwrap(),
        (200, 1),
        "and, lacking the verifier, cannot end the sign-in either"
    );
    stolen.push(("code_verifier", &journal.verifiers[0]));
    assert_eq!(
        peer.ask_token(&stolen).await,
        refused,
        "who has the verifier too comes too late"
    );
    assert_eq!(
        finding(use_it(&app).await),
        Finding::SignInEnded,
        "and the server has ended the whole grant (RFC 9700 §2.1.1), which we say"
    );
}

#[tokio::test]
async fn an_answer_of_another_issuer_or_of_none_is_not_used() {
    // The server says in its description that it names itself, so an answer without a name is not its.
    let peer = Peer::start();
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_native(&app, &peer).await;
    let iss = format!("&iss={}", encoded(&peer.issuer));
    for instead in ["&iss=http%3A%2F%2F127.0.0.1%3A9", ""] {
        let mut under_way = begin(&app, asking());
        let address = under_way.authorization_url().await;
        let link = Browser::of(Person::Agrees).walk(&address).await.redirect();
        assert!(link.contains(&iss), "it is what is taken out: {link}");
        assert_eq!(
            finding(app.sign_in_complete(&link.replace(&iss, instead)).await),
            Finding::SignInMismatch,
            "mix-up (RFC 9207): {instead:?}"
        );
        assert_eq!(
            finding(under_way.end().await),
            Finding::SignInMismatch,
            "whoever waits learns it"
        );
    }
    let journal = peer.journal().await;
    assert!(journal.calls.is_empty(), "no code went anywhere");
}

/// Begins a sign-in and changes its address before the browser has it.
async fn tampered(app: &App, change: impl Fn(&str) -> String) -> (UnderWay, String) {
    let mut under_way = begin(app, asking());
    let address = under_way.authorization_url().await;
    (under_way, change(&address))
}

#[tokio::test]
async fn the_server_is_strict_so_that_the_others_prove_something() {
    let peer = Peer::start();
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_native(&app, &peer).await;
    let (under_way, without_pkce) = tampered(&app, |address| {
        let (before, rest) = address.split_once("&code_challenge=").unwrap();
        let after = rest.split_once("&code_challenge_method=S256").unwrap().1;
        format!("{before}{after}")
    })
    .await;
    let link = Browser::of(Person::Agrees)
        .walk(&without_pkce)
        .await
        .redirect();
    assert!(link.contains("error=invalid_request"), "it demands PKCE");
    assert_eq!(
        finding(app.sign_in_complete(&link).await),
        Finding::AuthorizationRefused,
        "what it says is told"
    );
    assert_eq!(
        finding(under_way.end().await),
        Finding::AuthorizationRefused,
        "everywhere"
    );

    let (under_way, elsewhere) = tampered(&app, |address| {
        address.replace("%2Foauth%2Fballyduff", "%2Foauth%2Fballyduffx")
    })
    .await;
    let (status, _) = Browser::of(Person::Agrees).walk(&elsewhere).await.page();
    assert_eq!(
        status, 400,
        "it sends nobody to an address it does not know"
    );
    app.sign_in_cancel(CODE).await.unwrap();
    assert_eq!(
        finding(under_way.end().await),
        Finding::Cancelled,
        "a sign-in that never comes back can be ended"
    );
}

#[tokio::test]
async fn without_prompt_consent_there_is_no_renewal_and_it_is_said() {
    let peer = Peer::start();
    let bench = Bench::new();
    let app = bench.open_app().await;
    let mut asks_less = settings(&peer);
    asks_less.auth.extra_parameters.clear();
    add(&app, asks_less, credentials("native", None)).await;
    sign_in(&app).await;
    let view = app.connector_show(CODE).await.unwrap();
    let standing = sign_in_of(&view);
    assert!(!standing.renews, "no refresh token came");
    assert_eq!(
        standing.missing_scopes,
        ["offline_access"],
        "the reason can be seen: it was dropped without an error"
    );
    assert_eq!(use_it(&app).await.unwrap(), (200, 1), "until then it works");
    peer.withdraw().await;
    assert_eq!(
        finding(use_it(&app).await),
        Finding::SignInEnded,
        "a token that cannot be renewed has ended with the first 401"
    );
    let journal = peer.journal().await;
    assert_eq!(journal.calls.len(), 1, "there is nothing to renew with");
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
