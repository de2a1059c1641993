//! `fedctl login` and `fedctl logout`: a person in a browser, on another device, or nobody at all.
//! The app signs in and waits; this says what is awaited, opens the browser, and hands over what is
//! pasted.

use std::future::Future;
use std::pin::Pin;

use connectors::App;
use connectors::error::{Code, Error};
use connectors::failure::Finding;
use connectors::view::{
    AuthKind, ConnectorView, Grant, Redirect, SignInRequest, SignInState, SignInStepView,
};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use zeroize::Zeroizing;

use crate::arguments::{LoginArguments, RedirectWord};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::output::Output;
use crate::secret_input;
use crate::words;

pub(super) async fn login(arguments: LoginArguments, context: &Context) -> Outcome {
    let pasting = arguments.no_browser && !arguments.device;
    if pasting {
        context.stdin_is_for("redirect URL")?;
    }
    let app = context.open().await?;
    let present = signing_in(app, &arguments.code).await?;
    let in_browser = !arguments.device
        && present.settings.auth.kind == AuthKind::OAuth2
        && present.settings.auth.grant() == Grant::AuthorizationCode;
    let request = SignInRequest {
        code: arguments.code,
        redirect: in_browser.then(|| to_redirect(arguments.redirect)),
        device: arguments.device,
    };
    let way = Way {
        output: context.output,
        no_browser: arguments.no_browser,
    };
    let lines = (pasting && in_browser).then(secret_input::lines);
    let connector = until_done(app, request, way, lines, context).await?;
    context
        .output
        .confirmation(&connector, || done(&connector))?;
    let missing = connector.sign_in.as_ref().map(|one| &one.missing_scopes);
    if let Some(missing) = missing.filter(|missing| !missing.is_empty()) {
        context.output.warning(&format!(
            "not everything that was asked for was granted: {} is missing",
            missing.join(", ")
        ));
    }
    context.after_change(app).await;
    Ok(Exit::DONE)
}

pub(super) async fn logout(code: &str, context: &Context) -> Outcome {
    let app = context.open().await?;
    signing_in(app, code).await?;
    let done = app.sign_out(code).await?;
    let output = context.output;
    output.confirmation(&done, || words::revocation(done.revocation, code))?;
    if let Some(warning) = words::revocation_warning(&done) {
        output.warning(&warning);
    }
    context.after_change(app).await;
    Ok(Exit::DONE)
}

/// The connector, if there is something to sign in to.
async fn signing_in(app: &App, code: &str) -> Result<ConnectorView, Failure> {
    let connector = app.connector_show(code).await?;
    let kind = connector.settings.auth.kind;
    if kind.uses_tokens() {
        return Ok(connector);
    }
    let message = format!(
        "{code} has no sign-in: its auth.kind is {}; see fedctl credentials set",
        kind.as_str()
    );
    Err(Error::refused(Code::Invalid, message).into())
}

/// How a person is told.
#[derive(Clone, Copy)]
struct Way {
    output: Output,
    no_browser: bool,
}

type Completing<'a> = Pin<Box<dyn Future<Output = Result<ConnectorView, Error>> + 'a>>;

/// Signs in; what is pasted meanwhile is tried, as often as it takes. Told to stop, ends the
/// attempt, so that nothing is left that a late answer could complete.
async fn until_done(
    app: &App,
    request: SignInRequest,
    way: Way,
    mut lines: Option<mpsc::Receiver<Zeroizing<String>>>,
    context: &Context,
) -> Result<ConnectorView, Failure> {
    let code = request.code.clone();
    let (told, mut steps) = mpsc::unbounded_channel();
    let mut sink = move |step: &SignInStepView| {
        // The receiver is gone only where this whole command is.
        let _ = told.send(step.clone());
    };
    let mut work: Completing<'_> = Box::pin(app.sign_in(request, &mut sink));
    let mut completing: Option<Completing<'_>> = None;
    let outcome = loop {
        tokio::select! {
            biased;
            () = context.told_to_stop() => break Err(Failure::Stopped(Exit::INTERRUPTED)),
            Some(step) = steps.recv() => {
                if let Err(failure) = way.tell(&step) {
                    break Err(failure);
                }
            }
            outcome = &mut work => break Ok(outcome?),
            outcome = completed(&mut completing) => {
                completing = None;
                match outcome {
                    Ok(connector) if connector.row.code == code => break Ok(connector),
                    Ok(connector) => way.output.note(&format!(
                        "That completed the sign-in of {}; {code} still waits.",
                        connector.row.code
                    )),
                    Err(error) if is_wrong_paste(&error) => way.wrong_paste(&error),
                    Err(error) => break Err(error.into()),
                }
            }
            line = next_of(&mut lines), if completing.is_none() => {
                completing = Some(Box::pin(async move { app.sign_in_complete(line.trim()).await }));
            }
        }
    };
    if matches!(outcome, Err(Failure::Stopped(_) | Failure::Output(_))) {
        drop(completing);
        drop(work);
        // Where it had not begun there is nothing to end.
        let _ended_or_not = app.sign_in_cancel(&code).await;
    }
    outcome
}

