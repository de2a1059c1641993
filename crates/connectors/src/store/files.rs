//! What the store does with whole files: private creation, durable renames, names beside a file.
//! Nothing here opens the data file while a connection is open: closing such a handle would drop
//! the locks of that connection (POSIX).

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::clock::UtcMillis;
use crate::error::{Error, Result, StorageProblem};

/// What `SQLite` keeps beside a data file: the write-ahead log and its shared memory.
pub(super) const COMPANIONS: [&str; 2] = ["-wal", "-shm"];

/// `path` with something appended to its last part.
pub(super) fn sibling(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// The folder of a file.
pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Resolves links in the folder's path, so that only the file itself must not be one.
pub(super) fn resolve(path: &Path) -> Result<PathBuf> {
    let folder = folder_of(path);
    let name = path.file_name().ok_or_else(|| not_a_file(path))?;
    if cfg!(windows) {
        return Ok(path.to_path_buf());
    }
    let resolved = fs::canonicalize(folder).map_err(|error| Error::io("open", folder, error))?;
    Ok(resolved.join(name))
}

/// Whether anything has this name, a dangling link included.
pub(super) fn exists(path: &Path) -> Result<bool> {
    match fs::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Error::io("read", path, error)),
    }
}

/// Makes the folder of a file, mode 0700; one that is there is left as it is.
pub(super) fn create_folder(path: &Path) -> Result<()> {
    super::folder::prepare(folder_of(path))
}

/// Makes an empty file, mode 0600; one that is there is an error.
pub(super) fn create_private(path: &Path) -> Result<File> {
    private(OpenOptions::new().read(true).write(true).create_new(true))
        .open(path)
        .map_err(|error| Error::io("create", path, error))
}

/// Opens the lock file, which may be there or not and never holds anything.
pub(super) fn open_lock(path: &Path) -> Result<File> {
    private(
        OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false),
    )
    .open(path)
    .map_err(|error| Error::io("lock", path, error))
}

fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// Refuses what cannot be a data file, before `SQLite` sees it: nothing there, no permission, no
/// bytes. An empty file is a lost one, and must not be filled anew.
pub(super) fn require_usable(path: &Path) -> Result<()> {
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .open(path)
        .map_err(|error| Error::io("open", path, error))?;
    let metadata = file
        .metadata()
        .map_err(|error| Error::io("read", path, error))?;
    if metadata.is_file() && metadata.len() > 0 {
        Ok(())
    } else {
        Err(Error::Damaged {
            path: path.to_path_buf(),
        })
    }
}

/// Waits until a file is on the disk.
pub(super) fn sync(path: &Path) -> Result<()> {
    OpenOptions::new()
        .write(true)
        .open(path)
        .and_then(|file| file.sync_all())
        .map_err(|error| Error::io("write", path, error))
}

/// Waits until a folder's names are on the disk.
pub(super) fn sync_folder(folder: &Path) -> Result<()> {
    if cfg!(windows) {
        // Windows has no such call for folders; its renames are journalled.
        return Ok(());
    }
    File::open(folder)
        .and_then(|file| file.sync_all())
        .map_err(|error| Error::io("write", folder, error))
}

/// Renames within a folder, so that it outlasts a power cut.
pub(super) fn rename_durably(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).map_err(|error| Error::io("rename to", to, error))?;
    sync_folder(folder_of(to))
}

/// Removes a file; none there is fine.
pub(super) fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::io("remove", path, error))
        }
        _ => Ok(()),
    }
}

/// Removes a data file of ours that never came into use, with what is beside it.
pub(super) fn remove_with_companions(path: &Path) -> Result<()> {
    remove(path)?;
    for suffix in COMPANIONS.into_iter().chain(["-journal"]) {
        remove(&sibling(path, suffix))?;
    }
    Ok(())
}

/// Writes a small file whole or not at all.
pub(super) fn write_atomically(path: &Path, bytes: &[u8]) -> Result<()> {
    let draft = sibling(path, ".tmp");
    remove(&draft)?;
    let mut file = create_private(&draft)?;
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .map_err(|error| Error::io("write", &draft, error))?;
    drop(file);
    rename_durably(&draft, path)
}

/// Moves a damaged data file and its log out of the way and answers its new name,
/// `connectors.db.damaged-20261123T115332Z`. Nothing is overwritten or removed. Only for a person
/// who restores a backup; the caller has closed the store.
pub fn set_aside(path: &Path, now: UtcMillis) -> Result<PathBuf> {
    let _alone = super::owner::OwnerLock::exclusive(path)?;
    let suffix = free_suffix(path, "damaged", now)?;
    let aside = sibling(path, &suffix);
    for companion in COMPANIONS {
        let from = sibling(path, companion);
        if exists(&from)? {
            rename_durably(&from, &sibling(&aside, companion))?;
        }
    }
    rename_durably(path, &aside)?;
    Ok(aside)
}

/// A suffix `.<word>-<time>[-n]` under which neither the file nor a companion exists.
pub(super) fn free_suffix(path: &Path, word: &str, now: UtcMillis) -> Result<String> {
    let time = compact_time(now);
    for attempt in 1..1_000 {
        let suffix = if attempt == 1 {
            format!(".{word}-{time}")
        } else {
            format!(".{word}-{time}-{attempt}")
        };
        let candidate = sibling(path, &suffix);
        let mut free = !exists(&candidate)?;
        for companion in COMPANIONS {
            free = free && !exists(&sibling(&candidate, companion))?;
        }
        if free {
            return Ok(suffix);
        }
    }
    Err(Error::Storage {
        problem: StorageProblem::Failed,
        doing: "find a free name beside",
        path: path.to_path_buf(),
        source: None,
    })
}

/// `20261123T115332Z`.
pub(super) fn compact_time(now: UtcMillis) -> String {
    now.to_rfc3339()
        .chars()
        .filter(|c| !matches!(c, '-' | ':'))
        .take(15)
        .chain(['Z'])
        .collect()
}

fn not_a_file(path: &Path) -> Error {
    Error::Storage {
        problem: StorageProblem::Failed,
        doing: "use as a file",
        path: path.to_path_buf(),
        source: None,
    }
}
