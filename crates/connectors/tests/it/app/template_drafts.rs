//! A template while it is filled in: both its forms in step, five samples beside it, and nothing of them kept (M09).

use std::sync::Arc;

use connectors::App;
use connectors::catalogue;
use connectors::error::Code;
use connectors::members::{MemberField, Template, Transform};
use connectors::settings::ConflictStrategy;
use connectors::view::{
    LookupForm, LookupRowForm, StatusWordForm, TemplateDraft, TemplateForm, TemplateSamplesRequest,
    TemplateTryRequest, TemplateTryView, ValueCheckForm,
};
use proptest::prelude::*;
use testkit::Bench;

use super::support::practice;
use super::sync::{CODE, ORG, club, members};

async fn try_form(app: &App, form: &TemplateForm, samples: Option<&str>) -> TemplateTryView {
    app.template_try(TemplateTryRequest {
        draft: TemplateDraft::Form { form: form.clone() },
        version: None,
        samples: samples.map(str::to_owned),
    })
    .await
    .unwrap()
}

async fn try_text(app: &App, toml: &str) -> TemplateTryView {
    app.template_try(TemplateTryRequest {
        draft: TemplateDraft::Text {
            toml: toml.to_owned(),
        },
        version: None,
        samples: None,
    })
    .await
    .unwrap()
}

/// A form with everything that a template can say.
fn whole() -> TemplateForm {
    let row = |field| {
        App::template_parts()
            .fields
            .into_iter()
            .find(|row| row.field == field)
            .unwrap()
    };
    let mut form = TemplateForm {
        id: "mine".to_owned(),
        name: "Mine".to_owned(),
        country: "GB".to_owned(),
        ..TemplateForm::default()
    };
    let mut name = row(MemberField::LastName);
    name.from = vec!["Surname".to_owned(), "name.last".to_owned()];
    let mut status = row(MemberField::Status);
    status.from = vec!["State".to_owned()];
    let mut kind = row(MemberField::MembershipType);
    kind.from = vec!["Grade".to_owned(), "Team".to_owned()];
    kind.join = Some(" / ".to_owned());
    kind.transforms.push(Transform::Lookup("grades".to_owned()));
    kind.check = Some(ValueCheckForm {
        pattern: Some("[A-Z].*".to_owned()),
        max_length: "40".to_owned(),
        one_of: vec!["Adult".to_owned(), "Child".to_owned()],
    });
    let mut county = row(MemberField::County);
    county.constant = Some("Kerry".to_owned());
    form.fields = vec![name, county, kind, status];
    form.status_words = vec![StatusWordForm {
        word: "Gone fishing".to_owned(),
        means: connectors::members::MemberStatus::Inactive,
    }];
    form.lookups = vec![LookupForm {
        name: "grades".to_owned(),
        rows: vec![LookupRowForm {
            from: "A".to_owned(),
            to: "Adult".to_owned(),
        }],
        otherwise: connectors::members::Otherwise::Keep,
    }];
    form
}

#[tokio::test]
async fn every_template_of_the_product_goes_through_the_form_without_loss() {
    let bench = Bench::new();
    let app = bench.app();
    let mut forms = vec![whole()];
    for preset in catalogue::list().unwrap() {
        let Some(template) = Template::built_in(&preset).unwrap() else {
            continue;
        };
        let shown = app.template(&template.id).await.unwrap();
        let tried = try_form(&app, &shown.form, None).await;
        assert_eq!(tried.mistakes, [], "{} breaks no rule", template.id);
        assert_eq!(
            Template::parse(&tried.toml).unwrap(),
            template,
            "{}: the form says all that the template says",
            template.id
        );
        forms.push(shown.form);
    }
    assert!(forms.len() > 10, "there are templates: {}", forms.len());
    for form in forms {
        let as_text = try_form(&app, &form, None).await;
        assert_eq!(as_text.mistakes, [], "{}", form.id);
        let again = try_text(&app, &as_text.toml).await;
        assert_eq!(
            again.form.as_ref(),
            Some(&form),
            "{}: and the text gives the same form",
            form.id
        );
        assert_eq!(again.toml, as_text.toml, "a text stays as it was typed");
    }
}

