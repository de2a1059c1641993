//! Erasing one person for good: out of every table, out of the file's free places and its log, and, where a person wants it now
//! and does not wait for a week, out of the backups. Runs keep their counts. How the person is kept out afterwards is `erased.rs`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::erase_records::{proposing, with_records};
use super::member_search::home_of;
use super::members::no_member;
use super::opening::blocking;
use super::record::settings_of;
use super::sync::supersede;
use super::{App, Opened};
use crate::audit::{AuditWhat, Entry};
use crate::clock::UtcMillis;
use crate::error::{Code, Error, Result};
use crate::store::erased::ErasureRecord;
use crate::store::member::MemberRecord;
use crate::store::scrub::{self, Scrubbed};
use crate::store::sync_run::RunState;
use crate::store::{Writer, backup, purge};
use crate::sync::erased::{ClubAt, PersonKeys};
use crate::sync::kept_out::kept_out_keys;
use crate::view::{EraseLookView, EraseView};

/// Days after which no backup from before an erasing is left, where the app is used daily: seven are kept.
pub const BACKUP_DAYS: i64 = 8;
/// A backup from before an erasing goes after so many days, whatever their number: at the first opening then.
const BACKUP_LIFE_DAYS: i64 = 7;
/// A file of more pages than this (256 MiB) is not written anew while a person waits.
const PAGES_AT_ONCE: u32 = 65_536;

/// Why backups stay where the file could not be written anew.
const BUSY: &str = "another program keeps the data file busy; close it and erase the backups again";

/// What went with somebody.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Erased {
    members: u64,
    plan_rows: u64,
    undo_rows: u64,
    decisions: u64,
    requests: u64,
    plans_dropped: u64,
}

impl App {
    /// What erasing a member would do.
    ///
    /// # Errors
    /// [`Code::NotFound`].
    pub async fn member_erase_look(&self, member_id: &str) -> Result<EraseLookView> {
        self.see_member(member_id).await?;
        let id = Uuid::parse_str(member_id).map_err(|_| no_member())?;
        let (backups, set_aside) = self.copies(self.now())?;
        let backups_clean_by = self.now().plus_days(BACKUP_DAYS).0;
        self.store()?
            .read(move |tx| {
                let member = tx.member(id)?.ok_or_else(no_member)?;
                let home = home_of(tx, member.connection_id)?;
                let connection = tx.connection_by_id(member.connection_id)?;
                let connector_id = connection.ok_or_else(no_member)?.connector_id;
                let connector = tx.connector_by_id(connector_id)?.ok_or_else(no_member)?;
                let known = tx.known_about(member.connection_id, id)?;
                let person = PersonKeys::of(member.base.as_ref(), &member.current);
                let records = proposing(tx, member.connection_id, id, &person)?.len() as u64;
                Ok(EraseLookView {
                    environment: settings_of(&connector)?.environment,
                    connector_name: home.connector_name,
                    plan_rows: known.plan_rows + records,
                    undo_rows: known.undo_rows,
                    decisions: known.decisions,
                    backups,
                    set_aside,
                    backups_clean_by,
                })
            })
            .await
    }

