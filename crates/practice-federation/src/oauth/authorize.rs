//! The authorization endpoint: checks what a client asks for, shows the sign-in page, and sends the
//! browser back. An unknown client or redirect address gets a page and no redirect, because an
//! answer sent to a stranger's address is the attack this endpoint is known for.

use std::sync::Arc;

use axum::extract::{RawForm, RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::client::{Client, GrantType, is_redirect_allowed};
use super::codes::{AuthorizationRequest, Page};
use super::devices::Decision;
use super::parameters::Parameters;
use super::redirect::{Outcome, back, form_target};
use super::scopes::Scopes;
use super::sign_in::{SignIn, say};
use crate::state::Shared;

/// What becomes of an authorization request.
pub(crate) enum Asked {
    /// A page says why.
    Refused(&'static str),
    /// The client hears why, at this address.
    Back(String),
    /// A person decides.
    Consent(AuthorizationRequest),
}

/// Reads the query of an authorization request.
pub(crate) fn read(shared: &Shared, query: &str) -> Asked {
    let parameters = Parameters::parse(query.as_bytes());
    let client = parameters
        .get("client_id")
        .and_then(|id| Client::by_id(id, &shared.credentials));
    let Some(client) = client else {
        return Asked::Refused("The client is unknown, or it is named twice or not at all.");
    };
    let redirect_uri = parameters
        .get("redirect_uri")
        .filter(|uri| is_redirect_allowed(uri, &shared.options.redirect_scheme));
    let Some(redirect_uri) = redirect_uri else {
        return Asked::Refused(
            "The redirect address is not one of this client's, or is there twice or not at all.",
        );
    };
    let state = parameters.get("state");
    match request(client, redirect_uri, state, &parameters) {
        Ok(request) => Asked::Consent(request),
        Err(error) => Asked::Back(back(shared, redirect_uri, state, error)),
    }
}

fn request(
    client: Client,
    redirect_uri: &str,
    state: Option<&str>,
    parameters: &Parameters,
) -> Result<AuthorizationRequest, Outcome> {
    let refused = |code, description| Outcome::Error { code, description };
    let invalid = |description| refused("invalid_request", description);
    if parameters.has_repeated() {
        return Err(invalid("A parameter is there twice."));
    }
    if !client.may_use(GrantType::AuthorizationCode) {
        return Err(refused(
            "unauthorized_client",
            "This client works without people.",
        ));
    }
    match parameters.get("response_type") {
        Some("code") => {}
        Some(_) => {
            return Err(refused(
                "unsupported_response_type",
                "Only response_type=code is supported.",
            ));
        }
        None => return Err(invalid("The response_type is missing.")),
    }
    if parameters.get("code_challenge_method") != Some("S256") {
        return Err(invalid("PKCE with code_challenge_method=S256 is required."));
    }
    let challenge = parameters
        .get("code_challenge")
        .filter(|it| is_challenge(it))
        .ok_or_else(|| invalid("The code_challenge is missing or is not 43 Base64url letters."))?;
    let scopes = match parameters.get("scope") {
        None => Scopes::ALL,
        Some(text) => Scopes::parse(text)
            .ok_or_else(|| refused("invalid_scope", "One of the scopes does not exist."))?,
    };
    Ok(AuthorizationRequest {
        client,
        redirect_uri: redirect_uri.to_owned(),
        state: state.map(str::to_owned),
        scopes,
        challenge: challenge.to_owned(),
    })
}

/// True for what a SHA-256 looks like in Base64url.
fn is_challenge(text: &str) -> bool {
    text.len() == 43
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// Ends an authorization request as the person decided; gives the address to send the browser to.
pub(crate) fn end(
    shared: &Arc<Shared>,
    request: AuthorizationRequest,
    decision: Decision,
) -> String {
    let (redirect_uri, state) = (request.redirect_uri.clone(), request.state.clone());
    let outcome = match decision {
        Decision::Deny => Outcome::DENIED,
        Decision::Allow => {
            let code = shared.ledger().grant_code(request);
            let expiring = code.clone();
            shared.later_seconds(shared.options.code_lifetime, move |ledger| {
                ledger.expire_code(&expiring);
            });
            Outcome::Code(code)
        }
    };
    back(shared, &redirect_uri, state.as_deref(), outcome)
}

pub(super) async fn ask(State(shared): State<Arc<Shared>>, RawQuery(query): RawQuery) -> Response {
    match read(&shared, &query.unwrap_or_default()) {
        Asked::Refused(sentence) => say(
            StatusCode::BAD_REQUEST,
            "This sign-in cannot go on",
            sentence,
        ),
        Asked::Back(address) => redirect(StatusCode::FOUND, &address),
        Asked::Consent(request) => show(&shared, request, false),
    }
}

pub(super) async fn decide(State(shared): State<Arc<Shared>>, RawForm(form): RawForm) -> Response {
    let Some((Page::Authorization(request), decision)) = pressed(&shared, &form) else {
        return stale_page();
    };
    let Some(decision) = decision else {
        return show(&shared, request, true);
    };
    redirect(StatusCode::SEE_OTHER, &end(&shared, request, decision))
}

fn show(shared: &Shared, request: AuthorizationRequest, was_wrong: bool) -> Response {
    let (client, scopes) = (request.client, request.scopes);
    let target = form_target(&request.redirect_uri);
    let page = shared.ledger().open_page(Page::Authorization(request));
    SignIn {
        client,
        scopes,
        page: &page,
        user_code: None,
        target: &target,
        was_wrong,
    }
    .show(&shared.credentials)
}

/// The page of a form and what the person decided on it; no decision where the password is wrong.
/// None for a page that was used before.
pub(super) fn pressed(shared: &Shared, form: &[u8]) -> Option<(Page, Option<Decision>)> {
    let form = Parameters::parse(form);
    let page = shared.ledger().take_page(form.get("request")?)?;
    let decision = Decision::parse(form.get("decision")?)?;
    let is_right = shared.credentials.are_of_the_person(
        form.get("username").unwrap_or_default(),
        form.get("password").unwrap_or_default(),
    );
    Some((
        page,
        (decision == Decision::Deny || is_right).then_some(decision),
    ))
}

/// For a form that was sent before, or that another site made up.
pub(super) fn stale_page() -> Response {
    say(
        StatusCode::BAD_REQUEST,
        "This sign-in cannot go on",
        "The page was used before or is too old. Begin again in the app.",
    )
}

fn redirect(status: StatusCode, address: &str) -> Response {
    match HeaderValue::try_from(address) {
        Ok(address) => (
            status,
            [
                (header::LOCATION, address),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
                // The address holds a code; the page it leads to must not pass it on.
                (
                    header::REFERRER_POLICY,
                    HeaderValue::from_static("no-referrer"),
                ),
            ],
        )
            .into_response(),
        // Redirect addresses are visible ASCII and what is added to them is encoded.
        Err(_) => stale_page(),
    }
}
