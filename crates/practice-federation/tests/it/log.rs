use practice_federation::{PracticeOptions, start};

use crate::support::{client, get, practice};

#[tokio::test]
async fn the_log_keeps_names_and_no_values() {
    let practice = practice().await;
    let url = format!(
        "{}/query/v1/me?page=1&api_token=canary",
        practice.base_url()
    );
    client()
        .get(url)
        .header("x-canary", "canary")
        .send()
        .await
        .unwrap();
    get(&practice, "/nowhere").await;
    get(&practice, "/practice").await;
    get(&practice, "/").await;
    let requests = practice.requests();
    assert_eq!(
        requests.len(),
        2,
        "the page and the way to it are not traffic"
    );
    assert_eq!(practice.request_count(), 2, "and are not counted");
    let seen = &requests[0];
    assert_eq!(
        (seen.method.as_str(), seen.path.as_str()),
        ("GET", "/query/v1/me"),
        "what and where"
    );
    assert_eq!(
        seen.query_names,
        ["page", "api_token"],
        "names of parameters"
    );
    assert!(
        seen.header_names.iter().any(|name| name == "x-canary"),
        "names of headers"
    );
    assert!(
        !format!("{requests:?}").contains("=canary"),
        "no value is kept"
    );
    assert!(
        !format!("{requests:?}").contains("\"canary\""),
        "no value is kept"
    );
    assert_eq!(practice.recorded(), [], "nothing is recorded unasked");
}

#[tokio::test]
async fn the_recorder_keeps_everything_when_asked() {
    let options = PracticeOptions {
        recorder: true,
        ..Default::default()
    };
    let practice = start(options).await.unwrap();
    let url = format!("{}/open/v1/me?api_token=canary%201", practice.base_url());
    client()
        .post(url)
        .header("x-canary", "canary 2")
        .body("canary 3")
        .send()
        .await
        .unwrap();
    let recorded = practice.recorded();
    assert_eq!(recorded.len(), 1, "one request was sent");
    let request = &recorded[0];
    assert_eq!(request.method, "POST", "even if no endpoint takes it");
    assert_eq!(
        request.target, "/open/v1/me?api_token=canary%201",
        "the query as it was sent"
    );
    let header = ("x-canary".to_owned(), b"canary 2".to_vec());
    assert!(
        request.headers.contains(&header),
        "headers with their values"
    );
    assert_eq!(request.body, b"canary 3", "the body");
    assert!(
        !format!("{recorded:?}").contains("canary"),
        "but printing it shows no value"
    );
}

#[tokio::test]
async fn a_body_without_end_is_not_recorded() {
    let options = PracticeOptions {
        recorder: true,
        ..Default::default()
    };
    let practice = start(options).await.unwrap();
    let request = client().post(format!("{}/open/v1/me", practice.base_url()));
    let answer = request.body(vec![0; 65 * 1024]).send().await.unwrap();
    assert_eq!(
        answer.status(),
        413,
        "over 64 KiB is refused, so that memory stays bounded"
    );
    assert_eq!(practice.recorded(), [], "and not kept");
}
