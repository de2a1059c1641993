//! The app on the mock runtime, over a folder of its own, and a way to call it as a page would.

use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex};

use connectors::App;
use federation_connectors_shell::{context, events, with_product};
use serde_json::Value;
use tauri::ipc::{CallbackFn, InvokeBody, InvokeResponse, InvokeResponseBody};
use tauri::test::{INVOKE_KEY, MockRuntime, mock_builder};
use tauri::webview::InvokeRequest;
use tauri::{Listener, WebviewWindow, WebviewWindowBuilder};
use testkit::Bench;

/// The address of the app's own page.
pub const OWN_PAGE: &str = if cfg!(windows) {
    "http://tauri.localhost"
} else {
    "tauri://localhost"
};

/// What a command answered: its value, or its error.
pub type Answer = Result<Value, Value>;

/// An app with a window `main`. Everything is gone when it is dropped.
pub struct Shell {
    /// Folder and keychain, which must outlive the app.
    _bench: Bench,
    /// The product behind the commands.
    pub product: App,
    /// The window that may call.
    pub main: WebviewWindow<MockRuntime>,
    app: tauri::App<MockRuntime>,
    pushed: Arc<Mutex<String>>,
}

impl Shell {
    /// First run: no key, no file.
    pub fn new() -> Self {
        let bench = Bench::new();
        let product = bench.app();
        let pushed = Arc::new(Mutex::new(String::new()));
        let steps = Arc::clone(&pushed);
        let builder = mock_builder().channel_interceptor(move |_, _, _, body| {
            steps.lock().unwrap().push_str(&text_of(body));
            true
        });
        let app = with_product(builder, &product).build(context()).unwrap();
        let news = Arc::clone(&pushed);
        app.listen_any(events::EVENT_NAME, move |event| {
            news.lock().unwrap().push_str(event.payload());
        });
        let main = WebviewWindowBuilder::new(&app, "main", tauri::WebviewUrl::default())
            .build()
            .unwrap();
        Self {
            _bench: bench,
            product,
            main,
            app,
            pushed,
        }
    }

    /// As [`Shell::new`], with a key in the keychain and an open file.
    pub fn open() -> Self {
        let shell = Self::new();
        let request = connectors::view::InitialiseRequest::Keychain;
        wait(shell.product.initialise(request)).unwrap();
        shell
    }

    /// Another window of the same app.
    pub fn second_window(&self, label: &str) -> WebviewWindow<MockRuntime> {
        WebviewWindowBuilder::new(&self.app, label, tauri::WebviewUrl::default())
            .build()
            .unwrap()
    }

    /// Calls a command as the page of the main window does.
    pub fn call(&self, command: &str, arguments: Value) -> Answer {
        call(&self.main, OWN_PAGE, command, arguments)
    }

    /// Everything that was sent to the page without being asked for: steps of tests and events.
    pub fn pushed(&self) -> String {
        self.pushed.lock().unwrap().clone()
    }
}

/// Runs `future` on the runtime of the commands.
pub fn wait<F: Future>(future: F) -> F::Output {
    tauri::async_runtime::block_on(future)
}

/// Calls a command from a window and from a page. A command that panicked answers nothing, and
/// this fails.
pub fn call(
    window: &WebviewWindow<MockRuntime>,
    page: &str,
    command: &str,
    arguments: Value,
) -> Answer {
    send(window, page, INVOKE_KEY, command, arguments)
        .recv()
        .unwrap_or_else(|_| panic!("{command} ended without an answer: it panicked"))
}

/// As [`call`], with an invoke key of the caller's choice, and without waiting.
pub fn send(
    window: &WebviewWindow<MockRuntime>,
    page: &str,
    invoke_key: &str,
    command: &str,
    arguments: Value,
) -> Receiver<Answer> {
    let (answered, answer) = sync_channel(1);
    let request = InvokeRequest {
        cmd: command.to_owned(),
        callback: CallbackFn(0),
        error: CallbackFn(1),
        url: page.parse().unwrap(),
        body: InvokeBody::Json(arguments),
        headers: tauri::http::HeaderMap::default(),
        invoke_key: invoke_key.to_owned(),
    };
    window.as_ref().clone().on_message(
        request,
        Box::new(move |_, _, response, _, _| {
            let answer = match response {
                InvokeResponse::Ok(body) => Ok(serde_json::from_str(&text_of(&body)).unwrap()),
                InvokeResponse::Err(error) => Err(error.0),
            };
            // The receiver is gone where the test has seen enough.
            let _ = answered.send(answer);
        }),
    );
    answer
}

fn text_of(body: &InvokeResponseBody) -> String {
    match body {
        InvokeResponseBody::Json(text) => text.clone(),
        InvokeResponseBody::Raw(bytes) => String::from_utf8_lossy(bytes).into_owned(),
    }
}
