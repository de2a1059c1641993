//! Wrong input gets a sentence and a number, never a panic, and changes nothing.

use connectors::vault::sidecar::Sidecar;

use crate::support::{Home, finished};

const BASE: &str = "endpoints.base=https://api.example.org";

#[test]
fn wrong_settings_get_a_sentence() {
    let home = Home::new();
    let add = |more: &[&'static str]| {
        let mut all = vec!["connector", "add"];
        all.extend(more);
        all
    };
    let cases: Vec<(Vec<&str>, &str)> = vec![
        (
            add(&[
                "ok_code",
                "--preset",
                "generic_rest_key",
                "--name",
                "",
                "--set",
                BASE,
            ]),
            "name:",
        ),
        (
            add(&[
                "GAA Foireann!",
                "--preset",
                "generic_rest_key",
                "--set",
                BASE,
            ]),
            "code:",
        ),
        (
            add(&["", "--preset", "generic_rest_key", "--set", BASE]),
            "code:",
        ),
        (
            add(&[
                "x1",
                "--preset",
                "generic_rest_key",
                "--set",
                "endpoints.base=ftp://a.example",
            ]),
            "https://",
        ),
        (
            add(&[
                "x1",
                "--preset",
                "generic_rest_key",
                "--set",
                "endpoints.base=https://u:p@a.example",
            ]),
            "user name or password",
        ),
        (
            add(&[
                "x1",
                "--preset",
                "generic_rest_key",
                "--set",
                "auth.kind=magic",
            ]),
            "auth.kind",
        ),
        (
            add(&[
                "x1",
                "--preset",
                "generic_rest_key",
                "--set",
                "paging.size=many",
            ]),
            "paging.size",
        ),
        (
            add(&[
                "x1",
                "--preset",
                "generic_rest_key",
                "--set",
                BASE,
                "--set",
                "code=y1",
            ]),
            "code",
        ),
    ];
    expect_sentences(&home, cases);
}

#[test]
fn wrong_files_get_a_sentence() {
    let home = Home::new();
    let long = "n".repeat(1_000_000);
    let long_file = home.file("long.toml", format!("code = \"x1\"\nname = \"{long}\"\n"));
    let nul = home.file("nul.toml", b"code = \"x1\"\nname = \"a\0b\"\n");
    let kind = home.file(
        "kind.toml",
        "code = \"x1\"\nname = \"n\"\n[auth]\nkind = \"magic\"\n",
    );
    let key = home.file("key.toml", "code = \"x1\"\nnmae = \"n\"\n");
    let bytes = home.file("bytes.toml", [0xff, 0xfe, 0x41]);
    let folder = home.path().display().to_string();
    let cases: Vec<(Vec<&str>, &str)> = vec![
        (
            vec![
                "connector",
                "add",
                "x1",
                "--from",
                &long_file,
                "--set",
                BASE,
            ],
            "name:",
        ),
        (vec!["connector", "import", &long_file], "name:"),
        (vec!["connector", "import", &nul], "line 2"),
        (vec!["connector", "import", &kind], "line 4"),
        (vec!["connector", "import", &key], "line 2"),
        (vec!["connector", "import", &bytes], "UTF-8"),
        (vec!["connector", "import", &folder], "cannot read"),
    ];
    expect_sentences(&home, cases);
}

fn expect_sentences(home: &Home, cases: Vec<(Vec<&str>, &str)>) {
    for (arguments, expected) in cases {
        let ran = home.run(&arguments).expect_code(2);
        assert!(
            ran.stderr.contains(expected),
            "{expected} is in {:.300}",
            ran.stderr
        );
        assert!(ran.stderr.len() < 2_000, "a megabyte is not given back");
    }
    let none = home
        .run(&["--json", "connector", "list"])
        .expect_code(0)
        .json();
    assert_eq!(none, serde_json::json!([]), "nothing was stored");
}

