//! Page arithmetic: which slice of a list a request asks for, and the links around it.

use axum::extract::Query;
use axum::http::{StatusCode, Uri};
use serde_json::{Map, Value, json};

use crate::problem::Problem;

const DEFAULT_SIZE: usize = 20;
const MAX_SIZE: usize = 200;

/// The page a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PageRequest {
    /// 0-based.
    pub(crate) page: usize,
    /// 1 to 200.
    pub(crate) size: usize,
}

impl PageRequest {
    /// Reads `page` and `size`; what is not a number in range is a 400.
    pub(crate) fn from_uri(uri: &Uri) -> Result<Self, Problem> {
        let bad = |detail: &str| Problem::new(StatusCode::BAD_REQUEST, detail);
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri)
            .map_err(|_| bad("The query cannot be read."))?;
        let mut asked = Self {
            page: 0,
            size: DEFAULT_SIZE,
        };
        for (name, value) in pairs {
            match name.as_str() {
                "page" => {
                    let page = value.parse::<u32>().map_err(|_| {
                        bad("page must be a whole number from 0; the first page is 0.")
                    })?;
                    asked.page = page as usize;
                }
                "size" => {
                    asked.size = value
                        .parse()
                        .ok()
                        .filter(|size| (1..=MAX_SIZE).contains(size))
                        .ok_or_else(|| bad("size must be a whole number from 1 to 200."))?;
                }
                _ => {}
            }
        }
        Ok(asked)
    }

    /// The page's part of `list`; empty after the end.
    pub(crate) fn slice<T>(self, list: &[T]) -> &[T] {
        let start = self.page.saturating_mul(self.size).min(list.len());
        let end = start.saturating_add(self.size).min(list.len());
        &list[start..end]
    }

    /// `links` and `page` of the envelope for a list of `total` records at `address`. There is no
    /// `prev` on the first page and no `next` from the last one on; `prev` of a page after the end
    /// leads back to the last page.
    pub(crate) fn around(self, address: &str, total: usize) -> (Value, Value) {
        let total_pages = total.div_ceil(self.size);
        let last = total_pages.saturating_sub(1);
        let to =
            |page: usize| json!({ "href": format!("{address}?page={page}&size={}", self.size) });
        let mut links = Map::new();
        links.insert("self".to_owned(), to(self.page));
        links.insert("first".to_owned(), to(0));
        if self.page > 0 {
            links.insert("prev".to_owned(), to((self.page - 1).min(last)));
        }
        if self.page < last {
            links.insert("next".to_owned(), to(self.page + 1));
        }
        links.insert("last".to_owned(), to(last));
        let page = json!({
            "page": self.page,
            "size": self.size,
            "totalPages": total_pages,
            "totalElements": total,
        });
        (Value::Object(links), page)
    }
}
