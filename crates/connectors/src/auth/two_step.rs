//! A two-step sign-in: a secret, or a user name and password, is posted once and the answer holds a
//! token. No standard describes it; several federations do it (`JustGo`, Twizzit).

use reqwest::Method;
use serde_json::{Map, Value};
use url::Url;
use url::form_urlencoded::Serializer;
use zeroize::Zeroizing;

use crate::api::answer::{at_path, finding_of_status};
use crate::api::authenticate::Authentication;
use crate::api::client::HttpClient;
use crate::api::send::{JSON, Outgoing, Request, send};
use crate::auth::token_answer::{is_shallow, is_usable, seconds_of};
use crate::auth::token_failure::{TokenFailure, was_sent};
use crate::auth::tokens::GrantedTokens;
use crate::clock::UtcMillis;
use crate::credentials::TwoStepCredentials;
use crate::failure::Finding;
use crate::secret::SecretText;
use crate::settings::{BodyFormat, TwoStepSettings};

/// Most bytes of the answer.
const MAX_BODY: usize = 64 * 1024;

/// Posts what is stored and reads the token out of the answer. Sent once.
pub async fn obtain(
    client: &HttpClient,
    url: &Url,
    settings: &TwoStepSettings,
    credentials: &TwoStepCredentials,
    now: UtcMillis,
) -> Result<GrantedTokens, TokenFailure> {
    let failed = |finding, status, retry_after| TokenFailure {
        finding,
        status,
        retry_after,
        word: None,
        sent: was_sent(finding),
    };
    let body = outgoing(settings, credentials)
        .ok_or_else(|| failed(Finding::CredentialsMissing, None, None))?;
    let request = Request {
        method: Method::POST,
        url,
        authentication: &Authentication::default(),
        body: Some(body),
        read_errors: false,
        accept: JSON,
        max_body: MAX_BODY,
        now,
    };
    let answer = send(client, request)
        .await
        .map_err(|failure| failed(failure.finding, failure.status, None))?;
    let status = Some(answer.status);
    let finding = match answer.status {
        // A wrong secret is told in either way.
        400 | 403 => Some(Finding::Unauthorised),
        other => finding_of_status(other),
    };
    if let Some(finding) = finding {
        return Err(failed(finding, status, answer.retry_after));
    }
    read(settings, &answer.body).ok_or_else(|| failed(Finding::TokenUnusable, status, None))
}

fn outgoing(settings: &TwoStepSettings, credentials: &TwoStepCredentials) -> Option<Outgoing> {
    // EXPOSE (all): they go into the body of this one request.
    let pairs: Vec<(&str, &str)> = match credentials {
        TwoStepCredentials {
            secret: Some(secret),
            ..
        } => vec![("secret", secret.expose())],
        TwoStepCredentials {
            username: Some(username),
            password: Some(password),
            ..
        } => vec![("username", username), ("password", password.expose())],
        _ => return None,
    };
    let (usual, bytes) = match settings.body {
        BodyFormat::Json => {
            let object: Map<String, Value> = pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), Value::from(*value)))
                .collect();
            ("application/json", serde_json::to_vec(&object).ok()?)
        }
        BodyFormat::Form => {
            let form = Serializer::new(String::new()).extend_pairs(pairs).finish();
            ("application/x-www-form-urlencoded", form.into_bytes())
        }
    };
    Some(Outgoing {
        content_type: settings.content_type.as_deref().unwrap_or(usual).to_owned(),
        bytes: Zeroizing::new(bytes),
    })
}

/// The token and its life out of an answer; none where it holds nothing usable.
fn read(settings: &TwoStepSettings, body: &[u8]) -> Option<GrantedTokens> {
    if !is_shallow(body) {
        return None;
    }
    let answer: Value = serde_json::from_slice(body).ok()?;
    let at = |path: &str| at_path(&answer, path);
    let token = at(&settings.token_path)?.as_str()?;
    let told = match settings.expires_path.as_deref().and_then(at) {
        None | Some(Value::Null) => None,
        Some(value) => Some(seconds_of(value)?),
    };
    is_usable(token).then(|| GrantedTokens {
        access_token: SecretText::new(token.to_owned()),
        refresh_token: None,
        expires_in: told.or(settings.lifetime_seconds.map(u64::from)),
        scopes: None,
    })
}
