use practice_federation::{Fault, TWIN_CREDENTIALS, Twin};
use serde_json::{Value, json};

use super::{CLUB, KEY, request, right, token, twins};
use crate::oauth::encoded;
use crate::support::shared_client;

/// The list of each twin, as its path and the refusal's body: (twin, target, pointer, value).
fn lists() -> Vec<(Twin, String, &'static str, Value)> {
    vec![
        (
            Twin::FoireannOpenData,
            "/open-data/v1/fixtures".to_owned(),
            "/error",
            json!("Unauthorized"),
        ),
        (
            Twin::Justgo,
            "/api/v2.2/Members/FindByAttributes?LastName=Kelly".to_owned(),
            "/statusCode",
            json!(401),
        ),
        (
            Twin::Hitobito,
            "/api/people".to_owned(),
            "/errors/0/status",
            json!("401"),
        ),
        (
            Twin::Twizzit,
            format!("/v2/api/contacts?organization-ids[]={CLUB}"),
            "/code",
            json!(401),
        ),
        (
            Twin::Nuliga,
            "/rs/2014/federations/PF/players".to_owned(),
            "/error_description",
            json!("No access token provided and no valid ip address"),
        ),
        (
            Twin::Comet,
            format!("/data-backend/api/public/areports/run/{CLUB}/0/10/"),
            "/message",
            json!("Invalid API key"),
        ),
        (
            Twin::Easyverein,
            "/api/v2.0/member".to_owned(),
            "/detail",
            json!("Invalid token."),
        ),
        (
            Twin::Webling,
            "/api/1/member".to_owned(),
            "/error",
            json!("Ungültiger API-Key"),
        ),
        (
            Twin::WildApricot,
            format!("/v2.2/accounts/{CLUB}/contacts?$async=false"),
            "/code",
            json!("Unauthorized"),
        ),
        (
            Twin::Teamsnap,
            format!("/v3/members/search?team_id={CLUB}"),
            "/collection/error/code",
            json!(401),
        ),
        (
            Twin::Leagueapps,
            format!("/v2/sites/{CLUB}/export/registrations-2"),
            "/error",
            json!("Unauthorized"),
        ),
        (
            Twin::Spordle,
            "/api/sp/members".to_owned(),
            "/error/statusCode",
            json!(401),
        ),
        (
            Twin::Playhq,
            format!("/v1/seasons/{}/teams", TWIN_CREDENTIALS.season),
            "/message",
            json!("Unauthorised"),
        ),
        (
            Twin::PlayCricket,
            format!("/api/v2/sites/{CLUB}/players"),
            "/error",
            json!("Invalid api_token"),
        ),
        (
            Twin::HelloClub,
            "/member".to_owned(),
            "/message",
            json!("Unauthorized"),
        ),
    ]
}

#[tokio::test]
async fn wrong_credentials_are_refused_in_each_systems_words() {
    let practice = twins().await;
    for (twin, target, pointer, value) in lists() {
        let bare = request(&practice, twin, &target).send().await.unwrap();
        assert_eq!(bare.status(), 401, "{twin:?}: nothing opens nothing");
        let body: Value = bare.json().await.unwrap();
        assert_eq!(body.pointer(pointer), Some(&value), "{twin:?}: {body}");
        let opened = right(&practice, twin, &target).await;
        assert_eq!(opened.status(), 200, "{twin:?}: the right ones open it");
    }
    let target = format!("/api/persons/organisations/{CLUB}");
    let bare = request(&practice, Twin::Eventor, &target)
        .send()
        .await
        .unwrap();
    assert_eq!(bare.status(), 401, "Eventor: nothing opens nothing");
    assert!(
        bare.text().await.unwrap().contains("<Error><Message>"),
        "Eventor refuses in XML"
    );
}

#[tokio::test]
async fn a_credential_in_the_wrong_place_is_none() {
    let practice = twins().await;
    for (twin, target, _, _) in lists() {
        for (name, value) in [
            ("X-Practice", KEY.to_owned()),
            ("Authorization", format!("Token {KEY}")),
            (
                "Authorization",
                "Bearer practice-access-of-nobody".to_owned(),
            ),
        ] {
            let answer = request(&practice, twin, &target)
                .header(name, value)
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), 401, "{twin:?}: {name} is not its way");
        }
    }
}

