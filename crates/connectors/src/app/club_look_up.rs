//! The federation's own name of a club, so that a person sees before connecting whom an identifier stands for (C01).

use serde_json::Value;

use super::App;
use super::clubs::broken_federation_id;
use super::telling::told;
use crate::api::call::RequestOptions;
use crate::api::circuit::Caller;
use crate::api::rules::{as_text, at};
use crate::api::token_source::TokenRefusal;
use crate::error::{Code, Error, Result};
use crate::failure::Finding;
use crate::validate::NAME_LIMIT;
use crate::view::ClubLookUpView;

impl App {
    /// Asks the federation how it calls the club with the identifier `federation_org`. Where the connector has no
    /// address for that, nothing is sent.
    ///
    /// # Errors
    /// [`Code::NotFound`] where the federation knows no such club; everything that a request can meet.
    pub async fn org_look_up(&self, code: &str, federation_org: &str) -> Result<ClubLookUpView> {
        let federation_org = federation_org.trim();
        if let Some(broken) = broken_federation_id(federation_org) {
            return Err(Error::Invalid(vec![broken]));
        }
        let subject = self.subject(code).await?;
        let endpoints = &subject.settings.endpoints;
        let (Some(_), Some(path)) = (&endpoints.organisation, &endpoints.organisation_name) else {
            return Ok(ClubLookUpView {
                offered: false,
                name: None,
            });
        };
        let client = self.api_client(code, Caller::Person).await?;
        let options = RequestOptions {
            organisation: Some(federation_org.to_owned()),
            ..RequestOptions::default()
        };
        let response = client.request("organisation", options).await;
        let response = match response {
            Err(error) if error.finding == Finding::NotFound => {
                let message = format!(
                    "{} knows no club with the id {federation_org}; compare it with what the \
                     federation shows",
                    subject.settings.name
                );
                return Err(Error::refused(Code::NotFound, message));
            }
            other => other.map_err(|error| self.of_federation(error))?,
        };
        let name = response
            .json::<Value>()
            .map(|body| at(&body, path).and_then(as_text).map(|name| shown(&name)))
            .and_then(|name| name.filter(|name| !name.is_empty()).ok_or(Finding::NotJson))
            .map_err(|finding| {
                let refusal = TokenRefusal {
                    status: Some(response.status),
                    ..TokenRefusal::from(finding)
                };
                told(&subject.settings, &refusal, response.attempts)
            })?;
        Ok(ClubLookUpView {
            offered: true,
            name: Some(name),
        })
    }
}

/// A name as it may be shown and stored: one line, not longer than any other.
fn shown(name: &str) -> String {
    name.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .take(NAME_LIMIT)
        .collect()
}
