//! One GET request with a connector's credentials, for a person who looks what an API answers.

use serde_json::Value;

use super::App;
use super::record::{find_live, settings_of};
use crate::api::address::resolve;
use crate::api::answer::finding_of_status;
use crate::api::authenticate::authentication;
use crate::api::client::HttpClient;
use crate::api::send::{self, Request};
use crate::api::sentences::{Context, describe};
use crate::error::{Error, Result};
use crate::failure::Finding;
use crate::view::RequestView;

/// Largest body that is read.
const BODY_LIMIT: usize = 8 * 1024 * 1024;

impl App {
    /// Sends one GET to `path` below the connector's address. Values of the answer are replaced by
    /// their kinds unless `reveal`, because members are in it.
    pub async fn request(&self, code: &str, path: &str, reveal: bool) -> Result<RequestView> {
        let opened = self.opened()?;
        let wanted = code.to_owned();
        let record = opened.store.read(move |tx| find_live(tx, &wanted)).await?;
        let settings = settings_of(&record)?;
        let stored = self.stored_for(&opened, &record, &settings).await?;
        let host = url::Url::parse(&settings.endpoints.base)
            .ok()
            .and_then(|base| base.host_str().map(str::to_owned))
            .unwrap_or_default();
        let fail = |finding: Finding, status: Option<u16>, retry_after: Option<u64>| {
            let context = Context {
                name: &settings.name,
                host: &host,
                status,
                auth: settings.auth.kind,
                retry_after,
            };
            let told = describe(finding, &context);
            let message = format!("{}. {}", told.title.trim_end_matches('.'), told.fix);
            Error::Federation {
                finding,
                status,
                message,
                attempts: 1,
            }
        };
        let below_base = path.starts_with('/') && !path.starts_with("//");
        if !below_base {
            return Err(Error::field(
                "path",
                crate::error::FieldRule::InvalidUrl,
                "start with / ; the request goes below the address of the connector only",
            ));
        }
        let url = resolve(&settings.endpoints.base, path, &[]).map_err(|f| fail(f, None, None))?;
        if stored.withheld {
            return Err(fail(Finding::CredentialsWithheld, None, None));
        }
        let authentication = authentication(&settings.auth, stored.credentials.as_ref())
            .map_err(|finding| fail(finding, None, None))?;
        let client = HttpClient::new(&settings)
            .await
            .map_err(|finding| fail(finding, None, None))?;
        let request = Request {
            method: reqwest::Method::GET,
            url: &url,
            authentication: &authentication,
            body: None,
            read_errors: false,
            max_body: BODY_LIMIT,
            now: self.now(),
        };
        let answer = send::send(&client, request)
            .await
            .map_err(|failure| fail(failure.finding, failure.status, None))?;
        if let Some(finding) = finding_of_status(answer.status) {
            return Err(fail(finding, Some(answer.status), answer.retry_after));
        }
        let body: Value = serde_json::from_slice(&answer.body)
            .map_err(|_| fail(Finding::NotJson, Some(answer.status), None))?;
        Ok(RequestView {
            status: answer.status,
            ms: answer.ms,
            bytes: u64::try_from(answer.body.len()).unwrap_or(u64::MAX),
            attempts: 1,
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
