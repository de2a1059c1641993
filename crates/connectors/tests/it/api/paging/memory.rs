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

/// Rows of some 200 bytes.
fn rows(ids: std::ops::Range<u64>) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    for id in ids {
        let comma = if text.is_empty() { "" } else { "," };
        let _ = write!(
            text,
            "{comma}{{\"id\":\"M{id:09}\",\"first_name\":\"Aoife {id}\",\"last_name\":\"Ní Bhriain\",\
             \"date_of_birth\":\"2010-05-01\",\"email\":\"member{id}@example.org\",\
             \"address\":{{\"town\":\"Corcaigh\",\"county\":\"Cork\"}},\"player\":true}}"
        );
    }
    text
}

/// A page, made when it is asked for, in pieces of 16 KiB.
fn page(place: u64, members: u64) -> Reply {
    let rows = rows(place * SIZE..((place + 1) * SIZE).min(members));
    let body = format!("{{\"data\":[{rows}],\"meta\":{{\"total\":{members}}}}}").into_bytes();
    let pieces = body.chunks(16 * 1024).map(Bytes::copy_from_slice);
    Reply::pieces(pieces.map(Piece::Bytes).collect())
}

/// The whole list as one body, made while it is read.
fn whole(members: u64) -> Reply {
    let fixed = |text: &'static str| Piece::Bytes(Bytes::from_static(text.as_bytes()));
    let made = (0..members / SIZE).map(|place| {
        Piece::Made(Arc::new(move || {
            let comma = if place == 0 { "" } else { "," };
            let rows = rows(place * SIZE..(place + 1) * SIZE);
            Bytes::from(format!("{comma}{rows}"))
        }))
    });
    let pieces = std::iter::once(fixed("{\"data\":["));
    Reply::pieces(pieces.chain(made).chain([fixed("]}")]).collect())
}

/// Reads a list and counts it.
fn read(style: PagingStyle, members: u64) -> u64 {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .unwrap();
    runtime.block_on(async {
        let fake = Fake::new(move |url, _| match style {
            PagingStyle::None => whole(members),
            _ => page(number(url, "p").unwrap(), members),
        });
        let fetch: Arc<dyn Fetch> = fake;
        let plan = ListPlan::of(&settings(style, 500), None);
        let mut list = Pages::new(fetch, plan, CancellationToken::new());
        let mut count = 0;
        while let Some(batch) = list.next_batch().await.unwrap() {
            count += u64::try_from(batch.records.len()).unwrap();
        }
        assert!(list.is_complete(), "all of it");
        count
    })
}

/// What the child does; without a role it reads two little lists.
#[test]
fn entry() {
    let role = std::env::var("FC_PAGING_CHILD").unwrap_or_default();
    let Some((style, members)) = role.split_once(' ') else {
        for style in [PagingStyle::Page, PagingStyle::None] {
            assert_eq!(read(style, 2_000), 2_000, "{style:?}: each record once");
        }
        return;
    };
    let style = if style == "whole" {
        PagingStyle::None
    } else {
        PagingStyle::Page
    };
    let members = members.parse().unwrap();
    assert_eq!(read(style, members), members, "each record once");
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    say(&format!(
        "{} kB",
        peak.unwrap().trim().trim_end_matches(" kB")
    ));
}

/// The most memory that a process took which read so many, in KiB.
#[cfg(target_os = "linux")]
fn peak(style: &str, members: u64) -> u64 {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "api::paging::memory::entry", "--nocapture"])
        .env("FC_PAGING_CHILD", format!("{style} {members}"))
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let (_, after) = text.split_once("fact: ").expect("the child tells its peak");
    after.split_whitespace().next().unwrap().parse().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn soak_a_million_records_take_little_more_memory_than_ten_thousand() {
    let members = u64::from(rounds(100_000, 1_000_000));
    for style in ["pages", "whole"] {
        let few = peak(style, 10_000);
        let many = peak(style, members);
        assert!(
            many < few + 40 * 1024,
            "{style}: {members} records took {many} KiB, 10,000 took {few} KiB"
        );
        say(&format!("{style}: {few} KiB, {members} records {many} KiB"));
    }
}
