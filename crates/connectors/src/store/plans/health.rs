//! Health and the error log.

use super::super::{error_log, health_row, rollup};
use super::{offence, plan, schema};
use crate::clock::UtcMillis;
use crate::failure::FailureClass;

#[test]
fn health_walks_an_index() {
    let connection = schema();
    let mut sqls: Vec<String> = [
        rollup::HOUR,
        rollup::HOURS,
        rollup::DAYS,
        rollup::HOURS_OF_ALL,
        rollup::FORGET_HOURS,
        rollup::FORGET_DAYS,
        error_log::LAST_KEPT,
        error_log::FORGET,
        error_log::CLEAR,
    ]
    .map(str::to_owned)
    .to_vec();
    sqls.push(health_row::one_sql());
    sqls.push(health_row::all_sql());
    for bits in 0..32_u32 {
        let is = |bit: u32| bits & (1 << bit) != 0;
        let query = error_log::ErrorQuery {
            connector: is(0).then(uuid::Uuid::nil),
            class: is(1).then_some(FailureClass::BadAnswer),
            since: is(2).then_some(UtcMillis(1)),
            before: is(3).then_some((UtcMillis(2), uuid::Uuid::nil())),
            club: is(4).then(uuid::Uuid::nil),
            limit: 50,
        };
        sqls.push(error_log::list_sql(&query).0);
        sqls.push(error_log::count_sql(&query).0);
    }
    for sql in sqls {
        let plan = plan(&connection, &sql);
        let ours: Vec<String> = plan
            .into_iter()
            // What is counted is walked by an index in the line below it.
            .filter(|line| !line.starts_with("SCAN (subquery"))
            .collect();
        assert_eq!(offence(&ours), None, "{sql} must use an index: {ours:?}");
    }
}
