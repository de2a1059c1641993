//! Signing in and out. The browser is opened from here: the page never names an address.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use connectors::App;
use connectors::error::{Code, Error};
use connectors::secret::SecretText;
use connectors::view::{
    ConnectorView, DiscoveryRequest, DiscoveryView, SignInRequest, SignInStepView, SignOutView,
};
use tauri::ipc::Channel;
use tauri::{AppHandle, Runtime, State};

use super::connector::changed;
use crate::error::CommandResult;
use crate::events::{Event, emit};

/// Where the browser was sent for each sign-in under way, by federation code. Forgotten when the
/// sign-in ends; it carries the `state`.
#[derive(Default)]
pub struct Attempts(Mutex<HashMap<String, String>>);

impl Attempts {
    fn all(&self) -> MutexGuard<'_, HashMap<String, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One sign-in's entry in [`Attempts`], gone when this is.
struct Attempt<'a> {
    attempts: &'a Attempts,
    code: String,
    url: Option<String>,
}

impl Attempt<'_> {
    fn remember(&mut self, url: &str) {
        self.attempts
            .all()
            .insert(self.code.clone(), url.to_owned());
        self.url = Some(url.to_owned());
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        let mut all = self.attempts.all();
        // A newer attempt of the same connector has replaced it.
        if self.url.is_some() && all.get(&self.code) == self.url.as_ref() {
            all.remove(&self.code);
        }
    }
}

/// Signs in and waits for the end; what is awaited comes through the channel.
#[tauri::command]
pub async fn sign_in_start<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    attempts: State<'_, Attempts>,
    request: SignInRequest,
    open_browser: bool,
    on_step: Channel<SignInStepView>,
) -> CommandResult<ConnectorView> {
    let mut attempt = Attempt {
        attempts: &attempts,
        code: request.code.clone(),
        url: None,
    };
    emit(&handle, &Event::ConnectorsChanged);
    let news = handle.clone();
    let mut sink = move |step: &SignInStepView| {
        if let SignInStepView::Browser {
            authorization_url, ..
        } = step
        {
            attempt.remember(authorization_url);
            if open_browser && let Err(error) = connectors::browser::open(authorization_url) {
                // The page offers to open it again, and shows the refusal then.
                tracing::warn!(code = ?error.code(), "the browser was not opened");
            }
        }
        if let Err(error) = on_step.send(step.clone()) {
            tracing::debug!(%error, "a step could not be shown");
        }
        emit(&news, &Event::ConnectorsChanged);
    };
    let outcome = app.sign_in(request, &mut sink).await;
    // Also a failed one has changed what the connector says.
    emit(&handle, &Event::ConnectorsChanged);
    Ok(outcome?)
}

/// Sends the browser once more where the sign-in under way sent it.
#[tauri::command]
pub async fn sign_in_open_browser(
    attempts: State<'_, Attempts>,
    code: String,
) -> CommandResult<()> {
    let url = attempts.all().get(&code).cloned().ok_or_else(|| {
        Error::refused(
            Code::NotFound,
            "no sign-in of this connector waits for the browser; start it again",
        )
    })?;
    Ok(connectors::browser::open(&url)?)
}

/// Completes the sign-in with the address that the browser ended at, pasted by a person. Untrusted.
#[tauri::command]
pub async fn sign_in_paste<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    address: SecretText,
) -> CommandResult<ConnectorView> {
    changed(&handle, app.sign_in_complete(address.expose()).await)
}

/// Ends the sign-in under way.
#[tauri::command]
pub async fn sign_in_cancel<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    code: String,
) -> CommandResult<ConnectorView> {
    changed(&handle, app.sign_in_cancel(&code).await)
}

/// Gives the tokens back and destroys them here.
#[tauri::command]
pub async fn sign_out<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    code: String,
) -> CommandResult<SignOutView> {
    changed(&handle, app.sign_out(&code).await)
}

/// Asks an issuer about itself.
#[tauri::command]
pub async fn sign_in_discover(
    app: State<'_, App>,
    request: DiscoveryRequest,
) -> CommandResult<DiscoveryView> {
    Ok(app.sign_in_discover(request).await?)
}
