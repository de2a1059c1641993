//! A CSV file with a header. The delimiter is the configured one, else what a first line `sep=;` says,
//! else the one of `,` `;` tab `|` that stands most often in the header. All values are texts as they stand.
//!
//! | Row | What happens |
//! |---|---|
//! | empty, or nothing but delimiters | passed over |
//! | broken quoting | taken, the mark as a character, reported with its line |
//! | more fields, all of them empty | taken without them |
//! | another number of fields | left out and reported: its values may stand under wrong names |
//!
//! A name that is missing in the header is `column_N`, a name that comes twice `name_2`.

use std::collections::{HashSet, VecDeque};
use std::io::BufRead;

use serde_json::{Map, Value};

use super::MAX_RECORD;
use super::budget::{Budget, Budgeted};
use super::csv_row::{Line, Row};
use super::facts::RowFault;
use super::sink::Sink;
use crate::failure::Finding;

/// Most lines of one row. A mark that is still open then was never meant to be closed.
const MAX_LINES: usize = 32;

/// Most columns. The widest export that we know has 120.
const MAX_COLUMNS: usize = 1_000;

/// What may stand between two fields, in the order of preference.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

pub(super) fn read<'a, R: BufRead>(
    input: &mut Budgeted<'a, R>,
    budget: &'a Budget,
    sink: &mut Sink<'_>,
) -> Result<(), Finding> {
    let mut rows = Rows::new(input, budget);
    let Some(header) = rows.header(sink.delimiter)? else {
        return Err(Finding::NoListAtPath);
    };
    let (names, optional) = header;
    while let Some((line, mut row)) = rows.next()? {
        if row.fields.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        let expected = names.len();
        let fields = row.fields.len();
        let extra_is_empty = row
            .fields
            .iter()
            .skip(expected)
            .all(|f| f.trim().is_empty());
        if fields < expected - optional || !extra_is_empty {
            let fault = RowFault::WrongLength { fields, expected };
            sink.facts.add_problem(line, fault);
            sink.facts.skipped_rows += 1;
            continue;
        }
        if row.broken {
            sink.facts.add_problem(line, RowFault::BrokenQuoting);
        }
        row.fields.resize(expected, String::new());
        let record: Map<String, Value> = names
            .iter()
            .cloned()
            .zip(row.fields.into_iter().map(Value::String))
            .collect();
        sink.take(Value::Object(record))?;
    }
    Ok(())
}

/// The rows of a file.
struct Rows<'a, 'b, R> {
    lines: Lines<'a, 'b, R>,
    delimiter: u8,
}

impl<'a, 'b, R: BufRead> Rows<'a, 'b, R> {
    fn new(input: &'a mut Budgeted<'b, R>, budget: &'b Budget) -> Self {
        Self {
            lines: Lines {
                input,
                budget,
                read: 0,
                put_back: VecDeque::new(),
            },
            delimiter: b',',
        }
    }

    /// The names of the columns, and how many at the end have none and may be missing in a row.
    fn header(&mut self, delimiter: Option<u8>) -> Result<Option<(Vec<String>, usize)>, Finding> {
        let first = loop {
            self.lines.budget.allow(MAX_RECORD);
            match self.lines.next()? {
                None => return Ok(None),
                Some((_, line)) if line.trim_ascii().is_empty() => {}
                Some(first) => break first,
            }
        };
        if matches!(first.1.trim_ascii_start().first(), Some(b'{' | b'[')) {
            // An answer in JSON: taken as a header, it would be an empty list.
            return Err(Finding::NotJson);
        }
        if let Some([said]) = first.1.strip_prefix(b"sep=") {
            self.delimiter = delimiter.unwrap_or(*said);
        } else {
            self.delimiter = delimiter.unwrap_or_else(|| sniff(&first.1));
            self.lines.put_back.push_front(first);
        }
        let Some((_, row)) = self.next()? else {
            return Ok(None);
        };
        if row.fields.len() > MAX_COLUMNS {
            return Err(Finding::AnswerTooLarge);
        }
        let unnamed = row.fields.iter().rev().take_while(|f| f.trim().is_empty());
        let optional = unnamed.count();
        Ok((optional < row.fields.len()).then(|| (names(&row.fields), optional)))
    }

