//! What a person is told, when, and with what words (acceptance case H06).

use connectors::clock::UtcMillis;
use connectors::notices::quiet::QuietHours;
use connectors::notices::{
    Decision, GROUP_MS, Noted, NoticeSettings, NoticeWord, Stands, Subject, decide,
};
use connectors::view::HealthState;
use uuid::Uuid;

const NOON: u16 = 12 * 60;
const ON: NoticeSettings = NoticeSettings {
    on: true,
    quiet: None,
};

fn id(number: u8) -> Uuid {
    Uuid::from_bytes([number; 16])
}

fn stands(number: u8, state: HealthState) -> Stands {
    Stands {
        id: id(number),
        code: format!("code_{number}"),
        name: format!("Federation {number}"),
        state,
        plans: Vec::new(),
        ends: None,
    }
}

/// A computer on which time passes, and what was told on it.
struct Told {
    rows: Vec<Noted>,
    settings: NoticeSettings,
    now: i64,
    minute: u16,
    said: Vec<(i64, String)>,
}

impl Told {
    fn new(settings: NoticeSettings) -> Self {
        Self {
            rows: Vec::new(),
            settings,
            now: 0,
            minute: NOON,
            said: Vec::new(),
        }
    }

    /// One look; keeps what is to be kept, as the product does.
    fn look(&mut self, after: &[Stands]) -> Decision {
        let decision = decide(
            &self.rows,
            after,
            self.settings,
            UtcMillis(self.now),
            self.minute,
        );
        for subject in &decision.forget {
            self.rows.retain(|row| row.subject != *subject);
        }
        for noted in &decision.keep {
            self.rows.retain(|row| row.subject != noted.subject);
            self.rows.push(noted.clone());
        }
        if let Some(notice) = &decision.tell {
            self.said.push((self.now, notice.title.clone()));
        }
        decision
    }

    /// Looks every second for so long.
    fn pass(&mut self, seconds: i64, after: &[Stands]) {
        for _ in 0..seconds {
            self.look(after);
            self.now += 1_000;
        }
    }

    fn titles(&self) -> Vec<&str> {
        self.said.iter().map(|(_, title)| title.as_str()).collect()
    }
}

#[test]
fn h06_a_state_that_needs_somebody_is_told_once_and_its_end_too() {
    use HealthState::{ActionNeeded, Healthy, Offline, Paused, RateLimited, SignInAgain};
    let cases: [(&[HealthState], &[&str]); 9] = [
        (&[Healthy, Healthy], &[]),
        (&[Healthy, SignInAgain], &["Federation 1: sign in again"]),
        (
            &[ActionNeeded, Healthy],
            &["Federation 1 needs you", "Federation 1 works again"],
        ),
        (
            &[ActionNeeded, Offline, Healthy, Healthy],
            &["Federation 1 needs you", "Federation 1 works again"],
        ),
        (
            &[ActionNeeded, RateLimited, ActionNeeded],
            &["Federation 1 needs you"],
        ),
        (
            &[SignInAgain, ActionNeeded],
            &["Federation 1: sign in again", "Federation 1 needs you"],
        ),
        (
            &[ActionNeeded, Paused, Healthy],
            &["Federation 1 needs you"],
        ),
        (&[RateLimited, Offline, Healthy], &[]),
        (
            &[ActionNeeded, Healthy, ActionNeeded],
            &[
                "Federation 1 needs you",
                "Federation 1 works again",
                "Federation 1 needs you",
            ],
        ),
    ];
    for (states, expected) in cases {
        let mut told = Told::new(ON);
        for state in states {
            told.pass(600, &[stands(1, *state)]);
        }
        assert_eq!(told.titles(), expected, "{states:?}");
    }
}

#[test]
fn what_comes_and_goes_within_a_minute_is_not_worth_a_word() {
    let mut told = Told::new(ON);
    told.pass(30, &[stands(1, HealthState::ActionNeeded)]);
    told.pass(600, &[stands(1, HealthState::Healthy)]);
    assert!(
        told.said.is_empty(),
        "nobody was told of it: {:?}",
        told.said
    );
    assert!(told.rows.is_empty(), "nor is it kept");
}

