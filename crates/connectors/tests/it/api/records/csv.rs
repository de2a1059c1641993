//! CSV: delimiters, headers, and rows as people leave them.

use connectors::api::records::{RowFault, RowProblem};
use connectors::failure::Finding;
use connectors::settings::RecordFormat::Csv;
use serde_json::{Value, json};

use super::support::{in_pieces, read, read_with, reading};

#[test]
fn files_of_every_make_read_the_same() {
    let expected = [
        json!({"id": "1", "name": "Ní Bhriain, Aoife", "town": "Cork"}),
        json!({"id": "2", "name": "O \"Jack\" Neill", "town": ""}),
    ];
    for (case, body) in [
        (
            "commas",
            "id,name,town\n1,\"Ní Bhriain, Aoife\",Cork\n2,\"O \"\"Jack\"\" Neill\",\n",
        ),
        (
            "semicolons",
            "id;name;town\r\n1;Ní Bhriain, Aoife;Cork\r\n2;\"O \"\"Jack\"\" Neill\";",
        ),
        (
            "tabs",
            "id\tname\ttown\n1\tNí Bhriain, Aoife\tCork\n2\t\"O \"\"Jack\"\" Neill\"\t\n",
        ),
        (
            "bars",
            "id|name|town\n1|Ní Bhriain, Aoife|Cork\n2|\"O \"\"Jack\"\" Neill\"|\n",
        ),
        (
            "a mark",
            "\u{feff}id,name,town\n1,\"Ní Bhriain, Aoife\",Cork\n2,\"O \"\"Jack\"\" Neill\",\n",
        ),
        (
            "carriage returns",
            "id,name,town\r1,\"Ní Bhriain, Aoife\",Cork\r2,\"O \"\"Jack\"\" Neill\",\r",
        ),
        (
            "empty lines",
            "\n\nid,name,town\n\n1,\"Ní Bhriain, Aoife\",Cork\n ,,\n\r\n2,\"O \"\"Jack\"\" Neill\",\n,,\n",
        ),
        (
            "sep=",
            "sep=;\nid;name;town\n1;Ní Bhriain, Aoife;Cork\n2;\"O \"\"Jack\"\" Neill\";\n",
        ),
        (
            "blanks around",
            " id , name,town \n1,\"Ní Bhriain, Aoife\" ,Cork\n2,\"O \"\"Jack\"\" Neill\",\n",
        ),
        (
            "empty columns more",
            "id,name,town\n1,\"Ní Bhriain, Aoife\",Cork,,\n2,\"O \"\"Jack\"\" Neill\",,\n",
        ),
    ] {
        let (records, facts) = read(Csv, "", body).unwrap();
        assert_eq!(records, expected, "{case}");
        assert_eq!(facts.problems, [], "{case}: nothing to report");
    }
}

#[test]
fn the_delimiter_of_the_settings_wins() {
    let mut settings = reading(Csv, "");
    settings.records.delimiter = Some(";".to_owned());
    let (records, _) = read_with(&settings, None, b"a,b,c;d\n1,2,3;4\n").unwrap();
    assert_eq!(
        records,
        [json!({"a,b,c": "1,2,3", "d": "4"})],
        "not the sniffed one"
    );
    let (records, _) = read(Csv, "", "\"a;b;c\",d\n1,2\n").unwrap();
    assert_eq!(
        records,
        [json!({"a;b;c": "1", "d": "2"})],
        "quoted ones do not count"
    );
    let (records, _) = read(Csv, "", "name\nAoife\n").unwrap();
    assert_eq!(records, [json!({"name": "Aoife"})], "one column has none");
}

#[test]
fn headers_without_a_name_and_with_the_same() {
    let (records, facts) = read(Csv, "", "Phone,,Phone,Phone,\n1,2,3,4,5\n6,7,8,9\n").unwrap();
    assert_eq!(
        records,
        [
            json!({"Phone": "1", "column_2": "2", "Phone_2": "3", "Phone_3": "4", "column_5": "5"}),
            json!({"Phone": "6", "column_2": "7", "Phone_2": "8", "Phone_3": "9", "column_5": ""})
        ],
        "each column has a name of its own; an unnamed last one may be missing"
    );
    assert_eq!(facts.problems, [], "and that is no problem");
}

