//! A file of a format with people in it, as the version wrote it whose newest format that was: it opens, and has its members with
//! their words, its numbers, its plans, its runs and what undoing needs, all of it usable by the statements of today.
#![allow(clippy::unwrap_used, reason = "a failing test panics")]

use std::path::Path;

use uuid::Uuid;

use super::{MIGRATIONS, migrate};
use crate::clock::UtcMillis;
use crate::store::connection::{self, Mode};
use crate::store::match_choice::MatchChoiceRecord;
use crate::store::member_find::MemberQuery;
use crate::store::sync_run::{AskedBy, RunSource, RunState};
use crate::store::template::TemplateVersionRecord;
use crate::store::{SCHEMA_VERSION, Store, check, files, meta, rollup, transaction};
use crate::sync::match_choice::MatchChoice;
use crate::uptime::Bearing;
use crate::view::{MemberFilter, MemberSort};

const KEY: &str = "x'000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'";
const ID: Uuid = Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0001);
const NOW: UtcMillis = UtcMillis(1_795_433_612_000);
/// The first format with runs, and who is kept out.
const FIRST: usize = 8;
/// The first format whose plans are compared as today.
const COMPARED_SINCE: usize = 13;

const CONNECTOR: Uuid = Uuid::from_u128(1);
const CONNECTION: Uuid = Uuid::from_u128(3);
const APPLIED: Uuid = Uuid::from_u128(4);
const PLANNED: Uuid = Uuid::from_u128(5);
const SEAN: Uuid = Uuid::from_u128(11);
const AOIFE: Uuid = Uuid::from_u128(12);
const GONE: Uuid = Uuid::from_u128(13);
const NEW: Uuid = Uuid::from_u128(14);

/// Written with the columns that format 8 has.
const PEOPLE: &str = "
    INSERT INTO connector (id, federation_code, name, name_key, search_key, status, state, attention, auth_kind,
        environment, preset, template, created_at, updated_at)
        VALUES (i(1), 'GAA', 'GAA', 'gaa', 'gaa', 'active', 'healthy', 1, 'basic', 'test', 'gaa', 'mine', 0, 0);
    INSERT INTO connector_settings VALUES (i(1), '{\"endpoints\":{\"membership_list\":\"/v1/members?club=7\"}}');
    INSERT INTO organisation VALUES (i(2), 'ballyduff', 'Ballyduff', 'ballyduff', 'ballyduff', 0, 0);
    INSERT INTO connection (id, connector_id, organisation_id, federation_org_id, search_key, enabled_at, created_at)
        VALUES (i(3), i(1), i(2), 'club-1', '', 0, 0);
    INSERT INTO connection_sync (connection_id, policy, schedule, enabled) VALUES (i(3), 'apply_safe', '0 6 * * *', 1);
    INSERT INTO lease VALUES ('run:x', NULL, 7, 0);
    INSERT INTO attempt (connector_id, at, id, endpoint, method, status, finding, ms, bytes, number)
        VALUES (i(1), 5, i(6), '/v1/members/{member_id}', 'GET', 200, NULL, 12, 300, 1),
            (i(1), 6, i(7), '/v1/members', 'GET', 503, 'server_error', 40, 0, 1),
            (i(1), 7, i(8), '/v1/members/{member_id}', 'GET', 404, 'not_found', 9, 0, 1),
            (i(1), 8, i(9), '/v1/typed', 'GET', 403, 'forbidden', 9, 0, 1),
            (i(1), 9, i(10), '/v1/members', 'GET', 403, 'forbidden', 9, 0, 1),
            (i(1), 10, i(11), '/v1/members', 'GET', NULL, 'offline', 9, 0, 1),
            (i(1), 3600000, i(12), '/v1/members', 'GET', 200, NULL, 80, 300, 1);
    INSERT INTO sync_run (id, connection_id, source, asked_by, state, started_at, fence, creates, unchanged, hash,
        template, applied_at)
        VALUES (i(4), i(3), 'sync', 'person', 'applied', 10, 1, 2, 1, 'aa', 'mine', 20);
    INSERT INTO sync_run (id, connection_id, source, asked_by, state, started_at, fence, creates, updates, leavers, hash,
        template) VALUES (i(5), i(3), 'sync', 'schedule', 'planned', 30, 2, 1, 1, 1, 'bb', 'mine');
    INSERT INTO member (id, connection_id, external_id, names_key, name_key, search_key, status, current, base, run_id,
        created_at, updated_at)
        VALUES (i(11), i(3), 'F-1', 'murphy sean', 'murphy' || char(31) || 'sean', ' sean o murphy omurphy', 'active',
            '{\"first_name\":\"Seán\",\"date_of_birth\":\"2012-03-04\"}', '', i(4), 20, 20);
    INSERT INTO member (id, connection_id, external_id, names_key, name_key, search_key, status, current, base, edited_at,
        run_id, created_at, updated_at, version)
        VALUES (i(12), i(3), 'F-2', 'walsh aoife', 'walsh' || char(31) || 'aoife', ' aoife walsh naas', 'active',
            '{\"first_name\":\"Aoife\",\"town\":\"Naas\"}', '{\"first_name\":\"Aoife\"}', 25, i(4), 20, 25, 2);
    INSERT INTO member (id, connection_id, names_key, name_key, search_key, current, base, left_at, created_at, updated_at)
        VALUES (i(13), i(3), NULL, 'walsh', '', '{}', NULL, 22, 20, 22);
    UPDATE member SET search_key = ' sean murphy', updated_at = 21 WHERE id = i(11);
    INSERT INTO conflict_decision VALUES (i(12), 'town', 'club', NULL, NULL, 'Naas', 26);
    INSERT INTO undo_row (run_id, member_id, existed, version, after_version) VALUES (i(4), i(11), 0, 0, 1);
    INSERT INTO undo_row (run_id, member_id, existed, version, after_version) VALUES (i(4), i(12), 0, 0, 1);
    INSERT INTO kept_out VALUES (i(3), zeroblob(32), i(4), 27);";

