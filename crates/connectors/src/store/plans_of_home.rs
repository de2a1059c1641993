//! What Home reads, one line of the error log, and the lists of templates walk an index too.

use super::plans::{offence, plan, schema};
use super::{error_log, home, template};

#[test]
fn what_home_reads_walks_an_index() {
    let connection = schema();
    for sql in [
        home::CONNECTORS,
        home::CLUBS,
        home::WAITING,
        home::OF_CONNECTOR,
        &error_log::one_sql(),
    ] {
        let plan = plan(&connection, sql);
        assert_eq!(offence(&plan), None, "{sql} must use an index: {plan:?}");
    }
}

#[test]
fn every_list_of_templates_walks_an_index_in_order() {
    let connection = schema();
    for sql in [
        template::stored_sql(),
        template::versions_sql(),
        template::USERS.to_owned(),
        template::USERS_COUNT.to_owned(),
        template::open_plans_sql(),
    ] {
        let plan = plan(&connection, &sql);
        assert_eq!(offence(&plan), None, "{sql} must use an index: {plan:?}");
    }
}
