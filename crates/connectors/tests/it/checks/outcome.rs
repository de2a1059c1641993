//! What a check came to.

use connectors::checks::outcome::{SLOW_MS, Seen, beat, by_traffic, of};
use connectors::clock::UtcMillis;
use connectors::failure::Finding;
use connectors::settings::ConnectorSettings;
use connectors::store::attempt::AttemptRecord;
use connectors::view::BeatOutcome;
use uuid::Uuid;

fn seen(finding: Option<Finding>, status: Option<u16>, ms: u64, number: u32) -> Seen {
    Seen {
        finding,
        status,
        ms,
        number,
    }
}

#[test]
fn what_was_seen_and_what_it_comes_to() {
    use BeatOutcome as O;
    use Finding as F;
    for (seen, one_club, expected) in [
        (seen(None, Some(200), 20, 1), false, Some(O::Answered)),
        (
            seen(None, Some(200), SLOW_MS - 1, 1),
            false,
            Some(O::Answered),
        ),
        (seen(None, Some(200), SLOW_MS, 1), false, Some(O::Slow)),
        (seen(None, Some(200), 20, 2), false, Some(O::Slow)),
        (
            seen(Some(F::ServerError), Some(503), 20, 1),
            false,
            Some(O::Failed),
        ),
        (
            seen(Some(F::Unauthorised), Some(401), 20, 1),
            true,
            Some(O::Failed),
        ),
        (
            seen(Some(F::NotFound), Some(404), 20, 1),
            false,
            Some(O::Failed),
        ),
        (
            seen(Some(F::NotFound), Some(404), 20, 1),
            true,
            Some(O::Answered),
        ),
        (
            seen(Some(F::Forbidden), Some(403), SLOW_MS, 1),
            true,
            Some(O::Slow),
        ),
        (seen(Some(F::Offline), None, 20, 1), false, Some(O::Offline)),
        (seen(Some(F::Cancelled), None, 20, 1), false, None),
        (
            seen(Some(F::EmptyList), Some(200), 20, 1),
            false,
            Some(O::Answered),
        ),
    ] {
        assert_eq!(
            of(&seen, one_club),
            expected,
            "{seen:?}, one club {one_club}"
        );
    }
}

#[test]
fn of_what_nobody_answered_there_is_no_time() {
    let silent = beat(
        &seen(Some(Finding::ConnectTimeout), None, 10_000, 1),
        false,
        5,
        false,
    )
    .unwrap();
    assert_eq!((silent.ms, silent.http_status), (None, None), "{silent:?}");
    let refused = beat(
        &seen(Some(Finding::Unauthorised), Some(401), 30, 1),
        false,
        5,
        true,
    )
    .unwrap();
    assert_eq!(
        (refused.ms, refused.http_status, refused.by_traffic),
        (Some(30), Some(401), true),
        "somebody answered: {refused:?}"
    );
}

fn attempt(endpoint: &str, status: Option<u16>, finding: Option<Finding>) -> AttemptRecord {
    AttemptRecord {
        id: Uuid::nil(),
        connector_id: Uuid::nil(),
        at: UtcMillis(7),
        endpoint: endpoint.to_owned(),
        method: "GET".to_owned(),
        status,
        finding,
        ms: 12,
        bytes: 0,
        number: 1,
        aside: false,
    }
}

#[test]
fn what_traffic_proves() {
    use BeatOutcome as O;
    use Finding as F;
    let mut settings = ConnectorSettings::default();
    "/v1/clubs/{federation_org_id}/members?key=x"
        .clone_into(&mut settings.endpoints.membership_list);
    settings.endpoints.verify = Some("/v1/me".to_owned());
    let list = "/v1/clubs/{federation_org_id}/members";
    for (name, attempt, expected) in [
        (
            "an answer of the list",
            attempt(list, Some(200), None),
            Some(O::Answered),
        ),
        (
            "an answer at somebody's own path",
            attempt("/typed", Some(200), None),
            Some(O::Answered),
        ),
        (
            "a club that is not there",
            attempt(list, Some(404), Some(F::NotFound)),
            Some(O::Answered),
        ),
        (
            "no such address of the connector",
            attempt("/v1/me", Some(404), Some(F::NotFound)),
            Some(O::Failed),
        ),
        (
            "somebody's own path is not there",
            attempt("/typed", Some(404), Some(F::NotFound)),
            None,
        ),
        (
            "a server that is down, wherever",
            attempt("/typed", Some(503), Some(F::ServerError)),
            Some(O::Failed),
        ),
        (
            "a wrong key",
            attempt(list, Some(401), Some(F::Unauthorised)),
            Some(O::Failed),
        ),
        (
            "this computer was offline",
            attempt(list, None, Some(F::Offline)),
            None,
        ),
        (
            "somebody stopped it",
            attempt(list, None, Some(F::Cancelled)),
            None,
        ),
    ] {
        let beat = by_traffic(&settings, &attempt);
        assert_eq!(beat.as_ref().map(|one| one.outcome), expected, "{name}");
        assert!(
            beat.is_none_or(|one| one.by_traffic && one.at == 7),
            "{name}: it is its own moment"
        );
    }
}
