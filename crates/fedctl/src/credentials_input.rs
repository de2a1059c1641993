//! Credentials on their way in: JSON on standard input, or questions on a terminal. A mistake is
//! told by its place and by our own words, never by what was given.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal};
use std::path::Path;

use connectors::error::{Error, FieldRule};
use connectors::view::{AuthKind, AuthSettings, CredentialsRequest, Grant};
use serde::de::IgnoredAny;
use serde_json::error::Category;

use crate::failure::Failure;
use crate::secret_input;

/// Largest JSON that is read.
const LIMIT: usize = 1024 * 1024;
/// The words of `type`.
const TYPES: [&str; 4] = ["api_key", "basic", "oauth2", "two_step"];

/// Credentials for a connector that proves itself by `auth`.
pub(crate) async fn credentials_for(auth: &AuthSettings) -> Result<CredentialsRequest, Failure> {
    if io::stdin().is_terminal() {
        return ask(auth).await;
    }
    let bytes = secret_input::read_input(Path::new("-"), LIMIT, "credentials").await?;
    Ok(parse(&bytes)?)
}

/// Reads the JSON of `credentials set`.
fn parse(bytes: &[u8]) -> Result<CredentialsRequest, Error> {
    // Windows shells put a byte order mark before what they pipe.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(invalid(
            "nothing came on standard input; give JSON such as {\"type\": \"api_key\", \
             \"api_key\": \"…\"}",
        ));
    }
    serde_json::from_slice(bytes).map_err(|error| invalid(explain(bytes, &error)))
}

fn invalid(message: impl Into<String>) -> Error {
    Error::field("credentials", FieldRule::Pattern, message)
}

/// What is wrong, in words that hold nothing of the input.
fn explain(bytes: &[u8], error: &serde_json::Error) -> String {
    if let Err(syntax) = serde_json::from_slice::<IgnoredAny>(bytes) {
        let what = match syntax.classify() {
            Category::Eof => "the JSON ends too early",
            _ => "this is not JSON",
        };
        return format!(
            "{what} (line {}, column {})",
            syntax.line(),
            syntax.column()
        );
    }
    match serde_json::from_slice::<Outline>(bytes) {
        Err(_) => {
            "an object is expected, such as {\"type\": \"api_key\", \"api_key\": \"…\"}".into()
        }
        Ok(Outline { kind: None }) => format!("`type` is missing: {}", TYPES.join(", ")),
        Ok(Outline { kind: Some(kind) }) => match kind.as_str() {
            Some(kind) if TYPES.contains(&kind) => explain_fields(error),
            _ => format!("`type` is not known; it is one of {}", TYPES.join(", ")),
        },
    }
}

/// The one field that may be looked at.
#[derive(serde::Deserialize)]
struct Outline {
    #[serde(rename = "type")]
    kind: Option<serde_json::Value>,
}

/// serde names missing and repeated fields by our own words and unknown ones by the input's.
fn explain_fields(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let ours = |start: &str| {
        let name = message.strip_prefix(start)?.split('`').next()?;
        Some(name.to_owned())
    };
    if let Some(name) = ours("missing field `") {
        return format!("`{name}` is missing");
    }
    if let Some(name) = ours("duplicate field `") {
        return format!("`{name}` is given twice");
    }
    if message.starts_with("unknown field") {
        let allowed = message
            .rsplit_once("expected ")
            .map_or("", |(_, allowed)| allowed);
        return format!("there is a field that is not known; expected {allowed}");
    }
    "a field has a value of the wrong kind; texts stand in double quotes".into()
}

/// Asks for what the kind of authentication needs.
async fn ask(auth: &AuthSettings) -> Result<CredentialsRequest, Failure> {
    secret_input::require_person("give the credentials as JSON on standard input")?;
    match auth.kind {
        AuthKind::ApiKey => ask_keys(auth).await,
        AuthKind::Basic => Ok(CredentialsRequest::Basic {
            username: secret_input::ask_line("User name: ").await?,
            password: secret_input::ask_secret("Password: ").await?,
            expires_on: None,
            webhook_secret: None,
        }),
        AuthKind::OAuth2 => ask_client(auth).await,
        AuthKind::TwoStep => ask_first_step().await,
        AuthKind::None => Err(Failure::usage(
            "this connector needs no credentials (auth.kind is none)",
        )),
    }
}

