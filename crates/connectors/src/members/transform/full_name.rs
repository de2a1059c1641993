//! First and last name out of one text. `Ó Sé, Seán` says it; else the last word is the surname, with the words before
//! it that belong to it: Ó, Ní, Mac an, de, van der.

use crate::text::fold;

/// Words that begin a surname, without accents.
const BEGINS: &[&str] = &[
    "al", "an", "da", "de", "del", "della", "den", "der", "di", "dos", "du", "el", "fitz",
    "giolla", "la", "le", "mac", "mag", "mc", "mhic", "na", "ni", "nic", "o", "st", "ter", "ui",
    "van", "von",
];
/// What may follow a surname.
const ENDS: &[&str] = &[
    "ii", "iii", "iv", "jnr", "jr", "junior", "senior", "snr", "sr",
];

/// First name, then last name; either is empty where the text has none. One word alone is a first name: a member without a
/// surname is somebody's to look at.
#[must_use]
pub fn split(text: &str) -> (String, String) {
    if let Some((last, first)) = text.split_once(',') {
        return (words(first).join(" "), words(last).join(" "));
    }
    let words = words(text);
    let starts = surname_at(&words);
    (words[..starts].join(" "), words[starts..].join(" "))
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

/// Where the surname starts: never at the first word.
fn surname_at(words: &[&str]) -> usize {
    let is = |at: usize, list: &[&str]| {
        let word = words.get(at).map(|word| fold(word.trim_end_matches('.')));
        word.is_some_and(|word| list.contains(&word.as_str()))
    };
    let mut at = words.len().saturating_sub(1);
    if at > 1 && is(at, ENDS) {
        at -= 1;
    }
    while at > 1 && is(at - 1, BEGINS) {
        at -= 1;
    }
    at.max(1).min(words.len())
}
