//! Looking whether a person is to be told something. Deciding is [`crate::notices`]; showing it is the shell's, and what is shown is
//! noted as told before, so that two processes never tell the same. `fedctl` tells nobody.

use std::collections::BTreeMap;

use super::App;
use super::opening::blocking;
use crate::audit::Actor;
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::notices::quiet::QuietHours;
use crate::notices::{NoticeSettings, decide};
use crate::view::{AppSettings, NoticeView};

impl App {
    /// What is to be told now, and when to look again at the latest; none where nothing waits.
    ///
    /// # Errors
    /// [`crate::error::Code::Locked`].
    pub async fn notices_due(&self) -> Result<(Option<NoticeView>, Option<UtcMillis>)> {
        let app = self.acting_as(Actor::Itself);
        let store = self.store()?;
        app.settle_the_hour().await?;
        let ends: BTreeMap<String, (UtcMillis, i64)> = app
            .expiring()
            .await?
            .into_iter()
            .map(|one| (one.code, (one.at, one.days)))
            .collect();
        blocking(move || {
            let now = app.now();
            let settings = settings_of(&app.settings());
            let minute = minute_of(now);
            let look = |tx: &crate::store::Reader<'_>| {
                let before = tx.notices()?;
                let mut after = tx.stands()?;
                for one in &mut after {
                    one.ends = ends.get(&one.code).copied();
                }
                Ok(decide(&before, &after, settings, now, minute))
            };
            // Nearly always there is nothing to write, and nobody has to wait for the writer.
            let first = store.read_blocking(look)?;
            if first.keep.is_empty() && first.forget.is_empty() {
                return Ok((None, first.look_again));
            }
            store.write_blocking(|tx| {
                let decision = look(tx)?;
                for subject in &decision.forget {
                    tx.forget_notice(subject)?;
                }
                for noted in &decision.keep {
                    tx.put_notice(noted)?;
                }
                Ok((decision.tell, decision.look_again))
            })
        })
        .await
    }

    /// Whether others than one for a try would wait now.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        settings_of(&self.settings())
            .quiet
            .is_some_and(|quiet| quiet.left(minute_of(self.now())).is_some())
    }
}

fn settings_of(settings: &AppSettings) -> NoticeSettings {
    NoticeSettings {
        on: settings.notifications.0,
        quiet: QuietHours::of(
            settings.quiet_from.as_deref(),
            settings.quiet_until.as_deref(),
        ),
    }
}

/// Minutes since midnight by the clock on the wall; in UTC where the zone is not known.
fn minute_of(now: UtcMillis) -> u16 {
    let zone = jiff::tz::TimeZone::system();
    let Ok(at) = jiff::Timestamp::from_millisecond(now.0) else {
        return 0;
    };
    let at = zone.to_datetime(at);
    let minutes = i32::from(at.hour()) * 60 + i32::from(at.minute());
    u16::try_from(minutes).unwrap_or(0)
}
