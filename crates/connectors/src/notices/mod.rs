//! What a person is told beside the window, and when: a connector that needs somebody, one that works again after that, a plan
//! that waits, a key that ends. Pure: what is and what was told go in, what is to be kept and said comes out. Each thing is
//! told once, whichever process sees it first; things of the same minute are told as one, and those of quiet hours afterwards. In no
//! notice is a member or a club, only names of connectors.

pub mod quiet;
pub mod words;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::clock::UtcMillis;
use crate::view::{HealthState, NoticeView};

use quiet::QuietHours;

/// How long something waits for others to be told with it, in milliseconds.
pub const GROUP_MS: i64 = 60_000;

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeWord {
    /// Somebody must sign in.
    SignInAgain,
    /// Somebody must mend a key or a setting.
    ActionNeeded,
    /// It works again, after somebody was told that it does not.
    WorksAgain,
    /// A plan was stopped by a guard, or has conflicts.
    PlanHeld,
    /// A schedule has made a plan that a person must apply.
    PlanWaits,
    /// A key or token ends within 14 days.
    Ends14,
    /// A key or token ends within 3 days.
    Ends3,
}

impl NoticeWord {
    /// Whether a person is to do something.
    #[must_use]
    pub fn needs_you(self) -> bool {
        self != Self::WorksAgain
    }
}

/// What of a connector something is about: its state, a plan, an end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// The connector.
    pub connector: Uuid,
    /// `state`, `plan:` with the run, or `ends:` with the moment.
    pub about: String,
}

impl Subject {
    /// The state of a connector.
    #[must_use]
    pub fn state(connector: Uuid) -> Self {
        Self {
            connector,
            about: "state".to_owned(),
        }
    }

    /// A plan of one of its clubs.
    #[must_use]
    pub fn plan(connector: Uuid, run: Uuid) -> Self {
        Self {
            connector,
            about: format!("plan:{run}"),
        }
    }

    /// The end of its key or token.
    #[must_use]
    pub fn end(connector: Uuid, at: UtcMillis) -> Self {
        Self {
            connector,
            about: format!("ends:{}", at.0),
        }
    }
}

/// A connector as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stands {
    /// Identifier.
    pub id: Uuid,
    /// Federation code.
    pub code: String,
    /// Name.
    pub name: String,
    /// What a person reads.
    pub state: HealthState,
    /// Plans of its clubs that wait, with whether a guard or a conflict holds them.
    pub plans: Vec<(Uuid, bool)>,
    /// When its key or token ends, and which announcement has come: 14 or 3 days before.
    pub ends: Option<(UtcMillis, i64)>,
}

/// What was noted of a subject, and told or not yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// Of what.
    pub subject: Subject,
    /// What.
    pub word: NoticeWord,
    /// When it was seen first.
    pub noted_at: UtcMillis,
    /// When it was told; none while it waits.
    pub told_at: Option<UtcMillis>,
}

/// What follows from a look.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decision {
    /// To be kept instead of what was.
    pub keep: Vec<Noted>,
    /// To be forgotten.
    pub forget: Vec<Subject>,
    /// To be told, now and once.
    pub tell: Option<NoticeView>,
    /// When there is something to tell at the latest; none where nothing waits.
    pub look_again: Option<UtcMillis>,
}

/// The settings that decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoticeSettings {
    /// Whether anything is told.
    pub on: bool,
    /// When nothing is.
    pub quiet: Option<QuietHours>,
}

/// Compares what is with what was noted. `minute` is the time of day where the person is, in minutes since midnight.
#[must_use]
pub fn decide(
    before: &[Noted],
    after: &[Stands],
    settings: NoticeSettings,
    now: UtcMillis,
    minute: u16,
) -> Decision {
    let mut decision = Decision::default();
    let mut waiting: Vec<Noted> = Vec::new();
    let of = |subject: &Subject| before.iter().find(|noted| noted.subject == *subject);
    let mut seen: Vec<Subject> = Vec::new();
    for one in after {
        for (subject, word) in wanted(one, of(&Subject::state(one.id))) {
            seen.push(subject.clone());
            match of(&subject) {
                Some(noted) if noted.word == word => {
                    if noted.told_at.is_none() && is_still_so(word, one.state) {
                        waiting.push(noted.clone());
                    }
                }
                // A later word in place of an earlier one that nobody was told of yet does not begin to wait again.
                earlier => {
                    let noted = Noted {
                        subject,
                        word,
                        noted_at: earlier
                            .filter(|noted| noted.told_at.is_none())
                            .map_or(now, |noted| noted.noted_at),
                        told_at: None,
                    };
                    waiting.push(noted.clone());
                    decision.keep.push(noted);
                }
            }
        }
    }
    decision.forget = before
        .iter()
        .filter(|noted| !seen.contains(&noted.subject))
        .map(|noted| noted.subject.clone())
        .collect();
    settle(&mut decision, &waiting, after, settings, now, minute);
    decision
}

