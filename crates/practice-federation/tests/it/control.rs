use practice_federation::{Fault, PracticeCredentials, PracticeOptions, clubs, start};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{client, get, json, practice};

#[tokio::test]
async fn another_process_switches_faults_as_json() {
    let practice = practice().await;
    let faults = format!("{}/practice/faults", practice.base_url());
    assert_eq!(
        json(&practice, "/practice/faults").await,
        json!([]),
        "none at first"
    );

    let text = "status=503,count=2,skip=1,path=/key";
    let added = client()
        .post(&faults)
        .json(&json!({ "fault": text }))
        .send()
        .await
        .unwrap();
    assert_eq!(added.status(), 201, "a fault was made");
    let added: Value = added.json().await.unwrap();
    assert_eq!(added["fault"], text, "the fault comes back as it was sent");
    assert_eq!(
        practice.faults()[0].fault,
        text.parse::<Fault>().unwrap(),
        "and it is set"
    );
    client()
        .post(&faults)
        .json(&json!({ "fault": "cut" }))
        .send()
        .await
        .unwrap();
    let listed = json(&practice, "/practice/faults").await;
    assert_eq!(
        listed,
        json!([
            added,
            { "id": 2, "fault": "cut", "passed": 0, "hits": 0, "usedUp": false },
        ]),
        "both are listed in order, with what they have done"
    );

    let one = format!("{faults}/{}", added["id"]);
    assert_eq!(
        client().delete(&one).send().await.unwrap().status(),
        204,
        "one is removed"
    );
    assert_eq!(
        client().delete(&one).send().await.unwrap().status(),
        404,
        "it is gone"
    );
    assert_eq!(practice.faults().len(), 1, "the other one stays");
    assert_eq!(
        client().delete(&faults).send().await.unwrap().status(),
        204,
        "all are removed"
    );
    assert_eq!(practice.faults(), [], "and none is left");
}

#[tokio::test]
async fn what_is_no_fault_is_explained() {
    let practice = practice().await;
    let faults = format!("{}/practice/faults", practice.base_url());
    let cases = [
        (r#"{"fault":"slow"}"#, 400, "allowed are status=CODE"),
        (r#"{"fault":"status=200"}"#, 400, "a status from 400 to 599"),
        (r#"{"fault":7}"#, 422, "Send JSON such as"),
        ("{", 400, "Send JSON such as"),
    ];
    for (body, status, part) in cases {
        let request = client()
            .post(&faults)
            .header("content-type", "application/json")
            .body(body);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), status, "{body} is refused");
        let problem: Value = answer.json().await.unwrap();
        let detail = problem["detail"].as_str().unwrap();
        assert!(
            detail.contains(part),
            "{body}: `{detail}` should hold `{part}`"
        );
    }
    let form = client().post(&faults).body("fault=cut");
    assert_eq!(
        form.send().await.unwrap().status(),
        415,
        "what is not called JSON is not read"
    );
    assert_eq!(practice.faults(), [], "nothing was set");
}

#[tokio::test]
async fn the_forms_of_the_page_do_the_same() {
    let practice = practice().await;
    let base = practice.base_url();
    let send = async |path: &str, form: &[(&str, &str)]| {
        let body = form.iter().map(|(name, value)| format!("{name}={value}"));
        client()
            .post(format!("{base}{path}"))
            .header("origin", &base)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body.collect::<Vec<_>>().join("&"))
            .send()
            .await
            .unwrap()
    };
    for fault in ["html", "status%3D503%2Ccount%3D2"] {
        let answer = send("/practice/on", &[("fault", fault)]).await;
        assert_eq!(answer.status(), 303, "the browser goes back to the page");
        assert_eq!(answer.headers()["location"], "/practice", "by a GET");
    }
    let texts: Vec<String> = practice
        .faults()
        .iter()
        .map(|it| it.fault.to_string())
        .collect();
    assert_eq!(texts, ["html", "status=503,count=2"], "both are on");
    send("/practice/off", &[("id", "1")]).await;
    assert_eq!(practice.faults().len(), 1, "one is off");
    send("/practice/off", &[]).await;
    assert_eq!(practice.faults(), [], "all are off");
    let answer = send("/practice/on", &[("fault", "slow")]).await;
    assert_eq!(
        answer.status(),
        400,
        "a fault typed wrong is explained, not dropped"
    );
}

