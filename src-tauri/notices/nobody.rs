//! Systems on which nothing is shown yet: packages are made for Linux.

use connectors::view::{NoticeOutcome, NoticeView};

/// Leads nowhere.
pub struct Bus;

#[allow(clippy::unused_async, reason = "the same on every system")]
impl Bus {
    /// There is none.
    pub async fn connect(_address: Option<&str>) -> Result<Self, NoticeOutcome> {
        Err(NoticeOutcome::NoService)
    }

    /// Shows nothing.
    pub async fn show(&self, _notice: &NoticeView) -> Result<(), NoticeOutcome> {
        Err(NoticeOutcome::NoService)
    }

    /// Nobody clicks.
    pub async fn clicks(&self, _clicked: impl Fn(Option<String>) + Send) {}
}
