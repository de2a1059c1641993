//! A list of members, asked for again and again while a sync that changes all of them is applied.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use connectors::view::MemberSearchRequest;
use practice_federation::PracticeOptions;

use super::ground::{CLUB, CODE, Ground, ORG, apply, preview, quantile, row, wanted};

pub async fn run() -> bool {
    let members = wanted(100_000);
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
    let folder = tempfile::tempdir().unwrap();
    let ground = Ground::at(folder.path());
    let base = format!("{}/key", federation.base_url());
    let app = ground.connected(&base, federation.api_key(), 200).await;
    let plan = preview(&app).await;
    apply(&app, &plan).await;
    federation.change_members(|all| {
        for one in all {
            one.town = "Dungarvan";
        }
    });
    let plan = preview(&app).await;
    let applied = Arc::new(AtomicBool::new(false));
    let reading = tokio::spawn({
        let (app, applied) = (app.clone(), Arc::clone(&applied));
        async move {
            let mut times = Vec::new();
            while !applied.load(Ordering::Relaxed) {
                let request = MemberSearchRequest {
                    search: if times.len() % 2 == 0 { "" } else { "mur" }.to_owned(),
                    limit: 50,
                    ..MemberSearchRequest::default()
                };
                let from = Instant::now();
                app.member_search(request).await.unwrap();
                times.push(from.elapsed().as_secs_f64() * 1_000.0);
            }
            times
        }
    });
    let writing = tokio::spawn({
        let app = app.clone();
        async move {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            let from = Instant::now();
            let at = connectors::clock::UtcMillis(1_795_435_200_000);
            app.org_set_last_sync(CODE, ORG, at).await.unwrap();
            from.elapsed().as_secs_f64()
        }
    });
    let from = Instant::now();
    apply(&app, &plan).await;
    let took = from.elapsed().as_secs_f64();
    applied.store(true, Ordering::Relaxed);
    let mut times = reading.await.unwrap();
    let waited = writing.await.unwrap();
    let p99 = quantile(&mut times, 990);
    println!(
        "{} lists during {took:.2} s of applying {members} changes: median {:.2} ms, most {:.2} ms",
        times.len(),
        quantile(&mut times, 500),
        quantile(&mut times, 1_000)
    );
    let what = "a list while a sync is applied, p99 in ms";
    let lists = row(what, &format!("{p99:.2}"), "16", p99 < 16.0);
    let what = "a small write while a sync is applied waits, in s";
    row(what, &format!("{waited:.2}"), "3", waited < 3.0) && lists
}
