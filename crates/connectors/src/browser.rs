//! The system's browser, opened from here and never from the page of the window: what is opened is
//! checked first. Nothing comes back from it but what a deep link or the loopback brings.

use url::Url;

use crate::api::address::is_loopback;
use crate::error::{Code, Error, Result};

/// Opens an address in the person's own browser (RFC 8252 §4): `https`, or `http` to this computer.
///
/// # Errors
/// [`Code::Invalid`] for any other address; [`Code::NotFound`] where this computer opens no browser.
/// The address itself is in neither text: it carries the `state` of a sign-in.
pub fn open(address: &str) -> Result<()> {
    let refused = || {
        Error::refused(
            Code::Invalid,
            "only addresses that begin with https:// are opened in the browser",
        )
    };
    let url = Url::parse(address).map_err(|_| refused())?;
    let allowed = match url.scheme() {
        "https" => url.host().is_some(),
        "http" => is_loopback(&url),
        _ => false,
    };
    if !allowed || !url.username().is_empty() || url.password().is_some() {
        return Err(refused());
    }
    open::that_detached(url.as_str()).map_err(|_| {
        Error::refused(
            Code::NotFound,
            "no browser could be opened on this computer; copy the link and open it by hand",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::open;
    use crate::error::Code;

    #[test]
    fn nothing_but_the_web_is_opened() {
        for address in [
            "file:///etc/passwd",
            "javascript:alert(1)",
            "http://example.org/",
            "https://user:secret@example.org/",
            "smb://host/share",
            "com.playerarc.connectors:/oauth/x",
            "/etc/passwd",
            "",
            "https:",
        ] {
            let refused = open(address).map_err(|error| error.code());
            assert_eq!(refused, Err(Code::Invalid), "{address} must not be opened");
        }
    }
}
