//! The first sync of a club through the App, over the practice federation, beside the bare limit; then the same list again.

use std::time::Instant;

use practice_federation::PracticeOptions;

use super::bare;
use super::ground::{CLUB, Ground, apply, median, preview, row, wanted};

/// Records of a page, as the practice federation gives at most.
const PAGE: u32 = 200;
/// What a sync that changes nothing leaves as it is. A plan has a row for each record that is a problem, again each time.
const UNTOUCHED: [&str; 5] = [
    "member",
    "member_word",
    "member_count",
    "undo_row",
    "conflict_decision",
];

pub async fn run() -> bool {
    let members = wanted(100_000);
    let rounds = std::env::var("FC_BENCH_ROUNDS").map_or(3, |text| text.parse().unwrap());
    let federation = practice_federation::start(PracticeOptions::default())
        .await
        .unwrap();
    federation.change_members(|all| {
        *all = practice_federation::invented_members(5, members);
        for one in all {
            one.club_id = CLUB;
            // Who has no family name would be left out.
            one.last_name.get_or_insert_with(|| "Nemo".to_owned());
        }
    });
    let base = format!("{}/key", federation.base_url());
    let key = federation.api_key().to_owned();
    let (mut first_ratios, mut again_ratios, mut written) = (Vec::new(), Vec::new(), 0);
    for round in 0..rounds {
        let folder = tempfile::tempdir().unwrap();
        let ground = Ground::at(folder.path());
        let app = ground.connected(&base, &key, PAGE).await;

        let from = Instant::now();
        let plan = preview(&app).await;
        let planned = from.elapsed().as_secs_f64();
        apply(&app, &plan).await;
        let first = from.elapsed().as_secs_f64();
        assert!(plan.counts.creates > 0, "all are new");

        let before = bare::holds(&ground.raw(), &UNTOUCHED);
        let from = Instant::now();
        let plan = preview(&app).await;
        apply(&app, &plan).await;
        let again = from.elapsed().as_secs_f64();
        let after = bare::holds(&ground.raw(), &UNTOUCHED);
        let changed = before
            .iter()
            .zip(&after)
            .filter(|(one, other)| one != other);
        written += changed.count();
        assert_eq!(plan.counts.creates, 0, "nobody is new");
        drop((before, after));

        let tables = bare::tables(&ground.raw());
        let (rows, stored) = bare::count(&tables, "member");
        let list = format!("{base}/v1/clubs/{CLUB}/members");
        let (fetched, fetching) = bare::fetch(&list, &key, PAGE).await;
        assert_eq!(fetched, members, "the same list");
        let inserting = bare::insert(&tables, &folder.path().join("bare.db"), &ground.key());
        let limit = fetching.as_secs_f64() + inserting.as_secs_f64();
        println!(
            "round {round}: {stored} members, {rows} rows; first {first:.2} s (plan {planned:.2}, apply {:.2}), \
             again {again:.2} s, bare {limit:.2} s (fetch {:.2}, insert {:.2})",
            first - planned,
            fetching.as_secs_f64(),
            inserting.as_secs_f64(),
        );
        first_ratios.push(limit / first);
        again_ratios.push(again / first);
    }
    let first = median(&mut first_ratios);
    let again = median(&mut again_ratios);
    let what = format!("first sync of {members} members, of the bare limit's speed");
    let first_held = row(&what, &format!("{first:.2}"), "0.50", first >= 0.5);
    let what = "the same list again, of the first one's time";
    let again_held = row(what, &format!("{again:.2}"), "0.60", again <= 0.6);
    let what = "tables of members changed by the same list";
    let none_written = row(what, &written.to_string(), "0", written == 0);
    first_held && again_held && none_written
}
