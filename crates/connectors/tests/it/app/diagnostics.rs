//! A file for whoever helps: what is in it, that it is what was shown, and that no secret and nobody is in it.

use std::collections::BTreeMap;
use std::io::Read;

use connectors::diagnostics::{Bundle, BundleFile};
use connectors::members::MemberField;
use connectors::settings::{ClientAuthentication, HeaderSetting};
use connectors::view::{AskedBy, CredentialsRequest, DiagnosticsView};
use practice_federation::{Fault, Practice, PracticeCredentials, PracticeOptions};
use testkit::Bench;
use tokio_util::sync::CancellationToken;

use super::canary::{encodings, marker, search};
use super::clubs::connect;
use super::sign_in::{client, settings as signing_in, sign_in};
use super::support::{add, at, request, secret};
use super::sync::{CODE, ORG, members, preview, synced};

/// Marks that stand for people. Each is something that a member, or a club, really has.
const PEOPLE: [&str; 8] = [
    "first name",
    "family name",
    "Irish name",
    "e-mail",
    "phone",
    "address",
    "the club's own words",
    "another member",
];
/// Marks that stand for secrets, and for what people paste in the wrong place.
const SECRETS: [&str; 13] = [
    "secret header",
    "api key",
    "second key",
    "webhook secret",
    "passphrase",
    "client secret",
    "pasted into a query",
    "pasted into a header",
    "pasted into a variable",
    "pasted into the sign-in",
    "pasted into a path",
    "pasted into a name",
    "a member in a typed path",
];

fn text<'a>(looked: &'a DiagnosticsView, name: &str) -> &'a str {
    let file = looked.files.iter().find(|file| file.name == name);
    &file.unwrap_or_else(|| panic!("{name} is there")).text
}

/// The zip itself, and every file unpacked.
fn unpacked(zip: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(zip)).unwrap();
    let mut all = BTreeMap::from([("the zip".to_owned(), zip.to_vec())]);
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        all.insert(entry.name().unwrap().into_owned(), content);
    }
    all
}

#[tokio::test]
async fn what_was_shown_is_what_is_saved() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    add(&app, "football").await;
    let looked = app
        .diagnostics_look(Some("WebKitGTK 2.50".to_owned()))
        .await
        .unwrap();
    // What changes afterwards is not in it: nobody has seen that.
    add(&app, "hurling").await;
    let saved = unpacked(&app.diagnostics_zip(None).await.unwrap());
    assert_eq!(
        saved.len(),
        looked.files.len() + 1,
        "every file, and the zip"
    );
    for file in &looked.files {
        assert!(file.whole, "{} is shown whole", file.name);
        assert_eq!(
            String::from_utf8_lossy(&saved[&file.name]),
            file.text,
            "{} is saved as it was shown",
            file.name
        );
        assert!(!file.about.is_empty(), "{} says what it is", file.name);
    }
    assert_eq!(
        looked.files[0].name, "README.txt",
        "the reader's file is the first"
    );
    for file in &looked.files[1..] {
        assert!(
            text(&looked, "README.txt").contains(&file.name),
            "the reader is told of {}",
            file.name
        );
    }
    let versions = text(&looked, "versions.txt");
    for part in [
        "WebKitGTK 2.50",
        "SQLite",
        "SQLCipher",
        env!("CARGO_PKG_VERSION"),
        "open",
    ] {
        assert!(versions.contains(part), "{part} is in {versions}");
    }
    assert!(
        text(&looked, "states.csv").contains("football,Connector football,active"),
        "states"
    );
    assert!(
        text(&looked, "connectors.toml").contains("federation.invalid"),
        "settings"
    );
    assert!(
        text(&looked, "timeline.csv").contains("created"),
        "what happened"
    );
    assert!(
        text(&looked, "schema.sql").contains("CREATE TABLE connector"),
        "the schema"
    );
    assert!(
        text(&looked, "counts.csv").contains("\nconnector,1\n"),
        "counts"
    );
    assert!(text(&looked, "check.txt").starts_with("Whole"), "the check");
    assert!(
        text(&looked, "doctor.txt").contains("keychain"),
        "the doctor"
    );
}

#[tokio::test]
async fn a_locked_file_is_no_reason_to_have_nothing() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    app.lock().await.unwrap();
    let looked = app.diagnostics_look(None).await.unwrap();
    let names: Vec<&str> = looked.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "README.txt",
            "versions.txt",
            "doctor.txt",
            "preferences.json"
        ],
        "what can be said without the key"
    );
    assert!(
        text(&looked, "versions.txt").contains("locked"),
        "and why it is so little"
    );
    assert!(
        text(&looked, "README.txt").contains("What could not be looked at"),
        "the reader is told too"
    );
}

