//! Where a sign-in goes, decided from the settings and from what the issuer says about itself. Pure.
//! What a person wrote out wins; what the issuer says is believed for its own host only.

use serde::Deserialize;
use url::Url;

use crate::api::address::{may_send, resolve};
use crate::failure::Finding;
use crate::settings::{AuthSettings, ConnectorSettings, Grant};

/// What an issuer says about itself (RFC 8414 §2, `OpenID` Connect Discovery 1.0 §3). Unknown members
/// are dropped; lists in it are often incomplete and are no reason to refuse anything but PKCE.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Metadata {
    /// Its name; equal to the one it was asked under, or the whole is worth nothing.
    pub issuer: String,
    /// Where a person signs in.
    #[serde(default)]
    pub authorization_endpoint: Option<String>,
    /// Where tokens come from.
    #[serde(default)]
    pub token_endpoint: Option<String>,
    /// Where tokens are given back.
    #[serde(default)]
    pub revocation_endpoint: Option<String>,
    /// Where a sign-in on another device starts.
    #[serde(default)]
    pub device_authorization_endpoint: Option<String>,
    /// Scopes.
    #[serde(default)]
    pub scopes_supported: Vec<String>,
    /// PKCE methods; absent proves nothing.
    #[serde(default)]
    pub code_challenge_methods_supported: Option<Vec<String>>,
    /// It names itself in every answer (RFC 9207 §3).
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

impl Metadata {
    /// Fills what is missing here with what another document of the same issuer says.
    #[must_use]
    pub fn merged_with(self, other: Self) -> Self {
        Self {
            issuer: self.issuer,
            authorization_endpoint: self.authorization_endpoint.or(other.authorization_endpoint),
            token_endpoint: self.token_endpoint.or(other.token_endpoint),
            revocation_endpoint: self.revocation_endpoint.or(other.revocation_endpoint),
            device_authorization_endpoint: self
                .device_authorization_endpoint
                .or(other.device_authorization_endpoint),
            scopes_supported: if self.scopes_supported.is_empty() {
                other.scopes_supported
            } else {
                self.scopes_supported
            },
            code_challenge_methods_supported: self
                .code_challenge_methods_supported
                .or(other.code_challenge_methods_supported),
            authorization_response_iss_parameter_supported: self
                .authorization_response_iss_parameter_supported
                || other.authorization_response_iss_parameter_supported,
        }
    }

    /// Whether it lists PKCE methods without S256.
    pub fn refuses_s256(&self) -> bool {
        self.code_challenge_methods_supported
            .as_ref()
            .is_some_and(|methods| !methods.iter().any(|one| one == "S256"))
    }
}

/// Where a sign-in goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// The issuer, where one is set.
    pub issuer: Option<String>,
    /// It said that it names itself in every answer.
    pub issuer_in_answers: bool,
    /// Where a person signs in.
    pub authorization: Option<Url>,
    /// Where tokens come from.
    pub token: Url,
    /// Where tokens are given back.
    pub revocation: Option<Url>,
    /// Where a sign-in on another device starts.
    pub device: Option<Url>,
}

/// Whether the settings leave an endpoint open that `grant` needs.
pub fn needs_discovery(auth: &AuthSettings, grant: Grant) -> bool {
    let missing = auth.token_endpoint.is_none()
        || match grant {
            Grant::AuthorizationCode => auth.authorization_endpoint.is_none(),
            Grant::DeviceCode => auth.device_authorization_endpoint.is_none(),
            Grant::ClientCredentials | Grant::JwtBearer => false,
        };
    missing && auth.issuer.is_some()
}

/// Decides where a sign-in with `grant` goes.
///
/// # Errors
/// [`Finding::IssuerMismatch`] where an endpoint that a person did not write out is on another origin
/// than the issuer (RFC 9700 §4.4: it may be somebody else's); [`Finding::PkceUnsupported`];
/// [`Finding::SettingUnusable`] where one is missing or no address to send to.
pub fn endpoints(
    settings: &ConnectorSettings,
    metadata: Option<&Metadata>,
    grant: Grant,
) -> Result<Endpoints, Finding> {
    let auth = &settings.auth;
    if grant == Grant::AuthorizationCode && metadata.is_some_and(Metadata::refuses_s256) {
        return Err(Finding::PkceUnsupported);
    }
    let place = |written: &Option<String>, said: Option<&String>| -> Result<Option<Url>, Finding> {
        let variables = settings.variables();
        let url = match (written, said) {
            (Some(written), _) => resolve(written, "", &variables)?,
            (None, Some(said)) => {
                let url = resolve(said, "", &[]).map_err(|_| Finding::IssuerMismatch)?;
                let issuer = auth
                    .issuer
                    .as_deref()
                    .and_then(|one| resolve(one, "", &variables).ok());
                if issuer.is_none_or(|issuer| issuer.origin() != url.origin()) {
                    return Err(Finding::IssuerMismatch);
                }
                url
            }
            (None, None) => return Ok(None),
        };
        may_send(&url, settings.allow_http_loopback)?;
        Ok(Some(url))
    };
    // As it names itself, since answers are compared with it; a setting may have variables in it.
    let issuer = match (&auth.issuer, metadata) {
        (Some(_), Some(metadata)) => Some(metadata.issuer.clone()),
        (Some(template), None) => {
            let fill = |text: String, (name, value): (&String, &String)| {
                text.replace(&format!("{{{name}}}"), value)
            };
            Some(settings.variables.iter().fold(template.clone(), fill))
        }
        (None, _) => None,
    };
    let said = |of: fn(&Metadata) -> Option<&String>| metadata.and_then(of);
    let authorization = place(
        &auth.authorization_endpoint,
        said(|one| one.authorization_endpoint.as_ref()),
    );
    let device = place(
        &auth.device_authorization_endpoint,
        said(|one| one.device_authorization_endpoint.as_ref()),
    );
    // An endpoint that this grant does not use must not stop it.
    let (authorization, device) = match grant {
        Grant::AuthorizationCode => (authorization?, device.unwrap_or(None)),
        Grant::DeviceCode => (authorization.unwrap_or(None), device?),
        Grant::ClientCredentials | Grant::JwtBearer => {
            (authorization.unwrap_or(None), device.unwrap_or(None))
        }
    };
    let token = place(
        &auth.token_endpoint,
        said(|one| one.token_endpoint.as_ref()),
    )?
    .ok_or(Finding::SettingUnusable)?;
    let missing = match grant {
        Grant::AuthorizationCode => authorization.is_none(),
        Grant::DeviceCode => device.is_none(),
        Grant::ClientCredentials | Grant::JwtBearer => false,
    };
    if missing {
        return Err(Finding::SettingUnusable);
    }
    Ok(Endpoints {
        issuer,
        issuer_in_answers: metadata
            .is_some_and(|one| one.authorization_response_iss_parameter_supported),
        authorization,
        token,
        revocation: place(
            &auth.revocation_endpoint,
            said(|one| one.revocation_endpoint.as_ref()),
        )
        .unwrap_or(None),
        device,
    })
}
