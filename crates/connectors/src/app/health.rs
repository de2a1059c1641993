//! Stub.
use crate::app::App;
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::store::Reader;
use crate::store::connector::ConnectorRecord;
use crate::view::HealthView;

pub(super) fn health_view(
    tx: &Reader<'_>,
    r: &ConnectorRecord,
    _now: UtcMillis,
) -> Result<HealthView> {
    Ok(HealthView {
        code: r.code.clone(),
        name: r.name.clone(),
        status: r.status,
        state: r.state,
        since: None,
        class: None,
        finding: None,
        action: None,
        uptime_24h: None,
        uptime_7d: None,
        uptime_30d: None,
        uptime_1y: None,
        error_rate_24h: None,
        p50_ms: None,
        p95_ms: None,
        consecutive_failures: r.consecutive_failures,
        last_success_at: r.last_success_at.map(|a| a.0),
        last_error_at: r.last_error_at.map(|a| a.0),
        last_sync_at: None,
        last_check_at: tx.newest_beat(r.id)?.map(|b| b.at),
        next_try_at: None,
        expires_at: None,
        clubs: 0,
    })
}
impl App {
    pub async fn clear_errors(&self, _code: &str) -> Result<HealthView> {
        Err(crate::error::Error::refused(
            crate::error::Code::NotFound,
            "stub",
        ))
    }
}
