//! AES-256-GCM with a 96-bit nonce and a 128-bit tag (NIST SP 800-38D): the one door to the
//! cipher. Credentials and wrapped keys both pass here, and so do the published test vectors.

use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{Aes256Gcm, Key, Nonce, Tag};
use zeroize::Zeroizing;

use super::keys::KEY_BYTES;

/// Length of a nonce in bytes.
pub const NONCE_BYTES: usize = 12;
/// Length of a tag in bytes.
pub const TAG_BYTES: usize = 16;

/// The tag does not fit key, nonce, additional data and ciphertext, or there is no whole tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forged;

/// Encrypts and returns ciphertext and tag behind one another; none where the text is longer than
/// the cipher allows (64 GiB less 32 bytes).
pub fn encrypt(
    key: &[u8; KEY_BYTES],
    nonce: &[u8; NONCE_BYTES],
    additional: &[u8],
    plaintext: &[u8],
) -> Option<Vec<u8>> {
    let cipher = Aes256Gcm::new(&Key::<Aes256Gcm>::from(*key));
    // The full length is reserved before the plaintext enters: growing would leave it behind.
    let mut buffer = Zeroizing::new(Vec::with_capacity(plaintext.len().checked_add(TAG_BYTES)?));
    buffer.extend_from_slice(plaintext);
    let tag = cipher
        .encrypt_inout_detached(
            &Nonce::from(*nonce),
            additional,
            buffer.as_mut_slice().into(),
        )
        .ok()?;
    buffer.extend_from_slice(&tag);
    Some(std::mem::take(&mut *buffer))
}

/// Checks the tag at the end of `sealed`, then decrypts. Nothing is returned before the check.
pub fn decrypt(
    key: &[u8; KEY_BYTES],
    nonce: &[u8; NONCE_BYTES],
    additional: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Forged> {
    let (ciphertext, tag) = sealed.split_last_chunk::<TAG_BYTES>().ok_or(Forged)?;
    let cipher = Aes256Gcm::new(&Key::<Aes256Gcm>::from(*key));
    let mut buffer = Zeroizing::new(ciphertext.to_vec());
    cipher
        .decrypt_inout_detached(
            &Nonce::from(*nonce),
            additional,
            buffer.as_mut_slice().into(),
            &Tag::from(*tag),
        )
        .map_err(|_| Forged)?;
    Ok(buffer)
}

/// Additional data without ambiguity: each part preceded by its length (u32, big-endian).
pub(super) fn length_prefixed(parts: &[&[u8]]) -> Option<Vec<u8>> {
    let mut joined = Vec::with_capacity(parts.iter().map(|part| part.len() + 4).sum());
    for part in parts {
        joined.extend_from_slice(&u32::try_from(part.len()).ok()?.to_be_bytes());
        joined.extend_from_slice(part);
    }
    Some(joined)
}
