//! The test of a connection: six acts on the network in order, each timed by itself, until one
//! fails. Nothing is stored here and nothing is tried twice, except a second key or a renewed token
//! after a 401.

use std::sync::Arc;

use reqwest::Method;
use rustls::ClientConfig;
use tokio_util::sync::CancellationToken;
use url::Url;
use uuid::Uuid;

use crate::api::address::{is_loopback, may_send, resolve};
use crate::api::answer::{FirstEntry, ListFacts, read_list};
use crate::api::authenticate::{
    Authentication, KeyChoice, authentication, authentication_with, bearer, has_secondary,
};
use crate::api::call::{Concerns, recorded};
use crate::api::client::{HttpClient, TimeLimits, load_trust};
use crate::api::connect::{self, Addresses, TlsFacts, port_of};
use crate::api::ledger::{Attempt, Working};
use crate::api::paging::address::ListAddress;
use crate::api::records::{Reading, is_web_page};
use crate::api::send::{Answer, Request, SendFailure, finding_of, send};
use crate::api::sentences::{self, Context};
use crate::api::surroundings::{Proxy, Surroundings};
use crate::api::token_source::TokenSource;
use crate::api::walk::{Failure, STEP_COUNT, Walk};
use crate::clock::UtcMillis;
use crate::credentials::Credentials;
use crate::failure::Finding;
use crate::settings::{AuthKind, ConnectorSettings};
use crate::view::{TestReportView, TestStepView};

/// Most bytes of an answer that a test reads.
const MAX_BODY: usize = 8 * 1024 * 1024;

/// The books of a saved connector: a test waits its turn in the minute and is part of the log, as every request.
pub trait TestBooks: Send + Sync {
    /// Waits until a request may be sent; seconds until then where that is too long.
    fn turn(&self) -> Working<'_, Result<(), Option<u64>>>;

    /// Records an attempt. When it was sent is the books' own to say.
    fn note(&self, attempt: Attempt);
}

/// What is tested.
#[derive(Clone, Copy)]
pub struct TestPlan<'a> {
    /// The settings, saved or not.
    pub settings: &'a ConnectorSettings,
    /// The credentials, saved or not.
    pub credentials: Option<&'a Credentials>,
    /// A club's id at the federation, for `{federation_org_id}`.
    pub organisation: Option<&'a str>,
    /// Credentials are stored and were given for other hosts than these: they are not sent.
    pub withheld: bool,
    /// Where tokens come from, for the kinds that use them; none where nobody has signed in.
    pub tokens: Option<&'a dyn TokenSource>,
    /// Where requests are counted; none for what is not saved yet.
    pub books: Option<&'a dyn TestBooks>,
    /// The time of day at the start.
    pub started_at: UtcMillis,
}

/// Tests from this computer. `on_step` is called once for each of the six steps, in order, as
/// soon as it is known; steps that were not tried follow the one that failed.
pub async fn run(
    plan: TestPlan<'_>,
    cancel: &CancellationToken,
    on_step: impl FnMut(&TestStepView) + Send,
) -> TestReportView {
    run_in(&Surroundings::of_this_computer(), plan, cancel, on_step).await
}

/// As [`run`], with a given name service and way out.
pub async fn run_in(
    surroundings: &Surroundings,
    plan: TestPlan<'_>,
    cancel: &CancellationToken,
    on_step: impl FnMut(&TestStepView) + Send,
) -> TestReportView {
    let mut walk = Walk::new(cancel, on_step);
    let test = Test {
        plan,
        surroundings,
        limits: TimeLimits::new(&plan.settings.limits),
    };
    let outcome = if plan.settings.is_by_file() {
        nothing_to_reach(&mut walk).await
    } else {
        test.through(&mut walk).await
    };
    let steps = walk.finish();
    report(&test, outcome, steps)
}

/// Of a connector whose members come out of files: there is no network on its way.
async fn nothing_to_reach<F: FnMut(&TestStepView) + Send>(
    walk: &mut Walk<'_, F>,
) -> Result<Option<Finding>, Failure> {
    for _ in 0..STEP_COUNT {
        let detail = "Not used: members come out of files".to_owned();
        walk.step(async move { Ok(((), detail)) }).await?;
    }
    Ok(None)
}

