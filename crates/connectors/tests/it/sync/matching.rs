use connectors::members::MemberField::{DateOfBirth, ExternalId, FirstName, LastName};
use connectors::members::MemberValues;
use connectors::sync::match_choice::{Made, MatchChoice, made};
use connectors::sync::match_key::{IdKey, MatchKey, NameKey};
use connectors::sync::match_lists::{LocalRow, match_lists, match_lists_chosen};
use connectors::sync::matching::{Confidence, MatchProblem, Matched};
use connectors::sync::people::{MOST_PROPOSED, Settled};

/// Identifier, names, date of birth; `-` is none.
type Person = (&'static str, &'static str, &'static str, &'static str);
type Found = Vec<Matched<usize, usize>>;

fn values((id, first, last, born): Person) -> MemberValues {
    let pairs = [
        (ExternalId, id),
        (FirstName, first),
        (LastName, last),
        (DateOfBirth, born),
    ];
    let kept = pairs.into_iter().filter(|(_, value)| *value != "-");
    kept.map(|(field, value)| (field, value.to_owned()))
        .collect()
}

/// Matches members that the federation has given before with records. Rows are numbered as they stand.
fn found(locals: &[Person], remotes: &[Person]) -> Found {
    found_with(true, locals, remotes)
}

fn found_with(known: bool, locals: &[Person], remotes: &[Person]) -> Found {
    let locals = locals.iter().enumerate().map(|(row, person)| LocalRow {
        row,
        key: MatchKey::of_record(&values(*person)),
        known,
    });
    let remotes = remotes
        .iter()
        .enumerate()
        .map(|(row, person)| (row, MatchKey::of_record(&values(*person))));
    match_lists(locals.collect(), remotes.collect()).unwrap()
}

fn pair(local: usize, remote: usize, confidence: Confidence) -> Matched<usize, usize> {
    Matched::Pair {
        local,
        remote,
        confidence,
    }
}

fn problem(why: MatchProblem, locals: &[usize], remotes: &[usize]) -> Matched<usize, usize> {
    Matched::Problem {
        why,
        locals: locals.to_vec(),
        remotes: remotes.to_vec(),
    }
}

const SEAN: Person = ("7", "Seán", "Ó Sé", "2012-05-01");

#[test]
fn the_identifier_goes_before_everything() {
    assert_eq!(
        found(&[SEAN], &[("7", "John", "O'Shea", "2011-01-01")]),
        [pair(0, 0, Confidence::Exact)],
        "names are mended, identifiers stay"
    );
    assert_eq!(
        found(&[SEAN], &[(" 7 ", "-", "-", "-")]),
        [pair(0, 0, Confidence::Exact)],
        "blanks around it do not count"
    );
    assert_eq!(
        found(&[("07", "-", "-", "-")], &[("7", "-", "-", "-")]),
        [Matched::New(0), Matched::Absent(0)],
        "a leading zero does"
    );
}

#[test]
fn a_blank_identifier_is_none() {
    assert_eq!(
        found(
            &[("-", "Aoife", "Walsh", "2010-02-03")],
            &[
                ("  ", "AOIFE", "walsh", "2010-02-03"),
                ("  ", "Nora", "Walsh", "2010-02-03")
            ]
        ),
        [pair(0, 0, Confidence::Likely), Matched::New(1)],
        "two blank ones are not the same person"
    );
}

#[test]
fn names_and_birth_match_without_accents_and_signs() {
    for spelling in ["SEAN|O SE", "Seán|Ó Sé", "sean|OSe", "Sean|O'Sé"] {
        let (first, last) = spelling.split_once('|').unwrap();
        assert_eq!(
            NameKey::of(Some(first), Some(last)),
            NameKey::of(Some("Seán"), Some("Ó Sé")),
            "{spelling} is Seán Ó Sé"
        );
    }
    assert_ne!(
        NameKey::of(Some("Ann"), Some("Marie Walsh")),
        NameKey::of(Some("Ann Marie"), Some("Walsh")),
        "where the family name begins makes a difference"
    );
    assert_eq!(
        NameKey::of(Some("Ann"), None),
        None,
        "half a name is nobody's"
    );
    assert_eq!(
        NameKey::of(Some("Ann"), Some("'")),
        None,
        "nor is a sign a name"
    );
}

#[test]
fn an_identifier_given_later_finds_its_member() {
    assert_eq!(
        found(&[("-", "Sean", "O Se", "2012-05-01")], &[SEAN]),
        [pair(0, 0, Confidence::Likely)],
        "the names and the birth are the same, and no identifier speaks against it"
    );
}

#[test]
fn another_identifier_is_asked_about() {
    assert_eq!(
        found(&[("8", "Sean", "O Se", "2012-05-01")], &[SEAN]),
        [problem(MatchProblem::OtherId, &[0], &[0])],
        "neither a second member nor a leaver is made of it"
    );
}

