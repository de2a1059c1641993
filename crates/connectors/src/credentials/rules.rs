//! Which credentials can be used at all, kind by kind. No sentence here ever contains a value.

use super::{
    ApiKeyCredentials, BasicCredentials, Credentials, IncomingCredentials, MAX_PRIVATE_KEY_BYTES,
    MAX_SECRET_BYTES, OAuth2Credentials, TwoStepCredentials,
};
use crate::error::{FieldError, FieldRule};
use crate::settings::{AuthSettings, ClientAuthentication, Grant};

impl Credentials {
    /// Every broken rule, in the order of the form; empty where the values can be sent as the
    /// settings say.
    pub fn check(&self, auth: &AuthSettings) -> Vec<FieldError> {
        let mut broken = Vec::new();
        if self.kind() != auth.kind {
            broken.push(error(
                "credentials.type",
                FieldRule::NotForKind,
                "these credentials are of another kind than the connector's sign-in",
            ));
            return broken;
        }
        match self {
            Self::ApiKey(keys) => check_keys(keys, auth, &mut broken),
            Self::Basic(login) => check_login(login, &mut broken),
            Self::OAuth2(client) => check_client(client, auth, &mut broken),
            Self::TwoStep(first) => check_first_step(first, &mut broken),
        }
        broken
    }
}

impl IncomingCredentials {
    /// As [`Credentials::check`], with the day of expiry and the webhook secret.
    pub fn check(&self, auth: &AuthSettings) -> Vec<FieldError> {
        let mut broken = self.credentials.check(auth);
        if let Some(day) = &self.expires_on
            && !is_day(day)
        {
            broken.push(error(
                "credentials.expires_on",
                FieldRule::Pattern,
                "must be a day written as YYYY-MM-DD, e.g. 2027-03-31",
            ));
        }
        if let Some(secret) = &self.webhook_secret {
            // EXPOSE: looked at for its length and characters only.
            check_text("credentials.webhook_secret", secret.expose(), &mut broken);
        }
        broken
    }
}

fn check_keys(keys: &ApiKeyCredentials, auth: &AuthSettings, broken: &mut Vec<FieldError>) {
    let secret_headers: Vec<&str> = auth
        .headers
        .iter()
        .filter(|header| header.secret)
        .map(|header| header.name.as_str())
        .collect();
    let given = |name: &str| {
        keys.secrets
            .keys()
            .any(|key| key.eq_ignore_ascii_case(name))
    };
    // One secret header may take its value from `api_key`; with several it would be a guess.
    let key_serves_header = secret_headers.len() == 1 && !given(secret_headers[0]);
    let key_needed = auth.headers.is_empty() || key_serves_header;
    match &keys.api_key {
        // EXPOSE (here and below): looked at for its length and characters only.
        Some(key) => check_text("credentials.api_key", key.expose(), broken),
        None if key_needed => broken.push(required("credentials.api_key")),
        None => {}
    }
    if let Some(key) = &keys.secondary_api_key {
        check_text("credentials.secondary_api_key", key.expose(), broken);
    }
    if !key_needed && (keys.api_key.is_some() || keys.secondary_api_key.is_some()) {
        broken.push(error(
            "credentials.api_key",
            FieldRule::NotForKind,
            "the settings send several headers and none of them takes this key",
        ));
    }
    for name in &secret_headers {
        if !given(name) && !key_serves_header {
            broken.push(required(&format!("credentials.secrets.{name}")));
        }
    }
    for (name, secret) in &keys.secrets {
        let field = format!("credentials.secrets.{name}");
        if secret_headers
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
        {
            check_text(&field, secret.expose(), broken);
        } else {
            // The name came from outside and may itself be a pasted secret: it is not repeated.
            broken.push(error(
                "credentials.secrets",
                FieldRule::Unknown,
                "a value was given for a header that the settings do not send as a secret",
            ));
        }
    }
}

