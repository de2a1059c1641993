//! The `Link` header (RFC 8288 §3): several links in a header, several headers, quoted lists of
//! relations. A link with an `anchor` is about another document and is passed over (§3.2).

use reqwest::header::{HeaderMap, LINK};

/// The target of the first link with the relation `next`, as it is written.
#[must_use]
pub fn next_link(headers: &HeaderMap) -> Option<String> {
    headers.get_all(LINK).iter().find_map(|value| {
        let value = String::from_utf8_lossy(value.as_bytes());
        links(&value)
            .into_iter()
            .find(Link::is_next)
            .map(|link| link.target)
    })
}

/// One link of a header.
struct Link {
    target: String,
    /// Only the first one counts (§3.3).
    relation: Option<String>,
    has_anchor: bool,
}

impl Link {
    fn is_next(&self) -> bool {
        let relations = self.relation.as_deref().unwrap_or_default();
        !self.has_anchor
            && relations
                .split_ascii_whitespace()
                .any(|relation| relation.eq_ignore_ascii_case("next"))
    }
}

/// The links of one header; reading ends where the grammar is broken.
fn links(value: &str) -> Vec<Link> {
    let mut found = Vec::new();
    let mut rest = value;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let Some((target, after)) = rest.strip_prefix('<').and_then(|text| text.split_once('>'))
        else {
            return found;
        };
        let mut link = Link {
            target: target.trim().to_owned(),
            relation: None,
            has_anchor: false,
        };
        rest = parameters(after, &mut link);
        found.push(link);
    }
}

/// Reads `; name=value` and gives what follows the last one.
fn parameters<'a>(text: &'a str, link: &mut Link) -> &'a str {
    let mut rest = text.trim_start();
    while let Some(after) = rest.strip_prefix(';') {
        let after = after.trim_start();
        let end = after.find(['=', ';', ',']).unwrap_or(after.len());
        let name = after[..end].trim_end().to_ascii_lowercase();
        rest = &after[end..];
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix('=') {
            (value, rest) = parameter_value(after.trim_start());
        }
        match name.as_str() {
            "rel" => link.relation = link.relation.take().or(Some(value)),
            "anchor" => link.has_anchor = true,
            _ => {}
        }
        rest = rest.trim_start();
    }
    rest
}

/// A token, or a quoted text with its escapes undone.
fn parameter_value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([';', ',']).unwrap_or(text.len());
        return (text[..end].trim_end().to_owned(), &text[end..]);
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (value, &quoted[at + 1..]),
            '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
            plain => value.push(plain),
        }
    }
    (value, "")
}