    /// The next row that is not an empty line, with the line where it starts.
    fn next(&mut self) -> Result<Option<(u64, Row)>, Finding> {
        loop {
            self.lines.budget.allow(MAX_RECORD);
            let Some((number, line)) = self.lines.next()? else {
                return Ok(None);
            };
            if !line.trim_ascii().is_empty() {
                return self.row(&line).map(|row| Some((number, row)));
            }
        }
    }

    fn row(&mut self, first: &[u8]) -> Result<Row, Finding> {
        let mut row = Row::new(self.delimiter);
        let mut state = row.add(first);
        let mut taken = Vec::new();
        while state == Line::Open && row.lines() < MAX_LINES {
            let Some((number, line)) = self.lines.next()? else {
                break;
            };
            state = row.add(&line);
            taken.push((number, line));
        }
        if state == Line::Done {
            return Ok(row);
        }
        for line in taken.into_iter().rev() {
            self.lines.put_back.push_front(line);
        }
        Ok(Row::of_one_line(self.delimiter, first))
    }
}

/// The lines of a file with their numbers, whatever they end with; some may be read again.
struct Lines<'a, 'b, R> {
    input: &'a mut Budgeted<'b, R>,
    budget: &'b Budget,
    read: u64,
    put_back: VecDeque<(u64, Vec<u8>)>,
}

impl<R: BufRead> Lines<'_, '_, R> {
    fn next(&mut self) -> Result<Option<(u64, Vec<u8>)>, Finding> {
        if let Some(line) = self.put_back.pop_front() {
            return Ok(Some(line));
        }
        let mut line = Vec::new();
        let mut any = false;
        loop {
            let ready = self.input.fill_buf().map_err(|_| self.budget.finding())?;
            if ready.is_empty() {
                break;
            }
            any = true;
            let end = ready.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let Some(end) = end else {
                line.extend_from_slice(ready);
                let count = ready.len();
                self.input.consume(count);
                continue;
            };
            line.extend_from_slice(&ready[..end]);
            let carriage_return = ready[end] == b'\r';
            self.input.consume(end + 1);
            if carriage_return {
                let after = self.input.fill_buf().map_err(|_| self.budget.finding())?;
                if after.first() == Some(&b'\n') {
                    self.input.consume(1);
                }
            }
            break;
        }
        self.read += 1;
        Ok(any.then_some((self.read, line)))
    }
}

/// The delimiter that stands most often in the header, outside of quoted names.
fn sniff(header: &[u8]) -> u8 {
    let mut counts = [0_usize; DELIMITERS.len()];
    let mut quoted = false;
    for byte in header {
        quoted ^= *byte == b'"';
        if let Some(at) = DELIMITERS.iter().position(|one| one == byte)
            && !quoted
        {
            counts[at] += 1;
        }
    }
    let most = counts.iter().max().copied().unwrap_or(0);
    let first = counts.iter().position(|count| *count == most);
    DELIMITERS[first.unwrap_or(0)]
}

fn names(fields: &[String]) -> Vec<String> {
    let mut taken = HashSet::new();
    let mut names = Vec::with_capacity(fields.len());
    for (index, field) in fields.iter().enumerate() {
        let plain = match field.trim() {
            "" => format!("column_{}", index + 1),
            name => name.to_owned(),
        };
        let mut name = plain.clone();
        let mut number = 2_u32;
        while !taken.insert(name.clone()) {
            name = format!("{plain}_{number}");
            number += 1;
        }
        names.push(name);
    }
    names
}
