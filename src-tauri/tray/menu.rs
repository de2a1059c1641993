//! The menu of the icon: `com.canonical.dbusmenu`, as panels read it.
#![allow(
    clippy::unused_self,
    clippy::used_underscore_binding,
    clippy::needless_pass_by_value,
    reason = "the protocol says what is asked with what; the macro makes the rest"
)]

use std::collections::HashMap;
use std::sync::Arc;

use zbus::interface;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{OwnedValue, Structure, Value};

use super::panel::State;
use super::{Choice, Shown};

type Properties = HashMap<String, Value<'static>>;
type Node = (i32, Properties, Vec<Value<'static>>);

const ROOT: i32 = 0;
const LINE: i32 = 1;
const ABOVE: i32 = 2;
const OPEN: i32 = 3;
const SYNC: i32 = 4;
const REST: i32 = 5;
const BELOW: i32 = 6;
const QUIT: i32 = 7;
const ITEMS: [i32; 7] = [LINE, ABOVE, OPEN, SYNC, REST, BELOW, QUIT];

/// What panels ask.
pub struct Menu {
    pub(super) state: Arc<State>,
}

#[interface(name = "com.canonical.dbusmenu")]
impl Menu {
    #[zbus(property)]
    fn version(&self) -> u32 {
        3
    }

    #[zbus(property)]
    fn text_direction(&self) -> &'static str {
        "ltr"
    }

    #[zbus(property)]
    fn status(&self) -> &'static str {
        "normal"
    }

    #[zbus(property)]
    fn icon_theme_path(&self) -> Vec<String> {
        Vec::new()
    }

    fn get_layout(
        &self,
        parent: i32,
        _depth: i32,
        _names: Vec<String>,
    ) -> zbus::fdo::Result<(u32, Node)> {
        let shown = self.state.shown();
        if parent != ROOT {
            let one = node(parent, &shown).ok_or_else(unknown)?;
            return Ok((self.state.revision(), one));
        }
        let root = Properties::from([("children-display".to_owned(), Value::from("submenu"))]);
        let children = ITEMS
            .iter()
            .filter_map(|id| node(*id, &shown))
            .map(|one| Value::from(Structure::from(one)))
            .collect();
        Ok((self.state.revision(), (ROOT, root, children)))
    }

    fn get_group_properties(&self, ids: Vec<i32>, _names: Vec<String>) -> Vec<(i32, Properties)> {
        let shown = self.state.shown();
        let wanted: &[i32] = if ids.is_empty() { &ITEMS } else { &ids };
        wanted
            .iter()
            .filter_map(|id| node(*id, &shown))
            .map(|(id, properties, _)| (id, properties))
            .collect()
    }

    fn get_property(&self, id: i32, name: &str) -> zbus::fdo::Result<OwnedValue> {
        node(id, &self.state.shown())
            .and_then(|(_, mut properties, _)| properties.remove(name))
            .and_then(|value| OwnedValue::try_from(value).ok())
            .ok_or_else(unknown)
    }

    fn event(&self, id: i32, event: &str, _data: Value<'_>, _timestamp: u32) {
        if event == "clicked"
            && let Some(choice) = choice(id, &self.state.shown())
        {
            self.state.choose(choice);
        }
    }

    fn event_group(&self, events: Vec<(i32, String, OwnedValue, u32)>) -> Vec<i32> {
        let mut unknown = Vec::new();
        for (id, event, data, timestamp) in events {
            if ITEMS.contains(&id) {
                self.event(id, &event, data.into(), timestamp);
            } else {
                unknown.push(id);
            }
        }
        unknown
    }

    fn about_to_show(&self, _id: i32) -> bool {
        false
    }

    fn about_to_show_group(&self, _ids: Vec<i32>) -> (Vec<i32>, Vec<i32>) {
        (Vec::new(), Vec::new())
    }

    #[zbus(signal)]
    pub(super) async fn layout_updated(
        emitter: &SignalEmitter<'_>,
        revision: u32,
        parent: i32,
    ) -> zbus::Result<()>;
}

fn unknown() -> zbus::fdo::Error {
    zbus::fdo::Error::InvalidArgs("there is no such entry".to_owned())
}

fn node(id: i32, shown: &Shown) -> Option<Node> {
    let (label, enabled) = match id {
        ABOVE | BELOW => {
            let line = Properties::from([("type".to_owned(), Value::from("separator"))]);
            return Some((id, line, Vec::new()));
        }
        LINE => (shown.line.clone(), false),
        OPEN => ("Open".to_owned(), true),
        SYNC => ("Sync all now".to_owned(), shown.open),
        REST => (
            match shown.paused_minutes {
                Some(_) => "Resume checks and schedules".to_owned(),
                None => "Pause checks and schedules for 1 hour".to_owned(),
            },
            shown.open,
        ),
        QUIT => ("Quit".to_owned(), true),
        _ => return None,
    };
    let properties = Properties::from([
        // An underscore would mark a letter for the keyboard.
        ("label".to_owned(), Value::from(label.replace('_', "__"))),
        ("enabled".to_owned(), Value::from(enabled)),
        ("visible".to_owned(), Value::from(true)),
    ]);
    Some((id, properties, Vec::new()))
}

fn choice(id: i32, shown: &Shown) -> Option<Choice> {
    match id {
        OPEN => Some(Choice::Open),
        QUIT => Some(Choice::Quit),
        SYNC if shown.open => Some(Choice::SyncAll),
        REST if shown.open && shown.paused_minutes.is_some() => Some(Choice::Resume),
        REST if shown.open => Some(Choice::Pause),
        _ => None,
    }
}
