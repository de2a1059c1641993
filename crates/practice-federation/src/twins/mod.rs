//! One twin for each real system: its way to authenticate, its paths, paging, envelope, field names
//! and traps, over the same invented members. They are written from what those systems document and
//! what their public clients read, never from settings of a product, so that a wrong field name there
//! shows here. What nobody documents is a guess, and each module says which.

mod club;
mod comet;
mod credentials;
mod csv_members;
mod easyverein;
mod eventor;
mod expected;
mod hello_club;
mod hitobito;
mod justgo;
mod leagueapps;
mod nuliga;
mod open_data;
mod play_cricket;
mod playhq;
mod spordle;
mod teamsnap;
mod twizzit;
mod webling;
mod wild_apricot;

use std::sync::Arc;

use axum::Router;

use crate::server::Practice;
use crate::state::Shared;

pub(crate) use club::club;
pub use credentials::{TWIN_CREDENTIALS, TwinCredentials};
pub use expected::{TwinRecord, twin_members, twin_records};

/// A real system that has a twin here. The twin is under `/twin/NAME`, followed by the path of the
/// real API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Twin {
    /// Foireann Open Data: fixtures and competitions, no members.
    FoireannOpenData,
    /// `JustGo`.
    Justgo,
    /// hitobito.
    Hitobito,
    /// Twizzit.
    Twizzit,
    /// Eventor.
    Eventor,
    /// `nuLiga`.
    Nuliga,
    /// COMET.
    Comet,
    /// easyVerein.
    Easyverein,
    /// Webling.
    Webling,
    /// Wild Apricot.
    WildApricot,
    /// `TeamSnap`.
    Teamsnap,
    /// `LeagueApps`.
    Leagueapps,
    /// Spordle Play.
    Spordle,
    /// `PlayHQ`: teams, no members.
    Playhq,
    /// Play-Cricket.
    PlayCricket,
    /// Hello Club.
    HelloClub,
    /// The Foireann export of members, as a file at an address.
    CsvMembers,
}

impl Twin {
    /// Every twin.
    pub const ALL: [Self; 17] = [
        Self::FoireannOpenData,
        Self::Justgo,
        Self::Hitobito,
        Self::Twizzit,
        Self::Eventor,
        Self::Nuliga,
        Self::Comet,
        Self::Easyverein,
        Self::Webling,
        Self::WildApricot,
        Self::Teamsnap,
        Self::Leagueapps,
        Self::Spordle,
        Self::Playhq,
        Self::PlayCricket,
        Self::HelloClub,
        Self::CsvMembers,
    ];

    /// The segment of the path.
    pub fn name(self) -> &'static str {
        match self {
            Self::FoireannOpenData => "foireann_open_data",
            Self::Justgo => "justgo",
            Self::Hitobito => "hitobito",
            Self::Twizzit => "twizzit",
            Self::Eventor => "eventor",
            Self::Nuliga => "nuliga",
            Self::Comet => "comet",
            Self::Easyverein => "easyverein",
            Self::Webling => "webling",
            Self::WildApricot => "wild_apricot",
            Self::Teamsnap => "teamsnap",
            Self::Leagueapps => "leagueapps",
            Self::Spordle => "spordle",
            Self::Playhq => "playhq",
            Self::PlayCricket => "play_cricket",
            Self::HelloClub => "hello_club",
            Self::CsvMembers => "csv_members",
        }
    }

    fn routes(self) -> Router<Arc<Shared>> {
        match self {
            Self::FoireannOpenData => open_data::routes(),
            Self::Justgo => justgo::routes(),
            Self::Hitobito => hitobito::routes(),
            Self::Twizzit => twizzit::routes(),
            Self::Eventor => eventor::routes(),
            Self::Nuliga => nuliga::routes(),
            Self::Comet => comet::routes(),
            Self::Easyverein => easyverein::routes(),
            Self::Webling => webling::routes(),
            Self::WildApricot => wild_apricot::routes(),
            Self::Teamsnap => teamsnap::routes(),
            Self::Leagueapps => leagueapps::routes(),
            Self::Spordle => spordle::routes(),
            Self::Playhq => playhq::routes(),
            Self::PlayCricket => play_cricket::routes(),
            Self::HelloClub => hello_club::routes(),
            Self::CsvMembers => csv_members::routes(),
        }
    }
}

impl Practice {
    /// `http://127.0.0.1:PORT/twin/NAME`, in the place of the real system's scheme and host.
    pub fn twin_url(&self, twin: Twin) -> String {
        format!("{}/twin/{}", self.base_url(), twin.name())
    }

    /// The records of a twin's list here. See [`twin_records`].
    pub fn twin_records(&self, twin: Twin) -> Vec<TwinRecord> {
        twin_records(twin, self.shared.twin_members.len())
    }
}

pub(crate) fn routes() -> Router<Arc<Shared>> {
    Twin::ALL.into_iter().fold(Router::new(), |router, twin| {
        router.nest(&format!("/twin/{}", twin.name()), twin.routes())
    })
}
