//! Reads the RSA key of a client: PEM (PKCS#8 or PKCS#1) or a PKCS#12 file in base64, as
//! federations hand them out. Encrypted PEM is refused; whoever wants a password has PKCS#12.
//! Whatever is wrong is one finding: what a parser says may quote what it read.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use p12_keystore::Pkcs12Archive;
use ring::signature::RsaKeyPair;
use zeroize::Zeroizing;

use crate::credentials::MAX_PRIVATE_KEY_BYTES;
use crate::failure::Finding;
use crate::secret::SecretText;

/// Passwords of PKCS#12 files that come without one: none at all, or the one that Google gives
/// to every file and others have copied from there.
const USUAL_PASSWORDS: [&str; 2] = ["", "notasecret"];

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The key in a text. `ring` refuses keys under 2048 bits and keys whose parts do not fit together.
pub(super) fn read(
    text: &SecretText,
    password: Option<&SecretText>,
) -> Result<RsaKeyPair, Finding> {
    // EXPOSE: decoded into the key pair that signs.
    let text = text.expose();
    if text.len() > MAX_PRIVATE_KEY_BYTES {
        return Err(Finding::PrivateKeyUnusable);
    }
    let key = if let Some(body) = pem_body(text, "PRIVATE KEY") {
        decode(body).and_then(|der| RsaKeyPair::from_pkcs8(&der).ok())
    } else if let Some(body) = pem_body(text, "RSA PRIVATE KEY") {
        decode(body).and_then(|der| RsaKeyPair::from_der(&der).ok())
    } else {
        decode(text).and_then(|file| open(&file, password))
    };
    key.ok_or(Finding::PrivateKeyUnusable)
}

/// What stands between the lines of a label (RFC 7468 §2). Text around it is allowed: files from
/// `openssl` often begin with the names of what follows.
fn pem_body<'a>(text: &'a str, label: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("-----BEGIN {label}-----"))?;
    let (body, _) = rest.split_once(&format!("-----END {label}-----"))?;
    Some(body)
}

/// Base64 of either alphabet, with or without padding, broken into lines anywhere. A key that was
/// copied out of a JSON file has `\n` where its lines ended.
fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let text = text.trim_start_matches('\u{feff}');
    let mut letters = Zeroizing::new(Vec::with_capacity(text.len()));
    letters.extend(
        text.split("\\n")
            .flat_map(str::bytes)
            .filter(|letter| !letter.is_ascii_whitespace())
            .map(|letter| match letter {
                b'-' => b'+',
                b'_' => b'/',
                other => other,
            }),
    );
    let mut bytes = Zeroizing::new(vec![0; base64::decoded_len_estimate(letters.len())]);
    let length = BASE64.decode_slice(&*letters, &mut bytes).ok()?;
    bytes.truncate(length);
    Some(bytes)
}

/// The first usable RSA key of a PKCS#12 file (RFC 7292).
fn open(file: &[u8], password: Option<&SecretText>) -> Option<RsaKeyPair> {
    match password.filter(|password| !password.is_empty()) {
        // EXPOSE: opens the file.
        Some(password) => open_with(file, password.expose()),
        None => USUAL_PASSWORDS
            .iter()
            .find_map(|password| open_with(file, password)),
    }
}

fn open_with(file: &[u8], password: &str) -> Option<RsaKeyPair> {
    // The archive and the key pair do not wipe themselves; both are gone when the request is made.
    let archive = Pkcs12Archive::from_pkcs12(file, password).ok()?;
    archive
        .keys
        .iter()
        .find_map(|bag| RsaKeyPair::from_pkcs8(bag.key.as_der()).ok())
}
