//! The club whose members every twin has: thirteen people written by hand, with what makes real lists
//! hard (three of them twice, a missing surname, lapsed memberships, numbers of Northern Ireland in
//! five notations), and as many invented ones behind them as the paging needs.

use crate::members::{Gender, Member, MembershipStatus, MembershipType, invented_members};

/// The number of the first member; the others follow without a gap. Every system writes it in its own
/// way: as a number, as a text, as the end of a UUID.
const FIRST_NUMBER: u64 = 700_001;

/// Apart from the seed of the practice members, so that no test takes one club for the other.
const SEED: u64 = 1884;

/// One handwritten member: first name, surname, birth, gender, mail, telephone, type, status, joined.
type Line = (
    &'static str,
    Option<&'static str>,
    &'static str,
    Gender,
    Option<&'static str>,
    Option<&'static str>,
    MembershipType,
    MembershipStatus,
    &'static str,
);

/// The pairs (1, 2), (3, 4) and (5, 6) are one person each.
#[rustfmt::skip]
const LINES: [Line; 13] = {
    use Gender::{Female, Male};
    use MembershipStatus::{Active, Lapsed};
    use MembershipType::{Adult, Juvenile, Senior, Social, Youth};
    [
        // The same boy with and without fadas, his number with and without the country.
        ("Seán", Some("Ó Néill"), "2009-03-14", Male, Some("family.oneill@example.org"), Some("07700 900101"), Youth, Active, "2016-02-01"),
        ("Sean", Some("O'Neill"), "2009-03-14", Male, Some("family.oneill@example.org"), Some("+44 7700 900101"), Youth, Active, "2025-01-12"),
        // The same woman in Irish and, some years ago, in English.
        ("Róisín", Some("Ní Dhochartaigh"), "1991-11-02", Female, Some("roisin@club.example"), Some("028 9649 6103"), Adult, Active, "2024-01-20"),
        ("Rose", Some("O'Doherty"), "1991-11-02", Female, Some("roisin@club.example"), Some("+44 28 9649 6103"), Adult, Lapsed, "2012-05-05"),
        // The same man, once without his surname.
        ("Éamonn", None, "1958-06-30", Male, None, Some("07700900105"), Social, Active, "2006-01-01"),
        ("Éamonn", Some("Mag Uidhir"), "1958-06-30", Male, Some("eamonn.maguire@example.org"), Some("0044 7700 900105"), Senior, Active, "2006-01-01"),
        ("Caoimhe", Some("Smyth-Harris"), "2016-08-21", Female, None, None, Juvenile, Active, "2023-03-03"),
        ("Pádraig", Some("de Búrca"), "1979-12-24", Male, Some("padraig@club.example"), Some("+44 (0)7700 900108"), Social, Active, "2010-09-01"),
        ("Aodh", Some("Mac Cárthaigh"), "1988-02-28", Male, Some("aodh@post.example"), Some("084 123 4500"), Adult, Lapsed, "2011-04-17"),
        ("Síle", Some("Nic Gearailt"), "2010-10-10", Female, Some("family.fitzgerald@example.org"), Some("+353 84 123 4510"), Youth, Active, "2018-01-15"),
        ("Zofia", Some("Wójcik"), "2015-05-05", Female, Some("family.wojcik@mail.example.org"), Some("07700 900111"), Juvenile, Active, "2024-02-02"),
        ("Chidi", Some("Okonkwo"), "1995-07-19", Male, Some("chidi@mail.example.org"), Some("07700 900112"), Adult, Active, "2022-08-30"),
        ("Úna", Some("Ní Bhriain"), "1949-01-06", Female, None, Some("028 9649 6113"), Senior, Lapsed, "2007-11-11"),
    ]
};

/// `count` members of the club (at most the thirteen of them handwritten), the same ones for ever.
pub(crate) fn club(count: usize) -> Vec<Member> {
    let mut members = invented_members(SEED, count);
    for (member, line) in members.iter_mut().zip(LINES) {
        let (first, last, birth, gender, email, mobile, kind, status, joined) = line;
        first.clone_into(&mut member.first_name);
        member.last_name = last.map(str::to_owned);
        member.irish_first_name = None;
        member.irish_last_name = None;
        birth.clone_into(&mut member.date_of_birth);
        member.gender = gender;
        member.email = email.map(str::to_owned);
        member.mobile = mobile.map(str::to_owned);
        member.membership_type = kind;
        member.status = status;
        joined.clone_into(&mut member.joined_on);
    }
    for (member, number) in members.iter_mut().zip(FIRST_NUMBER..) {
        member.id = number.to_string();
    }
    members
}

/// The number of a member of this club.
pub(super) fn number(member: &Member) -> u64 {
    member.id.parse().unwrap_or(0)
}

/// The number as the last digits of a UUID; the rest is fixed and of version 4.
pub(super) fn uuid(member: &Member) -> String {
    format!("5eed1e55-0000-4000-8000-{:012}", number(member))
}

/// Milliseconds since 1970 of midnight UTC at the beginning of a day `YYYY-MM-DD`.
pub(super) fn epoch_milliseconds(day: &str) -> i64 {
    let mut parts = day.split('-').map(|part| part.parse::<i64>().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    let (year, month, day) = (next(), next(), next());
    // Days from the civil calendar (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"):
    // years begin in March there, so that the leap day is the last one.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    (era * 146_097 + day_of_era - 719_468) * 86_400_000
}

/// The day as `DD/MM/YYYY`.
pub(super) fn day_month_year(day: &str) -> String {
    let mut parts = day.split('-');
    let mut next = || parts.next().unwrap_or_default();
    let (year, month, day) = (next(), next(), next());
    format!("{day}/{month}/{year}")
}

#[cfg(test)]
mod tests {
    use super::{club, day_month_year, epoch_milliseconds};

    #[test]
    fn days_are_counted_as_calendars_do() {
        for (day, milliseconds, why) in [
            ("1970-01-01", 0, "the beginning"),
            ("1969-12-31", -86_400_000, "before it"),
            ("2000-02-29", 951_782_400_000, "a leap day of a century"),
            ("2026-11-25", 1_795_564_800_000, "a day of today's kind"),
            ("1949-01-06", -662_256_000_000, "the oldest of the thirteen"),
        ] {
            assert_eq!(epoch_milliseconds(day), milliseconds, "{day}: {why}");
        }
        assert_eq!(
            day_month_year("2009-03-14"),
            "14/03/2009",
            "the Irish order"
        );
    }

    #[test]
    fn the_first_thirteen_do_not_depend_on_how_many_follow() {
        let (few, many) = (club(13), club(250));
        for (one, other) in few.iter().zip(&many) {
            assert_eq!(one.first_name, other.first_name, "the same people");
            assert_eq!(one.id, other.id, "under the same numbers");
        }
        assert_eq!(many.len(), 250, "as many as asked for");
    }
}
