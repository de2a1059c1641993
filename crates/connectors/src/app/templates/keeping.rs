//! Saving templates: every saving is a version, none is ever changed, and the plans that were made with the one before end
//! in the same transaction. Nothing is lost by saving, going back or deleting.

use std::path::PathBuf;

use super::form::field_form;
use super::written::Written;
use super::{App, Found, blocking, in_folders, no_template, of_product, users, view_of};
use crate::app::standing::settle_state_of_club;
use crate::audit::{AuditWhat, Entry};
use crate::catalogue::own_files;
use crate::clock::UtcMillis;
use crate::error::{Code, Error, FieldRule, Result};
use crate::members::{Country, Mapping, MemberField, Template};
use crate::store::Writer;
use crate::store::sync_run::{RunRecord, RunState};
use crate::store::template::{TemplateHead, TemplateVersionRecord};
use crate::view::{
    TemplatePartsView, TemplatePlace, TemplateSaveRequest, TemplateVersionView, TemplateView,
};

/// Versions that are listed.
const VERSIONS: u32 = 200;

impl App {
    /// Saves a template as a new version. The plans that were made with the version before and wait are ended: they must be
    /// made again. Where nothing differs from the newest version, there is no new one. A file of the folder `templates` is
    /// taken over with its first saving, and its text is a version too.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every mistake, of a text with its line; [`Code::Duplicate`] where a new template's identifier
    /// is taken; [`Code::ChangedMeanwhile`] where the newest version is not the expected one; [`Code::NotFound`] where a
    /// version is expected and there is no such template.
    pub async fn template_save(&self, request: TemplateSaveRequest) -> Result<TemplateView> {
        let draft = Written::read(&request.draft, request.id.as_deref())?;
        let store = self.store()?;
        let file = self.file_of(&draft.template.id).await?;
        let expected = request.expected_version;
        let act = self.act();
        let now = act.now;
        let view = store
            .write(move |tx| {
                let id = draft.template.id.clone();
                let head = tx.template_head(&id)?;
                let last = last_version(tx, head, file, expected, &id, now)?;
                let before = head_version(tx, &id)?;
                put_next(tx, draft, last, None, now)?;
                if head_version(tx, &id)? != before {
                    act.audit(tx, about(AuditWhat::TemplateSaved, &id))?;
                }
                show_newest(tx, &id)
            })
            .await?;
        Ok(view)
    }

    /// The versions of a saved template, newest first, 200 at most; also of a deleted one.
    pub async fn template_versions(&self, id: &str) -> Result<Vec<TemplateVersionView>> {
        let id = id.to_owned();
        self.store()?
            .read(move |tx| {
                let head = tx.template_head(&id)?.ok_or_else(|| no_template(&id))?;
                let versions = tx.template_versions(&id, VERSIONS)?;
                Ok(versions
                    .into_iter()
                    .map(|one| TemplateVersionView {
                        is_current: head.deleted_at.is_none() && one.version == head.version,
                        version: one.version,
                        name: one.name,
                        saved_at: one.saved_at.0,
                        restored_from: one.restored_from,
                    })
                    .collect())
            })
            .await
    }

    /// One version of a saved template, also of a deleted one.
    pub async fn template_version(&self, id: &str, version: u32) -> Result<TemplateView> {
        let id = id.to_owned();
        self.store()?
            .read(move |tx| {
                let record = tx.template_version(&id, version)?;
                let record = record.ok_or_else(|| no_version(&id, version))?;
                let mut view = view_of(Found::saved(&record)?)?;
                (view.used_by, view.used_by_count) = users(tx, &id)?;
                Ok(view)
            })
            .await
    }

    /// Goes back to a version: saves a new one that is equal to it. A deleted template is there again.
    ///
    /// # Errors
    /// [`Code::NotFound`]; [`Code::ChangedMeanwhile`] where the newest version is not the expected one.
    pub async fn template_restore(
        &self,
        id: &str,
        version: u32,
        expected_version: u32,
    ) -> Result<TemplateView> {
        let (id, act) = (id.to_owned(), self.act());
        let now = act.now;
        // A preset may have got the identifier while the template was deleted.
        self.file_of(&id).await?;
        self.store()?
            .write(move |tx| {
                let head = tx.template_head(&id)?.ok_or_else(|| no_template(&id))?;
                let old = tx.template_version(&id, version)?;
                let old = old.ok_or_else(|| no_version(&id, version))?;
                if head.version != expected_version {
                    return Err(changed_meanwhile(&id, head.version));
                }
                let draft = Written {
                    template: Template::parse(&old.toml)?,
                    text: Some(old.toml),
                };
                let last = Last {
                    version: head.version,
                    is_there: head.deleted_at.is_none(),
                };
                put_next(tx, draft, Some(last), Some(version), now)?;
                act.audit(tx, about(AuditWhat::TemplateSaved, &id).word("restored"))?;
                show_newest(tx, &id)
            })
            .await
    }

