//! People who were erased stay out: of every plan, whether its records come from the federation or from a file, and of a backup
//! that is put back. Who they were is known to nobody; a record is compared by its mark.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use uuid::Uuid;

use super::club_record::live;
use super::erase::erase_person;
use super::{App, Opened};
use crate::audit::{AuditWhat, Entry};
use crate::error::{Code, Error, Result};
use crate::members::{Mapped, MemberField, MemberValues};
use crate::store::erased::{ASKED, ErasedAside, ErasureWithMarks, erased_in};
use crate::store::{Reader, Writer, purge, scrub};
use crate::sync::erased::{ClubAt, PersonKeys, mark_of_record};
use crate::vault::mark::{Mark, MarkKey};

/// Rows that are looked at together.
const ROWS: u32 = 1_000;

/// The marks of a club, while one of its plans is made.
pub(super) struct KeptOutErased {
    key: MarkKey,
    club: Option<ClubAt>,
    marks: HashSet<Mark>,
    met: BTreeSet<Mark>,
}

impl KeptOutErased {
    /// Those of the club of a connection.
    pub(super) fn read(tx: &Reader<'_>, key: MarkKey, connection_id: Uuid) -> Result<Self> {
        let connection = tx.connection_by_id(connection_id)?;
        let club = connection.map(|connection| ClubAt {
            connector_id: connection.connector_id,
            organisation_id: connection.organisation_id,
        });
        let marks = match club {
            Some(club) => tx.erased_marks(club)?.into_iter().collect(),
            None => HashSet::new(),
        };
        Ok(Self {
            key,
            club,
            marks,
            met: BTreeSet::new(),
        })
    }

    /// The records without those of erased people.
    pub(super) fn leave_out(&mut self, batch: Vec<Mapped>) -> Result<Vec<Mapped>> {
        let Some(club) = self.club.filter(|_| !self.marks.is_empty()) else {
            return Ok(batch);
        };
        let mut kept = Vec::with_capacity(batch.len());
        for mapped in batch {
            match mark_of_record(&self.key, club, &mapped.values)? {
                Some(mark) if self.marks.contains(&mark) => {
                    self.met.insert(mark);
                }
                _ => kept.push(mapped),
            }
        }
        Ok(kept)
    }

    /// How many were met.
    pub(super) fn people(&self) -> u64 {
        self.met.len() as u64
    }
}

impl App {
    /// How many people are kept out of a club because they were erased.
    ///
    /// # Errors
    /// [`Code::NotFound`] for a club that is not connected.
    pub async fn suppressions(&self, code: &str, org: &str) -> Result<u64> {
        self.see_members_of(org)?;
        let (code, org) = (code.to_owned(), org.trim().to_owned());
        self.store()?
            .read(move |tx| tx.count_erased(club_at(tx, &code, &org)?))
            .await
    }

    /// Lets an erased person with the federation's identifier in again: the next plan proposes them as new. People rejoin.
    ///
    /// # Errors
    /// [`Code::NotFound`] where nobody with this identifier is kept out.
    pub async fn member_allow_again(&self, code: &str, org: &str, external_id: &str) -> Result<()> {
        self.see_members_of(org)?;
        let mut values = MemberValues::default();
        values.set(MemberField::ExternalId, Some(external_id.trim()));
        self.allow_again(code, org, values).await
    }

    /// The same for somebody to whom the federation gives no identifier.
    ///
    /// # Errors
    /// [`Code::NotFound`] where nobody with these names and this date of birth is kept out.
    pub async fn member_allow_again_named(
        &self,
        code: &str,
        org: &str,
        first: &str,
        last: &str,
        born: Option<&str>,
    ) -> Result<()> {
        self.see_members_of(org)?;
        let mut values = MemberValues::default();
        values.set(MemberField::FirstName, Some(first.trim()));
        values.set(MemberField::LastName, Some(last.trim()));
        values.set(MemberField::DateOfBirth, born.map(str::trim));
        self.allow_again(code, org, values).await
    }

    async fn allow_again(&self, code: &str, org: &str, values: MemberValues) -> Result<()> {
        let (code, org) = (code.to_owned(), org.trim().to_owned());
        let opened = self.opened()?;
        let key = opened.keys().vault.mark_key();
        let act = self.act();
        opened
            .store
            .write(move |tx| {
                let club = club_at(tx, &code, &org)?;
                let found = match mark_of_record(&key, club, &values)? {
                    Some(mark) => tx.let_erased_in(club, &mark)?,
                    None => false,
                };
                if found {
                    let mut entry = Entry::of(AuditWhat::MemberLetIn).connector(&code);
                    if let Some(connection_id) = tx.connections_of(club)?.last() {
                        entry = entry.connection(*connection_id);
                    }
                    return act.audit(tx, entry);
                }
                Err(Error::refused(
                    Code::NotFound,
                    "nobody is kept out of this club under that; nothing was changed".to_owned(),
                ))
            })
            .await
    }

