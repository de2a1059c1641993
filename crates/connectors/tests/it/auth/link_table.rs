//! Good and bad links, with what must come out of each.

use connectors::auth::callback::CallbackError::{
    Malformed, NotAnAnswer, NotOurs, Repeated, TooLong, TooManyParameters,
};
use connectors::auth::callback::{AuthorizationError, CallbackError, Outcome, parse};

const OWN: &str = "com.playerarc.connectors:/oauth/club";

#[test]
fn good_links_are_taken_apart() {
    for (link, code, issuer) in [
        (format!("{OWN}?code=c&state=s"), "c", None),
        (format!("{OWN}?state=s&code=c"), "c", None),
        (format!("{OWN}?&&code=c&&state=s&"), "c", None),
        (format!("{OWN}?code=a%20b+c%2B&state=s"), "a b c+", None),
        (format!("{OWN}?code=%C3%A9&state=s"), "é", None),
        (format!("{OWN}?c%6fde=c&state=s"), "c", None),
        (format!("{OWN}?code=a=b&state=s"), "a=b", None),
        (format!("{OWN}?code=a?b&state=s"), "a?b", None),
        (format!("{OWN}?code=c&state=s&error="), "c", None),
        (format!("{OWN}?code=c&state=s&iss="), "c", None),
        (
            format!("{OWN}?code=c&state=s&session_state=1&scope=a"),
            "c",
            None,
        ),
        (
            format!("{OWN}?code=c&state=s&iss=https%3A%2F%2Fid.example"),
            "c",
            Some("https://id.example"),
        ),
        ("http://127.0.0.1:1/x?code=c&state=s".to_owned(), "c", None),
        (
            "http://127.0.0.1:65535/oauth/a.b_c~d-e?code=c&state=s".to_owned(),
            "c",
            None,
        ),
        (
            "http://[::1]:49152/oauth?code=c&state=s".to_owned(),
            "c",
            None,
        ),
    ] {
        let callback = parse(&link).unwrap_or_else(|error| panic!("{link}: {error}"));
        let Outcome::Code(found) = &callback.outcome else {
            panic!("{link}: not a code");
        };
        assert_eq!(found.expose(), code, "{link}");
        assert_eq!(callback.state.expose(), "s", "{link}");
        assert_eq!(callback.issuer.as_deref(), issuer, "{link}");
        assert_eq!(
            Some(callback.redirect_uri.as_str()),
            link.split('?').next(),
            "{link}"
        );
        assert!(
            !format!("{callback:?}").contains("\"c\""),
            "what it holds is not printed"
        );
    }
}

