//! Rules on single files. A rule looks at a path and a text and gives its findings; the table
//! at the end plants one bad and one good file for each.

use crate::tree::{SourceFile, sources};

/// Files over 500 lines that may stay so: (path, reason).
const LONG_FILES: &[(&str, &str)] = &[];

/// The lines that hold one of the needles, written as `path:line: needle`.
fn lines_with(path: &str, text: &str, skip_comments: bool, needles: &[&str]) -> Vec<String> {
    let mut findings = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if skip_comments && line.trim_start().starts_with("//") {
            continue;
        }
        for needle in needles.iter().filter(|needle| line.contains(**needle)) {
            findings.push(format!("{path}:{}: {needle}", index + 1));
        }
    }
    findings
}

/// Rust that ends up in a product: not the tests, not the testkit.
fn is_product_rust(path: &str) -> bool {
    has_extension(path, &["rs"])
        && !path.starts_with("crates/testkit/")
        && (path.starts_with("src-tauri/")
            || (path.starts_with("crates/") && path.contains("/src/")))
}

fn has_extension(path: &str, extensions: &[&str]) -> bool {
    path.rsplit_once('.')
        .is_some_and(|(_, found)| extensions.contains(&found))
}

fn is_generated(path: &str) -> bool {
    path.starts_with("ui/src/bindings/")
        || has_extension(path, &["lock"])
        || path.ends_with("package-lock.json")
}

/// Time enters through `clock.rs`, so that every test can hold it still.
fn clock(path: &str, text: &str) -> Vec<String> {
    let doors = [
        "crates/connectors/src/clock.rs",
        // A counting server says when requests came; no product reads it.
        "crates/practice-federation/src/clock.rs",
    ];
    if !is_product_rust(path) || doors.contains(&path) {
        return Vec::new();
    }
    lines_with(
        path,
        text,
        true,
        &[
            "SystemTime::now",
            "Instant::now",
            "Timestamp::now",
            "Zoned::now",
            "SystemTime::elapsed",
        ],
    )
}

/// Chance enters through `random.rs`, so that a test can make it fail.
fn randomness(path: &str, text: &str) -> Vec<String> {
    if !is_product_rust(path) || path == "crates/connectors/src/random.rs" {
        return Vec::new();
    }
    lines_with(
        path,
        text,
        true,
        &[
            "getrandom::",
            "use getrandom",
            "OsRng",
            "rand::",
            "Uuid::new_v",
            "Uuid::now_v",
        ],
    )
}

/// SQL and its library stay in `store/`, so that another database can take its place.
fn sql(path: &str, text: &str) -> Vec<String> {
    if !is_product_rust(path) || path.starts_with("crates/connectors/src/store/") {
        return Vec::new();
    }
    lines_with(
        path,
        text,
        true,
        &[
            "rusqlite",
            "SELECT ",
            "INSERT INTO",
            "DELETE FROM",
            "PRAGMA ",
            "CREATE TABLE",
        ],
    )
}

/// One file of the window talks to Rust, so that one file shows all that it can ask.
fn one_door_to_rust(path: &str, text: &str) -> Vec<String> {
    if !path.starts_with("ui/src/") || path == "ui/src/ipc.ts" {
        return Vec::new();
    }
    lines_with(path, text, false, &["@tauri-apps/", "__TAURI"])
}

/// A file is one concept; at 500 lines it has become several.
fn length(path: &str, text: &str) -> Vec<String> {
    let lines = text.lines().count();
    let excused = is_generated(path) || LONG_FILES.iter().any(|(long, _)| *long == path);
    if !has_extension(path, &["rs", "ts", "svelte"]) || excused || lines <= 500 {
        return Vec::new();
    }
    vec![format!("{path}: {lines} lines")]
}

/// Nothing is left for later in the code: it is an issue, or it is done.
fn marks(path: &str, text: &str) -> Vec<String> {
    if is_generated(path)
        || !has_extension(
            path,
            &[
                "rs", "ts", "js", "mjs", "svelte", "css", "sh", "sql", "toml", "md",
            ],
        )
    {
        return Vec::new();
    }
    // Put together here, so that this file does not find itself.
    let words = [
        ["TO", "DO"],
        ["FIX", "ME"],
        ["todo", "!("],
        ["unimple", "mented!("],
    ]
    .map(|halves| halves.concat());
    lines_with(path, text, false, &words.each_ref().map(String::as_str))
}

/// A test that is switched off says nothing and looks as if it did.
fn switched_off_tests(path: &str, text: &str) -> Vec<String> {
    let needles = [
        ["#[ign", "ore"],
        ["it.sk", "ip("],
        ["test.sk", "ip("],
        ["describe.sk", "ip("],
        [".on", "ly("],
        [".to", "do("],
    ]
    .map(|halves| halves.concat());
    if !has_extension(path, &["rs", "ts", "js", "mjs"]) {
        return Vec::new();
    }
    lines_with(path, text, false, &needles.each_ref().map(String::as_str))
}

/// Colours have names, in one file with a value for each theme; a literal misses three of four.
fn colours(path: &str, text: &str) -> Vec<String> {
    if !path.starts_with("ui/src/")
        || path == "ui/src/styles/tokens.css"
        || !has_extension(path, &["css", "svelte", "ts"])
    {
        return Vec::new();
    }
    let mut findings = lines_with(
        path,
        text,
        false,
        &["rgb(", "rgba(", "hsl(", "hsla(", "oklch("],
    );
    for (index, line) in text.lines().enumerate() {
        let hex = line.split('#').skip(1).any(|after| {
            let word: &str = after
                .split(|c: char| !c.is_alphanumeric() && c != '-' && c != '_')
                .next()
                .unwrap_or_default();
            matches!(word.len(), 3 | 4 | 6 | 8) && word.chars().all(|c| c.is_ascii_hexdigit())
        });
        if hex {
            findings.push(format!("{path}:{}: a colour in hex", index + 1));
        }
    }
    findings
}

