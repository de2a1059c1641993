//! Assertions are verified here as a server does it: with the public key, claim by claim. The key
//! comes in every wrapping that a federation hands out, and damaged in every way.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use connectors::auth::assertion::make_assertion;
use connectors::clock::UtcMillis;
use connectors::credentials::MAX_PRIVATE_KEY_BYTES;
use connectors::failure::Finding;
use connectors::secret::SecretText;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use serde_json::{Value, json};
use testkit::seeded_random::SeededRandom;
use uuid::Uuid;
use zeroize::Zeroizing;

const PKCS8: &str = include_str!("fixtures/test-rsa-2048-pkcs8.pem");
const PKCS1: &str = include_str!("fixtures/test-rsa-2048-pkcs1.pem");
const PUBLIC: &str = include_str!("fixtures/test-rsa-2048-public.b64");
const ENCRYPTED_PEM: &str = include_str!("fixtures/test-rsa-2048-encrypted.pem");
const P12_OLD: &str = include_str!("fixtures/test-rsa-2048-3des-rc2.p12.b64");
const P12_NEW: &str = include_str!("fixtures/test-rsa-2048-aes256.p12.b64");
const P12_NO_PASSWORD: &str = include_str!("fixtures/test-rsa-2048-no-password.p12.b64");
const P12_OLD_NO_MAC: &str = include_str!("fixtures/test-rsa-2048-3des-rc2-no-mac.p12.b64");
const P12_NEW_NO_MAC: &str = include_str!("fixtures/test-rsa-2048-aes256-no-mac.p12.b64");
const SMALL: &str = include_str!("fixtures/test-rsa-1024-pkcs8.pem");
const EC: &str = include_str!("fixtures/test-ec-p256-pkcs8.pem");
const EC_P12: &str = include_str!("fixtures/test-ec-p256.p12.b64");

/// Password of `P12_NEW`.
const PASSWORD: &str = "test-password";
const AUDIENCE: &str = "https://auth.example.org/oauth2/token";
/// 2026-11-23T12:00:00.999Z.
const NOW: UtcMillis = UtcMillis(1_795_435_200_999);
const JWT_ID: Uuid = Uuid::from_u128(0x0199_aaaa_bbbb_7ccc_8ddd_eeee_ffff_0001);

fn sign(key: &str, password: Option<&str>) -> Result<Zeroizing<String>, Finding> {
    let password = password.map(|password| SecretText::new(password.to_owned()));
    make_assertion(
        "club-42",
        AUDIENCE,
        None,
        &SecretText::new(key.to_owned()),
        password.as_ref(),
        NOW,
        JWT_ID,
    )
}

/// Whether the signature over header and claims is one of the test key (RFC 7515 §5.2).
fn is_signed(assertion: &str) -> bool {
    let (signed, signature) = assertion.rsplit_once('.').expect("a JWT has three parts");
    let signature = URL_SAFE_NO_PAD
        .decode(signature)
        .expect("the signature is base64url");
    let public = STANDARD
        .decode(PUBLIC.replace('\n', ""))
        .expect("the fixture is base64");
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public)
        .verify(signed.as_bytes(), &signature)
        .is_ok()
}

fn part(assertion: &str, index: usize) -> Value {
    let part = assertion.split('.').nth(index).expect("the part is there");
    let bytes = URL_SAFE_NO_PAD
        .decode(part)
        .expect("the part is base64url without padding (RFC 7515 §2)");
    serde_json::from_slice(&bytes).expect("the part is JSON")
}

#[track_caller]
fn assert_usable(key: &str, password: Option<&str>, what: &str) {
    match sign(key, password) {
        Ok(assertion) => assert!(
            is_signed(&assertion),
            "{what}: the server verifies with the public half of the same key"
        ),
        Err(finding) => panic!("{what} is a form in which keys are handed out: {finding:?}"),
    }
}

#[track_caller]
fn assert_unusable(key: &str, password: Option<&str>, why: &str) {
    assert_eq!(
        sign(key, password).err(),
        Some(Finding::PrivateKeyUnusable),
        "{why}"
    );
}

#[test]
fn header_and_claims_are_what_rfc_7523_asks_for() {
    let assertion = sign(PKCS8, None).expect("the key is usable");
    assert_eq!(
        assertion.split('.').count(),
        3,
        "the compact form has three parts (RFC 7515 §3.1)"
    );
    assert_eq!(
        part(&assertion, 0),
        json!({"alg": "RS256", "typ": "JWT"}),
        "a server picks the algorithm from the header"
    );
    assert_eq!(
        part(&assertion, 1),
        json!({
            "iss": "club-42",
            "sub": "club-42",
            "aud": AUDIENCE,
            "iat": 1_795_435_200_i64,
            "exp": 1_795_435_440_i64,
            "jti": "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0001",
        }),
        "times are whole seconds, and 240 of them are under every server's limit of 300"
    );
}

