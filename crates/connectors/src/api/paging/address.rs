//! Addresses of pages. Where the list's address has `{page}` and `{size}`, the numbers go there;
//! otherwise they are query parameters.

use std::collections::BTreeMap;

use url::Url;

use crate::api::address::resolve;
use crate::failure::Finding;
use crate::settings::{ConnectorSettings, PagingSettings, PagingStyle};

/// A list's address, with all that is the same for each of its pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListAddress {
    base: String,
    path: String,
    values: Vec<(String, String)>,
    paging: PagingSettings,
}

impl ListAddress {
    /// The membership list of a connector; `organisation` is the club's id at the federation.
    #[must_use]
    pub fn of(settings: &ConnectorSettings, organisation: Option<&str>) -> Self {
        let mut values: Vec<(String, String)> = settings
            .variables()
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        if let Some(organisation) = organisation {
            values.push(("federation_org_id".to_owned(), organisation.to_owned()));
        }
        Self::new(
            &settings.endpoints.base,
            &settings.endpoints.membership_list,
            values,
            settings.paging.clone(),
        )
    }

    /// A list at `path` below `base` (or at an absolute address), with values for the placeholders.
    #[must_use]
    pub fn new(
        base: &str,
        path: &str,
        values: Vec<(String, String)>,
        paging: PagingSettings,
    ) -> Self {
        Self {
            base: base.to_owned(),
            path: path.to_owned(),
            values,
            paging,
        }
    }

    /// How the list is cut into pages.
    #[must_use]
    pub fn paging(&self) -> &PagingSettings {
        &self.paging
    }

    /// How many records a page is asked to have; none where nothing is asked.
    #[must_use]
    pub fn asked_size(&self) -> Option<u64> {
        let asks = self.paging.size_param.is_some() || self.has("{size}");
        self.paging.size.filter(|_| asks).map(u64::from)
    }

    /// The first page. `size` overrides the configured size where the list has a place for it.
    ///
    /// # Errors
    /// As [`resolve`].
    pub fn first(&self, size: Option<u32>) -> Result<Url, Finding> {
        let start = match self.paging.style {
            // Without a configured start the first page is asked for without a number.
            PagingStyle::Page if self.paging.start.is_none() && !self.has("{page}") => None,
            PagingStyle::Page | PagingStyle::Offset => Some(self.start()),
            PagingStyle::Cursor
            | PagingStyle::LinkBody
            | PagingStyle::LinkHeader
            | PagingStyle::Keyset
            | PagingStyle::None => None,
        };
        self.url(start, size.or(self.paging.size))
    }

    /// The page with this number, or of [`PagingStyle::Offset`] at this offset.
    pub fn numbered(&self, number: u64) -> Result<Url, Finding> {
        self.url(Some(number), self.paging.size)
    }

    /// The page after a cursor.
    pub fn after_cursor(&self, cursor: &str) -> Result<Url, Finding> {
        let mut url = self.first(None)?;
        let name = self.paging.page_param.as_deref();
        let name = name.filter(|name| !name.is_empty());
        set_parameter(&mut url, name.ok_or(Finding::SettingUnusable)?, cursor);
        Ok(url)
    }

    /// The page after the record with these keys.
    pub fn after_keys(&self, keys: &BTreeMap<String, String>) -> Result<Url, Finding> {
        let mut url = self.first(None)?;
        for (name, value) in keys {
            set_parameter(&mut url, name, value);
        }
        Ok(url)
    }

    /// Whether nobody has said yet which number the first page has: it was asked for without any.
    #[must_use]
    pub fn starts_somewhere(&self) -> bool {
        let style = self.paging.style == PagingStyle::Page;
        style && self.paging.start.is_none() && !self.has("{page}")
    }

    /// The first page has turned out to have this number.
    pub fn learn_start(&mut self, start: u32) {
        self.paging.start = Some(start);
    }

    /// The number of the first page. Where nothing is set it is 0, of pages in a path 1: no page is left out that way, and
    /// where page 1 is the first one, it comes twice, which can be seen.
    #[must_use]
    pub fn start(&self) -> u64 {
        let usual = u32::from(self.paging.style != PagingStyle::Offset && !self.starts_somewhere());
        u64::from(self.paging.start.unwrap_or(usual))
    }

    fn url(&self, number: Option<u64>, size: Option<u32>) -> Result<Url, Finding> {
        let number = number.map(|number| number.to_string());
        let size = size.map(|size| size.to_string());
        let mut values: Vec<(&str, &str)> = self
            .values
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        values.extend(number.as_deref().map(|number| ("page", number)));
        values.extend(size.as_deref().map(|size| ("size", size)));
        let mut url = resolve(&self.base, &self.path, &values)?;
        for (value, name, placeholder) in [
            (size, &self.paging.size_param, "{size}"),
            (number, &self.paging.page_param, "{page}"),
        ] {
            let name = name.as_deref().filter(|name| !name.is_empty());
            if let (Some(value), Some(name)) = (value, name)
                && !self.has(placeholder)
            {
                set_parameter(&mut url, name, &value);
            }
        }
        Ok(url)
    }

    fn has(&self, placeholder: &str) -> bool {
        self.path.contains(placeholder)
    }
}

/// Appends a parameter, or replaces one that the address already has.
fn set_parameter(url: &mut Url, name: &str, value: &str) {
    if url.query_pairs().any(|(key, _)| key == name) {
        let others: Vec<(String, String)> = url
            .query_pairs()
            .filter(|(key, _)| key != name)
            .map(|(key, value)| (key.into_owned(), value.into_owned()))
            .collect();
        url.query_pairs_mut().clear().extend_pairs(others);
    }
    url.query_pairs_mut().append_pair(name, value);
}
