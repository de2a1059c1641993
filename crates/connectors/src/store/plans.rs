//! Holds every list query to an index: no full scan, nothing sorted (M1).
#![allow(clippy::unwrap_used, reason = "a failing test panics")]

mod health;

use rusqlite::Connection;

use super::club_list::{self, ClubQuery};
use super::connector_list::{COUNTS, ConnectorQuery, count_sql, list_sql};
use super::member_walk::{self, Walk};
use super::{
    attempt, club, club_connection, connection_test, connector, credential, event, field_choice,
    match_choice, member, member_word, member_word_due, migrate, pending_sign_in, plan_row, rate,
    run_list, sign_in, sync_run, undo_row,
};
use crate::view::{ClubSort, ConnectorFilter, ConnectorSort, Status};

/// The schema alone decides a plan: the file is never analysed, so a plain one in memory serves.
pub(super) fn schema() -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    for migration in migrate::MIGRATIONS {
        connection.execute_batch(migration.sql).unwrap();
    }
    connection
}

pub(super) fn plan(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection
        .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
        .unwrap();
    let mut rows = statement.raw_query();
    let mut lines = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        lines.push(row.get(3).unwrap());
    }
    lines
}

pub(super) fn offence(plan: &[String]) -> Option<&String> {
    plan.iter().find(|line| {
        let walks = line.starts_with("SCAN") || line.starts_with("SEARCH");
        line.contains("TEMP B-TREE")
            || walks && !line.contains("INDEX") && !line.contains("PRIMARY KEY")
    })
}

#[test]
fn the_harness_sees_a_scan_and_a_sort() {
    let connection = schema();
    for bad in [
        "SELECT * FROM connector WHERE name LIKE 'x%'",
        "SELECT * FROM connector WHERE live = 1 ORDER BY updated_at",
    ] {
        let plan = plan(&connection, bad);
        assert!(
            offence(&plan).is_some(),
            "{bad} must be found out: {plan:?}"
        );
    }
}

#[test]
fn every_list_of_connectors_walks_an_index_in_order() {
    let connection = schema();
    let filters = [
        ConnectorFilter::All,
        ConnectorFilter::NeedsYou,
        ConnectorFilter::Waiting,
        ConnectorFilter::Healthy,
        ConnectorFilter::Paused,
        ConnectorFilter::NotTested,
        ConnectorFilter::Deleted,
    ];
    let sorts = [
        ConnectorSort::Attention,
        ConnectorSort::Name,
        ConnectorSort::Status,
        ConnectorSort::LastSync,
    ];
    let statuses = [
        None,
        Some(Status::Active),
        Some(Status::Inactive),
        Some(Status::Error),
    ];
    let mut looked_at = 0;
    for filter in filters {
        for sort in sorts {
            for status in statuses {
                for descending in [false, true] {
                    for words in [vec![], vec!["a".to_owned(), "b".to_owned()]] {
                        let query = ConnectorQuery {
                            filter,
                            status,
                            words,
                            sort,
                            descending,
                            offset: 20,
                            limit: Some(50),
                        };
                        for sql in [list_sql(&query).0, count_sql(&query).0] {
                            let plan = plan(&connection, &sql);
                            assert_eq!(
                                offence(&plan),
                                None,
                                "{query:?} must use an index: {plan:?}"
                            );
                            looked_at += 1;
                        }
                    }
                }
            }
        }
    }
    assert_eq!(
        looked_at,
        7 * 4 * 4 * 2 * 2 * 2,
        "every combination was looked at"
    );
}

