//! Connectors: create, list, show, edit, pause, delete and restore, purge, clone (M1, M3).

use super::App;
use super::act::Act;
use super::record::{
    RESTORE_DAYS, apply_settings, changed_meanwhile, code_taken, concerns_the_network, find,
    find_live, new_record, normalised, row_view, settings_of, settle, settle_seen, view,
};
use crate::audit::{AuditWhat, Entry};
use crate::connector_file::differences;
use crate::error::{Code, Error, FieldError, FieldRule, Result};
use crate::health::{attention, while_syncing};
use crate::settings::ConnectorSettings;
use crate::store::Writer;
use crate::store::connector::{ConnectorRecord, Standing};
use crate::store::connector_list::ConnectorQuery;
use crate::text::fold;
use crate::validate;
use crate::view::{
    ConnectorAddRequest, ConnectorEditRequest, ConnectorListRequest, ConnectorListView,
    ConnectorView, EventKind, HealthState, Status,
};

/// Rows of one page of the list at most.
const LIST_LIMIT: u32 = 500;

impl App {
    /// A part of the list with the numbers of every filter.
    pub async fn connector_list(&self, request: ConnectorListRequest) -> Result<ConnectorListView> {
        if request
            .limit
            .is_some_and(|limit| limit == 0 || limit > LIST_LIMIT)
        {
            return Err(Error::field(
                "limit",
                FieldRule::OutOfRange,
                "must be from 1 to 500",
            ));
        }
        let query = ConnectorQuery {
            words: fold(&request.search)
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
            filter: request.filter,
            status: request.status,
            sort: request.sort,
            descending: request.descending,
            offset: request.offset,
            limit: request.limit,
        };
        self.settle_the_hour().await?;
        let app = self.clone();
        self.store()?
            .read(move |tx| {
                let rows = tx.list_connectors(&query)?;
                let busy = app.connectors_syncing(tx)?;
                // A whole list needs no second count.
                let whole = query.offset == 0 && query.limit.is_none();
                let total = if whole {
                    u32::try_from(rows.len()).unwrap_or(u32::MAX)
                } else {
                    tx.count_connectors(&query)?
                };
                Ok(ConnectorListView {
                    rows: rows
                        .into_iter()
                        .map(|row| {
                            let syncs = busy.contains(&row.id);
                            let mut view = row_view(row);
                            if syncs {
                                view.state = while_syncing(view.state);
                            }
                            view
                        })
                        .collect(),
                    total,
                    counts: tx.connector_counts()?,
                })
            })
            .await
    }

    /// One connector, live or deleted, without any secret.
    pub async fn connector_show(&self, code: &str) -> Result<ConnectorView> {
        let shown = self.show(code).await?;
        let waiting = shown.sign_in.as_ref().and_then(|one| one.waiting_until);
        if waiting.is_some_and(|until| until <= self.now().0) {
            // Nobody waits for it here; whoever did has gone.
            self.tidy_sign_ins().await?;
            return self.show(code).await;
        }
        Ok(shown)
    }

    async fn show(&self, code: &str) -> Result<ConnectorView> {
        let code = code.to_owned();
        let app = self.clone();
        self.store()?
            .read(move |tx| {
                let record = find(tx, &code)?;
                let mut view = view(tx, &record)?;
                if app.connectors_syncing(tx)?.contains(&record.id) {
                    view.row.state = while_syncing(view.row.state);
                }
                Ok(view)
            })
            .await
    }

    /// The broken rules of settings, uniqueness of the code included; `existing` is the code of the
    /// connector that is being edited.
    pub async fn connector_check(
        &self,
        settings: ConnectorSettings,
        existing: Option<String>,
    ) -> Result<Vec<FieldError>> {
        let settings = normalised(settings);
        let mut found = self.broken_rules(&settings).await;
        if existing.as_deref() != Some(&settings.code)
            && validate::is_federation_code(&settings.code)
        {
            let code = settings.code;
            let taken = self.store()?.read(move |tx| code_taken(tx, &code)).await?;
            found.extend(taken);
        }
        Ok(found)
    }

