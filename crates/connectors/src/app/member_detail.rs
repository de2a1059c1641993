//! One member with where its values come from, and why a value is so: out of what each change left in the member's own row, what
//! runs keep for undoing (30 days), what was decided, and the template.

use std::collections::BTreeMap;

use serde::Deserialize;
use uuid::Uuid;

use super::App;
use super::member_search::{Home, detail_row, home_of};
use super::members::{entry_about, no_member};
use super::record::settings_of;
use crate::audit::AuditWhat;
use crate::clock::UtcMillis;
use crate::error::{Code, Error, FieldRule, Result};
use crate::members::{MemberField, MemberValues, Template};
use crate::store::Reader;
use crate::store::member::MemberRecord;
use crate::store::undo_row::UNDO_DAYS;
use crate::sync::rules::{Remembered, Take};
use crate::view::{
    MemberDetailView, MemberValueView, TraceKind, TraceStepView, TraceView, ValueSource,
};

/// The last change of a field, as it stands in the member's row.
#[derive(Clone, Deserialize)]
struct Source {
    at: i64,
    by: String,
    #[serde(default)]
    run: Option<String>,
    #[serde(default)]
    was: Option<String>,
}

impl App {
    /// A member with where each of its values comes from.
    ///
    /// # Errors
    /// [`Code::NotFound`] where there is no such member.
    pub async fn member_show(&self, member_id: &str) -> Result<MemberDetailView> {
        self.see_member(member_id).await?;
        let id = Uuid::parse_str(member_id).map_err(|_| no_member())?;
        self.store()?.read(move |tx| detail(tx, id)).await
    }

    /// Why a value of a member is so, the newest reason first.
    ///
    /// # Errors
    /// [`Code::NotFound`] where there is no such member.
    pub async fn member_trace(&self, member_id: &str, field: MemberField) -> Result<TraceView> {
        self.see_member(member_id).await?;
        let id = Uuid::parse_str(member_id).map_err(|_| no_member())?;
        let settings = self
            .store()?
            .read(move |tx| {
                let member = tx.member(id)?.ok_or_else(no_member)?;
                let connection = tx.connection_by_id(member.connection_id)?;
                let connection = connection.ok_or_else(no_member)?;
                let connector = tx.connector_by_id(connection.connector_id)?;
                settings_of(&connector.ok_or_else(no_member)?)
            })
            .await?;
        // Without its template a value is still explained, but for the rules.
        let template = self.template_for(&settings).await.ok();
        let now = self.now();
        self.store()?
            .read(move |tx| trace(tx, id, field, template.as_ref(), now))
            .await
    }

    /// Takes what the federation last gave in the place of the club's values.
    ///
    /// # Errors
    /// [`Code::Invalid`] for a field about which the federation has never said anything; [`Code::ChangedMeanwhile`] where
    /// somebody else was first.
    pub async fn member_take_federation(
        &self,
        member_id: &str,
        version: i64,
        fields: &[MemberField],
    ) -> Result<MemberDetailView> {
        self.see_member(member_id).await?;
        let id = Uuid::parse_str(member_id).map_err(|_| no_member())?;
        let (fields, act) = (fields.to_vec(), self.act());
        let now = act.now;
        self.store()?
            .write(move |tx| {
                let was = tx.member(id)?.ok_or_else(no_member)?;
                let Some(base) = &was.base else {
                    return Err(Error::field(
                        "fields",
                        FieldRule::NotForKind,
                        "the federation has never given this member",
                    ));
                };
                let mut values = was.current.clone();
                for field in &fields {
                    values.set(*field, base.get(*field));
                }
                let sources = changed_sources(&was, &values, "federation", now)?;
                if was.version != version || !tx.edit_member(&was, &values, &sources, now)? {
                    return Err(Error::refused(
                        Code::ChangedMeanwhile,
                        "somebody else, or a sync, has changed this member meanwhile; nothing was saved".to_owned(),
                    ));
                }
                act.audit(tx, entry_about(tx, AuditWhat::MemberTookFederation, &was, &values)?)?;
                detail(tx, id)
            })
            .await
    }
}

/// What a member's row says about its sources after a change by `by`.
pub(super) fn changed_sources(
    was: &MemberRecord,
    values: &MemberValues,
    by: &str,
    now: UtcMillis,
) -> Result<String> {
    let mut sources: BTreeMap<String, serde_json::Value> = match &was.sources {
        Some(text) => serde_json::from_str(text)
            .map_err(|source| Error::internal("read where values come from", source))?,
        None => BTreeMap::new(),
    };
    for field in MemberField::ALL {
        if was.current.get(field) != values.get(field) {
            let source = serde_json::json!({"at": now.0, "by": by, "was": was.current.get(field)});
            sources.insert(field.as_str().to_owned(), source);
        }
    }
    serde_json::to_string(&sources)
        .map_err(|source| Error::internal("write where values come from", source))
}

fn sources_of(text: Option<&str>) -> BTreeMap<String, Source> {
    // What cannot be read is not known; the values themselves are.
    text.and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default()
}

