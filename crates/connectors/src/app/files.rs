//! Connectors as files: export without secrets, idempotent import (A11).

use super::App;
use super::record::{find_live, normalised, settings_of};
use crate::connector_file;
use crate::error::{Error, FieldRule, Result};
use crate::settings::ConnectorSettings;
use crate::view::{ConnectorAddRequest, ConnectorEditRequest, ImportRefusalView, ImportView};

/// Largest file that is read: 10,000 connectors need about 8 MB.
const IMPORT_LIMIT: usize = 32 * 1024 * 1024;

impl App {
    /// One connector, or all that are not deleted, as TOML without any secret.
    pub async fn connector_export(&self, code: Option<&str>) -> Result<String> {
        let store = self.store()?;
        let connectors = match code {
            Some(code) => {
                let code = code.to_owned();
                vec![
                    store
                        .read(move |tx| settings_of(&find_live(tx, &code)?))
                        .await?,
                ]
            }
            None => {
                store
                    .read(|tx| {
                        tx.connectors_in_full()?
                            .iter()
                            .map(settings_of)
                            .collect::<Result<_>>()
                    })
                    .await?
            }
        };
        connector_file::write(&connectors)
    }

    /// Creates, changes or leaves alone each connector of a TOML file, by its code. The same file
    /// again changes nothing. A refused entry stops no other.
    pub async fn connector_import(&self, text: &str) -> Result<ImportView> {
        if text.len() > IMPORT_LIMIT {
            return Err(Error::field(
                "file",
                FieldRule::TooLong,
                "the file is larger than 32 MB",
            ));
        }
        let entries = connector_file::parse(text)?;
        let mut done = ImportView::default();
        for (index, settings) in entries.into_iter().enumerate() {
            let code = settings.code.clone();
            match self.import_one(settings).await {
                Ok(Outcome::Created) => done.created.push(code),
                Ok(Outcome::Updated) => done.updated.push(code),
                Ok(Outcome::Unchanged) => done.unchanged.push(code),
                Err(Error::Invalid(fields)) => done.refused.push(ImportRefusalView {
                    code: if code.is_empty() {
                        format!("connector {}", index + 1)
                    } else {
                        code
                    },
                    fields: connector_file::with_lines(text, index, fields),
                }),
                Err(other) => return Err(other),
            }
        }
        Ok(done)
    }

    async fn import_one(&self, settings: ConnectorSettings) -> Result<Outcome> {
        // As it would be stored, so that the same file again is the same.
        let settings = normalised(settings);
        let broken = self.broken_rules(&settings).await;
        if !broken.is_empty() {
            return Err(Error::Invalid(broken));
        }
        let code = settings.code.clone();
        let present = self
            .store()?
            .read(move |tx| tx.connector_by_code(&code))
            .await?;
        match present {
            Some(record) if record.deleted_at.is_none() => {
                if settings_of(&record)? == settings {
                    return Ok(Outcome::Unchanged);
                }
                self.connector_edit(ConnectorEditRequest {
                    code: settings.code.clone(),
                    version: record.version,
                    settings,
                    credentials: None,
                    test_handle: None,
                })
                .await?;
                Ok(Outcome::Updated)
            }
            // A deleted one keeps its code: the refusal says so.
            _ => {
                let request = ConnectorAddRequest {
                    settings,
                    credentials: None,
                    test_handle: None,
                };
                self.connector_add(request).await?;
                Ok(Outcome::Created)
            }
        }
    }
}

enum Outcome {
    Created,
    Updated,
    Unchanged,
}
