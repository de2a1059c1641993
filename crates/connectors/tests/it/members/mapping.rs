//! Records become members, by a template.

use connectors::api::records::Record;
use connectors::members::{
    DateEvidence, DateOrder, MemberField, Problem, ProblemKind, Template, Warning, WarningKind,
};
use serde_json::{Value, json};

pub(super) const TEMPLATE: &str = r#"
id = "practice_club"
name = "Practice club"
version = 3

[fields.external_id]
from = ["memberNumber", "id"]
transforms = ["trim"]

[fields.first_name]
from = ["person.first"]
transforms = ["trim", "name_case"]

[fields.last_name]
from = ["person.last"]
transforms = ["trim", "name_case"]
required = true

[fields.irish_first_name]
from = ["Irish Forename"]
transforms = ["trim", "name_case"]

[fields.irish_last_name]
from = ["Irish Surname"]
transforms = ["trim", "name_case"]

[fields.date_of_birth]
from = ["born"]
transforms = ["trim", "date"]

[fields.email]
from = ["mail"]
transforms = ["trim", "email"]

[fields.phone]
from = ["mobile", "landline"]
transforms = ["trim", "phone"]

[fields.status]
from = ["state"]
transforms = ["trim", "status"]

[fields.guardian_name]
from = ["parent.first", "parent.last"]
join = " "
transforms = ["trim", "name_case"]

[fields.membership_type]
constant = "Youth"
"#;

pub(super) fn record(value: Value) -> Record {
    match value {
        Value::Object(fields) => Record::new(fields),
        other => panic!("a record is an object, not {other}"),
    }
}

fn full() -> Value {
    json!({
        "id": 42,
        "person": {"first": " RÓISÍN ", "last": "NÍ BHRIAIN"},
        "born": "03/04/2010",
        "mail": "family@example.ie",
        "landline": "01 234 5678",
        "state": "Lapsed",
        "parent": {"first": "MÁIRE", "last": "NÍ BHRIAIN"},
    })
}

fn with(changes: Value) -> Record {
    let (Value::Object(mut fields), Value::Object(changes)) = (full(), changes) else {
        panic!("both are objects");
    };
    fields.extend(changes);
    Record::new(fields)
}

fn values(template: &str, record: &Record) -> Value {
    let mapper = Template::parse(template).unwrap().compile().unwrap();
    serde_json::to_value(mapper.map(record).values).unwrap()
}

#[test]
fn a_record_becomes_a_member() {
    let row = Template::parse(TEMPLATE)
        .unwrap()
        .compile()
        .unwrap()
        .map(&with(json!({})));
    assert_eq!(
        serde_json::to_value(&row.values).unwrap(),
        json!({
            "external_id": "42",
            "first_name": "Róisín",
            "last_name": "Ní Bhriain",
            "date_of_birth": "2010-04-03",
            "email": "family@example.ie",
            "phone": "+35312345678",
            "membership_type": "Youth",
            "status": "inactive",
            "guardian_name": "Máire Ní Bhriain",
        }),
        "each value by its own mapping"
    );
    assert_eq!(
        (row.warnings, row.problem),
        (vec![], None),
        "all of it was understood"
    );
}

#[test]
fn m02_m04_what_is_not_understood_is_kept_with_a_warning() {
    let mapper = Template::parse(TEMPLATE).unwrap().compile().unwrap();
    let row = mapper.map(&with(
        json!({"mail": "at home", "mobile": "ask mam", "state": "on loan"}),
    ));
    let kept = |field| row.values.get(field);
    assert_eq!(
        kept(MemberField::Email),
        Some("at home"),
        "the e-mail is kept verbatim"
    );
    assert_eq!(
        kept(MemberField::Phone),
        Some("ask mam"),
        "so is the telephone"
    );
    assert_eq!(
        kept(MemberField::Status),
        Some("on loan"),
        "so is the status"
    );
    let warning = |field, kind| Warning { field, kind };
    assert_eq!(
        row.warnings,
        [
            warning(MemberField::Email, WarningKind::BadEmail),
            warning(MemberField::Phone, WarningKind::UnreadablePhone),
            warning(MemberField::Status, WarningKind::UnknownWord),
        ],
        "each is told"
    );
    assert_eq!(row.problem, None, "the row is a member all the same");
}

