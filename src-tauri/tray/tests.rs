//! A panel of a test on a bus of its own: it comes late, reads the icon and its menu as panels do, and clicks.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unused_self,
    clippy::used_underscore_binding,
    reason = "a failing test panics; the protocol says what is asked with what"
)]

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use testkit::secret_service::PrivateBus;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use zbus::zvariant::{OwnedValue, Structure, Value};
use zbus::{Connection, connection, interface};

use super::panel::{Icon, Panel};
use super::{Choice, Shown};

/// `org.kde.StatusNotifierWatcher`, as far as programs use it.
struct Watcher(UnboundedSender<String>);

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, service: String) {
        self.0.send(service).unwrap();
    }
}

async fn watch(bus: &PrivateBus) -> (Connection, UnboundedReceiver<String>) {
    let (sender, registered) = unbounded_channel();
    let connection = connection::Builder::address(bus.address())
        .unwrap()
        .serve_at("/StatusNotifierWatcher", Watcher(sender))
        .unwrap()
        .name("org.kde.StatusNotifierWatcher")
        .unwrap()
        .build()
        .await
        .unwrap();
    (connection, registered)
}

async fn soon<T>(mut receiver: UnboundedReceiver<T>) -> (T, UnboundedReceiver<T>) {
    let got = tokio::time::timeout(Duration::from_secs(10), receiver.recv()).await;
    (got.expect("within ten seconds").unwrap(), receiver)
}

/// An entry of the menu is clicked.
async fn click(panel: &Connection, item: &str, id: i32) {
    panel
        .call_method(
            Some(item),
            "/MenuBar",
            Some("com.canonical.dbusmenu"),
            "Event",
            &(id, "clicked", Value::from(0), 0_u32),
        )
        .await
        .unwrap();
}

fn shown(paused_minutes: Option<i64>) -> Shown {
    Shown {
        line: "2 of 5 connectors need you".to_owned(),
        needs_you: true,
        open: true,
        paused_minutes,
    }
}

/// Revision, then the root with its properties and its children.
type Layout = (u32, (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>));

async fn labels(panel: &Connection, item: &str) -> Vec<String> {
    let answer = panel
        .call_method(
            Some(item),
            "/MenuBar",
            Some("com.canonical.dbusmenu"),
            "GetLayout",
            &(0_i32, -1_i32, Vec::<String>::new()),
        )
        .await
        .unwrap();
    let (_, (_, _, children)): Layout = answer.body().deserialize().unwrap();
    children
        .into_iter()
        .map(|child| {
            let child: Structure<'_> = child.try_into().unwrap();
            let Value::Dict(properties) = &child.fields()[1] else {
                panic!("properties are a dictionary");
            };
            properties
                .get::<_, String>(&"label")
                .unwrap()
                .unwrap_or_else(|| "-".to_owned())
        })
        .collect()
}

#[tokio::test]
async fn a_panel_that_comes_late_finds_the_icon_and_its_menu_works() {
    let bus = PrivateBus::start();
    let (sender, choices) = unbounded_channel();
    let icon = Icon {
        width: 1,
        height: 1,
        rgba: vec![1, 2, 3, 4],
    };
    let ours = Panel::connect(Some(bus.address()), Some(icon), move |choice| {
        sender.send(choice).unwrap();
    })
    .await
    .unwrap();
    let ours = Arc::new(ours);
    let keeping = Arc::clone(&ours);
    let keeper = tokio::spawn(async move { keeping.keep().await });
    ours.show(shown(None)).await;
    tokio::time::sleep(Duration::from_millis(200)).await;

    let (panel, registered) = watch(&bus).await;
    let (item, _registered) = soon(registered).await;
    assert_eq!(
        labels(&panel, &item).await,
        [
            "2 of 5 connectors need you",
            "-",
            "Open",
            "Sync all now",
            "Pause checks and schedules for 1 hour",
            "-",
            "Quit"
        ],
        "the whole menu"
    );
    let property = async |name: &str| -> OwnedValue {
        let answer = panel
            .call_method(
                Some(item.as_str()),
                "/StatusNotifierItem",
                Some("org.freedesktop.DBus.Properties"),
                "Get",
                &("org.kde.StatusNotifierItem", name),
            )
            .await
            .unwrap();
        answer.body().deserialize().unwrap()
    };
    let status: String = property("Status").await.try_into().unwrap();
    assert_eq!(status, "NeedsAttention", "somebody is needed");
    let pixmap = format!("{:?}", property("IconPixmap").await);
    assert!(
        pixmap.contains('4') && pixmap.contains('1'),
        "a picture: {pixmap}"
    );

    let mut choices = choices;
    for (id, choice) in [
        (3, Choice::Open),
        (4, Choice::SyncAll),
        (5, Choice::Pause),
        (7, Choice::Quit),
    ] {
        click(&panel, &item, id).await;
        let (got, rest) = soon(choices).await;
        assert_eq!(got, choice, "entry {id}");
        choices = rest;
    }
    ours.show(shown(Some(42))).await;
    assert!(
        labels(&panel, &item)
            .await
            .contains(&"Resume checks and schedules".to_owned()),
        "a rest can be ended"
    );
    keeper.abort();
}

#[tokio::test]
async fn without_a_bus_there_is_no_icon_and_no_harm() {
    let panel = Panel::connect(Some("unix:path=/nonexistent/bus"), None, |_| {}).await;
    assert!(panel.is_err(), "it says so");
}

#[tokio::test]
async fn a_locked_file_leaves_nothing_to_do() {
    let bus = PrivateBus::start();
    let (sender, mut choices) = unbounded_channel();
    let ours = Arc::new(
        Panel::connect(Some(bus.address()), None, move |choice| {
            sender.send(choice).unwrap();
        })
        .await
        .unwrap(),
    );
    ours.show(Shown {
        line: "Locked".to_owned(),
        needs_you: false,
        open: false,
        paused_minutes: None,
    })
    .await;
    let (panel, registered) = watch(&bus).await;
    let keeping = Arc::clone(&ours);
    let keeper = tokio::spawn(async move { keeping.keep().await });
    let (item, _registered) = soon(registered).await;
    for id in [4, 5, 1, 2, 99] {
        click(&panel, &item, id).await;
    }
    assert!(choices.try_recv().is_err(), "nothing is chosen");
    keeper.abort();
}