fn check_login(login: &BasicCredentials, broken: &mut Vec<FieldError>) {
    check_text("credentials.username", &login.username, broken);
    if login.username.contains(':') {
        broken.push(error(
            "credentials.username",
            FieldRule::Pattern,
            "must not contain a colon (RFC 7617)",
        ));
    }
    // EXPOSE: looked at for its length and characters only. Outer spaces are a person's choice in
    // a password and survive the encoding; an empty one is what some systems want with a token.
    let password = login.password.expose();
    if password.len() > MAX_SECRET_BYTES {
        broken.push(too_long("credentials.password"));
    } else if password.chars().any(char::is_control) {
        broken.push(control("credentials.password"));
    }
}

fn check_client(client: &OAuth2Credentials, auth: &AuthSettings, broken: &mut Vec<FieldError>) {
    check_text("credentials.client_id", &client.client_id, broken);
    let proves_itself = auth
        .client_authentication
        .is_some_and(|how| how != ClientAuthentication::None);
    match &client.client_secret {
        // EXPOSE (here and below): looked at for its length and characters only.
        Some(secret) => check_text("credentials.client_secret", secret.expose(), broken),
        None if proves_itself => broken.push(required("credentials.client_secret")),
        None => {}
    }
    let signs = auth.grant() == Grant::JwtBearer;
    match &client.private_key {
        Some(_) if !signs => broken.push(error(
            "credentials.private_key",
            FieldRule::NotForKind,
            "only the grant jwt_bearer signs with a private key",
        )),
        // EXPOSE: looked at for its length only; what is in it is read when it is used.
        Some(key) if key.expose().trim().is_empty() => {
            broken.push(required("credentials.private_key"));
        }
        Some(key) if key.expose().len() > MAX_PRIVATE_KEY_BYTES => {
            broken.push(error(
                "credentials.private_key",
                FieldRule::TooLong,
                "is longer than 65,536 bytes; that is no key",
            ));
        }
        None if signs => broken.push(required("credentials.private_key")),
        Some(_) | None => {}
    }
    if let Some(password) = &client.private_key_password
        && password.expose().len() > MAX_SECRET_BYTES
    {
        broken.push(too_long("credentials.private_key_password"));
    }
}

fn check_first_step(first: &TwoStepCredentials, broken: &mut Vec<FieldError>) {
    match (&first.secret, &first.username, &first.password) {
        // EXPOSE (here and below): looked at for its length and characters only.
        (Some(secret), None, None) => check_text("credentials.secret", secret.expose(), broken),
        (None, Some(username), Some(password)) => {
            check_text("credentials.username", username, broken);
            check_text("credentials.password", password.expose(), broken);
        }
        (None, None, None) => broken.push(required("credentials.secret")),
        (None, None, Some(_)) => broken.push(required("credentials.username")),
        (None, Some(_), None) => broken.push(required("credentials.password")),
        (Some(_), _, _) => broken.push(error(
            "credentials.secret",
            FieldRule::Exclusive,
            "give either a secret, or a user name and a password",
        )),
    }
}

fn check_text(field: &str, text: &str, broken: &mut Vec<FieldError>) {
    if text.is_empty() {
        broken.push(required(field));
    } else if text.len() > MAX_SECRET_BYTES {
        broken.push(too_long(field));
    } else if text.chars().any(char::is_control) {
        broken.push(control(field));
    } else if text.trim() != text {
        // Servers drop outer spaces of a header (RFC 9110 §5.5), so the key would be another one.
        broken.push(error(
            field,
            FieldRule::Pattern,
            "starts or ends with a space; copy it again without the space",
        ));
    }
}

/// Whether this is a day of the calendar in exactly the form `YYYY-MM-DD`.
fn is_day(text: &str) -> bool {
    let form = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    form && text.parse::<jiff::civil::Date>().is_ok()
}

fn error(field: &str, rule: FieldRule, message: &str) -> FieldError {
    FieldError {
        field: field.to_owned(),
        rule,
        message: message.to_owned(),
    }
}

fn required(field: &str) -> FieldError {
    error(field, FieldRule::Required, "must not be empty")
}

fn too_long(field: &str) -> FieldError {
    error(field, FieldRule::TooLong, "is longer than 16,384 bytes")
}

fn control(field: &str) -> FieldError {
    error(
        field,
        FieldRule::ControlCharacter,
        "contains a line break or another control character; copy it again without it",
    )
}
