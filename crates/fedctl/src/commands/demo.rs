//! `fedctl demo`: from nothing to a tested connector, on this computer only. Needs no keychain, no
//! display and no account; what it made is removed unless a folder was named.

use connectors::App;
use connectors::clock::Stopwatch;
use connectors::error::{Code, Error};
use connectors::random::{Random, SystemRandom};
use connectors::secret::SecretText;
use connectors::view::{ConnectorView, InitialiseRequest, TestReportView};
use practice_federation::{Practice, PracticeOptions, start};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::practice;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::output::{Output, Paint};
use crate::report::StepPrinter;

/// What to try afterwards, with the command for it.
const NEXT: [(&str, &str); 4] = [
    ("create your own data file", "fedctl init"),
    ("see which systems have a preset", "fedctl catalogue list"),
    (
        "add your federation",
        "fedctl connector add CODE --preset ID",
    ),
    ("keep the practice federation running", "fedctl practice"),
];

pub(super) async fn run(context: &Context) -> Outcome {
    let output = context.output;
    let scratch = scratch_folder(context)?;
    let mut story = Story::new(output);
    story.heading("Federation Connectors: a tested connector, on this computer only")?;

    let watch = Stopwatch::start();
    let federation = start(PracticeOptions::default())
        .await
        .map_err(practice::failed)?;
    story.step(
        "practice",
        watch,
        &format!(
            "Started a practice federation with {} invented members at {}",
            federation.members().len(),
            federation.base_url()
        ),
    )?;
    let app = data_file(context, scratch.is_some(), &mut story).await?;
    let (connector, report) = Box::pin(tested_connector(app, &federation, &mut story)).await?;
    let data_dir = app.data_dir().display().to_string();
    app.lock().await?;
    federation.stop().await;
    let kept = scratch.is_none();
    if let Some(folder) = scratch {
        folder
            .close()
            .map_err(|error| Failure::file(format!("cannot remove {data_dir}: {error}")))?;
    }
    if output.json {
        output.document(&json!({
            "ok": report.ok,
            "data_dir": data_dir,
            "kept": kept,
            "steps": story.steps,
            "connector": connector.row,
            "test": report,
            "next": NEXT.map(|(_, command)| command),
        }))?;
    } else {
        story.ending(kept.then_some(data_dir.as_str()))?;
    }
    Ok(Exit::of_test(&report))
}

/// A folder that ends with the demo, unless one was named on the command line.
fn scratch_folder(context: &Context) -> Result<Option<TempDir>, Failure> {
    if context.data_dir.is_some() {
        return Ok(None);
    }
    let folder = tempfile::Builder::new()
        .prefix("fedctl-demo-")
        .tempdir()
        .map_err(|error| Failure::file(format!("cannot make a folder for the demo: {error}")))?;
    context.use_folder(folder.path().to_owned());
    Ok(Some(folder))
}

/// An open data file: a new one behind a throwaway passphrase, or the one of the named folder.
async fn data_file<'a>(
    context: &'a Context,
    scratch: bool,
    story: &mut Story,
) -> Result<&'a App, Failure> {
    let watch = Stopwatch::start();
    let app = context.app()?;
    if scratch {
        let passphrase = throwaway_passphrase()?;
        app.initialise(InitialiseRequest::Passphrase { passphrase })
            .await?;
        let text = "Created a key behind a throwaway passphrase, and an encrypted data file";
        story.step("data_file", watch, text)?;
        return Ok(app);
    }
    match context.open().await {
        Ok(_) => {
            story.step("data_file", watch, "Opened the data file")?;
        }
        Err(Failure::Product(error)) if error.code() == Code::NotInitialised => {
            let request = match context.passphrase().await? {
                Some(passphrase) => InitialiseRequest::Passphrase { passphrase },
                None => InitialiseRequest::Keychain,
            };
            app.initialise(request).await?;
            let text = "Created a key and an encrypted data file";
            story.step("data_file", watch, text)?;
        }
        Err(other) => return Err(other),
    }
    Ok(app)
}

async fn tested_connector(
    app: &App,
    federation: &Practice,
    story: &mut Story,
) -> Result<(ConnectorView, TestReportView), Failure> {
    let watch = Stopwatch::start();
    let key = SecretText::new(federation.api_key().to_owned());
    let connector = app.practice_connect(&federation.base_url(), key).await?;
    let code = connector.row.code.clone();
    let text = format!("Made the connector {code} from its preset and sealed its API key");
    story.step("connector", watch, &text)?;

    let watch = Stopwatch::start();
    let mut printer = story.test_begins()?;
    let report = app
        .connector_test(&code, None, &mut |step| printer.step(step))
        .await?;
    printer.finish(&report)?;
    story.steps.push(step_json(
        "test",
        watch.elapsed_ms(),
        &format!("Tested the connection of {code}"),
    ));
    Ok((app.connector_show(&code).await?, report))
}

fn throwaway_passphrase() -> Result<SecretText, Failure> {
    let mut bytes = [0_u8; 24];
    SystemRandom
        .fill(&mut bytes)
        .map_err(|source| Error::internal("make a passphrase", source))?;
    let words: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(SecretText::new(words.concat()))
}

/// The steps as they are told: at once to people, together at the end to scripts.
struct Story {
    output: Output,
    steps: Vec<Value>,
}

impl Story {
    fn new(output: Output) -> Self {
        Self {
            output,
            steps: Vec::new(),
        }
    }

    fn heading(&self, text: &str) -> Result<(), Failure> {
        if self.output.json {
            return Ok(());
        }
        let heading = self.output.paint(Paint::Bold, text);
        self.output.text(&format!("{heading}\n\n"))
    }

    fn step(&mut self, name: &str, watch: Stopwatch, detail: &str) -> Result<(), Failure> {
        let ms = watch.elapsed_ms();
        self.steps.push(step_json(name, ms, detail));
        if self.output.json {
            return Ok(());
        }
        let number = self.steps.len();
        let took = self.output.paint(Paint::Dim, &format!("({ms} ms)"));
        self.output.text(&format!("{number}. {detail} {took}"))
    }

    fn test_begins(&self) -> Result<StepPrinter, Failure> {
        if !self.output.json {
            let number = self.steps.len() + 1;
            self.output
                .text(&format!("{number}. Testing the connection, step by step"))?;
        }
        Ok(StepPrinter::new(self.output, "   "))
    }

    fn ending(&self, kept_in: Option<&str>) -> Result<(), Failure> {
        let removed = match kept_in {
            Some(folder) => format!("The connector is kept in {folder}"),
            None => "The folder of this demo is removed again; nothing is left behind".to_owned(),
        };
        let width = NEXT.iter().map(|(_, command)| command.len()).max();
        let width = width.unwrap_or(0);
        let next: Vec<String> = NEXT
            .iter()
            .map(|(what, command)| format!("  {command:<width$}   {what}\n"))
            .collect();
        let next = next.concat();
        let heading = self.output.paint(Paint::Bold, "What to try next");
        self.output
            .text(&format!("\n{removed}.\n\n{heading}\n{next}"))
    }
}

fn step_json(name: &str, ms: u64, detail: &str) -> Value {
    json!({"name": name, "ms": ms, "detail": detail})
}