    /// Erases a member for good and keeps the person out of later syncs, files and restores. With `purge_backups` a fresh backup is
    /// made and verified, and every older one is deleted, with the copies that were set aside.
    ///
    /// # Errors
    /// [`Code::NotFound`]; [`Code::ChangedMeanwhile`] while a run of the club is being made. Nothing was changed then. What goes wrong
    /// with the backups is in [`EraseView::purge_problem`], because the person is erased already.
    pub async fn member_erase(&self, member_id: &str, purge_backups: bool) -> Result<EraseView> {
        self.see_member(member_id).await?;
        let id = Uuid::parse_str(member_id).map_err(|_| no_member())?;
        let opened = self.opened()?;
        // What was asked a moment ago may name the person too.
        self.flush_into(&opened.store).await?;
        let (owner, act) = (self.owner()?, self.act());
        let (app, key) = (self.clone(), opened.keys().vault.mark_key());
        let (erasure_id, erased_at) = (act.id()?, act.now);
        let gone = opened
            .store
            .write(move |tx| {
                let member = tx.member(id)?.ok_or_else(no_member)?;
                let club = club_of(tx, &member)?;
                let mut leases = Vec::new();
                let connections = tx.connections_of(club)?;
                for connection_id in &connections {
                    let lease = app.take_run(tx, *connection_id, owner)?;
                    leases.push(lease.ok_or_else(being_made)?);
                }
                let person = PersonKeys::of(member.base.as_ref(), &member.current);
                let person = with_records(tx, &connections, id, &person)?;
                let erasure = ErasureRecord {
                    id: erasure_id,
                    club,
                    erased_at,
                };
                tx.put_erasure(&erasure, &person.marks(&key, club)?)?;
                let gone = erase_person(tx, club, &person, Some(&member))?;
                let mut entry = Entry::of(AuditWhat::MemberErased)
                    .connection(member.connection_id)
                    .count("members", gone.members)
                    .count("plan_rows", gone.plan_rows)
                    .count("undo_rows", gone.undo_rows);
                if purge_backups {
                    entry = entry.word("backups");
                }
                if let Some(connector) = tx.connector_by_id(club.connector_id)? {
                    entry = entry.connector(&connector.code);
                }
                act.audit(tx, entry)?;
                tx.set_meta(scrub::DUE, "1")?;
                for lease in &leases {
                    tx.release_lease(lease)?;
                }
                Ok(gone)
            })
            .await?;
        // Records that a template is tried with may be of the person.
        self.template_samples_drop();
        // Whoever wants the backups clean now waits for a large file too: a backup copies its free places as they are.
        let most_pages = if purge_backups {
            u32::MAX
        } else {
            PAGES_AT_ONCE
        };
        let scrubbed = match self.scrub(&opened, most_pages).await {
            Ok(scrubbed) => scrubbed,
            // The person is erased, and the cleaning stays due.
            Err(error) => {
                tracing::warn!(code = ?error.code(), "the file could not be cleaned after an erasing");
                Scrubbed::default()
            }
        };
        let clean_at = self.now();
        let (purged, purge_problem) = match (purge_backups, scrubbed.rewritten) {
            (false, _) => (None, None),
            (true, false) => (None, Some(BUSY.to_owned())),
            (true, true) => match self.purge_copies(&opened, clean_at).await {
                Ok(removed) => (Some(removed), None),
                Err(error) => (None, Some(error.to_string())),
            },
        };
        let (backups, set_aside) = self.copies(clean_at)?;
        Ok(EraseView {
            members: gone.members,
            plan_rows: gone.plan_rows,
            undo_rows: gone.undo_rows,
            decisions: gone.decisions,
            requests: gone.requests,
            plans_dropped: gone.plans_dropped,
            file_is_clean: scrubbed.is_done(),
            purged,
            purge_problem,
            backups,
            set_aside,
            backups_clean_by: (backups > 0).then(|| clean_at.plus_days(BACKUP_DAYS).0),
        })
    }

    /// Finishes what erasings could not: another process was reading the file, or it was large; and lets backups of before go that
    /// are a week old. Due after an opening and every day; where nothing is due, it costs two looks.
    ///
    /// # Errors
    /// Where the disk fails.
    pub async fn finish_erasing(&self) -> Result<()> {
        self.finish_scrubbing().await?;
        self.forget_old_backups().await
    }

    pub(super) async fn finish_scrubbing(&self) -> Result<()> {
        let opened = self.opened()?;
        let due = opened.store.read(|tx| tx.meta(scrub::DUE)).await?;
        if due.as_deref() == Some("1") {
            self.scrub(&opened, u32::MAX).await?;
        }
        Ok(())
    }

