//! Marks that must be found nowhere, and the search for them in seven encodings.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest, Sha256};

/// A mark of 32 bytes for a purpose: always the same, found nowhere by chance, and with signs
/// that each encoding writes in its own way.
pub(crate) fn marker(purpose: &str) -> String {
    let hash = hex(&Sha256::digest(purpose));
    let marker = format!("{}+/\"%\\=&~", &hash[..24]);
    assert_eq!(marker.len(), 32, "as long as a key");
    marker
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The forms in which a secret may hide in a longer text: raw, base64 and base64url (at each of
/// the three places in a group), hexadecimal, percent-encoded, JSON-escaped, UTF-16LE.
pub(crate) fn encodings(secret: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut forms = vec![("raw", secret.to_vec())];
    for shift in 0..3 {
        let mut shifted = vec![0; shift];
        shifted.extend_from_slice(secret);
        // Letters that also depend on the neighbours are left out.
        let inner = |text: String| {
            let letters = text.trim_end_matches('=');
            let whole = shifted.len() / 3 * 4;
            letters.as_bytes()[[0, 2, 3][shift]..whole].to_vec()
        };
        forms.push(("base64", inner(STANDARD.encode(&shifted))));
        forms.push(("base64url", inner(URL_SAFE.encode(&shifted))));
    }
    forms.push(("hex", hex(secret).into_bytes()));
    forms.push(("hex", hex(secret).to_uppercase().into_bytes()));
    if let Ok(text) = std::str::from_utf8(secret) {
        let percent = utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let form: String = url::form_urlencoded::byte_serialize(secret).collect();
        let json = serde_json::to_string(text).unwrap();
        let twice = serde_json::to_string(&json).unwrap();
        forms.push(("percent", percent.to_lowercase().into_bytes()));
        forms.push(("percent", percent.into_bytes()));
        forms.push(("percent", form.into_bytes()));
        forms.push(("JSON", json.as_bytes()[1..json.len() - 1].to_vec()));
        forms.push(("JSON", twice.as_bytes()[3..twice.len() - 3].to_vec()));
        let wide = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        forms.push(("UTF-16LE", wide));
    }
    forms
}

/// Everything that could have been left behind: the files of the data folder, what is inside its
/// backups, the log, and what was shown.
pub(crate) fn sinks(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for (name, bytes) in super::support::contents(&root.join("data")) {
        if name.ends_with(".fcbackup") {
            let mut archive = tar::Archive::new(bytes.as_slice());
            for entry in archive.entries().unwrap() {
                let mut entry = entry.unwrap();
                let inner = entry.path().unwrap().display().to_string();
                let mut content = Vec::new();
                entry.read_to_end(&mut content).unwrap();
                found.insert(format!("{name}/{inner}"), content);
            }
        }
        found.insert(name, bytes);
    }
    for name in ["log.txt", "shown.txt"] {
        found.insert(name.to_owned(), fs::read(root.join(name)).unwrap());
    }
    found
}

/// Where a secret is found, as `sink: encoding`.
pub(crate) fn search(sinks: &BTreeMap<String, Vec<u8>>, secret: &[u8]) -> Vec<String> {
    let forms = encodings(secret);
    let mut hits = Vec::new();
    for (sink, bytes) in sinks {
        for (encoding, form) in &forms {
            if holds(bytes, form) {
                hits.push(format!("{sink}: {encoding}"));
            }
        }
    }
    hits.dedup();
    hits
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    let Some((first, rest)) = needle.split_first() else {
        return true;
    };
    let mut from = 0;
    while let Some(at) = bytes[from..].iter().position(|byte| byte == first) {
        from += at + 1;
        if bytes[from..].starts_with(rest) {
            return true;
        }
    }
    false
}
