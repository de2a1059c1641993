//! Templates of a person's own with their versions, and what a change of one means for plans, runs and connectors.

use connectors::App;
use connectors::error::{Code, FieldRule};
use connectors::members::{MemberField, Transform};
use connectors::settings::ConflictStrategy;
use connectors::view::{
    Origin, RunState, TemplateDraft, TemplateForm, TemplatePlace, TemplateSaveRequest, TemplateView,
};
use testkit::Bench;

use super::support::{edit, practice, rules};
use super::sync::{CODE, club, members, preview};

const MINE: &str = "id = \"mine\"\nname = \"Mine\"\nversion = 7\n[fields.last_name]\nfrom = [\"lastName\"]\ntransforms = [\"trim\"]\nrequired = true\n";

fn text(toml: &str, expected_version: Option<u32>) -> TemplateSaveRequest {
    TemplateSaveRequest {
        draft: TemplateDraft::Text {
            toml: toml.to_owned(),
        },
        id: None,
        expected_version,
    }
}

fn form(form: TemplateForm, expected_version: Option<u32>) -> TemplateSaveRequest {
    TemplateSaveRequest {
        draft: TemplateDraft::Form { form },
        id: None,
        expected_version,
    }
}

/// A copy of the practice federation's template under another identifier.
pub(super) async fn copied(app: &App, id: &str) -> TemplateView {
    let mut copy = app.template("practice").await.unwrap().form;
    id.clone_into(&mut copy.id);
    app.template_save(form(copy, None)).await.unwrap()
}

/// The same with telephone numbers as they come.
pub(super) async fn changed(app: &App, shown: &TemplateView) -> TemplateView {
    let mut next = shown.form.clone();
    let phone = next
        .fields
        .iter_mut()
        .find(|row| row.field == MemberField::Phone)
        .unwrap();
    phone.transforms = vec![Transform::Trim];
    let version = shown.template.version;
    app.template_save(form(next, Some(version))).await.unwrap()
}

async fn use_template(app: &App, id: &str) {
    let shown = app.connector_show(CODE).await.unwrap();
    app.connector_edit(edit(&shown, |settings| {
        settings.sync.template = Some(id.to_owned());
    }))
    .await
    .unwrap();
}

#[tokio::test]
async fn a_saved_template_is_listed_shown_and_kept_in_the_data_file() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    let saved = app.template_save(text(MINE, None)).await.unwrap();
    assert_eq!(
        (saved.template.version, saved.place, saved.origin),
        (1, TemplatePlace::Saved, Origin::Own),
        "versions are counted by the app, whatever the text says"
    );
    let list = app.templates().await.unwrap();
    let row = list.templates.iter().find(|row| row.id == "mine").unwrap();
    assert_eq!(
        (row.version, row.place, row.used_by_count),
        (1, TemplatePlace::Saved, 0),
        "it is in the list"
    );
    assert!(
        !bench.path().join("templates").exists(),
        "and in no file of its own: a backup holds it"
    );
    let again = App::template_test(saved.toml, None).await.unwrap();
    assert_eq!(
        again.template, saved.template,
        "its text is a template for whoever has no data file"
    );
    app.lock().await.unwrap();
    assert!(
        app.templates().await.unwrap().is_locked,
        "while the file is locked nobody says that there are none"
    );
    assert_eq!(
        app.template("mine").await.unwrap_err().code(),
        Code::NotFound,
        "and it cannot be shown"
    );
}

#[tokio::test]
async fn every_mistake_is_told_with_its_key_and_its_line() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    let broken = MINE
        .replace("\"Mine\"", "\"\"")
        .replace("[\"trim\"]", "[\"split_name\"]");
    let error = app.template_save(text(&broken, None)).await.unwrap_err();
    let said = error.to_string();
    assert!(
        said.contains("name: line 2:") && said.contains("fields.last_name.transforms: line 6:"),
        "both, with their lines: {said}"
    );
    let mut shown = app.template("practice").await.unwrap().form;
    shown.id = "Mine!".to_owned();
    shown.country = "Ireland".to_owned();
    let twice = shown.fields[0].clone();
    shown.fields.push(twice);
    assert_eq!(
        rules(app.template_save(form(shown, None)).await),
        [
            ("country".to_owned(), FieldRule::Pattern),
            ("fields.external_id".to_owned(), FieldRule::Exclusive),
            ("id".to_owned(), FieldRule::Pattern)
        ],
        "a form's own mistakes and those of the template, each at its key"
    );
    assert!(
        app.templates()
            .await
            .unwrap()
            .templates
            .iter()
            .all(|row| row.origin == Origin::BuiltIn),
        "nothing was saved"
    );
}

