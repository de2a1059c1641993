//! XML that lies or grows.

use std::fmt::Write;

/// Levels of entities, each ten of the one below: ten to the ninth laughs.
const LEVELS: u32 = 9;

/// The first 256 code points are those of ISO-8859-1; others become question marks.
pub(crate) fn latin1(text: &str) -> Vec<u8> {
    text.chars()
        .map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?'))
        .collect()
}

/// Declares UTF-8 and is ISO-8859-1.
pub(super) fn mislabelled() -> Vec<u8> {
    latin1(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<PersonList><Person><PersonName>\
         <Family>Ó Néill</Family><Given>Seán</Given></PersonName><PersonId>1</PersonId></Person>\
         </PersonList>\n",
    )
}

/// Entities of entities: a few hundred bytes that a careless reader makes gigabytes of.
pub(super) fn billion_laughs() -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE PersonList [\n<!ENTITY l0 \"ha\">\n",
    );
    for level in 1..=LEVELS {
        let below = format!("&l{};", level - 1).repeat(10);
        // Writing into a text cannot fail.
        let _ = writeln!(xml, "<!ENTITY l{level} \"{below}\">");
    }
    let _ = writeln!(
        xml,
        "]>\n<PersonList><Person><PersonId>1</PersonId><PersonName><Given>&l{LEVELS};</Given>\
         </PersonName></Person></PersonList>"
    );
    xml
}
