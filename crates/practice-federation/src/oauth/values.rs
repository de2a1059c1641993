//! Values that nobody can guess: tokens, codes, the ids of pages. They are numbered and hashed with
//! the keys the standard library draws for its hash tables at every start, which is secret enough
//! for invented members; the seeded chance of this crate would repeat them.

use std::hash::{BuildHasher, RandomState};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Consonants, as RFC 8628 (6.1) advises: no vowels, no words.
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";

/// The source of all values of one server.
#[derive(Debug, Default)]
pub(crate) struct Values {
    keys: RandomState,
    drawn: u64,
}

impl Values {
    fn next(&mut self) -> u64 {
        self.drawn += 1;
        self.keys.hash_one(self.drawn)
    }

    /// A value with its kind in front, so that a test that finds one knows what has leaked.
    pub(crate) fn text(&mut self, kind: &str) -> String {
        let bytes: Vec<u8> = (0..4).flat_map(|_| self.next().to_be_bytes()).collect();
        format!("practice-{kind}-{}", URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Two groups of four letters with a dash between, for people to type.
    pub(crate) fn user_code(&mut self) -> String {
        let letters: Vec<char> = (0..8)
            .map(|_| {
                let place = self.next() % 20;
                char::from(LETTERS[usize::try_from(place).unwrap_or(0)])
            })
            .collect();
        let (first, second) = letters.split_at(4);
        format!(
            "{}-{}",
            first.iter().collect::<String>(),
            second.iter().collect::<String>()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{LETTERS, Values};

    #[test]
    fn values_differ_within_a_start_and_between_starts() {
        let (mut one, mut other) = (Values::default(), Values::default());
        let first = one.text("code");
        assert_ne!(first, one.text("code"), "each value is new");
        assert_ne!(first, other.text("code"), "and no start repeats another");
        assert_eq!(
            first.len(),
            "practice-code-".len() + 43,
            "256 bits are more than can be guessed"
        );
    }

    #[test]
    fn user_codes_can_be_read_aloud() {
        let code = Values::default().user_code();
        let (first, second) = code.split_once('-').unwrap_or_default();
        assert_eq!((first.len(), second.len()), (4, 4), "{code}: two groups");
        assert!(
            [first, second]
                .concat()
                .bytes()
                .all(|it| LETTERS.contains(&it)),
            "{code}: consonants only"
        );
    }
}
