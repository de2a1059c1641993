use std::time::Instant;

use serde_json::Value;

use crate::support::{get, json, practice};

#[tokio::test]
async fn each_says_it_is_a_list_and_is_not() {
    let practice = practice().await;
    for (name, kind, why) in [
        ("truncated_json", "application/json", "half of a list"),
        ("deep_json", "application/json", "a list of lists of lists"),
        ("bom", "application/json", "a mark before the list"),
        (
            "mislabelled_xml",
            "application/xml; charset=utf-8",
            "another encoding",
        ),
        (
            "billion_laughs",
            "application/xml; charset=utf-8",
            "entities of entities",
        ),
        (
            "login_page",
            "text/html; charset=utf-8",
            "a page for people",
        ),
    ] {
        for below in ["", "/v1/members?page=0"] {
            let answer = get(&practice, &format!("/hostile/{name}{below}")).await;
            assert_eq!(answer.status(), 200, "{name}: {why}");
            assert_eq!(answer.headers()["content-type"], kind, "{name}: {why}");
        }
    }
    assert_eq!(
        get(&practice, "/hostile/other").await.status(),
        404,
        "there are no others"
    );
}

#[tokio::test]
async fn bodies_are_wrong_in_the_way_they_are_called() {
    let practice = practice().await;
    let bytes = |target: &'static str| {
        let practice = &practice;
        async move { get(practice, target).await.bytes().await.unwrap().to_vec() }
    };
    let truncated = bytes("/hostile/truncated_json").await;
    let error = serde_json::from_slice::<Value>(&truncated).unwrap_err();
    assert!(error.is_eof(), "it ends too early: {error}");
    let deep = bytes("/hostile/deep_json").await;
    assert!(deep.starts_with(b"{\"data\":[[[["), "lists in lists");
    let depth = |bytes: &[u8]| bytes.split(|byte| *byte == b'[').count() - 1;
    assert_eq!(depth(&deep), 10_000, "as deep as said");
    assert_eq!(
        depth(&bytes("/hostile/deep_json?depth=77").await),
        77,
        "as deep as wanted"
    );
    assert!(
        serde_json::from_slice::<Value>(&bytes("/hostile/deep_json?depth=77").await).is_ok(),
        "what is not too deep is right"
    );
    let marked = bytes("/hostile/bom").await;
    assert_eq!(&marked[..3], b"\xEF\xBB\xBF", "the mark");
    let rest: Value = serde_json::from_slice(&marked[3..]).expect("a list behind it");
    assert_eq!(rest["data"].as_array().unwrap().len(), 2, "with its rows");
    let xml = bytes("/hostile/mislabelled_xml").await;
    assert!(
        xml.starts_with(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>"),
        "it says UTF-8"
    );
    assert!(std::str::from_utf8(&xml).is_err(), "and is not");
    let laughs = String::from_utf8(bytes("/hostile/billion_laughs").await).unwrap();
    assert!(laughs.len() < 2000, "small as it comes: {}", laughs.len());
    assert_eq!(laughs.matches("<!ENTITY").count(), 10, "ten entities");
    assert_eq!(
        laughs.matches("&l8;").count(),
        10,
        "each of ten of the one below"
    );
}

#[tokio::test]
async fn the_endless_answer_ends_where_wanted() {
    let practice = practice().await;
    let mut answer = get(&practice, "/hostile/endless").await;
    assert_eq!(
        answer.headers().get("content-length"),
        None,
        "nobody says how long it is"
    );
    let mut read = 0;
    while read < 20_000_000 {
        read += answer.chunk().await.unwrap().expect("more and more").len();
    }
    drop(answer);
    let short = get(&practice, "/hostile/endless?bytes=1000000")
        .await
        .bytes()
        .await
        .unwrap();
    assert!(
        (1_000_000..1_100_000).contains(&short.len()),
        "as long as wanted"
    );
    let list: Value = serde_json::from_slice(&short).expect("and whole");
    assert!(
        list["data"].as_array().unwrap().len() > 10_000,
        "a list of records"
    );
}

#[tokio::test]
async fn the_bomb_is_small_and_right() {
    let practice = practice().await;
    // Two megabytes and a bit: several pieces, and a check that must fit.
    let unpacked = get(&practice, "/hostile/gzip_bomb?bytes=2500000").await;
    let unpacked = unpacked.bytes().await.expect("the check is right");
    assert_eq!(
        unpacked.len(),
        3 * 1024 * 1024 + 11,
        "three pieces and what stands around them"
    );
    let list: Value = serde_json::from_slice(&unpacked).expect("JSON with many spaces");
    assert_eq!(list["data"], Value::Array(Vec::new()), "an empty list");
    let target = format!("{}/hostile/gzip_bomb", practice.base_url());
    let packed = reqwest::Client::builder()
        .no_proxy()
        .no_gzip()
        .build()
        .unwrap();
    let packed = packed.get(target).send().await.unwrap();
    assert_eq!(packed.headers()["content-encoding"], "gzip", "packed");
    let size = packed.bytes().await.unwrap().len();
    assert!(size < 8_000_000, "4 GiB in a few megabytes: {size}");
    assert!(size > 4096 * 100, "it was sent whole: {size}");
}

#[tokio::test]
async fn a_redirect_leads_where_wanted() {
    let practice = practice().await;
    let own = format!(
        "http://localhost:{}/open/v1/members",
        practice.address().port()
    );
    for (query, status, to) in [
        ("", 302, own.as_str()),
        (
            "?to=https://other.example/x",
            302,
            "https://other.example/x",
        ),
        (
            "?status=307&to=http://127.0.0.1:9/",
            307,
            "http://127.0.0.1:9/",
        ),
    ] {
        let answer = get(&practice, &format!("/hostile/redirect_elsewhere{query}")).await;
        assert_eq!(answer.status(), status, "{query}: the status");
        assert_eq!(answer.headers()["location"], to, "{query}: the address");
    }
}

#[tokio::test]
async fn slow_is_slow_and_whole() {
    let practice = practice().await;
    let start = Instant::now();
    let mut answer = get(&practice, "/hostile/slow").await;
    let mut read = 0;
    while read < 2 {
        read += answer.chunk().await.unwrap().expect("a byte").len();
    }
    let waited = start.elapsed().as_millis();
    assert!(waited >= 900, "a second between two bytes: {waited} ms");
    let list = json(&practice, "/hostile/slow?milliseconds=1").await;
    assert_eq!(
        list["data"].as_array().unwrap().len(),
        2,
        "who waits gets the list"
    );
}

#[tokio::test]
async fn a_cut_answer_announces_more_than_comes() {
    let practice = practice().await;
    let answer = get(&practice, "/hostile/cut").await;
    assert!(
        answer.content_length().unwrap() > 100,
        "the whole length is announced"
    );
    let error = answer.bytes().await.unwrap_err();
    assert!(
        error.is_body() || error.is_decode(),
        "and half comes: {error:?}"
    );
}
