//! Signing in within a process of its own: the test binary starts itself again with a role, so that
//! memory can be measured, a disk can be full, and everything can be logged. The browser is an HTTP
//! request that is not followed; the server belongs to the test.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use connectors::App;
use connectors::error::Result;
use connectors::settings::Redirect;
use connectors::view::{ConnectorView, InitialiseRequest};
use url::Url;

use super::server::{Act, AuthServer};
use super::support::{CLUB, Waiting, client, get, send_raw, settings, start_in};
use crate::api::server::{Reply, json};
use crate::app::child::{Ground, app};
use crate::app::support::request;
use crate::store::child::{say, start};

/// A child with a role over a folder.
pub(crate) fn command(ground: &Ground, role: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "auth::child::entry", "--nocapture"])
        .env("FC_AUTH_CHILD", role)
        .env("FC_APP_CHILD_PATH", ground.root())
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    command
}

/// A folder with a connector to a server.
pub(crate) async fn ground_with(server: &AuthServer) -> Ground {
    let ground = Ground::new();
    let app = ground.app();
    app.initialise(InitialiseRequest::Keychain).await.unwrap();
    let added = request(settings(CLUB, server), Some(client()));
    app.connector_add(added).await.unwrap();
    app.lock().await.unwrap();
    ground
}

/// What a child runs. In an ordinary test run there is no role and nothing is done.
#[tokio::test]
async fn entry() {
    let Ok(role) = std::env::var("FC_AUTH_CHILD") else {
        return;
    };
    let root = PathBuf::from(std::env::var("FC_APP_CHILD_PATH").unwrap());
    if role == "logs" {
        crate::app::canary_scenario::log_everything(&root);
    }
    let app = app(&root);
    app.open().await.unwrap();
    match role.as_str() {
        "memory" => memory(&app).await,
        "sign in" => tell("signed in", sign_in(&app).await.map(drop)),
        "call" => tell("called", app.request(CLUB, "/v1/me", false).await.map(drop)),
        "logs" => logs(&app).await,
        other => panic!("unknown role {other}"),
    }
}

fn tell(what: &str, outcome: Result<()>) {
    match outcome {
        Ok(()) => say(&format!("{what} ok")),
        Err(error) => say(&format!("{what} {:?}", error.code())),
    }
}

/// The person says yes, by way of HTTP: where the browser is sent.
async fn approve(waiting: &Waiting) -> String {
    let url = Url::parse(&waiting.url).unwrap();
    let target = format!("{}?{}", url.path(), url.query().unwrap());
    let port = url.port().unwrap();
    let answer = send_raw(port, &get(port, &target)).await;
    let sent = answer
        .lines()
        .find_map(|line| line.strip_prefix("Location: "));
    sent.expect("the server sends the browser back").to_owned()
}

async fn sign_in(app: &App) -> Result<ConnectorView> {
    let waiting = start_in(app, CLUB, Redirect::DeepLink).await?;
    let link = approve(&waiting).await;
    app.sign_in_complete(&link).await
}

