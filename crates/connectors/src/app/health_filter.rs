//! The filter of bulk acts and of the exported health, in one place: who is meant, and what is refused because nobody has it.

use std::collections::BTreeSet;

use super::App;
use super::record::find_live;
use crate::error::{Code, Error, Result};
use crate::store::Reader;
use crate::store::connector::ConnectorRecord;
use crate::store::health_filter::HealthQuery;
use crate::view::HealthFilter;

/// Most codes that one filter names.
const CODES: usize = 10_000;

impl App {
    /// A filter within what is shown: of the one club, where one is.
    ///
    /// # Errors
    /// [`Code::NotFound`] for another club.
    pub(super) fn within_view(&self, mut filter: HealthFilter) -> Result<HealthFilter> {
        if let Some(org) = &filter.org {
            self.see_club(org)?;
        }
        filter.org = self.my_club().or(filter.org);
        Ok(filter)
    }
}

/// The connectors that fit, by name.
///
/// # Errors
/// [`Code::NotFound`] for a code or a club that nobody has, [`Code::Deleted`] for a deleted connector that is named,
/// [`Code::Invalid`] for more than 10,000 codes.
pub(super) fn fitting(tx: &Reader<'_>, filter: &HealthFilter) -> Result<Vec<ConnectorRecord>> {
    let mut query = HealthQuery {
        preset: filter.preset.clone(),
        class: filter.class,
        state: filter.state,
        ..HealthQuery::default()
    };
    if let Some(codes) = &filter.codes {
        let codes: BTreeSet<&String> = codes.iter().collect();
        if codes.len() > CODES {
            return Err(Error::refused(
                Code::Invalid,
                "more than 10,000 codes were named; name fewer, or filter in another way",
            ));
        }
        for code in &codes {
            find_live(tx, code)?;
        }
        query.codes = Some(codes.into_iter().cloned().collect());
    }
    if let Some(org) = &filter.org {
        let club = tx
            .club(org)?
            .ok_or_else(|| Error::refused(Code::NotFound, format!("there is no club {org}")))?;
        query.club = Some(club.id);
    }
    tx.connectors_that_fit(&query)
}