#[test]
fn every_list_of_clubs_walks_an_index_in_order() {
    let connection = schema();
    let mut looked_at = 0;
    for connector in [None, Some(uuid::Uuid::from_u128(1))] {
        for sort in [ClubSort::Name, ClubSort::LastSync] {
            for descending in [false, true] {
                for words in [vec![], vec!["a".to_owned(), "b".to_owned()]] {
                    let query = ClubQuery {
                        club: None,
                        connector,
                        words,
                        sort,
                        descending,
                        offset: 20,
                        limit: Some(50),
                    };
                    for sql in [
                        club_list::list_sql(&query).0,
                        club_list::count_sql(&query).0,
                    ] {
                        let plan = plan(&connection, &sql);
                        assert_eq!(
                            offence(&plan),
                            None,
                            "{query:?} must use an index: {plan:?}"
                        );
                        looked_at += 1;
                    }
                }
            }
        }
    }
    assert_eq!(
        looked_at,
        2 * 2 * 2 * 2 * 2,
        "every combination was looked at"
    );
}

#[test]
fn every_list_of_members_walks_an_index_in_order() {
    let connection = schema();
    let walks = [
        Walk::Names,
        Walk::Differing,
        Walk::Births,
        Walk::Standings,
        Walk::OneStanding,
        Walk::Connection,
        Walk::DifferingOf,
        Walk::LeftOf,
    ];
    let rests = [
        "",
        " AND instr(m.search_key, ?) > 0",
        " AND m.standing = ?",
        " AND m.differs = 1",
        " AND m.connection_id IN (x'00000000000000000000000000000000')",
    ];
    for walk in walks {
        for rest in rests {
            for descending in [false, true] {
                let sql = member_walk::walk_sql(walk, rest, descending);
                let plan = plan(&connection, &sql);
                assert_eq!(offence(&plan), None, "{sql} must use an index: {plan:?}");
            }
        }
    }
    for strictly in [false, true] {
        for descending in [false, true] {
            let sql = member_word::seek_sql(strictly, descending);
            let plan = plan(&connection, &sql);
            assert_eq!(offence(&plan), None, "{sql} must use an index: {plan:?}");
        }
    }
    for sql in [
        &member_walk::keys_sql(Walk::DifferingOf),
        &member_walk::keys_sql(Walk::LeftOf),
        super::member_by_words::HOMES,
        super::member_by_words::HOME,
        member_word::KEPT_ROWS,
        member_word::FIRST_WORD,
        member_word::NEXT_WORD,
        member_word_due::ANY,
        member_word_due::DUE,
        member_walk::CLUB_ORDER,
        member_walk::OF_CONNECTOR,
        member_walk::COUNT_STANDING,
        member_walk::COUNT_DIFFERING,
    ] {
        let plan = plan(&connection, sql);
        assert_eq!(offence(&plan), None, "{sql} must use an index: {plan:?}");
    }
}

