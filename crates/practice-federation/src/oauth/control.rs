//! The authorization server's controls for another process, as JSON and as the page's forms.

use std::sync::Arc;

use axum::extract::State;
use axum::extract::rejection::{FormRejection, JsonRejection};
use axum::http::StatusCode;
use axum::response::Redirect;
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use serde::{Deserialize, Serialize};

use super::ledger::{Ledger, OAuthCounts};
use crate::problem::Problem;
use crate::state::Shared;

/// The answer of `/practice/oauth`: counts, and what lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct OAuthReport {
    /// What was done since the start.
    #[serde(flatten)]
    pub counts: OAuthCounts,
    /// Seconds, for access tokens given from now on.
    pub access_token_lifetime: u64,
    /// Access tokens that live.
    pub access_tokens: usize,
    /// Refresh tokens that can still be used.
    pub refresh_tokens: usize,
}

impl Ledger {
    pub(crate) fn report(&self) -> OAuthReport {
        let (access_tokens, refresh_tokens) = self.living();
        OAuthReport {
            counts: self.counts,
            access_token_lifetime: self.access_token_lifetime,
            access_tokens,
            refresh_tokens,
        }
    }
}

/// What may be asked for, all of it optional.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Change {
    expire_access_tokens: bool,
    revoke_all_tokens: bool,
    access_token_lifetime: Option<u64>,
}

impl Change {
    fn apply(&self, ledger: &mut Ledger) {
        if let Some(seconds) = self.access_token_lifetime {
            ledger.access_token_lifetime = seconds;
        }
        if self.expire_access_tokens {
            ledger.expire_access_tokens();
        }
        if self.revoke_all_tokens {
            ledger.revoke_all();
        }
    }
}

/// Routes under `/practice`; the caller guards them.
pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/practice/oauth", get(report).post(change))
        .route("/practice/oauth/form", post(form))
}

async fn report(State(shared): State<Arc<Shared>>) -> Json<OAuthReport> {
    Json(shared.ledger().report())
}

async fn change(
    State(shared): State<Arc<Shared>>,
    body: Result<Json<Change>, JsonRejection>,
) -> Result<Json<OAuthReport>, Problem> {
    let Json(change) = body.map_err(|error| {
        Problem::new(
            error.status(),
            r#"Send JSON with "expire_access_tokens": true, "revoke_all_tokens": true or "access_token_lifetime": SECONDS."#,
        )
    })?;
    let mut ledger = shared.ledger();
    change.apply(&mut ledger);
    Ok(Json(ledger.report()))
}

async fn form(
    State(shared): State<Arc<Shared>>,
    form: Result<Form<Change>, FormRejection>,
) -> Result<Redirect, Problem> {
    let Form(change) =
        form.map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "Choose what is to happen."))?;
    change.apply(&mut shared.ledger());
    Ok(Redirect::to("/practice"))
}
