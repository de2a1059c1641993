//! A notification service of a test on a bus of its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unused_self,
    clippy::used_underscore_binding,
    reason = "a failing test panics; the protocol says what is asked with what"
)]

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use connectors::view::{NoticeOutcome, NoticeView};
use testkit::secret_service::PrivateBus;
use tokio::sync::mpsc::unbounded_channel;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::OwnedValue;
use zbus::{Connection, connection, interface};

use super::Bus;

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

type Shown = Arc<Mutex<Vec<(String, String, Vec<String>)>>>;

/// Shows nothing and remembers everything.
struct Service {
    shown: Shown,
    refuses: bool,
}

#[interface(name = "org.freedesktop.Notifications")]
impl Service {
    fn get_capabilities(&self) -> Vec<&'static str> {
        vec!["body", "body-markup", "actions"]
    }

    #[allow(clippy::too_many_arguments, reason = "as the specification has it")]
    fn notify(
        &self,
        _program: &str,
        _replaces: u32,
        _icon: &str,
        title: String,
        body: String,
        actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _expires: i32,
    ) -> zbus::fdo::Result<u32> {
        if self.refuses {
            return Err(zbus::fdo::Error::LimitsExceeded("too many".to_owned()));
        }
        let mut shown = self.shown.lock().unwrap();
        shown.push((title, body, actions));
        Ok(u32::try_from(shown.len()).unwrap())
    }

    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, id: u32, action: &str)
    -> zbus::Result<()>;
}

async fn serve(bus: &PrivateBus, refuses: bool) -> (Connection, Shown) {
    let shown = Shown::default();
    let service = Service {
        shown: Arc::clone(&shown),
        refuses,
    };
    let connection = connection::Builder::address(bus.address())
        .unwrap()
        .serve_at(PATH, service)
        .unwrap()
        .name(NAME)
        .unwrap()
        .build()
        .await
        .unwrap();
    (connection, shown)
}

fn notice(code: &str) -> NoticeView {
    NoticeView {
        title: "Ballyduff <GAA> needs you".to_owned(),
        body: "Open & <look>.".to_owned(),
        code: Some(code.to_owned()),
    }
}

#[tokio::test]
async fn what_is_shown_is_the_notice_and_a_click_names_its_connector() {
    let bus = PrivateBus::start();
    let (service, shown) = serve(&bus, false).await;
    let ours = Arc::new(Bus::connect(Some(bus.address())).await.ok().unwrap());
    let (sender, mut clicks) = unbounded_channel();
    let listening = Arc::clone(&ours);
    let listener = tokio::spawn(async move {
        listening
            .clicks(move |code| {
                sender.send(code).unwrap();
            })
            .await;
    });
    for code in ["football", "hurling"] {
        assert_eq!(ours.show(&notice(code)).await, Ok(()), "it is taken");
    }
    assert_eq!(
        shown.lock().unwrap()[0],
        (
            "Ballyduff <GAA> needs you".to_owned(),
            "Open &amp; &lt;look&gt;.".to_owned(),
            vec!["default".to_owned(), "Open".to_owned()]
        ),
        "a body is no markup, and a click on the whole is an action"
    );
    let service = service
        .object_server()
        .interface::<_, Service>(PATH)
        .await
        .unwrap();
    // The listener may not be there yet; clicks that come to nobody are repeated.
    let clicked = tokio::time::timeout(Duration::from_secs(10), async {
        loop {
            for id in [77, 2] {
                Service::action_invoked(service.signal_emitter(), id, "default")
                    .await
                    .unwrap();
            }
            if let Ok(code) = tokio::time::timeout(Duration::from_millis(200), clicks.recv()).await
            {
                return code.unwrap();
            }
        }
    })
    .await
    .expect("a click arrives");
    assert_eq!(
        clicked.as_deref(),
        Some("hurling"),
        "of ours, and of the second"
    );
    listener.abort();
}

#[tokio::test]
async fn a_computer_without_a_service_is_told_apart_from_one_that_refuses() {
    let nowhere = Bus::connect(Some("unix:path=/nonexistent/bus")).await;
    assert_eq!(
        nowhere.err(),
        Some(NoticeOutcome::NoService),
        "no bus at all"
    );
    let bus = PrivateBus::start();
    let nobody = Bus::connect(Some(bus.address())).await;
    assert_eq!(
        nobody.err(),
        Some(NoticeOutcome::NoService),
        "a bus and nobody on it"
    );
    let (service, _) = serve(&bus, true).await;
    let ours = Bus::connect(Some(bus.address())).await.ok().unwrap();
    assert_eq!(
        ours.show(&notice("football")).await,
        Err(NoticeOutcome::Failed),
        "somebody who refuses"
    );
    drop(service);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(
        ours.show(&notice("football")).await,
        Err(NoticeOutcome::NoService),
        "somebody who has gone"
    );
}