#[tokio::test]
async fn a_mistake_of_one_field_hides_no_other() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    let text =
        r#"[{"Surname": "MURPHY", "State": "gone fishing", "Grade": "A", "Secret": "asthma"}]"#;
    let request = TemplateSamplesRequest::Json {
        text: text.to_owned(),
    };
    let samples = app.template_samples(request, None).await.unwrap();
    let paths: Vec<&str> = samples.paths.iter().map(|one| one.path.as_str()).collect();
    assert_eq!(
        (samples.records, paths),
        (1, vec!["Grade", "Secret", "State", "Surname"]),
        "what can be read is named"
    );
    let mut form = whole();
    let good = try_form(&app, &form, Some(&samples.id)).await;
    let after = |tried: &TemplateTryView, field| {
        let found = tried.records[0]
            .fields
            .iter()
            .find(|one| one.field == field);
        found.and_then(|one| one.after.clone())
    };
    assert_eq!(
        after(&good, MemberField::LastName).as_deref(),
        Some("Murphy"),
        "as it would be kept"
    );
    assert_eq!(
        after(&good, MemberField::Status).as_deref(),
        Some("inactive"),
        "with the template's own words"
    );
    assert_eq!(
        after(&good, MemberField::MembershipType).as_deref(),
        Some("Adult"),
        "and tables"
    );
    assert!(
        !serde_json::to_string(&good).unwrap().contains("asthma"),
        "a place that nothing reads goes nowhere (M09)"
    );
    form.fields[2].transforms = vec![Transform::Lookup("nothing".to_owned())];
    form.fields[2].check = None;
    let broken = try_form(&app, &form, Some(&samples.id)).await;
    let keys: Vec<&str> = broken
        .mistakes
        .iter()
        .map(|one| one.field.as_str())
        .collect();
    assert_eq!(
        keys,
        ["fields.membership_type.transforms"],
        "the mistake is at its row"
    );
    assert_eq!(
        after(&broken, MemberField::LastName).as_deref(),
        Some("Murphy"),
        "and the other rows go on"
    );
    assert_eq!(
        after(&broken, MemberField::MembershipType),
        None,
        "the row itself shows nothing"
    );
    let no_text = try_text(&app, "id = \nname").await;
    assert!(
        no_text.form.is_none() && no_text.mistakes[0].message.starts_with("line 2:"),
        "a text that is no template says where: {no_text:?}"
    );
}

#[tokio::test]
async fn m09_samples_of_a_club_stay_in_memory_and_go_with_the_lock() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    let request = TemplateSamplesRequest::Connection {
        code: CODE.to_owned(),
        org: ORG.to_owned(),
    };
    let samples = app.template_samples(request.clone(), None).await.unwrap();
    assert_eq!(samples.records, 5, "the first five of the list");
    assert!(
        samples.paths.iter().any(|one| one.path == "dateOfBirth"),
        "their places: {:?}",
        samples.paths
    );
    let form = app.template("practice").await.unwrap().form;
    let tried = try_form(&app, &form, Some(&samples.id)).await;
    assert_eq!(tried.records.len(), 5, "each becomes something");
    assert!(
        members(&app).await.is_empty() && app.sync_history(CODE, ORG, 10).await.unwrap().is_empty(),
        "no member and no run came of it"
    );
    bench.clock.advance_ms(31 * 60_000);
    let later = try_form(&app, &form, Some(&samples.id)).await;
    assert!(
        later.samples_gone && later.records.is_empty(),
        "after half an hour they are forgotten"
    );
    let again = app.template_samples(request, None).await.unwrap();
    app.lock().await.unwrap();
    let locked = try_form(&app, &form, Some(&again.id)).await;
    assert!(
        locked.samples_gone && locked.records.is_empty(),
        "and with the lock"
    );
    assert_eq!(locked.mistakes, [], "a draft itself needs no open file");
}

