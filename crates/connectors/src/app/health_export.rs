//! The health of connectors as a file for people: CSV that no spreadsheet takes as formulas, or JSON. What it contains is said
//! before it is written. There is nobody's value in it, and no address: names of connectors are the only texts that somebody
//! typed.

use serde_json::{Map, Value, json};

use super::App;
use super::export::MARK;
use crate::clock::UtcMillis;
use crate::error::{Error, Result};
use crate::members::cell;
use crate::view::{ExportFormat, HealthExportLookView, HealthExportRequest, HealthView};

/// In the order in which they are written. Times are RFC 3339 in UTC, shares are percent.
const COLUMNS: [&str; 22] = [
    "code",
    "name",
    "status",
    "state",
    "since",
    "class",
    "finding",
    "action",
    "uptime_24h",
    "uptime_7d",
    "uptime_30d",
    "uptime_1y",
    "error_rate_24h",
    "p50_ms",
    "p95_ms",
    "consecutive_failures",
    "last_success_at",
    "last_error_at",
    "last_sync_at",
    "next_try_at",
    "expires_at",
    "clubs",
];

impl App {
    /// What a file of health would contain. Nothing is written.
    ///
    /// # Errors
    /// As [`App::health_list`].
    pub async fn health_export_look(
        &self,
        request: &HealthExportRequest,
    ) -> Result<HealthExportLookView> {
        let views = self.of_export(request).await?;
        Ok(contains(&views))
    }

    /// The file itself.
    ///
    /// # Errors
    /// As [`App::health_list`].
    pub async fn health_export(&self, request: &HealthExportRequest) -> Result<Vec<u8>> {
        let views = self.of_export(request).await?;
        let rows = views.iter().map(row).collect::<Result<Vec<_>>>()?;
        match request.format {
            ExportFormat::Csv => Ok(csv(&rows)),
            ExportFormat::Json => json_file(&contains(&views), rows, self.now()),
        }
    }

    async fn of_export(&self, request: &HealthExportRequest) -> Result<Vec<HealthView>> {
        self.health_list(request.filter.clone().unwrap_or_default())
            .await
    }
}

fn contains(views: &[HealthView]) -> HealthExportLookView {
    HealthExportLookView {
        connectors: u32::try_from(views.len()).unwrap_or(u32::MAX),
        columns: COLUMNS.map(str::to_owned).to_vec(),
    }
}

/// The values of a line in the order of the columns.
fn row(view: &HealthView) -> Result<Vec<(&'static str, Value)>> {
    let mut whole: Map<String, Value> = match serde_json::to_value(view) {
        Ok(Value::Object(whole)) => whole,
        Ok(_) => Map::new(),
        Err(source) => return Err(Error::internal("write the health of a connector", source)),
    };
    Ok(COLUMNS
        .into_iter()
        .map(|column| {
            let value = whole.remove(column).unwrap_or(Value::Null);
            let is_time = column == "since" || column.ends_with("_at");
            let value = match value.as_i64().filter(|_| is_time) {
                Some(at) => Value::String(UtcMillis(at).to_rfc3339()),
                None => value,
            };
            (column, value)
        })
        .collect())
}

fn csv(rows: &[Vec<(&'static str, Value)>]) -> Vec<u8> {
    let mut text = String::from(MARK);
    text.push_str(&COLUMNS.join(","));
    text.push_str("\r\n");
    for row in rows {
        for (at, (_, value)) in row.iter().enumerate() {
            if at > 0 {
                text.push(',');
            }
            match value {
                Value::Null => {}
                Value::String(value) => cell::push(&mut text, value),
                other => cell::push(&mut text, &other.to_string()),
            }
        }
        text.push_str("\r\n");
    }
    text.into_bytes()
}

fn json_file(
    contains: &HealthExportLookView,
    rows: Vec<Vec<(&'static str, Value)>>,
    now: UtcMillis,
) -> Result<Vec<u8>> {
    let connectors: Vec<Map<String, Value>> = rows
        .into_iter()
        .map(|row| {
            row.into_iter()
                .map(|(column, value)| (column.to_owned(), value))
                .collect()
        })
        .collect();
    let document = json!({
        "contains": {
            "connectors": contains.connectors,
            "columns": contains.columns,
            "members": false,
            "made_at": now.to_rfc3339(),
        },
        "connectors": connectors,
    });
    let mut bytes = serde_json::to_vec_pretty(&document)
        .map_err(|source| Error::internal("write health as JSON", source))?;
    bytes.push(b'\n');
    Ok(bytes)
}
