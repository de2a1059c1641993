//! How a sign-in stands, for people: part of what `fedctl connector show` says.

// Writing into a String cannot fail, so the results are ignored.
use std::fmt::Write as _;

use connectors::api::sentences;
use connectors::view::{Grant, Redirect, SignInState, SignInView};

use crate::output::{Output, Paint};
use crate::words;

/// Names and values, in the order of what a person asks first.
pub(super) fn facts(
    output: Output,
    code: &str,
    sign_in: &SignInView,
    now: i64,
) -> Vec<(&'static str, String)> {
    let mut lines = vec![("Signed in", standing(output, code, sign_in, now))];
    if let Some(grant) = sign_in.grant {
        lines.push(("Grant", word_of_grant(grant).to_owned()));
    }
    if !sign_in.scopes.is_empty() {
        lines.push(("Granted", sign_in.scopes.join(", ")));
    }
    if !sign_in.missing_scopes.is_empty() {
        let missing = sign_in.missing_scopes.join(", ");
        lines.push(("Not granted", output.paint(Paint::Yellow, &missing)));
    }
    let register = [
        &sign_in.redirect_uri_loopback,
        &sign_in.redirect_uri_deep_link,
    ];
    let register: Vec<&str> = register.into_iter().flatten().map(String::as_str).collect();
    if !register.is_empty() {
        lines.push(("Redirect URI", register.join("\n")));
    }
    lines
}

fn standing(output: Output, code: &str, sign_in: &SignInView, now: i64) -> String {
    let reason = sign_in.reason.map_or_else(String::new, |finding| {
        format!(": {}", sentences::fact(finding, None).to_lowercase())
    });
    match sign_in.state {
        SignInState::SignedOut if sign_in.needs_person => {
            format!("no{reason} (fedctl login {code})")
        }
        SignInState::SignedOut => format!("no{reason}; a token is fetched when it is needed"),
        SignInState::Waiting => {
            let mut text = match sign_in.waiting_redirect {
                Some(Redirect::DeepLink) => "waiting for the browser and the app's link",
                Some(Redirect::Loopback) => "waiting for the browser",
                None => "waiting for a person",
            }
            .to_owned();
            if let Some(until) = sign_in.waiting_until {
                let _ = write!(text, " until {}", words::moment(until));
            }
            output.paint(Paint::Yellow, &text)
        }
        SignInState::SignedIn => {
            let mut text = match sign_in.since {
                Some(since) => format!("yes, {}", words::ago(since, now)),
                None => "yes".to_owned(),
            };
            if let Some(until) = sign_in.expires_at {
                let _ = write!(text, ", until {}", words::moment(until));
            }
            text.push_str(if sign_in.renews {
                "; it renews by itself"
            } else {
                "; it does not renew"
            });
            text
        }
        SignInState::Ended => {
            output.paint(Paint::Red, &format!("ended{reason} (fedctl login {code})"))
        }
    }
}

fn word_of_grant(grant: Grant) -> &'static str {
    match grant {
        Grant::AuthorizationCode => "a person in the browser",
        Grant::ClientCredentials => "client credentials",
        Grant::DeviceCode => "a person on another device",
        Grant::JwtBearer => "an assertion signed with the private key",
    }
}

#[cfg(test)]
mod tests {
    use connectors::view::Finding;

    use super::*;

    const NOW: i64 = 1_795_433_305_000;

    fn signed_out() -> SignInView {
        SignInView {
            state: SignInState::SignedOut,
            grant: Some(Grant::AuthorizationCode),
            needs_person: true,
            since: None,
            expires_at: None,
            renews: false,
            scopes: Vec::new(),
            missing_scopes: Vec::new(),
            reason: None,
            waiting_until: None,
            waiting_redirect: None,
            redirect_uri_deep_link: None,
            redirect_uri_loopback: None,
        }
    }

    #[test]
    fn each_state_says_what_to_do() {
        let output = Output::new(true, false);
        let cases = [
            (signed_out(), "no (fedctl login ballyduff)"),
            (
                SignInView {
                    reason: Some(Finding::SignInDeclined),
                    ..signed_out()
                },
                "no: declined in the browser (fedctl login ballyduff)",
            ),
            (
                SignInView {
                    needs_person: false,
                    ..signed_out()
                },
                "no; a token is fetched when it is needed",
            ),
            (
                SignInView {
                    state: SignInState::Waiting,
                    waiting_until: Some(NOW),
                    waiting_redirect: Some(Redirect::Loopback),
                    ..signed_out()
                },
                "waiting for the browser until 2026-11-23 11:28 UTC",
            ),
            (
                SignInView {
                    state: SignInState::SignedIn,
                    since: Some(NOW - 120_000),
                    expires_at: Some(NOW),
                    renews: true,
                    ..signed_out()
                },
                "yes, 2 min ago, until 2026-11-23 11:28 UTC; it renews by itself",
            ),
            (
                SignInView {
                    state: SignInState::Ended,
                    reason: Some(Finding::SignInEnded),
                    ..signed_out()
                },
                "ended: the sign-in has ended (fedctl login ballyduff)",
            ),
        ];
        for (sign_in, expected) in cases {
            assert_eq!(
                standing(output, "ballyduff", &sign_in, NOW),
                expected,
                "a person must know how it stands"
            );
        }
    }

    #[test]
    fn what_is_missing_and_what_to_register_have_lines() {
        let sign_in = SignInView {
            missing_scopes: vec!["members.read".to_owned()],
            redirect_uri_loopback: Some("http://127.0.0.1:{port}/oauth/x".to_owned()),
            redirect_uri_deep_link: Some("com.playerarc.connectors:/oauth/x".to_owned()),
            ..signed_out()
        };
        let lines = facts(Output::new(true, false), "x", &sign_in, NOW);
        let value = |wanted: &str| {
            let line = lines.iter().find(|(name, _)| *name == wanted);
            line.map(|(_, value)| value.as_str())
        };
        assert_eq!(value("Not granted"), Some("members.read"), "it is said");
        assert_eq!(
            value("Redirect URI"),
            Some("http://127.0.0.1:{port}/oauth/x\ncom.playerarc.connectors:/oauth/x"),
            "both ways back, a line each"
        );
        assert_eq!(value("Granted"), None, "an empty line says nothing");
    }
}
