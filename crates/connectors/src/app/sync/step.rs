//! What a planner keeps between batches: what a step adds to the plan, and who was in the list.

use std::collections::HashMap;

use crate::store::plan_row::PlanRecord;

/// What a step adds to the plan and takes out of it again.
#[derive(Debug, Default)]
pub(super) struct Step {
    pub(super) rows: Vec<PlanRecord>,
    pub(super) gone: Vec<i64>,
    /// Which row is about which identifier, among those of this step.
    about: HashMap<String, i64>,
}

impl Step {
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.gone.is_empty()
    }

    /// Notes that the row that was added last, if it is there, is about an identifier.
    pub(super) fn last_is_about(&mut self, rows_before: usize, id: String) {
        if self.rows.len() > rows_before
            && let Some(row) = self.rows.last()
        {
            self.about.insert(id, row.number);
        }
    }

    /// The row of this step about an identifier.
    pub(super) fn row_about(&self, id: &str) -> Option<&PlanRecord> {
        let number = *self.about.get(id)?;
        self.rows.iter().find(|row| row.number == number)
    }

    /// Takes a row out of the plan, whether it is written already or not.
    pub(super) fn take_out(&mut self, number: i64) {
        match self.rows.iter().position(|row| row.number == number) {
            Some(index) => {
                self.rows.remove(index);
            }
            None => self.gone.push(number),
        }
    }
}

/// The members that the list has, by where their rows stand.
#[derive(Debug, Default)]
pub(super) struct Seen(Vec<u64>);

impl Seen {
    pub(super) fn insert(&mut self, place: i64) -> bool {
        let place = usize::try_from(place).unwrap_or_default();
        let (word, bit) = (place / 64, 1_u64 << (place % 64));
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        let is_new = self.0[word] & bit == 0;
        self.0[word] |= bit;
        is_new
    }

    pub(super) fn contains(&self, place: i64) -> bool {
        let place = usize::try_from(place).unwrap_or_default();
        self.0
            .get(place / 64)
            .is_some_and(|word| word & (1 << (place % 64)) != 0)
    }
}
