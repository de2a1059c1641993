//! Several processes over one folder, and processes that are killed in the middle of a write.

use std::time::Duration;

use connectors::App;
use connectors::error::Code;
use connectors::store::Store;
use connectors::vault::{KeychainCaller, Place, Sealed, Sidecar, unlock_with_keychain};
use connectors::view::{ConnectorListRequest, InitialiseRequest};
use testkit::seeded_random::SeededRandom;
use testkit::{FileKeychain, START};

use super::child::{Ground, day};
use super::support::{add, code, codes};
use crate::store::child::start;
use crate::store::support::rounds;

/// What is stored for `ballyduff`: the number of its key, read past the app and compared with the
/// mark that was stored beside it.
fn stored_number(ground: &Ground) -> Option<u32> {
    let sidecar = Sidecar::read(&ground.data().join("connectors.keys.json"))
        .unwrap()
        .expect("there is a sidecar");
    let keychain = FileKeychain::at(&ground.root().join("keychain.json"));
    let caller = KeychainCaller::new(std::sync::Arc::new(keychain));
    let vault = unlock_with_keychain(&sidecar, &caller).unwrap();
    let store = Store::open(
        &ground.data().join("connectors.db"),
        &vault.file_key().sqlcipher_pragma_value(),
        vault.database_id(),
        connectors::clock::UtcMillis(START),
        |_, _, _| Ok(()),
    )
    .unwrap();
    let row = store
        .read_blocking(|tx| {
            let record = tx.connector_by_code("ballyduff")?.expect("it is there");
            record
                .credential_id
                .map_or(Ok(None), |id| tx.credential(id))
        })
        .unwrap();
    store.close().unwrap();
    let row = row?;
    let field = format!("{}:{}", row.field, row.id);
    let place = Place {
        database_id: vault.database_id(),
        table: "credential",
        column: "sealed",
        connector_id: row.connector_id,
        field: &field,
    };
    let plain = vault
        .open(&place, &Sealed::from_stored(row.sealed))
        .expect("what is stored can be opened");
    let text = String::from_utf8(plain.to_vec()).unwrap();
    let number = text
        .split("\"key-")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .and_then(|digits| digits.parse().ok())
        .expect("the key is a numbered one");
    assert_eq!(
        row.expires_on.as_deref(),
        Some(day(number).as_str()),
        "the key and the day beside it are of one write"
    );
    Some(number)
}

async fn whole(app: &App) {
    app.open().await.expect("a kill leaves a file that opens");
    let check = app.db_check().await.unwrap();
    assert!(check.ok, "and a whole one: {check:?}");
    app.lock().await.unwrap();
}

#[tokio::test]
async fn kill_during_credential_writes_loses_none_that_was_acknowledged() {
    let ground = Ground::new();
    let app = ground.app();
    app.initialise(InitialiseRequest::Keychain).await.unwrap();
    add(&app, "ballyduff").await;
    app.lock().await.unwrap();
    let chance = SeededRandom::new(29);
    let mut acknowledged = None;
    let mut in_flight = 0;
    for round in 0..rounds(100, 1_000) {
        let first = stored_number(&ground).map_or(0, |number| number + 1);
        let mut command = ground.command("credentials");
        let mut child = start(command.env("FC_FIRST", first.to_string()));
        assert_eq!(
            child.fact().as_deref(),
            Some("ready"),
            "round {round}: the child is at work"
        );
        for _ in 0..chance.below(4) {
            let fact = child.fact().expect("it goes on until it is killed");
            acknowledged = fact.strip_prefix("ack ").map(|n| n.parse().unwrap());
            assert!(acknowledged.is_some(), "round {round}: {fact}");
        }
        // Any moment of the next write will do; the moment itself is what varies.
        std::thread::sleep(Duration::from_micros(chance.below(8_000) as u64));
        child.kill();
        while let Some(fact) = child.fact() {
            acknowledged = fact.strip_prefix("ack ").map(|n| n.parse().unwrap());
        }
        let found = stored_number(&ground);
        let next = acknowledged.map_or(first, |n| n + 1);
        assert!(
            found == acknowledged || found == Some(next),
            "round {round}: acknowledged {acknowledged:?}, found {found:?}"
        );
        in_flight += u32::from(found != acknowledged);
        acknowledged = found;
        if round % 10 == 0 {
            whole(&app).await;
        }
    }
    whole(&app).await;
    assert!(
        acknowledged.is_some_and(|n| n > 10),
        "writes were under way: {acknowledged:?}, {in_flight} of them stored and not yet told"
    );
}

