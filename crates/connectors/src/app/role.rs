//! Views for roles on one machine: the support view shows health, logs and diagnostics and no member; *my club* shows one
//! club. It keeps people from accidents and does not keep the owner of the account from anything: whoever may change the
//! preferences may choose another view.
//!
//! Every public method of the product asks here first, or stands in the list of those that need not (tests/tidy). What the
//! product does by itself, schedules among it, goes on whatever a person is shown.

use uuid::Uuid;

use super::App;
use super::club_record::no_club;
use crate::audit::Actor;
use crate::error::{Code, Error, Result};
use crate::store::Reader;
use crate::store::club_connection::ClubConnectionRecord;
use crate::view::RoleView;

/// How much a handle shows.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Sight {
    Everything,
    NoMembers,
    /// One club, by its own identifier.
    OneClub(String),
}

impl App {
    /// A handle to the same product that shows no member, whatever the preferences say.
    #[must_use]
    pub fn in_support_view(&self) -> Self {
        Self {
            support: true,
            ..self.clone()
        }
    }

    fn sight(&self) -> Sight {
        if matches!(self.actor, Actor::Itself | Actor::Schedule) {
            return Sight::Everything;
        }
        if self.support {
            return Sight::NoMembers;
        }
        // Read each time: the other program may have changed it, and it is a small file.
        let settings = self.settings();
        match settings.view {
            RoleView::All => Sight::Everything,
            RoleView::Support => Sight::NoMembers,
            RoleView::MyClub => {
                let club = settings.my_club.unwrap_or_default();
                Sight::OneClub(club.trim().to_owned())
            }
        }
    }

    /// The one club that is shown, by its own identifier; none where all are.
    pub(super) fn my_club(&self) -> Option<String> {
        match self.sight() {
            Sight::OneClub(club) => Some(club),
            Sight::Everything | Sight::NoMembers => None,
        }
    }

    /// Refuses what gives or changes members in the support view.
    pub(super) fn see_members(&self) -> Result<()> {
        match self.sight() {
            Sight::NoMembers => Err(no_members()),
            Sight::Everything | Sight::OneClub(_) => Ok(()),
        }
    }

    /// Refuses what concerns all clubs where one is shown, and in the support view.
    pub(super) fn see_all_clubs(&self) -> Result<()> {
        match self.sight() {
            Sight::NoMembers => Err(no_members()),
            Sight::OneClub(_) => Err(one_club()),
            Sight::Everything => Ok(()),
        }
    }

    /// Refuses another club than the one that is shown: for this view it is not there.
    pub(super) fn see_club(&self, org: &str) -> Result<()> {
        match self.my_club() {
            Some(mine) if mine != org.trim() => Err(no_club(org.trim())),
            _ => Ok(()),
        }
    }

    /// Refuses to change when a connector's clubs sync, or when another club does.
    pub(super) fn see_schedule(&self, org: Option<&str>) -> Result<()> {
        match org {
            Some(org) => self.see_members_of(org),
            None => self.see_all_clubs(),
        }
    }

    /// Both.
    pub(super) fn see_members_of(&self, org: &str) -> Result<()> {
        self.see_members()?;
        self.see_club(org)
    }

    /// Refuses the run of another club than the one that is shown. Its numbers are shown in the support view too.
    pub(super) async fn see_run(&self, run: &str) -> Result<()> {
        let Ok(id) = Uuid::parse_str(run.trim()) else {
            return Ok(());
        };
        self.see_connection_of(move |tx| {
            let run = tx.run(id)?;
            run.map_or(Ok(None), |run| tx.connection_by_id(run.connection_id))
        })
        .await
    }

    /// Refuses the plan of another club, and every plan in the support view.
    pub(super) async fn see_plan(&self, run: &str) -> Result<()> {
        self.see_members()?;
        self.see_run(run).await
    }

    /// Refuses a member of another club, and every member in the support view.
    pub(super) async fn see_member(&self, member: &str) -> Result<()> {
        self.see_members()?;
        let Ok(id) = Uuid::parse_str(member.trim()) else {
            return Ok(());
        };
        self.see_connection_of(move |tx| {
            let member = tx.member(id)?;
            member.map_or(Ok(None), |member| tx.connection_by_id(member.connection_id))
        })
        .await
    }

    /// What is not there is refused by whoever looks for it.
    async fn see_connection_of(
        &self,
        find: impl FnOnce(&Reader<'_>) -> Result<Option<ClubConnectionRecord>> + Send + 'static,
    ) -> Result<()> {
        let Some(mine) = self.my_club() else {
            return Ok(());
        };
        self.store()?
            .read(move |tx| {
                let Some(connection) = find(tx)? else {
                    return Ok(());
                };
                let club = tx.club(&mine)?;
                if club.is_some_and(|club| club.id == connection.organisation_id) {
                    return Ok(());
                }
                Err(Error::refused(
                    Code::NotFound,
                    "this view shows one club, and there is nothing of that kind in it",
                ))
            })
            .await
    }
}

/// The one club that is shown as the file knows it; none where all are. One that is not there has nothing.
pub(super) fn club_shown(tx: &Reader<'_>, mine: Option<&str>) -> Result<Option<Uuid>> {
    match mine {
        None => Ok(None),
        Some(mine) => Ok(Some(tx.club(mine)?.map_or(Uuid::nil(), |club| club.id))),
    }
}

fn no_members() -> Error {
    Error::refused(
        Code::ViewForbids,
        "the support view shows no members and changes none; nothing was changed; choose another view in the settings \
         (fedctl settings set view=all)",
    )
}

fn one_club() -> Error {
    Error::refused(
        Code::ViewForbids,
        "this view shows one club, and this concerns all of them; nothing was changed; choose another view in the settings \
         (fedctl settings set view=all)",
    )
}
