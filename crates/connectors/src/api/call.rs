//! What a request is made of: which endpoint, with what, and under which name it is recorded. Pure.

use std::time::Duration;

use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderValue};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::api::address::resolve;
use crate::api::circuit;
use crate::api::send::{JSON, Outgoing};
use crate::failure::{FailureClass, Finding};
use crate::settings::ConnectorSettings;

/// Most bytes of a body that is read as a whole: 8 MiB.
pub const WHOLE_BODY: usize = 8 * 1024 * 1024;
/// Most bytes of a body that is read as it arrives: 64 MiB.
pub const STREAMED_BODY: usize = 64 * 1024 * 1024;

/// Longest time that a light call waits for its turn in the minute.
pub(crate) const LIGHT_TURN: Duration = Duration::from_secs(5);

/// The header by which a federation recognises a repetition (draft-ietf-httpapi-idempotency-key-header).
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// How a request is made. The default is a GET without anything.
#[derive(Debug, Clone)]
pub struct RequestOptions {
    /// HTTP method.
    pub method: Method,
    /// Query parameters besides those of the endpoint.
    pub query: Vec<(String, String)>,
    /// What is sent.
    pub body: Option<Outgoing>,
    /// Further headers. They cannot stand in for those that prove who we are.
    pub headers: HeaderMap,
    /// Sent as `Idempotency-Key`: a POST or PATCH with it may be repeated.
    pub idempotency_key: Option<String>,
    /// A club's id at the federation, for `{federation_org_id}`.
    pub organisation: Option<String>,
    /// Values of further placeholders, e.g. `member_id`.
    pub values: Vec<(String, String)>,
    /// Most bytes of the unpacked body; [`WHOLE_BODY`] where absent.
    pub max_body: Option<usize>,
    /// Stops it.
    pub cancel: CancellationToken,
}

impl Default for RequestOptions {
    fn default() -> Self {
        Self {
            method: Method::GET,
            query: Vec::new(),
            body: None,
            headers: HeaderMap::new(),
            idempotency_key: None,
            organisation: None,
            values: Vec::new(),
            max_body: None,
            cancel: CancellationToken::new(),
        }
    }
}

/// What a refusal says something about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Concerns {
    /// The connector.
    Connector,
    /// A 404 or 403: one club or one of its members.
    OneClub,
    /// Somebody's own path.
    OnePath,
}

/// One request, ready to be sent as often as it takes.
#[derive(Debug)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "facts about one request, of which any may hold beside any other"
)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) url: Url,
    /// The name under which attempts are recorded: no value is in it.
    pub(crate) template: String,
    pub(crate) accept: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Outgoing>,
    pub(crate) repeatable_by_key: bool,
    /// Whether credentials go along: only to hosts of the settings.
    pub(crate) with_proof: bool,
    pub(crate) concerns: Concerns,
    pub(crate) max_body: usize,
    pub(crate) streamed: bool,
    /// Sent once, except with a proof that takes over, and only where its turn comes within [`LIGHT_TURN`].
    pub(crate) light: bool,
    /// The federation's id of the club that it asks about, where that is said apart from the address.
    pub(crate) organisation: Option<String>,
}

/// Makes a call of an endpoint and options. `endpoint` is the name of a configured one (`membership_list`, `member_detail`,
/// `verify`, `organisation`) or a path below the base that starts with `/`; both may have placeholders.
///
/// # Errors
/// [`Finding::SettingUnusable`] for an unknown name, an endpoint that is not set, a path that leads away from the
/// base, or an unknown placeholder; [`Finding::OrganisationNeeded`] where a value is missing.
pub(crate) fn call(
    settings: &ConnectorSettings,
    endpoint: &str,
    options: &RequestOptions,
) -> Result<Call, Finding> {
    let configured = configured(settings, endpoint)?;
    let template = configured.unwrap_or(endpoint);
    let mut values = settings.variables();
    values.extend(
        options
            .values
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str())),
    );
    if let Some(organisation) = &options.organisation {
        values.push(("federation_org_id", organisation));
    }
    let mut url = resolve(&settings.endpoints.base, template, &values)?;
    if !options.query.is_empty() {
        url.query_pairs_mut().extend_pairs(&options.query);
    }
    let mut headers = options.headers.clone();
    if let Some(key) = &options.idempotency_key {
        let key = HeaderValue::from_str(key).map_err(|_| Finding::SettingUnusable)?;
        headers.insert(IDEMPOTENCY_KEY, key);
    }
    Ok(Call {
        method: options.method.clone(),
        url,
        template: recorded(template),
        accept: JSON.to_owned(),
        repeatable_by_key: headers.contains_key(IDEMPOTENCY_KEY),
        headers,
        body: options.body.clone(),
        with_proof: true,
        concerns: match configured {
            None => Concerns::OnePath,
            Some(template) => Concerns::of(template),
        },
        max_body: options.max_body.unwrap_or(WHOLE_BODY),
        streamed: false,
        light: false,
        organisation: options.organisation.clone(),
    })
}

/// The template of an endpoint's name; none for a path.
fn configured<'a>(
    settings: &'a ConnectorSettings,
    endpoint: &str,
) -> Result<Option<&'a str>, Finding> {
    if endpoint.starts_with('/') && !endpoint.starts_with("//") {
        return Ok(None);
    }
    let endpoints = &settings.endpoints;
    let template = match endpoint {
        "membership_list" => Some(&endpoints.membership_list),
        "member_detail" => endpoints.member_detail.as_ref(),
        "verify" => endpoints.verify.as_ref(),
        "organisation" => endpoints.organisation.as_ref(),
        _ => None,
    };
    template
        .map(|template| Some(template.as_str()))
        .ok_or(Finding::SettingUnusable)
}

impl Concerns {
    /// Of a configured address.
    pub(crate) fn of(template: &str) -> Self {
        if template.contains("{federation_org_id}") || template.contains("{member_id}") {
            Self::OneClub
        } else {
            Self::Connector
        }
    }

    /// Whether what was seen is one club's own. A token that does not allow it is the connector's.
    pub(crate) fn one_club(self, finding: Finding) -> bool {
        self == Self::OneClub && finding != Finding::ScopeTooNarrow
    }

    /// Whether a failure may say something about the connector; a 404 is looked at again by the circuit.
    pub(crate) fn counts(self, class: FailureClass) -> bool {
        let of_path = matches!(
            class,
            FailureClass::NotFound
                | FailureClass::Forbidden
                | FailureClass::BadConfiguration
                | FailureClass::BadAnswer
        );
        !(self == Self::OnePath && of_path)
    }

    /// Whether what was seen says nothing about the connector, though it is a failure.
    pub(crate) fn stands_aside(self, finding: Finding) -> bool {
        let Some(class) = finding.class() else {
            return false;
        };
        circuit::counts(class, false)
            && !(self.counts(class) && circuit::counts(class, self.one_club(finding)))
    }
}

/// The template as it is recorded: a query may hold a key.
pub(crate) fn recorded(template: &str) -> String {
    let path = template.split(['?', '#']).next().unwrap_or_default().trim();
    if path.is_empty() {
        "/".to_owned()
    } else {
        path.to_owned()
    }
}