/// A number of `/proc/self/status` in KiB.
fn status(name: &str) -> u64 {
    let all = fs::read_to_string("/proc/self/status").unwrap();
    let line = all.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Signs in twice: once for everything that is loaded only once, then measured.
async fn memory(app: &App) {
    sign_in(app).await.expect_err("the first answer is none");
    let before = status("VmRSS");
    // Resets the peak to what is resident now (proc(5)).
    fs::write("/proc/self/clear_refs", "5").unwrap();
    let control = std::env::var("FC_CONTROL").is_ok_and(|word| !word.is_empty());
    let held = if control {
        vec![1_u8; 8 * 1024 * 1024]
    } else {
        Vec::new()
    };
    let error = sign_in(app)
        .await
        .expect_err("the second answer is too large");
    assert!(held.iter().all(|byte| *byte == 1), "held until here");
    let grown = status("VmHWM").saturating_sub(before);
    say(&format!("{:?}", error.code()));
    say(&grown.to_string());
}

/// The code of the refusal, and by how many KiB the peak of memory was above what was resident.
pub(crate) async fn peak_growth(control: &str, reply: Reply) -> (String, u64) {
    let server = AuthServer::start().await;
    let ground = ground_with(&server).await;
    // As large as can be read, so that buffers have their size before it is measured.
    let first = json(&format!("{}!", " ".repeat(60 * 1024)));
    server.script("/token", vec![Act::Say(first), Act::Say(reply)]);
    let mut child = command(&ground, "memory");
    child.env("FC_CONTROL", control);
    let facts = finish(child).await;
    assert_eq!(facts.len(), 2, "{facts:?}");
    (facts[0].clone(), facts[1].parse().unwrap())
}

/// Runs a child to its end while the server goes on answering.
pub(crate) async fn finish(mut child: Command) -> Vec<String> {
    let running = tokio::task::spawn_blocking(move || start(&mut child).finish());
    running.await.unwrap()
}

/// A sign-in, a renewal and what goes wrong, with everything logged.
async fn logs(app: &App) {
    let planted = fs::read_to_string(root(app).join("planted.txt")).unwrap();
    tokio::task::spawn_blocking(move || {
        tracing::trace!(%planted, "another thread");
        log::trace!("{planted}");
    })
    .await
    .unwrap();
    for _ in 0..3 {
        let _refused = sign_in(app).await.expect_err("scripted to fail");
    }
    let waiting = start_in(app, CLUB, Redirect::DeepLink).await.unwrap();
    let link = approve(&waiting).await;
    for bent in [
        format!("{link}#"),
        format!("{link}&code=2"),
        format!("x{link}"),
    ] {
        let _refused = app.sign_in_complete(&bent).await.expect_err("bent");
    }
    app.sign_in_complete(&link).await.unwrap();
    app.request(CLUB, "/v1/me", false).await.unwrap();
    app.sign_out(CLUB).await.unwrap();
    let waiting = start_in(app, CLUB, Redirect::Loopback).await.unwrap();
    let link = approve(&waiting).await;
    let url = Url::parse(&link).unwrap();
    let (port, target) = (url.port().unwrap(), &url[url::Position::BeforePath..]);
    send_raw(port, &get(port, "/favicon.ico")).await;
    send_raw(port, &get(port, target)).await;
    waiting.ended().await.unwrap();
    say("done");
}

fn root(app: &App) -> &Path {
    app.data_dir().parent().unwrap()
}

/// Bar 14, the part about logs: of every thread, and of the libraries too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bar_14_no_secret_of_a_sign_in_is_logged_by_any_thread() {
    let server = AuthServer::start().await;
    let ground = ground_with(&server).await;
    fs::write(
        ground.root().join("planted.txt"),
        "planted-mark-of-this-test",
    )
    .unwrap();
    let stolen = r#"{"access_token":"stolen access","refresh_token":"stolen refresh"}"#;
    server.script(
        "/token",
        vec![
            Act::Say(json(stolen)),
            Act::HonestCut(200),
            Act::Say(crate::api::server::answer(
                "400 Bad Request",
                "",
                stolen.as_bytes(),
            )),
        ],
    );
    assert_eq!(
        finish(command(&ground, "logs")).await,
        ["done"],
        "it runs through"
    );
    let log = fs::read_to_string(ground.root().join("log.txt")).unwrap();
    assert_eq!(
        log.matches("planted-mark-of-this-test").count(),
        2,
        "the control: what another thread says is found"
    );
    assert!(
        log.contains("connectors::api::send"),
        "and what the product says"
    );
    let secrets = server.secrets();
    assert!(
        secrets.len() > 15,
        "codes, states, verifiers and tokens: {}",
        secrets.len()
    );
    for secret in secrets
        .iter()
        .map(String::as_str)
        .chain(["stolen access", "stolen refresh"])
    {
        assert!(!log.contains(secret), "a secret is logged: {secret}");
    }
}