#[test]
fn an_identifier_that_comes_twice_is_a_problem() {
    let other = ("7", "Una", "Byrne", "2009-09-09");
    assert_eq!(
        found(&[SEAN], &[SEAN, other]),
        [problem(MatchProblem::DuplicateId, &[0], &[1, 0])],
        "none of them is used, and the member does not leave"
    );
    assert_eq!(
        found(&[SEAN, other], &[SEAN]),
        [problem(MatchProblem::DuplicateMember, &[1, 0], &[0])],
        "two members of one identifier stay as they are"
    );
    assert_eq!(
        found(&[("-", "Sean", "O Se", "2012-05-01")], &[SEAN, SEAN]),
        [
            Matched::Held(0),
            problem(MatchProblem::DuplicateId, &[], &[0, 1])
        ],
        "a member that may be one of them does not leave either"
    );
}

#[test]
fn the_same_person_twice_is_a_problem() {
    let again = ("9", "Sean", "O'Se", "2012-05-01");
    assert_eq!(
        found(&[], &[SEAN, again]),
        [problem(MatchProblem::SamePerson, &[], &[0, 1])],
        "two registrations of one child"
    );
    let without = ("-", "Sean", "O Se", "2012-05-01");
    assert_eq!(
        found(&[without], &[SEAN, again]),
        [problem(MatchProblem::SamePerson, &[0], &[0, 1])],
        "never two records to one member"
    );
    assert_eq!(
        found(&[SEAN], &[SEAN, again]),
        [
            pair(0, 0, Confidence::Exact),
            problem(MatchProblem::AlreadyMatched, &[0], &[1])
        ],
        "the one with its identifier goes on, the second is asked about"
    );
    let nameless = ("-", "Sean", "O Se", "-");
    assert_eq!(
        found(&[], &[nameless, nameless]),
        [problem(MatchProblem::SamePerson, &[], &[0, 1])],
        "nothing tells these apart"
    );
}

#[test]
fn several_members_of_one_name_and_birth_are_asked_about() {
    let without = ("-", "Sean", "O Se", "2012-05-01");
    assert_eq!(
        found(&[without, without], &[without]),
        [problem(MatchProblem::SeveralMembers, &[0, 1], &[0])],
        "nobody guesses which"
    );
}

#[test]
fn a_missing_birth_is_asked_about_unless_it_was_missing_before() {
    let born = ("-", "Sean", "O Se", "2012-05-01");
    let names = ("-", "Sean", "O Se", "-");
    assert_eq!(
        found(&[born], &[names]),
        [problem(MatchProblem::BirthMissing, &[0], &[0])],
        "a father and a son can have one name"
    );
    assert_eq!(
        found_with(false, &[names], &[names]),
        [problem(MatchProblem::BirthMissing, &[0], &[0])],
        "the club wrote it, the federation never gave it"
    );
    assert_eq!(
        found_with(true, &[names], &[names]),
        [pair(0, 0, Confidence::Likely)],
        "the federation gives the same again"
    );
    assert_eq!(
        found(&[born, names], &[names, born]),
        [
            pair(0, 1, Confidence::Likely),
            pair(1, 0, Confidence::Likely)
        ],
        "two of one name, told apart by what is known of them"
    );
}

#[test]
fn a_club_of_anonymous_members_is_told_in_short() {
    let nobody = ("-", "Anonymous", "Member", "-");
    let numbered = ("1", "Anonymous", "Member", "-");
    let found = found_with(false, &[nobody; 50], &[numbered]);
    let held = |found: &&Matched<usize, usize>| matches!(found, Matched::Held(_));
    assert_eq!(
        found.iter().filter(held).count(),
        50 - MOST_PROPOSED,
        "who is not listed is held all the same"
    );
    assert_eq!(
        found.last(),
        Some(&problem(
            MatchProblem::BirthMissing,
            &(0..MOST_PROPOSED).collect::<Vec<_>>(),
            &[0]
        )),
        "nobody chooses among fifty"
    );
    let born = |id| (id, "Anonymous", "Member", "1900-01-01");
    let ids = "a b c d e f g h i j k l m n o p q r s t u v";
    let others: Vec<Person> = ids.split(' ').map(born).collect();
    let found = found_with(true, &others, &[born("1")]);
    assert_eq!(
        found.iter().filter(held).count(),
        others.len() - MOST_PROPOSED,
        "an identifier of its own lets nobody leave from a list of proposals"
    );
}

#[test]
fn a_different_birth_is_a_different_person() {
    assert_eq!(
        found(
            &[("-", "Sean", "O Se", "1980-01-01")],
            &[("-", "Sean", "O Se", "2012-05-01")]
        ),
        [Matched::New(0), Matched::Absent(0)],
        "the father left and the son is new"
    );
}

#[test]
fn a_record_that_could_not_be_found_again_is_a_problem() {
    assert_eq!(
        found(
            &[],
            &[("-", "Sean", "-", "2012-05-01"), ("3", "-", "-", "-")]
        ),
        [
            Matched::New(1),
            problem(MatchProblem::Unidentified, &[], &[0])
        ],
        "it would be a new member at each sync"
    );
}

