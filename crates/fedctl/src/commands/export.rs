//! `fedctl member export`: members as a file for people.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use connectors::error::Error;
use connectors::members::MemberField;
use connectors::view::{ExportFormat, ExportLookView, MemberExportRequest};
use serde_json::json;

use crate::arguments::{ExportArguments, FormatWord};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};

pub(super) async fn members(arguments: ExportArguments, context: &Context) -> Outcome {
    let fields = arguments
        .fields
        .iter()
        .map(|word| {
            MemberField::of_word(word)
                .ok_or_else(|| Failure::usage(format!("there is no member field called {word}")))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let request = MemberExportRequest {
        code: arguments.club.code,
        org: arguments.club.org,
        format: match arguments.format {
            FormatWord::Csv => ExportFormat::Csv,
            FormatWord::Json => ExportFormat::Json,
        },
        fields: (!fields.is_empty()).then_some(fields),
        with_left: arguments.with_left,
    };
    let app = context.open().await?;
    let contains = app.member_export_look(&request).await?;
    let bytes = app.member_export(&request).await?;
    let output = context.output;
    write(&arguments.out, &bytes)?;
    let path = arguments.out.display().to_string();
    output.confirmation(&json!({ "file": path, "contains": contains }), || {
        words(&contains, &path)
    })?;
    Ok(Exit::DONE)
}

/// For the person alone, and over nothing that is there.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options
        .open(path)
        .map_err(|source| Failure::from(Error::io("write", path, source)))?;
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .map_err(|source| {
            // Half a file looks like a whole one; it is ours, so it can go.
            let _gone_or_not = std::fs::remove_file(path);
            Failure::from(Error::io("write", path, source))
        })
}

fn words(contains: &ExportLookView, path: &str) -> String {
    let mut text = format!(
        "{path}: {} people of {}, {} of them under 18. The file is not encrypted: keep it only as long as you need it.",
        contains.people, contains.club, contains.children
    );
    if !contains.sensitive.is_empty() {
        text.push_str(" It has health data in it.");
    }
    text
}