    /// Deletes a saved template. Its versions stay, and [`App::template_restore`] brings it back.
    ///
    /// # Errors
    /// [`Code::Held`] where connectors use it, which are named; [`Code::NotForKind`](FieldRule::NotForKind) for one that is
    /// not saved; [`Code::NotFound`].
    pub async fn template_delete(&self, id: &str) -> Result<()> {
        let found = self.find_template(id).await?;
        if found.place != TemplatePlace::Saved {
            let said = "only a saved template can be deleted; one of a preset stays, and a file is deleted as a file";
            return Err(Error::field("id", FieldRule::NotForKind, said));
        }
        let (id, act) = (found.template.id, self.act());
        let now = act.now;
        self.store()?
            .write(move |tx| {
                match tx.template_head(&id)? {
                    Some(head) if head.deleted_at.is_none() => {}
                    _ => return Err(no_template(&id)),
                }
                let (users, count) = users(tx, &id)?;
                if count > 0 {
                    let names: Vec<String> = users
                        .iter()
                        .map(|user| {
                            let deleted = if user.is_deleted { ", deleted" } else { "" };
                            format!("{} ({}{deleted})", user.name, user.code)
                        })
                        .collect();
                    let rest = count as usize - names.len();
                    let rest = if rest > 0 {
                        format!(" and {rest} more")
                    } else {
                        String::new()
                    };
                    let said = format!(
                        "the template is used by {}{rest}; choose another template there first",
                        names.join(", ")
                    );
                    return Err(Error::refused(Code::Held, said));
                }
                end_plans(
                    tx,
                    &id,
                    "The template of this plan was deleted; choose another one and preview again.",
                )?;
                act.audit(tx, about(AuditWhat::TemplateDeleted, &id))?;
                tx.delete_template(&id, now)
            })
            .await
    }

    /// What a new template can be made of.
    #[must_use]
    pub fn template_parts() -> TemplatePartsView {
        let fresh = |field: MemberField| {
            let mapping = Mapping {
                transforms: Template::usual_transforms(field),
                required: field == MemberField::LastName,
                ..Mapping::default()
            };
            field_form(field, &mapping)
        };
        let letters = || ('A'..='Z').map(|one| one.to_string());
        let countries = letters().flat_map(|one| letters().map(move |two| format!("{one}{two}")));
        TemplatePartsView {
            fields: MemberField::ALL.into_iter().map(fresh).collect(),
            sensitive: MemberField::ALL
                .into_iter()
                .filter(|field| field.is_sensitive())
                .collect(),
            countries: countries
                .filter(|word| Country::of_word(word).is_some())
                .collect(),
        }
    }

    /// The template that a file of the person's own has under an identifier.
    ///
    /// # Errors
    /// [`Code::Duplicate`] where the identifier is a preset's.
    async fn file_of(&self, id: &str) -> Result<Option<Written>> {
        let taken = |id: &str| {
            let said =
                format!("{id} is the template of a preset; save a copy under another identifier");
            Error::field("id", FieldRule::Taken, said)
        };
        if of_product(id)?.is_some() {
            return Err(taken(id));
        }
        let (folder, id): (PathBuf, String) = (self.data_dir().to_owned(), id.to_owned());
        blocking(move || {
            // A broken file is nobody's template: saving is what mends it.
            match in_folders(&folder, &id) {
                Ok(found) if found.place == TemplatePlace::Preset => Err(taken(&id)),
                Ok(found) => Ok(Some(Written {
                    template: found.template,
                    text: found.text,
                })),
                Err(_)
                    if own_files(&folder.join(super::OWN_FOLDER))
                        .contains(&format!("{id}.toml")) =>
                {
                    Ok(None)
                }
                Err(error) if error.code() == Code::NotFound => Ok(None),
                Err(error) => Err(error),
            }
        })
        .await
    }
}

/// The newest version, and whether the template is in use.
#[derive(Clone, Copy)]
struct Last {
    version: u32,
    is_there: bool,
}

