//! What the desktop session offers: a bus, somebody who shows notifications, a place in the panel. None of them is needed.

use super::{unknown, well};
use crate::view::DoctorLineView;

#[cfg(all(unix, not(target_os = "macos")))]
pub(super) async fn look() -> Vec<DoctorLineView> {
    use crate::session_bus::{BusError, look};

    let fixes = "nothing is needed for syncing; notifications and the icon in the panel need a desktop session";
    match look(None).await {
        Err(BusError::NoBus) => vec![unknown("session bus", "there is none", fixes)],
        Err(BusError::NoAnswer) => vec![unknown(
            "session bus",
            "it does not answer",
            "sign out of this computer and in again",
        )],
        Ok(found) => vec![
            well("session bus", "answers"),
            if found.notifications {
                well("notifications", "this computer shows them")
            } else {
                unknown(
                    "notifications",
                    "this computer has no notification service",
                    "install one (for example dunst), or look at Home instead",
                )
            },
            if found.tray {
                well("panel", "shows icons of programs")
            } else {
                unknown(
                    "panel",
                    "shows no icons of programs",
                    "start the app again to bring its window back; GNOME needs the AppIndicator extension for the icon",
                )
            },
        ],
    }
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
#[allow(clippy::unused_async, reason = "the same on every system")]
pub(super) async fn look() -> Vec<DoctorLineView> {
    Vec::new()
}
