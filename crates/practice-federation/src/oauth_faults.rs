//! Faults of the authorization server: answers of the token endpoint, and ways back to the client,
//! that a client must survive. Each has its text form and a sentence for the page.

/// How a successful answer of `/oauth/token` is spoilt; errors come as ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenFault {
    /// The answer has no `access_token`.
    NoAccessToken,
    /// The answer has no `token_type`.
    NoTokenType,
    /// The `token_type` is `mac`.
    Mac,
    /// `expires_in` is a text that is no number.
    ExpiresString,
    /// `expires_in` is 0.
    ExpiresZero,
    /// `expires_in` is negative.
    ExpiresNegative,
    /// `expires_in` is 1e30.
    ExpiresHuge,
    /// Only `clubs.read` (and `offline_access`) is granted, whatever was asked for.
    NarrowScope,
    /// There is no refresh token; one that was used stays good.
    NoRefresh,
    /// The refresh token is an empty text; one that was used stays good.
    EmptyRefresh,
    /// JSON that nests ten thousand lists.
    Deep,
    /// The `access_token` is there twice.
    DuplicateKeys,
    /// A form instead of JSON.
    Form,
    /// Nothing, with status 200.
    Empty,
    /// 10 MiB of JSON.
    Huge,
    /// A kilobyte a second, for two minutes.
    Drip,
    /// A few kilobytes of gzip that unpack to more than 10 MiB.
    GzipBomb,
    /// A redirect (307) to another host. Nothing is given, even if the request is wrong.
    Redirect,
    /// Everything is done, then the connection breaks before the answer.
    Lost,
}

impl TokenFault {
    /// All of them, in the order they are listed everywhere.
    pub const ALL: [Self; 19] = [
        Self::NoAccessToken,
        Self::NoTokenType,
        Self::Mac,
        Self::ExpiresString,
        Self::ExpiresZero,
        Self::ExpiresNegative,
        Self::ExpiresHuge,
        Self::NarrowScope,
        Self::NoRefresh,
        Self::EmptyRefresh,
        Self::Deep,
        Self::DuplicateKeys,
        Self::Form,
        Self::Empty,
        Self::Huge,
        Self::Drip,
        Self::GzipBomb,
        Self::Redirect,
        Self::Lost,
    ];

    /// What stands behind `token=`.
    pub fn text(self) -> &'static str {
        self.texts().0
    }

    /// What one sees.
    pub(crate) fn happens(self) -> &'static str {
        self.texts().1
    }

    fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::NoAccessToken => ("no-access-token", "Token answers have no access token."),
            Self::NoTokenType => ("no-token-type", "Token answers do not say their type."),
            Self::Mac => ("mac", "Tokens are of a type nobody uses."),
            Self::ExpiresString => ("expires-string", "The lifetime is a word."),
            Self::ExpiresZero => ("expires-zero", "The lifetime is 0 seconds."),
            Self::ExpiresNegative => ("expires-negative", "The lifetime is over already."),
            Self::ExpiresHuge => (
                "expires-huge",
                "The lifetime is longer than the universe's.",
            ),
            Self::NarrowScope => ("narrow-scope", "Tokens open the clubs and no members."),
            Self::NoRefresh => ("no-refresh", "There is no refresh token."),
            Self::EmptyRefresh => ("empty-refresh", "The refresh token is empty."),
            Self::Deep => ("deep", "Token answers nest ten thousand lists."),
            Self::DuplicateKeys => ("duplicate-keys", "The access token is there twice."),
            Self::Form => ("form", "Token answers are forms instead of JSON."),
            Self::Empty => ("empty", "Token answers are empty."),
            Self::Huge => ("huge", "Token answers have 10 megabytes."),
            Self::Drip => (
                "drip",
                "Token answers take two minutes, a kilobyte a second.",
            ),
            Self::GzipBomb => ("gzip-bomb", "Token answers unpack to 10 megabytes."),
            Self::Redirect => ("redirect", "The token endpoint has moved to another host."),
            Self::Lost => ("lost", "Tokens change, but the answer is lost on the way."),
        }
    }
}

/// How the way back from `/oauth/authorize` to the client is spoilt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedirectFault {
    /// The `state` is not the one that was sent.
    WrongState,
    /// There is no `state`.
    NoState,
    /// The `iss` is another server's.
    WrongIssuer,
    /// There is no `iss`.
    NoIssuer,
    /// The `code` is there twice.
    CodeTwice,
    /// There is a `code` and an `error`.
    CodeAndError,
    /// Everything stands in the fragment instead of the query.
    Fragment,
    /// `error=server_error`, whatever the person decided.
    ServerError,
}

impl RedirectFault {
    /// All of them, in the order they are listed everywhere.
    pub const ALL: [Self; 8] = [
        Self::WrongState,
        Self::NoState,
        Self::WrongIssuer,
        Self::NoIssuer,
        Self::CodeTwice,
        Self::CodeAndError,
        Self::Fragment,
        Self::ServerError,
    ];

    /// What stands behind `authorize=`.
    pub fn text(self) -> &'static str {
        self.texts().0
    }

    /// What one sees.
    pub(crate) fn happens(self) -> &'static str {
        self.texts().1
    }

    fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::WrongState => ("wrong-state", "The way back has another sign-in's state."),
            Self::NoState => ("no-state", "The way back has no state."),
            Self::WrongIssuer => ("wrong-iss", "The way back is another server's."),
            Self::NoIssuer => ("no-iss", "The way back does not say whose it is."),
            Self::CodeTwice => ("code-twice", "The way back has its code twice."),
            Self::CodeAndError => ("code-and-error", "The way back has a code and an error."),
            Self::Fragment => ("fragment", "The way back hides everything in the fragment."),
            Self::ServerError => ("server-error", "Every sign-in ends in a server error."),
        }
    }
}
