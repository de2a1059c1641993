//! Backups: one file each, checked after it was written, never written over another. The daily ones
//! live in a folder of their own and the newest seven are kept. Nothing here restores.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::backup::{Backup, StepResult};

use super::connection::{self, Mode};
use super::sqlite_error::SqliteResult;
use super::{Store, archive, check, files, migrate};
use crate::clock::{Stopwatch, UtcMillis};
use crate::error::{Code, Error, Result};

/// Daily backups kept.
pub const KEPT: usize = 7;
const EXTENSION: &str = "fcbackup";
const DAY_MS: i64 = 86_400_000;

/// A backup file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupRecord {
    /// Full path.
    pub path: PathBuf,
    /// Bytes.
    pub size: u64,
    /// Made.
    pub made_at: UtcMillis,
    /// Format of the database in it.
    pub schema_version: u32,
    /// It was read back and checked after it was written; false for one that was only listed.
    pub verified: bool,
}

/// Takes a backup of the open file and of its sidecar into `to`, which must not exist yet.
///
/// The copy is a snapshot; writers go on meanwhile. It is checked (`quick_check`, references,
/// format), packed, waited for, read back and compared, and only then gets its name.
/// `key` is the file's raw key; the copy is encrypted with it.
pub fn backup(
    store: &Store,
    sidecar: &Path,
    key: &str,
    to: &Path,
    now: UtcMillis,
) -> Result<BackupRecord> {
    refuse_existing(to)?;
    let to = files::resolve(to)?;
    let copy = files::sibling(&to, ".copying");
    let packed = files::sibling(&to, ".packing");
    let result =
        copy_and_pack(store, sidecar, key, &copy, &packed, now).and_then(|schema_version| {
            // Looked at again, because copying takes time; renaming would overwrite.
            refuse_existing(&to)?;
            files::rename_durably(&packed, &to)?;
            let size = fs::metadata(&to)
                .map_err(|error| Error::io("read", &to, error))?
                .len();
            Ok(BackupRecord {
                path: to.clone(),
                size,
                made_at: now,
                schema_version,
                verified: true,
            })
        });
    let cleaned = files::remove_with_companions(&copy).and_then(|()| files::remove(&packed));
    let record = result?;
    cleaned?;
    Ok(record)
}

/// Takes the daily backup into `folder` and lets the oldest beyond seven go.
pub fn daily_backup(
    store: &Store,
    sidecar: &Path,
    key: &str,
    folder: &Path,
    now: UtcMillis,
) -> Result<BackupRecord> {
    let to = folder.join(file_name(now));
    files::create_folder(&to)?;
    let record = backup(store, sidecar, key, &to, now)?;
    prune(folder)?;
    Ok(record)
}

/// The name of a backup made at `now`: `connectors-20261123-115332.fcbackup` (UTC).
pub fn file_name(now: UtcMillis) -> String {
    let time = files::compact_time(now);
    let (day, rest) = time.split_at(time.find('T').unwrap_or(0));
    let clock: String = rest.chars().filter(char::is_ascii_digit).collect();
    format!("connectors-{day}-{clock}.{EXTENSION}")
}

/// Whether the newest backup in the folder is a day old, or of the future, or missing.
pub fn daily_backup_due(folder: &Path, now: UtcMillis) -> Result<bool> {
    let newest = list_backups(folder)?.first().map(|record| record.made_at.0);
    Ok(newest.is_none_or(|made| made > now.0 || now.0 - made >= DAY_MS))
}

/// The backups in a folder, newest first. Of each only the manifest is read; files that have none
/// are left out. No folder: no backups.
pub fn list_backups(folder: &Path) -> Result<Vec<BackupRecord>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::io("read", folder, error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry
            .map_err(|error| Error::io("read", folder, error))?
            .path();
        if path
            .extension()
            .is_none_or(|extension| extension != EXTENSION)
        {
            continue;
        }
        // A file that vanished or is not ours is no reason to show none of the others.
        if let Ok(record) = look_at(&path) {
            found.push(record);
        }
    }
    found.sort_by(|a, b| (b.made_at, &b.path).cmp(&(a.made_at, &a.path)));
    Ok(found)
}

