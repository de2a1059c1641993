//! The practice federation inside the app: started on demand, stopped with the app.

use connectors::App;
use connectors::error::{Code, Error, Result};
use connectors::secret::SecretText;
use connectors::view::{ConnectorView, PracticeView};
use practice_federation::{Practice, PracticeOptions};
use tokio::sync::Mutex;
use url::Url;

/// The port in the presets' addresses.
const USUAL_PORT: u16 = 8787;

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

    /// Starts it where it does not run, and makes its connector.
    pub async fn connect(&self, app: &App) -> Result<ConnectorView> {
        let mut running = self.0.lock().await;
        connect(practice_in(&mut running, app).await?, app).await
    }

    /// Starts it where it does not run, and points the connectors to it that are there at it.
    pub async fn start(&self, app: &App) -> Result<()> {
        let mut running = self.0.lock().await;
        let practice = practice_in(&mut running, app).await?;
        if app.practice_connector().await?.is_some() {
            connect(practice, app).await?;
        }
        Ok(())
    }

    /// Starts it again after an opening if a connector to it is there.
    pub async fn resume(&self, app: &App) -> Result<bool> {
        let in_use = app.practice_address().await?.is_some();
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

/// The one that runs, or a new one. The port of an earlier start is taken again if it is free, so
/// that addresses stay; where it is not, the connectors with a sign-in follow.
async fn practice_in<'a>(running: &'a mut Option<Practice>, app: &App) -> Result<&'a Practice> {
    let practice = match running.take() {
        Some(practice) => practice,
        None => start_at(earlier_port(app).await?).await?,
    };
    let practice = running.insert(practice);
    app.practice_repoint(&practice.base_url()).await?;
    Ok(practice)
}

async fn connect(practice: &Practice, app: &App) -> Result<ConnectorView> {
    let key = SecretText::new(practice.api_key().to_owned());
    app.practice_connect(&practice.base_url(), key).await
}

async fn earlier_port(app: &App) -> Result<u16> {
    let port = app
        .practice_address()
        .await?
        .and_then(|address| Url::parse(&address).ok())
        .and_then(|address| address.port());
    Ok(port.unwrap_or(USUAL_PORT))
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
