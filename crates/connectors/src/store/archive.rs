//! The one file of a backup: a tar of `manifest.json`, `connectors.db` and `sidecar`, in this order.
//! The manifest is first, so that a list of backups reads a few hundred bytes of each. The database
//! inside is as encrypted as the original; the manifest says nothing about its content.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::files;
use crate::clock::UtcMillis;
use crate::error::{Code, Error, Result};

const MANIFEST: &str = "manifest.json";
const DATABASE: &str = "connectors.db";
const SIDECAR: &str = "sidecar";
/// Far above any real manifest (300 bytes) and sidecar (a few kilobytes).
const SMALL: u64 = 1 << 20;
const FORMAT: u32 = 1;

/// What a backup says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    /// Format of the backup file.
    pub(super) backup_format: u32,
    /// Format of the database in it.
    pub(super) schema_version: u32,
    /// Made, UTC milliseconds.
    pub(super) made_at: i64,
    /// SHA-256 of the database file, lower-case hex.
    pub(super) database_sha256: String,
    /// SHA-256 of the sidecar, lower-case hex.
    pub(super) sidecar_sha256: String,
}

/// Writes the archive of a database file and a sidecar to a new file and waits for the disk.
pub(super) fn write(
    to: &Path,
    database: &Path,
    sidecar: &Path,
    schema_version: u32,
    made_at: UtcMillis,
) -> Result<Manifest> {
    let sidecar_bytes = fs::read(sidecar).map_err(|error| Error::io("read", sidecar, error))?;
    let mut database_file = open(database)?;
    let manifest = Manifest {
        backup_format: FORMAT,
        schema_version,
        made_at: made_at.0,
        database_sha256: copy_hashed(&mut database_file, &mut io::sink())
            .map_err(|error| Error::io("read", database, error))?,
        sidecar_sha256: hex(&Sha256::digest(&sidecar_bytes)),
    };
    let manifest_bytes = serde_json::to_vec_pretty(&manifest)
        .map_err(|error| Error::internal("write the manifest of a backup", error))?;
    let database_file = open(database)?;
    let size = database_file
        .metadata()
        .map_err(|error| Error::io("read", database, error))?
        .len();
    let file = files::create_private(to)?;
    let mut tar = tar::Builder::new(file);
    let mut append = |name: &str, size: u64, data: &mut dyn Read| {
        let mut header = tar::Header::new_ustar();
        header.set_size(size);
        header.set_mode(0o600);
        header.set_mtime(u64::try_from(made_at.0 / 1_000).unwrap_or(0));
        tar.append_data(&mut header, name, data)
    };
    let written = append(
        MANIFEST,
        length(&manifest_bytes),
        &mut manifest_bytes.as_slice(),
    )
    .and_then(|()| append(DATABASE, size, &mut &database_file))
    .and_then(|()| {
        append(
            SIDECAR,
            length(&sidecar_bytes),
            &mut sidecar_bytes.as_slice(),
        )
    });
    written
        .and_then(|()| tar.into_inner())
        .and_then(|file| file.sync_all())
        .map_err(|error| Error::io("write", to, error))?;
    Ok(manifest)
}

/// Reads only what a backup says about itself; its content is not looked at.
pub(super) fn read_manifest(path: &Path) -> Result<Manifest> {
    let mut archive = tar::Archive::new(open(path)?);
    let mut entries = archive.entries().map_err(|_| foreign(path))?;
    let entry = entries.next().ok_or_else(|| foreign(path))?;
    manifest_of(entry.map_err(|_| foreign(path))?, path)
}

/// Reads the whole archive, writes database and sidecar to where they are wanted, and compares both
/// with the manifest. A foreign, cut or altered file is [`Code::BadFile`].
pub(super) fn read(
    path: &Path,
    database: &mut dyn Write,
    sidecar: &mut dyn Write,
) -> Result<Manifest> {
    let mut archive = tar::Archive::new(open(path)?);
    let mut entries = archive.entries().map_err(|_| foreign(path))?;
    let mut next = |name: &str| -> Result<tar::Entry<'_, File>> {
        let entry = entries.next().ok_or_else(|| foreign(path))?;
        let entry = entry.map_err(|_| foreign(path))?;
        if is_file_named(&entry, name) {
            Ok(entry)
        } else {
            Err(foreign(path))
        }
    };
    let manifest = manifest_of(next(MANIFEST)?, path)?;
    let mut copy = |name: &str, cap: u64, to: &mut dyn Write, expected: &str| -> Result<()> {
        let mut entry = next(name)?;
        if entry.size() > cap {
            return Err(foreign(path));
        }
        let found = copy_hashed(&mut entry, to).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::Other => {
                foreign(path)
            }
            _ => Error::io("unpack", path, error),
        })?;
        if found == expected {
            Ok(())
        } else {
            Err(foreign(path))
        }
    };
    copy(DATABASE, u64::MAX, database, &manifest.database_sha256)?;
    copy(SIDECAR, SMALL, sidecar, &manifest.sidecar_sha256)?;
    Ok(manifest)
}

fn manifest_of(mut entry: tar::Entry<'_, File>, path: &Path) -> Result<Manifest> {
    if !is_file_named(&entry, MANIFEST) || entry.size() > SMALL {
        return Err(foreign(path));
    }
    let mut text = String::new();
    entry.read_to_string(&mut text).map_err(|_| foreign(path))?;
    let manifest: Manifest = serde_json::from_str(&text).map_err(|_| foreign(path))?;
    if manifest.backup_format == FORMAT {
        Ok(manifest)
    } else {
        Err(foreign(path))
    }
}

fn is_file_named(entry: &tar::Entry<'_, File>, name: &str) -> bool {
    entry.header().entry_type() == tar::EntryType::Regular
        && entry.path_bytes().as_ref() == name.as_bytes()
}

fn open(path: &Path) -> Result<File> {
    File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Error::refused(
            Code::BadFile,
            format!("there is no file {}", path.display()),
        ),
        _ => Error::io("read", path, error),
    })
}

fn foreign(path: &Path) -> Error {
    Error::refused(
        Code::BadFile,
        format!(
            "{} is not a whole backup of this app: it is damaged, cut short or of another kind; nothing was changed",
            path.display()
        ),
    )
}

fn copy_hashed(from: &mut dyn Read, to: &mut dyn Write) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0_u8; 64 << 10];
    loop {
        let read = match from.read(&mut buffer) {
            Ok(0) => return Ok(hex(&hash.finalize())),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        hash.update(&buffer[..read]);
        to.write_all(&buffer[..read])?;
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}
