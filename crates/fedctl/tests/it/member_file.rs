//! A file of members on the command line: Foireann's export, with the words and the numbers that scripts act on.

use serde_json::{Value, json};

use crate::support::{Home, Ran};

const HEADER: &str = "identifier,Forename,Surname,DOB,email,Mobile Number";

fn connected() -> Home {
    let home = Home::new();
    home.add("football");
    let template = [
        "connector",
        "edit",
        "football",
        "--set",
        "sync.template=foireann_members",
    ];
    home.run(&template).expect_code(0);
    let connect = [
        "org",
        "connect",
        "football",
        "--org",
        "ballyduff",
        "--name",
        "Ballyduff",
        "--federation-org",
        "1",
    ];
    home.run(&connect).expect_code(0);
    home
}

fn import(home: &Home, file: &str, more: &[&str]) -> Ran {
    let arguments = [
        &["--json", "import", "csv", file, "--org", "ballyduff"][..],
        more,
    ];
    home.run(&arguments.concat())
}

#[test]
fn m03_a_file_is_asked_about_once_then_planned_and_applied() {
    let home = connected();
    let file = home.file(
        "members.csv",
        format!(
            "{HEADER}\nF-1,Seán,Ó Sé,03/04/2011,,087 123 4567\nF-2,Mary,McCarthy,25/12/2010,,\n"
        ),
    );
    let asked = import(&home, &file, &[]).expect_code(2).error();
    assert!(
        asked.to_string().contains("date_order"),
        "it says what is missing: {asked}"
    );
    let plan = import(&home, &file, &["--date-order", "day-first"])
        .expect_code(0)
        .json();
    assert_eq!(plan["counts"]["creates"], json!(2), "{plan}");
    assert_eq!(plan["outcome"]["un_matched"], json!(2), "{plan}");
    let list = ["--json", "member", "list", "football", "--org", "ballyduff"];
    let members = home.run(&list).expect_code(0).json();
    assert_eq!(members, json!([]), "nothing is applied unasked");
    let done = import(&home, &file, &["--date-order", "day-first", "--apply"])
        .expect_code(0)
        .json();
    assert!(done["run_id"].is_string(), "{done}");
    let members = home.run(&list).expect_code(0).json();
    let born: Vec<&Value> = members
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["date_of_birth"])
        .collect();
    assert!(
        born.contains(&&json!("2011-04-03")),
        "as it was said: {members}"
    );
    let told = home
        .run(&[
            "import",
            "csv",
            &file,
            "--org",
            "ballyduff",
            "--date-order",
            "day-first",
        ])
        .expect_code(0);
    assert!(
        told.stdout.contains("Previously matched 2"),
        "in the secretary's words: {}",
        told.stdout
    );
}

#[test]
fn what_is_left_out_is_named_by_its_line_and_nothing_of_a_person_is_told() {
    let home = connected();
    let file = home.file(
        "members.csv",
        format!("{HEADER}\nF-1,Seán,Ó Sé,25/12/2010,,\nF-2,Secretname,too,short\nF-3,Nobody,,25/12/2010,,\n"),
    );
    let arguments = ["import", "csv", &file, "--org", "ballyduff"];
    let told = home.run(&arguments).expect_code(5);
    assert!(told.stderr.contains("line 3: left out"), "{}", told.all());
    assert!(
        told.stdout.contains("Skipped 2"),
        "both that cannot be used: {}",
        told.stdout
    );
    assert!(
        !told.all().contains("Secretname"),
        "no value: {}",
        told.all()
    );
}

#[test]
fn wrong_input_is_refused_with_its_code() {
    let home = connected();
    let page = home.file("page.csv", "<!doctype html><p>Sign in");
    import(&home, &page, &[]).expect_code(2);
    let bank = home.file("bank.csv", "Date,Amount\n2026-01-01,12\n");
    import(&home, &bank, &[]).expect_code(2);
    import(&home, "/nowhere/members.csv", &[]).expect_code(2);
    let good = home.file(
        "good.csv",
        format!("{HEADER}\nF-1,Seán,Ó Sé,25/12/2010,,\n"),
    );
    import(&home, &good, &["--template", "nosuch"]).expect_code(2);
    import(&home, &good, &["--connector", "nosuch"]).expect_code(8);
    home.run(&["--json", "import", "csv", &good, "--org", "nosuch"])
        .expect_code(8);
    let plan = home
        .run_with(
            &["--json", "import", "csv", "-", "--org", "ballyduff"],
            format!("{HEADER}\nF-1,Seán,Ó Sé,25/12/2010,,\n"),
        )
        .expect_code(0)
        .json();
    assert_eq!(plan["counts"]["creates"], json!(1), "from standard input");
}

#[test]
fn members_are_written_for_the_person_alone_and_over_nothing() {
    let home = connected();
    let file = home.file(
        "members.csv",
        format!("{HEADER}\nF-1,Seán,Ó Sé,25/12/2015,,087 123 4567\n"),
    );
    import(&home, &file, &["--apply"]).expect_code(0);
    let out = home.path().join("out.csv");
    let out = out.to_str().unwrap();
    let export = [
        "--json",
        "member",
        "export",
        "football",
        "--org",
        "ballyduff",
        "--out",
        out,
    ];
    let done = home.run(&export).expect_code(0).json();
    assert_eq!(
        (&done["contains"]["people"], &done["contains"]["children"]),
        (&json!(1), &json!(1)),
        "{done}"
    );
    let written = std::fs::read_to_string(out).unwrap();
    assert!(written.contains("Seán,Ó Sé"), "{written}");
    assert!(
        written.contains(",'+353871234567,"),
        "a number is no formula: {written}"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(out).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "nobody else may read it");
    }
    home.run(&export).expect_code(1);
    assert_eq!(
        std::fs::read_to_string(out).unwrap(),
        written,
        "what is there is not touched"
    );
    home.run(&[
        "member",
        "export",
        "football",
        "--org",
        "ballyduff",
        "--out",
        "/nowhere/x.csv",
    ])
    .expect_code(1);
    home.run(&[
        "member",
        "export",
        "football",
        "--org",
        "ballyduff",
        "--out",
        "x.csv",
        "--fields",
        "shoe",
    ])
    .expect_code(2);
}
