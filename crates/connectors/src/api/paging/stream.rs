//! The pages of a list as batches of records. Whatever is asked ahead, batches come in the order of the
//! list and are the same as one page after another gives: what was fetched ahead is used only
//! where it is the very page that follows, and is dropped otherwise.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::address::ListAddress;
use super::anomaly::PagingAnomaly;
use super::list_error::ListError;
use super::listing::Listing;
use super::next::{Answered, Next, NoNext};
use super::page::{BATCH, NoPage, PageRead, read_page};
use crate::api::fetch::Fetch;
use crate::api::records::{Reading, Record, RowProblem};
use crate::failure::Finding;
use crate::settings::{ConnectorSettings, PagingStyle};

/// Pages asked for at once, at most, where it is known how many there are.
pub const AHEAD: usize = 4;

/// Batches that wait where a list is handed on while it arrives.
const WAITING_BATCHES: usize = 2;

/// What is to be read and how.
#[derive(Debug, Clone)]
pub struct ListPlan {
    /// The list.
    pub address: ListAddress,
    /// How its bodies are read.
    pub reading: Reading,
    /// Pages asked for at once, 1 to [`AHEAD`]; 1 is one after another.
    pub at_once: usize,
}

impl ListPlan {
    /// The membership list of a connector.
    #[must_use]
    pub fn of(settings: &ConnectorSettings, organisation: Option<&str>) -> Self {
        Self {
            address: ListAddress::of(settings, organisation),
            reading: Reading::of(settings),
            at_once: AHEAD,
        }
    }
}

/// Some records of one page, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// At most 256; none where there is something to say and nothing to give.
    pub records: Vec<Record>,
    /// The page, from 1.
    pub page: u64,
    /// What is wrong with how the pages follow each other; on the page's last batch.
    pub notes: Vec<PagingAnomaly>,
    /// Rows of a file that are not as they should be, the first 100; on the page's last batch.
    pub rows: Vec<RowProblem>,
}

/// A list under way. Dropping it stops all that it has asked for; no thread is left behind.
pub struct Pages {
    fetch: Arc<dyn Fetch>,
    reading: Arc<Reading>,
    at_once: usize,
    /// A dropped request ends a moment later; until then it counts.
    slots: Arc<Semaphore>,
    hands_on: bool,
    cancel: CancellationToken,
    listing: Listing,
    /// The page that is waited for, and those asked for ahead.
    asked: VecDeque<Asked>,
    ready: VecDeque<Batch>,
    state: State,
    failed: bool,
}

enum State {
    Before,
    Under,
    /// When the batches that are ready have been taken.
    Ended(Option<ListError>),
}

impl Pages {
    /// Nothing is asked for before the first batch is.
    #[must_use]
    pub fn new(fetch: Arc<dyn Fetch>, plan: ListPlan, cancel: CancellationToken) -> Self {
        Self {
            fetch,
            hands_on: plan.address.paging().style == PagingStyle::None,
            reading: Arc::new(plan.reading),
            at_once: plan.at_once.clamp(1, AHEAD),
            slots: Arc::new(Semaphore::new(plan.at_once.clamp(1, AHEAD))),
            cancel,
            listing: Listing::new(plan.address),
            asked: VecDeque::new(),
            ready: VecDeque::new(),
            state: State::Before,
            failed: false,
        }
    }

    /// The next records; none at the end, and after an error. Dropping the future loses nothing.
    ///
    /// # Errors
    /// What ended the list before its end. The batches before it are good.
    pub async fn next_batch(&mut self) -> Result<Option<Batch>, ListError> {
        let cancel = self.cancel.clone();
        loop {
            let over = matches!(self.state, State::Ended(None)) && self.ready.is_empty();
            if cancel.is_cancelled() && !over {
                self.ready.clear();
                self.end(Some(ListError::Cancelled));
            }
            if let Some(batch) = self.ready.pop_front() {
                return Ok(Some(batch));
            }
            if let State::Ended(error) = &mut self.state {
                return error.take().map_or(Ok(None), Err);
            }
            tokio::select! {
                biased;
                () = cancel.cancelled() => {}
                () = self.advance() => {}
            }
        }
    }