/// One test with what all its steps need.
struct Test<'a> {
    plan: TestPlan<'a>,
    surroundings: &'a Surroundings,
    limits: TimeLimits,
}

impl Test<'_> {
    /// The six steps. `Ok` carries what is worth saying though nothing failed.
    async fn through<F: FnMut(&TestStepView) + Send>(
        &self,
        walk: &mut Walk<'_, F>,
    ) -> Result<Option<Finding>, Failure> {
        let (way, addresses) = walk.step(self.look_up()).await?;
        let stream = walk.step(self.connect(&way, &addresses)).await?;
        // Reading the system's certificates is work of the disk, not of the network: not in the time
        // of the step, which fails where they cannot be used.
        let trust = load_trust(self.plan.settings).await;
        let trust = walk.step(self.encrypt(&way, stream, trust)).await?;
        let (client, authentication) = walk.step(self.authenticate(&trust)).await?;
        walk.step(self.list(&client, &authentication)).await?;
        walk.step(self.record(&client, &authentication)).await
    }

    async fn look_up(&self) -> Result<((Way, Addresses), String), Failure> {
        let base = self.address("")?;
        let proxy = self
            .surroundings
            .proxy_for(&self.plan.settings.network, &base)?;
        let way = Way { base, proxy };
        let lookup = self.surroundings.lookup();
        let found = connect::look_up(lookup.as_ref(), way.next(), self.limits.connect).await;
        let addresses = found.map_err(|finding| self.on_the_way(finding, &way))?;
        let host = way.next_host();
        let who = way.proxy.as_ref().map_or("", |_| "The proxy ");
        let detail = match addresses.found.len() {
            _ if addresses.literal => format!("{who}{host} is an address already"),
            1 => format!("{who}{host} has 1 address"),
            count => format!("{who}{host} has {count} addresses"),
        };
        Ok(((way, addresses), detail))
    }

    async fn connect(
        &self,
        way: &Way,
        addresses: &Addresses,
    ) -> Result<(tokio::net::TcpStream, String), Failure> {
        let port = port_of(way.next())?;
        let stream = connect::connect(&addresses.found, port, self.limits.connect)
            .await
            .map_err(|finding| self.on_the_way(finding, way))?;
        let detail = match way.proxy {
            Some(_) => format!("Port {port} of the proxy answers"),
            None => format!("Port {port} answers"),
        };
        Ok((stream, detail))
    }

    async fn encrypt(
        &self,
        way: &Way,
        stream: tokio::net::TcpStream,
        trust: Result<Arc<ClientConfig>, Finding>,
    ) -> Result<(Arc<ClientConfig>, String), Failure> {
        let trust = trust?;
        if way.base.scheme() == "http" {
            return Ok((trust, "Not used: this computer only".to_owned()));
        }
        let stream = match &way.proxy {
            Some(proxy) => connect::tunnel(stream, &way.base, proxy, self.limits.connect)
                .await
                .map_err(|finding| self.on_the_way(finding, way))?,
            None => stream,
        };
        let facts = connect::handshake(stream, &way.base, &trust, self.limits.connect).await?;
        Ok((trust, tls_detail(facts)))
    }

    async fn authenticate(
        &self,
        trust: &Arc<ClientConfig>,
    ) -> Result<((HttpClient, Authentication), String), Failure> {
        let TestPlan {
            settings,
            credentials,
            withheld,
            ..
        } = self.plan;
        if withheld {
            return Err(Finding::CredentialsWithheld.into());
        }
        let mut token = None;
        let mut proof = if settings.auth.kind.uses_tokens() {
            let (proof, id) = self.token(None).await?;
            token = Some(id);
            proof
        } else {
            authentication(&settings.filled_auth(), credentials)?
        };
        let verify = settings.endpoints.verify.as_deref().unwrap_or_default();
        let (url, template) = if verify.trim().is_empty() {
            let list = settings.endpoints.membership_list.as_str();
            (self.list_address(Some(1))?, list)
        } else {
            (self.address(verify)?, verify)
        };
        let place = (&url, template);
        let client = HttpClient::assemble(settings, self.surroundings, trust)?;
        let mut answer = self.ask(&client, place, &proof).await?;
        let mut which = "";
        if answer.status == 401 && has_secondary(credentials) {
            proof =
                authentication_with(&settings.filled_auth(), credentials, KeyChoice::Secondary)?;
            answer = self.ask(&client, place, &proof).await?;
            which = "; the second key was used";
        }
        if answer.status == 401 && token.is_some() {
            // The federation may have withdrawn it before its end: one renewal, and no second.
            proof = self.token(token).await?.0;
            answer = self.ask(&client, place, &proof).await?;
            which = "; the token was renewed";
        }
        judge(&answer, &url)?;
        // A sign-in page with status 200 accepts nobody's key.
        let format = settings.records.format;
        if is_web_page(format, answer.content_type.as_deref(), &answer.body) {
            return Err(at_answer(Finding::HtmlInsteadOfJson, &answer, &url));
        }
        let what = match settings.auth.kind {
            AuthKind::None => "Answered without credentials",
            AuthKind::ApiKey | AuthKind::Basic | AuthKind::OAuth2 | AuthKind::TwoStep => "Accepted",
        };
        let detail = format!("{what} (status {}){which}", answer.status);
        Ok(((client, proof), detail))
    }

    async fn token(&self, refused: Option<Uuid>) -> Result<(Authentication, Uuid), Failure> {
        let source = self.plan.tokens.ok_or(Finding::SignInNeeded)?;
        let token = source.token(refused).await.map_err(|refusal| Failure {
            finding: Some(refusal.finding),
            status: refusal.status,
            retry_after: refusal.retry_after,
            host: refusal.host,
        })?;
        Ok((bearer(&token.access_token)?, token.id))
    }

    async fn list(
        &self,
        client: &HttpClient,
        proof: &Authentication,
    ) -> Result<((), String), Failure> {
        let list = self.read(client, proof, None).await?;
        let detail = match list.entries {
            1 => "A list with 1 entry".to_owned(),
            count => format!("A list with {count} entries"),
        };
        Ok(((), detail))
    }

    async fn record(
        &self,
        client: &HttpClient,
        proof: &Authentication,
    ) -> Result<(Option<Finding>, String), Failure> {
        match self.read(client, proof, Some(1)).await?.first {
            None => Ok((
                Some(Finding::EmptyList),
                "The list is empty, there is no record to read".to_owned(),
            )),
            Some(FirstEntry::Record { fields: 1 }) => {
                Ok((None, "One record with 1 field".to_owned()))
            }
            Some(FirstEntry::Record { fields }) => {
                Ok((None, format!("One record with {fields} fields")))
            }
            Some(FirstEntry::Other) => Err(Finding::RecordNotObject.into()),
        }
    }

    async fn read(
        &self,
        client: &HttpClient,
        proof: &Authentication,
        size: Option<u32>,
    ) -> Result<ListFacts, Failure> {
        let url = self.list_address(size)?;
        let template = &self.plan.settings.endpoints.membership_list;
        let answer = self.ask(client, (&url, template), proof).await?;
        judge(&answer, &url)?;
        let reading = Reading::of(self.plan.settings);
        read_list(&reading, answer.content_type.as_deref(), &answer.body)
            .map_err(|finding| at_answer(finding, &answer, &url))
    }

    async fn ask(
        &self,
        client: &HttpClient,
        (url, template): (&Url, &str),
        authentication: &Authentication,
    ) -> Result<Answer, Failure> {
        let request = Request {
            method: Method::GET,
            url,
            authentication,
            body: None,
            read_errors: false,
            accept: Reading::of(self.plan.settings).accept(),
            max_body: MAX_BODY,
            now: self.plan.started_at,
        };
        if let Some(books) = self.plan.books {
            books.turn().await.map_err(|retry_after| Failure {
                retry_after,
                ..Finding::RateLimited.into()
            })?;
        }
        let outcome = send(client, request).await;
        if let Some(books) = self.plan.books {
            books.note(attempt_of(template, &outcome));
        }
        outcome.map_err(|failure| Failure {
            host: url.host_str().map(str::to_owned),
            ..failure.into()
        })
    }

    fn list_address(&self, size: Option<u32>) -> Result<Url, Finding> {
        let settings = self.plan.settings;
        let url = ListAddress::of(settings, self.plan.organisation).first(size)?;
        may_send(&url, settings.allow_http_loopback)?;
        Ok(url)
    }

    fn address(&self, path: &str) -> Result<Url, Finding> {
        let settings = self.plan.settings;
        let mut values = settings.variables();
        if let Some(organisation) = self.plan.organisation {
            values.push(("federation_org_id", organisation));
        }
        let url = resolve(&settings.endpoints.base, path, &values)?;
        may_send(&url, settings.allow_http_loopback)?;
        Ok(url)
    }

    /// A failure before the first byte of ours: it may be this computer's own, or the proxy's.
    fn on_the_way(&self, finding: Finding, way: &Way) -> Failure {
        Failure {
            host: Some(way.next_host().to_owned()),
            ..self
                .surroundings
                .settle(finding, is_loopback(way.next()))
                .into()
        }
    }
}

