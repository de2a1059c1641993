//! Each transform as a table of cases: telephones, days, e-mail, words, postcodes, addresses.

use connectors::members::transform::words::Words;
use connectors::members::transform::{
    Reading, address, date, email, lookup, phone, postcode, trim,
};
use connectors::members::{
    Country, DateEvidence, DateOrder, Lookup, MemberGender, MemberStatus, Otherwise, WarningKind,
    Word,
};

/// What a reading says: the value, or the warning with what becomes of the value.
fn said(reading: Reading<'_>) -> String {
    match reading {
        Reading::Read(value) => value.into_owned(),
        Reading::Verbatim(kind) => format!("verbatim {kind:?}"),
        Reading::Refused(kind) => format!("refused {kind:?}"),
    }
}

#[test]
fn m02_telephones_become_e164_or_stay_with_a_warning() {
    const UNREADABLE: &str = "verbatim UnreadablePhone";
    let cases = [
        // Ireland
        ("IE", "087 123 4567", "+353871234567"),
        ("IE", "(087) 123-4567", "+353871234567"),
        ("IE", "087.123.4567", "+353871234567"),
        ("IE", "01 234 5678", "+35312345678"),
        ("IE", "+353 87 123 4567", "+353871234567"),
        ("IE", "353871234567", "+353871234567"),
        // A spreadsheet took the zero away.
        ("IE", "871234567", "+353871234567"),
        // 00 and (0)
        ("IE", "00353 87 123 4567", "+353871234567"),
        ("IE", "+353 (0)87 123 4567", "+353871234567"),
        ("IE", "00353 (0) 87 123 4567", "+353871234567"),
        ("IE", "+44 (0)28 9649 6123", "+442896496123"),
        ("IE", "00 44 7700 900123", "+447700900123"),
        // Northern Ireland, out of an Irish file and out of a British one
        ("IE", "028 9649 6123", "+442896496123"),
        ("IE", "07700 900123", "+447700900123"),
        ("IE", "048 9649 6123", "+3534896496123"),
        ("GB", "028 9649 6123", "+442896496123"),
        ("GB", "07700 900123", "+447700900123"),
        ("GB", "087 123 4567", "+353871234567"),
        // Kept for drama, so outside the plans, and still numbers
        ("IE", "084 123 4560", "+353841234560"),
        ("IE", "+353 20 911 1230", "+353209111230"),
        // Foreign
        ("IE", "+1 650 253 0000", "+16502530000"),
        ("IE", "+49 30 123456", "+4930123456"),
        ("US", "(650) 253-0000", "+16502530000"),
        // Signs of another kind
        ("IE", "087\u{a0}123\u{2013}4567", "+353871234567"),
        ("IE", "\u{202d}+353 87 123 4567\u{202c}", "+353871234567"),
        // No number, or more than one
        ("IE", "none", UNREADABLE),
        ("IE", "12", UNREADABLE),
        ("IE", "999", UNREADABLE),
        ("IE", "087-1234567 (mam)", UNREADABLE),
        ("IE", "087 123 4567 / 086 123 4567", UNREADABLE),
        ("IE", "087 123 4567/8", UNREADABLE),
        ("IE", "01 234 5678 ext 5", UNREADABLE),
        ("IE", "+999 123 4567", UNREADABLE),
        ("IE", "0000000000", UNREADABLE),
        ("IE", "", UNREADABLE),
    ];
    for (country, text, expected) in cases {
        let country = Country::of_word(country).unwrap();
        let found = said(phone::phone(text, country));
        assert_eq!(found, expected, "{text:?} in {country}");
    }
}