#[test]
fn m03_an_ambiguous_date_waits_for_the_answer_for_the_file() {
    let template = TEMPLATE.replace("version = 3", "version = 3\ndate_order = \"ask\"");
    let mapper = Template::parse(&template).unwrap().compile().unwrap();
    let (one, other) = (with(json!({})), with(json!({"born": "25/12/2010"})));
    let row = mapper.map(&one);
    assert_eq!(
        row.values.get(MemberField::DateOfBirth),
        None,
        "no day is guessed"
    );
    assert_eq!(
        row.warnings[0].kind,
        WarningKind::AmbiguousDate,
        "it is told"
    );
    let mut evidence = DateEvidence::default();
    for record in [&one, &other] {
        mapper.note_dates(record, &mut evidence);
    }
    assert!(evidence.must_ask(), "one question for the file");
    assert_eq!(
        evidence.suggestion(),
        Some(DateOrder::DayFirst),
        "with the answer of the other rows"
    );
    for (order, expected) in [
        (DateOrder::DayFirst, "2010-04-03"),
        (DateOrder::MonthFirst, "2010-03-04"),
    ] {
        let answered = Template::parse(&template)
            .unwrap()
            .compile()
            .unwrap()
            .with_date_order(order);
        let row = answered.map(&one);
        let found = row.values.get(MemberField::DateOfBirth).map(str::to_owned);
        assert_eq!(found.as_deref(), Some(expected), "as {order:?} says");
    }
}

#[test]
fn m05_a_missing_surname_is_that_rows_problem() {
    let mapper = Template::parse(TEMPLATE).unwrap().compile().unwrap();
    let missing = Some(Problem {
        field: MemberField::LastName,
        kind: ProblemKind::Missing,
    });
    for person in [
        json!({"first": "Aoife"}),
        json!({"first": "Aoife", "last": "  "}),
        json!({"first": "Aoife", "last": null}),
    ] {
        let row = mapper.map(&with(json!({ "person": person })));
        assert_eq!(row.problem, missing, "this row is no member");
        assert_eq!(
            row.values.get(MemberField::FirstName),
            Some("Aoife"),
            "a person sees whose it is"
        );
    }
    assert_eq!(
        mapper.map(&with(json!({}))).problem,
        None,
        "the next row is one"
    );
}

#[test]
fn a_required_value_that_cannot_be_read_is_told_apart_from_a_missing_one() {
    let template = TEMPLATE.replace("from = [\"born\"]", "from = [\"born\"]\nrequired = true");
    let mapper = Template::parse(&template).unwrap().compile().unwrap();
    for (born, kind) in [
        ("31/02/2010", ProblemKind::Unreadable),
        ("", ProblemKind::Missing),
    ] {
        let problem = mapper.map(&with(json!({ "born": born }))).problem;
        let field = MemberField::DateOfBirth;
        assert_eq!(problem, Some(Problem { field, kind }), "{born:?}");
    }
}

#[test]
fn m07_the_external_ids_precedence_is_the_templates_and_stable() {
    let cases = [
        (json!({"memberNumber": "M-7", "id": 42}), json!("M-7")),
        (json!({"id": 42, "memberNumber": "M-7"}), json!("M-7")),
        (json!({"memberNumber": "", "id": 42}), json!("42")),
        (json!({"memberNumber": null, "id": 42}), json!("42")),
        (json!({"memberNumber": " ", "id": " 0042 "}), json!("0042")),
    ];
    for (fields, expected) in cases {
        let found = values(TEMPLATE, &record(fields.clone()));
        assert_eq!(found["external_id"], expected, "{fields}");
    }
    let swapped = TEMPLATE.replace("\"memberNumber\", \"id\"", "\"id\", \"memberNumber\"");
    let both = record(json!({"memberNumber": "M-7", "id": 42}));
    assert_eq!(
        values(&swapped, &both)["external_id"],
        json!("42"),
        "another template, another precedence"
    );
}

#[test]
fn m08_the_irish_name_columns_are_kept() {
    let irish = with(
        json!({"Irish Forename": "RÓISÍN", "Irish Surname": "NÍ BHRIAIN", "person": {"first": "Rose", "last": "O'Brien"}}),
    );
    let found = values(TEMPLATE, &irish);
    assert_eq!(
        found["irish_first_name"], "Róisín",
        "beside the other first name"
    );
    assert_eq!(
        found["irish_last_name"], "Ní Bhriain",
        "beside the other surname"
    );
    assert_eq!(found["first_name"], "Rose", "which stays its own");
}

#[test]
fn m09_fifty_unknown_fields_leave_no_trace() {
    let unknown: Value = (0..50)
        .map(|number| (format!("secret{number}"), json!(format!("canary{number}"))))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let mapper = Template::parse(TEMPLATE).unwrap().compile().unwrap();
    let (plain, crowded) = (with(json!({})), with(unknown));
    assert_eq!(
        mapper.map(&plain),
        mapper.map(&crowded),
        "the member is the same"
    );
    let traces = serde_json::to_string(&mapper.explain(&crowded)).unwrap();
    assert!(
        !traces.contains("canary"),
        "not even the explanation has them"
    );
}

