//! The health of one connector over 10,000,000 recorded attempts of a year, the list of 1,000 connectors beside it, and what
//! recording an attempt adds to a request. Attempts are put in by the statement that the product itself uses, hours and days
//! rolled up on the way, in portions as the buffer makes them; nothing is written into the roll-ups from outside.
//!
//! Prints each number and its bar; ends with an error where one is above it. The file is kept in the folder that is given, under
//! the number of its attempts (`FC_BENCH_ATTEMPTS`).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement prints, uses the real clock and stops where it cannot start"
)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use connectors::clock::{Clock, SystemClock, UtcMillis};
use connectors::failure::Finding;
use connectors::random::{SystemRandom, make_id};
use connectors::store::Store;
use connectors::store::attempt::AttemptRecord;
use connectors::vault::{KeychainCaller, Sidecar, unlock_with_keychain};
use connectors::view::{ConnectorAddRequest, HealthFilter, InitialiseRequest};
use connectors::{App, AppOptions};
use testkit::FileKeychain;
use uuid::Uuid;

/// Attempts where the environment says nothing.
const ATTEMPTS: u64 = 10_000_000;
/// Of how long they are, in milliseconds: a year.
const YEAR: i64 = 365 * 86_400_000;
/// Connectors, the busy one among them.
const CONNECTORS: usize = 1_000;
/// Attempts of each of the others: one a day of the last month.
const OF_OTHERS: i64 = 30;
/// Rows of a portion: as the buffer writes them at once.
const PORTION: u64 = 2_000;
/// Looks at the health of one connector.
const LOOKS: usize = 200;
const BUSY: &str = "busy";

/// For the health of one connector, at the 99th of 100 looks.
const BAR: Duration = Duration::from_millis(5);
/// For recording one attempt, in microseconds.
const BAR_RECORDING: f64 = 50.0;

fn main() -> ExitCode {
    let root = PathBuf::from(std::env::args().nth(1).expect("a folder"));
    let said = std::env::var("FC_BENCH_ATTEMPTS").ok();
    let attempts = said.map_or(ATTEMPTS, |text| text.parse().unwrap());
    tokio::runtime::Runtime::new()
        .unwrap()
        .block_on(run(&root.join(attempts.to_string()), attempts))
}

