//! Damaged files (bar 34) and what is left of what was deleted (bars 11, 23, 37).

use std::fs;

use connectors::error::Code;
use connectors::store::{self, Store, check::check};

use super::support::{
    DATABASE_ID, KEY, NOW, OTHER_KEY, PAUSED, Place, connector, contents, credential, holds, id,
    open, rounds,
};

/// A linear congruential generator (Knuth's MMIX): the cases differ and can be repeated.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

fn good_file() -> Vec<u8> {
    let place = Place::new();
    let store = place.create();
    store
        .write_blocking(|tx| {
            for n in 0..120 {
                tx.insert_connector(&connector(n))?;
            }
            Ok(())
        })
        .unwrap();
    store.close().unwrap();
    fs::read(place.data()).unwrap()
}

fn foreign_file() -> Vec<u8> {
    let place = Place::new();
    let connection = rusqlite::Connection::open(place.data()).unwrap();
    connection
        .execute_batch("CREATE TABLE meta (key TEXT, value TEXT); PRAGMA user_version = 1;")
        .unwrap();
    drop(connection);
    fs::read(place.data()).unwrap()
}

#[test]
fn five_hundred_damaged_files_are_told_and_kept() {
    let good = good_file();
    let foreign = foreign_file();
    let mut chance = Chance(7);
    let pages = good.len() / 4096;
    let (mut refused, mut found_by_check) = (0, 0);
    for round in 0..rounds(100, 500) {
        let mut bytes = good.clone();
        let mut key = KEY;
        let what = match round % 8 {
            0 => {
                let at = chance.below(bytes.len());
                bytes[at] ^= 1 << chance.below(8);
                format!("bit flipped at {at}")
            }
            1 => {
                let at = chance.below(4096);
                bytes[at] ^= 1 << chance.below(8);
                format!("bit of the first page flipped at {at}")
            }
            2 => {
                bytes.truncate(chance.below(good.len()));
                format!("cut to {}", bytes.len())
            }
            3 => {
                bytes.truncate(4096 * chance.below(pages));
                format!("cut to {} at a page", bytes.len())
            }
            4 => {
                let page = chance.below(pages);
                bytes[page * 4096..(page + 1) * 4096].fill(0);
                format!("page {page} zeroed")
            }
            5 => {
                bytes[..16].copy_from_slice(b"SQLite format 3\0");
                "wrong magic".to_owned()
            }
            6 => {
                bytes.clone_from(&foreign);
                "a foreign database".to_owned()
            }
            _ => {
                key = OTHER_KEY;
                "a wrong key".to_owned()
            }
        };
        let place = Place::new();
        fs::write(place.data(), &bytes).unwrap();
        match Store::open(&place.data(), key, DATABASE_ID, NOW, |_, _, _| Ok(())) {
            Err(error) => {
                assert_eq!(error.code(), Code::Damaged, "{what}: {error}");
                refused += 1;
            }
            // A page that opening does not read.
            Ok(store) => {
                let result = check(&store).unwrap_or_else(|error| panic!("{what}: {error}"));
                assert!(
                    !result.problems.is_empty(),
                    "{what} must be found by the check"
                );
                drop(store);
                found_by_check += 1;
            }
        }
        let after = contents(place.folder.path());
        assert!(
            after["connectors.db"] == bytes,
            "{what}: the file is kept byte for byte"
        );
        assert_eq!(
            after.len(),
            1,
            "{what}: nothing is left beside it: {:?}",
            after.keys()
        );
    }
    assert!(
        refused > 0 && found_by_check > 0,
        "both ways of finding damage were used: {refused}, {found_by_check}"
    );
}

#[test]
fn an_undamaged_file_has_no_problem() {
    let place = Place::new();
    fs::write(place.data(), good_file()).unwrap();
    let result = check(&place.open()).unwrap();
    assert_eq!(
        result.problems,
        Vec::<String>::new(),
        "the control run finds nothing"
    );
    assert!(
        result.pages > 10,
        "and has read the pages: {}",
        result.pages
    );
}

#[test]
fn the_check_finds_credentials_that_belong_to_nobody() {
    let place = Place::new();
    let store = place.create();
    store
        .write_blocking(|tx| {
            tx.insert_connector(&connector(1))?;
            tx.insert_credential(&credential(100, id(1), "lost"))?;
            let mut thief = connector(2);
            thief.credential_id = Some(id(100));
            tx.insert_connector(&thief)
        })
        .unwrap();
    let problems = check(&store).unwrap().problems;
    assert_eq!(
        problems,
        [
            "1 credentials that no connector points to",
            "1 connectors that point to another one's credentials"
        ],
        "both sides of the wrong reference"
    );
}

#[test]
fn setting_aside_renames_and_overwrites_nothing() {
    let place = Place::new();
    for n in 0..3_u8 {
        fs::write(place.data(), [n; 9]).unwrap();
        fs::write(place.folder.path().join("connectors.db-wal"), [n; 5]).unwrap();
        let aside = store::set_aside(&place.data(), NOW).unwrap();
        assert!(!place.data().exists(), "the place is free");
        assert_eq!(fs::read(&aside).unwrap(), [n; 9], "the bytes are kept");
        let log = format!("{}-wal", aside.display());
        assert_eq!(fs::read(log).unwrap(), [n; 5], "its log goes with it");
    }
    let names: Vec<_> = contents(place.folder.path()).into_keys().collect();
    assert_eq!(names.len(), 6, "three pairs, none overwritten: {names:?}");
    assert!(
        names[0].starts_with("connectors.db.damaged-2026"),
        "the name says when: {names:?}"
    );
}

/// All pages in clear, free ones included.
fn decrypted(place: &Place) -> Vec<u8> {
    let mut connection = rusqlite::Connection::open(place.data()).unwrap();
    connection
        .execute_batch(&format!(
            "PRAGMA cipher_log_level = NONE; PRAGMA key = \"{KEY}\";"
        ))
        .unwrap();
    connection.serialize(rusqlite::MAIN_DB).unwrap().to_vec()
}

#[test]
fn a_purged_credential_is_in_no_page_and_in_no_log() {
    let place = Place::new();
    let store = place.create();
    let needle = "c2VhbGVkIG9uY2UgYW5kIGRlc3Ryb3llZA==".repeat(300);
    store
        .write_blocking(|tx| {
            let mut record = connector(1);
            record.credential_id = Some(id(100));
            tx.insert_connector(&record)?;
            tx.insert_credential(&credential(100, id(1), &needle))
        })
        .unwrap();
    store.checkpoint().unwrap();
    let part = &needle.as_bytes()[..32];
    assert!(
        holds(&decrypted(&place), part),
        "the search finds it while it is there"
    );
    store
        .write_blocking(|tx| {
            assert!(tx.mark_deleted(id(1), 1, PAUSED, NOW)?, "it is live");
            assert!(tx.purge_connector(id(1), 2, NOW)?, "it is deleted");
            Ok(())
        })
        .unwrap();
    store.checkpoint().unwrap();
    let log = place.folder.path().join("connectors.db-wal");
    assert_eq!(fs::metadata(log).unwrap().len(), 0, "the log is empty");
    assert!(
        !holds(&decrypted(&place), part),
        "no page holds it, free ones included"
    );
    drop(store);
    assert!(open(&place.data()).is_ok(), "the file goes on working");
}
