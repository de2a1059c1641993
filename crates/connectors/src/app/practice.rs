//! The connector to the practice federation: made, or pointed at where it runs now. Starting the
//! federation itself is the clients' business.

use super::App;
use crate::catalogue;
use crate::error::Result;
use crate::secret::SecretText;
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
        let rows = self
            .connector_list(ConnectorListRequest::default())
            .await?
            .rows;
        match rows
            .into_iter()
            .find(|row| row.preset.as_deref() == Some(catalogue::PRACTICE))
        {
            Some(row) => self.connector_show(&row.code).await.map(Some),
            None => Ok(None),
        }
    }
}
