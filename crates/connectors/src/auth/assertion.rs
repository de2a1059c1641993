//! The assertion that a client signs instead of sending a secret: a JWT (RFC 7519) as RFC 7523 §3
//! asks for it, signed with RS256 (RFC 7515). Nothing is sent from here, and nothing is kept: an
//! assertion is made for one request and lives a few minutes.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::RSA_PKCS1_SHA256;
use serde::Serialize;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::private_key;
use crate::clock::UtcMillis;
use crate::failure::Finding;
use crate::random::ring_random;
use crate::secret::SecretText;

/// Seconds that an assertion holds. Servers take at most 300; the rest is room for clocks that
/// run apart.
const LIFETIME_SECONDS: i64 = 240;

const HEADER: &str = r#"{"alg":"RS256","typ":"JWT"}"#;

/// The claims of RFC 7523 §3, all of them strings or whole seconds.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    iat: i64,
    exp: i64,
    jti: Uuid,
}

/// A signed assertion for one request to `audience`. Without a subject the client speaks for
/// itself. `jwt_id` must be new each time: a server takes each one once.
///
/// A PKCS#12 file has its password stretched a few thousand times, and as many as a million where
/// the file asks for it: call this where blocking is allowed.
///
/// # Errors
/// [`Finding::PrivateKeyUnusable`] where the text is no RSA key of at least 2048 bits, is
/// encrypted PEM, or the password does not open it.
pub fn make_assertion(
    client_id: &str,
    audience: &str,
    subject: Option<&str>,
    private_key: &SecretText,
    password: Option<&SecretText>,
    now: UtcMillis,
    jwt_id: Uuid,
) -> Result<Zeroizing<String>, Finding> {
    let key = private_key::read(private_key, password)?;
    let issued = now.0.div_euclid(1000);
    let claims = serde_json::to_vec(&Claims {
        iss: client_id,
        sub: subject.unwrap_or(client_id),
        aud: audience,
        iat: issued,
        exp: issued.saturating_add(LIFETIME_SECONDS),
        jti: jwt_id,
    })
    .map_err(|_| Finding::Internal)?;

    let signature_bytes = key.public().modulus_len();
    // Reserved at once: a text that grows leaves copies of itself behind.
    let characters: usize = [HEADER.len(), claims.len(), signature_bytes]
        .map(|bytes| bytes.div_ceil(3) * 4 + 1)
        .iter()
        .sum();
    let mut assertion = Zeroizing::new(String::with_capacity(characters));
    URL_SAFE_NO_PAD.encode_string(HEADER, &mut assertion);
    assertion.push('.');
    URL_SAFE_NO_PAD.encode_string(claims, &mut assertion);

    let mut signature = Zeroizing::new(vec![0; signature_bytes]);
    // RSASSA-PKCS1-v1_5 is deterministic (RFC 8017 §8.2.1). `ring` asks for a generator because
    // other paddings need one, and draws nothing from it here.
    key.sign(
        &RSA_PKCS1_SHA256,
        &ring_random(),
        assertion.as_bytes(),
        &mut signature,
    )
    .map_err(|_| Finding::PrivateKeyUnusable)?;
    assertion.push('.');
    URL_SAFE_NO_PAD.encode_string(&*signature, &mut assertion);
    Ok(assertion)
}
