//! `sync resolve --similar`: what was decided for one member is decided for all in the same conflict.

use connectors::members::MemberField;
use connectors::secret::SecretText;
use connectors::{App, AppOptions};
use practice_federation::Practice;

use crate::support::{Home, PASSPHRASE};
use crate::sync::{CLUB, connected, sync};

const FEDERATIONS: &str = "+353860000002";

/// Members whose telephone is changed here and there; their ids at the federation.
fn in_conflict(home: &Home, federation: &Practice, wanted: usize) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let ids = runtime.block_on(async {
        let app = App::new(AppOptions::system(home.data_dir()));
        app.unlock(Some(SecretText::new(PASSPHRASE.to_owned())))
            .await
            .unwrap();
        let all = app.member_list(CLUB[0], CLUB[2], None, 100).await.unwrap();
        let mut ids = Vec::new();
        for one in all.rows.iter().take(wanted) {
            let phone = [(MemberField::Phone, Some("+353860000001".to_owned()))];
            app.member_edit(&one.member_id, one.version, &phone)
                .await
                .unwrap();
            ids.extend(one.values.get(MemberField::ExternalId).map(str::to_owned));
        }
        app.lock().await.unwrap();
        ids
    });
    federation.change_members(|members| {
        for one in members.iter_mut().filter(|one| ids.contains(&one.id)) {
            one.mobile = Some(FEDERATIONS.to_owned());
        }
    });
    ids
}

#[test]
fn s09_similar_conflicts_are_decided_with_one_command() {
    let (home, federation) = connected();
    sync(&home, &["preview"], 0);
    sync(&home, &["apply"], 0);
    let ids = in_conflict(&home, &federation, 3);
    let plan = sync(&home, &["preview"], 4);
    assert_eq!(plan["counts"]["conflicts"], 3, "{plan}");
    let words = |take: &'static str| {
        let what = ["--member", &ids[0], "--field", "phone", "--take", take];
        [&["sync", "resolve", "--similar"][..], &CLUB, &what].concat()
    };
    home.run(&words("+353860000003")).expect_code(2);
    let text = home.run(&words("federation")).expect_code(0).stdout;
    assert!(text.contains("No conflict is left"), "{text}");
    sync(&home, &["apply"], 0);
    let listed = home
        .run(&[&["--json", "member", "list"][..], &CLUB].concat())
        .expect_code(0)
        .json();
    let same = listed
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["phone"] == FEDERATIONS)
        .count();
    assert_eq!(same, 3, "all three have the federation's");
}
