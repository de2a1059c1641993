//! XML: elements as values, paths, character sets however they are labelled.

use connectors::failure::Finding;
use connectors::settings::RecordFormat::Xml;
use serde_json::{Value, json};

use super::support::{read, read_with, reading};

#[test]
fn elements_become_values() {
    let body = r#"<?xml version="1.0"?>
        <!-- people --><PersonList xmlns="http://example.org" xmlns:x="urn:x">
          <Person id="1" x:sex="F">
            <PersonName><Family sequence="1">Ní &amp; Bhriain &#x26;&lt;</Family><Given sequence="1">Aoife</Given></PersonName>
            <BirthDate><Date>2010-05-01</Date></BirthDate>
            <Tele>1</Tele><Tele type="home">2</Tele><Tele>3</Tele>
            <Empty/><Note><![CDATA[<b> & ]]></Note><x:Prefixed>p</x:Prefixed>
          </Person>
          <Other/><Person>text only</Person><Person/>
        </PersonList>"#;
    let (records, facts) = read(Xml, "PersonList.Person", body).unwrap();
    assert_eq!(
        records,
        [
            json!({
                "@id": "1", "@sex": "F",
                "PersonName": {
                    "Family": {"@sequence": "1", "#text": "Ní & Bhriain &<"},
                    "Given": {"@sequence": "1", "#text": "Aoife"}
                },
                "BirthDate": {"Date": "2010-05-01"},
                "Tele": ["1", {"@type": "home", "#text": "2"}, "3"],
                "Empty": "", "Note": "<b> &", "Prefixed": "p"
            }),
            json!({"#text": "text only"}),
            json!({})
        ],
        "attributes, repeated children, text, CDATA, references"
    );
    assert_eq!(facts.not_records, 0, "each element is a record");
}

#[test]
fn lists_are_found_by_the_names_from_the_root_down() {
    let two = "<r><page total='9'><a>1</a></page><list><m>1</m><n><m>x</m></n><m>2</m></list></r>";
    for (list, body, expected) in [
        ("r.list.m", two, Ok(2)),
        ("r.list.n", two, Ok(1)),
        ("r.list.z", two, Ok(0)),
        ("r.nowhere.m", two, Err(Finding::NoListAtPath)),
        ("list.m", two, Err(Finding::NoListAtPath)),
        ("", two, Ok(2)),
        ("r", two, Ok(1)),
        ("PersonList.Person", "<PersonList/>", Ok(0)),
        (
            "PersonList.Person",
            "<Error><Code>1</Code></Error>",
            Err(Finding::NoListAtPath),
        ),
    ] {
        let found = read(Xml, list, body).map(|(records, _)| records.len());
        assert_eq!(found, expected, "{list:?} in {body}");
    }
}

#[test]
fn facts_are_elements_and_attributes() {
    let mut settings = reading(Xml, "r.m");
    settings.paging.total = Some("r.@total".to_owned());
    settings.paging.total_pages = Some("r.paging.@pages".to_owned());
    settings.paging.more = Some("r.paging.more".to_owned());
    settings.paging.next = Some("r.next".to_owned());
    let body = "<r total='7'><m>1</m><paging pages='2'><more>true</more></paging><next>/a?b=1&amp;c=2</next></r>";
    let (_, facts) = read_with(&settings, None, body.as_bytes()).unwrap();
    assert_eq!(facts.total, Some(7), "an attribute of the root");
    assert_eq!(facts.total_pages, Some(2), "an attribute further down");
    assert_eq!(facts.more, Some(true), "an element");
    assert_eq!(
        facts.next.as_deref(),
        Some("/a?b=1&c=2"),
        "with its references resolved"
    );
}

