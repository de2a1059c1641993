//! Every dependency, of the Rust side and of the window, has a licence that this product may
//! carry. `deny.toml` repeats the list for cargo-deny; this test needs nothing installed.
#![allow(
    clippy::expect_used,
    missing_docs,
    reason = "a test stops at the first surprise and has no readers of its documentation"
)]

use std::{fs, path::Path};

use cargo_metadata::MetadataCommand;

/// Licences that allow this product to be distributed under Apache-2.0, with the reason.
const ALLOWED: &[(&str, &str)] = &[
    ("0BSD", "permissive, no conditions"),
    ("Apache-2.0", "our own licence"),
    (
        "Apache-2.0 WITH LLVM-exception",
        "Apache-2.0 with fewer conditions",
    ),
    ("BSD-2-Clause", "permissive, notice kept"),
    ("BSD-3-Clause", "permissive, notice kept"),
    ("BSL-1.0", "permissive, notice kept in source only"),
    ("CC0-1.0", "public domain dedication"),
    ("ISC", "permissive, notice kept"),
    ("MIT", "permissive, notice kept"),
    ("MIT-0", "permissive, no conditions"),
    (
        "MPL-2.0",
        "copyleft per file: using an unchanged file asks for its source only",
    ),
    ("OpenSSL", "permissive, notice and acknowledgement kept"),
    ("Unicode-3.0", "permissive, for the Unicode tables"),
    ("Zlib", "permissive"),
];

/// Licences that one package may have and no other: (package, licence, reason).
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    (
        "sqlcipher-src",
        "blessing",
        "SQLite is in the public domain",
    ),
    (
        "sqlcipher-src",
        "WTFPL",
        "LibTomCrypt, permissive without conditions",
    ),
    (
        "webpki-root-certs",
        "CDLA-Permissive-2.0",
        "a list of public root certificates: data under a permissive data licence",
    ),
];

/// Every npm lock file: of the window, and of the authorization server that tests sign in to.
const NPM_LOCKS: &[&str] = &[
    "ui/package-lock.json",
    "crates/testkit/authorization-server/package-lock.json",
];

/// npm packages whose lock entry states no licence; read in the LICENSE or README file they come
/// with. All are used while building or testing and are no part of the product.
const NPM_LICENCE_FILES: &[(&str, &str)] = &[
    ("@inlang/plugin-message-format", "MIT"),
    ("only", "MIT"),
    ("sqlite-wasm-kysely", "MIT"),
];

/// Whether `package` may be carried under the SPDX expression `licence`. `OR` needs one
/// allowed side, `AND` both; the old `/` of crates.io means `OR`. `AND` binds tighter. What is
/// not understood is not allowed.
fn is_allowed(package: &str, licence: &str) -> bool {
    let spaced = licence
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = tokens.as_slice();
    any_of(package, &mut rest) == Some(true) && rest.is_empty()
}

fn any_of(package: &str, rest: &mut &[&str]) -> Option<bool> {
    let mut verdict = all_of(package, rest)?;
    while let ["OR", after @ ..] = *rest {
        *rest = after;
        verdict |= all_of(package, rest)?;
    }
    Some(verdict)
}

fn all_of(package: &str, rest: &mut &[&str]) -> Option<bool> {
    let mut verdict = one(package, rest)?;
    while let ["AND", after @ ..] = *rest {
        *rest = after;
        verdict &= one(package, rest)?;
    }
    Some(verdict)
}

fn one(package: &str, rest: &mut &[&str]) -> Option<bool> {
    match *rest {
        ["(", after @ ..] => {
            *rest = after;
            let verdict = any_of(package, rest)?;
            let [")", after @ ..] = *rest else {
                return None;
            };
            *rest = after;
            Some(verdict)
        }
        [name, "WITH", exception, after @ ..] => {
            *rest = after;
            Some(known(package, &format!("{name} WITH {exception}")))
        }
        [name, after @ ..] => {
            *rest = after;
            Some(known(package, name))
        }
        [] => None,
    }
}

