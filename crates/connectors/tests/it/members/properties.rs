//! Whatever a federation sends: no panic, and what has been read once reads the same again.

use connectors::api::records::Record;
use connectors::members::transform::name_case::{NamePart, name_case};
use connectors::members::transform::{
    Reading, address, date, email, full_name, phone, postcode, trim,
};
use connectors::members::{Country, DateEvidence, DateOrder, MemberField, Template};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::mapping::TEMPLATE;

/// Text as names, numbers and addresses have it, and as nobody does.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[A-ZÁÉÍÓÚ'’ .-]{0,20}",
        "[a-záéíóú'’ .-]{0,20}",
        "[0-9+() ./-]{0,18}",
        "[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}",
        "[a-zA-Z0-9,;\n .]{0,40}",
    ]
}

fn read(reading: Reading<'_>) -> Option<String> {
    match reading {
        Reading::Read(value) => Some(value.into_owned()),
        Reading::Verbatim(_) | Reading::Refused(_) => None,
    }
}

proptest! {
    #[test]
    fn what_was_read_reads_the_same_again(text in text()) {
        let once = trim::trim(&text).into_owned();
        prop_assert_eq!(trim::trim(&once), once.as_str(), "trimmed is trimmed");
        for part in [NamePart::Given, NamePart::Family, NamePart::Whole] {
            let once = name_case(&text, part).into_owned();
            prop_assert_eq!(name_case(&once, part), once.as_str(), "a name that has its case keeps it");
        }
        let once = postcode::postcode(&text).into_owned();
        prop_assert_eq!(postcode::postcode(&once), once.as_str(), "a postcode is one");
        for country in ["IE", "GB"].map(|word| Country::of_word(word).unwrap()) {
            if let Some(number) = read(phone::phone(&text, country)) {
                prop_assert_eq!(read(phone::phone(&number, country)), Some(number), "E.164 is read as itself");
            }
        }
        for order in [DateOrder::DayFirst, DateOrder::MonthFirst, DateOrder::Ask] {
            if let Some(day) = read(date::date(&text, order)) {
                prop_assert_eq!(read(date::date(&day, DateOrder::Ask)), Some(day), "a day is never ambiguous again");
            }
        }
        if let Some(found) = read(email::email(&text)) {
            prop_assert_eq!(read(email::email(&found)), Some(found), "an address is one");
        }
    }

    #[test]
    fn nothing_of_an_address_or_a_name_is_lost(text in "[A-Za-z]{1,8}(( |, |\n)[A-Za-z]{1,8}){0,6}") {
        let words = |text: &str| {
            let mut words: Vec<String> = text.split([' ', ',', '\n']).filter(|word| !word.is_empty()).map(str::to_owned).collect();
            words.sort();
            words
        };
        let (first, last) = full_name::split(&text.replace(", ", " "));
        prop_assert_eq!(words(&format!("{first} {last}")), words(&text), "each word is in one of the names");
        let parts = address::split(&text);
        let found = format!("{} {} {} {} {}", parts.line_1, parts.line_2, parts.town, parts.county, parts.postcode);
        for word in words(&found) {
            prop_assert!(words(&text).contains(&word), "no word is made up: {}", word);
        }
    }

    #[test]
    fn no_record_breaks_the_mapping(id in text(), first in text(), last in text(), other in text(), pick in 0_usize..7) {
        let strange = [json!(null), json!(true), json!(1e300), json!([]), json!([other]), json!({"a": other}), json!(-1)];
        let value = json!({
            "id": id, "person": {"first": first, "last": last}, "born": other, "mail": strange[pick], "mobile": other,
            "state": other, "parent": {"first": first, "last": strange[pick]},
        });
        let Value::Object(fields) = value else { unreachable!("it is written as an object") };
        let record = Record::new(fields);
        let mapper = Template::parse(TEMPLATE).unwrap().compile().unwrap();
        let row = mapper.map(&record);
        mapper.note_dates(&record, &mut DateEvidence::default());
        for trace in mapper.explain(&record) {
            prop_assert_eq!(trace.after.as_deref(), row.values.get(trace.field), "the explanation is what was done");
        }
        prop_assert_eq!(row.problem.is_some(), row.values.get(MemberField::LastName).is_none(), "a surname is all that it takes");
    }
}