#[test]
fn every_label_of_a_character_set_reads_the_same_name() {
    let utf8 = "<r><n>Seán Ó Brádaigh – €</n></r>".as_bytes().to_vec();
    let latin: Vec<u8> = b"<r><n>Se\xe1n \xd3 Br\xe1daigh \x96 \x80</n></r>".to_vec();
    let with = |declaration: &str, body: &[u8]| [declaration.as_bytes(), body].concat();
    let utf16: Vec<u8> = std::iter::once(0xfeff)
        .chain(String::from_utf8(utf8.clone()).unwrap().encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let said_latin = "<?xml version='1.0' encoding='ISO-8859-1'?>";
    let said_utf8 = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    for (case, content_type, body) in [
        ("no label, UTF-8", None, utf8.clone()),
        ("no label, Latin-1", None, latin.clone()),
        ("a mark", None, with("\u{feff}", &utf8)),
        ("declared", None, with(said_latin, &latin)),
        ("declared Latin-1, is UTF-8", None, with(said_latin, &utf8)),
        ("declared UTF-8, is Latin-1", None, with(said_utf8, &latin)),
        (
            "by the content type",
            Some("text/xml; charset=\"iso-8859-1\""),
            latin.clone(),
        ),
        (
            "the content type lies",
            Some("text/xml;charset=utf-8"),
            with(said_latin, &latin),
        ),
        ("UTF-16 with its mark", None, utf16),
        (
            "a label that nobody knows",
            Some("text/xml; charset=x-none"),
            utf8.clone(),
        ),
        (
            "a label that cannot be",
            None,
            with("<?xml version='1.0' encoding='UTF-16'?>", &utf8),
        ),
    ] {
        let (records, _) = read_with(&reading(Xml, ""), content_type, &body).unwrap();
        assert_eq!(records, [json!({"#text": "Seán Ó Brádaigh – €"})], "{case}");
    }
    let turkish = with(
        "<?xml version='1.0' encoding='iso-8859-9'?>",
        b"<r><n>\xde\xfe</n></r>",
    );
    let (records, _) = read_with(&reading(Xml, ""), None, &turkish).unwrap();
    assert_eq!(
        records,
        [json!({"#text": "Şş"})],
        "another set by its declaration"
    );
    let broken = with(
        "<?xml version='1.0' encoding='Shift_JIS'?>",
        b"<r><n>\xff\xff</n></r>",
    );
    assert_eq!(
        read_with(&reading(Xml, ""), None, &broken),
        Err(Finding::NotJson),
        "a byte that is not of the set is no question mark in a name"
    );
}

#[test]
fn what_is_no_document_is_said() {
    let laughs = "<!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]><l><m>&b;</m></l>";
    let deep = "<r>".repeat(200) + &"</r>".repeat(200);
    for (case, body, finding) in [
        ("nothing", "", Finding::NotJson),
        ("a text", "hello", Finding::NotJson),
        ("half", "<r><m>1</m>", Finding::NotJson),
        ("crossed", "<r><m>1</r></m>", Finding::NotJson),
        ("two roots", "<r/><r/>", Finding::NotJson),
        ("text after it", "<r/>x", Finding::NotJson),
        ("an entity", "<r><m>&eacute;</m></r>", Finding::NotJson),
        (
            "an entity in an attribute",
            "<r><m a='&x;'/></r>",
            Finding::NotJson,
        ),
        (
            "the same attribute twice",
            "<r><m a='1' a='2'/></r>",
            Finding::NotJson,
        ),
        ("billion laughs", laughs, Finding::NotJson),
        (
            "a document type",
            "<!DOCTYPE r [<!ENTITY a 'nobody uses it, and it does no harm at all to anybody'>]><r><m>1</m></r>",
            Finding::NotJson,
        ),
        (
            "a file",
            "<!DOCTYPE r SYSTEM 'file:///etc/passwd'><r/>",
            Finding::NotJson,
        ),
        ("too deep", deep.as_str(), Finding::NotJson),
        ("NUL", "<r><m>a\0b</m></r>", Finding::NotJson),
        ("a reference to NUL", "<r><m>&#0;</m></r>", Finding::NotJson),
        (
            "a web page",
            "\n<!DOCTYPE html><p>",
            Finding::HtmlInsteadOfJson,
        ),
        (
            "a web page after a comment",
            "<!-- x --><!doctype HTML><p>",
            Finding::HtmlInsteadOfJson,
        ),
        (
            "a web page as XML",
            "<?xml version='1.0'?><html><body/></html>",
            Finding::HtmlInsteadOfJson,
        ),
        ("a plain web page", "<HTML><br>", Finding::HtmlInsteadOfJson),
    ] {
        assert_eq!(read(Xml, "", body), Err(finding), "{case}");
    }
    let records: Vec<Value> = Vec::new();
    assert_eq!(
        read(Xml, "", "<r><!-- x --><?pi x?></r>").map(|found| found.0),
        Ok(records),
        "comments and instructions are nothing"
    );
}
