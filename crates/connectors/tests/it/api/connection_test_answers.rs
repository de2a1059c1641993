//! The steps that ask something: every answer that is not what was promised, at each of them.

use connectors::failure::Finding;
use connectors::view::StepName;

use super::server::{Reply, Server, answer, json, list, settings, status, test};
use super::steps::{detail, fails_at};

type BadReply = (&'static str, Reply, Finding, Option<u16>, Option<u64>);

/// Replies that make a step fail, with the finding, the status and the wait.
#[allow(clippy::too_many_lines, reason = "a table of cases")]
fn bad_replies() -> Vec<BadReply> {
    let promised = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{\"data\":".to_vec();
    let html = "Content-Type: text/html; charset=utf-8\r\n";
    vec![
        (
            "401",
            status("401 Unauthorized"),
            Finding::Unauthorised,
            Some(401),
            None,
        ),
        (
            "403",
            status("403 Forbidden"),
            Finding::Forbidden,
            Some(403),
            None,
        ),
        (
            "404",
            status("404 Not Found"),
            Finding::NotFound,
            Some(404),
            None,
        ),
        (
            "410",
            status("410 Gone"),
            Finding::NotFound,
            Some(410),
            None,
        ),
        (
            "400",
            status("400 Bad Request"),
            Finding::RequestRefused,
            Some(400),
            None,
        ),
        (
            "429",
            status("429 Too Many Requests"),
            Finding::RateLimited,
            Some(429),
            None,
        ),
        (
            "429 and when",
            answer("429 Too Many Requests", "Retry-After: 120\r\n", b""),
            Finding::RateLimited,
            Some(429),
            Some(120),
        ),
        (
            "500",
            status("500 Internal Server Error"),
            Finding::ServerError,
            Some(500),
            None,
        ),
        (
            "503 and when",
            answer("503 Service Unavailable", "Retry-After: 30\r\n", b""),
            Finding::ServerError,
            Some(503),
            Some(30),
        ),
        (
            "timeout",
            Reply::Silence,
            Finding::AnswerTimeout,
            None,
            None,
        ),
        (
            "cut before the answer",
            Reply::Bytes(Vec::new()),
            Finding::ConnectionCut,
            None,
            None,
        ),
        (
            "cut in the body",
            Reply::Bytes(promised),
            Finding::ConnectionCut,
            Some(200),
            None,
        ),
        (
            "html",
            answer("200 OK", html, b"<!doctype html><title>Sign in</title>"),
            Finding::HtmlInsteadOfJson,
            Some(200),
            None,
        ),
        (
            "html by its look",
            answer(
                "200 OK",
                "Content-Type: application/json\r\n",
                b"  \r\n<html>",
            ),
            Finding::HtmlInsteadOfJson,
            Some(200),
            None,
        ),
        (
            "no http",
            Reply::Bytes(b"SSH-2.0-OpenSSH_9\r\n\r\n".to_vec()),
            Finding::NotJson,
            None,
            None,
        ),
        (
            "redirect",
            answer("302 Found", "Location: https://other.test/\r\n", b""),
            Finding::RedirectedElsewhere,
            Some(302),
            None,
        ),
    ]
}

#[tokio::test]
async fn a08_auth_endpoint_and_record_fail_alone() {
    let steps = [StepName::Auth, StepName::Endpoint, StepName::Record];
    for (case, reply, finding, status, wait) in bad_replies() {
        for (number, step) in steps.into_iter().enumerate() {
            let mut script = vec![json("{}"), list(), list()];
            script[number] = reply.clone();
            let server = Server::start(script).await;
            let report = test(&settings(&server.url())).await;
            let case = format!("{case} at {step:?}");
            fails_at(&report, step, finding, &case);
            assert_eq!(report.status, status, "{case}: the status that decided");
            assert_eq!(
                report.retry_after_seconds, wait,
                "{case}: the wait asked for"
            );
            assert_eq!(
                server.requests().len(),
                number + 1,
                "{case}: nothing is repeated and nothing is asked after a failure"
            );
        }
    }
}

#[tokio::test]
async fn a08_answers_that_are_no_list() {
    for (case, body, finding) in [
        ("not json", "hello", Finding::NotJson),
        ("half of it", r#"{"data":[{"id":1"#, Finding::NotJson),
        ("nothing", "", Finding::NotJson),
        ("another name", r#"{"items":[{}]}"#, Finding::NoListAtPath),
        (
            "no list there",
            r#"{"data":{"id":1}}"#,
            Finding::NoListAtPath,
        ),
        ("list at the top", r#"[{"id":1}]"#, Finding::NoListAtPath),
    ] {
        let server = Server::start(vec![json("{}"), json(body)]).await;
        let report = test(&settings(&server.url())).await;
        fails_at(&report, StepName::Endpoint, finding, case);
    }
}

#[tokio::test]
async fn a08_the_record_step_fails_alone_on_an_entry_that_is_no_record() {
    let server = Server::start(vec![json("{}"), list(), json(r#"{"data":["Seán"]}"#)]).await;
    let report = test(&settings(&server.url())).await;
    fails_at(
        &report,
        StepName::Record,
        Finding::RecordNotObject,
        "a text",
    );
    assert!(
        !format!("{report:?}").contains("Seán"),
        "no value leaves the answer"
    );
}

#[tokio::test]
async fn a08_s13_an_empty_list_is_a_result() {
    let server = Server::start(vec![json("{}"), json(r#"{"data":[]}"#)]).await;
    let report = test(&settings(&server.url())).await;
    assert!(report.ok, "zero members is a result: {report:#?}");
    assert_eq!(
        report.finding,
        Some(Finding::EmptyList),
        "with its own sentence"
    );
    assert_eq!(report.class, None, "nobody must act");
    assert!(
        report.steps.iter().all(|step| step.ok == Some(true)),
        "all steps are done"
    );
}

#[tokio::test]
async fn a_list_at_the_top_and_one_further_down() {
    for (path, body) in [
        (None, r#"[{"id":1}]"#),
        (Some(""), "\u{feff}[{\"id\":1}]"),
        (
            Some("result.members"),
            r#"{"result":{"members":[{"id":1}]}}"#,
        ),
    ] {
        let server = Server::start(vec![json("{}"), json(body)]).await;
        let mut settings = settings(&server.url());
        settings.paging.records = path.map(str::to_owned);
        let report = test(&settings).await;
        assert!(report.ok, "{path:?}: {report:#?}");
        assert_eq!(detail(&report, StepName::Record), "One record with 1 field");
    }
}

#[tokio::test]
async fn lists_of_every_format_are_counted() {
    use connectors::settings::RecordFormat as F;
    let json_api = r#"{"data":[{"id":"1","type":"people","attributes":{"first_name":"Aoife"}},{"id":"2","type":"people"}]}"#;
    let collection = r#"{"collection":{"items":[{"data":[{"name":"a","value":1},{"name":"b","value":2},{"name":"c","value":3}]},{"data":[]}]}}"#;
    let xml = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><PersonList><Person id=\"1\"><Given>Se\u{e1}n</Given><Family/></Person><Person/></PersonList>";
    let latin: Vec<u8> = xml
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    let csv = "identifier;Forename;Surname\r\n1;Aoife;N\u{ed}\r\n2;Se\u{e1}n;\r\n";
    for (format, content_type, path, body) in [
        (
            F::Json,
            "application/json",
            "data",
            &br#"{"data":[{"a":1,"b":2,"c":3},{}]}"#[..],
        ),
        (
            F::JsonApi,
            "application/vnd.api+json",
            "",
            json_api.as_bytes(),
        ),
        (
            F::CollectionJson,
            "application/vnd.collection+json",
            "",
            collection.as_bytes(),
        ),
        (F::Xml, "text/xml", "PersonList.Person", &latin),
        (F::Csv, "text/html", "", csv.as_bytes()),
    ] {
        let headers = format!("Content-Type: {content_type}\r\n");
        let reply = answer("200 OK", &headers, body);
        let server = Server::start(vec![reply]).await;
        let mut settings = settings(&server.url());
        settings.records.format = format;
        settings.paging.records = Some(path.to_owned());
        let report = test(&settings).await;
        assert!(report.ok, "{format:?}: {report:#?}");
        assert_eq!(
            detail(&report, StepName::Endpoint),
            "A list with 2 entries",
            "{format:?}: each record"
        );
        assert_eq!(
            detail(&report, StepName::Record),
            "One record with 3 fields",
            "{format:?}: of the first"
        );
        let wanted = match format {
            F::Json => "accept: application/json\r\n",
            F::JsonApi => "accept: application/vnd.api+json\r\n",
            F::CollectionJson => "accept: application/vnd.collection+json, application/json\r\n",
            F::Xml => "accept: application/xml, text/xml\r\n",
            F::Csv => "accept: text/csv, ",
        };
        let heads = server.requests();
        assert!(
            heads
                .iter()
                .all(|head| head.to_lowercase().contains(wanted)),
            "{format:?} is asked for: {heads:?}"
        );
    }
}

#[tokio::test]
async fn a_page_in_the_path_is_asked_for_there() {
    let server = Server::start(vec![json("{}"), list(), list()]).await;
    let mut settings = settings(&server.url());
    settings.endpoints.membership_list = "/run/7/{page}/{size}/".to_owned();
    let report = test(&settings).await;
    assert!(report.ok, "{report:#?}");
    let asked: Vec<String> = server
        .requests()
        .iter()
        .map(|head| head.split(' ').nth(1).unwrap().to_owned())
        .collect();
    assert_eq!(
        asked,
        ["/me", "/run/7/0/50/", "/run/7/0/1/"],
        "the first page, and one with one record"
    );
}
