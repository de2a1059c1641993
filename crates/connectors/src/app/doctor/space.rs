//! Free space where the data lies. A backup, a new key and an erasing write the file once more.

use std::path::Path;

use super::{broken, well};
use crate::view::DoctorLineView;

/// Less than this is worth a word, in bytes.
const LITTLE: u64 = 200 * 1024 * 1024;

/// Nothing where it cannot be known.
pub(super) fn look(data_dir: &Path) -> Option<DoctorLineView> {
    let there = data_dir.ancestors().find(|folder| folder.is_dir())?;
    Some(line(free_bytes(there)?))
}

fn line(free: u64) -> DoctorLineView {
    let found = format!("{} MB free", free / (1024 * 1024));
    if free < LITTLE {
        broken(
            "disk space",
            found,
            "free some space, at least 200 MB: every backup writes the data file once more",
        )
    } else {
        well("disk space", found)
    }
}

#[cfg(unix)]
fn free_bytes(folder: &Path) -> Option<u64> {
    let facts = rustix::fs::statvfs(folder).ok()?;
    Some(facts.f_bavail.saturating_mul(facts.f_frsize))
}

#[cfg(not(unix))]
fn free_bytes(_: &Path) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::{LITTLE, line};

    #[test]
    fn little_space_is_broken_and_enough_is_well() {
        assert_eq!(line(LITTLE).ok, Some(true), "just enough");
        let little = line(LITTLE - 1);
        assert_eq!(little.ok, Some(false), "too little: {little:?}");
        assert!(!little.fix.is_empty(), "with what to do");
    }
}
