//! The invented clubs and members. Nothing here is taken from a real list; ages are reckoned on
//! [`AS_OF_YEAR`], not on today's date, so that a seed means the same members for ever.

use serde::Serialize;

use crate::chance::Chance;
use crate::names::{BOYS, GIRLS, MAIL_DOMAINS, STREETS, SURNAMES, Surname};

/// Ages are whole years on 1 January of this year.
const AS_OF_YEAR: u32 = 2026;

/// A club of the practice federation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Club {
    /// The federation's id of the club.
    pub id: &'static str,
    /// Its invented name.
    pub name: &'static str,
    /// Its county.
    pub county: &'static str,
    /// Town its members live in.
    #[serde(skip)]
    town: &'static str,
    /// True in Northern Ireland: BT post codes and British telephone numbers.
    #[serde(skip)]
    northern: bool,
    /// Post code up to the part of a street.
    #[serde(skip)]
    outward: &'static str,
    /// Its share of all members, in percent.
    #[serde(skip)]
    share: u32,
}

/// An invented member, as the API sends it (keys in camelCase, dates as YYYY-MM-DD).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// `PF-` and six digits; the order of ids is the order of lists.
    pub id: String,
    /// The club's id.
    pub club_id: &'static str,
    /// In its English or its Irish form, as people really type it.
    pub first_name: String,
    /// Missing for a few, as in real lists.
    pub last_name: Option<String>,
    /// The Irish form, for those who gave one.
    pub irish_first_name: Option<String>,
    /// The Irish form (a woman's differs), for those who gave one.
    pub irish_last_name: Option<String>,
    /// YYYY-MM-DD.
    pub date_of_birth: String,
    /// `FEMALE` or `MALE`.
    pub gender: Gender,
    /// Under a domain reserved for examples; missing for some. A child's is a parent's.
    pub email: Option<String>,
    /// In one of the many ways people write numbers; missing for some.
    pub mobile: Option<String>,
    /// House number and invented street.
    pub address1: String,
    /// Town.
    pub town: &'static str,
    /// County.
    pub county: &'static str,
    /// Of the shape of an Eircode or a BT post code, in a district that is not in use.
    pub postcode: String,
    /// By age, but for `SOCIAL`.
    pub membership_type: MembershipType,
    /// `ACTIVE` or `LAPSED`.
    pub status: MembershipStatus,
    /// YYYY-MM-DD, after the birth.
    pub joined_on: String,
}

/// As federations in Ireland record it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Gender {
    Female,
    Male,
}

/// The membership types of a Foireann export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum MembershipType {
    /// Under 13.
    Juvenile,
    /// 13 to 17.
    Youth,
    /// 18 to 64.
    Adult,
    /// 65 and over.
    Senior,
    /// An adult who does not play.
    Social,
}

/// Whether the membership is paid up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the names say it")]
pub enum MembershipStatus {
    Active,
    Lapsed,
}

/// The six clubs. Post code districts are of the right shape and not in use: no Eircode routing key
/// ends in 00, and the Belfast districts are BT1 to BT82 and BT92 to BT94.
const CLUBS: [Club; 6] = [
    Club {
        id: "club-1001",
        name: "Cumann Bhaile an Chleachtaidh",
        county: "Tyrone",
        town: "Omagh",
        northern: true,
        outward: "BT90",
        share: 30,
    },
    Club {
        id: "club-1002",
        name: "Kilsample Rovers",
        county: "Cork",
        town: "Mallow",
        northern: false,
        outward: "P00",
        share: 24,
    },
    Club {
        id: "club-1003",
        name: "Dunexample Harps",
        county: "Antrim",
        town: "Ballymena",
        northern: true,
        outward: "BT90",
        share: 16,
    },
    Club {
        id: "club-1004",
        name: "Rathmodel Emmets",
        county: "Kildare",
        town: "Naas",
        northern: false,
        outward: "W00",
        share: 14,
    },
    Club {
        id: "club-1005",
        name: "Inistriail Ladies",
        county: "Galway",
        town: "Tuam",
        northern: false,
        outward: "H00",
        share: 10,
    },
    Club {
        id: "club-1006",
        name: "Carrickdemo Camogie Club",
        county: "Armagh",
        town: "Lurgan",
        northern: true,
        outward: "BT90",
        share: 6,
    },
];

/// The clubs of the practice federation, in the order the API lists them.
pub fn clubs() -> &'static [Club] {
    &CLUBS
}

/// `count` invented members of all clubs, always the same ones for a seed, about half of them
/// under 18.
pub fn invented_members(seed: u64, count: usize) -> Vec<Member> {
    let mut chance = Chance::new(seed);
    (1..=count)
        .map(|number| invent(&mut chance, number))
        .collect()
}

