//! Templates as files.

use connectors::error::{Error, FieldError, FieldRule};
use connectors::members::{Country, DateOrder, MemberField, Template};

use super::mapping::TEMPLATE;

fn mistakes(text: &str) -> Vec<FieldError> {
    match Template::parse(text) {
        Err(Error::Invalid(fields)) => fields,
        Err(other) => panic!("not a mistake in the file: {other}"),
        Ok(_) => panic!("this must be refused: {text}"),
    }
}

#[test]
fn what_is_written_is_read_again() {
    let text = format!(
        "{}\n[status_words]\nEhrenmitglied = \"active\"\n[gender_words]\n1 = \"male\"\n[lookups.kinds]\notherwise = \"keep\"\n[lookups.kinds.table]\nJUVENILE = \"Youth\"\n",
        TEMPLATE
            .replace("version = 3", "version = 3\ncountry = \"GB\"\ndate_order = \"month_first\"")
            .replace("constant = \"Youth\"", "from = [\"kind\"]\ntransforms = [{ lookup = \"kinds\" }]\nsensitive = true\ncheck = { one_of = [\"Youth\"] }")
    );
    let template = Template::parse(&text).unwrap();
    assert_eq!(
        Template::parse(&template.to_toml().unwrap()).unwrap(),
        template,
        "nothing is lost"
    );
    assert_eq!(
        template.country,
        Country::of_word("GB").unwrap(),
        "the country is read"
    );
}

#[test]
fn what_is_left_out_is_irish() {
    let template = Template::parse(TEMPLATE).unwrap();
    assert_eq!(template.country, Country::IRELAND, "telephones of Ireland");
    assert_eq!(template.date_order, DateOrder::DayFirst, "the day first");
    let paths = &template.fields[&MemberField::ExternalId].from;
    assert_eq!(paths, &["memberNumber", "id"], "paths stay in their order");
}

/// The number of the first line that holds `mark`.
fn line_of(text: &str, mark: &str) -> usize {
    text.lines().position(|line| line.contains(mark)).unwrap() + 1
}

#[test]
fn a_mistake_names_line_and_key() {
    // What is replaced, by what, the key that is wrong, and what its line holds.
    let cases = [
        ("version = 3", "version = 3\nshoe = 1", "shoe", "shoe"),
        ("required = true", "requird = true", "requird", "requird"),
        ("version = 3", "version = 0", "version", "version"),
        ("\"practice_club\"", "\"Practice Club\"", "id", "id = "),
        ("\"Practice club\"", "\" \"", "name", "name = "),
        (
            "[\"born\"]",
            "[\"\"]",
            "fields.date_of_birth.from",
            "[\"\"]",
        ),
        (
            "from = [\"born\"]",
            "constant = \"1\"\nfrom = [\"born\"]",
            "fields.date_of_birth.constant",
            "constant = \"1\"",
        ),
        (
            "[\"parent.first\", \"parent.last\"]",
            "[\"parent.first\"]",
            "fields.guardian_name.join",
            "join",
        ),
        (
            "[\"trim\", \"email\"]",
            "[\"split_name\"]",
            "fields.email.transforms",
            "split_name",
        ),
        (
            "[\"trim\", \"email\"]",
            "[{ lookup = \"kinds\" }]",
            "fields.email.transforms",
            "kinds",
        ),
        (
            "from = [\"mail\"]",
            "from = [\"mail\"]\ncheck = { pattern = \"(\" }",
            "fields.email.check.pattern",
            "check",
        ),
        (
            "from = [\"mail\"]",
            "from = [\"mail\"]\ncheck = {}",
            "fields.email.check",
            "check",
        ),
    ];
    for (from, to, key, mark) in cases {
        let text = TEMPLATE.replacen(from, to, 1);
        let found = mistakes(&text);
        assert_eq!(found[0].field, key, "the key of {to:?}");
        let start = format!("line {}: ", line_of(&text, mark));
        let message = &found[0].message;
        assert!(message.starts_with(&start), "the line of {to:?}: {message}");
    }
    let nowhere = TEMPLATE.replacen("from = [\"born\"]", "", 1);
    let found = mistakes(&nowhere);
    assert_eq!(
        found[0].field, "fields.date_of_birth",
        "the field that lacks one"
    );
    let start = format!("line {}: ", line_of(&nowhere, "[fields.date_of_birth]"));
    assert!(
        found[0].message.starts_with(&start),
        "its line is that of the table: {}",
        found[0].message
    );
}

#[test]
fn unknown_words_are_told_with_their_line_and_without_the_word() {
    let cases = [
        ("[fields.email]", "[fields.shoe_size]", "shoe_size"),
        ("\"trim\", \"email\"", "\"trim\", \"guess\"", "guess"),
        ("version = 3", "version = 3\ncountry = \"Irland\"", "Irland"),
        (
            "version = 3",
            "version = 3\ndate_order = \"sometimes\"",
            "sometimes",
        ),
    ];
    for (from, to, word) in cases {
        let text = TEMPLATE.replacen(from, to, 1);
        let found = mistakes(&text);
        let start = format!("line {}: ", line_of(&text, word));
        let message = &found[0].message;
        assert!(message.starts_with(&start), "{to:?}: {message}");
        assert!(
            !message.contains(word),
            "nothing of the file is quoted: {message}"
        );
    }
}

#[test]
fn all_mistakes_are_told_at_once() {
    let text = TEMPLATE
        .replace("version = 3", "version = 0")
        .replace("\"practice_club\"", "\"\"");
    let found = mistakes(&text);
    let keys: Vec<&str> = found.iter().map(|one| one.field.as_str()).collect();
    assert_eq!(keys, ["id", "version"], "one round of mending is enough");
    let rules: Vec<FieldRule> = found.iter().map(|one| one.rule).collect();
    assert_eq!(
        rules,
        [FieldRule::Pattern, FieldRule::OutOfRange],
        "each with its rule"
    );
}

#[test]
fn a_whole_name_must_be_split_and_fields_must_be() {
    let whole = "id = \"a\"\nname = \"A\"\nversion = 1\n[fields.full_name]\nfrom = [\"n\"]\n";
    assert_eq!(
        mistakes(whole)[0].field,
        "fields.full_name.transforms",
        "a member keeps no whole name"
    );
    let late = format!("{whole}transforms = [\"split_name\", \"trim\"]\n");
    assert_eq!(
        mistakes(&late)[0].rule,
        FieldRule::Exclusive,
        "nothing comes after the split"
    );
    let none = "id = \"a\"\nname = \"A\"\nversion = 1\n";
    assert_eq!(
        mistakes(none)[0].field,
        "fields",
        "a template keeps something"
    );
    let same = "id = \"a\"\nname = \"A\"\nversion = 1\n[fields.external_id]\nconstant = \"1\"\n";
    assert_eq!(
        mistakes(same)[0].field,
        "fields.external_id.constant",
        "all members would be one"
    );
}
