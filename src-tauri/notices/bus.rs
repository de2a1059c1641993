//! Desktop Notifications Specification 1.2 over the session bus. `zbus` is in the tree for the keychain; a crate on top of it would
//! add a thread of its own and choose how to fail. Every call has a deadline.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use connectors::session_bus::NOTIFICATIONS;
use connectors::view::{NoticeOutcome, NoticeView};
use futures_util::StreamExt as _;
use zbus::message::Type;
use zbus::names::ErrorName;
use zbus::zvariant::Value;
use zbus::{Connection, MatchRule, MessageStream, connection};

const PATH: &str = "/org/freedesktop/Notifications";
const PATIENCE: Duration = Duration::from_secs(5);
/// Notifications whose clicks are understood; older ones are gone from every screen.
const REMEMBERED: usize = 32;
/// What a desktop calls us: the name of our entry.
const ENTRY: &str = "federation-connectors";

/// A way to the notification service of this session.
pub struct Bus {
    connection: Connection,
    /// Whether bodies are read as markup.
    markup: bool,
    shown: Mutex<VecDeque<(u32, Option<String>)>>,
}

impl Bus {
    /// To the bus at `address`, or to the one of this session.
    pub async fn connect(address: Option<&str>) -> Result<Self, NoticeOutcome> {
        let builder = match address {
            Some(address) => connection::Builder::address(address),
            None => connection::Builder::session(),
        };
        let building = async {
            builder
                .map_err(|_| NoticeOutcome::NoService)?
                .method_timeout(PATIENCE)
                .build()
                .await
                .map_err(|_| NoticeOutcome::NoService)
        };
        let connection = tokio::time::timeout(PATIENCE, building)
            .await
            .map_err(|_| NoticeOutcome::NoService)??;
        let capabilities: Vec<String> = call(&connection, "GetCapabilities", &())
            .await?
            .body()
            .deserialize()
            .map_err(|_| NoticeOutcome::Failed)?;
        Ok(Self {
            connection,
            markup: capabilities.iter().any(|one| one == "body-markup"),
            shown: Mutex::default(),
        })
    }

    /// Shows one.
    pub async fn show(&self, notice: &NoticeView) -> Result<(), NoticeOutcome> {
        let body = if self.markup {
            escaped(&notice.body)
        } else {
            notice.body.clone()
        };
        let hints = HashMap::from([("desktop-entry", Value::from(ENTRY))]);
        let answer = call(
            &self.connection,
            "Notify",
            &(
                "Federation Connectors",
                0_u32,
                ENTRY,
                notice.title.as_str(),
                body.as_str(),
                // The one action that needs no button: a click on the whole.
                vec!["default", "Open"],
                hints,
                -1_i32,
            ),
        )
        .await?;
        let id = answer
            .body()
            .deserialize()
            .map_err(|_| NoticeOutcome::Failed)?;
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if shown.len() == REMEMBERED {
            shown.pop_front();
        }
        shown.push_back((id, notice.code.clone()));
        Ok(())
    }

    /// Tells of every click on one of ours, with its connector, until the bus is gone.
    pub async fn clicks(&self, clicked: impl Fn(Option<String>) + Send) {
        let rule = MatchRule::builder()
            .msg_type(Type::Signal)
            .interface(NOTIFICATIONS)
            .and_then(|rule| rule.member("ActionInvoked"))
            .map(|rule| rule.build());
        let Ok(rule) = rule else {
            return;
        };
        let Ok(mut signals) = MessageStream::for_match_rule(rule, &self.connection, Some(8)).await
        else {
            return;
        };
        while let Some(Ok(signal)) = signals.next().await {
            let Ok((id, _action)) = signal.body().deserialize::<(u32, String)>() else {
                continue;
            };
            // Those of other programs come here too.
            if let Some((_, code)) = self.taken(id) {
                clicked(code);
            }
        }
    }

    fn taken(&self, id: u32) -> Option<(u32, Option<String>)> {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let at = shown.iter().position(|(one, _)| *one == id)?;
        shown.remove(at)
    }
}

async fn call<B>(
    connection: &Connection,
    method: &str,
    body: &B,
) -> Result<zbus::Message, NoticeOutcome>
where
    B: serde::Serialize + zbus::zvariant::DynamicType + Sync,
{
    let calling =
        connection.call_method(Some(NOTIFICATIONS), PATH, Some(NOTIFICATIONS), method, body);
    match tokio::time::timeout(PATIENCE, calling).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(zbus::Error::MethodError(name, ..))) => Err(sort(&name)),
        Ok(Err(_)) | Err(_) => Err(NoticeOutcome::Failed),
    }
}

/// Nobody is there, or nobody could be started.
fn sort(name: &ErrorName<'_>) -> NoticeOutcome {
    let name = name.as_str();
    let nobody = name == "org.freedesktop.DBus.Error.ServiceUnknown"
        || name == "org.freedesktop.DBus.Error.NameHasNoOwner"
        || name.starts_with("org.freedesktop.DBus.Error.Spawn.");
    if nobody {
        NoticeOutcome::NoService
    } else {
        NoticeOutcome::Failed
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
