//! Deciding what a sync changes.

mod counts;
mod decide;
mod due;
mod guard;
mod hash;
mod matching;
mod merge_join;
mod model;
mod properties;
mod retry_run;
mod rules;
mod safe;
mod schedule;
mod standing;
mod undo;

use connectors::members::{MemberField, MemberValues};
use connectors::sync::rules::Rules;

/// Values of an invented member.
fn member(pairs: &[(MemberField, &str)]) -> MemberValues {
    let owned = pairs
        .iter()
        .map(|(field, value)| (*field, (*value).to_owned()));
    owned.collect()
}

/// Rules that map these fields.
fn rules(fields: &[MemberField]) -> Rules {
    Rules {
        mapped: fields.iter().copied().collect(),
        ..Rules::default()
    }
}
