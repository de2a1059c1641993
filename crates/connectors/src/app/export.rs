//! Members as a file for people: CSV that no spreadsheet takes as formulas, or JSON. What it contains is said before it is
//! written, because outside of the app nothing protects it.

use jiff::civil::Date;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::App;
use super::club_record::live;
use crate::audit::{AuditWhat, Entry};
use crate::clock::UtcMillis;
use crate::error::{Error, FieldRule, Result};
use crate::members::{MemberField, MemberKeys, cell};
use crate::store::Reader;
use crate::store::member::MemberRecord;
use crate::view::{ExportFormat, ExportLookView, MemberExportRequest};

/// Members that are read together.
const TOGETHER: u32 = 500;
/// Until when somebody is a child (Age of Majority Act 1985, s. 2).
const OF_AGE_YEARS: i16 = 18;
/// Tells spreadsheets that the file is in UTF-8.
pub(super) const MARK: char = '\u{feff}';
/// The column of who is no longer in the list.
const LEFT_ON: &str = "left_on";

impl App {
    /// What a file of members would contain. Nothing is written.
    ///
    /// # Errors
    /// [`crate::error::Code::NotFound`] where the club is not connected there; field `fields` for one that no member keeps.
    pub async fn member_export_look(
        &self,
        request: &MemberExportRequest,
    ) -> Result<ExportLookView> {
        self.see_members_of(&request.org)?;
        let (request, now) = (request.clone(), self.now());
        self.store()?.read(move |tx| look(tx, &request, now)).await
    }

    /// The file itself. The same members in the same order give the same bytes. That they were taken out is in the audit log before
    /// anybody has the bytes.
    ///
    /// # Errors
    /// As [`App::member_export_look`].
    pub async fn member_export(&self, request: &MemberExportRequest) -> Result<Vec<u8>> {
        self.see_members_of(&request.org)?;
        let (request, now) = (request.clone(), self.now());
        let (bytes, entry) = self
            .store()?
            .read(move |tx| {
                let contains = look(tx, &request, now)?;
                let bytes = match request.format {
                    ExportFormat::Csv => csv(tx, &request, &contains.fields)?,
                    ExportFormat::Json => json(tx, &request, &contains, now)?,
                };
                Ok((bytes, entry(tx, &request, &contains)?))
            })
            .await?;
        self.enter(entry).await?;
        Ok(bytes)
    }
}

fn look(tx: &Reader<'_>, request: &MemberExportRequest, now: UtcMillis) -> Result<ExportLookView> {
    let fields = fields_of(request)?;
    let (_, club, _) = live(tx, &request.code, request.org.trim())?;
    let mut view = ExportLookView {
        club: club.name.clone(),
        people: 0,
        children: 0,
        without_birth: 0,
        sensitive: fields
            .iter()
            .copied()
            .filter(|field| field.is_sensitive())
            .collect(),
        fields,
    };
    let today = day(now)?;
    each(tx, request, |member| {
        view.people += 1;
        let born = member.current.get(MemberField::DateOfBirth);
        match born.and_then(|text| text.parse::<Date>().ok()) {
            None => view.without_birth += 1,
            Some(born) if is_child(born, today) => view.children += 1,
            Some(_) => {}
        }
    })?;
    Ok(view)
}

/// Who took what out, for the audit log.
fn entry(
    tx: &Reader<'_>,
    request: &MemberExportRequest,
    contains: &ExportLookView,
) -> Result<Entry> {
    let (connector, _, connection) = live(tx, &request.code, request.org.trim())?;
    let entry = Entry::of(AuditWhat::MembersExported)
        .connector(&connector.code)
        .connection(connection.id)
        .fields(contains.fields.iter().map(|field| field.as_str()))
        .word(match request.format {
            ExportFormat::Csv => "csv",
            ExportFormat::Json => "json",
        })
        .count("people", contains.people)
        .count("children", contains.children);
    Ok(if request.with_left {
        entry.word("with_left")
    } else {
        entry
    })
}