#[test]
fn a_mistake_is_not_quoted_where_a_key_may_have_been_pasted() {
    let home = Home::new();
    let file = home.file("pasted.toml", "code = \"x1\"\nname = sk_live_CANARY\n");
    let ran = home.run(&["connector", "import", &file]).expect_code(2);
    assert!(
        ran.stderr.contains("line 2"),
        "the place is named: {}",
        ran.stderr
    );
    assert!(
        !ran.stderr.contains("CANARY"),
        "what stands there is not: {}",
        ran.stderr
    );
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let home = Home::empty();
    let file = home.file("a_file", "not a folder");
    let folder = format!("{file}/data");
    let ran = home
        .run(&["--data-dir", &folder, "--json", "init"])
        .expect_code(1);
    let code = ran.error()["code"].clone();
    assert!(
        code.as_str()
            .is_some_and(|code| code.starts_with("storage_")),
        "{code}"
    );
    let text = home
        .run(&["--data-dir", &folder, "init"])
        .expect_code(1)
        .stderr;
    assert!(
        text.contains("a_file") && text.contains("because:"),
        "where and why: {text}"
    );
}

#[test]
fn a_text_file_as_database_is_refused_and_untouched() {
    let home = Home::new();
    let file = home.data_dir().join("connectors.db");
    let text = "This is a shopping list, not a database.\n".repeat(200);
    std::fs::write(&file, &text).unwrap();
    let ran = home.run(&["--json", "connector", "list"]).expect_code(1);
    assert_eq!(ran.error()["code"], "damaged", "a script can tell");
    let status = home.run(&["--json", "status"]).expect_code(1).json();
    assert_eq!(status["state"], "refused", "the status says so too");
    assert_eq!(
        std::fs::read_to_string(&file).unwrap(),
        text,
        "not a byte was changed"
    );
}

#[test]
fn a_file_of_a_newer_version_is_refused_and_untouched() {
    let home = Home::new();
    let path = home.data_dir().join("connectors.keys.json");
    let mut sidecar = Sidecar::read(&path).unwrap().expect("init made it");
    sidecar.set_schema_version(9_999);
    sidecar.write(&path).unwrap();
    let before = std::fs::read(home.data_dir().join("connectors.db")).unwrap();
    let ran = home.run(&["--json", "connector", "list"]).expect_code(1);
    assert_eq!(ran.error()["code"], "newer_schema", "a script can tell");
    let message = ran.error()["message"].as_str().unwrap().to_owned();
    assert!(
        message.contains("update"),
        "and people know what to do: {message}"
    );
    let after = std::fs::read(home.data_dir().join("connectors.db")).unwrap();
    assert_eq!(before, after, "not a byte was changed");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_gets_a_sentence_and_loses_nothing() {
    use testkit::disk_fault::{Call, DiskFault, Effect, Fault};

    let home = Home::new();
    home.add("before");
    let disk = DiskFault::build(&home.path().join("fault")).expect("cc builds the fault");
    let log = home.path().join("fault.log");
    let full = Fault {
        call: Call::Write,
        at: 1,
        effect: Effect::NoSpace,
        lasting: true,
    };
    for (folder, arguments) in [
        ("data", &["--json", "connector", "remove", "before"][..]),
        ("new", &["--json", "--data-dir", "new", "init"]),
    ] {
        let mut command = home.command(arguments);
        command.current_dir(home.path());
        let needle = format!("{folder}/connectors");
        disk.arm(&mut command, &needle, full, &log).unwrap();
        let ran = finished(arguments, command.output().unwrap()).expect_code(1);
        assert!(DiskFault::fired(&log).unwrap(), "the disk really was full");
        assert_eq!(ran.error()["code"], "storage_full", "a script can tell");
        assert!(ran.error()["message"].is_string(), "with a sentence");
    }
    let list = home.run(&["--json", "connector", "list"]).expect_code(0);
    assert_eq!(
        list.json()[0]["code"],
        "before",
        "what was not said to be done is not done"
    );
    home.run(&["db", "check"]).expect_code(0);
    home.run(&[
        "--data-dir",
        &home.path().join("new").display().to_string(),
        "init",
    ])
    .expect_code(0);
}
