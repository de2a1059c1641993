//! Telephone numbers as E.164, read with the numbering plans of libphonenumber. What is no number stays as it came, with a
//! warning: somebody may still be able to dial it.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use phonenumber::metadata::DATABASE;
use phonenumber::{Mode, PhoneNumber, country};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Reading, WarningKind};

/// The country whose numbers are written without a country code, e.g. `IE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Country(country::Id);

impl Country {
    /// Ireland.
    pub const IRELAND: Self = Self(country::IE);

    /// Its two letters (ISO 3166-1).
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_ref()
    }

    /// The country of two capital letters.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        country::Id::from_str(word).ok().map(Self)
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Country {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        let wrong = || de::Error::custom("not a country, which is two capital letters, e.g. IE");
        Self::of_word(&word).ok_or_else(wrong)
    }
}

/// The number as E.164. Numbers of the plan come first, in `country` and then across the Irish border; a number outside
/// the plan is taken if its length is possible, because plans grow faster than libraries.
#[must_use]
pub fn phone(text: &str, country: Country) -> Reading<'static> {
    let found = plain(text).and_then(|text| read(&text, country));
    match found {
        Some(number) => Reading::Read(Cow::Owned(number.format().mode(Mode::E164).to_string())),
        None => Reading::Verbatim(WarningKind::UnreadablePhone),
    }
}

fn read(text: &str, Country(home): Country) -> Option<PhoneNumber> {
    // The library looks at the start of a number and at its length, and takes 028 for Skibbereen.
    let home = match home {
        country::IE if has_british_form(text) => country::GB,
        home => home,
    };
    let at_home = parse(text, home);
    if at_home.as_ref().is_some_and(PhoneNumber::is_valid) {
        return at_home;
    }
    let across = across_the_border(home).and_then(|other| parse(text, other));
    across
        .filter(PhoneNumber::is_valid)
        .or_else(|| at_home.filter(is_possible))
}

fn parse(text: &str, country: country::Id) -> Option<PhoneNumber> {
    // A number with an extension has no E.164 form that keeps it.
    phonenumber::parse(Some(country), text)
        .ok()
        .filter(|number| number.extension().is_none())
}

/// Clubs on either side have members from the other.
fn across_the_border(country: country::Id) -> Option<country::Id> {
    match country {
        country::IE => Some(country::GB),
        country::GB => Some(country::IE),
        _ => None,
    }
}

/// Eleven digits that begin with 07 or 028: no Irish number is so.
fn has_british_form(text: &str) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.len() == 11 && (digits.starts_with("07") || digits.starts_with("028"))
}

/// Whether some kind of number of its country has as many digits.
fn is_possible(number: &PhoneNumber) -> bool {
    let length = number.national().to_string().len();
    let plans = DATABASE.by_code(&number.code().value()).unwrap_or_default();
    plans.iter().any(|plan| {
        // The library leaves the lengths of the whole plan empty.
        let kinds = plan.descriptors();
        [
            kinds.fixed_line(),
            kinds.mobile(),
            kinds.toll_free(),
            kinds.shared_cost(),
            kinds.personal_number(),
            kinds.voip(),
            kinds.uan(),
        ]
        .into_iter()
        .flatten()
        .flat_map(|kind| kind.possible_length())
        .any(|possible| usize::from(*possible) == length)
    })
}

/// The characters of one number and no others: letters would be read as the keys they stand on, and a slash or a comma
/// stands between two numbers.
fn plain(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '0'..='9' | '+' | '(' | ')' | '-' | '.' => plain.push(character),
            '‐'..='―' | '−' => plain.push('-'),
            _ if character.is_whitespace() => plain.push(' '),
            // Copied out of a web page or an address book.
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}' => {}
            _ => return None,
        }
    }
    Some(plain)
}
