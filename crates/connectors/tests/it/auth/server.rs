//! A small authorization server of the tests' own, with a list of members behind it. By itself it is
//! honest and strict: a code is good once, for its client, its redirect URI and its verifier. A test
//! may script the next answers of a path, byte by byte, and reads afterwards everything that was asked.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustls::ServerConfig;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use url::Url;
use url::form_urlencoded::parse;

use super::link::Link;
use crate::api::server::{Reply, answer};

/// The client that is registered here.
pub(crate) const CLIENT: &str = "club-client";

/// What the server does with one request.
#[derive(Clone)]
pub(crate) enum Act {
    /// What it would do by itself.
    Honest,
    /// Exactly these bytes, or silence.
    Say(Reply),
    /// What it would do by itself, from this moment on.
    Late(Duration),
    /// A head, and then this piece again and again, so often, with a pause between.
    Drip(Vec<u8>, Vec<u8>, u32, Duration),
    /// These bytes, and then a connection that is reset.
    Reset(Vec<u8>),
    /// It acts as it would by itself; only so many bytes of its answer go out before the reset.
    HonestCut(usize),
}

/// One request, taken apart.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) head: String,
    pub(crate) form: BTreeMap<String, String>,
    pub(crate) bytes: Vec<u8>,
}

/// A code and what it is bound to.
struct Given {
    client: String,
    redirect_uri: String,
    challenge: String,
}

/// What may differ from server to server.
#[derive(Clone)]
pub(crate) struct Rules {
    /// Names itself in every answer, and says so (RFC 9207).
    pub(crate) names_itself: bool,
    /// A refresh token is good once.
    pub(crate) rotates: bool,
    /// What a token answer says of the life of a token.
    pub(crate) expires_in: u64,
    /// Redirect URIs that are registered; all where empty.
    pub(crate) registered: Vec<String>,
    /// Another description of itself.
    pub(crate) metadata: Option<Value>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            names_itself: true,
            rotates: true,
            expires_in: 3_600,
            registered: Vec::new(),
            metadata: None,
        }
    }
}

#[derive(Default)]
struct State {
    rules: Rules,
    scripts: HashMap<String, VecDeque<Act>>,
    asked: Vec<Asked>,
    codes: HashMap<String, Given>,
    access: HashSet<String>,
    refresh: HashSet<String>,
    used_refresh: HashSet<String>,
    /// Uses of a refresh token that was replaced already.
    reused: usize,
    secrets: Vec<String>,
    made: u64,
}

pub(crate) struct AuthServer {
    pub(crate) port: u16,
    base: String,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

impl AuthServer {
    pub(crate) async fn start() -> Self {
        Self::listen(None, "127.0.0.1").await
    }

    /// Behind TLS, under a name of this computer.
    pub(crate) async fn start_tls(tls: ServerConfig, host: &str) -> Self {
        Self::listen(Some(TlsAcceptor::from(Arc::new(tls))), host).await
    }

    async fn listen(tls: Option<TlsAcceptor>, host: &str) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let base = format!("{scheme}://{host}:{port}");
        let state = Arc::new(Mutex::new(State::default()));
        let (seen, own) = (Arc::clone(&state), base.clone());
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (seen, own, tls) = (Arc::clone(&seen), own.clone(), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => speak(stream, &own, &seen).await,
                        Some(acceptor) => {
                            if let Ok(stream) = acceptor.accept(stream).await {
                                speak(stream, &own, &seen).await;
                            }
                        }
                    }
                });
            }
        });
        Self {
            port,
            base,
            state,
            task,
        }
    }

    /// Its own address, which is its issuer identifier too.
    pub(crate) fn url(&self) -> String {
        self.base.clone()
    }

    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(crate) fn rules(&self, change: impl FnOnce(&mut Rules)) {
        change(&mut self.state().rules);
    }

    /// What the next requests of a path meet; then it is honest again.
    pub(crate) fn script(&self, path: &str, acts: Vec<Act>) {
        self.state().scripts.insert(path.to_owned(), acts.into());
    }

    /// The next answer of the token endpoint.
    pub(crate) fn next_token(&self, reply: Reply) {
        self.script("/token", vec![Act::Say(reply)]);
    }

    pub(crate) fn asked(&self, path: &str) -> Vec<Asked> {
        let all = &self.state().asked;
        all.iter().filter(|one| one.path == path).cloned().collect()
    }

    /// Whether any request held this text, in its head or its body.
    pub(crate) fn saw(&self, text: &str) -> bool {
        self.state().asked.iter().any(|one| {
            one.head.contains(text) || String::from_utf8_lossy(&one.bytes).contains(text)
        })
    }

    /// Everything that must not stand in any log: codes, verifiers, states, tokens.
    pub(crate) fn secrets(&self) -> Vec<String> {
        self.state().secrets.clone()
    }

    pub(crate) fn reused(&self) -> usize {
        self.state().reused
    }

    /// Makes every access token worthless; refresh tokens stay.
    pub(crate) fn forget_access(&self) {
        self.state().access.clear();
    }

    /// A person says yes: the link that their browser is sent to.
    pub(crate) fn approve(&self, authorization_url: &str) -> Link {
        let mut state = self.state();
        state
            .authorize(&self.base, authorization_url)
            .expect("an honest request for an authorization is granted")
    }

    /// As [`AuthServer::approve`], where the server may refuse.
    pub(crate) fn try_approve(&self, authorization_url: &str) -> Result<Link, String> {
        self.state().authorize(&self.base, authorization_url)
    }
}