/// What is to be said of a connector, as long as it is so.
fn wanted(one: &Stands, state: Option<&Noted>) -> Vec<(Subject, NoticeWord)> {
    let mut wanted = Vec::new();
    if let Some(word) = word_of(one.state, state) {
        wanted.push((Subject::state(one.id), word));
    }
    // Whoever has paused a connector knows about it.
    if one.state == HealthState::Paused {
        return wanted;
    }
    for (run, held) in &one.plans {
        let word = if *held {
            NoticeWord::PlanHeld
        } else {
            NoticeWord::PlanWaits
        };
        wanted.push((Subject::plan(one.id, *run), word));
    }
    if let Some((at, days)) = one.ends {
        let word = if days <= 3 {
            NoticeWord::Ends3
        } else {
            NoticeWord::Ends14
        };
        wanted.push((Subject::end(one.id, at), word));
    }
    wanted
}

/// Of the state alone. One that came and went before anybody was told is not worth a word; between a need and its end a connector may
/// wait, be offline or be tested, and nothing is said then.
fn word_of(state: HealthState, before: Option<&Noted>) -> Option<NoticeWord> {
    match state {
        HealthState::SignInAgain => Some(NoticeWord::SignInAgain),
        HealthState::ActionNeeded => Some(NoticeWord::ActionNeeded),
        HealthState::Paused => None,
        HealthState::Healthy
        | HealthState::Held
        | HealthState::Expiring
        | HealthState::NeverSynced => match before {
            Some(noted) if noted.word.needs_you() && noted.told_at.is_some() => {
                Some(NoticeWord::WorksAgain)
            }
            Some(noted) if !noted.word.needs_you() && noted.told_at.is_none() => {
                Some(NoticeWord::WorksAgain)
            }
            _ => None,
        },
        HealthState::Syncing
        | HealthState::WaitingForBrowser
        | HealthState::RateLimited
        | HealthState::WaitingForFederation
        | HealthState::Offline
        | HealthState::NotTested => before
            .filter(|noted| noted.told_at.is_some() || !noted.word.needs_you())
            .map(|noted| noted.word),
    }
}

/// Whether a word may be said now. That it works again is kept for later while a connector waits for something.
fn is_still_so(word: NoticeWord, state: HealthState) -> bool {
    word.needs_you()
        || matches!(
            state,
            HealthState::Healthy
                | HealthState::Held
                | HealthState::Expiring
                | HealthState::NeverSynced
        )
}

/// Whether what waits is told now, and with what words.
fn settle(
    decision: &mut Decision,
    waiting: &[Noted],
    after: &[Stands],
    settings: NoticeSettings,
    now: UtcMillis,
    minute: u16,
) {
    let Some(oldest) = waiting.iter().map(|noted| noted.noted_at).min() else {
        return;
    };
    let due = UtcMillis(oldest.0.saturating_add(GROUP_MS));
    if settings.on {
        if let Some(minutes) = settings.quiet.and_then(|quiet| quiet.left(minute)) {
            decision.look_again =
                Some(UtcMillis(now.0.saturating_add(i64::from(minutes) * 60_000)));
            return;
        }
        if now < due {
            decision.look_again = Some(due);
            return;
        }
        decision.tell = words::notice(waiting, after);
    }
    // Where nothing is to be told, switching it on later must not tell what is old.
    for noted in waiting {
        decision.keep.retain(|kept| kept.subject != noted.subject);
        if noted.word == NoticeWord::WorksAgain {
            decision.forget.push(noted.subject.clone());
        } else {
            decision.keep.push(Noted {
                told_at: Some(now),
                ..noted.clone()
            });
        }
    }
}
