//! Whether the browser can hand a sign-in back to the app: who opens links of its scheme. Read from where Linux desktops keep that
//! (MIME applications specification 1.0.1), so that no other program has to be there to be asked.

use std::path::{Path, PathBuf};

use super::super::opening::blocking;
use super::{broken, unknown, well};
use crate::view::DoctorLineView;

/// What the system calls links of the app.
const HANDLER: &str = "x-scheme-handler/com.playerarc.connectors";

pub(super) async fn look() -> Vec<DoctorLineView> {
    if !cfg!(all(unix, not(target_os = "macos"))) {
        // Elsewhere the package registers it, and no file says so.
        return Vec::new();
    }
    blocking(|| Ok(vec![line(&folders())]))
        .await
        .unwrap_or_default()
}

/// Where entries of programs lie, the person's own first.
fn folders() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    let base = directories::BaseDirs::new();
    if let Some(base) = &base {
        folders.push(base.config_dir().to_owned());
        folders.push(base.data_dir().join("applications"));
    }
    let shared = std::env::var("XDG_DATA_DIRS")
        .ok()
        .filter(|folders| !folders.is_empty())
        .unwrap_or_else(|| "/usr/local/share:/usr/share".to_owned());
    folders.extend(
        shared
            .split(':')
            .map(|folder| Path::new(folder).join("applications")),
    );
    folders
}

fn line(folders: &[PathBuf]) -> DoctorLineView {
    const INSTALL: &str = "install the package of the app again; until then choose the loopback redirect for a connector, or paste the \
         address that the browser shows";
    let Some(entry) = folders.iter().find_map(|folder| handler_in(folder)) else {
        return unknown(
            "sign-in links",
            "no program opens them, so the browser cannot hand a sign-in back",
            INSTALL,
        );
    };
    if folders.iter().any(|folder| folder.join(&entry).is_file()) {
        well("sign-in links", format!("opened by {entry}"))
    } else {
        broken(
            "sign-in links",
            format!("{entry} is to open them, and it is not there"),
            INSTALL,
        )
    }
}

/// The first entry that a folder's lists name for our links.
fn handler_in(folder: &Path) -> Option<String> {
    ["mimeapps.list", "mimeinfo.cache"].iter().find_map(|list| {
        let text = std::fs::read_to_string(folder.join(list)).ok()?;
        handler(&text)
    })
}

fn handler(list: &str) -> Option<String> {
    let mut refused = false;
    for line in list.lines().map(str::trim) {
        if line.starts_with('[') {
            refused = line == "[Removed Associations]";
        } else if let Some((name, entries)) = line.split_once('=')
            && !refused
            && name.trim() == HANDLER
        {
            let first = entries
                .split(';')
                .map(str::trim)
                .find(|one| !one.is_empty());
            if let Some(first) = first {
                return Some(first.to_owned());
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failing test panics")]

    use super::*;

    #[test]
    fn a_list_names_who_opens_our_links() {
        for (list, expected) in [
            ("", None),
            ("[Default Applications]\ntext/html=firefox.desktop;", None),
            (
                "[Default Applications]\nx-scheme-handler/com.playerarc.connectors=federation-connectors.desktop;other.desktop\n",
                Some("federation-connectors.desktop"),
            ),
            (
                "[MIME Cache]\nx-scheme-handler/com.playerarc.connectors = federation-connectors.desktop",
                Some("federation-connectors.desktop"),
            ),
            (
                "[Removed Associations]\nx-scheme-handler/com.playerarc.connectors=federation-connectors.desktop",
                None,
            ),
            ("x-scheme-handler/com.playerarc.connectors=;", None),
        ] {
            assert_eq!(handler(list).as_deref(), expected, "{list}");
        }
    }

    #[test]
    fn an_entry_that_is_named_must_be_there() {
        let folder = tempfile::tempdir().unwrap();
        let folders = [folder.path().join("none"), folder.path().to_owned()];
        assert_eq!(line(&folders).ok, None, "nobody opens them");
        let list =
            "[Default Applications]\nx-scheme-handler/com.playerarc.connectors=ours.desktop\n";
        std::fs::write(folder.path().join("mimeapps.list"), list).unwrap();
        assert_eq!(line(&folders).ok, Some(false), "the entry is gone");
        std::fs::write(folder.path().join("ours.desktop"), "[Desktop Entry]").unwrap();
        assert_eq!(line(&folders).ok, Some(true), "it is there");
    }
}
