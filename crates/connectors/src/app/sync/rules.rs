//! How conflicts of a club are settled: by its connector's settings, and before them by what was chosen for this club.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::row::RowDetail;
use super::{no_run, run_of};
use crate::app::App;
use crate::app::record::settings_of;
use crate::error::{Code, Error, Result};
use crate::members::transform::Transform;
use crate::members::{MemberField, Template};
use crate::settings::{ConflictStrategy, ConnectorSettings};
use crate::store::sync_run::{RunRecord, RunSource};
use crate::sync::rules::Rules;
use crate::view::FieldTake;

impl App {
    /// The rules of a connection.
    pub(super) async fn rules_of(
        &self,
        connection_id: Uuid,
        settings: &ConnectorSettings,
        template: &Template,
    ) -> Result<Rules> {
        let chosen = self
            .store()?
            .read(move |tx| tx.field_choices(connection_id))
            .await?;
        let mut per_field = settings.sync.fields.clone();
        for one in chosen {
            let strategy = match one.take {
                FieldTake::Federation => ConflictStrategy::FederationWins,
                FieldTake::Club => ConflictStrategy::LocalWins,
            };
            per_field.insert(one.field, strategy);
        }
        Ok(Rules {
            strategy: settings.sync.conflict_strategy,
            per_field,
            mapped: mapped_by(template),
        })
    }

    /// The rules by which rows of a plan are decided anew: with the template that its records were read with, which of a file may
    /// be another one than the connector's. By that one a field of which the file says nothing would count as taken away.
    ///
    /// # Errors
    /// [`Code::ChangedMeanwhile`] where that template is gone.
    pub(super) async fn rules_of_run(&self, run_id: Uuid) -> Result<Rules> {
        let (run, settings) = self
            .store()?
            .read(move |tx| {
                let run = run_of(tx, run_id)?;
                let connection = tx.connection_by_id(run.connection_id)?.ok_or_else(no_run)?;
                let connector = tx.connector_by_id(connection.connector_id)?;
                Ok((run, settings_of(&connector.ok_or_else(no_run)?)?))
            })
            .await?;
        let template = match &run.template {
            Some(id) => match self.template(id).await {
                Ok(found) => found.template,
                Err(error) if error.code() == Code::NotFound => {
                    let said = format!(
                        "the template {id} of this plan is gone; nothing was changed; preview again"
                    );
                    return Err(Error::refused(Code::ChangedMeanwhile, said));
                }
                Err(error) => return Err(error),
            },
            None => self.template_for(&settings).await?,
        };
        self.rules_of(run.connection_id, &settings, &template).await
    }
}

/// The fields that a template gives and a file does not speak of: it has none of the columns that they come out of.
pub(super) fn silent_in(template: &Template, missing: &[String]) -> BTreeSet<MemberField> {
    let folded = |name: &String| name.trim().to_lowercase();
    let missing: BTreeSet<String> = missing.iter().map(folded).collect();
    let mut present = template.clone();
    present.fields.retain(|_, mapping| {
        mapping.from.is_empty()
            || mapping
                .from
                .iter()
                .any(|name| !missing.contains(&folded(name)))
    });
    let spoken = mapped_by(&present);
    let all = mapped_by(template).into_iter();
    all.filter(|field| !spoken.contains(field)).collect()
}

/// The fields of which a row of a plan that was made of a file says nothing, so that deciding about it anew takes none away. What
/// the plan does take away stands in the row.
pub(super) fn silent_in_row(run: &RunRecord, detail: &RowDetail) -> BTreeSet<MemberField> {
    if run.source != RunSource::Import {
        return BTreeSet::new();
    }
    let said = |field: &MemberField| detail.fields.iter().any(|one| one.field == *field);
    MemberField::ALL
        .into_iter()
        .filter(|field| !said(field))
        .collect()
}

/// The fields that a template gives: those that it names, and those into which it takes one apart.
fn mapped_by(template: &Template) -> BTreeSet<MemberField> {
    let mut mapped = BTreeSet::new();
    for (&field, mapping) in &template.fields {
        if !mapping.is_on(field) {
            continue;
        }
        mapped.insert(field);
        for transform in &mapping.transforms {
            match transform {
                Transform::SplitName => {
                    mapped.extend([MemberField::FirstName, MemberField::LastName]);
                }
                Transform::SplitAddress => mapped.extend([
                    MemberField::AddressLine1,
                    MemberField::AddressLine2,
                    MemberField::Town,
                    MemberField::County,
                    MemberField::Postcode,
                ]),
                _ => {}
            }
        }
    }
    mapped
}
