//! Signing in, out, and how it stands.

use super::App;
use crate::error::{Error, Result};
use crate::settings::ConnectorSettings;
use crate::store::Reader;
use crate::store::connector::ConnectorRecord;
use crate::view::{
    ConnectorView, DiscoveryRequest, DiscoveryView, SignInRequest, SignInStepView, SignInView,
    SignOutView,
};

/// Where the steps of a sign-in under way go.
pub type SignInSink<'a> = dyn FnMut(&SignInStepView) + Send + 'a;

/// What became of a link that came from the browser.
#[derive(Debug)]
pub enum Delivery {
    /// It completed a sign-in of this connector.
    Done(Box<ConnectorView>),
    /// The file is locked: the link waits for the unlocking, ten minutes at most.
    Waiting,
}

fn stub<T>() -> Result<T> {
    Err(Error::Internal {
        doing: "sign in",
        source: None,
    })
}

impl App {
    /// Signs in and waits for the end: a person in the browser or on another device, or the client by
    /// itself, as the connector's grant says. `on_step` tells what is awaited.
    pub async fn sign_in(
        &self,
        _request: SignInRequest,
        _on_step: &mut SignInSink<'_>,
    ) -> Result<ConnectorView> {
        stub()
    }

    /// Completes a sign-in with the address that the browser came back to: a deep link, or the
    /// loopback address as a person pasted it. Untrusted.
    pub async fn sign_in_complete(&self, _address: &str) -> Result<ConnectorView> {
        stub()
    }

    /// Ends an attempt under way; tokens of an earlier sign-in stay.
    pub async fn sign_in_cancel(&self, _code: &str) -> Result<ConnectorView> {
        stub()
    }

    /// Asks an issuer about itself.
    pub async fn sign_in_discover(&self, _request: DiscoveryRequest) -> Result<DiscoveryView> {
        stub()
    }

    /// Gives the tokens back where the federation takes them (RFC 7009), and destroys them here in
    /// any case.
    pub async fn sign_out(&self, _code: &str) -> Result<SignOutView> {
        stub()
    }

    /// A deep link as the operating system delivers it: completed now, or kept while locked.
    pub async fn deliver_link(&self, _link: &str) -> Result<Delivery> {
        stub()
    }

    /// Completes the links that came while the file was locked. Call it after every opening.
    pub async fn deliver_waiting_links(&self) -> Vec<Result<ConnectorView>> {
        Vec::new()
    }
}

pub(super) fn view_of(
    _tx: &Reader<'_>,
    _record: &ConnectorRecord,
    _settings: &ConnectorSettings,
) -> Result<Option<SignInView>> {
    Ok(None)
}
