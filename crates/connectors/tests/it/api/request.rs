//! `request` and the streamed body: what goes out, what comes of an answer, what is recorded.

use std::sync::Arc;

use connectors::api::api_error::FederationApiError;
use connectors::api::call::RequestOptions;
use connectors::api::fetch::{Fetch, FetchedPage, PageRequest};
use connectors::api::ledger::{Barred, LimitNews};
use connectors::api::limiter::Limiter;
use connectors::api::proof::KeysAtHand;
use connectors::failure::{FailureClass, Finding};
use connectors::settings::{ErrorMeaning, ErrorRule};
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderValue};
use url::Url;

use super::federation::{Federation, Reply, Setting, clock, key};

pub(crate) fn setting(replies: Vec<Reply>) -> Setting {
    let clock = clock();
    let federation = Federation::saying(&clock, replies);
    Setting::new(&clock, federation)
}

fn options(values: &[(&str, &str)]) -> RequestOptions {
    RequestOptions {
        values: values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        ..RequestOptions::default()
    }
}

pub(crate) async fn page(setting: &Setting, url: &str) -> Result<FetchedPage, FederationApiError> {
    let request = PageRequest {
        url: Url::parse(url).unwrap(),
        accept: "application/json",
    };
    setting.client().fetch(request).await
}

