//! Which club a test asks about where an address needs one.

use practice_federation::Fault;
use testkit::Bench;

use super::clubs::connect;
use super::support::{at, practice, request, test};

const CODE: &str = "football";

#[tokio::test]
async fn a_test_asks_about_a_club_that_is_connected_unless_one_is_named() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    let mut settings = at(CODE, &practice, "key");
    "/v1/clubs/{federation_org_id}/members".clone_into(&mut settings.endpoints.membership_list);
    let key = testkit::api_key(practice.api_key());
    app.connector_add(request(settings, Some(key)))
        .await
        .unwrap();
    let nobody = app.connector_show(CODE).await.unwrap().test_club;
    assert_eq!(nobody, None, "no club is known yet");
    assert!(
        !test(&app, CODE).await.ok,
        "so that the address is not whole"
    );
    connect(&app, CODE, "kilsample", "Kilsample", "club-1002").await;
    let known = app.connector_show(CODE).await.unwrap().test_club;
    assert_eq!(known.as_deref(), Some("club-1002"), "the connected one");
    assert!(test(&app, CODE).await.ok, "is asked about");
    practice.set_fault(Fault::status(404).on_path("/key/v1/clubs/club-1001"));
    assert!(test(&app, CODE).await.ok, "and no other");
    let named = app
        .connector_test(CODE, Some("club-1001"), &mut |_| {})
        .await
        .unwrap();
    assert!(!named.ok, "unless another is named");
}