#[tokio::test]
async fn two_processes_add_fifty_each_and_none_is_lost() {
    let ground = Ground::new();
    let app = ground.app();
    app.initialise(InitialiseRequest::Keychain).await.unwrap();
    let children: Vec<_> = [0, 50]
        .into_iter()
        .map(|first| {
            let mut command = ground.command("adder");
            start(
                command
                    .env("FC_FIRST", first.to_string())
                    .env("FC_COUNT", "50"),
            )
        })
        .collect();
    for child in children {
        let told = child.finish();
        assert_eq!(told.len(), 50, "each process adds all of its own: {told:?}");
    }
    let mut expected: Vec<String> = (0..100).map(|n| format!("club_{n:03}")).collect();
    let mut found = codes(&app, ConnectorListRequest::default()).await;
    found.sort();
    expected.sort();
    assert_eq!(found, expected, "a third one sees all of them");
}

#[tokio::test]
async fn a_folder_that_another_process_has_open_is_not_restored_over() {
    let ground = Ground::new();
    let app = ground.app();
    app.initialise(InitialiseRequest::Keychain).await.unwrap();
    add(&app, "ballyduff").await;
    let backup = app.db_backup(None).await.unwrap();
    add(&app, "afterwards").await;
    let mut holder = start(&mut ground.command("holder"));
    assert_eq!(holder.fact().as_deref(), Some("ready"), "it has it open");
    let outcome = app.db_restore(backup.path.as_ref()).await;
    assert_eq!(
        code(outcome),
        Code::StorageFailed,
        "the other one would go on with files that are no longer there"
    );
    assert_eq!(
        codes(&app, ConnectorListRequest::default()).await.len(),
        2,
        "this one has it open as before"
    );
    app.lock()
        .await
        .expect("locking concerns this process only");
    app.open().await.unwrap();
    holder.kill();
    app.db_restore(backup.path.as_ref())
        .await
        .expect("a dead process holds nothing");
    assert_eq!(
        codes(&app, ConnectorListRequest::default()).await,
        ["ballyduff"],
        "the backup is in place"
    );
}

#[tokio::test]
async fn two_first_runs_at_once_make_one_key() {
    let ground = Ground::new();
    let children = [(), ()].map(|()| start(&mut ground.command("initialise")));
    let mut told: Vec<String> = children
        .into_iter()
        .flat_map(crate::store::child::Running::finish)
        .collect();
    told.sort();
    assert_eq!(told.len(), 2, "both tell what became of it: {told:?}");
    assert!(
        told[0].starts_with("initialise AlreadyInitialised") && told[1] == "initialise ok",
        "the second one finds the file of the first: {told:?}"
    );
    ground
        .app()
        .open()
        .await
        .expect("with the key of that file");
}

#[cfg(unix)]
#[tokio::test]
async fn a_key_that_could_not_be_written_is_never_used() {
    let ground = Ground::new();
    let told = start(&mut ground.command("keys")).finish();
    let expected = [
        "rotate StorageFailed",
        "term 1, 1 way in",
        "passphrase StorageFailed",
        "term 1, 1 way in",
        "store ok",
    ];
    assert_eq!(told.len(), expected.len(), "{told:?}");
    for (fact, start) in told.iter().zip(expected) {
        assert!(
            fact.starts_with(start),
            "what is not on the disk is not there: {fact}, expected {start}"
        );
    }
    assert_eq!(
        stored_number(&ground),
        Some(7),
        "a credential sealed with a key that was never written would be lost"
    );
}
