//! Why is this value so?

use connectors::members::{MemberField, Template, WarningKind};
use serde_json::json;

use super::mapping::{TEMPLATE, record};

#[test]
fn each_value_is_traced_to_its_path() {
    let mapper = Template::parse(TEMPLATE).unwrap().compile().unwrap();
    let record = record(json!({
        "id": 42,
        "person": {"first": "RÓISÍN"},
        "landline": "ask mam",
        "born": "31/02/2010",
        "parent": {"first": "MÁIRE", "last": "NÍ BHRIAIN"},
    }));
    let traces = mapper.explain(&record);
    let fields: Vec<MemberField> = traces.iter().map(|trace| trace.field).collect();
    assert!(fields.is_sorted(), "in the order of the fields: {fields:?}");
    let cases = [
        (
            MemberField::ExternalId,
            Some("id"),
            Some("42"),
            Some("42"),
            None,
        ),
        (
            MemberField::FirstName,
            Some("person.first"),
            Some("RÓISÍN"),
            Some("Róisín"),
            None,
        ),
        (MemberField::LastName, None, None, None, None),
        (
            MemberField::Phone,
            Some("landline"),
            Some("ask mam"),
            Some("ask mam"),
            Some(WarningKind::UnreadablePhone),
        ),
        (
            MemberField::DateOfBirth,
            Some("born"),
            Some("31/02/2010"),
            None,
            Some(WarningKind::ImpossibleDate),
        ),
        (
            MemberField::GuardianName,
            Some("parent.first + parent.last"),
            Some("MÁIRE NÍ BHRIAIN"),
            Some("Máire Ní Bhriain"),
            None,
        ),
        (
            MemberField::MembershipType,
            None,
            Some("Youth"),
            Some("Youth"),
            None,
        ),
    ];
    for (field, source, raw, after, warning) in cases {
        let trace = traces.iter().find(|trace| trace.field == field).unwrap();
        let found = (
            trace.source.as_deref(),
            trace.raw.as_deref(),
            trace.after.as_deref(),
            trace.warning,
        );
        assert_eq!(found, (source, raw, after, warning), "{field:?}");
    }
}

#[test]
fn the_explanation_is_what_was_done() {
    let template = format!(
        "{}\n[fields.full_name]\nfrom = [\"name\"]\ntransforms = [\"split_name\"]\n",
        TEMPLATE.replace("required = true", "")
    );
    let mapper = Template::parse(&template).unwrap().compile().unwrap();
    let record = record(json!({"id": "7", "name": "Seán Ó Sé", "mail": "x"}));
    let row = mapper.map(&record);
    let traces = mapper.explain(&record);
    for field in MemberField::ALL {
        let found: Vec<_> = traces.iter().filter(|trace| trace.field == field).collect();
        assert!(found.len() <= 1, "{field:?} is explained once");
        let after = found.first().and_then(|trace| trace.after.as_deref());
        assert_eq!(
            after,
            row.values.get(field),
            "{field:?} is explained as it is"
        );
    }
    let last = traces
        .iter()
        .find(|trace| trace.field == MemberField::LastName)
        .unwrap();
    assert_eq!(
        last.source.as_deref(),
        Some("name"),
        "a part leads back to the whole name"
    );
}