#[test]
fn m03_days_are_read_in_the_order_of_the_template() {
    use DateOrder::{Ask, DayFirst, MonthFirst};
    let cases = [
        // ISO, and timestamps
        (DayFirst, "2010-04-03", "2010-04-03"),
        (MonthFirst, "2010-04-03", "2010-04-03"),
        (Ask, "2010-4-3", "2010-04-03"),
        (Ask, "2010/04/03", "2010-04-03"),
        (Ask, "20100403", "2010-04-03"),
        (Ask, "2010-04-03T00:00:00Z", "2010-04-03"),
        (Ask, "2010-04-03T23:30:00.000+01:00", "2010-04-03"),
        (Ask, "2010-04-03 00:00:00", "2010-04-03"),
        // Day first
        (DayFirst, "03/04/2010", "2010-04-03"),
        (DayFirst, "3/4/2010", "2010-04-03"),
        (DayFirst, "03-04-2010", "2010-04-03"),
        (DayFirst, "03.04.2010", "2010-04-03"),
        (DayFirst, "03/04/2010 00:00", "2010-04-03"),
        (DayFirst, "29/02/2012", "2012-02-29"),
        // Month first
        (MonthFirst, "03/04/2010", "2010-03-04"),
        (MonthFirst, "12/25/2010 1:05:00 PM", "2010-12-25"),
        // Months in words
        (Ask, "3 April 2010", "2010-04-03"),
        (Ask, "3rd Apr 2010", "2010-04-03"),
        (Ask, "03-Sep-2010", "2010-09-03"),
        (Ask, "April 3, 2010", "2010-04-03"),
        // Days that do not exist
        (DayFirst, "31/02/2010", "refused ImpossibleDate"),
        (DayFirst, "29/02/2011", "refused ImpossibleDate"),
        (DayFirst, "2010-02-31", "refused ImpossibleDate"),
        (DayFirst, "12/25/2010", "refused ImpossibleDate"),
        (MonthFirst, "25/12/2010", "refused ImpossibleDate"),
        (Ask, "31/13/2010", "refused ImpossibleDate"),
        (DayFirst, "00/00/0000", "refused ImpossibleDate"),
        (DayFirst, "03/04/0210", "refused ImpossibleDate"),
        (DayFirst, "31 February 2010", "refused ImpossibleDate"),
        // Nobody has said the order
        (Ask, "03/04/2010", "refused AmbiguousDate"),
        (Ask, "3-4-2010", "refused AmbiguousDate"),
        (Ask, "04/04/2010", "2010-04-04"),
        (Ask, "25/12/2010", "2010-12-25"),
        (Ask, "12/25/2010", "2010-12-25"),
        (Ask, "03.04.2010", "2010-04-03"),
        // What a spreadsheet makes of dates
        (DayFirst, "03/04/10", "refused TwoDigitYear"),
        (DayFirst, "3-Apr-10", "refused TwoDigitYear"),
        (DayFirst, "40271", "refused UnreadableDate"),
        // Nothing of the kind
        (DayFirst, "unknown", "refused UnreadableDate"),
        (DayFirst, "2010", "refused UnreadableDate"),
        (DayFirst, "03/04-2010", "refused UnreadableDate"),
        (DayFirst, "2010-04-03-05", "refused UnreadableDate"),
        (DayFirst, "2010-04-03 (about)", "refused UnreadableDate"),
        (DayFirst, "é010-04-03", "refused UnreadableDate"),
    ];
    for (order, text, expected) in cases {
        assert_eq!(
            said(date::date(text, order)),
            expected,
            "{text:?} with {order:?}"
        );
    }
}

#[test]
fn m03_a_file_says_once_whether_its_dates_must_be_asked_about() {
    let of = |texts: &[&str]| {
        let mut evidence = DateEvidence::default();
        for text in texts {
            evidence.note(text);
        }
        (evidence.must_ask(), evidence.suggestion())
    };
    let day_first = Some(DateOrder::DayFirst);
    assert_eq!(
        of(&["2010-04-03", "04/04/2010", "03.04.2010"]),
        (false, None),
        "nothing can be both"
    );
    assert_eq!(
        of(&["03/04/2010"]),
        (true, None),
        "one date can be both, and nothing tells"
    );
    assert_eq!(
        of(&["03/04/2010", "25/12/2010"]),
        (true, day_first),
        "the other date tells"
    );
    assert_eq!(
        of(&["03/04/2010", "12/25/2010 00:00"]),
        (true, Some(DateOrder::MonthFirst)),
        "the other way round too"
    );
    assert_eq!(
        of(&["25/12/2010", "12/25/2010"]),
        (false, None),
        "two orders in one file are none"
    );
}