#[tokio::test]
async fn who_saves_over_somebody_elses_version_is_refused_and_loses_nothing() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    let first = copied(&app, "mine").await;
    let second = changed(&app, &first).await;
    assert_eq!(second.template.version, 2, "one more");
    let late = app.template_save(form(first.form.clone(), Some(1))).await;
    assert_eq!(
        late.unwrap_err().code(),
        Code::ChangedMeanwhile,
        "the other one started from version 1"
    );
    assert_eq!(
        app.template("mine").await.unwrap(),
        second,
        "what was saved stays"
    );
    let taken = app.template_save(form(first.form.clone(), None)).await;
    assert_eq!(
        rules(taken),
        [("id".to_owned(), FieldRule::Taken)],
        "a new one needs an identifier of its own"
    );
    for id in ["practice", "comet"] {
        let mut of_product = first.form.clone();
        id.clone_into(&mut of_product.id);
        assert_eq!(
            rules(app.template_save(form(of_product, Some(1))).await),
            [("id".to_owned(), FieldRule::Taken)],
            "the product's own are copied, not changed"
        );
    }
    let same = app.template_save(form(second.form.clone(), Some(2))).await;
    assert_eq!(
        same.unwrap().template.version,
        2,
        "saving what is there already makes no version"
    );
    let nobody = app
        .template_save(text(MINE.replace("mine", "other").as_str(), Some(3)))
        .await;
    assert_eq!(
        nobody.unwrap_err().code(),
        Code::NotFound,
        "a version of nothing"
    );
}

#[tokio::test]
async fn going_back_is_a_new_version_equal_to_the_old_one() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    let first = copied(&app, "mine").await;
    bench.clock.advance_ms(1_000);
    changed(&app, &first).await;
    bench.clock.advance_ms(1_000);
    let late = app.template_restore("mine", 1, 1).await.unwrap_err();
    assert_eq!(late.code(), Code::ChangedMeanwhile, "version 2 is there");
    let back = app.template_restore("mine", 1, 2).await.unwrap();
    assert_eq!(
        (back.template.version, &back.form),
        (3, &first.form),
        "a third version that says what the first one said"
    );
    let versions = app.template_versions("mine").await.unwrap();
    let told: Vec<_> = versions
        .iter()
        .map(|one| (one.version, one.restored_from, one.is_current))
        .collect();
    assert_eq!(
        told,
        [(3, Some(1), true), (2, None, false), (1, None, false)],
        "newest first, and where it comes from"
    );
    assert!(
        versions[0].saved_at > versions[1].saved_at,
        "each has its time"
    );
    assert_eq!(
        app.template_version("mine", 1).await.unwrap().form,
        first.form,
        "an old one can be looked at"
    );
    assert_eq!(
        app.template_version("mine", 4).await.unwrap_err().code(),
        Code::NotFound,
        "one that never was cannot"
    );
}

#[tokio::test]
async fn a_template_in_use_is_not_deleted_and_another_one_can_come_back() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    copied(&app, "mine").await;
    use_template(&app, "mine").await;
    let refused = app.template_delete("mine").await.unwrap_err();
    assert_eq!(refused.code(), Code::Held, "a connector needs it");
    let name = app.connector_show(CODE).await.unwrap().row.name;
    assert!(
        refused.to_string().contains(&format!("{name} ({CODE})")),
        "which is named: {refused}"
    );
    app.connector_remove(CODE).await.unwrap();
    let refused = app.template_delete("mine").await.unwrap_err().to_string();
    assert!(
        refused.contains("deleted"),
        "a deleted connector can be restored and needs it then: {refused}"
    );
    app.connector_restore(CODE).await.unwrap();
    use_template(&app, "practice").await;
    app.template_delete("mine").await.unwrap();
    assert_eq!(
        app.template("mine").await.unwrap_err().code(),
        Code::NotFound,
        "it is gone"
    );
    assert_eq!(
        app.template_delete("mine").await.unwrap_err().code(),
        Code::NotFound,
        "once"
    );
    let back = app.template_restore("mine", 1, 1).await.unwrap();
    assert_eq!(
        back.template.version, 2,
        "and comes back; runs that name version 1 still mean the same"
    );
    use_template(&app, "mine").await;
    app.connector_remove(CODE).await.unwrap();
    app.connector_purge(CODE).await.unwrap();
    app.template_delete("mine").await.unwrap();
    let of_product = app.template_delete("practice").await;
    assert_eq!(
        rules(of_product),
        [("id".to_owned(), FieldRule::NotForKind)],
        "the product's stay"
    );
}

