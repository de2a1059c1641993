//! Space around and inside a value. What looks the same becomes the same: runs of space are one space, accents are composed
//! (NFC), control characters and the invisible marks that spreadsheets and web pages leave at the ends are gone.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// The text without them. Case, letters and punctuation stay.
#[must_use]
pub fn trim(text: &str) -> Cow<'_, str> {
    let outer = text.trim_matches(|c: char| is_space(c) || is_mark(c));
    let composed = is_nfc_quick(outer.chars()) == IsNormalized::Yes;
    if composed && is_tidy(outer) {
        return Cow::Borrowed(outer);
    }
    let mut tidy = String::with_capacity(outer.len());
    let mut space = false;
    for character in outer.nfc() {
        if is_space(character) {
            space = true;
            continue;
        }
        if space {
            tidy.push(' ');
            space = false;
        }
        tidy.push(character);
    }
    Cow::Owned(tidy)
}

fn is_tidy(text: &str) -> bool {
    let mut before = ' ';
    text.chars().all(|character| {
        let fine = !is_space(character) || (character == ' ' && before != ' ');
        before = character;
        fine
    })
}

/// A control character separates words as space does: a line break, a tab, a stray NUL.
fn is_space(character: char) -> bool {
    character.is_whitespace() || character.is_control()
}

/// Zero-width space, joiner marks of writing direction, word joiner, byte order mark. Inside a name some of them
/// matter (Persian, Hindi), at its ends none does.
fn is_mark(character: char) -> bool {
    matches!(
        character,
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{00ad}'
    )
}
