use serde_json::{Value, json};

use super::{opens, post, text};
use crate::support::{client, practice};

#[tokio::test]
async fn a_secret_or_a_password_becomes_a_token() {
    let practice = practice().await;
    let secret = practice.credentials().two_step_secret.clone();
    let person = json!({ "username": practice.username(), "password": practice.password() });
    for (offer, status, why) in [
        (json!({ "secret": secret }), 200, "the secret"),
        (person, 200, "user name and password"),
        (json!({ "secret": "wrong" }), 401, "a wrong secret"),
        (
            json!({ "username": "practice", "password": "wrong" }),
            401,
            "a wrong password",
        ),
        (json!({ "username": "practice" }), 401, "no password"),
        (json!({}), 401, "nothing"),
        (json!({ "secret": 7 }), 400, "no text"),
    ] {
        let request = client().post(format!("{}/oauth/two-step", practice.base_url()));
        let answer = request.json(&offer).send().await.unwrap();
        assert_eq!(answer.status(), status, "{why}");
        assert_eq!(
            answer.headers().contains_key("www-authenticate"),
            status == 401,
            "{why}: a challenge on 401 only"
        );
        let body: Value = answer.json().await.unwrap();
        if status != 200 {
            continue;
        }
        let data = &body["data"];
        assert_eq!(data["tokenType"], "Bearer", "{why}: the type");
        assert_eq!(data["expiresIn"], 3600, "{why}: the lifetime");
        assert_eq!(
            opens(&practice, text(data, "accessToken"), "/v1/members").await,
            200,
            "{why}: the token opens the members"
        );
    }
    assert_eq!(
        (practice.token_requests(), practice.exchanges()),
        (7, 2),
        "counted as requests for tokens"
    );
}

#[tokio::test]
async fn a_form_gets_the_other_shape() {
    let practice = practice().await;
    let pairs = [
        ("username", practice.username()),
        ("password", practice.password()),
    ];
    let answer = post(&practice, "/oauth/two-step", &pairs).await;
    assert_eq!(answer.headers()["cache-control"], "no-store", "unkept");
    let body: Value = answer.json().await.unwrap();
    assert_eq!(
        body.as_object().unwrap().len(),
        1,
        "there is a token and nothing else"
    );
    assert_eq!(
        opens(&practice, text(&body, "token"), "/v1/me").await,
        200,
        "and it works"
    );
    let wrong = [("username", practice.username()), ("password", "wrong")];
    let answer = post(&practice, "/oauth/two-step", &wrong).await;
    assert_eq!(answer.status(), 401, "a wrong password");
    let plain = client().post(format!("{}/oauth/two-step", practice.base_url()));
    let answer = plain.body("secret").send().await.unwrap();
    assert_eq!(answer.status(), 400, "neither JSON nor a form");
}
