//! Putting a backup in the place of the present data. What is there is renamed, never removed. A
//! small note, written before the first rename and removed after the last, lets the next start
//! finish what was interrupted, so that there is always the old data or the new, each with its own sidecar.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::backup::BackupRecord;
use super::owner::OwnerLock;
use super::{SCHEMA_VERSION, archive, backup, files};
use crate::clock::UtcMillis;
use crate::error::{Error, Result};

/// What a restore did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// The backup, as read and compared.
    pub backup: BackupRecord,
    /// Where the earlier data file is now, if there was one.
    pub replaced: Option<PathBuf>,
}

/// The note of a restore under way.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Note {
    /// Appended to the names of what was there.
    suffix: String,
}

/// Puts the backup in the place of `data_file` and `sidecar`, which need not exist.
///
/// The caller has closed its own store and opens the restored file afterwards with the restored
/// sidecar's key. A damaged or foreign backup is [`crate::error::Code::BadFile`], one of a newer
/// format [`Error::NewerSchema`], and a file that someone has open a [`Error::Storage`]; in all
/// three nothing was touched.
pub fn restore(from: &Path, data_file: &Path, sidecar: &Path, now: UtcMillis) -> Result<Restored> {
    let backup = backup::verify(from)?;
    if backup.schema_version > SCHEMA_VERSION {
        return Err(Error::NewerSchema {
            found: backup.schema_version,
            known: SCHEMA_VERSION,
        });
    }
    files::create_folder(data_file)?;
    let _alone = OwnerLock::exclusive(data_file)?;
    finish(data_file, sidecar)?;
    let (new_data, new_sidecar) = (incoming(data_file), incoming(sidecar));
    unpack(from, &new_data, &new_sidecar)?;
    let suffix = suffix_for(data_file, sidecar, now)?;
    let note = serde_json::to_vec(&Note {
        suffix: suffix.clone(),
    })
    .map_err(|error| Error::internal("write the note of a restore", error))?;
    let had_data = files::exists(data_file)?;
    files::write_atomically(&note_path(data_file), &note)?;
    finish(data_file, sidecar)?;
    Ok(Restored {
        backup,
        replaced: had_data.then(|| files::sibling(data_file, &suffix)),
    })
}

/// Finishes a restore that was interrupted; call it before the sidecar is read. Answers whether there
/// was one. Costs one look at the folder where there was none.
pub fn finish_interrupted_restore(data_file: &Path, sidecar: &Path) -> Result<bool> {
    if !files::exists(&note_path(data_file))? {
        return Ok(false);
    }
    let _alone = OwnerLock::exclusive(data_file)?;
    finish(data_file, sidecar)
}

/// Rolls a noted restore forward from wherever it stopped. Each step looks at what is there, so
/// that it can be repeated any number of times.
fn finish(data_file: &Path, sidecar: &Path) -> Result<bool> {
    let note_path = note_path(data_file);
    if !files::exists(&note_path)? {
        return Ok(false);
    }
    let text = std::fs::read(&note_path).map_err(|error| Error::io("read", &note_path, error))?;
    // The note was renamed into place whole; one that cannot be read was damaged afterwards.
    let note: Note = serde_json::from_slice(&text).map_err(|_| Error::Damaged {
        path: note_path.clone(),
    })?;
    // The log belongs to the old data and must be gone before the new data has the name.
    if files::exists(&incoming(data_file))? {
        for companion in files::COMPANIONS {
            let aside = files::sibling(&files::sibling(data_file, &note.suffix), companion);
            move_aside(&files::sibling(data_file, companion), &aside)?;
        }
    }
    for file in [sidecar, data_file] {
        let new = incoming(file);
        if files::exists(&new)? {
            move_aside(file, &files::sibling(file, &note.suffix))?;
            files::rename_durably(&new, file)?;
        }
    }
    files::remove(&note_path)?;
    files::sync_folder(files::folder_of(data_file))?;
    Ok(true)
}

fn move_aside(from: &Path, to: &Path) -> Result<()> {
    if files::exists(from)? {
        files::rename_durably(from, to)?;
    }
    Ok(())
}

/// Writes both files whole and waits for the disk. What an earlier restore left unfinished before
/// its note is overwritten.
fn unpack(from: &Path, new_data: &Path, new_sidecar: &Path) -> Result<()> {
    files::remove_with_companions(new_data)?;
    files::remove(new_sidecar)?;
    let unpacked = (|| {
        let mut data = files::create_private(new_data)?;
        let mut keys = files::create_private(new_sidecar)?;
        archive::read(from, &mut data, &mut keys)?;
        for (file, path) in [(&mut data, new_data), (&mut keys, new_sidecar)] {
            file.flush()
                .and_then(|()| file.sync_all())
                .map_err(|error| Error::io("write", path, error))?;
        }
        files::sync_folder(files::folder_of(new_data))
    })();
    if unpacked.is_err() {
        // Half a copy is of no use; the first error is the one to tell.
        let _ = files::remove(new_data);
        let _ = files::remove(new_sidecar);
    }
    unpacked
}

/// A suffix that is free for both files, so that no rename overwrites anything.
fn suffix_for(data_file: &Path, sidecar: &Path, now: UtcMillis) -> Result<String> {
    let mut time = now;
    loop {
        let suffix = files::free_suffix(data_file, "replaced", time)?;
        if !files::exists(&files::sibling(sidecar, &suffix))? {
            return Ok(suffix);
        }
        time = UtcMillis(time.0.saturating_add(1_000));
    }
}

fn note_path(data_file: &Path) -> PathBuf {
    files::sibling(data_file, ".restore-note")
}

fn incoming(file: &Path) -> PathBuf {
    files::sibling(file, ".restoring")
}