    /// Asks the file that the last restore has set aside who was erased in it, and erases these people here too: a backup from before
    /// has them. Where that file had never been opened, the one before it is asked as well, and so on. An older one is not: it does
    /// not know who was let in again since. Each is asked once; one that cannot be opened with this file's key says nothing.
    pub(super) fn take_over_erased(&self, opened: &Opened) -> Result<()> {
        let paths = &self.inner.paths;
        let aside = purge::set_aside(&paths.database, &paths.sidecar)?;
        let mut files = purge::data_files(&aside, &paths.database);
        files.sort_by_key(|file| std::cmp::Reverse(set_aside_at(file)));
        let (key, mark_key, database_id) = {
            let vault = &opened.keys().vault;
            let key = vault.file_key().sqlcipher_pragma_value();
            (key, vault.mark_key(), vault.database_id())
        };
        for (place, file) in files.iter().enumerate() {
            let note = format!("{ASKED}{}", name_of(file));
            if opened.store.read_blocking(|tx| tx.meta(&note))?.is_some() {
                return Ok(());
            }
            let found = erased_in(file, &key, database_id);
            let erased = found.as_ref().map_or(&[][..], |found| &found.erasures);
            opened.store.write_blocking(|tx| {
                for one in erased {
                    again(tx, &mark_key, one)?;
                }
                if !erased.is_empty() {
                    tx.set_meta(scrub::DUE, "1")?;
                }
                tx.set_meta(&note, "1")
            })?;
            let before = files.get(place + 1).map(|file| name_of(file));
            let knew =
                |found: &ErasedAside| before.is_some_and(|before| found.asked.contains(&before));
            if found.as_ref().is_some_and(knew) {
                return Ok(());
            }
        }
        Ok(())
    }
}

fn name_of(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// The moment in the name of a file that was set aside.
fn set_aside_at(file: &Path) -> String {
    let name = name_of(file);
    let moment = name
        .rsplit_once("replaced-")
        .or(name.rsplit_once("damaged-"));
    moment.map_or_else(String::new, |(_, moment)| moment.to_owned())
}

fn club_at(tx: &Reader<'_>, code: &str, org: &str) -> Result<ClubAt> {
    let (_, _, connection) = live(tx, code, org)?;
    Ok(ClubAt {
        connector_id: connection.connector_id,
        organisation_id: connection.organisation_id,
    })
}

/// Takes over one erasing of another file: the marks, and what this file has of the person.
fn again(tx: &Writer<'_>, key: &MarkKey, (erasure, marks): &ErasureWithMarks) -> Result<()> {
    let club = erasure.club;
    // A connector or club that came after the backup: nobody of it is here.
    if tx.connector_by_id(club.connector_id)?.is_none()
        || tx.club_by_id(club.organisation_id)?.is_none()
    {
        return Ok(());
    }
    tx.put_erasure(erasure, marks)?;
    let marks: HashSet<Mark> = marks.iter().copied().collect();
    if marks.is_empty() {
        return Ok(());
    }
    let is_marked = |person: &PersonKeys| -> Result<bool> {
        let own = person.marks(key, club)?;
        Ok(own.iter().any(|mark| marks.contains(mark)))
    };
    let mut found: Vec<PersonKeys> = Vec::new();
    let mut note = |person: PersonKeys| -> Result<()> {
        if !found.contains(&person) && is_marked(&person)? {
            found.push(person);
        }
        Ok(())
    };
    for connection_id in tx.connections_of(club)? {
        let mut place: Option<(String, Uuid)> = None;
        loop {
            let from = place.as_ref().map(|(name, id)| (name.as_str(), *id));
            let page = tx.members(connection_id, from, ROWS)?;
            let Some(last) = page.last() else { break };
            let keys = crate::members::MemberKeys::of(last.base.as_ref(), &last.current);
            place = Some((keys.name, last.id));
            for member in &page {
                note(PersonKeys::of(member.base.as_ref(), &member.current))?;
            }
        }
        for run in tx.run_ids(connection_id)? {
            let mut after = 0;
            loop {
                let rows = tx.plan_rows(run, after, ROWS)?;
                let Some(last) = rows.last() else { break };
                after = last.number;
                for values in rows
                    .iter()
                    .flat_map(|row| row.remote.iter().chain(&row.after))
                {
                    note(PersonKeys::of(None, values))?;
                }
            }
            let mut after = Uuid::nil();
            loop {
                let rows = tx.undo_values(run, after, ROWS)?;
                let Some((last, _)) = rows.last() else { break };
                after = *last;
                for values in rows.iter().filter_map(|(_, values)| values.as_ref()) {
                    note(PersonKeys::of(None, values))?;
                }
            }
        }
    }
    for person in &found {
        erase_person(tx, club, person, None)?;
    }
    Ok(())
}
