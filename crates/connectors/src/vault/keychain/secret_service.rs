//! The Secret Service of freedesktop.org (GNOME keyring, `KWallet`, `KeePassXC`), through the crate
//! that `keyring` itself stands on, with `keyring`'s attributes, so that its entries are found.
//! `keyring` is not used here because it keeps one connection for the life of the process (a
//! keychain that starts or restarts later is never found again), and because it reads a locked
//! collection that hides its items as "no entry". Each call here has its own connection.

use std::collections::HashMap;

use secret_service::blocking::{Collection, Item, SecretService};
use secret_service::{EncryptionType, Error as ServiceError};
use zbus::blocking::Connection;
use zbus::blocking::fdo::DBusProxy;
use zbus::names::BusName;
use zeroize::Zeroizing;

use super::{KeychainError, SERVICE};

const AMBIGUOUS: KeychainError = KeychainError::Failed("it has several entries for this file");

pub(super) fn read(account: &str) -> Result<Zeroizing<String>, KeychainError> {
    let session = Session::open()?;
    session
        .with_item(account, |item| {
            let secret = Zeroizing::new(item.get_secret()?);
            Ok(std::str::from_utf8(&secret).map(|text| Zeroizing::new(text.to_owned())))
        })?
        // Another program's bytes: not a key of ours, and never shown.
        .map_err(|_| KeychainError::Failed("its entry is not text"))
}

pub(super) fn write(account: &str, secret: &str) -> Result<(), KeychainError> {
    let session = Session::open()?;
    let found = session.with_item(account, |item| {
        item.set_secret(secret.as_bytes(), "text/plain")
    });
    match found {
        Err(KeychainError::NoEntry) => session.checked(|service| {
            let collection = match service.get_default_collection() {
                // A new user account has no collection yet; the service asks for its password.
                Err(ServiceError::NoResult) => {
                    service.create_collection("Default keyring", "default")?
                }
                other => other?,
            };
            collection.create_item(
                &format!("Federation Connectors ({account})"),
                attributes(account),
                secret.as_bytes(),
                true,
                "text/plain",
            )?;
            Ok(())
        }),
        other => other,
    }
}

pub(super) fn delete(account: &str) -> Result<(), KeychainError> {
    Session::open()?.with_item(account, |item| {
        item.delete()?;
        Ok(())
    })
}

fn attributes(account: &str) -> HashMap<&str, &str> {
    HashMap::from([("service", SERVICE), ("username", account)])
}

/// One connection to the service.
struct Session {
    bus: Connection,
    service: SecretService<'static>,
}

impl Session {
    fn open() -> Result<Self, KeychainError> {
        let bus = Connection::session().map_err(|_| KeychainError::Absent)?;
        let connect = |way| SecretService::connect_with_existing(way, bus.clone());
        let service = connect(EncryptionType::Dh)
            .or_else(|problem| match problem {
                // Encryption on the session bus is optional for a service.
                ServiceError::Zbus(zbus::Error::MethodError(name, ..))
                    if name.as_str() == "org.freedesktop.DBus.Error.NotSupported" =>
                {
                    connect(EncryptionType::Plain)
                }
                other => Err(other),
            })
            .map_err(|problem| sort(&problem))?;
        Ok(Self { bus, service })
    }