async fn run(folder: &Path, attempts: u64) -> ExitCode {
    let done = folder.join("filled");
    let app = app(folder);
    if done.exists() {
        app.unlock(None).await.unwrap();
    } else {
        let _none_there = std::fs::remove_dir_all(folder);
        std::fs::create_dir_all(folder).unwrap();
        fill(&app, folder, attempts).await;
        std::fs::write(&done, SystemClock.now().0.to_string()).unwrap();
    }
    let mut is_good = true;
    let mut looks = Vec::with_capacity(LOOKS);
    for _ in 0..LOOKS {
        let from = Instant::now();
        let health = app.health(BUSY).await.unwrap();
        looks.push(from.elapsed());
        assert!(
            health.health.uptime_1y.is_some(),
            "there is something to tell"
        );
    }
    looks.sort();
    let (half, most) = (looks[LOOKS / 2], looks[LOOKS * 99 / 100]);
    is_good &= most < BAR;
    println!(
        "health of one connector over {attempts} attempts: p50 {:.2} ms, p99 {:.2} ms (bar {} ms)",
        half.as_secs_f64() * 1e3,
        most.as_secs_f64() * 1e3,
        BAR.as_millis()
    );
    let mut lists = Vec::new();
    for _ in 0..10 {
        let from = Instant::now();
        let all = app.health_list(HealthFilter::default()).await.unwrap();
        lists.push(from.elapsed());
        assert_eq!(all.len(), CONNECTORS, "all of them");
    }
    lists.sort();
    println!(
        "health of {CONNECTORS} connectors in one list: p50 {:.1} ms, worst {:.1} ms",
        lists[lists.len() / 2].as_secs_f64() * 1e3,
        lists[lists.len() - 1].as_secs_f64() * 1e3,
    );
    is_good &= recording(&store(folder), id_of(&app, folder).await);
    if is_good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// What an attempt costs in portions of 256, the smallest that are written while requests come fast.
fn recording(store: &Store, busy: Uuid) -> bool {
    const TOGETHER: u64 = 256;
    const TIMES: u64 = 40;
    let now = SystemClock.now();
    let from = Instant::now();
    for time in 0..TIMES {
        let rows: Vec<AttemptRecord> = (0..TOGETHER)
            .map(|n| attempt(busy, now, n + time * TOGETHER))
            .collect();
        store
            .write_blocking(|tx| tx.insert_attempts(&rows))
            .unwrap();
    }
    let each =
        from.elapsed().as_secs_f64() * 1e6 / f64::from(u32::try_from(TOGETHER * TIMES).unwrap());
    println!(
        "recording an attempt, in portions of {TOGETHER}: {each:.1} µs (bar {BAR_RECORDING} µs)"
    );
    each < BAR_RECORDING
}

fn app(folder: &Path) -> App {
    App::new(AppOptions {
        data_dir: folder.join("data"),
        keychain: keychain(folder),
        keychain_deadline: Duration::from_secs(10),
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
    })
}

fn keychain(folder: &Path) -> Arc<FileKeychain> {
    Arc::new(FileKeychain::at(&folder.join("keychain.json")))
}

/// The file beside the app, as another process has it.
fn store(folder: &Path) -> Store {
    let data = folder.join("data");
    let sidecar = Sidecar::read(&data.join("connectors.keys.json"))
        .unwrap()
        .unwrap();
    let caller = KeychainCaller::with_deadline(keychain(folder) as _, Duration::from_secs(10));
    let vault = unlock_with_keychain(&sidecar, &caller).unwrap();
    let key = vault.file_key().sqlcipher_pragma_value();
    Store::open(
        &data.join("connectors.db"),
        &key,
        vault.database_id(),
        SystemClock.now(),
        |_, _, _| Ok(()),
    )
    .unwrap()
}

async fn id_of(app: &App, _: &Path) -> Uuid {
    let shown = app.connector_show(BUSY).await.unwrap();
    shown.row.id.parse().unwrap()
}

async fn fill(app: &App, folder: &Path, attempts: u64) {
    app.initialise(InitialiseRequest::Keychain).await.unwrap();
    let mut ids = Vec::new();
    for number in 0..CONNECTORS {
        let code = match number {
            0 => BUSY.to_owned(),
            other => format!("other_{other}"),
        };
        let settings = testkit::settings(&code, "https://api.example.org");
        let shown = app
            .connector_add(ConnectorAddRequest {
                settings,
                credentials: None,
                test_handle: None,
            })
            .await
            .unwrap();
        ids.push(shown.row.id.parse::<Uuid>().unwrap());
    }
    let store = store(folder);
    let now = SystemClock.now().0;
    let busy = ids[0];
    let from = Instant::now();
    for start in (0..attempts).step_by(usize::try_from(PORTION).unwrap()) {
        let rows: Vec<AttemptRecord> = (start..attempts.min(start + PORTION))
            .map(|n| {
                // Evenly over the year, the last one now.
                let back = i128::from(YEAR) * i128::from(attempts - 1 - n) / i128::from(attempts);
                attempt(busy, UtcMillis(now - i64::try_from(back).unwrap()), n)
            })
            .collect();
        store
            .write_blocking(|tx| tx.insert_attempts(&rows))
            .unwrap();
    }
    println!(
        "filled with {attempts} attempts in {:.0} s",
        from.elapsed().as_secs_f64()
    );
    for (number, other) in ids[1..].iter().enumerate() {
        let rows: Vec<AttemptRecord> = (0..OF_OTHERS)
            .map(|day| {
                let n = number as u64 * 100 + u64::try_from(day).unwrap();
                attempt(*other, UtcMillis(now - day * 86_400_000), n)
            })
            .collect();
        store
            .write_blocking(|tx| tx.insert_attempts(&rows))
            .unwrap();
    }
}

/// The nth attempt: most are answered, in 20 to some hundred milliseconds.
fn attempt(connector_id: Uuid, at: UtcMillis, n: u64) -> AttemptRecord {
    let scattered = n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
    AttemptRecord {
        id: make_id(&SystemRandom, SystemClock.now()).unwrap(),
        connector_id,
        at,
        endpoint: "/v1/clubs/{federation_org_id}/members".to_owned(),
        method: "GET".to_owned(),
        status: Some(if scattered.is_multiple_of(50) {
            503
        } else {
            200
        }),
        finding: scattered.is_multiple_of(50).then_some(Finding::ServerError),
        ms: 20 + scattered % 400,
        bytes: 48_000,
        number: 1,
        aside: false,
    }
}