/// The outcome of what was pasted; waits for ever where nothing was.
async fn completed(completing: &mut Option<Completing<'_>>) -> Result<ConnectorView, Error> {
    match completing {
        Some(work) => work.await,
        None => std::future::pending().await,
    }
}

/// The next line of standard input. Its end is no end of the waiting: the browser may still come
/// back by itself.
async fn next_of(lines: &mut Option<mpsc::Receiver<Zeroizing<String>>>) -> Zeroizing<String> {
    if let Some(open) = lines {
        if let Some(line) = open.recv().await {
            return line;
        }
        *lines = None;
    }
    std::future::pending().await
}

/// Whether what was pasted belongs to no sign-in that waits, so that ours goes on. Any other
/// refusal has used the answer up.
fn is_wrong_paste(error: &Error) -> bool {
    match error {
        Error::Federation { finding, .. } => {
            matches!(finding, Finding::SignInMismatch | Finding::SignInExpired)
        }
        other => matches!(other.code(), Code::Invalid | Code::NotFound),
    }
}

impl Way {
    /// Says what is awaited. What a script acts on goes to standard output, on one line.
    fn tell(self, step: &SignInStepView) -> Result<(), Failure> {
        match step {
            SignInStepView::Browser {
                authorization_url,
                redirect_uri,
                redirect,
                expires_at,
            } if self.no_browser => {
                self.output.document(&json!({
                    "authorization_url": authorization_url,
                    "redirect_uri": redirect_uri,
                }))?;
                self.output.note(&format!(
                    "Open the address in a browser until {}. {}",
                    words::moment(*expires_at),
                    match redirect {
                        Redirect::Loopback =>
                            "A browser on this computer comes back by itself; from another one, \
                             copy the address that it ends at and paste it here.",
                        Redirect::DeepLink =>
                            "The desktop app takes the answer; or copy the address that the \
                             browser ends at and paste it here.",
                    }
                ));
            }
            SignInStepView::Browser {
                authorization_url,
                expires_at,
                ..
            } => match connectors::browser::open(authorization_url) {
                Ok(()) => self.output.note(&format!(
                    "Your browser opens. Agree there until {}; Ctrl-C ends it. If no page \
                     opens, use --no-browser.",
                    words::moment(*expires_at)
                )),
                Err(_) => self.output.awaited(
                    &json!({"authorization_url": authorization_url}),
                    &format!(
                        "No browser could be opened. Open this address on this computer until \
                         {}:\n{authorization_url}",
                        words::moment(*expires_at)
                    ),
                ),
            },
            SignInStepView::Device {
                user_code,
                verification_uri,
                verification_uri_complete,
                expires_at,
            } => {
                let document = json!({
                    "user_code": user_code,
                    "verification_uri": verification_uri,
                    "verification_uri_complete": verification_uri_complete,
                    "expires_at": expires_at,
                });
                if self.no_browser {
                    self.output.document(&document)?;
                }
                let text = device_text(user_code, verification_uri, *expires_at);
                if self.no_browser {
                    self.output.note(&text);
                } else {
                    self.output.awaited(&document, &text);
                }
            }
            SignInStepView::Exchanging => {
                self.output
                    .note("The answer is there; the token is fetched.");
            }
        }
        Ok(())
    }

    fn wrong_paste(self, error: &Error) {
        let message = error.to_string();
        let text = format!(
            "{}. The sign-in still waits: paste the whole address that the browser ends at.",
            message.trim_end_matches('.')
        );
        let document: Value = json!({"paste_refused": {"message": message}});
        self.output.awaited(&document, &text);
    }
}

fn device_text(user_code: &str, verification_uri: &str, expires_at: i64) -> String {
    format!(
        "On any device, open {verification_uri} and enter {user_code} until {}.",
        words::moment(expires_at)
    )
}

fn done(connector: &ConnectorView) -> String {
    let code = &connector.row.code;
    let sign_in = connector.sign_in.as_ref();
    let until = sign_in.and_then(|one| one.expires_at);
    let until = until.map_or_else(String::new, |at| format!(" until {}", words::moment(at)));
    let renews = match sign_in {
        Some(one) if one.renews && one.state == SignInState::SignedIn => "; it renews by itself",
        _ => "",
    };
    let what = if sign_in.is_none_or(|one| one.needs_person) {
        "Signed in to"
    } else {
        "Fetched a token for"
    };
    format!("{what} {code}{until}{renews}\nNext: fedctl connector test {code}")
}

fn to_redirect(word: RedirectWord) -> Redirect {
    match word {
        RedirectWord::DeepLink => Redirect::DeepLink,
        RedirectWord::Loopback => Redirect::Loopback,
    }
}
