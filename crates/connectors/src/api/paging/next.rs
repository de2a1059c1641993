//! Which page follows, for each style: an answered page in, an address out. Nothing is asked here.
//!
//! A numbered list is over when its total or its number of pages is reached, when it says so
//! (`more`), else at the first empty page. A short page alone is no end: systems cap the size, and some filter
//! after they have cut the page, and who stops there takes the rest of the club for gone.

use reqwest::header::HeaderMap;
use url::Url;

use super::address::ListAddress;
use super::anomaly::PagingAnomaly;
use super::link_header::next_link;
use crate::api::records::{PageFacts, count};
use crate::failure::Finding;
use crate::settings::{PagingSettings, PagingStyle};

/// A page that was answered and read.
#[derive(Debug, Clone, Copy)]
pub struct Answered<'a> {
    /// The address that was asked for.
    pub requested: &'a Url,
    /// The address that answered; relative links start from it.
    pub answered: &'a Url,
    /// Headers.
    pub headers: &'a HeaderMap,
    /// What the body says.
    pub facts: &'a PageFacts,
}

/// What was read so far, the page in question included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SoFar {
    /// Pages.
    pub pages: u64,
    /// Records.
    pub records: u64,
    /// Records of the last page.
    pub last_page: u64,
    /// Records of the longest page.
    pub longest_page: u64,
}

/// What follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Nothing: the list is over.
    Done,
    /// Another page.
    Page(Url),
}

/// Why nothing can follow, though something should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoNext {
    /// The next address cannot be used, or leads elsewhere.
    Address(Finding),
    /// The list is out of order.
    Anomaly(PagingAnomaly),
}

impl From<Finding> for NoNext {
    fn from(finding: Finding) -> Self {
        Self::Address(finding)
    }
}

/// What a page says about all pages, in its body or in its headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Records in all.
    pub records: Option<u64>,
    /// Pages in all.
    pub pages: Option<u64>,
}

impl Totals {
    /// The body counts before the headers.
    #[must_use]
    pub fn of(paging: &PagingSettings, headers: &HeaderMap, facts: &PageFacts) -> Self {
        let header = |name: &Option<String>| {
            let value = headers.get(name.as_deref()?)?;
            count(value.to_str().ok()?)
        };
        Self {
            records: facts.total.or_else(|| header(&paging.total_header)),
            pages: facts
                .total_pages
                .or_else(|| header(&paging.total_pages_header)),
        }
    }
}

/// The page after this one.
///
/// # Errors
/// [`Finding::RedirectedElsewhere`] for a link to another origin,
/// [`PagingAnomaly::NextMissing`] and [`PagingAnomaly::KeyMissing`].
pub fn next(list: &ListAddress, page: &Answered<'_>, so_far: &SoFar) -> Result<Next, NoNext> {
    let facts = page.facts;
    if facts.more == Some(false) {
        return Ok(Next::Done);
    }
    let url = match list.paging().style {
        PagingStyle::None => return Ok(Next::Done),
        PagingStyle::Page | PagingStyle::Offset => {
            let totals = Totals::of(list.paging(), page.headers, facts);
            if facts.records == 0 || is_reached(totals, so_far) {
                return Ok(Next::Done);
            }
            Some(list.numbered(number_after(list, so_far))?)
        }
        PagingStyle::Cursor => match &facts.next {
            Some(cursor) => Some(list.after_cursor(cursor)?),
            None => None,
        },
        PagingStyle::LinkBody => linked(page, facts.next.clone())?,
        PagingStyle::LinkHeader => linked(page, next_link(page.headers))?,
        PagingStyle::Keyset => {
            if facts.records == 0 {
                return Ok(Next::Done);
            }
            let missing = |name: &&String| !facts.last_keys.contains_key(*name);
            if let Some(parameter) = list.paging().keys.keys().find(missing) {
                let parameter = parameter.clone();
                return Err(NoNext::Anomaly(PagingAnomaly::KeyMissing { parameter }));
            }
            Some(list.after_keys(&facts.last_keys)?)
        }
    };
    match url {
        Some(url) => Ok(Next::Page(url)),
        None if facts.more == Some(true) => Err(NoNext::Anomaly(PagingAnomaly::NextMissing)),
        None => Ok(Next::Done),
    }
}

/// The pages that will follow `next` if all goes on as it did, at most `most`. Right or wrong,
/// only what [`next`] says is ever taken.
#[must_use]
pub fn likely(list: &ListAddress, totals: Totals, so_far: &SoFar, most: usize) -> Vec<Url> {
    let style = list.paging().style;
    let mut ahead = *so_far;
    let step = so_far.last_page;
    let known = totals.records.is_some() || totals.pages.is_some();
    let mut urls = Vec::new();
    if !known || step == 0 || !matches!(style, PagingStyle::Page | PagingStyle::Offset) {
        return urls;
    }
    loop {
        // `so_far` names the page that `next` asks for; those after it are guessed.
        ahead.pages += 1;
        ahead.records += step;
        if urls.len() >= most || is_reached(totals, &ahead) {
            return urls;
        }
        match list.numbered(number_after(list, &ahead)) {
            Ok(url) => urls.push(url),
            Err(_) => return urls,
        }
    }
}

fn is_reached(totals: Totals, so_far: &SoFar) -> bool {
    match (totals.pages, totals.records) {
        (Some(pages), _) => so_far.pages >= pages,
        (None, Some(records)) => so_far.records >= records,
        (None, None) => false,
    }
}

/// The number of the page, or the offset, after what was read. The offset counts the records that
/// came, so that a system which sends fewer than asked for loses none.
fn number_after(list: &ListAddress, so_far: &SoFar) -> u64 {
    let read = match list.paging().style {
        PagingStyle::Offset => so_far.records,
        _ => so_far.pages,
    };
    list.start().saturating_add(read)
}

/// The address that a link leads to. It stays on the origin: credentials go along with the request.
fn linked(page: &Answered<'_>, link: Option<String>) -> Result<Option<Url>, Finding> {
    let Some(link) = link else {
        return Ok(None);
    };
    let mut url = page
        .answered
        .join(link.trim())
        .map_err(|_| Finding::RedirectedElsewhere)?;
    let plain = url.username().is_empty() && url.password().is_none();
    // The origin has the scheme in it: `http` is another one than `https`.
    if !plain || url.origin() != page.requested.origin() {
        return Err(Finding::RedirectedElsewhere);
    }
    url.set_fragment(None);
    Ok(Some(url))
}