#[tokio::test]
async fn requests_are_there_without_what_somebody_typed() {
    let practice = super::support::practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    super::support::add_practice(&app, CODE, &practice).await;
    app.request(CODE, "/v1/me", false).await.unwrap();
    practice.set_fault(Fault::status(404));
    app.request(CODE, "/v1/members/PF-000001", false)
        .await
        .unwrap_err();
    let looked = app.diagnostics_look(None).await.unwrap();
    let requests = text(&looked, "requests.csv");
    assert!(
        requests.contains(",GET,/v1/me,1,200,"),
        "a configured address: {requests}"
    );
    assert!(
        requests.contains(",GET,(another address),1,404,"),
        "a typed one is not named: {requests}"
    );
    assert!(!requests.contains("PF-000001"), "nor whom it was about");
}

async fn practice_of_marks() -> Practice {
    let practice = practice_federation::start(PracticeOptions {
        members: 40,
        credentials: PracticeCredentials {
            api_key: marker("api key"),
            second_api_key: marker("second key"),
            office_client_secret: marker("client secret"),
            ..PracticeCredentials::default()
        },
        recorder: true,
        ..PracticeOptions::default()
    })
    .await
    .unwrap();
    practice.change_members(|members| {
        for one in members {
            one.first_name = marker("first name");
            one.last_name = Some(format!("{} {}", marker("family name"), one.id));
            one.irish_first_name = Some(marker("Irish name"));
            one.email = Some(format!("{}@example.org", marker("e-mail")));
            one.mobile = Some(marker("phone"));
            one.address1 = marker("address");
        }
    });
    practice
}

/// A file in which everything is a mark. Gives the secrets that were made on the way.
#[allow(
    clippy::too_many_lines,
    reason = "everything that a file can hold, one after the other"
)]
async fn fill(app: &connectors::App, practice: &Practice) -> Vec<(String, String)> {
    app.key_add_passphrase(secret(&marker("passphrase")))
        .await
        .unwrap();
    let mut settings = at(CODE, practice, "key");
    let pasted = marker("pasted into a path");
    "/v1/clubs/{federation_org_id}/members".clone_into(&mut settings.endpoints.membership_list);
    settings.endpoints.member_detail = Some(format!(
        "/v1/{}/members/{{member_id}}?key={}",
        &pasted[..24],
        url::form_urlencoded::byte_serialize(marker("pasted into a query").as_bytes())
            .collect::<String>()
    ));
    settings.name = marker("pasted into a name");
    settings
        .variables
        .insert("tenant".to_owned(), marker("pasted into a variable"));
    settings.sync.template = Some("practice".to_owned());
    settings.limits.requests_per_minute = 6_000;
    settings.paging.size = Some(200);
    let keys = CredentialsRequest::ApiKey {
        api_key: Some(secret(&marker("api key"))),
        secondary_api_key: Some(secret(&marker("second key"))),
        secrets: BTreeMap::new(),
        expires_on: None,
        webhook_secret: Some(secret(&marker("webhook secret"))),
    };
    app.connector_add(request(settings, Some(keys)))
        .await
        .unwrap();
    let header = |name: &str, value: Option<String>| HeaderSetting {
        name: name.to_owned(),
        secret: value.is_none(),
        value,
    };
    let mut several = at("headers", practice, "key");
    several.auth.headers = vec![
        header("X-API-Key", None),
        header("X-Tenant", Some(marker("pasted into a header"))),
    ];
    let keys = CredentialsRequest::ApiKey {
        api_key: None,
        secondary_api_key: None,
        secrets: [("X-API-Key".to_owned(), secret(&marker("secret header")))].into(),
        expires_on: None,
        webhook_secret: None,
    };
    app.connector_add(request(several, Some(keys)))
        .await
        .unwrap();
    connect(app, CODE, ORG, &marker("the club's own words"), "club-1001").await;
    // A run that was applied, an edit, a plan that waits, and one whose rows are undone.
    let plan = synced(app).await;
    let one = members(app).await.remove(0);
    let change = [(MemberField::FirstName, Some(marker("another member")))];
    app.member_edit(&one.member_id, one.version, &change)
        .await
        .unwrap();
    practice.change_members(|members| {
        for one in members {
            one.address1 = format!("{} again", marker("address"));
        }
    });
    preview(app).await;
    app.sync_undo(&plan.run_id, None).await.ok();
    app.sync_preview(CODE, ORG, AskedBy::Person, |_| {}, CancellationToken::new())
        .await
        .ok();
    // Requests that failed, one of them to a member that somebody typed.
    practice.set_fault(Fault::status(401));
    app.connector_test(CODE, Some("club-1001"), &mut |_| {})
        .await
        .unwrap();
    app.sync_preview(CODE, ORG, AskedBy::Person, |_| {}, CancellationToken::new())
        .await
        .unwrap_err();
    practice.set_fault(Fault::status(503).on_path("/v1/me"));
    app.request(CODE, "/v1/me", false).await.ok();
    practice.clear_faults();
    let typed: String =
        url::form_urlencoded::byte_serialize(marker("a member in a typed path").as_bytes())
            .collect();
    app.request(CODE, &format!("/v1/members/{typed}?name={typed}"), false)
        .await
        .ok();
    // Somebody signs in, and the token is renewed.
    let mut office = signing_in("office", practice);
    office.auth.client_authentication = Some(ClientAuthentication::Basic);
    office
        .auth
        .extra_parameters
        .insert("tenant".to_owned(), marker("pasted into the sign-in"));
    let proof = client(
        &practice.credentials().office_client_id,
        Some(&marker("client secret")),
    );
    app.connector_add(request(office, Some(proof)))
        .await
        .unwrap();
    sign_in(app, "office", practice).await;
    practice.expire_access_tokens();
    app.request("office", "/v1/me", false).await.unwrap();
    made(practice)
}

