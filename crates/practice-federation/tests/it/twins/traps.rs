use practice_federation::{TWIN_CREDENTIALS, Twin};
use serde_json::{Value, json};

use super::{CLUB, KEY, body, read, request, right, token, twins};
use crate::oauth::encoded;
use crate::support::client;

/// What each system does with sizes beyond its limit, and with what it cannot read.
#[tokio::test]
async fn real_limits_hold() {
    let practice = twins().await;
    let find = "/api/v2.2/Members/FindByAttributes?LastName=Kelly";
    let people = "/api/people?page%5Bsize%5D";
    let refused = [
        (
            Twin::FoireannOpenData,
            "/open-data/v1/fixtures?sort=startDate%2Casc".to_owned(),
            400,
            "an encoded comma",
        ),
        (
            Twin::FoireannOpenData,
            "/open-data/v1/fixtures?page=-1".to_owned(),
            400,
            "no such page",
        ),
        (
            Twin::Justgo,
            format!("{find}&PageSize=101"),
            400,
            "over 100",
        ),
        (
            Twin::Justgo,
            format!("{find}&PageNumber=0"),
            400,
            "pages start at 1",
        ),
        (
            Twin::Justgo,
            "/api/v2.2/Members/FindByAttributes?PageNumber=1".to_owned(),
            400,
            "no filter",
        ),
        (Twin::Hitobito, format!("{people}=1001"), 400, "over 1000"),
        (
            Twin::Hitobito,
            format!("{people}=0"),
            400,
            "pages of nothing",
        ),
        (
            Twin::Twizzit,
            "/v2/api/contacts".to_owned(),
            400,
            "no organisation",
        ),
        (
            Twin::Twizzit,
            "/v2/api/contacts?organization-ids[]=1".to_owned(),
            403,
            "another organisation",
        ),
        (
            Twin::Eventor,
            "/api/persons/organisations/1".to_owned(),
            403,
            "another organisation",
        ),
        (
            Twin::Nuliga,
            "/rs/2014/federations/XX/players".to_owned(),
            404,
            "another federation",
        ),
        (
            Twin::Comet,
            "/data-backend/api/public/areports/run/1/0/10/".to_owned(),
            403,
            "another report",
        ),
        (
            Twin::Comet,
            format!("/data-backend/api/public/areports/run/{CLUB}/0/0/"),
            400,
            "pages of nothing",
        ),
        (
            Twin::Comet,
            format!("/data-backend/api/public/areports/run/{CLUB}/0/10"),
            404,
            "no slash at the end",
        ),
        (
            Twin::Easyverein,
            "/api/v2.0/member?page=51".to_owned(),
            404,
            "after the last page",
        ),
        (
            Twin::Easyverein,
            "/api/v2.0/member?query={id".to_owned(),
            400,
            "a brace left open",
        ),
        (
            Twin::WildApricot,
            "/v2.2/accounts/1/contacts?$async=false".to_owned(),
            404,
            "another account",
        ),
        (
            Twin::Teamsnap,
            "/v3/members/search".to_owned(),
            400,
            "no team",
        ),
        (
            Twin::Leagueapps,
            "/v2/sites/1/export/registrations-2".to_owned(),
            404,
            "another site",
        ),
        (
            Twin::Spordle,
            "/api/sp/members?filter=limit".to_owned(),
            400,
            "a filter that is no JSON",
        ),
        (
            Twin::Playhq,
            "/v1/seasons/other/teams".to_owned(),
            404,
            "another season",
        ),
        (
            Twin::Playhq,
            format!("/v1/seasons/{}/teams?cursor=x", TWIN_CREDENTIALS.season),
            400,
            "no cursor of ours",
        ),
        (
            Twin::PlayCricket,
            "/api/v2/sites/1/players".to_owned(),
            403,
            "another site",
        ),
        (
            Twin::HelloClub,
            "/member?limit=many".to_owned(),
            400,
            "no number",
        ),
    ];
    for (twin, target, status, why) in refused {
        let answer = right(&practice, twin, &target).await;
        assert_eq!(answer.status(), status, "{twin:?} {target}: {why}");
    }
    let cut = [
        (
            Twin::FoireannOpenData,
            "/open-data/v1/fixtures?size=5000".to_owned(),
            "/data",
            200,
        ),
        (
            Twin::FoireannOpenData,
            "/open-data/v1/fixtures".to_owned(),
            "/data",
            20,
        ),
        (
            Twin::FoireannOpenData,
            "/open-data/v1/competitions?page=3".to_owned(),
            "/data",
            5,
        ),
        (Twin::Hitobito, "/api/people".to_owned(), "/data", 20),
        (
            Twin::Twizzit,
            format!("/v2/api/contacts?organization-ids[]={CLUB}&limit=900"),
            "",
            250,
        ),
        (
            Twin::Twizzit,
            format!("/v2/api/memberships?organization-ids[]={CLUB}&offset=240"),
            "",
            10,
        ),
        (Twin::Twizzit, "/v2/api/organizations".to_owned(), "", 1),
        (
            Twin::Nuliga,
            "/rs/2014/federations/PF/players?maxResults=1000".to_owned(),
            "/playerAbbr",
            250,
        ),
        (
            Twin::Nuliga,
            "/rs/2014/federations/PF/players?firstResult=990".to_owned(),
            "/playerAbbr",
            0,
        ),
        (
            Twin::Nuliga,
            "/rs/2014/federations/PF/clubs".to_owned(),
            "/clubAbbr",
            6,
        ),
        (
            Twin::Nuliga,
            "/rs/2014/federations/PF/seasons".to_owned(),
            "/seasonAbbr",
            1,
        ),
        (
            Twin::Comet,
            format!("/data-backend/api/public/areports/run/{CLUB}/9/100/"),
            "/results",
            0,
        ),
        (
            Twin::Easyverein,
            "/api/v2.0/member".to_owned(),
            "/results",
            5,
        ),
        (
            Twin::Easyverein,
            "/api/v2.0/member?limit=1000".to_owned(),
            "/results",
            100,
        ),
        (
            Twin::WildApricot,
            format!("/v2.2/accounts/{CLUB}/contacts?$async=false&$top=500"),
            "/Contacts",
            100,
        ),
        (Twin::WildApricot, "/v2.2/accounts".to_owned(), "", 1),
        (
            Twin::Teamsnap,
            "/v3/members/search?team_id=1".to_owned(),
            "/collection/items",
            0,
        ),
        (Twin::Teamsnap, "/v3/me".to_owned(), "/collection/items", 1),
        (Twin::Spordle, "/api/sp/members".to_owned(), "", 250),
        (
            Twin::Spordle,
            "/api/sp/members?filter={\"where\":{\"teamId\":1}}".to_owned(),
            "",
            0,
        ),
        (
            Twin::Playhq,
            format!("/v1/organisations/{CLUB}/seasons"),
            "/data",
            1,
        ),
        (
            Twin::HelloClub,
            "/member?limit=500".to_owned(),
            "/members",
            100,
        ),
        (
            Twin::Webling,
            "/api/1/membergroup".to_owned(),
            "/objects",
            1,
        ),
    ];
    for (twin, target, pointer, rows) in cut {
        let body = body(&practice, twin, &target).await;
        let list = body.pointer(pointer).and_then(Value::as_array).unwrap();
        assert_eq!(list.len(), rows, "{twin:?} {target}: so many and no more");
    }
}

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
        let request = client().post(address.as_str());
        request
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form)
            .send()
    };
    const SCOPE: &str = "nuPortalRS_federation";
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
    let post = client()
        .post(address)
        .header("content-type", "application/x-www-form-urlencoded");
    let answer = post.body(form).send().await.unwrap();
    assert_eq!(answer.status(), 200, "the real audience is the twin's, too");
    assert!(
        !token(&practice, Twin::Leagueapps).await.is_empty(),
        "as is its own address"
    );
}
