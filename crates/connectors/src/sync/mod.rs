//! Deciding what a sync changes, as functions from values to values: who is who (`matching`), what becomes of a
//! member (`decide`), whether a person must look first (`guard`), what undo gives back (`undo`), when the next run
//! is (`schedule`). Fetching, storing and applying are not here.

pub mod counts;
pub mod decide;
pub mod due;
pub mod erased;
pub mod guard;
pub mod hash;
pub mod kept_out;
pub mod match_choice;
pub mod match_key;
pub mod match_lists;
pub mod matching;
pub mod merge_join;
pub mod outcome;
pub mod people;
pub mod plan_sum;
pub mod record;
pub mod retry_run;
pub mod rules;
pub mod safe;
pub mod schedule;
pub mod undo;
