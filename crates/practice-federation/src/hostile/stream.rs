//! Bodies that are made while they are sent: far larger than anything that is kept.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use flate2::{Compress, Compression, Crc, FlushCompress};
use futures_util::stream;

/// Bytes of a piece of the endless answer.
const PIECE: usize = 64 * 1024;
/// Bytes of a piece of the bomb, unpacked.
const CHARGE: usize = 1024 * 1024;

/// A list of records whose end comes after about this many bytes. Its length is not announced.
pub(super) fn endless(bytes: usize) -> Body {
    let record = "{\"id\":\"P-0000001\",\"firstName\":\"Seán\",\"lastName\":\"Ó Néill\"},";
    let piece = Bytes::from(record.repeat(PIECE / record.len()));
    let pieces = bytes.div_ceil(piece.len());
    let parts = std::iter::once(Bytes::from_static(b"{\"data\":["))
        .chain(std::iter::repeat_n(piece, pieces))
        .chain([Bytes::from_static(b"{}]}")]);
    Body::from_stream(stream::iter(parts.map(Ok::<_, io::Error>)))
}

/// A list with about this many spaces in it, packed to a thousandth. It is one gzip member (RFC 1952)
/// whose check is right, so that no reader is saved by an error.
pub(super) fn gzip_bomb(bytes: usize) -> Body {
    const HEAD: &[u8] = b"{\"data\":[";
    const TAIL: &[u8] = b"]}";
    // Magic, deflate, no flags, no time, no hints, unknown system.
    const MEMBER: &[u8] = &[0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF];
    let spaces = vec![b' '; CHARGE];
    let charge = Bytes::from(deflated(&spaces, FlushCompress::Full));
    let charges = bytes.div_ceil(CHARGE);
    let mut check = Crc::new();
    check.update(HEAD);
    let mut of_charge = Crc::new();
    of_charge.update(&spaces);
    for _ in 0..charges {
        check.combine(&of_charge);
    }
    check.update(TAIL);
    let start = [MEMBER, &deflated(HEAD, FlushCompress::Full)].concat();
    let end = [
        deflated(TAIL, FlushCompress::Finish),
        check.sum().to_le_bytes().to_vec(),
        check.amount().to_le_bytes().to_vec(),
    ]
    .concat();
    let parts = std::iter::once(Bytes::from(start))
        .chain(std::iter::repeat_n(charge, charges))
        .chain([Bytes::from(end)]);
    Body::from_stream(stream::iter(parts.map(Ok::<_, io::Error>)))
}

/// A piece of a deflate stream that refers to nothing before it, so that it may come many times.
fn deflated(bytes: &[u8], flush: FlushCompress) -> Vec<u8> {
    let mut packed = Vec::with_capacity(bytes.len() + 1024);
    // The space is enough for bytes that cannot be packed at all, so one call takes everything.
    let result = Compress::new(Compression::best(), false).compress_vec(bytes, &mut packed, flush);
    debug_assert!(result.is_ok(), "packing into memory has no way to fail");
    packed
}

/// A byte at a time, with this many milliseconds before each but the first.
pub(super) fn slow(text: &'static str, milliseconds: u64) -> Body {
    let bytes = text.as_bytes();
    Body::from_stream(stream::unfold(0, move |at| async move {
        let byte = *bytes.get(at)?;
        if at > 0 {
            tokio::time::sleep(Duration::from_millis(milliseconds)).await;
        }
        Some((Ok::<_, io::Error>(Bytes::from(vec![byte])), at + 1))
    }))
}
