//! Eventor (orienteering). Documented: the header `ApiKey`, the address with the organisation's number,
//! `includeContactDetails`, the organisation of a
//! key, XML of the IOF with the whole list in one answer, and only one's own
//! organisation. Our guess: the refusals. `encoding=ISO-8859-1` makes the twin write, and declare, that
//! encoding, as some federations of the same software family do.

use std::fmt::Write;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use axum::routing::get;

use super::credentials::TWIN_CREDENTIALS;
use crate::asked::{Asked, header_text, typed};
use crate::hostile::latin1;
use crate::members::{Gender, Member};
use crate::page::escape;
use crate::state::Shared;

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/api/organisation/apiKey", get(own_organisation))
        .route("/api/persons/organisations/{organisation}", get(persons))
}

/// The organisation a key belongs to: the cheapest way to try one.
async fn own_organisation(headers: HeaderMap) -> Response {
    if header_text(&headers, "apikey") != Some(TWIN_CREDENTIALS.key) {
        return refused(401, "The API key is missing or unknown.");
    }
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Organisation>\n  <OrganisationId>{}\
         </OrganisationId>\n  <Name>Practice Orienteers</Name>\n</Organisation>\n",
        TWIN_CREDENTIALS.organisation,
    );
    typed(200, "application/xml", body)
}

async fn persons(
    State(shared): State<Arc<Shared>>,
    Path(organisation): Path<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    if header_text(&headers, "apikey") != Some(TWIN_CREDENTIALS.key) {
        return refused(401, "The API key is missing or unknown.");
    }
    if organisation != TWIN_CREDENTIALS.organisation {
        return refused(403, "The API key belongs to another organisation.");
    }
    let asked = Asked::of(&uri);
    let with_details = asked.get("includeContactDetails") == Some("true");
    let persons: String = shared
        .twin_members
        .iter()
        .map(|member| person(member, with_details))
        .collect();
    let document = |encoding: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"{encoding}\"?>\n<PersonList>\n{persons}</PersonList>\n"
        )
    };
    match asked.get("encoding") {
        Some("ISO-8859-1") => typed(200, "application/xml", latin1(&document("ISO-8859-1"))),
        _ => typed(200, "application/xml", document("utf-8")),
    }
}

fn refused(status: u16, message: &str) -> Response {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Error><Message>{message}</Message></Error>\n"
    );
    typed(status, "application/xml", body)
}

fn person(member: &Member, with_details: bool) -> String {
    let sex = if member.gender == Gender::Female {
        "F"
    } else {
        "M"
    };
    let family = match &member.last_name {
        Some(last) => format!("<Family>{}</Family>", escape(last)),
        None => "<Family />".to_owned(),
    };
    let mut xml = format!(
        "  <Person sex=\"{sex}\">\n    <PersonName>{family}<Given sequence=\"1\">{given}</Given>\
         </PersonName>\n    <PersonId>{id}</PersonId>\n    <BirthDate><Date>{birth}</Date>\
         </BirthDate>\n    <Nationality><CountryId value=\"372\" /></Nationality>\n",
        given = escape(&member.first_name),
        id = member.id,
        birth = member.date_of_birth,
    );
    if with_details {
        let _ = writeln!(
            xml,
            "    <Address street=\"{}\" city=\"{}\" zipCode=\"{}\"><AddressType \
             value=\"official\" /></Address>",
            escape(&member.address1),
            escape(member.town),
            escape(&member.postcode),
        );
        let attribute = |name: &str, value: &Option<String>| {
            let value = value.as_ref();
            value.map_or_else(String::new, |it| format!(" {name}=\"{}\"", escape(it)))
        };
        let _ = writeln!(
            xml,
            "    <Tele{}{}><TeleType value=\"official\" /></Tele>",
            attribute("mailAddress", &member.email),
            attribute("mobilePhoneNumber", &member.mobile),
        );
    }
    let _ = writeln!(
        xml,
        "    <OrganisationId>{}</OrganisationId>\n  </Person>",
        TWIN_CREDENTIALS.organisation,
    );
    xml
}
