//! What an answer says about the federation's limit, kept for every client of the connector.

use std::sync::PoisonError;

use reqwest::header::HeaderMap;

use crate::api::ledger::LimitNews;
use crate::api::rate_headers::learnt;
use crate::api::request::ApiClient;
use crate::api::retry::spread;

impl ApiClient {
    /// Keeps what an answer says about the federation's limit.
    pub(super) async fn learn(&self, headers: &HeaderMap) {
        let parts = &self.core.parts;
        let told = learnt(headers, parts.clock.now());
        let news = {
            let mut known = self
                .core
                .told_limit
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            // One that is no lower than ours changes nothing, unless it takes back a lower one.
            let ours = parts.settings.limits.requests_per_minute;
            let per_minute = told
                .per_minute
                .filter(|limit| *limit < ours || known.is_some())
                .filter(|limit| *known != Some(*limit));
            *known = per_minute.or(*known);
            LimitNews {
                per_minute,
                pause_ms: told.pause_ms().map(|ms| spread(ms, self.chance())),
            }
        };
        if let (Some(ms), Some(limiter)) = (news.pause_ms, &parts.limiter) {
            limiter.pause_for(ms, &*parts.clock);
        }
        if !news.is_empty() {
            parts.ledger.learn(news).await;
        }
    }
}
