//! C01: the federation's own name of a club, before anything is connected.

use connectors::error::{Code, Error, FieldRule};
use connectors::failure::Finding;
use practice_federation::Fault;
use testkit::Bench;

use super::support::{add_practice, at, code, edit, practice, request, rules};

#[tokio::test]
async fn c01_the_federations_own_name_is_looked_up() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    let mut settings = at("football", &practice, "key");
    settings.endpoints.organisation = Some("/v1/clubs/{federation_org_id}".to_owned());
    settings.endpoints.organisation_name = Some("data.name".to_owned());
    let key = testkit::api_key(practice.api_key());
    app.connector_add(request(settings, Some(key)))
        .await
        .unwrap();
    let found = app.org_look_up("football", " club-1002 ").await.unwrap();
    assert_eq!(
        (found.offered, found.name.as_deref()),
        (true, Some("Kilsample Rovers")),
        "the federation's own name"
    );
    let unknown = app.org_look_up("football", "club-9").await.unwrap_err();
    assert_eq!(unknown.code(), Code::NotFound, "it knows no such club");
    assert!(
        unknown.to_string().contains("club-9") && unknown.to_string().contains("knows no club"),
        "said in a sentence: {unknown}"
    );
    for (id, rule) in [
        (" ", FieldRule::Required),
        ("..", FieldRule::Pattern),
        ("a\0b", FieldRule::ControlCharacter),
    ] {
        assert_eq!(
            rules(app.org_look_up("football", id).await),
            [("federation_org".to_owned(), rule)],
            "{id:?} is nothing to look up"
        );
    }
    practice.set_fault(Fault::status(403));
    let refused = app.org_look_up("football", "club-1002").await.unwrap_err();
    assert_eq!(
        refused.code(),
        Code::Forbidden,
        "its own failures stay apart"
    );
    practice.clear_faults();

    add_practice(&app, "plain", &practice).await;
    let none = app.org_look_up("plain", "club-1002").await.unwrap();
    assert_eq!(
        (none.offered, none.name),
        (false, None),
        "where the connector cannot, it says so"
    );
    let log = app.request_log("plain", None, 10).await.unwrap();
    assert_eq!(log.rows.len(), 0, "and asks nobody");

    let wrong_path = app.connector_show("football").await.unwrap();
    let wrong_path = edit(&wrong_path, |s| {
        s.endpoints.organisation_name = Some("data.title".to_owned());
    });
    app.connector_edit(wrong_path).await.unwrap();
    assert_eq!(
        code(app.org_look_up("football", "club-1002").await),
        Code::BadAnswer,
        "an answer without a name at that path"
    );
}

#[tokio::test]
async fn c01_a_look_up_at_another_host_gets_no_credentials() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    let made = add_practice(&app, "football", &practice).await;
    let away = edit(&made, |s| {
        let address = "https://other.invalid/clubs/{federation_org_id}";
        s.endpoints.organisation = Some(address.to_owned());
        s.endpoints.organisation_name = Some("name".to_owned());
    });
    app.connector_edit(away).await.unwrap();
    let refused = app.org_look_up("football", "club-1002").await.unwrap_err();
    assert!(
        matches!(
            refused,
            Error::Federation {
                finding: Finding::CredentialsWithheld,
                ..
            }
        ),
        "they were given for another host: {refused:?}"
    );
}