#[test]
fn every_other_list_uses_an_index() {
    let connection = schema();
    let queries = [
        COUNTS.to_owned(),
        format!("{} {}", connector::SELECT, connector::EXPORT),
        format!("{} WHERE c.federation_code = ?1", connector::SELECT),
        format!("{} WHERE c.id = ?1", connector::SELECT),
        format!("{} {}", connector::SELECT, connector::BY_REDIRECT),
        format!("{} {}", credential::SELECT, credential::WALK),
        format!("{} {}", credential::SELECT, credential::OLDER),
        event::NEWEST.to_owned(),
        attempt::NEWEST.to_owned(),
        attempt::OLDER.to_owned(),
        attempt::FORGET.to_owned(),
        attempt::CONNECTORS.to_owned(),
        rate::NEWEST.to_owned(),
        rate::SINCE.to_owned(),
        rate::FORGET.to_owned(),
        rate::SHIFT.to_owned(),
        connection_test::LAST.to_owned(),
        connection_test::FORGET.to_owned(),
        "SELECT term, encryptions, made_at FROM credential_term WHERE term > 0 ORDER BY term"
            .to_owned(),
        "DELETE FROM credential WHERE connector_id = ?1".to_owned(),
        format!("{} {}", sign_in::SELECT, sign_in::EXCHANGING),
        format!("{} WHERE connector_id = ?1", sign_in::SELECT),
        format!("{} {}", pending_sign_in::SELECT, pending_sign_in::OVER),
        format!("{} WHERE connector_id = ?1", pending_sign_in::SELECT),
        "DELETE FROM pending_sign_in WHERE state_hash = ?1".to_owned(),
        "SELECT owner, fence FROM lease WHERE name = ?1".to_owned(),
        format!("{} WHERE own_id = ?1", club::SELECT),
        format!("{} WHERE id = ?1", club::SELECT),
        format!("{} {}", club_connection::SELECT, club_connection::LIVE),
        format!(
            "{} {}",
            club_connection::SELECT,
            club_connection::LIVE_BY_FEDERATION_ID
        ),
        format!("{} {}", club_connection::SELECT, club_connection::OF_CLUB),
        format!("{} {}", club_connection::SELECT, club_connection::ALL_LIVE),
        format!("{} {}", club_connection::SELECT, club_connection::ANY_LIVE),
        club_connection::EVENTS.to_owned(),
        club_connection::END_ALL.to_owned(),
        member::BY_EXTERNAL.to_owned(),
        member::BY_NAMES.to_owned(),
        member::ONWARDS.to_owned(),
        member::PLACES.to_owned(),
        member::PRESENT.to_owned(),
        plan_row::page_sql(),
        plan_row::all_sql(),
        plan_row::new_named_sql(),
        plan_row::TEXTS.to_owned(),
        plan_row::MOVED.to_owned(),
        plan_row::TAKEN.to_owned(),
        plan_row::SHARED_NAMES.to_owned(),
        plan_row::by_member_sql(),
        plan_row::LEAVE_OUT.to_owned(),
        super::apply::LAST_CHANGE.to_owned(),
        super::apply::LAST_NEW.to_owned(),
        match_choice::OF_CONNECTION.to_owned(),
        match_choice::ABOUT.to_owned(),
        field_choice::OF_CONNECTION.to_owned(),
        sync_run::newest_sql(),
        sync_run::of_in_state_sql(),
        run_list::one_sql(),
        run_list::FETCHING.to_owned(),
        undo_row::OUTLOOK.to_owned(),
        undo_row::MEMBERS.to_owned(),
        undo_row::ONE.to_owned(),
        undo_row::PENDING.to_owned(),
        undo_row::ANSWER.to_owned(),
        undo_row::ABOUT.to_owned(),
        undo_row::forget_sql(undo_row::FORGOTTEN[0]),
        undo_row::forget_sql(undo_row::FORGOTTEN[1]),
    ];
    for sql in queries {
        let plan = plan(&connection, &sql);
        assert_eq!(offence(&plan), None, "{sql} must use an index: {plan:?}");
    }
}

#[test]
fn erasing_a_person_walks_an_index() {
    use super::{erase, erased};

    let connection = schema();
    let mut queries = vec![
        erased::MARKS.to_owned(),
        erased::COUNT.to_owned(),
        erased::OF_ERASURE.to_owned(),
        erased::ALL.to_owned(),
        erased::UNCLEAN.to_owned(),
        erased::CLEAN.to_owned(),
        erased::SCRUBBED.to_owned(),
        erased::LET_IN.to_owned(),
        erased::ASKED_ONES.to_owned(),
        erase::CONNECTIONS.to_owned(),
        erase::RUN_IDS.to_owned(),
        erase::UNDO_ONWARDS.to_owned(),
        erase::PROPOSING.to_owned(),
        erase::COUNT_PLAN.to_owned(),
        erase::COUNT_UNDO.to_owned(),
        erase::COUNT_DECISIONS.to_owned(),
        erase::MASK.to_owned(),
        super::retention::LEAVERS.to_owned(),
        super::notice::ALL.to_owned(),
        super::notice::STANDS.to_owned(),
        super::notice::PLANS.to_owned(),
        super::retention::WAITING.to_owned(),
        super::retention::count_old("plan_row"),
        super::retention::count_old("undo_row"),
    ];
    for table in erase::OF_RUNS {
        queries.push(erase::rows_of_member(table));
        queries.push(erase::rows_of_id(table));
        queries.push(erase::rows_of_names(table));
    }
    for sql in queries {
        let plan = plan(&connection, &sql);
        let ours: Vec<String> = plan
            .into_iter()
            // Which marks are counted once is remembered in memory: a handful.
            .filter(|line| !line.contains("count(DISTINCT)"))
            .collect();
        assert_eq!(offence(&ours), None, "{sql} must use an index: {ours:?}");
    }
}

