//! Devices that wait for a person (RFC 8628): what each has been told, and how often it asks.

use std::collections::HashMap;

use super::client::Client;
use super::error::OAuthError;
use super::ledger::{Issued, Ledger, Terms};
use super::scopes::Scopes;

/// Seconds by which the wait grows each time a device asks too soon (RFC 8628, 3.5).
const SLOWER: u64 = 5;

/// The devices that wait, by their device codes.
pub(crate) type Devices = HashMap<String, Device>;

/// What a person has decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    Allow,
    Deny,
}

impl Decision {
    /// Reads the value of the button that was pressed.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "allow" => Some(Self::Allow),
            "deny" => Some(Self::Deny),
            _ => None,
        }
    }
}

/// A device that waits.
#[derive(Debug)]
pub(crate) struct Device {
    client: Client,
    scopes: Scopes,
    user_code: String,
    decision: Option<Decision>,
    has_expired: bool,
    /// Seconds between two questions.
    interval: u64,
    /// Counts the questions; the timer of an earlier one changes nothing.
    polls: u64,
    must_wait: bool,
}

/// The answer to a device's question, and for how long it must not ask again.
pub(crate) struct Poll {
    pub(crate) answer: Result<Issued, OAuthError>,
    /// Seconds, and the number [`Ledger::may_ask_again`] wants to hear.
    pub(crate) rest: Option<(u64, u64)>,
}

impl Ledger {
    /// Lets a device wait; gives its device code and its user code.
    pub(crate) fn open_device(
        &mut self,
        client: Client,
        scopes: Scopes,
        interval: u64,
    ) -> (String, String) {
        let device_code = self.values.text("device");
        let user_code = self.values.user_code();
        let device = Device {
            client,
            scopes,
            user_code: user_code.clone(),
            decision: None,
            has_expired: false,
            interval,
            polls: 0,
            must_wait: false,
        };
        self.devices.insert(device_code.clone(), device);
        (device_code, user_code)
    }

    /// Ends a device's time. It is still known, so that the device hears why.
    pub(crate) fn expire_device(&mut self, device_code: &str) {
        if let Some(device) = self.devices.get_mut(device_code) {
            device.has_expired = true;
        }
    }

    /// Forgets a device that has stopped asking.
    pub(crate) fn forget_device(&mut self, device_code: &str) {
        self.devices.remove(device_code);
    }

    /// Who waits for a decision under a user code, and for what. Letter case, spaces and dashes do
    /// not matter, because a person types it.
    pub(crate) fn waiting_device(&self, user_code: &str) -> Option<(Client, Scopes)> {
        self.devices
            .values()
            .find(|device| device.waits_under(user_code))
            .map(|device| (device.client, device.scopes))
    }

    /// Notes what a person has decided; false if no device waits under the code.
    pub(crate) fn decide_device(&mut self, user_code: &str, decision: Decision) -> bool {
        let mut devices = self.devices.values_mut();
        let Some(device) = devices.find(|device| device.waits_under(user_code)) else {
            return false;
        };
        device.decision = Some(decision);
        true
    }

    /// Answers a device's question.
    pub(crate) fn poll_device(&mut self, device_code: &str, client: Client, terms: Terms) -> Poll {
        self.counts.device_polls += 1;
        let known = self.devices.get_mut(device_code);
        let Some(device) = known.filter(|device| device.client == client) else {
            return Poll::last(Err(OAuthError::invalid_grant(
                "The device code is unknown.",
            )));
        };
        if device.has_expired {
            self.devices.remove(device_code);
            return Poll::last(Err(OAuthError::new(
                "expired_token",
                "Nobody decided in time; the device must begin again.",
            )));
        }
        if device.must_wait {
            device.interval = device.interval.saturating_add(SLOWER);
            return device.pending("slow_down", "The device asks too often.");
        }
        match device.decision {
            None => device.pending("authorization_pending", "Nobody has decided yet."),
            Some(Decision::Deny) => {
                self.devices.remove(device_code);
                Poll::last(Err(OAuthError::new("access_denied", "The person said no.")))
            }
            Some(Decision::Allow) => {
                let scopes = device.scopes;
                self.devices.remove(device_code);
                Poll::last(Ok(self.issue_first(client, scopes, terms)))
            }
        }
    }

    /// Lets a device ask again, unless it has asked since.
    pub(crate) fn may_ask_again(&mut self, device_code: &str, poll: u64) {
        if let Some(device) = self.devices.get_mut(device_code)
            && device.polls == poll
        {
            device.must_wait = false;
        }
    }
}

impl Poll {
    fn last(answer: Result<Issued, OAuthError>) -> Self {
        Self { answer, rest: None }
    }
}

impl Device {
    fn waits_under(&self, user_code: &str) -> bool {
        let letters = |text: &str| -> String {
            text.chars()
                .filter(char::is_ascii_alphanumeric)
                .map(|letter| letter.to_ascii_uppercase())
                .collect()
        };
        self.decision.is_none()
            && !self.has_expired
            && letters(&self.user_code) == letters(user_code)
    }

    fn pending(&mut self, code: &'static str, description: &'static str) -> Poll {
        self.polls += 1;
        self.must_wait = self.interval > 0;
        Poll {
            answer: Err(OAuthError::new(code, description)),
            rest: self.must_wait.then_some((self.interval, self.polls)),
        }
    }
}
