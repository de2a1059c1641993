//! Help, manual pages and completions say what there is, exit codes included.

use crate::support::Home;

const NOUNS: [&str; 28] = [
    "health",
    "errors",
    "clear-errors",
    "diagnostics",
    "check",
    "audit",
    "import",
    "init",
    "status",
    "doctor",
    "demo",
    "practice",
    "catalogue",
    "connector",
    "credentials",
    "login",
    "logout",
    "org",
    "sync",
    "schedule",
    "member",
    "request",
    "template",
    "key",
    "db",
    "settings",
    "completions",
    "man",
];
const VERBS: [&str; 12] = [
    "list", "show", "add", "edit", "status", "remove", "restore", "purge", "clone", "test",
    "export", "import",
];

#[test]
fn help_names_every_command_and_the_exit_codes() {
    let home = Home::empty();
    let help = home.run(&["--help"]).expect_code(0).stdout;
    for noun in NOUNS {
        assert!(help.contains(noun), "{noun} is in the help");
    }
    for part in [
        "Exit codes:",
        "75  try again later",
        "8  not found",
        "7  locked",
        "--json",
    ] {
        assert!(help.contains(part), "{part} is in the help");
    }
    let connector = home.run(&["connector", "--help"]).expect_code(0).stdout;
    for verb in VERBS {
        assert!(
            connector.contains(&format!("  {verb} ")),
            "{verb} is in {connector}"
        );
    }
    for noun in NOUNS {
        let own = home.run(&[noun, "--help"]).expect_code(0).stdout;
        assert!(
            own.contains("Usage: fedctl"),
            "{noun} has a help of its own"
        );
    }
}

#[test]
fn completions_know_every_command() {
    let home = Home::empty();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = home.run(&["completions", shell]).expect_code(0).stdout;
        for noun in NOUNS.iter().chain(&VERBS) {
            assert!(script.contains(noun), "{noun} is completed in {shell}");
        }
    }
    home.run(&["completions", "cmd"]).expect_code(2);
}

#[test]
fn there_is_a_manual_page_for_every_command() {
    let home = Home::empty();
    let page = home.run(&["man"]).expect_code(0).stdout;
    assert!(page.contains(".TH fedctl 1"), "a page for man(1): {page}");
    for noun in NOUNS {
        // A page escapes what could be a minus.
        let name = noun.replace('-', "\\-");
        assert!(
            page.contains(&format!("fedctl\\-{name}(1)")),
            "{noun} is in the page"
        );
    }
    assert!(page.contains("Exit codes"), "and the exit codes");
    let folder = home.path().join("pages");
    let written = home
        .run(&["--json", "man", "--out", &folder.display().to_string()])
        .expect_code(0)
        .json();
    assert!(
        written.as_array().expect("a list").len() > 30,
        "a page a command"
    );
    for file in [
        "fedctl.1",
        "fedctl-connector.1",
        "fedctl-connector-add.1",
        "fedctl-db-check.1",
        "fedctl-login.1",
    ] {
        let page = std::fs::read_to_string(folder.join(file)).expect(file);
        assert!(page.len() > 300, "{file} says something");
        let name = file.trim_end_matches(".1").replace('-', "\\-");
        assert!(page.contains(&name), "{file} carries its own name");
    }
}
