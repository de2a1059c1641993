//! Links of the app's own scheme, as the operating system and other programs deliver them: taken
//! in once, handed to the product, the window brought to the front. Nothing of a link is trusted,
//! read or logged here; what it completes is the product's to decide.

use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};

use connectors::view::AppStateView;
use connectors::{App, Delivery};
use tauri::{AppHandle, Manager, Runtime, Url};

use crate::events::{Event, emit};
use crate::{autostart, background};

/// The scheme in `tauri.conf.json` and in the desktop entry (RFC 8252 §7.1).
const SCHEME: &str = "com.playerarc.connectors";

/// Longest link that is looked at, in bytes.
const LONGEST: usize = 8 * 1024;

/// Links that are remembered. Nobody has more sign-ins under way at once.
const REMEMBERED: usize = 16;

/// Which links were taken in. One that starts the app comes twice, as an argument and from the
/// plugin; it can complete a sign-in once. Kept as keyed hashes: a link carries a code.
#[derive(Default)]
pub struct Links {
    key: RandomState,
    taken: Mutex<VecDeque<u64>>,
}

impl Links {
    /// Whether this link is new. The plugin gives it as an address, the system as it is, so that
    /// the two are compared as addresses.
    fn take(&self, link: &str) -> bool {
        let hash = self.hash(link);
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.contains(&hash) {
            return false;
        }
        if taken.len() == REMEMBERED {
            taken.pop_front();
        }
        taken.push_back(hash);
        true
    }

    /// A link that completed nothing may come again, for example after a full disk.
    fn forget(&self, link: &str) {
        let hash = self.hash(link);
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.retain(|one| *one != hash);
    }

    fn hash(&self, link: &str) -> u64 {
        match Url::parse(link) {
            Ok(url) => self.key.hash_one(url.as_str()),
            Err(_) => self.key.hash_one(link),
        }
    }
}

/// Takes in the link that this process was started with, and those that the system sends later
/// (macOS). Called once, before the file is opened.
pub fn listen<R: Runtime>(handle: &AppHandle<R>) {
    use tauri_plugin_deep_link::DeepLinkExt;

    let later = handle.clone();
    handle.deep_link().on_open_url(move |event| {
        for url in event.urls() {
            arrived(&later, url.as_str());
        }
    });
    let arguments: Option<Vec<String>> = std::env::args_os()
        .map(|argument| argument.into_string().ok())
        .collect();
    if let Some(link) = arguments.as_deref().and_then(link_of) {
        arrived(handle, link);
    }
    // A link that started the app is not told to the listener above.
    for url in handle
        .deep_link()
        .get_current()
        .ok()
        .flatten()
        .into_iter()
        .flatten()
    {
        arrived(handle, url.as_str());
    }
}

/// A second process was started and has ended: its link is ours, and the person wants this window.
/// Any program of this person can call this.
pub fn started_again<R: Runtime>(handle: &AppHandle<R>, arguments: &[String]) {
    match link_of(arguments) {
        Some(link) => arrived(handle, link),
        // The session starts it once more where a person has signed in twice; nobody asked for the window.
        None if arguments.iter().any(|one| one == autostart::BACKGROUND) => {}
        None => background::reveal(handle),
    }
}

/// Hands a link to the product, beside whoever brought it.
fn arrived<R: Runtime>(handle: &AppHandle<R>, link: &str) {
    if link.len() > LONGEST {
        tracing::warn!(
            bytes = link.len(),
            "a link that is too long was not looked at"
        );
        return;
    }
    if !handle.state::<Links>().take(link) {
        tracing::debug!("a link came a second time");
        return;
    }
    tracing::info!(bytes = link.len(), "a link arrived");
    let handle = handle.clone();
    let link = link.to_owned();
    tauri::async_runtime::spawn(async move {
        let app = handle.state::<App>().inner().clone();
        match app.deliver_link(&link).await {
            Ok(Delivery::Done(_)) => {}
            // The file may have been opened while the link was put aside.
            Ok(Delivery::Waiting) => {
                tracing::info!("a link waits until the file is open");
                // It may have been opened while the link was put aside.
                if matches!(app.status().await.app, AppStateView::Open) {
                    background::deliver_waiting_links(&handle, &app).await;
                }
            }
            Err(error) => {
                handle.state::<Links>().forget(&link);
                tracing::warn!(code = ?error.code(), "a link completed no sign-in");
            }
        }
        // Also where it came to nothing: the connector says why.
        emit(&handle, &Event::ConnectorsChanged);
        background::reveal(&handle);
    });
}

/// The link on a command line: its only argument (Linux, Windows). With anything beside it, it
/// was not the system that started us.
fn link_of(arguments: &[String]) -> Option<&str> {
    match arguments {
        [_program, link] if is_link(link) => Some(link),
        _ => None,
    }
}

fn is_link(text: &str) -> bool {
    text.split_once(':')
        .is_some_and(|(scheme, _)| scheme.eq_ignore_ascii_case(SCHEME))
}

#[cfg(test)]
mod tests {
    use super::{Links, link_of};

    const LINK: &str = "com.playerarc.connectors:/oauth/x?code=1&state=2";

    #[test]
    fn a_link_is_the_only_argument() {
        let program = "federation-connectors";
        for (arguments, expected) in [
            (&[program, LINK][..], Some(LINK)),
            (
                &[program, "COM.PlayerArc.connectors:/oauth/x"],
                Some("COM.PlayerArc.connectors:/oauth/x"),
            ),
            (&[program], None),
            (&[], None),
            (&[LINK], None),
            (&[program, LINK, LINK], None),
            (&[program, LINK, "--hidden"], None),
            (&[program, "--hidden", LINK], None),
            (&[program, "--com.playerarc.connectors:/oauth/x"], None),
            (&[program, "-com.playerarc.connectors:/oauth/x"], None),
            (&[program, " com.playerarc.connectors:/oauth/x"], None),
            (&[program, "com.playerarc.connectors"], None),
            (&[program, "com.playerarc.connectors.evil:/oauth/x"], None),
            (
                &[
                    program,
                    "https://example.org/com.playerarc.connectors:/oauth",
                ],
                None,
            ),
            (&[program, ""], None),
        ] {
            let arguments: Vec<String> = arguments.iter().map(|&one| one.to_owned()).collect();
            assert_eq!(link_of(&arguments), expected, "{arguments:?}");
        }
    }

    #[test]
    fn the_same_link_is_taken_in_once() {
        let links = Links::default();
        assert!(links.take(LINK), "the first time it is new");
        assert!(!links.take(LINK), "then it is not");
        let as_address = "COM.playerarc.connectors:/oauth/x?code=1&state=2";
        assert!(!links.take(as_address), "nor as the plugin writes it");
        assert!(
            links.take("com.playerarc.connectors:/oauth/x?code=1&state=3"),
            "another one is new"
        );
        links.forget(LINK);
        assert!(links.take(LINK), "what came to nothing may come again");
        for number in 0..40 {
            assert!(
                links.take(&format!("com.playerarc.connectors:/oauth/{number}")),
                "all are new"
            );
        }
        assert!(
            links.taken.lock().is_ok_and(|taken| taken.len() == 16),
            "and the memory is short"
        );
    }
}