/// Reads what a backup says about itself, without checking its content.
pub fn look_at(path: &Path) -> Result<BackupRecord> {
    let manifest = archive::read_manifest(path)?;
    let size = fs::metadata(path)
        .map_err(|error| Error::io("read", path, error))?
        .len();
    Ok(BackupRecord {
        path: path.to_path_buf(),
        size,
        made_at: UtcMillis(manifest.made_at),
        schema_version: manifest.schema_version,
        verified: false,
    })
}

/// Reads a whole backup and compares it with its manifest.
pub fn verify(path: &Path) -> Result<BackupRecord> {
    archive::read(path, &mut io::sink(), &mut io::sink())?;
    let mut record = look_at(path)?;
    record.verified = true;
    Ok(record)
}

/// Removes the oldest daily backups beyond seven; only files with the name of a daily backup.
pub fn prune(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut removed = Vec::new();
    let daily = list_backups(folder)?.into_iter().filter(|record| {
        let name = file_name(record.made_at);
        record
            .path
            .file_name()
            .is_some_and(|found| found == name.as_str())
    });
    for record in daily.skip(KEPT) {
        files::remove(&record.path)?;
        removed.push(record.path);
    }
    Ok(removed)
}

fn copy_and_pack(
    store: &Store,
    sidecar: &Path,
    key: &str,
    copy: &Path,
    packed: &Path,
    now: UtcMillis,
) -> Result<u32> {
    files::remove_with_companions(copy)?;
    files::remove(packed)?;
    let schema_version = copy_database(store, key, copy)?;
    let written = archive::write(packed, copy, sidecar, schema_version, now)?;
    let read_back = archive::read(packed, &mut io::sink(), &mut io::sink())?;
    if read_back == written {
        Ok(schema_version)
    } else {
        Err(unsound())
    }
}

/// Copies the database page by page into a new file and checks the copy. Answers its format.
fn copy_database(store: &Store, key: &str, copy: &Path) -> Result<u32> {
    files::create_private(copy)?;
    let mut target = connection::open(copy, key, Mode::Copy)?;
    store.pool.with_reader(|source, path| {
        // Through a connection of its own that holds one snapshot, the copy never starts over.
        let steps = Backup::new(source, &mut target).explain("back up", path)?;
        let watch = Stopwatch::start();
        loop {
            match steps.step(-1).explain("back up", path)? {
                StepResult::Done => return Ok(()),
                _ if watch.elapsed().as_secs() >= 5 => {
                    return Err(Error::Storage {
                        problem: crate::error::StorageProblem::Failed,
                        doing: "wait any longer, another program keeps it busy:",
                        path: path.to_path_buf(),
                        source: None,
                    });
                }
                _ => std::thread::sleep(std::time::Duration::from_millis(20)),
            }
        }
    })?;
    // A copy without a log beside it: one file that can be packed.
    let journal: String = target
        .query_row("PRAGMA journal_mode = DELETE", [], |row| row.get(0))
        .explain("write", copy)?;
    let sound: String = target
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .explain("check", copy)?;
    let strays = check::references(&target).explain("check", copy)?;
    let schema_version = migrate::version_of(&target, copy)?;
    if journal != "delete" || sound != "ok" || !strays.is_empty() || schema_version == 0 {
        return Err(unsound());
    }
    connection::close(target);
    files::sync(copy)?;
    Ok(schema_version)
}

fn refuse_existing(path: &Path) -> Result<()> {
    if files::exists(path)? {
        return Err(Error::refused(
            Code::BadFile,
            format!(
                "{} is there already; a backup never overwrites, choose another name",
                path.display()
            ),
        ));
    }
    Ok(())
}

fn unsound() -> Error {
    Error::Internal {
        doing: "check the backup that was just written; it was removed",
        source: None,
    }
}
