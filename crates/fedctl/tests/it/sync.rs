//! Sync on the command line: preview, apply, conflicts, guards, undo, with the numbers that a script acts on.

use practice_federation::{Fault, Practice, PracticeOptions};
use serde_json::Value;

use crate::support::{Home, practice};

pub(super) const CLUB: [&str; 3] = ["practice", "--org", "ballyduff"];

pub(super) fn connected() -> (Home, Practice) {
    let federation = practice(PracticeOptions::default());
    let home = Home::new();
    home.add_practice("practice", &federation, federation.api_key());
    let settings = [
        "connector",
        "edit",
        "practice",
        "--set",
        "endpoints.membership_list=/v1/clubs/{federation_org_id}/members",
        "--set",
        "sync.template=practice",
        "--set",
        "sync.conflict_strategy=merge",
    ];
    home.run(&settings).expect_code(0);
    let connect = [
        "org",
        "connect",
        "practice",
        "--org",
        "ballyduff",
        "--name",
        "Ballyduff",
        "--federation-org",
        "club-1001",
    ];
    home.run(&connect).expect_code(0);
    (home, federation)
}

pub(super) fn sync(home: &Home, words: &[&str], code: i32) -> Value {
    let arguments = [&["--json", "sync"], words, &CLUB].concat();
    home.run(&arguments).expect_code(code).json()
}

fn members(home: &Home) -> Vec<Value> {
    let arguments = [&["--json", "member", "list"][..], &CLUB].concat();
    let listed = home.run(&arguments).expect_code(0).json();
    listed.as_array().expect("a list is an array").clone()
}

#[test]
fn s01_s10_a_plan_is_previewed_applied_and_undone() {
    let (home, _federation) = connected();
    home.run(&[&["sync", "apply"][..], &CLUB].concat())
        .expect_code(8);
    let plan = sync(&home, &["preview"], 0);
    let creates = plan["counts"]["creates"].as_u64().unwrap();
    assert!(creates > 5, "there is a club: {plan}");
    assert!(
        plan["hash"].is_string() && plan["plan_id"].is_string(),
        "{plan}"
    );
    assert!(members(&home).is_empty(), "a preview writes no member");
    let done = sync(&home, &["apply"], 0);
    let run = done["run_id"].as_str().unwrap();
    let all = members(&home);
    assert_eq!(all.len() as u64, creates, "all came");
    assert!(
        all[0]["last_name"].is_string(),
        "by the template's names: {}",
        all[0]
    );
    let text = home
        .run(&[&["member", "list"][..], &CLUB].concat())
        .expect_code(0)
        .stdout;
    assert!(text.contains("FAMILY NAME"), "{text}");
    let undone = home
        .run(&["--json", "sync", "undo", run])
        .expect_code(0)
        .json();
    assert_eq!(undone["undone"].as_u64(), Some(creates), "all went again");
    assert!(members(&home).is_empty(), "as before");
    sync(&home, &["preview"], 0);
    home.run(&[&["sync", "apply"][..], &CLUB].concat())
        .expect_code(6);
    sync(&home, &["apply-again"], 0);
    sync(&home, &["apply"], 0);
    assert_eq!(members(&home).len() as u64, creates, "applied again");
    let history = sync(&home, &["history"], 0);
    assert_eq!(history.as_array().unwrap().len(), 2, "{history}");
}

#[test]
fn s06_a_guard_stops_with_its_own_code_and_is_allowed_by_name() {
    let (home, federation) = connected();
    sync(&home, &["preview"], 0);
    sync(&home, &["apply"], 0);
    federation.change_members(|members| members.retain(|one| one.club_id != "club-1001"));
    let plan = sync(&home, &["preview"], 6);
    assert_eq!(plan["held"]["guard"], "empty_list", "{plan}");
    home.run(&[&["sync", "apply"][..], &CLUB].concat())
        .expect_code(6);
    let words = [
        "apply",
        "--allow",
        "empty_list",
        "--allow",
        "too_many_leavers",
    ];
    sync(&home, &words, 0);
    assert!(
        members(&home).iter().all(|one| one["left_at"].is_i64()),
        "all are marked as left, and kept"
    );
}