    /// Whether the list was read to its end and nothing was seen that may have hidden a record:
    /// only then may somebody who is not in it be taken as gone.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        matches!(self.state, State::Ended(None))
            && !self.failed
            && self.ready.is_empty()
            && self.listing.is_complete()
    }

    /// Records that the federation says there are, where it does. It may say something else with the next page.
    #[must_use]
    pub fn expected(&self) -> Option<u64> {
        self.listing.expected()
    }

    /// Pages read so far.
    #[must_use]
    pub fn pages(&self) -> u64 {
        self.listing.so_far().pages
    }

    /// Waits for one thing and takes it.
    async fn advance(&mut self) {
        if matches!(self.state, State::Before) {
            self.state = State::Under;
            match self.listing.first() {
                Ok(url) => self.ask(url),
                Err(finding) => return self.fail(finding),
            }
        }
        let Some(asked) = self.asked.front_mut() else {
            return self.end(None);
        };
        if let Some(arriving) = &mut asked.arriving {
            if let Some(records) = arriving.recv().await {
                let page = self.listing.so_far().pages + 1;
                self.ready.push_back(batch(records, page));
                return;
            }
            asked.arriving = None;
        }
        let read = (&mut asked.task).await;
        let url = asked.url.clone();
        self.asked.pop_front();
        match read {
            Ok(Ok(page)) => self.take(&url, page),
            Ok(Err(no_page)) => self.take_failure(no_page),
            Err(_) => self.fail(Finding::Internal),
        }
    }

    fn take(&mut self, url: &Url, page: PageRead) {
        let number = self.listing.so_far().pages + 1;
        if page.facts.not_records > 0 {
            return self.fail(Finding::RecordNotObject);
        }
        let answered = Answered {
            requested: url,
            answered: &page.url,
            headers: &page.headers,
            facts: &page.facts,
        };
        let verdict = match self.listing.after(&answered, &page.fingerprints) {
            Ok(verdict) => verdict,
            Err(anomaly) => {
                let page = number - 1;
                return self.end(Some(ListError::Anomaly { page, anomaly }));
            }
        };
        if verdict.keep {
            let mut records = page.records.into_iter().peekable();
            while records.peek().is_some() {
                let some = records.by_ref().take(BATCH).collect();
                self.ready.push_back(batch(some, number));
            }
        }
        self.say(number, verdict.notes, page.facts.problems);
        match verdict.next {
            Ok(Next::Done) => self.end(None),
            Ok(Next::Page(url)) => self.go_on(url),
            Err(NoNext::Address(finding)) => self.end(Some(ListError::Answer {
                page: number,
                finding,
            })),
            Err(NoNext::Anomaly(anomaly)) => self.end(Some(ListError::Anomaly {
                page: number,
                anomaly,
            })),
        }
    }

    fn take_failure(&mut self, no_page: NoPage) {
        let page = self.listing.so_far().pages + 1;
        match no_page {
            NoPage::Request(source) if source.finding == Finding::NotFound => {
                match self.listing.not_found() {
                    Some(notes) => {
                        self.say(page - 1, notes, Vec::new());
                        self.end(None);
                    }
                    None => self.end(Some(ListError::Request { page, source })),
                }
            }
            NoPage::Request(source) | NoPage::Cut(source) => {
                self.end(Some(ListError::Request { page, source }));
            }
            NoPage::Answer(finding) => self.end(Some(ListError::Answer { page, finding })),
        }
    }

    /// Puts notes on the page's last batch.
    fn say(&mut self, page: u64, notes: Vec<PagingAnomaly>, rows: Vec<RowProblem>) {
        if notes.is_empty() && rows.is_empty() {
            return;
        }
        if self.ready.back().is_none_or(|last| last.page != page) {
            self.ready.push_back(batch(Vec::new(), page));
        }
        if let Some(last) = self.ready.back_mut() {
            last.notes.extend(notes);
            last.rows.extend(rows);
        }
    }

    /// Asks for the page that follows, unless it is asked for already, and for those that likely
    /// come after it.
    fn go_on(&mut self, url: Url) {
        if self.asked.front().is_none_or(|first| first.url != url) {
            self.asked.clear();
            self.ask(url);
        }
        for (place, url) in self
            .listing
            .likely(self.at_once - 1)
            .into_iter()
            .enumerate()
        {
            match self.asked.get(place + 1) {
                Some(asked) if asked.url == url => {}
                Some(_) => {
                    self.asked.truncate(place + 1);
                    self.ask(url);
                }
                None => self.ask(url),
            }
        }
    }

    fn ask(&mut self, url: Url) {
        let (hand_on, arriving) = if self.hands_on {
            let (sender, receiver) = mpsc::channel(WAITING_BATCHES);
            (Some(sender), Some(receiver))
        } else {
            (None, None)
        };
        let fetch = Arc::clone(&self.fetch);
        let reading = Arc::clone(&self.reading);
        let slots = Arc::clone(&self.slots);
        let page = url.clone();
        let task = tokio::spawn(async move {
            let _slot = slots.acquire().await;
            read_page(fetch, reading, page, hand_on).await
        });
        self.asked.push_back(Asked {
            url,
            task,
            arriving,
        });
    }

    fn fail(&mut self, finding: Finding) {
        let page = self.listing.so_far().pages + 1;
        self.end(Some(ListError::Answer { page, finding }));
    }

    fn end(&mut self, error: Option<ListError>) {
        self.asked.clear();
        self.failed |= error.is_some();
        self.state = State::Ended(error);
    }
}

fn batch(records: Vec<Record>, page: u64) -> Batch {
    Batch {
        records,
        page,
        notes: Vec::new(),
        rows: Vec::new(),
    }
}

/// A page that was asked for. Dropping it stops the request; the thread that reads it ends when
/// it finds nobody at the other side.
struct Asked {
    url: Url,
    task: JoinHandle<Result<PageRead, NoPage>>,
    arriving: Option<mpsc::Receiver<Vec<Record>>>,
}

impl Drop for Asked {
    fn drop(&mut self) {
        self.task.abort();
    }
}