#[test]
fn a_subject_takes_the_place_of_the_client() {
    let assertion = make_assertion(
        "club-42",
        AUDIENCE,
        Some("admin@club.example"),
        &SecretText::new(PKCS8.to_owned()),
        None,
        NOW,
        JWT_ID,
    )
    .expect("the key is usable");
    let claims = part(&assertion, 1);
    assert_eq!(
        claims["sub"], "admin@club.example",
        "the subject is whom the client acts for (RFC 7523 §3 no. 2)"
    );
    assert_eq!(
        claims["iss"], "club-42",
        "the client stays the issuer (RFC 7523 §3 no. 1)"
    );
}

#[test]
fn values_cannot_break_out_of_their_claims() {
    let odd = "a\",\"sub\":\"b\\\n\u{e9}\u{1f3d0}";
    let assertion = make_assertion(
        odd,
        odd,
        Some(odd),
        &SecretText::new(PKCS8.to_owned()),
        None,
        UtcMillis(i64::MAX),
        JWT_ID,
    )
    .expect("odd values are the server's to refuse");
    let claims = part(&assertion, 1);
    for claim in ["iss", "sub", "aud"] {
        assert_eq!(claims[claim], odd, "{claim} arrives as it was given");
    }
}

#[test]
fn the_signature_holds_for_this_text_and_no_other() {
    let assertion = sign(PKCS8, None).expect("the key is usable");
    assert!(is_signed(&assertion), "the text as it was signed");
    let mut other = assertion.to_string();
    other.replace_range(30..31, if &other[30..31] == "A" { "B" } else { "A" });
    assert!(
        !is_signed(&other),
        "a check that passes a changed text would prove nothing above"
    );
    assert_eq!(
        *sign(PKCS1, None).expect("the key is usable"),
        *assertion,
        "the padding is deterministic, so that one key makes one signature"
    );
}

#[test]
fn pem_is_read_as_people_paste_it() {
    for (name, pem) in [("PKCS#8", PKCS8), ("PKCS#1", PKCS1)] {
        let lines: Vec<&str> = pem.lines().collect();
        let body = &lines[1..lines.len() - 1];
        let (first, last) = (lines[0], lines[lines.len() - 1]);
        let cases = [
            ("as openssl writes it", pem.to_owned()),
            ("with CRLF", pem.replace('\n', "\r\n")),
            ("with a byte order mark", format!("\u{feff}{pem}")),
            (
                "with text around it",
                format!("Bag Attributes\n    friendlyName: clé\n{pem}\n-- \nThe office"),
            ),
            (
                "after a certificate",
                format!("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n{pem}"),
            ),
            ("out of a JSON file", pem.replace('\n', "\\n")),
            ("in one line", format!("{first} {} {last}", body.join(" "))),
            ("in one piece", format!("{first}{}{last}", body.concat())),
            ("indented", pem.replace('\n', "\n\t ")),
        ];
        for (form, text) in cases {
            assert_usable(&text, None, &format!("{name} {form}"));
        }
    }
    assert_usable(PKCS8, Some("for nothing"), "PEM that needs no password");
}

#[test]
fn a_pkcs12_file_is_read_in_every_base64() {
    let one_line = P12_OLD.replace('\n', "");
    let cases = [
        ("in lines", P12_OLD.to_owned()),
        ("in lines with CRLF", P12_OLD.replace('\n', "\r\n")),
        ("in one line", one_line.clone()),
        ("without padding", one_line.trim_end_matches('=').to_owned()),
        (
            "in the alphabet for addresses",
            one_line.replace('+', "-").replace('/', "_"),
        ),
        ("with a byte order mark", format!("\u{feff}{P12_OLD}")),
        ("with spaces around it", format!(" \n{P12_OLD}\n ")),
    ];
    assert!(
        one_line.contains('+') && one_line.contains('/'),
        "the fixture must hold the letters in which the alphabets differ"
    );
    for (form, text) in cases {
        assert_usable(&text, None, &format!("PKCS#12 {form}"));
    }
}

#[test]
fn a_pkcs12_file_opens_with_its_password_or_a_usual_one() {
    assert_usable(P12_NEW, Some(PASSWORD), "AES-256 with its password");
    assert_usable(P12_OLD, Some("notasecret"), "3DES with its password");
    assert_usable(P12_OLD, None, "the usual password");
    assert_usable(P12_OLD, Some(""), "an empty field, which says nothing");
    assert_usable(P12_NO_PASSWORD, None, "an empty password");
    assert_usable(P12_NO_PASSWORD, Some(""), "an empty password, given");
    assert_usable(P12_OLD_NO_MAC, None, "3DES without a checksum");
    assert_usable(P12_NEW_NO_MAC, None, "AES-256 without a checksum");
}

#[test]
fn a_wrong_password_opens_nothing() {
    for (file, password) in [
        (P12_NEW, Some("notasecret")),
        (P12_NEW, Some("test-password ")),
        (P12_NEW, Some("\u{1f511}")),
        (P12_NEW, None),
        (P12_OLD, Some(PASSWORD)),
        (P12_NO_PASSWORD, Some("notasecret")),
        (P12_OLD_NO_MAC, Some(PASSWORD)),
        (P12_NEW_NO_MAC, Some(PASSWORD)),
    ] {
        assert_unusable(
            file,
            password,
            "a password that is given is the only one tried, and this is another",
        );
    }
}