#[tokio::test]
async fn a_run_says_which_version_it_was_read_with_and_a_new_version_ends_its_plan() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    let first = copied(&app, "mine").await;
    use_template(&app, "mine").await;
    let plan = preview(&app).await;
    assert_eq!(
        (plan.template.as_deref(), plan.template_version),
        (Some("mine"), Some(1)),
        "the plan says what it was made with"
    );
    changed(&app, &first).await;
    let stale = app.sync_run(&plan.run_id).await.unwrap();
    assert_eq!(stale.state, RunState::Superseded, "it can wait no longer");
    let refused = app.sync_apply(&plan.run_id, &[]).await.unwrap_err();
    assert_eq!(refused.code(), Code::ChangedMeanwhile, "nor be applied");
    assert!(
        refused.to_string().contains("template mine was changed"),
        "and a person is told why: {refused}"
    );
    assert!(members(&app).await.is_empty(), "nothing was applied");
    bench.clock.advance_ms(1_000);
    let next = preview(&app).await;
    assert_eq!(next.template_version, Some(2), "the next one is read anew");
    let done = app.sync_apply(&next.run_id, &[]).await.unwrap();
    assert_eq!(
        (done.state, done.template_version),
        (RunState::Applied, Some(2)),
        "and an applied run keeps saying so"
    );
    app.template_restore("mine", 1, 2).await.unwrap();
    let kept = app.sync_run(&next.run_id).await.unwrap();
    assert_eq!(
        (kept.state, kept.template_version),
        (RunState::Applied, Some(2)),
        "what was applied stays as it was"
    );
}

#[tokio::test]
async fn a_plan_that_another_template_made_is_not_applied() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    copied(&app, "mine").await;
    let plan = preview(&app).await;
    use_template(&app, "mine").await;
    let refused = app.sync_apply(&plan.run_id, &[]).await.unwrap_err();
    assert_eq!(
        refused.code(),
        Code::ChangedMeanwhile,
        "the connector reads its records another way now"
    );
    assert!(members(&app).await.is_empty(), "nothing was applied");
    let next = preview(&app).await;
    app.sync_apply(&next.run_id, &[]).await.unwrap();
}

#[tokio::test]
async fn a_file_is_taken_over_with_its_first_saving_and_its_text_is_a_version() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    let folder = bench.path().join("templates");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("mine.toml"), MINE).unwrap();
    let shown = app.template("mine").await.unwrap();
    assert_eq!(
        (shown.place, shown.template.version),
        (TemplatePlace::File, 7),
        "a file is a template as before"
    );
    let taken = app.template_save(text(MINE, None)).await;
    assert_eq!(
        rules(taken),
        [("id".to_owned(), FieldRule::Taken)],
        "nobody saves over a file without having seen it"
    );
    let next = MINE.replace("\"Mine\"", "\"Mine too\"");
    let saved = app.template_save(text(&next, Some(7))).await.unwrap();
    assert_eq!(saved.template.version, 8, "its numbers go on");
    let old = app.template_version("mine", 7).await.unwrap();
    assert_eq!(old.template, shown.template, "and nothing of it is lost");
    let list = app.templates().await.unwrap();
    assert!(
        list.problems.iter().any(|one| one.file == "mine.toml"),
        "the file that is used no more is told"
    );
    assert_eq!(
        list.templates.iter().filter(|row| row.id == "mine").count(),
        1,
        "one template"
    );
}

#[tokio::test]
async fn a_backup_holds_the_templates() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    let saved = copied(&app, "mine").await;
    let backup = app.db_backup(None).await.unwrap();
    changed(&app, &saved).await;
    app.db_restore(std::path::Path::new(&backup.path))
        .await
        .unwrap();
    assert_eq!(
        app.template("mine").await.unwrap().form,
        saved.form,
        "with the data file come the templates that it was made with"
    );
}

#[tokio::test]
async fn remarks_in_a_text_stay_with_it() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    let first = format!("# Why we read it so.\n{MINE}# The end.\n");
    let saved = app.template_save(text(&first, None)).await.unwrap();
    assert_eq!(
        saved.toml,
        first.replace("version = 7", "version = 1"),
        "the text is as it was typed, with the number that counts"
    );
    let mut renamed = text(&first, None);
    renamed.id = Some("ours".to_owned());
    let copy = app.template_save(renamed).await.unwrap();
    assert!(
        copy.toml.contains("# The end.") && copy.template.id == "ours",
        "a copy under another identifier too: {}",
        copy.toml
    );
    let odd = MINE.replace("name = \"Mine\"", "name = \"\"\"Mine\nversion = 3\"\"\"");
    let next = app.template_save(text(&odd, Some(1))).await.unwrap();
    assert_eq!(
        (next.template.version, next.template.name.as_str()),
        (2, "Mine\nversion = 3"),
        "and where a text cannot be kept to the letter, what it says is"
    );
}
