//! The pages of an encrypted file and of its write-ahead log in clear, read from the bytes on the disk and past `SQLite`: with
//! what lies in free pages, in the free middle of pages and in frames that nobody reads any more. `SQLCipher` 4: AES-256-CBC over
//! a page of 4,096 bytes less 80, of which the first 16 are the initialisation vector and the rest the seal.

use std::fs;
use std::path::Path;

use aes::Aes256;
use cbc::Decryptor;
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeDecrypt, KeyIvInit};

const PAGE: usize = 4_096;
const RESERVED: usize = 80;
/// In clear at the start of the first page.
const SALT: usize = 16;
const LOG_HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// The pages of a data file in clear. `key` is `x'<64 hex digits>'`.
#[must_use]
pub fn of_file(bytes: &[u8], key: &str) -> Vec<u8> {
    let key = raw(key);
    let mut clear = Vec::with_capacity(bytes.len());
    for (number, page) in bytes.chunks(PAGE).enumerate() {
        clear.extend(decrypted(page, number == 0, &key));
    }
    clear
}

/// The pages in a write-ahead log in clear, whether they count or not.
#[must_use]
pub fn of_log(bytes: &[u8], key: &str) -> Vec<u8> {
    let key = raw(key);
    let mut clear = Vec::with_capacity(bytes.len());
    for frame in bytes
        .get(LOG_HEADER..)
        .unwrap_or_default()
        .chunks(FRAME_HEADER + PAGE)
    {
        let Some((header, page)) = frame.split_at_checked(FRAME_HEADER) else {
            continue;
        };
        clear.extend(decrypted(page, header[..4] == [0, 0, 0, 1], &key));
    }
    clear
}

/// A data file and its log, as they lie on the disk now.
#[must_use]
pub fn on_disk(data_file: &Path, key: &str) -> Vec<u8> {
    let mut clear = of_file(&fs::read(data_file).expect("the file is there"), key);
    let log = data_file.with_file_name(format!(
        "{}-wal",
        data_file
            .file_name()
            .expect("it has a name")
            .to_string_lossy()
    ));
    clear.extend(of_log(&fs::read(log).unwrap_or_default(), key));
    clear
}

fn decrypted(page: &[u8], is_first: bool, key: &[u8; 32]) -> Vec<u8> {
    if page.len() < PAGE {
        return Vec::new();
    }
    let from = if is_first { SALT } else { 0 };
    let (content, reserved) = page.split_at(PAGE - RESERVED);
    let cipher =
        Decryptor::<Aes256>::new_from_slices(key, &reserved[..16]).expect("the lengths are right");
    let mut buffer = content[from..].to_vec();
    cipher
        .decrypt_padded::<NoPadding>(&mut buffer)
        .expect("a page is whole blocks");
    buffer
}

fn raw(key: &str) -> [u8; 32] {
    let digits = key.trim_start_matches("x'").trim_end_matches('\'');
    let bytes: Vec<u8> = (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).expect("hexadecimal digits"))
        .collect();
    bytes.try_into().expect("32 bytes")
}