#[tokio::test]
async fn tokens_are_given_for_the_right_offer_only() {
    let practice = twins().await;
    let (id, secret) = (TWIN_CREDENTIALS.client_id, TWIN_CREDENTIALS.client_secret);
    let nuliga = |secret: &str, scope: &str| {
        encoded(&[
            ("grant_type", "client_credentials"),
            ("client_id", id),
            ("client_secret", secret),
            ("scope", scope),
        ])
    };
    let form = "application/x-www-form-urlencoded";
    let apricot = encoded(&[("grant_type", "client_credentials"), ("scope", "auto")]);
    let cases = [
        (
            Twin::Justgo,
            "/api/v2.2/Auth",
            "application/json",
            json!({ "secret": "wrong" }).to_string(),
            401,
            "a wrong secret",
        ),
        (
            Twin::Justgo,
            "/api/v2.2/Auth",
            form,
            "secret=x".to_owned(),
            415,
            "JSON only",
        ),
        (
            Twin::Twizzit,
            "/v2/api/authenticate",
            form,
            "username=twin&password=wrong".to_owned(),
            401,
            "a wrong password",
        ),
        (
            Twin::Twizzit,
            "/v2/api/authenticate",
            "application/json",
            "{}".to_owned(),
            400,
            "a form only",
        ),
        (
            Twin::Nuliga,
            "/rs/auth/token",
            form,
            nuliga("wrong", "nuPortalRS_federation"),
            401,
            "a wrong client secret",
        ),
        (
            Twin::Nuliga,
            "/rs/auth/token",
            form,
            nuliga(secret, "nuPortalRS_club"),
            400,
            "another scope",
        ),
        (
            Twin::WildApricot,
            "/auth/token",
            form,
            apricot,
            401,
            "no Basic",
        ),
        (
            Twin::Leagueapps,
            "/v2/auth/token",
            form,
            "grant_type=client_credentials".to_owned(),
            400,
            "no assertion",
        ),
        (
            Twin::Leagueapps,
            "/v2/auth/token",
            form,
            "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=a.b.c".to_owned(),
            400,
            "nobody's assertion",
        ),
    ];
    for (twin, path, kind, body, status, why) in cases {
        let request = shared_client().post(format!("{}{path}", practice.twin_url(twin)));
        let answer = request
            .header("content-type", kind)
            .body(body)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), status, "{twin:?}: {why}");
    }
}

#[tokio::test]
async fn tokens_end_like_all_others() {
    let practice = twins().await;
    let target = format!("/v2/api/contacts?organization-ids[]={CLUB}");
    let token = token(&practice, Twin::Twizzit).await;
    let ask = || {
        request(&practice, Twin::Twizzit, &target)
            .bearer_auth(&token)
            .send()
    };
    assert_eq!(ask().await.unwrap().status(), 200, "a new token opens");
    let counts = practice.oauth_counts();
    assert_eq!(
        (counts.token_requests, counts.exchanges),
        (1, 1),
        "it was asked for and given once"
    );
    practice.expire_access_tokens();
    assert_eq!(
        ask().await.unwrap().status(),
        401,
        "one that has ended does not"
    );
}

#[tokio::test]
async fn a_twin_is_too_fast_on_demand() {
    let practice = twins().await;
    practice.set_fault(
        "status=429,retry-after=7,path=/twin/twizzit/v2/api/contacts,count=1"
            .parse::<Fault>()
            .unwrap(),
    );
    let target = format!("/v2/api/contacts?organization-ids[]={CLUB}");
    let answer = right(&practice, Twin::Twizzit, &target).await;
    assert_eq!(answer.status(), 429, "too fast");
    assert_eq!(answer.headers()["retry-after"], "7", "with a time to wait");
    assert_eq!(
        right(&practice, Twin::Twizzit, &target).await.status(),
        200,
        "once"
    );
}

#[tokio::test]
async fn faults_of_the_members_api_leave_twins_alone() {
    let practice = twins().await;
    for fault in ["empty", "not-a-list", "not-objects"] {
        practice.set_fault(fault.parse::<Fault>().unwrap());
        let answer = right(&practice, Twin::Spordle, "/api/sp/members").await;
        let rows: Vec<Value> = answer.json().await.unwrap();
        assert_eq!(
            rows.len(),
            250,
            "{fault}: a twin's list is of another shape"
        );
        assert_eq!(
            practice.faults()[0].hits,
            0,
            "{fault}: and does not use the fault up"
        );
    }
}