/// Tokens and codes that crossed the wire, by the federation's own record.
fn made(practice: &Practice) -> Vec<(String, String)> {
    let mut made = Vec::new();
    for recorded in practice.recorded() {
        for (name, value) in &recorded.headers {
            let value = String::from_utf8_lossy(value);
            if name == "authorization"
                && let Some(token) = value.strip_prefix("Bearer ")
            {
                made.push(("access token".to_owned(), token.to_owned()));
            }
        }
        for (name, value) in url::form_urlencoded::parse(&recorded.body) {
            if ["code", "code_verifier", "refresh_token"].contains(&&*name) {
                made.push((name.into_owned(), value.into_owned()));
            }
        }
    }
    made
}

#[tokio::test]
async fn h05_bar_40_no_secret_and_nobody_is_in_the_diagnostics_of_a_full_file() {
    let practice = practice_of_marks().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    let made = fill(&app, &practice).await;
    assert!(
        ["access token", "code", "refresh_token"]
            .iter()
            .all(|kind| made.iter().any(|one| one.0 == *kind)),
        "there are tokens to be found: {:?}",
        made.iter().map(|one| &one.0).collect::<Vec<_>>()
    );
    let looked = app
        .diagnostics_look(Some("WebKit".to_owned()))
        .await
        .unwrap();
    let mut sinks = unpacked(&app.diagnostics_zip(None).await.unwrap());
    sinks.insert(
        "what is shown".to_owned(),
        serde_json::to_vec(&looked).unwrap(),
    );
    sinks.insert("its Debug".to_owned(), format!("{looked:?}").into_bytes());
    for expected in [
        "requests.csv",
        "schedules.csv",
        "timeline.csv",
        "errors.csv",
        "health.csv",
        "connectors.toml",
    ] {
        let lines = String::from_utf8_lossy(&sinks[expected]).lines().count();
        assert!(lines > 1, "{expected} has something in it");
    }
    let toml = String::from_utf8_lossy(&sinks["connectors.toml"]).into_owned();
    for part in ["member_detail", "X-Tenant", "[left out]", "tenant"] {
        assert!(
            toml.contains(part),
            "settings are there, masked ({part}): {toml}"
        );
    }
    let mut hits = Vec::new();
    for purpose in SECRETS.iter().chain(&PEOPLE) {
        let mark = marker(purpose);
        // A part of it would be enough to know it again.
        for needle in [mark.as_str(), &mark[..20]] {
            for hit in search(&sinks, needle.as_bytes()) {
                hits.push(format!("{purpose} in {hit}"));
            }
        }
    }
    for (kind, value) in &made {
        for hit in search(&sinks, value.as_bytes()) {
            hits.push(format!("{kind} in {hit}"));
        }
    }
    for member in practice.members() {
        for value in [
            member.id.as_str(),
            member.date_of_birth.as_str(),
            member.postcode.as_str(),
        ] {
            for hit in search(&sinks, value.as_bytes()) {
                hits.push(format!("a member's {value} in {hit}"));
            }
        }
    }
    assert!(hits.is_empty(), "nothing of them is in it: {hits:#?}");
}

#[test]
fn the_search_finds_a_mark_in_every_encoding_inside_the_zip() {
    let mark = marker("planted");
    for (encoding, form) in encodings(mark.as_bytes()) {
        let Ok(planted) = String::from_utf8(form) else {
            continue;
        };
        let bundle = Bundle::new(
            connectors::clock::UtcMillis(testkit::START),
            vec![BundleFile {
                name: "log/2026-11-23.log".to_owned(),
                about: "A log.".to_owned(),
                text: format!("before {planted} after\n").repeat(20),
            }],
            &[],
        );
        let sinks = unpacked(&bundle.zip().unwrap());
        let hits = search(&sinks, mark.as_bytes());
        assert!(
            hits.iter()
                .any(|hit| hit == &format!("log/2026-11-23.log: {encoding}")),
            "{encoding} is found in a packed file: {hits:?}"
        );
    }
}
