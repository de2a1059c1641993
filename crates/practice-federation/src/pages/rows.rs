//! The rows of the paged lists. Each is made from its place alone, about 200 bytes of JSON, so that a
//! list of a million takes no memory here.

use std::fmt::Write;
use std::io;
use std::ops::Range;

use axum::body::{Body, Bytes};
use futures_util::stream;

use crate::chance::Chance;
use crate::names::{BOYS, GIRLS, SURNAMES};

/// Rows that are made at once.
const CHUNK: usize = 500;

/// The id of the row at a place, counted from 0: `P-` and seven digits, from 1.
pub fn paging_row_id(index: usize) -> String {
    format!("P-{:07}", index + 1)
}

/// The place of a row by its id.
pub(super) fn place(id: &str) -> Option<usize> {
    let number: usize = id.strip_prefix("P-")?.parse().ok()?;
    number.checked_sub(1)
}

/// Writes the members of a row's object, without its braces.
pub(super) fn write_fields(out: &mut String, index: usize) {
    let mut chance = Chance::new(index as u64);
    let is_girl = chance.percent(50);
    let (first, irish) = *chance.pick(if is_girl { GIRLS } else { BOYS });
    let first = irish.filter(|_| chance.percent(40)).unwrap_or(first);
    let (gender, last) = (
        if is_girl { "FEMALE" } else { "MALE" },
        chance.pick(SURNAMES).english,
    );
    let (year, month, day) = (
        chance.between(1945, 2020),
        chance.between(1, 12),
        chance.between(1, 28),
    );
    let club = chance.between(1001, 1006);
    let number = index + 1;
    // Writing into a text cannot fail. No name holds what JSON must escape.
    let _ = write!(
        out,
        "\"id\":\"P-{number:07}\",\"firstName\":\"{first}\",\"lastName\":\"{last}\",\
         \"dateOfBirth\":\"{year}-{month:02}-{day:02}\",\"gender\":\"{gender}\",\
         \"email\":\"member.{number}@example.org\",\"club\":\"club-{club}\",\
         \"town\":\"Kilsample\",\"status\":\"ACTIVE\",\"joinedOn\":\"2024-{month:02}-{day:02}\""
    );
}

fn chunk(rows: Range<usize>, write_row: &impl Fn(&mut String, usize), first: usize) -> String {
    let mut text = String::with_capacity(rows.len() * 256);
    for index in rows {
        if index > first {
            text.push(',');
        }
        text.push('{');
        write_row(&mut text, index);
        text.push('}');
    }
    text
}

/// `head`, the rows with commas between, `tail`. A long list is made while it is sent.
pub(super) fn body(
    head: String,
    rows: Range<usize>,
    tail: String,
    write_row: impl Fn(&mut String, usize) + Send + 'static,
) -> Body {
    let first = rows.start;
    if rows.len() <= 2 * CHUNK {
        return Body::from([head, chunk(rows, &write_row, first), tail].concat());
    }
    let end = rows.end;
    let chunks = rows
        .step_by(CHUNK)
        .map(move |start| chunk(start..(start + CHUNK).min(end), &write_row, first));
    let parts = std::iter::once(head).chain(chunks).chain([tail]);
    Body::from_stream(stream::iter(
        parts.map(|part| Ok::<_, io::Error>(Bytes::from(part))),
    ))
}

#[cfg(test)]
mod tests {
    use super::{paging_row_id, place, write_fields};

    #[test]
    fn a_row_is_about_two_hundred_bytes_and_always_the_same() {
        let (mut all, mut again) = (String::new(), String::new());
        for index in 0..1000 {
            write_fields(&mut all, index * 999);
            write_fields(&mut again, index * 999);
        }
        assert_eq!(all, again, "a place has one row");
        let average = all.len() / 1000;
        assert!(
            (180..=250).contains(&average),
            "measurements count on it: {average}"
        );
    }

    #[test]
    fn an_id_leads_back_to_its_place() {
        for index in [0, 44, 999_999] {
            assert_eq!(place(&paging_row_id(index)), Some(index), "there and back");
        }
        assert_eq!(place("P-0000000"), None, "ids begin at 1");
        assert_eq!(place("7"), None, "no id of ours");
    }
}
