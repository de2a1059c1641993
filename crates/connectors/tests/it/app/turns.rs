//! Bar 44: at most so many requests in any minute, however many processes ask, in virtual time and (long form)
//! ten real minutes. The federation is a counting model; the books are in one file.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use connectors::App;
use connectors::api::call::RequestOptions;
use connectors::api::circuit::Caller;
use connectors::api::ledger::Working;
use connectors::api::wire::{Wire, WireAnswer, WireBody, WireRequest};
use connectors::clock::Clock;
use connectors::failure::Finding;
use connectors::view::InitialiseRequest;
use reqwest::header::HeaderMap;
use testkit::seeded_random::SeededRandom;
use testkit::{Bench, RuntimeClock};

use super::support::request;
use crate::store::support::rounds;

const CODE: &str = "ballyduff";

/// Counts what arrives, on a clock that nobody sets.
struct Counting {
    clock: Arc<RuntimeClock>,
    chance: SeededRandom,
    /// Milliseconds of uptime.
    arrived: Mutex<Vec<u128>>,
}

impl Wire for Counting {
    fn exchange(&self, request: WireRequest) -> Working<'_, Result<WireAnswer, Finding>> {
        Box::pin(async move {
            // The way there takes longer for one than for another.
            let way = 1 + self.chance.below(60) as u64;
            tokio::time::sleep(Duration::from_millis(way)).await;
            let at = self.clock.uptime().as_millis();
            self.arrived.lock().unwrap().push(at);
            tokio::time::sleep(Duration::from_millis(10)).await;
            Ok(WireAnswer {
                status: 200,
                headers: HeaderMap::new(),
                url: request.url,
                body: Box::new(Nothing),
            })
        })
    }
}

struct Nothing;

impl WireBody for Nothing {
    fn next(&mut self) -> Working<'_, Result<Option<bytes::Bytes>, Finding>> {
        Box::pin(async { Ok(None) })
    }
}

/// Two apps on one file, and the federation that both ask.
struct Two {
    _bench: Bench,
    apps: [App; 2],
    clock: Arc<RuntimeClock>,
    federation: Arc<Counting>,
}

impl Two {
    async fn new(limit: u32) -> Self {
        let bench = Bench::new();
        let clock = Arc::new(RuntimeClock::at(testkit::START));
        let apps = [
            bench.app_with(Arc::clone(&clock) as _),
            bench.app_with(Arc::clone(&clock) as _),
        ];
        apps[0]
            .initialise(InitialiseRequest::Keychain)
            .await
            .unwrap();
        apps[1].open().await.unwrap();
        let mut settings = testkit::settings(CODE, "https://federation.invalid/api");
        settings.limits.requests_per_minute = limit;
        let new = request(settings, Some(testkit::api_key("key")));
        apps[0].connector_add(new).await.unwrap();
        Self {
            _bench: bench,
            apps,
            federation: Arc::new(Counting {
                clock: Arc::clone(&clock),
                chance: SeededRandom::new(44),
                arrived: Mutex::default(),
            }),
            clock,
        }
    }

    /// Each app asks with so many workers for so long.
    async fn ask_for(&self, workers: usize, time: Duration) {
        let end = self.clock.uptime() + time;
        let mut all = Vec::new();
        for app in &self.apps {
            let wire = Arc::clone(&self.federation) as Arc<dyn Wire>;
            let client = app
                .api_client_over(CODE, Caller::Schedule, wire)
                .await
                .unwrap();
            for _ in 0..workers {
                let (client, clock) = (client.clone(), Arc::clone(&self.clock));
                all.push(async move {
                    while clock.uptime() < end {
                        let left = end.saturating_sub(clock.uptime());
                        let asking = client.request("verify", RequestOptions::default());
                        match tokio::time::timeout(left, asking).await {
                            Ok(outcome) => drop(outcome.expect("it is answered")),
                            Err(_over) => return,
                        }
                    }
                });
            }
        }
        futures_util::future::join_all(all).await;
    }

