use practice_federation::{TWIN_CREDENTIALS, Twin};
use serde_json::Value;

use super::{CLUB, body, right, twins};

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
            "/rs/2014/federations".to_owned(),
            "/federationAbbr",
            1,
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
