//! Bar 45: when a connector is left alone, when it is tried again, and why. 500 scripted outages against an oracle
//! that looks at the whole history instead of a state.

use connectors::api::circuit::{
    Caller, Circuit, FAILURES_THAT_STOP, Outcome, Permit, Probe, Stopped, after, counts, permit,
    taken,
};
use connectors::clock::UtcMillis;
use connectors::failure::FailureClass;
use testkit::seeded_random::SeededRandom;

use FailureClass as C;

const ALL: [C; 12] = [
    C::NeedsSignIn,
    C::BadCredentials,
    C::BadConfiguration,
    C::NotFound,
    C::Forbidden,
    C::RateLimited,
    C::FederationDown,
    C::BadAnswer,
    C::Offline,
    C::Locked,
    C::Cancelled,
    C::Internal,
];

fn failed(class: C) -> Outcome {
    Outcome::Failed {
        class,
        one_club: false,
        probe: false,
    }
}

fn at(ms: i64) -> UtcMillis {
    UtcMillis(ms)
}

/// So many failures of a class, a second apart from 1 s on.
fn after_failures(class: C, count: u32) -> Circuit {
    (1..=i64::from(count)).fold(Circuit::default(), |state, second| {
        after(failed(class), &state, at(second * 1_000))
    })
}

#[test]
fn five_failures_in_a_row_stop_a_connector() {
    for class in ALL {
        let counted = counts(class, false);
        assert_eq!(
            counted,
            ![C::Offline, C::Locked, C::Cancelled].contains(&class),
            "{class:?}: this computer's own trouble is not the federation's"
        );
        for count in 1..=6 {
            let state = after_failures(class, count);
            assert_eq!(
                state.stopped.is_some(),
                counted && count >= FAILURES_THAT_STOP,
                "{class:?} {count} times"
            );
            assert_eq!(state.failures, if counted { count } else { 0 }, "{class:?}");
        }
        let mends = [C::FederationDown, C::BadAnswer, C::RateLimited].contains(&class);
        if let Some(stopped) = after_failures(class, 5).stopped {
            assert_eq!(stopped.class, class, "the reason");
            assert_eq!(stopped.since, at(5_000), "since the fifth");
            let probe = Probe {
                at: at(35_000),
                every_ms: 30_000,
            };
            assert_eq!(
                stopped.probe,
                mends.then_some(probe),
                "{class:?}: one that time does not mend waits for a person"
            );
        }
    }
    assert!(!counts(C::NotFound, true), "one club is not the connector");
    assert!(
        counts(C::FederationDown, true),
        "a federation that is down is down for all"
    );
    let almost = after_failures(C::FederationDown, 4);
    assert_eq!(
        after(Outcome::Succeeded, &almost, at(9)),
        Circuit::default(),
        "a success resets"
    );
}

#[test]
fn probes_double_to_a_quarter_of_an_hour_and_a_success_ends_it() {
    let mut state = after_failures(C::FederationDown, 5);
    let mut now = 5_000;
    for every in [30, 60, 120, 240, 480, 900, 900, 900] {
        let due = now + every * 1_000;
        for (moment, expected) in [
            (
                due - 1,
                Permit::No {
                    class: C::FederationDown,
                    until: Some(at(due)),
                },
            ),
            (due, Permit::Probe),
        ] {
            assert_eq!(
                permit(&state, Caller::Schedule, at(moment)),
                expected,
                "{every} s"
            );
            for person in [Caller::Person, Caller::Test] {
                assert_eq!(
                    permit(&state, person, at(moment)),
                    Permit::Yes,
                    "a person may"
                );
            }
        }
        state = taken(&state, at(due));
        assert!(
            matches!(permit(&state, Caller::Schedule, at(due)), Permit::No { .. }),
            "{every} s: one probe, and no second beside it"
        );
        now = due + 250;
        let probe = Outcome::Failed {
            class: C::FederationDown,
            one_club: false,
            probe: true,
        };
        state = after(probe, &state, at(now));
    }
    let persons = after(failed(C::FederationDown), &state, at(now + 1));
    assert_eq!(
        persons.stopped.map(|one| one.probe),
        state.stopped.map(|one| one.probe),
        "a person's failed request leaves the next probe where it is"
    );
    let wrong_key = after(failed(C::BadCredentials), &state, at(now + 2));
    assert_eq!(
        wrong_key.stopped.map(|one| (one.class, one.probe)),
        Some((C::BadCredentials, None)),
        "a wrong key is not tried again and again"
    );
    assert_eq!(
        after(Outcome::Succeeded, &state, at(now)),
        Circuit::default(),
        "well again"
    );
    let set_back = permit(&state, Caller::Schedule, at(now - 86_400_000));
    assert_eq!(
        set_back,
        Permit::Probe,
        "a clock that was set back keeps nobody waiting"
    );
}

