//! What a class of failure means for a club and what becomes of it, in sentences. Exhaustive, and no two classes say the same.
//! What exactly was seen, and what to do about that, is said by `sentences.rs`.

use crate::failure::FailureClass;

/// A class in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meaning {
    /// Who must act, in a few words, without a full stop.
    pub title: &'static str,
    /// What it means for the club.
    pub club: &'static str,
    /// What comes next, and who does it.
    pub next: &'static str,
}

/// What a class means.
pub fn meaning(class: FailureClass) -> Meaning {
    let (title, club, next) = match class {
        FailureClass::NeedsSignIn => (
            "Somebody must sign in",
            "Nothing is read until somebody has signed in. The members stay as they were.",
            "Sign in with the account that the federation gave to the club or the office.",
        ),
        FailureClass::BadCredentials => (
            "The key or the password is not accepted",
            "Nothing is read until there is another one. The members stay as they were.",
            "Get a new key or password from the federation and enter it. It is not tried again by itself: that could lock \
             the account.",
        ),
        FailureClass::BadConfiguration => (
            "A setting does not fit",
            "Nothing is read until the setting is mended. The members stay as they were.",
            "Open the settings of the connector and mend what is named above.",
        ),
        FailureClass::NotFound => (
            "What was asked for is not there",
            "The list of this club was not read. The members stay as they were.",
            "Check the club's id at the federation and the address of the list.",
        ),
        FailureClass::Forbidden => (
            "The account may not read this",
            "The list was not read. The members stay as they were.",
            "Ask the federation to let this account read the membership list.",
        ),
        FailureClass::RateLimited => (
            "The federation asks for a pause",
            "Syncs come later than planned. The members stay as they were.",
            "Nothing needs to be done: it goes on by itself when the pause is over.",
        ),
        FailureClass::FederationDown => (
            "The federation does not answer",
            "Syncs come later than planned. The members stay as they were.",
            "Nothing needs to be done: it is tried again by itself. If it lasts, ask the federation.",
        ),
        FailureClass::BadAnswer => (
            "The federation's answer cannot be used",
            "The list was not taken over, so that nothing wrong gets in. The members stay as they were.",
            "It is tried again by itself. If it lasts, the federation may have changed something: send this text to support.",
        ),
        FailureClass::Offline => (
            "This computer is offline",
            "Nothing can be read from here. It does not count against the federation.",
            "Connect this computer to the network.",
        ),
        FailureClass::Locked => (
            "The data is locked",
            "Nothing can be read or changed until it is unlocked.",
            "Unlock the app.",
        ),
        FailureClass::Cancelled => (
            "Somebody stopped it",
            "Nothing was changed.",
            "Start it again when you like.",
        ),
        FailureClass::Internal => (
            "Something in the app went wrong",
            "The members stay as they were.",
            "Try again. If it happens again, send this text to support.",
        ),
    };
    Meaning { title, club, next }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const ALL: [FailureClass; 12] = [
        FailureClass::NeedsSignIn,
        FailureClass::BadCredentials,
        FailureClass::BadConfiguration,
        FailureClass::NotFound,
        FailureClass::Forbidden,
        FailureClass::RateLimited,
        FailureClass::FederationDown,
        FailureClass::BadAnswer,
        FailureClass::Offline,
        FailureClass::Locked,
        FailureClass::Cancelled,
        FailureClass::Internal,
    ];

    #[test]
    fn each_class_has_its_own_words_in_whole_sentences() {
        let mut titles = BTreeSet::new();
        for class in ALL {
            let words = meaning(class);
            assert!(titles.insert(words.title), "{class:?} is told apart");
            assert!(
                !words.title.ends_with('.'),
                "{class:?}: a title has no stop"
            );
            for text in [words.club, words.next] {
                assert!(text.ends_with('.'), "{class:?}: a whole sentence: {text}");
                assert!(
                    !text.contains('!') && !text.to_lowercase().contains("please"),
                    "{class:?}: calm: {text}"
                );
            }
        }
    }
}
