use practice_federation::{TWIN_CREDENTIALS, Twin};
use serde_json::{Value, json};

use super::{CLUB, KEY, body, read, request, right, token, twins};
use crate::oauth::encoded;
use crate::support::shared_client;

#[tokio::test]
async fn fixtures_leave_out_what_is_zero() {
    let practice = twins().await;
    let (fixtures, _) = read(&practice, Twin::FoireannOpenData).await;
    let has = |name: &str| {
        fixtures
            .iter()
            .filter(|it| it["homeTeam"].get(name).is_some())
            .count()
    };
    assert_eq!(has("name"), 250, "a team has a name");
    assert_eq!(has("points"), 125, "who has not played has no points");
    assert_eq!(has("goals"), 63, "no goals are no field");
    let second = request(&practice, Twin::FoireannOpenData, "/open-data/v1/fixtures")
        .bearer_auth(TWIN_CREDENTIALS.second_key)
        .send()
        .await
        .unwrap();
    assert_eq!(
        second.status(),
        200,
        "the second key opens what the first does"
    );
}

#[tokio::test]
async fn justgo_filters_by_what_it_is_asked() {
    let practice = twins().await;
    for (query, total) in [("memberNumber=700003", 1), ("Email=roisin@club.example", 2)] {
        let target = format!("/api/v2.2/Members/FindByAttributes?{query}");
        let body = body(&practice, Twin::Justgo, &target).await;
        assert_eq!(
            body["totalRecords"], total,
            "{query}: those and nobody else"
        );
        assert_eq!(
            body["data"][0]["id"], "5eed1e55-0000-4000-8000-000000700003",
            "{query}"
        );
    }
}

#[tokio::test]
async fn hitobito_includes_what_is_asked_for() {
    let practice = twins().await;
    let plain = body(&practice, Twin::Hitobito, "/api/people").await;
    assert_eq!(plain.get("included"), None, "nothing unasked");
    let with = body(
        &practice,
        Twin::Hitobito,
        "/api/people?include=phone_numbers",
    )
    .await;
    let relation = &with["data"][0]["relationships"]["phone_numbers"]["data"][0];
    let included = &with["included"][0];
    assert_eq!(
        (&relation["type"], &relation["id"]),
        (&included["type"], &included["id"]),
        "a relation names what is included"
    );
    assert_eq!(
        included["attributes"]["number"], "07700 900101",
        "the first member's"
    );
    assert_eq!(
        with["data"][6]["relationships"]["phone_numbers"]["data"],
        json!([]),
        "who has no telephone has none"
    );
    let next = with["links"]["next"].as_str().unwrap();
    assert!(
        next.contains("include=phone_numbers"),
        "the next page is asked the same: {next}"
    );
    let last = with["links"]["last"].as_str().unwrap();
    assert!(
        last.contains("page%5Bnumber%5D=&"),
        "the last page has no number: {last}"
    );
    let roles = "/api/roles?include=person&filter%5Bgroup_id%5D";
    let own = body(&practice, Twin::Hitobito, &format!("{roles}={CLUB}")).await;
    assert_eq!(
        own["data"][0]["relationships"]["person"]["data"]["id"], own["included"][0]["id"],
        "a role leads to its person"
    );
    let other = body(&practice, Twin::Hitobito, &format!("{roles}=1")).await;
    assert_eq!(other["data"], json!([]), "another group is empty");
}

#[tokio::test]
async fn memberships_lead_to_contacts() {
    let practice = twins().await;
    let of = |what: &str| format!("/v2/api/{what}?organization-ids[]={CLUB}&limit=13");
    let memberships = body(&practice, Twin::Twizzit, &of("memberships")).await;
    let contacts = body(&practice, Twin::Twizzit, &of("contacts")).await;
    for place in 0..13 {
        assert_eq!(
            memberships[place]["contact-id"], contacts[place]["id"],
            "a membership names its contact"
        );
    }
    let types = body(&practice, Twin::Twizzit, &of("membershipTypes")).await;
    assert_eq!(
        types[0]["id"], memberships[0]["membership-type-id"],
        "and its type"
    );
}

#[tokio::test]
async fn easyverein_opens_related_objects_when_asked_and_changes_tokens() {
    let practice = twins().await;
    let plain = body(&practice, Twin::Easyverein, "/api/v2.0/member").await;
    let details = plain["results"][0]["contactDetails"].as_str().unwrap();
    assert!(
        details.ends_with("/contact-details/1000001"),
        "an address unasked: {details}"
    );
    let target = "/api/v2.0/member?query={membershipNumber,contactDetails{familyName}}";
    let chosen = body(&practice, Twin::Easyverein, target).await;
    assert_eq!(
        chosen["results"][0],
        json!({ "membershipNumber": "700001", "contactDetails": { "familyName": "Ó Néill" } }),
        "what was asked for and no more"
    );
    let hint = right(&practice, Twin::Easyverein, target).await;
    assert_eq!(
        hint.headers()["tokenRefreshNeeded"],
        "False",
        "each answer says it"
    );
    let changed = body(&practice, Twin::Easyverein, "/api/v2.0/refresh-token").await;
    let token = changed["Bearer"].as_str().unwrap();
    let old = right(&practice, Twin::Easyverein, target).await;
    assert_eq!(old.status(), 401, "the old token is dead at once");
    let new = request(&practice, Twin::Easyverein, target).bearer_auth(token);
    assert_eq!(new.send().await.unwrap().status(), 200, "the new one opens");
}

