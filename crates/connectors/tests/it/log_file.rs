//! The log file: one a day, a week of them, private, and never a reason to fail.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use connectors::log_file::{DAY_LIMIT, LogFile, read};
use testkit::{MovableClock, START};

fn names(folder: &Path) -> Vec<String> {
    read(folder).into_iter().map(|(name, _)| name).collect()
}

#[test]
fn a_file_a_day_and_a_week_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(MovableClock::at(START));
    let mut log = LogFile::with_clock(folder.path(), Arc::clone(&clock) as _);
    std::fs::create_dir_all(folder.path().join("logs")).unwrap();
    std::fs::write(folder.path().join("logs/notes.txt"), "a person's own").unwrap();
    for day in 0..10 {
        writeln!(log, "day {day}").unwrap();
        clock.advance_days(1);
    }
    assert_eq!(
        names(folder.path()),
        [
            "2026-11-26.log",
            "2026-11-27.log",
            "2026-11-28.log",
            "2026-11-29.log",
            "2026-11-30.log",
            "2026-12-01.log",
            "2026-12-02.log"
        ],
        "the last seven days"
    );
    assert!(
        folder.path().join("logs/notes.txt").exists(),
        "what is not ours stays"
    );
    let (_, newest) = read(folder.path()).pop().unwrap();
    assert_eq!(newest, "day 9\n", "what was said that day");
    clock.advance_days(-1);
    let mut again = LogFile::with_clock(folder.path(), clock as _);
    writeln!(again, "another process").unwrap();
    let (_, newest) = read(folder.path()).pop().unwrap();
    assert_eq!(
        newest, "day 9\nanother process\n",
        "the end of the same file"
    );
}

#[test]
fn nothing_is_made_where_there_is_no_data_and_nothing_fails() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut log = LogFile::new(&data);
    writeln!(log, "too early").unwrap();
    assert!(!data.exists(), "a look at a computer leaves no trace");
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("logs"), "a file is in the way").unwrap();
    writeln!(log, "lost").unwrap();
    assert!(read(&data).is_empty(), "lost, and nothing else happened");
    std::fs::remove_file(data.join("logs")).unwrap();
    writeln!(log, "kept").unwrap();
    assert_eq!(read(&data)[0].1, "kept\n", "as soon as there is a place");
}

#[test]
fn a_day_has_an_end() {
    let folder = tempfile::tempdir().unwrap();
    let mut log = LogFile::new(folder.path());
    let line = "x".repeat(1024) + "\n";
    for _ in 0..5_000 {
        log.write_all(line.as_bytes()).unwrap();
    }
    let size = read(folder.path())[0].1.len() as u64;
    assert!(
        (DAY_LIMIT..DAY_LIMIT + 2_048).contains(&size),
        "what comes after is not kept: {size}"
    );
}

#[cfg(unix)]
#[test]
fn it_is_for_the_person_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    writeln!(LogFile::new(folder.path()), "one").unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let logs = folder.path().join("logs");
    assert_eq!(mode(&logs), 0o700, "the folder");
    let file = std::fs::read_dir(&logs).unwrap().next().unwrap().unwrap();
    assert_eq!(mode(&file.path()), 0o600, "the file");
}
