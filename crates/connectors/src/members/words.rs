//! The words by which a member is found: folded, letters and digits only, so that every spelling of a name's punctuation is the
//! same. A query is taken apart by the same rule.

use super::{MemberField, MemberValues};
use crate::text::fold;

/// More words than this only slow a search down.
const WORDS: usize = 48;

/// The fields that a search looks at.
const SEARCHED: [MemberField; 7] = [
    MemberField::FirstName,
    MemberField::LastName,
    MemberField::IrishFirstName,
    MemberField::IrishLastName,
    MemberField::ExternalId,
    MemberField::Email,
    MemberField::Town,
];

/// The words of what somebody typed: `Ó Sé` is `o` and `se`, `O’Brien` is `obrien`.
#[must_use]
pub fn words_of(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for part in fold(text).split(|c: char| !c.is_alphanumeric() && c != '\'') {
        let word: String = part.chars().filter(|c| *c != '\'').collect();
        if !word.is_empty() && !words.contains(&word) {
            words.push(word);
        }
    }
    words.truncate(WORDS);
    words
}

/// The words of a member, each after a blank. A name with an apostrophe is also found by what follows it.
pub(super) fn search_key(values: &MemberValues) -> String {
    let mut words: Vec<String> = Vec::new();
    for text in SEARCHED.into_iter().filter_map(|field| values.get(field)) {
        let mut found = words_of(text);
        let folded = fold(text);
        for part in folded.split(|c: char| !c.is_alphanumeric() && c != '\'') {
            if let Some((_, tail)) = part.split_once('\'') {
                found.extend(words_of(tail));
            }
        }
        for word in found {
            if !words.contains(&word) {
                words.push(word);
            }
        }
    }
    words.truncate(WORDS);
    let mut key = String::new();
    for word in &words {
        key.push(' ');
        key.push_str(word);
    }
    key
}

#[cfg(test)]
mod tests {
    use super::{search_key, words_of};
    use crate::members::{MemberField, MemberValues};

    #[test]
    fn every_spelling_of_a_name_gives_the_same_words() {
        for (typed, words) in [
            ("Seán Ó Sé", vec!["sean", "o", "se"]),
            ("O'Brien", vec!["obrien"]),
            ("O’Brien", vec!["obrien"]),
            ("OBrien", vec!["obrien"]),
            ("Murphy-Walsh", vec!["murphy", "walsh"]),
            ("SW-20418", vec!["sw", "20418"]),
            ("a.b@example.ie", vec!["a", "b", "example", "ie"]),
            ("\"\\ ' %", vec![]),
        ] {
            assert_eq!(words_of(typed), words, "{typed} is taken apart");
        }
        let mut values = MemberValues::default();
        values.set(MemberField::LastName, Some("O’Brien"));
        values.set(MemberField::Town, Some("Dún Laoghaire"));
        assert_eq!(
            search_key(&values),
            " obrien brien dun laoghaire",
            "and a name is found with and without what stands before its apostrophe"
        );
    }
}
