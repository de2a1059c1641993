//! `fedctl man` and `fedctl completions`, made from the same arguments that are parsed.

use std::path::Path;

use clap::{Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;

use crate::arguments::{Arguments, ManArguments};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};

pub(super) fn completions(shell: Shell, context: &Context) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "fedctl", &mut script);
    context.output.raw(&script)?;
    Ok(Exit::DONE)
}

pub(super) fn pages(arguments: ManArguments, context: &Context) -> Outcome {
    let Some(folder) = arguments.out else {
        context.output.raw(&page(&Arguments::command())?)?;
        return Ok(Exit::DONE);
    };
    let mut written = Vec::new();
    let mut whole = Arguments::command();
    whole.build();
    std::fs::create_dir_all(&folder)
        .map_err(|error| Failure::file(format!("cannot make {}: {error}", folder.display())))?;
    write_pages(&whole, "fedctl", &folder, &mut written)?;
    context.output.confirmation(&written, || {
        format!("Wrote {} pages into {}", written.len(), folder.display())
    })?;
    Ok(Exit::DONE)
}

fn write_pages(
    command: &Command,
    name: &str,
    folder: &Path,
    written: &mut Vec<String>,
) -> Result<(), Failure> {
    let file = format!("{name}.1");
    std::fs::write(folder.join(&file), page(command)?).map_err(|error| {
        Failure::file(format!(
            "cannot write {}: {error}",
            folder.join(&file).display()
        ))
    })?;
    written.push(file);
    for child in command.get_subcommands() {
        if child.get_name() != "help" {
            write_pages(
                child,
                &format!("{name}-{}", child.get_name()),
                folder,
                written,
            )?;
        }
    }
    Ok(())
}

fn page(command: &Command) -> Result<Vec<u8>, Failure> {
    let mut page = Vec::new();
    Man::new(command.clone())
        .manual("Federation Connectors")
        .render(&mut page)
        .map_err(Failure::Output)?;
    Ok(page)
}
