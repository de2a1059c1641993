//! The most memory that a first sync takes, of ten thousand members and of a million, each in a process of its own; the list
//! comes over HTTP from this one.

use std::process::Command;
use std::time::Instant;

use super::ground::{Ground, apply, preview, row, wanted};
use super::list;

/// Records of a page.
const PAGE: u32 = 500;
/// The bar, in KiB.
const GROWS: u64 = 40 * 1024;

pub async fn run() -> bool {
    let many = wanted(1_000_000);
    let few = many.min(10_000);
    let address = list::serve().await;
    let of_few = peak(&address, few).await;
    let of_many = peak(&address, many).await;
    println!("{few} members {of_few} KiB, {many} members {of_many} KiB");
    let grows = of_many.saturating_sub(of_few);
    row(
        &format!("memory from {few} to {many} members grows by KiB"),
        &grows.to_string(),
        &GROWS.to_string(),
        grows < GROWS,
    )
}

/// The most memory that a process took which synced so many, in KiB.
async fn peak(address: &str, members: usize) -> u64 {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["memory-of", address, &members.to_string()]);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    print!("{text}");
    let last = text.lines().last().expect("it tells its peak");
    last.split(' ').next().unwrap().parse().unwrap()
}

/// Syncs so many members and says the most memory that it took.
pub async fn child(address: &str, members: usize) {
    let folder = tempfile::tempdir().unwrap();
    let ground = Ground::at(folder.path());
    let app = ground
        .connected(&format!("{address}/{members}"), "key", PAGE)
        .await;
    let from = Instant::now();
    let plan = preview(&app).await;
    let planned = from.elapsed().as_secs_f64();
    println!(
        "{members} members: planned in {planned:.1} s, {} KiB",
        so_far()
    );
    assert_eq!(plan.counts.creates, members as u64, "all are new");
    apply(&app, &plan).await;
    println!(
        "and applied in {:.1} s",
        from.elapsed().as_secs_f64() - planned
    );
    println!("{} KiB", so_far());
}

fn so_far() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.expect("the kernel tells it");
    peak.trim().trim_end_matches(" kB").parse().unwrap()
}
