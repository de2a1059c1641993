//! Starting with the session of the person, where they have asked for it: an entry in the autostart folder (Desktop Application
//! Autostart Specification 0.5), written and removed with the setting. Packages are made for Linux; elsewhere the setting is refused.

use std::io::Write;
use std::path::{Path, PathBuf};

use connectors::error::{Error, FieldRule, Result};

/// Starts without showing its window.
pub const BACKGROUND: &str = "--background";

const ENTRY: &str = "federation-connectors.desktop";

/// Makes it so.
///
/// # Errors
/// Where the entry cannot be written or removed, or where this system has no such folder.
pub fn set(on: bool) -> Result<()> {
    let folder = folder();
    match (folder, program()) {
        (Some(folder), Some(program)) => put(&folder, on.then_some(program.as_path())),
        // Nothing was ever written there.
        _ if !on => Ok(()),
        _ => Err(Error::field(
            "autostart",
            FieldRule::Unknown,
            "the app cannot start itself on this system; add it to the programs that start with your session",
        )),
    }
}

/// The entry for `program`, or none.
fn put(folder: &Path, program: Option<&Path>) -> Result<()> {
    let path = folder.join(ENTRY);
    let Some(program) = program else {
        return match std::fs::remove_file(&path) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            Err(source) => Err(Error::io("remove", path, source)),
        };
    };
    let Some(exec) = program.to_str().and_then(quoted) else {
        return Err(Error::field(
            "autostart",
            FieldRule::Unknown,
            "the folder of the app has a name that such an entry cannot hold",
        ));
    };
    std::fs::create_dir_all(folder).map_err(|source| Error::io("create", folder, source))?;
    let text = format!(
        "[Desktop Entry]\nType=Application\nName=Federation Connectors\n\
         Comment=Syncs clubs without a window\nExec={exec} {BACKGROUND}\nIcon=federation-connectors\nTerminal=false\n\
         X-GNOME-Autostart-enabled=true\n"
    );
    // Through another name: a session that starts meanwhile sees the old one or the new one.
    let draft = folder.join(".federation-connectors.desktop.new");
    std::fs::File::create(&draft)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .and_then(|()| std::fs::rename(&draft, &path))
        .map_err(|source| Error::io("write", path, source))
}

/// A program as an argument of `Exec` (Desktop Entry Specification 1.5, "The Exec key"): in quotes, with `"`, `` ` ``, `$` and `\`
/// behind a backslash, which itself is doubled because the value is a string; a `%` is doubled. None for a line break.
fn quoted(program: &str) -> Option<String> {
    if program.contains(['\n', '\r', '\0']) {
        return None;
    }
    let mut text = String::from("\"");
    for sign in program.chars() {
        match sign {
            '"' | '`' | '$' => {
                text.push_str("\\\\");
                text.push(sign);
            }
            '\\' => text.push_str("\\\\\\\\"),
            '%' => text.push_str("%%"),
            other => text.push(other),
        }
    }
    text.push('"');
    Some(text)
}

/// Where it was started from: an `AppImage` runs from a place that is gone afterwards.
fn program() -> Option<PathBuf> {
    std::env::var_os("APPIMAGE")
        .map(PathBuf::from)
        .or_else(|| std::env::current_exe().ok())
}

fn folder() -> Option<PathBuf> {
    if !cfg!(all(unix, not(target_os = "macos"))) {
        return None;
    }
    let set = |name: &str| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    set("XDG_CONFIG_HOME")
        .or_else(|| Some(set("HOME")?.join(".config")))
        .map(|config| config.join("autostart"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failing test panics")]

    use super::*;

    #[test]
    fn a_program_is_one_argument_whatever_its_folder_is_called() {
        for (program, expected) in [
            (
                "/usr/bin/federation-connectors",
                "\"/usr/bin/federation-connectors\"",
            ),
            (
                "/home/Aoife Ní Bhriain/app",
                "\"/home/Aoife Ní Bhriain/app\"",
            ),
            ("/opt/a\"b", "\"/opt/a\\\\\"b\""),
            ("/opt/$HOME/`id`", "\"/opt/\\\\$HOME/\\\\`id\\\\`\""),
            ("/opt/100%u", "\"/opt/100%%u\""),
            ("/opt/a\\b", "\"/opt/a\\\\\\\\b\""),
        ] {
            assert_eq!(quoted(program).as_deref(), Some(expected), "{program}");
        }
        assert_eq!(
            quoted("/opt/a\nHidden=true"),
            None,
            "no second line gets in"
        );
    }

    #[test]
    fn the_entry_comes_and_goes_with_the_setting() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("config/autostart");
        put(&folder, None).unwrap();
        assert!(!folder.exists(), "nothing is made for nothing");
        put(
            &folder,
            Some(Path::new("/opt/the app/federation-connectors")),
        )
        .unwrap();
        let text = std::fs::read_to_string(folder.join(ENTRY)).unwrap();
        assert!(
            text.contains("\nExec=\"/opt/the app/federation-connectors\" --background\n"),
            "it starts without a window: {text}"
        );
        assert_eq!(
            std::fs::read_dir(&folder).unwrap().count(),
            1,
            "no draft is left"
        );
        put(&folder, None).unwrap();
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0, "and goes");
    }
}
