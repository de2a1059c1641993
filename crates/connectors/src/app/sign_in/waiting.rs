//! Links as the operating system delivers them, also while the file is locked: they wait for the
//! unlocking within the ten minutes of a sign-in.

use std::time::Duration;

use zeroize::Zeroizing;

use super::Delivery;
use crate::app::{App, lock};
use crate::auth::callback;
use crate::auth::transaction::LIFETIME_MS;
use crate::error::{Code, Error, Result};
use crate::view::ConnectorView;

/// Links that wait at most; more are a stranger's.
const KEPT: usize = 8;

impl App {
    /// A deep link as the operating system delivers it: completed now, or kept while locked.
    ///
    /// # Errors
    /// As [`App::sign_in_complete`]. A link that cannot be an answer is refused in any state.
    pub async fn deliver_link(&self, link: &str) -> Result<Delivery> {
        match self.sign_in_complete(link).await {
            Ok(view) => Ok(Delivery::Done(Box::new(view))),
            Err(error) if waits(&error) => {
                // Nothing but an answer is worth a place.
                callback::parse(link.trim()).map_err(|error| {
                    Error::refused(Code::Invalid, format!("{error}; nothing was changed"))
                })?;
                let mut links = lock(&self.inner.sign_ins.links);
                if links.len() == KEPT {
                    links.pop_front();
                }
                links.push_back((
                    Zeroizing::new(link.trim().to_owned()),
                    self.inner.clock.uptime(),
                ));
                Ok(Delivery::Waiting)
            }
            Err(error) => Err(error),
        }
    }

    /// Completes the links that came while the file was locked. Call it after every opening.
    pub async fn deliver_waiting_links(&self) -> Vec<Result<ConnectorView>> {
        let waiting = std::mem::take(&mut *lock(&self.inner.sign_ins.links));
        let longest = Duration::from_millis(u64::try_from(LIFETIME_MS).unwrap_or(0));
        let mut outcomes = Vec::new();
        for (link, came_at) in waiting {
            if self.inner.clock.uptime().saturating_sub(came_at) <= longest {
                outcomes.push(self.sign_in_complete(&link).await);
            }
        }
        outcomes
    }
}

/// Whether a link can be tried again after an unlocking.
fn waits(error: &Error) -> bool {
    matches!(error.code(), Code::Locked)
}