#[test]
fn several_within_a_minute_are_told_as_one() {
    let mut told = Told::new(ON);
    told.pass(20, &[stands(1, HealthState::ActionNeeded)]);
    let three: Vec<Stands> = (1..=3)
        .map(|number| stands(number, HealthState::SignInAgain))
        .collect();
    told.pass(600, &three);
    assert_eq!(told.titles(), ["3 connectors need you"], "as one");
    assert_eq!(told.said[0].0, GROUP_MS, "a minute after the first");
    let mut mixed = three;
    mixed[0].state = HealthState::Healthy;
    mixed.push(stands(4, HealthState::ActionNeeded));
    told.pass(600, &mixed);
    assert_eq!(
        told.titles()[1],
        "1 connector needs you, 1 works again",
        "what ended is told with what began"
    );
    assert_eq!(told.said.len(), 2, "each once");
}

#[test]
fn a_group_names_connectors_and_counts_the_rest() {
    let mut told = Told::new(ON);
    let many: Vec<Stands> = (1..=9)
        .map(|number| stands(number, HealthState::ActionNeeded))
        .collect();
    told.look(&many);
    told.now += GROUP_MS;
    let notice = told.look(&many).tell.expect("it is told");
    assert_eq!(notice.title, "9 connectors need you", "how many");
    assert_eq!(
        notice.body, "Federation 1, Federation 2, Federation 3, Federation 4 and 5 more",
        "which"
    );
    assert_eq!(notice.code, None, "a click opens Home");
    let mut told = Told::new(ON);
    let mut named = stands(1, HealthState::ActionNeeded);
    named.name = format!("A\nB\u{202e}{}", "x".repeat(100));
    told.look(std::slice::from_ref(&named));
    told.now += GROUP_MS;
    let notice = told.look(&[named]).tell.expect("it is told");
    assert_eq!(
        notice.code.as_deref(),
        Some("code_1"),
        "a click opens the connector"
    );
    assert!(
        notice.title.starts_with("ABxxx") && notice.title.chars().count() < 80,
        "a name has one line, one direction and an end: {}",
        notice.title
    );
}

#[test]
fn quiet_hours_put_off_and_sum_up() {
    let quiet = NoticeSettings {
        on: true,
        quiet: QuietHours::of(Some("22:00"), Some("07:30")),
    };
    let mut told = Told::new(quiet);
    told.minute = 23 * 60;
    let decision = told.look(&[stands(1, HealthState::ActionNeeded)]);
    assert_eq!(decision.tell, None, "not at night");
    assert_eq!(
        decision.look_again,
        Some(UtcMillis(told.now + 510 * 60_000)),
        "the end of the night is known"
    );
    told.pass(
        120,
        &[
            stands(1, HealthState::ActionNeeded),
            stands(2, HealthState::SignInAgain),
        ],
    );
    // One of them was mended in the night.
    let morning = [
        stands(1, HealthState::Healthy),
        stands(2, HealthState::SignInAgain),
        stands(3, HealthState::ActionNeeded),
    ];
    told.pass(120, &morning);
    assert!(told.said.is_empty(), "not at night: {:?}", told.said);
    told.minute = 7 * 60 + 30;
    told.pass(600, &morning);
    assert_eq!(
        told.titles(),
        ["2 connectors need you"],
        "what still is so, as one"
    );
}

#[test]
fn times_of_quiet_hours() {
    for (from, until, at, left) in [
        ("22:00", "07:00", "21:59", None),
        ("22:00", "07:00", "22:00", Some(9 * 60)),
        ("22:00", "07:00", "00:00", Some(7 * 60)),
        ("22:00", "07:00", "06:59", Some(1)),
        ("22:00", "07:00", "07:00", None),
        ("12:00", "13:00", "12:30", Some(30)),
        ("12:00", "13:00", "13:00", None),
        ("00:00", "23:59", "23:59", None),
    ] {
        let quiet = QuietHours::of(Some(from), Some(until)).expect("both are times");
        let minute = connectors::notices::quiet::minute_of(at).expect("a time");
        assert_eq!(quiet.left(minute), left, "{from} to {until} at {at}");
    }
    for (from, until) in [
        (None, Some("07:00")),
        (Some("22:00"), None),
        (Some("22:00"), Some("22:00")),
        (Some("24:00"), Some("07:00")),
        (Some("22:60"), Some("07:00")),
        (Some("2:00"), Some("07:00")),
        (Some("+1:00"), Some("07:00")),
        (Some("night"), Some("07:00")),
    ] {
        assert_eq!(QuietHours::of(from, until), None, "{from:?} {until:?}");
    }
}