    async fn scrub(&self, opened: &Opened, most_pages: u32) -> Result<Scrubbed> {
        let (app, store) = (self.clone(), opened.store.clone());
        blocking(move || {
            let done = store.scrub(most_pages)?;
            if done.is_done() {
                let now = app.now();
                store.write_blocking(|tx| {
                    tx.set_meta(scrub::DUE, "0")?;
                    tx.file_is_clean(now)
                })?;
            }
            Ok(done)
        })
        .await
    }

    /// Backups from before an erasing that are a week old go, once there is a newer one.
    pub(super) async fn forget_old_backups(&self) -> Result<()> {
        let opened = self.opened()?;
        let until = self.now().plus_days(-BACKUP_LIFE_DAYS);
        let Some(clean_at) = opened
            .store
            .read(move |tx| tx.newest_unclean_erasure(until))
            .await?
        else {
            return Ok(());
        };
        let folder = self.inner.paths.backups.clone();
        let older = purge::backups_until(&folder, clean_at)?;
        let newest = backup::list_backups(&folder)?
            .first()
            .map(|one| one.made_at);
        if !older.is_empty() && newest.is_none_or(|made| made <= clean_at) {
            self.db_backup(None).await?;
        }
        let now = self.now();
        let store = opened.store.clone();
        blocking(move || {
            purge::remove_all(&older)?;
            store.write_blocking(|tx| tx.backups_are_clean(clean_at, now))
        })
        .await
    }

    /// A fresh backup, and then none of the older ones and no copy that was set aside. How many files of data went.
    async fn purge_copies(&self, opened: &Opened, clean_at: UtcMillis) -> Result<u32> {
        let app = self.clone();
        let store = opened.store.clone();
        let key = opened.keys().vault.file_key().sqlcipher_pragma_value();
        blocking(move || {
            let paths = &app.inner.paths;
            let fresh = free_backup_time(&paths.backups, app.now().max(UtcMillis(clean_at.0 + 1)));
            let made = backup::daily_backup(&store, &paths.sidecar, &key, &paths.backups, fresh)?;
            let backups = purge::backups_but(&paths.backups, &made.path)?;
            let aside = purge::set_aside(&paths.database, &paths.sidecar)?;
            let copies = purge::data_files(&aside, &paths.database).len();
            let removed = purge::remove_all(&backups)?;
            purge::remove_all(&aside)?;
            let now = app.now();
            store.write_blocking(|tx| tx.backups_are_clean(now, now))?;
            Ok(removed.saturating_add(u32::try_from(copies).unwrap_or(u32::MAX)))
        })
        .await
    }

    /// Backups made up to a moment, and copies that were set aside.
    fn copies(&self, until: UtcMillis) -> Result<(u32, u32)> {
        let paths = &self.inner.paths;
        let number = |files: &[PathBuf]| u32::try_from(files.len()).unwrap_or(u32::MAX);
        let aside = purge::set_aside(&paths.database, &paths.sidecar)?;
        Ok((
            number(&purge::backups_until(&paths.backups, until)?),
            number(&purge::data_files(&aside, &paths.database)),
        ))
    }
}

/// Takes a member who left long ago out of its connection: what names her apart from her own rows is gone already.
pub(super) fn erase_leaver(tx: &Writer<'_>, member: &MemberRecord) -> Result<()> {
    let connection_id = member.connection_id;
    tx.delete_member(member.id)?;
    tx.forget_match_choices_about(member.id)?;
    tx.audit_forget_member(member.id)?;
    let rows = tx.delete_rows_of_member(connection_id, member.id)?;
    drop_waiting(tx, connection_id, &rows.plans)?;
    let person = PersonKeys::of(member.base.as_ref(), &member.current);
    for key in kept_out_keys(connection_id, &person) {
        tx.forget_kept_out(connection_id, &key)?;
        tx.forget_match_choice(connection_id, &key)?;
    }
    Ok(())
}

