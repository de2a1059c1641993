//! Why a request brought nothing, on its way to the caller: what was seen, when it may be tried again, and the one
//! sentence about it.

use crate::api::api_error::FederationApiError;
use crate::api::retry_after::Told;
use crate::api::sentences::{Context, describe};
use crate::clock::UtcMillis;
use crate::failure::{FailureClass, Finding};
use crate::settings::ConnectorSettings;

/// Why an attempt brought nothing.
#[derive(Clone, Copy)]
pub(super) struct Seen {
    pub(super) finding: Finding,
    pub(super) status: Option<u16>,
    pub(super) told: Told,
}

impl Seen {
    pub(super) fn only(finding: Finding) -> Self {
        Self {
            finding,
            status: None,
            told: Told::Nothing,
        }
    }
}

/// Why a request brought nothing.
pub(super) struct Trouble {
    pub(super) finding: Finding,
    pub(super) status: Option<u16>,
    pub(super) retry_at: Option<UtcMillis>,
    pub(super) message: Option<String>,
    /// Where it is not the class of the finding.
    pub(super) class: Option<FailureClass>,
    /// Our own refusal: the federation has not failed again.
    pub(super) unasked: bool,
    /// There was no proof of who we are: it is the sign-in that failed.
    pub(super) at_sign_in: bool,
}

impl Trouble {
    pub(super) fn unasked(finding: Finding) -> Self {
        Self {
            finding,
            status: None,
            retry_at: None,
            message: None,
            class: None,
            unasked: true,
            at_sign_in: false,
        }
    }

    /// As it is told to the caller.
    pub(super) fn told(
        self,
        settings: &ConnectorSettings,
        now: UtcMillis,
        attempts: u32,
    ) -> FederationApiError {
        let trouble = self;
        let base = url::Url::parse(&settings.filled(&settings.endpoints.base)).ok();
        let retry_after = trouble.retry_at.and_then(|at| {
            let ms = u64::try_from(at.0.saturating_sub(now.0)).ok()?;
            Some(ms.div_ceil(1_000))
        });
        let message = trouble.message.unwrap_or_else(|| {
            let words = describe(
                trouble.finding,
                &Context {
                    name: &settings.name,
                    host: base
                        .as_ref()
                        .and_then(|base| base.host_str())
                        .unwrap_or_default(),
                    status: trouble.status,
                    auth: settings.auth.kind,
                    retry_after,
                },
            );
            format!("{}. {}", words.title.trim_end_matches('.'), words.fix)
        });
        FederationApiError {
            class: trouble.class.unwrap_or_else(|| class_of(trouble.finding)),
            finding: trouble.finding,
            status: trouble.status,
            message,
            attempts,
            retry_at: trouble.retry_at,
        }
    }
}

pub(super) fn class_of(finding: Finding) -> FailureClass {
    finding.class().unwrap_or(FailureClass::Internal)
}

/// A moment so many milliseconds later.
pub(super) fn plus(now: UtcMillis, ms: u64) -> UtcMillis {
    UtcMillis(now.0.saturating_add(i64::try_from(ms).unwrap_or(i64::MAX)))
}
