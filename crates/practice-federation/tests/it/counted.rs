use std::time::Duration;

use practice_federation::busiest_window;
use serde_json::Value;

use crate::support::{client, json, practice};

#[tokio::test]
async fn arrivals_are_counted_and_kept_in_order() {
    let practice = practice().await;
    for number in 1..=5 {
        let answer = json(&practice, "/counted/v1/members?page=0").await;
        assert_eq!(answer["counted"]["total"], number, "each is counted once");
        assert_eq!(
            answer["counted"]["lastMinute"], number,
            "all came in this minute"
        );
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    let posted = client()
        .post(format!("{}/counted", practice.base_url()))
        .send()
        .await;
    let posted: Value = posted.unwrap().json().await.unwrap();
    assert_eq!(posted["counted"]["total"], 6, "whatever the method");
    let arrivals = practice.counted_arrivals();
    assert_eq!(arrivals.len(), 6, "each arrival is kept");
    assert!(arrivals.is_sorted(), "in order: {arrivals:?}");
    let pause = arrivals[5] - arrivals[4];
    assert!((300..30_000).contains(&pause), "in milliseconds: {pause}");
    assert_eq!(busiest_window(&arrivals, 60_000), 6, "all in one minute");
    assert_eq!(
        busiest_window(&arrivals[4..], 300),
        1,
        "but not in one moment"
    );
    practice.forget_counted();
    assert!(
        practice.counted_arrivals().is_empty(),
        "and can be forgotten"
    );
    json(&practice, "/open/v1/me").await;
    assert!(
        practice.counted_arrivals().is_empty(),
        "other addresses are not counted"
    );
}