fn detail(tx: &Reader<'_>, id: Uuid) -> Result<MemberDetailView> {
    let member = tx.member(id)?.ok_or_else(no_member)?;
    let home = home_of(tx, member.connection_id)?;
    let sources = sources_of(member.sources.as_deref());
    let decisions = tx.dated_decisions_about(id)?;
    Ok(MemberDetailView {
        values: MemberField::ALL
            .into_iter()
            .filter(|field| field.is_kept())
            .map(|field| value_view(&member, field, &sources, &decisions))
            .collect(),
        row: detail_row(&member, &home),
        connector_name: home.connector_name,
        created_at: member.created_at.0,
        updated_at: member.updated_at.0,
    })
}

fn value_view(
    member: &MemberRecord,
    field: MemberField,
    sources: &BTreeMap<String, Source>,
    decisions: &[(Remembered, UtcMillis)],
) -> MemberValueView {
    let value = member.current.get(field);
    let federation = member.base.as_ref().and_then(|base| base.get(field));
    let (mut source, mut since) = match sources.get(field.as_str()) {
        Some(source) if source.by == "club" => (ValueSource::Club, source.at),
        Some(source) => (ValueSource::Run, source.at),
        None => (ValueSource::Came, member.created_at.0),
    };
    let decided = decisions
        .iter()
        .find(|(decision, _)| decision.field() == field);
    if let Some((decision, at)) = decided
        && at.0 >= since
        && decision.federation() == federation
        && value == taken(decision)
    {
        (source, since) = (ValueSource::Decision, at.0);
    }
    MemberValueView {
        field,
        value: value.map(str::to_owned),
        federation: federation.map(str::to_owned),
        differs: member.base.is_some() && value != federation,
        sensitive: field.is_sensitive(),
        editable: field != MemberField::ExternalId,
        source,
        since,
    }
}

/// The value that a decision is for.
fn taken(decision: &Remembered) -> Option<&str> {
    match decision.take() {
        Take::Federation => decision.federation(),
        Take::Club => decision.club(),
        Take::Value(value) => Some(&**value).filter(|value| !value.is_empty()),
    }
}

fn trace(
    tx: &Reader<'_>,
    id: Uuid,
    field: MemberField,
    template: Option<&Template>,
    now: UtcMillis,
) -> Result<TraceView> {
    let member = tx.member(id)?.ok_or_else(no_member)?;
    let Home { connector_name, .. } = home_of(tx, member.connection_id)?;
    let sources = sources_of(member.sources.as_deref());
    let decisions = tx.dated_decisions_about(id)?;
    let mut steps: Vec<TraceStepView> = Vec::new();
    for (decision, at) in &decisions {
        if decision.field() == field {
            steps.push(TraceStepView {
                kind: match decision.take() {
                    Take::Federation => TraceKind::TookFederation,
                    Take::Club => TraceKind::KeptClub,
                    Take::Value(_) => TraceKind::TookValue,
                },
                at: at.0,
                before: decision.federation().map(str::to_owned),
                after: taken(decision).map(str::to_owned),
                run_id: None,
                detail: None,
            });
        }
    }
    let value = member.current.get(field).map(str::to_owned);
    let mut first = value.clone();
    let mut came_with = None;
    push_source(&mut steps, sources.get(field.as_str()), value, &mut first);
    for kept in tx.undo_rows_about(id)? {
        let Some(before) = &kept.current else {
            came_with = Some(kept.run_id.to_string());
            continue;
        };
        let value = before.get(field).map(str::to_owned);
        let older = sources_of(kept.sources.as_deref());
        push_source(&mut steps, older.get(field.as_str()), value, &mut first);
    }
    let changed = steps
        .iter()
        .any(|step| !matches!(step.kind, TraceKind::KeptClub));
    steps.sort_by_key(|step| std::cmp::Reverse(step.at));
    let mapping = template.and_then(|template| template.fields.get(&field));
    let came = |kind, detail: Option<String>| TraceStepView {
        kind,
        at: member.created_at.0,
        before: None,
        after: first.clone(),
        run_id: came_with.clone(),
        detail,
    };
    if member.base.is_some() {
        let rules: Vec<&str> = mapping
            .iter()
            .flat_map(|mapping| &mapping.transforms)
            .map(|one| one.as_str())
            .collect();
        if !rules.is_empty() {
            steps.push(came(TraceKind::Rule, Some(rules.join(", "))));
        }
        let path = mapping.map(|mapping| mapping.from.join(", "));
        steps.push(came(TraceKind::Came, path.filter(|path| !path.is_empty())));
    }
    Ok(TraceView {
        value: value_view(&member, field, &sources, &decisions),
        connector_name,
        steps,
        forgotten: changed && member.created_at < now.plus_days(-UNDO_DAYS),
    })
}

fn push_source(
    steps: &mut Vec<TraceStepView>,
    source: Option<&Source>,
    value: Option<String>,
    first: &mut Option<String>,
) {
    let Some(source) = source else {
        return;
    };
    // A row that a later run kept says the same again.
    if steps
        .iter()
        .any(|step| step.at == source.at && step.before == source.was && step.after == value)
    {
        return;
    }
    first.clone_from(&source.was);
    steps.push(TraceStepView {
        kind: match source.by.as_str() {
            "club" => TraceKind::Edited,
            "federation" => TraceKind::TookFederation,
            _ => TraceKind::Changed,
        },
        at: source.at,
        before: source.was.clone(),
        after: value,
        run_id: source
            .run
            .as_deref()
            .and_then(|run| Uuid::parse_str(run).ok())
            .map(|id| id.to_string()),
        detail: None,
    });
}
