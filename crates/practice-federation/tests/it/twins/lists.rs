use practice_federation::{Practice, PracticeOptions, Twin, TwinRecord, start, twin_members};
use serde_json::Value;

use super::{CLUB, read, right, twins};

/// Where a system keeps what all have: id, first name, surname, whole name, birth; and which value of
/// which field says that a membership is paid up.
struct Places {
    twin: Twin,
    paths: [&'static str; 5],
    active: Option<(&'static str, &'static str)>,
    pages: usize,
}

#[rustfmt::skip]
const PLACES: &[Places] = &[
    Places { twin: Twin::FoireannOpenData, paths: ["/id", "", "", "", ""], active: None, pages: 3 },
    Places { twin: Twin::Justgo, paths: ["/memberId", "/firstName", "/lastName", "", "/dob"], active: Some(("/memberStatus", "Registered")), pages: 3 },
    Places { twin: Twin::Hitobito, paths: ["/id", "/attributes/first_name", "/attributes/last_name", "", "/attributes/birthday"], active: None, pages: 3 },
    Places { twin: Twin::Twizzit, paths: ["/id", "/first-name", "/last-name", "", "/date-of-birth"], active: None, pages: 3 },
    Places { twin: Twin::Nuliga, paths: ["/personId", "/firstname", "/lastname", "", ""], active: Some(("/isActive", "true")), pages: 3 },
    Places { twin: Twin::Comet, paths: ["/personId", "/firstName", "/lastName", "", "/dateOfBirth"], active: Some(("/registrationStatus", "ACTIVE")), pages: 3 },
    Places { twin: Twin::Easyverein, paths: ["/membershipNumber", "/contactDetails/firstName", "/contactDetails/familyName", "", "/contactDetails/dateOfBirth"], active: None, pages: 3 },
    Places { twin: Twin::Webling, paths: ["/id", "/properties/Vorname", "/properties/Name", "", "/properties/Geburtstag"], active: Some(("/properties/Status", "Aktiv")), pages: 1 },
    Places { twin: Twin::WildApricot, paths: ["/Id", "/First name", "/Last name", "", "/Date of birth"], active: Some(("/Status", "Active")), pages: 3 },
    Places { twin: Twin::Teamsnap, paths: ["/id", "/first_name", "/last_name", "", "/birthday"], active: Some(("/is_activated", "true")), pages: 1 },
    Places { twin: Twin::Leagueapps, paths: ["/registrationId", "/firstName", "/lastName", "", "/birthDate"], active: Some(("/registrationStatus", "SPOT_RESERVED")), pages: 5 },
    Places { twin: Twin::Spordle, paths: ["/id", "/participant/firstName", "/participant/lastName", "", ""], active: None, pages: 3 },
    Places { twin: Twin::Playhq, paths: ["/id", "", "", "/name", ""], active: None, pages: 3 },
    Places { twin: Twin::PlayCricket, paths: ["/member_id", "", "", "/name", ""], active: None, pages: 1 },
    Places { twin: Twin::HelloClub, paths: ["/id", "/firstName", "/lastName", "", "/dob"], active: Some(("/isActive", "true")), pages: 3 },
];

/// The text at a path; nothing where there is no path, no value or an empty one.
fn at(record: &Value, path: &str) -> Option<String> {
    if path.is_empty() {
        return None;
    }
    match record.pointer(path)? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        other => Some(other.to_string()),
    }
}

/// The newest revision of each registration that was not deleted, in the order of the numbers.
fn newest(revisions: Vec<Value>) -> Vec<Value> {
    let mut kept = std::collections::BTreeMap::new();
    for revision in revisions {
        kept.insert(revision["registrationId"].as_u64(), revision);
    }
    kept.into_values()
        .filter(|it| it["deleted"] == false)
        .collect()
}

#[tokio::test]
async fn every_twin_gives_the_same_club() {
    let practice = twins().await;
    for Places {
        twin,
        paths,
        active,
        pages,
    } in PLACES
    {
        let (mut records, found_pages) = read(&practice, *twin).await;
        assert_eq!(
            found_pages, *pages,
            "{twin:?}: paged lists have several pages"
        );
        if *twin == Twin::Leagueapps {
            assert!(
                records.len() > 300,
                "revisions are more rows than there are members"
            );
            records = newest(records);
        }
        let expected = practice.twin_records(*twin);
        assert_eq!(records.len(), expected.len(), "{twin:?}: all of them");
        for (record, expected) in records.iter().zip(&expected) {
            let [id, first, last, name, born] = paths.map(|path| at(record, path));
            let found = TwinRecord {
                external_id: id,
                first_name: first,
                last_name: last,
                name,
                date_of_birth: born,
                is_active: match active {
                    Some((path, word)) => at(record, path).as_deref() == Some(*word),
                    None => expected.is_active,
                },
            };
            assert_eq!(&found, expected, "{twin:?}: as that system writes it");
        }
    }
}

