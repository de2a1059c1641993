//! The rules of lists: what each style needs, how records are written, what answers mean.

use connectors::error::FieldRule::{
    self, NotForKind, OutOfRange, Pattern, Required, TooLong, Unknown,
};
use connectors::settings::{
    ConnectorSettings, ErrorMeaning, ErrorRule, NameValueSettings, PagingStyle, RecordFormat,
};
use connectors::validate::check;

use super::{broken, good};

/// A list of this style with all that it needs.
fn list(style: PagingStyle) -> ConnectorSettings {
    let mut settings = good();
    settings.paging.style = style;
    settings.paging.page_param = Some("page".into());
    settings.paging.next = Some("meta.next".into());
    settings.paging.keys = [("last-id".to_owned(), "id".to_owned())].into();
    settings
}

fn found(
    style: PagingStyle,
    change: impl FnOnce(&mut ConnectorSettings),
) -> Vec<(String, FieldRule)> {
    let mut settings = list(style);
    change(&mut settings);
    let found = check(&settings).into_iter();
    found.map(|found| (found.field, found.rule)).collect()
}

const STYLES: [PagingStyle; 7] = [
    PagingStyle::Page,
    PagingStyle::Offset,
    PagingStyle::Cursor,
    PagingStyle::LinkBody,
    PagingStyle::LinkHeader,
    PagingStyle::Keyset,
    PagingStyle::None,
];

/// Takes one setting away, or breaks it; the field that is named.
type Case = (
    &'static str,
    fn(&mut ConnectorSettings),
    &'static str,
    FieldRule,
    &'static [PagingStyle],
);

#[test]
fn each_style_needs_its_own_settings_and_no_others() {
    use PagingStyle::{Cursor, Keyset, LinkBody, Offset, Page};
    let cases: [Case; 7] = [
        (
            "no parameter",
            |s| s.paging.page_param = None,
            "paging.page_param",
            Required,
            &[Page, Offset, Cursor],
        ),
        (
            "an empty one",
            |s| s.paging.page_param = Some(" ".into()),
            "paging.page_param",
            Required,
            &[Page, Offset, Cursor],
        ),
        (
            "no next",
            |s| s.paging.next = None,
            "paging.next",
            Required,
            &[Cursor, LinkBody],
        ),
        (
            "an empty next",
            |s| s.paging.next = Some(String::new()),
            "paging.next",
            Required,
            &[Cursor, LinkBody],
        ),
        (
            "no keys",
            |s| s.paging.keys.clear(),
            "paging.keys",
            Required,
            &[Keyset],
        ),
        (
            "a file has no cursor",
            |s| s.records.format = RecordFormat::Csv,
            "paging.style",
            NotForKind,
            &[Cursor, LinkBody],
        ),
        (
            "a page in the address",
            |s| s.endpoints.membership_list = "/m/{page}".into(),
            "endpoints.membership_list",
            Unknown,
            &[
                Cursor,
                LinkBody,
                PagingStyle::LinkHeader,
                Keyset,
                PagingStyle::None,
            ],
        ),
    ];
    for (case, change, field, rule, styles) in cases {
        for style in STYLES {
            let expected = if styles.contains(&style) {
                vec![(field.to_owned(), rule)]
            } else {
                Vec::new()
            };
            assert_eq!(found(style, change), expected, "{case}, {style:?}");
        }
    }
    for style in STYLES {
        assert_eq!(found(style, |_| ()), [], "{style:?} with all of it");
    }
}

#[test]
fn numbers_in_the_address_need_no_parameter() {
    let in_path = |s: &mut ConnectorSettings| {
        s.endpoints.membership_list = "/run/7/{page}/{size}/".into();
        s.paging.page_param = None;
    };
    assert_eq!(
        found(PagingStyle::Page, in_path),
        [("paging.size".to_owned(), Required)],
        "but a size to put in"
    );
    let with_size = |s: &mut ConnectorSettings| {
        in_path(s);
        s.paging.size = Some(999);
    };
    assert_eq!(found(PagingStyle::Page, with_size), [], "then it is whole");
    assert_eq!(
        found(PagingStyle::Page, |s| s.endpoints.member_detail =
            Some("/m/{page}".into())),
        [("endpoints.member_detail".to_owned(), Unknown)],
        "one member has no pages"
    );
}

