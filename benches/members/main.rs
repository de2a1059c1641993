//! What a sync of many members costs, and finding them: `first` and `unchanged` beside the bare limit, `memory` of ten thousand
//! beside a million, `search` among a million, `reading` while a sync is applied. Each prints one row a bar and ends with an
//! error where one is missed. `FC_BENCH_MEMBERS` makes a small round of each.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    reason = "a measurement prints, uses the real clock and stops where it cannot start"
)]

mod bare;
mod first;
mod ground;
mod list;
mod memory;
mod reading;
mod search;
mod store;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let held = runtime.block_on(async {
        match arguments.as_slice() {
            ["first"] => first::run().await,
            ["memory"] => memory::run().await,
            ["memory-of", address, members] => {
                memory::child(address, members.parse().unwrap()).await;
                true
            }
            ["search"] => search::run().await,
            ["reading"] => reading::run().await,
            _ => {
                println!("one of: first, memory, search, reading");
                false
            }
        }
    });
    if held {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
