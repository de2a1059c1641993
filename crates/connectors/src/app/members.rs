//! The club's own edits of members. What the federation last gave stays beside them, so that an edit is told from a change of
//! the federation's.

use uuid::Uuid;

use super::App;
use super::member_detail::changed_sources;
use crate::audit::{AuditWhat, Entry};
use crate::error::{Code, Error, FieldError, FieldRule, Result};
use crate::members::transform::Reading;
use crate::members::transform::date::{DateOrder, date};
use crate::members::transform::email::email;
use crate::members::{MemberField, MemberValues};
use crate::store::Reader;
use crate::store::member::MemberRecord;
use crate::view::MemberView;

/// Longest value, in characters.
const VALUE_LIMIT: usize = 1_000;

impl App {
    /// Changes values of a member; none removes one. `version` is the one that was looked at.
    ///
    /// # Errors
    /// [`Code::Invalid`] for a field that no club edits (the federation's identifier) or a value that is too long;
    /// [`Code::ChangedMeanwhile`] where somebody else was first.
    pub async fn member_edit(
        &self,
        member_id: &str,
        version: i64,
        changes: &[(MemberField, Option<String>)],
    ) -> Result<MemberView> {
        self.see_member(member_id).await?;
        let broken: Vec<FieldError> = changes.iter().filter_map(broken_rule).collect();
        if !broken.is_empty() {
            return Err(Error::Invalid(broken));
        }
        let id = Uuid::parse_str(member_id).map_err(|_| no_member())?;
        let (changes, act) = (changes.to_vec(), self.act());
        let now = act.now;
        let edited = self
            .store()?
            .write(move |tx| {
                let was = tx.member(id)?.ok_or_else(no_member)?;
                let mut values = was.current.clone();
                for (field, value) in &changes {
                    values.set(*field, edited(*field, value.as_deref()).as_deref());
                }
                let sources = changed_sources(&was, &values, "club", now)?;
                if was.version != version || !tx.edit_member(&was, &values, &sources, now)? {
                    return Err(Error::refused(
                        Code::ChangedMeanwhile,
                        "somebody else, or a sync, has changed this member meanwhile; nothing was saved"
                            .to_owned(),
                    ));
                }
                act.audit(tx, entry_about(tx, AuditWhat::MemberEdited, &was, &values)?)?;
                tx.member(id)?.ok_or_else(no_member)
            })
            .await?;
        Ok(member_view(&edited))
    }
}

/// The entry of a change of a member by hand: the names of the fields that are not as they were.
pub(super) fn entry_about(
    tx: &Reader<'_>,
    what: AuditWhat,
    was: &MemberRecord,
    values: &MemberValues,
) -> Result<Entry> {
    let changed = MemberField::ALL
        .into_iter()
        .filter(|field| was.current.get(*field) != values.get(*field));
    let entry = Entry::of(what)
        .connection(was.connection_id)
        .member(was.id)
        .fields(changed.map(MemberField::as_str));
    Ok(match super::club_record::code_of(tx, was.connection_id)? {
        Some(code) => entry.connector(&code),
        None => entry,
    })
}

/// A member as it is shown.
pub(super) fn member_view(member: &MemberRecord) -> MemberView {
    let edited = member.base.as_ref().map_or_else(Vec::new, |base| {
        MemberField::ALL
            .into_iter()
            .filter(|field| base.get(*field) != member.current.get(*field))
            .collect()
    });
    MemberView {
        member_id: member.id.to_string(),
        values: member.current.clone(),
        edited,
        left_at: member.left_at.map(|at| at.0),
        version: member.version,
    }
}

fn is_day(field: MemberField) -> bool {
    matches!(field, MemberField::DateOfBirth | MemberField::JoinedOn)
}

/// A typed value as a template would write it.
fn edited(field: MemberField, value: Option<&str>) -> Option<String> {
    let text = value.map(str::trim).filter(|text| !text.is_empty())?;
    let reading = match field {
        MemberField::DateOfBirth | MemberField::JoinedOn => date(text, DateOrder::DayFirst),
        MemberField::Email | MemberField::GuardianEmail => email(text),
        _ => return Some(text.to_owned()),
    };
    Some(match reading {
        Reading::Read(read) => read.into_owned(),
        // A bad address stays as it was typed; a bad day was refused before.
        _ => text.to_owned(),
    })
}

fn broken_rule((field, value): &(MemberField, Option<String>)) -> Option<FieldError> {
    let (rule, message) = if *field == MemberField::ExternalId || !field.is_kept() {
        (FieldRule::NotForKind, "belongs to the federation")
    } else if value
        .as_ref()
        .is_some_and(|value| value.chars().count() > VALUE_LIMIT)
    {
        (
            FieldRule::TooLong,
            "must not be longer than 1,000 characters",
        )
    } else if *field == MemberField::LastName
        && value.as_ref().is_none_or(|value| value.trim().is_empty())
    {
        (FieldRule::Required, "must not be empty")
    } else if is_day(*field)
        && value.as_deref().map(str::trim).is_some_and(|text| {
            !text.is_empty() && !matches!(date(text, DateOrder::DayFirst), Reading::Read(_))
        })
    {
        (
            FieldRule::Pattern,
            "must be a day, e.g. 2013-05-04 or 4/5/2013",
        )
    } else {
        return None;
    };
    Some(FieldError {
        field: field.as_str().to_owned(),
        rule,
        message: message.to_owned(),
    })
}

pub(super) fn no_member() -> Error {
    Error::refused(Code::NotFound, "there is no such member".to_owned())
}
