//! The ways back that are spoilt on demand.

use practice_federation::{FaultKind, RedirectFault};

use super::{authorization_url, query_of, value_of};
use crate::support::{client, practice};

#[tokio::test]
async fn ways_back_are_spoilt_as_asked() {
    let practice = practice().await;
    let url = authorization_url(&practice, &[]);
    for fault in RedirectFault::ALL {
        practice.set_fault(
            format!("authorize={},count=1", fault.text())
                .parse()
                .unwrap(),
        );
        let page = client().get(&url).send().await.unwrap();
        assert_eq!(
            (page.status().as_u16(), practice.faults()[0].hits),
            (200, 0),
            "{fault:?}: the page itself is none of its business"
        );
        let back = practice.approve(&url);
        assert_eq!(practice.faults()[0].hits, 1, "{fault:?}: it was used");
        if fault == RedirectFault::Fragment {
            let (_, fragment) = back.split_once('#').expect("all is in the fragment");
            assert!(
                !back.contains('?') && fragment.starts_with("code="),
                "and nothing in the query: {back}"
            );
            continue;
        }
        let codes = query_of(&back).iter().filter(|it| it.0 == "code").count();
        let state = value_of(&back, "state");
        let issuer = value_of(&back, "iss");
        let error = value_of(&back, "error");
        let base = practice.base_url();
        let expected_codes = match fault {
            RedirectFault::CodeTwice => 2,
            RedirectFault::ServerError => 0,
            _ => 1,
        };
        assert_eq!(codes, expected_codes, "{fault:?}: codes: {back}");
        match fault {
            RedirectFault::WrongState => {
                assert!(state.is_some_and(|it| it != "state & more"), "{back}");
            }
            RedirectFault::NoState => assert_eq!(state, None, "{back}"),
            _ => assert_eq!(state.as_deref(), Some("state & more"), "{fault:?}: {back}"),
        }
        match fault {
            RedirectFault::WrongIssuer => assert!(issuer.is_some_and(|it| it != base), "{back}"),
            RedirectFault::NoIssuer => assert_eq!(issuer, None, "{back}"),
            _ => assert_eq!(issuer, Some(base), "{fault:?}: {back}"),
        }
        let expected_error = match fault {
            RedirectFault::CodeAndError => Some("access_denied"),
            RedirectFault::ServerError => Some("server_error"),
            _ => None,
        };
        assert_eq!(error.as_deref(), expected_error, "{fault:?}: {back}");
        assert_eq!(
            query_of(&practice.approve(&url)).len(),
            3,
            "{fault:?}: once, as was asked"
        );
    }
}

#[tokio::test]
async fn skip_and_path_limit_spoilt_ways_back() {
    let practice = practice().await;
    let url = authorization_url(&practice, &[]);
    let fault = "authorize=no-iss,skip=1,path=/oauth/authorize";
    practice.set_fault(fault.parse().unwrap());
    let has_issuer = || value_of(&practice.approve(&url), "iss").is_some();
    assert!(has_issuer(), "the first passes");
    assert!(!has_issuer(), "the second does not");
    practice.set_fault("authorize=no-iss,path=/key".parse().unwrap());
    assert!(has_issuer(), "another path is spared");
    assert_eq!(
        practice.faults()[0].fault.kind,
        FaultKind::Authorize(RedirectFault::NoIssuer),
        "the kind behind the text"
    );
    practice.set_fault("authorize=wrong-iss".parse().unwrap());
    let denied = value_of(&practice.deny(&url), "iss").unwrap();
    assert_ne!(denied, practice.base_url(), "a no is spoilt like a yes");
}
