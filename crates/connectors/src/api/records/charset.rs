//! Bytes into UTF-8, while they arrive. The character set is the byte order mark's, else the
//! content type's, else the XML declaration's, else UTF-8.
//!
//! XML and CSV that call themselves UTF-8, US-ASCII, ISO-8859-1 or Windows-1252, or nothing, are read by
//! one rule, because federations mislabel both ways: what is well-formed UTF-8 is UTF-8, every
//! other byte is a character of Windows-1252 (which is what ISO-8859-1 means on the web, WHATWG Encoding).
//! A name in Latin-1 that happens to be well-formed UTF-8 would need a pair like `Ã©` in it.
//! JSON is UTF-8 (RFC 8259 §8.1) and refused otherwise, unless its content type names another set.
//! All other sets are read strictly: a byte that is not of the set ends the reading, because a
//! replacement character in a name would be kept as if it were the name.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, WINDOWS_1252};

use super::budget::Budget;
use crate::failure::Finding;
use crate::settings::RecordFormat;

/// Bytes looked at to find the character set; a declaration stands at the very start.
const START: usize = 1024;

/// Bytes read at a time.
const PIECE: usize = 16 * 1024;

/// Chooses the character set by the first bytes and gives a reader of UTF-8.
pub(super) fn decode<'a>(
    reader: &'a mut dyn Read,
    content_type: Option<&str>,
    format: RecordFormat,
    budget: &'a Budget,
) -> Result<Decoded<'a>, Finding> {
    let mut start = Vec::with_capacity(START);
    reader
        .take(u64::try_from(START).unwrap_or(u64::MAX))
        .read_to_end(&mut start)
        .map_err(|_| Finding::ConnectionCut)?;
    let mark = Encoding::for_bom(&start);
    if let Some((_, length)) = mark {
        start.drain(..length);
    }
    let named = mark
        .map(|(encoding, _)| encoding)
        .or_else(|| content_type.and_then(of_content_type))
        .or_else(|| (format == RecordFormat::Xml).then(|| of_declaration(&start))?);
    let is_json = !matches!(format, RecordFormat::Xml | RecordFormat::Csv);
    let way = match named {
        None if is_json => Way::Same,
        Some(encoding) if is_json && encoding == UTF_8 => Way::Same,
        None => Way::Mixed,
        Some(encoding) if encoding == UTF_8 || encoding == WINDOWS_1252 => Way::Mixed,
        Some(encoding) => Way::Strict(encoding.new_decoder_without_bom_handling()),
    };
    Ok(Decoded {
        reader,
        budget,
        way,
        raw: start,
        ready: Vec::new(),
        given: 0,
        ended: false,
        refuses_nul: !is_json,
    })
}

/// How bytes become UTF-8.
enum Way {
    /// They are, or whoever reads them finds out.
    Same,
    /// UTF-8 with Windows-1252 between.
    Mixed,
    /// Another set.
    Strict(Decoder),
}

/// A reader of UTF-8.
pub(super) struct Decoded<'a> {
    reader: &'a mut dyn Read,
    budget: &'a Budget,
    way: Way,
    /// Read and not decoded yet.
    raw: Vec<u8>,
    /// Decoded; the first `given` bytes were handed out.
    ready: Vec<u8>,
    given: usize,
    ended: bool,
    refuses_nul: bool,
}

impl Decoded<'_> {
    /// Decodes what is there; reads more where that was nothing.
    fn refill(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.given = 0;
        while self.ready.is_empty() && !(self.ended && self.raw.is_empty()) {
            let waiting = self.raw.len();
            if waiting < 4 && !self.ended {
                self.raw.resize(waiting + PIECE, 0);
                let count = self.reader.read(&mut self.raw[waiting..]);
                let count = count.map_err(|_| self.budget.stop(Finding::ConnectionCut))?;
                self.raw.truncate(waiting + count);
                self.ended = count == 0;
            }
            match &mut self.way {
                Way::Same => std::mem::swap(&mut self.raw, &mut self.ready),
                Way::Mixed => mixed(&mut self.raw, &mut self.ready, self.ended),
                Way::Strict(decoder) => {
                    let whole = strict(decoder, &mut self.raw, &mut self.ready, self.ended);
                    if !whole {
                        return Err(self.budget.stop(Finding::NotJson));
                    }
                    if self.ended {
                        break;
                    }
                }
            }
        }
        if self.refuses_nul && self.ready.contains(&0) {
            return Err(self.budget.stop(Finding::NotJson));
        }
        Ok(())
    }
}

impl Read for Decoded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.ready.len() {
            self.refill()?;
        }
        let waiting = &self.ready[self.given..];
        let count = waiting.len().min(buffer.len());
        buffer[..count].copy_from_slice(&waiting[..count]);
        self.given += count;
        Ok(count)
    }
}

/// Moves all of `raw` into `ready`, but for the start of a character whose end has not come.
fn mixed(raw: &mut Vec<u8>, ready: &mut Vec<u8>, ended: bool) {
    let mut rest: &[u8] = raw;
    loop {
        match std::str::from_utf8(rest) {
            Ok(good) => {
                ready.extend_from_slice(good.as_bytes());
                rest = &[];
                break;
            }
            Err(error) => {
                let (good, bad) = rest.split_at(error.valid_up_to());
                ready.extend_from_slice(good);
                let length = match error.error_len() {
                    Some(length) => length,
                    None if ended => bad.len(),
                    None => {
                        rest = bad;
                        break;
                    }
                };
                let (text, _) = WINDOWS_1252.decode_without_bom_handling(&bad[..length]);
                ready.extend_from_slice(text.as_bytes());
                rest = &bad[length..];
            }
        }
    }
    let waiting = rest.to_vec();
    *raw = waiting;
}

/// Decodes all of `raw`; false where a byte is not of the set.
fn strict(decoder: &mut Decoder, raw: &mut Vec<u8>, ready: &mut Vec<u8>, ended: bool) -> bool {
    let room = decoder.max_utf8_buffer_length_without_replacement(raw.len());
    ready.resize(room.unwrap_or(raw.len() * 4 + 16), 0);
    let (result, _, written) = decoder.decode_to_utf8_without_replacement(raw, ready, ended);
    ready.truncate(written);
    raw.clear();
    matches!(result, DecoderResult::InputEmpty)
}

/// `text/xml; charset="iso-8859-1"`.
fn of_content_type(value: &str) -> Option<&'static Encoding> {
    let label = value.split(';').skip(1).find_map(|parameter| {
        let (name, label) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then_some(label)
    })?;
    Encoding::for_label(label.trim().trim_matches(['"', '\'']).as_bytes())
}

/// `<?xml version="1.0" encoding="ISO-8859-1"?>`.
fn of_declaration(start: &[u8]) -> Option<&'static Encoding> {
    let text = start.trim_ascii_start().strip_prefix(b"<?xml")?;
    let end = text.windows(2).position(|two| two == b"?>")?;
    let text = std::str::from_utf8(&text[..end]).ok()?;
    let (_, after) = text.split_once("encoding")?;
    let value = after.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let label = value[1..].split(quote).next()?;
    let encoding = Encoding::for_label(label.as_bytes())?;
    // The declaration was readable as ASCII, so it is not what it says (HTML §13.2.3.3 has the same rule).
    let wide = encoding == encoding_rs::UTF_16LE || encoding == encoding_rs::UTF_16BE;
    (!wide).then_some(encoding)
}
