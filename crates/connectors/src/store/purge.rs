//! Deleting whole copies of the data: older backups, and files that a restore or a repair has set aside. Only after somebody was
//! erased, because every copy from before still has the person.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{backup, files};
use crate::clock::UtcMillis;
use crate::error::{Error, Result};

/// Words behind the name of a file that was set aside.
const ASIDE: [&str; 2] = [".replaced-", ".damaged-"];
/// What backups and restores leave where they were cut short.
const UNFINISHED: [&str; 2] = [".copying", ".packing"];

/// Backups in a folder made up to a moment.
pub fn backups_until(folder: &Path, until: UtcMillis) -> Result<Vec<PathBuf>> {
    let all = backup::list_backups(folder)?;
    let older = all.into_iter().filter(|one| one.made_at <= until);
    Ok(older.map(|one| one.path).collect())
}

/// Deletes files. How many there were.
pub fn remove_all(paths: &[PathBuf]) -> Result<u32> {
    let mut removed = 0;
    for path in paths {
        files::remove(path)?;
        removed += 1;
    }
    if let Some(first) = paths.first() {
        files::sync_folder(files::folder_of(first))?;
    }
    Ok(removed)
}

/// Every backup in a folder but one, those that cannot be read and those that were never finished too.
pub fn backups_but(folder: &Path, kept: &Path) -> Result<Vec<PathBuf>> {
    in_folder(folder, |name| {
        let whole = UNFINISHED
            .iter()
            .fold(name, |name, end| name.strip_suffix(end).unwrap_or(name));
        whole.ends_with(".fcbackup")
    })
    .map(|all| all.into_iter().filter(|path| path != kept).collect())
}

/// Copies of the data file and its sidecar that were set aside, with what is beside them.
pub fn set_aside(data_file: &Path, sidecar: &Path) -> Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for file in [data_file, sidecar] {
        let Some(own) = file.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        all.extend(in_folder(files::folder_of(file), |name| {
            name.strip_prefix(own)
                .is_some_and(|rest| ASIDE.iter().any(|word| rest.starts_with(word)))
        })?);
    }
    Ok(all)
}

/// Of these only the data files.
#[must_use]
pub fn data_files(aside: &[PathBuf], data_file: &Path) -> Vec<PathBuf> {
    let own = data_file.file_name().and_then(|name| name.to_str());
    let is_data = |path: &&PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.zip(own).is_some_and(|(name, own)| {
            name.starts_with(own) && !files::COMPANIONS.iter().any(|end| name.ends_with(end))
        })
    };
    aside.iter().filter(is_data).cloned().collect()
}

fn in_folder(folder: &Path, fits: impl Fn(&str) -> bool) -> Result<Vec<PathBuf>> {
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
            .file_name()
            .and_then(|name| name.to_str())
            .is_some_and(&fits)
        {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