    /// What arrived, in order.
    fn arrived(&self) -> Vec<u128> {
        let mut arrived = self.federation.arrived.lock().unwrap().clone();
        arrived.sort_unstable();
        arrived
    }
}

fn never_more(arrived: &[u128], limit: usize) {
    for (first, next) in arrived.iter().zip(&arrived[limit.min(arrived.len())..]) {
        assert!(
            next - first >= 60_000,
            "{limit} in a minute at most: {first} and {next}"
        );
    }
}

async fn ten_minutes(paused: bool) {
    const LIMIT: usize = 600;
    let two = Two::new(600).await;
    if paused {
        tokio::time::pause();
    }
    two.ask_for(8, Duration::from_secs(600)).await;
    let arrived = two.arrived();
    never_more(&arrived, LIMIT);
    assert!(
        arrived.len() * 100 >= 10 * LIMIT * 98,
        "98 % of the limit is used: {} of {}",
        arrived.len(),
        10 * LIMIT
    );
    let log = two.apps[1].request_log(CODE, None, 500).await.unwrap();
    assert_eq!(log.rows.len(), 500, "attempts are recorded");
    if paused {
        tokio::time::resume();
    }
}

#[test]
fn soak_bar_44_two_processes_stay_below_the_limit_for_ten_minutes() {
    let full = rounds(0, 1) == 1;
    let runtime = if full {
        tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
    } else {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
    };
    runtime.unwrap().block_on(ten_minutes(!full));
}

#[tokio::test]
async fn a_clock_that_is_set_makes_neither_a_burst_nor_a_stall() {
    for set_by_ms in [
        -86_400_000,
        -3_600_000,
        -5_000,
        5_000,
        3_600_000,
        86_400_000,
    ] {
        let two = Two::new(60).await;
        tokio::time::pause();
        two.ask_for(2, Duration::from_secs(100)).await;
        let before = two.arrived().len();
        two.clock.set_by_ms(set_by_ms);
        let set_at = two.clock.uptime().as_millis();
        // The clients are made anew: the ledger is what is left.
        two.ask_for(2, Duration::from_secs(200)).await;
        let arrived = two.arrived();
        never_more(&arrived, 60);
        let next = arrived[before..].first().copied().unwrap_or(u128::MAX);
        assert!(
            next - set_at < 61_500,
            "{set_by_ms}: nobody waits for more than a minute: {} ms",
            next - set_at
        );
        assert!(
            arrived.len() - before >= 150,
            "{set_by_ms}: it goes on at its pace: {}",
            arrived.len() - before
        );
        tokio::time::resume();
    }
}

#[tokio::test]
async fn what_is_left_is_the_same_for_everybody() {
    let two = Two::new(20).await;
    tokio::time::pause();
    let wire = Arc::clone(&two.federation) as Arc<dyn Wire>;
    let client = two.apps[0]
        .api_client_over(CODE, Caller::Person, wire)
        .await
        .unwrap();
    for _ in 0..7 {
        client
            .request("verify", RequestOptions::default())
            .await
            .unwrap();
    }
    for app in &two.apps {
        let left = app.requests_left(CODE).await.unwrap();
        assert_eq!(
            (left.limit, left.told, left.paused_until),
            (20, false, None),
            "as set"
        );
        assert_eq!(left.left, 13, "seven are used; 1, 2 and 4 were reserved");
    }
    client
        .request("verify", RequestOptions::default())
        .await
        .unwrap();
    let left = two.apps[1].requests_left(CODE).await.unwrap().left;
    assert_eq!(left, 5, "a block that is not used up counts as used");
    tokio::time::sleep(Duration::from_secs(61)).await;
    let left = two.apps[1].requests_left(CODE).await.unwrap().left;
    assert_eq!(left, 20, "a minute later all is there again");
    tokio::time::resume();
}
