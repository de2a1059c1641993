//! The way back through a port of this computer (RFC 8252 §7.3): one listener, one path, one answer,
//! and only as long as a sign-in waits. Every request is a stranger's until its `state` is known.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::header::{ACCEPT_LANGUAGE, HOST, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use zeroize::Zeroizing;

use crate::auth::callback::MAX_LINK_BYTES;
use crate::auth::page::{Language, Says, html, language};
use crate::failure::Finding;

/// How long a request's head may take: browsers need milliseconds, a slow stranger gets no more.
const HEAD_LIMIT: Duration = Duration::from_secs(5);
/// How long connections may stay after the end.
const FAREWELL: Duration = Duration::from_millis(500);
/// Connections at once; later ones wait in the system's queue.
const CONNECTIONS: usize = 256;

/// A listener on this computer only.
pub struct Loopback {
    listener: TcpListener,
    address: SocketAddr,
    path: String,
}

/// An answer that came, and the page that waits for what became of it.
pub struct Arrival {
    /// The whole address that the browser was sent to.
    pub address: Zeroizing<String>,
    /// Where to say what became of it.
    page: oneshot::Sender<Says>,
}

impl Arrival {
    /// The browser shows that it worked.
    pub fn done(self) {
        // A browser that is gone needs no page.
        let _gone = self.page.send(Says::Done);
    }

    /// The browser shows that it came to nothing.
    pub fn failed(self) {
        let _gone = self.page.send(Says::Failed);
    }

    /// The browser shows that this was not the answer.
    pub fn not_this(self) {
        let _gone = self.page.send(Says::NotThis);
    }
}

impl std::fmt::Debug for Arrival {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Arrival")
    }
}

impl Loopback {
    /// Listens on 127.0.0.1, or on `::1` where there is no IPv4. Port 0 takes a free one.
    ///
    /// The socket is not shared (RFC 8252 appendix B): a port where another program listens is refused.
    ///
    /// # Errors
    /// [`Finding::RedirectPortTaken`], or [`Finding::Internal`] where this computer has no loopback.
    pub fn bind(port: Option<u16>, path: String) -> Result<Self, Finding> {
        let port = port.unwrap_or(0);
        let listener = match listen(SocketAddr::from((Ipv4Addr::LOCALHOST, port))) {
            Err(error) if error.kind() == io::ErrorKind::AddrNotAvailable => {
                listen(SocketAddr::from((Ipv6Addr::LOCALHOST, port)))
            }
            other => other,
        };
        let listener = listener.map_err(|error| match error.kind() {
            io::ErrorKind::AddrInUse | io::ErrorKind::PermissionDenied => {
                Finding::RedirectPortTaken
            }
            _ => Finding::Internal,
        })?;
        let address = listener.local_addr().map_err(|_| Finding::Internal)?;
        Ok(Self {
            listener,
            address,
            path,
        })
    }

    /// The redirect URI, e.g. `http://127.0.0.1:49152/oauth/my_club`.
    pub fn redirect_uri(&self) -> String {
        format!("http://{}{}", self.address, self.path)
    }

    /// Serves until `stop`. Each request for the path is an [`Arrival`]; all others get an error page
    /// and are forgotten. At the end the port is closed at once, and answers on their way have
    /// [`FAREWELL`] to leave.
    pub async fn serve(self, arrivals: mpsc::Sender<Arrival>, stop: CancellationToken) {
        let shared = Arc::new(Shared {
            authority: self.address.to_string(),
            path: self.path,
            arrivals,
        });
        let places = Arc::new(Semaphore::new(CONNECTIONS));
        let mut connections = JoinSet::new();
        loop {
            // Those that have ended are forgotten, so that the set does not grow.
            while connections.try_join_next().is_some() {}
            let next = async {
                let place = Arc::clone(&places).acquire_owned().await.ok()?;
                let (stream, _) = self.listener.accept().await.ok()?;
                Some((place, stream))
            };
            let next = tokio::select! {
                biased;
                () = stop.cancelled() => break,
                next = next => next,
            };
            let Some((place, stream)) = next else {
                // Out of file descriptors, or a connection that was gone already.
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            };
            let shared = Arc::clone(&shared);
            connections.spawn(async move {
                let service = service_fn(move |request| answer(request, Arc::clone(&shared)));
                // What a stranger's connection ends with is of no interest.
                let _ended = hyper::server::conn::http1::Builder::new()
                    .timer(TokioTimer::new())
                    .header_read_timeout(HEAD_LIMIT)
                    .keep_alive(false)
                    .max_buf_size(2 * MAX_LINK_BYTES)
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
                drop(place);
            });
        }
        drop(self.listener);
        let leaving = async { while connections.join_next().await.is_some() {} };
        let _late = tokio::time::timeout(FAREWELL, leaving).await;
    }
}

