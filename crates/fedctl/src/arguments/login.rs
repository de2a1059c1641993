//! The arguments of `fedctl login` and `fedctl logout`.

use clap::{Args, ValueEnum};

/// The way back from the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RedirectWord {
    /// A link of the desktop app, which takes the answer
    DeepLink,
    /// A port of this computer, where this command listens
    Loopback,
}

/// `fedctl login`
#[derive(Debug, Args)]
#[command(after_help = LOGIN_HELP)]
pub(crate) struct LoginArguments {
    /// Federation code of the connector
    pub(crate) code: String,
    /// How the browser leads back, whatever the connector's own setting is
    #[arg(
        long,
        value_name = "WAY",
        default_value = "loopback",
        conflicts_with = "device"
    )]
    pub(crate) redirect: RedirectWord,
    /// Sign in on another device: prints a code to enter there
    #[arg(long)]
    pub(crate) device: bool,
    /// Open no browser: print what is needed as one line of JSON, then wait
    #[arg(long)]
    pub(crate) no_browser: bool,
}

const LOGIN_HELP: &str = r#"A person has ten minutes. Ctrl-C ends the attempt; an earlier sign-in stays.

--no-browser first prints one line on standard output, also without --json:
  {"authorization_url": "…", "redirect_uri": "…"}
        or with --device
  {"user_code": "…", "verification_uri": "…", "verification_uri_complete": …, "expires_at": …}
It then waits for the browser to come back to this computer, or for the address that the browser
ended at, pasted on standard input; whichever comes first. With --json a second line is the
connector.

Where the federation knows only the app itself (client credentials, JWT bearer, two-step), nobody
has to agree: a token is fetched.

Examples:
  fedctl login ballyduff
  fedctl login ballyduff --no-browser           on a server, with a browser elsewhere
  fedctl login ballyduff --device               where the federation offers it"#;

pub(super) const LOGOUT_HELP: &str = "\
The federation is asked to withdraw the tokens (RFC 7009). Where it does not, they are destroyed here
all the same, a warning says so, and the exit code is 0. The client id and secret stay.";
