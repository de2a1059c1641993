//! Eircodes and British postcodes, told by their form. Others stay as they are: there are too many kinds to judge.

use std::borrow::Cow;

/// The postcode in capitals and with its space, where it is an Eircode or a British one; else the text.
#[must_use]
pub fn postcode(text: &str) -> Cow<'_, str> {
    recognised(text).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// The postcode, where it is one of the two kinds.
#[must_use]
pub fn recognised(text: &str) -> Option<String> {
    let mut compact = String::with_capacity(8);
    for character in text.chars() {
        match character {
            ' ' | '-' | '\u{a0}' => {}
            _ if character.is_ascii_alphanumeric() && compact.len() < 7 => {
                compact.push(character.to_ascii_uppercase());
            }
            _ => return None,
        }
    }
    let split = if is_eircode(&compact) {
        3
    } else if is_british(&compact) {
        compact.len() - 3
    } else {
        return None;
    };
    Some(format!("{} {}", &compact[..split], &compact[split..]))
}

/// A routing key and four characters (An Post, "Eircode"): 15 letters are used, and D6W is the one key with a letter at its end.
fn is_eircode(compact: &str) -> bool {
    let letter = |byte: u8| b"ACDEFHKNPRTVWXY".contains(&byte);
    let [a, b, c, unique @ ..] = compact.as_bytes() else {
        return false;
    };
    letter(*a)
        && b.is_ascii_digit()
        && (c.is_ascii_digit() || compact.starts_with("D6W"))
        && unique.len() == 4
        && unique
            .iter()
            .all(|byte| byte.is_ascii_digit() || letter(*byte))
}

/// An outward code (A9, A99, AA9, AA99, A9A, AA9A) and an inward one (9AA), as Royal Mail writes them.
fn is_british(compact: &str) -> bool {
    if !(5..=7).contains(&compact.len()) {
        return false;
    }
    let form: String = compact
        .chars()
        .map(|c| if c.is_ascii_digit() { '9' } else { 'A' })
        .collect();
    let (outward, inward) = form.split_at(form.len() - 3);
    inward == "9AA" && matches!(outward, "A9" | "A99" | "AA9" | "AA99" | "A9A" | "AA9A")
}
