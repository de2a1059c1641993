//! `fedctl diagnostics`: a file for whoever helps, without secrets and without members.

use std::fmt::Write as _;
use std::path::Path;

use connectors::error::Error;
use connectors::view::DiagnosticsView;
use serde_json::json;

use crate::arguments::DiagnosticsArguments;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};

pub(super) async fn run(arguments: DiagnosticsArguments, context: &Context) -> Outcome {
    let path = &arguments.file;
    if path.as_os_str() == "-" {
        return Err(Failure::usage(
            "name a file: a zip is nothing for a terminal",
        ));
    }
    // Before the work: it may take a while.
    if !arguments.force && path.exists() {
        return Err(taken(path));
    }
    let app = context.app()?;
    match context.open_without_asking().await {
        // A file that does not open is a reason to ask for help; what can be said without it is said.
        Ok(()) | Err(Failure::Product(_)) => {}
        Err(other) => return Err(other),
    }
    let looked = app.diagnostics_look(None).await?;
    let bytes = app.diagnostics_zip(None).await?;
    if arguments.force {
        replace(path, &bytes)?;
    } else {
        super::export::write(path, &bytes)?;
    }
    let shown = path.display().to_string();
    let files: Vec<_> = looked
        .files
        .iter()
        .map(|file| json!({ "name": file.name, "about": file.about, "size": file.size }))
        .collect();
    context.output.confirmation(
        &json!({ "file": shown, "made_at": looked.made_at, "files": files }),
        || words(&looked, &shown),
    )?;
    Ok(Exit::DONE)
}

fn taken(path: &Path) -> Failure {
    Failure::usage(format!(
        "{} is there already; name another file, or give --force",
        path.display()
    ))
}

/// Whole or not at all: the one before stays until the new one is written.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    use std::io::Write as _;

    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let failed = |source| Failure::from(Error::io("write", path, source));
    // For the person alone, as the crate makes them.
    let mut draft = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    draft
        .write_all(bytes)
        .and_then(|()| draft.as_file().sync_all())
        .map_err(failed)?;
    draft
        .persist(path)
        .map_err(|error| failed(error.error))
        .map(drop)
}

fn words(looked: &DiagnosticsView, path: &str) -> String {
    let width = looked
        .files
        .iter()
        .map(|file| file.name.len())
        .max()
        .unwrap_or(0);
    let mut text = format!(
        "{path}: {} files. No key, no token, no member is in it. Look at it before you send it:\n",
        looked.files.len()
    );
    for file in &looked.files {
        // Writing into a String cannot fail.
        let _ = writeln!(text, "  {:<width$}  {}", file.name, file.about);
    }
    text
}
