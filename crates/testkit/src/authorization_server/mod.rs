//! A certified authorization server that others wrote (npm `oidc-provider`, `authorization-server/server.mjs`):
//! one a test, what it wrote down, and a person with a browser who signs in to it.

mod browser;

pub use browser::{Browser, End, Person, client};

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde::Deserialize;
use serde_json::Value;

/// A running server. It ends when its standard input closes, so also where a test was killed.
pub struct Peer {
    child: Child,
    /// `http://127.0.0.1:port`.
    pub origin: String,
    /// The same with the path of the issuer, which is usually empty.
    pub issuer: String,
    /// The secret of its confidential clients.
    pub secret: String,
}

#[derive(Deserialize)]
struct Ready {
    origin: String,
    issuer: String,
    secret: String,
}

/// What the server wrote down.
#[derive(Debug, Deserialize)]
pub struct Journal {
    /// Requests to the token endpoint.
    pub calls: Vec<Call>,
    /// Everything it gave out, in order.
    pub issued: Vec<Issued>,
    /// Requests to start on another device.
    pub devices: Vec<Asked>,
    /// PKCE verifiers that were shown to it.
    pub verifiers: Vec<String>,
}

/// A request to the token endpoint.
#[derive(Debug, Deserialize)]
pub struct Call {
    /// Its `grant_type`.
    pub grant: Option<String>,
    /// The error word of the answer.
    pub error: Option<String>,
    /// Why, in the server's own words; it tells nobody but this journal.
    pub detail: Option<String>,
}

/// Something that was given out.
#[derive(Debug, Deserialize)]
pub struct Issued {
    /// `access_token`, `refresh_token`, `authorization_code`, `client_credentials` or `device_code`.
    pub kind: String,
    /// The thing itself.
    pub value: String,
}

/// A request to start on another device.
#[derive(Debug, Deserialize)]
pub struct Asked {
    /// The scopes asked for.
    pub scope: Option<String>,
    /// Whom the token is to be for.
    pub audience: Option<String>,
    /// A parameter that only this server knows.
    pub club: Option<String>,
}

impl Journal {
    /// Values of a kind in the order in which they were given out.
    pub fn of_kind(&self, kind: &str) -> Vec<&str> {
        let all = self.issued.iter().filter(|one| one.kind == kind);
        all.map(|one| one.value.as_str()).collect()
    }

    /// The last value of a kind.
    pub fn newest(&self, kind: &str) -> &str {
        self.of_kind(kind).last().expect("one was given out")
    }

    /// Requests for tokens of a grant.
    pub fn asked_with(&self, grant: &str) -> usize {
        let all = self.calls.iter();
        all.filter(|one| one.grant.as_deref() == Some(grant))
            .count()
    }

    /// Requests for tokens that were refused.
    pub fn refusals(&self) -> Vec<&Call> {
        let all = self.calls.iter();
        all.filter(|one| one.error.is_some()).collect()
    }
}

impl Peer {
    /// Tokens live for an hour, which no test waits for.
    pub fn start() -> Self {
        Self::run(3_600, "")
    }

    /// The issuer has a path.
    pub fn at_path(path: &str) -> Self {
        Self::run(3_600, path)
    }

    /// Access tokens live for so many seconds.
    pub fn with_life(seconds: u32) -> Self {
        Self::run(seconds, "")
    }

    fn run(seconds: u32, path: &str) -> Self {
        let folder = folder();
        assert!(
            folder.join("node_modules/oidc-provider").is_dir(),
            "the authorization server of these tests is not installed: run `make test`, which installs it"
        );
        let mut child = Command::new("node")
            .arg(folder.join("server.mjs"))
            .arg(format!("--access-token-seconds={seconds}"))
            .arg(format!("--path={path}"))
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("node runs: run `make test`, which says where it comes from");
        let mut stderr = child.stderr.take().expect("it is a pipe");
        // Read to its end, so that the server never waits for a full pipe.
        let complaints = std::thread::spawn(move || {
            let mut text = String::new();
            let _cut_off = stderr.read_to_string(&mut text);
            text
        });
        let mut line = String::new();
        let stdout = child.stdout.take().expect("it is a pipe");
        let _cut_off = BufReader::new(stdout).read_line(&mut line);
        let Ok(ready) = serde_json::from_str::<Ready>(&line) else {
            drop(child.stdin.take());
            let _ended = child.wait();
            panic!(
                "the authorization server did not start: {}",
                complaints.join().unwrap_or_default()
            );
        };
        Self {
            child,
            origin: ready.origin,
            issuer: ready.issuer,
            secret: ready.secret,
        }
    }

    /// Everything so far.
    pub async fn journal(&self) -> Journal {
        let answer = client().get(format!("{}/journal", self.origin)).send();
        answer.await.unwrap().json().await.unwrap()
    }

    /// The federation takes back whatever people have agreed to.
    pub async fn withdraw(&self) {
        let answer = client().post(format!("{}/withdraw", self.origin)).send();
        assert_eq!(answer.await.unwrap().status(), 200, "it is withdrawn");
    }

    /// What the protected resource says to somebody who shows this token, past the product.
    pub async fn resource_says(&self, token: &str) -> u16 {
        let request = client().get(format!("{}/api/v1/me", self.origin));
        let answer = request.bearer_auth(token).send().await.unwrap();
        answer.status().as_u16()
    }

    /// A request to the token endpoint past the product: its status and its error word.
    pub async fn ask_token(&self, pairs: &[(&str, &str)]) -> (u16, Option<String>) {
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        let request = client()
            .post(format!("{}/token", self.issuer))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form);
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let body: Value = answer.json().await.unwrap();
        (status, body["error"].as_str().map(str::to_owned))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ended = self.child.wait();
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("authorization-server")
}
