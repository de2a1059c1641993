//! The hash of a stored plan: the digests of its rows added up, so that it is the same in whatever order the rows stand, and no
//! row has to be looked up in any order but its own. It tells a plan that has moved from the one that was previewed; against
//! somebody who can write the file it proves nothing, and need not: such a one could write the hash as well.

use sha2::{Digest, Sha256};

use super::hash::PlanHash;

/// A plan's hash while it is made.
#[derive(Debug, Default)]
pub struct PlanSum {
    /// A number of 256 bits, the lowest part first.
    sum: [u64; 4],
    rows: u64,
}

impl PlanSum {
    /// Takes a row's digest.
    pub fn add(&mut self, digest: [u8; 32]) {
        let mut carried = false;
        for (part, bytes) in self.sum.iter_mut().zip(digest.chunks_exact(8)) {
            let mut eight = [0; 8];
            eight.copy_from_slice(bytes);
            let (sum, over) = part.overflowing_add(u64::from_le_bytes(eight));
            let (sum, again) = sum.overflowing_add(u64::from(carried));
            *part = sum;
            carried = over || again;
        }
        self.rows += 1;
    }

    /// The hash of the rows taken.
    #[must_use]
    pub fn finish(self) -> PlanHash {
        let mut hash = Sha256::new();
        hash.update(b"plan 2");
        for part in self.sum {
            hash.update(part.to_le_bytes());
        }
        hash.update(self.rows.to_le_bytes());
        PlanHash(hash.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::PlanSum;

    fn sum(digests: &[[u8; 32]]) -> String {
        let mut sum = PlanSum::default();
        for digest in digests {
            sum.add(*digest);
        }
        sum.finish().to_string()
    }

    #[test]
    fn the_order_makes_no_difference_and_every_row_does() {
        let (a, b, c) = ([0xFF; 32], [0x80; 32], [1; 32]);
        let all = sum(&[a, b, c]);
        for other in [[a, c, b], [b, a, c], [c, b, a]] {
            assert_eq!(sum(&other), all, "the same rows are the same plan");
        }
        for other in [
            &[a, b][..],
            &[a, b, b],
            &[a, b, c, c],
            &[a, b, c, [0; 32]],
            &[],
        ] {
            assert_ne!(sum(other), all, "other rows are another plan");
        }
    }

    #[test]
    fn what_runs_over_a_part_is_carried_into_the_next() {
        let mut one = [0; 32];
        one[0] = 1;
        let mut low = [0; 32];
        low[..8].fill(0xFF);
        let mut next = [0; 32];
        next[8] = 1;
        assert_eq!(
            sum(&[one, low]),
            sum(&[next, [0; 32]]),
            "one more than eight full bytes"
        );
    }
}
