//! What the twins borrow: tokens of the same ledger, so that their lifetimes and their ends are those
//! of all others, and the check of an assertion that was made for another address.

use std::sync::Arc;

use super::client::Client;
use super::error::OAuthError;
use super::ledger::{Issued, Terms};
use super::scopes::Scopes;
use super::token::limit_life;
use super::{TOKEN_PATH, assertion};
use crate::state::Shared;

/// Counts a request for a token, answered well or not.
pub(crate) fn count_token_request(shared: &Shared) {
    shared.ledger().counts.token_requests += 1;
}

/// Gives a token that opens lists. With `renewable` a refresh token comes along.
pub(crate) fn issue(shared: &Arc<Shared>, renewable: bool) -> Issued {
    let scopes = Scopes {
        offline: renewable,
        ..Scopes::READING
    };
    let issued = shared
        .ledger()
        .issue_first(Client::Worker, scopes, Terms::default());
    limit_life(shared, &issued);
    issued
}

/// Exchanges a refresh token of [`issue`].
pub(crate) fn renew(shared: &Arc<Shared>, refresh_token: &str) -> Result<Issued, OAuthError> {
    let issued = shared
        .ledger()
        .refresh(refresh_token, Client::Worker, None, Terms::default())?;
    limit_life(shared, &issued);
    Ok(issued)
}

/// Checks an assertion of the worker that was made for one of `audiences`.
pub(crate) fn check_assertion(
    shared: &Shared,
    assertion: &str,
    audiences: &[&str],
) -> Result<(), OAuthError> {
    assertion::check(shared, assertion, audiences)
}

/// The audiences of this crate's own token endpoint.
pub(super) fn own_audiences(shared: &Shared) -> [String; 2] {
    let issuer = shared.origin();
    let token_endpoint = format!("{issuer}{TOKEN_PATH}");
    [issuer, token_endpoint]
}
