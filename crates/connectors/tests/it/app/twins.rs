//! Every preset against the twin of its system: added as a person adds it, signed in its own way, and
//! its whole list read through the client and the pages that everything else uses. The twin is written
//! from what is known of the system, so that a wrong path in a preset fails here.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use connectors::App;
use connectors::api::circuit::Caller;
use connectors::api::records::Record;
use connectors::api::records::path::in_object;
use connectors::catalogue::{self, MemberField, PresetView};
use connectors::members::{Country, Template, Warning, WarningKind};
use connectors::settings::ConnectorSettings;
use connectors::view::CredentialsRequest;
use practice_federation::{
    Practice, PracticeOptions, TWIN_CREDENTIALS, Twin, TwinRecord, start, twin_records,
};
use serde_json::Value;
use testkit::{Bench, api_key};
use tokio_util::sync::CancellationToken;

use super::sign_in::{client, sign_in};
use super::support::{request, secret};

const PUBLIC: &str = include_str!("../auth/fixtures/test-rsa-2048-public.b64");
/// Enough for three pages of the largest that a preset asks for.
const MEMBERS: usize = 2_100;
const PRIVATE: &str = include_str!("../auth/fixtures/test-rsa-2048-pkcs8.pem");

async fn federation() -> Practice {
    start(PracticeOptions {
        worker_public_key: Some(STANDARD.decode(PUBLIC.replace('\n', "")).unwrap()),
        twin_members: MEMBERS,
        ..PracticeOptions::default()
    })
    .await
    .unwrap()
}

/// A preset and what a person types for it.
struct Case {
    preset: &'static str,
    twin: Twin,
    variables: &'static [(&'static str, &'static str)],
    credentials: Option<CredentialsRequest>,
}

fn two_step(first: Option<&str>, login: Option<(&str, &str)>) -> CredentialsRequest {
    CredentialsRequest::TwoStep {
        secret: first.map(secret),
        username: login.map(|(name, _)| name.to_owned()),
        password: login.map(|(_, password)| secret(password)),
        expires_on: None,
        webhook_secret: None,
    }
}

fn several(header: &str, value: &str) -> CredentialsRequest {
    CredentialsRequest::ApiKey {
        api_key: None,
        secondary_api_key: None,
        secrets: BTreeMap::from([(header.to_owned(), secret(value))]),
        expires_on: None,
        webhook_secret: None,
    }
}

fn assertion(client_id: &str) -> CredentialsRequest {
    CredentialsRequest::OAuth2 {
        client_id: client_id.to_owned(),
        client_secret: None,
        private_key: Some(secret(PRIVATE)),
        private_key_password: None,
        expires_on: None,
        webhook_secret: None,
    }
}

fn cases(practice: &Practice) -> Vec<Case> {
    let with = TWIN_CREDENTIALS;
    let key = || Some(api_key(with.key));
    let case = |preset, twin, variables, credentials| Case {
        preset,
        twin,
        variables,
        credentials,
    };
    vec![
        case("foireann_members", Twin::CsvMembers, &[], None),
        case("foireann_open_data", Twin::FoireannOpenData, &[], key()),
        case(
            "justgo",
            Twin::Justgo,
            &[],
            Some(two_step(Some(with.secret), None)),
        ),
        case(
            "hitobito",
            Twin::Hitobito,
            &[("host", "db.example.org")],
            key(),
        ),
        case("easyverein", Twin::Easyverein, &[], key()),
        case(
            "twizzit",
            Twin::Twizzit,
            &[],
            Some(two_step(None, Some((with.username, with.password)))),
        ),
        case("play_cricket", Twin::PlayCricket, &[], key()),
        case("hello_club", Twin::HelloClub, &[], key()),
        case("eventor", Twin::Eventor, &[], key()),
        case(
            "nuliga",
            Twin::Nuliga,
            &[("portal", "pf"), ("federation", "PF")],
            Some(client(with.client_id, Some(with.client_secret))),
        ),
        case(
            "comet",
            Twin::Comet,
            &[("tenant", "pf"), ("template", "4711")],
            key(),
        ),
        case("webling", Twin::Webling, &[("subdomain", "demo")], key()),
        case(
            "wild_apricot",
            Twin::WildApricot,
            &[("account", "4711")],
            Some(client("APIKEY", Some(with.key))),
        ),
        case(
            "teamsnap",
            Twin::Teamsnap,
            &[],
            Some(client(&practice.credentials().client_id, None)),
        ),
        case(
            "leagueapps",
            Twin::Leagueapps,
            &[("site", "4711")],
            Some(assertion(&practice.credentials().worker_client_id)),
        ),
        case("spordle", Twin::Spordle, &[], key()),
        case(
            "playhq",
            Twin::Playhq,
            &[
                ("tenant", "practice"),
                ("season", "5eed5ea5-0000-4000-8000-000000002026"),
            ],
            Some(several("x-api-key", with.key)),
        ),
    ]
}

