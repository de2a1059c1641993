//! `fedctl doctor`: what is broken on this computer and how to mend it.

// Writing into a String cannot fail, so the results are ignored.
use std::fmt::Write as _;

use connectors::view::DoctorLineView;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::output::{Output, Paint};
use crate::table::wrapped;

pub(super) async fn run(context: &Context) -> Outcome {
    let app = context.app()?;
    match context.open_without_asking().await {
        // A file that does not open is one of the things the doctor looks at.
        Ok(()) | Err(Failure::Product(_)) => {}
        Err(other) => return Err(other),
    }
    let lines = app.doctor().await;
    let output = context.output;
    output.result(&lines, || text(output, &lines))?;
    Ok(if lines.iter().any(|line| line.ok == Some(false)) {
        Exit::BROKEN
    } else {
        Exit::DONE
    })
}

fn text(output: Output, lines: &[DoctorLineView]) -> String {
    let width = lines.iter().map(|line| line.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for line in lines {
        let (paint, symbol, word) = match line.ok {
            Some(true) => (Paint::Green, "✓", "ok"),
            Some(false) => (Paint::Red, "✗", "broken"),
            None => (Paint::Dim, "–", "unknown"),
        };
        let mark = if output.has_symbols() {
            symbol.to_owned()
        } else {
            format!("{word:<7}")
        };
        let indent = mark.chars().count() + width + 3;
        let _ = writeln!(
            text,
            "{} {:<width$}  {}",
            output.paint(paint, &mark),
            line.name,
            wrapped(&line.found, output.width(), indent)
        );
        if !line.fix.is_empty() {
            let fix = wrapped(&line.fix, output.width(), indent);
            let _ = writeln!(text, "{:indent$}{fix}", "");
        }
    }
    text
}
