//! An hour in which nothing happens by itself: no schedule, no check, in this process or another. It ends by itself; what a person
//! presses works all the time.

use super::{App, lock};
use crate::audit::{AuditWhat, Entry};
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::store::Reader;

/// Where the file keeps until when, in UTC milliseconds.
const PAUSED_UNTIL: &str = "paused_until";
const HOUR_MS: i64 = 3_600_000;
/// What a check has, in milliseconds, to find out whether a network is itself again: 2 minutes.
const CHECK_FIRST_MS: i64 = 2 * 60_000;
/// The longest time between two looks at a network, and that.
const BETWEEN_AT_MOST_MS: i64 = 15 * 60_000 + CHECK_FIRST_MS;

impl App {
    /// Schedules and checks rest for an hour from now. Gives back until when.
    ///
    /// # Errors
    /// [`crate::error::Code::Locked`].
    pub async fn pause_for_an_hour(&self) -> Result<UtcMillis> {
        let (now, act) = (self.now(), self.act());
        self.store()?
            .write(move |tx| {
                let until = UtcMillis(now.0.saturating_add(HOUR_MS));
                tx.set_meta(PAUSED_UNTIL, &until.0.to_string())?;
                act.audit(
                    tx,
                    Entry::of(AuditWhat::SettingsChanged).fields(["paused_for_an_hour"]),
                )?;
                Ok(until)
            })
            .await
    }

    /// Ends that hour now.
    ///
    /// # Errors
    /// [`crate::error::Code::Locked`].
    pub async fn pause_end(&self) -> Result<()> {
        let (now, act) = (self.now(), self.act());
        self.store()?
            .write(move |tx| {
                if paused_until(tx, now)?.is_none() {
                    return Ok(());
                }
                tx.set_meta(PAUSED_UNTIL, "0")?;
                act.audit(
                    tx,
                    Entry::of(AuditWhat::SettingsChanged).fields(["paused_for_an_hour"]),
                )
            })
            .await
    }

    /// Whether this process reads a list right now.
    #[must_use]
    pub fn is_syncing(&self) -> bool {
        !lock(&self.inner.syncs).is_empty()
    }

    /// Until when nothing happens by itself; none where it does.
    ///
    /// # Errors
    /// [`crate::error::Code::Locked`].
    pub async fn paused_until(&self) -> Result<Option<UtcMillis>> {
        let now = self.now();
        self.store()?.read(move |tx| paused_until(tx, now)).await
    }
}

/// Until when no list is read by itself: a person has paused it, or something stands between this computer and the federations,
/// whose answers would be taken for theirs. Then a check goes first, which knows the one from the other.
pub(super) fn lists_rest_until(tx: &Reader<'_>, now: UtcMillis) -> Result<Option<UtcMillis>> {
    let between = tx
        .network_trouble()?
        .filter(|trouble| trouble.captive)
        .map(|trouble| UtcMillis(trouble.again_at.0.saturating_add(CHECK_FIRST_MS)))
        // One further away than it can be means that the clock was set back.
        .filter(|until| *until > now && until.0.saturating_sub(now.0) <= BETWEEN_AT_MOST_MS);
    Ok(paused_until(tx, now)?.max(between))
}

/// Until when schedules and checks rest. A clock that was set back by hours must not make an hour of them a day.
pub(super) fn paused_until(tx: &Reader<'_>, now: UtcMillis) -> Result<Option<UtcMillis>> {
    Ok(tx
        .meta(PAUSED_UNTIL)?
        .and_then(|until| until.parse().ok())
        .map(UtcMillis)
        .filter(|until| *until > now && until.0.saturating_sub(now.0) <= HOUR_MS))
}