/// Everything that has happened, as the oracle sees it.
#[derive(Default)]
struct History {
    /// Counted failures since the last success: when, which, and whether by a probe.
    failures: Vec<(i64, C, bool)>,
    /// A probe was taken then and has not ended yet.
    under_way: Option<i64>,
}

impl History {
    /// The expected stop, from the whole history.
    fn stop(&self) -> Option<Stopped> {
        let fifth = self.failures.get(4)?;
        let stopped = &self.failures[4..];
        let (_, class, _) = *stopped.last()?;
        let mends = |class| matches!(class, C::FederationDown | C::BadAnswer | C::RateLimited);
        // Time began to be waited for after the last failure that waits for a person.
        let from = stopped
            .iter()
            .rposition(|(_, class, _)| !mends(*class))
            .map_or(0, |last| last + 1);
        let waiting = &stopped[from..];
        let probe = waiting.first().map(|(first, _, _)| {
            let probes: Vec<i64> = waiting[1..]
                .iter()
                .filter(|(_, _, probe)| *probe)
                .map(|(when, _, _)| *when)
                .collect();
            let doublings = u32::try_from(probes.len().min(5)).unwrap();
            let every_ms = (30_000 << doublings).min(900_000);
            let last = probes.last().unwrap_or(first);
            Probe {
                at: at(self.under_way.unwrap_or(*last) + every_ms),
                every_ms,
            }
        });
        Some(Stopped {
            class,
            since: at(fifth.0),
            probe,
        })
    }
}

#[test]
fn bar_45_five_hundred_outages_are_told_right() {
    let (mut stops, mut probes, mut recoveries, mut refusals) = (0, 0, 0, 0);
    for seed in 0..500 {
        let chance = SeededRandom::new(seed);
        let mut state = Circuit::default();
        let mut history = History::default();
        let mut now = 1_795_435_200_000_i64;
        // Which trouble this outage is made of; most have one kind only.
        let kinds = [ALL[chance.below(12)], ALL[chance.below(12)]];
        for step in 0..200 {
            now += i64::try_from(chance.below(40_000)).unwrap();
            let caller = match chance.below(6) {
                0 => Caller::Person,
                _ => Caller::Schedule,
            };
            let expected = match (history.stop(), caller) {
                (None, _) | (_, Caller::Person | Caller::Test) => Permit::Yes,
                (Some(stop), Caller::Schedule) => match stop.probe {
                    Some(probe) if now >= probe.at.0 => Permit::Probe,
                    probe => Permit::No {
                        class: stop.class,
                        until: probe.map(|probe| probe.at),
                    },
                },
            };
            let seen = permit(&state, caller, at(now));
            assert_eq!(seen, expected, "outage {seed}, step {step}: who may ask");
            let probe = match seen {
                Permit::No { .. } => {
                    refusals += 1;
                    continue;
                }
                Permit::Probe => {
                    probes += 1;
                    state = taken(&state, at(now));
                    history.under_way = Some(now);
                    assert_eq!(
                        state.stopped,
                        history.stop(),
                        "outage {seed}: a probe is taken"
                    );
                    if chance.below(10) == 0 {
                        // The process dies with it; the next one is due as if it had failed in time.
                        continue;
                    }
                    true
                }
                Permit::Yes => false,
            };
            now += i64::try_from(chance.below(3_000)).unwrap();
            let was_stopped = state.stopped.is_some();
            if chance.below(12) == 0 {
                state = after(Outcome::Succeeded, &state, at(now));
                history = History::default();
                recoveries += usize::from(was_stopped);
            } else {
                let class = kinds[usize::from(chance.below(5) == 0)];
                let one_club = chance.below(3) == 0;
                let outcome = Outcome::Failed {
                    class,
                    one_club,
                    probe,
                };
                state = after(outcome, &state, at(now));
                let ours = matches!(class, C::Offline | C::Locked | C::Cancelled);
                let of_club = matches!(class, C::NotFound | C::Forbidden) && one_club;
                if !ours && !of_club {
                    if probe || !matches!(class, C::FederationDown | C::BadAnswer | C::RateLimited)
                    {
                        history.under_way = None;
                    }
                    history.failures.push((now, class, probe));
                }
                stops += usize::from(!was_stopped && state.stopped.is_some());
            }
            assert_eq!(
                state.stopped,
                history.stop(),
                "outage {seed}, step {step}: status and reason"
            );
            assert_eq!(
                usize::try_from(state.failures).unwrap(),
                history.failures.len(),
                "outage {seed}, step {step}: failures in a row"
            );
        }
    }
    for (what, count) in [
        ("stops", stops),
        ("probes", probes),
        ("recoveries", recoveries),
        ("refusals", refusals),
    ] {
        assert!(count > 200, "the scripts have {what}: {count}");
    }
}
