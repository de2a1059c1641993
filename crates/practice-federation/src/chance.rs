//! The one source of chance in this crate: `SplitMix64`, seeded. It is not for secrets; it is here
//! because a seed must give the same members on every machine and in every version of the product,
//! which general-purpose random crates do not promise.

/// `SplitMix64` (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", OOPSLA 2014;
/// constants as in Vigna's public-domain `splitmix64.c`).
#[derive(Debug, Clone)]
pub(crate) struct Chance {
    state: u64,
}

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound`; 0 if `bound` is 0. The bias of the remainder is below one in a
    /// billion for the small bounds used here.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        let bound = u64::from(bound.max(1));
        u32::try_from(self.next() % bound).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True in `percent` of 100 cases.
    pub(crate) fn percent(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// One of `choices`, which is never empty here.
    pub(crate) fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        let bound = u32::try_from(choices.len()).unwrap_or(u32::MAX);
        &choices[self.below(bound) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::Chance;

    #[test]
    fn gives_the_published_numbers() {
        let mut chance = Chance::new(1_234_567);
        let numbers: Vec<u64> = (0..5).map(|_| chance.next()).collect();
        assert_eq!(
            numbers,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423,
                4_593_380_528_125_082_431,
                16_408_922_859_458_223_821,
            ],
            "the known answers for seed 1234567 must come out, or seeds change their members"
        );
    }
}
