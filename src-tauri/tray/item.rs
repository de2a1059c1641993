//! The icon itself: `org.kde.StatusNotifierItem`, as panels read it.
#![allow(
    clippy::unused_self,
    clippy::used_underscore_binding,
    clippy::needless_pass_by_value,
    reason = "the protocol says what is asked with what; the macro makes the rest"
)]

use std::sync::Arc;

use zbus::interface;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{ObjectPath, OwnedObjectPath};

use super::Choice;
use super::panel::{Icon, State};

/// Where panels look for it.
pub const PATH: &str = "/StatusNotifierItem";
/// Where it says that its menu is.
pub const MENU: &str = "/MenuBar";

type Pixmaps = Vec<(i32, i32, Vec<u8>)>;

/// What panels ask.
pub struct Item {
    pub(super) state: Arc<State>,
    pub(super) icon: Option<Icon>,
}

#[interface(name = "org.kde.StatusNotifierItem")]
impl Item {
    #[zbus(property)]
    fn category(&self) -> &'static str {
        "ApplicationStatus"
    }

    #[zbus(property)]
    fn id(&self) -> &'static str {
        "federation-connectors"
    }

    #[zbus(property)]
    fn title(&self) -> &'static str {
        "Federation Connectors"
    }

    #[zbus(property)]
    fn status(&self) -> &'static str {
        if self.state.shown().needs_you {
            "NeedsAttention"
        } else {
            "Active"
        }
    }

    #[zbus(property)]
    fn window_id(&self) -> i32 {
        0
    }

    #[zbus(property)]
    fn icon_name(&self) -> &'static str {
        "federation-connectors"
    }

    #[zbus(property)]
    fn icon_pixmap(&self) -> Pixmaps {
        self.icon.as_ref().map(Icon::pixmap).into_iter().collect()
    }

    #[zbus(property)]
    fn attention_icon_name(&self) -> &'static str {
        "federation-connectors"
    }

    #[zbus(property)]
    fn attention_icon_pixmap(&self) -> Pixmaps {
        self.icon_pixmap()
    }

    #[zbus(property)]
    fn overlay_icon_name(&self) -> &'static str {
        ""
    }

    #[zbus(property)]
    fn tool_tip(&self) -> (String, Pixmaps, String, String) {
        (
            String::new(),
            Vec::new(),
            "Federation Connectors".to_owned(),
            self.state.shown().line,
        )
    }

    #[zbus(property)]
    fn item_is_menu(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn menu(&self) -> OwnedObjectPath {
        ObjectPath::from_static_str_unchecked(MENU).into()
    }

    fn context_menu(&self, _x: i32, _y: i32) {}

    fn activate(&self, _x: i32, _y: i32) {
        self.state.choose(Choice::Open);
    }

    fn secondary_activate(&self, _x: i32, _y: i32) {
        self.state.choose(Choice::Open);
    }

    fn scroll(&self, _delta: i32, _orientation: &str) {}

    #[zbus(signal)]
    pub(super) async fn new_status(emitter: &SignalEmitter<'_>, status: &str) -> zbus::Result<()>;

    #[zbus(signal)]
    pub(super) async fn new_tool_tip(emitter: &SignalEmitter<'_>) -> zbus::Result<()>;
}
