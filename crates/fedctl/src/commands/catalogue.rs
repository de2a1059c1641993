//! `fedctl catalogue`: the systems that have a preset. Needs no data file.

use connectors::connector_file;
use connectors::view::PresetView;

use crate::arguments::CatalogueCommand;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::output::{Output, Paint};
use crate::table::{Cell, facts, table};
use crate::words;

pub(super) async fn run(command: &CatalogueCommand, context: &Context) -> Outcome {
    let output = context.output;
    match command {
        CatalogueCommand::List => {
            let catalogue = context.app()?.catalogue().await?;
            for problem in &catalogue.problems {
                output.warning(&problem.message);
            }
            output.result(&catalogue.presets, || list_text(output, &catalogue.presets))?;
        }
        CatalogueCommand::Show { id } => {
            let preset = context.app()?.preset(id).await?;
            let toml = connector_file::write(std::slice::from_ref(&preset.settings))?;
            output.result(&preset, || show_text(output, &preset, &toml))?;
        }
    }
    Ok::<_, Failure>(Exit::DONE)
}

fn list_text(output: Output, presets: &[PresetView]) -> String {
    let rows: Vec<[Cell; 5]> = presets
        .iter()
        .map(|preset| {
            [
                Cell::painted(Paint::Bold, &preset.id),
                preset.name.as_str().into(),
                words::auth(preset.settings.auth.kind).into(),
                words::verified(preset.verified).into(),
                preset.summary.as_str().into(),
            ]
        })
        .collect();
    let heading = ["ID", "NAME", "SIGN-IN", "VERIFIED", "WHAT IT IS"];
    table(output, heading, 4, &rows)
}

fn show_text(output: Output, preset: &PresetView, toml: &str) -> String {
    let mut lines = vec![
        ("Preset", preset.id.clone()),
        ("Summary", preset.summary.clone()),
        ("Sign-in", words::auth(preset.settings.auth.kind).to_owned()),
        (
            "Verified",
            format!(
                "{} (checked {})",
                words::verified(preset.verified),
                preset.checked_on
            ),
        ),
        (
            "You get",
            preset
                .capabilities
                .iter()
                .map(|one| words::capability(*one))
                .collect::<Vec<_>>()
                .join(", "),
        ),
        ("You need", preset.needs.join("\n")),
    ];
    if let Some(help) = &preset.key_help {
        lines.push(("The key", help.clone()));
    }
    if let Some(documentation) = &preset.documentation {
        lines.push(("Read more", documentation.clone()));
    }
    for variable in &preset.variables {
        let text = format!(
            "{} = {}, e.g. {}",
            variable.name, variable.help, variable.example
        );
        lines.push(("Asks for", text));
    }
    let settings: Vec<String> = toml.lines().map(|line| format!("  {line}\n")).collect();
    let settings = settings.concat();
    let code = if preset.settings.code.is_empty() {
        "CODE"
    } else {
        &preset.settings.code
    };
    let address = if preset.settings.endpoints.base.is_empty() {
        " --set endpoints.base=https://…"
    } else {
        ""
    };
    let mut asked = String::new();
    for variable in &preset.variables {
        asked.push_str(" --set variables.");
        asked.push_str(&variable.name);
        asked.push('=');
        asked.push_str(&variable.example);
    }
    format!(
        "{}\n\n{}\n{}\n{settings}\nUse it: fedctl connector add {code} --preset {}{address}{asked}\n",
        output.paint(Paint::Bold, &preset.name),
        facts(output, &lines),
        output.paint(Paint::Dim, "Settings it starts with"),
        preset.id,
    )
}
