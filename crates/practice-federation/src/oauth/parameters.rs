//! Parameters of a query or a form, by the rules of RFC 6749 (3.1 and 3.2): none may be there twice,
//! one without a value counts as absent.

use url::form_urlencoded;

/// The parameters of one request, in order.
pub(crate) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// From a query, or a body that is called a form.
    pub(crate) fn parse(encoded: &[u8]) -> Self {
        Self(form_urlencoded::parse(encoded).into_owned().collect())
    }

    /// The value, if there is one and it is the only one.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.0.iter().filter(|(found, _)| found == name);
        match (values.next(), values.next()) {
            (Some((_, value)), None) if !value.is_empty() => Some(value),
            _ => None,
        }
    }

    /// True if any of them is there twice.
    pub(crate) fn has_repeated(&self) -> bool {
        let names = || self.0.iter().map(|(name, _)| name);
        names()
            .enumerate()
            .any(|(index, name)| names().skip(index + 1).any(|other| other == name))
    }
}
