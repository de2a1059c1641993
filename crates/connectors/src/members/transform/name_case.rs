//! The case of names that a system keeps in capitals or without any: `SEÁN Ó HÉALAÍ` is Seán Ó hÉalaí. A name in mixed
//! case was written so by somebody and is never altered. All of it is Unicode's case, so that fadas stay.

use std::borrow::Cow;

use crate::text::fold;

/// Which name it is: the same letters differ (`DE BÚRCA` is de Búrca, a first name is never `de`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamePart {
    /// A first name.
    Given,
    /// A surname.
    Family,
    /// Both in one text.
    Whole,
}

/// Small words inside surnames of several languages, where a word follows.
const SMALL: &[&str] = &["da", "das", "de", "den", "der", "dos", "van", "von"];
/// Small words after `de`.
const AFTER_DE: &[&str] = &["la", "las", "los"];
/// Words after which `an` and `na` are the Irish article: Mac an Bhaird, Mac na Mara.
const BEFORE_ARTICLE: &[&str] = &["fear", "giolla", "mac", "mhic", "nic", "o", "ui"];
/// Words of consonants alone that are no initials.
const NO_INITIALS: &[&str] = &[
    "dr", "jnr", "jr", "mc", "mr", "mrs", "ms", "ng", "snr", "sr", "st",
];
/// What follows a `Mac` that is part of the word, without accents. A list, because Mackey, Macken, Macklin and Macey are names
/// too, and no rule tells them apart.
const AFTER_MAC: &[&str] = &[
    "allister",
    "aodha",
    "arthur",
    "auley",
    "auliffe",
    "bride",
    "cabe",
    "cafferty",
    "cann",
    "carthy",
    "conmara",
    "connell",
    "cormack",
    "crann",
    "cumhaill",
    "curtain",
    "dermot",
    "dermott",
    "donagh",
    "donald",
    "donnell",
    "dougall",
    "dowell",
    "duff",
    "eoin",
    "farlane",
    "gabhann",
    "gearailt",
    "gillycuddy",
    "gowan",
    "gregor",
    "guinness",
    "intyre",
    "kenna",
    "kenzie",
    "laughlin",
    "lean",
    "lennon",
    "leod",
    "liam",
    "lochlainn",
    "loughlin",
    "mahon",
    "manus",
    "mathuna",
    "millan",
    "murrough",
    "nally",
    "namara",
    "namee",
    "neill",
    "niallais",
    "pherson",
    "quarrie",
    "rory",
    "suibhne",
    "sweeney",
    "tavish",
];

/// The name in its usual case, if it came in capitals only or in small letters only.
#[must_use]
pub fn name_case(text: &str, part: NamePart) -> Cow<'_, str> {
    if !has_one_case(text) {
        return Cow::Borrowed(text);
    }
    let lowered = text.to_lowercase();
    let words: Vec<&str> = lowered.split(' ').collect();
    let mut cased = String::with_capacity(text.len());
    for (at, word) in words.iter().enumerate() {
        if at > 0 {
            cased.push(' ');
        }
        let before = at.checked_sub(1).and_then(|before| words.get(before));
        let place = Place {
            before: before.copied().unwrap_or_default(),
            is_first: at == 0,
            is_last: at + 1 == words.len(),
            part,
        };
        push_word(word, place, &mut cased);
    }
    Cow::Owned(cased)
}

#[derive(Clone, Copy)]
struct Place<'w> {
    before: &'w str,
    is_first: bool,
    is_last: bool,
    part: NamePart,
}

/// Whether there are letters with a case and all are of the same one.
fn has_one_case(text: &str) -> bool {
    let upper = text.chars().any(char::is_uppercase);
    let lower = text.chars().any(char::is_lowercase);
    upper != lower
}

fn push_word(word: &str, place: Place<'_>, to: &mut String) {
    if is_small(word, place) {
        to.push_str(word);
    } else if is_initials(word, place) || is_numeral(word, place) {
        to.push_str(&word.to_uppercase());
    } else if let Some(rest) = mutated(word, place) {
        to.push_str(&word[..1]);
        push_capital(rest, to);
    } else {
        for (at, piece) in word
            .split_inclusive(['-', '.', '/', '(', '‐', '–'])
            .enumerate()
        {
            push_piece(piece, place, at == 0, to);
        }
    }
}

