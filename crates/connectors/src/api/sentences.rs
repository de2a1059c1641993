//! What a person reads about a test: what happened, what it means, what to do now. One exhaustive
//! function; no two findings share a sentence. Names of systems and hosts stand in it, values and
//! secrets never do.

use crate::failure::Finding;
use crate::settings::AuthKind;

/// What the sentences speak of.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Name of the connector, as the person calls the federation's system.
    pub name: &'a str,
    /// Host that the failed step talked to.
    pub host: &'a str,
    /// HTTP status, where there was one.
    pub status: Option<u16>,
    /// How the connector proves who it is.
    pub auth: AuthKind,
    /// Seconds until it may be tried again.
    pub retry_after: Option<u64>,
}

/// Title and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentences {
    /// What happened, without a full stop.
    pub title: String,
    /// What it means and what to do now.
    pub fix: String,
}

/// All six steps done and a record read.
pub fn success(context: &Context<'_>) -> Sentences {
    Sentences {
        title: format!("{} answers and a record can be read", context.name),
        fix: "Nothing needs to be done.".to_owned(),
    }
}

/// A finding in words.
#[allow(
    clippy::too_many_lines,
    reason = "one line a finding; cut in two, nobody would see what is missing"
)]
pub fn describe(finding: Finding, context: &Context<'_>) -> Sentences {
    let Context { name, host, .. } = *context;
    let proof = proof(context.auth);
    let status = context.status.unwrap_or_default();
    let (title, fix) = match finding {
        Finding::DnsNotFound => (
            format!("There is no address {host}"),
            "No computer on the internet has this name. Compare it letter by letter with what the \
             federation gave you, and correct the address."
                .to_owned(),
        ),
        Finding::DnsTimeout => (
            format!("The name {host} could not be looked up"),
            "The network here did not say where it is. Wait a minute and test again; if other web \
             sites do not open either, it is the network here."
                .to_owned(),
        ),
        Finding::Offline => (
            "This computer is offline".to_owned(),
            "Nothing counts against the federation until you are back. Check the network cable \
             or the wireless network, then test again."
                .to_owned(),
        ),
        Finding::ConnectionRefused => (
            format!("{host} refuses connections"),
            format!(
                "The computer is there, but nothing listens at this address. Check the port in \
                 the address; if it is right, {name} is not running at the moment."
            ),
        ),
        Finding::ConnectTimeout => (
            format!("{host} could not be reached in time"),
            "A connection was not made within the time limit. Try again in a few minutes; if it \
             stays so, a firewall may be in the way, or a proxy is needed."
                .to_owned(),
        ),
        Finding::Unreachable => (
            format!("There is no way to {host}"),
            "This computer is online, but the network does not lead there. Check the proxy \
             setting and whether a VPN is needed."
                .to_owned(),
        ),
        Finding::TlsExpired => (
            format!("The certificate of {host} is not valid today"),
            format!(
                "It has expired or is not valid yet, so the connection would not be safe. Check \
                 the date of this computer; if it is right, tell the people who run {name}."
            ),
        ),
        Finding::TlsWrongHost => (
            format!("The certificate shown is not for {host}"),
            "Somebody else may be answering at this address. Check the spelling of the address; \
             do not go on if it is right."
                .to_owned(),
        ),
        Finding::TlsUntrusted => (
            format!("Nobody this computer trusts vouches for {host}"),
            "The certificate was not issued by a known authority. If the federation has its own \
             authority, ask for its certificate file and set it under Network."
                .to_owned(),
        ),
        Finding::TlsFailed => (
            format!("No encrypted connection could be made to {host}"),
            "What answers there does not offer a safe connection, so nothing was sent. Check the \
             address; if it is right, tell the federation."
                .to_owned(),
        ),
        Finding::CredentialsMissing => (
            format!("There is no {proof} for {name} yet"),
            format!("The address answers. Enter the {proof} and test again."),
        ),
        Finding::CredentialsWithheld => (
            format!("The {proof} for {name} was given for another address"),
            format!("It was not sent to {host}. If the address is right, enter the {proof} again."),
        ),
        Finding::SignInNeeded => (
            format!("Nobody has signed in to {name} yet"),
            "The address answers. Sign in with the federation, then test again.".to_owned(),
        ),
        Finding::SignInDeclined => (
            "You declined in the browser".to_owned(),
            format!("{name} was told no, so nothing was stored. Sign in again if you meant yes."),
        ),
        Finding::SignInExpired => (
            "Nobody finished the sign-in in time".to_owned(),
            "A sign-in can be finished within ten minutes of its start. Sign in again.".to_owned(),
        ),
        Finding::SignInMismatch => (
            "An answer came that does not belong to this sign-in".to_owned(),
            format!(
                "It was not used and nothing was stored. Sign in again from here, and do not use \
                 an old page of the browser; if it happens again, tell {name}."
            ),
        ),
        Finding::SignInInterrupted => (
            "The sign-in was interrupted".to_owned(),
            format!(
                "The last answer of {name} was lost, and it may be used only once, so it was not \
                 asked again. Sign in again."
            ),
        ),
        Finding::SignInRefused => (
            format!("{name} did not accept the sign-in"),
            "What the browser brought back is no longer valid: it may be used once and for a few \
             minutes. Sign in again."
                .to_owned(),
        ),
        Finding::SignInEnded => (
            format!("The sign-in to {name} has ended"),
            format!(
                "{name} no longer renews it: it was withdrawn, has expired, or was renewed \
                 elsewhere. Sign in again; nothing else was changed."
            ),
        ),
        Finding::AuthorizationRefused => (
            format!("{name} did not start the sign-in"),
            "It answered the browser with an error. Compare the client id, the redirect URI and \
             the scopes with what the federation has registered."
                .to_owned(),
        ),
        Finding::AuthorizationFailed => (
            format!("The sign-in page of {name} has a problem of its own"),
            "It told the browser that it cannot sign anybody in just now. Try again later; your \
             settings are not the cause."
                .to_owned(),
        ),
        Finding::ClientRefused => (
            format!("{name} does not accept the client id or its secret"),
            "With these two the app says which club or office it is, and one of them is wrong, or \
             they are not registered for this way to sign in. Copy both again from the federation."
                .to_owned(),
        ),
        Finding::ScopeRefused => (
            format!("{name} does not know what was asked for"),
            "At least one of the rights asked for (scopes) is unknown there, or not for this \
             account. Ask the federation which ones to enter."
                .to_owned(),
        ),
        Finding::ScopeTooNarrow => (
            format!("The sign-in to {name} does not allow this"),
            "The token was understood and does not include this right (status 403). Add the \
             scope that is missing, or ask for the right, and sign in again."
                .to_owned(),
        ),
        Finding::TokenUnusable => (
            format!("{name} answered the sign-in with nothing usable"),
            format!(
                "What {host} sent is not a token that can be used, so nothing was stored. Check \
                 the address of the token endpoint; if it is right, tell {name}."
            ),
        ),
        Finding::IssuerMismatch => (
            format!("{name} does not describe itself as it is named here"),
            "What it says about its own sign-in is missing, or names another address, so nothing \
             was sent. Compare the issuer letter by letter with what the federation gave you, or \
             ask the federation."
                .to_owned(),
        ),
        Finding::PkceUnsupported => (
            format!("{name} does not protect the sign-in as it must"),
            "A sign-in without it could be stolen on the way, so none was started. Ask the \
             federation to switch on PKCE with S256 for this app."
                .to_owned(),
        ),
        Finding::RedirectPortTaken => (
            "The port for the way back is taken".to_owned(),
            "Another program on this computer listens there. Close it, choose another port, or \
             use the app's own link."
                .to_owned(),
        ),
        Finding::PrivateKeyUnusable => (
            format!("The private key for {name} cannot be used"),
            "It must be an RSA key of at least 2,048 bits, as PEM or as a PKCS#12 file with its \
             password. Enter it again."
                .to_owned(),
        ),
        Finding::Unauthorised if context.auth == AuthKind::OAuth2 => (
            format!("{name} does not accept the sign-in"),
            "A token was sent and refused (status 401), also after it was renewed. Sign in \
             again; if it stays so, ask the federation whether the account may use this address."
                .to_owned(),
        ),
        Finding::Unauthorised => (
            format!("{name} refused the {proof}"),
            format!(
                "It was not accepted (status 401): it may be mistyped, expired or withdrawn. \
                 Copy it again from {name} and test again."
            ),
        ),
        Finding::Forbidden => (
            format!("{name} does not allow this"),
            format!(
                "The {proof} was understood but may not read what was asked for (status 403). \
                 Ask the federation to give it the right to read the membership list."
            ),
        ),
        Finding::NotFound => (
            format!("{name} has nothing at this address"),
            format!(
                "{host} answers, but what was asked for is not there (status {status}). Check \
                 the paths and, where one is in the address, the club's id."
            ),
        ),
        Finding::RateLimited => (
            format!("{name} asks us to wait"),
            match context.retry_after {
                Some(seconds) => format!(
                    "Too many requests were made (status 429). Test again in {}.",
                    duration(seconds)
                ),
                None => "Too many requests were made (status 429). Test again in a few minutes \
                         and lower the number of requests per minute if it happens often."
                    .to_owned(),
            },
        ),
        Finding::ServerError => (
            format!("{name} has a problem of its own"),
            match context.retry_after {
                Some(seconds) => format!(
                    "It answered with an error (status {status}) and asks to be tried again in \
                     {}. Your settings are not the cause.",
                    duration(seconds)
                ),
                None => format!(
                    "It answered with an error (status {status}). Your settings are not the \
                     cause; try again later."
                ),
            },
        ),
        Finding::RequestRefused => (
            format!("{name} did not accept the request"),
            format!(
                "It was understood as wrong (status {status}), so a setting does not fit. Ask \
                 whoever set the connector up to compare the paths, the headers and the paging \
                 with the federation's documentation."
            ),
        ),
        Finding::RedirectedElsewhere => (
            format!("{name} sends us on to another address"),
            "It was not followed, so the credentials went nowhere else. If the system has moved, \
             enter its new address; a sign-in page here means that the address is for people, \
             not for programs."
                .to_owned(),
        ),
        Finding::AnswerTimeout => (
            format!("{name} did not answer in time"),
            "The connection stands, but no complete answer came within the time limit. Try again \
             later, or set a longer time limit."
                .to_owned(),
        ),
        Finding::ConnectionCut => (
            format!("{name} hung up in the middle"),
            "The connection ended before the answer was complete. Try again; if it stays so, \
             tell the people who run the system."
                .to_owned(),
        ),
        Finding::HtmlInsteadOfJson => (
            format!("{name} answered with a web page instead of data"),
            "This is usually a sign-in or an error page. The address is probably that of the web \
             site; enter the address of the API."
                .to_owned(),
        ),
        Finding::NotJson => (
            format!("The answer of {name} cannot be read"),
            "It is not in the format that the connector reads (JSON, unless another one is set), or \
             not all of it came. Check that the address belongs to the API."
                .to_owned(),
        ),
        Finding::NoListAtPath => (
            format!("The answer of {name} has no list where it was expected"),
            "The data came, but the path to the records does not lead to a list. Correct it \
             under Paging; leave it empty where the answer itself is the list."
                .to_owned(),
        ),
        Finding::RecordNotObject => (
            format!("The list of {name} does not hold records"),
            "Its first entry is a plain value, not a record with fields. The path to the records \
             or the address of the list is probably that of another list."
                .to_owned(),
        ),
        Finding::AnswerTooLarge => (
            format!("The answer of {name} is too large"),
            "It was stopped at the size limit. Set a page size under Paging, so that the list \
             comes in parts."
                .to_owned(),
        ),
        Finding::EmptyList => (
            format!("{name} works, and its list is empty"),
            "Everything answers, but there is no member in the list. If there should be some, \
             check the club's id and what the account may see."
                .to_owned(),
        ),
        Finding::OrganisationNeeded => (
            "A club's id is needed for this test".to_owned(),
            format!(
                "The address contains the id that {name} uses for a club. Enter one and test \
                 again."
            ),
        ),
        Finding::SettingUnusable => (
            "A setting of this connector cannot be used".to_owned(),
            "Check the addresses, the proxy and the certificate file: an address starts with \
             https://, a proxy is written http://host:port, and the file must hold certificates \
             in PEM form."
                .to_owned(),
        ),
        Finding::Cancelled => (
            "You stopped it".to_owned(),
            "It says nothing about the connector, and nothing was changed. Start it again when \
             you like."
                .to_owned(),
        ),
        Finding::Internal => (
            "The test itself failed".to_owned(),
            "This is a fault of this app, not of the federation. Send the diagnostics to \
             support."
                .to_owned(),
        ),
    };
    Sentences { title, fix }
}