#[test]
fn a_sensitive_field_is_off_until_the_template_says_so() {
    let off = format!("{TEMPLATE}\n[fields.medical_notes]\nfrom = [\"medical\"]\n");
    let on = format!("{off}sensitive = true\n");
    let record = with(json!({"medical": "asthma"}));
    assert_eq!(
        values(&off, &record).get("medical_notes"),
        None,
        "off by default"
    );
    assert_eq!(
        values(&on, &record)["medical_notes"],
        "asthma",
        "on where somebody switched it on"
    );
    let mapper = Template::parse(&off).unwrap().compile().unwrap();
    let traces = mapper.explain(&record);
    let trace = traces
        .iter()
        .find(|trace| trace.field == MemberField::MedicalNotes)
        .unwrap();
    assert!(
        trace.is_off && trace.raw.is_none(),
        "it is marked, and not even read"
    );
}

#[test]
fn one_text_fills_the_fields_that_have_no_value_of_their_own() {
    let template = r#"
id = "one_line"
name = "One line"
version = 1
[fields.full_name]
from = ["name"]
transforms = ["trim", "name_case", "split_name"]
required = true
[fields.first_name]
from = ["known_as"]
[fields.address_line_1]
from = ["address"]
transforms = ["split_address"]
[fields.town]
from = ["town"]
"#;
    let whole = json!({"name": "SEÁN Ó SÉ", "address": "12 Main Street\nBallyduff, Co. Kerry, v92x1y2", "town": "Tralee", "known_as": "Seánie"});
    let found = values(template, &record(whole));
    let expected = json!({
        "first_name": "Seánie",
        "last_name": "Ó Sé",
        "address_line_1": "12 Main Street",
        "town": "Tralee",
        "county": "Kerry",
        "postcode": "V92 X1Y2",
    });
    assert_eq!(
        found, expected,
        "a field's own value counts more; the whole name is not kept"
    );
    let mapper = Template::parse(template).unwrap().compile().unwrap();
    let problem = mapper.map(&record(json!({"name": "Cher"}))).problem;
    assert_eq!(
        problem.map(|problem| problem.field),
        Some(MemberField::LastName),
        "one word has no surname"
    );
}

#[test]
fn a_list_is_no_value_and_a_huge_text_is_none_either() {
    let mapper = Template::parse(TEMPLATE).unwrap().compile().unwrap();
    let huge = "x".repeat(5000);
    let cases = [
        (
            json!({"mail": ["a@example.ie"]}),
            Some(WarningKind::NotPlain),
        ),
        (
            json!({"mail": {"home": "a@example.ie"}}),
            Some(WarningKind::NotPlain),
        ),
        (json!({ "mail": huge }), Some(WarningKind::TooLong)),
        (json!({"mail": []}), None),
        (json!({"mail": null}), None),
    ];
    for (changes, expected) in cases {
        let row = mapper.map(&with(changes));
        assert_eq!(row.values.get(MemberField::Email), None, "nothing is kept");
        assert_eq!(
            row.warnings.first().map(|warning| warning.kind),
            expected,
            "and why"
        );
    }
}

#[test]
fn a_check_warns_and_keeps() {
    let template = TEMPLATE.replace(
        "transforms = [\"trim\"]",
        "transforms = [\"trim\"]\ncheck = { pattern = \"[A-Z]-[0-9]+\", max_length = 5 }",
    );
    let mapper = Template::parse(&template).unwrap().compile().unwrap();
    for (id, fits) in [("M-7", true), ("xM-7", false), ("M-7777", false)] {
        let row = mapper.map(&with(json!({ "memberNumber": id })));
        assert_eq!(
            row.values.get(MemberField::ExternalId),
            Some(id),
            "{id} is kept"
        );
        assert_eq!(row.warnings.is_empty(), fits, "{id} fits or is told");
    }
}

#[test]
fn no_value_is_printed() {
    let mapper = Template::parse(TEMPLATE).unwrap().compile().unwrap();
    let record = with(json!({"mail": "Róisín at home", "person": {"first": "Róisín"}}));
    let printed = format!("{:?} {:?}", mapper.map(&record), mapper.explain(&record));
    assert!(
        printed.contains("BadEmail") && printed.contains("LastName"),
        "what is wrong is told"
    );
    assert!(!printed.contains("Róisín"), "a child's name is not");
}