#[test]
fn what_cannot_sign_rs256_is_refused() {
    assert_unusable(EC, None, "an elliptic curve key signs ES256");
    assert_unusable(EC_P12, None, "the same in PKCS#12");
    assert_unusable(SMALL, None, "1024 bits are under the 2048 of RFC 7518 §3.3");
    assert_unusable(ENCRYPTED_PEM, Some("test"), "encrypted PEM is not read");
    assert_unusable(
        &PKCS1.replace(
            "-----\nMII",
            "-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nMII",
        ),
        None,
        "neither is the older way to encrypt PEM",
    );
    assert_unusable(
        &PKCS8.replace("BEGIN PRIVATE", "BEGIN RSA PRIVATE"),
        None,
        "the two lines of a label must agree",
    );
    assert_unusable(
        &PKCS8.replace("PRIVATE KEY", "RSA PRIVATE KEY"),
        None,
        "the content must be what the label says",
    );
    assert_unusable(
        &format!("-----BEGIN PUBLIC KEY-----\n{PUBLIC}-----END PUBLIC KEY-----\n"),
        None,
        "a public key signs nothing",
    );
    let endless = STANDARD.encode([0x30; 4096]);
    for garbage in [
        "", " ", "=", "A", "MIIE", "\u{0}", "\u{feff}", "\\n", "hunter2", "🔑", &endless,
    ] {
        assert_unusable(garbage, None, "this is no key");
    }
    assert_unusable(
        &format!("{}{PKCS8}", " ".repeat(MAX_PRIVATE_KEY_BYTES)),
        None,
        "over the limit nothing is looked at",
    );
}

#[test]
fn a_key_that_was_cut_off_is_refused() {
    for pem in [PKCS8, PKCS1] {
        let end = pem.trim_end().len();
        for length in 0..end {
            assert_unusable(&pem[..length], None, "the last line is not whole");
        }
    }
    for (file, password) in [(P12_OLD, "notasecret"), (P12_NEW_NO_MAC, "notasecret")] {
        // The last letters may be padding, without which the file is still whole.
        let end = file.trim_end().trim_end_matches('=').len();
        for length in 0..end {
            assert_unusable(&file[..length], Some(password), "bytes are missing");
        }
    }
}

/// One to four changes of single bytes: another value, one more, one less.
fn mutate(bytes: &mut Vec<u8>, random: &SeededRandom, byte: impl Fn() -> u8) {
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len());
        match random.below(4) {
            0 => bytes.insert(at, byte()),
            1 => {
                bytes.remove(at);
            }
            _ => bytes[at] = byte(),
        }
    }
}

/// Rounds for each fixture: short in `make test`, the promised number with `FC_ROUNDS=full`.
fn rounds() -> usize {
    match std::env::var("FC_ROUNDS") {
        Ok(word) if word == "full" => 10_000,
        _ => 500,
    }
}

/// However a key is damaged, it is refused or is still the same key; nothing panics on the way.
#[test]
fn fuzz_damaged_keys() {
    const LETTERS: &[u8] =
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_ \n";
    let fixtures = [
        (PKCS8, None),
        (PKCS1, None),
        (EC, None),
        (SMALL, None),
        (ENCRYPTED_PEM, Some("test")),
        (P12_OLD, Some("notasecret")),
        (P12_NEW, Some(PASSWORD)),
        (P12_NO_PASSWORD, None),
        (P12_OLD_NO_MAC, Some("notasecret")),
        (P12_NEW_NO_MAC, Some("notasecret")),
        (EC_P12, Some("notasecret")),
    ];
    for (index, (fixture, password)) in fixtures.into_iter().enumerate() {
        let random = SeededRandom::new(index as u64);
        let letter = || LETTERS[random.below(LETTERS.len())];
        let any = || u8::try_from(random.below(256)).expect("below 256");
        for round in 0..rounds() {
            let text = if round % 2 == 0 {
                let mut text = fixture.as_bytes().to_vec();
                mutate(&mut text, &random, letter);
                String::from_utf8(text).expect("only letters were put in")
            } else {
                damage_content(fixture, &random, any)
            };
            match sign(&text, password) {
                Ok(assertion) => assert!(
                    is_signed(&assertion),
                    "fixture {index}, round {round}: another key must not come out of this one"
                ),
                Err(finding) => assert_eq!(
                    finding,
                    Finding::PrivateKeyUnusable,
                    "fixture {index}, round {round}: a damaged key is the only thing wrong"
                ),
            }
        }
    }
}

/// Damages the bytes under the base64, so that the damage reaches what parses them.
fn damage_content(fixture: &str, random: &SeededRandom, byte: impl Fn() -> u8) -> String {
    let armour: Vec<&str> = fixture
        .lines()
        .filter(|line| line.starts_with("-----"))
        .collect();
    let body: String = fixture
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .collect();
    let mut bytes = STANDARD.decode(body).expect("the fixture is base64");
    mutate(&mut bytes, random, byte);
    let body = STANDARD.encode(bytes);
    match armour.as_slice() {
        [first, last] => format!("{first}\n{body}\n{last}\n"),
        _ => body,
    }
}
