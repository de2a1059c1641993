//! Going through connectors whose turn it is. Those outside are asked one after the other until it is known that the
//! network is there; then five at a time. Where it is not, nobody else is asked.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::{StreamExt, stream};
use tokio_util::sync::CancellationToken;

use super::asking::Asked;
use super::choosing::{checked, turn_of};
use super::{Checked, Done, How, TOGETHER, Ways};
use crate::api::circuit::Caller;
use crate::app::App;
use crate::checks::network::{self, Met, Sight, Verdict};
use crate::checks::slot::Awake;
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::store::network_trouble::TroubleRecord;
use crate::view::CheckEvery;

/// A success of anybody proves for so long, in milliseconds, that the network is there.
const PROVED_MS: i64 = 60_000;

/// How a list is gone through.
pub(super) struct Through<'a> {
    pub(super) caller: Caller,
    pub(super) ways: &'a Ways,
    pub(super) cancel: &'a CancellationToken,
    /// After trouble with the network nobody but those who found that it is over is asked at once.
    pub(super) calmly: bool,
}

impl App {
    /// Asks them. `told` hears of each as it ends.
    pub(super) async fn go_through(
        &self,
        list: Vec<Checked>,
        by: &Through<'_>,
        told: impl Fn(&Done) + Send + Sync,
    ) -> Result<Vec<Done>> {
        let (local, outside): (Vec<_>, VecDeque<_>) = {
            let (local, outside): (Vec<_>, Vec<_>) =
                list.into_iter().partition(|one| one.host.is_none());
            (local, outside.into())
        };
        let mut done = Vec::new();
        // This computer itself needs no network.
        let never = AtomicBool::new(false);
        self.ask_together(local, by, &never, &told, &mut done).await;
        if outside.is_empty() {
            return Ok(done);
        }
        let before = self.store()?.read(|tx| tx.network_trouble()).await?;
        let scouted = self.scout(outside, before, by).await?;
        let trouble = scouted.verdict.is_trouble();
        for asked in scouted.asked {
            let one = self.settle_asked(asked, trouble).await;
            told(&one);
            done.push(one);
        }
        let mut rest = scouted.rest;
        let calmly = by.calmly && before.is_some();
        if !trouble && !calmly {
            let offline = AtomicBool::new(false);
            let all = rest.drain(..).collect();
            self.ask_together(all, by, &offline, &told, &mut done).await;
            if offline.into_inner() {
                self.keep_trouble(before, Verdict::Offline).await?;
                return Ok(done);
            }
        }
        self.keep_trouble(before, scouted.verdict).await?;
        let how = if trouble { How::Offline } else { How::Later };
        done.extend(rest.iter().map(|one| left(one, how.clone())));
        Ok(done)
    }

    /// Asks five at a time, until it turns out that the computer is offline or somebody stops it.
    async fn ask_together(
        &self,
        list: Vec<Checked>,
        by: &Through<'_>,
        offline: &AtomicBool,
        told: &(impl Fn(&Done) + Send + Sync),
        done: &mut Vec<Done>,
    ) {
        let asked = stream::iter(list).map(|one| async move {
            if offline.load(Ordering::Relaxed) {
                return left(&one, How::Offline);
            }
            if by.cancel.is_cancelled() {
                return left(&one, How::Later);
            }
            let asked = self.ask_connector(one, by.caller, by.ways, by.cancel).await;
            if asked.is_offline() {
                offline.store(true, Ordering::Relaxed);
            }
            self.settle_asked(asked, false).await
        });
        let mut asked = std::pin::pin!(asked.buffer_unordered(TOGETHER));
        while let Some(one) = asked.next().await {
            told(&one);
            done.push(one);
        }
    }

