//! What the page may do to itself and to the network is decided in `tauri.conf.json` and in Cargo
//! features; a slip there is seen by no compiler.

use cargo_metadata::{CargoOpt, MetadataCommand};
use federation_connectors_shell::context;
use serde_json::{Value, json};
use tauri::test::MockRuntime;

/// Everything is forbidden, then the least is allowed. Tauri adds hashes of its own scripts.
const POLICY: &[(&str, &str)] = &[
    ("default-src", "'none'"),
    ("script-src", "'self'"),
    ("style-src", "'self'"),
    ("img-src", "'self' data:"),
    ("font-src", "'self'"),
    ("connect-src", "ipc: http://ipc.localhost"),
    ("form-action", "'none'"),
    ("frame-src", "'none'"),
    ("object-src", "'none'"),
    ("base-uri", "'none'"),
];

/// The scheme of the app's own links: a name under our control, backwards (RFC 8252 §7.1).
const SCHEME: &str = "com.playerarc.connectors";

fn configuration() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tauri.conf.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn the_content_security_policy_is_the_strict_one() {
    let configuration = configuration();
    let text = configuration["app"]["security"]["csp"].as_str().unwrap();
    let found: Vec<(&str, &str)> = text
        .split(';')
        .map(|directive| directive.trim().split_once(' ').unwrap())
        .collect();
    assert_eq!(found, POLICY, "the policy is the strict one, word for word");
    assert!(!text.contains("unsafe-"), "no unsafe-* in a release");
    assert_eq!(
        configuration["app"]["security"]["dangerousDisableAssetCspModification"],
        json!(false),
        "Tauri's own scripts are allowed by their hashes only"
    );
}

#[test]
fn the_page_gets_no_more_than_it_needs() {
    let configuration = configuration();
    let app = &configuration["app"];
    let security = &app["security"];
    for (what, found, wanted) in [
        ("freezePrototype", &security["freezePrototype"], json!(true)),
        ("withGlobalTauri", &app["withGlobalTauri"], json!(false)),
        (
            "assetProtocol",
            &security["assetProtocol"],
            json!({"enable": false, "scope": []}),
        ),
        ("capabilities", &security["capabilities"], json!(["main"])),
        (
            "removeUnusedCommands",
            &configuration["build"]["removeUnusedCommands"],
            json!(true),
        ),
        (
            "headers",
            &security["headers"],
            json!({
                "Cross-Origin-Opener-Policy": "same-origin",
                "Cross-Origin-Resource-Policy": "same-origin",
                "X-Content-Type-Options": "nosniff",
            }),
        ),
    ] {
        assert_eq!(found, &wanted, "{what}");
    }
    assert_eq!(
        configuration["plugins"],
        json!({"deep-link": {"desktop": {"schemes": [SCHEME]}}}),
        "one scheme of our own, and no other plugin"
    );
}

#[test]
fn the_built_app_carries_the_same() {
    // The file above may be overlaid by one for a platform; this is what was compiled in.
    let built = context::<MockRuntime>();
    let app = &built.config().app;
    assert!(!app.with_global_tauri, "no window.__TAURI__");
    assert!(app.security.freeze_prototype, "prototypes are frozen");
    assert!(!app.security.asset_protocol.enable, "no asset protocol");
    let policy = app.security.csp.as_ref().expect("a policy").to_string();
    assert!(!policy.contains("unsafe-"), "no unsafe-*: {policy}");
    assert_eq!(app.windows.len(), 1, "one window");
    assert_eq!(app.windows[0].label, "main", "and the one with rights");
    assert_ne!(app.windows[0].devtools, Some(true), "no developer tools");
}

#[test]
fn tauri_is_built_without_developer_tools() {
    let metadata = MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .features(CargoOpt::AllFeatures)
        .other_options(["--locked".to_owned()])
        .exec()
        .unwrap();
    let graph = metadata.resolve.as_ref().unwrap();
    let mut seen = 0;
    for package in &metadata.packages {
        let node = graph.nodes.iter().find(|node| node.id == package.id);
        let Some(node) = node else { continue };
        if !matches!(package.name.as_str(), "tauri" | "tauri-runtime-wry" | "wry") {
            continue;
        }
        seen += 1;
        for feature in ["devtools", "macos-private-api", "protocol-asset"] {
            assert!(
                !node.features.iter().any(|one| **one == *feature),
                "{} must not have the feature {feature}",
                package.name
            );
        }
        if package.name.as_str() == "tauri" {
            let fixed = (2, 11, 1);
            let found = (
                package.version.major,
                package.version.minor,
                package.version.patch,
            );
            assert!(found >= fixed, "older ones have known holes: {found:?}");
        }
    }
    assert_eq!(seen, 3, "the three packages were looked at");
}

#[test]
fn the_package_opens_links_with_the_app() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/packaging/federation-connectors.desktop"
    );
    let entry = std::fs::read_to_string(path).unwrap();
    let value = |key: &str| {
        let line = entry.lines().find_map(|line| line.strip_prefix(key));
        line.and_then(|rest| rest.strip_prefix('=')).unwrap_or("")
    };
    assert_eq!(
        value("MimeType"),
        format!("x-scheme-handler/{SCHEME};"),
        "links of the scheme lead here"
    );
    // Quotes around the program are not understood by xdg-open outside a desktop session.
    assert_eq!(
        value("Exec"),
        "federation-connectors %u",
        "the link is the only argument"
    );
}

#[test]
fn no_link_reaches_the_page_by_a_second_way() {
    let metadata = MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .other_options(["--locked".to_owned()])
        .exec()
        .unwrap();
    let graph = metadata.resolve.as_ref().unwrap();
    let plugin = metadata
        .packages
        .iter()
        .find(|package| package.name.as_str() == "tauri-plugin-single-instance")
        .expect("the plugin is there");
    let node = graph.nodes.iter().find(|node| node.id == plugin.id);
    assert!(
        !node
            .expect("and in the graph")
            .features
            .iter()
            .any(|one| **one == *"deep-link"),
        "with this feature it sends each link to every listener, the page among them"
    );
}
