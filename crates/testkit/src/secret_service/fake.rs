//! A Secret Service with one collection that follows a script. It speaks as much of
//! `org.freedesktop.Secret` as clients need to find, unlock, read, store and delete one entry;
//! secrets travel unencrypted ("plain"), which the specification allows.
#![allow(
    clippy::unused_self,
    clippy::used_underscore_binding,
    clippy::needless_pass_by_value,
    reason = "the form of these methods is the interface's"
)]

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use zbus::blocking::{Connection, connection};
use zbus::fdo;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};

use super::PrivateBus;

const SERVICE: &str = "/org/freedesktop/secrets";
const COLLECTION: &str = "/org/freedesktop/secrets/collection/test";
const ITEM: &str = "/org/freedesktop/secrets/collection/test/1";
const PROMPT: &str = "/org/freedesktop/secrets/prompt/1";
const NONE: &str = "/";

/// What happens when a client lets the person be asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OnPrompt {
    /// The person gives the password.
    #[default]
    Accept,
    /// The person closes the question.
    Dismiss,
    /// Nobody is there.
    Silence,
}

/// What the service does.
#[derive(Debug, Clone, Default)]
pub struct Script {
    /// The collection starts locked.
    pub locked: bool,
    /// A locked collection does not show its items.
    pub hides_locked: bool,
    /// What the question leads to.
    pub on_prompt: OnPrompt,
    /// Leaves the bus when the secret is asked for, without an answer.
    pub dies_in_get_secret: bool,
    /// Starts with an entry that has these bytes, whatever it is searched by.
    pub entry: Option<Vec<u8>>,
}

struct State {
    script: Script,
    entry: Option<Vec<u8>>,
    die: Sender<()>,
}

type Shared = Arc<Mutex<State>>;

fn lock(state: &Shared) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn path(text: &'static str) -> OwnedObjectPath {
    OwnedObjectPath::try_from(text).expect("a valid path")
}

/// `(session, parameters, value, content type)`.
type Secret = (OwnedObjectPath, Vec<u8>, Vec<u8>, String);

/// Ends with the test.
pub struct FakeSecretService {
    state: Shared,
    connection: Arc<Mutex<Option<Connection>>>,
}

impl FakeSecretService {
    /// Takes the name `org.freedesktop.secrets` on the bus.
    #[must_use]
    pub fn start(bus: &PrivateBus, script: Script) -> Self {
        let (die, death) = channel();
        let entry = script.entry.clone();
        let state: Shared = Arc::new(Mutex::new(State { script, entry, die }));
        let connection = connection::Builder::address(bus.address())
            .and_then(|it| it.serve_at(SERVICE, Service(state.clone())))
            .and_then(|it| it.serve_at(COLLECTION, Collection(state.clone())))
            .and_then(|it| it.serve_at(ITEM, Item(state.clone())))
            .and_then(|it| it.serve_at(PROMPT, Prompt(state.clone())))
            .and_then(|it| it.name("org.freedesktop.secrets"))
            .and_then(connection::Builder::build)
            .expect("the name is free on a private bus");
        let connection = Arc::new(Mutex::new(Some(connection)));
        let dying = Arc::clone(&connection);
        std::thread::spawn(move || die_on_order(&death, &dying));
        Self { state, connection }
    }

    /// The stored bytes.
    #[must_use]
    pub fn entry(&self) -> Option<Vec<u8>> {
        lock(&self.state).entry.clone()
    }
}

impl Drop for FakeSecretService {
    fn drop(&mut self) {
        close(&self.connection);
    }
}

fn die_on_order(death: &Receiver<()>, connection: &Mutex<Option<Connection>>) {
    if death.recv().is_ok() {
        close(connection);
    }
}

fn close(connection: &Mutex<Option<Connection>>) {
    let taken = connection
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    if let Some(connection) = taken {
        let _ = connection.close();
    }
}

struct Service(Shared);

