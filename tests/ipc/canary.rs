//! Credentials go in and never come out: unlikely texts are stored through every door and looked
//! for in everything that reaches the page, in seven encodings.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use connectors::view::{AuthKind, ConnectorSettings, Grant, HeaderSetting, TwoStepSettings};
use federation_connectors_shell::command_names::COMMAND_NAMES;
use serde_json::{Value, json};

use crate::arguments::arguments;
use crate::shell::{Shell, wait};

/// With characters that the encodings write in different ways.
const CANARIES: &[(&str, &str)] = &[
    ("API key", "Canary-one/ÿé+key~4e1f9a7c"),
    ("second API key", "Canary-two/ÿé+second~90b2d3"),
    ("secret header", "Canary-three~header+c7d8e9f0a1"),
    ("webhook secret", "Canary-four/ÿé\"hook~5f6a7b8c"),
    ("password", "Canary-five/ÿé+password~1a2b3c"),
    ("passphrase", "Canary-six/ÿé+passphrase~d4e5f6"),
    ("client secret", "Canary-seven/ÿé+client~7d8e9f"),
    ("private key", "Canary-eight/ÿé+private~0a1b2c"),
    ("first secret", "Canary-nine/ÿé+first-step~3d4e5f"),
];

fn canary(name: &str) -> &'static str {
    CANARIES.iter().find(|one| one.0 == name).unwrap().1
}

/// The ways in which a text may hide in another. Base64 depends on what stands before, so that it
/// is made at all three offsets, without the letters that are shared with the neighbours.
fn forms(secret: &str) -> Vec<(&'static str, String)> {
    let escaped = serde_json::to_string(secret).unwrap();
    let hex = |bytes: &[u8]| {
        let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        digits.concat()
    };
    let utf16: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let percent: String = secret
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect();
    let mut forms = vec![
        ("raw", secret.to_owned()),
        ("JSON", escaped.trim_matches('"').to_owned()),
        ("hex", hex(secret.as_bytes())),
        ("percent", percent),
        ("UTF-16LE in hex", hex(&utf16)),
    ];
    for before in ["", "x", "xx"] {
        let text = format!("{before}{secret}");
        let inner = |encoded: String| encoded[4..encoded.len() - 4].to_owned();
        forms.push(("base64", inner(STANDARD_NO_PAD.encode(&text))));
        forms.push(("base64url", inner(URL_SAFE_NO_PAD.encode(&text))));
    }
    forms
}

fn hits(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let mut found = Vec::new();
    for (name, secret) in CANARIES {
        for (form, needle) in forms(secret) {
            if text.contains(&needle) || lower.contains(&needle.to_lowercase()) {
                found.push(format!("{name} as {form}"));
            }
        }
    }
    found
}

fn api_key() -> Value {
    json!({
        "type": "api_key",
        "api_key": canary("API key"),
        "secondary_api_key": canary("second API key"),
        "secrets": {},
        "webhook_secret": canary("webhook secret"),
    })
}

fn basic() -> Value {
    json!({
        "type": "basic", "username": "club", "password": canary("password"),
        "webhook_secret": canary("webhook secret"),
    })
}

/// A connector for each way to carry credentials, with canaries as credentials.
fn every_kind(base: &str) -> Vec<(ConnectorSettings, Value)> {
    let settings = |code: &str, way: &str| {
        let mut settings = testkit::settings(code, &format!("{base}/{way}"));
        settings.limits.timeout_seconds = 5;
        settings
    };
    let mut by_password = settings("basic", "basic");
    by_password.auth.kind = AuthKind::Basic;
    let mut by_headers = settings("headers", "headers");
    by_headers.auth.headers = ["X-API-Key", "X-Subscription-Key"]
        .map(|name| HeaderSetting {
            name: name.to_owned(),
            secret: true,
            value: None,
        })
        .to_vec();
    let mut in_query = settings("query", "query");
    in_query.auth.query = Some("api_token".to_owned());
    let mut by_secret = settings("by_secret", "oauth2");
    by_secret.auth.kind = AuthKind::OAuth2;
    by_secret.auth.grant = Some(Grant::ClientCredentials);
    by_secret.auth.token_endpoint = Some(format!("{base}/nosuch/token"));
    let mut by_signature = by_secret.clone();
    "by_signature".clone_into(&mut by_signature.code);
    by_signature.auth.grant = Some(Grant::JwtBearer);
    let mut in_two_steps = settings("in_two_steps", "two-step");
    in_two_steps.auth.kind = AuthKind::TwoStep;
    in_two_steps.auth.two_step = Some(TwoStepSettings {
        url: "/nosuch/token".to_owned(),
        token_path: "token".to_owned(),
        ..TwoStepSettings::default()
    });
    let client = json!({
        "type": "oauth2", "client_id": "c", "client_secret": canary("client secret"),
    });
    let signing = json!({
        "type": "oauth2", "client_id": "c", "private_key": canary("private key"),
        "private_key_password": canary("password"),
    });
    let first_step = json!({"type": "two_step", "secret": canary("first secret")});
    let secret_headers = json!({"type": "api_key", "secrets": {
        "X-API-Key": canary("secret header"), "X-Subscription-Key": canary("secret header"),
    }});
    vec![
        (settings("key", "key"), api_key()),
        (by_password, basic()),
        (by_headers, secret_headers),
        (in_query, api_key()),
        (by_secret, client),
        (by_signature, signing),
        (in_two_steps, first_step),
    ]
}

