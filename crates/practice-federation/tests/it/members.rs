use practice_federation::{
    Gender, Member, MembershipStatus, MembershipType, PracticeOptions, clubs, invented_members,
};

fn default_members() -> Vec<Member> {
    let options = PracticeOptions::default();
    invented_members(options.seed, options.members)
}

fn birth_year(member: &Member) -> u32 {
    member.date_of_birth[..4].parse().unwrap()
}

#[test]
fn a_seed_means_the_same_members_for_ever() {
    let members = default_members();
    assert_eq!(
        members,
        default_members(),
        "the same seed gives the same members"
    );
    assert_ne!(
        members,
        invented_members(1, 412),
        "another seed gives others"
    );
    assert_eq!(
        members[..40],
        invented_members(1888, 40)[..],
        "fewer members are the first ones"
    );
    // Journeys and pictures show these people: a change here is a change of the product.
    let first = &members[0];
    assert_eq!(
        (
            first.id.as_str(),
            first.first_name.as_str(),
            first.last_name.as_deref()
        ),
        FIRST,
        "the first member stays who it is"
    );
}

const FIRST: (&str, &str, Option<&str>) = ("PF-000001", "Rose", Some("Gallagher"));

#[test]
fn the_members_show_what_real_lists_are_like() {
    let members = default_members();
    let count = |wanted: fn(&Member) -> bool| members.iter().filter(|&it| wanted(it)).count();
    let fada = |text: &str| text.chars().any(|letter| "áéíóúÁÉÍÓÚ".contains(letter));
    let fadas = members.iter().filter(|it| fada(&it.first_name)).count();
    let northern = count(|it| {
        it.mobile
            .as_deref()
            .is_some_and(|it| it.starts_with("+44 28"))
    });
    // (how many, at least, at most, what)
    let cases = [
        (members.len(), 412, 412, "members"),
        (
            count(|it| birth_year(it) > 2007),
            165,
            247,
            "children are about half",
        ),
        (
            count(|it| it.gender == Gender::Female),
            165,
            247,
            "women and girls are about half",
        ),
        (fadas, 40, 250, "first names with a fada"),
        (
            count(|it| {
                it.last_name
                    .as_deref()
                    .is_some_and(|it| it.starts_with("Ó "))
            }),
            5,
            99,
            "Ó",
        ),
        (
            count(|it| {
                it.last_name
                    .as_deref()
                    .is_some_and(|it| it.starts_with("Ní "))
            }),
            5,
            99,
            "Ní",
        ),
        (
            count(|it| it.last_name.as_deref() == Some("de Búrca")),
            1,
            40,
            "de Búrca",
        ),
        (
            count(|it| it.last_name.as_deref().is_some_and(|it| it.contains('\''))),
            5,
            99,
            "O'Neill",
        ),
        (count(|it| it.last_name.is_none()), 3, 40, "no surname"),
        (count(|it| it.email.is_none()), 20, 150, "no e-mail"),
        (count(|it| it.mobile.is_none()), 5, 80, "no telephone"),
        (
            count(|it| it.irish_last_name.is_some()),
            50,
            300,
            "Irish surname",
        ),
        (
            count(|it| it.irish_first_name.is_some()),
            50,
            300,
            "Irish first name",
        ),
        (
            count(|it| it.status == MembershipStatus::Lapsed),
            10,
            80,
            "lapsed",
        ),
        (
            count(|it| it.membership_type == MembershipType::Juvenile),
            50,
            200,
            "juveniles",
        ),
        (
            count(|it| it.membership_type == MembershipType::Youth),
            20,
            150,
            "youths",
        ),
        (
            count(|it| it.membership_type == MembershipType::Adult),
            50,
            200,
            "adults",
        ),
        (
            count(|it| it.membership_type == MembershipType::Senior),
            5,
            80,
            "seniors",
        ),
        (
            count(|it| it.membership_type == MembershipType::Social),
            5,
            80,
            "social",
        ),
        (northern, 3, 80, "Northern Irish landlines"),
        (
            count(|it| it.postcode.starts_with("BT")),
            100,
            300,
            "BT post codes",
        ),
    ];
    for (found, least, most, what) in cases {
        assert!(
            (least..=most).contains(&found),
            "{what}: {found}, not {least} to {most}"
        );
    }
}

#[test]
fn nobody_real_can_be_reached() {
    for member in invented_members(7, 3000) {
        if let Some(email) = &member.email {
            let domain = email.split_once('@').unwrap().1;
            let reserved = domain.ends_with("example.org") || domain.ends_with(".example");
            assert!(
                reserved,
                "{email}: RFC 2606 reserves these domains for examples"
            );
            assert!(
                email.is_ascii(),
                "{email}: letters beyond ASCII would bounce, not test us"
            );
        }
        if let Some(mobile) = &member.mobile {
            let digits: String = mobile.chars().filter(char::is_ascii_digit).collect();
            let national = digits
                .strip_prefix("353")
                .or_else(|| digits.strip_prefix("44"))
                .or_else(|| digits.strip_prefix('0'))
                .unwrap();
            let reserved = [("2896496", 10), ("7700900", 10), ("2091", 9), ("84", 9)];
            assert!(
                reserved
                    .iter()
                    .any(|(it, all)| national.starts_with(it) && national.len() == *all),
                "{mobile}: only numbers kept for drama or not in service"
            );
        }
    }
}

#[test]
fn every_member_is_consistent() {
    for member in invented_members(3, 3000) {
        let id = &member.id;
        let age = 2025 - birth_year(&member);
        let allowed: &[MembershipType] = match age {
            5..=12 => &[MembershipType::Juvenile],
            13..=17 => &[MembershipType::Youth],
            18..=64 => &[MembershipType::Adult, MembershipType::Social],
            65..=84 => &[MembershipType::Senior, MembershipType::Social],
            other => panic!("{id}: nobody is {other}"),
        };
        assert!(
            allowed.contains(&member.membership_type),
            "{id}: the type goes by age"
        );
        assert!(
            member.joined_on > member.date_of_birth,
            "{id}: joined after birth"
        );
        assert!(
            member.joined_on.as_str() < "2026",
            "{id}: joined before the reference date"
        );
        let club = clubs()
            .iter()
            .find(|club| club.id == member.club_id)
            .unwrap();
        assert_eq!(
            club.county, member.county,
            "{id}: lives in the club's county"
        );
        let irish = member.irish_last_name.as_deref().unwrap_or_default();
        let womans = irish.starts_with("Ní ") || irish.starts_with("Nic ");
        let mans = ["Ó ", "Mac ", "Mag "]
            .iter()
            .any(|it| irish.starts_with(it));
        assert!(
            !(womans && member.gender == Gender::Male),
            "{id}: {irish} is a woman's form"
        );
        assert!(
            !(mans && member.gender == Gender::Female),
            "{id}: {irish} is a man's form"
        );
    }
}