#[test]
fn every_history_of_runs_walks_an_index_in_order() {
    use super::sync_run::{AskedBy, RunState};
    use crate::clock::UtcMillis;

    let connection = schema();
    let states = [
        vec![],
        vec![
            (RunState::Held, None),
            (RunState::Planned, Some(AskedBy::Schedule)),
        ],
    ];
    for bits in 0..32_u32 {
        for states in &states {
            let is = |bit: u32| bits & (1 << bit) != 0;
            let query = run_list::RunQuery {
                connector: is(0).then(uuid::Uuid::nil),
                club: is(1).then(uuid::Uuid::nil),
                states: states.clone(),
                asked_by: is(2).then_some(AskedBy::Person),
                from: is(3).then_some(UtcMillis(1)),
                until: is(3).then_some(UtcMillis(2)),
                oldest_first: is(4),
                offset: 20,
                limit: 50,
            };
            for sql in [run_list::list_sql(&query).0, run_list::count_sql(&query).0] {
                let plan = plan(&connection, &sql);
                assert_eq!(
                    offence(&plan),
                    None,
                    "{query:?} must use an index: {plan:?}"
                );
            }
        }
    }
}

#[test]
fn every_list_of_the_audit_log_walks_an_index_in_order() {
    use super::{audit_entry, audit_list};
    use crate::audit::{AuditArea, AuditWhat};
    use crate::clock::UtcMillis;

    let connection = schema();
    let mut sqls: Vec<String> = [audit_entry::HEAD, audit_entry::AT, audit_entry::WITH_MEMBER]
        .map(str::to_owned)
        .to_vec();
    for bits in 0..32_u32 {
        let is = |bit: u32| bits & (1 << bit) != 0;
        let query = audit_list::AuditQuery {
            area: is(0).then_some(AuditArea::Syncs),
            what: is(1).then_some(AuditWhat::SyncApplied),
            connector: is(2).then(|| "football".to_owned()),
            from: is(3).then_some(UtcMillis(1)),
            until: is(3).then_some(UtcMillis(2)),
            before: is(4).then_some(100),
            limit: 50,
        };
        sqls.push(audit_list::list_sql(&query).0);
    }
    for sql in sqls {
        let plan = plan(&connection, &sql);
        assert_eq!(offence(&plan), None, "{sql} must use an index: {plan:?}");
    }
}

#[test]
fn every_filter_of_the_health_walks_an_index_in_order() {
    use super::health_filter::{HealthQuery, sql};
    use crate::failure::FailureClass;
    use crate::view::HealthState;

    let connection = schema();
    for bits in 0..32_u32 {
        let is = |bit: u32| bits & (1 << bit) != 0;
        let query = HealthQuery {
            codes: is(0).then(|| vec!["a".to_owned(), "b".to_owned()]),
            preset: is(1).then(|| "foireann".to_owned()),
            class: is(2).then_some(FailureClass::FederationDown),
            state: is(3).then_some(HealthState::Healthy),
            club: is(4).then(uuid::Uuid::nil),
        };
        let plan = plan(&connection, &sql(&query).0);
        assert_eq!(
            offence(&plan),
            None,
            "{query:?} must use an index: {plan:?}"
        );
    }
}

#[test]
fn checks_walk_an_index_in_order() {
    use super::{beat, connector_check};

    let connection = schema();
    for sql in [
        beat::NEWEST,
        beat::NEWEST_OF_ALL,
        beat::FORGET,
        connector_check::ALL,
    ] {
        let plan = plan(&connection, sql);
        assert_eq!(offence(&plan), None, "{sql} must use an index: {plan:?}");
    }
}