#[tokio::test]
async fn rows_of_a_file_are_samples_too() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    let file = "SURNAME;State\r\nÓ SÉ;'=active\r\nBurke;x\r\na;b\r\nc;d\r\ne;f\r\ng;h\r\n";
    let bytes: Arc<[u8]> = Arc::from(file.as_bytes());
    let samples = app
        .template_samples(TemplateSamplesRequest::Csv, Some(bytes))
        .await
        .unwrap();
    assert_eq!(samples.records, 5, "the first five rows");
    let tried = try_form(&app, &whole(), Some(&samples.id)).await;
    let name = tried.records[0]
        .fields
        .iter()
        .find(|one| one.field == MemberField::LastName)
        .unwrap();
    assert_eq!(
        name.after.as_deref(),
        Some("Ó Sé"),
        "columns are found in any capitals, as an import finds them"
    );
    app.template_samples_drop();
    assert!(
        try_form(&app, &whole(), Some(&samples.id))
            .await
            .samples_gone,
        "they are forgotten when the editor is closed"
    );
    for (request, file) in [
        (
            TemplateSamplesRequest::Csv,
            Some(&b"<html><body>x</body></html>"[..]),
        ),
        (
            TemplateSamplesRequest::Json {
                text: "[1]".to_owned(),
            },
            None,
        ),
    ] {
        let refused = app.template_samples(request, file.map(Arc::from)).await;
        assert_eq!(refused.unwrap_err().code(), Code::BadFile, "no records");
    }
}

/// Forms as a person may leave them half-way, and as nobody does.
fn forms() -> impl Strategy<Value = TemplateForm> {
    let word = || {
        prop_oneof![
            "[a-zA-Z .\\[\\]\"=\n]{0,12}",
            any::<String>(),
            Just("name.last".to_owned()),
            Just("grades".to_owned()),
        ]
    };
    let transform = prop_oneof![
        Just(Transform::Trim),
        Just(Transform::Phone),
        Just(Transform::Date),
        Just(Transform::SplitName),
        Just(Transform::SplitAddress),
        word().prop_map(Transform::Lookup),
    ];
    let row = (
        0..MemberField::ALL.len(),
        prop::collection::vec(word(), 0..3),
        prop::option::of(word()),
        prop::option::of(word()),
        prop::collection::vec(transform, 0..3),
        any::<(bool, bool)>(),
        prop::option::of((
            prop::option::of(word()),
            word(),
            prop::collection::vec(word(), 0..2),
        )),
    )
        .prop_map(|(field, from, join, constant, transforms, flags, check)| {
            connectors::view::TemplateFieldForm {
                field: MemberField::ALL[field],
                from,
                join,
                constant,
                transforms,
                required: flags.0,
                sensitive: flags.1,
                check: check.map(|(pattern, max_length, one_of)| ValueCheckForm {
                    pattern,
                    max_length,
                    one_of,
                }),
            }
        });
    let lookup =
        (word(), prop::collection::vec((word(), word()), 0..3)).prop_map(|(name, rows)| {
            LookupForm {
                name,
                rows: rows
                    .into_iter()
                    .map(|(from, to)| LookupRowForm { from, to })
                    .collect(),
                otherwise: connectors::members::Otherwise::Warn,
            }
        });
    (
        word(),
        word(),
        word(),
        prop::collection::vec(row, 0..6),
        prop::collection::vec(lookup, 0..3),
        prop::collection::vec(word(), 0..3),
    )
        .prop_map(|(id, name, country, fields, lookups, words)| TemplateForm {
            id,
            name,
            country,
            fields,
            lookups,
            status_words: words
                .into_iter()
                .map(|word| StatusWordForm {
                    word,
                    means: connectors::members::MemberStatus::Left,
                })
                .collect(),
            ..TemplateForm::default()
        })
}

#[test]
fn whatever_is_filled_in_is_answered_and_what_has_no_mistake_reads_the_same_again() {
    let bench = Bench::new();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let app = runtime.block_on(bench.open_app());
    let samples = TemplateSamplesRequest::Json {
        text: r#"{"name": {"last": "MURPHY"}, "grades": [1, {"a": null}], "": "x"}"#.to_owned(),
    };
    let samples = runtime
        .block_on(app.template_samples(samples, None))
        .unwrap();
    proptest!(ProptestConfig::with_cases(400), |(form in forms())| {
        let tried = runtime.block_on(try_form(&app, &form, Some(&samples.id)));
        prop_assert_eq!(tried.form.as_ref(), Some(&form), "a form comes back as it was typed");
        if tried.mistakes.is_empty() {
            let read = Template::parse(&tried.toml);
            prop_assert!(read.is_ok(), "without a mistake it is a template: {:?}", read.err());
            let again = runtime.block_on(try_text(&app, &tried.toml));
            prop_assert_eq!(again.toml, tried.toml, "and its text stays");
        }
    });
}
