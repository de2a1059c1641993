//! The parts of an address that stands in one text. Cut at commas and line breaks; postcode and county are told by their
//! form, the town is what stands before them, and what is left are the lines. No word is lost but the country.

use super::postcode::recognised;
use super::trim::trim;
use crate::text::fold;

/// Ireland's counties, without accents, as people write them.
const COUNTIES: [&str; 33] = [
    "antrim",
    "armagh",
    "carlow",
    "cavan",
    "clare",
    "cork",
    "derry",
    "donegal",
    "down",
    "dublin",
    "fermanagh",
    "galway",
    "kerry",
    "kildare",
    "kilkenny",
    "laois",
    "leitrim",
    "limerick",
    "londonderry",
    "longford",
    "louth",
    "mayo",
    "meath",
    "monaghan",
    "offaly",
    "roscommon",
    "sligo",
    "tipperary",
    "tyrone",
    "waterford",
    "westmeath",
    "wexford",
    "wicklow",
];
const COUNTRIES: [&str; 10] = [
    "eire",
    "england",
    "great britain",
    "ireland",
    "northern ireland",
    "republic of ireland",
    "scotland",
    "uk",
    "united kingdom",
    "wales",
];

/// The parts; empty where there is none.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct AddressParts {
    /// First line.
    pub line_1: String,
    /// The other lines.
    pub line_2: String,
    /// Town.
    pub town: String,
    /// County, without the word.
    pub county: String,
    /// Postcode, as `postcode` writes it.
    pub postcode: String,
}

/// Takes an address apart.
#[must_use]
pub fn split(text: &str) -> AddressParts {
    let mut parts: Vec<String> = text
        .split([',', '\n', '\r', ';'])
        .map(|part| trim(part).into_owned())
        .filter(|part| !part.is_empty())
        .collect();
    let mut found = AddressParts::default();
    drop_country(&mut parts);
    found.postcode = take_postcode(&mut parts).unwrap_or_default();
    drop_country(&mut parts);
    found.county = take_county(&mut parts).unwrap_or_default();
    if parts.len() > 1 {
        found.town = parts.pop().unwrap_or_default();
    }
    let mut lines = parts.into_iter();
    found.line_1 = lines.next().unwrap_or_default();
    found.line_2 = lines.collect::<Vec<_>>().join(", ");
    found
}

fn drop_country(parts: &mut Vec<String>) {
    if parts.len() > 1
        && parts
            .last()
            .is_some_and(|last| COUNTRIES.contains(&fold(last).as_str()))
    {
        parts.pop();
    }
}

/// The postcode at the end of one of the last two parts: `Tralee V92 X1Y2` and `V92 X1Y2, Co. Kerry` both happen.
fn take_postcode(parts: &mut Vec<String>) -> Option<String> {
    let from = parts.len().saturating_sub(2);
    for at in (from..parts.len()).rev() {
        let part = parts.get(at)?;
        let mut starts: Vec<usize> = part
            .match_indices(' ')
            .map(|(space, _)| space + 1)
            .collect();
        starts.insert(0, 0);
        // The longest tail of at most two words, so that `BT90 1AA` is not read as a part of itself.
        let tails = starts.iter().rev().take(2).rev();
        let found = tails
            .copied()
            .find_map(|start| Some((start, recognised(&part[start..])?)));
        if let Some((start, code)) = found {
            let rest = part[..start].trim_end().to_owned();
            if rest.is_empty() {
                parts.remove(at);
            } else if let Some(place) = parts.get_mut(at) {
                *place = rest;
            }
            return Some(code);
        }
    }
    None
}

/// A county with its word anywhere at the end; without it only where a town stands before it, because most counties
/// are named after their town.
fn take_county(parts: &mut Vec<String>) -> Option<String> {
    let last = parts.last()?;
    let named = last.split_once(' ').and_then(|(word, name)| {
        let word = fold(word);
        let is_word = matches!(word.trim_end_matches('.'), "co" | "county" | "contae");
        is_word.then(|| name.trim().to_owned())
    });
    let bare =
        || (parts.len() > 2 && COUNTIES.contains(&fold(last).as_str())).then(|| last.clone());
    let county = named.filter(|_| parts.len() > 1).or_else(bare)?;
    parts.pop();
    Some(county)
}
