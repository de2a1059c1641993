//! How often connectors are checked: for all of them, and for one that differs.

use crate::app::App;
use crate::app::record::find_live;
use crate::audit::{AuditWhat, Entry};
use crate::error::{Error, FieldRule, Result};
use crate::store::Reader;
use crate::view::{CheckEvery, CheckSetRequest, CheckSettingsView, NetworkTroubleView};

/// Where the file keeps how often.
const EVERY: &str = "check_every";
/// As it stands in the audit log.
const FIELD: [&str; 1] = ["checks.every"];

impl App {
    /// How often connectors are checked, or one of them; and whether this computer's network is in the way.
    ///
    /// # Errors
    /// [`crate::error::Code::NotFound`] for a connector that is not there.
    pub async fn check_settings(&self, code: Option<&str>) -> Result<CheckSettingsView> {
        let next = self.check_next().await?;
        let code = code.map(str::to_owned);
        self.store()?
            .read(move |tx| {
                let own = match &code {
                    Some(code) => tx.check_every_of(find_live(tx, code)?.id)?,
                    None => None,
                };
                Ok(CheckSettingsView {
                    every: match own {
                        Some(own) => own,
                        None => every(tx)?,
                    },
                    inherited: code.is_some() && own.is_none(),
                    next_at: next.map(|at| at.0),
                    network: tx.network_trouble()?.map(|one| NetworkTroubleView {
                        since: one.since.0,
                        captive: one.captive,
                        again_at: one.again_at.0,
                    }),
                })
            })
            .await
    }

    /// Sets how often.
    ///
    /// # Errors
    /// Field `every` where it is missing and no connector is named; [`crate::error::Code::NotFound`].
    pub async fn check_set(&self, request: CheckSetRequest) -> Result<CheckSettingsView> {
        let act = self.act();
        let wanted = request.clone();
        self.store()?
            .write(move |tx| {
                let entry = Entry::of(AuditWhat::SettingsChanged).fields(FIELD);
                match (&wanted.code, wanted.every) {
                    (Some(code), own) => {
                        tx.put_check_every(find_live(tx, code)?.id, own)?;
                        act.audit(tx, entry.connector(code))
                    }
                    (None, Some(every)) => {
                        tx.set_meta(EVERY, &word(every))?;
                        act.audit(tx, entry)
                    }
                    (None, None) => Err(Error::field(
                        "every",
                        FieldRule::Required,
                        "say how often: off, 15m, 1h, 6h or 24h",
                    )),
                }
            })
            .await?;
        self.check_settings(request.code.as_deref()).await
    }
}

/// How often connectors are checked that do not differ. What another version wrote and this one does not know is the default.
pub(super) fn every(tx: &Reader<'_>) -> Result<CheckEvery> {
    let kept = tx.meta(EVERY)?.map(serde_json::Value::String);
    Ok(kept
        .and_then(|word| serde_json::from_value(word).ok())
        .unwrap_or_default())
}

fn word(every: CheckEvery) -> String {
    serde_json::to_value(every)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}