/// The fields of a file, in the order in which they are always written.
fn fields_of(request: &MemberExportRequest) -> Result<Vec<MemberField>> {
    let kept = MemberField::ALL.into_iter().filter(|field| field.is_kept());
    let Some(wanted) = &request.fields else {
        return Ok(kept.filter(|field| !field.is_sensitive()).collect());
    };
    if wanted.is_empty() || wanted.iter().any(|field| !field.is_kept()) {
        return Err(Error::field(
            "fields",
            FieldRule::Unknown,
            "name at least one field, and only such as a member keeps",
        ));
    }
    Ok(kept.filter(|field| wanted.contains(field)).collect())
}

/// Each member that the file has, by name.
fn each(
    tx: &Reader<'_>,
    request: &MemberExportRequest,
    mut take: impl FnMut(&MemberRecord),
) -> Result<()> {
    let (_, _, connection) = live(tx, &request.code, request.org.trim())?;
    let mut place: Option<(String, Uuid)> = None;
    loop {
        let from = place.as_ref().map(|(name, id)| (name.as_str(), *id));
        let page = tx.members(connection.id, from, TOGETHER)?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        let keys = MemberKeys::of(last.base.as_ref(), &last.current);
        place = Some((keys.name, last.id));
        for member in page {
            if member.left_at.is_none() || request.with_left {
                take(&member);
            }
        }
    }
}

fn csv(tx: &Reader<'_>, request: &MemberExportRequest, fields: &[MemberField]) -> Result<Vec<u8>> {
    let mut text = String::from(MARK);
    let mut header: Vec<&str> = fields.iter().map(|field| field.as_str()).collect();
    if request.with_left {
        header.push(LEFT_ON);
    }
    text.push_str(&header.join(","));
    text.push_str("\r\n");
    each(tx, request, |member| {
        for (at, field) in fields.iter().enumerate() {
            if at > 0 {
                text.push(',');
            }
            cell::push(&mut text, member.current.get(*field).unwrap_or_default());
        }
        if request.with_left {
            text.push(',');
            text.push_str(&left_on(member).unwrap_or_default());
        }
        text.push_str("\r\n");
    })?;
    Ok(text.into_bytes())
}

fn json(
    tx: &Reader<'_>,
    request: &MemberExportRequest,
    contains: &ExportLookView,
    now: UtcMillis,
) -> Result<Vec<u8>> {
    let mut members = Vec::new();
    each(tx, request, |member| {
        let mut one: Map<String, Value> = contains
            .fields
            .iter()
            .map(|field| (field.as_str().to_owned(), json!(member.current.get(*field))))
            .collect();
        if request.with_left {
            one.insert(LEFT_ON.to_owned(), json!(left_on(member)));
        }
        members.push(Value::Object(one));
    })?;
    let document = json!({
        "contains": {
            "club": contains.club,
            "connector": request.code,
            "people": contains.people,
            "children": contains.children,
            "without_birth": contains.without_birth,
            "fields": contains.fields,
            "sensitive": contains.sensitive,
            "made_at": now.to_rfc3339(),
            "encrypted": false,
        },
        "members": members,
    });
    let mut bytes = serde_json::to_vec_pretty(&document)
        .map_err(|source| Error::internal("write members as JSON", source))?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn left_on(member: &MemberRecord) -> Option<String> {
    Some(day(member.left_at?).ok()?.to_string())
}

pub(super) fn day(moment: UtcMillis) -> Result<Date> {
    jiff::Timestamp::from_millisecond(moment.0)
        .map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date())
        .map_err(|source| Error::internal("tell today's date", source))
}

/// Whether somebody has not had their eighteenth birthday. Who was born on 29 February has it on 1 March.
pub(super) fn is_child(born: Date, today: Date) -> bool {
    (
        born.year().saturating_add(OF_AGE_YEARS),
        born.month(),
        born.day(),
    ) > (today.year(), today.month(), today.day())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::is_child;

    #[test]
    fn a_child_is_one_until_the_eighteenth_birthday() {
        let today = date(2026, 3, 1);
        for (born, child) in [
            (date(2008, 3, 1), false),
            (date(2008, 3, 2), true),
            (date(2008, 2, 29), false),
            (date(2026, 1, 1), true),
            (date(1950, 12, 31), false),
            (date(2030, 1, 1), true),
        ] {
            assert_eq!(is_child(born, today), child, "{born}");
        }
        assert!(
            is_child(date(2008, 2, 29), date(2026, 2, 28)),
            "not before the day"
        );
    }
}
