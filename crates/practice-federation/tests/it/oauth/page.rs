//! The sign-in page as a browser uses it.

use practice_federation::{Practice, PracticeCredentials, PracticeOptions, start};
use reqwest::Response;

use super::{REDIRECT, authorization_url, exchange, form, post, value_of};
use crate::support::{client, practice};

pub(super) fn page_id(html: &str) -> String {
    let marker = "name=\"request\" value=\"";
    let (_, rest) = html.split_once(marker).expect("the form has its page's id");
    rest.split('"').next().unwrap().to_owned()
}

async fn open(practice: &Practice) -> String {
    let url = authorization_url(practice, &[]);
    client()
        .get(url)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap()
}

async fn send(practice: &Practice, page: &str, password: &str, decision: &str) -> Response {
    let pairs = [
        ("request", page),
        ("username", practice.username()),
        ("password", password),
        ("decision", decision),
    ];
    post(practice, "/oauth/authorize", &pairs).await
}

#[tokio::test]
async fn a_person_signs_in_and_allows() {
    let practice = practice().await;
    let html = open(&practice).await;
    for part in [
        "Practice app",
        "<code>practice-app</code>",
        "<code>members.read</code>",
        "<code>clubs.read</code>",
        "<code>offline_access</code>",
        "<label for=\"username\">",
        "<input id=\"username\" name=\"username\"",
        "<label for=\"password\">",
        "<input id=\"password\" name=\"password\" type=\"password\"",
        "<button name=\"decision\" value=\"allow\">",
        "<button name=\"decision\" value=\"deny\"",
        "prefers-color-scheme: dark",
    ] {
        assert!(html.contains(part), "the page should show {part}");
    }
    for part in ["<script", "src=", "<link", "https://", "onclick"] {
        assert!(!html.contains(part), "nothing runs, nothing loads: {part}");
    }
    let answer = send(&practice, &page_id(&html), practice.password(), "allow").await;
    assert_eq!(answer.status(), 303, "the browser is sent back by a GET");
    assert_eq!(
        answer.headers()["referrer-policy"],
        "no-referrer",
        "and tells nobody the code"
    );
    let location = answer.headers()["location"].to_str().unwrap();
    assert!(location.starts_with(REDIRECT), "to the client: {location}");
    assert_eq!(
        value_of(location, "state").as_deref(),
        Some("state & more"),
        "with its state"
    );
    assert_eq!(
        value_of(location, "iss"),
        Some(practice.base_url()),
        "and the issuer"
    );
    let code = value_of(location, "code").unwrap();
    assert_eq!(
        exchange(&practice, &code, &[]).await.status(),
        200,
        "the code is good"
    );
}

#[tokio::test]
async fn a_person_denies_without_a_password() {
    let practice = practice().await;
    let page = page_id(&open(&practice).await);
    let answer = send(&practice, &page, "", "deny").await;
    assert_eq!(answer.status(), 303, "the browser is sent back");
    let location = answer.headers()["location"].to_str().unwrap();
    assert_eq!(
        value_of(location, "error").as_deref(),
        Some("access_denied"),
        "with the no"
    );
    assert!(
        value_of(location, "state").is_some() && value_of(location, "iss").is_some(),
        "and all that comes with a yes: {location}"
    );
}

#[tokio::test]
async fn a_wrong_password_shows_the_page_again() {
    let practice = practice().await;
    let first = page_id(&open(&practice).await);
    let answer = send(&practice, &first, "wrong", "allow").await;
    assert_eq!(answer.status(), 200, "the page comes again");
    let html = answer.text().await.unwrap();
    assert!(
        html.contains("The user name or the password is wrong."),
        "and says why"
    );
    let second = page_id(&html);
    assert_ne!(first, second, "with an id of its own");
    let answer = send(&practice, &second, practice.password(), "allow").await;
    assert_eq!(answer.status(), 303, "and the right password still works");
}

#[tokio::test]
async fn a_page_is_good_for_one_answer() {
    let practice = practice().await;
    let page = page_id(&open(&practice).await);
    let password = practice.password();
    assert_eq!(
        send(&practice, &page, password, "allow").await.status(),
        303,
        "the first is taken"
    );
    for (id, decision, why) in [
        (page.as_str(), "allow", "the second is not"),
        ("made-up", "allow", "nor is one of another site"),
        ("", "allow", "nor one without an id"),
        (&page_id(&open(&practice).await), "maybe", "nor no decision"),
    ] {
        let answer = send(&practice, id, password, decision).await;
        assert_eq!(answer.status(), 400, "{why}");
        assert!(!answer.headers().contains_key("location"), "{why}");
    }
    let page = page_id(&open(&practice).await);
    let foreign = form(
        &practice,
        "/oauth/authorize",
        &[("request", &page), ("decision", "deny")],
    );
    let answer = foreign.header("origin", "https://evil.example");
    assert_eq!(
        answer.send().await.unwrap().status(),
        403,
        "another site's form is refused"
    );
}

#[tokio::test]
async fn the_page_may_lead_to_the_redirect_and_nowhere_else() {
    let practice = practice().await;
    for (redirect, target) in [
        (REDIRECT, "com.playerarc.connectors:"),
        ("http://127.0.0.1:4711/back", "http://127.0.0.1:4711"),
        ("http://[::1]:4711/back", "http:"),
    ] {
        let url = authorization_url(&practice, &[("redirect_uri", redirect)]);
        let answer = client().get(url).send().await.unwrap();
        let policy = answer.headers()["content-security-policy"]
            .to_str()
            .unwrap();
        let expected = format!("form-action 'self' {target};");
        assert!(policy.contains(&expected), "{redirect}: {policy}");
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{redirect}: no script and no frame: {policy}"
        );
        assert_eq!(answer.headers()["cache-control"], "no-store", "{redirect}");
    }
}

#[tokio::test]
async fn markup_in_a_clients_name_stays_text() {
    let credentials = PracticeCredentials {
        client_id: "<b>\"&".to_owned(),
        ..PracticeCredentials::default()
    };
    let practice = start(PracticeOptions {
        credentials,
        ..PracticeOptions::default()
    })
    .await
    .unwrap();
    let url = authorization_url(&practice, &[("client_id", "<b>\"&")]);
    let html = client()
        .get(url)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(
        html.contains("&lt;b&gt;&quot;&amp;") && !html.contains("<b>"),
        "the id is shown as text"
    );
}
