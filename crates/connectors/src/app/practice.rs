//! The connectors to the practice federation: made, or pointed at where it runs now. Starting the
//! federation itself is the clients' business.

use url::Url;

use super::App;
use crate::api::address::is_loopback;
use crate::audit::Actor;
use crate::catalogue;
use crate::error::Result;
use crate::secret::SecretText;
use crate::settings::ConnectorSettings;
use crate::view::{
    ConnectorAddRequest, ConnectorEditRequest, ConnectorListRequest, ConnectorView,
    CredentialsRequest,
};

impl App {
    /// Makes the practice connector for a federation that runs at `base_url` (for example
    /// `http://127.0.0.1:8787`), or changes the one that is there to that address. Not tested yet.
    pub async fn practice_connect(
        &self,
        base_url: &str,
        api_key: SecretText,
    ) -> Result<ConnectorView> {
        let credentials = CredentialsRequest::ApiKey {
            api_key: Some(api_key),
            secondary_api_key: None,
            secrets: std::collections::BTreeMap::new(),
            expires_on: None,
            webhook_secret: None,
        };
        let base = format!("{}/key", base_url.trim_end_matches('/'));
        if let Some(present) = self.practice_connector().await? {
            if present.settings.endpoints.base == base && present.credentials.set {
                return Ok(present);
            }
            let mut settings = present.settings;
            settings.endpoints.base = base;
            let request = ConnectorEditRequest {
                code: present.row.code,
                version: present.version,
                settings,
                credentials: Some(credentials),
                test_handle: None,
            };
            return self.connector_edit(request).await;
        }
        let mut settings = catalogue::show(catalogue::PRACTICE)?.settings;
        settings.endpoints.base = base;
        settings.preset = Some(catalogue::PRACTICE.to_owned());
        let store = self.store()?;
        let suggested = settings.code.clone();
        for number in 2_u32.. {
            let code = settings.code.clone();
            if store.read(move |tx| tx.code_in_use(&code)).await?.is_none() {
                break;
            }
            settings.code = format!("{suggested}_{number}");
        }
        let request = ConnectorAddRequest {
            settings,
            credentials: Some(credentials),
            test_handle: None,
        };
        self.connector_add(request).await
    }

    /// The live connector that was made from the practice preset, if there is one.
    pub async fn practice_connector(&self) -> Result<Option<ConnectorView>> {
        Ok(self.live_of_preset(catalogue::PRACTICE).await?.pop())
    }

    /// An address that a live connector to the practice federation has, with a key or with a
    /// sign-in; none where the federation is not in use.
    pub async fn practice_address(&self) -> Result<Option<String>> {
        if let Some(connector) = self.practice_connector().await? {
            return Ok(Some(connector.settings.endpoints.base));
        }
        let signing_in = self.live_of_preset(catalogue::PRACTICE_SIGN_IN).await?;
        Ok(signing_in
            .into_iter()
            .next()
            .map(|connector| connector.settings.endpoints.base))
    }

    /// Points every live connector of the preset with sign-in at a federation that runs at
    /// `base_url`: its issuer, its base and whatever else lies at the same place. An address that a
    /// person moved away from this computer stays. Gives back the codes of those that changed.
    pub async fn practice_repoint(&self, base_url: &str) -> Result<Vec<String>> {
        let mut changed = Vec::new();
        for present in self.live_of_preset(catalogue::PRACTICE_SIGN_IN).await? {
            let settings = moved(present.settings.clone(), base_url.trim_end_matches('/'));
            if settings == present.settings {
                continue;
            }
            changed.push(present.row.code.clone());
            let request = ConnectorEditRequest {
                code: present.row.code,
                version: present.version,
                settings,
                credentials: None,
                test_handle: None,
            };
            // It runs at another port than before; nobody has asked for that.
            let app = self.acting_as(Actor::Itself);
            app.connector_edit(request).await?;
        }
        Ok(changed)
    }

    async fn live_of_preset(&self, preset: &str) -> Result<Vec<ConnectorView>> {
        let rows = self
            .connector_list(ConnectorListRequest::default())
            .await?
            .rows;
        let mut found = Vec::new();
        for row in rows {
            if row.preset.as_deref() == Some(preset) {
                found.push(self.connector_show(&row.code).await?);
            }
        }
        Ok(found)
    }
}