/// Never `SO_REUSEPORT`, and `SO_REUSEADDR` (which the usual `bind` sets) only for a fixed port on Linux:
/// without it a second sign-in within a minute finds the port taken by the last packets of the first
/// (`TIME_WAIT`), and with it Linux still gives the port to nobody while somebody listens. Other systems
/// do, so there a person waits the minute.
fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    if cfg!(target_os = "linux") && address.port() != 0 {
        socket.set_reuseaddr(true)?;
    }
    socket.bind(address)?;
    socket.listen(1_024)
}

struct Shared {
    authority: String,
    path: String,
    arrivals: mpsc::Sender<Arrival>,
}

async fn answer(
    request: Request<Incoming>,
    shared: Arc<Shared>,
) -> Result<Response<Page>, Infallible> {
    let language = language(
        request
            .headers()
            .get(ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok()),
    );
    let says = match judge(&request, &shared) {
        Err(status) => return Ok(respond(status, Says::NotThis, language)),
        Ok(address) => {
            let (page, told) = oneshot::channel();
            let arrival = Arrival { address, page };
            match shared.arrivals.send(arrival).await {
                Ok(()) => told.await.unwrap_or(Says::NotThis),
                Err(_) => Says::NotThis,
            }
        }
    };
    let status = match says {
        Says::Done | Says::Failed => StatusCode::OK,
        Says::NotThis => StatusCode::BAD_REQUEST,
    };
    Ok(respond(status, says, language))
}

/// The whole address of a request that may be the answer. The host is compared, because a page of
/// the web may have its own name lead here (DNS rebinding).
fn judge(request: &Request<Incoming>, shared: &Shared) -> Result<Zeroizing<String>, StatusCode> {
    let mut hosts = request.headers().get_all(HOST).iter();
    let own_host = match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.as_bytes() == shared.authority.as_bytes(),
        _ => false,
    };
    if !own_host || request.uri().authority().is_some() {
        return Err(StatusCode::MISDIRECTED_REQUEST);
    }
    if request.uri().path() != shared.path {
        return Err(StatusCode::NOT_FOUND);
    }
    if request.method() != Method::GET {
        return Err(StatusCode::METHOD_NOT_ALLOWED);
    }
    let query = request.uri().query().unwrap_or_default();
    if query.len() > MAX_LINK_BYTES {
        return Err(StatusCode::URI_TOO_LONG);
    }
    Ok(Zeroizing::new(format!(
        "http://{}{}?{query}",
        shared.authority, shared.path
    )))
}

fn respond(status: StatusCode, says: Says, language: Language) -> Response<Page> {
    let mut response = Response::new(Page(Some(html(says, language).into_bytes())));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in [
        ("content-type", "text/html; charset=utf-8"),
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("connection", "close"),
        (
            "content-security-policy",
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// A body that is there already.
struct Page(Option<Vec<u8>>);

impl Body for Page {
    type Data = io::Cursor<Vec<u8>>;
    type Error = Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<Frame<Self::Data>, Infallible>>> {
        let data = self
            .0
            .take()
            .map(|bytes| Ok(Frame::data(io::Cursor::new(bytes))));
        std::task::Poll::Ready(data)
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        let length = self.0.as_ref().map_or(0, Vec::len);
        SizeHint::with_exact(u64::try_from(length).unwrap_or(u64::MAX))
    }
}