#[tokio::test]
async fn lists_that_need_to_be_asked_for_say_less_otherwise() {
    let practice = twins().await;
    let ids = body(&practice, Twin::Webling, "/api/1/member").await;
    assert_eq!(ids["objects"][0], 700_001, "Webling: ids only");
    let in_query = format!("/api/1/member?apikey={KEY}");
    let answer = request(&practice, Twin::Webling, &in_query)
        .send()
        .await
        .unwrap();
    assert_eq!(
        answer.status(),
        200,
        "Webling: the key may stand in the query"
    );
    let promise = format!("/v2.2/accounts/{CLUB}/contacts");
    let promise = body(&practice, Twin::WildApricot, &promise).await;
    assert_eq!(
        promise["State"], "Waiting",
        "Wild Apricot: a promise of a result"
    );
    assert_eq!(
        promise.get("Contacts"),
        None,
        "Wild Apricot: and no contacts"
    );
    let players = format!("/api/v2/sites/{CLUB}/players");
    let players = body(&practice, Twin::PlayCricket, &players).await;
    let found = players["players"].as_array().unwrap().len();
    assert!(
        (1..250).contains(&found),
        "Play-Cricket: not everyone: {found}"
    );
    let without_tenant = format!("/v1/seasons/{}/teams", TWIN_CREDENTIALS.season);
    let answer = request(&practice, Twin::Playhq, &without_tenant).header("x-api-key", KEY);
    assert_eq!(
        answer.send().await.unwrap().status(),
        400,
        "PlayHQ: the tenant is missing"
    );
}

const SCOPE: &str = "nuPortalRS_federation";

#[tokio::test]
async fn nuliga_renews_with_the_scope_and_once() {
    let practice = twins().await;
    let address = format!("{}/rs/auth/token", practice.twin_url(Twin::Nuliga));
    let post = |grant: &'static str, refresh: String, scope: &'static str| {
        let form = encoded(&[
            ("grant_type", grant),
            ("refresh_token", &refresh),
            ("client_id", TWIN_CREDENTIALS.client_id),
            ("client_secret", TWIN_CREDENTIALS.client_secret),
            ("scope", scope),
        ]);
        let request = shared_client().post(address.as_str());
        request
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form)
            .send()
    };
    let first = post("client_credentials", "none".to_owned(), SCOPE)
        .await
        .unwrap();
    let first: Value = first.json().await.unwrap();
    assert_eq!(first["expires_in"], 300, "five minutes");
    let refresh = first["refresh_token"].as_str().unwrap().to_owned();
    let bare = post("refresh_token", refresh.clone(), "").await.unwrap();
    assert_eq!(bare.status(), 400, "the scope is to be repeated");
    let renewed = post("refresh_token", refresh.clone(), SCOPE).await.unwrap();
    assert_eq!(renewed.status(), 200, "with it the token is renewed");
    let again = post("refresh_token", refresh, SCOPE).await.unwrap();
    assert_eq!(again.status(), 400, "once");
}

#[tokio::test]
async fn a_token_is_good_for_lists_and_an_assertion_may_name_the_real_server() {
    let practice = twins().await;
    let assertion =
        crate::oauth::assertion::for_audience("https://auth.leagueapps.io/v2/auth/token");
    let form = encoded(&[
        ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
        ("assertion", &assertion),
    ]);
    let address = format!("{}/v2/auth/token", practice.twin_url(Twin::Leagueapps));
    let post = shared_client()
        .post(address)
        .header("content-type", "application/x-www-form-urlencoded");
    let answer = post.body(form).send().await.unwrap();
    assert_eq!(answer.status(), 200, "the real audience is the twin's, too");
    assert!(
        !token(&practice, Twin::Leagueapps).await.is_empty(),
        "as is its own address"
    );
}

#[tokio::test]
async fn links_lead_where_they_say() {
    let practice = twins().await;
    for (twin, first, link, list) in [
        (
            Twin::FoireannOpenData,
            "/open-data/v1/fixtures?page=1",
            "/links/next/href",
            "/data/0/id",
        ),
        (
            Twin::FoireannOpenData,
            "/open-data/v1/fixtures?page=1",
            "/links/prev/href",
            "/data/0/id",
        ),
        (
            Twin::Hitobito,
            "/api/people?page%5Bnumber%5D=2",
            "/links/next",
            "/data/0/id",
        ),
        (
            Twin::Hitobito,
            "/api/people?page%5Bnumber%5D=2",
            "/links/prev",
            "/data/0/id",
        ),
        (
            Twin::Easyverein,
            "/api/v2.0/member?limit=7&page=2",
            "/next",
            "/results/0/id",
        ),
        (
            Twin::Easyverein,
            "/api/v2.0/member?limit=7&page=2",
            "/previous",
            "/results/0/id",
        ),
    ] {
        let here = body(&practice, twin, first).await;
        let address = here.pointer(link).and_then(Value::as_str).unwrap();
        let target = address.strip_prefix(&practice.twin_url(twin)).unwrap();
        let there = body(&practice, twin, target).await;
        let number = |body: &Value| match body.pointer(list).unwrap() {
            Value::String(text) => text.parse::<i64>().unwrap(),
            number => number.as_i64().unwrap(),
        };
        let size = if twin == Twin::Easyverein { 7 } else { 20 };
        let step = if link.contains("next") { size } else { -size };
        assert_eq!(
            number(&there) - number(&here),
            step,
            "{twin:?} {link}: one page on or back"
        );
    }
}

#[tokio::test]
async fn a_key_names_its_organisation() {
    let practice = twins().await;
    let target = "/api/organisation/apiKey";
    let own = right(&practice, Twin::Eventor, target)
        .await
        .text()
        .await
        .unwrap();
    assert!(
        own.contains("<OrganisationId>4711</OrganisationId>"),
        "Eventor says whose the key is: {own}"
    );
    let bare = request(&practice, Twin::Eventor, target)
        .send()
        .await
        .unwrap();
    assert_eq!(bare.status(), 401, "and nobody's is nobody's");
}
