//! The practice federation inside the app: started on demand, stopped with the app.

use connectors::App;
use connectors::error::{Code, Error, Result};
use connectors::secret::SecretText;
use connectors::view::{ConnectorView, PracticeView};
use practice_federation::{Practice, PracticeOptions};
use tokio::sync::Mutex;
use url::Url;

/// The running practice federation, if it runs.
#[derive(Default)]
pub struct PracticeHost(Mutex<Option<Practice>>);

impl PracticeHost {
    /// Whether it runs and where.
    pub async fn view(&self) -> PracticeView {
        let running = self.0.lock().await;
        PracticeView {
            running: running.is_some(),
            base_url: running.as_ref().map(Practice::base_url),
        }
    }

    /// Starts it where it does not run, and points its connector at it. The port of an earlier
    /// start is taken again if it is free, so that the connector's address stays.
    pub async fn start(&self, app: &App) -> Result<ConnectorView> {
        let mut running = self.0.lock().await;
        let practice = match running.take() {
            Some(practice) => practice,
            None => start_at(earlier_port(app).await?).await?,
        };
        let key = SecretText::new(practice.api_key().to_owned());
        let connected = app.practice_connect(&practice.base_url(), key).await;
        *running = Some(practice);
        connected
    }

    /// Starts it again after an opening if its connector is there and in use.
    pub async fn resume(&self, app: &App) -> Result<bool> {
        let in_use = app.practice_connector().await?.is_some();
        if in_use {
            self.start(app).await?;
        }
        Ok(in_use)
    }

    /// Stops it.
    pub async fn stop(&self) {
        if let Some(practice) = self.0.lock().await.take() {
            practice.stop().await;
        }
    }
}

async fn earlier_port(app: &App) -> Result<u16> {
    let connector = app.practice_connector().await?;
    let port = connector
        .and_then(|one| Url::parse(&one.settings.endpoints.base).ok())
        .and_then(|base| base.port());
    Ok(port.unwrap_or(0))
}

async fn start_at(port: u16) -> Result<Practice> {
    let at = |port| PracticeOptions {
        port,
        ..PracticeOptions::default()
    };
    let started = match practice_federation::start(at(port)).await {
        Err(_) if port != 0 => practice_federation::start(at(0)).await,
        outcome => outcome,
    };
    started.map_err(|error| {
        Error::refused(
            Code::StorageFailed,
            format!("the practice federation cannot start on this computer: {error}"),
        )
    })
}