fn known(package: &str, licence: &str) -> bool {
    ALLOWED.iter().any(|(name, _)| *name == licence)
        || EXCEPTIONS
            .iter()
            .any(|(owner, name, _)| *owner == package && *name == licence)
}

#[test]
fn expressions_are_read_as_spdx_means_them() {
    let cases = [
        ("MIT", true),
        ("GPL-3.0-only", false),
        ("MIT OR GPL-3.0-only", true),
        ("MIT AND GPL-3.0-only", false),
        ("MIT/Apache-2.0", true),
        ("GPL-2.0/GPL-3.0", false),
        ("(MIT OR GPL-3.0-only) AND Unicode-3.0", true),
        ("GPL-3.0-only OR MIT AND ISC", true),
        ("GPL-3.0-only OR MIT AND AGPL-3.0", false),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("GPL-2.0 WITH Classpath-exception-2.0", false),
        ("MIT OR", false),
        ("(MIT", false),
        ("MIT ISC", false),
        ("blessing", false),
        ("", false),
    ];
    for (licence, expected) in cases {
        assert_eq!(
            is_allowed("some-package", licence),
            expected,
            "the verdict on {licence:?} must not drift"
        );
    }
    assert!(
        is_allowed("sqlcipher-src", "MIT AND blessing"),
        "an exception holds for its own package"
    );
}

#[test]
fn every_crate_has_an_allowed_licence() {
    let metadata = MetadataCommand::new()
        .manifest_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
        .other_options(["--locked".to_owned()])
        .exec()
        .expect("cargo metadata reads this workspace");
    assert!(
        metadata.packages.len() > 100,
        "an empty list of packages would prove nothing"
    );
    let refused: Vec<String> = metadata
        .packages
        .iter()
        .filter(|package| {
            !is_allowed(
                &package.name,
                package.license.as_deref().unwrap_or_default(),
            )
        })
        .map(|package| {
            format!(
                "{} {}: {:?}",
                package.name, package.version, package.license
            )
        })
        .collect();
    assert!(
        refused.is_empty(),
        "these crates may not be shipped without an argument: {refused:#?}"
    );
}

#[test]
fn every_npm_package_has_an_allowed_licence() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut refused = Vec::new();
    for lock_file in NPM_LOCKS {
        let text = fs::read_to_string(root.join(lock_file)).expect("a lock file is committed");
        let lock: serde_json::Value = serde_json::from_str(&text).expect("a lock file is JSON");
        let packages = lock["packages"]
            .as_object()
            .expect("a lock file of version 3 has `packages`");
        let mut seen = 0;
        for (path, package) in packages {
            // The entry without a path is what the lock file belongs to.
            let Some((_, name)) = path.rsplit_once("node_modules/") else {
                continue;
            };
            seen += 1;
            let stated = package["license"].as_str();
            let found = NPM_LICENCE_FILES
                .iter()
                .find(|(package, _)| *package == name);
            let licence = stated
                .or(found.map(|(_, licence)| *licence))
                .unwrap_or_default();
            if !is_allowed(name, licence) {
                refused.push(format!("{lock_file}: {name}: {licence:?}"));
            }
        }
        assert!(seen > 0, "{lock_file} without packages would prove nothing");
    }
    assert!(
        refused.is_empty(),
        "these npm packages may not be used without an argument: {refused:#?}"
    );
}

#[test]
fn no_npm_lock_file_is_overlooked() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the sources can be read") {
            let entry = entry.expect("an entry can be read");
            let name = entry.file_name();
            let kind = entry.file_type().expect("its kind can be read");
            if kind.is_dir()
                && !["node_modules", "target", ".git"]
                    .iter()
                    .any(|one| name == *one)
            {
                folders.push(entry.path());
            } else if name == "package-lock.json" {
                let path = entry.path();
                let path = path.strip_prefix(root).expect("it is below the root");
                found.push(path.display().to_string());
            }
        }
    }
    found.sort();
    let mut known: Vec<String> = NPM_LOCKS.iter().map(|one| (*one).to_owned()).collect();
    known.sort();
    assert_eq!(found, known, "each lock file is looked at above");
}
