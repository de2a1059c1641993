//! What the end of a club's sync says about the club (C03): a failure that concerns one club is recorded on its
//! connection and nowhere else. What concerns the connector was counted there, request by request (`books.rs`).

use uuid::Uuid;

use super::App;
use super::act::Act;
use super::club_record::{connector_of, note};
use super::error_log::{NewError, note_error};
use super::record::settings_of;
use crate::api::call::{Concerns, recorded};
use crate::api::circuit;
use crate::api::paging::list_error::ListError;
use crate::error::{Code, Error, Result};
use crate::store::Writer;
use crate::store::club_connection::ClubFailure;
use crate::store::sync_run::RunRecord;
use crate::view::{ClubEventKind, ErrorSource};

impl App {
    /// The list of a club ended before its end. Recorded on the connection where the failure concerns this club
    /// alone, and then true. Neither another club nor the connector is touched by it.
    ///
    /// # Errors
    /// [`Code::NotFound`] where there is no such connection.
    pub async fn club_failed(&self, connection: Uuid, error: &ListError) -> Result<bool> {
        let error = error.clone();
        let act = self.act();
        self.store()?
            .write(move |tx| {
                let mut one = tx.connection_by_id(connection)?.ok_or_else(no_connection)?;
                let settings = settings_of(&connector_of(tx, &one)?)?;
                if !concerns_one_club(&error, &settings.endpoints.membership_list) {
                    return Ok(false);
                }
                if one.consecutive_failures == 0 {
                    note(tx, &act, one.id, ClubEventKind::Failed)?;
                }
                one.consecutive_failures = one.consecutive_failures.saturating_add(1);
                one.last_error = Some(ClubFailure {
                    at: act.now,
                    class: error.class(),
                    finding: error.finding(),
                });
                tx.update_connection(&one)?;
                Ok(true)
            })
            .await
    }

    /// The list of a club was read to its end: its failures are over. When it was synced is said by
    /// [`App::org_set_last_sync`].
    ///
    /// # Errors
    /// [`Code::NotFound`] where there is no such connection.
    pub async fn club_succeeded(&self, connection: Uuid) -> Result<()> {
        let act = self.act();
        self.store()?
            .write(move |tx| {
                let mut one = tx.connection_by_id(connection)?.ok_or_else(no_connection)?;
                if one.consecutive_failures == 0 {
                    return Ok(());
                }
                one.consecutive_failures = 0;
                note(tx, &act, one.id, ClubEventKind::Recovered)?;
                tx.update_connection(&one)
            })
            .await
    }
}

/// Enters the failure of a run in the error log: the one row that it gets, whatever of its requests failed.
pub(super) fn note_run(
    tx: &Writer<'_>,
    act: &Act,
    run: &RunRecord,
    error: &ListError,
) -> Result<()> {
    let one = tx
        .connection_by_id(run.connection_id)?
        .ok_or_else(no_connection)?;
    let settings = settings_of(&connector_of(tx, &one)?)?;
    let membership_list = &settings.endpoints.membership_list;
    let status = match error {
        ListError::Request { source, .. } => source.status,
        ListError::Answer { .. } | ListError::Anomaly { .. } | ListError::Cancelled => None,
    };
    let entry = NewError {
        connector: one.connector_id,
        class: error.class(),
        finding: error.finding(),
        status,
        endpoint: Some(recorded(membership_list)),
        source: ErrorSource::Sync,
        connection: concerns_one_club(error, membership_list).then_some(one.id),
        run: Some(run.id),
    };
    note_error(tx, act, entry)
}

/// Whether a failure says something about one club only: its own address is not there or not for us, or what came
/// from it is no list. A list that all clubs share says nothing about one of them. What a request met is decided as
/// it is for the connector, so that every failure is counted in one of the two places.
fn concerns_one_club(error: &ListError, membership_list: &str) -> bool {
    let concerns = Concerns::of(membership_list);
    match error {
        ListError::Request { source, .. } => {
            let shared = circuit::counts(source.class, false);
            shared && !circuit::counts(source.class, concerns.one_club(source.finding))
        }
        ListError::Answer { .. } | ListError::Anomaly { .. } => concerns == Concerns::OneClub,
        ListError::Cancelled => false,
    }
}

fn no_connection() -> Error {
    Error::refused(Code::NotFound, "there is no such connection of a club")
}

#[cfg(test)]
mod tests {
    use super::concerns_one_club;
    use crate::api::api_error::FederationApiError;
    use crate::api::paging::anomaly::PagingAnomaly;
    use crate::api::paging::list_error::ListError;
    use crate::failure::{FailureClass, Finding};

    const OF_CLUB: &str = "/v1/clubs/{federation_org_id}/members";
    const OF_ALL: &str = "/v1/members";

    fn request(finding: Finding) -> ListError {
        ListError::Request {
            page: 1,
            source: FederationApiError {
                class: finding.class().unwrap_or(FailureClass::Internal),
                finding,
                status: None,
                message: String::new(),
                attempts: 1,
                retry_at: None,
            },
        }
    }

    #[test]
    fn c03_only_what_a_club_alone_can_cause_is_put_on_it() {
        let answer = ListError::Answer {
            page: 1,
            finding: Finding::NoListAtPath,
        };
        let anomaly = ListError::Anomaly {
            page: 2,
            anomaly: PagingAnomaly::RepeatedPage,
        };
        for (error, list, expected) in [
            (request(Finding::NotFound), OF_CLUB, true),
            (request(Finding::NotFound), OF_ALL, false),
            (request(Finding::Forbidden), OF_CLUB, true),
            (request(Finding::Forbidden), OF_ALL, false),
            (request(Finding::ScopeTooNarrow), OF_CLUB, false),
            (request(Finding::Unauthorised), OF_CLUB, false),
            (request(Finding::ServerError), OF_CLUB, false),
            (request(Finding::Offline), OF_CLUB, false),
            (answer.clone(), OF_CLUB, true),
            (answer, OF_ALL, false),
            (anomaly.clone(), OF_CLUB, true),
            (anomaly, OF_ALL, false),
            (ListError::Cancelled, OF_CLUB, false),
        ] {
            assert_eq!(
                concerns_one_club(&error, list),
                expected,
                "{error:?} of {list}"
            );
        }
    }
}
