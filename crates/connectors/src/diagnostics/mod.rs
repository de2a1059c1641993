//! What somebody who helps is given: a few files of plain text in one zip, for reading and not for restoring. What stands in them is
//! chosen (words, counts, times, templates of addresses), never filtered out of something larger; [`mask`] is a net under that.
//! Nothing here reads a credential or a member.

pub mod mask;

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::clock::UtcMillis;
use crate::error::{Error, Result};

/// One file of the bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleFile {
    /// Its name, with `/` where it lies in a folder.
    pub name: String,
    /// What it is, in one sentence for the reader.
    pub about: String,
    /// What stands in it.
    pub text: String,
}

/// What is saved, and shown before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// When it was made.
    pub made_at: UtcMillis,
    /// The files, [`README`] first.
    pub files: Vec<BundleFile>,
}

/// The file for whoever opens the bundle.
pub const README: &str = "README.txt";

impl Bundle {
    /// The files behind a file for the reader. `absent` says, a sentence each, what could not be looked at.
    #[must_use]
    pub fn new(made_at: UtcMillis, files: Vec<BundleFile>, absent: &[String]) -> Self {
        let readme = BundleFile {
            name: README.to_owned(),
            about: "What each file is, and what is not in here.".to_owned(),
            text: readme(made_at, &files, absent),
        };
        let mut all = vec![readme];
        all.extend(files);
        Self {
            made_at,
            files: all,
        }
    }

    /// The same files as a zip, packed with deflate.
    ///
    /// # Errors
    /// [`crate::error::Code::Internal`] where there is no memory for it.
    pub fn zip(&self) -> Result<Vec<u8>> {
        self.pack()
            .map_err(|source| Error::internal("pack the diagnostics", source))
    }

    fn pack(&self) -> zip::result::ZipResult<Vec<u8>> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(time_of(self.made_at))
            .unix_permissions(0o600);
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for file in &self.files {
            zip.start_file(file.name.as_str(), options)?;
            zip.write_all(file.text.as_bytes())?;
        }
        Ok(zip.finish()?.into_inner())
    }
}

/// Of a zip: UTC, as that has no zones. The format's own beginning where it cannot say the moment.
fn time_of(at: UtcMillis) -> DateTime {
    let read = || {
        let at = jiff::Timestamp::from_millisecond(at.0).ok()?;
        let at = jiff::tz::TimeZone::UTC.to_datetime(at);
        DateTime::from_date_and_time(
            u16::try_from(at.year()).ok()?,
            u8::try_from(at.month()).ok()?,
            u8::try_from(at.day()).ok()?,
            u8::try_from(at.hour()).ok()?,
            u8::try_from(at.minute()).ok()?,
            u8::try_from(at.second()).ok()?,
        )
        .ok()
    };
    read().unwrap_or_default()
}

fn readme(made_at: UtcMillis, files: &[BundleFile], absent: &[String]) -> String {
    use std::fmt::Write as _;

    let mut text = format!(
        "Federation Connectors: diagnostics\nMade {}. All times are UTC.\n\n\
         For whoever helps with a connector that does not work. The person who sent it saw every file before saving it.\n\n\
         What is in here\n",
        made_at.to_rfc3339()
    );
    let width = files.iter().map(|file| file.name.len()).max().unwrap_or(0);
    for file in files {
        // Writing into a String cannot fail.
        let _ = writeln!(text, "  {:<width$}  {}", file.name, file.about);
    }
    text.push_str(
        "\nWhat is not in here\n  \
         No key, password, token, passphrase or webhook secret, not even sealed.\n  \
         No member: no name, date of birth, e-mail, phone, address or membership number, and no plan of a sync.\n  \
         No answer of a federation, and no value out of an address: only templates, such as /v1/members/{member_id}.\n  \
         Values that a person wrote into settings where secrets are pasted by mistake (queries, headers, variables, sign-in\n  \
         parameters, long mixed words) read [left out]; the home folder reads ~.\n",
    );
    if !absent.is_empty() {
        text.push_str("\nWhat could not be looked at\n");
        for sentence in absent {
            let _ = writeln!(text, "  {sentence}");
        }
    }
    text
}

/// A table as CSV that no spreadsheet takes as formulas.
#[derive(Debug)]
pub struct Sheet {
    text: String,
    rows: usize,
}

impl Sheet {
    /// With its heads.
    #[must_use]
    pub fn new(heads: &[&str]) -> Self {
        let mut sheet = Self {
            text: String::new(),
            rows: 0,
        };
        sheet.line(heads.iter().map(|head| (*head).to_owned()));
        sheet
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.line(cells);
        self.rows += 1;
    }

    /// How many rows it has, without the heads.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The text.
    #[must_use]
    pub fn text(self) -> String {
        self.text
    }

    fn line(&mut self, cells: impl IntoIterator<Item = String>) {
        for (index, one) in cells.into_iter().enumerate() {
            if index > 0 {
                self.text.push(',');
            }
            crate::members::cell::push(&mut self.text, &one);
        }
        self.text.push('\n');
    }
}
