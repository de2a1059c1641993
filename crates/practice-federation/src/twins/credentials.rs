//! What the twins accept. Published on purpose: it opens invented data on this computer only.

/// Credentials and identifiers of all twins. They are fixed, unlike
/// [`PracticeCredentials`](crate::PracticeCredentials); the OAuth client of `TeamSnap` and the worker of
/// `LeagueApps` are those of the practice authorization server.
#[derive(Debug, Clone, Copy)]
pub struct TwinCredentials {
    /// The key, wherever a system has one.
    pub key: &'static str,
    /// Foireann's secondary key, which works as the first does.
    pub second_key: &'static str,
    /// Twizzit's user name.
    pub username: &'static str,
    /// Twizzit's password.
    pub password: &'static str,
    /// `JustGo`'s secret.
    pub secret: &'static str,
    /// `nuLiga`'s client.
    pub client_id: &'static str,
    /// `nuLiga`'s client secret.
    pub client_secret: &'static str,
    /// The number of the club wherever an address or a parameter has one: organisation, group, site,
    /// account, team, report template.
    pub organisation: &'static str,
    /// `nuLiga`'s nickname of the federation.
    pub federation: &'static str,
    /// `PlayHQ`'s tenant.
    pub tenant: &'static str,
    /// `PlayHQ`'s season.
    pub season: &'static str,
}

/// What the twins accept.
pub const TWIN_CREDENTIALS: TwinCredentials = TwinCredentials {
    key: "twin-key-one-opens-invented-data",
    second_key: "twin-key-two-opens-invented-data",
    username: "twin",
    password: "twins-of-invented-members",
    secret: "twin-secret-opens-invented-data",
    client_id: "twin-client",
    client_secret: "twin-client-secret-opens-invented-data",
    organisation: "4711",
    federation: "PF",
    tenant: "practice",
    season: "5eed5ea5-0000-4000-8000-000000002026",
};