#[test]
fn numbers_of_seconds_are_days_before_1970_too() {
    let cases = [
        ("0", "1970-01-01"),
        ("-1", "1969-12-31"),
        ("1270252800000", "2010-04-03"),
        ("-315619200000", "1960-01-01"),
        ("9999999999999999", "refused ImpossibleDate"),
        ("2010-04-03", "refused UnreadableDate"),
    ];
    for (text, expected) in cases {
        assert_eq!(
            said(date::epoch_milliseconds(text)),
            expected,
            "{text} milliseconds"
        );
    }
    assert_eq!(
        said(date::epoch_seconds("1270252800")),
        "2010-04-03",
        "seconds are seconds"
    );
}

#[test]
fn m04_a_bad_address_is_a_warning_and_stays() {
    const BAD: &str = "verbatim BadEmail";
    let cases = [
        ("aoife@example.ie", "aoife@example.ie"),
        (
            "Aoife.OBrien+club@Example.IE",
            "Aoife.OBrien+club@example.ie",
        ),
        ("o'brien@example.ie", "o'brien@example.ie"),
        ("aoife@pósta.example.ie", "aoife@pósta.example.ie"),
        ("aoife", BAD),
        ("aoife@", BAD),
        ("@example.ie", BAD),
        ("aoife@example", BAD),
        ("aoife@example..ie", BAD),
        ("aoife@-example.ie", BAD),
        ("aoife@example.ie.", BAD),
        ("aoife@192.168.1.1", BAD),
        (".aoife@example.ie", BAD),
        ("ao..ife@example.ie", BAD),
        ("aoife @example.ie", BAD),
        ("aoife@example.ie; cian@example.ie", BAD),
        ("aoife@example.ie,cian@example.ie", BAD),
        ("Aoife <aoife@example.ie>", BAD),
    ];
    for (text, expected) in cases {
        assert_eq!(said(email::email(text)), expected, "{text:?}");
    }
}

#[test]
fn m06_lapsed_is_inactive_and_what_nobody_knows_stays() {
    let own = [
        ("Ehrenmitglied".to_owned(), MemberStatus::Active),
        ("paid".to_owned(), MemberStatus::Pending),
    ];
    let words = Words::new(own.iter().map(|(word, status)| (word, status)));
    let cases = [
        ("lapsed", "inactive"),
        ("LAPSED", "inactive"),
        ("Not-Renewed", "inactive"),
        ("ACTIVE", "active"),
        ("Registered", "active"),
        ("Pending Approval", "pending"),
        ("suspended", "suspended"),
        ("Resigned", "left"),
        ("EHRENMITGLIED", "active"),
        ("paid", "pending"),
        ("on loan", "verbatim UnknownWord"),
    ];
    for (text, expected) in cases {
        assert_eq!(said(words.read(text)), expected, "{text:?}");
    }
    for status in MemberStatus::ALL {
        assert_eq!(
            said(words.read(status.as_str())),
            status.as_str(),
            "our own words are known"
        );
        assert_eq!(
            MemberStatus::of_value(status.as_str()),
            Some(*status),
            "and read again"
        );
    }
    assert_eq!(
        MemberStatus::of_value("on loan"),
        None,
        "no other word is one of ours"
    );
}

#[test]
fn genders_are_a_closed_set() {
    let words = Words::<MemberGender>::new([]);
    let cases = [
        ("MALE", "male"),
        ("F", "female"),
        ("weiblich", "female"),
        ("männlich", "male"),
        ("Baineann", "female"),
        ("X", "other"),
        ("Non-binary", "other"),
        ("Prefer not to say", "unspecified"),
        ("7", "verbatim UnknownWord"),
    ];
    for (text, expected) in cases {
        assert_eq!(said(words.read(text)), expected, "{text:?}");
    }
}

#[test]
fn a_table_says_what_becomes_of_the_others() {
    let cases = [
        (Otherwise::Warn, "JUVENILE", "Youth"),
        (Otherwise::Warn, "senior", "verbatim NotInTable"),
        (Otherwise::Keep, "senior", "senior"),
        (Otherwise::Empty, "senior", ""),
    ];
    for (otherwise, text, expected) in cases {
        let lookup = Lookup {
            table: [("juvenile".to_owned(), "Youth".to_owned())].into(),
            otherwise,
        };
        let table = lookup::Table::new(&lookup);
        assert_eq!(
            said(table.read(text)),
            expected,
            "{text:?} with {otherwise:?}"
        );
    }
}

