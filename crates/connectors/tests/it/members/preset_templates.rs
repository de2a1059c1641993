//! Every preset with members has a template.

use connectors::catalogue;
use connectors::members::{DateOrder, MemberField, Template};
use connectors::view::Capability;

#[test]
fn every_preset_with_members_has_a_template_that_reads_its_fields() {
    let mut found = 0;
    for preset in catalogue::list().unwrap() {
        let template = Template::built_in(&preset).unwrap();
        let has_members =
            preset.capabilities.contains(&Capability::Members) && !preset.fields.is_empty();
        assert_eq!(
            template.is_some(),
            has_members,
            "{} has members, or no template",
            preset.id
        );
        let Some(template) = template else { continue };
        found += 1;
        assert_eq!(template.check(), [], "{} breaks no rule", preset.id);
        let again = Template::parse(&template.to_toml().unwrap()).unwrap();
        assert_eq!(again, template, "{} is a file as any other", preset.id);
        for (field, paths) in &preset.fields {
            assert_eq!(
                &template.fields[field].from, paths,
                "{}: {field:?} stands where the preset says",
                preset.id
            );
        }
        let names = [MemberField::LastName, MemberField::FullName];
        let required = names
            .iter()
            .any(|name| template.fields.get(name).is_some_and(|one| one.required));
        assert!(
            required,
            "{}: a member without a surname is a problem",
            preset.id
        );
    }
    assert!(found >= 14, "only {found} presets have members");
}

#[test]
fn a_sensitive_field_of_a_preset_is_left_out() {
    let mut preset = catalogue::show("practice").unwrap();
    preset
        .fields
        .insert(MemberField::MedicalNotes, vec!["medical".to_owned()]);
    let template = Template::of_preset(&preset).unwrap();
    assert!(
        !template.fields.contains_key(&MemberField::MedicalNotes),
        "nobody has switched it on"
    );
}

#[test]
fn numbers_and_days_are_written_as_at_home() {
    let of = |id: &str| {
        let template = Template::built_in(&catalogue::show(id).unwrap())
            .unwrap()
            .unwrap();
        (template.country.to_string(), template.date_order)
    };
    assert_eq!(
        of("practice"),
        ("IE".to_owned(), DateOrder::DayFirst),
        "an Irish system"
    );
    assert_eq!(
        of("justgo"),
        ("GB".to_owned(), DateOrder::DayFirst),
        "a British one"
    );
    assert_eq!(
        of("teamsnap"),
        ("US".to_owned(), DateOrder::MonthFirst),
        "an American one"
    );
    assert_eq!(
        of("leagueapps"),
        ("US".to_owned(), DateOrder::MonthFirst),
        "one that is written out"
    );
}
