//! Notices in words. A name of a connector is the only thing in them that somebody has typed, and of a long one the beginning.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use uuid::Uuid;

use super::{Noted, NoticeWord, Stands};
use crate::view::NoticeView;

/// Names that are listed; the others are counted.
const NAMED: usize = 4;
/// Letters of a name.
const LETTERS: usize = 60;

/// One notice for all that waits; none where nothing is known of it any more.
#[must_use]
pub fn notice(waiting: &[Noted], connectors: &[Stands]) -> Option<NoticeView> {
    let known: Vec<(&Noted, &Stands)> = waiting
        .iter()
        .filter_map(|noted| {
            let connector = connectors
                .iter()
                .find(|one| one.id == noted.subject.connector)?;
            Some((noted, connector))
        })
        .collect();
    match known.as_slice() {
        [] => None,
        [(noted, connector)] => Some(one(noted.word, connector)),
        several => Some(group(several)),
    }
}

fn one(word: NoticeWord, connector: &Stands) -> NoticeView {
    let name = shown(&connector.name);
    let (title, body) = match word {
        NoticeWord::SignInAgain => (
            format!("{name}: sign in again"),
            "The sign-in has ended. Nothing syncs until somebody signs in.",
        ),
        NoticeWord::ActionNeeded => (
            format!("{name} needs you"),
            "The federation refuses what is sent to it. Open the app to see what to mend.",
        ),
        NoticeWord::WorksAgain => (format!("{name} works again"), "Nothing is to be done."),
        NoticeWord::PlanHeld => (
            format!("{name}: a sync waits for you"),
            "It was stopped before it changed anything. Look at it and decide.",
        ),
        NoticeWord::PlanWaits => (
            format!("{name}: changes are ready"),
            "Nothing has changed yet. Look at them and apply them.",
        ),
        NoticeWord::Ends14 => (
            format!("{name}: its key or sign-in ends within 14 days"),
            "Replace it before then, so that syncs go on.",
        ),
        NoticeWord::Ends3 => (
            format!("{name}: its key or sign-in ends within 3 days"),
            "Replace it now, so that syncs go on.",
        ),
    };
    NoticeView {
        title,
        body: body.to_owned(),
        code: Some(connector.code.clone()),
    }
}

fn group(several: &[(&Noted, &Stands)]) -> NoticeView {
    let of = |needs_you: bool| -> BTreeSet<Uuid> {
        several
            .iter()
            .filter(|(noted, _)| noted.word.needs_you() == needs_you)
            .map(|(_, connector)| connector.id)
            .collect()
    };
    let need = of(true);
    let again: BTreeSet<Uuid> = of(false).difference(&need).copied().collect();
    let number = |count: usize, one: &str, many: &str| match count {
        1 => format!("1 connector {one}"),
        count => format!("{count} connectors {many}"),
    };
    let title = match (need.len(), again.len()) {
        (0, again) => number(again, "works again", "work again"),
        (need, 0) => number(need, "needs you", "need you"),
        (need, again) => format!(
            "{}, {again} {} again",
            number(need, "needs you", "need you"),
            if again == 1 { "works" } else { "work" }
        ),
    };
    let mut seen = BTreeSet::new();
    // Those that need somebody are named first.
    let mut names: Vec<String> = Vec::new();
    for first in [true, false] {
        for (noted, connector) in several {
            if noted.word.needs_you() == first && seen.insert(connector.id) {
                names.push(shown(&connector.name));
            }
        }
    }
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    let mut body = names.join(", ");
    if more > 0 {
        // Writing into a String cannot fail.
        let _ = write!(body, " and {more} more");
    }
    let only = match seen.len() {
        1 => several.first().map(|(_, connector)| connector.code.clone()),
        _ => None,
    };
    NoticeView {
        title,
        body,
        code: only,
    }
}

/// A name on one line, without marks that would turn text around.
fn shown(name: &str) -> String {
    let mut shown: String = name
        .chars()
        .filter(|sign| {
            !sign.is_control() && !matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        })
        .take(LETTERS)
        .collect();
    if name.chars().count() > LETTERS {
        shown.push('…');
    }
    shown
}