    /// Creates a connector and seals its credentials in the same transaction.
    pub async fn connector_add(&self, request: ConnectorAddRequest) -> Result<ConnectorView> {
        let settings = normalised(request.settings);
        let mut broken = self.broken_rules(&settings).await;
        let credentials = Self::checked_credentials(&settings, request.credentials, &mut broken);
        if !broken.is_empty() {
            return Err(Error::Invalid(broken));
        }
        let opened = self.opened()?;
        let act = self.act();
        let id = act.id()?;
        let sealed = match credentials {
            Some(plain) => Some(Self::seal_credentials(
                &opened, id, &settings, &plain, &act,
            )?),
            None => None,
        };
        let report = request.test_handle.and_then(|handle| {
            self.tested_draft(
                &handle,
                &settings,
                sealed.as_ref().map(|one| &one.fingerprint),
            )
        });
        opened
            .store
            .write(move |tx| {
                if let Some(taken) = code_taken(tx, &settings.code)? {
                    return Err(Error::Invalid(vec![taken]));
                }
                let mut record = new_record(id, &settings, act.now)?;
                tx.insert_connector(&record)?;
                act.note(tx, id, EventKind::Created, None)?;
                let entry = Entry::of(AuditWhat::ConnectorAdded).connector(&record.code);
                act.audit(tx, with_credentials(entry, sealed.is_some()))?;
                if let Some(sealed) = sealed {
                    sealed.store(tx, &mut record, &act)?;
                }
                if let Some(report) = report {
                    act.keep_test(tx, &mut record, &report)?;
                }
                settle(tx, &mut record, &act)?;
                view(tx, &record)
            })
            .await
    }

    /// Changes settings and, where given, credentials. Refused where somebody else changed the
    /// connector since the person saw it. The federation code stays.
    pub async fn connector_edit(&self, request: ConnectorEditRequest) -> Result<ConnectorView> {
        let settings = normalised(request.settings);
        let mut broken = self.broken_rules(&settings).await;
        if settings.code != request.code {
            let message = "the federation code of a connector does not change; clone it instead";
            broken.push(FieldError {
                field: "code".into(),
                rule: FieldRule::NotForKind,
                message: message.into(),
            });
        }
        let credentials = Self::checked_credentials(&settings, request.credentials, &mut broken);
        if !broken.is_empty() {
            return Err(Error::Invalid(broken));
        }
        let opened = self.opened()?;
        let act = self.act();
        let code = request.code.clone();
        let current = opened.store.read(move |tx| find_live(tx, &code)).await?;
        let sealed = match credentials {
            Some(plain) => Some(Self::seal_credentials(
                &opened, current.id, &settings, &plain, &act,
            )?),
            None => None,
        };
        let fingerprint = match &sealed {
            Some(sealed) => Some(sealed.fingerprint),
            None => {
                self.stored_for(&opened, &current, &settings)
                    .await?
                    .fingerprint
            }
        };
        let report = request
            .test_handle
            .and_then(|handle| self.tested_draft(&handle, &settings, fingerprint.as_ref()));
        let version = request.version;
        opened
            .store
            .write(move |tx| {
                let mut record = find_live(tx, &settings.code)?;
                if record.version != version {
                    return Err(changed_meanwhile());
                }
                let before = settings_of(&record)?;
                let changed = differences(&before, &settings)?;
                if changed.iter().any(|key| concerns_the_network(key)) {
                    record.last_test_at = None;
                }
                apply_settings(&mut record, &settings)?;
                if !changed.is_empty() {
                    let names = changed.join(", ");
                    act.note(tx, record.id, EventKind::Edited, Some(names))?;
                }
                if !changed.is_empty() || sealed.is_some() {
                    let entry = Entry::of(AuditWhat::ConnectorEdited).connector(&record.code);
                    let entry = entry.fields(&changed);
                    act.audit(tx, with_credentials(entry, sealed.is_some()))?;
                }
                if let Some(sealed) = sealed {
                    sealed.store(tx, &mut record, &act)?;
                }
                if let Some(report) = report {
                    act.keep_test(tx, &mut record, &report)?;
                }
                settle(tx, &mut record, &act)?;
                view(tx, &record)
            })
            .await
    }

    /// Pauses (`inactive`) or resumes (`active`). `error` is only ever set by the product itself.
    pub async fn connector_set_status(&self, code: &str, status: Status) -> Result<ConnectorView> {
        if status == Status::Error {
            return Err(Error::field(
                "status",
                FieldRule::Unknown,
                "choose active or inactive; error is set by the app itself",
            ));
        }
        self.change(code, move |tx, record, act| {
            if record.status == status {
                return Ok(());
            }
            // It starts anew: what stopped it may come again, and is counted again.
            record.consecutive_failures = 0;
            tx.delete_stop(record.id)?;
            record.status = status;
            let (kind, what) = if status == Status::Inactive {
                (EventKind::Paused, AuditWhat::ConnectorPaused)
            } else {
                (EventKind::Resumed, AuditWhat::ConnectorResumed)
            };
            act.audit(tx, Entry::of(what).connector(&record.code))?;
            act.note(tx, record.id, kind, None)
        })
        .await
    }