/// Where a connection goes.
struct Way {
    base: Url,
    proxy: Option<Proxy>,
}

impl Way {
    /// The first hop: the proxy where there is one.
    fn next(&self) -> &Url {
        self.proxy.as_ref().map_or(&self.base, |proxy| &proxy.url)
    }

    fn next_host(&self) -> &str {
        self.next().host_str().unwrap_or_default()
    }
}

/// What the log keeps of an attempt.
fn attempt_of(template: &str, outcome: &Result<Answer, SendFailure>) -> Attempt {
    let (status, finding, ms, bytes) = match outcome {
        Ok(answer) => (
            Some(answer.status),
            finding_of(answer),
            answer.ms,
            answer.body.len(),
        ),
        Err(failure) => (failure.status, Some(failure.finding), failure.ms, 0),
    };
    Attempt {
        endpoint: recorded(template),
        method: Method::GET.as_str().to_owned(),
        status,
        finding,
        ms,
        bytes: u64::try_from(bytes).unwrap_or(u64::MAX),
        number: 1,
        aside: finding.is_some_and(|finding| Concerns::of(template).stands_aside(finding)),
        ..Attempt::default()
    }
}

fn judge(answer: &Answer, url: &Url) -> Result<(), Failure> {
    match finding_of(answer) {
        Some(finding) => Err(at_answer(finding, answer, url)),
        None => Ok(()),
    }
}

