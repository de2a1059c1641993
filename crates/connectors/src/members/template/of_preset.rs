//! The templates of the product. A preset gives one by itself: its paths, with the transforms that suit each field; where that
//! does not do, a file of `templates/` is its template.

use std::collections::BTreeMap;

use super::{Mapping, Template};
use crate::catalogue::{Capability, PresetView};
use crate::error::Result;
use crate::members::MemberField;
use crate::members::transform::Transform as T;
use crate::members::transform::date::DateOrder;
use crate::members::transform::phone::Country;

/// Templates that are written out, by the preset's identifier.
const WRITTEN: &[(&str, &str)] = &[
    ("comet", include_str!("../../../templates/comet.toml")),
    (
        "leagueapps",
        include_str!("../../../templates/leagueapps.toml"),
    ),
];

/// Where a system is at home, if not in Ireland: telephone numbers and days are written as there.
const HOMES: &[(&str, &str, DateOrder)] = &[
    ("easyverein", "DE", DateOrder::DayFirst),
    ("eventor", "SE", DateOrder::DayFirst),
    ("hello_club", "NZ", DateOrder::DayFirst),
    ("hitobito", "CH", DateOrder::DayFirst),
    ("justgo", "GB", DateOrder::DayFirst),
    ("nuliga", "DE", DateOrder::DayFirst),
    ("play_cricket", "GB", DateOrder::DayFirst),
    // Canada writes both ways.
    ("spordle", "CA", DateOrder::Ask),
    ("teamsnap", "US", DateOrder::MonthFirst),
    ("twizzit", "BE", DateOrder::DayFirst),
    ("webling", "CH", DateOrder::DayFirst),
    ("wild_apricot", "US", DateOrder::MonthFirst),
];

impl Template {
    /// The product's template of a preset, under the preset's identifier; none where the preset has no members.
    ///
    /// # Errors
    /// Never, while the templates of the product keep their own rules.
    pub fn built_in(preset: &PresetView) -> Result<Option<Self>> {
        match WRITTEN.iter().find(|(id, _)| *id == preset.id) {
            Some((_, text)) => Self::parse(text).map(Some),
            None => Ok(Self::of_preset(preset)),
        }
    }

    /// What is usually done with a field.
    #[must_use]
    pub fn usual_transforms(field: MemberField) -> Vec<T> {
        usual(field)
    }

    /// The template of a preset, under the preset's identifier; none where the preset has no members or does not say where
    /// their fields stand. A sensitive field is left out.
    #[must_use]
    pub fn of_preset(preset: &PresetView) -> Option<Self> {
        if !preset.capabilities.contains(&Capability::Members) || preset.fields.is_empty() {
            return None;
        }
        let kept = preset
            .fields
            .iter()
            .filter(|(field, _)| !field.is_sensitive());
        let mut fields: BTreeMap<MemberField, Mapping> = kept
            .map(|(field, from)| {
                let mapping = Mapping {
                    from: from.clone(),
                    transforms: usual(*field),
                    required: matches!(field, MemberField::LastName | MemberField::FullName),
                    ..Mapping::default()
                };
                (*field, mapping)
            })
            .collect();
        // Where names come whole, a surname of its own must not be asked for twice.
        if fields.contains_key(&MemberField::FullName)
            && let Some(last) = fields.get_mut(&MemberField::LastName)
        {
            last.required = false;
        }
        let home = HOMES.iter().find(|(id, _, _)| *id == preset.id);
        let country = home.and_then(|(_, country, _)| Country::of_word(country));
        Some(Self {
            id: preset.id.clone(),
            name: preset.name.clone(),
            version: 1,
            country: country.unwrap_or(Country::IRELAND),
            date_order: home.map_or_else(DateOrder::default, |(_, _, order)| *order),
            status_words: BTreeMap::new(),
            gender_words: BTreeMap::new(),
            lookups: BTreeMap::new(),
            fields,
        })
    }
}

/// What is usually done with a field.
fn usual(field: MemberField) -> Vec<T> {
    use MemberField as F;
    match field {
        F::FirstName | F::LastName | F::IrishFirstName | F::IrishLastName | F::GuardianName => {
            vec![T::Trim, T::NameCase]
        }
        F::FullName => vec![T::Trim, T::NameCase, T::SplitName],
        F::DateOfBirth | F::JoinedOn => vec![T::Trim, T::Date],
        F::Gender => vec![T::Trim, T::Gender],
        F::Status => vec![T::Trim, T::Status],
        F::Email | F::GuardianEmail => vec![T::Trim, T::Email],
        F::Phone | F::GuardianPhone => vec![T::Trim, T::Phone],
        F::Postcode => vec![T::Trim, T::Postcode],
        F::ExternalId
        | F::AddressLine1
        | F::AddressLine2
        | F::Town
        | F::County
        | F::MembershipType
        | F::MedicalNotes => vec![T::Trim],
    }
}