    /// Does one thing with the service and sorts its error.
    fn checked<'s, T>(
        &'s self,
        act: impl FnOnce(&'s SecretService<'static>) -> Result<T, ServiceError>,
    ) -> Result<T, KeychainError> {
        act(&self.service).map_err(|problem| match problem {
            ServiceError::Prompt if !self.could_ask() => KeychainError::Locked,
            other => sort(&other),
        })
    }

    /// Finds the one entry of an account, unlocks it where needed and does one thing with it.
    fn with_item<T>(
        &self,
        account: &str,
        act: impl FnOnce(&Item<'_>) -> Result<T, ServiceError>,
    ) -> Result<T, KeychainError> {
        let find = || {
            self.checked(|service| {
                let found = service.search_items(attributes(account))?;
                let (open, locked) = (found.unlocked, found.locked);
                Ok(open.into_iter().chain(locked).collect::<Vec<_>>())
            })
        };
        let mut items = find()?;
        if items.is_empty() && self.unlock_default()? {
            items = find()?;
        }
        match items.as_slice() {
            [] if self.any_locked()? => Err(KeychainError::Locked),
            [] => Err(KeychainError::NoEntry),
            [item] => self.checked(|_| {
                if item.is_locked()? {
                    item.unlock()?;
                }
                act(item)
            }),
            _ => Err(AMBIGUOUS),
        }
    }

    /// Some services show no items of a locked collection. Unlocks the default one, asking a
    /// person where needed; false where it is open already or there is none.
    fn unlock_default(&self) -> Result<bool, KeychainError> {
        self.checked(|service| match service.get_default_collection() {
            Err(ServiceError::NoResult) => Ok(false),
            Err(other) => Err(other),
            Ok(collection) if !collection.is_locked()? => Ok(false),
            Ok(collection) => collection.unlock().map(|()| true),
        })
    }

    /// Whether an entry may be hidden in a collection that is locked.
    fn any_locked(&self) -> Result<bool, KeychainError> {
        self.checked(|service| {
            let collections = service.get_all_collections()?;
            let mut locked = collections.iter().map(Collection::is_locked);
            locked.try_fold(false, |any, one| one.map(|locked| any || locked))
        })
    }

    /// GNOME's keyring answers "dismissed" also where its prompter cannot start (no display): it
    /// is then not on the bus, while after a real question it still is for some seconds. Other
    /// services are taken at their word.
    fn could_ask(&self) -> bool {
        let ask = || -> zbus::Result<bool> {
            let bus = DBusProxy::new(&self.bus)?;
            let owner = |name: &'static str| -> zbus::Result<_> {
                Ok(bus.get_name_owner(BusName::try_from(name)?)?)
            };
            let keyring = owner("org.gnome.keyring").ok();
            let is_gnome = keyring == Some(owner("org.freedesktop.secrets")?);
            Ok(!is_gnome || owner("org.gnome.keyring.SystemPrompter").is_ok())
        };
        ask().unwrap_or(true)
    }
}

/// Only the kind of an error is kept: its text could hold what was being stored.
fn sort(problem: &ServiceError) -> KeychainError {
    match problem {
        ServiceError::Locked => KeychainError::Locked,
        ServiceError::Prompt => KeychainError::Dismissed,
        ServiceError::Unavailable => KeychainError::Absent,
        ServiceError::PromptDisconnected => {
            KeychainError::Failed("it stopped while its question was open")
        }
        ServiceError::NoResult => KeychainError::Failed("it has no place for the entry"),
        ServiceError::Crypto(_) => KeychainError::Failed("its answer cannot be decrypted"),
        ServiceError::Zbus(zbus::Error::MethodError(name, ..)) => sort_name(name.as_str()),
        ServiceError::Zbus(zbus::Error::FDO(inner)) => sort_fdo(inner),
        ServiceError::ZbusFdo(inner) => sort_fdo(inner),
        ServiceError::Zbus(zbus::Error::InputOutput(_)) => {
            KeychainError::Failed("the connection to it was cut")
        }
        _ => KeychainError::Failed("its answer makes no sense"),
    }
}

fn sort_fdo(problem: &zbus::fdo::Error) -> KeychainError {
    use zbus::DBusError;
    match problem {
        zbus::fdo::Error::ZBus(zbus::Error::MethodError(name, ..)) => sort_name(name.as_str()),
        zbus::fdo::Error::ZBus(_) => KeychainError::Failed("the connection to it was cut"),
        other => sort_name(other.name().as_str()),
    }
}

fn sort_name(name: &str) -> KeychainError {
    match name {
        "org.freedesktop.Secret.Error.IsLocked" => KeychainError::Locked,
        "org.freedesktop.DBus.Error.ServiceUnknown"
        | "org.freedesktop.DBus.Error.NameHasNoOwner" => KeychainError::Absent,
        // The service could not be started on demand.
        name if name.starts_with("org.freedesktop.DBus.Error.Spawn.") => KeychainError::Absent,
        "org.freedesktop.DBus.Error.NoReply" | "org.freedesktop.DBus.Error.Disconnected" => {
            KeychainError::Failed("it stopped while it was asked")
        }
        "org.freedesktop.Secret.Error.NoSuchObject"
        | "org.freedesktop.Secret.Error.NoSession"
        | "org.freedesktop.DBus.Error.UnknownObject"
        | "org.freedesktop.DBus.Error.UnknownMethod" => {
            KeychainError::Failed("it does not know what it was asked for")
        }
        _ => KeychainError::Failed("it refused"),
    }
}