#[test]
fn paths_headers_and_numbers_of_paging() {
    let long = "x".repeat(2049);
    for (field, rule, settings) in [
        (
            "paging.total_header",
            Pattern,
            broken(|s| s.paging.total_header = Some("X Total".into())),
        ),
        (
            "paging.total_pages_header",
            Pattern,
            broken(|s| s.paging.total_pages_header = Some(String::new())),
        ),
        (
            "paging.total",
            TooLong,
            broken(|s| s.paging.total = Some(long.clone())),
        ),
        (
            "paging.more",
            FieldRule::ControlCharacter,
            broken(|s| s.paging.more = Some("a\nb".into())),
        ),
        (
            "paging.total_pages",
            TooLong,
            broken(|s| s.paging.total_pages = Some(long.clone())),
        ),
        (
            "paging.size",
            OutOfRange,
            broken(|s| s.paging.size = Some(10_001)),
        ),
        (
            "paging.start",
            OutOfRange,
            broken(|s| s.paging.start = Some(2)),
        ),
        (
            "paging.keys.since",
            Required,
            found(PagingStyle::Keyset, |s| {
                s.paging.keys.insert("since".into(), String::new());
            }),
        ),
        (
            "paging.keys",
            Required,
            found(PagingStyle::Keyset, |s| {
                s.paging.keys.insert(String::new(), "id".into());
            }),
        ),
    ] {
        assert_eq!(settings, [(field.to_owned(), rule)], "{field}");
    }
    assert_eq!(
        broken(|s| {
            s.paging.total_header = Some("X-Pagination-Total-Count".into());
            s.paging.total_pages_header = Some("x-pages".into());
        }),
        [],
        "names of headers"
    );
}

#[test]
fn a_delimiter_is_one_character_of_a_file() {
    for (delimiter, good) in [
        (";", true),
        (",", true),
        ("\t", true),
        ("|", true),
        ("", false),
        (";;", false),
        ("\"", false),
        ("a", false),
        ("7", false),
        (" ", false),
        ("\n", false),
        ("\0", false),
        ("é", false),
    ] {
        let found = broken(|s| {
            s.records.format = RecordFormat::Csv;
            s.records.delimiter = Some(delimiter.into());
        });
        let expected = if good {
            Vec::new()
        } else {
            vec![("records.delimiter".to_owned(), Pattern)]
        };
        assert_eq!(found, expected, "{delimiter:?}");
    }
    assert_eq!(
        broken(|s| s.records.delimiter = Some(";".into())),
        [("records.delimiter".to_owned(), NotForKind)],
        "JSON has none"
    );
}

#[test]
fn names_and_values_are_named_in_full() {
    let found = broken(|s| {
        s.records.name_values = vec![
            NameValueSettings {
                path: "FieldValues".into(),
                name: "FieldName".into(),
                value: "Value".into(),
            },
            NameValueSettings::default(),
        ];
    });
    assert_eq!(
        found,
        [
            ("records.name_values.1.path".to_owned(), Required),
            ("records.name_values.1.name".to_owned(), Required),
            ("records.name_values.1.value".to_owned(), Required)
        ],
        "the second one is empty"
    );
}

#[test]
fn a_rule_says_which_answers_it_is_about() {
    let rule = |status, path: Option<&str>, value: Option<&str>| ErrorRule {
        status,
        path: path.map(str::to_owned),
        value: value.map(str::to_owned),
        means: ErrorMeaning::Unauthorised,
    };
    for (case, rule, expected) in [
        ("a status", rule(Some(418), None, None), None),
        ("a path", rule(None, Some("errors.0"), None), None),
        (
            "all three",
            rule(Some(200), Some("code"), Some("1018")),
            None,
        ),
        ("an empty value", rule(None, Some("code"), Some("")), None),
        (
            "nothing",
            rule(None, None, None),
            Some(("errors.0", Required)),
        ),
        (
            "no status of an answer",
            rule(Some(99), None, None),
            Some(("errors.0.status", OutOfRange)),
        ),
        (
            "an empty path",
            rule(Some(400), Some(""), None),
            Some(("errors.0.path", Required)),
        ),
        (
            "a value of nothing",
            rule(Some(400), None, Some("7")),
            Some(("errors.0.path", Required)),
        ),
    ] {
        let found = broken(|s| s.errors = vec![rule]);
        let expected: Vec<_> = expected
            .map(|(field, rule)| (field.to_owned(), rule))
            .into_iter()
            .collect();
        assert_eq!(found, expected, "{case}");
    }
}