/// A finding as a short fact for the step that failed.
pub fn fact(finding: Finding, status: Option<u16>) -> String {
    let words = match finding {
        Finding::DnsNotFound => "The name is not known",
        Finding::DnsTimeout => "The name service did not answer",
        Finding::Offline => "No way out of this computer",
        Finding::ConnectionRefused => "Connection refused",
        Finding::ConnectTimeout => "No connection within the time limit",
        Finding::Unreachable => "No route to the host",
        Finding::TlsExpired => "The certificate is not valid today",
        Finding::TlsWrongHost => "The certificate is for another host",
        Finding::TlsUntrusted => "The certificate is not trusted",
        Finding::TlsFailed => "The handshake failed",
        Finding::CredentialsMissing => "No credentials",
        Finding::CredentialsWithheld => "Not sent: given for another address",
        Finding::SignInNeeded => "Not signed in",
        Finding::SignInDeclined => "Declined in the browser",
        Finding::SignInExpired => "Not finished in time",
        Finding::SignInMismatch => "An answer to another sign-in",
        Finding::SignInInterrupted => "Interrupted",
        Finding::SignInRefused => "The sign-in was not accepted",
        Finding::SignInEnded => "The sign-in has ended",
        Finding::AuthorizationRefused => "The sign-in was not started",
        Finding::AuthorizationFailed => "The sign-in page failed",
        Finding::ClientRefused => "The client was not accepted",
        Finding::ScopeRefused => "A scope was not accepted",
        Finding::ScopeTooNarrow => "The token does not allow it",
        Finding::TokenUnusable => "No usable token",
        Finding::IssuerMismatch => "The issuer's description does not fit",
        Finding::PkceUnsupported => "No S256 protection",
        Finding::RedirectPortTaken => "The port is taken",
        Finding::PrivateKeyUnusable => "The private key cannot be used",
        Finding::Unauthorised => "Not accepted",
        Finding::Forbidden => "Not allowed",
        Finding::NotFound => "Nothing there",
        Finding::RateLimited => "Too many requests",
        Finding::ServerError => "The system failed",
        Finding::RequestRefused => "Request refused",
        Finding::RedirectedElsewhere => "Redirected, not followed",
        Finding::AnswerTimeout => "No complete answer within the time limit",
        Finding::ConnectionCut => "The connection was cut",
        Finding::HtmlInsteadOfJson => "A web page instead of data",
        Finding::NotJson => "Not in the expected format",
        Finding::NoListAtPath => "No list at the path",
        Finding::RecordNotObject => "The first entry is not a record",
        Finding::AnswerTooLarge => "Larger than the limit",
        Finding::EmptyList => "The list is empty",
        Finding::OrganisationNeeded => "A club's id is missing",
        Finding::SettingUnusable => "A setting cannot be used",
        Finding::Cancelled => "Stopped",
        Finding::Internal => "Fault of this app",
    };
    match status {
        Some(status) => format!("{words} (status {status})"),
        None => words.to_owned(),
    }
}

fn proof(auth: AuthKind) -> &'static str {
    match auth {
        AuthKind::ApiKey => "key",
        AuthKind::Basic => "user name or password",
        AuthKind::OAuth2 => "sign-in",
        AuthKind::TwoStep => "secret or password",
        AuthKind::None => "request without credentials",
    }
}

/// Seconds up to two minutes, then minutes, then hours, rounded up so that nobody is early.
fn duration(seconds: u64) -> String {
    match seconds {
        0 | 1 => "a second".to_owned(),
        2..=119 => format!("{seconds} seconds"),
        120..=7_199 => format!("{} minutes", seconds.div_ceil(60)),
        _ => format!("{} hours", seconds.div_ceil(3_600)),
    }
}