/// The real address, with the twin in the place of its host; a person signs in at the practice
/// federation's own pages.
fn at_the_twin(address: &str, practice: &Practice, twin: Twin) -> String {
    let Some((_, rest)) = address.split_once("://") else {
        return address.to_owned();
    };
    let path = rest.find('/').map_or("", |at| &rest[at..]);
    if path.starts_with("/oauth/") {
        return format!("{}{path}", practice.base_url());
    }
    format!("{}/twin/{}{path}", practice.base_url(), twin.name())
}

fn settings(case: &Case, preset: &PresetView, practice: &Practice) -> ConnectorSettings {
    let mut settings = preset.settings.clone();
    let endpoints = &mut settings.endpoints;
    if endpoints.base.is_empty() {
        endpoints.base.push_str("https://files.example.org");
    }
    let auth = &mut settings.auth;
    endpoints.base = at_the_twin(&endpoints.base, practice, case.twin);
    for address in [&mut auth.authorization_endpoint, &mut auth.token_endpoint]
        .into_iter()
        .flatten()
    {
        *address = at_the_twin(address, practice, case.twin);
    }
    if case.twin == Twin::Teamsnap {
        // The practice federation's pages stand for the system's own, and know other scopes.
        auth.scopes = vec!["members.read".to_owned()];
    }
    settings.preset = Some(preset.id.clone());
    settings.allow_http_loopback = true;
    // The twin is asked as fast as the test can.
    settings.limits.requests_per_minute = 6_000;
    settings.variables = case
        .variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    settings
}

async fn whole_list(app: &App, code: &str) -> Vec<Record> {
    let organisation = Some(TWIN_CREDENTIALS.organisation);
    let cancel = CancellationToken::new();
    let mut pages = app
        .records(code, organisation, Caller::Person, cancel)
        .await
        .unwrap_or_else(|error| panic!("{code}: {error}"));
    let mut records = Vec::new();
    while let Some(batch) = pages
        .next_batch()
        .await
        .unwrap_or_else(|error| panic!("{code}: {error}"))
    {
        assert_eq!(batch.notes, [], "{code}: page {}", batch.page);
        records.extend(batch.records);
    }
    records
}

/// The twins' number of a member, where the preset takes a better one: the federation's own number of
/// Twizzit's extra field, and Spordle's number of a person, who can be in several teams.
fn own_number(twin: Twin, id: String) -> String {
    match twin {
        Twin::Twizzit => id.strip_prefix("BV-").map_or(id.clone(), str::to_owned),
        Twin::Spordle => (id.parse::<u32>().unwrap() - 400_000).to_string(),
        _ => id,
    }
}

