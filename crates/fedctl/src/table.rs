//! Text tables: columns as wide as their longest cell, and on a terminal never wider than it.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::output::{Output, Paint};

/// Space between columns.
const GAP: usize = 2;
/// A column is never squeezed below this.
const NARROWEST: usize = 8;

/// A cell: its text and its colour.
pub(crate) struct Cell {
    text: String,
    paint: Paint,
}

impl Cell {
    /// A cell in a colour.
    pub(crate) fn painted(paint: Paint, text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            paint,
        }
    }

    /// The text in its colour, outside a table.
    pub(crate) fn shown(&self, output: Output) -> String {
        output.paint(self.paint, &self.text)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::painted(Paint::Plain, text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

/// A table with a heading, one line a row. The column `flexible` gives way where the terminal is
/// too narrow.
pub(crate) fn table<const N: usize>(
    output: Output,
    heading: [&str; N],
    flexible: usize,
    rows: &[[Cell; N]],
) -> String {
    let mut widths = heading.map(UnicodeWidthStr::width);
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.text.width());
        }
    }
    if let (Some(terminal), Some(column)) = (output.width(), widths.get(flexible).copied()) {
        let whole = widths.iter().sum::<usize>() + GAP * N.saturating_sub(1);
        let over = whole.saturating_sub(terminal);
        if let Some(width) = widths.get_mut(flexible) {
            *width = column.saturating_sub(over).max(NARROWEST).min(column);
        }
    }
    let heading = heading.map(|word| Cell::painted(Paint::Dim, word));
    let mut text = line(output, &heading, &widths);
    for row in rows {
        text.push_str(&line(output, row, &widths));
    }
    text
}

/// Names and values below one another, the values aligned; a value may have several lines.
pub(crate) fn facts(output: Output, facts: &[(&str, String)]) -> String {
    let width = facts
        .iter()
        .map(|(name, _)| name.width())
        .max()
        .unwrap_or(0)
        + GAP;
    let mut text = String::new();
    for (name, value) in facts {
        let pad = " ".repeat(width - name.width());
        let value: Vec<String> = value
            .lines()
            .map(|line| wrapped(line, output.width(), width))
            .collect();
        let value = value.join(&format!("\n{}", " ".repeat(width)));
        text.push_str(&output.paint(Paint::Dim, name));
        text.push_str(&pad);
        text.push_str(&value);
        text.push('\n');
    }
    text
}

/// `text` with line breaks between words where it would pass the right edge of a terminal, the
/// later lines behind `indent` columns. Without a terminal it stays one line.
pub(crate) fn wrapped(text: &str, terminal: Option<usize>, indent: usize) -> String {
    let Some(room) = terminal.and_then(|width| width.checked_sub(indent)) else {
        return text.to_owned();
    };
    // Text squeezed into a few columns is harder to read than the terminal's own breaks.
    if room < 20 || text.contains('\u{1b}') {
        return text.to_owned();
    }
    let mut lines = String::new();
    let mut used = 0;
    for word in text.split(' ') {
        if used > 0 && used + 1 + word.width() > room {
            lines.push('\n');
            lines.push_str(&" ".repeat(indent));
            used = 0;
        } else if used > 0 {
            lines.push(' ');
            used += 1;
        }
        lines.push_str(word);
        used += word.width();
    }
    lines
}

fn line(output: Output, cells: &[Cell], widths: &[usize]) -> String {
    let mut line = String::new();
    for (index, (cell, width)) in cells.iter().zip(widths).enumerate() {
        let text = shortened(&cell.text, *width);
        let pad = width.saturating_sub(text.width()) + GAP;
        line.push_str(&output.paint(cell.paint, &text));
        if index + 1 < cells.len() {
            line.push_str(&" ".repeat(pad));
        }
    }
    line.truncate(line.trim_end().len());
    line.push('\n');
    line
}

/// `text` cut to `width` columns, with an ellipsis where something is missing.
fn shortened(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut short = String::new();
    let mut used = 1;
    for character in text.chars() {
        used += character.width().unwrap_or(0);
        if used > width {
            break;
        }
        short.push(character);
    }
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_cut_by_columns_not_by_bytes() {
        for (text, width, expected) in [
            ("Cumann", 8, "Cumann"),
            ("Cumann Lúthchleas", 8, "Cumann …"),
            ("Ó Sé", 4, "Ó Sé"),
            ("Ó Séaghdha", 4, "Ó S…"),
            ("日本語", 4, "日…"),
        ] {
            assert_eq!(
                shortened(text, width),
                expected,
                "{text} in {width} columns"
            );
        }
    }

    #[test]
    fn text_is_broken_between_words_at_the_edge() {
        let text = "unlock the keychain of your session";
        for (terminal, expected) in [
            (None, text),
            (Some(80), text),
            (Some(10), text),
            (Some(26), "unlock the keychain of\n    your session"),
        ] {
            assert_eq!(wrapped(text, terminal, 4), expected, "{terminal:?} columns");
        }
    }
}
