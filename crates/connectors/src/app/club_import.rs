//! Many clubs at once, pasted or from a file. A line that is refused stops no other: each has its own outcome.

use super::App;
use super::act::Act;
use super::club_file::{self, ClubFile, ClubLine};
use super::club_record::connect;
use super::record::find_live;
use super::standing::settle_state;
use crate::audit::{AuditWhat, Entry};
use crate::error::{Error, FieldError, FieldRule, Result};
use crate::store::Writer;
use crate::store::connector::ConnectorRecord;
use crate::view::{ClubImportLineView, ClubImportOutcome, ClubImportView};

impl App {
    /// Connects the clubs of a list: `org,name,federation_org` on each line, with `,` `;` or tab between and a header
    /// or none. What is connected already under the same id stays as it is, so that the same list again changes
    /// nothing. All lines are stored at once.
    ///
    /// # Errors
    /// Where the connector is not there, or the list as a whole is none; a single line is never an error.
    pub async fn org_import(&self, code: &str, text: &str) -> Result<ClubImportView> {
        self.see_all_clubs()?;
        let file = club_file::read(text)?;
        let code = code.to_owned();
        let act = self.act();
        self.store()?
            .write(move |tx| {
                let connector = find_live(tx, &code)?;
                import(tx, &act, &connector, file)
            })
            .await
    }
}

fn import(
    tx: &Writer<'_>,
    act: &Act,
    connector: &ConnectorRecord,
    file: ClubFile,
) -> Result<ClubImportView> {
    let mut done = ClubImportView::default();
    for line in file.lines {
        let (outcome, fields) = import_line(tx, act, connector, &line, file.columns)?;
        *match outcome {
            ClubImportOutcome::Connected => &mut done.connected,
            ClubImportOutcome::Already => &mut done.already,
            ClubImportOutcome::Refused => &mut done.refused,
        } += 1;
        done.lines.push(ClubImportLineView {
            line: line.number,
            org: line.club.org,
            name: line.club.name,
            federation_org: line.club.federation_org,
            outcome,
            fields,
        });
    }
    if done.connected > 0 {
        settle_state(tx, connector.id)?;
        let entry = Entry::of(AuditWhat::ClubsImported).connector(&connector.code);
        let entry = entry
            .count("connected", done.connected.into())
            .count("already", done.already.into())
            .count("refused", done.refused.into());
        act.audit(tx, entry)?;
    }
    Ok(done)
}

fn import_line(
    tx: &Writer<'_>,
    act: &Act,
    connector: &ConnectorRecord,
    line: &ClubLine,
    columns: usize,
) -> Result<(ClubImportOutcome, Vec<FieldError>)> {
    let refused = |fields| Ok((ClubImportOutcome::Refused, fields));
    if line.fields > columns {
        // Its values may stand under wrong names.
        return refused(vec![FieldError {
            field: "line".to_owned(),
            rule: FieldRule::Pattern,
            message: format!(
                "the line has {} fields where {columns} are expected; put marks (\") around a \
                 name with the separator in it",
                line.fields
            ),
        }]);
    }
    let broken = line.club.broken_rules();
    if !broken.is_empty() {
        return refused(broken);
    }
    if let Some(club) = tx.club(&line.club.org)?
        && let Some(present) = tx.live_connection(connector.id, club.id)?
        && present.federation_org_id == line.club.federation_org
    {
        return Ok((ClubImportOutcome::Already, Vec::new()));
    }
    match connect(tx, act, connector, &line.club) {
        Ok(_) => Ok((ClubImportOutcome::Connected, Vec::new())),
        // It looks before it writes: nothing of a refused line is in the transaction.
        Err(Error::Invalid(fields)) => refused(fields),
        Err(other) => Err(other),
    }
}
