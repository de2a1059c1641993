//! Starting and stopping. The server has a thread and a
//! runtime of its own: dropping that runtime ends every connection, so nothing outlives
//! [`Practice`], whichever runtime (or none) the caller has.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;

use axum::Router;
use thiserror::Error;
use tokio::sync::oneshot;

use crate::connection::{ResetSwitch, SwitchedListener};
use crate::credentials::PracticeCredentials;
use crate::faults::{Fault, FaultReport};
use crate::log::{RecordedRequest, SeenRequest};
use crate::members::Member;
use crate::options::PracticeOptions;
use crate::router::router;
use crate::state::Shared;

/// Why a practice federation did not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// Something else listens on the port.
    #[error("port {0} on this computer is in use already")]
    PortInUse(u16),
    /// The port cannot be had for another reason.
    #[error("listening on 127.0.0.1 port {port}")]
    Listen {
        /// The port asked for.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
    /// The server's thread or runtime could not be made.
    #[error("starting the practice federation's thread")]
    Thread(#[source] io::Error),
}

/// A running practice federation. Dropping it stops the server and frees the port.
pub struct Practice {
    pub(crate) shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    stopped: Option<oneshot::Receiver<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Starts a practice federation on 127.0.0.1. It answers as soon as this returns.
pub async fn start(options: PracticeOptions) -> Result<Practice, StartError> {
    let listener = listen(options.port)?;
    let address = listener.local_addr().map_err(|source| StartError::Listen {
        port: options.port,
        source,
    })?;
    let shared = Arc::new(Shared::new(address, options));
    let served = Arc::clone(&shared);
    let router = router(Arc::clone(&shared));
    let (stop, stop_asked) = oneshot::channel();
    let (started, start_result) = oneshot::channel();
    let (has_stopped, stopped) = oneshot::channel();
    let thread = std::thread::Builder::new()
        .name("practice".to_owned())
        .spawn(move || {
            serve(&served, listener, router, started, stop_asked);
            // Nobody listens any more if the handle was dropped; that is fine.
            let _ = has_stopped.send(());
        })
        .map_err(StartError::Thread)?;
    match start_result.await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => return Err(StartError::Thread(error)),
        Err(_) => return Err(StartError::Thread(io::ErrorKind::BrokenPipe.into())),
    }
    tracing::info!(
        port = address.port(),
        "practice federation listening on 127.0.0.1"
    );
    Ok(Practice {
        shared,
        stop: Some(stop),
        stopped: Some(stopped),
        thread: Some(thread),
    })
}

fn listen(port: u16) -> Result<TcpListener, StartError> {
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::AddrInUse => StartError::PortInUse(port),
        _ => StartError::Listen { port, source },
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    Ok(listener)
}

/// The whole life of the server's thread.
fn serve(
    shared: &Shared,
    listener: TcpListener,
    router: Router,
    started: oneshot::Sender<io::Result<()>>,
    stop_asked: oneshot::Receiver<()>,
) {
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            let _ = started.send(Err(error));
            return;
        }
    };
    // Set once: a server is started once.
    let _ = shared.runtime.set(runtime.handle().clone());
    runtime.block_on(async {
        let listener = match tokio::net::TcpListener::from_std(listener) {
            Ok(listener) => SwitchedListener(listener),
            Err(error) => {
                let _ = started.send(Err(error));
                return;
            }
        };
        let service = router.into_make_service_with_connect_info::<ResetSwitch>();
        let _ = started.send(Ok(()));
        tokio::select! {
            _ = axum::serve(listener, service) => {}
            _ = stop_asked => {}
        }
    });
    // Dropping the runtime drops every connection and every answer still being waited for.
}

impl Practice {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.shared.address
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn base_url(&self) -> String {
        self.shared.origin()
    }

    /// All credentials it accepts.
    pub fn credentials(&self) -> &PracticeCredentials {
        &self.shared.credentials
    }

    /// The API key it accepts.
    pub fn api_key(&self) -> &str {
        &self.shared.credentials.api_key
    }

    /// The user name it accepts.
    pub fn username(&self) -> &str {
        &self.shared.credentials.username
    }

    /// The password it accepts.
    pub fn password(&self) -> &str {
        &self.shared.credentials.password
    }

    /// Changes the members that the lists have from now on: what a federation does between two syncs.
    pub fn change_members(&self, change: impl FnOnce(&mut Vec<Member>)) {
        self.shared.change_members(change);
    }

    /// The members that it began with, in the order of the lists.
    pub fn members(&self) -> &[Member] {
        &self.shared.members
    }

    /// Makes `fault` the only one.
    pub fn set_fault(&self, fault: Fault) {
        self.set_faults([fault]);
    }

    /// Makes `faults` the only ones.
    pub fn set_faults(&self, faults: impl IntoIterator<Item = Fault>) {
        let mut table = self.shared.faults();
        table.clear();
        for fault in faults {
            table.add(fault);
        }
    }

    /// Sets one more fault, behind those that are set.
    pub fn add_fault(&self, fault: Fault) {
        self.shared.faults().add(fault);
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.shared.faults().clear();
    }

    /// The faults that are set, used up or not, and what they have done.
    pub fn faults(&self) -> Vec<FaultReport> {
        self.shared.faults().reports()
    }

    /// How many requests have come in, those for `/practice` not counted.
    pub fn request_count(&self) -> u64 {
        self.shared.log().total()
    }

    /// The newest 10,000 requests, oldest first, those for `/practice` left out.
    pub fn requests(&self) -> Vec<SeenRequest> {
        self.shared.log().seen()
    }

    /// The requests with everything they carried, oldest first; empty unless
    /// [`PracticeOptions::recorder`] was set.
    pub fn recorded(&self) -> Vec<RecordedRequest> {
        self.shared
            .recorder()
            .map(|recorded| recorded.clone())
            .unwrap_or_default()
    }

    /// Stops the server; afterwards the port is free and every connection closed.
    pub async fn stop(mut self) {
        self.stop.take();
        if let Some(stopped) = self.stopped.take() {
            // An error means the thread has ended without a word, which is as stopped as can be.
            let _ = stopped.await;
        }
    }
}

impl Drop for Practice {
    fn drop(&mut self) {
        // Dropping the sender is the sign to stop; the thread then ends within a few milliseconds.
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Practice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Practice")
            .field("address", &self.shared.address)
            .finish_non_exhaustive()
    }
}