/// The rows of the plan that waits.
const PLAN: &str = "
    INSERT INTO plan_row (run_id, number, kind, acts, member_id, external_id, names_key, name_key, search_key, status,
        remote, after, after_base, detail) VALUES (i(5), 1, 'create', 0, i(14), 'F-3', 'walsh aoife',
            'walsh' || char(31) || 'aoife', ' aoife walsh', 'active', '{\"first_name\":\"Aoife\"}',
            '{\"first_name\":\"Aoife\"}', '', '{}');
    INSERT INTO plan_row (run_id, number, kind, acts, member_id, member_version, external_id, names_key, name_key,
        search_key, status, remote, after, after_base, detail) VALUES (i(5), 2, 'update', 1, i(11), 1, 'F-1',
            'murphy sean', 'murphy' || char(31) || 'sean', ' sean murphy tralee', 'active',
            '{\"first_name\":\"Seán\",\"town\":\"Tralee\"}', '{\"first_name\":\"Seán\",\"town\":\"Tralee\"}', '', '{}');
    INSERT INTO plan_row (run_id, number, kind, acts, member_id, member_version, name_key, search_key, after, after_base,
        left_at, detail) VALUES (i(5), 3, 'leaver', 1, i(12), 2, 'walsh', ' aoife walsh naas',
            '{\"first_name\":\"Aoife\",\"town\":\"Naas\"}', '{\"first_name\":\"Aoife\"}', 30, '{}');";

/// `i(n)` as the literal of the identifier of that number.
fn with_ids(sql: &str) -> String {
    let mut text = String::new();
    let mut rest = sql;
    while let Some((before, after)) = rest.split_once("i(") {
        let (number, behind) = after.split_once(')').unwrap();
        text.push_str(before);
        let literal = match number.parse::<u128>() {
            Ok(number) => format!("x'{}'", Uuid::from_u128(number).simple()),
            Err(_) => format!("i({number})"),
        };
        text.push_str(&literal);
        rest = behind;
    }
    text + rest
}

fn as_released(path: &Path, format: usize) {
    let list = &MIGRATIONS[..format];
    files::create_private(path).unwrap();
    let mut connection = connection::open(path, KEY, Mode::Write).unwrap();
    migrate(&mut connection, path, list, NOW).unwrap();
    transaction::write(&mut connection, path, |tx| {
        tx.set_meta(meta::DATABASE_ID, &ID.to_string())?;
        tx.connection
            .execute_batch(&with_ids(&format!("{PEOPLE}{PLAN}")))
            .unwrap();
        Ok(())
    })
    .unwrap();
    connection::close(connection);
}

/// Each word of each member, in order.
fn words(store: &Store) -> Vec<(String, Uuid)> {
    store
        .read_blocking(|tx| {
            let mut statement = tx
                .connection
                .prepare("SELECT word, member_id FROM member_word ORDER BY word, member_id")
                .unwrap();
            let rows = statement.query_map([], |row| {
                Ok((row.get(0)?, Uuid::from_bytes(row.get::<_, [u8; 16]>(1)?)))
            });
            Ok(rows.unwrap().map(Result::unwrap).collect())
        })
        .unwrap()
}

fn named(words: &[(&str, Uuid)]) -> Vec<(String, Uuid)> {
    words
        .iter()
        .map(|(word, id)| ((*word).to_owned(), *id))
        .collect()
}

