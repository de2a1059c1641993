//! One list from its first page to its end, as a value: an answered page in, what becomes of it and
//! what follows out. It asks for nothing itself, so that each fault of each style is a line of a table.

use url::Url;

use super::address::ListAddress;
use super::anomaly::{Effect, PagingAnomaly};
use super::guards::{Guards, Seen};
use super::link_header::next_link;
use super::next::{Answered, Next, NoNext, SoFar, Totals, likely, next};
use crate::failure::Finding;
use crate::settings::PagingStyle;

/// A list under way.
#[derive(Debug)]
pub struct Listing {
    address: ListAddress,
    guards: Guards,
    so_far: SoFar,
    totals: Totals,
    hidden: bool,
    /// The first page, until it is known which number it has.
    first: Option<Vec<u64>>,
}

/// What becomes of a page.
#[derive(Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Its records count; not where it is the last page once more.
    pub keep: bool,
    /// What is to be said about it.
    pub notes: Vec<PagingAnomaly>,
    /// What follows when its records have been taken.
    pub next: Result<Next, NoNext>,
}

impl Listing {
    /// Before the first page.
    #[must_use]
    pub fn new(address: ListAddress) -> Self {
        let guards = Guards::new(address.paging().style, address.asked_size());
        Self {
            address,
            guards,
            so_far: SoFar::default(),
            totals: Totals::default(),
            hidden: false,
            first: None,
        }
    }

    /// The first page.
    ///
    /// # Errors
    /// As [`crate::api::address::resolve`].
    pub fn first(&mut self) -> Result<Url, Finding> {
        let url = self.address.first(None)?;
        self.guards.before(&url, &self.so_far);
        Ok(url)
    }

    /// Pages and records so far.
    #[must_use]
    pub fn so_far(&self) -> &SoFar {
        &self.so_far
    }

    /// Whether nothing was seen that may have hidden a record.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        !self.hidden
    }

    /// Takes a page. `fingerprints` are those of its records, in order.
    ///
    /// # Errors
    /// An anomaly that makes the page itself unusable.
    pub fn after(
        &mut self,
        page: &Answered<'_>,
        fingerprints: &[u64],
    ) -> Result<Verdict, PagingAnomaly> {
        let facts = page.facts;
        let totals = Totals::of(self.address.paging(), page.headers, facts);
        if let Some(first) = self.first.take() {
            // The first page was asked for without a number, this one as page 1.
            if first == fingerprints {
                self.address.learn_start(1);
                return Ok(Verdict {
                    keep: false,
                    notes: Vec::new(),
                    next: next(&self.address, page, &self.so_far),
                });
            }
            self.address.learn_start(0);
        } else if self.so_far.pages == 0 && self.address.starts_somewhere() {
            self.first = Some(fingerprints.to_vec());
        }
        let seen = Seen {
            facts,
            totals,
            names_next: facts.next.is_some()
                || self.address.paging().style == PagingStyle::LinkHeader
                    && next_link(page.headers).is_some(),
            fingerprints,
        };
        let mut notes = self.guards.page(&seen, &self.so_far);
        if let Some(fails) = notes.iter().find(|one| one.effect() == Effect::Fails) {
            self.hidden = true;
            return Err(fails.clone());
        }
        let ends = notes.iter().any(|one| one.effect() == Effect::Ends);
        let keep = !notes.contains(&PagingAnomaly::LastPageAgain);
        if keep {
            self.so_far.pages += 1;
            self.so_far.records += facts.records;
            self.so_far.last_page = facts.records;
            self.so_far.longest_page = self.so_far.longest_page.max(facts.records);
            self.totals = totals;
        }
        let next = match next(&self.address, page, &self.so_far) {
            _ if ends => Ok(Next::Done),
            Ok(Next::Page(url)) => match self.guards.before(&url, &self.so_far) {
                Some(anomaly) => Err(NoNext::Anomaly(anomaly)),
                None => Ok(Next::Page(url)),
            },
            other => other,
        };
        if next == Ok(Next::Done) {
            notes.extend(self.guards.end(&self.so_far, totals.pages));
        }
        self.hidden |= next.is_err() || notes.iter().any(PagingAnomaly::may_hide_records);
        Ok(Verdict { keep, notes, next })
    }

    /// A page was answered with 404: the notes of an end, where it can be one.
    pub fn not_found(&mut self) -> Option<Vec<PagingAnomaly>> {
        let note = self.guards.after_end(&self.so_far, self.totals.pages)?;
        self.hidden |= note.may_hide_records();
        Some(vec![note])
    }

    /// Records that the federation says there are, where it does.
    #[must_use]
    pub fn expected(&self) -> Option<u64> {
        self.totals.records
    }

    /// The pages that will likely follow the next one, at most `most`.
    #[must_use]
    pub fn likely(&self, most: usize) -> Vec<Url> {
        likely(&self.address, self.totals, &self.so_far, most)
    }
}
