use practice_federation::{Fault, FaultKind, RedirectFault, TokenFault};

fn throttled(seconds: u32) -> Fault {
    Fault::new(FaultKind::Status {
        code: 429,
        retry_after: Some(seconds),
    })
}

#[test]
fn texts_become_faults_and_faults_texts() {
    let members = "/key/v1/members";
    let cases = [
        ("status=503", Fault::status(503)),
        ("status=400", Fault::status(400)),
        ("status=599", Fault::status(599)),
        ("status=429,retry-after=7", throttled(7)),
        ("status=429,retry-after=0", throttled(0)),
        ("delay=5000", Fault::new(FaultKind::Delay(5000))),
        ("delay=600000", Fault::new(FaultKind::Delay(600_000))),
        ("cut", Fault::new(FaultKind::Cut)),
        ("reset", Fault::new(FaultKind::Reset)),
        ("html", Fault::new(FaultKind::Html)),
        ("truncated", Fault::new(FaultKind::TruncatedJson)),
        ("empty", Fault::new(FaultKind::EmptyList)),
        ("not-a-list", Fault::new(FaultKind::NotAList)),
        ("not-objects", Fault::new(FaultKind::NotObjects)),
        ("cut,count=2", Fault::new(FaultKind::Cut).times(2)),
        ("html,skip=3", Fault::new(FaultKind::Html).after(3)),
        (
            "empty,path=/key/v1/members",
            Fault::new(FaultKind::EmptyList).on_path(members),
        ),
        (
            "status=429,retry-after=7,count=2,skip=1,path=/key/v1/members",
            throttled(7).times(2).after(1).on_path(members),
        ),
    ];
    for (text, fault) in cases {
        assert_eq!(text.parse(), Ok(fault.clone()), "{text} is read");
        assert_eq!(fault.to_string(), text, "and written as it was read");
    }
    let oauth = TokenFault::ALL
        .map(|it| (format!("token={}", it.text()), FaultKind::Token(it)))
        .into_iter()
        .chain(
            RedirectFault::ALL
                .map(|it| (format!("authorize={}", it.text()), FaultKind::Authorize(it))),
        )
        .chain([("revoke=503".to_owned(), FaultKind::Revoke(503))]);
    for (text, kind) in oauth {
        assert_eq!(text.parse(), Ok(Fault::new(kind)), "{text} is read");
        assert_eq!(kind.to_string(), text, "and written as it was read");
        let once = format!("{text},count=1");
        assert_eq!(
            once.parse(),
            Ok(Fault::new(kind).times(1)),
            "{text} takes options"
        );
    }
    let loose = " status = 429 , path=/open , skip=1,retry-after=7,count=2 ";
    let same = throttled(7).times(2).after(1).on_path("/open");
    assert_eq!(
        loose.parse(),
        Ok(same),
        "spaces and the order of options do not matter"
    );
}

#[test]
fn what_is_no_fault_is_refused_with_what_is_allowed() {
    let kinds = "allowed are status=CODE, delay=MILLISECONDS, cut, reset, html, truncated, empty, \
                 not-a-list, not-objects, token=WHAT, revoke=CODE and authorize=WHAT";
    let options = "allowed are count=N, skip=N, path=/PREFIX and, with status, retry-after=SECONDS";
    let cases = [
        ("", kinds),
        ("slow", kinds),
        ("CUT", kinds),
        ("count=2", kinds),
        ("cut,", options),
        ("cut,times=2", options),
        ("cut,html", options),
        ("status", "`status` needs a status from 400 to 599, not ``"),
        ("status=", "`status` needs a status from 400 to 599"),
        ("status=200", "not `200`"),
        ("status=600", "not `600`"),
        ("status=abc", "not `abc`"),
        ("status=99999999", "not `99999999`"),
        (
            "delay=0",
            "`delay` needs milliseconds from 1 to 600000, not `0`",
        ),
        ("delay=600001", "not `600001`"),
        ("delay=-5", "not `-5`"),
        ("token", "`token` needs one of no-access-token,"),
        ("token=slow", "redirect and lost, not `slow`"),
        ("authorize", "`authorize` needs one of wrong-state,"),
        ("authorize=mac", "fragment and server-error, not `mac`"),
        ("revoke", "`revoke` needs a status from 400 to 599"),
        ("revoke=200", "not `200`"),
        ("cut=1", "`cut` takes no value"),
        (
            "cut,count=0",
            "`count` needs a whole number from 1, not `0`",
        ),
        ("cut,count", "`count` needs"),
        ("cut,skip=x", "`skip` needs a whole number from 0"),
        (
            "cut,path=key",
            "`path` needs the beginning of a path, such as /key/v1/members",
        ),
        ("cut,path", "`path` needs"),
        ("cut,skip=1,skip=2", "`skip` is given twice"),
        (
            "cut,retry-after=7",
            "retry-after=SECONDS is allowed with status=CODE only",
        ),
    ];
    for (text, part) in cases {
        let error = text.parse::<Fault>().expect_err(text).to_string();
        assert!(
            error.contains(part),
            "`{text}` gives `{error}`, which should hold `{part}`"
        );
        assert!(
            !error.ends_with('.'),
            "`{text}`: messages have no full stop"
        );
    }
}