#[tokio::test]
async fn the_page_shows_what_one_needs() {
    let practice = practice().await;
    practice.set_faults([
        "status=503,count=1".parse().unwrap(),
        "delay=5".parse().unwrap(),
    ]);
    get(&practice, "/open/v1/me").await;
    let answer = get(&practice, "/practice").await;
    let headers = answer.headers().clone();
    let page = answer.text().await.unwrap();
    let credentials = practice.credentials();
    let mut wanted = vec![
        credentials.api_key.clone(),
        credentials.second_api_key.clone(),
        credentials.subscription_key.clone(),
        format!(">{}<", credentials.username),
        credentials.password.clone(),
        "One fault is on. 1 request so far.".to_owned(),
        "<code>status=503,count=1</code></td><td class=\"n\">1</td><td>Used up".to_owned(),
        "<code>delay=5</code></td><td class=\"n\">1</td><td>On".to_owned(),
        "action=\"/practice/on\"".to_owned(),
        "prefers-color-scheme: dark".to_owned(),
    ];
    wanted.extend(clubs().iter().map(|club| club.name.to_owned()));
    let styles = [
        "key", "bearer", "prefixed", "query", "headers", "basic", "open", "oauth2",
    ];
    wanted.extend(styles.map(|style| format!("<code>{}/{style}<", practice.base_url())));
    for part in wanted {
        assert!(page.contains(&part), "the page should show {part}");
    }
    for part in ["<script", "src=", "<link", "@import", "url(", "https://"] {
        assert!(
            !page.contains(part),
            "the page must not hold {part}: nothing runs, nothing loads"
        );
    }
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.starts_with("default-src 'none'"),
        "the browser is told so: {policy}"
    );
    assert_eq!(
        headers["referrer-policy"], "same-origin",
        "no-referrer would null the Origin"
    );
    assert_eq!(
        headers["cache-control"], "no-store",
        "the page is always as it is now"
    );
}

#[tokio::test]
async fn every_offered_fault_is_one() {
    let practice = practice().await;
    let page = get(&practice, "/practice").await.text().await.unwrap();
    let marker = "name=\"fault\" value=\"";
    let offered: Vec<&str> = page
        .split(marker)
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert!(offered.len() > 10, "the page offers faults: {offered:?}");
    for text in &offered {
        let fault = text.parse::<Fault>();
        assert!(fault.is_ok(), "the button for {text} would fail: {fault:?}");
    }
    for kind in [
        "status",
        "delay",
        "cut",
        "reset",
        "html",
        "truncated",
        "empty",
        "not-a-list",
        "not-obj",
        "token=",
        "revoke=503",
        "authorize=",
    ] {
        assert!(
            offered.iter().any(|it| it.starts_with(kind)),
            "{kind} has a button"
        );
    }
}

#[tokio::test]
async fn markup_in_keys_and_paths_stays_text() {
    let credentials = PracticeCredentials {
        api_key: "<b>&\"'".to_owned(),
        ..PracticeCredentials::default()
    };
    let practice = start(PracticeOptions {
        credentials,
        ..Default::default()
    })
    .await
    .unwrap();
    practice.set_fault("cut,path=/\"><img>".parse().unwrap());
    let page = get(&practice, "/practice").await.text().await.unwrap();
    assert!(
        page.contains("&lt;b&gt;&amp;&quot;&#39;"),
        "the key is shown as text"
    );
    assert!(
        page.contains("cut,path=/&quot;&gt;&lt;img&gt;"),
        "the path is shown as text"
    );
    assert!(
        !page.contains("<b>") && !page.contains("<img"),
        "and is not markup"
    );
}

#[tokio::test]
async fn a_foreign_page_cannot_switch_faults() {
    let practice = practice().await;
    let base = practice.base_url();
    let port = practice.address().port();
    let wrong_port = format!("http://127.0.0.1:{}", port.wrapping_add(1));
    let localhost = format!("http://localhost:{port}");
    let cases = [
        ("origin", "https://evil.example", 403, "another site"),
        ("origin", "null", 403, "a sandboxed frame"),
        (
            "origin",
            wrong_port.as_str(),
            403,
            "another server on this computer",
        ),
        (
            "origin",
            localhost.as_str(),
            403,
            "not the host the request is for",
        ),
        ("origin", base.as_str(), 201, "its own page"),
        (
            "sec-fetch-site",
            "cross-site",
            403,
            "another site, said by the browser",
        ),
        (
            "sec-fetch-site",
            "same-site",
            403,
            "another port of this computer",
        ),
        ("sec-fetch-site", "same-origin", 201, "its own page"),
        ("accept", "*/*", 201, "a program"),
    ];
    for (header, value, status, who) in cases {
        practice.clear_faults();
        let request = client().post(format!("{base}/practice/faults"));
        let request = request
            .header(header, value)
            .json(&json!({ "fault": "cut" }));
        assert_eq!(
            request.send().await.unwrap().status(),
            status,
            "{header} {value}: {who}"
        );
        let set = usize::from(status == 201);
        assert_eq!(
            practice.faults().len(),
            set,
            "{header} {value}: set only when let through"
        );
    }
    practice.set_fault(Fault::status(503));
    for (method, path) in [
        (Method::POST, "/practice/on"),
        (Method::POST, "/practice/off"),
        (Method::DELETE, "/practice/faults"),
        (Method::DELETE, "/practice/faults/1"),
    ] {
        let request = client().request(method.clone(), format!("{base}{path}"));
        let answer = request
            .header("origin", "https://evil.example")
            .send()
            .await
            .unwrap();
        assert_eq!(
            answer.status(),
            403,
            "{method} {path}: every change is guarded"
        );
    }
    assert_eq!(practice.faults().len(), 1, "and nothing changed");
}
