//! Memory stays flat: a million records in pages take little more than ten thousand. Measured in a
//! process of its own, so that no other test is in the number.

use std::process::Command;
use std::sync::Arc;

use bytes::Bytes;
use connectors::api::fetch::Fetch;
use connectors::api::paging::stream::{ListPlan, Pages};
use connectors::settings::PagingStyle;
use tokio_util::sync::CancellationToken;

use super::fake::{Fake, Piece, Reply, number, settings};
use crate::store::child::say;
use crate::store::support::rounds;

const SIZE: u64 = 500;

/// A page of records of some 200 bytes, made when it is asked for, in pieces of 16 KiB.
fn reply(place: u64, members: u64) -> Reply {
    use std::fmt::Write as _;
    let mut body = "{\"data\":[".to_owned();
    let rows = place * SIZE..((place + 1) * SIZE).min(members);
    for id in rows {
        let comma = if id % SIZE == 0 { "" } else { "," };
        let _ = write!(
            body,
            "{comma}{{\"id\":\"M{id:09}\",\"first_name\":\"Aoife {id}\",\"last_name\":\"Ní Bhriain\",\
             \"date_of_birth\":\"2010-05-01\",\"email\":\"member{id}@example.org\",\
             \"address\":{{\"town\":\"Corcaigh\",\"county\":\"Cork\"}},\"player\":true}}"
        );
    }
    let _ = write!(body, "],\"meta\":{{\"total\":{members}}}}}");
    let pieces = body.into_bytes();
    let pieces = pieces.chunks(16 * 1024).map(Bytes::copy_from_slice);
    Reply::pieces(pieces.map(Piece::Bytes).collect())
}

/// Reads a list and counts it.
fn read(members: u64) -> u64 {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .unwrap();
    runtime.block_on(async {
        let fake = Fake::new(move |url, _| reply(number(url, "p").unwrap(), members));
        let fetch: Arc<dyn Fetch> = fake;
        let plan = ListPlan::of(&settings(PagingStyle::Page, 500), None);
        let mut list = Pages::new(fetch, plan, CancellationToken::new());
        let mut count = 0;
        while let Some(batch) = list.next_batch().await.unwrap() {
            count += u64::try_from(batch.records.len()).unwrap();
        }
        assert!(list.is_complete(), "all of it");
        count
    })
}

/// What the child does; without a role it reads a little list.
#[test]
fn entry() {
    let role = std::env::var("FC_PAGING_CHILD").ok();
    let members = role.as_ref().map_or(2_000, |role| role.parse().unwrap());
    assert_eq!(read(members), members, "each record once");
    if role.is_some() {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let peak = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .unwrap();
        say(&format!("{} kB", peak.trim().trim_end_matches(" kB")));
    }
}

/// The most memory that a process took which read so many, in KiB.
#[cfg(target_os = "linux")]
fn peak(members: u64) -> u64 {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "api::paging::memory::entry", "--nocapture"])
        .env("FC_PAGING_CHILD", members.to_string())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let (_, after) = text.split_once("fact: ").expect("the child tells its peak");
    after.split_whitespace().next().unwrap().parse().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn soak_a_million_records_take_little_more_memory_than_ten_thousand() {
    let few = peak(10_000);
    let members = u64::from(rounds(100_000, 1_000_000));
    let many = peak(members);
    println!("10,000 records: {few} KiB; {members} records: {many} KiB");
    assert!(
        many < few + 40 * 1024,
        "{members} records took {many} KiB, 10,000 took {few} KiB"
    );
}
