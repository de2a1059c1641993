//! The pages people see: sign in and allow, type a device's code, read that it is done. Plain HTML
//! with plain forms and no script.

use std::fmt::Write;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use super::client::Client;
use super::scopes::Scopes;
use super::{AUTHORIZE_PATH, VERIFY_PATH};
use crate::credentials::PracticeCredentials;
use crate::page::escape;

/// The form that signs in and decides at once.
pub(crate) struct SignIn<'a> {
    pub(crate) client: Client,
    pub(crate) scopes: Scopes,
    /// The one-time id of the page.
    pub(crate) page: &'a str,
    /// The code a device shows, if the page is about one.
    pub(crate) user_code: Option<&'a str>,
    /// What CSP calls the place the answer leads to.
    pub(crate) target: &'a str,
    /// The last attempt had the wrong user name or password.
    pub(crate) was_wrong: bool,
}

impl SignIn<'_> {
    pub(crate) fn show(&self, credentials: &PracticeCredentials) -> Response {
        let wrong = if self.was_wrong {
            "<p class=\"lead\" role=\"alert\">The user name or the password is wrong.</p>\n"
        } else {
            ""
        };
        let code = self.user_code.map_or_else(String::new, |code| {
            format!(
                "<p class=\"lead\">The device shows <code>{}</code>. Go on only if yours does.</p>\n",
                escape(code)
            )
        });
        let action = if self.user_code.is_some() {
            VERIFY_PATH
        } else {
            AUTHORIZE_PATH
        };
        let mut scopes = String::new();
        for name in self.scopes.names() {
            let _ = writeln!(scopes, "<li><code>{name}</code>: {}</li>", meaning(name));
        }
        let body = format!(
            "<section><h2>Sign in</h2>\n<p class=\"lead\"><strong>{client}</strong> \
             (<code>{id}</code>) asks for:</p>\n<ul>\n{scopes}</ul>\n{code}{wrong}\
             <form method=\"post\" action=\"{action}\">\n\
             <input type=\"hidden\" name=\"request\" value=\"{page}\">\n\
             <p><label for=\"username\">User name</label><br>\n<input id=\"username\" \
             name=\"username\" required autocomplete=\"username\" autocapitalize=\"none\" \
             spellcheck=\"false\"></p>\n\
             <p><label for=\"password\">Password</label><br>\n<input id=\"password\" \
             name=\"password\" type=\"password\" required autocomplete=\"current-password\"></p>\n\
             <p class=\"below\"><button name=\"decision\" value=\"allow\">Allow</button>\n\
             <button name=\"decision\" value=\"deny\" formnovalidate>Deny</button></p>\n</form>\n\
             <p>User name and password stand on the <a href=\"/practice\">practice page</a>.</p>\n\
             </section>\n",
            client = self.client.name(),
            id = escape(self.client.id(credentials)),
            page = escape(self.page),
        );
        page(StatusCode::OK, &body, self.target)
    }
}

/// The form that asks for the code a device shows.
pub(crate) fn ask_for_code(was_wrong: bool) -> Response {
    let wrong = if was_wrong {
        "<p class=\"lead\" role=\"alert\">No device waits under this code. It may have run out.</p>\n"
    } else {
        ""
    };
    let body = format!(
        "<section><h2>Sign a device in</h2>\n{wrong}<form method=\"get\" action=\"{VERIFY_PATH}\">\n\
         <p><label for=\"user_code\">Code the device shows</label><br>\n<input id=\"user_code\" \
         name=\"user_code\" required autocomplete=\"off\" autocapitalize=\"characters\" \
         spellcheck=\"false\" placeholder=\"BCDF-GHJK\"></p>\n\
         <p class=\"below\"><button>Continue</button></p>\n</form></section>\n"
    );
    page(StatusCode::OK, &body, "")
}

/// A page that only says something.
pub(crate) fn say(status: StatusCode, title: &str, sentence: &str) -> Response {
    let body = format!(
        "<section><h2>{}</h2>\n<p class=\"lead\">{}</p></section>\n",
        escape(title),
        escape(sentence)
    );
    page(status, &body, "")
}

fn meaning(scope: &str) -> &'static str {
    match scope {
        "members.read" => "read the members of all clubs",
        "clubs.read" => "read the clubs",
        _ => "stay signed in until you say otherwise",
    }
}

/// Hardened as the page at `/practice` is, but for where a form may lead.
fn page(status: StatusCode, body: &str, target: &str) -> Response {
    let html = [
        include_str!("../page_head.html"),
        body,
        "</main></body></html>\n",
    ]
    .concat();
    let policy = format!(
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self' {target}; \
         frame-ancestors 'none'; base-uri 'none'"
    );
    let mut response = (status, Html(html)).into_response();
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    for (name, value) in [
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
