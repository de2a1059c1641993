//! A test of a connection for people: one line a step, then what it means and what to do.

// Writing into a String cannot fail, so the results are ignored.
use std::fmt::Write as _;

use connectors::view::{TestReportView, TestStepView};

use crate::failure::Failure;
use crate::output::{Output, Paint};
use crate::table::wrapped;
use crate::words;

/// Prints the steps as they come, and the rest of a report afterwards.
pub(crate) struct StepPrinter {
    output: Output,
    indent: &'static str,
    shown: usize,
    failed: Option<Failure>,
}

impl StepPrinter {
    /// Prints nothing for scripts. `indent` stands before every line.
    pub(crate) fn new(output: Output, indent: &'static str) -> Self {
        Self {
            output,
            indent,
            shown: 0,
            failed: None,
        }
    }

    /// One step, as soon as it is done.
    pub(crate) fn step(&mut self, step: &TestStepView) {
        if self.output.json || self.failed.is_some() {
            return;
        }
        self.shown += 1;
        let line = format!("{}{}", self.indent, step_line(self.output, step));
        self.failed = self.output.text(&line).err();
    }

    /// The steps that were not tried, then the verdict.
    pub(crate) fn finish(mut self, report: &TestReportView) -> Result<(), Failure> {
        for step in report.steps.iter().skip(self.shown) {
            self.step(step);
        }
        if let Some(failure) = self.failed {
            return Err(failure);
        }
        if self.output.json {
            return Ok(());
        }
        self.output.text(&verdict(self.output, self.indent, report))
    }
}

fn step_line(output: Output, step: &TestStepView) -> String {
    let (paint, symbol, word) = match step.ok {
        Some(true) => (Paint::Green, "✓", "ok"),
        Some(false) => (Paint::Red, "✗", "failed"),
        None => (Paint::Dim, "–", "not tried"),
    };
    let mark = if output.has_symbols() {
        output.paint(paint, symbol)
    } else {
        format!("{word:<9}")
    };
    let ms = step.ms.map_or_else(String::new, |ms| format!("{ms} ms"));
    // Beside the word, a step that was not tried has nothing more to say.
    let detail = match step.ok {
        None if output.has_symbols() => word,
        None => "",
        Some(_) => &step.detail,
    };
    format!("{mark} {:<13} {ms:>8}  {detail}", words::step(step.name))
        .trim_end()
        .to_owned()
}

/// The sentence and the way out of a report.
pub(crate) fn verdict(output: Output, indent: &str, report: &TestReportView) -> String {
    let paint = if report.class.is_none() {
        Paint::Green
    } else {
        Paint::Red
    };
    let mut text = format!("\n{indent}{}\n", output.paint(paint, &report.title));
    if !report.fix.is_empty() {
        let fix = wrapped(&report.fix, output.width(), indent.len());
        let _ = writeln!(text, "{indent}{fix}");
    }
    text
}

/// All of a report at once, for a test that was made earlier.
pub(crate) fn whole(output: Output, indent: &'static str, report: &TestReportView) -> String {
    let mut text = String::new();
    for step in &report.steps {
        text.push_str(indent);
        text.push_str(&step_line(output, step));
        text.push('\n');
    }
    text.push_str(&verdict(output, indent, report));
    text
}
