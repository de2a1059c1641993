//! Hours in which nobody is told anything, by the clock on the wall. They may go over midnight.

/// From and until, in minutes since midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    from: u16,
    until: u16,
}

/// Minutes of a day.
const DAY: u16 = 24 * 60;

impl QuietHours {
    /// Of two times such as `22:00` and `07:30`. None where one is missing, is no time, or both are the same.
    #[must_use]
    pub fn of(from: Option<&str>, until: Option<&str>) -> Option<Self> {
        let (from, until) = (minute_of(from?)?, minute_of(until?)?);
        (from != until).then_some(Self { from, until })
    }

    /// Minutes until they end, at least one; none outside of them.
    #[must_use]
    pub fn left(self, minute: u16) -> Option<u16> {
        let minute = minute % DAY;
        let length = (self.until + DAY - self.from) % DAY;
        let into = (minute + DAY - self.from) % DAY;
        (into < length).then(|| length - into)
    }
}

/// Minutes since midnight of a time such as `07:30`.
#[must_use]
pub fn minute_of(time: &str) -> Option<u16> {
    let (hours, minutes) = time.trim().split_once(':')?;
    let number = |text: &str, below: u16| {
        let two = text.len() == 2 && text.bytes().all(|sign| sign.is_ascii_digit());
        two.then(|| text.parse::<u16>().ok())
            .flatten()
            .filter(|number| *number < below)
    };
    Some(number(hours, 24)? * 60 + number(minutes, 60)?)
}
