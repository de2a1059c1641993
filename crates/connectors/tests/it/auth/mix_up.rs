//! Attacks 33 to 37: one authorization server is hostile, or pretends to be another. What counts is
//! what it gets to see: never a code or a verifier that belongs to the honest one (bar 22).

use connectors::failure::Finding;
use connectors::settings::Redirect;
use connectors::view::{DiscoveryRequest, SignInState};
use serde_json::{Value, json};
use url::Url;

use super::server::{AuthServer, CLIENT};
use super::support::{CLUB, Scene, Waiting, browse, found, journey};

const EVIL: &str = "evil_club";

/// The browser went to the attacker, who sends it on to the honest server with the honest client and
/// parameters of its own choosing.
fn sent_on(honest: &AuthServer, from: &Waiting, redirect_uri: &str) -> String {
    let mut url = Url::parse(&honest.at("/authorize")).unwrap();
    url.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", CLIENT)
        .append_pair("redirect_uri", redirect_uri)
        .append_pair("state", &from.get("state"))
        .append_pair("code_challenge", &from.get("code_challenge"))
        .append_pair("code_challenge_method", "S256");
    url.to_string()
}

/// Nothing that the honest server gave out, or was given, reached the attacker.
fn assert_blind(attacker: &AuthServer, honest: &AuthServer, what: &str) {
    for secret in honest.secrets() {
        assert!(!attacker.saw(&secret), "{what}: the attacker saw {secret}");
    }
}

#[tokio::test]
async fn attack_33_the_attacker_sends_the_browser_on_to_the_honest_server() {
    for to_honest_way_back in [true, false] {
        let refused = journey(async |scene, hostile| {
            let attacker = AuthServer::start().await;
            scene.add(EVIL, &attacker, |_| {}).await;
            if !hostile {
                scene.sign_in().await;
                return scene.app.connector_show(CLUB).await;
            }
            let theirs = scene.start(EVIL, Redirect::DeepLink).await;
            let way_back = if to_honest_way_back {
                theirs.redirect_uri.replace(EVIL, CLUB)
            } else {
                theirs.redirect_uri.clone()
            };
            let link = scene
                .server
                .approve(&sent_on(&scene.server, &theirs, &way_back));
            let outcome = scene.deliver(&link).await;
            assert!(
                attacker.asked("/token").is_empty(),
                "the attacker's token endpoint is not asked at all"
            );
            assert_blind(&attacker, &scene.server, "33");
            assert!(
                !attacker.saw(&link.get("code")),
                "the honest code does not go there"
            );
            outcome
        })
        .await;
        assert_eq!(
            refused.finding(),
            Finding::SignInMismatch,
            "way back of the honest one: {to_honest_way_back}"
        );
    }
}

/// The description of a server, with something else in it.
fn described(server: &AuthServer, change: impl FnOnce(&mut Value)) -> Value {
    let mut metadata = json!({
        "issuer": server.url(),
        "authorization_endpoint": server.at("/authorize"),
        "token_endpoint": server.at("/token"),
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    });
    change(&mut metadata);
    metadata
}

#[tokio::test]
async fn attack_34_token_endpoint_of_another_issuer() {
    for field in ["token_endpoint", "authorization_endpoint"] {
        let refused = journey(async |scene, hostile| {
            let other = AuthServer::start().await;
            if hostile {
                let metadata =
                    described(&scene.server, |one| one[field] = other.at("/token").into());
                scene.server.rules(|rules| rules.metadata = Some(metadata));
            }
            let waiting = scene.try_start(CLUB, Redirect::DeepLink).await?;
            let outcome = scene.deliver(scene.server.approve(&waiting.url)).await;
            assert!(
                other.asked("/token").is_empty(),
                "the other server sees nothing"
            );
            outcome
        })
        .await;
        assert_eq!(
            refused.finding(),
            Finding::IssuerMismatch,
            "{field}: an issuer is believed for its own host only"
        );
    }
}

#[tokio::test]
async fn attack_35_a_description_of_another_issuer() {
    for issuer in [
        "https://evil.example".to_owned(),
        "{own}/".to_owned(),
        "{own}/tenant".to_owned(),
        " {own}".to_owned(),
        String::new(),
    ] {
        let refused = journey(async |scene, hostile| {
            if hostile {
                let wrong = issuer.replace("{own}", &scene.server.url());
                let metadata = described(&scene.server, |one| one["issuer"] = wrong.into());
                scene.server.rules(|rules| rules.metadata = Some(metadata));
                let asked = DiscoveryRequest {
                    issuer: scene.server.url(),
                    allow_http_loopback: true,
                    ..DiscoveryRequest::default()
                };
                assert_eq!(
                    found(scene.app.sign_in_discover(asked).await),
                    Finding::IssuerMismatch,
                    "nor is it shown to a person who sets up a connector"
                );
            }
            let waiting = scene.try_start(CLUB, Redirect::DeepLink).await?;
            scene.deliver(scene.server.approve(&waiting.url)).await
        })
        .await;
        assert_eq!(refused.finding(), Finding::IssuerMismatch, "{issuer:?}");
    }
    // The control beside it: a description that is whole is shown.
    let scene = Scene::new(|_| {}).await;
    let asked = DiscoveryRequest {
        issuer: scene.server.url(),
        allow_http_loopback: true,
        ..DiscoveryRequest::default()
    };
    let shown = scene.app.sign_in_discover(asked).await.unwrap();
    assert_eq!(
        shown.issuer,
        scene.server.url(),
        "exactly as it names itself"
    );
    assert!(shown.other_hosts.is_empty(), "all of it on its own host");
}

