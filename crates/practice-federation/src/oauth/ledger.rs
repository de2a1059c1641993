//! Everything the authorization server has given out, and the rules of tokens. It knows no time: a
//! token that has run out is taken away by a timer and is then as unknown as one that never was.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::client::Client;
use super::codes::{Codes, Pages};
use super::devices::Devices;
use super::error::OAuthError;
use super::scopes::Scopes;
use super::values::Values;

/// What the authorization server has done since its start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct OAuthCounts {
    /// Requests for tokens, answered well or not.
    pub token_requests: u64,
    /// Tokens given for anything but a refresh token: a code, an assertion, a secret, a password.
    pub exchanges: u64,
    /// Tokens given for a refresh token.
    pub refreshes: u64,
    /// Refresh tokens that came a second time, which ended all tokens of that sign-in.
    pub refresh_reuses: u64,
    /// Requests to revoke a token, answered well.
    pub revocations: u64,
    /// Questions of devices whether a person has decided.
    pub device_polls: u64,
}

/// An access token that lives.
#[derive(Debug)]
struct Access {
    client: Client,
    scopes: Scopes,
    family: u64,
}

/// A refresh token, new or used.
#[derive(Debug)]
struct Refresh {
    client: Client,
    scopes: Scopes,
    family: u64,
    is_used: bool,
}

/// Tokens that were given to a client.
#[derive(Debug)]
pub(crate) struct Issued {
    pub(crate) access_token: String,
    pub(crate) refresh_token: Option<String>,
    pub(crate) scopes: Scopes,
    /// Seconds.
    pub(crate) lifetime: u64,
}

/// How a grant differs from what was asked for, when a fault wants it so.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Terms {
    /// Gives less than was asked for.
    pub(crate) is_narrow: bool,
    /// Says nothing of a new refresh token, and leaves the one that was used valid, as federations
    /// do that never change them.
    pub(crate) keeps_refresh_token: bool,
}

/// What the authorization server remembers.
#[derive(Debug)]
pub(crate) struct Ledger {
    pub(super) values: Values,
    pub(super) pages: Pages,
    pub(super) codes: Codes,
    pub(super) devices: Devices,
    /// Ids of assertions, each good for once.
    pub(super) assertions: HashSet<String>,
    pub(crate) counts: OAuthCounts,
    /// Of access tokens from now on, in seconds.
    pub(crate) access_token_lifetime: u64,
    last_family: u64,
    access: HashMap<String, Access>,
    refresh: HashMap<String, Refresh>,
}

impl Ledger {
    pub(crate) fn new(access_token_lifetime: u64) -> Self {
        Self {
            values: Values::default(),
            pages: Pages::default(),
            codes: Codes::default(),
            devices: Devices::default(),
            assertions: HashSet::new(),
            counts: OAuthCounts::default(),
            access_token_lifetime,
            last_family: 0,
            access: HashMap::new(),
            refresh: HashMap::new(),
        }
    }

    /// Gives tokens that begin a family: all that comes of one sign-in and ends with it.
    pub(crate) fn issue_first(&mut self, client: Client, scopes: Scopes, terms: Terms) -> Issued {
        self.last_family += 1;
        self.counts.exchanges += 1;
        self.issue(client, scopes, self.last_family, terms)
    }

    fn issue(&mut self, client: Client, scopes: Scopes, family: u64, terms: Terms) -> Issued {
        let scopes = if terms.is_narrow {
            scopes.within(Scopes::NARROW)
        } else {
            scopes
        };
        let access_token = self.values.text("access");
        let access = Access {
            client,
            scopes,
            family,
        };
        self.access.insert(access_token.clone(), access);
        let refresh_token = scopes.offline.then(|| self.values.text("refresh"));
        if let Some(token) = &refresh_token {
            let refresh = Refresh {
                client,
                scopes,
                family,
                is_used: false,
            };
            self.refresh.insert(token.clone(), refresh);
        }
        Issued {
            access_token,
            refresh_token,
            scopes,
            lifetime: self.access_token_lifetime,
        }
    }

    /// Exchanges a refresh token. One that comes a second time was stolen from somebody, and nobody
    /// knows from whom: the whole family ends (RFC 9700, 4.14).
    pub(crate) fn refresh(
        &mut self,
        token: &str,
        client: Client,
        wanted: Option<Scopes>,
        terms: Terms,
    ) -> Result<Issued, OAuthError> {
        let unknown = OAuthError::invalid_grant("The refresh token is unknown or no longer valid.");
        let Some(found) = self.refresh.get_mut(token) else {
            return Err(unknown);
        };
        if found.client != client {
            return Err(unknown);
        }
        let family = found.family;
        if found.is_used {
            self.counts.refresh_reuses += 1;
            self.end_family(family);
            return Err(OAuthError::invalid_grant(
                "The refresh token was used before, so all tokens of this sign-in have ended.",
            ));
        }
        let granted = found.scopes;
        let scopes = wanted.unwrap_or(granted);
        if scopes.within(granted) != scopes {
            return Err(OAuthError::invalid_scope());
        }
        found.is_used = !terms.keeps_refresh_token;
        self.counts.refreshes += 1;
        // What is asked for less is less for this access token only; the new refresh token opens
        // what the old one did (RFC 6749, 6).
        let issued = self.issue(client, granted, family, terms);
        let scopes = issued.scopes.within(Scopes {
            offline: granted.offline,
            ..scopes
        });
        if let Some(access) = self.access.get_mut(&issued.access_token) {
            access.scopes = scopes;
        }
        Ok(Issued { scopes, ..issued })
    }

    /// What a living access token opens.
    pub(crate) fn scopes_of(&self, access_token: &str) -> Option<Scopes> {
        self.access.get(access_token).map(|access| access.scopes)
    }

    /// Takes a token away from the client it belongs to: an access token alone, a refresh token
    /// with its family.
    pub(crate) fn revoke(&mut self, token: &str, client: Client) {
        self.counts.revocations += 1;
        if self.access.get(token).is_some_and(|it| it.client == client) {
            self.access.remove(token);
        }
        let refresh = self.refresh.get(token);
        if let Some(family) = refresh.filter(|it| it.client == client).map(|it| it.family) {
            self.end_family(family);
        }
    }

    pub(super) fn end_family(&mut self, family: u64) {
        self.access.retain(|_, access| access.family != family);
        self.refresh.retain(|_, refresh| refresh.family != family);
    }

    /// The family of an access token that was just given.
    pub(super) fn family_of(&self, issued: &Issued) -> Option<u64> {
        let access = self.access.get(&issued.access_token)?;
        Some(access.family)
    }

    /// Ends one access token, as its time does.
    pub(crate) fn expire_access_token(&mut self, token: &str) {
        self.access.remove(token);
    }

    /// Ends all access tokens; refresh tokens stay good.
    pub(crate) fn expire_access_tokens(&mut self) {
        self.access.clear();
    }

    /// Ends all tokens and codes, as a federation does that has been broken into.
    pub(crate) fn revoke_all(&mut self) {
        self.access.clear();
        self.refresh.clear();
        self.codes.clear();
        self.devices.clear();
    }

    /// How many access tokens live, and how many refresh tokens can still be used.
    pub(crate) fn living(&self) -> (usize, usize) {
        let refresh = self.refresh.values().filter(|it| !it.is_used).count();
        (self.access.len(), refresh)
    }
}