#[test]
fn the_search_finds_what_is_there() {
    for (name, secret) in CANARIES {
        for (form, hidden) in forms(secret) {
            let text = format!("{{\"x\":\"{hidden}\"}}");
            assert!(!hits(&text).is_empty(), "{name} as {form} is seen");
        }
    }
    assert!(hits("{\"x\":\"Canary\"}").is_empty(), "and nothing else is");
}

#[test]
fn bar_25_canary_credentials_never_come_back() {
    let shell = Shell::open();
    let practice = wait(practice_federation::start(
        practice_federation::PracticeOptions::default(),
    ))
    .unwrap();
    let base = practice.base_url();
    let all = every_kind(&base);

    let mut trace = String::new();
    let mut ran = 0;
    let mut run = |command: &str, arguments: Value| {
        let answer = shell.call(command, arguments);
        let text = format!("{answer:?}\n{}\n", answer.clone().unwrap_or_else(|e| e));
        trace.push_str(&text);
        ran += 1;
        answer
    };
    let channel = "__CHANNEL__:7";
    for (settings, credentials) in &all {
        let code = &settings.code;
        let draft = json!({"settings": settings, "credentials": credentials});
        run(
            "connector_test_draft",
            json!({"request": draft, "onStep": channel}),
        )
        .unwrap();
        run("connector_add", json!({"request": draft})).unwrap();
        let report = run("connector_test", json!({"code": code, "onStep": channel})).unwrap();
        assert_eq!(
            report["ok"],
            json!(false),
            "{code}: the canary opens nothing"
        );
        let set = |test_first| json!({"request": {"code": code, "credentials": credentials, "test_first": test_first}});
        run("credentials_set", set(false)).unwrap();
        let refused = run("credentials_set", set(true));
        assert!(refused.is_err(), "{code}: a wrong credential is not kept");
        let shown = run("connector_show", json!({"code": code})).unwrap();
        let edit = json!({
            "code": code, "version": shown["version"], "settings": settings,
            "credentials": credentials,
        });
        run("connector_edit", json!({"request": edit})).unwrap();
        // Wrong on purpose, with the credential in the middle.
        let mut wrong = draft.clone();
        wrong["settings"]["code"] = json!("GAA Foireann!");
        run("connector_add", json!({"request": wrong})).unwrap_err();
        let mut wrong = draft.clone();
        wrong["settings"]["auth"]["kind"] = json!("none");
        run("connector_add", json!({"request": wrong})).unwrap_err();
    }
    // Then every command as it is, on a file that is full of canaries. What would write into the
    // person's Downloads folder has the same text as `connector_export`.
    for &command in COMMAND_NAMES {
        if !matches!(command, "app_lock" | "connector_export_save") {
            // A refusal is an answer too; both are in the trace.
            let _ = run(command, arguments(command).unwrap());
        }
    }
    for (settings, _) in &all {
        let code = &settings.code;
        // Nothing was had, and asking again or giving back must say nothing either.
        let sign_in = json!({"request": {"code": code}, "openBrowser": false, "onStep": channel});
        let _ = run("sign_in_start", sign_in);
        let _ = run("sign_out", json!({"code": code}));
        run("connector_show", json!({"code": code})).unwrap();
        run("connector_export", json!({"code": code})).unwrap();
    }
    run("connector_export", json!({"code": null})).unwrap();
    run(
        "key_add_passphrase",
        json!({"passphrase": canary("passphrase")}),
    )
    .unwrap();
    run("app_lock", json!({})).unwrap();
    run("app_unlock", json!({"passphrase": canary("API key")})).unwrap_err();
    run("app_unlock", json!({"passphrase": canary("passphrase")})).unwrap();

    assert!(ran > 80, "the trace holds {ran} answers");
    let steps = shell.pushed();
    assert!(
        steps.contains("\"dns\""),
        "the steps of the tests were seen"
    );
    assert!(steps.contains("connectors_changed"), "so were the events");
    assert_eq!(hits(&trace), Vec::<String>::new(), "answers hold no secret");
    assert_eq!(
        hits(&steps),
        Vec::<String>::new(),
        "nor does what is pushed"
    );
}