#[tokio::test]
async fn attack_36_a_code_of_another_connector() {
    // With its own issuer beside the code, and with that of the connector it is brought to.
    for forged_issuer in [false, true] {
        let refused = journey(async |scene, hostile| {
            let other = AuthServer::start().await;
            scene.add("other_club", &other, |_| {}).await;
            let theirs = scene.start("other_club", Redirect::DeepLink).await;
            let (_waiting, link) = scene.approved().await;
            if !hostile {
                return scene.deliver(link).await;
            }
            let code = other.approve(&theirs.url).get("code");
            let issuer = if forged_issuer {
                scene.server.url()
            } else {
                other.url()
            };
            let outcome = scene
                .deliver(link.set("code", &code).set("iss", &issuer))
                .await;
            assert_eq!(
                scene.server.saw(&code),
                forged_issuer,
                "only a lie about the issuer"
            );
            assert!(
                other.asked("/token").is_empty(),
                "the other server is not asked"
            );
            outcome
        })
        .await;
        let expected = if forged_issuer {
            Finding::SignInRefused
        } else {
            Finding::SignInMismatch
        };
        assert_eq!(
            refused.finding(),
            expected,
            "forged issuer: {forged_issuer}"
        );
    }
    // The same server behind both: the verifier binds the code to the sign-in it was made for.
    let scene = Scene::new(|_| {}).await;
    scene.add("other_club", &scene.server, |_| {}).await;
    let theirs = scene.start("other_club", Redirect::DeepLink).await;
    let (_waiting, link) = scene.approved().await;
    let code = scene.server.approve(&theirs.url).get("code");
    assert_eq!(
        found(scene.deliver(link.set("code", &code)).await),
        Finding::SignInRefused,
        "a code from elsewhere does not fit the verifier"
    );
    scene.assert_nothing_stored().await;
}

#[tokio::test]
async fn attack_37_pkce_downgrade() {
    for methods in [
        json!(["plain"]),
        json!([]),
        json!(["s256"]),
        json!(["S256 "]),
    ] {
        let refused = journey(async |scene, hostile| {
            if hostile {
                let metadata = described(&scene.server, |one| {
                    one["code_challenge_methods_supported"] = methods.clone();
                });
                scene.server.rules(|rules| rules.metadata = Some(metadata));
            }
            let waiting = scene.try_start(CLUB, Redirect::DeepLink).await?;
            scene.deliver(scene.server.approve(&waiting.url)).await
        })
        .await;
        assert_eq!(refused.finding(), Finding::PkceUnsupported, "{methods}");
    }
    // It says nothing of methods, and refuses the one that is used.
    let refused = journey(async |scene, hostile| {
        let (waiting, link) = scene.approved().await;
        assert_eq!(waiting.get("code_challenge_method"), "S256", "always");
        assert_eq!(
            waiting.get("code_challenge").len(),
            43,
            "a SHA-256 in base64url"
        );
        if !hostile {
            return scene.deliver(link).await;
        }
        let link = link.without("code").and("error", "invalid_request");
        let link = link.and("error_description", "code_challenge_method not supported");
        let told = found(scene.deliver(link).await);
        assert_eq!(told, Finding::AuthorizationRefused, "it is told");
        // The next attempt of the person asks for the same again.
        waiting.ended().await.expect_err("and this one is over");
        let again = scene.start(CLUB, Redirect::DeepLink).await;
        assert_eq!(
            again.get("code_challenge_method"),
            "S256",
            "nothing weaker is tried"
        );
        scene.app.sign_in_cancel(CLUB).await.unwrap();
        again.ended().await
    })
    .await;
    assert_eq!(
        refused.finding(),
        Finding::Cancelled,
        "given up by the person"
    );
}

/// How an attacker's server may try to come by what belongs to the honest one.
struct Variant {
    what: &'static str,
    redirect: Redirect,
    /// The attacker names the honest server as its issuer, nobody, or itself.
    claims: Claim,
    /// The honest code comes back to the honest connector's path, or to the attacker's.
    to_honest_path: bool,
    /// The honest server sends the browser anywhere, registered or not.
    lax: bool,
    /// A sign-in at the honest server waits at the same time.
    honest_waits: bool,
}

