//! The call that a check makes: the address that verifies credentials, or the cheapest one there is. Pure.

use reqwest::Method;
use reqwest::header::HeaderMap;

use crate::api::address::resolve;
use crate::api::call::{Call, Concerns, recorded};
use crate::api::paging::address::ListAddress;
use crate::api::records::Reading;
use crate::failure::Finding;
use crate::settings::ConnectorSettings;

/// Most bytes of an answer that a check reads: 256 KiB. A list that is larger was answered, and the rest is not fetched.
pub(crate) const CHECK_BODY: usize = 256 * 1024;

/// The call: the `verify` address where there is one, else the list with one record. `organisation` is a club's id at the
/// federation, for an address that needs one.
///
/// # Errors
/// As [`crate::api::call::call`].
pub(crate) fn check_call(
    settings: &ConnectorSettings,
    organisation: Option<&str>,
) -> Result<Call, Finding> {
    let verify = settings.endpoints.verify.as_deref().map(str::trim);
    let (url, template) = match verify.filter(|verify| !verify.is_empty()) {
        Some(verify) => {
            let mut values = settings.variables();
            if let Some(organisation) = organisation {
                values.push(("federation_org_id", organisation));
            }
            (resolve(&settings.endpoints.base, verify, &values)?, verify)
        }
        None => (
            ListAddress::of(settings, organisation).first(Some(1))?,
            settings.endpoints.membership_list.as_str(),
        ),
    };
    Ok(Call {
        method: Method::GET,
        url,
        template: recorded(template),
        accept: Reading::of(settings).accept().to_owned(),
        headers: HeaderMap::new(),
        body: None,
        repeatable_by_key: false,
        with_proof: true,
        concerns: Concerns::of(template),
        max_body: CHECK_BODY,
        streamed: false,
        light: true,
        organisation: organisation.map(str::to_owned),
    })
}