/// The version that a new one follows, where the person started from it. A file that was a template until now becomes its
/// first version, and keeps the number that it says it has.
fn last_version(
    tx: &Writer<'_>,
    head: Option<TemplateHead>,
    file: Option<Written>,
    expected: Option<u32>,
    id: &str,
    now: UtcMillis,
) -> Result<Option<Last>> {
    let taken = || {
        let said = format!("there is a template {id} already");
        Error::field("id", FieldRule::Taken, said)
    };
    let is_there = head.is_some_and(|head| head.deleted_at.is_none());
    let last = head.map(|head| Last {
        version: head.version,
        is_there,
    });
    if is_there {
        let newest = head.map_or(0, |head| head.version);
        return match expected {
            None => Err(taken()),
            Some(expected) if expected != newest => Err(changed_meanwhile(id, newest)),
            Some(_) => Ok(last),
        };
    }
    match (file, expected) {
        (Some(_), None) => Err(taken()),
        (Some(file), Some(expected)) if expected != file.template.version => {
            Err(changed_meanwhile(id, file.template.version))
        }
        (Some(mut file), Some(_)) => {
            let version = file
                .template
                .version
                .max(head.map_or(0, |head| head.version + 1));
            file.template.version = version;
            put(tx, &file, None, now)?;
            Ok(Some(Last {
                version,
                is_there: true,
            }))
        }
        (None, Some(_)) => Err(no_template(id)),
        // A deleted template's versions are counted on: runs name them.
        (None, None) => Ok(last),
    }
}

/// Adds the next version, unless it is the very one that counts.
fn put_next(
    tx: &Writer<'_>,
    mut draft: Written,
    last: Option<Last>,
    restored_from: Option<u32>,
    now: UtcMillis,
) -> Result<()> {
    let Some(last) = last else {
        draft.template.version = 1;
        return put(tx, &draft, None, now);
    };
    draft.template.version = last.version;
    if last.is_there
        && let Some(newest) = tx.template_version(&draft.template.id, last.version)?
        && Template::parse(&newest.toml)? == draft.template
        // A form says nothing about remarks.
        && (draft.text.is_none() || newest.toml == draft.toml()?)
    {
        return Ok(());
    }
    draft.template.version = last.version.checked_add(1).ok_or_else(|| {
        let said = "no version can follow this one";
        Error::field("version", FieldRule::OutOfRange, said)
    })?;
    put(tx, &draft, restored_from, now)?;
    let id = &draft.template.id;
    let why = format!(
        "The template {id} was changed after this plan was made. Nothing was applied; preview again."
    );
    end_plans(tx, id, &why)
}

fn put(tx: &Writer<'_>, draft: &Written, restored_from: Option<u32>, now: UtcMillis) -> Result<()> {
    tx.put_template_version(&TemplateVersionRecord {
        template_id: draft.template.id.clone(),
        version: draft.template.version,
        name: draft.template.name.clone(),
        toml: draft.toml()?,
        saved_at: now,
        restored_from,
    })
}

/// Ends the plans that were made with a template and wait.
fn end_plans(tx: &Writer<'_>, id: &str, why: &str) -> Result<()> {
    for plan in tx.open_plans_of_template(id)? {
        tx.delete_plan(plan.id)?;
        let connection = plan.connection_id;
        tx.put_run(&RunRecord {
            state: RunState::Superseded,
            message: Some(why.to_owned()),
            ..plan
        })?;
        settle_state_of_club(tx, connection)?;
    }
    Ok(())
}

fn show_newest(tx: &Writer<'_>, id: &str) -> Result<TemplateView> {
    let head = tx.template_head(id)?.ok_or_else(|| no_template(id))?;
    let record = tx.template_version(id, head.version)?;
    let record = record.ok_or_else(|| no_version(id, head.version))?;
    let mut view = view_of(Found::saved(&record)?)?;
    (view.used_by, view.used_by_count) = users(tx, id)?;
    Ok(view)
}

fn changed_meanwhile(id: &str, newest: u32) -> Error {
    Error::refused(
        Code::ChangedMeanwhile,
        format!(
            "the template {id} was changed meanwhile: its newest version is {newest}; nothing was saved; look at it, and \
             save again"
        ),
    )
}

/// What the audit log says of a template: which one, since its text holds nobody's data but may be long.
fn about(what: AuditWhat, id: &str) -> Entry {
    Entry::of(what).fields([format!("template.{id}")])
}

fn head_version(tx: &Writer<'_>, id: &str) -> Result<Option<u32>> {
    Ok(tx.template_head(id)?.map(|head| head.version))
}

fn no_version(id: &str, version: u32) -> Error {
    Error::refused(
        Code::NotFound,
        format!(
            "there is no version {version} of the template {id}; `template versions {id}` shows all"
        ),
    )
}