#[test]
fn space_goes_and_letters_stay() {
    let cases = [
        ("  Seán \t Ó\u{a0}Sé \r\n", "Seán Ó Sé"),
        ("Sea\u{301}n", "Seán"),
        ("\u{feff}Aoife\u{200b}", "Aoife"),
        ("a\u{0}b", "a b"),
        ("Aoife", "Aoife"),
        (" \u{200b} ", ""),
    ];
    for (text, expected) in cases {
        assert_eq!(trim::trim(text), expected, "{text:?}");
    }
}

#[test]
fn postcodes_are_told_by_their_form() {
    let cases = [
        ("v92x1y2", "V92 X1Y2"),
        ("D6W XK28", "D6W XK28"),
        ("d02 af30", "D02 AF30"),
        ("bt901aa", "BT90 1AA"),
        ("BT90  1AA", "BT90 1AA"),
        ("m1 1ae", "M1 1AE"),
        ("ec1a1bb", "EC1A 1BB"),
        ("8001", "8001"),
        ("B92 X1Y2", "B92 X1Y2"),
        ("Dublin 8", "Dublin 8"),
        ("", ""),
    ];
    for (text, expected) in cases {
        assert_eq!(postcode::postcode(text), expected, "{text:?}");
    }
}

#[test]
fn an_address_in_one_line_is_taken_apart() {
    // Line 1, line 2, town, county, postcode.
    let cases = [
        (
            "12 Main Street, Ballyduff, Co. Kerry, V92 X1Y2",
            ["12 Main Street", "", "Ballyduff", "Kerry", "V92 X1Y2"],
        ),
        (
            "12 Main Street\nBallyduff\nCo Kerry\nIreland",
            ["12 Main Street", "", "Ballyduff", "Kerry", ""],
        ),
        (
            "Apt 3, The Mills, Mill Lane, Naas, Kildare, w00f2k1",
            [
                "Apt 3",
                "The Mills, Mill Lane",
                "Naas",
                "Kildare",
                "W00 F2K1",
            ],
        ),
        (
            "5 Shore Road, Lurgan, County Armagh BT90 1AA",
            ["5 Shore Road", "", "Lurgan", "Armagh", "BT90 1AA"],
        ),
        (
            "5 Shore Road, Lurgan BT90 1AA, Northern Ireland",
            ["5 Shore Road", "", "Lurgan", "", "BT90 1AA"],
        ),
        (
            "5 Shore Road, Lurgan, BT90 1AA, Co. Armagh",
            ["5 Shore Road", "", "Lurgan", "Armagh", "BT90 1AA"],
        ),
        // A county's name alone is the town that it is named after.
        (
            "12 Main Street, Cork",
            ["12 Main Street", "", "Cork", "", ""],
        ),
        (
            "12 Main Street, Rathmines, Dublin 6",
            ["12 Main Street", "Rathmines", "Dublin 6", "", ""],
        ),
        (
            "Teach Mór, Contae na Gaillimhe",
            ["Teach Mór", "", "", "na Gaillimhe", ""],
        ),
        ("Ballyduff", ["Ballyduff", "", "", "", ""]),
        ("V92 X1Y2", ["", "", "", "", "V92 X1Y2"]),
        ("Ireland", ["Ireland", "", "", "", ""]),
        (" , ,", ["", "", "", "", ""]),
    ];
    for (text, expected) in cases {
        let parts = address::split(text);
        let found = [
            parts.line_1,
            parts.line_2,
            parts.town,
            parts.county,
            parts.postcode,
        ];
        assert_eq!(found, expected.map(str::to_owned), "{text:?}");
    }
}

#[test]
fn what_loses_a_value_is_told_apart() {
    for kind in [
        WarningKind::AmbiguousDate,
        WarningKind::ImpossibleDate,
        WarningKind::NotPlain,
    ] {
        assert!(
            kind.loses_value(),
            "{kind:?}: the federation has a value that is not kept"
        );
    }
    for kind in [
        WarningKind::BadEmail,
        WarningKind::UnreadablePhone,
        WarningKind::UnknownWord,
    ] {
        assert!(
            !kind.loses_value(),
            "{kind:?}: the value is kept as it came"
        );
    }
}
