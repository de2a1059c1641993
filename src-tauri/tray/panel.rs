//! The way to the panel: says that there is an icon, again whenever a panel comes, and what it says now.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use connectors::session_bus::TRAY_WATCHER;
use futures_util::StreamExt as _;
use zbus::fdo::DBusProxy;
use zbus::{Connection, connection};

use super::item::{self, Item};
use super::menu::Menu;
use super::{Choice, Shown};

const WATCHER_PATH: &str = "/StatusNotifierWatcher";
const PATIENCE: Duration = Duration::from_secs(5);

/// A picture, a byte each of red, green, blue and opacity.
pub struct Icon {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Row by row.
    pub rgba: Vec<u8>,
}

impl Icon {
    /// As panels want it: ARGB, the highest byte first.
    pub(super) fn pixmap(&self) -> (i32, i32, Vec<u8>) {
        let argb = self
            .rgba
            .chunks_exact(4)
            .flat_map(|pixel| [pixel[3], pixel[0], pixel[1], pixel[2]])
            .collect();
        let number = |pixels: u32| i32::try_from(pixels).unwrap_or(0);
        (number(self.width), number(self.height), argb)
    }
}

/// What the icon says, and what is done when somebody chooses.
pub struct State {
    shown: Mutex<Shown>,
    revision: AtomicU32,
    act: Box<dyn Fn(Choice) + Send + Sync>,
}

impl State {
    pub(super) fn shown(&self) -> Shown {
        self.shown
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(super) fn revision(&self) -> u32 {
        self.revision.load(Ordering::SeqCst)
    }

    pub(super) fn choose(&self, choice: Choice) {
        (self.act)(choice);
    }
}

/// The icon on a bus.
pub struct Panel {
    connection: Connection,
    state: Arc<State>,
}

impl Panel {
    /// On the bus at `address`, or on the one of this session. Whether a panel is there does not matter yet.
    ///
    /// # Errors
    /// Where there is no bus.
    pub async fn connect(
        address: Option<&str>,
        icon: Option<Icon>,
        act: impl Fn(Choice) + Send + Sync + 'static,
    ) -> zbus::Result<Self> {
        let state = Arc::new(State {
            shown: Mutex::new(Shown {
                line: "Starting".to_owned(),
                needs_you: false,
                open: false,
                paused_minutes: None,
            }),
            revision: AtomicU32::new(1),
            act: Box::new(act),
        });
        let builder = match address {
            Some(address) => connection::Builder::address(address)?,
            None => connection::Builder::session()?,
        };
        let item = Item {
            state: Arc::clone(&state),
            icon,
        };
        let menu = Menu {
            state: Arc::clone(&state),
        };
        let building = builder
            .method_timeout(PATIENCE)
            .serve_at(item::PATH, item)?
            .serve_at(item::MENU, menu)?
            .build();
        let connection = tokio::time::timeout(PATIENCE, building)
            .await
            .map_err(|_| zbus::Error::Failure("the bus does not answer".to_owned()))??;
        Ok(Self { connection, state })
    }

    /// Registers with the panel that is there, and with each that comes, as long as the bus is there.
    pub async fn keep(&self) {
        let Ok(bus) = DBusProxy::new(&self.connection).await else {
            return;
        };
        let Ok(mut changes) = bus
            .receive_name_owner_changed_with_args(&[(0, TRAY_WATCHER)])
            .await
        else {
            return;
        };
        self.register().await;
        while let Some(change) = changes.next().await {
            let came = change.args().is_ok_and(|args| args.new_owner().is_some());
            if came {
                self.register().await;
            }
        }
    }

    async fn register(&self) {
        let Some(own) = self.connection.unique_name() else {
            return;
        };
        let registered = self
            .connection
            .call_method(
                Some(TRAY_WATCHER),
                WATCHER_PATH,
                Some(TRAY_WATCHER),
                "RegisterStatusNotifierItem",
                &own.as_str(),
            )
            .await;
        if registered.is_ok() {
            tracing::info!("the icon is in the panel");
        } else {
            // The window is there.
            tracing::info!("no panel shows icons");
        }
    }

    /// Says something else.
    pub async fn show(&self, shown: Shown) {
        {
            let mut present = self
                .state
                .shown
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            if *present == shown {
                return;
            }
            *present = shown.clone();
        }
        let revision = self.state.revision.fetch_add(1, Ordering::SeqCst) + 1;
        let server = self.connection.object_server();
        if let Ok(item) = server.interface::<_, Item>(item::PATH).await {
            let word = if shown.needs_you {
                "NeedsAttention"
            } else {
                "Active"
            };
            // Whoever is not there needs no news.
            let _heard = Item::new_status(item.signal_emitter(), word).await;
            let _heard = Item::new_tool_tip(item.signal_emitter()).await;
        }
        if let Ok(menu) = server.interface::<_, Menu>(item::MENU).await {
            let _heard = Menu::layout_updated(menu.signal_emitter(), revision, 0).await;
        }
    }
}
