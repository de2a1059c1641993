//! What the list of each twin holds, for tests that compare what they have read. It is made from the
//! members themselves and never from the answers, so that the two can differ.

use super::Twin;
use super::club::{club, day_month_year, epoch_milliseconds};
use super::{csv_members, open_data, playhq};
use crate::members::{Member, MembershipStatus};

/// One record of a twin's list, as that system writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TwinRecord {
    /// The system's own id; `None` where it has none for this one.
    pub external_id: Option<String>,
    /// `None` where the system has no first names.
    pub first_name: Option<String>,
    /// `None` where it is missing, or the system has no surnames.
    pub last_name: Option<String>,
    /// The name in one piece, where the system has no other.
    pub name: Option<String>,
    /// In the notation of the system; `None` where it has no birth dates.
    pub date_of_birth: Option<String>,
    /// False for a membership that has lapsed, where the system says so.
    pub is_active: bool,
}

/// The `count` members that all twins have, before any system writes them its own way. The ids are
/// those numbers that every system has somewhere.
pub fn twin_members(count: usize) -> Vec<Member> {
    club(count)
}

/// The records of a twin's list, in its order, for a practice federation with `count` members of the
/// twins' club ([`PracticeOptions::twin_members`](crate::PracticeOptions::twin_members)).
pub fn twin_records(twin: Twin, count: usize) -> Vec<TwinRecord> {
    match twin {
        Twin::FoireannOpenData => (0..open_data::FIXTURES).map(fixture).collect(),
        Twin::Playhq => (0..playhq::TEAMS).map(team).collect(),
        _ => club(count).iter().map(|it| member(twin, it)).collect(),
    }
}

fn fixture(index: usize) -> TwinRecord {
    TwinRecord {
        external_id: Some(open_data::fixture_id(index).to_string()),
        first_name: None,
        last_name: None,
        name: None,
        date_of_birth: None,
        is_active: true,
    }
}

fn team(index: usize) -> TwinRecord {
    TwinRecord {
        external_id: Some(playhq::team_id(index)),
        name: Some(playhq::team_name(index)),
        ..fixture(index)
    }
}

fn member(twin: Twin, member: &Member) -> TwinRecord {
    let has_full_name_only = twin == Twin::PlayCricket;
    let born = &member.date_of_birth;
    let date_of_birth = match twin {
        Twin::Nuliga | Twin::PlayCricket | Twin::Spordle => None,
        Twin::Comet | Twin::Leagueapps => Some(epoch_milliseconds(born).to_string()),
        Twin::WildApricot => Some(format!("{born}T00:00:00")),
        Twin::CsvMembers => Some(day_month_year(born)),
        _ => Some(born.clone()),
    };
    TwinRecord {
        external_id: (twin != Twin::CsvMembers || csv_members::has_identifier(member))
            .then(|| member.id.clone()),
        first_name: (!has_full_name_only).then(|| member.first_name.clone()),
        last_name: member.last_name.clone().filter(|_| !has_full_name_only),
        name: has_full_name_only.then(|| full_name(member)),
        date_of_birth,
        is_active: member.status == MembershipStatus::Active,
    }
}

/// First name and surname, with a space between if there are both.
pub(super) fn full_name(member: &Member) -> String {
    match &member.last_name {
        Some(last) => format!("{} {last}", member.first_name),
        None => member.first_name.clone(),
    }
}