fn at_answer(finding: Finding, answer: &Answer, url: &Url) -> Failure {
    Failure {
        finding: Some(finding),
        status: Some(answer.status),
        retry_after: answer.retry_after,
        host: url.host_str().map(str::to_owned),
    }
}

fn tls_detail(facts: TlsFacts) -> String {
    let day = facts
        .valid_until
        .and_then(|moment| jiff::Timestamp::from_millisecond(moment.0).ok())
        .map(|moment| moment.strftime("%-d %B %Y").to_string());
    match day {
        Some(day) => format!("TLS {}, certificate valid until {day}", facts.version),
        None => format!("TLS {}", facts.version),
    }
}

fn report(
    test: &Test<'_>,
    outcome: Result<Option<Finding>, Failure>,
    steps: Vec<TestStepView>,
) -> TestReportView {
    let settings = test.plan.settings;
    let base_host = test
        .address("")
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_default();
    let ok = outcome.is_ok();
    let failure = match outcome {
        Ok(finding) => Failure {
            finding,
            ..Failure::default()
        },
        Err(failure) => failure,
    };
    let context = Context {
        name: &settings.name,
        host: failure.host.as_deref().unwrap_or(&base_host),
        status: failure.status,
        auth: settings.auth.kind,
        retry_after: failure.retry_after,
    };
    let words = match failure.finding {
        Some(finding) => sentences::describe(finding, &context),
        None => sentences::success(&context),
    };
    TestReportView {
        ok,
        class: failure.finding.and_then(Finding::class),
        finding: failure.finding,
        status: failure.status,
        retry_after_seconds: failure.retry_after,
        title: words.title,
        fix: words.fix,
        host: base_host,
        started_at: test.plan.started_at.0,
        steps,
    }
}