#[derive(PartialEq)]
enum Claim {
    Nobody,
    Itself,
    TheHonest,
}

#[tokio::test]
async fn bar_22_the_attacker_sees_no_code_and_no_verifier_in_twelve_variants() {
    let mut variants = Vec::new();
    for redirect in [Redirect::DeepLink, Redirect::Loopback] {
        for (what, claims, to_honest_path, honest_waits) in [
            (
                "its state, honest path, no issuer",
                Claim::Nobody,
                true,
                true,
            ),
            (
                "its state, honest path, honest issuer",
                Claim::TheHonest,
                true,
                false,
            ),
            (
                "its state, own path, honest issuer",
                Claim::TheHonest,
                false,
                true,
            ),
            (
                "its state, own path, its issuer, not registered",
                Claim::Itself,
                false,
                false,
            ),
            (
                "its state, honest path, its issuer",
                Claim::Itself,
                true,
                true,
            ),
            (
                "its state, own path, no issuer, not registered",
                Claim::Nobody,
                false,
                true,
            ),
        ] {
            let claims_honest_elsewhere = claims == Claim::TheHonest && !to_honest_path;
            variants.push(Variant {
                what,
                redirect,
                claims,
                to_honest_path,
                lax: claims_honest_elsewhere,
                honest_waits,
            });
        }
    }
    assert_eq!(variants.len(), 12, "twelve variants");
    for variant in variants {
        run(&variant).await;
    }
}

async fn run(variant: &Variant) {
    let what = format!("{} ({:?})", variant.what, variant.redirect);
    let scene = Scene::new(|_| {}).await;
    let attacker = AuthServer::start().await;
    // The honest server knows the way back of its own connector only, as it was registered.
    scene.add(EVIL, &attacker, |_| {}).await;
    let honest_waiting = if variant.honest_waits {
        Some(scene.start(CLUB, variant.redirect).await)
    } else {
        None
    };
    let theirs = scene.start(EVIL, variant.redirect).await;
    attacker.approve(&theirs.url);
    let honest_way = honest_waiting.as_ref().map_or_else(
        || theirs.redirect_uri.replace(EVIL, CLUB),
        |one| one.redirect_uri.clone(),
    );
    if !variant.lax {
        let registered = vec![honest_way.clone()];
        scene.server.rules(|rules| rules.registered = registered);
    }
    let way_back = if variant.to_honest_path {
        &honest_way
    } else {
        &theirs.redirect_uri
    };
    let granted = scene
        .server
        .try_approve(&sent_on(&scene.server, &theirs, way_back));
    // Refused there, the browser never comes back.
    assert_eq!(
        granted.is_ok(),
        variant.to_honest_path || variant.lax,
        "{what}: only the registered way is granted"
    );
    if let Ok(link) = granted {
        let code = link.get("code");
        let link = match variant.claims {
            Claim::Nobody => link.without("iss"),
            Claim::Itself => link.set("iss", &attacker.url()),
            Claim::TheHonest => link.set("iss", &scene.server.url()),
        };
        match variant.redirect {
            Redirect::DeepLink => {
                let told = found(scene.deliver(&link).await);
                assert_eq!(told, Finding::SignInMismatch, "{what}");
            }
            // An open port: the connector's own, or the attacker's.
            Redirect::Loopback if honest_waiting.is_some() || variant.lax => {
                let answer = browse(&link).await;
                assert!(answer.starts_with("HTTP/1.1 400"), "{what}: {answer}");
            }
            Redirect::Loopback => {
                // Only the attacker's port is open: another path there leads nowhere.
                let answer = browse(&link).await;
                assert!(answer.starts_with("HTTP/1.1 404"), "{what}: {answer}");
                found(scene.deliver(&link).await);
            }
        }
        assert!(!attacker.saw(&code), "{what}: the honest code stays unseen");
    }
    assert!(
        attacker.asked("/token").is_empty(),
        "{what}: it is never asked for a token"
    );
    assert_blind(&attacker, &scene.server, &what);
    scene.assert_nothing_stored().await;
    scene.assert_no_secret("");
    if let Some(waiting) = honest_waiting {
        assert_eq!(
            scene.state(CLUB).await,
            SignInState::Waiting,
            "{what}: the honest sign-in is not ended by it"
        );
        // The control: in the middle of it all, the honest answer still signs in.
        let link = scene.server.approve(&waiting.url);
        scene.deliver(link).await.expect("the honest answer");
        waiting.ended().await.unwrap();
        scene.assert_signed_in().await;
        assert_blind(&attacker, &scene.server, &what);
    }
}