/// Of rows that are revisions the newest of each registration, without those that were deleted.
fn newest(preset: &PresetView, rows: Vec<Record>) -> Vec<Record> {
    assert!(rows.len() > MEMBERS, "there are revisions: {}", rows.len());
    let mut kept = BTreeMap::new();
    for row in rows {
        kept.insert(read(preset, &row, MemberField::ExternalId), row);
    }
    let deleted = |row: &Record| in_object(row.fields(), "deleted") == Some(&Value::Bool(true));
    kept.into_values().filter(|row| !deleted(row)).collect()
}

/// What stands in a record where the preset says, as text.
fn read(preset: &PresetView, record: &Record, field: MemberField) -> Option<String> {
    preset
        .fields
        .get(&field)?
        .iter()
        .find_map(|path| match in_object(record.fields(), path)? {
            Value::String(text) if text.is_empty() => None,
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        })
}

fn read_whole(preset: &PresetView, record: &Record) -> TwinRecord {
    let field = |field| read(preset, record, field);
    TwinRecord {
        external_id: field(MemberField::ExternalId),
        first_name: field(MemberField::FirstName),
        last_name: field(MemberField::LastName),
        name: field(MemberField::FullName),
        date_of_birth: field(MemberField::DateOfBirth),
        is_active: true,
    }
}

/// What the product's template of a preset cannot read, each kind once.
fn not_understood(preset: &PresetView, records: &[Record]) -> Vec<Warning> {
    let Some(mut template) = Template::built_in(preset).unwrap() else {
        return Vec::new();
    };
    // The invented members of every twin live in Ireland.
    template.country = Country::IRELAND;
    let mapper = template.compile().unwrap();
    let mut warnings = Vec::new();
    let mut members = 0;
    for record in records {
        let row = mapper.map(record);
        members += usize::from(row.problem.is_none());
        for warning in row.warnings {
            if !warnings.contains(&warning) {
                warnings.push(warning);
            }
        }
    }
    assert!(
        members * 10 > records.len() * 9,
        "{}: all but the few without a surname are members, not {members} of {}",
        preset.id,
        records.len()
    );
    warnings
}

#[tokio::test(flavor = "multi_thread")]
async fn every_preset_reads_the_whole_list_of_its_twin() {
    let practice = federation().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    let cases = cases(&practice);
    let systems: Vec<String> = catalogue::list()
        .unwrap()
        .into_iter()
        .filter(|preset| preset.group == "systems")
        .map(|preset| preset.id)
        .collect();
    let tried: Vec<&str> = cases.iter().map(|case| case.preset).collect();
    assert_eq!(tried, systems, "every system of the catalogue has its twin");
    for case in cases {
        let preset = catalogue::show(case.preset).unwrap();
        let settings = settings(&case, &preset, &practice);
        let (needs_person, code) = (settings.auth.needs_person(), settings.code.clone());
        app.connector_add(request(settings, case.credentials.clone()))
            .await
            .unwrap_or_else(|error| panic!("{code}: {error}"));
        if needs_person {
            sign_in(&app, &code, &practice).await;
        }
        let mut records = whole_list(&app, &code).await;
        if case.twin == Twin::Leagueapps {
            records = newest(&preset, records);
        }
        let expected = twin_records(case.twin, MEMBERS);
        assert_eq!(records.len(), expected.len(), "{code}: all of them");
        for (record, expected) in records.iter().zip(&expected) {
            let mut found = read_whole(&preset, record);
            found.is_active = expected.is_active;
            found.external_id = found.external_id.map(|id| own_number(case.twin, id));
            assert_eq!(&found, expected, "{code}: {record:?}");
        }
        // There, a user name stands in the place of an address that a member does not have.
        let expected = match case.twin {
            Twin::Easyverein => vec![Warning {
                field: MemberField::Email,
                kind: WarningKind::BadEmail,
            }],
            _ => vec![],
        };
        assert_eq!(
            not_understood(&preset, &records),
            expected,
            "{code}: its own template reads all the rest"
        );
    }
}
