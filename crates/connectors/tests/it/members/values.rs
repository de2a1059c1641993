use connectors::members::{MemberField, MemberValues};

#[test]
fn every_field_has_its_own_word_and_place() {
    for (place, field) in MemberField::ALL.into_iter().enumerate() {
        assert_eq!(
            field as usize, place,
            "{field:?} is kept at its place in the list"
        );
        assert_eq!(
            MemberField::of_word(field.as_str()),
            Some(field),
            "its word leads back to it"
        );
        let wire = serde_json::to_value(field).unwrap();
        assert_eq!(wire, field.as_str(), "the store and the wire have one word");
    }
}

#[test]
fn values_survive_text_and_an_empty_one_is_none() {
    let mut values = MemberValues::default();
    values.set(MemberField::LastName, Some("Ó Sé"));
    values.set(MemberField::Email, Some(""));
    let text = serde_json::to_string(&values).unwrap();
    assert_eq!(
        text, r#"{"last_name":"Ó Sé"}"#,
        "nothing stands for an absent value"
    );
    let again: MemberValues = serde_json::from_str(&text).unwrap();
    assert_eq!(again, values, "what was written is read");
    assert!(
        serde_json::from_str::<MemberValues>(r#"{"shoe_size":"9"}"#).is_err(),
        "a field that nobody knows is not dropped in silence"
    );
}

#[test]
fn no_value_is_printed() {
    let mut values = MemberValues::default();
    values.set(MemberField::FirstName, Some("Róisín"));
    let printed = format!("{values:?}");
    assert!(printed.contains("first_name"), "the fields are told");
    assert!(!printed.contains("Róisín"), "a child's name is not");
}