#[test]
fn broken_rows_are_reported_and_hurt_no_other() {
    let length = |line, fields| RowProblem {
        line,
        fault: RowFault::WrongLength {
            fields,
            expected: 3,
        },
    };
    let quoting = |line| RowProblem {
        line,
        fault: RowFault::BrokenQuoting,
    };
    for (case, body, ids, problems) in [
        (
            "too short",
            "a,b,c\n1,2,3\n4,5\n6,7,8\n",
            vec!["1", "6"],
            vec![length(3, 2)],
        ),
        (
            "too long",
            "a,b,c\n1,2,3,4\n5,6,7\n",
            vec!["5"],
            vec![length(2, 4)],
        ),
        (
            "a mark inside",
            "a,b,c\n1,\"Seán \"Jack\" Ó\",3\n4,5,6\n",
            vec!["1", "4"],
            vec![quoting(2)],
        ),
        (
            "a mark in plain text",
            "a,b,c\n1,5\" pipe,3\n4,5,6\n",
            vec!["1", "4"],
            vec![quoting(2)],
        ),
        (
            "never closed",
            "a,b,c\n1,\"Murphy,3\n4,\"x\",6\n7,8,9\n",
            vec!["1", "4", "7"],
            vec![quoting(2)],
        ),
        (
            "never closed, nothing quoted after",
            "a,b,c\n1,\"Murphy,3\n4,5,6\n7,8,9\n",
            vec!["1", "4", "7"],
            vec![quoting(2)],
        ),
        (
            "never closed in the last line",
            "a,b,c\n1,2,3\n4,5,\"6",
            vec!["1", "4"],
            vec![quoting(3)],
        ),
        (
            "a line break inside is none",
            "a,b,c\n1,\"one\ntwo, \"\"x\"\"\nthree\",3\n4,5\n",
            vec!["1"],
            vec![length(5, 2)],
        ),
        (
            "closed too early",
            "a,b,c\n1,\"x\", y\",3\n4,5,6\n",
            vec!["4"],
            vec![length(2, 4)],
        ),
    ] {
        let (records, facts) = read(Csv, "", body).unwrap();
        let found: Vec<&str> = records.iter().map(|r| r["a"].as_str().unwrap()).collect();
        assert_eq!(found, ids, "{case}: the rows that could be taken");
        assert_eq!(facts.problems, problems, "{case}: with their lines");
        let skipped = problems
            .iter()
            .filter(|p| p.fault != RowFault::BrokenQuoting)
            .count();
        assert_eq!(
            facts.skipped_rows,
            u64::try_from(skipped).unwrap(),
            "{case}: left out"
        );
    }
    let (records, _) = read(Csv, "", "a,b,c\n1,\"Seán \"Jack\" Ó\",\"two\r\nlines\"\n").unwrap();
    assert_eq!(
        records,
        [json!({"a": "1", "b": "Seán \"Jack\" Ó", "c": "two\nlines"})],
        "the mark is a character, the line break is one"
    );
}

#[test]
fn a_mark_that_is_never_closed_swallows_at_most_32_lines_and_gives_them_back() {
    let rows: Vec<String> = (0..100).map(|n| format!("{n},x\n")).collect();
    let body = format!("id,b\nbad,\"x\n{}", rows.concat());
    let (records, facts) = read(Csv, "", &body).unwrap();
    assert_eq!(records.len(), 101, "all of them");
    assert_eq!(facts.problem_rows, 1, "and one reported");
}

#[test]
fn problems_are_counted_beyond_those_that_are_kept() {
    let body = "a,b\n".to_owned() + &"1\n".repeat(1000);
    let (_, facts) = read(Csv, "", &body).unwrap();
    assert_eq!(facts.problems.len(), 100, "the first hundred");
    assert_eq!(facts.problem_rows, 1000, "of a thousand");
    assert_eq!(facts.skipped_rows, 1000, "all left out");
}

#[test]
fn what_is_no_table_is_said() {
    for (case, body, finding) in [
        ("nothing", "", Finding::NoListAtPath),
        ("blank", "\n \n", Finding::NoListAtPath),
        ("no names", ",,\n1,2,3\n", Finding::NoListAtPath),
        ("json", " {\"error\":\"no\"}", Finding::NotJson),
        ("a web page", "\n<html>", Finding::HtmlInsteadOfJson),
        ("a workbook", "PK\u{3}\u{4}\0\0", Finding::NotJson),
        (
            "a thousand columns and more",
            &"a,".repeat(1001),
            Finding::AnswerTooLarge,
        ),
    ] {
        assert_eq!(read(Csv, "", body), Err(finding), "{case}");
    }
    let (records, _) = read(Csv, "", "id,name\n").unwrap();
    assert_eq!(
        records,
        Vec::<Value>::new(),
        "a header alone is an empty list"
    );
}

#[test]
fn latin_1_reads_whatever_it_calls_itself() {
    for label in [
        None,
        Some("text/csv; charset=utf-8"),
        Some("text/csv; charset=ISO-8859-1"),
    ] {
        let (records, _) = read_with(&reading(Csv, ""), label, b"n,m\nSe\xe1n,\xc3\x93\n").unwrap();
        assert_eq!(records, [json!({"n": "Seán", "m": "Ó"})], "{label:?}");
    }
}

#[test]
fn an_independent_writer_is_understood() {
    let values = [
        "",
        "plain",
        "with, comma",
        "with \"marks\"",
        "two\nlines",
        "Ó",
        " blank ",
        "\"",
    ];
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["a", "b", "c"]).unwrap();
    let mut expected = Vec::new();
    for one in values {
        for two in values {
            writer.write_record(["x", one, two]).unwrap();
            expected.push(json!({"a": "x", "b": one, "c": two}));
        }
    }
    let body = writer.into_inner().unwrap();
    let (records, facts) = in_pieces(&reading(Csv, ""), None, &body, 5).unwrap();
    assert_eq!(records, expected, "as the csv crate writes it");
    assert_eq!(facts.problems, [], "without a problem");
}
