//! Every finding reads differently, and none reads like a program.

use std::collections::BTreeSet;

use connectors::api::sentences::{Context, describe, fact, success};
use connectors::failure::Finding;
use connectors::settings::AuthKind;

/// A list of all findings, and a `match` that fails to compile when one is missing in it.
macro_rules! findings {
    ($($name:ident)*) => {
        fn all() -> Vec<Finding> {
            let all = vec![$(Finding::$name),*];
            for finding in &all {
                match finding {
                    $(Finding::$name)|* => {}
                }
            }
            all
        }
    };
}

findings! {
    DnsNotFound DnsTimeout Offline ConnectionRefused
    ConnectTimeout Unreachable TlsExpired TlsWrongHost
    TlsUntrusted TlsFailed CredentialsMissing CredentialsWithheld
    SignInNeeded SignInDeclined SignInExpired SignInMismatch
    SignInInterrupted SignInRefused SignInEnded AuthorizationRefused
    AuthorizationFailed ClientRefused ScopeRefused ScopeTooNarrow
    TokenUnusable IssuerMismatch PkceUnsupported RedirectPortTaken
    PrivateKeyUnusable Unauthorised Forbidden NotFound
    RateLimited ServerError RequestRefused RedirectedElsewhere
    AnswerTimeout ConnectionCut HtmlInsteadOfJson NotJson
    NoListAtPath RecordNotObject AnswerTooLarge EmptyList
    OrganisationNeeded SettingUnusable Cancelled Internal
}

fn context() -> Context<'static> {
    Context {
        name: "Hello Club",
        host: "api.helloclub.example",
        status: Some(418),
        auth: AuthKind::ApiKey,
        retry_after: None,
    }
}

#[test]
fn a08_every_finding_reads_differently() {
    let mut titles = BTreeSet::from([success(&context()).title]);
    let mut fixes = BTreeSet::from([success(&context()).fix]);
    let mut facts = BTreeSet::new();
    for finding in all() {
        let words = describe(finding, &context());
        assert!(
            titles.insert(words.title.clone()),
            "{finding:?}: title of its own"
        );
        assert!(
            fixes.insert(words.fix.clone()),
            "{finding:?}: way out of its own"
        );
        assert!(
            facts.insert(fact(finding, None)),
            "{finding:?}: fact of its own"
        );
        assert!(
            !words.title.ends_with('.'),
            "{finding:?}: a title has no full stop"
        );
        assert!(words.fix.ends_with('.'), "{finding:?}: whole sentences");
        for text in [&words.title, &words.fix] {
            for bad in ["  ", "!", "please", "oops", "the server", "{", "\n"] {
                assert!(!text.contains(bad), "{finding:?}: {bad:?} in {text:?}");
            }
        }
    }
    assert_eq!(titles.len(), 49, "48 findings and success");
}

#[test]
fn the_system_the_status_and_the_wait_are_named() {
    for (finding, retry_after, expected) in [
        (Finding::Unauthorised, None, "Hello Club refused the key"),
        (Finding::DnsNotFound, None, "api.helloclub.example"),
        (Finding::ServerError, None, "418"),
        (Finding::NotFound, None, "418"),
        (Finding::RequestRefused, None, "418"),
        (Finding::RateLimited, Some(1), "in a second."),
        (Finding::RateLimited, Some(90), "in 90 seconds."),
        (Finding::RateLimited, Some(121), "in 3 minutes."),
        (Finding::RateLimited, Some(7_201), "in 3 hours."),
        (Finding::ServerError, Some(30), "in 30 seconds."),
    ] {
        let words = describe(
            finding,
            &Context {
                retry_after,
                ..context()
            },
        );
        let text = format!("{} {}", words.title, words.fix);
        assert!(
            text.contains(expected),
            "{finding:?}: {expected:?} in {text:?}"
        );
    }
}
