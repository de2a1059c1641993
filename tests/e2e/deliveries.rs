//! Links as the desktop delivers them: to an app that runs, to one that does not, and from another
//! program's sign-in. And what is no delivery: links that somebody made up.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use connectors::view::InitialiseRequest;
use connectors::{App, AppOptions};
use practice_federation::{Practice, PracticeOptions, start};
use serde_json::Value;
use url::Url;

use crate::browser::decide;
use crate::desktop::{self, INSTANCE, end, has_instance, runs, until};
use crate::harness::Home;
use crate::sign_in::{count, ready};

const CODE: &str = "club";
/// The longest that a second process may live.
const SECOND: Duration = Duration::from_secs(2);

/// The promised number with `FC_ROUNDS=full`, a few every day.
fn rounds() -> u64 {
    match std::env::var("FC_ROUNDS") {
        Ok(wanted) if wanted == "full" => 20,
        _ => 3,
    }
}

/// A data file with a connector to a federation of its own, made without the window. The app does
/// not run that federation, so that it is there before the app and after it.
async fn with_federation(home: &Home) -> Practice {
    let practice = start(PracticeOptions::default()).await.unwrap();
    let app = App::new(AppOptions::system(home.data_dir()));
    app.initialise(InitialiseRequest::Keychain).await.unwrap();
    app.lock().await.unwrap();
    let base = practice.base_url();
    let mut command = home.fedctl(&["connector", "add", CODE, "--preset", "generic_rest_oauth"]);
    for setting in [
        "name=Cumann na nÓg",
        "allow_http_loopback=true",
        "endpoints.membership_list=/v1/members",
        "paging.records=data",
        &format!("auth.issuer={base}"),
        &format!("endpoints.base={base}/oauth2"),
    ] {
        command.args(["--set", setting]);
    }
    let client = home.path().join("client.json");
    std::fs::write(&client, r#"{"type":"oauth2","client_id":"practice-app"}"#).unwrap();
    command.arg("--credentials-stdin");
    command.stdin(std::fs::File::open(client).unwrap());
    let ran = command.output().unwrap();
    assert!(ran.status.success(), "{ran:?}");
    practice
}

/// A `fedctl login` that waits for somebody to bring the link.
struct Login {
    child: Child,
    address: String,
}

impl Login {
    fn begin(home: &Home, code: &str) -> Self {
        let arguments = ["login", code, "--redirect", "deep-link", "--no-browser"];
        let mut command = home.fedctl(&arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        let stdout = child.stdout.as_mut().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let told: Value = serde_json::from_str(&line).unwrap();
        let address = told["authorization_url"].as_str().unwrap().to_owned();
        Self { child, address }
    }

    /// Waits for its end, which has to be a good one.
    async fn succeeds(mut self) {
        let child = &mut self.child;
        until("the command line ends", || {
            child.try_wait().unwrap().is_some()
        })
        .await;
        let code = self.child.wait().unwrap().code();
        let mut said = String::new();
        let mut stderr = self.child.stderr.take().unwrap();
        stderr.read_to_string(&mut said).unwrap();
        assert_eq!(code, Some(0), "it is signed in: {said}");
    }
}

/// An app without a driver; ends with this.
struct Running(Child);

impl Running {
    async fn start(home: &Home) -> Self {
        assert!(!has_instance(), "an earlier app has ended");
        let running = Self(home.start(&[]));
        until("the app runs", has_instance).await;
        running
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_keychain_soak_links_reach_the_app_that_runs() {
    let home = Home::new();
    home.take_links();
    let practice = with_federation(&home).await;
    let origin = Url::parse(&practice.base_url()).unwrap();
    let app = Running::start(&home).await;
    let mut slowest = Duration::ZERO;
    for round in 1..=rounds() {
        let login = Login::begin(&home, CODE);
        let link = decide(&login.address, "Allow").link();
        let began = Instant::now();
        home.hand_over(&link).await;
        slowest = slowest.max(began.elapsed());
        login.succeeds().await;
        assert_eq!(count(&origin, "exchanges"), round, "each link counts once");
    }
    assert!(slowest < SECOND, "a second process took {slowest:?}");
    println!("{} of {0} delivered, the slowest in {slowest:?}", rounds());
    drop(app);
    until("the app has ended", || !has_instance()).await;
    assert!(!home.log().contains("panicked"), "{}", home.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn with_keychain_soak_links_start_the_app() {
    let home = Home::new();
    home.take_links();
    let practice = with_federation(&home).await;
    let origin = Url::parse(&practice.base_url()).unwrap();
    for round in 1..=rounds() {
        assert!(!has_instance(), "no app runs");
        let login = Login::begin(&home, CODE);
        let link = decide(&login.address, "Allow").link();
        let app = home.deliver(&link).await;
        login.succeeds().await;
        assert_eq!(count(&origin, "exchanges"), round, "each link counts once");
        assert!(runs(app), "the app stays open");
        end(app);
        until("the app has ended", || !runs(app) && !has_instance()).await;
    }
    println!("{} of {0} delivered", rounds());
    assert!(!home.log().contains("panicked"), "{}", home.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn with_keychain_links_that_somebody_made_up_change_nothing() {
    let home = Home::new();
    home.take_links();
    let _practice = with_federation(&home).await;
    let app = Running::start(&home).await;
    let login = Login::begin(&home, CODE);
    let link = decide(&login.address, "Allow").link();
    let before = home.shown(CODE);
    assert_eq!(
        before["sign_in"]["state"], "waiting",
        "there is something to lose"
    );

    // Taken in and refused.
    let (path, query) = link.split_once('?').unwrap();
    let other_state: String = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some(("state", _)) => "state=bm9ib2R5IGhhcyBzZW50IHRoaXMgc3RhdGUgYXQgYWxs",
            _ => pair,
        })
        .collect::<Vec<_>>()
        .join("&");
    let scheme = "com.playerarc.connectors";
    let forged = [
        format!("{path}?{other_state}"),
        format!("{path}?code=1&state=x"),
        format!("{path}?error=access_denied&state=x"),
        format!("{path}?{query}&code=2"),
        format!("{scheme}://oauth/{CODE}?{query}"),
        format!("{scheme}://{CODE}@example.org/oauth/{CODE}?{query}"),
        format!("{path}?code=1"),
        path.to_owned(),
        format!("{scheme}:"),
    ];
    let refused = |home: &Home| home.log().matches("a link completed no sign-in").count();
    for (number, forged) in forged.iter().enumerate() {
        home.hand_over(forged).await;
        until("the link is refused", || refused(&home) == number + 1).await;
        assert_eq!(home.shown(CODE), before, "{forged} changes nothing");
    }
    // The same without a second process: any program of this person can call the app.
    let path = format!("/{}", INSTANCE.replace('.', "/"));
    let call = |arguments: &str| {
        let method = "org.SingleInstance.DBus.ExecuteCallback";
        let to = ["--dest", INSTANCE, "--object-path", &path];
        let done = desktop::bus(&[&to[..], &["--method", method, arguments, "/"]].concat());
        assert!(done.status.success(), "the app answers: {done:?}");
    };
    call(&format!("['x', '{}']", forged[0]));
    until("the link is refused", || refused(&home) == forged.len() + 1).await;
    assert_eq!(home.shown(CODE), before, "nor does a call");

    // Never looked at, although the true link is among them: the answer to the second process
    // comes when all is done.
    for arguments in [
        &[link.as_str(), "x"][..],
        &["x", &link],
        &[&link, &link],
        &["--hidden", &link],
        &[&link, "--hidden"],
        &[&format!("--{link}")],
        &[&format!(" {link}")],
        &[&link.replace("connectors:", "connectors.evil:")],
        &["https://example.org/"],
        &["--help"],
    ] {
        let mut second = home.start(arguments);
        until("the second process ends", || {
            second.try_wait().unwrap().is_some()
        })
        .await;
        assert_eq!(home.shown(CODE), before, "{arguments:?} change nothing");
    }
    call(&format!("['x', '{link}', 'y']"));
    call("@as []");
    call(&format!("['{link}']"));
    assert_eq!(home.shown(CODE), before, "calls neither");
    assert_eq!(
        home.log().matches("a link arrived").count(),
        forged.len() + 1,
        "these were looked at and no others"
    );

    // And it was the true link that all of them were made from.
    home.hand_over(&link).await;
    login.succeeds().await;
    assert_eq!(
        home.shown(CODE)["sign_in"]["state"],
        "signed_in",
        "it works"
    );
    let done = home.shown(CODE);
    home.hand_over(&link).await;
    assert_eq!(home.shown(CODE), done, "a second time it is nothing");
    drop(app);
    until("the app has ended", || !has_instance()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_keychain_the_window_completes_what_the_command_line_began() {
    let home = Home::new();
    home.take_links();
    let _practice = with_federation(&home).await;
    let window = home.open(1280, 800).await;
    window.see("All 1").await;
    let login = Login::begin(&home, CODE);
    window.click("Cumann na nÓg").await;
    window
        .see("It was started from another place on this computer.")
        .await;
    let link = decide(&login.address, "Allow").link();
    home.hand_over(&link).await;
    login.succeeds().await;
    window.see("Signed in since").await;
    window.click("Test connection").await;
    window.see("Healthy").await;
    window.close().await;
    assert!(!home.log().contains("panicked"), "{}", home.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn with_keychain_sign_in_that_ends_after_the_app_was_closed() {
    let practice = start(PracticeOptions::default()).await.unwrap();
    let base = practice.base_url();
    let home = Home::new();
    let window = ready(&home).await;
    window.click("Add connector").await;
    window.see("Choose a system").await;
    window.choose("Own REST API with a sign-in").await;
    window.fill("Address", &format!("{base}/oauth2")).await;
    window.choose("Allow plain http to this computer").await;
    for (field, text) in [
        ("Name", "Cumann na nÓg"),
        ("Federation code", CODE),
        ("Issuer", &base),
        ("Client id", "practice-app"),
        ("Scopes", "members.read clubs.read offline_access"),
        ("Path of the membership list", "/v1/members"),
        ("Records are at", "data"),
    ] {
        window.fill(field, text).await;
    }
    window.click("Save and sign in").await;
    window.see("Finish signing in to Cumann na nÓg").await;
    let address = home.asked(1).await;
    window.close().await;
    until("the app has ended", || !has_instance()).await;

    let link = decide(&address, "Allow").link();
    // The driver can only attach to what it starts; `soak_links_start_the_app` leaves it to the desktop.
    let window = home.open_with(1280, 800, &[&link]).await;
    window.click("Cumann na nÓg").await;
    window.see("Signed in since").await;
    window.click("Test connection").await;
    window.see("Healthy").await;
    window.close().await;
    assert_eq!(
        home.log().matches("a link arrived").count(),
        1,
        "the argument and the plugin bring the same link: {}",
        home.log()
    );
    assert!(!home.log().contains("panicked"), "{}", home.log());
}