#[test]
fn unknown_words_are_told() {
    let (home, _federation) = connected();
    home.run(&["sync", "undo", "nonsense"]).expect_code(8);
    home.run(&["sync", "preview", "practice", "--org", "nobody"])
        .expect_code(8);
    sync(&home, &["preview"], 0);
    let guard = [&["sync", "apply"][..], &CLUB, &["--allow", "luck"]].concat();
    home.run(&guard).expect_code(2);
}

#[test]
fn all_clubs_are_previewed_and_the_safe_plans_applied() {
    let (home, federation) = connected();
    home.run(&["sync", "preview"]).expect_code(2);
    home.run(&["sync", "preview", "--all", "--org", "ballyduff"])
        .expect_code(2);
    home.run(&["sync", "apply", "--all"]).expect_code(8);
    let connect = [
        "org",
        "connect",
        "practice",
        "--org",
        "nowhere",
        "--name",
        "Nowhere",
        "--federation-org",
        "club-1002",
    ];
    home.run(&connect).expect_code(0);
    federation.set_fault(Fault::status(404).on_path("/key/v1/clubs/club-1002"));
    let plans = home
        .run(&["--json", "sync", "preview", "--all", "practice"])
        .expect_code(5)
        .json();
    let states: Vec<_> = plans
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["org"].as_str().unwrap(), one["state"].as_str().unwrap()))
        .collect();
    assert_eq!(
        states,
        [("ballyduff", "done"), ("nowhere", "failed")],
        "one fails alone"
    );
    let text = home.run(&["sync", "apply", "--all"]).expect_code(0).stdout;
    assert!(
        text.contains("Ballyduff") && text.contains("Applied"),
        "{text}"
    );
    assert!(!members(&home).is_empty(), "it was applied");
    federation.change_members(|members| members.retain(|one| one.club_id != "club-1001"));
    sync(&home, &["preview"], 6);
    let left = home
        .run(&["--json", "sync", "apply", "--all"])
        .expect_code(5)
        .json();
    assert_eq!(left[0]["state"], "left_out", "a guard holds it: {left}");
}

#[test]
fn s10_chosen_members_are_undone_and_what_was_undone_is_kept() {
    let (home, _federation) = connected();
    sync(&home, &["preview"], 0);
    let done = sync(&home, &["apply"], 0);
    let run = done["run_id"].as_str().unwrap();
    let all = members(&home);
    let one = all[0]["external_id"].as_str().expect("it has an id");
    home.run(&["sync", "undo", run, "--member", "nobody-at-all"])
        .expect_code(8);
    assert_eq!(members(&home).len(), all.len(), "nothing was undone");
    home.run(&[&["sync", "keep-mine"][..], &CLUB].concat())
        .expect_code(75);
    let undone = home
        .run(&["--json", "sync", "undo", run, "--member", one])
        .expect_code(0)
        .json();
    assert_eq!(undone["undone"].as_u64(), Some(1), "one only: {undone}");
    assert_eq!(undone["run"]["state"], "partly_undone", "{undone}");
    let kept = sync(&home, &["keep-mine"], 0);
    assert_eq!(kept["kept_out"].as_u64(), Some(1), "{kept}");
    let next = sync(&home, &["preview"], 0);
    assert_eq!(next["counts"]["creates"].as_u64(), Some(0), "{next}");
    sync(&home, &["apply"], 0);
    assert_eq!(members(&home).len(), all.len() - 1, "and stays out");
    sync(&home, &["apply-again"], 0);
    let open = sync(&home, &["preview"], 0);
    assert_eq!(open["counts"]["creates"].as_u64(), Some(1), "until let in");
}
