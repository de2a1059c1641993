//! Texts as cells of a CSV file (RFC 4180) that no spreadsheet takes as a formula. A value of a register may begin with `=`,
//! `+`, `-` or `@`, and a spreadsheet would run it (OWASP, CSV injection); an apostrophe before it stops that. A value
//! that already has apostrophes before such a mark gets one more, so that taking one away gives every value back.

/// What begins a formula in some spreadsheet, with the full-width forms and the marks that move into the next cell.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// Writes a value as one cell.
pub fn push(line: &mut String, value: &str) {
    let guarded = begins_formula(value.trim_start_matches('\''));
    let needs_marks = value.contains([',', ';', '"', '\n', '\r', '\t'])
        || value.starts_with(' ')
        || value.ends_with(' ');
    if needs_marks {
        line.push('"');
    }
    if guarded {
        line.push('\'');
    }
    for c in value.chars() {
        if c == '"' {
            line.push('"');
        }
        line.push(c);
    }
    if needs_marks {
        line.push('"');
    }
}

/// The value of a cell that [`push`], or a person who knows the trick, has written.
#[must_use]
pub fn value(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if begins_formula(rest.trim_start_matches('\'')) => rest,
        _ => cell,
    }
}

fn begins_formula(text: &str) -> bool {
    text.trim_start_matches(' ').starts_with(FORMULA)
}

#[cfg(test)]
mod tests {
    use super::{push, value};

    fn cell(text: &str) -> String {
        let mut line = String::new();
        push(&mut line, text);
        line
    }

    #[test]
    fn no_cell_begins_a_formula_and_every_value_comes_back() {
        for (text, expected) in [
            ("Seán", "Seán"),
            ("+353871234567", "'+353871234567"),
            ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
            ("-1", "'-1"),
            ("@SUM", "'@SUM"),
            ("＝1", "'＝1"),
            ("\t=1", "\"'\t=1\""),
            (" =1", "\"' =1\""),
            ("=1,\"2\"", "\"'=1,\"\"2\"\"\""),
            ("'t Hart", "'t Hart"),
            ("'=1", "''=1"),
            ("''=1", "'''=1"),
            ("a\nb", "\"a\nb\""),
            ("O'Brien, J", "\"O'Brien, J\""),
            ("", ""),
        ] {
            let written = cell(text);
            assert_eq!(written, expected, "{text:?}");
            let read = written
                .strip_prefix('"')
                .and_then(|inner| inner.strip_suffix('"'))
                .map_or(written.clone(), |inner| inner.replace("\"\"", "\""));
            assert_eq!(value(&read), text, "and back: {text:?}");
        }
    }
}