fn invent(chance: &mut Chance, number: usize) -> Member {
    let club = club_by_share(chance.below(100));
    let child = chance.percent(50);
    let age = match (child, chance.percent(15)) {
        (true, _) => chance.between(5, 17),
        (false, false) => chance.between(18, 64),
        (false, true) => chance.between(65, 84),
    };
    let gender = if chance.percent(50) {
        Gender::Female
    } else {
        Gender::Male
    };
    let given = chance.pick(if gender == Gender::Female {
        GIRLS
    } else {
        BOYS
    });
    let surname = chance.pick(SURNAMES);
    let irish_surname = irish_form(surname, gender);
    let writes_irish = chance.percent(35);
    let gives_irish = writes_irish || chance.percent(25);
    let surname_missing = chance.percent(3);
    let first_name = if writes_irish {
        given.1.unwrap_or(given.0)
    } else {
        given.0
    };
    let last_name = if writes_irish {
        irish_surname.unwrap_or(surname.english)
    } else {
        surname.english
    };
    let birth_year = AS_OF_YEAR - 1 - age;
    let membership_type = match age {
        0..=12 => MembershipType::Juvenile,
        13..=17 => MembershipType::Youth,
        _ if chance.percent(15) => MembershipType::Social,
        18..=64 => MembershipType::Adult,
        _ => MembershipType::Senior,
    };
    Member {
        id: format!("PF-{number:06}"),
        club_id: club.id,
        first_name: first_name.to_owned(),
        last_name: (!surname_missing).then(|| last_name.to_owned()),
        irish_first_name: given.1.filter(|_| gives_irish).map(str::to_owned),
        irish_last_name: irish_surname
            .filter(|_| gives_irish && !surname_missing)
            .map(str::to_owned),
        date_of_birth: date(chance, birth_year),
        gender,
        email: email(chance, child, given.0, surname.english, number),
        mobile: telephone(chance, club.northern),
        address1: format!("{} {}", chance.between(1, 180), chance.pick(STREETS)),
        town: club.town,
        county: club.county,
        postcode: postcode(chance, club),
        membership_type,
        status: if chance.percent(8) {
            MembershipStatus::Lapsed
        } else {
            MembershipStatus::Active
        },
        joined_on: {
            let earliest = (birth_year + 4).max(2005);
            let year = chance.between(earliest, AS_OF_YEAR - 1);
            date(chance, year)
        },
    }
}

fn club_by_share(mut at: u32) -> &'static Club {
    for club in &CLUBS {
        if at < club.share {
            return club;
        }
        at -= club.share;
    }
    // The shares add up to 100 and `at` is below it.
    &CLUBS[0]
}

fn irish_form(surname: &Surname, gender: Gender) -> Option<&'static str> {
    surname
        .irish
        .map(|(man, woman)| if gender == Gender::Female { woman } else { man })
}

/// A day in `year` that exists in every month.
fn date(chance: &mut Chance, year: u32) -> String {
    format!(
        "{year:04}-{:02}-{:02}",
        chance.between(1, 12),
        chance.between(1, 28)
    )
}

fn email(
    chance: &mut Chance,
    child: bool,
    first: &str,
    last: &str,
    number: usize,
) -> Option<String> {
    if chance.percent(if child { 25 } else { 10 }) {
        return None;
    }
    let owner = if child { "family" } else { first };
    let local: String = format!("{owner}.{last}")
        .chars()
        .filter_map(|letter| match letter {
            'ó' => Some('o'),
            '.' | '-' => Some(letter),
            _ if letter.is_ascii_alphanumeric() => Some(letter.to_ascii_lowercase()),
            _ => None,
        })
        .collect();
    Some(format!("{local}.{number}@{}", chance.pick(MAIL_DOMAINS)))
}

/// A number nobody can have. Northern Ireland: 028 9649 6000–6999 and 07700 900000–900999, which
/// Ofcom keeps for drama ("Telephone numbers for use in TV and radio drama programmes"). Ireland:
/// 020 91x xxxx, which `ComReg` keeps for drama; it keeps no mobile numbers, so those are from 084,
/// which is not open for service (no mobile number of libphonenumber's Irish plan begins so).
fn telephone(chance: &mut Chance, northern: bool) -> Option<String> {
    if chance.percent(7) {
        return None;
    }
    let international = chance.percent(50);
    let landline = chance.percent(20);
    let last = chance.below(1000);
    let more = chance.below(1000);
    Some(match (northern, landline, international) {
        (true, true, true) => format!("+44 28 9649 6{last:03}"),
        (true, true, false) => format!("028 9649 6{last:03}"),
        (true, false, true) => format!("+44 7700 900{last:03}"),
        (true, false, false) => format!("07700 900{last:03}"),
        (false, true, true) => format!("+353 20 91{} {:04}", more % 10, last * 10),
        (false, true, false) => format!("020 91{} {:04}", more % 10, last * 10),
        (false, false, true) => format!("+353 84 {last:03} {:04}", more * 10),
        (false, false, false) => format!("084 {last:03} {:04}", more * 10),
    })
}

fn postcode(chance: &mut Chance, club: &Club) -> String {
    // The letters each system uses: Eircode's 15 and digits, and those of British inward codes.
    const EIRCODE: &[char] = &[
        'A', 'C', 'D', 'E', 'F', 'H', 'K', 'N', 'P', 'R', 'T', 'V', 'W', 'X', 'Y',
    ];
    const INWARD: &[char] = &[
        'A', 'B', 'D', 'E', 'F', 'G', 'H', 'J', 'L', 'N', 'P', 'Q', 'R', 'S',
    ];
    if club.northern {
        let digit = chance.between(1, 9);
        format!(
            "{} {digit}{}{}",
            club.outward,
            chance.pick(INWARD),
            chance.pick(INWARD)
        )
    } else {
        let (a, b) = (chance.pick(EIRCODE), chance.pick(EIRCODE));
        format!(
            "{} {a}{}{b}{}",
            club.outward,
            chance.below(10),
            chance.below(10)
        )
    }
}
