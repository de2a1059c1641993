//! `fedctl diagnostics`, the log file of what runs unseen, and preferences of notifications.

use std::io::Read;
use std::path::Path;

use crate::support::Home;

fn entries(path: &Path) -> Vec<(String, String)> {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut entry = archive.by_index(index).unwrap();
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            (entry.name().unwrap().into_owned(), text)
        })
        .collect()
}

#[test]
fn diagnostics_are_written_once_and_say_what_they_are() {
    let home = Home::new();
    home.add("football");
    let file = home.path().join("for-support.zip");
    let name = file.display().to_string();
    let made = home
        .run(&["--json", "diagnostics", &name])
        .expect_code(0)
        .json();
    assert_eq!(made["file"], name.as_str(), "where it is");
    let files = entries(&file);
    let listed: Vec<&str> = made["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(listed, names, "what it says is what is in it");
    assert_eq!(names[0], "README.txt", "the reader's file first");
    let all: String = files.iter().map(|(_, text)| text.as_str()).collect();
    assert!(all.contains("football"), "the connector is in it");
    assert!(
        !all.contains(&home.path().display().to_string()) && all.contains("~/data"),
        "the home folder is not named"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let permissions = std::fs::metadata(&file).unwrap().permissions().mode() & 0o777;
        assert_eq!(permissions, 0o600, "for the person alone");
    }

    let before = std::fs::read(&file).unwrap();
    let refused = home.run(&["diagnostics", &name]).expect_code(2);
    assert!(
        refused.stderr.contains("--force"),
        "with the way out: {}",
        refused.stderr
    );
    assert_eq!(
        std::fs::read(&file).unwrap(),
        before,
        "nothing is overwritten"
    );
    home.run(&["diagnostics", &name, "--force"]).expect_code(0);
    home.run(&["diagnostics", "-"]).expect_code(2);
}

#[test]
fn diagnostics_of_a_file_that_does_not_open_say_why() {
    let mut home = Home::new();
    home.with_passphrase = false;
    let file = home.path().join("locked.zip");
    let ran = home
        .run(&["diagnostics", &file.display().to_string()])
        .expect_code(0);
    assert!(
        ran.stdout.contains("versions.txt"),
        "what is in it: {}",
        ran.stdout
    );
    let files = entries(&file);
    let versions = files
        .iter()
        .find(|(name, _)| name == "versions.txt")
        .unwrap();
    assert!(
        versions.1.contains("locked"),
        "why it is so little: {}",
        versions.1
    );
    assert!(
        files.iter().all(|(name, _)| name != "states.csv"),
        "nothing out of the file"
    );
}

#[test]
fn what_runs_unseen_leaves_a_log_and_other_commands_do_not() {
    let home = Home::new();
    home.run(&["connector", "list"]).expect_code(0);
    assert!(
        !home.data_dir().join("logs").exists(),
        "a person reads the answer"
    );
    home.run(&["sync", "run-due"]).expect_code(0);
    let logs: Vec<_> = std::fs::read_dir(home.data_dir().join("logs"))
        .map(|all| all.flatten().collect())
        .unwrap_or_default();
    assert_eq!(logs.len(), 1, "a file of today");
    let text = std::fs::read_to_string(logs[0].path()).unwrap();
    assert!(
        text.contains("schedules were looked at"),
        "what was done: {text}"
    );
    let file = home.path().join("with-log.zip");
    home.run(&["diagnostics", &file.display().to_string()])
        .expect_code(0);
    assert!(
        entries(&file)
            .iter()
            .any(|(name, text)| name.starts_with("log/") && text.contains("schedules were")),
        "the log is in the diagnostics"
    );
}

#[test]
fn notifications_are_preferences() {
    let home = Home::empty();
    let shown = home
        .run(&["--json", "settings", "show"])
        .expect_code(0)
        .json();
    assert_eq!(shown["notifications"], true, "on at first");
    assert_eq!(shown["background"], false, "not asked for");
    home.run(&["settings", "set", "notifications=off"])
        .expect_code(0);
    home.run(&["settings", "set", "quiet_from=22:00"])
        .expect_code(0);
    home.run(&["settings", "set", "quiet_until=07:30"])
        .expect_code(0);
    home.run(&["settings", "set", "quiet_until=late"])
        .expect_code(2);
    home.run(&["settings", "set", "background=maybe"])
        .expect_code(2);
    home.run(&["settings", "set", "autostart=on"])
        .expect_code(2);
    let text = home.run(&["settings", "show"]).expect_code(0).stdout;
    assert!(text.contains("22:00 to 07:30"), "{text}");
    home.run(&["settings", "set", "quiet_from=none"])
        .expect_code(0);
    let shown = home
        .run(&["--json", "settings", "show"])
        .expect_code(0)
        .json();
    assert_eq!(shown["quiet_from"], serde_json::Value::Null, "taken back");
    assert_eq!(shown["notifications"], false, "and kept");
}