fn found(store: &Store, word: &str) -> Vec<Uuid> {
    let query = MemberQuery {
        connections: None,
        words: vec![word.to_owned()],
        filter: MemberFilter::All,
        sort: MemberSort::Name,
        descending: false,
        after: None,
        limit: 9,
    };
    let hits = store.read_blocking(|tx| tx.find_members(&query)).unwrap();
    hits.rows.iter().map(|hit| hit.place.id).collect()
}

fn opened(path: &Path, format: usize) -> Store {
    as_released(path, format);
    let store = Store::open(path, KEY, ID, NOW, |_, _, _| Ok(())).unwrap();
    assert_eq!(store.schema_version().unwrap(), SCHEMA_VERSION, "upgraded");
    store
}

fn each_format(work: impl Fn(usize, &Store)) {
    for format in FIRST..=MIGRATIONS.len() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("connectors.db");
        let store = opened(&path, format);
        work(format, &store);
        assert_eq!(
            check::check(&store).unwrap().problems,
            Vec::<String>::new(),
            "from format {format}: the file is whole"
        );
        store.close().unwrap();
    }
}

#[test]
fn members_of_older_files_keep_their_words_and_are_counted() {
    each_format(|format, store| {
        assert_eq!(
            words(store),
            named(&[
                ("aoife", AOIFE),
                ("murphy", SEAN),
                ("naas", AOIFE),
                ("sean", SEAN),
                ("walsh", AOIFE),
            ]),
            "from format {format}: every word, and none of before a change"
        );
        assert_eq!(found(store, "murph"), [SEAN], "from format {format}: found");
        let (number, members) = store
            .read_blocking(|tx| {
                let all = tx.members(CONNECTION, None, 10)?;
                Ok((tx.count_members(None)?, all))
            })
            .unwrap();
        assert_eq!(number, 3, "from format {format}: counted");
        let has_base: Vec<bool> = members.iter().map(|one| one.base.is_some()).collect();
        assert_eq!(members.len(), 3, "from format {format}: all are there");
        assert_eq!(
            has_base.iter().filter(|has| **has).count(),
            2,
            "from format {format}: what the federation gave is kept"
        );
        let present = store.read_blocking(|tx| tx.count_present(CONNECTION));
        assert_eq!(
            present.unwrap(),
            2,
            "from format {format}: given and not left"
        );
        // The ways of today, on rows of before.
        store
            .write_blocking(|tx| {
                tx.delete_member(AOIFE)?;
                Ok(())
            })
            .unwrap();
        assert_eq!(
            words(store),
            named(&[("murphy", SEAN), ("sean", SEAN)]),
            "from format {format}: whoever goes takes her words along"
        );
        let number = store.read_blocking(|tx| tx.count_members(None)).unwrap();
        assert_eq!(
            number, 2,
            "from format {format}: counted from where it stood"
        );
    });
}

#[test]
fn runs_of_older_files_can_be_looked_at_undone_and_applied() {
    each_format(|format, store| {
        let (run, waiting, outlook, kept_out) = store
            .read_blocking(|tx| {
                Ok((
                    tx.run(APPLIED)?.unwrap(),
                    tx.runs_in_of(RunState::Planned, CONNECTION)?,
                    tx.undo_outlook(APPLIED)?,
                    tx.is_kept_out(CONNECTION, &[0; 32])?,
                ))
            })
            .unwrap();
        assert_eq!(
            (run.source, run.asked_by, run.state, run.counts.creates),
            (RunSource::Sync, AskedBy::Person, RunState::Applied, 2),
            "from format {format}: history stays"
        );
        assert_eq!(
            (run.erased, run.left_out, run.template_version),
            (0, 0, None),
            "from format {format}: nothing is said that was not known then"
        );
        let waits = format >= COMPARED_SINCE;
        assert_eq!(
            waiting.len(),
            usize::from(waits),
            "from format {format}: a plan waits where it can be compared"
        );
        assert_eq!(
            (outlook.can, outlook.edited_later),
            (vec![SEAN], vec![AOIFE]),
            "from format {format}: what can be undone"
        );
        assert!(kept_out, "from format {format}: who is kept out stays out");
        store
            .write_blocking(|tx| {
                if !waits {
                    let ended = tx.run(PLANNED)?.unwrap();
                    assert_eq!(
                        (ended.state, ended.counts.updates),
                        (RunState::Superseded, 1),
                        "from format {format}: it is ended and stays as history"
                    );
                    let said = ended.message.unwrap_or_default();
                    assert!(
                        said.contains("the app was updated"),
                        "from format {format}: and says why: {said}"
                    );
                    // The same plan, made anew.
                    tx.connection.execute_batch(&with_ids(PLAN)).unwrap();
                }
                let shared = tx.plan_shared_names(PLANNED, CONNECTION)?;
                assert_eq!(shared, ["walsh aoife"], "from format {format}: namesakes");
                let moved = tx.plan_moved(PLANNED, CONNECTION, 9)?;
                assert_eq!(moved, [], "from format {format}: nothing has moved");
                assert_eq!(
                    tx.leave_leavers_out(PLANNED)?,
                    1,
                    "from format {format}: one"
                );
                let done = tx.apply_plan(PLANNED, CONNECTION, NOW)?;
                assert_eq!(done, 2, "from format {format}: one changed, one came");
                Ok(())
            })
            .unwrap();
        assert_eq!(
            found(store, "tralee"),
            [SEAN],
            "from format {format}: new words of an old member"
        );
        assert_eq!(
            found(store, "aoife"),
            [AOIFE, NEW],
            "from format {format}: the old one stayed, the new one came"
        );
        assert_eq!(
            store.read_blocking(|tx| tx.count_members(None)).unwrap(),
            4,
            "from format {format}: counted on"
        );
    });
}

