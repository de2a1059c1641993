//! A list of revisions that is asked for by the last row one has (`last-updated`, `last-id`) until an
//! empty array comes. First every row once, then every fifth changed, then one of ten deleted; three at
//! a time were updated in the same moment, so that the time alone is no cursor.

use std::fmt::Write;

use super::rows::{place, write_fields};

/// When the first row was updated, in milliseconds since 1970, and how far apart moments are.
const BEGINNING: u64 = 1_790_000_000_000;
const MOMENT: u64 = 1000;
const AT_ONCE: usize = 3;

/// Every how manieth row is changed, and which of how many is deleted.
const CHANGED: usize = 5;
const DELETED: (usize, usize) = (10, 3);

/// True if the row at a place ends as deleted in `/paging/keyset`.
pub fn is_deleted_in_keyset(index: usize) -> bool {
    index % DELETED.0 == DELETED.1
}

/// One state of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Revision {
    index: usize,
    number: u8,
    last_updated: u64,
}

/// The revisions of a list of `count` rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Revisions {
    /// How many there are of each kind: first states, changes, deletions.
    kinds: [usize; 3],
}

impl Revisions {
    pub(super) fn of(count: usize) -> Self {
        let (of, which) = DELETED;
        let deleted = (count + of - 1 - which) / of;
        Self {
            kinds: [count, count.div_ceil(CHANGED), deleted],
        }
    }

    pub(super) fn len(self) -> usize {
        self.kinds.iter().sum()
    }

    pub(super) fn at(self, mut position: usize) -> Revision {
        let mut moments = 0;
        for (kind, number) in self.kinds.into_iter().zip(1..) {
            if position < kind || number == 3 {
                let index = match number {
                    1 => position,
                    2 => position * CHANGED,
                    _ => position * DELETED.0 + DELETED.1,
                };
                let moment = (moments + position / AT_ONCE) as u64;
                return Revision {
                    index,
                    number,
                    last_updated: BEGINNING + moment * MOMENT,
                };
            }
            position -= kind;
            moments += kind.div_ceil(AT_ONCE);
        }
        // The third kind has returned above.
        Revision {
            index: 0,
            number: 3,
            last_updated: BEGINNING,
        }
    }

    /// The position behind everything up to this moment and, within the moment, up to this id.
    pub(super) fn after(self, last_updated: u64, last_id: Option<usize>) -> usize {
        let is_behind = |position: usize| {
            let revision = self.at(position);
            (revision.last_updated, Some(revision.index)) > (last_updated, last_id)
        };
        // Revisions are in order, so the first one behind is found by halving.
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if is_behind(middle) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        low
    }

    pub(super) fn write(self, out: &mut String, position: usize) {
        let revision = self.at(position);
        write_fields(out, revision.index);
        let _ = write!(
            out,
            ",\"revision\":{},\"lastUpdated\":{},\"deleted\":{}",
            revision.number,
            revision.last_updated,
            revision.number == 3,
        );
    }
}

/// The place of an id that stands in `last-id`; an empty or missing one is before all.
pub(super) fn last_id(text: Option<&str>) -> Result<Option<usize>, ()> {
    match text {
        None | Some("" | "0") => Ok(None),
        Some(id) => place(id).map(Some).ok_or(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::rows::paging_row_id;
    use super::{Revisions, is_deleted_in_keyset, last_id};

    #[test]
    fn revisions_are_in_order_and_each_is_found_by_the_one_before() {
        for count in [0, 1, 4, 45, 1000] {
            let all = Revisions::of(count);
            let mut before = None;
            for position in 0..all.len() {
                let revision = all.at(position);
                let key = (revision.last_updated, revision.index);
                assert!(
                    before < Some(key),
                    "{count}, {position}: later than the one before"
                );
                before = Some(key);
                assert_eq!(
                    all.after(key.0, Some(key.1)),
                    position + 1,
                    "{count}, {position}: the next one follows"
                );
            }
            assert_eq!(all.after(0, None), 0, "{count}: from the beginning");
        }
    }

    #[test]
    fn as_many_are_deleted_as_say_so() {
        for count in [0, 3, 4, 13, 14, 45, 1000] {
            let told = (0..count)
                .filter(|index| is_deleted_in_keyset(*index))
                .count();
            assert_eq!(
                Revisions::of(count).kinds[2],
                told,
                "{count}: both count alike"
            );
        }
    }

    #[test]
    fn an_id_is_read_or_refused() {
        assert_eq!(
            last_id(Some(&paging_row_id(6))),
            Ok(Some(6)),
            "an id of ours"
        );
        assert_eq!(last_id(None), Ok(None), "none at the beginning");
        assert_eq!(last_id(Some("0")), Ok(None), "nor a zero");
        assert_eq!(last_id(Some("x")), Err(()), "nobody's");
    }
}
