//! Invariants of the dependency graph, read from `cargo metadata`.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};

use crate::tree::root;

fn metadata() -> Metadata {
    MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .other_options(["--locked".to_owned()])
        .exec()
        .expect("cargo metadata reads this workspace")
}

/// The names of all packages that `from` needs, itself included.
fn closure(edges: &BTreeMap<String, BTreeSet<String>>, from: &str) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut waiting = vec![from.to_owned()];
    while let Some(name) = waiting.pop() {
        if reached.insert(name.clone()) {
            waiting.extend(edges.get(&name).into_iter().flatten().cloned());
        }
    }
    reached
}

fn is_window_toolkit(name: &str) -> bool {
    name == "tauri" || name.starts_with("tauri-") || matches!(name, "wry" | "tao")
}

/// Dependencies on the testkit that end up in a product: (package, kind) that are not dev.
fn testkit_in_product(uses: &[(&str, DependencyKind)]) -> Vec<String> {
    uses.iter()
        .filter(|(_, kind)| *kind != DependencyKind::Development)
        .map(|(package, kind)| format!("{package} ({kind:?})"))
        .collect()
}

#[test]
fn nothing_under_crates_depends_on_the_window() {
    let metadata = metadata();
    let resolve = metadata
        .resolve
        .as_ref()
        .expect("metadata holds the resolved graph");
    let names: BTreeMap<_, _> = metadata
        .packages
        .iter()
        .map(|package| (&package.id, package.name.to_string()))
        .collect();
    let edges: BTreeMap<String, BTreeSet<String>> = resolve
        .nodes
        .iter()
        .map(|node| {
            (
                names[&node.id].clone(),
                node.dependencies
                    .iter()
                    .map(|id| names[id].clone())
                    .collect(),
            )
        })
        .collect();
    let mut checked = 0;
    for package in metadata.workspace_packages() {
        if !package
            .manifest_path
            .starts_with(metadata.workspace_root.join("crates"))
        {
            continue;
        }
        checked += 1;
        let window: Vec<_> = closure(&edges, &package.name)
            .into_iter()
            .filter(|name| is_window_toolkit(name))
            .collect();
        assert!(
            window.is_empty(),
            "{} must build without a window system, but needs {window:?}",
            package.name
        );
    }
    assert!(checked >= 4, "the crates must have been looked at");
    assert!(
        closure(&edges, "federation-connectors")
            .iter()
            .any(|name| is_window_toolkit(name)),
        "the same search finds Tauri where it belongs, so it could find it elsewhere"
    );
}

#[test]
fn the_testkit_stays_out_of_the_product() {
    let metadata = metadata();
    let packages = metadata.workspace_packages();
    let uses: Vec<_> = packages
        .iter()
        .flat_map(|package| {
            package
                .dependencies
                .iter()
                .map(|dependency| (package.name.as_str(), dependency))
        })
        .filter(|(_, dependency)| dependency.name == "testkit")
        .map(|(package, dependency)| (package, dependency.kind))
        .collect();
    assert!(
        !uses.is_empty(),
        "the testkit is used, or this rule looks for the wrong name"
    );
    assert_eq!(
        testkit_in_product(&uses),
        Vec::<String>::new(),
        "its fixed keys must never reach a user"
    );
    assert_eq!(
        testkit_in_product(&[("planted", DependencyKind::Normal)]),
        ["planted (Normal)"],
        "the rule can fail"
    );
}
