//! Preferences of this computer: appearance, and how much is shown. They live in a plain file beside the data file,
//! because the locked screen and the very first paint need them. Nothing personal is in it.

use std::io::Write;
use std::path::Path;

use crate::error::{Error, Result};
use crate::view::AppSettings;

const FILE_NAME: &str = "preferences.json";

/// Reads the preferences; the defaults where there is no file or it cannot be understood (it holds
/// nothing that cannot be chosen again).
pub fn read(data_dir: &Path) -> AppSettings {
    std::fs::read(data_dir.join(FILE_NAME))
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default()
}

/// Writes the preferences through a temporary file, so that a reader sees the old or the new ones.
pub fn write(data_dir: &Path, settings: &AppSettings) -> Result<()> {
    let path = data_dir.join(FILE_NAME);
    let temporary = data_dir.join("preferences.json.new");
    let text = serde_json::to_vec_pretty(settings)
        .map_err(|source| Error::internal("write the preferences", source))?;
    std::fs::create_dir_all(data_dir).map_err(|source| Error::io("create", data_dir, source))?;
    let written = std::fs::File::create(&temporary)
        .and_then(|mut file| file.write_all(&text).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&temporary, &path));
    written.map_err(|source| Error::io("write", path, source))
}
