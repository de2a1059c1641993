//! The authorization server (RFC 6749) with its sign-in pages and endpoints. What it remembers is
//! the [`Ledger`]; the members API asks only that what an access token opens. Identity tokens are
//! deliberately not there: nobody needs to know who signed in.

mod assertion;
mod authorize;
mod client;
mod codes;
mod control;
mod device;
mod devices;
mod error;
mod handle;
pub(crate) mod hostile;
mod ledger;
mod metadata;
mod parameters;
mod redirect;
mod revoke;
mod scopes;
mod section;
mod sign_in;
mod token;
pub(crate) mod twin;
mod two_step;
mod values;

use std::sync::Arc;

use axum::Router;
use axum::middleware;
use axum::routing::{get, post};

use crate::control::refuse_foreign_origin;
use crate::state::Shared;

pub use control::OAuthReport;
pub(crate) use control::routes as control_routes;
pub(crate) use error::{OAuthError, no_store};
pub use ledger::OAuthCounts;
pub(crate) use ledger::{Issued, Ledger};
pub(crate) use parameters::Parameters;
pub(crate) use scopes::Scopes;
pub(crate) use section::section;

pub(crate) const AUTHORIZE_PATH: &str = "/oauth/authorize";
pub(crate) const TOKEN_PATH: &str = "/oauth/token";
pub(crate) const REVOKE_PATH: &str = "/oauth/revoke";
pub(crate) const DEVICE_PATH: &str = "/oauth/device";
pub(crate) const VERIFY_PATH: &str = "/oauth/device/verify";
pub(crate) const TWO_STEP_PATH: &str = "/oauth/two-step";

pub(crate) fn routes() -> Router<Arc<Shared>> {
    let pages = Router::new()
        .route(AUTHORIZE_PATH, get(authorize::ask).post(authorize::decide))
        .route(VERIFY_PATH, get(device::ask).post(device::decide))
        .layer(middleware::from_fn(refuse_foreign_origin));
    Router::new()
        .route(
            "/.well-known/oauth-authorization-server",
            get(metadata::metadata),
        )
        .route("/.well-known/openid-configuration", get(metadata::metadata))
        .route(TOKEN_PATH, post(token::token))
        .route(REVOKE_PATH, post(revoke::revoke))
        .route(DEVICE_PATH, post(device::begin))
        .route(TWO_STEP_PATH, post(two_step::two_step))
        .merge(pages)
}
