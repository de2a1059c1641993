//! What the federation's answer means for a person, as an error: one place, so that a request, a test
//! and a sign-in say the same.

use crate::api::sentences::{Context, Sentences, describe};
use crate::api::token_source::TokenRefusal;
use crate::error::Error;
use crate::failure::Finding;
use crate::settings::ConnectorSettings;

/// An error with the sentences of what was seen.
pub(super) fn told(settings: &ConnectorSettings, refusal: &TokenRefusal, attempts: u32) -> Error {
    let host = refusal.host.clone().unwrap_or_else(|| {
        url::Url::parse(&settings.endpoints.base)
            .ok()
            .and_then(|base| base.host_str().map(str::to_owned))
            .unwrap_or_default()
    });
    let context = Context {
        name: &settings.name,
        host: &host,
        status: refusal.status,
        auth: settings.auth.kind,
        retry_after: refusal.retry_after,
    };
    Error::Federation {
        finding: refusal.finding,
        status: refusal.status,
        message: sentence(&describe(refusal.finding, &context)),
        attempts,
    }
}

/// The same where no connector is known.
pub(super) fn refused(finding: Finding) -> Error {
    let nobody = ConnectorSettings {
        name: "the federation".to_owned(),
        ..ConnectorSettings::default()
    };
    told(&nobody, &finding.into(), 0)
}

fn sentence(words: &Sentences) -> String {
    format!("{}. {}", words.title.trim_end_matches('.'), words.fix)
}