impl Drop for AuthServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl State {
    fn make(&mut self, purpose: &str) -> String {
        self.made += 1;
        let mut chance = [0_u8; 16];
        getrandom::fill(&mut chance).unwrap();
        let secret = format!("{purpose}-{}-{}", self.made, URL_SAFE_NO_PAD.encode(chance));
        self.secrets.push(secret.clone());
        secret
    }

    fn authorize(&mut self, own: &str, url: &str) -> Result<Link, String> {
        let url = Url::parse(url).map_err(|error| error.to_string())?;
        let query: HashMap<String, String> = url.query_pairs().into_owned().collect();
        let get = |name: &str| query.get(name).cloned().ok_or(format!("no {name}"));
        if get("response_type")? != "code" || get("code_challenge_method")? != "S256" {
            return Err("only code with S256 is done here".to_owned());
        }
        let redirect_uri = get("redirect_uri")?;
        let rules = self.rules.clone();
        if !rules.registered.is_empty() && !rules.registered.contains(&redirect_uri) {
            return Err("this redirect URI is not registered".to_owned());
        }
        let state = get("state")?;
        self.secrets.push(state.clone());
        let code = self.make("code");
        self.codes.insert(
            code.clone(),
            Given {
                client: get("client_id")?,
                redirect_uri: redirect_uri.clone(),
                challenge: get("code_challenge")?,
            },
        );
        let mut link = Link {
            target: redirect_uri,
            query: vec![("code".to_owned(), code), ("state".to_owned(), state)],
        };
        if rules.names_itself {
            link = link.and("iss", own);
        }
        Ok(link)
    }

    fn tokens(&mut self, with_refresh: bool) -> Value {
        let access = self.make("access");
        self.access.insert(access.clone());
        let mut answer = json!({
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": self.rules.expires_in,
        });
        if with_refresh {
            let refresh = self.make("refresh");
            self.refresh.insert(refresh.clone());
            answer["refresh_token"] = refresh.into();
        }
        answer
    }

    fn token(&mut self, form: &BTreeMap<String, String>) -> (&'static str, Value) {
        let get = |name: &str| form.get(name).cloned().unwrap_or_default();
        let invalid = ("400 Bad Request", json!({ "error": "invalid_grant" }));
        match get("grant_type").as_str() {
            "authorization_code" => {
                let verifier = get("code_verifier");
                self.secrets.push(verifier.clone());
                let Some(given) = self.codes.remove(&get("code")) else {
                    return invalid;
                };
                let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
                if given.client != get("client_id")
                    || given.redirect_uri != get("redirect_uri")
                    || given.challenge != challenge
                {
                    return invalid;
                }
                ("200 OK", self.tokens(true))
            }
            "refresh_token" => {
                let token = get("refresh_token");
                if self.used_refresh.contains(&token) {
                    self.reused += 1;
                    // RFC 9700 §4.14.2: whoever has it, all of them end.
                    self.refresh.clear();
                    return invalid;
                }
                if !self.refresh.contains(&token) {
                    return invalid;
                }
                if self.rules.rotates {
                    self.refresh.remove(&token);
                    self.used_refresh.insert(token);
                }
                ("200 OK", self.tokens(self.rules.rotates))
            }
            _ => (
                "400 Bad Request",
                json!({ "error": "unsupported_grant_type" }),
            ),
        }
    }

