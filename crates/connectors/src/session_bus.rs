//! The session bus of a Linux desktop: who is there to show notifications and icons. Looking only, each step with a deadline, because
//! a session may have a bus that never answers. Sending is the shell's.

use std::time::Duration;

use zbus::blocking::connection::Builder;
use zbus::blocking::fdo::DBusProxy;
use zbus::names::BusName;

/// Who shows notifications (Desktop Notifications Specification 1.2).
pub const NOTIFICATIONS: &str = "org.freedesktop.Notifications";
/// Who shows icons in a panel (`StatusNotifierItem`).
pub const TRAY_WATCHER: &str = "org.kde.StatusNotifierWatcher";

/// How long the bus may take altogether.
const PATIENCE: Duration = Duration::from_secs(3);

/// Who is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// Somebody shows notifications, or would be started to.
    pub notifications: bool,
    /// Somebody shows icons.
    pub tray: bool,
}

/// Why nobody can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BusError {
    /// There is no bus: no desktop session, or one that hides it.
    #[error("there is no session bus")]
    NoBus,
    /// There is one and it does not answer.
    #[error("the session bus does not answer")]
    NoAnswer,
}

/// Looks who is there, on the bus at `address`, or on the one of this session.
///
/// # Errors
/// [`BusError`]; nothing of it concerns the data.
pub async fn look(address: Option<&str>) -> Result<Session, BusError> {
    let address = address.map(str::to_owned);
    let asking = tokio::task::spawn_blocking(move || ask(address.as_deref()));
    match tokio::time::timeout(PATIENCE, asking).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) | Err(_) => Err(BusError::NoAnswer),
    }
}

fn ask(address: Option<&str>) -> Result<Session, BusError> {
    let builder = match address {
        Some(address) => Builder::address(address),
        None => Builder::session(),
    };
    let bus = builder
        .and_then(|builder| builder.method_timeout(PATIENCE).build())
        .map_err(|_| BusError::NoBus)?;
    let bus = DBusProxy::new(&bus).map_err(|_| BusError::NoAnswer)?;
    let there = |name: &'static str| {
        let name = BusName::try_from(name).map_err(|_| BusError::NoAnswer)?;
        bus.name_has_owner(name).map_err(|_| BusError::NoAnswer)
    };
    let startable = || {
        bus.list_activatable_names()
            .is_ok_and(|names| names.iter().any(|name| name.as_str() == NOTIFICATIONS))
    };
    Ok(Session {
        notifications: there(NOTIFICATIONS)? || startable(),
        tray: there(TRAY_WATCHER)?,
    })
}
