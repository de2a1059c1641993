//! One GET request with a connector's credentials, for a person who looks what an API answers.

use serde_json::Value;

use super::App;
use super::telling::told;
use super::tokens::TokenTrouble;
use crate::api::address::resolve;
use crate::api::authenticate::{
    Authentication, KeyChoice, authentication, authentication_with, bearer, has_secondary,
};
use crate::api::client::HttpClient;
use crate::api::connection_test::TokenRefusal;
use crate::api::send::{self, Answer, Request, finding_of};
use crate::error::{Error, FieldRule, Result};
use crate::failure::Finding;
use crate::view::RequestView;

/// Largest body that is read.
const BODY_LIMIT: usize = 8 * 1024 * 1024;

impl App {
    /// Sends one GET to `path` below the connector's address. Values of the answer are replaced by
    /// their kinds unless `reveal`, because members are in it. A token is renewed first where it is
    /// due, and once more where the federation refuses it; a second key takes over from a refused one.
    pub async fn request(&self, code: &str, path: &str, reveal: bool) -> Result<RequestView> {
        let subject = self.subject(code).await?;
        let settings = &*subject.settings;
        let below_base = path.starts_with('/') && !path.starts_with("//");
        if !below_base {
            return Err(Error::field(
                "path",
                FieldRule::InvalidUrl,
                "start with / ; the request goes below the address of the connector only",
            ));
        }
        let fail = |finding: Finding| told(settings, &finding.into(), 1);
        let url = resolve(&settings.endpoints.base, path, &[]).map_err(fail)?;
        let client = HttpClient::new(settings).await.map_err(fail)?;
        let ask = async |authentication: &Authentication| {
            let request = Request {
                method: reqwest::Method::GET,
                url: &url,
                authentication,
                body: None,
                read_errors: false,
                max_body: BODY_LIMIT,
                now: self.now(),
            };
            send::send(&client, request).await.map_err(|failure| {
                let refusal = TokenRefusal {
                    status: failure.status,
                    ..TokenRefusal::from(failure.finding)
                };
                told(settings, &refusal, 1)
            })
        };
        let with_token = async |refused| match self.token(&subject, refused).await {
            Ok(token) => Ok((bearer(&token.access_token).map_err(fail)?, token.id)),
            Err(TokenTrouble::Product(error)) => Err(error),
            Err(TokenTrouble::Federation(refusal)) => Err(told(settings, &refusal, 1)),
        };
        let (answer, attempts) = if settings.auth.kind.uses_tokens() {
            let (proof, token) = with_token(None).await?;
            let first = ask(&proof).await?;
            if first.status == 401 {
                let (proof, _) = with_token(Some(token)).await?;
                (ask(&proof).await?, 2)
            } else {
                (first, 1)
            }
        } else {
            let stored = self
                .stored_for(&subject.opened, &subject.connector, settings)
                .await?;
            if stored.withheld {
                return Err(fail(Finding::CredentialsWithheld));
            }
            let credentials = stored.credentials.as_ref();
            let proof = authentication(&settings.auth, credentials).map_err(fail)?;
            let first = ask(&proof).await?;
            if first.status == 401 && has_secondary(credentials) {
                let second = KeyChoice::Secondary;
                let proof =
                    authentication_with(&settings.auth, credentials, second).map_err(fail)?;
                (ask(&proof).await?, 2)
            } else {
                (first, 1)
            }
        };
        let seen = |finding, answer: &Answer| TokenRefusal {
            status: Some(answer.status),
            retry_after: answer.retry_after,
            ..TokenRefusal::from(finding)
        };
        if let Some(finding) = finding_of(&answer) {
            return Err(told(settings, &seen(finding, &answer), attempts));
        }
        let body: Value = serde_json::from_slice(&answer.body)
            .map_err(|_| told(settings, &seen(Finding::NotJson, &answer), attempts))?;
        Ok(RequestView {
            status: answer.status,
            ms: answer.ms,
            bytes: u64::try_from(answer.body.len()).unwrap_or(u64::MAX),
            attempts,
            content_type: answer.content_type,
            body: if reveal { body } else { shape(&body) },
        })
    }
}

/// The shape of an answer without its values: kinds for values, one example for a list.
fn shape(value: &Value) -> Value {
    match value {
        Value::Null => Value::Null,
        Value::Bool(_) => "true or false".into(),
        Value::Number(_) => "number".into(),
        Value::String(_) => "text".into(),
        Value::Array(list) => {
            let mut shown: Vec<Value> = list.first().map(shape).into_iter().collect();
            if list.len() > 1 {
                shown.push(format!("and {} more", list.len() - 1).into());
            }
            Value::Array(shown)
        }
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), shape(value)))
            .collect(),
    }
}
