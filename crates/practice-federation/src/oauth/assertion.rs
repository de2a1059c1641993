//! The worker's assertions (RFC 7523): a JWT signed with RS256, made for this server, good for once.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use serde::Deserialize;
use serde_json::Value;

use super::error::OAuthError;
use crate::state::Shared;

/// Longest life of an assertion, in seconds.
const LONGEST_LIFE: i64 = 300;

/// `SubjectPublicKeyInfo` of an RSA key up to the key: the algorithm's identifier.
const RSA_IDENTIFIER: [u8; 15] = [
    0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00,
];

#[derive(Deserialize)]
struct Header {
    alg: String,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Value,
    exp: i64,
    jti: Option<String>,
}

/// Checks an assertion of the worker that was made for one of `audiences`.
pub(super) fn check(
    shared: &Shared,
    assertion: &str,
    audiences: &[&str],
) -> Result<(), OAuthError> {
    let Some(key) = &shared.options.worker_public_key else {
        return Err(OAuthError::new(
            "unauthorized_client",
            "No key of the worker is known here, so no assertion is accepted.",
        ));
    };
    let refused = OAuthError::invalid_grant;
    let malformed = || refused("The assertion is not a signed JWT with iss, sub, aud and exp.");
    let (signed, signature) = assertion.rsplit_once('.').ok_or_else(malformed)?;
    let (header, claims) = signed.split_once('.').ok_or_else(malformed)?;
    let header: Header = decoded(header).ok_or_else(malformed)?;
    if header.alg != "RS256" {
        return Err(refused("The assertion must be signed with RS256."));
    }
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| malformed())?;
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pkcs1(key))
        .verify(signed.as_bytes(), &signature)
        .map_err(|_| refused("The assertion's signature is wrong."))?;
    let claims: Claims = decoded(claims).ok_or_else(malformed)?;
    let worker = &shared.credentials.worker_client_id;
    if &claims.iss != worker || &claims.sub != worker {
        return Err(refused(
            "iss and sub of the assertion must be the client's id.",
        ));
    }
    let is_for_us = |aud: &Value| aud.as_str().is_some_and(|it| audiences.contains(&it));
    let is_audience = match &claims.aud {
        Value::Array(all) => all.iter().any(is_for_us),
        one => is_for_us(one),
    };
    if !is_audience {
        return Err(refused("The assertion is meant for another server."));
    }
    if let Some(now) = shared.options.unix_now.map(|now| now()) {
        if claims.exp <= now {
            return Err(refused("The assertion has run out."));
        }
        if claims.exp > now.saturating_add(LONGEST_LIFE) {
            return Err(refused("The assertion lives longer than five minutes."));
        }
    }
    let is_new = claims
        .jti
        .is_none_or(|id| shared.ledger().assertions.insert(id));
    if is_new {
        Ok(())
    } else {
        Err(refused("The assertion was used before."))
    }
}

fn decoded<T: for<'de> Deserialize<'de>>(part: &str) -> Option<T> {
    let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// The PKCS#1 form of a key, which `ring` wants, taken out of the wrapping other tools give it.
fn pkcs1(key: &[u8]) -> &[u8] {
    unwrapped(key).unwrap_or(key)
}

fn unwrapped(key: &[u8]) -> Option<&[u8]> {
    let outer = content(key, 0x30)?;
    let bits = content(outer.strip_prefix(&RSA_IDENTIFIER)?, 0x03)?;
    // The first byte counts the bits that are missing in the last: none.
    bits.strip_prefix(&[0])
}

/// What a DER value of this tag holds, if it fills `bytes`.
fn content(bytes: &[u8], tag: u8) -> Option<&[u8]> {
    let (&length, rest) = bytes.strip_prefix(&[tag])?.split_first()?;
    if length < 0x80 {
        return (rest.len() == usize::from(length)).then_some(rest);
    }
    let (long, rest) = rest.split_at_checked(usize::from(length & 0x7F))?;
    let length = long.iter().try_fold(0_usize, |sum, &byte| {
        Some(sum.checked_mul(256)? + usize::from(byte))
    })?;
    (rest.len() == length).then_some(rest)
}