    /// Deletes: inactive at once, credentials kept sealed, restorable for 30 days.
    pub async fn connector_remove(&self, code: &str) -> Result<ConnectorView> {
        let act = self.act();
        let code = code.to_owned();
        self.opened()?
            .store
            .write(move |tx| {
                let record = find_live(tx, &code)?;
                let standing = Standing {
                    status: Status::Inactive,
                    state: HealthState::Paused,
                    attention: attention(HealthState::Paused).into(),
                };
                act.note(tx, record.id, EventKind::Deleted, None)?;
                act.audit(tx, Entry::of(AuditWhat::ConnectorRemoved).connector(&code))?;
                if !tx.mark_deleted(record.id, record.version, standing, act.now)? {
                    return Err(changed_meanwhile());
                }
                view(tx, &find(tx, &code)?)
            })
            .await
    }

    /// Restores a deleted connector as it was, within 30 days.
    pub async fn connector_restore(&self, code: &str) -> Result<ConnectorView> {
        let act = self.act();
        let code = code.to_owned();
        self.opened()?
            .store
            .write(move |tx| {
                let record = find(tx, &code)?;
                let Some(deleted_at) = record.deleted_at else {
                    return view(tx, &record);
                };
                if act.now > deleted_at.plus_days(RESTORE_DAYS) {
                    return Err(Error::refused(
                        Code::Deleted,
                        format!("{code} was deleted more than 30 days ago and cannot be restored"),
                    ));
                }
                let status = record.status_before_deletion.unwrap_or(Status::Inactive);
                let restored = ConnectorRecord {
                    status,
                    ..record.clone()
                };
                let state = super::standing::state(tx, &restored)?;
                let standing = Standing {
                    status,
                    state,
                    attention: attention(state).into(),
                };
                act.note(tx, record.id, EventKind::Restored, None)?;
                act.audit(tx, Entry::of(AuditWhat::ConnectorRestored).connector(&code))?;
                if !tx.restore_connector(record.id, record.version, standing, act.now)? {
                    return Err(changed_meanwhile());
                }
                view(tx, &find(tx, &code)?)
            })
            .await
    }

    /// Destroys the credentials of a deleted connector for ever and frees its code. The history
    /// stays.
    pub async fn connector_purge(&self, code: &str) -> Result<()> {
        let act = self.act();
        let code = code.to_owned();
        let opened = self.opened()?;
        opened
            .store
            .write(move |tx| {
                let record = find(tx, &code)?;
                if record.deleted_at.is_none() {
                    return Err(Error::refused(
                        Code::Invalid,
                        format!("{code} is not deleted; remove it first"),
                    ));
                }
                act.note(tx, record.id, EventKind::Purged, None)?;
                act.audit(tx, Entry::of(AuditWhat::ConnectorPurged).connector(&code))?;
                if tx.purge_connector(record.id, record.version, act.now)? {
                    // Nobody can be asked for its clubs any more.
                    tx.end_connections(record.id, act.now)
                } else {
                    Err(changed_meanwhile())
                }
            })
            .await?;
        // What was deleted must leave the write-ahead log too.
        let store = opened.store.clone();
        super::opening::blocking(move || store.checkpoint()).await
    }

    /// A copy with another code, paused by nothing and tested by nobody; credentials are not copied.
    pub async fn connector_clone(&self, code: &str, new_code: &str) -> Result<ConnectorView> {
        let broken = validate::check_code("code", new_code);
        if !broken.is_empty() {
            return Err(Error::Invalid(broken));
        }
        let original = code.to_owned();
        let mut settings = self
            .store()?
            .read(move |tx| settings_of(&find_live(tx, &original)?))
            .await?;
        settings.code = new_code.to_owned();
        self.connector_add(ConnectorAddRequest {
            settings,
            credentials: None,
            test_handle: None,
        })
        .await
    }

    /// One change of a live connector in one transaction.
    pub(super) async fn change(
        &self,
        code: &str,
        change: impl FnOnce(&Writer<'_>, &mut ConnectorRecord, &Act) -> Result<()> + Send + 'static,
    ) -> Result<ConnectorView> {
        let act = self.act();
        let code = code.to_owned();
        self.opened()?
            .store
            .write(move |tx| {
                let mut record = find_live(tx, &code)?;
                change(tx, &mut record, &act)?;
                settle(tx, &mut record, &act)?;
                view(tx, &record)
            })
            .await
    }

    /// As [`App::change`], for what was seen: nobody's edit is refused because of it.
    pub(super) async fn note_seen(
        &self,
        code: &str,
        note: impl FnOnce(&Writer<'_>, &mut ConnectorRecord, &Act) -> Result<()> + Send + 'static,
    ) -> Result<()> {
        let act = self.act();
        let code = code.to_owned();
        self.opened()?
            .store
            .write(move |tx| {
                let mut record = find_live(tx, &code)?;
                note(tx, &mut record, &act)?;
                settle_seen(tx, &mut record)
            })
            .await
    }
}

fn with_credentials(entry: Entry, with: bool) -> Entry {
    if with {
        entry.word("credentials")
    } else {
        entry
    }
}