    fn metadata(&self, own: &str) -> Value {
        if let Some(other) = &self.rules.metadata {
            return other.clone();
        }
        json!({
            "issuer": own,
            "authorization_endpoint": format!("{own}/authorize"),
            "token_endpoint": format!("{own}/token"),
            "revocation_endpoint": format!("{own}/revoke"),
            "device_authorization_endpoint": format!("{own}/device"),
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": self.rules.names_itself,
        })
    }

    /// What an honest server answers.
    fn honest(&mut self, own: &str, asked: &Asked) -> Reply {
        let json = |status: &str, body: &Value| {
            let headers = "Content-Type: application/json\r\nCache-Control: no-store\r\n";
            answer(status, headers, body.to_string().as_bytes())
        };
        match asked.path.as_str() {
            description if description.contains("/.well-known/") => {
                json("200 OK", &self.metadata(own))
            }
            "/authorize" => {
                let target = asked.head.split(' ').nth(1).unwrap_or_default();
                match self.authorize(own, &format!("{own}{target}")) {
                    Ok(link) => answer("302 Found", &format!("Location: {link}\r\n"), b""),
                    Err(_) => answer("400 Bad Request", "", b"your client is not known here"),
                }
            }
            "/token" => {
                let (status, body) = self.token(&asked.form);
                json(status, &body)
            }
            "/revoke" => answer("200 OK", "", b""),
            "/v1/me" | "/v1/members" => {
                let known = self
                    .access
                    .iter()
                    .any(|token| asked.head.contains(&format!("Bearer {token}\r\n")));
                if known {
                    json("200 OK", &json!({ "data": [{ "id": 1 }] }))
                } else {
                    json("401 Unauthorized", &json!({}))
                }
            }
            _ => answer("404 Not Found", "", b""),
        }
    }
}

/// A connection that can be reset.
trait Carry: AsyncRead + AsyncWrite + Unpin {
    fn cut(&self);
}

impl Carry for TcpStream {
    fn cut(&self) {
        self.set_zero_linger().unwrap();
    }
}

impl Carry for TlsStream<TcpStream> {
    fn cut(&self) {
        self.get_ref().0.set_zero_linger().unwrap();
    }
}

async fn speak<S: Carry>(mut stream: S, own: &str, state: &Mutex<State>) {
    let Some(asked) = read(&mut stream).await else {
        return;
    };
    let act = {
        let mut state = state.lock().unwrap();
        state.asked.push(asked.clone());
        let script = state.scripts.get_mut(&asked.path);
        script.and_then(VecDeque::pop_front).unwrap_or(Act::Honest)
    };
    let honest = || state.lock().unwrap().honest(own, &asked);
    match act {
        Act::Honest => say(stream, honest()).await,
        Act::Say(reply) => say(stream, reply).await,
        Act::Late(pause) => {
            let reply = honest();
            tokio::time::sleep(pause).await;
            say(stream, reply).await;
        }
        Act::Drip(head, piece, times, pause) => {
            let _ = stream.write_all(&head).await;
            for _ in 0..times {
                tokio::time::sleep(pause).await;
                if stream.write_all(&piece).await.is_err() {
                    return;
                }
            }
        }
        Act::Reset(bytes) => reset(stream, &bytes).await,
        Act::HonestCut(kept) => {
            let Reply::Bytes(bytes) = honest() else {
                return;
            };
            reset(stream, &bytes[..kept.min(bytes.len())]).await;
        }
    }
}

async fn say<S: Carry>(mut stream: S, reply: Reply) {
    match reply {
        Reply::Bytes(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Reply::Silence => std::future::pending().await,
    }
}

/// A reset discards what the other side has not read yet, so it gets a moment to read.
async fn reset<S: Carry>(mut stream: S, bytes: &[u8]) {
    let _ = stream.write_all(bytes).await;
    let _ = stream.flush().await;
    if !bytes.is_empty() {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    stream.cut();
}

async fn read<S: Carry>(stream: &mut S) -> Option<Asked> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).unwrap();
    let length = head
        .lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(0, |(_, value)| value.parse::<usize>().unwrap());
    let mut bytes = vec![0; length];
    stream.read_exact(&mut bytes).await.ok()?;
    let target = head.split(' ').nth(1)?;
    let path = target.split('?').next()?.to_owned();
    Some(Asked {
        path,
        form: parse(&bytes).into_owned().collect(),
        head,
        bytes,
    })
}