/// The settings with each address below the origin of the issuer or of the base, where that is on
/// this computer, at `origin` instead.
fn moved(mut settings: ConnectorSettings, origin: &str) -> ConnectorSettings {
    let issuer = settings.auth.issuer.as_deref();
    let old: Vec<String> = [issuer, Some(settings.endpoints.base.as_str())]
        .into_iter()
        .flatten()
        .filter_map(|address| origin_here(address).map(str::to_owned))
        .collect();
    let auth = &mut settings.auth;
    let endpoints = &mut settings.endpoints;
    let optional = [
        &mut auth.issuer,
        &mut auth.authorization_endpoint,
        &mut auth.token_endpoint,
        &mut auth.revocation_endpoint,
        &mut auth.device_authorization_endpoint,
        &mut endpoints.member_detail,
        &mut endpoints.verify,
        &mut endpoints.organisation,
    ];
    let always = [&mut endpoints.base, &mut endpoints.membership_list];
    for address in optional.into_iter().flatten().chain(always) {
        if let Some(present) = origin_here(address)
            && old.iter().any(|one| one == present)
        {
            *address = format!("{origin}{}", &address[present.len()..]);
        }
    }
    settings
}

/// `http://host:port` of an address on this computer; none for a path and for any other place.
fn origin_here(address: &str) -> Option<&str> {
    let host = address.find("://")? + 3;
    let end = address[host..]
        .find(['/', '?', '#'])
        .map_or(address.len(), |at| host + at);
    let origin = &address[..end];
    let url = Url::parse(origin).ok()?;
    (url.scheme() == "http" && is_loopback(&url)).then_some(origin)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests stop at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn addresses_move_with_the_federation_and_others_stay() {
        let mut before = catalogue::show(catalogue::PRACTICE_SIGN_IN)
            .unwrap()
            .settings;
        before.auth.token_endpoint = Some("http://127.0.0.1:8787/token".to_owned());
        before.auth.revocation_endpoint = Some("https://id.example.org/revoke".to_owned());
        before.endpoints.member_detail =
            Some("http://127.0.0.1:8787/oauth2/v1/members/{member_id}".to_owned());
        before.endpoints.organisation =
            Some("http://127.0.0.1:8787/oauth2/v1/clubs/{federation_org_id}".to_owned());
        let after = moved(before.clone(), "http://127.0.0.1:4001");
        for (found, expected) in [
            (after.auth.issuer.as_deref(), Some("http://127.0.0.1:4001")),
            (
                after.auth.token_endpoint.as_deref(),
                Some("http://127.0.0.1:4001/token"),
            ),
            (
                after.auth.revocation_endpoint.as_deref(),
                Some("https://id.example.org/revoke"),
            ),
            (
                Some(after.endpoints.base.as_str()),
                Some("http://127.0.0.1:4001/oauth2"),
            ),
            (
                after.endpoints.member_detail.as_deref(),
                Some("http://127.0.0.1:4001/oauth2/v1/members/{member_id}"),
            ),
            (
                after.endpoints.organisation.as_deref(),
                Some("http://127.0.0.1:4001/oauth2/v1/clubs/{federation_org_id}"),
            ),
            (after.endpoints.verify.as_deref(), Some("/v1/me")),
        ] {
            assert_eq!(
                found, expected,
                "what was at the old place is at the new one"
            );
        }
        let again = moved(after.clone(), "http://127.0.0.1:4001");
        assert_eq!(again, after, "the same place again changes nothing");
        let back = moved(after, "http://127.0.0.1:8787");
        assert_eq!(back, before, "nothing else was touched");
    }

    #[test]
    fn only_places_on_this_computer_are_moved() {
        for (address, expected) in [
            ("http://127.0.0.1:8787", Some("http://127.0.0.1:8787")),
            ("http://localhost:1/x?y#z", Some("http://localhost:1")),
            ("http://[::1]:8787/x", Some("http://[::1]:8787")),
            ("https://127.0.0.1:8787/x", None),
            ("http://127.0.0.1.example.org/x", None),
            ("https://id.example.org/x", None),
            ("/v1/me", None),
            ("", None),
        ] {
            assert_eq!(origin_here(address), expected, "{address}");
        }
    }
}