/// The repository stands alone: no path of somebody's machine, no paper that only its authors have.
fn private_places(path: &str, text: &str) -> Vec<String> {
    let needles = [
        ["/wo", "rk/"],
        ["/ro", "ot/"],
        ["../sha", "red"],
        ["platform-", "facts"],
        ["security-", "bars"],
        ["federation-", "apis"],
        ["PROD", "UCT.md"],
        ["DES", "IGN.md"],
        ["STY", "LE.md"],
        ["VIS", "UAL.md"],
    ]
    .map(|halves| halves.concat());
    lines_with(path, text, false, &needles.each_ref().map(String::as_str))
}

type Rule = fn(&str, &str) -> Vec<String>;

fn assert_clean(rule: Rule, why: &str) {
    let findings: Vec<String> = sources()
        .iter()
        .flat_map(|SourceFile { path, text }| rule(path, text))
        .collect();
    assert!(findings.is_empty(), "{why}: {findings:#?}");
}

#[test]
fn only_clock_rs_reads_the_clock() {
    assert_clean(clock, "a hidden clock cannot be held still by a test");
}

#[test]
fn only_random_rs_draws_randomness() {
    assert_clean(
        randomness,
        "a second source of randomness is not covered by the failing-source tests",
    );
}

#[test]
fn sql_stays_in_the_store() {
    assert_clean(sql, "SQL outside store/ escapes the query plan tests");
}

#[test]
fn only_ipc_ts_imports_tauri() {
    assert_clean(one_door_to_rust, "ui/src/ipc.ts is the only door to Rust");
}

#[test]
fn files_stay_short() {
    assert_clean(
        length,
        "split the file, or add it to LONG_FILES with a reason",
    );
}

#[test]
fn nothing_is_left_for_later() {
    assert_clean(marks, "an unfinished place belongs in an issue");
}

#[test]
fn no_test_is_switched_off() {
    assert_clean(
        switched_off_tests,
        "a test that does not run must not be there",
    );
}

#[test]
fn colours_come_from_the_tokens() {
    assert_clean(colours, "a literal colour is wrong in three of four themes");
}

#[test]
fn the_repository_stands_alone() {
    assert_clean(
        private_places,
        "a reader has neither this machine nor these papers",
    );
}

#[test]
fn every_rule_can_fail() {
    let later = format!("// {}{}: later", "TO", "DO");
    let ignored = format!("#[ign{}]", "ore");
    let home = format!("see /wo{}x", "rk/");
    let long = "line\n".repeat(501);
    let fits = "line\n".repeat(500);
    // (rule, a path and a text that it must find, a path and a text that it must leave alone)
    let cases: &[(Rule, &str, &str, &str, &str)] = &[
        (
            clock,
            "crates/connectors/src/app.rs",
            "let t = Timestamp::now();",
            "crates/connectors/src/clock.rs",
            "Timestamp::now()",
        ),
        (
            clock,
            "src-tauri/main.rs",
            "std::time::Instant::now()",
            "src-tauri/main.rs",
            "// Instant::now is banned",
        ),
        (
            randomness,
            "crates/fedctl/src/main.rs",
            "getrandom::fill(&mut b)",
            "crates/connectors/src/random.rs",
            "getrandom::fill",
        ),
        (
            sql,
            "crates/connectors/src/app.rs",
            "use rusqlite::Row;",
            "crates/connectors/src/store/log.rs",
            "use rusqlite::Row;",
        ),
        (
            sql,
            "crates/fedctl/src/main.rs",
            "\"SELECT 1\"",
            "crates/connectors/tests/it/a.rs",
            "\"SELECT 1\"",
        ),
        (
            one_door_to_rust,
            "ui/src/views/a.svelte",
            "from \"@tauri-apps/api\"",
            "ui/src/ipc.ts",
            "from \"@tauri-apps/api\"",
        ),
        (length, "ui/src/main.ts", &long, "ui/src/main.ts", &fits),
        (
            length,
            "crates/fedctl/src/main.rs",
            &long,
            "ui/src/bindings/View.ts",
            &long,
        ),
        (marks, "scripts/a.sh", &later, "icons/a.svg", &later),
        (
            switched_off_tests,
            "crates/fedctl/tests/it/a.rs",
            &ignored,
            "crates/fedctl/tests/it/a.rs",
            "#[test]",
        ),
        (
            colours,
            "ui/src/a.svelte",
            "color: #1F5AD2;",
            "ui/src/styles/tokens.css",
            "--accent: #1F5AD2;",
        ),
        (
            colours,
            "ui/src/a.css",
            "border: 1px solid #fff",
            "ui/src/a.svelte",
            "{#each items as item}",
        ),
        (
            private_places,
            "README.md",
            &home,
            "README.md",
            "network/working",
        ),
    ];
    for (rule, bad_path, bad, good_path, good) in cases {
        assert!(
            !rule(bad_path, bad).is_empty(),
            "a rule that overlooks {bad:?} in {bad_path} holds nothing"
        );
        assert_eq!(
            rule(good_path, good),
            Vec::<String>::new(),
            "a rule that refuses {good_path} stands in the way"
        );
    }
}