#[tokio::test]
async fn the_xml_list_is_the_same_club_in_both_encodings() {
    let practice = twins().await;
    let target = format!("/api/persons/organisations/{CLUB}?includeContactDetails=true");
    for (query, encoding) in [("", "utf-8"), ("&encoding=ISO-8859-1", "ISO-8859-1")] {
        let answer = right(&practice, Twin::Eventor, &format!("{target}{query}")).await;
        let bytes = answer.bytes().await.unwrap();
        let text = if encoding == "utf-8" {
            String::from_utf8(bytes.to_vec()).expect("UTF-8, as declared")
        } else {
            assert!(
                std::str::from_utf8(&bytes).is_err(),
                "fadas in ISO-8859-1 are not UTF-8"
            );
            bytes.iter().copied().map(char::from).collect()
        };
        assert!(
            text.starts_with(&format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?>")),
            "{encoding}: declared"
        );
        let between = |text: &str, start: &str, end: &str| {
            let (_, rest) = text.split_once(start)?;
            let (inside, _) = rest.split_once(end)?;
            Some(inside.replace("&#39;", "'"))
        };
        let persons: Vec<&str> = text.split("<Person sex").skip(1).collect();
        let expected = practice.twin_records(Twin::Eventor);
        assert_eq!(persons.len(), expected.len(), "{encoding}: all of them");
        for (person, expected) in persons.iter().zip(&expected) {
            let found = TwinRecord {
                external_id: between(person, "<PersonId>", "</PersonId>"),
                first_name: between(person, "<Given sequence=\"1\">", "</Given>"),
                last_name: between(person, "<Family>", "</Family>"),
                name: None,
                date_of_birth: between(person, "<BirthDate><Date>", "</Date>"),
                is_active: expected.is_active,
            };
            assert_eq!(&found, expected, "{encoding}: as the declaration says");
        }
        assert!(
            text.contains("mobilePhoneNumber=\"07700 900101\""),
            "details were asked for"
        );
    }
    let bare = format!("/api/persons/organisations/{CLUB}");
    let bare = right(&practice, Twin::Eventor, &bare)
        .await
        .text()
        .await
        .unwrap();
    assert!(!bare.contains("<Tele"), "details come when asked for only");
}

#[tokio::test]
async fn the_csv_file_is_the_same_club_with_broken_lines() {
    let practice = twins().await;
    let answer = right(&practice, Twin::CsvMembers, "/members.csv").await;
    let bytes = answer.bytes().await.unwrap();
    let text = std::str::from_utf8(&bytes).unwrap();
    let text = text.strip_prefix('\u{feff}').expect("a byte order mark");
    let lines: Vec<&str> = text.split("\r\n").filter(|line| !line.is_empty()).collect();
    let columns = "identifier,Forename,Surname,Irish Forename,Irish Surname,gender,DOB,email,\
                   Mobile Number,Membership Type,Player,Address1,Address2,Town,Postcode";
    assert_eq!(lines[0], columns, "the columns of the export");
    let expected = practice.twin_records(Twin::CsvMembers);
    assert_eq!(lines.len(), expected.len() + 1, "a line for each member");
    for (line, expected) in lines[1..].iter().zip(&expected) {
        let fields: Vec<&str> = line.split(',').collect();
        let text = |index: usize| Some(fields[index].to_owned()).filter(|it| !it.is_empty());
        let found = TwinRecord {
            external_id: text(0),
            first_name: text(1),
            last_name: text(2),
            name: None,
            date_of_birth: text(6),
            is_active: expected.is_active,
        };
        assert_eq!(&found, expected, "as the export writes it");
        assert_eq!(fields.len(), 16, "fifteen fields, one of them with a comma");
    }
    assert!(
        lines[4].contains(",4 \"Rose\" Cottage,"),
        "quotes where none may be"
    );
    assert!(
        lines[8].contains(",\"The \"Old\" Rectory\","),
        "quotes that are not doubled"
    );
    assert!(
        expected.iter().any(|it| it.external_id.is_none()),
        "not everybody has an identifier"
    );
}

#[test]
fn the_first_thirteen_are_what_makes_lists_hard() {
    let members = twin_members(250);
    let same = |one: usize, other: usize| {
        members[one].date_of_birth == members[other].date_of_birth && one != other
    };
    assert!(
        same(0, 1) && members[0].first_name != members[1].first_name,
        "with and without fadas"
    );
    assert!(
        same(2, 3) && members[2].status != members[3].status,
        "once lapsed"
    );
    assert!(
        same(4, 5) && members[4].last_name.is_none(),
        "once without a surname"
    );
    let ids: std::collections::BTreeSet<&str> = members.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(ids.len(), 250, "an id is one member's");
    assert_eq!(members[0].id, "700001", "the numbers are documented");
    assert_eq!(
        twin_members(13),
        members[..13],
        "how many follow changes nothing in them"
    );
}

#[tokio::test]
async fn the_club_is_as_large_as_wanted() {
    let practice: Practice = start(PracticeOptions {
        twin_members: 1013,
        ..Default::default()
    })
    .await
    .unwrap();
    let target = format!("/data-backend/api/public/areports/run/{CLUB}/1/1000/");
    let body = super::body(&practice, Twin::Comet, &target).await;
    assert_eq!(
        body["results"].as_array().unwrap().len(),
        13,
        "a second page of a thousand"
    );
    assert_eq!(
        practice.twin_records(Twin::Comet).len(),
        1013,
        "and the expectation knows"
    );
}
