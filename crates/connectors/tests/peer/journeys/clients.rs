//! Clients with a secret, in the header and in the body, right and wrong; and one that needs nobody.

use connectors::failure::Finding;
use connectors::view::{ClientAuthentication, RevocationView, SignInState};
use testkit::Bench;

use crate::support::{
    CODE, add, asking, begin, credentials, finding, machine, settings, sign_in, sign_in_of, use_it,
};
use testkit::authorization_server::{Browser, Peer, Person};

const WAYS: [(&str, ClientAuthentication); 2] = [
    ("basic", ClientAuthentication::Basic),
    ("post", ClientAuthentication::Body),
];

#[tokio::test]
async fn a_client_with_a_secret_proves_itself_everywhere() {
    // The secret has letters that must be form-encoded before they go into a Basic header (RFC 6749
    // §2.3.1). The server insists on it, and on the method that a client is registered with.
    for (client, way) in WAYS {
        let peer = Peer::start();
        let bench = Bench::new();
        let app = bench.open_app().await;
        let mut settings = settings(&peer);
        settings.auth.client_authentication = Some(way);
        let proof = credentials(client, Some(&peer.secret));
        add(&app, settings, proof).await;
        sign_in(&app).await;
        bench.clock.advance_ms(3_600_000);
        assert_eq!(
            use_it(&app).await.unwrap(),
            (200, 1),
            "{client}: it can renew"
        );
        let out = app.sign_out(CODE).await.unwrap();
        assert_eq!(
            (out.revocation, out.finding),
            (RevocationView::Revoked, None),
            "{client}: it can give back"
        );
        let journal = peer.journal().await;
        assert_eq!(journal.calls.len(), 2, "{client}: code and renewal");
        assert!(journal.refusals().is_empty(), "{client}: none refused");
    }
}

#[tokio::test]
async fn a_wrong_secret_is_called_by_its_name() {
    for (client, way) in WAYS {
        let peer = Peer::start();
        let bench = Bench::new();
        let app = bench.open_app().await;
        let mut settings = settings(&peer);
        settings.auth.client_authentication = Some(way);
        add(&app, settings, credentials(client, Some("wrong"))).await;
        let mut under_way = begin(&app, asking());
        let address = under_way.authorization_url().await;
        let link = Browser::of(Person::Agrees).walk(&address).await.redirect();
        assert_eq!(
            finding(app.sign_in_complete(&link).await),
            Finding::ClientRefused,
            "{client}: not the person's fault, and not a used-up code"
        );
        assert_eq!(
            finding(under_way.end().await),
            Finding::ClientRefused,
            "{client}: whoever waits learns the same"
        );
        let view = app.connector_show(CODE).await.unwrap();
        assert_eq!(
            (sign_in_of(&view).state, sign_in_of(&view).reason),
            (SignInState::SignedOut, Some(Finding::ClientRefused)),
            "{client}: nothing is stored but the reason"
        );
        let journal = peer.journal().await;
        assert_eq!(journal.calls.len(), 1, "{client}: asked once, not again");
    }
}

#[tokio::test]
async fn a_client_signs_in_by_itself() {
    let peer = Peer::start();
    let bench = Bench::new();
    let app = bench.open_app().await;
    let proof = credentials("machine", Some(&peer.secret));
    add(&app, machine(&peer), proof).await;
    assert_eq!(
        use_it(&app).await.unwrap(),
        (200, 1),
        "the first request brings the token about; nobody signs in"
    );
    let report = app.connector_test(CODE, None, &mut |_| {}).await.unwrap();
    assert!(report.ok, "the test of the connection: {report:?}");
    let journal = peer.journal().await;
    assert_eq!(
        journal.asked_with("client_credentials"),
        1,
        "one token serves both"
    );
    bench.clock.advance_ms(3_600_000);
    assert_eq!(use_it(&app).await.unwrap(), (200, 1), "a new one in time");
    let view = app.sign_in(asking(), &mut |_| {}).await.unwrap();
    let standing = sign_in_of(&view);
    assert_eq!(standing.scopes, ["members.read"], "as granted");
    let journal = peer.journal().await;
    assert_eq!(
        journal.asked_with("client_credentials"),
        3,
        "who signs in on purpose gets a new token"
    );
    let token = journal.newest("client_credentials").to_owned();
    assert_eq!(peer.resource_says(&token).await, 200, "it is good");
    let out = app.sign_out(CODE).await.unwrap();
    assert_eq!(out.revocation, RevocationView::Revoked, "it is given back");
    assert_eq!(peer.resource_says(&token).await, 401, "and is good no more");
}

#[tokio::test]
async fn a_client_with_a_wrong_secret_by_itself_is_called_the_same() {
    let peer = Peer::start();
    let bench = Bench::new();
    let app = bench.open_app().await;
    add(&app, machine(&peer), credentials("machine", Some("wrong"))).await;
    assert_eq!(
        finding(use_it(&app).await),
        Finding::ClientRefused,
        "the secret is wrong"
    );
    let mut forbidden = machine(&peer);
    forbidden.code = "carrick".to_owned();
    forbidden.auth.scopes = vec!["members.delete".to_owned()];
    add(&app, forbidden, credentials("machine", Some(&peer.secret))).await;
    let outcome = app.request("carrick", "/v1/members", false).await;
    assert_eq!(
        finding(outcome),
        Finding::ScopeTooNarrow,
        "a scope that the server does not know is left out without an error, and the resource says so"
    );
}
