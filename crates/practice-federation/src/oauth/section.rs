//! What the page at `/practice` says about OAuth: addresses, clients, what lives, and buttons.

use std::fmt::Write;

use super::client::{Client, GrantType};
use super::{AUTHORIZE_PATH, DEVICE_PATH, REVOKE_PATH, TOKEN_PATH, TWO_STEP_PATH, VERIFY_PATH};
use crate::page::escape;
use crate::state::Shared;

/// Lifetimes with a button of their own, in seconds.
const LIFETIMES: [(u64, &str); 4] = [
    (5, "5 seconds"),
    (60, "A minute"),
    (600, "Ten minutes"),
    (3600, "An hour"),
];

/// The sections, whole.
pub(crate) fn section(shared: &Shared) -> String {
    [
        "<section><h2>OAuth 2.0</h2>\n",
        &addresses(shared),
        "</section>\n<section><h2>OAuth clients</h2>\n",
        &clients(shared),
        "</section>\n<section><h2>Tokens</h2>\n",
        &tokens(shared),
        "</section>\n",
    ]
    .concat()
}

fn addresses(shared: &Shared) -> String {
    let mut html = String::from("<table><tbody>\n");
    for (name, path) in [
        ("Metadata", "/.well-known/oauth-authorization-server"),
        ("Sign in", AUTHORIZE_PATH),
        ("Tokens", TOKEN_PATH),
        ("Revoke a token", REVOKE_PATH),
        ("Sign a device in", DEVICE_PATH),
        ("Page for a device's code", VERIFY_PATH),
        ("Token for a secret, without OAuth", TWO_STEP_PATH),
    ] {
        let _ = writeln!(
            html,
            "<tr><th scope=\"row\">{name}</th><td><code>{}{path}</code></td></tr>",
            shared.origin(),
        );
    }
    let _ = writeln!(
        html,
        "</tbody></table>\n<p>People come back to <code>{}:/oauth/NAME</code> or to any port of \
         this computer (<code>http://127.0.0.1:PORT/</code>, <code>http://[::1]:PORT/</code>).</p>",
        escape(&shared.options.redirect_scheme),
    );
    html
}

fn clients(shared: &Shared) -> String {
    let mut html = String::from(
        "<table><thead><tr><th>Client</th><th>Secret</th><th>Grants</th></tr></thead><tbody>\n",
    );
    for client in Client::ALL {
        let secret = client.secret(&shared.credentials).map_or_else(
            || "None: it is public.".to_owned(),
            |secret| format!("<code>{}</code>", escape(secret)),
        );
        let grants: Vec<String> = GrantType::ALL
            .into_iter()
            .filter(|grant| client.may_use(*grant))
            .map(|grant| format!("<code>{}</code>", grant.text()))
            .collect();
        let _ = writeln!(
            html,
            "<tr><td><code>{}</code></td><td>{secret}</td><td>{}</td></tr>",
            escape(client.id(&shared.credentials)),
            grants.join(", "),
        );
    }
    html.push_str("</tbody></table>\n");
    html
}

fn tokens(shared: &Shared) -> String {
    let report = shared.ledger().report();
    let mut html = format!(
        "<p class=\"lead\">Access tokens that live: {}. Refresh tokens that can be used: {}. \
         New access tokens live {} seconds.</p>\n\
         <p>Token requests: {}. Refreshed: {}. Refresh tokens used twice: {}. Revoked: {}.</p>\n\
         <form method=\"post\" action=\"/practice/oauth/form\">\n",
        report.access_tokens,
        report.refresh_tokens,
        report.access_token_lifetime,
        report.counts.token_requests,
        report.counts.refreshes,
        report.counts.refresh_reuses,
        report.counts.revocations,
    );
    html.push_str(
        "<p><button name=\"expire_access_tokens\" value=\"true\">Expire access tokens now</button> \
         <button name=\"revoke_all_tokens\" value=\"true\">Revoke everything</button></p>\n\
         <p>Lifetime of new access tokens: ",
    );
    for (seconds, name) in LIFETIMES {
        let _ = write!(
            html,
            "<button name=\"access_token_lifetime\" value=\"{seconds}\">{name}</button> "
        );
    }
    html.push_str(
        "</p>\n</form>\n<form method=\"post\" action=\"/practice/on\"><p><button name=\"fault\" \
         value=\"token=narrow-scope\">Narrow the scopes of new tokens</button></p></form>\n",
    );
    html
}
