//! Sign-in pages that are open, and the codes they end in. A page's id is good for one answer, a
//! code for one exchange.

use std::collections::{HashMap, VecDeque};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};

use super::client::Client;
use super::error::OAuthError;
use super::ledger::{Issued, Ledger, Terms};
use super::scopes::Scopes;

/// Older pages are forgotten, so that a federation left running does not grow.
const OPEN_PAGES: usize = 1000;

/// What a client asks a person for.
#[derive(Debug, Clone)]
pub(crate) struct AuthorizationRequest {
    pub(crate) client: Client,
    pub(crate) redirect_uri: String,
    pub(crate) state: Option<String>,
    pub(crate) scopes: Scopes,
    /// The PKCE challenge, made by S256.
    pub(crate) challenge: String,
}

/// What an open page is about.
#[derive(Debug)]
pub(crate) enum Page {
    Authorization(AuthorizationRequest),
    /// The code a device shows.
    Device(String),
}

/// The pages that are open, oldest first, each by its one-time id.
#[derive(Debug, Default)]
pub(crate) struct Pages(VecDeque<(String, Page)>);

/// The codes that were given out.
pub(crate) type Codes = HashMap<String, Code>;

#[derive(Debug)]
pub(crate) enum Code {
    Fresh(AuthorizationRequest),
    /// Exchanged, for tokens of this family.
    Used(u64),
}

impl Ledger {
    /// Remembers a page; gives the id its form sends along.
    pub(crate) fn open_page(&mut self, page: Page) -> String {
        if self.pages.0.len() == OPEN_PAGES {
            self.pages.0.pop_front();
        }
        let id = self.values.text("page");
        self.pages.0.push_back((id.clone(), page));
        id
    }

    /// The page of an id, which is used up by it.
    pub(crate) fn take_page(&mut self, id: &str) -> Option<Page> {
        let index = self.pages.0.iter().position(|(known, _)| known == id)?;
        self.pages.0.remove(index).map(|(_, page)| page)
    }

    /// A code for what a person has allowed.
    pub(crate) fn grant_code(&mut self, request: AuthorizationRequest) -> String {
        let code = self.values.text("code");
        self.codes.insert(code.clone(), Code::Fresh(request));
        code
    }

    /// Forgets a code, as its time does.
    pub(crate) fn expire_code(&mut self, code: &str) {
        self.codes.remove(code);
    }

    /// Exchanges a code. One that comes a second time ends what it was exchanged for, and one that
    /// comes with the wrong proof is burnt: somebody has stolen it.
    pub(crate) fn exchange_code(
        &mut self,
        code: &str,
        client: Client,
        redirect_uri: &str,
        verifier: &str,
        terms: Terms,
    ) -> Result<Issued, OAuthError> {
        match self.codes.remove(code) {
            None => Err(OAuthError::invalid_grant(
                "The code is unknown or no longer valid.",
            )),
            Some(Code::Used(family)) => {
                self.end_family(family);
                Err(OAuthError::invalid_grant(
                    "The code was used before, so what it was exchanged for has ended.",
                ))
            }
            Some(Code::Fresh(request)) if request.client != client => Err(
                OAuthError::invalid_grant("The code was given to another client."),
            ),
            Some(Code::Fresh(request)) if request.redirect_uri != redirect_uri => {
                Err(OAuthError::invalid_grant(
                    "The redirect address is not the one the code was asked for with.",
                ))
            }
            Some(Code::Fresh(request)) if !proves(verifier, &request.challenge) => Err(
                OAuthError::invalid_grant("The verifier does not match the challenge."),
            ),
            Some(Code::Fresh(request)) => {
                let issued = self.issue_first(client, request.scopes, terms);
                if let Some(family) = self.family_of(&issued) {
                    self.codes.insert(code.to_owned(), Code::Used(family));
                }
                Ok(issued)
            }
        }
    }
}

/// True if the challenge was made of the verifier, which must have the form RFC 7636 (4.1) gives it.
fn proves(verifier: &str, challenge: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    (43..=128).contains(&verifier.len())
        && verifier.bytes().all(is_allowed)
        && URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes())) == challenge
}

#[cfg(test)]
mod tests {
    use super::{OPEN_PAGES, Page, proves};
    use crate::oauth::Ledger;

    #[test]
    fn the_example_of_rfc_7636_proves_itself() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        assert!(proves(verifier, challenge), "appendix B must come out");
        assert!(
            !proves(challenge, challenge),
            "a plain challenge proves nothing"
        );
    }

    #[test]
    fn old_pages_make_room() {
        let mut ledger = Ledger::new(1);
        let first = ledger.open_page(Page::Device(String::new()));
        let second = ledger.open_page(Page::Device(String::new()));
        for _ in 0..OPEN_PAGES - 1 {
            ledger.open_page(Page::Device(String::new()));
        }
        assert!(
            ledger.take_page(&first).is_none(),
            "the oldest is forgotten when there are too many"
        );
        assert!(ledger.take_page(&second).is_some(), "the next is not");
        assert!(
            ledger.take_page(&second).is_none(),
            "an id is good for once"
        );
    }
}