#[test]
fn a_member_is_found_by_what_the_federation_gave() {
    let base = values(("-", "Sean", "O Se", "2012-05-01"));
    let mended = values(("-", "Seán Óg", "Ó Sé", "2012-06-01"));
    assert_eq!(
        MatchKey::of_member(Some(&base), &mended),
        MatchKey::of_record(&base),
        "a name that the club mended hides nobody"
    );
    let empty = MemberValues::default();
    assert_eq!(
        MatchKey::of_member(Some(&empty), &mended),
        MatchKey::of_record(&mended),
        "what was never given comes from the club"
    );
    assert_eq!(
        MatchKey::of_member(Some(&base), &values(SEAN)).id,
        IdKey::of(Some("7")),
        "an identifier that the club knows counts too"
    );
}

#[test]
fn what_is_shown_of_a_match_is_how_sure_it_is() {
    let sure = pair(0, 0, Confidence::Likely).confidence();
    assert_eq!(sure, Some(Confidence::Likely), "as matched");
    let perhaps = problem(MatchProblem::OtherId, &[0], &[0]).confidence();
    assert_eq!(perhaps, Some(Confidence::Unsure), "a proposal");
    let none = problem(MatchProblem::DuplicateId, &[0], &[0, 1]).confidence();
    assert_eq!(none, None, "a duplicate proposes nobody");
}

#[test]
fn no_key_is_printed() {
    let key = MatchKey::of_record(&values(SEAN));
    let printed = format!("{key:?} {:?} {:?}", key.id, key.names);
    let lower = printed.to_lowercase();
    for part in ["sean", "ose", "2012", "7"] {
        assert!(!lower.contains(part), "{printed} tells who it is");
    }
}

#[test]
fn what_a_choice_makes_of_a_record() {
    use MatchChoice::{Leave, Member, New};
    for (choice, member, expected, why) in [
        (
            Member(1),
            Some(Settled::No),
            Made::Pair,
            "the member is free",
        ),
        (
            Member(1),
            Some(Settled::Paired),
            Made::Second,
            "it has another record",
        ),
        (
            Member(1),
            Some(Settled::Problem),
            Made::Nothing,
            "its identifier is a problem first",
        ),
        (Member(1), None, Made::Nothing, "it is gone: asked again"),
        (New(1), None, Made::New, "it is made"),
        (
            New(1),
            Some(Settled::No),
            Made::Pair,
            "it was made: the same again is nothing",
        ),
        (
            New(1),
            Some(Settled::Paired),
            Made::Second,
            "it was made and has its record",
        ),
        (
            New(1),
            Some(Settled::Problem),
            Made::Nothing,
            "two members of one identifier",
        ),
        (Leave, None, Made::Nothing, "it names nobody"),
        (Leave, Some(Settled::No), Made::Nothing, "it names nobody"),
    ] {
        assert_eq!(made(&choice, member), expected, "{why}");
    }
}

#[test]
fn a_choice_counts_before_names_and_never_against_an_identifier() {
    let chosen = |locals: &[Person], remotes: &[Person], about: usize, choice| {
        let locals = locals.iter().enumerate().map(|(row, person)| LocalRow {
            row,
            key: MatchKey::of_record(&values(*person)),
            known: true,
        });
        let remotes = remotes
            .iter()
            .enumerate()
            .map(|(row, person)| (row, MatchKey::of_record(&values(*person))));
        match_lists_chosen(locals.collect(), remotes.collect(), |row| {
            (*row == about).then_some(choice)
        })
        .unwrap()
    };
    let again = ("9", "Sean", "O'Se", "2012-05-01");
    let other = ("8", "Una", "Byrne", "2011-01-01");
    assert_eq!(
        chosen(&[SEAN, other], &[again], 0, MatchChoice::Member(0)),
        [pair(0, 0, Confidence::Chosen), Matched::Absent(1)],
        "another identifier, and somebody knows"
    );
    assert_eq!(
        chosen(&[SEAN], &[SEAN, again], 1, MatchChoice::Member(0)),
        [
            pair(0, 0, Confidence::Exact),
            Matched::Second {
                local: 0,
                remote: 1
            }
        ],
        "the one with its identifier is its record; the second is passed over"
    );
    assert_eq!(
        chosen(&[SEAN], &[SEAN], 0, MatchChoice::New(7)),
        [pair(0, 0, Confidence::Exact)],
        "an identifier is not argued with"
    );
    assert_eq!(
        chosen(&[SEAN], &[again], 0, MatchChoice::New(7)),
        [Matched::New(0), Matched::Absent(0)],
        "somebody new, so that the other one is not in the list"
    );
    assert_eq!(
        chosen(&[SEAN], &[again], 0, MatchChoice::Leave),
        [problem(MatchProblem::OtherId, &[0], &[0])],
        "left is what it was"
    );
    let names = ("-", "Sean", "O Se", "2012-05-01");
    assert_eq!(
        chosen(&[SEAN], &[names, names], 0, MatchChoice::Member(0)),
        [problem(MatchProblem::SamePerson, &[0], &[0, 1])],
        "two records of one key: nobody can tell which was meant"
    );
}