#[tokio::test(start_paused = true)]
async fn endpoints_are_named_or_below_the_base_and_recorded_without_values() {
    for (endpoint, values, url, recorded) in [
        (
            "verify",
            options(&[]),
            "https://api.example.org/base/v1/me",
            "/v1/me",
        ),
        (
            "membership_list",
            options(&[]),
            "https://api.example.org/base/v1/members",
            "/v1/members",
        ),
        (
            "member_detail",
            options(&[("member_id", "a b/7")]),
            "https://api.example.org/base/v1/members/a%20b%2F7?full=yes",
            "/v1/members/{member_id}",
        ),
        (
            "/v1/teams/{federation_org_id}?token=abc",
            RequestOptions {
                organisation: Some("club 9".to_owned()),
                query: vec![("name".to_owned(), "Ó Sé".to_owned())],
                ..RequestOptions::default()
            },
            "https://api.example.org/base/v1/teams/club%209?token=abc&name=%C3%93+S%C3%A9",
            "/v1/teams/{federation_org_id}",
        ),
    ] {
        let setting = setting(Vec::new());
        setting.client().request(endpoint, values).await.unwrap();
        assert_eq!(
            setting.federation.came()[0].url.as_str(),
            url,
            "{endpoint}: where to"
        );
        assert_eq!(
            setting.attempts()[0].endpoint,
            recorded,
            "{endpoint}: no value is recorded"
        );
    }
    for path in [
        "/\\other.example/x",
        "/@other.example/x",
        "/.other.example/x",
        "/?a=//b",
    ] {
        let setting = setting(Vec::new());
        setting.client().request(path, options(&[])).await.unwrap();
        let origin = setting.federation.came()[0]
            .url
            .origin()
            .ascii_serialization();
        assert_eq!(
            origin, "https://api.example.org",
            "{path} stays below the base"
        );
    }
    for (endpoint, values, finding) in [
        ("memberlist", options(&[]), Finding::SettingUnusable),
        ("", options(&[]), Finding::SettingUnusable),
        (
            "https://other.example/v1/me",
            options(&[]),
            Finding::SettingUnusable,
        ),
        (
            "//other.example/v1/me",
            options(&[]),
            Finding::SettingUnusable,
        ),
        ("v1/me", options(&[]), Finding::SettingUnusable),
        ("/v1/{nobody}", options(&[]), Finding::SettingUnusable),
        (
            "/v1/{member_id}",
            options(&[("member_id", "..")]),
            Finding::SettingUnusable,
        ),
        ("member_detail", options(&[]), Finding::OrganisationNeeded),
    ] {
        let setting = setting(Vec::new());
        let error = setting
            .client()
            .request(endpoint, values)
            .await
            .unwrap_err();
        assert_eq!((error.finding, error.attempts), (finding, 0), "{endpoint}");
        assert!(
            setting.federation.came().is_empty(),
            "{endpoint}: nothing was sent"
        );
        assert!(
            setting.ledger.outcomes.lock().unwrap().is_empty(),
            "{endpoint}: nor is it the federation's failure"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_key_is_replaced_once_and_for_good() {
    let clock = clock();
    let federation = Federation::new(&clock, |came| {
        Reply::status(if came.key.as_deref() == Some("second") {
            200
        } else {
            401
        })
    });
    let mut setting = Setting::new(&clock, federation);
    setting.proofs = Arc::new(KeysAtHand::new(key("first"), Some(key("second"))));
    let client = setting.client();
    let first = client
        .request("verify", RequestOptions::default())
        .await
        .unwrap();
    let second = client
        .request("verify", RequestOptions::default())
        .await
        .unwrap();
    assert_eq!(
        (first.attempts, second.attempts),
        (2, 1),
        "the second one is remembered"
    );
    let keys: Vec<_> = setting
        .federation
        .came()
        .into_iter()
        .filter_map(|one| one.key)
        .collect();
    assert_eq!(keys, ["first", "second", "second"], "in this order");
    let classes: Vec<_> = setting.attempts().iter().map(|one| one.finding).collect();
    assert_eq!(
        classes,
        [Some(Finding::Unauthorised), None, None],
        "a 401 counts as an attempt"
    );

    let post = || RequestOptions {
        method: Method::POST,
        ..RequestOptions::default()
    };
    setting.proofs = Arc::new(KeysAtHand::new(key("first"), Some(key("second"))));
    let client = setting.client();
    let error = client.request("verify", post()).await.unwrap_err();
    assert_eq!(
        (error.finding, error.attempts),
        (Finding::Unauthorised, 1),
        "what must not be sent twice is not"
    );
    client
        .request("verify", post())
        .await
        .expect("but the next one has the good key");
}

#[tokio::test(start_paused = true)]
async fn credentials_go_to_the_connectors_own_hosts_only() {
    for (url, known) in [
        ("https://api.example.org/base/v1/members?page=2", true),
        ("https://API.example.org/elsewhere", true),
        ("https://evil.example.org/base/v1/members", false),
        ("https://api.example.org.evil.example/v1", false),
    ] {
        let setting = setting(Vec::new());
        page(&setting, url).await.unwrap();
        let came = &setting.federation.came()[0];
        assert_eq!(came.key.is_some(), known, "{url}");
    }
    let setting = setting(Vec::new());
    let mut headers = HeaderMap::new();
    headers.insert("x-request-source", HeaderValue::from_static("test"));
    let with = RequestOptions {
        headers,
        idempotency_key: Some("once".to_owned()),
        ..RequestOptions::default()
    };
    setting.client().request("verify", with).await.unwrap();
    let came = &setting.federation.came()[0];
    assert_eq!(
        came.headers["x-request-source"], "test",
        "headers of the caller go along"
    );
    assert_eq!(
        came.headers["idempotency-key"], "once",
        "and the key of a repetition"
    );
}

fn rule(
    status: Option<u16>,
    path: Option<&str>,
    value: Option<&str>,
    means: ErrorMeaning,
) -> ErrorRule {
    ErrorRule {
        status,
        path: path.map(str::to_owned),
        value: value.map(str::to_owned),
        means,
    }
}

#[tokio::test(start_paused = true)]
#[expect(clippy::too_many_lines, reason = "a table of rules and answers")]
async fn rules_say_what_misleading_answers_mean() {
    use ErrorMeaning as M;
    let nif = br#"{"errors":[{"code":1018,"text":"invalid club"}]}"#;
    let graphql = br#"{"data":null,"errors":[{"message":"throttled"}]}"#;
    for (rules, status, body, expected, why) in [
        (
            vec![],
            400,
            &b"{}"[..],
            Some(Finding::RequestRefused),
            "the status by itself",
        ),
        (
            vec![rule(
                Some(401),
                Some("errors.0.code"),
                Some("1018"),
                M::NotFound,
            )],
            401,
            &nif[..],
            Some(Finding::NotFound),
            "a number compared as text",
        ),
        (
            vec![rule(
                Some(401),
                Some("errors.0.code"),
                Some("1019"),
                M::NotFound,
            )],
            401,
            &nif[..],
            Some(Finding::Unauthorised),
            "another value does not fit",
        ),
        (
            vec![rule(Some(200), Some("errors"), None, M::RequestRefused)],
            200,
            &graphql[..],
            Some(Finding::RequestRefused),
            "an error with status 200",
        ),
        (
            vec![rule(Some(200), Some("errors"), None, M::RequestRefused)],
            200,
            br#"{"data":{},"errors":null}"#,
            None,
            "null is not there",
        ),
        (
            vec![
                rule(None, Some("errors"), None, M::Forbidden),
                rule(Some(418), None, None, M::NotFound),
            ],
            418,
            &b"<html>"[..],
            Some(Finding::NotFound),
            "a body that is no JSON fits no path; the first rule that fits decides",
        ),
        (
            vec![rule(None, None, None, M::Forbidden)],
            200,
            &b"{}"[..],
            None,
            "a rule without conditions fits nothing",
        ),
        (
            vec![rule(Some(500), None, None, M::Unauthorised)],
            500,
            &b"{}"[..],
            Some(Finding::Unauthorised),
            "what it means decides about repeating, too",
        ),
    ] {
        let mut setting = setting(vec![Reply::with(status, &[], body)]);
        setting.settings.errors = rules;
        let outcome = setting
            .client()
            .request("verify", RequestOptions::default())
            .await;
        assert_eq!(
            outcome.as_ref().err().map(|error| error.finding),
            expected,
            "{why}"
        );
        assert_eq!(
            setting.federation.came().len(),
            1,
            "{why}: nothing here is repeated"
        );
    }
    let mut long = br#"{"errors":[{"code":"#.to_vec();
    long.extend(vec![b' '; 64 * 1024]);
    long.extend(b"1}]}");
    let mut setting = setting(vec![Reply::with(400, &[], &long)]);
    setting.settings.errors = vec![rule(None, Some("errors"), None, M::Forbidden)];
    let error = setting
        .client()
        .request("verify", RequestOptions::default())
        .await
        .unwrap_err();
    assert_eq!(
        error.finding,
        Finding::RequestRefused,
        "64 KiB of an error are read, no more"
    );
}

#[tokio::test(start_paused = true)]
async fn limits_are_learnt_from_answers() {
    let mut setting = setting(vec![
        Reply::with(200, &[("ratelimit-policy", r#""a";q=6000;w=60"#)], b"{}"),
        Reply::with(200, &[("ratelimit-policy", r#""a";q=30;w=60"#)], b"{}"),
        Reply::with(200, &[("ratelimit-policy", r#""a";q=30;w=60"#)], b"{}"),
        Reply::with(
            200,
            &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "45")],
            b"{}",
        ),
        Reply::status(200),
    ]);
    setting.settings.limits.requests_per_minute = 60;
    setting.limiter = Some(Arc::new(Limiter::default()));
    let client = setting.client();
    for _ in 0..5 {
        client
            .request("verify", RequestOptions::default())
            .await
            .unwrap();
    }
    let news = setting.ledger.news.lock().unwrap().clone();
    assert_eq!(
        news[0],
        LimitNews {
            per_minute: Some(30),
            pause_ms: None
        },
        "a lower one is kept, once; a higher one is not"
    );
    assert_eq!(news.len(), 2, "and then the pause: {news:?}");
    let pause = news[1].pause_ms.unwrap();
    assert!(
        (45_000..=67_500).contains(&pause),
        "until the reset, not all at once: {pause}"
    );
    let came = setting.federation.came();
    assert!(
        came[4].at - came[3].at >= 45_000,
        "nothing left: wait until the reset"
    );
}

#[tokio::test(start_paused = true)]
async fn a_barred_connector_sends_nothing() {
    let barred = setting(Vec::new());
    *barred.ledger.barred.lock().unwrap() = Some(Barred {
        class: FailureClass::FederationDown,
        finding: Finding::ServerError,
        retry_at: None,
        message: "It was stopped.".to_owned(),
    });
    let error = barred
        .client()
        .request("verify", RequestOptions::default())
        .await
        .unwrap_err();
    assert_eq!(
        (error.attempts, error.to_string().as_str()),
        (0, "It was stopped."),
        "as told"
    );
    assert!(barred.federation.came().is_empty(), "nothing was sent");
}

#[tokio::test(start_paused = true)]
async fn canary_an_error_is_one_sentence_without_a_secret_or_a_value() {
    const CANARY: &str = "canary-7f3a";
    let clock = clock();
    let headers = [("x-secret", CANARY), ("retry-after", "700")];
    let federation =
        Federation::saying(&clock, vec![Reply::with(503, &headers, CANARY.as_bytes())]);
    let mut setting = Setting::new(&clock, federation);
    setting.proofs = Arc::new(KeysAtHand::new(key(CANARY), None));
    setting.settings.errors = vec![rule(None, Some("x"), None, ErrorMeaning::Forbidden)];
    let options = RequestOptions {
        query: vec![("name".to_owned(), CANARY.to_owned())],
        values: vec![("member_id".to_owned(), CANARY.to_owned())],
        idempotency_key: Some(CANARY.to_owned()),
        ..RequestOptions::default()
    };
    let client = setting.client();
    let error = client
        .request("/v1/{member_id}?key=canary-7f3a", options)
        .await
        .unwrap_err();
    assert!(
        setting.federation.came()[0]
            .url
            .as_str()
            .matches(CANARY)
            .count()
            == 3,
        "the request itself has them"
    );
    for told in [
        format!("{error} {error:?}"),
        format!("{client:?}"),
        format!("{:?}", setting.attempts()),
    ] {
        assert!(!told.contains(CANARY), "no secret, no value: {told}");
    }
    assert!(
        error.message.ends_with('.') && error.message.len() > 20,
        "a sentence for a person: {}",
        error.message
    );
}
