//! A list of clubs as people paste it or keep it as CSV: `org,name,federation_org`, with or without that header, with
//! `,` `;` or tab between. One line is one club, so that a broken quotation mark spoils one line only. Pure.

use super::clubs::WantedClub;
use crate::api::records::csv_row::Row;
use crate::error::{Error, FieldRule, Result};

/// Most lines of one list.
pub(super) const MOST_LINES: usize = 20_000;

/// The names of the columns, in the order that they have without a header.
const COLUMNS: [&str; 3] = ["org", "name", "federation_org"];
/// What may stand between two fields; the one that the first line has most often counts, the first of equals.
const DELIMITERS: [u8; 3] = [b'\t', b';', b','];

/// One line that says something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ClubLine {
    /// Number of the line, from 1.
    pub(super) number: u32,
    /// The club.
    pub(super) club: WantedClub,
    /// Fields on the line; fewer or more than the columns is a mistake.
    pub(super) fields: usize,
}

/// A list, read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ClubFile {
    /// Fields that a line has.
    pub(super) columns: usize,
    /// Its lines.
    pub(super) lines: Vec<ClubLine>,
}

/// Reads a list. Empty lines are passed over.
///
/// # Errors
/// Field `text`: a header without one of the columns, or too many lines.
pub(super) fn read(text: &str) -> Result<ClubFile> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = (1_u32..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty())
        .peekable();
    let Some((_, first)) = lines.peek() else {
        return Ok(ClubFile::default());
    };
    let delimiter = delimiter_of(first);
    let header = header_of(&row(delimiter, first));
    let (places, columns) = match header {
        None => ([0, 1, 2], COLUMNS.len()),
        Some((found, columns)) => {
            lines.next();
            (places(found)?, columns)
        }
    };
    let mut read = Vec::new();
    for (number, line) in lines {
        if read.len() == MOST_LINES {
            return Err(Error::field(
                "text",
                FieldRule::TooLong,
                "a list has at most 20,000 lines; split it",
            ));
        }
        let mut fields = row(delimiter, line);
        // A spreadsheet puts empty fields behind the last one.
        while fields.len() > columns && fields.last().is_some_and(String::is_empty) {
            fields.pop();
        }
        if fields.iter().all(String::is_empty) {
            continue;
        }
        let field = |place: usize| fields.get(place).cloned().unwrap_or_default();
        let [org, name, federation_org] = places.map(field);
        read.push(ClubLine {
            number,
            fields: fields.len(),
            club: WantedClub {
                org,
                name,
                federation_org,
                federation_name: None,
            },
        });
    }
    Ok(ClubFile {
        columns,
        lines: read,
    })
}

fn row(delimiter: u8, line: &str) -> Vec<String> {
    let fields = Row::of_one_line(delimiter, line.as_bytes()).fields;
    fields
        .into_iter()
        .map(|field| field.trim().to_owned())
        .collect()
}

fn delimiter_of(line: &str) -> u8 {
    let count = |delimiter: &u8| line.bytes().filter(|byte| byte == delimiter).count();
    // The last of equals wins `max_by_key`, so the order is turned.
    DELIMITERS
        .iter()
        .rev()
        .max_by_key(|delimiter| count(delimiter))
        .copied()
        .unwrap_or(b',')
}

/// Where each column stands, where the line is a header, and how many columns it has.
fn header_of(fields: &[String]) -> Option<([Option<usize>; 3], usize)> {
    let names: Vec<String> = fields.iter().map(|field| field.to_lowercase()).collect();
    let found = COLUMNS.map(|column| names.iter().position(|name| name == column));
    // One word alone may be the id of a club.
    let known = found.iter().filter(|place| place.is_some()).count();
    (known >= 2).then_some((found, fields.len()))
}

fn places(found: [Option<usize>; 3]) -> Result<[usize; 3]> {
    match found {
        [Some(org), Some(name), Some(federation_org)] => Ok([org, name, federation_org]),
        _ => Err(Error::field(
            "text",
            FieldRule::Pattern,
            "the header names the columns org, name and federation_org",
        )),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failing test panics")]
mod tests {
    use super::*;

    fn clubs(text: &str) -> Vec<(u32, String)> {
        let read = read(text).unwrap();
        read.lines
            .into_iter()
            .map(|line| {
                let club = line.club;
                let told = format!("{}|{}|{}", club.org, club.name, club.federation_org);
                (line.number, told)
            })
            .collect()
    }

    #[test]
    fn every_usual_way_to_write_a_list_reads_the_same() {
        let expected = [
            (1, "ballyduff|Baile Uí Dhuibh|club-1001".to_owned()),
            (2, "kilsample|Kilsample, Rovers|club-1002".to_owned()),
        ];
        for (text, shift) in [
            (
                "ballyduff,Baile Uí Dhuibh,club-1001\nkilsample,\"Kilsample, Rovers\",club-1002",
                0,
            ),
            (
                "\u{feff}org;name;federation_org\r\nballyduff;Baile Uí Dhuibh;club-1001\r\nkilsample;Kilsample, Rovers;club-1002\r\n",
                1,
            ),
            (
                "ballyduff\tBaile Uí Dhuibh\tclub-1001\nkilsample\tKilsample, Rovers\tclub-1002\n\n",
                0,
            ),
            (
                "Federation_Org , ORG, Name ,county\nclub-1001, ballyduff ,Baile Uí Dhuibh,Kerry\nclub-1002,kilsample,\"Kilsample, Rovers\",",
                1,
            ),
            (
                "\n\nballyduff,Baile Uí Dhuibh,club-1001,,\n , ,\nkilsample,\"Kilsample, Rovers\",club-1002,",
                2,
            ),
        ] {
            let found = clubs(text);
            let rows: Vec<&String> = found.iter().map(|(_, row)| row).collect();
            let wanted: Vec<&String> = expected.iter().map(|(_, row)| row).collect();
            assert_eq!(rows, wanted, "{text:?}");
            assert_eq!(found[0].0, 1 + shift, "the line's own number: {text:?}");
        }
    }

    #[test]
    fn a_broken_mark_spoils_its_own_line_only() {
        let found = clubs("a,\"Never closed,1\nb,Fine,2\n");
        assert_eq!(found.len(), 2, "no line is swallowed: {found:?}");
        assert_eq!(found[1].1, "b|Fine|2", "the next one is whole");
    }

    #[test]
    fn what_is_no_list_is_said_of_the_whole() {
        let rule = |text: &str| match read(text) {
            Err(Error::Invalid(fields)) => fields.first().map(|field| field.rule),
            _ => None,
        };
        assert_eq!(
            rule("org,name,county\na,b,c"),
            Some(FieldRule::Pattern),
            "a column is missing"
        );
        let long = "a,b,c\n".repeat(MOST_LINES + 1);
        assert_eq!(rule(&long), Some(FieldRule::TooLong), "too many lines");
        assert_eq!(
            read(" \n\n").unwrap().lines.len(),
            0,
            "nothing is an empty list"
        );
        assert_eq!(
            clubs("org,name of it,1"),
            [(1, "org|name of it|1".to_owned())],
            "one known word is a club"
        );
    }
}