fn is_small(word: &str, place: Place<'_>) -> bool {
    if place.is_last || (place.is_first && place.part != NamePart::Family) {
        return false;
    }
    let before = fold(place.before);
    SMALL.contains(&word)
        || (before == "de" && AFTER_DE.contains(&word))
        || (matches!(word, "an" | "na") && BEFORE_ARTICLE.contains(&before.as_str()))
}

/// PJ, TJ, MJ and AJ are first names in Ireland.
fn is_initials(word: &str, place: Place<'_>) -> bool {
    let may_be = match place.part {
        NamePart::Given => true,
        NamePart::Whole => !place.is_last,
        NamePart::Family => false,
    };
    let letters = word.chars().count();
    let consonants = word
        .chars()
        .all(|c| c.is_ascii_alphabetic() && !"aeiouy".contains(c));
    let two = letters == 2 && word.ends_with('j') && word.is_ascii();
    may_be && ((matches!(letters, 2 | 3) && consonants && !NO_INITIALS.contains(&word)) || two)
}

fn is_numeral(word: &str, place: Place<'_>) -> bool {
    place.is_last && !place.is_first && matches!(word, "ii" | "iii" | "iv")
}

/// What follows a small letter that Irish grammar puts before a name: Ó hÓgáin, Mac an tSaoi.
fn mutated<'w>(word: &'w str, place: Place<'_>) -> Option<&'w str> {
    let vowel = |rest: &str| fold(rest).starts_with(['a', 'e', 'i', 'o', 'u']);
    if place.before == "ó" {
        return word.strip_prefix('h').filter(|rest| vowel(rest));
    }
    if place.before == "an" && !place.is_first {
        let rest = word.strip_prefix('t')?;
        let after = rest.strip_prefix('s')?;
        return (vowel(after) || after.starts_with(['l', 'n', 'r'])).then_some(rest);
    }
    None
}

fn push_piece(piece: &str, place: Place<'_>, first: bool, to: &mut String) {
    if let Some((before, mark, rest)) = at_apostrophe(piece) {
        push_capital(before, to);
        to.push(mark);
        return push_piece(rest, place, false, to);
    }
    let long = |rest: &str| rest.chars().filter(|c| c.is_alphabetic()).count() >= 2;
    if let Some(rest) = piece.strip_prefix("mc").filter(|rest| long(rest)) {
        to.push_str("Mc");
        return push_capital(rest, to);
    }
    let surname = place.part != NamePart::Given
        && (place.part == NamePart::Family || !place.is_first || !first);
    if surname
        && let Some(rest) = piece.strip_prefix("mac")
        && AFTER_MAC.contains(&fold(rest.trim_end_matches(|c: char| !c.is_alphabetic())).as_str())
    {
        to.push_str("Mac");
        return push_capital(rest, to);
    }
    push_capital(piece, to);
}

/// O'Neill, D'Arcy, Dell'Acqua: one letter or an Italian article before the apostrophe, a name behind it.
fn at_apostrophe(piece: &str) -> Option<(&str, char, &str)> {
    let (at, mark) = piece
        .char_indices()
        .find(|(_, c)| matches!(c, '\'' | '’' | 'ʼ' | '‘' | '`' | '´'))?;
    let (before, rest) = (&piece[..at], &piece[at + mark.len_utf8()..]);
    let article = before.chars().count() == 1 || matches!(before, "dell" | "dall");
    let name = rest.chars().filter(|c| c.is_alphabetic()).count() >= 2;
    (article && name).then_some((before, mark, rest))
}

fn push_capital(word: &str, to: &mut String) {
    let mut done = false;
    for character in word.chars() {
        if !done && character.is_alphabetic() {
            to.extend(character.to_uppercase());
            done = true;
        } else {
            to.push(character);
        }
    }
}
