//! The seam between paging, which decides what to ask for next, and sending, which asks. Paging knows
//! no client and no retry; sending knows no page.

use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;
use reqwest::header::HeaderMap;
use url::Url;

use crate::api::api_error::FederationApiError;

/// One page to be asked for, without authentication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// Where to. It may name another origin than the base's only where paging allowed it; sending
    /// checks again and adds credentials for the connector's own hosts only.
    pub url: Url,
    /// `Accept`, e.g. `application/vnd.api+json`.
    pub accept: &'static str,
}

/// The next piece of a body; `None` at its end. Unpacked, and never longer in all than the cap.
pub type NextBytes<'a> =
    Pin<Box<dyn Future<Output = Result<Option<Bytes>, FederationApiError>> + Send + 'a>>;

/// A body as it arrives.
pub trait Body: Send {
    /// The next piece.
    fn next(&mut self) -> NextBytes<'_>;
}

/// A successful answer (2xx) whose body has not been read yet.
pub struct FetchedPage {
    /// HTTP status.
    pub status: u16,
    /// Headers, for links, totals, media type and character set.
    pub headers: HeaderMap,
    /// The address that answered; relative links start from it.
    pub url: Url,
    /// The body.
    pub body: Box<dyn Body>,
}

/// A page on its way.
pub type Fetching<'a> =
    Pin<Box<dyn Future<Output = Result<FetchedPage, FederationApiError>> + Send + 'a>>;

/// Who asks for pages: the client of a connector, or a double in tests.
pub trait Fetch: Send + Sync {
    /// Asks for one page, with everything a request gets: authentication, limits, attempts.
    fn fetch(&self, request: PageRequest) -> Fetching<'_>;
}