async fn ask_keys(auth: &AuthSettings) -> Result<CredentialsRequest, Failure> {
    let mut secrets = BTreeMap::new();
    for header in auth.headers.iter().filter(|header| header.secret) {
        let value = secret_input::ask_secret(&format!("{}: ", header.name)).await?;
        secrets.insert(header.name.clone(), value);
    }
    let api_key = if auth.headers.is_empty() {
        Some(secret_input::ask_secret("API key: ").await?)
    } else {
        None
    };
    Ok(CredentialsRequest::ApiKey {
        api_key,
        secondary_api_key: None,
        secrets,
        expires_on: None,
        webhook_secret: None,
    })
}

/// A key of several lines cannot be typed without echo, so that it is read from its file.
async fn ask_client(auth: &AuthSettings) -> Result<CredentialsRequest, Failure> {
    let client_id = secret_input::ask_line("Client id: ").await?;
    let secret = secret_input::ask_secret("Client secret (empty if there is none): ").await?;
    let (private_key, private_key_password) = if auth.grant() == Grant::JwtBearer {
        let file = secret_input::ask_line("File with the private key (PEM or PKCS#12): ").await?;
        let key = secret_input::private_key_from(Path::new(&file)).await?;
        let question = "Password of the PKCS#12 file (empty if there is none): ";
        let password = secret_input::ask_secret(question).await?;
        (Some(key), Some(password).filter(|one| !one.is_empty()))
    } else {
        (None, None)
    };
    Ok(CredentialsRequest::OAuth2 {
        client_id,
        client_secret: Some(secret).filter(|secret| !secret.is_empty()),
        private_key,
        private_key_password,
        expires_on: None,
        webhook_secret: None,
    })
}

async fn ask_first_step() -> Result<CredentialsRequest, Failure> {
    let question = "User name (empty if there is a secret instead): ";
    let username = secret_input::ask_line(question).await?;
    let (secret, username, password) = if username.is_empty() {
        (
            Some(secret_input::ask_secret("Secret: ").await?),
            None,
            None,
        )
    } else {
        let password = secret_input::ask_secret("Password: ").await?;
        (None, Some(username), Some(password))
    };
    Ok(CredentialsRequest::TwoStep {
        secret,
        username,
        password,
        expires_on: None,
        webhook_secret: None,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests stop at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_is_told_without_quoting_the_input() {
        let cases: [(&str, &str); 15] = [
            ("", "nothing came"),
            ("  \n", "nothing came"),
            (
                r#"{"type":"api_key","api_key":"CANARY""#,
                "ends too early (line 1",
            ),
            (
                "{\n\"type\":\"api_key\",\n\"api_key\":CANARY}",
                "not JSON (line 3",
            ),
            (r#""CANARY""#, "an object is expected"),
            (r#"["CANARY"]"#, "`type`"),
            (r#"{"api_key":"CANARY"}"#, "`type` is missing"),
            (r#"{"type":"CANARY"}"#, "`type` is not known"),
            (r#"{"type":["CANARY"]}"#, "`type` is not known"),
            (
                r#"{"type":"basic","username":"CANARY"}"#,
                "`password` is missing",
            ),
            (
                r#"{"type":"oauth2","private_key":"CANARY"}"#,
                "`client_id` is missing",
            ),
            (
                r#"{"type":"oauth2","client_id":"c","private_key_password":["CANARY"]}"#,
                "wrong kind",
            ),
            (
                r#"{"type":"two_step","CANARY":"CANARY"}"#,
                "not known; expected one of `secret`",
            ),
            (
                r#"{"type":"api_key","CANARY":"CANARY"}"#,
                "not known; expected",
            ),
            (
                r#"{"type":"api_key","api_key":{"x":"CANARY"}}"#,
                "wrong kind",
            ),
        ];
        for (input, expected) in cases {
            let message = parse(input.as_bytes()).unwrap_err().to_string();
            assert!(message.contains(expected), "{input} reads: {message}");
            assert!(!message.contains("CANARY"), "{message} quotes the input");
        }
    }

    #[test]
    fn a_byte_order_mark_is_passed_over() {
        let text = "\u{feff}{\"type\":\"api_key\",\"api_key\":\"k\"}";
        assert!(
            parse(text.as_bytes()).is_ok(),
            "PowerShell puts one before what it pipes"
        );
    }
}
