//! One row of a CSV file, line after line (RFC 4180). People and systems break its quoting: a mark in
//! the middle of a field is taken as a character; a mark that is never closed must not swallow
//! the rest of the file, and is noticed by what follows it.

/// What a line made of the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// The row is whole.
    Done,
    /// A quoted field goes on in the next line.
    Open,
    /// A mark in a later line shows that the first line's field was never closed.
    Astray,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Plain,
    Quoted,
    Closed,
}

/// A row in the making.
pub(crate) struct Row {
    delimiter: u8,
    pub(crate) fields: Vec<String>,
    /// A mark stood where none may.
    pub(crate) broken: bool,
    field: Vec<u8>,
    state: State,
    lines: usize,
}

impl Row {
    pub(super) fn new(delimiter: u8) -> Self {
        Self {
            delimiter,
            fields: Vec::new(),
            broken: false,
            field: Vec::new(),
            state: State::Start,
            lines: 0,
        }
    }

    /// Lines taken.
    pub(super) fn lines(&self) -> usize {
        self.lines
    }

    /// A row that ends with this line whatever its marks say: a field that is not closed in it is
    /// read without its mark.
    pub(crate) fn of_one_line(delimiter: u8, line: &[u8]) -> Self {
        let mut row = Self::new(delimiter);
        if row.add(line) != Line::Done {
            row.broken = true;
            // What was read since the mark was one field; its own delimiters count after all.
            let rest = std::mem::take(&mut row.field);
            row.state = State::Plain;
            for part in rest.split(|byte| *byte == delimiter) {
                row.field.extend_from_slice(part);
                row.push();
            }
        }
        row
    }

    /// Takes the next line, without its end.
    pub(super) fn add(&mut self, line: &[u8]) -> Line {
        let later = self.lines > 0;
        self.lines += 1;
        if later {
            self.field.push(b'\n');
        }
        // Only a field that was open before this line can have been left open by mistake.
        let mut inherited = later;
        let mut index = 0;
        while let Some(&byte) = line.get(index) {
            index += 1;
            match self.state {
                State::Start if byte == b'"' => self.state = State::Quoted,
                State::Quoted if byte == b'"' => match line.get(index) {
                    Some(b'"') => {
                        self.field.push(b'"');
                        index += 1;
                    }
                    next if self.closes(next, &line[index..]) => {
                        self.state = State::Closed;
                        inherited = false;
                    }
                    _ if inherited => return Line::Astray,
                    _ => {
                        self.broken = true;
                        self.field.push(byte);
                    }
                },
                State::Quoted => self.field.push(byte),
                _ if byte == self.delimiter => self.push(),
                // Blanks between a closing mark and the delimiter.
                State::Closed => {}
                State::Start | State::Plain => {
                    self.broken |= byte == b'"';
                    self.state = State::Plain;
                    self.field.push(byte);
                }
            }
        }
        if self.state == State::Quoted {
            return Line::Open;
        }
        self.push();
        Line::Done
    }

    /// Whether a mark before `rest` ends its field: only blanks stand up to the delimiter.
    fn closes(&self, next: Option<&u8>, rest: &[u8]) -> bool {
        match next {
            None => true,
            Some(byte) if *byte == self.delimiter => true,
            Some(b' ') => {
                let after = rest.iter().find(|byte| **byte != b' ');
                after.is_none_or(|byte| *byte == self.delimiter)
            }
            Some(_) => false,
        }
    }

    fn push(&mut self) {
        let field = std::mem::take(&mut self.field);
        // The line was UTF-8 and was cut at ASCII characters.
        self.fields
            .push(String::from_utf8_lossy(&field).into_owned());
        self.state = State::Start;
    }
}
