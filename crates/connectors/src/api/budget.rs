//! The retry budget of one connector: where everything fails, repeating everything makes it worse. A token
//! bucket, pure: successes earn repetitions, a storm uses up what was saved and then earns none.

/// Repetitions that can be saved up, in tenths. A fresh connector has all of them, so that a single request
/// gets its attempts.
const FULL: u32 = 40;
/// What one repetition costs, in tenths.
const PRICE: u32 = 10;

/// A success earns a tenth of a repetition: in the long run at most 10 % extra calls (security bar 44).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryBudget {
    tenths: u32,
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self { tenths: FULL }
    }
}

impl RetryBudget {
    /// A request has succeeded.
    pub fn earn(&mut self) {
        self.tenths = (self.tenths + 1).min(FULL);
    }

    /// Pays for one repetition; false where there is nothing left and none may be made.
    #[must_use]
    pub fn spend(&mut self) -> bool {
        match self.tenths.checked_sub(PRICE) {
            Some(left) => {
                self.tenths = left;
                true
            }
            None => false,
        }
    }
}
