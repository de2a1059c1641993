//! Files for the person: into the Downloads folder, never over another file.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};

use connectors::error::{Error, Result};
use tauri::{AppHandle, Manager, Runtime};

/// Saves `bytes` as `STEM.EXTENSION`, or `STEM (2).EXTENSION` and so on where that exists. Gives
/// back the full path.
pub fn save<R: Runtime>(
    handle: &AppHandle<R>,
    stem: &str,
    extension: &str,
    bytes: &[u8],
) -> Result<String> {
    let folder = handle
        .path()
        .download_dir()
        .or_else(|_| handle.path().home_dir())
        .map_err(|source| Error::internal("find the Downloads folder", source))?;
    std::fs::create_dir_all(&folder).map_err(|source| Error::io("create", &folder, source))?;
    let mut number = 1_u32;
    loop {
        let name = match number {
            1 => format!("{stem}.{extension}"),
            _ => format!("{stem} ({number}).{extension}"),
        };
        let path = folder.join(name);
        match private(OpenOptions::new().write(true).create_new(true)).open(&path) {
            Ok(mut file) => {
                return match file.write_all(bytes).and_then(|()| file.sync_all()) {
                    Ok(()) => Ok(path.display().to_string()),
                    Err(source) => {
                        // Half a file looks like a whole one; it is ours, so it can go.
                        let _gone_or_not = std::fs::remove_file(&path);
                        Err(Error::io("write", path, source))
                    }
                };
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => number += 1,
            Err(source) => return Err(Error::io("write", path, source)),
        }
    }
}

/// For the person alone: such a file may hold what the app itself keeps encrypted.
#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}