#[test]
fn switched_off_nothing_is_told_then_or_later() {
    let mut told = Told::new(NoticeSettings {
        on: false,
        quiet: None,
    });
    told.pass(300, &[stands(1, HealthState::ActionNeeded)]);
    told.settings = ON;
    told.pass(300, &[stands(1, HealthState::ActionNeeded)]);
    assert!(
        told.said.is_empty(),
        "what is old is not told: {:?}",
        told.said
    );
    told.pass(
        300,
        &[
            stands(1, HealthState::ActionNeeded),
            stands(2, HealthState::ActionNeeded),
        ],
    );
    assert_eq!(told.titles(), ["Federation 2 needs you"], "what is new is");
}

#[test]
fn plans_that_wait_and_keys_that_end_are_told_once_each() {
    let mut told = Told::new(ON);
    let mut one = stands(1, HealthState::Healthy);
    one.plans = vec![(id(50), false)];
    told.pass(300, std::slice::from_ref(&one));
    one.plans = vec![(id(51), true)];
    told.pass(300, std::slice::from_ref(&one));
    one.plans.clear();
    one.ends = Some((UtcMillis(1_000_000_000), 14));
    told.pass(300, std::slice::from_ref(&one));
    one.ends = Some((UtcMillis(1_000_000_000), 3));
    told.pass(300, std::slice::from_ref(&one));
    assert_eq!(
        told.titles(),
        [
            "Federation 1: changes are ready",
            "Federation 1: a sync waits for you",
            "Federation 1: its key or sign-in ends within 14 days",
            "Federation 1: its key or sign-in ends within 3 days",
        ],
        "each once"
    );
    one.ends = None;
    told.pass(10, std::slice::from_ref(&one));
    assert!(told.rows.is_empty(), "and forgotten when it is over");
    one.state = HealthState::Paused;
    one.plans = vec![(id(52), true)];
    told.pass(300, &[one]);
    assert_eq!(told.said.len(), 4, "whoever paused it knows");
}

#[test]
fn a_connector_that_is_gone_is_forgotten() {
    let mut told = Told::new(ON);
    told.pass(300, &[stands(1, HealthState::ActionNeeded)]);
    told.look(&[]);
    assert!(told.rows.is_empty(), "nothing is kept of it");
    assert_eq!(Subject::state(id(1)).about, "state", "the word of the row");
    assert!(NoticeWord::Ends3.needs_you() && !NoticeWord::WorksAgain.needs_you());
}

#[test]
fn h06_what_works_again_is_told_in_the_morning_whatever_it_met_in_the_night() {
    let quiet = NoticeSettings {
        on: true,
        quiet: QuietHours::of(Some("22:00"), Some("07:00")),
    };
    let mut told = Told::new(quiet);
    told.pass(90, &[stands(1, HealthState::SignInAgain)]);
    told.minute = 23 * 60;
    told.pass(5, &[stands(1, HealthState::Healthy)]);
    told.pass(5, &[stands(1, HealthState::RateLimited)]);
    told.minute = 8 * 60;
    told.pass(90, &[stands(1, HealthState::RateLimited)]);
    assert_eq!(
        told.titles(),
        ["Federation 1: sign in again"],
        "it does not work again while it waits"
    );
    told.pass(90, &[stands(1, HealthState::Healthy)]);
    assert_eq!(
        told.titles(),
        ["Federation 1: sign in again", "Federation 1 works again"],
        "whoever was told of the one is told of the other"
    );
}
