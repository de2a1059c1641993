//! Asking an issuer about itself (RFC 8414 §3, `OpenID` Connect Discovery 1.0 §4). Both addresses are
//! asked; what is valid is taken, and an answer that names another issuer is worth nothing.

use reqwest::Method;
use url::Url;

use crate::api::address::may_send;
use crate::api::answer::finding_of_status;
use crate::api::authenticate::Authentication;
use crate::api::client::HttpClient;
use crate::api::send::{JSON, Request, send};
use crate::auth::endpoints::Metadata;
use crate::clock::UtcMillis;
use crate::failure::Finding;

/// Most bytes of a description.
const MAX_BODY: usize = 256 * 1024;

/// Asks. The issuer is compared letter by letter (RFC 8414 §3.3).
///
/// # Errors
/// The finding of the network where nobody answers; [`Finding::IssuerMismatch`] where what comes is no
/// description of this issuer.
pub async fn discover(
    client: &HttpClient,
    issuer: &str,
    allow_http_loopback: bool,
    now: UtcMillis,
) -> Result<Metadata, Finding> {
    let url = Url::parse(issuer.trim()).map_err(|_| Finding::SettingUnusable)?;
    may_send(&url, allow_http_loopback)?;
    if url.query().is_some() || url.fragment().is_some() || url.host().is_none() {
        return Err(Finding::SettingUnusable);
    }
    let mut found: Option<Metadata> = None;
    let mut trouble = None;
    for address in addresses(&url) {
        match ask(client, &address, now).await {
            Ok(metadata) if metadata.issuer == issuer => {
                found = Some(match found {
                    Some(before) => before.merged_with(metadata),
                    None => metadata,
                });
            }
            Ok(_) => trouble = Some(Finding::IssuerMismatch),
            Err(finding) => trouble = trouble.or(Some(finding)),
        }
    }
    // A description that is missing, or is a web page, is a matter of the issuer's name.
    found.ok_or(match trouble {
        Some(
            Finding::NotFound
            | Finding::HtmlInsteadOfJson
            | Finding::NotJson
            | Finding::RequestRefused
            | Finding::Forbidden
            | Finding::Unauthorised
            | Finding::RedirectedElsewhere,
        )
        | None => Finding::IssuerMismatch,
        Some(finding) => finding,
    })
}

/// The address of RFC 8414 with the path behind the well-known part, and that of `OpenID` Connect with
/// the path before it.
fn addresses(issuer: &Url) -> [Url; 2] {
    let path = issuer.path().trim_end_matches('/');
    let mut of_rfc = issuer.clone();
    of_rfc.set_path(&format!("/.well-known/oauth-authorization-server{path}"));
    let mut of_openid = issuer.clone();
    of_openid.set_path(&format!("{path}/.well-known/openid-configuration"));
    [of_rfc, of_openid]
}

async fn ask(client: &HttpClient, url: &Url, now: UtcMillis) -> Result<Metadata, Finding> {
    let answer = send(
        client,
        Request {
            method: Method::GET,
            url,
            authentication: &Authentication::default(),
            body: None,
            read_errors: false,
            accept: JSON,
            max_body: MAX_BODY,
            now,
        },
    )
    .await
    .map_err(|failure| failure.finding)?;
    if let Some(finding) = finding_of_status(answer.status) {
        return Err(finding);
    }
    serde_json::from_slice(&answer.body).map_err(|_| Finding::NotJson)
}