#[test]
fn attempts_of_older_files_are_rolled_up() {
    use crate::uptime::Tally;

    each_format(|format, store| {
        if format >= rollup::SINCE as usize {
            // Such a file has rolled them up itself as they came, which these rows of ours were not.
            return;
        }
        let (hours, days, row) = store
            .read_blocking(|tx| {
                Ok((
                    tx.hours(CONNECTOR, 0, 9)?,
                    tx.days(CONNECTOR, 0, 9)?,
                    tx.health_row(CONNECTOR, UtcMillis(2 * 86_400_000))?,
                ))
            })
            .unwrap();
        let mut first = Tally::default();
        for (bearing, ms) in [
            (Bearing::Answered, 12),
            (Bearing::Failed, 40),
            (Bearing::Aside, 9),
            (Bearing::Aside, 9),
            (Bearing::Failed, 9),
            (Bearing::Uncounted, 9),
        ] {
            first.add(bearing, ms);
        }
        let mut second = Tally::default();
        second.add(Bearing::Answered, 80);
        let tallies: Vec<Tally> = hours.into_iter().map(|one| one.tally).collect();
        assert_eq!(
            tallies,
            [first.clone(), second.clone()],
            "from format {format}: by the hour, and a club's own 404 and a typed path stand aside"
        );
        first.merge(&second);
        assert_eq!(days.len(), 1, "from format {format}: of one day");
        assert_eq!(days[0].tally, first, "from format {format}: and by the day");
        assert_eq!(
            row.unwrap().week.mean(),
            Some(666_667),
            "from format {format}: one of three, and one of one"
        );
    });
}

#[test]
fn older_files_take_what_is_new() {
    each_format(|format, store| {
        store
            .write_blocking(|tx| {
                let (users, number) = tx.template_users("mine", 9)?;
                assert_eq!(
                    (users.len(), number),
                    (1, 1),
                    "from format {format}: the connector's own template is known"
                );
                let plans = tx.open_plans_of_template("mine")?;
                assert_eq!(
                    plans.len(),
                    usize::from(format >= COMPARED_SINCE),
                    "from format {format}: the plan that it ends"
                );
                tx.put_template_version(&TemplateVersionRecord {
                    template_id: "mine".to_owned(),
                    version: 1,
                    name: "Mine".to_owned(),
                    toml: String::new(),
                    saved_at: NOW,
                    restored_from: None,
                })?;
                assert_eq!(
                    tx.audit_end()?.seq,
                    0,
                    "from format {format}: the log begins"
                );
                for (key, choice) in [
                    ([1; 32], MatchChoice::Member(GONE)),
                    ([2; 32], MatchChoice::Leave),
                ] {
                    tx.put_match_choice(&MatchChoiceRecord {
                        connection_id: CONNECTION,
                        key,
                        choice,
                        run_id: PLANNED,
                        chosen_at: NOW,
                    })?;
                }
                tx.delete_member(GONE)?;
                assert_eq!(
                    tx.match_choices(CONNECTION)?
                        .into_keys()
                        .collect::<Vec<_>>(),
                    [[2; 32]],
                    "from format {format}: a choice goes with its member"
                );
                Ok(())
            })
            .unwrap();
        let purged = store.write_blocking(|tx| {
            tx.connection
                .execute(
                    "DELETE FROM connector WHERE id = ?1",
                    [CONNECTOR.as_bytes().as_slice()],
                )
                .unwrap();
            Ok(())
        });
        purged.unwrap();
        assert_eq!(
            words(store),
            [],
            "from format {format}: a cascade takes all words along"
        );
    });
}
