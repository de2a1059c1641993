//! One page: asked for, and read on a blocking thread while it arrives. A page is whole before
//! any record of it counts, so that one which was cut can be asked for once more and nothing comes twice.
//! Only a list that comes at once is handed on while it arrives; there a cut is the end.

use std::ops::ControlFlow;
use std::sync::Arc;

use reqwest::header::{CONTENT_TYPE, HeaderMap};
use tokio::sync::mpsc;
use url::Url;

use super::arriving::{Arriving, Piece, channel};
use crate::api::api_error::FederationApiError;
use crate::api::fetch::{Body, Fetch, FetchedPage, PageRequest};
use crate::api::records::{PageFacts, Reading, Record, read_records};
use crate::failure::Finding;

/// Records handed on together, at most.
pub(super) const BATCH: usize = 256;

/// Most memory of the records that are handed on together, in bytes, about.
const MAX_BATCH_WEIGHT: usize = 4 * 1024 * 1024;

/// Most memory of a page's records, in bytes, about. 10,000 records of 6 KB.
const MAX_PAGE_WEIGHT: usize = 64 * 1024 * 1024;

/// A page that was read to its end.
pub(super) struct PageRead {
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) facts: PageFacts,
    /// Empty where they were handed on.
    pub(super) records: Vec<Record>,
    pub(super) fingerprints: Vec<u64>,
}

/// Why there is none.
pub(super) enum NoPage {
    Request(FederationApiError),
    /// The answer began and did not end.
    Cut(FederationApiError),
    Answer(Finding),
}

/// Where records go while the page arrives.
pub(super) type HandOn = mpsc::Sender<Vec<Record>>;

/// Asks for a page and reads it; a page that was cut is asked for once more.
pub(super) async fn read_page(
    fetch: Arc<dyn Fetch>,
    reading: Arc<Reading>,
    url: Url,
    hand_on: Option<HandOn>,
) -> Result<PageRead, NoPage> {
    let may_repeat = hand_on.is_none();
    match read_once(fetch.as_ref(), &reading, &url, hand_on).await {
        Err(NoPage::Cut(error)) if may_repeat && is_cut(&error) => {
            read_once(fetch.as_ref(), &reading, &url, None).await
        }
        other => other,
    }
}

fn is_cut(error: &FederationApiError) -> bool {
    matches!(
        error.finding,
        Finding::ConnectionCut | Finding::AnswerTimeout
    )
}

/// A body that was understood.
#[derive(Default)]
struct Parsed {
    facts: PageFacts,
    records: Vec<Record>,
    fingerprints: Vec<u64>,
}

async fn read_once(
    fetch: &dyn Fetch,
    reading: &Arc<Reading>,
    url: &Url,
    hand_on: Option<HandOn>,
) -> Result<PageRead, NoPage> {
    let request = PageRequest {
        url: url.clone(),
        accept: reading.accept(),
    };
    let FetchedPage {
        status,
        headers,
        url,
        body,
    } = fetch.fetch(request).await.map_err(NoPage::Request)?;
    // 204 has no body (RFC 9110 §15.3.5): a page without records.
    let parsed = if status == 204 {
        Parsed::default()
    } else {
        read_body(reading, &headers, body, hand_on).await?
    };
    Ok(PageRead {
        url,
        headers,
        facts: parsed.facts,
        records: parsed.records,
        fingerprints: parsed.fingerprints,
    })
}

async fn read_body(
    reading: &Arc<Reading>,
    headers: &HeaderMap,
    mut body: Box<dyn Body>,
    hand_on: Option<HandOn>,
) -> Result<Parsed, NoPage> {
    let (sender, arriving) = channel();
    let reading = Arc::clone(reading);
    let content_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let content_type = content_type.map(str::to_owned);
    // It ends when the sender is dropped, whatever becomes of this task.
    let parsing = tokio::task::spawn_blocking(move || {
        parse(&reading, content_type.as_deref(), arriving, hand_on)
    });
    let mut cut = None;
    loop {
        let piece = match body.next().await {
            Ok(Some(bytes)) => Piece::Bytes(bytes),
            Ok(None) => Piece::End,
            Err(error) => {
                cut = Some(error);
                break;
            }
        };
        let ends = matches!(piece, Piece::End);
        // Nobody listens where the reader has understood that it will not understand.
        if sender.send(piece).await.is_err() || ends {
            break;
        }
    }
    drop(sender);
    drop(body);
    let parsed = parsing.await.unwrap_or(Err(Finding::Internal));
    match (parsed, cut) {
        (_, Some(error)) => Err(NoPage::Cut(error)),
        (Ok(parsed), None) => Ok(parsed),
        (Err(finding), None) => Err(NoPage::Answer(finding)),
    }
}

/// Reads a body on this thread; it waits for bytes, and for room where records are handed on.
fn parse(
    reading: &Reading,
    content_type: Option<&str>,
    mut body: Arriving,
    hand_on: Option<HandOn>,
) -> Result<Parsed, Finding> {
    let mut records = Vec::new();
    let mut weight = 0;
    let mut too_heavy = false;
    let mut emit = |record: Record| {
        weight += record.weight();
        records.push(record);
        let Some(hand_on) = &hand_on else {
            too_heavy = weight > MAX_PAGE_WEIGHT;
            return if too_heavy {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            };
        };
        if records.len() < BATCH && weight < MAX_BATCH_WEIGHT {
            return ControlFlow::Continue(());
        }
        weight = 0;
        match hand_on.blocking_send(std::mem::take(&mut records)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    };
    let facts = read_records(reading, content_type, &mut body, &mut emit);
    if too_heavy {
        return Err(Finding::AnswerTooLarge);
    }
    let facts = facts?;
    if let Some(hand_on) = hand_on
        && !records.is_empty()
    {
        let rest = std::mem::take(&mut records);
        hand_on
            .blocking_send(rest)
            .map_err(|_| Finding::Cancelled)?;
    }
    Ok(Parsed {
        facts,
        fingerprints: records.iter().map(Record::fingerprint).collect(),
        records,
    })
}