#[test]
fn bad_links_are_refused_for_the_right_reason() {
    let many = |n: usize| {
        (0..n)
            .map(|n| ["&p", &n.to_string(), "="].concat())
            .collect::<Vec<_>>()
            .concat()
    };
    let cases: Vec<(String, CallbackError)> = vec![
        (
            format!("{OWN}?code=c&state=s&x={}", "y".repeat(8_192)),
            TooLong,
        ),
        (
            format!("{OWN}?code=c&state=s{}", many(31)),
            TooManyParameters,
        ),
        (format!("{OWN}?code=c&state=s&state=s"), Repeated),
        (format!("{OWN}?code=c&state=s&st%61te=s"), Repeated),
        (format!("{OWN}?code=c&state=s&x&x"), Repeated),
        (format!("{OWN}?code=&code=c&state=s"), Repeated),
        (format!("{OWN}?code=c"), NotAnAnswer),
        (format!("{OWN}?code=c&state="), NotAnAnswer),
        (format!("{OWN}?code=c&State=s"), NotAnAnswer),
        (format!("{OWN}?state=s"), NotAnAnswer),
        (format!("{OWN}?code=&state=s"), NotAnAnswer),
        (format!("{OWN}?code=c&error=x&state=s"), NotAnAnswer),
        (format!("{OWN}?"), NotAnAnswer),
        (OWN.to_owned(), NotAnAnswer),
        (format!("{OWN}?code=c&state=s#"), NotOurs),
        (format!("{OWN}#?code=c&state=s"), NotOurs),
        (
            "com.playerarc.connectors://oauth/club?code=c&state=s".to_owned(),
            NotOurs,
        ),
        (
            "com.playerarc.connectors:oauth?code=c&state=s".to_owned(),
            NotOurs,
        ),
        (
            "com.playerarc.connectors:/?code=c&state=s".to_owned(),
            NotOurs,
        ),
        (
            "com.playerarc.connectors:/a/../b?code=c&state=s".to_owned(),
            NotOurs,
        ),
        (
            "com.playerarc.connectors:/a%2fb?code=c&state=s".to_owned(),
            NotOurs,
        ),
        (
            "com.playerarc.connectors:/a/?code=c&state=s".to_owned(),
            NotOurs,
        ),
        ("http://127.0.0.1/x?code=c&state=s".to_owned(), NotOurs),
        ("http://127.0.0.1:0/x?code=c&state=s".to_owned(), NotOurs),
        ("http://127.0.0.1:+80/x?code=c&state=s".to_owned(), NotOurs),
        (
            "http://127.0.0.1:70000/x?code=c&state=s".to_owned(),
            NotOurs,
        ),
        ("http://127.0.0.2:80/x?code=c&state=s".to_owned(), NotOurs),
        ("http://localhost:80/x?code=c&state=s".to_owned(), NotOurs),
        ("http://u@127.0.0.1:80/x?code=c&state=s".to_owned(), NotOurs),
        ("https://127.0.0.1:80/x?code=c&state=s".to_owned(), NotOurs),
        ("?code=c&state=s".to_owned(), NotOurs),
        (String::new(), NotOurs),
        (format!("{OWN}?code=c&state=s&x=%00"), Malformed),
        (format!("{OWN}?code=c&state=s&x=%7f"), Malformed),
        (format!("{OWN}?code=c&state=s&x=%C2%85"), Malformed),
        (format!("{OWN}?code=c&state=s&x=%FF"), Malformed),
        (format!("{OWN}?code=c&state=s&x=%"), Malformed),
        (format!("{OWN}?code=c&state=s&x=%1"), Malformed),
        (format!("{OWN}?code=c&state=s&x=é"), Malformed),
        (format!("{OWN}?code=c d&state=s"), Malformed),
        (format!("{OWN}?code=c&state=s\r\n"), Malformed),
    ];
    for (link, expected) in cases {
        let error = parse(&link).expect_err(&link);
        assert_eq!(error, expected, "{link:.120}");
    }
    assert!(
        parse(&format!("{OWN}?code=c&state=s{}", many(30))).is_ok(),
        "the control: 32 parameters are read"
    );
    let exact = format!("{OWN}?code=c&state=s&x=");
    let filling = "y".repeat(8_192 - exact.len());
    assert!(
        parse(&format!("{exact}{filling}")).is_ok(),
        "the control: 8,192 bytes are read"
    );
}

#[test]
fn the_words_of_an_error_are_told_apart() {
    use AuthorizationError as E;
    for (word, expected) in [
        ("access_denied", E::AccessDenied),
        ("unauthorized_client", E::UnauthorizedClient),
        ("invalid_scope", E::InvalidScope),
        ("server_error", E::ServerError),
        ("temporarily_unavailable", E::TemporarilyUnavailable),
        ("invalid_request", E::Other),
        ("unsupported_response_type", E::Other),
        ("Access_Denied", E::Other),
        ("anything", E::Other),
    ] {
        let callback = parse(&format!("{OWN}?error={word}&state=s&error_description=d")).unwrap();
        let Outcome::Refused(found) = callback.outcome else {
            panic!("{word}: not an error");
        };
        assert_eq!(found, expected, "{word}");
    }
}