#[zbus::interface(name = "org.freedesktop.Secret.Service")]
impl Service {
    fn open_session(
        &self,
        algorithm: &str,
        _input: Value<'_>,
    ) -> fdo::Result<(OwnedValue, OwnedObjectPath)> {
        if algorithm != "plain" {
            return Err(fdo::Error::NotSupported("plain only".to_owned()));
        }
        let nothing = OwnedValue::try_from(Value::from("")).expect("an empty text");
        Ok((nothing, path("/org/freedesktop/secrets/session/1")))
    }

    fn search_items(
        &self,
        _attributes: HashMap<String, String>,
    ) -> (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) {
        let state = lock(&self.0);
        match (&state.entry, state.script.locked) {
            (None, _) => (vec![], vec![]),
            (Some(_), true) if state.script.hides_locked => (vec![], vec![]),
            (Some(_), true) => (vec![], vec![path(ITEM)]),
            (Some(_), false) => (vec![path(ITEM)], vec![]),
        }
    }

    fn unlock(&self, objects: Vec<OwnedObjectPath>) -> (Vec<OwnedObjectPath>, OwnedObjectPath) {
        if lock(&self.0).script.locked {
            (vec![], path(PROMPT))
        } else {
            (objects, path(NONE))
        }
    }

    fn read_alias(&self, name: &str) -> OwnedObjectPath {
        path(if name == "default" { COLLECTION } else { NONE })
    }

    #[zbus(property)]
    fn collections(&self) -> Vec<OwnedObjectPath> {
        vec![path(COLLECTION)]
    }
}

struct Collection(Shared);

#[zbus::interface(name = "org.freedesktop.Secret.Collection")]
impl Collection {
    fn create_item(
        &self,
        _properties: HashMap<String, OwnedValue>,
        secret: Secret,
        _replace: bool,
    ) -> (OwnedObjectPath, OwnedObjectPath) {
        lock(&self.0).entry = Some(secret.2);
        (path(ITEM), path(NONE))
    }

    #[zbus(property)]
    fn locked(&self) -> bool {
        lock(&self.0).script.locked
    }
}

struct Item(Shared);

#[zbus::interface(name = "org.freedesktop.Secret.Item")]
impl Item {
    async fn get_secret(&self, session: OwnedObjectPath) -> fdo::Result<(Secret,)> {
        let secret = {
            let state = lock(&self.0);
            if state.script.dies_in_get_secret {
                let _ = state.die.send(());
                None
            } else {
                let bytes = state.entry.clone().unwrap_or_default();
                Some((session, vec![], bytes, "text/plain".to_owned()))
            }
        };
        match secret {
            Some(secret) => Ok((secret,)),
            None => std::future::pending().await,
        }
    }

    fn set_secret(&self, secret: Secret) {
        lock(&self.0).entry = Some(secret.2);
    }

    fn delete(&self) -> OwnedObjectPath {
        lock(&self.0).entry = None;
        path(NONE)
    }

    #[zbus(property)]
    fn locked(&self) -> bool {
        lock(&self.0).script.locked
    }
}

struct Prompt(Shared);

#[zbus::interface(name = "org.freedesktop.Secret.Prompt")]
impl Prompt {
    async fn prompt(
        &self,
        _window: &str,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
    ) -> fdo::Result<()> {
        let dismissed = {
            let mut state = lock(&self.0);
            match state.script.on_prompt {
                OnPrompt::Silence => return Ok(()),
                OnPrompt::Dismiss => true,
                OnPrompt::Accept => {
                    state.script.locked = false;
                    false
                }
            }
        };
        let unlocked = Value::from(vec![path(COLLECTION)]);
        Self::completed(&emitter, dismissed, unlocked).await?;
        Ok(())
    }

    #[zbus(signal)]
    async fn completed(
        emitter: &SignalEmitter<'_>,
        dismissed: bool,
        result: Value<'_>,
    ) -> zbus::Result<()>;
}
