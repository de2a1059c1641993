//! The data folder itself, before there is a file in it.

use std::fs::{DirBuilder, OpenOptions};
use std::path::Path;

use crate::error::{Error, Result};

/// Makes the folder for this account only (mode 0700); one that is there is left as it is.
pub fn prepare(folder: &Path) -> Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .map_err(|error| Error::io("create", folder, error))
}

/// Whether files can be made in the folder: makes one, writes to it and removes it.
pub fn probe(folder: &Path) -> Result<()> {
    prepare(folder)?;
    let path = folder.join("probe.tmp");
    let written = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .open(&path)
        .and_then(|mut file| std::io::Write::write_all(&mut file, &[0; 4096]));
    let removed = std::fs::remove_file(&path);
    written
        .and(removed)
        .map_err(|error| Error::io("write", path, error))
}