    /// Asks one after the other, each at another host, until it is known whether the network is there.
    async fn scout(
        &self,
        mut rest: VecDeque<Checked>,
        before: Option<TroubleRecord>,
        by: &Through<'_>,
    ) -> Result<Scouted> {
        let now = self.now();
        let mut sights = self.proved(before, now).await?;
        let mut asked = Vec::new();
        loop {
            let verdict = network::verdict(&sights);
            if verdict != Verdict::Unsure {
                return Ok(Scouted {
                    verdict,
                    asked,
                    rest,
                });
            }
            let stopped = by.cancel.is_cancelled();
            let is_new = |one: &Checked| {
                sights
                    .iter()
                    .all(|seen| one.host.as_ref() != Some(&seen.host))
            };
            let next = match rest.iter().position(is_new) {
                _ if stopped => None,
                Some(place) => rest.remove(place),
                None if network::wants_another(&sights) => self.witness(&sights, by.caller).await?,
                None => None,
            };
            let Some(next) = next else {
                let since = before.map_or(now, |one| one.since);
                let verdict = if sights.is_empty() {
                    Verdict::Unsure
                } else {
                    network::alone(&sights, since, now)
                };
                return Ok(Scouted {
                    verdict,
                    asked,
                    rest,
                });
            };
            let one = self
                .ask_connector(next, by.caller, by.ways, by.cancel)
                .await;
            sights.extend(one.sight());
            asked.push(one);
        }
    }

    /// What is known without asking anybody: somebody outside answered within the last minute.
    async fn proved(&self, before: Option<TroubleRecord>, now: UtcMillis) -> Result<Vec<Sight>> {
        self.requests_flush().await?;
        let from = now.0.saturating_sub(PROVED_MS);
        let from = before.map_or(from, |trouble| from.max(trouble.since.0));
        self.store()?
            .read(move |tx| {
                for row in tx.checked_connectors()? {
                    let fresh = row
                        .last_success_at
                        .is_some_and(|at| at.0 > from && at <= now);
                    let Some(record) = fresh.then(|| tx.connector_by_id(row.id)).transpose()?
                    else {
                        continue;
                    };
                    let Some(record) = record else { continue };
                    if let Ok(one) = checked(tx, &record)?
                        && let Some(host) = one.host
                    {
                        let met = Met::Reached;
                        return Ok(vec![Sight { host, met }]);
                    }
                }
                Ok(Vec::new())
            })
            .await
    }

    /// Another connector, whose turn it is not, at a host that was not asked yet: it is its check as well. By itself none is asked
    /// that is never checked.
    async fn witness(&self, sights: &[Sight], caller: Caller) -> Result<Option<Checked>> {
        let hosts: Vec<String> = sights.iter().map(|one| one.host.clone()).collect();
        let now = self.now();
        self.store()?
            .write(move |tx| {
                let every = match caller {
                    Caller::Schedule => super::setting::every(tx)?,
                    Caller::Person | Caller::Test => CheckEvery::default(),
                };
                for row in tx.checked_connectors()? {
                    let proper = row.last_success_at.is_some() && row.failures == 0;
                    let may = turn_of(&row, every, Awake::once(now), now).is_some();
                    if !proper || !may {
                        continue;
                    }
                    let Some(record) = tx.connector_by_id(row.id)? else {
                        continue;
                    };
                    if let Ok(one) = checked(tx, &record)?
                        && one.host.as_ref().is_some_and(|host| !hosts.contains(host))
                    {
                        tx.put_check_handled(row.id, Some(now))?;
                        return Ok(Some(one));
                    }
                }
                Ok(None)
            })
            .await
    }

    /// Keeps that there is trouble, or that it is over. What nobody has looked at stays as it is.
    async fn keep_trouble(&self, before: Option<TroubleRecord>, verdict: Verdict) -> Result<()> {
        let now = self.now();
        let kept = match verdict {
            Verdict::Unsure => return Ok(()),
            Verdict::There if before.is_none() => return Ok(()),
            Verdict::There => None,
            Verdict::Offline | Verdict::Captive => {
                Some(network::kept(before, verdict == Verdict::Captive, now))
            }
        };
        self.store()?
            .write(move |tx| tx.put_network_trouble(kept.as_ref()))
            .await
    }
}

/// What is known of the network, who was asked, and who was not.
struct Scouted {
    verdict: Verdict,
    asked: Vec<Asked>,
    rest: VecDeque<Checked>,
}

fn left(one: &Checked, how: How) -> Done {
    Done {
        id: one.id,
        how,
        health: None,
    }
}
