//! What the authorization server says about itself (RFC 8414), under both names clients look for.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::client::GrantType;
use super::scopes::Scopes;
use super::{AUTHORIZE_PATH, DEVICE_PATH, REVOKE_PATH, TOKEN_PATH};
use crate::state::Shared;

pub(super) async fn metadata(State(shared): State<Arc<Shared>>) -> Json<Value> {
    let issuer = shared.origin();
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}{AUTHORIZE_PATH}"),
        "token_endpoint": format!("{issuer}{TOKEN_PATH}"),
        "revocation_endpoint": format!("{issuer}{REVOKE_PATH}"),
        "device_authorization_endpoint": format!("{issuer}{DEVICE_PATH}"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": GrantType::ALL.map(GrantType::text),
        "scopes_supported": Scopes::NAMES,
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported":
            ["none", "client_secret_basic", "client_secret_post"],
        "authorization_response_iss_parameter_supported": true,
    }))
}
