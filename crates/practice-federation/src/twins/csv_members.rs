//! The members of a club as Foireann exports them: CSV, here at an address without authentication.
//! Documented: the columns, that an identifier exists only for the verified and registered, that
//! quoting errors happen. Our guess: the order of the columns, the notation of dates (the Irish one)
//! and the byte order mark.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;

use super::club::day_month_year;
use crate::asked::typed;
use crate::members::{Gender, Member, MembershipStatus, MembershipType};
use crate::state::Shared;

const COLUMNS: &str = "identifier,Forename,Surname,Irish Forename,Irish Surname,gender,DOB,email,\
                       Mobile Number,Membership Type,Player,Address1,Address2,Town,Postcode";

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new().route("/members.csv", get(members))
}

/// True for a member who is registered for the season; others have none yet, or none any more.
pub(super) fn has_identifier(member: &Member) -> bool {
    member.status == MembershipStatus::Active
}

async fn members(State(shared): State<Arc<Shared>>) -> Response {
    let mut file = format!("\u{feff}{COLUMNS}\r\n");
    for (index, member) in shared.twin_members.iter().enumerate() {
        file.push_str(&line(index, member));
        file.push_str("\r\n");
    }
    typed(200, "text/csv; charset=utf-8", file)
}

fn line(index: usize, member: &Member) -> String {
    let text = |value: &Option<String>| quoted(value.as_deref().unwrap_or_default());
    // Two of many lines are broken: quotes inside a field that was not quoted, and inside one that was.
    let address = match index % 50 {
        3 => format!("{} \"Rose\" Cottage", index + 1),
        7 => "\"The \"Old\" Rectory\"".to_owned(),
        _ => quoted(&member.address1),
    };
    [
        if has_identifier(member) {
            member.id.clone()
        } else {
            String::new()
        },
        quoted(&member.first_name),
        text(&member.last_name),
        text(&member.irish_first_name),
        text(&member.irish_last_name),
        (if member.gender == Gender::Female {
            "FEMALE"
        } else {
            "MALE"
        })
        .to_owned(),
        day_month_year(&member.date_of_birth),
        text(&member.email),
        text(&member.mobile),
        kind(member.membership_type).to_owned(),
        (if member.membership_type == MembershipType::Social {
            "No"
        } else {
            "Yes"
        })
        .to_owned(),
        address,
        // A comma, so that a reader who splits at commas is found out.
        quoted(&format!("Practice, Parish {}", index % 7)),
        quoted(member.town),
        quoted(&member.postcode),
    ]
    .join(",")
}

fn kind(kind: MembershipType) -> &'static str {
    match kind {
        MembershipType::Juvenile => "JUVENILE",
        MembershipType::Youth => "YOUTH",
        MembershipType::Adult => "ADULT",
        MembershipType::Senior => "SENIOR",
        MembershipType::Social => "SOCIAL",
    }
}

/// Quoted where it must be.
fn quoted(value: &str) -> String {
    if value.contains([',', '"', '\n']) {
        format!("\"{}\"", value.replace('"', "\"\""))
    } else {
        value.to_owned()
    }
}