/// Takes a person out of all connections of a club.
pub(super) fn erase_person(
    tx: &Writer<'_>,
    club: ClubAt,
    person: &PersonKeys,
    known: Option<&MemberRecord>,
) -> Result<Erased> {
    let mut gone = Erased::default();
    for connection_id in tx.connections_of(club)? {
        let mut plans = BTreeSet::new();
        for member in members_of(tx, connection_id, person, known)? {
            gone.decisions += tx.known_about(connection_id, member)?.decisions;
            for one in proposing(tx, connection_id, member, person)? {
                tx.delete_plan_row(one.run_id, one.number)?;
                gone.plan_rows += 1;
                plans.insert(one.run_id);
            }
            tx.forget_match_choices_about(member)?;
            gone.members += u64::from(tx.delete_member(member)?);
            tx.audit_forget_member(member)?;
            take(
                &mut gone,
                &mut plans,
                tx.delete_rows_of_member(connection_id, member)?,
            );
        }
        for id in &person.ids {
            take(
                &mut gone,
                &mut plans,
                tx.delete_rows_of_id(connection_id, id)?,
            );
        }
        for names in &person.names {
            take(
                &mut gone,
                &mut plans,
                tx.delete_rows_of_names(connection_id, names)?,
            );
        }
        for key in kept_out_keys(connection_id, person) {
            tx.forget_kept_out(connection_id, &key)?;
            tx.forget_match_choice(connection_id, &key)?;
        }
        gone.plans_dropped += drop_waiting(tx, connection_id, &plans)?;
    }
    for id in &person.ids {
        gone.requests += tx.mask_in_requests(club.connector_id, id)? as u64;
    }
    Ok(gone)
}

/// Lets go of plans that wait and have lost a row: they are not what was previewed. How many there were.
fn drop_waiting(tx: &Writer<'_>, connection_id: Uuid, touched: &BTreeSet<Uuid>) -> Result<u64> {
    let mut waiting = tx.runs_in_of(RunState::Planned, connection_id)?;
    waiting.extend(tx.runs_in_of(RunState::Held, connection_id)?);
    let dropped = waiting
        .iter()
        .filter(|run| touched.contains(&run.id))
        .count();
    if dropped > 0 {
        supersede(tx, connection_id)?;
    }
    Ok(dropped as u64)
}

fn take(gone: &mut Erased, plans: &mut BTreeSet<Uuid>, rows: crate::store::erase::Rows) {
    gone.plan_rows += rows.plan;
    gone.undo_rows += rows.undo;
    plans.extend(rows.plans);
}

/// The members of a connection who are the person.
fn members_of(
    tx: &Writer<'_>,
    connection_id: Uuid,
    person: &PersonKeys,
    known: Option<&MemberRecord>,
) -> Result<BTreeSet<Uuid>> {
    let mut found = BTreeSet::new();
    found.extend(
        known
            .filter(|member| member.connection_id == connection_id)
            .map(|member| member.id),
    );
    for id in &person.ids {
        let member = tx.member_by_external(connection_id, id)?;
        found.extend(member.map(|member| member.id));
    }
    for one in &person.names {
        for member in tx.members_by_names(connection_id, &one.names)? {
            if person.is_of(&PersonKeys::of(member.base.as_ref(), &member.current)) {
                found.insert(member.id);
            }
        }
    }
    Ok(found)
}

pub(super) fn club_of(tx: &Writer<'_>, member: &MemberRecord) -> Result<ClubAt> {
    let connection = tx.connection_by_id(member.connection_id)?;
    let connection = connection.ok_or_else(no_member)?;
    Ok(ClubAt {
        connector_id: connection.connector_id,
        organisation_id: connection.organisation_id,
    })
}

/// A moment whose name no backup has yet; they are named by seconds.
fn free_backup_time(folder: &Path, from: UtcMillis) -> UtcMillis {
    let mut time = from;
    while folder.join(backup::file_name(time)).exists() {
        time = UtcMillis(time.0.saturating_add(1_000));
    }
    time
}

fn being_made() -> Error {
    Error::refused(
        Code::ChangedMeanwhile,
        "a run of this club is being made and may hold the person; wait for it or stop it first; nothing was changed"
            .to_owned(),
    )
}
